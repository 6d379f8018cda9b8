/* SPDX-License-Identifier: Apache-2.0 */
/* books.c -- see books.h.
 *
 * A posting is carried out on the entry's own bytes: names are members of the item, else of the
 * event, and what is absent is "" or 0, as in the writer's field tables.
 */
#include "audit/books.h"

struct account {
	struct str asset, holder;
	int64_t qty, last; /* last: index of the newest posting */
	int64_t short_at;  /* where it fell below zero in the operation at hand */
	bool reported, compared;
	struct account *older;
	struct account *short_next; /* of those below zero in the operation at hand */
};

void books_init(struct books *b, struct report *r, struct arena *keep)
{
	*b = (struct books){.report = r, .keep = keep};
	map_init(&b->accounts, keep);
}

static struct account *account_of(struct books *b, struct op *op, struct str asset,
                                  struct str holder, bool make)
{
	struct strbuf key;
	struct account *a;

	strbuf_init(&key, op->arena);
	strbuf_adds(&key, asset);
	strbuf_addc(&key, '\0'); /* JSON of the ledger has no U+0000 */
	strbuf_adds(&key, holder);
	a = map_get(&b->accounts, (struct str){key.s, key.n});
	if (a != NULL || !make)
		return a;
	a = ARENA_NEW(b->keep, struct account);
	*a = (struct account){.asset = str_copy(b->keep, asset),
	                      .holder = str_copy(b->keep, holder),
	                      .last = NO_INDEX, .short_at = NO_INDEX,
	                      .older = b->newest};
	b->newest = a;
	map_set(&b->accounts, (struct str){key.s, key.n}, a);
	return a;
}

/* Accounts that are no holders and may be less than nothing. */
static bool is_open(struct str holder)
{
	return str_is(holder, "printed") || str_is(holder, "missing") || str_is(holder, "moved");
}

static void add(struct books *b, struct op *op, int64_t position, struct str asset,
                struct str holder, int64_t qty)
{
	struct account *a = account_of(b, op, asset, holder, true);

	a->last = position;
	if (__builtin_add_overflow(a->qty, qty, &a->qty)) {
		a->qty = 0;
		report_add(b->report, FINDING_BOOK, position, "数量超出可表示范围",
		           "a quantity is out of range");
	}
	if (a->qty >= 0 || is_open(holder) || a->reported || a->short_at != NO_INDEX)
		return;
	a->short_at = position;
	a->short_next = b->below_zero;
	b->below_zero = a;
}

/* The operation has ended: who still has less than nothing? */
static void settle(struct books *b)
{
	struct account *a = b->below_zero, *next;

	for (b->below_zero = NULL; a != NULL; a = next) {
		struct str asset = report_clip(a->asset), holder = report_clip(a->holder);

		next = a->short_next;
		if (a->qty < 0) {
			a->reported = true;
			report_add(b->report, FINDING_BOOK, a->short_at,
			           "“" STR_FMT "”在“" STR_FMT "”名下结存为负：%lld",
			           "the balance of \"" STR_FMT "\" held by \"" STR_FMT
			           "\" becomes negative: %lld",
			           STR_ARG(asset), STR_ARG(holder), (long long)a->qty);
		}
		a->short_at = NO_INDEX;
	}
}

void books_end(struct books *b)
{
	settle(b);
}

static const struct json *field(const struct json *item, const struct json *event, struct str name)
{
	const struct json *v = item != NULL ? json_get(item, name.s) : NULL;

	return v != NULL ? v : json_get(event, name.s);
}

/* The text of an account or asset.  False: it is there and no text. */
static bool text(const struct json *item, const struct json *event, struct str name,
                 struct str *ret)
{
	const struct json *v;

	if (name.n > 0 && name.s[0] == '=') {
		*ret = str_of(name.s + 1);
		return true;
	}
	v = field(item, event, name);
	*ret = v != NULL ? v->s : STR("");
	return v == NULL || v->type == JSON_STR;
}

static void post(struct books *b, struct op *op, int64_t position, const struct rule_posting *p,
                 const struct json *item, const struct json *event)
{
	const struct json *qty = field(item, event, p->qty);
	struct str asset, from, to;

	if (qty == NULL || (qty->type == JSON_INT && qty->i == 0))
		return;
	if (qty->type != JSON_INT || !text(item, event, p->asset, &asset) ||
	    !text(item, event, p->from, &from) || !text(item, event, p->to, &to)) {
		report_add(b->report, FINDING_BOOK, position, "无法记账：数量、品种或保管方不合格式",
		           "cannot be posted: quantity, asset or holder is malformed");
		b->unread = true;
		return;
	}
	add(b, op, position, asset, from, -qty->i);
	add(b, op, position, asset, to, qty->i);
}

void books_apply(struct books *b, struct op *op, int64_t position, const struct rules *rules,
                 const struct entry *e)
{
	const struct rule_event *r = rules != NULL ? map_get(&rules->events, e->type) : NULL;

	if (e->cause == NO_INDEX)
		settle(b); /* a new operation: what follows from an entry names it */
	for (size_t i = 0; r != NULL && i < r->npostings; i++) {
		const struct rule_posting *p = &r->postings[i];
		const struct json *list;

		if (p->list.n == 0) {
			post(b, op, position, p, NULL, e->data);
			continue;
		}
		list = json_get(e->data, p->list.s);
		if (list == NULL || list->type != JSON_ARRAY)
			continue;
		for (const struct json *o = list->first; o != NULL; o = o->next)
			if (o->type == JSON_OBJECT)
				post(b, op, position, p, o, e->data);
	}
}

int64_t books_qty(struct books *b, struct op *op, struct str asset, struct str holder,
                  int64_t *ret_last)
{
	const struct account *a = account_of(b, op, asset, holder, false);

	*ret_last = a != NULL ? a->last : NO_INDEX;
	return a != NULL ? a->qty : 0;
}

void books_each(const struct books *b,
                void (*each)(void *ctx, struct str asset, struct str holder, int64_t qty,
                             int64_t last),
                void *ctx)
{
	for (const struct account *a = b->newest; a != NULL; a = a->older)
		each(ctx, a->asset, a->holder, a->qty, a->last);
}

struct comparison {
	struct books *books;
	struct op *op;
};

static void compare_one(void *ctx, struct str asset, struct str holder, int64_t qty)
{
	struct comparison *c = ctx;
	struct account *a = account_of(c->books, c->op, asset, holder, false);
	struct str shown_asset = report_clip(asset), shown_holder = report_clip(holder);

	if (a != NULL)
		a->compared = true;
	if ((a != NULL ? a->qty : 0) == qty)
		return;
	report_add(c->books->report, FINDING_BOOK, a != NULL ? a->last : NO_INDEX,
	           "视图账与台账不符：“" STR_FMT "”在“" STR_FMT "”名下视图数据为 %lld，台账为 %lld",
	           "the projection differs from the ledger: \"" STR_FMT "\" held by \"" STR_FMT
	           "\" is %lld there and %lld by the ledger",
	           STR_ARG(shown_asset), STR_ARG(shown_holder), (long long)qty,
	           (long long)(a != NULL ? a->qty : 0));
}

void books_compare(struct books *b, struct op *op, const struct source *s)
{
	struct comparison c = {.books = b, .op = op};

	if (b->unread) {
		report_unchecked(b->report, FINDING_BOOK, "有记录因缺规则而无法记账，未与视图账比对",
		                 "some entries could not be posted for want of rules: the "
		                 "projections were not compared");
		return;
	}
	if (source_balances(op, s, compare_one, &c) != RC_OK) {
		report_add(b->report, FINDING_BOOK, NO_INDEX, "视图账无法读取：%s%.0s",
		           "the projected balances cannot be read: %.0s%s", op->err.zh, op->err.en);
		return;
	}
	for (struct account *a = b->newest; a != NULL; a = a->older)
		if (!a->compared && a->qty != 0)
			compare_one(&c, a->asset, a->holder, 0);
}
