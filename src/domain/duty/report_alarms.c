/* SPDX-License-Identifier: Apache-2.0 */
/* report_alarms.c -- what was alarmed, who answered and how long it took; see report.h.
 *
 * The projection holds the newest acknowledgement alone, so answers are read from the entries.
 */
#include "domain/duty/report.h"

#include "base/clock.h"
#include "engine/alarm.h"
#include "ledger/ledger.h"

enum { STEP = 1024 }; /* entries read at once */

struct answered {
	const struct alarm *alarm;
	int64_t ack_ms, ack_at, close_ms, close_at; /* first acknowledgement; -1: none */
	struct person_id ack_by, close_by, second;
	struct str reason;
};

struct walk {
	struct day_report *d;
	struct answered *list;
	size_t n;
};

static struct answered *find(struct walk *w, int64_t id)
{
	size_t low = 0, high = w->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (w->list[mid].alarm->id.v < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->n && w->list[low].alarm->id.v == id ? &w->list[low] : NULL;
}

static void take_ack(struct answered *x, const struct json *data, int64_t at, int64_t index)
{
	if (x->ack_at >= 0)
		return;
	x->ack_ms = at;
	x->ack_at = index;
	x->ack_by.v = json_int(data, "who", 0);
}

static void take_close(struct walk *w, struct answered *x, const struct json *data, int64_t at,
                       int64_t index)
{
	x->close_ms = at;
	x->close_at = index;
	x->close_by.v = json_int(data, "who", 0);
	x->second.v = json_int(data, "second", 0);
	x->reason = str_copy(w->d->op->arena, json_str(data, "reason"));
}

/* Only these two types are read as JSON: a day has hundreds of thousands of others. */
static enum rc each(struct op *op, void *ctx, uint64_t index, struct str entry,
                    const struct hash *leaf)
{
	static const char ACK[] = "\"type\":\"alarm.acknowledged\"";
	static const char CLOSED[] = "\"type\":\"alarm.closed\"";
	struct walk *w = ctx;
	bool ack = memmem(entry.s, entry.n, ACK, sizeof(ACK) - 1) != NULL;
	const struct json *data;
	struct answered *x;
	struct json *e;
	int64_t at = 0;

	(void)leaf;
	if (!ack && !memmem(entry.s, entry.n, CLOSED, sizeof(CLOSED) - 1))
		return RC_OK;
	TRY(json_read(op, entry, &e));
	data = json_get(e, "data");
	x = find(w, json_int(data, "alarm", 0));
	if (!x || !clock_parse(json_str(e, "time"), &at))
		return RC_OK;
	if (str_is(json_str(e, "type"), "alarm.acknowledged"))
		take_ack(x, data, at, (int64_t)index);
	else if (str_is(json_str(e, "type"), "alarm.closed"))
		take_close(w, x, data, at, (int64_t)index);
	return RC_OK;
}

/* A day of a large city is hundreds of megabytes, so a step's memory is used again. */
static enum rc answers(struct walk *w, int64_t from)
{
	struct arena scratch = {0};
	struct op op = {.arena = &scratch, .db = w->d->op->db, .now_ms = w->d->op->now_ms};
	enum rc rc = RC_OK;

	for (int64_t i = from; i < w->d->size && rc == RC_OK; i += STEP) {
		int64_t to = i + STEP < w->d->size ? i + STEP : w->d->size;

		rc = ledger_scan(&op, w->d->ledger, (uint64_t)i, (uint64_t)to, each, w);
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	if (rc != RC_OK)
		w->d->op->err = op.err;
	return rc;
}

static void put_answer(struct day_report *d, struct json *o, const char *by, const char *at,
                       const char *took, struct person_id who, int64_t ms, int64_t raised_ms)
{
	struct arena *a = d->op->arena;

	if (!ms) {
		json_set_null(a, o, by);
		json_set_null(a, o, at);
		json_set_null(a, o, took);
		return;
	}
	json_set_str(a, o, by, day_person(d, who));
	json_set_str(a, o, at, day_time(d, ms));
	json_set_int(a, o, took, (ms - raised_ms) / 1000);
}

static struct str owner_of(const struct day_report *d, const struct alarm *a)
{
	const struct alarm_rule *r = modules_alarm(d->modules, a->rule);

	return r ? modules_owner(d->modules, str_of(r->owner), a->place) : STR("");
}

static bool says_under(const struct day_report *d, const struct alarm *a, struct str head)
{
	const struct alarm_rule *r = modules_alarm(d->modules, a->rule);

	for (const char *const *u = r ? r->under : NULL; u && *u; u++)
		if (str_is(head, *u))
			return true;
	return false;
}

/* The first alarm of its cause, when it is another: what it was grouped into, else what its rule
 * stands under at the same place at about the same time, though that was closed by then. */
static int64_t cause_of(const struct walk *w, const struct alarm *a)
{
	int64_t within_ms = profile_setting(w->d->profile, "alarm.cause_s", 0) * 1000;

	if (a->group.v)
		return a->group.v;
	for (size_t i = 0; i < w->n; i++) {
		const struct alarm *head = w->list[i].alarm;

		if (!head->group.v && head->colour >= a->colour && str_eq(head->place, a->place) &&
		    says_under(w->d, a, head->rule) && head->raised_ms <= a->raised_ms &&
		    a->raised_ms - head->raised_ms <= within_ms)
			return head->id.v;
	}
	return 0;
}

/* How often it was told again: what was grouped into it counts as folded too. */
static int64_t repeats_of(const struct walk *w, const struct alarm *a)
{
	int64_t n = a->folded;

	for (size_t i = 0; i < w->n; i++)
		n -= w->list[i].alarm->group.v == a->id.v;
	return n > 0 ? n : 0;
}

static void put_alarm(const struct walk *w, struct json *list, const struct answered *x)
{
	struct day_report *d = w->d;
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a);
	int64_t first = day_index(x->alarm->id.v), last = first;

	last = x->ack_at > last ? x->ack_at : last;
	last = x->close_at > last ? x->close_at : last;
	json_set_int(a, o, "alarm", x->alarm->id.v);
	json_set_str(a, o, "colour", str_of(colour_text(x->alarm->colour)));
	json_set_str(a, o, "rule", x->alarm->rule);
	json_set_str(a, o, "subject", x->alarm->subject);
	json_set_str(a, o, "place", x->alarm->place);
	json_set_str(a, o, "raised", day_time(d, x->alarm->raised_ms));
	json_set_str(a, o, "owner", owner_of(d, x->alarm));
	json_set_int(a, o, "folded", x->alarm->folded);
	json_set_int(a, o, "repeats", repeats_of(w, x->alarm));
	json_set_int(a, o, "under", cause_of(w, x->alarm));
	put_answer(d, o, "acknowledged_by", "acknowledged", "acknowledged_s", x->ack_by, x->ack_ms,
	           x->alarm->raised_ms);
	put_answer(d, o, "closed_by", "closed", "closed_s", x->close_by, x->close_ms,
	           x->alarm->raised_ms);
	if (x->second.v)
		json_set_str(a, o, "closed_second", day_person(d, x->second));
	if (x->reason.n)
		json_set_str(a, o, "reason", x->reason);
	day_mark(d, o, first, last);
	json_put(list, NULL, o);
}

static void put_counts(struct day_report *d, struct json *o, const struct answered *x, size_t n)
{
	struct arena *a = d->op->arena;
	int64_t by[8] = {0}, open = 0, slowest = 0, total = 0, answered = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t took = (x[i].ack_ms - x[i].alarm->raised_ms) / 1000;

		by[x[i].alarm->colour & 7]++;
		open += !x[i].alarm->closed && !x[i].alarm->group.v;
		if (x[i].ack_at < 0)
			continue;
		answered++;
		total += took;
		slowest = took > slowest ? took : slowest;
	}
	json_set_int(a, o, "raised", (int64_t)n);
	for (int colour = 3; colour >= 0; colour--)
		json_set_int(a, o, colour_text(colour), by[colour]);
	json_set_int(a, o, "open", open);
	json_set_int(a, o, "acknowledged", answered);
	json_set_int(a, o, "acknowledged_mean_s", answered ? total / answered : 0);
	json_set_int(a, o, "acknowledged_slowest_s", slowest);
}

/* Of a session: what names it, and what was raised from three hours before T to three after E. */
static bool concerns(const struct day_report *d, const struct alarm *a)
{
	const struct profile_session *s = profile_session(d->profile, d->session);
	const int64_t around_ms = 3 * 3600 * 1000;

	if (!s)
		return d->from_ms <= a->raised_ms && a->raised_ms < d->to_ms;
	return str_starts(a->subject, str_fmt(d->op->arena, STR_FMT ":", STR_ARG(s->id))) ||
	       (s->start_ms - around_ms <= a->raised_ms && a->raised_ms < s->end_ms + around_ms);
}

enum rc day_alarms(struct day_report *d)
{
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a), *list = json_new_array(a);
	struct walk w = {.d = d};
	struct alarm *alarms;
	int64_t from = d->size;
	size_t n;

	TRY(alarm_list(d->op, d->place, false, &alarms, &n));
	w.list = arena_array(a, n + 1, sizeof(*w.list));
	for (size_t i = 0; i < n; i++)
		if (concerns(d, &alarms[i]))
			w.list[w.n++] = (struct answered){.alarm = &alarms[i], .ack_at = -1, .close_at = -1};
	if (w.n)
		from = day_index(w.list[0].alarm->id.v);
	TRY(answers(&w, from));
	put_counts(d, o, w.list, w.n);
	day_mark(d, o, w.n ? from : -1, w.n ? d->size - 1 : -1);
	json_set_str(a, o, "query", STR("alarm list --all"));
	for (size_t i = 0; i < w.n; i++)
		put_alarm(&w, list, &w.list[i]);
	json_put(o, "list", list);
	json_put(d->doc, "alarms", o);
	return RC_OK;
}
