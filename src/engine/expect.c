/* SPDX-License-Identifier: Apache-2.0 */
/* expect.c -- opens, meets, voids and lapses expectations; see expect.h.
 *
 * All of it but the lapse is apply: a pure consequence of events.  The lapse is an event that a
 * timer appends.  At most one expectation of a rule and subject is open at a time; a second opening
 * while one is open changes nothing.
 */
#include "engine/expect_private.h"

#include "base/limits.h"
#include "engine/alarm_private.h"
#include "engine/engine.h"
#include "engine/run.h"

enum { Q_INSERT, Q_OPEN, Q_LAPSED, Q_SETTLE, Q_DUE, Q_MET_AT, Q_LIST, Q_LIST_STATE, Q_WINDOWS,
	Q_MOVE, Q_VOID, Q_VIEW };
#define COLUMNS "id, rule, subject, place, session, opened, from_ms, due_ms, met, state"
static const struct sql SQL[] = {
	[Q_INSERT] = {"INSERT INTO expectation(id, rule, subject, place, session, opened, from_ms,"
	              " due_ms, owner, state, met, settled_ms)"
	              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, -1, 0)", 9},
	[Q_OPEN] = {"SELECT id, from_ms, due_ms, place, session FROM expectation"
	            " WHERE rule = ? AND subject = ? AND state = 0", 2},
	[Q_LAPSED] = {"SELECT id, from_ms, due_ms, place, session FROM expectation"
	              " WHERE rule = ? AND subject = ? AND state = 4 ORDER BY id DESC LIMIT 1", 2},
	[Q_SETTLE] = {"UPDATE expectation SET state = ?, met = ?, settled_ms = ? WHERE id = ?", 4},
	[Q_DUE] = {"SELECT due_ms, rule, subject, id, place FROM expectation WHERE state = 0"
	           " ORDER BY due_ms, rule, subject, id LIMIT 1", 0},
	[Q_MET_AT] = {"SELECT rule, subject, place, state FROM expectation WHERE met = ?"
	              " AND state IN (2, 3) ORDER BY id", 1},
	[Q_LIST] = {"SELECT " COLUMNS " FROM expectation WHERE place = ? OR (place >= ? AND place < ?)"
	            " ORDER BY due_ms, id", 3},
	[Q_LIST_STATE] = {"SELECT " COLUMNS " FROM expectation"
	                  " WHERE (place = ? OR (place >= ? AND place < ?))"
	                  " AND state = ? ORDER BY due_ms, id", 4},
	[Q_WINDOWS] = {"SELECT DISTINCT due_ms, rule, session, from_ms FROM expectation"
	               " WHERE state = 0 AND session <> '' ORDER BY due_ms, rule, session, from_ms", 0},
	[Q_MOVE] = {"UPDATE expectation SET from_ms = ?, due_ms = ? WHERE state = 0 AND due_ms = ?"
	            " AND rule = ? AND session = ? AND from_ms = ?", 6},
	[Q_VOID] = {"UPDATE expectation SET state = 5, met = ?, settled_ms = ? WHERE state = 0"
	            " AND due_ms = ? AND rule = ? AND session = ? AND from_ms = ?", 6},
	[Q_VIEW] = {"SELECT id, rule, place, subject, session, from_ms, due_ms, owner, state,"
	            " settled_ms, opened, met FROM expectation ORDER BY id", 0},
};

static const struct table TABLES[] = {
	{"expectation",
	 "CREATE TABLE expectation(id {id} PRIMARY KEY, rule {text} NOT NULL, subject {text} NOT NULL,"
	 " place {text} NOT NULL, session {text} NOT NULL, opened {int} NOT NULL,"
	 " from_ms {int} NOT NULL, due_ms {int} NOT NULL, owner {text} NOT NULL, state {int} NOT NULL,"
	 " met {int} NOT NULL, settled_ms {int} NOT NULL);"
	 /* What is settled in time, nearly all of them, stands in neither. */
	 "CREATE INDEX expectation_open ON expectation(rule, subject) WHERE state = 0;"
	 "CREATE INDEX expectation_lapsed ON expectation(rule, subject, id) WHERE state = 4;"
	 "CREATE INDEX expectation_due ON expectation(due_ms, rule, subject, id) WHERE state = 0;"
	 "CREATE INDEX expectation_met ON expectation(met) WHERE state IN (2, 3);"
	 "CREATE INDEX expectation_place ON expectation(place, id)", "id"},
};

struct expectation_lapsed {
	int64_t expectation;
	struct str rule, subject;
	int64_t due_ms;
};

static const struct field LAPSED[] = {
	FIELD(struct expectation_lapsed, expectation, F_INT, "应办事项", "expectation"),
	{.name = "due", .type = F_TIME, .offset = offsetof(struct expectation_lapsed, due_ms),
	 .zh = "期限", .en = "due"},
	FIELD(struct expectation_lapsed, rule, F_KEY, "事项", "rule"),
	FIELD(struct expectation_lapsed, subject, F_SUBJECT, "对象", "subject"),
};

/* The row that a rule and subject is about now. */
struct current {
	int64_t id, from_ms, due_ms;
	struct str place, session;
};

static enum rc read_current(struct op *op, int q, const char *rule, struct str subject,
                            struct current *ret, bool *ret_found)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_z(rule), sql_text(subject)), &rows));
	*ret_found = rows_next(&rows);
	if (*ret_found)
		*ret = (struct current){rows_int(&rows, 0), rows_int(&rows, 1), rows_int(&rows, 2),
		                        rows_dup(op->arena, &rows, 3), rows_dup(op->arena, &rows, 4)};
	return RC_OK;
}

static const struct profile_step *step_of(const struct op *op, const struct expectation_rule *r)
{
	return profile_step(op_profile(op), str_of(r->window));
}

/* T or E of a session. */
static bool anchor_of(const struct profile *p, const struct profile_step *s, struct str session,
                      int64_t *ret)
{
	const struct profile_session *at = profile_session(p, session);

	if (at)
		*ret = s->anchor == ANCHOR_T ? at->start_ms : at->end_ms;
	return at != NULL;
}

/* A window's two ends for an anchor in time. */
static bool window_of(const struct op *op, const struct expectation_rule *r, int64_t event_ms,
                      struct str session, int64_t *ret_from, int64_t *ret_due)
{
	const struct profile_step *s = step_of(op, r);
	int64_t anchor = event_ms;

	if (!s)
		return false;
	if (s->anchor != ANCHOR_EVENT && !anchor_of(op_profile(op), s, session, &anchor))
		return false;
	*ret_from = anchor + profile_step_from(s) * 1000;
	*ret_due = anchor + profile_step_to(s) * 1000;
	return true;
}

static enum rc open_one(struct op *op, const struct event *ev, const char *rule, struct str subject,
                        struct str place, struct str session, int64_t id, int64_t from, int64_t due)
{
	const struct expectation_rule *r = modules_expectation(op->run->modules, str_of(rule));

	run_due_at(op, due + 1);
	return sql_exec(op, &SQL[Q_INSERT],
	                ARGS(sql_int(id), sql_z(rule), sql_text(subject), sql_text(place),
	                     sql_text(session), sql_int(ev->index), sql_int(from), sql_int(due),
	                     sql_text(modules_owner(op->run->modules, str_of(r->owner), place))));
}

/* Every expectation that an event opens has an id of its own under the event's. */
struct opening {
	int64_t next;
};

static enum rc open_rule(struct op *op, const struct expectation_rule *r, const struct event *ev,
                         struct opening *o)
{
	struct str subject[LIMIT_OPENS], session[LIMIT_OPENS];
	size_t n, i;
	int64_t from, due;

	memset(session, 0, sizeof(session));
	n = r->subjects_of(op->arena, ev, subject, session);
	assert(n <= LIMIT_OPENS);
	for (i = 0; i < n; i++) {
		struct current now;
		bool found;

		if (!window_of(op, r, ev->happened_ms, session[i], &from, &due) ||
		    o->next >= LIMIT_OPENS)
			continue; /* the profile does not ask for it; or one event opens too many */
		TRY(read_current(op, Q_OPEN, r->id, subject[i], &now, &found));
		if (found)
			continue;
		TRY(open_one(op, ev, r->id, subject[i], ev->place, session[i],
		             ev->index * LIMIT_OPENS + o->next++, from, due));
	}
	return RC_OK;
}

static int outcome(const struct current *c, int64_t happened_ms)
{
	if (happened_ms < c->from_ms)
		return EXPECT_EARLY;
	return happened_ms <= c->due_ms ? EXPECT_MET : EXPECT_LATE;
}

/* The next window of a recurring expectation: from the moment it was met, or, when it lapsed, the
 * first that ends after now (an outage is not a hundred lapses). */
static enum rc open_next(struct op *op, const struct expectation_rule *r, const struct event *ev,
                         struct str subject, const struct current *c, bool lapsed,
                         struct opening *o)
{
	const struct profile_step *s = step_of(op, r);
	int64_t from, due;

	if (!s || s->every_s <= 0)
		return RC_OK;
	if (!lapsed) {
		/* A date in the future must not put the next window off. */
		int64_t met = ev->happened_ms < ev->recorded_ms ? ev->happened_ms : ev->recorded_ms;

		from = met + profile_step_from(s) * 1000;
		due = met + profile_step_to(s) * 1000;
	} else {
		int64_t missed = (ev->recorded_ms - c->due_ms) / (s->every_s * 1000) + 1;
		from = c->due_ms + (missed - 1) * s->every_s * 1000;
		due = c->due_ms + missed * s->every_s * 1000;
	}
	return open_one(op, ev, r->id, subject, c->place, c->session,
	                ev->index * LIMIT_OPENS + o->next++, from, due);
}

static enum rc meet_rule(struct op *op, const struct expectation_rule *r, const struct event *ev,
                         struct opening *o)
{
	struct str subject[LIMIT_OPENS], session[LIMIT_OPENS];
	size_t n = r->subjects_of(op->arena, ev, subject, session), i;

	for (i = 0; i < n; i++) {
		struct current c;
		bool open, found;
		int how;

		TRY(read_current(op, Q_OPEN, r->id, subject[i], &c, &open));
		found = open;
		if (!open)
			TRY(read_current(op, Q_LAPSED, r->id, subject[i], &c, &found));
		if (!found)
			continue;
		how = outcome(&c, ev->happened_ms);
		op->run->untimely = op->run->untimely || how != EXPECT_MET;
		TRY(sql_exec(op, &SQL[Q_SETTLE], ARGS(sql_int(how), sql_int(ev->index),
		                                    sql_int(ev->happened_ms), sql_int(c.id))));
		if (open)
			TRY(open_next(op, r, ev, subject[i], &c, false, o));
	}
	return RC_OK;
}

static enum rc void_rule(struct op *op, const struct expectation_rule *r, const struct event *ev)
{
	struct str subject[LIMIT_OPENS], session[LIMIT_OPENS];
	size_t n = r->subjects_of(op->arena, ev, subject, session), i;

	for (i = 0; i < n; i++) {
		struct current c;
		bool open;

		TRY(read_current(op, Q_OPEN, r->id, subject[i], &c, &open));
		if (open)
			TRY(sql_exec(op, &SQL[Q_SETTLE],
			             ARGS(sql_int(EXPECT_VOIDED), sql_int(ev->index), sql_int(ev->happened_ms),
			                  sql_int(c.id))));
	}
	return RC_OK;
}

enum rc expect_project(struct op *op, const struct event_entry *e, const struct event *ev)
{
	struct opening o = {0};
	size_t i;

	for (i = 0; i < e->nvoids; i++)
		if (!e->voids[i]->disabled)
			TRY(void_rule(op, e->voids[i]->rule, ev));
	for (i = 0; i < e->nmet; i++)
		if (!e->met[i]->disabled)
			TRY(meet_rule(op, e->met[i]->rule, ev, &o));
	for (i = 0; i < e->nopens; i++)
		if (!e->opens[i]->disabled && !profile_off(op_profile(op), e->opens[i]->module->name))
			TRY(open_rule(op, e->opens[i]->rule, ev, &o));
	return RC_OK;
}

enum rc expect_react(struct op *op, const struct event_entry *e, const struct event *ev)
{
	struct expectation hit[LIMIT_OPENS];
	size_t n = 0, i;

	{
		AUTO(rows) rows = {0};
		TRY(sql_query(op, &SQL[Q_MET_AT], ARGS(sql_int(ev->index)), &rows));
		while (n < LIMIT_OPENS && rows_next(&rows)) {
			hit[n].rule = rows_dup(op->arena, &rows, 0);
			hit[n].subject = rows_dup(op->arena, &rows, 1);
			hit[n].place = rows_dup(op->arena, &rows, 2);
			hit[n++].state = (int)rows_int(&rows, 3);
		}
	}
	for (i = 0; i < n; i++) {
		const struct expectation_entry *x = modules_expectation_entry(op->run->modules,
		                                                              hit[i].rule);
		const struct profile_step *s = x ? step_of(op, x->rule) : NULL;
		bool early = hit[i].state == EXPECT_EARLY;
		const char *alarm = !x ? NULL : early ? x->rule->early : x->rule->late;

		if (alarm && !profile_off(op_profile(op), x->module->name))
			TRY(alarm_raise_as(op, alarm, hit[i].subject, hit[i].place,
			                   !s ? -1 : early ? s->early : s->late, NULL));
	}
	return RC_OK;
}

static enum rc apply_lapsed(struct op *op, const struct event *ev)
{
	const struct expectation_lapsed *x = ev->data;
	const struct expectation_rule *r = modules_expectation(op->run->modules, x->rule);
	struct opening o = {0};
	struct current c;
	bool open;

	TRY(read_current(op, Q_OPEN, r ? r->id : "", x->subject, &c, &open));
	TRY(sql_exec(op, &SQL[Q_SETTLE],
	             ARGS(sql_int(EXPECT_LAPSED), sql_int(ev->index), sql_int(ev->happened_ms),
	                  sql_int(x->expectation))));
	return r && open ? open_next(op, r, ev, x->subject, &c, true, &o) : RC_OK;
}

enum { EV_LAPSED };
static const struct event_type EVENTS[] = {
	[EV_LAPSED] = {.name = "expectation.lapsed", .version = 1, FIELDS(LAPSED),
	               .size = sizeof(struct expectation_lapsed), .apply = apply_lapsed,
	               .zh = "应办事项超时未报", .en = "expectation lapsed"},
};

enum rc expect_lapse(struct op *op, const struct timer *t)
{
	struct expectation_lapsed x = {t->id, t->rule, t->subject, t->due_ms - 1};

	return event_append_at(op, &EVENTS[EV_LAPSED], t->place, &x, NULL);
}

static enum rc raise_missing(struct op *op, const struct event *ev)
{
	const struct expectation_lapsed *x = ev->data;
	const struct expectation_entry *e = modules_expectation_entry(op->run->modules, x->rule);
	const struct profile_step *s;

	if (!e || !e->rule->missing || profile_off(op_profile(op), e->module->name))
		return RC_OK;
	s = step_of(op, e->rule);
	return alarm_raise_as(op, e->rule->missing, x->subject, ev->place, s ? s->missing : -1, NULL);
}

static const struct reaction REACTIONS[] = {
	{"expectation.lapsed", raise_missing},
};

enum rc expect_timer(struct op *op, struct timer *io)
{
	AUTO(rows) rows = {0};
	struct timer t = {.kind = TIMER_LAPSE};

	TRY(sql_query(op, &SQL[Q_DUE], NO_ARGS, &rows));
	if (!rows_next(&rows))
		return RC_OK;
	t.due_ms = rows_int(&rows, 0) + 1; /* the last moment of a window is still in time */
	t.rule = rows_dup(op->arena, &rows, 1);
	t.subject = rows_dup(op->arena, &rows, 2);
	t.id = rows_int(&rows, 3);
	t.place = rows_dup(op->arena, &rows, 4);
	if (timer_before(&t, io))
		*io = t;
	return RC_OK;
}

/* Another profile.  What is open with one window is moved in one statement: a postponed session of
 * a province is a million rows of some sixty windows. */
struct window {
	struct str rule, session;
	int64_t from_ms, due_ms;
};

static enum rc list_windows(struct op *op, struct window **ret, size_t *ret_n)
{
	AUTO(rows) rows = {0};
	size_t cap = 0;

	*ret = NULL;
	*ret_n = 0;
	TRY(sql_query(op, &SQL[Q_WINDOWS], NO_ARGS, &rows));
	while (rows_next(&rows)) {
		*ret = arena_room(op->arena, *ret, *ret_n, &cap, sizeof(**ret));
		(*ret)[(*ret_n)++] = (struct window){rows_dup(op->arena, &rows, 1),
			rows_dup(op->arena, &rows, 2), rows_int(&rows, 3), rows_int(&rows, 0)};
	}
	return RC_OK;
}

/* A recurring window moves with its session; the others are those that the profile says. */
static enum rc retime_one(struct op *op, const struct window *w, const struct profile *was,
                          const struct profile *now, const struct event *ev)
{
	const struct expectation_entry *e = modules_expectation_entry(op->run->modules, w->rule);
	const struct profile_step *before = e ? profile_step(was, str_of(e->rule->window)) : NULL;
	const struct profile_step *after = e ? profile_step(now, str_of(e->rule->window)) : NULL;
	int64_t old, anchor, from = w->from_ms, due = w->due_ms;

	if (!before || before->anchor == ANCHOR_EVENT || !anchor_of(was, before, w->session, &old))
		return RC_OK;
	if (!after || after->anchor == ANCHOR_EVENT || !anchor_of(now, after, w->session, &anchor) ||
	    profile_off(now, e->module->name))
		return sql_exec(op, &SQL[Q_VOID],
		                ARGS(sql_int(ev->index), sql_int(ev->happened_ms), sql_int(w->due_ms),
		                     sql_text(w->rule), sql_text(w->session), sql_int(w->from_ms)));
	if (before->every_s > 0) {
		from += anchor - old;
		due += anchor - old;
	} else {
		from = anchor + profile_step_from(after) * 1000;
		due = anchor + profile_step_to(after) * 1000;
	}
	if (from == w->from_ms && due == w->due_ms)
		return RC_OK;
	run_due_at(op, due + 1);
	return sql_exec(op, &SQL[Q_MOVE],
	                ARGS(sql_int(from), sql_int(due), sql_int(w->due_ms), sql_text(w->rule),
	                     sql_text(w->session), sql_int(w->from_ms)));
}

/* Is it put off by this?  Then those due last go first, so that none is moved twice. */
static bool later(const struct window *w, const struct profile *was, const struct profile *now)
{
	const struct profile_session *a = profile_session(was, w->session);
	const struct profile_session *b = profile_session(now, w->session);

	return a && b && (b->start_ms > a->start_ms || b->end_ms > a->end_ms);
}

enum rc expect_retime(struct op *op, const struct profile *was, const struct profile *now,
                      const struct event *ev)
{
	struct window *list;
	size_t n;

	TRY(list_windows(op, &list, &n));
	for (size_t i = n; i-- > 0;)
		if (later(&list[i], was, now))
			TRY(retime_one(op, &list[i], was, now, ev));
	for (size_t i = 0; i < n; i++)
		if (!later(&list[i], was, now))
			TRY(retime_one(op, &list[i], was, now, ev));
	return RC_OK;
}

static void read_row(struct op *op, const struct rows *rows, struct expectation *x)
{
	x->id = rows_int(rows, 0);
	x->rule = rows_dup(op->arena, rows, 1);
	x->subject = rows_dup(op->arena, rows, 2);
	x->place = rows_dup(op->arena, rows, 3);
	x->session = rows_dup(op->arena, rows, 4);
	x->opened = rows_int(rows, 5);
	x->from_ms = rows_int(rows, 6);
	x->due_ms = rows_int(rows, 7);
	x->met = rows_int(rows, 8);
	x->state = (int)rows_int(rows, 9);
}

enum rc expect_list(struct op *op, struct str place, int state, struct expectation **ret,
                    size_t *ret_n)
{
	AUTO(rows) rows = {0};
	struct str low, high;
	struct expectation *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	if (state < 0)
		TRY(sql_query(op, &SQL[Q_LIST], ARGS(sql_text(place), sql_text(low), sql_text(high)),
		              &rows));
	else
		TRY(sql_query(op, &SQL[Q_LIST_STATE],
		              ARGS(sql_text(place), sql_text(low), sql_text(high), sql_int(state)), &rows));
	while (rows_next(&rows)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_row(op, &rows, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

#define X(id, text) text,
static const char *const STATE[] = {EXPECT_STATES(X)};
#undef X
static const struct word STATE_WORDS[] = {
	{"待办", "open"}, {"按时完成", "met"}, {"提前", "met early"}, {"逾期完成", "met late"},
	{"超时未报", "lapsed"}, {"已取消", "voided"},
};
static const struct column COLUMNS_OF[] = {
	COLUMN("id", F_INT, "编号", "number"),
	COLUMN_KEY("rule", "expectation", "应办事项", "what"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("subject", F_SUBJECT, "对象", "subject"),
	COLUMN_KEY("session", "session", "科次", "session"),
	COLUMN("from_ms", F_TIME, "自", "from"),
	COLUMN("due_ms", F_TIME, "期限", "due"),
	COLUMN_KEY("owner", "role", "责任岗位", "owner"),
	COLUMN_WORDS("state", STATE, STATE_WORDS, "状态", "state"),
	COLUMN("settled_ms", F_TIME, "了结时间", "settled"),
	COLUMN("opened", F_ID, "开列(台账)", "opened (entry)"),
	COLUMN("met", F_ID, "了结(台账)", "settled (entry)"),
};
static const char *const READERS[] = ALARM_READERS;
static const struct view VIEWS[] = {
	{"expect/expectations", "应办事项", "what is expected", READERS, &SQL[Q_VIEW], COLUMNS_OF,
	 COUNT(COLUMNS_OF)},
};

const struct module expectation_module = {
	.name = "expectation", .group = "engine", .rev = 3, .zh = "应办事项", .en = "expectations",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(events, EVENTS),
	TABLE_OF(reactions, REACTIONS), TABLE_OF(views, VIEWS),
};
