/* SPDX-License-Identifier: Apache-2.0 */
/* report_gather.c -- the parts that come from rosters, plans, zero-reports, expectations and the
 * duty room's desk; see report.h.
 */
#include "domain/duty/report.h"

#include "base/clock.h"
#include "base/limits.h"
#include "domain/arrange/arrange.h"
#include "domain/duty/duty.h"
#include "engine/expect.h"
#include "engine/order.h"
#include "ledger/ledger.h"

int64_t day_index(int64_t id)
{
	return id & ((1LL << 33) - 1); /* ids are node * 2^33 + index */
}

void day_mark(struct day_report *d, struct json *o, int64_t first, int64_t last)
{
	json_set_int(d->op->arena, o, "first", first);
	json_set_int(d->op->arena, o, "last", last);
}

bool day_has(const struct day_report *d, const struct profile_session *s)
{
	return d->session.n ? str_eq(s->id, d->session)
	                    : d->from_ms <= s->start_ms && s->start_ms < d->to_ms;
}

static void widen(int64_t index, int64_t *first, int64_t *last)
{
	if (index < 0)
		return;
	if (*first < 0 || index < *first)
		*first = index;
	if (index > *last)
		*last = index;
}

static void put_time(struct day_report *d, struct json *o, const char *key, int64_t ms)
{
	if (ms > 0)
		json_set_str(d->op->arena, o, key, day_time(d, ms));
	else
		json_set_null(d->op->arena, o, key);
}

static void put_person(struct day_report *d, struct json *o, const char *key, struct person_id who)
{
	if (who.v)
		json_set_str(d->op->arena, o, key, day_person(d, who));
	else
		json_set_null(d->op->arena, o, key);
}

/* The entries of the day. */
static enum rc entry_time(struct day_report *d, int64_t index, int64_t *ret_ms)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena, .db = d->op->db, .now_ms = d->op->now_ms};
	struct str bytes;
	struct hash leaf;
	struct json *e;
	enum rc rc = ledger_entry(&op, d->ledger, (uint64_t)index, &bytes, &leaf);

	if (rc == RC_OK)
		rc = json_read(&op, bytes, &e);
	if (rc == RC_OK && !clock_parse(json_str(e, "time"), ret_ms))
		rc = fail(&op, RC_BROKEN, "time", "", "第 %lld 条没有时间", "entry %lld has no time",
		          (long long)index);
	if (rc != RC_OK)
		d->op->err = op.err;
	arena_release(&arena);
	return rc;
}

/* The first entry not before t; ledger time never goes back. */
static enum rc first_from(struct day_report *d, int64_t t_ms, int64_t *ret)
{
	int64_t low = 0, high = d->size;

	while (low < high) {
		int64_t mid = low + (high - low) / 2, at;

		TRY(entry_time(d, mid, &at));
		if (at < t_ms)
			low = mid + 1;
		else
			high = mid;
	}
	*ret = low;
	return RC_OK;
}

enum rc day_range(struct day_report *d)
{
	int64_t from, to;

	TRY(first_from(d, d->from_ms, &from));
	TRY(first_from(d, d->to_ms, &to));
	d->first = from < to ? from : -1;
	d->last = from < to ? to - 1 : -1;
	return RC_OK;
}

/* Who was on duty. */
static const char *const POST[] = {
#define X(id, text) text,
	DUTY_POSTS(X)
#undef X
};

enum rc day_people(struct day_report *d)
{
	struct arena *a = d->op->arena;
	struct json *list = json_new_array(a);
	struct duty_shift *s;
	size_t n;

	TRY(duty_shifts(d->op, d->place, d->from_ms, d->to_ms, &s, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(a);

		json_set_str(a, o, "shift", s[i].code);
		json_set_str(a, o, "place", s[i].place);
		json_set_str(a, o, "post", str_of(POST[s[i].post]));
		put_person(d, o, "person", s[i].person);
		put_person(d, o, "deputy", s[i].deputy);
		put_time(d, o, "from", s[i].from_ms);
		put_time(d, o, "until", s[i].until_ms);
		put_person(d, o, "present", s[i].present);
		json_set_int(a, o, "signed_in", s[i].signed_in);
		json_set_int(a, o, "handed_over", s[i].handed);
		json_put(list, NULL, o);
	}
	json_put(d->doc, "duty", list);
	return RC_OK;
}

/* Sessions: the plan, and what was reported of it. */
static void put_missing(struct day_report *d, struct json *list, const struct expectation *e)
{
	static const char *const STATE[] = {
#define X(id, text) text,
		EXPECT_STATES(X)
#undef X
	};
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "place", e->place);
	json_set_str(a, o, "state", str_of(STATE[e->state]));
	put_time(d, o, "due", e->due_ms);
	day_mark(d, o, e->opened, e->met >= 0 ? e->met : e->opened);
	json_put(list, NULL, o);
}

/* Of the session's zero-reports: how many are due by now, and those late or missing. */
static enum rc put_reports(struct day_report *d, struct json *o, struct str session)
{
	struct json *late = json_new_array(d->op->arena);
	struct expectation *e;
	int64_t due = 0, made = 0;
	size_t n;

	TRY(expect_list(d->op, d->place, -1, &e, &n));
	for (size_t i = 0; i < n; i++) {
		if (!str_starts(e[i].rule, STR("duty.zero_")) || !str_eq(e[i].session, session) ||
		    e[i].state == EXPECT_VOIDED)
			continue;
		due++;
		made += e[i].met >= 0 && e[i].state != EXPECT_LAPSED;
		if (e[i].state == EXPECT_LATE || e[i].state == EXPECT_LAPSED)
			put_missing(d, late, &e[i]);
	}
	json_set_int(d->op->arena, o, "reports_due", due);
	json_set_int(d->op->arena, o, "reports_made", made);
	json_put(o, "late", late);
	return RC_OK;
}

static enum rc put_sites(struct day_report *d, struct json *o, struct str session)
{
	struct arena *a = d->op->arena;
	struct site_plan *s;
	int64_t rooms = 0, seats = 0;
	size_t n;

	TRY(arrange_sites(d->op, session, d->place, &s, &n));
	for (size_t i = 0; i < n; i++) {
		rooms += s[i].rooms;
		seats += s[i].seats;
	}
	json_set_int(a, o, "sites", (int64_t)n);
	json_set_int(a, o, "rooms", rooms);
	json_set_int(a, o, "candidates", seats);
	json_set_str(a, o, "query", STR("arrange/sites"));
	return RC_OK;
}

/* Sums of the sites' reports. */
static enum rc put_numbers(struct day_report *d, struct json *o, struct str session)
{
	struct arena *a = d->op->arena;
	struct duty_zero *z, sum = {0};
	int64_t first = -1, last = -1;
	size_t n;

	TRY(duty_zeros(d->op, session, d->place, &z, &n));
	for (size_t i = 0; i < n; i++) {
		if (place_level(z[i].place) != LEVEL_SITE)
			continue;
#define X(member) sum.member += z[i].member;
		ZERO_CATEGORIES(X)
#undef X
		widen(z[i].index, &first, &last);
	}
#define X(member) json_set_int(a, o, #member, sum.member);
	ZERO_CATEGORIES(X)
#undef X
	day_mark(d, o, first, last);
	return RC_OK;
}

enum rc day_sessions(struct day_report *d)
{
	const struct profile *p = d->profile;
	struct arena *a = d->op->arena;
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *s = &p->sessions[i];
		struct json *o;

		if (!day_has(d, s))
			continue;
		o = json_new_object(a);
		json_set_str(a, o, "session", s->id);
		put_time(d, o, "start", s->start_ms);
		put_time(d, o, "end", s->end_ms);
		TRY(put_sites(d, o, s->id));
		TRY(put_numbers(d, o, s->id));
		TRY(put_reports(d, o, s->id));
		json_put(list, NULL, o);
	}
	json_put(d->doc, "sessions", list);
	return RC_OK;
}

/* What was due on the day, by rule; rules where all was in time are one line. */
struct by_rule {
	struct str rule;
	int64_t n[EXPECT_STATE_MAX], first, last;
};

static struct by_rule *rule_of(struct arena *a, struct by_rule *list, size_t *n, struct str rule)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq(list[i].rule, rule))
			return &list[i];
	list[*n] = (struct by_rule){.rule = str_copy(a, rule), .first = -1, .last = -1};
	return &list[(*n)++];
}

static void put_states(struct day_report *d, struct json *o, const struct by_rule *r)
{
#define X(id, text) json_set_int(d->op->arena, o, text, r->n[EXPECT_##id]);
	EXPECT_STATES(X)
#undef X
	day_mark(d, o, r->first, r->last);
}

enum rc day_expected(struct day_report *d)
{
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a), *rules = json_new_array(a);
	struct by_rule *by, all = {.first = -1, .last = -1};
	struct expectation *e;
	size_t n, nby = 0;

	TRY(expect_list(d->op, d->place, -1, &e, &n));
	by = arena_array(a, n + 1, sizeof(*by));
	for (size_t i = 0; i < n; i++) {
		struct by_rule *r;

		if (d->session.n ? !str_eq(e[i].session, d->session)
		                 : e[i].due_ms < d->from_ms || e[i].due_ms >= d->to_ms)
			continue;
		r = rule_of(a, by, &nby, e[i].rule);
		r->n[e[i].state]++;
		all.n[e[i].state]++;
		widen(e[i].opened, &r->first, &r->last);
		widen(e[i].met, &r->first, &r->last);
		widen(e[i].opened, &all.first, &all.last);
		widen(e[i].met, &all.first, &all.last);
	}
	put_states(d, o, &all);
	json_set_str(a, o, "query", STR("expect list --state all"));
	for (size_t i = 0; i < nby; i++) {
		struct json *x = json_new_object(a);

		json_set_str(a, x, "rule", by[i].rule);
		put_states(d, x, &by[i]);
		json_put(rules, NULL, x);
	}
	json_put(o, "rules", rules);
	json_put(d->doc, "expected", o);
	return RC_OK;
}

/* The desk: orders, telephone, exceptions, tips. */
static enum rc put_orders(struct day_report *d)
{
	struct arena *a = d->op->arena;
	struct json *list = json_new_array(a);
	struct duty_order_line *x;
	size_t n;

	TRY(duty_orders(d->op, d->place, d->from_ms, d->to_ms, &x, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o;

		o = json_new_object(a);
		json_set_str(a, o, "order", x[i].order);
		json_set_str(a, o, "place", x[i].place);
		put_time(d, o, "issued", x[i].issued_ms);
		put_time(d, o, "signed", x[i].signed_ms);
		put_time(d, o, "answered", x[i].answered_ms);
		json_set_bool(a, o, "done", x[i].done);
		json_set_bool(a, o, "withdrawn", x[i].withdrawn);
		day_mark(d, o, x[i].issued,
		         x[i].answered >= 0 ? x[i].answered
		                            : x[i].signed_for >= 0 ? x[i].signed_for : x[i].issued);
		json_put(list, NULL, o);
	}
	json_put(d->doc, "orders", list);
	return RC_OK;
}

static enum rc put_calls(struct day_report *d)
{
	struct arena *a = d->op->arena;
	struct json *list = json_new_array(a);
	struct duty_call *x;
	size_t n;

	TRY(duty_calls(d->op, d->place, d->from_ms, d->to_ms, &x, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o;

		o = json_new_object(a);
		json_set_int(a, o, "call", x[i].id.v);
		json_set_str(a, o, "place", x[i].place);
		json_set_str(a, o, "decision", x[i].decision);
		put_person(d, o, "decider", x[i].decider);
		put_person(d, o, "taker", x[i].taker);
		put_time(d, o, "minute", x[i].minute_ms);
		json_set_bool(a, o, "approved", x[i].approved);
		json_set_bool(a, o, "countersigned", x[i].signed_at >= 0);
		day_mark(d, o, x[i].index, x[i].signed_at >= 0 ? x[i].signed_at : x[i].index);
		json_put(list, NULL, o);
	}
	json_put(d->doc, "calls", list);
	return RC_OK;
}

static enum rc put_exceptions(struct day_report *d)
{
	struct arena *a = d->op->arena;
	struct json *list = json_new_array(a);
	struct order_exception *x;
	size_t n;

	TRY(order_exceptions(d->op, d->place, d->first < 0 ? LIMIT_INT : d->first, d->last + 1, &x,
	                     &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(a);

		json_set_str(a, o, "command", x[i].command);
		json_set_str(a, o, "place", x[i].place);
		put_person(d, o, "actor", x[i].actor);
		put_person(d, o, "approver", x[i].approver);
		day_mark(d, o, x[i].index, x[i].index);
		json_put(list, NULL, o);
	}
	json_put(d->doc, "exceptions", list);
	return RC_OK;
}

/* Numbers alone: what a tip says is sealed. */
static enum rc put_tips(struct day_report *d)
{
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a);
	int64_t received = 0, accepted = 0, triaged = 0, closed = 0, first = -1, last = -1;
	struct duty_tip *x;
	size_t n;

	TRY(duty_tips(d->op, d->place, d->from_ms, d->to_ms, &x, &n));
	for (size_t i = 0; i < n; i++) {
		received++;
		accepted += x[i].accepted_ms > 0;
		triaged += x[i].triaged_ms > 0;
		closed += x[i].closed_ms > 0;
		widen(day_index(x[i].id.v), &first, &last);
	}
	json_set_int(a, o, "received", received);
	json_set_int(a, o, "accepted", accepted);
	json_set_int(a, o, "triaged", triaged);
	json_set_int(a, o, "closed", closed);
	day_mark(d, o, first, last);
	json_put(d->doc, "tips", o);
	return RC_OK;
}

enum rc day_desk(struct day_report *d)
{
	TRY(put_orders(d));
	TRY(put_calls(d));
	TRY(put_exceptions(d));
	return put_tips(d);
}

/* The evening and the next day. */
enum rc day_next(struct day_report *d)
{
	const struct profile *p = d->profile;
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a), *list = json_new_array(a), *areas = json_new_array(a);
	struct duty_day *days;
	size_t n;

	TRY(duty_days(d->op, d->day, d->place, &days, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *x = json_new_object(a);

		json_set_str(a, x, "place", days[i].place);
		json_set_int(a, x, "store_reported", days[i].store);
		json_set_int(a, x, "closed", days[i].closed);
		put_time(d, x, "closed_at", days[i].closed_ms);
		put_time(d, x, "evening", days[i].evening_ms);
		json_put(areas, NULL, x);
	}
	json_put(d->doc, "closing", areas);
	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *s = &p->sessions[i];
		struct json *x;

		if (s->start_ms < d->to_ms || s->start_ms >= d->to_ms + (d->to_ms - d->from_ms))
			continue;
		x = json_new_object(a);
		json_set_str(a, x, "session", s->id);
		put_time(d, x, "start", s->start_ms);
		TRY(put_sites(d, x, s->id));
		json_put(list, NULL, x);
	}
	json_put(o, "sessions", list);
	json_put(d->doc, "next_day", o);
	return RC_OK;
}
