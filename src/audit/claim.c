/* SPDX-License-Identifier: Apache-2.0 */
/* claim.c -- see claim.h. */
#include "audit/claim.h"

#include "audit/source.h"
#include "base/limits.h"

enum rc claim_read(struct op *op, struct str path, struct claim *ret)
{
	struct str bytes;

	*ret = (struct claim){.path = path};
	if (!path.n)
		return RC_OK;
	TRY(source_file_read(op, path, LIMIT_JSON_BYTES, &bytes));
	TRY(json_read(op, bytes, &ret->doc));
	ret->place = json_str(ret->doc, "place");
	ret->size = json_int(json_get(ret->doc, "ledger"), "size", -1);
	if (!str_is(json_str(ret->doc, "report"), "day") || ret->size < 0 ||
	    !json_get(json_get(ret->doc, "papers"), "balances"))
		return fail(op, RC_INVALID, "report", "", "%s 不是值班日报（gongyuan day report --json）",
		            "%s is no day's report (gongyuan day report --json)", path.s);
	return RC_OK;
}

static void differs(struct books *b, int64_t at, const char *zh, const char *en, struct str what,
                    struct str of, int64_t said, int64_t known)
{
	struct str shown = report_clip(what), whose = report_clip(of);

	report_add(b->report, FINDING_BOOK, at,
	           "日报与台账不符：%s%.0s“" STR_FMT "”“" STR_FMT "”日报为 %lld，台账为 %lld",
	           "the report differs from the ledger: %.0s%s \"" STR_FMT "\" \"" STR_FMT
	           "\" is %lld there and %lld by the ledger",
	           zh, en, STR_ARG(shown), STR_ARG(whose), (long long)said, (long long)known);
}

static const struct json *items(const struct claim *c, const char *key)
{
	const struct json *list = json_get(json_get(c->doc, "papers"), key);

	return list && list->type == JSON_ARRAY ? list->first : NULL;
}

static bool is_under(struct str place, struct str holder)
{
	return !place.n || str_eq(place, holder) ||
	       (str_starts(holder, place) && holder.n > place.n && holder.s[place.n] == '/');
}

struct walk {
	struct claim *claim;
	struct books *books;
	struct op *op;
	struct map said;    /* asset, NUL, holder: said */
	struct str holder;  /* whose sum is made */
	int64_t sum, last;
};

static struct str key_of(struct op *op, struct str asset, struct str holder)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	strbuf_adds(&b, asset);
	strbuf_addc(&b, '\0');
	strbuf_adds(&b, holder);
	return (struct str){b.s, b.n};
}

static void compare_balances(struct walk *w)
{
	for (const struct json *o = items(w->claim, "balances"); o; o = o->next) {
		struct str asset = json_str(o, "asset"), holder = json_str(o, "holder");
		int64_t said = json_int(o, "qty", 0), last, known;

		known = books_qty(w->books, w->op, asset, holder, &last);
		map_set(&w->said, key_of(w->op, asset, holder), w->claim);
		if (said != known)
			differs(w->books, last, "结存", "the balance", asset, holder, said, known);
	}
}

static void left_out(void *ctx, struct str asset, struct str holder, int64_t qty, int64_t last)
{
	struct walk *w = ctx;

	if (qty && is_under(w->claim->place, holder) &&
	    !map_get(&w->said, key_of(w->op, asset, holder)))
		differs(w->books, last, "结存漏列", "left out: the balance", asset, holder, 0, qty);
}

static void add_holder(void *ctx, struct str asset, struct str holder, int64_t qty, int64_t last)
{
	struct walk *w = ctx;

	(void)asset;
	if (!str_eq(holder, w->holder))
		return;
	w->sum += qty;
	w->last = last > w->last ? last : w->last;
}

/* Rows of one holder stand together. */
static void compare_holdings(struct walk *w)
{
	const struct json *o = items(w->claim, "holdings");

	while (o) {
		struct str holder = json_str(o, "holder");
		int64_t said = 0;

		for (; o && str_eq(json_str(o, "holder"), holder); o = o->next)
			said += json_int(o, "copies", 0);
		if (str_is(holder, "missing"))
			continue; /* lost bags: their copies are in that book with others */
		w->holder = holder;
		w->sum = 0;
		w->last = NO_INDEX;
		books_each(w->books, add_holder, w);
		if (w->sum != said)
			differs(w->books, w->last, "在手份数", "copies held by", holder, STR(""), said, w->sum);
	}
}

static void compare_sessions(struct walk *w)
{
	static const char *const ACCOUNT[] = {"used", "spoiled"};

	if (w->claim->place.n)
		return; /* the accounts are of the whole ledger */
	for (const struct json *o = items(w->claim, "sessions"); o; o = o->next)
		for (size_t i = 0; i < COUNT(ACCOUNT); i++) {
			struct str asset = json_str(o, "asset");
			int64_t said = json_int(o, ACCOUNT[i], 0), last, known;

			known = books_qty(w->books, w->op, asset, str_of(ACCOUNT[i]), &last);
			if (said != known)
				differs(w->books, last, "科次合计", "a session's sum", asset, str_of(ACCOUNT[i]),
				        said, known);
		}
}

void claim_compare(struct claim *c, struct op *op, struct books *b, int64_t next)
{
	struct walk w = {.claim = c, .books = b, .op = op};

	if (!c->doc || c->compared || next != c->size)
		return;
	c->compared = true;
	if (b->unread) {
		report_unchecked(b->report, FINDING_BOOK, "有记录因缺规则而无法记账，未与日报比对",
		                 "some entries could not be posted for want of rules: the report "
		                 "was not compared");
		return;
	}
	map_init(&w.said, op->arena);
	compare_balances(&w);
	books_each(b, left_out, &w);
	compare_holdings(&w);
	compare_sessions(&w);
}

void claim_end(struct claim *c, struct op *op, struct books *b, int64_t next)
{
	claim_compare(c, op, b, next);
	if (c->doc && !c->compared)
		report_add(b->report, FINDING_BOOK, next,
		           "日报依据 %lld 条记录，台账却只有 %lld 条", "the report is of %lld entries, the "
		           "ledger has %lld", (long long)c->size, (long long)next);
}
