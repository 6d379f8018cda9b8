/* SPDX-License-Identifier: Apache-2.0 */
/* connection.c -- connections, their handles and their cache of prepared statements.
 *
 * A statement is known by the address of its `struct sql`, so the cache is a small table of
 * pointers with open addressing: one multiplication and, nearly always, one comparison a call.
 * Statements outlive operations and so stand on the heap, not in an arena.
 */
#include "db/connection.h"

void *heap_new(size_t n)
{
	void *p = calloc(1, n);

	if (p == NULL) {
		/* Nothing acknowledged is lost: the ledger is crash-safe. */
		fputs("内存不足 / out of memory\n", stderr);
		abort();
	}
	return p;
}

struct connection *connection_new(const struct driver *driver, void *impl, enum db_mode mode)
{
	struct connection *c = heap_new(sizeof(*c));

	c->driver = driver;
	c->impl = impl;
	c->mode = mode;
	c->nslots = 64;
	c->slots = heap_new(c->nslots * sizeof(struct statement *));
	return c;
}

struct db *handle_new(struct connection *c, struct str schema)
{
	struct db *db = heap_new(sizeof(*db));

	assert(schema.n < SCHEMA_MAX);
	if (schema.n > 0)
		memcpy(db->schema, schema.s, schema.n);
	db->c = c;
	c->handles++;
	return db;
}

static size_t slot_of(const struct connection *c, const struct sql *q)
{
	/* Fibonacci hashing; a struct sql is 16 bytes, so the low four bits say nothing. */
	uint64_t h = ((uint64_t)(uintptr_t)q >> 4) * UINT64_C(0x9E3779B97F4A7C15);
	size_t i = (size_t)(h >> 32) & (c->nslots - 1);

	while (c->slots[i] != NULL && c->slots[i]->q != q)
		i = (i + 1) & (c->nslots - 1);
	return i;
}

static void grow(struct connection *c)
{
	struct statement **old = c->slots;
	size_t n = c->nslots;

	c->nslots = n * 2;
	c->slots = heap_new(c->nslots * sizeof(struct statement *));
	for (size_t i = 0; i < n; i++)
		if (old[i] != NULL)
			c->slots[slot_of(c, old[i]->q)] = old[i];
	free(old);
}

struct statement *statement_of(struct connection *c, const struct sql *q)
{
	size_t i = slot_of(c, q);

	if (c->slots[i] != NULL)
		return c->slots[i];
	if ((c->used + 1) * 2 > c->nslots) {
		grow(c);
		i = slot_of(c, q);
	}
	c->slots[i] = heap_new(sizeof(struct statement));
	c->slots[i]->q = q;
	c->used++;
	return c->slots[i];
}

void statements_forget(struct connection *c)
{
	for (size_t i = 0; i < c->nslots; i++) {
		struct statement *st = c->slots[i];
		if (st != NULL && st->impl != NULL && !st->busy)
			c->driver->finalize(c, st);
	}
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	struct connection *c = db->c;

	free(db);
	if (--c->handles > 0)
		return;
	if (c->bulk != NULL)
		c->driver->bulk_drop(c, c->bulk);
	for (size_t i = 0; i < c->nslots; i++) {
		if (c->slots[i] != NULL && c->slots[i]->impl != NULL)
			c->driver->finalize(c, c->slots[i]);
		free(c->slots[i]);
	}
	free(c->slots);
	counters_free(c->added);
	c->driver->close(c);
	free(c);
}

enum db_kind db_kind(const struct db *db)
{
	return db->c->driver->kind;
}

bool db_in_tx(const struct db *db)
{
	return db->c->in_tx;
}

bool db_is_broken(const struct db *db)
{
	return db->c->broken;
}

void db_set_deadline(struct db *db, int ms)
{
	db->c->driver->set_deadline(db->c, ms);
}

void db_set_table_filter(struct db *db, db_table_filter *allows, void *ctx)
{
	db->c->allows = allows;
	db->c->allows_ctx = ctx;
	db->c->driver->set_filter(db->c);
}

void db_disable(struct db *db, const struct sql *q)
{
	statement_of(db->c, q)->disabled = true;
}
