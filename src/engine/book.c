/* SPDX-License-Identifier: Apache-2.0 */
/* book.c -- double entries from the postings of events; see book.h.
 *
 * A posting is carried out by reading the event's struct through its field table, the same rows
 * that gongyuan-audit reads from rules.json, so the two book-keepers can be compared.
 */
#include "engine/book.h"

#include "engine/engine.h"
#include "engine/field.h"
#include "engine/module.h"

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

static enum rc post_one(struct op *op, struct str asset, struct str holder, int64_t qty)
{
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

static enum rc post(struct op *op, const struct posting *p, const struct source_struct *item,
                    const struct source_struct *event)
{
	int64_t qty = *(const int64_t *)member(item, event, p->qty);
	struct str asset = account(item, event, p->asset);

	if (qty == 0)
		return RC_OK;
	TRY(post_one(op, asset, account(item, event, p->from), -qty));
	return post_one(op, asset, account(item, event, p->to), qty);
}

enum rc book_apply(struct op *op, const struct event *ev)
{
	const struct event_type *t = ev->type;
	struct source_struct event = {t->fields, t->nfields, ev->data};
	size_t i, j;

	for (i = 0; i < t->npostings; i++) {
		const struct posting *p = &t->postings[i];
		const struct field *f;
		const struct list *list;

		if (!p->list || !*p->list) {
			TRY(post(op, p, &(struct source_struct){0}, &event));
			continue;
		}
		f = field_find(t->fields, t->nfields, str_of(p->list));
		list = (const struct list *)(const void *)(event.st + f->offset);
		for (j = 0; j < list->n; j++) {
			struct source_struct item = {f->list_of, f->list_n,
			                             (const char *)list->items + j * f->list_size};
			TRY(post(op, p, &item, &event));
		}
	}
	return RC_OK;
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
