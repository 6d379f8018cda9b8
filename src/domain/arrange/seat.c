/* SPDX-License-Identifier: Apache-2.0 */
/* seat.c -- lists of rooms: who sits and who waits; see seat.h. */
#include "domain/arrange/seat.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SEAT "考务工作规定 考场编排 SEAT-5 SEAT-11"

enum {
	Q_CLEAR, Q_ADD, Q_SEAT, Q_ROOM, Q_WAIT_CLEAR, Q_WAIT_ADD, Q_WAIT, Q_WAITING, Q_COUNT,
	Q_WAIT_COUNT, Q_LIST, Q_WAIT_LIST,
};
#define SEAT_COLUMNS "session, candidate, room, site, seat"
static const struct sql SQL[] = {
	[Q_CLEAR] = {"DELETE FROM arrange_seat WHERE session = ? AND room = ?", 2},
	[Q_ADD] = {"INSERT INTO arrange_seat(session, candidate, room, site, seat)"
	           " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_SEAT] = {"SELECT " SEAT_COLUMNS " FROM arrange_seat WHERE session = ? AND candidate = ?", 2},
	[Q_ROOM] = {"SELECT " SEAT_COLUMNS " FROM arrange_seat WHERE session = ? AND room = ?"
	            " ORDER BY seat, candidate", 2},
	[Q_WAIT_CLEAR] = {"DELETE FROM arrange_wait WHERE session = ? AND room = ?", 2},
	[Q_WAIT_ADD] = {"INSERT INTO arrange_wait(session, candidate, room, site, seat)"
	                " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_WAIT] = {"SELECT room FROM arrange_wait WHERE session = ? AND candidate = ?", 2},
	[Q_WAITING] = {"SELECT " SEAT_COLUMNS " FROM arrange_wait WHERE session = ? AND room = ?"
	               " ORDER BY seat, candidate", 2},
	[Q_COUNT] = {"SELECT COUNT(*) FROM arrange_seat WHERE session = ? AND site = ?", 2},
	[Q_WAIT_COUNT] = {"SELECT COUNT(*) FROM arrange_wait WHERE session = ? AND site = ?", 2},
	[Q_LIST] = {"SELECT " SEAT_COLUMNS " FROM arrange_seat ORDER BY session, room, seat, candidate",
	            0},
	[Q_WAIT_LIST] = {"SELECT " SEAT_COLUMNS " FROM arrange_wait"
	                 " ORDER BY session, room, seat, candidate", 0},
};

#define SEAT_TABLE(name) "CREATE TABLE " name "(session {text} NOT NULL," \
	" candidate {text} NOT NULL, room {text} NOT NULL, site {text} NOT NULL," \
	" seat {int} NOT NULL, PRIMARY KEY(candidate, session)){clustered};" \
	"CREATE INDEX " name "_room ON " name "(session, room, seat, candidate);" \
	"CREATE INDEX " name "_site ON " name "(session, site);" \
	"CREATE INDEX " name "_at ON " name "(room)" /* a site's list, of all sessions */
static const struct table TABLES[] = {
	{"arrange_seat", SEAT_TABLE("arrange_seat"), "session, candidate"},
	{"arrange_wait", SEAT_TABLE("arrange_wait"), "session, candidate"},
};

/* Fields. */
struct place_of_one {
	struct str candidate;
	int64_t seat;
};
static const struct field PLACE_OF_ONE[] = {
	FIELD(struct place_of_one, candidate, F_CODE, "考生号", "candidate number",
	      .ref = "candidate"),
	FIELD(struct place_of_one, seat, F_INT, "座位号", "seat", .max = 1000),
};
struct seating {
	struct str place, session, room;
	struct list seats;
	bool waiting; /* the room is one to wait in */
};
static const struct field SEATING[] = {
	FIELD(struct seating, place, F_PLACE, "考点", "site"),
	FIELD(struct seating, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct seating, room, F_PLACE, "考场", "room"),
	FIELD(struct seating, seats, F_LIST, "座位", "seats", .list_of = PLACE_OF_ONE,
	      .list_n = COUNT(PLACE_OF_ONE), .list_size = sizeof(struct place_of_one), .min = 1),
	FIELD(struct seating, waiting, F_BOOL, "候考区", "to wait in", .optional = true),
};

/* Projection. */
static enum rc apply_seated(struct op *op, const struct event *ev)
{
	const struct seating *p = ev->data;
	const struct place_of_one *s = p->seats.items;

	TRY(sql_exec(op, &SQL[p->waiting ? Q_WAIT_CLEAR : Q_CLEAR],
	             ARGS(sql_text(p->session), sql_text(p->room))));
	for (size_t i = 0; i < p->seats.n; i++)
		TRY(sql_exec(op, &SQL[p->waiting ? Q_WAIT_ADD : Q_ADD],
		             ARGS(sql_text(p->session), sql_text(s[i].candidate), sql_text(p->room),
		                  sql_text(ev->place), sql_int(s[i].seat))));
	return RC_OK;
}

static const char *const READERS[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "site_clerk", "identity_checker", "inspector", NULL};
static const struct event_type EVENTS[] = {
	EVENT("arrange.candidates_seated", SEATING, struct seating, apply_seated, "编排座位",
	      "candidates were seated", .visible_to = READERS),
};

/* Reading. */
static void read_seat(struct op *op, const struct rows *r, struct seat *ret)
{
	*ret = (struct seat){rows_dup(op->arena, r, 0), rows_dup(op->arena, r, 1),
		                 rows_dup(op->arena, r, 2), rows_dup(op->arena, r, 3), rows_int(r, 4)};
}

enum rc arrange_seat(struct op *op, struct str session, struct str candidate, struct seat *ret,
                     bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_SEAT], ARGS(sql_text(session), sql_text(candidate)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		read_seat(op, &r, ret);
	return RC_OK;
}

static enum rc list_seats(struct op *op, int q, struct str session, struct str room,
                          struct seat **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct seat *list = NULL;
	size_t n = 0, cap = 0;

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(session), sql_text(room)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_seat(op, &r, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc arrange_room_candidates(struct op *op, struct str session, struct str room,
                                struct seat **ret, size_t *ret_n)
{
	return list_seats(op, Q_ROOM, session, room, ret, ret_n);
}

enum rc arrange_room_waiting(struct op *op, struct str session, struct str room,
                             struct seat **ret, size_t *ret_n)
{
	return list_seats(op, Q_WAITING, session, room, ret, ret_n);
}

static enum rc count(struct op *op, int q, struct str session, struct str site, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(session), sql_text(site)), &r));
	(void)rows_next(&r);
	*ret = rows_int(&r, 0);
	return RC_OK;
}

enum rc arrange_seated(struct op *op, struct str session, struct str site, int64_t *ret_seated,
                       int64_t *ret_waiting)
{
	TRY(count(op, Q_COUNT, session, site, ret_seated));
	return count(op, Q_WAIT_COUNT, session, site, ret_waiting);
}

enum rc arrange_accommodations(struct op *op, struct str session, struct str site,
                               struct gate_line **ret, size_t *ret_n)
{
	struct accommodation *all;
	struct gate_line *list;
	size_t n, kept = 0;

	TRY(exam_accommodations(op, STR(""), &all, &n));
	list = arena_array(op->arena, n ? n : 1, sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		struct seat s;
		bool known;

		TRY(arrange_seat(op, session, all[i].candidate, &s, &known));
		if (known && str_eq(s.site, site))
			list[kept++] = (struct gate_line){all[i], s};
	}
	*ret = list;
	*ret_n = kept;
	return RC_OK;
}

const struct profile_session *session_before(const struct profile *p, struct str session)
{
	const struct profile_session *s = profile_session(p, session), *found = NULL;

	for (size_t i = 0; s && i < p->nsessions; i++) {
		const struct profile_session *x = &p->sessions[i];

		if (str_eq(x->half_day, s->half_day) && x->start_ms < s->start_ms)
			found = x;
	}
	return found;
}

/* Rules.  One candidate of a list; `at` counts from 1. */
struct listed {
	const struct seating *in;
	struct str where; /* of it in the act: "seats/7/candidate" */
	const struct profile_session *session;
	const struct room_plan *room;
	size_t at;
};

static enum rc check_free(struct op *op, const struct listed *l, struct str number)
{
	AUTO(rows) r = {0};
	struct str room = {0};

	TRY(sql_query(op, &SQL[l->room->kind == ROOM_WAITING ? Q_WAIT : Q_SEAT],
	              ARGS(sql_text(l->session->id), sql_text(number)), &r));
	if (rows_next(&r))
		room = rows_dup(op->arena, &r, l->room->kind == ROOM_WAITING ? 0 : 2);
	if (room.n && !str_eq(room, l->in->room))
		return fail(op, RC_CONFLICT, l->where.s, CITE_SEAT, "考生 %s 本科次已编在 %s",
		            "candidate %s has a place in %s in this session", number.s, room.s);
	return RC_OK;
}

static enum rc check_one(struct op *op, const struct listed *l, struct place_of_one *s)
{
	struct candidate c;

	if (exam_candidate(op, s->candidate, l->where.s, &c) != RC_OK) {
		if (op->err.rc != RC_NOT_FOUND)
			return op->err.rc;
		return fail(op, RC_NOT_FOUND, l->where.s, CITE_SEAT, "没有考生 %s",
		            "there is no candidate %s", s->candidate.s);
	}
	s->candidate = c.number;
	if (!exam_takes(op_profile(op), c.combination, l->session->subject))
		return fail(op, RC_CONFLICT, l->where.s, CITE_SEAT, "考生 %s 的选科组合 %s 不考本科次",
		            "candidate %s (%s) does not take this session", c.number.s,
		            c.combination.s);
	if (l->room->language.n && c.language.n && !str_eq(l->room->language, c.language))
		return fail(op, RC_CONFLICT, l->where.s, CITE_SEAT,
		            "考生 %s 的语种是 %s，考场语种是 %s",
		            "candidate %s sits %s, the room is of %s", c.number.s, c.language.s,
		            l->room->language.s);
	return check_free(op, l, c.number);
}

/* Two of one seat, one candidate twice.  A list has at most LIMIT_LIST items. */
static enum rc check_twice(struct op *op, const struct listed *l, const struct place_of_one *s)
{
	for (size_t j = 0; j + 1 < l->at; j++) {
		if (str_eq(s[j].candidate, s[l->at - 1].candidate))
			return fail(op, RC_INVALID, l->where.s, CITE_SEAT, "与名单第 %zu 人相同",
			            "the same as number %zu of the list", j + 1);
		if (s[j].seat && s[j].seat == s[l->at - 1].seat)
			return fail(op, RC_INVALID, str_fmt(op->arena, "seats/%zu/seat", l->at - 1).s,
			            CITE_SEAT, "座位与名单第 %zu 人相同", "the seat of number %zu of the list",
			            j + 1);
	}
	return RC_OK;
}

static enum rc check_room(struct op *op, const struct seating *p, struct room_plan *ret)
{
	bool known;

	TRY(arrange_room(op, p->session, p->room, ret, &known));
	if (!known || !str_eq(ret->site, p->place))
		return fail(op, RC_NOT_FOUND, "room", CITE_SEAT, "考点 %s 本科次没有编排考场 %s",
		            "site %s has no room %s in this session", p->place.s, p->room.s);
	if (ret->kind == ROOM_WAITING && !session_before(op_profile(op), p->session))
		return fail(op, RC_CONFLICT, "room", CITE_SEAT, "本科次是半天内的第一科，无须候考",
		            "this session is the first of its half day: nobody waits for it");
	return RC_OK;
}

static enum rc too_many(struct op *op, const struct seating *p, const struct room_plan *room)
{
	return fail(op, RC_CONFLICT, "seats", CITE_SEAT, "考场 %s 编排 %lld 人，名单有 %zu 人：没有座位",
	            "room %s is planned for %lld, the list has %zu: there is no seat", p->room.s,
	            (long long)room->seats, p->seats.n);
}

static enum rc run_seat(struct op *op, const void *in)
{
	struct seating p = *(const struct seating *)in;
	const struct profile_session *s = profile_session(op_profile(op), p.session);
	struct place_of_one *list = arena_array(op->arena, p.seats.n, sizeof(*list));
	struct room_plan room;
	struct listed l = {.in = &p, .session = s, .room = &room};

	if (!s)
		return fail(op, RC_INVALID, "session", CITE_SEAT, "方案中没有科次 %s",
		            "the profile has no session %s", p.session.s);
	TRY(check_room(op, &p, &room));
	if (room.kind != ROOM_WAITING && (int64_t)p.seats.n > room.seats)
		TRY(op_also(op, too_many(op, &p, &room)));
	if (op->now_ms >= s->start_ms)
		return forbid(op, RC_CONFLICT, "session", CITE_SEAT,
		              "科次已开考，座位只能逐人调整（登记考场调整）",
		              "the session has begun: only moves change seats now");
	p.waiting = room.kind == ROOM_WAITING;
	memcpy(list, p.seats.items, p.seats.n * sizeof(*list));
	p.seats.items = list;
	for (l.at = 1; l.at <= p.seats.n; l.at++) {
		l.where = str_fmt(op->arena, "seats/%zu/candidate", l.at - 1);
		TRY(op_also(op, check_one(op, &l, &list[l.at - 1])));
		TRY(op_also(op, check_twice(op, &l, list)));
	}
	return event_append(op, &EVENTS[0], &p, NULL);
}

/* When a site's session is armed and lists are in use, they must say of everybody where they sit
 * and, before a second session, where they wait. */
static enum rc check_site(struct op *op, const struct event *ev)
{
	const struct armed *a = ev->data;
	struct str subject = session_subject(op->arena, a->session, ev->place);
	int64_t seated, waiting;

	TRY(arrange_seated(op, a->session, ev->place, &seated, &waiting));
	if (!seated)
		return RC_OK;
	if (seated != a->seats)
		TRY(alarm_raise(op, "arrange.seats_differ", subject, ev->place, NULL));
	if (waiting < seated && session_before(op_profile(op), a->session) &&
	    profile_setting(op_profile(op), "arrange.waiting", 0))
		TRY(alarm_raise(op, "arrange.waiting_missing", subject, ev->place, NULL));
	return RC_OK;
}

static const struct reaction REACTIONS[] = {{"arrange.site_armed", check_site}};


static const struct alarm_rule ALARMS[] = {
	{"arrange.seats_differ", COLOUR_ORANGE, "county_office", CITE_SEAT,
	 "核对编排名单与考场编排人数，补齐或更正后重新导入", "compare the lists with the plan, correct and import again",
	 "座位名单人数与考场编排不符", "the lists of seats do not agree with the plan of rooms"},
	{"arrange.waiting_missing", COLOUR_YELLOW, "site_chief", CITE_SEAT,
	 "安排第二科考生的候考区并编入名单", "arrange where those of the second session wait, and list them",
	 "同一半天第二科有考生未安排候考区", "candidates of a half day's second session have no place to wait"},
};

/* Module. */
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const struct command COMMANDS[] = {
	{"arrange.seat_candidates", ORDER, SEATING, COUNT(SEATING) - 1, sizeof(struct seating),
	 ALLOW(OFFICE), .run = run_seat, .cites = CITE_SEAT,
	 .zh = "编排座位", .en = "seat candidates"},
};

static const struct column NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN("seat", F_INT, "座位号", "seat"),
};
static const struct view VIEWS[] = {
	{"arrange/seats", "座位", "seats", READERS, &SQL[Q_LIST], NAMES, COUNT(NAMES),
	 .keys = {0, 2, 4, 1}, .nkeys = 4},
	{"arrange/waiting", "候考区名单", "who waits where", READERS, &SQL[Q_WAIT_LIST], NAMES,
	 COUNT(NAMES)},
};

static const char *const SETTINGS[] = {"arrange.waiting"};

const struct module arrange_seat_module = {
	.name = "arrange_seat", .group = "arrange", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "座位编排", .en = "seats",
};
