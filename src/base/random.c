/* SPDX-License-Identifier: Apache-2.0 */
/* random.c -- see random.h.
 *
 * The system's bytes come from the kernel, without a buffer of ours: keys and nonces are made of
 * them.  Numbers are taken big-endian, so that a seeded stream is the same on every machine.
 */
#include <errno.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/random.h"

static const char LABEL[] = "gongyuan-random-v1";
enum { LABEL_N = sizeof(LABEL) - 1 };

struct random random_system(void)
{
	return (struct random){.seeded = false};
}

struct random random_seeded(uint64_t seed)
{
	return (struct random){.seeded = true, .seed = seed};
}

void random_at(struct random *r, uint64_t position)
{
	if (!r->seeded)
		return;
	r->position = position;
	r->counter = 0;
	r->left = 0; /* what is left of the block belongs to another position */
}

static void put_u64(uint8_t *ret, uint64_t v)
{
	for (int i = 7; i >= 0; i--) {
		ret[i] = (uint8_t)v;
		v >>= 8;
	}
}

/* The three numbers have fixed widths, so no two places of any stream hash the same bytes. */
static void next_block(struct random *r)
{
	uint8_t in[LABEL_N + 24];
	struct hash h;

	memcpy(in, LABEL, LABEL_N);
	put_u64(in + LABEL_N, r->seed);
	put_u64(in + LABEL_N + 8, r->position);
	put_u64(in + LABEL_N + 16, r->counter++);
	h = hash_sha256(in, sizeof(in));
	memcpy(r->block, h.b, sizeof(r->block));
	r->left = sizeof(r->block);
}

static void seeded_bytes(struct random *r, uint8_t *p, size_t n)
{
	while (n > 0) {
		size_t take;

		if (r->left == 0)
			next_block(r);
		take = n < r->left ? n : r->left;
		memcpy(p, r->block + sizeof(r->block) - r->left, take);
		r->left -= take;
		p += take;
		n -= take;
	}
}

static void system_bytes(uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) { /* without randomness no key is safe: nothing may go on */
			fputs("gongyuan: 无法取得随机数 no random bytes\n", stderr);
			abort();
		}
		p += got;
		n -= (size_t)got;
	}
}

void random_bytes(struct random *r, void *ret, size_t n)
{
	if (r->seeded)
		seeded_bytes(r, ret, n);
	else
		system_bytes(ret, n);
}

/* Also for the system's bytes, where the order does not matter. */
uint64_t random_u64(struct random *r)
{
	uint8_t b[8];
	uint64_t v = 0;

	random_bytes(r, b, sizeof(b));
	for (size_t i = 0; i < sizeof(b); i++)
		v = v << 8 | b[i];
	return v;
}

uint64_t random_below(struct random *r, uint64_t below)
{
	uint64_t skip, v;

	assert(below > 0);
	/* 2^64 mod below: that many low values are drawn again, so the rest divides evenly. */
	skip = (0 - below) % below;
	do {
		v = random_u64(r);
	} while (v < skip);
	return v % below;
}
