/* SPDX-License-Identifier: Apache-2.0 */
/* treework.c -- see treework.h: leaves, tiles and what is kept outside. */
#include "audit/treework.h"

void treework_init(struct treework *t, struct report *r, struct source *s, const struct keys *k)
{
	*t = (struct treework){.report = r, .source = s, .keys = k, .first_bad = NO_INDEX,
	                       .good_size = NO_INDEX, .newest_size = NO_INDEX, .ahead = NO_INDEX,
	                       .unsigned_ms = -1, .origin = STR("")};
	t->hasher = hasher_new(HASH_SHA256);
}

void treework_release(struct treework *t)
{
	hasher_free(t->hasher);
	arena_release(&t->note_arena);
}

void treework_known(struct treework *t, struct op *keep, struct str name, struct str bytes)
{
	struct known *k = &t->known[t->nknown];
	struct note *note = ARENA_NEW(keep->arena, struct note);
	struct str shown = report_clip(name);

	assert(t->nknown < KNOWN_MAX);
	k->name = str_copy(keep->arena, shown);
	if (keys_open(keep, t->keys, bytes, note, &k->point) == RC_OK)
		t->nknown++;
	else
		report_add(t->report, FINDING_ROLLBACK, NO_INDEX,
		           "库外保存的存证点 " STR_FMT " 不是由本台账的公钥签发：%s%.0s",
		           "the checkpoint kept outside, " STR_FMT
		           ", is not signed by this ledger's key: %.0s%s",
		           STR_ARG(shown), keep->err.zh, keep->err.en);
}

static void compare_known(struct treework *t)
{
	for (int i = 0; i < t->nknown; i++) {
		struct known *k = &t->known[i];
		struct hash root;

		if (k->point.size != t->tree.size)
			continue;
		k->compared = true;
		root = tree_root(&t->tree, t->hasher);
		if (hash_eq(&root, &k->point.root))
			continue;
		report_add(t->report, FINDING_ROLLBACK, NO_INDEX,
		           "台账前 %llu 条与库外保存的存证点 " STR_FMT " 不符：台账已被改写或分叉",
		           "the first %llu entries are not those of the checkpoint kept outside, "
		           STR_FMT ": the ledger was rewritten or forked",
		           (unsigned long long)k->point.size, STR_ARG(k->name));
	}
}

static void known_end(struct treework *t, struct str origin)
{
	for (int i = 0; i < t->nknown; i++) {
		const struct known *k = &t->known[i];
		struct str shown = report_clip(k->point.origin);

		if (origin.n > 0 && !str_eq(k->point.origin, origin))
			report_add(t->report, FINDING_ROLLBACK, NO_INDEX,
			           "库外保存的存证点属于另一台账 " STR_FMT,
			           "the checkpoint kept outside is of another ledger, " STR_FMT,
			           STR_ARG(shown));
		else if (!k->compared)
			report_add(t->report, FINDING_ROLLBACK, (int64_t)t->tree.size,
			           "台账被退回：现有 %llu 条，库外保存的存证点 " STR_FMT " 已有 %llu 条",
			           "the ledger was put back: it has %llu entries, the checkpoint "
			           "kept outside, " STR_FMT ", has %llu",
			           (unsigned long long)t->tree.size, STR_ARG(k->name),
			           (unsigned long long)k->point.size);
	}
}

void treework_start(struct treework *t, struct op *op)
{
	treework_notes(t, op);
	compare_known(t);
}

/* A tile is complete: it is compared, and its hash is a leaf of the level above. */
static void push_row(struct treework *t, struct op *op, size_t level, const struct hash *h)
{
	struct tile_row *row = &t->level[level];
	struct hash up[TILE_WIDTH];

	row->h[row->n++] = *h;
	if (row->n < TILE_WIDTH)
		return;
	source_tile(op, t->source, (int)level, row->number, row->h, TILE_WIDTH);
	memcpy(up, row->h, sizeof(up));
	for (int n = TILE_WIDTH; n > 1; n /= 2)
		for (int i = 0; i < n / 2; i++)
			up[i] = tree_node(t->hasher, &up[2 * i], &up[2 * i + 1]);
	row->n = 0;
	row->number++;
	if (level + 1 < COUNT(t->level))
		push_row(t, op, level + 1, &up[0]);
}

/* The entry that comes next, of this time, may be the first that no checkpoint covers. */
static void begins_unsigned(struct treework *t, int64_t time_ms)
{
	int64_t signed_size = t->newest_size < 0 ? 0 : t->newest_size;

	if (t->notes_done && t->unsigned_ms < 0 && (int64_t)t->tree.size >= signed_size)
		t->unsigned_ms = time_ms < 0 ? 0 : time_ms;
}

void treework_push(struct treework *t, struct op *op, const struct hash *leaf, int64_t time_ms)
{
	begins_unsigned(t, time_ms);
	tree_push(&t->tree, t->hasher, leaf);
	push_row(t, op, 0, leaf);
	treework_notes(t, op);
	compare_known(t);
}

bool treework_takes_tile(const struct treework *t)
{
	int64_t size = (int64_t)t->tree.size, end = size + TILE_WIDTH;

	if (size % TILE_WIDTH != 0)
		return false;
	for (int i = 0; i < t->nknown; i++)
		if ((int64_t)t->known[i].point.size > size && (int64_t)t->known[i].point.size < end)
			return false;
	if (!t->notes_done)
		return t->has_note && (int64_t)t->point.size >= end;
	return t->unsigned_ms >= 0 || t->newest_size <= size || t->newest_size >= end;
}

void treework_push_tile(struct treework *t, struct op *op, const struct hash leaf[TILE_WIDTH],
                        const struct hash *root, int64_t first_ms)
{
	struct tile_row *row = &t->level[0];

	assert(row->n == 0);
	begins_unsigned(t, first_ms);
	tree_push_full(&t->tree, t->hasher, 8, root);
	source_tile(op, t->source, 0, row->number++, leaf, TILE_WIDTH);
	push_row(t, op, 1, root);
	treework_notes(t, op);
	compare_known(t);
}

void treework_end(struct treework *t, struct op *op, struct str origin)
{
	for (size_t i = 0; i < COUNT(t->level); i++)
		if (t->level[i].n > 0)
			source_tile(op, t->source, (int)i, t->level[i].number, t->level[i].h,
			            t->level[i].n);
	source_extra(op, t->source, t->tree.size);
	treework_notes_end(t, op, origin);
	known_end(t, origin);
	if (t->nknown == 0)
		report_unchecked(t->report, FINDING_ROLLBACK,
		                 "没有库外保存的存证点可比（--known）：若整本台账被换成旧的一份，查不出来",
		                 "no checkpoint kept outside was given (--known): a ledger "
		                 "replaced whole by an older copy of itself cannot be noticed");
	t->report->size = (int64_t)t->tree.size;
	t->report->root = tree_root(&t->tree, t->hasher);
	t->report->origin = t->origin.n > 0 ? t->origin : str_copy(t->report->keep, origin);
}
