/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.c -- see ahead.h. */
#include "audit/ahead.h"

#include <pthread.h>

#include "audit/map.h"

#define BEGUN_MAX 4096 /* acts that wait for signatures, by index; a collision is a lost hint */

struct hints {
	pthread_mutex_t lock;
	struct arena keep;
	struct map persons, devices; /* -> struct ed25519_public *, never changed once set */
	struct str origin;
	struct {
		int64_t index; /* + 1; 0: free */
		struct hash statement;
	} begun[BEGUN_MAX];
};

static struct hash question(const struct ed25519_public *k, struct str message,
                            const struct signature *sig)
{
	struct hash text = hash_sha256(message.s, message.n);
	uint8_t all[sizeof(k->b) + sizeof(sig->b) + sizeof(text.b)];

	memcpy(all, k->b, sizeof(k->b));
	memcpy(all + sizeof(k->b), sig->b, sizeof(sig->b));
	memcpy(all + sizeof(k->b) + sizeof(sig->b), text.b, sizeof(text.b));
	return hash_sha256(all, sizeof(all));
}

void tried_ask(struct tried *t, const struct ed25519_public *k, struct str message,
               const struct signature *sig)
{
	t->question = question(k, message, sig);
	t->good = ed25519_verify(k, message.s, message.n, sig);
	t->done = true;
}

bool tried_verify(const struct tried *t, const struct ed25519_public *k, struct str message,
                  const struct signature *sig)
{
	struct hash asked;

	if (t->done) {
		asked = question(k, message, sig);
		if (hash_eq(&asked, &t->question))
			return t->good;
	}
	return ed25519_verify(k, message.s, message.n, sig);
}

static void lock(struct hints *h)
{
	int err = pthread_mutex_lock(&h->lock);

	assert(err == 0);
}

static void unlock(struct hints *h)
{
	int err = pthread_mutex_unlock(&h->lock);

	assert(err == 0);
}

struct hints *hints_new(void)
{
	struct hints *h = calloc(1, sizeof(*h));

	if (!h || pthread_mutex_init(&h->lock, NULL) != 0)
		abort();
	map_init(&h->persons, &h->keep);
	map_init(&h->devices, &h->keep);
	h->origin = STR("");
	return h;
}

void hints_free(struct hints *h)
{
	if (!h)
		return;
	pthread_mutex_destroy(&h->lock);
	arena_release(&h->keep);
	free(h);
}

static void set_key(struct hints *h, struct map *m, int64_t id, const struct ed25519_public *k)
{
	struct ed25519_public *copy;

	lock(h);
	copy = ARENA_NEW(&h->keep, struct ed25519_public);
	*copy = *k;
	map_set_i(m, id, copy);
	unlock(h);
}

static bool get_key(struct hints *h, const struct map *m, int64_t id, struct ed25519_public *ret)
{
	const struct ed25519_public *k;

	lock(h);
	k = map_get_i(m, id);
	if (k)
		*ret = *k;
	unlock(h);
	return k != NULL;
}

void hints_set_person(struct hints *h, int64_t person, const struct ed25519_public *k)
{
	set_key(h, &h->persons, person, k);
}

void hints_set_device(struct hints *h, int64_t device, const struct ed25519_public *k)
{
	set_key(h, &h->devices, device, k);
}

bool hints_person(struct hints *h, int64_t person, struct ed25519_public *ret)
{
	return get_key(h, &h->persons, person, ret);
}

bool hints_device(struct hints *h, int64_t device, struct ed25519_public *ret)
{
	return get_key(h, &h->devices, device, ret);
}

void hints_set_origin(struct hints *h, struct str origin)
{
	lock(h);
	h->origin = origin;
	unlock(h);
}

struct str hints_origin(struct hints *h)
{
	struct str origin;

	lock(h);
	origin = h->origin;
	unlock(h);
	return origin;
}

void hints_set_begun(struct hints *h, int64_t index, const struct hash *statement)
{
	size_t at = (size_t)index % BEGUN_MAX;

	lock(h);
	h->begun[at].index = index + 1;
	h->begun[at].statement = *statement;
	unlock(h);
}

bool hints_begun(struct hints *h, int64_t index, struct hash *ret)
{
	size_t at = (size_t)index % BEGUN_MAX;
	bool known;

	lock(h);
	known = index >= 0 && h->begun[at].index == index + 1;
	if (known)
		*ret = h->begun[at].statement;
	unlock(h);
	return known;
}
