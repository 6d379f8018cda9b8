/* SPDX-License-Identifier: Apache-2.0 */
/* newest.c -- see newest.h.  A table with linear probing by device; a key that is longer than a
 * UUID is kept as the greatest text there is, which is never less.
 */
#include "ledger/newest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 40 };

struct device_key {
	int64_t device;
	bool known;
	uint8_t n;
	char key[KEY_MAX];
};

struct newest {
	struct device_key *slot;
	size_t nslots, used;
};

static struct device_key *slots_of(size_t n)
{
	struct device_key *p = calloc(n, sizeof(*p));

	if (!p)
		abort(); /* as arena_alloc */
	return p;
}

struct newest *newest_new(void)
{
	struct newest *n = calloc(1, sizeof(*n));

	if (!n)
		abort();
	n->nslots = 64;
	n->slot = slots_of(n->nslots);
	return n;
}

void newest_free(struct newest *n)
{
	if (!n)
		return;
	free(n->slot);
	free(n);
}

static struct device_key *find(const struct newest *n, int64_t device)
{
	size_t at = (size_t)((uint64_t)device * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (n->nslots - 1);

	while (n->slot[at].known && n->slot[at].device != device)
		at = (at + 1) & (n->nslots - 1);
	return &n->slot[at];
}

bool newest_knows(const struct newest *n, int64_t device)
{
	return find(n, device)->known;
}

static void grow(struct newest *n)
{
	struct device_key *old = n->slot;
	size_t nold = n->nslots;

	n->nslots *= 2;
	n->slot = slots_of(n->nslots);
	for (size_t i = 0; i < nold; i++)
		if (old[i].known)
			*find(n, old[i].device) = old[i];
	free(old);
}

static bool greater(struct str key, const struct device_key *d)
{
	size_t n = key.n < d->n ? key.n : d->n;
	int c = n ? memcmp(key.s, d->key, n) : 0;

	return c ? c > 0 : key.n > d->n;
}

void newest_raise(struct newest *n, int64_t device, struct str key)
{
	struct device_key *d = find(n, device);

	if (!d->known) {
		if (2 * (n->used + 1) > n->nslots) {
			grow(n);
			d = find(n, device);
		}
		*d = (struct device_key){.device = device, .known = true};
		n->used++;
	}
	if (!greater(key, d))
		return;
	if (key.n > KEY_MAX) {
		memset(d->key, 0xff, KEY_MAX);
		d->n = KEY_MAX;
		return;
	}
	if (key.n)
		memcpy(d->key, key.s, key.n);
	d->n = (uint8_t)key.n;
}

bool newest_is_greater(const struct newest *n, int64_t device, struct str key)
{
	const struct device_key *d = find(n, device);

	return d->known && greater(key, d);
}
