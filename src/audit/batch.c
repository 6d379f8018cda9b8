/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c -- see batch.h. */
#include "audit/batch.h"

#include "audit/devices.h"
#include "audit/slot_check.h"
#include "ledger/tree.h"

void batcher_init(struct batcher *w, struct hints *hints)
{
	*w = (struct batcher){.hasher = hasher_new(HASH_SHA256), .hints = hints};
}

void batcher_release(struct batcher *w)
{
	hasher_free(w->hasher);
	arena_release(&w->brief);
}

void batch_reset(struct batch *b)
{
	arena_reset(&b->bytes);
	arena_reset(&b->keep);
	b->n = 0;
}

void batch_release(struct batch *b)
{
	arena_release(&b->bytes);
	arena_release(&b->keep);
}

static void prepare_one(struct batch *b, struct batcher *w, size_t i)
{
	struct entry_reader r = {.keep = &b->keep, .brief = &w->brief, .hasher = w->hasher};
	const struct source_row *row = &b->row[i];
	struct entry *e = &b->entry[i];

	arena_reset(&w->brief);
	b->leaf[i] =
		row->bytes.s != NULL ? tree_leaf(w->hasher, row->bytes.s, row->bytes.n) : row->leaf;
	b->ready[i] = row->bytes.s != NULL && entry_read_quick(&r, row->bytes, e);
	if (!b->ready[i])
		return;
	if (e->nslots > 0)
		slots_ahead(&w->brief, w->hints, e);
	if (str_is(e->type, "device.head_signed"))
		devices_ahead(&w->brief, w->hints, e);
}

static bool is_whole(const struct batch *b)
{
	if (b->n != TILE_WIDTH || b->row[0].index % TILE_WIDTH != 0)
		return false;
	for (size_t i = 1; i < b->n; i++)
		if (b->row[i].index != b->row[i - 1].index + 1)
			return false;
	return true;
}

void batch_prepare(struct batch *b, struct batcher *w)
{
	struct tree t = {0};

	for (size_t i = 0; i < b->n; i++)
		prepare_one(b, w, i);
	b->whole = is_whole(b);
	if (!b->whole)
		return;
	for (size_t i = 0; i < b->n; i++)
		tree_push(&t, w->hasher, &b->leaf[i]);
	b->root = tree_root(&t, w->hasher);
}
