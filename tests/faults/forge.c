/* SPDX-License-Identifier: Apache-2.0 */
/* forge.c -- see tamper.h. */
#include "tamper.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/tile.h"

enum { Q_BYTES, Q_ROW, Q_TILE, Q_DELETE, Q_ASIDE, Q_BACK, Q_INSERT, Q_CUT, Q_CUT_TILES, Q_FENCE,
       Q_NO_NOTES, Q_NOTE, Q_SWAP };
static const struct sql SQL[] = {
	[Q_BYTES] = {"UPDATE ledger_entry SET bytes = ? WHERE idx = ?", 2},
	[Q_ROW] = {"UPDATE ledger_entry SET bytes = ?, leaf = ? WHERE idx = ?", 3},
	[Q_TILE] = {"UPDATE ledger_tile SET bytes = ? WHERE level = ? AND n = ?", 3},
	[Q_DELETE] = {"DELETE FROM ledger_entry WHERE idx = ?", 1},
	[Q_ASIDE] = {"UPDATE ledger_entry SET idx = -idx - 2 WHERE idx >= ?", 1},
	[Q_BACK] = {"UPDATE ledger_entry SET idx = -idx - 1 WHERE idx < 0", 0},
	[Q_INSERT] = {"INSERT INTO ledger_entry(log, idx, bytes, leaf) VALUES (0, ?, ?, ?)", 3},
	[Q_CUT] = {"DELETE FROM ledger_entry WHERE idx >= ?", 1},
	[Q_CUT_TILES] = {"DELETE FROM ledger_tile WHERE level = ? AND n >= ?", 2},
	[Q_FENCE] = {"UPDATE ledger_fence SET size = ? WHERE log = 0", 1},
	[Q_NO_NOTES] = {"DELETE FROM ledger_note", 0},
	[Q_NOTE] = {"INSERT INTO ledger_note(log, size, n, note) VALUES (0, ?, 0, ?)", 2},
	[Q_SWAP] = {"UPDATE ledger_note SET note = ? WHERE size = (SELECT MAX(size) FROM ledger_note)",
	            1},
};

static void die(const struct op *op)
{
	fprintf(stderr, "tamper: %s\n", op->err.en);
	exit(2);
}

void forge_run(struct forge *f, const struct sql *q, const struct sqlv *v, int n)
{
	if (db_exec(f->op, f->db, q, v, n) != RC_OK)
		die(f->op);
}

void forge_triggers(struct forge *f)
{
	static const char *const TABLES[] = {"entry", "tile", "note", "receipt"};
	static const char *const EVENTS[] = {"UPDATE", "DELETE", "replace"};

	for (size_t i = 0; i < COUNT(TABLES); i++)
		for (size_t k = 0; k < COUNT(EVENTS); k++)
			if (db_script(f->op, f->db, str_fmt(f->op->arena, "DROP TRIGGER ledger_%s_no_%s",
			                                    TABLES[i], EVENTS[k]).s) != RC_OK)
				die(f->op);
}

struct str forge_flip(struct arena *a, struct str s, size_t at)
{
	struct str copy = str_copy(a, s);

	((char *)(uintptr_t)copy.s)[at % s.n] ^= 1;
	return copy;
}

struct str forge_unslot(struct arena *a, struct str entry)
{
	const char *at = memmem(entry.s, entry.n, "\"slots\":[{", 10), *end;

	/* A refused order moves nothing: docs/formats.md asks for no slots there. */
	if (!at || memmem(entry.s, entry.n, "\"type\":\"order.refused\"", 22))
		return STR("");
	at += strlen("\"slots\":[");
	end = strstr(at, "},{");
	if (!end || end > strchr(at, ']'))
		return STR("");
	return str_fmt(a, "%.*s%s", (int)(at - entry.s), entry.s, end + strlen("},"));
}

void forge_bytes(struct forge *f, int64_t at, struct str bytes)
{
	forge_run(f, &SQL[Q_BYTES], ARGS(sql_bytes(bytes.s, bytes.n), sql_int(at)));
}

void forge_row(struct forge *f, int64_t at, struct str bytes)
{
	struct hash leaf = tree_leaf(f->hasher, bytes.s, bytes.n);

	forge_run(f, &SQL[Q_ROW],
	          ARGS(sql_bytes(bytes.s, bytes.n), sql_bytes(&leaf, sizeof(leaf)), sql_int(at)));
}

static void put_tile(struct forge *f, int level, int64_t n, const struct hash *row)
{
	forge_run(f, &SQL[Q_TILE],
	          ARGS(sql_bytes(row, TILE_WIDTH * sizeof(*row)), sql_int(level), sql_int(n)));
}

/* The hash over tile n of level 0, with one leaf another one when it lies in it. */
static struct hash root_over(struct forge *f, int64_t n, int64_t at, const struct hash *leaf)
{
	struct tree t = {0};

	for (int64_t i = n * TILE_WIDTH; i < (n + 1) * TILE_WIDTH; i++)
		tree_push(&t, f->hasher, i == at ? leaf : &f->leaf[i]);
	return tree_root(&t, f->hasher);
}

void forge_whole(struct forge *f, int64_t at, struct str bytes)
{
	struct hash row[TILE_WIDTH], leaf;
	int64_t n = at / TILE_WIDTH;

	forge_row(f, at, bytes);
	if ((n + 1) * TILE_WIDTH > f->size)
		return; /* not yet in a tile */
	leaf = tree_leaf(f->hasher, bytes.s, bytes.n);
	memcpy(row, f->leaf + n * TILE_WIDTH, sizeof(row));
	row[at % TILE_WIDTH] = leaf;
	put_tile(f, 0, n, row);
	n /= TILE_WIDTH;
	if ((n + 1) * TILE_WIDTH * TILE_WIDTH > f->size)
		return;
	for (int64_t i = 0; i < TILE_WIDTH; i++)
		row[i] = root_over(f, n * TILE_WIDTH + i, at, &leaf);
	put_tile(f, 1, n, row);
}

void forge_tile(struct forge *f, int64_t at)
{
	struct hash row[TILE_WIDTH];
	int64_t tiles = f->size / TILE_WIDTH, n = (at / TILE_WIDTH) % tiles;

	memcpy(row, f->leaf + n * TILE_WIDTH, sizeof(row));
	row[at % TILE_WIDTH].b[at % 32] ^= 1;
	put_tile(f, 0, n, row);
}

void forge_delete(struct forge *f, int64_t at)
{
	forge_run(f, &SQL[Q_DELETE], ARGS(sql_int(at)));
}

void forge_insert(struct forge *f, int64_t at)
{
	forge_run(f, &SQL[Q_ASIDE], ARGS(sql_int(at)));
	forge_run(f, &SQL[Q_BACK], NO_ARGS);
	forge_run(f, &SQL[Q_INSERT],
	          ARGS(sql_int(at), sql_bytes(f->entry[at].s, f->entry[at].n),
	               sql_bytes(&f->leaf[at], sizeof(f->leaf[at]))));
}

void forge_cut(struct forge *f, int64_t size)
{
	forge_run(f, &SQL[Q_CUT], ARGS(sql_int(size)));
	forge_run(f, &SQL[Q_CUT_TILES], ARGS(sql_int(0), sql_int(size / TILE_WIDTH)));
	forge_run(f, &SQL[Q_CUT_TILES], ARGS(sql_int(1), sql_int(size / TILE_WIDTH / TILE_WIDTH)));
	forge_run(f, &SQL[Q_FENCE], ARGS(sql_int(size)));
}

void forge_sign(struct forge *f, int64_t size, int64_t at, struct str bytes)
{
	struct note *n = ARENA_NEW(f->op->arena, struct note);
	struct checkpoint c = {.origin = f->origin, .size = (uint64_t)size};
	struct tree t = {0};
	struct str text;

	for (int64_t i = 0; i < size; i++) {
		struct hash leaf = i == at ? tree_leaf(f->hasher, bytes.s, bytes.n) : f->leaf[i];

		tree_push(&t, f->hasher, &leaf);
	}
	c.root = tree_root(&t, f->hasher);
	n->text = checkpoint_format(f->op->arena, &c);
	if (note_sign(f->op, n, f->origin, &f->key) != RC_OK)
		die(f->op);
	text = note_format(f->op->arena, n);
	forge_run(f, &SQL[Q_NO_NOTES], NO_ARGS);
	forge_run(f, &SQL[Q_NOTE], ARGS(sql_int(size), sql_text(text)));
}

void forge_note(struct forge *f, struct str note)
{
	forge_run(f, &SQL[Q_SWAP], ARGS(sql_text(note)));
}
