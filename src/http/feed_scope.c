/* SPDX-License-Identifier: Apache-2.0 */
/* feed_scope.c -- counters, once for all consoles with the same places.
 *
 * They are counted on a reader's thread, in turns of at most TURN_MS so that no question waits long
 * behind them; a stream takes the newest text when it gets there and never an older one after it.
 */
#include "http/feed_private.h"

#include "engine/rebuild.h"
#include "engine/writer.h"
#include "http/counters.h"

enum { TURN_MS = 30, SCOPES_A_TURN = 256 };

static size_t places_of(struct feed_scope *s, struct arena *a, struct str *ret)
{
	struct str rest = str_copy(a, str_of(s->key)), head;
	size_t n = 0;

	while (n < SCOPE_PLACES && str_cut(rest, '\n', &head, &rest))
		ret[n++] = str_dup(a, head.s, head.n);
	return n;
}

/* What cannot be counted now keeps its old text. */
static bool count(struct feed *f, struct op *op, struct feed_scope *s)
{
	struct str places[SCOPE_PLACES], json;
	struct err before = op->err;
	size_t n = places_of(s, op->arena, places);
	char text[FEED_COUNTERS];
	int length;

	if (counters_json(op, places, n, f->per_s, &json) != RC_OK) {
		op->err = before;
		return false;
	}
	length = snprintf(text, sizeof(text), "event: counters\ndata: " STR_FMT "\n\n", STR_ARG(json));
	if (length < 0 || (size_t)length >= sizeof(text))
		return true; /* cannot be: the words are ours and few */
	pthread_mutex_lock(&f->lock);
	if (strcmp(text, s->text) != 0) {
		memcpy(s->text, text, (size_t)length + 1);
		s->n = (size_t)length;
		s->version++;
	}
	pthread_mutex_unlock(&f->lock);
	return true;
}

/* Under the lock. */
static struct feed_scope *find(struct feed *f, const char *key)
{
	struct feed_scope *s = f->scopes;

	while (s && strcmp(s->key, key) != 0)
		s = s->next;
	return s;
}

struct feed_scope *feed_scope_take(struct feed *f, struct op *op, const struct granted *g,
                                   size_t n)
{
	struct feed_scope *made = calloc(1, sizeof(*made)), *s;
	struct str places[SCOPE_PLACES];
	size_t nplaces = scope_places(g, n, places), at = 0;

	if (!made)
		abort(); /* as arena_alloc */
	for (size_t i = 0; i < nplaces; i++)
		at += (size_t)snprintf(made->key + at, sizeof(made->key) - at, STR_FMT "\n",
		                       STR_ARG(places[i]));
	pthread_mutex_lock(&f->lock);
	s = find(f, made->key);
	if (!s) {
		s = made;
		s->next = f->scopes;
		f->scopes = s;
		made = NULL;
	}
	s->refs++;
	pthread_mutex_unlock(&f->lock);
	free(made);
	if (!s->version)
		(void)count(f, op, s);
	return s;
}

void feed_scope_drop(struct feed *f, struct feed_scope *s)
{
	struct feed_scope **at;

	pthread_mutex_lock(&f->lock);
	if (--s->refs) {
		s = NULL;
	} else {
		for (at = &f->scopes; *at != s; at = &(*at)->next)
			;
		*at = s->next;
	}
	pthread_mutex_unlock(&f->lock);
	free(s);
}

/* Some scopes, each held; those whose turn it is come first.  *ret_all: how many there are. */
static size_t hold_some(struct feed *f, struct feed_scope **ret, size_t *ret_all)
{
	size_t all = 0, n = 0, at = 0;
	struct feed_scope *s;

	pthread_mutex_lock(&f->lock);
	for (s = f->scopes; s; s = s->next)
		all++;
	for (int round = 0; round < 2; round++)
		for (s = f->scopes, at = 0; s && n < SCOPES_A_TURN && n < all; s = s->next, at++)
			if (round ? at < f->turn % all : at >= f->turn % all) {
				s->refs++;
				ret[n++] = s;
			}
	pthread_mutex_unlock(&f->lock);
	*ret_all = all;
	return n;
}

/* How many a second since they were counted before, and whether the projections have seen all of
 * them. */
static bool begin_turn(struct feed *f, struct op *op)
{
	uint64_t size = op->run->writer->ledger.tree.size;
	int64_t now = clock_now_ms(f->o.clock), past = now - f->counted_ms, at = -1;
	bool seen = projection_at(op, op->db, &at) == RC_OK && (uint64_t)at >= size;

	f->per_s = f->counted && past > 0 && size > f->counted
	                   ? (int64_t)(size - f->counted) * 1000 / past
	                   : 0;
	f->counted = size;
	f->counted_ms = now;
	return seen;
}

static void count_job(void *ctx, struct op *op)
{
	struct feed *f = ctx;
	struct feed_scope *list[SCOPES_A_TURN];
	bool good = begin_turn(f, op);
	int64_t end = f->counted_ms + TURN_MS;
	size_t all, n = hold_some(f, list, &all), done = 0;

	for (size_t i = 0; i < n; i++) {
		if (done == i && (i == 0 || clock_now_ms(f->o.clock) < end)) {
			good = count(f, op, list[i]) && good;
			done++;
		}
		feed_scope_drop(f, list[i]);
	}
	pthread_mutex_lock(&f->lock);
	f->turn += done;
	f->dirty = f->dirty || !good || done < all || f->per_s;
	f->counting = false;
	pthread_mutex_unlock(&f->lock);
	feed_wake(f);
}

bool feed_tick(struct feed *f)
{
	bool begin, again;

	pthread_mutex_lock(&f->lock);
	begin = f->dirty && !f->counting && !f->closed && f->scopes;
	again = f->dirty && f->scopes;
	if (begin) {
		f->counting = true;
		f->dirty = false;
	}
	pthread_mutex_unlock(&f->lock);
	if (!begin || f->o.read(f->o.ctx, count_job, f) == RC_OK)
		return again;
	pthread_mutex_lock(&f->lock);
	f->counting = false;
	f->dirty = true;
	pthread_mutex_unlock(&f->lock);
	return true;
}
