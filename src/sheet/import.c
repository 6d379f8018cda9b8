/* SPDX-License-Identifier: Apache-2.0 */
/* import.c -- the two ways through a file: every row is asked about, then the good ones are given.
 *
 * Batches are durable one by one: an import that is cut off is run again, and its rows are then
 * there already.
 */
#include "sheet/import_row.h"

#include "sheet/import_group.h"

/* Takes a guard off that --skip-bad put on (safe_cell). */
static void cells_unguard(struct str *cell, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cell[i].n > 1 && cell[i].s[0] == '\'' && strchr("=+-@", cell[i].s[1]))
			cell[i] = (struct str){cell[i].s + 1, cell[i].n - 1};
}

static bool is_example(const struct import *im, const struct sheet_row *r)
{
	return im->example_at >= 0 && (size_t)im->example_at < r->n && r->cell[im->example_at].n;
}

/* Spreadsheets leave empty rows behind. */
static bool is_empty(const struct sheet_row *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->cell[i].n || r->kind[i] != CELL_PLAIN)
			return false;
	return true;
}

enum rc import_row_unguarded(struct op *op, struct sheet *t, struct sheet_row *ret)
{
	TRY(sheet_next(op, t, ret));
	if (t->format == SHEET_CSV)
		cells_unguard(ret->cell, ret->n);
	return RC_OK;
}

enum rc import_row_next(struct import *im, struct sheet *t, struct import_row *r)
{
	size_t i = r->row ? r->i + 1 : 0;
	struct sheet_row next;
	enum rc rc;

	do {
		rc = import_row_unguarded(&im->op, t, &next);
		if (rc != RC_OK) {
			im->keep->err = im->op.err;
			return rc;
		}
	} while (next.n && (is_empty(&next) || is_example(im, &next)));
	*r = (struct import_row){.row = t->row, .i = i, .cell = next.cell, .kind = next.kind,
	                         .n = next.n};
	return RC_OK;
}

void import_state_set(struct import *im, size_t i, enum row_state state)
{
	if (i == im->cap) {
		size_t cap = im->cap ? im->cap * 2 : 1024;
		uint8_t *more = realloc(im->state, cap);

		if (!more)
			abort();
		im->state = more;
		im->cap = cap;
	}
	im->state[i] = (uint8_t)state;
}

static enum rc check_all(struct import *im)
{
	struct sheet t = im->start;
	struct import_row r = {0};
	enum row_state state;

	for (;;) {
		enum rc rc;

		arena_reset(&im->arena);
		TRY(import_row_next(im, &t, &r));
		if (!r.n)
			return RC_OK;
		rc = import_check(im, &r, &state);
		if (rc != RC_OK) {
			im->keep->err = im->op.err;
			return rc;
		}
		import_state_set(im, r.i, state);
		im->rows++;
		im->good += state != ROW_BAD;
		im->there += state == ROW_THERE;
		if (state == ROW_BAD)
			import_keep_bad(im, &r);
	}
}

/* What was asked about may have changed since, by a timer or by a row before. */
static void answer_take(struct import *im, struct import_batch *b, size_t i)
{
	struct answer *a = &b->answer[i];
	bool own = b->part[i] == PART_OWN;

	if (a->rc == RC_OK) {
		im->recorded += own && !a->repeated ? b->nrows[i] : 0;
		im->there += own && a->repeated ? b->nrows[i] : 0;
		return;
	}
	if (!own && a->rc == RC_CONFLICT)
		return; /* made in the meantime */
	import_refuse(im, &b->rows[i][0], b->part[i], &a->err);
	if (!own)
		return; /* its own act failed for the same reason and says so */
	im->good -= b->nrows[i];
	for (size_t j = 0; j < b->nrows[i]; j++) {
		b->rows[i][j].why = b->rows[i][0].why;
		import_keep_bad(im, &b->rows[i][j]);
	}
}

enum rc import_flush(struct import *im, struct import_batch *b)
{
	enum rc rc = b->n ? im->give(im->ctx, b->q, b->answer, b->n) : RC_OK;

	if (rc != RC_OK) {
		im->keep->err = b->answer[0].err;
		return rc;
	}
	for (size_t i = 0; i < b->n; i++)
		answer_take(im, b, i);
	b->n = b->total = 0;
	arena_reset(&im->arena);
	return RC_OK;
}

void import_batch_add(struct import_batch *b, struct import_row *rows, size_t n, int part,
                      const struct request *q)
{
	assert(b->n < LIMIT_BATCH);
	b->q[b->n] = *q;
	b->rows[b->n] = rows;
	b->nrows[b->n] = n;
	b->part[b->n++] = (uint8_t)part;
	b->total += n;
}

static enum rc row_send(struct import *im, struct import_batch *b, const struct import_row *row)
{
	struct import_row *r = ARENA_NEW(im->op.arena, struct import_row);
	struct request q;

	*r = *row;

	if (im->kind->beside && import_has_beside(im, r)) {
		bool fresh;

		(void)seen_at(im->hasher, &b->made, import_cell(im, r, PART_OWN, im->kind->link), r->row,
		              &fresh);
		if (fresh) {
			TRY(import_request(im, r, PART_BESIDE, &q));
			import_batch_add(b, r, 1, PART_BESIDE, &q);
		}
	}
	TRY(import_request(im, r, PART_OWN, &q));
	import_batch_add(b, r, 1, PART_OWN, &q);
	return RC_OK;
}

static enum rc send_all(struct import *im, struct import_batch *b)
{
	struct sheet t = im->start;
	struct import_row r = {0};

	for (;;) {
		enum rc rc;

		if (b->n + PARTS > LIMIT_BATCH)
			TRY(import_flush(im, b));
		TRY(import_row_next(im, &t, &r));
		if (!r.n)
			return import_flush(im, b);
		if (im->state[r.i] != ROW_GOOD)
			continue;
		rc = row_send(im, b, &r);
		if (rc != RC_OK) {
			im->keep->err = im->op.err;
			return rc;
		}
	}
}

enum rc import_open(struct import *im)
{
	struct hash h = hash_sha256(im->bytes.s, im->bytes.n);

	im->digest = hash_hex(im->keep->arena, &h);
	TRY(import_header(im));
	im->mark = im->start.format == SHEET_XLSX || str_starts(im->bytes, STR("\xef\xbb\xbf"));
	return RC_OK;
}

enum rc import_check_rows(struct import *im)
{
	im->op = *im->keep;
	im->op.arena = &im->arena;
	im->hasher = hasher_new(HASH_SHA256);
	im->faults = arena_array(im->keep->arena, LIMIT_LIST, sizeof(*im->faults));
	im->errors = json_new_array(im->keep->arena);
	strbuf_init(&im->bad, &im->bad_arena);
	return im->kind->list ? import_groups_check(im) : check_all(im);
}

enum rc import_send(struct import *im)
{
	struct import_batch *b = calloc(1, sizeof(*b)); /* its rows' memory is the import's arena */
	enum rc rc;

	if (!b)
		abort();
	arena_reset(&im->arena);
	rc = im->kind->list ? import_groups_send(im, b) : send_all(im, b);
	seen_release(&b->made);
	free(b);
	return rc;
}

void import_release(struct import *im)
{
	hasher_free(im->hasher);
	seen_release(&im->keys);
	seen_release(&im->besides);
	free(im->state);
	arena_release(&im->bad_arena);
	arena_release(&im->arena);
}
