/* SPDX-License-Identifier: Apache-2.0 */
/* read.c -- questions that no view's rows answer: what a bag or box went through, the books of a
 * place, the list of entries; each as it is or as it was before an entry (as_of).
 *
 * Whose answer it may be is a right (engine/view.h) at the place asked for.
 */
#include "http/reading.h"

#include "domain/custody/custody.h"
#include "engine/authority.h"
#include "engine/book.h"
#include "engine/event.h"
#include "engine/writer.h"
#include "http/problem.h"

/* A step is an entry, told to those who look after papers there and to whoever may read that entry
 * (read_entry.c): an auditor follows a bag himself.  Steps at places that the grants do not cover
 * are counted and not told; none at all is a code that nobody knows. */
static enum rc get_trace(struct op *op, const struct reading *q, struct json *o)
{
	struct arena *a = op->arena;
	struct json *list = json_new_array(a);
	struct custody_step *s;
	size_t n, told = 0;

	TRY(custody_trace(op, str_copy(a, q->what), q->as_of, &s, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *step;

		if (!reading_may(op, q, CUSTODY_READ, s[i].place) &&
		    !reading_may(op, q, LEDGER_READ, s[i].place))
			continue;
		told++;
		step = json_new_object(a);
		json_set_str(a, step, "event", s[i].event);
		json_set_str(a, step, "holder", s[i].holder);
		json_set_int(a, step, "index", s[i].index);
		json_set_str(a, step, "place", s[i].place);
		json_set_str(a, step, "time", clock_format_utc(a, s[i].at_ms));
		json_put(list, NULL, step);
	}
	if (!told)
		return fail(op, RC_NOT_FOUND, "code", "", "台账里没有编号 " STR_FMT,
		            "the ledger knows no number " STR_FMT, STR_ARG(q->what));
	json_set_str(a, o, "code", q->what);
	json_put(o, "steps", list);
	json_set_int(a, o, "withheld", (int64_t)(n - told));
	return RC_OK;
}

static struct json *balances_json(struct arena *a, const struct balance *b, size_t n)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < n; i++) {
		struct json *row = json_new_object(a);

		json_set_str(a, row, "asset", b[i].asset);
		json_set_str(a, row, "holder", b[i].holder);
		json_set_int(a, row, "qty", b[i].qty);
		json_put(list, NULL, row);
	}
	return list;
}

static enum rc put_holdings(struct op *op, const struct reading *q, struct json *o)
{
	struct arena *a = op->arena;
	struct json *list = json_new_array(a);
	struct custody_holding *h;
	size_t n;

	TRY(custody_holdings(op, q->what, &h, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *row = json_new_object(a);

		json_set_int(a, row, "bags", h[i].bags);
		json_set_int(a, row, "copies", h[i].copies);
		json_set_str(a, row, "holder", h[i].holder);
		json_set_str(a, row, "state", str_of(bag_state_text(h[i].state)));
		json_put(list, NULL, row);
	}
	json_put(o, "holdings", list);
	return RC_OK;
}

static enum rc get_balance(struct op *op, const struct reading *q, struct json *o)
{
	struct balance *b;
	size_t n;

	if (!reading_may(op, q, CUSTODY_READ, q->what))
		return fail(op, RC_DENIED, "place", "", "此处试卷账目不在授权范围内",
		            "the books of this place are not under your grants");
	if (q->as_of < 0) {
		TRY(book_list(op, q->what, &b, &n));
		TRY(put_holdings(op, q, o));
	} else {
		TRY(book_list_before(op, q->what, q->as_of, &b, &n));
		json_set_null(op->arena, o, "holdings");
	}
	json_put(o, "balances", balances_json(op->arena, b, n));
	json_set_str(op->arena, o, "place", q->what);
	return RC_OK;
}

struct listing {
	struct op *keep;
	struct json *list;
};

static enum rc list_entry(struct op *op, void *ctx, uint64_t index, struct str entry,
                          const struct hash *leaf)
{
	struct listing *l = ctx;
	struct arena *a = l->keep->arena;
	struct json *o = json_new_object(a);
	struct event ev;

	TRY(event_read(op, l->keep->run->modules, entry, &ev));
	json_set_int(a, o, "index", (int64_t)index);
	json_set_str(a, o, "leaf", hash_hex(a, leaf));
	json_set_str(a, o, "place", str_copy(a, ev.place));
	json_set_str(a, o, "time", clock_format_utc(a, ev.recorded_ms));
	json_set_str(a, o, "type", str_copy(a, ev.name));
	json_put(l->list, NULL, o);
	arena_reset(op->arena);
	return RC_OK;
}

static enum rc get_entries(struct op *op, const struct reading *q, struct json *o)
{
	const struct ledger *l = &op->run->writer->ledger;
	struct arena brief = {0};
	struct op one = {.arena = &brief};
	struct listing to = {op, json_new_array(op->arena)};
	uint64_t from = (uint64_t)q->after, end = l->tree.size;
	enum rc rc;

	if (!reading_may(op, q, LEDGER_READ, (struct str){"", 0}))
		return fail(op, RC_DENIED, "", "", "台账目录限审计、纪检和经授权的查阅员",
		            "the list of entries is for auditors, discipline inspection and readers of "
		            "the ledger");
	if (q->as_of >= 0 && (uint64_t)q->as_of < end)
		end = (uint64_t)q->as_of;
	from = from < end ? from : end;
	if (end - from > (uint64_t)q->limit)
		end = from + (uint64_t)q->limit;
	rc = ledger_scan(&one, l, from, end, list_entry, &to);
	op->err = one.err;
	arena_release(&brief);
	TRY(rc);
	json_put(o, "items", to.list);
	if (end < l->tree.size && (q->as_of < 0 || end < (uint64_t)q->as_of))
		json_set_str(op->arena, o, "next", str_fmt(op->arena, "%llu", (unsigned long long)end));
	else
		json_set_null(op->arena, o, "next");
	return RC_OK;
}

static void trace(const struct asked *a, struct exchange *x)
{
	if (code_valid(a->rest))
		reading_begin(a, x, a->rest, get_trace);
	else
		problem_say(x, 404, "没有此编号", "there is no such number");
}

static void balance(const struct asked *a, struct exchange *x)
{
	struct str place = exchange_query(x, "place");

	reading_begin(a, x, place.s ? place : STR(""), get_balance);
}

static void entries(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, (struct str){"", 0}, get_entries);
}

#define AS_OF {"as_of", "query", "index", false, "只看此序号之前", "as it was before this entry"}
static const struct route_param TRACE_ASKS[] = {
	READING_MIN_INDEX,
	{"code", "path", "cursor", true, "试卷袋或试卷箱编号", "a bag's or box's number"},
	AS_OF,
};
static const struct route_param BALANCE_ASKS[] = {
	READING_MIN_INDEX,
	{"place", "query", "cursor", false, "地点路径；不写：全部", "a path; everything when not said"},
	AS_OF,
};
static const struct route_param ENTRIES_ASKS[] = {
	{"limit", "query", "limit", false, "每页行数，默认 200", "rows of a page, 200 when not said"},
	{"after", "query", "cursor", false, "从此序号起；上一页的 next",
	 "from this index on: `next` of the page before"},
	AS_OF,
};
static const struct route_answer TRACE[] = {
	{200, "application/json", "trace", "全程轨迹", "its whole life"},
};
static const struct route_answer BALANCE[] = {
	{200, "application/json", "balance", "账目", "the books"},
};
static const struct route_answer ENTRIES[] = {
	{200, "application/json", "entries", "台账目录", "a page of entries"},
};
static const int TRACE_PROBLEMS[] = {400, 401, 404, 409, 500, 503, 0};
static const int PROBLEMS[] = {400, 401, 403, 409, 422, 500, 503, 0};

const struct route READ_ROUTES[] = {
	{"GET", "/api/v1/custody/trace/{code}", ROUTE_CALLER, .handle = trace, PARAMS(TRACE_ASKS),
	 ANSWERS(TRACE), .problems = TRACE_PROBLEMS, .zh = "一袋（箱）的全程轨迹",
	 .en = "one bag's (or box's) whole life"},
	{"GET", "/api/v1/custody/balance", ROUTE_CALLER, .handle = balance, PARAMS(BALANCE_ASKS),
	 ANSWERS(BALANCE), .problems = PROBLEMS, .zh = "一处的账", .en = "the books of a place"},
	{"GET", "/api/v1/ledger/entries", ROUTE_CALLER, .handle = entries, PARAMS(ENTRIES_ASKS),
	 ANSWERS(ENTRIES), .problems = PROBLEMS, .zh = "台账目录", .en = "the list of entries"},
};
const size_t READ_NROUTES = COUNT(READ_ROUTES);
