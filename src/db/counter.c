/* SPDX-License-Identifier: Apache-2.0 */
/* counter.c -- sums that wait in memory until their rows are written; see db_add in db.h.
 *
 * A busy row (the books of a secrecy room) is written once a commit instead of once an act.  The
 * result does not depend on when that is: a row is made also for a sum of nought.
 *
 * Invariant: everything that waits was added in the open transaction and after its last savepoint,
 * so that a rollback drops it all.
 */
#include "base/limits.h"
#include "db/connection.h"

enum { TABLES_MAX = 4, KEYS_MAX = 3 };

struct sum {
	const struct counter *of;
	int64_t delta, changed;
	size_t at[KEYS_MAX], n[KEYS_MAX]; /* of the key, in `bytes` */
	int nkeys;
};

struct counters {
	const char *table[TABLES_MAX]; /* seen on this connection */
	int ntables;
	struct sum sum[LIMIT_SUMS];
	uint16_t slot[2 * LIMIT_SUMS]; /* 1 + number of the sum */
	size_t n;
	char *bytes;
	size_t nbytes, cap;
};

void counters_free(struct counters *c)
{
	if (c == NULL)
		return;
	free(c->bytes);
	free(c);
}

void counters_drop(struct connection *c)
{
	if (!counters_wait(c))
		return;
	c->added->n = c->added->nbytes = 0;
	memset(c->added->slot, 0, sizeof(c->added->slot));
}

bool counters_wait(const struct connection *c)
{
	return c->added != NULL && c->added->n > 0;
}

bool counters_touch(const struct connection *c, struct statement *st, const char *text)
{
	if (!counters_wait(c))
		return false;
	for (; st->asked < c->added->ntables; st->asked++)
		st->counts = st->counts || strstr(text, c->added->table[st->asked]) != NULL;
	return st->counts;
}

static void values_of(const struct counters *c, const struct sum *s, struct sqlv *ret_add,
                      struct sqlv *ret_make)
{
	for (int i = 0; i < s->nkeys; i++)
		ret_make[i] = ret_add[i + 1] =
			sql_text((struct str){c->bytes + s->at[i], s->n[i]});
	ret_add[0] = ret_make[s->nkeys] = sql_int(s->delta);
}

/* Two rounds, each of which may go to the server at once: what is there, then what is not. */
enum rc counters_write(struct op *op, struct connection *c)
{
	struct counters *a = c->added;
	struct sqlv add[KEYS_MAX + 1], make[KEYS_MAX + 1];

	if (!counters_wait(c))
		return RC_OK;
	for (size_t i = 0; i < a->n; i++) {
		values_of(a, &a->sum[i], add, make);
		a->sum[i].changed = 0;
		TRY(connection_later(op, c, a->sum[i].of->add, add, a->sum[i].nkeys + 1,
		                     &a->sum[i].changed));
	}
	TRY(connection_settle(op, c));
	for (size_t i = 0; i < a->n; i++) {
		if (a->sum[i].changed > 0)
			continue;
		values_of(a, &a->sum[i], add, make);
		TRY(connection_later(op, c, a->sum[i].of->make, make, a->sum[i].nkeys + 1, NULL));
	}
	TRY(connection_settle(op, c));
	counters_drop(c);
	return RC_OK;
}

static size_t place_of(const struct counter *of, const struct sqlv *key, int n)
{
	uint64_t h = 14695981039346656037u ^ (uint64_t)(uintptr_t)of;

	for (int i = 0; i < n; i++)
		for (size_t k = 0; k < key[i].s.n; k++)
			h = (h ^ (uint8_t)key[i].s.s[k]) * 1099511628211u;
	return (size_t)(h ^ h >> 32) % (2 * LIMIT_SUMS);
}

static bool same(const struct counters *c, const struct sum *s, const struct counter *of,
                 const struct sqlv *key, int n)
{
	bool eq = s->of == of && s->nkeys == n;

	for (int i = 0; eq && i < n; i++)
		eq = str_eq(key[i].s, (struct str){c->bytes + s->at[i], s->n[i]});
	return eq;
}

static void keep_key(struct counters *c, struct sum *s, const struct sqlv *key, int n)
{
	for (int i = 0; i < n; i++) {
		size_t want = c->nbytes + key[i].s.n;

		assert(key[i].t == SQL_TEXT);
		while (want > c->cap) {
			c->cap = c->cap ? 2 * c->cap : 65536;
			c->bytes = realloc(c->bytes, c->cap);
			if (c->bytes == NULL)
				abort(); /* as arena_alloc */
		}
		s->at[i] = c->nbytes;
		s->n[i] = key[i].s.n;
		if (key[i].s.n > 0)
			memcpy(c->bytes + c->nbytes, key[i].s.s, key[i].s.n);
		c->nbytes = want;
	}
	s->nkeys = n;
}

static void know_table(struct counters *c, const char *table)
{
	for (int i = 0; i < c->ntables; i++)
		if (strcmp(c->table[i], table) == 0)
			return;
	assert(c->ntables < TABLES_MAX);
	c->table[c->ntables++] = table;
}

enum rc db_add(struct op *op, struct db *db, const struct counter *of, const struct sqlv *key,
               int n, int64_t delta)
{
	struct connection *c = db->c;
	struct counters *a;
	size_t at;

	assert(c->in_tx && n <= KEYS_MAX);
	if (c->added == NULL)
		c->added = heap_new(sizeof(*c->added));
	if (c->added->n == LIMIT_SUMS)
		TRY(counters_write(op, c));
	a = c->added;
	c->counts.adds++;
	know_table(a, of->table);
	for (at = place_of(of, key, n); a->slot[at] != 0; at = (at + 1) % (2 * LIMIT_SUMS))
		if (same(a, &a->sum[a->slot[at] - 1], of, key, n)) {
			a->sum[a->slot[at] - 1].delta += delta;
			return RC_OK;
		}
	a->sum[a->n] = (struct sum){.of = of, .delta = delta};
	keep_key(a, &a->sum[a->n], key, n);
	a->slot[at] = (uint16_t)++a->n;
	return RC_OK;
}
