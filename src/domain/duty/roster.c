/* SPDX-License-Identifier: Apache-2.0 */
/* roster.c -- shifts: who is rostered, who came, who handed over to whom; see duty.h.
 *
 * A job says when a shift begins and when it ends; from these two moments on somebody is expected.
 * Who came before the beginning stands in the event, so that nobody is expected twice.
 *
 * Emits  duty.shift_rostered, duty.shift_changed, duty.shift_began, duty.shift_ended,
 *        duty.signed_in, duty.signed_out, duty.handed_over
 * Owns   duty_shift
 */
#include "domain/duty/duty.h"

#include "domain/arrange/arrange.h"
#include "domain/people/people.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_DUTY "考务工作规定 (2009) Art.27 昼夜值班 (2.1)"

enum {
	Q_ADD, Q_CHANGE, Q_GET, Q_NEXT, Q_BEGAN, Q_ENDED, Q_IN, Q_OUT, Q_HANDED, Q_NOW, Q_BOTH, Q_AFTER,
	Q_USED, Q_COVER, Q_LIST, Q_VIEW,
};
#define COLUMNS "code, place, post, person, deputy, from_ms, until_ms, present, signed_in, handed"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO duty_shift(" COLUMNS ", phase, due_ms, entry)"
	           " VALUES(?, ?, ?, ?, ?, ?, ?, 0, -1, -1, 0, ?, ?)", 9},
	[Q_CHANGE] = {"UPDATE duty_shift SET person = ?, deputy = ?, entry = ? WHERE code = ?", 4},
	[Q_GET] = {"SELECT " COLUMNS ", phase FROM duty_shift WHERE code = ?", 1},
	[Q_NEXT] = {"SELECT due_ms, code FROM duty_shift WHERE due_ms > 0"
	            " ORDER BY due_ms, code LIMIT 1", 0},
	[Q_BEGAN] = {"UPDATE duty_shift SET phase = 1, due_ms = until_ms WHERE code = ?", 1},
	[Q_ENDED] = {"UPDATE duty_shift SET phase = 2, due_ms = 0 WHERE code = ?", 1},
	[Q_IN] = {"UPDATE duty_shift SET present = ?, signed_in = ?, entry = ? WHERE code = ?", 4},
	[Q_OUT] = {"UPDATE duty_shift SET present = 0, entry = ? WHERE code = ? AND present = ?", 3},
	[Q_HANDED] = {"UPDATE duty_shift SET present = 0, handed = ?, entry = ? WHERE code = ?", 3},
	/* Who was relieved by nobody is still there after his hours. */
	[Q_NOW] = {"SELECT " COLUMNS " FROM duty_shift WHERE place = ? AND post = ? AND from_ms <= ?"
	           " AND (until_ms > ? OR present > 0) ORDER BY present DESC, from_ms, code", 4},
	[Q_BOTH] = {"SELECT code FROM duty_shift WHERE place = ? AND post <> ? AND from_ms < ?"
	            " AND until_ms > ? AND (person = ? OR person = ? OR deputy = ? OR deputy = ?)"
	            " ORDER BY code LIMIT 1", 8},
	[Q_AFTER] = {"SELECT code FROM duty_shift WHERE place = ? AND post = ? AND code <> ?"
	             " AND from_ms <= ? AND until_ms > ? ORDER BY from_ms, code LIMIT 1", 5},
	[Q_USED] = {"SELECT 1 FROM duty_shift WHERE place = ? LIMIT 1", 1},
	[Q_COVER] = {"SELECT MAX(until_ms) FROM duty_shift WHERE place = ? AND post = ?"
	             " AND from_ms <= ?", 3},
	[Q_LIST] = {"SELECT " COLUMNS " FROM duty_shift WHERE (place = ? OR (place >= ? AND place < ?))"
	            " AND from_ms < ? AND until_ms > ? ORDER BY from_ms, place, post, code", 5},
	[Q_VIEW] = {"SELECT code, place, post, person, deputy, from_ms, until_ms, present,"
	            " entry FROM duty_shift ORDER BY place, from_ms, post, code", 0},
};

static const struct table TABLES[] = {
	{"duty_shift", "CREATE TABLE duty_shift(code {text} NOT NULL, place {text} NOT NULL,"
	 " post {int} NOT NULL, person {id} NOT NULL, deputy {id} NOT NULL, from_ms {int} NOT NULL,"
	 " until_ms {int} NOT NULL, present {id} NOT NULL, signed_in {int} NOT NULL,"
	 " handed {int} NOT NULL, phase {int} NOT NULL, due_ms {int} NOT NULL,"
	 " entry {int} NOT NULL, PRIMARY KEY(code));"
	 "CREATE INDEX duty_shift_place ON duty_shift(place, post, from_ms);"
	 "CREATE INDEX duty_shift_due ON duty_shift(due_ms, code) WHERE due_ms > 0", "code"},
};

/* Fields. */
#define X(id, text) text,
static const char *const POST[] = {DUTY_POSTS(X)};
#undef X
static const struct word POST_WORDS[] = {
	{"值班员", "duty officer"}, {"考区带班领导", "county's leader on duty"},
	{"市值班员", "city's duty officer"}, {"市带班领导", "city's leader on duty"},
};

struct planned {
	struct str place, code;
	int post;
	struct person_id person, deputy;
	int64_t from, until;
};
static const struct field PLANNED[] = {
	FIELD(struct planned, place, F_PLACE, "值班地点", "place"),
	FIELD(struct planned, code, F_CODE, "班次编号", "shift"),
	FIELD(struct planned, post, F_ENUM, "值班岗位", "post", ENUM_OF(POST, POST_WORDS)),
	FIELD(struct planned, person, F_PERSON, "值班人(A角)", "person (A)", .secrecy = SECRECY_WORK),
	FIELD(struct planned, deputy, F_PERSON, "替班人(B角)", "deputy (B)", .optional = true,
	      .secrecy = SECRECY_WORK),
	FIELD(struct planned, from, F_TIME, "开始时间", "from"),
	FIELD(struct planned, until, F_TIME, "结束时间", "until"),
};

struct changed {
	struct str shift;
	struct person_id person, deputy;
	struct text reason;
};
static const struct field CHANGED[] = {
	FIELD(struct changed, shift, F_CODE, "班次编号", "shift", .ref = "shift"),
	FIELD(struct changed, person, F_PERSON, "值班人(A角)", "person (A)", .secrecy = SECRECY_WORK),
	FIELD(struct changed, deputy, F_PERSON, "替班人(B角)", "deputy (B)", .optional = true,
	      .secrecy = SECRECY_WORK),
	FIELD(struct changed, reason, F_TEXT, "调班原因", "reason", .max = 400, .optional = true),
};

struct moment {
	struct str shift;
	int post;
	bool present;    /* somebody came before the beginning */
	struct str next; /* who should relieve; empty: nobody is rostered after it */
	bool relieved;
};
static const struct field BEGAN[] = {
	FIELD(struct moment, shift, F_CODE, "班次编号", "shift", .ref = "shift"),
	FIELD(struct moment, post, F_ENUM, "值班岗位", "post", ENUM_OF(POST, POST_WORDS)),
	FIELD(struct moment, present, F_BOOL, "已到岗", "somebody is there"),
};
static const struct field ENDED[] = {
	FIELD(struct moment, shift, F_CODE, "班次编号", "shift", .ref = "shift"),
	FIELD(struct moment, post, F_ENUM, "值班岗位", "post", ENUM_OF(POST, POST_WORDS)),
	FIELD(struct moment, relieved, F_BOOL, "已交班", "handed over already"),
	FIELD(struct moment, next, F_CODE, "接班班次", "next shift", .ref = "shift", .optional = true),
};

struct sign {
	struct str place, shift;
	struct person_id person; /* who signs: events only */
};
static const struct field SIGN[] = {
	FIELD(struct sign, place, F_PLACE, "值班地点", "place"),
	FIELD(struct sign, shift, F_CODE, "班次编号", "shift", .ref = "shift"),
	FIELD(struct sign, person, F_PERSON, "值班人", "who", .secrecy = SECRECY_WORK),
};

struct handing {
	struct str place, shift, next;
	struct text note;
};
static const struct field HANDING[] = {
	FIELD(struct handing, place, F_PLACE, "值班地点", "place"),
	FIELD(struct handing, shift, F_CODE, "交班班次", "shift that ends", .ref = "shift"),
	FIELD(struct handing, next, F_CODE, "接班班次", "shift that begins", .ref = "shift"),
	FIELD(struct handing, note, F_TEXT, "交办未了事项", "what is left to do", .max = 1000,
	      .optional = true),
};

/* Projection. */
static enum rc apply_rostered(struct op *op, const struct event *ev)
{
	const struct planned *p = ev->data;

	run_due_at(op, p->from);
	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_text(p->code), sql_text(ev->place), sql_int(p->post),
	                     sql_int(p->person.v), sql_int(p->deputy.v), sql_int(p->from),
	                     sql_int(p->until), sql_int(p->from), sql_int(ev->index)));
}

static enum rc apply_changed(struct op *op, const struct event *ev)
{
	const struct changed *p = ev->data;

	return sql_exec(op, &SQL[Q_CHANGE],
	                ARGS(sql_int(p->person.v), sql_int(p->deputy.v), sql_int(ev->index),
	                     sql_text(p->shift)));
}

static enum rc shift_find(struct op *op, struct str code, struct duty_shift *ret,
                          int64_t *ret_phase, bool *ret_known);

static enum rc apply_began(struct op *op, const struct event *ev)
{
	const struct moment *p = ev->data;
	struct duty_shift s;
	int64_t phase;
	bool known;

	TRY(shift_find(op, p->shift, &s, &phase, &known));
	if (known)
		run_due_at(op, s.until_ms);
	return sql_exec(op, &SQL[Q_BEGAN], ARGS(sql_text(p->shift)));
}

static enum rc apply_ended(struct op *op, const struct event *ev)
{
	const struct moment *p = ev->data;

	return sql_exec(op, &SQL[Q_ENDED], ARGS(sql_text(p->shift)));
}

static enum rc apply_in(struct op *op, const struct event *ev)
{
	const struct sign *p = ev->data;

	return sql_exec(op, &SQL[Q_IN],
	                ARGS(sql_int(p->person.v), sql_int(ev->index), sql_int(ev->index),
	                     sql_text(p->shift)));
}

static enum rc apply_out(struct op *op, const struct event *ev)
{
	const struct sign *p = ev->data;

	return sql_exec(op, &SQL[Q_OUT],
	                ARGS(sql_int(ev->index), sql_text(p->shift), sql_int(p->person.v)));
}

static enum rc apply_handed(struct op *op, const struct event *ev)
{
	const struct handing *p = ev->data;

	return sql_exec(op, &SQL[Q_HANDED],
	                ARGS(sql_int(ev->index), sql_int(ev->index), sql_text(p->shift)));
}

enum { EV_ROSTERED, EV_CHANGED, EV_BEGAN, EV_ENDED, EV_IN, EV_OUT, EV_HANDED };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer",
	"county_leader", "city_duty", "city_leader", "county_director", "province_office", NULL};
static const struct event_type EVENTS[] = {
	[EV_ROSTERED] = {"duty.shift_rostered", 1, PLANNED + 1, COUNT(PLANNED) - 1,
	                 sizeof(struct planned), .apply = apply_rostered, .visible_to = READERS,
	                 .zh = "排定值班", .en = "a shift was rostered"},
	[EV_CHANGED] = EVENT("duty.shift_changed", CHANGED, struct changed, apply_changed,
	                     "调整值班", "a shift was changed", .visible_to = READERS),
	[EV_BEGAN] = EVENT("duty.shift_began", BEGAN, struct moment, apply_began,
	                   "班次开始", "a shift began", .visible_to = READERS),
	[EV_ENDED] = EVENT("duty.shift_ended", ENDED, struct moment, apply_ended,
	                   "班次到点", "a shift's hours ended", .visible_to = READERS),
	[EV_IN] = {"duty.signed_in", 1, SIGN + 1, COUNT(SIGN) - 1, sizeof(struct sign),
	           .apply = apply_in, .visible_to = READERS,
	           .zh = "值班到岗", .en = "somebody came on duty"},
	[EV_OUT] = {"duty.signed_out", 1, SIGN + 1, COUNT(SIGN) - 1, sizeof(struct sign),
	            .apply = apply_out, .visible_to = READERS,
	            .zh = "值班离岗", .en = "somebody left the post"},
	[EV_HANDED] = {"duty.handed_over", 1, HANDING + 1, COUNT(HANDING) - 1, sizeof(struct handing),
	               .apply = apply_handed, .visible_to = READERS,
	               .zh = "值班交接", .en = "a shift was handed over"},
};

/* Reading. */
static void read_shift(struct op *op, const struct rows *r, struct duty_shift *ret)
{
	*ret = (struct duty_shift){
		rows_dup(op->arena, r, 0), rows_dup(op->arena, r, 1), (enum duty_post)rows_int(r, 2),
		{rows_int(r, 3)}, {rows_int(r, 4)}, rows_int(r, 5), rows_int(r, 6), {rows_int(r, 7)},
		rows_int(r, 8), rows_int(r, 9)};
}

static enum rc shift_find(struct op *op, struct str code, struct duty_shift *ret,
                          int64_t *ret_phase, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_text(code)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known) {
		read_shift(op, &r, ret);
		*ret_phase = rows_int(&r, 10);
	}
	return RC_OK;
}

enum rc duty_shifts(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                    struct duty_shift **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct duty_shift *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_LIST],
	              ARGS(sql_text(place), sql_text(low), sql_text(high), sql_int(to_ms),
	                   sql_int(from_ms)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_shift(op, &r, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

static void add_person(struct person_id who, struct person_id *ret, size_t max, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		if (ret[i].v == who.v)
			return;
	if (who.v && *n < max)
		ret[(*n)++] = who;
}

/* Those who signed in; while nobody has for the running hours, both who are rostered: A and B.  Who
 * was not relieved is asked too, but may have gone home long ago. */
static enum rc on_duty_at(struct op *op, struct str place, int post, bool *ret_known,
                          struct person_id *ret, size_t max, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct duty_shift s;
	size_t n = 0;
	bool present = false;

	TRY(sql_query(op, &SQL[Q_NOW],
	              ARGS(sql_text(place), sql_int(post), sql_int(op->now_ms), sql_int(op->now_ms)),
	              &r));
	while (rows_next(&r)) {
		read_shift(op, &r, &s);
		*ret_known = true;
		present = present || (s.present.v && s.until_ms > op->now_ms);
		if (s.present.v) {
			add_person(s.present, ret, max, &n);
		} else if (!present) {
			add_person(s.person, ret, max, &n);
			add_person(s.deputy, ret, max, &n);
		}
	}
	*ret_n = n;
	return RC_OK;
}

/* Asks at the place, then at those above it. */
static enum rc on_duty(struct op *op, struct str role, struct str place, bool *ret_known,
                       struct person_id *ret, size_t max, size_t *ret_n)
{
	int post = 0;

	*ret_known = false;
	while (post < POST_MAX && !str_is(role, POST[post]))
		post++;
	if (post == POST_MAX)
		return RC_OK;
	for (int level = place_level(place); level > 0 && !*ret_known; level--)
		TRY(on_duty_at(op, place_cut(op->arena, place, level), post, ret_known, ret, max, ret_n));
	return RC_OK;
}

/* Rules. */
static enum rc check_people(struct op *op, struct person_id person, struct person_id deputy)
{
	TRY(people_may_serve(op, person, "person"));
	if (!deputy.v)
		return RC_OK;
	if (deputy.v == person.v)
		return fail(op, RC_INVALID, "deputy", CITE_DUTY, "A角与B角须是两人",
		            "the deputy must be another person");
	return people_may_serve(op, deputy, "deputy");
}

/* The duty officer and the leader on duty are never one person. */
static enum rc check_not_both(struct op *op, const struct planned *p)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_BOTH],
	              ARGS(sql_text(p->place), sql_int(p->post), sql_int(p->until), sql_int(p->from),
	                   sql_int(p->person.v), sql_int(p->deputy.v ? p->deputy.v : p->person.v),
	                   sql_int(p->person.v), sql_int(p->deputy.v ? p->deputy.v : p->person.v)),
	              &r));
	if (!rows_next(&r))
		return RC_OK;
	return fail(op, RC_CONFLICT, "person", CITE_DUTY,
	            "值班员与带班领导不得为同一人（同时段班次 %s）",
	            "one person cannot be duty officer and leader on duty at once (shift %s)",
	            rows_dup(op->arena, &r, 0).s);
}

static enum rc run_roster(struct op *op, const void *in)
{
	const struct planned *p = in;
	struct duty_shift s;
	int64_t phase;
	bool known;

	if (p->until <= p->from)
		return fail(op, RC_INVALID, "until", CITE_DUTY, "结束时间须晚于开始时间",
		            "the shift must end after it begins");
	TRY(shift_find(op, p->code, &s, &phase, &known));
	if (known)
		return fail(op, RC_CONFLICT, "code", CITE_DUTY, "班次 %s 已排定，改用 duty change-shift",
		            "shift %s is rostered already: use duty change-shift", p->code.s);
	TRY(check_people(op, p->person, p->deputy));
	TRY(check_not_both(op, p));
	return event_append(op, &EVENTS[EV_ROSTERED], p, NULL);
}

static enum rc place_of_shift(struct op *op, const void *in, struct str *ret)
{
	const struct changed *p = in;
	struct duty_shift s;
	int64_t phase;
	bool known;

	TRY(shift_find(op, p->shift, &s, &phase, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "shift", CITE_DUTY, "没有班次 %s", "no shift %s", p->shift.s);
	*ret = s.place;
	return RC_OK;
}

static enum rc run_change(struct op *op, const void *in)
{
	const struct changed *p = in;
	struct duty_shift s;
	struct planned both;
	int64_t phase;
	bool known;

	TRY(shift_find(op, p->shift, &s, &phase, &known));
	if (!known || phase == 2)
		return fail(op, RC_CONFLICT, "shift", CITE_DUTY, "班次 %s 已结束", "shift %s is over",
		            p->shift.s);
	TRY(check_people(op, p->person, p->deputy));
	both = (struct planned){s.place, s.code, (int)s.post, p->person, p->deputy, s.from_ms,
	                        s.until_ms};
	TRY(check_not_both(op, &both));
	return event_append(op, &EVENTS[EV_CHANGED], p, NULL);
}

static enum rc run_sign_in(struct op *op, const void *in)
{
	struct sign p = *(const struct sign *)in;
	struct duty_shift s;
	int64_t phase;
	bool known;

	p.person = op_slot(op, "officer", 0);
	TRY(shift_find(op, p.shift, &s, &phase, &known));
	TRY(event_append(op, &EVENTS[EV_IN], &p, NULL));
	if (!known)
		return alarm_raise(op, "duty.shift_unknown", p.shift, p.place, NULL);
	if (p.person.v != s.person.v && p.person.v != s.deputy.v)
		return alarm_raise(op, "duty.stranger_on_post", p.shift, p.place, NULL);
	return RC_OK;
}

/* Whoever leaves within the hours of a shift leaves the post empty. */
static enum rc run_sign_out(struct op *op, const void *in)
{
	struct sign p = *(const struct sign *)in;
	struct duty_shift s;
	int64_t phase;
	bool known;

	p.person = op_slot(op, "officer", 0);
	TRY(shift_find(op, p.shift, &s, &phase, &known));
	TRY(event_append(op, &EVENTS[EV_OUT], &p, NULL));
	if (!known)
		return alarm_raise(op, "duty.shift_unknown", p.shift, p.place, NULL);
	if (s.present.v == p.person.v && op_happened_ms(op) < s.until_ms)
		return alarm_raise(op, "duty.post_left", p.shift, p.place, NULL);
	return RC_OK;
}

static enum rc run_hand_over(struct op *op, const void *in)
{
	const struct handing *p = in;
	struct sign incoming = {p->place, p->next, op_slot(op, "receiver", 0)};
	struct duty_shift s, next;
	int64_t phase;
	bool known, known_next;

	TRY(shift_find(op, p->shift, &s, &phase, &known));
	TRY(shift_find(op, p->next, &next, &phase, &known_next));
	TRY(event_append(op, &EVENTS[EV_HANDED], p, NULL));
	TRY(event_append(op, &EVENTS[EV_IN], &incoming, NULL));
	if (!known || !known_next)
		return alarm_raise(op, "duty.shift_unknown", known ? p->next : p->shift, p->place, NULL);
	if (incoming.person.v != next.person.v && incoming.person.v != next.deputy.v)
		return alarm_raise(op, "duty.stranger_on_post", p->next, p->place, NULL);
	return RC_OK;
}

/* Job. */
static enum rc shifts_next(struct op *op, int64_t *ret_due_ms)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_NEXT], NO_ARGS, &r));
	if (rows_next(&r))
		*ret_due_ms = rows_int(&r, 0);
	return RC_OK;
}

static enum rc shift_after(struct op *op, const struct duty_shift *s, struct str *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_AFTER],
	              ARGS(sql_text(s->place), sql_int((int64_t)s->post), sql_text(s->code),
	                   sql_int(s->until_ms), sql_int(s->until_ms)), &r));
	if (rows_next(&r))
		*ret = rows_dup(op->arena, &r, 0);
	return RC_OK;
}

/* Is anybody on this post, be it of the shift before, who waits to be relieved?  Of one that ended
 * earlier nobody waits: he only did not sign out. */
static enum rc is_manned(struct op *op, const struct duty_shift *s, bool *ret)
{
	AUTO(rows) r = {0};

	*ret = false;
	TRY(sql_query(op, &SQL[Q_NOW],
	              ARGS(sql_text(s->place), sql_int((int64_t)s->post), sql_int(s->from_ms),
	                   sql_int(s->from_ms)), &r));
	while (rows_next(&r))
		*ret = *ret || (rows_int(&r, 7) > 0 && rows_int(&r, 6) >= s->from_ms);
	return RC_OK;
}

static enum rc shifts_run(struct op *op)
{
	struct duty_shift s = {0};
	struct moment m = {.next = STR("")};
	struct str code = {0};
	int64_t phase = 0;
	bool known;

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_NEXT], NO_ARGS, &r));
		if (!rows_next(&r))
			return RC_OK;
		code = rows_dup(op->arena, &r, 1);
	}
	TRY(shift_find(op, code, &s, &phase, &known));
	m.shift = s.code;
	m.post = (int)s.post;
	TRY(is_manned(op, &s, &m.present));
	if (phase == 0)
		return event_append_at(op, &EVENTS[EV_BEGAN], s.place, &m, NULL);
	m.relieved = s.handed >= 0;
	TRY(shift_after(op, &s, &m.next));
	return event_append_at(op, &EVENTS[EV_ENDED], s.place, &m, NULL);
}

static const struct job JOBS[] = {
	{"duty.shifts", shifts_next, shifts_run, "值班班次的开始和结束", "shifts begin and end"},
};

/* A roster with a hole over a session; a place without any roster keeps it elsewhere. */
static enum rc covered(struct op *op, struct str place, int post, int64_t from, int64_t to,
                       bool *ret)
{
	int64_t until = from;

	while (until < to) {
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_COVER], ARGS(sql_text(place), sql_int(post), sql_int(until)), &r));
		if (!rows_next(&r) || rows_int(&r, 0) <= until)
			break;
		until = rows_int(&r, 0);
	}
	*ret = until >= to;
	return RC_OK;
}

static enum rc check_cover(struct op *op, const struct event *ev)
{
	const struct armed *p = ev->data;
	const struct profile_session *s = profile_session(op_profile(op), p->session);
	int64_t before_ms = profile_setting(op_profile(op), "duty.cover_before_s", 0) * 1000;
	bool city = place_level(ev->place) == LEVEL_CITY, officer, leader;

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_USED], ARGS(sql_text(ev->place)), &r));
		if (!s || !rows_next(&r))
			return RC_OK;
	}
	TRY(covered(op, ev->place, city ? POST_CITY_DUTY : POST_DUTY_OFFICER, s->start_ms - before_ms,
	            s->end_ms, &officer));
	TRY(covered(op, ev->place, city ? POST_CITY_LEADER : POST_COUNTY_LEADER,
	            s->start_ms - before_ms, s->end_ms, &leader));
	if (officer && leader)
		return RC_OK;
	return alarm_raise(op, "duty.roster_gap",
	                   session_subject(op->arena, p->session, ev->place), ev->place, NULL);
}

static const struct reaction REACTIONS[] = {
	{"arrange.session_armed", check_cover},
};

/* Expectations. */
static size_t began_subject(struct arena *a, const struct event *ev, struct str *ret, bool leader)
{
	const struct moment *m = ev->data;
	bool is_leader = m->post == POST_COUNTY_LEADER || m->post == POST_CITY_LEADER;

	ret[0] = str_copy(a, m->shift);
	return is_leader == leader && !m->present;
}

static size_t signed_subject(struct arena *a, const struct event *ev, struct str *ret)
{
	ret[0] = str_copy(a, ((const struct sign *)ev->data)->shift);
	return 1;
}

static size_t officer_of(struct arena *a, const struct event *ev, struct str *ret,
                         struct str *ret_session)
{
	(void)ret_session;
	return ev->type == &EVENTS[EV_BEGAN] ? began_subject(a, ev, ret, false)
	                                     : signed_subject(a, ev, ret);
}

static size_t leader_of(struct arena *a, const struct event *ev, struct str *ret,
                        struct str *ret_session)
{
	(void)ret_session;
	return ev->type == &EVENTS[EV_BEGAN] ? began_subject(a, ev, ret, true)
	                                     : signed_subject(a, ev, ret);
}

static size_t relief_of(struct arena *a, const struct event *ev, struct str *ret,
                        struct str *ret_session)
{
	const struct moment *m = ev->data;

	(void)ret_session;
	if (ev->type == &EVENTS[EV_HANDED]) {
		ret[0] = str_copy(a, ((const struct handing *)ev->data)->shift);
		return 1;
	}
	ret[0] = str_copy(a, m->shift);
	return m->next.n > 0 && !m->relieved;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"duty.officer_in", "duty.shift_began", "duty.signed_in", NULL, officer_of, "duty.sign_in",
	 "county_office", .missing = "duty.post_empty", .cites = CITE_DUTY,
	 .zh = "值班员到岗", .en = "the duty officer comes"},
	{"duty.leader_in", "duty.shift_began", "duty.signed_in", NULL, leader_of, "duty.sign_in",
	 "county_office", .missing = "duty.leader_absent", .cites = CITE_DUTY,
	 .zh = "带班领导到岗", .en = "the leader on duty comes"},
	{"duty.hand_over", "duty.shift_ended", "duty.handed_over", NULL, relief_of, "duty.hand_over",
	 "duty_officer", .missing = "duty.handover_late", .cites = CITE_DUTY,
	 .zh = "值班交接(双方签名)", .en = "a shift is handed over, both sign"},
};

static const struct alarm_rule ALARMS[] = {
	{"duty.post_empty", COLOUR_ORANGE, "county_leader", CITE_DUTY,
	 "立即电话联系A角、B角到岗；仍无人时由带班领导指定代班并登记",
	 "telephone A and B at once; if neither comes the leader names somebody, and it is recorded",
	 "值班岗位无人", "nobody is on duty"},
	{"duty.leader_absent", COLOUR_ORANGE, "county_director", CITE_DUTY,
	 "联系带班领导或B角到岗；未到岗前由考区主任指定负责人",
	 "call the leader on duty or the deputy; until then the director names who decides",
	 "带班领导未到岗", "the leader on duty is absent"},
	{"duty.handover_late", COLOUR_YELLOW, "duty_officer", CITE_DUTY,
	 "催办交接班，双方签名；交班人未经交接不得离岗",
	 "have the shift handed over and signed by both; nobody leaves before it is",
	 "值班交接超时未办", "a shift was not handed over in time"},
	{"duty.post_left", COLOUR_ORANGE, "county_leader", CITE_DUTY,
	 "立即由B角顶岗，说明离岗原因", "the deputy takes the post at once; say why it was left",
	 "值班人中途离岗", "a post was left within its hours"},
	{"duty.stranger_on_post", COLOUR_BLUE, "county_office", CITE_DUTY,
	 "核实代班是否经批准，补办调班", "verify that the change was allowed and record it",
	 "到岗人不在值班表上", "somebody else than rostered came on duty"},
	{"duty.shift_unknown", COLOUR_BLUE, "county_office", CITE_DUTY,
	 "核对班次编号，补录值班表", "check the number of the shift and complete the roster",
	 "班次未排定", "the shift stands on no roster"},
	{"duty.roster_gap", COLOUR_YELLOW, "county_office", CITE_DUTY,
	 "补排值班员和带班领导，覆盖本科次全程", "roster an officer and a leader for the whole session",
	 "值班表有空档", "the roster has a hole"},
};

/* Module. */
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const struct allow ON_DUTY[] = {
	{"duty_officer", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"county_leader", LEVEL_ANY},
	{"city_duty", LEVEL_CITY}, {"city_office", LEVEL_CITY}, {"city_leader", LEVEL_ANY},
};
static const char *const WHO[] = {"duty_officer", "county_leader", "city_duty", "city_leader",
	"county_office", "city_office", "county_director", NULL};
static const struct slot OFFICER[] = {{"officer", 1, WHO, NULL, false, "值班人", "who is on duty"}};
static const struct slot TWO[] = {
	{"giver", 1, WHO, "receiver", false, "交班人", "who hands over"},
	{"receiver", 1, WHO, NULL, false, "接班人", "who takes over"},
};
static const struct command COMMANDS[] = {
	{"duty.roster", ORDER, FIELDS(PLANNED), sizeof(struct planned), ALLOW(OFFICE),
	 .run = run_roster, .cites = CITE_DUTY, .zh = "排定值班", .en = "roster a shift"},
	{"duty.change_shift", ORDER, FIELDS(CHANGED), sizeof(struct changed), ALLOW(OFFICE),
	 .place_of = place_of_shift, .place_by = "shift", .run = run_change, .cites = CITE_DUTY,
	 .zh = "调整值班", .en = "change a shift"},
	{"duty.sign_in", FACT, SIGN, COUNT(SIGN) - 1, sizeof(struct sign), SLOTS(OFFICER),
	 ALLOW(ON_DUTY), .run = run_sign_in, .cites = CITE_DUTY,
	 .zh = "值班到岗", .en = "come on duty"},
	{"duty.sign_out", FACT, SIGN, COUNT(SIGN) - 1, sizeof(struct sign), SLOTS(OFFICER),
	 ALLOW(ON_DUTY), .run = run_sign_out, .cites = CITE_DUTY,
	 .zh = "值班离岗", .en = "leave the post"},
	{"duty.hand_over", FACT, FIELDS(HANDING), sizeof(struct handing), SLOTS(TWO), ALLOW(ON_DUTY),
	 .run = run_hand_over, .cites = CITE_DUTY, .zh = "值班交接", .en = "hand over a shift"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("code", F_CODE, "班次", "shift"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN_WORDS("post", POST, POST_WORDS, "岗位", "post"),
	COLUMN("person", F_PERSON, "应值(A)", "rostered (A)"),
	COLUMN("deputy", F_PERSON, "备班(B)", "deputy (B)"),
	COLUMN("from_ms", F_TIME, "自", "from"),
	COLUMN("until_ms", F_TIME, "至", "until"),
	COLUMN("present", F_PERSON, "在岗", "present"),
	COLUMN("entry", F_ID, "台账", "entry"),
};
static const struct view VIEWS[] = {
	{"duty/roster", "值班表", "the roster", READERS, &SQL[Q_VIEW], VIEW_NAMES, COUNT(VIEW_NAMES)},
};

/* Those who answer for the day, and those who look over their shoulders. */
static const char *const REPORT_READERS[] = {"county_office", "city_office", "duty_officer",
	"county_leader", "city_duty", "city_leader", "county_director", "province_office", "inspector",
	"audit_admin", "ledger_reader", NULL};
static const struct right RIGHTS[] = {
	{DUTY_REPORT, "查阅值班日报", "read the day's report", REPORT_READERS},
};

static const char *const SETTINGS[] = {"duty.cover_before_s"};

const struct module duty_module = {
	.name = "duty", .group = "duty", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(jobs, JOBS),
	TABLE_OF(views, VIEWS), TABLE_OF(rights, RIGHTS), .resolve = on_duty,
	TABLE_OF(settings, SETTINGS),
	.zh = "值班", .en = "duty",
};
