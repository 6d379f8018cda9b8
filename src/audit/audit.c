/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c -- see audit.h.  Entries stream through all checks in one pass: form, order, act and
 * signatures (by what stood before), and only then what the entry itself changes.
 *
 * Rows are read some batches ahead, by this thread, which alone sees the source and the report;
 * threads make them ready (pool.h); the checks take them in order, on this thread again.
 */
#include "audit/audit.h"

#include "audit/books.h"
#include "audit/claim.h"
#include "audit/devices.h"
#include "audit/grants.h"
#include "audit/order.h"
#include "audit/pool.h"
#include "audit/rules.h"
#include "audit/slots.h"
#include "audit/source_open.h"
#include "audit/treework.h"

#define GAP_MAX 1000000 /* missing entries whose places are kept for the later ones */

struct audit {
	struct op *keep;       /* the caller's: lives as long as the report */
	struct arena one;      /* of one entry's checks */
	struct hints *hints;
	struct pool *pool;
	struct report *report;
	struct source source;
	struct keys keys;
	struct policy *policy;
	struct treework tree;
	struct order order;
	struct grants grants;
	struct devices devices;
	struct rulebook rules;
	struct slots slots;
	struct books books;
	struct claim claim;
	int64_t next;          /* index of the next entry */
	int64_t ahead;         /* index from which rows are read next */
	bool read_all;
	enum rc read_rc;       /* why reading ended; RC_OK: there are no more rows */
	struct err read_err;
	int64_t filled;        /* places of missing entries */
	bool books_compared;
};

static enum rc read_policy(struct op *op, struct str path, struct policy **ret)
{
	struct policy *p = ARENA_NEW(op->arena, struct policy);
	struct str bytes;

	*ret = NULL;
	if (path.n == 0)
		return RC_OK;
	TRY(source_file_read(op, path, LIMIT_NOTE_BYTES, &bytes));
	TRY(policy_parse(op, bytes, p));
	*ret = p;
	return RC_OK;
}

/* DIR.checkpoint beside DIR, unless --known was given.  Empty: there is none. */
static struct str default_known(struct op *op, const struct audit *a)
{
	struct str path = a->source.path, last = path;
	struct str bytes;

	if (source_has_bundles(&a->source) || path.n == 0)
		return STR("");
	while (path.n > 1 && path.s[path.n - 1] == '/')
		path.n--;
	for (size_t i = 0; i < path.n; i++)
		if (path.s[i] == '/')
			last = (struct str){path.s + i + 1, path.n - i - 1};
	last.n = (size_t)(path.s + path.n - last.s);
	if (str_is(last, ".") || str_is(last, "..")) {
		char *real = realpath(str_copy(op->arena, path).s, NULL);

		if (real == NULL)
			return STR("");
		path = str_dup(op->arena, real, strlen(real));
		free(real);
	}
	path = str_fmt(op->arena, STR_FMT ".checkpoint", STR_ARG(path));
	if (source_file_read(op, path, LIMIT_NOTE_BYTES, &bytes) == RC_NOT_FOUND)
		return STR("");
	return path;
}

static enum rc read_known(struct audit *a, const struct audit_options *o)
{
	struct str beside = o->nknown == 0 ? default_known(a->keep, a) : STR("");
	struct str bytes;

	for (int i = 0; i < o->nknown; i++) {
		TRY(source_file_read(a->keep, o->known[i], LIMIT_NOTE_BYTES, &bytes));
		treework_known(&a->tree, a->keep, o->known[i], bytes);
	}
	if (beside.n == 0)
		return RC_OK;
	TRY(source_file_read(a->keep, beside, LIMIT_NOTE_BYTES, &bytes));
	treework_known(&a->tree, a->keep, beside, bytes);
	return RC_OK;
}

/* The projections have seen exactly what has been applied. */
static void compare_books(struct audit *a, struct op *op)
{
	if (a->books_compared || a->source.view == NULL || a->next != a->source.view_at)
		return;
	a->books_compared = true;
	books_compare(&a->books, op, &a->source);
}

/* The i-th entry of a batch; NULL: it is none, which has been reported. */
static const struct entry *entry_of(struct audit *a, struct op *op, const struct batch *b, size_t i,
                                    struct entry *room)
{
	if (b->ready[i])
		return &b->entry[i];
	*room = (struct entry){0};
	return entry_read(op, b->row[i].bytes, b->row[i].index, a->report, room) ? room : NULL;
}

static void check_entry(struct audit *a, struct op *op, int64_t at, const struct entry *e)
{
	if (e == NULL) {
		a->books.unread = true;
		return;
	}
	order_check(&a->order, at, e);
	if (e->has_act)
		devices_act(&a->devices, at, &e->act);
	slots_check(&a->slots, op, at, e);
	if (str_is(e->type, "rules.adopted"))
		rules_apply(&a->rules, op, at, e);
	devices_apply(&a->devices, op, at, order_id(&a->order, at), a->order.origin, e);
	grants_apply(&a->grants, op, at, order_id(&a->order, at), e);
	/* Before the first rules there are no postings; after them there may be unknown ones. */
	if (a->rules.adopted && a->rules.now == NULL)
		a->books.unread = true;
	books_apply(&a->books, op, at, a->rules.now, e);
}

/* Everything but the tree. */
static void take_row(struct audit *a, struct op *op, const struct batch *b, size_t i)
{
	const struct source_row *row = &b->row[i];
	struct entry room;

	arena_reset(&a->one);
	compare_books(a, op);
	claim_compare(&a->claim, op, &a->books, a->next);
	if (row->has_leaf && !hash_eq(&b->leaf[i], &row->leaf)) {
		report_add(a->report, FINDING_LEAF, row->index, "记录内容与所存校验值不符",
		           "its bytes do not have the leaf hash stored beside them");
		if (a->tree.first_bad < 0)
			a->tree.first_bad = row->index;
	}
	check_entry(a, op, row->index, entry_of(a, op, b, i, &room));
	a->next = row->index + 1;
}

/* Entries [a->next, to) are missing.  False: so many that what follows cannot be placed. */
static bool take_gap(struct audit *a, int64_t to)
{
	struct op op = {.arena = &a->one, .now_ms = a->keep->now_ms};
	static const struct hash NOTHING;
	bool bundle = source_has_bundles(&a->source);

	report_add(a->report, FINDING_ORDER, a->next, "缺少第 %lld 号至第 %lld 号记录",
	           "entries %lld to %lld are missing", (long long)a->next, (long long)(to - 1));
	if (bundle)
		report_add(a->report, FINDING_TILE, a->next, "缺少本号起的记录分片",
		           "the bundle from this entry on is missing");
	if (a->tree.first_bad < 0)
		a->tree.first_bad = a->next;
	a->books.unread = true;
	for (; a->next < to; a->next++) {
		if (a->filled++ >= GAP_MAX)
			return false;
		arena_reset(&a->one);
		treework_push(&a->tree, &op, &NOTHING, a->order.last_ms);
	}
	return true;
}

/* False: see take_gap. */
static bool take_batch(struct audit *a, const struct batch *b)
{
	struct op op = {.arena = &a->one, .now_ms = a->keep->now_ms};
	bool whole = b->whole && b->row[0].index == a->next && treework_takes_tile(&a->tree);
	int64_t first_ms = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (b->row[i].index < a->next)
			continue; /* twice, in a table without a key */
		if (b->row[i].index > a->next && !take_gap(a, b->row[i].index))
			return false;
		take_row(a, &op, b, i);
		if (!whole)
			treework_push(&a->tree, &op, &b->leaf[i], a->order.last_ms);
		else if (i == 0)
			first_ms = a->order.last_ms;
	}
	if (whole)
		treework_push_tile(&a->tree, &op, b->leaf, &b->root, first_ms);
	return true;
}

/* Fills one batch; at the end, or at an error, there is no more to read. */
static void read_batch(struct audit *a, struct batch *b)
{
	struct op op = {.arena = &b->bytes, .now_ms = a->keep->now_ms};
	int64_t last;

	a->read_rc = source_rows(&op, &a->source, a->ahead, b->row, &b->n);
	if (a->read_rc != RC_OK) {
		a->read_err = op.err;
		b->n = 0;
	}
	a->read_all = b->n == 0;
	last = b->n > 0 ? b->row[b->n - 1].index : NO_INDEX;
	if (last >= a->ahead && last < INT64_MAX)
		a->ahead = last + 1;
	else
		a->read_all = true;
}

static enum rc read_entries(struct audit *a)
{
	struct op op = {.arena = &a->one, .now_ms = a->keep->now_ms};
	struct batch *b;

	treework_start(&a->tree, &op);
	for (;;) {
		while (!a->read_all && (b = pool_fill(a->pool)) != NULL) {
			read_batch(a, b);
			pool_filled(a->pool);
		}
		b = pool_take(a->pool);
		if (b == NULL)
			break;
		if (!take_batch(a, b))
			return RC_OK;
		pool_taken(a->pool);
	}
	if (a->read_rc == RC_BUSY || a->read_rc == RC_DENIED) {
		a->keep->err = a->read_err;
		return a->read_rc;
	}
	if (a->read_rc != RC_OK)
		report_add(a->report, FINDING_ENTRY, a->next, "从本号起无法读取：%s%.0s",
		           "from here on nothing can be read: %.0s%s", a->read_err.zh,
		           a->read_err.en);
	return RC_OK;
}

static void finish(struct audit *a)
{
	struct op op = {.arena = &a->one, .now_ms = a->keep->now_ms};

	arena_reset(&a->one);
	compare_books(a, &op);
	if (a->next == 0)
		report_add(a->report, FINDING_ORDER, 0, "台账是空的，没有首条记录",
		           "the ledger is empty: it has no genesis entry");
	treework_end(&a->tree, &op, a->order.origin);
	devices_end(&a->devices);
	slots_end(&a->slots);
	books_end(&a->books);
	claim_end(&a->claim, &op, &a->books, a->next);
	if (!a->books_compared && a->source.view != NULL && a->source.view_at > a->next)
		report_add(a->report, FINDING_BOOK, a->next,
		           "视图数据已到第 %lld 条，台账却只有 %lld 条",
		           "the projections have seen %lld entries, the ledger has %lld",
		           (long long)a->source.view_at, (long long)a->next);
	else if (!a->books_compared && !source_has_bundles(&a->source))
		report_unchecked(a->report, FINDING_BOOK, "视图账（view）无法读取，未与台账比对",
		                 "the projections could not be read and were not compared");
}

static enum rc run(struct audit *a, const struct audit_options *o)
{
	struct arena *keep = a->keep->arena;

	a->hints = hints_new();
	a->pool = pool_new(o->threads, a->hints);
	keys_load(a->keep, &a->source, a->policy, a->report, &a->keys);
	treework_init(&a->tree, a->report, &a->source, &a->keys);
	order_init(&a->order, a->report, keep, a->hints);
	grants_init(&a->grants, a->report, keep, a->hints);
	devices_init(&a->devices, a->report, keep, a->hints);
	rules_init(&a->rules, a->report, keep, &a->source);
	slots_init(&a->slots, a->report, keep, &a->grants, &a->rules, &a->order, a->hints);
	books_init(&a->books, a->report, keep);
	TRY(read_known(a, o));
	TRY(read_entries(a));
	finish(a);
	TRY(source_failed(a->keep, &a->source));
	if (!source_unchanged(&a->source))
		return fail(a->keep, RC_BUSY, "source", "", "核验期间台账有写入，请再核验一次",
		            "the ledger was written to during the audit: run it again");
	return RC_OK;
}

/* Nothing can be read: that is all that can be said, and it is said as a finding. */
static void report_damaged(struct report *r, const struct err *why)
{
	r->root = hash_sha256("", 0);
	report_add(r, FINDING_ENTRY, NO_INDEX, "台账数据库已损坏，无法读取：%s%.0s",
	           "the ledger's database is damaged and cannot be read: %.0s%s", why->zh, why->en);
	report_unchecked(r, FINDING_ENTRY, "因数据库损坏，其余各项均未核验",
	                 "nothing else could be checked, because the database is damaged");
}

enum rc audit_run(struct op *op, const struct audit_options *o, struct report *ret)
{
	struct audit *a = ARENA_NEW(op->arena, struct audit);
	enum rc rc;

	a->keep = op;
	a->report = ret;
	*ret = (struct report){.keep = op->arena, .origin = STR("")};
	TRY(read_policy(op, o->policy, &a->policy));
	TRY(claim_read(op, o->report, &a->claim));
	rc = source_open(op, &(struct source_where){o->source, o->db, o->token, o->cacert, o->ask_ms},
	                 ret, &a->source);
	if (rc != RC_OK) {
		struct err why = op->err;

		if (!source_damaged(op, o->source, o->db, rc))
			return rc;
		report_damaged(ret, &why);
		return RC_OK;
	}
	rc = run(a, o);
	if (a->tree.hasher != NULL)
		treework_release(&a->tree);
	source_release(&a->source);
	pool_free(a->pool);
	hints_free(a->hints);
	arena_release(&a->one);
	return rc;
}
