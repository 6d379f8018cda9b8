/* SPDX-License-Identifier: Apache-2.0 */
/* log.c -- see log.h. */
#include "kit/check.h"

#include "ledger/witness_store.h"
#include "witness/log.h"

void log_open(struct log *l, uint64_t size)
{
	static const uint8_t seed[32] = {7};

	*l = (struct log){0};
	book_open(&l->book);
	book_grow(&l->book, size, 64);
	l->dir = str_fmt(&l->book.arena, "%s.witness", l->book.dir.s);
	assert_ok(witness_create(&l->book.op, l->dir, STR("w.example/1"), seed, &l->book.vkey, 1));
	assert_ok(witness_open(&l->book.op, l->dir, &l->w));
	l->clock = clock_virtual((int64_t)LOG_NOW * 1000);
	l->w.clock = &l->clock;
}

void log_close(struct log *l)
{
	if (l->w.db)
		witness_release(&l->w);
	book_close(&l->book);
}

struct str log_note(struct log *l, uint64_t size, const struct ed25519_key *key, bool other)
{
	struct arena *a = &l->book.arena;
	struct note *n = ARENA_NEW(a, struct note);
	struct tree_reader r = ledger_reader(&l->book.ledger);
	struct checkpoint c = {.origin = STR(BOOK_ORIGIN), .size = size};
	struct tree t;

	assert_true(tree_load(&r, size, &t));
	c.root = tree_root(&t, l->book.ledger.hasher);
	c.root.b[0] = (uint8_t)(c.root.b[0] ^ other);
	n->text = checkpoint_format(a, &c);
	assert_ok(note_sign(&l->book.op, n, STR(BOOK_ORIGIN), key));
	return note_format(a, n);
}

struct str log_body(struct log *l, uint64_t old, uint64_t size)
{
	struct tree_reader reader = ledger_reader(&l->book.ledger);
	struct witness_request r = {.old = old, .note = log_note(l, size, &l->book.key, false)};

	if (old > 0)
		assert_true(tree_prove_consistency(&reader, l->book.ledger.hasher, old, size, &r.proof));
	return witness_request_format(&l->book.arena, &r);
}

uint64_t log_stored(struct log *l)
{
	struct witness_tree t;
	struct witness w;

	assert_ok(witness_open(&l->book.op, l->dir, &w));
	assert_ok(witness_tree_get(&l->book.op, w.db, STR(BOOK_ORIGIN), &t));
	witness_release(&w);
	return t.size;
}
