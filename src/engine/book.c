/* SPDX-License-Identifier: Apache-2.0 */
/* book.c -- double entries from the postings of events; see book.h.
 *
 * A posting is carried out by reading the event's struct through its field table, the same rows
 * that gongyuan-audit reads from rules.json, so the two book-keepers can be compared.
 */
#include "engine/book.h"

#include <stdlib.h>

#include "engine/engine.h"
#include "engine/event.h"
#include "engine/field.h"
#include "engine/module.h"
#include "engine/place.h"
#include "engine/rebuild.h"
#include "engine/writer.h"

enum { Q_ADD, Q_NEW, Q_GET, Q_ALL, Q_UNDER, Q_SUMS };
static const struct sql SQL[] = {
	[Q_ADD] = {"UPDATE book_balance SET qty = qty + ? WHERE asset = ? AND holder = ?", 3},
	[Q_NEW] = {"INSERT INTO book_balance(asset, holder, qty) VALUES (?, ?, ?)", 3},
	[Q_GET] = {"SELECT qty FROM book_balance WHERE asset = ? AND holder = ?", 2},
	[Q_ALL] = {"SELECT asset, holder, qty FROM book_balance WHERE qty <> 0"
	           " ORDER BY asset, holder", 0},
	[Q_UNDER] = {"SELECT asset, holder, qty FROM book_balance WHERE qty <> 0 AND (holder = ?"
	             " OR (holder >= ? AND holder < ?)) ORDER BY asset, holder", 3},
	[Q_SUMS] = {"SELECT asset, CAST(SUM(qty) AS BIGINT) AS total FROM book_balance GROUP BY asset"
	            " HAVING SUM(qty) <> 0 ORDER BY asset", 0},
};

static const struct table TABLES[] = {
	{"book_balance", "CREATE TABLE book_balance(asset {text} NOT NULL, holder {text} NOT NULL,"
	                 " qty {int} NOT NULL, PRIMARY KEY (asset, holder)){clustered}",
	 "asset, holder"},
};

/* The book of a secrecy room is posted to by each act in it. */
static const struct counter BALANCE = {"book_balance", &SQL[Q_ADD], &SQL[Q_NEW]};

static enum rc post_one(struct op *op, void *ctx, struct str asset, struct str holder, int64_t qty)
{
	(void)ctx;
	return db_add(op, op->db, &BALANCE, ARGS(sql_text(asset), sql_text(holder)), qty);
}

/* A name of a posting: "=literal", a field of the item, or a field of the event. */
struct source_struct {
	const struct field *f;
	size_t n;
	const char *st;
};

static const void *member(const struct source_struct *item, const struct source_struct *event,
                          const char *name)
{
	const struct field *f = item->f ? field_find(item->f, item->n, str_of(name)) : NULL;

	if (f)
		return item->st + f->offset;
	f = field_find(event->f, event->n, str_of(name));
	assert(f);
	return event->st + f->offset;
}

static struct str account(const struct source_struct *item, const struct source_struct *event,
                          const char *name)
{
	return name[0] == '=' ? str_of(name + 1) : *(const struct str *)member(item, event, name);
}

struct taker {
	enum rc (*each)(struct op *op, void *ctx, struct str asset, struct str holder, int64_t qty);
	void *ctx;
};

static enum rc post(struct op *op, const struct posting *p, const struct source_struct *item,
                    const struct source_struct *event, const struct taker *to)
{
	int64_t qty = *(const int64_t *)member(item, event, p->qty);
	struct str asset = account(item, event, p->asset);

	if (qty == 0)
		return RC_OK;
	TRY(to->each(op, to->ctx, asset, account(item, event, p->from), -qty));
	return to->each(op, to->ctx, asset, account(item, event, p->to), qty);
}

/* Each posting of an event. */
static enum rc post_all(struct op *op, const struct event *ev, const struct taker *to)
{
	const struct event_type *t = ev->type;
	struct source_struct event = {t->fields, t->nfields, ev->data};
	size_t i, j;

	for (i = 0; i < t->npostings; i++) {
		const struct posting *p = &t->postings[i];
		const struct field *f;
		const struct list *list;

		if (!p->list || !*p->list) {
			TRY(post(op, p, &(struct source_struct){0}, &event, to));
			continue;
		}
		f = field_find(t->fields, t->nfields, str_of(p->list));
		list = (const struct list *)(const void *)(event.st + f->offset);
		for (j = 0; j < list->n; j++) {
			struct source_struct item = {f->list_of, f->list_n,
			                             (const char *)list->items + j * f->list_size};
			TRY(post(op, p, &item, &event, to));
		}
	}
	return RC_OK;
}

enum rc book_apply(struct op *op, const struct event *ev)
{
	return post_all(op, ev, &(struct taker){post_one, NULL});
}

enum rc book_balance(struct op *op, struct str asset, struct str holder, int64_t *ret)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_text(asset), sql_text(holder)), &rows));
	*ret = rows_next(&rows) ? rows_int(&rows, 0) : 0;
	return RC_OK;
}

static void collect(struct op *op, struct rows *rows, bool holders, struct balance **ret,
                    size_t *ret_n)
{
	struct balance *list = NULL;
	size_t n = 0, cap = 0;

	while (rows_next(rows)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n].asset = rows_dup(op->arena, rows, 0);
		list[n].holder = holders ? rows_dup(op->arena, rows, 1) : STR("");
		list[n++].qty = rows_int(rows, holders ? 2 : 1);
	}
	*ret = list;
	*ret_n = n;
}

enum rc book_list(struct op *op, struct str place, struct balance **ret, size_t *ret_n)
{
	AUTO(rows) rows = {0};

	if (!place.n) {
		TRY(sql_query(op, &SQL[Q_ALL], NO_ARGS, &rows));
	} else {
		struct str low, high;

		place_below(op->arena, place, &low, &high);
		TRY(sql_query(op, &SQL[Q_UNDER], ARGS(sql_text(place), sql_text(low), sql_text(high)),
		              &rows));
	}
	collect(op, &rows, true, ret, ret_n);
	return RC_OK;
}

/* Balances of a place in another arena than the entries that change them. */
struct past {
	struct op *keep;
	struct str place;
	struct balance *list;
	size_t n, cap;
};

static enum rc take_back(struct op *op, void *ctx, struct str asset, struct str holder, int64_t qty)
{
	struct past *p = ctx;

	(void)op;
	if (p->place.n && !place_covers(p->place, holder))
		return RC_OK;
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->list[i].asset, asset) && str_eq(p->list[i].holder, holder)) {
			p->list[i].qty -= qty;
			return RC_OK;
		}
	p->list = arena_room(p->keep->arena, p->list, p->n, &p->cap, sizeof(*p->list));
	p->list[p->n++] = (struct balance){str_copy(p->keep->arena, asset),
	                                   str_copy(p->keep->arena, holder), -qty};
	return RC_OK;
}

static enum rc take_back_entry(struct op *op, void *ctx, uint64_t index, struct str entry,
                               const struct hash *leaf)
{
	struct past *p = ctx;
	struct event ev;
	enum rc rc;

	(void)index, (void)leaf;
	rc = event_read(op, p->keep->run->modules, entry, &ev);
	if (rc == RC_OK && ev.type)
		rc = post_all(op, &ev, &(struct taker){take_back, p});
	if (rc != RC_OK)
		p->keep->err = op->err;
	arena_reset(op->arena);
	return rc;
}

static int by_asset(const void *a, const void *b)
{
	const struct balance *x = a, *y = b;
	int c = str_cmp(x->asset, y->asset);

	return c ? c : str_cmp(x->holder, y->holder);
}

/* The balances as the projections have them now, and from which entry on that is. */
static enum rc list_now(struct op *op, struct past *p, int64_t *ret_at)
{
	enum { TRIES = 20 };
	int64_t before = -1;

	for (int i = 0; i < TRIES; i++) {
		TRY(projection_at(op, op->db, &before));
		TRY(book_list(op, p->place, &p->list, &p->n));
		TRY(projection_at(op, op->db, ret_at));
		if (before == *ret_at)
			return RC_OK;
	}
	return fail(op, RC_BUSY, "", "", "账目正在变动，请稍后重试", "the books are moving; try again");
}

enum rc book_list_before(struct op *op, struct str place, int64_t index, struct balance **ret,
                         size_t *ret_n)
{
	struct past p = {.keep = op, .place = place};
	struct arena brief = {0};
	struct op one = {.arena = &brief, .db = op->db, .run = op->run};
	size_t n = 0;
	int64_t at;
	enum rc rc;

	TRY(list_now(op, &p, &at));
	if (index < 0 || index > at || at - index > BOOK_BACK)
		return fail(op, RC_INVALID, "as_of", "",
		            "as_of 应在 %lld 至 %lld 之间（更早的请用 db rebuild --until）",
		            "as_of is %lld to %lld (for what lies further back: db rebuild --until)",
		            (long long)(at > BOOK_BACK ? at - BOOK_BACK : 0), (long long)at);
	p.cap = p.n;
	rc = ledger_scan(&one, &op->run->writer->ledger, (uint64_t)index, (uint64_t)at,
	                 take_back_entry, &p);
	arena_release(&brief);
	TRY(rc);
	for (size_t i = 0; i < p.n; i++)
		if (p.list[i].qty)
			p.list[n++] = p.list[i];
	if (n)
		qsort(p.list, n, sizeof(*p.list), by_asset);
	*ret = p.list;
	*ret_n = n;
	return RC_OK;
}

enum rc book_unbalanced(struct op *op, struct balance **ret, size_t *ret_n)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_SUMS], NO_ARGS, &rows));
	collect(op, &rows, false, ret, ret_n);
	return RC_OK;
}

const struct module book_module = {
	.name = "book", .group = "engine", .rev = 1, .zh = "账簿", .en = "books",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL),
};
