/* SPDX-License-Identifier: Apache-2.0 */
/* arrange.c -- room plans, and the job that arms sessions by them; see arrange.h.
 *
 * The moment of arming stands in the event that planned the rooms, so that the projection needs no
 * profile.  A plan for a room replaces the earlier one.
 */
#include "domain/arrange/arrange.h"

#include "base/limits.h"
#include "engine/run.h"

#define CITE_PLAN "考务工作规定 考场编排 SEAT-1"

enum {
	Q_ROOM, Q_ROOMS, Q_ROOM_ADD, Q_ROOM_SET, Q_SITE, Q_SITES, Q_ALL_SITES, Q_SITE_ADD, Q_SITE_SET,
	Q_SUM, Q_NEXT, Q_SITE_ARM, Q_ROOM_ARM, Q_AREA, Q_AREA_ADD, Q_UNARMED,
	Q_VIEW_ROOMS, Q_VIEW_SITES, Q_WAITING, Q_MOVE, Q_PLACES,
};
#define ROOM_COLUMNS "session, room, site, language, seats, kind"
#define SITE_COLUMNS "session, site, rooms, seats, armed"
static const struct sql SQL[] = {
	[Q_ROOM] = {"SELECT " ROOM_COLUMNS " FROM arrange_room WHERE session = ? AND room = ?", 2},
	[Q_ROOMS] = {"SELECT " ROOM_COLUMNS " FROM arrange_room WHERE session = ? AND site = ?"
	             " ORDER BY room", 2},
	[Q_ROOM_ADD] = {"INSERT INTO arrange_room(session, room, site, language, seats, kind, armed)"
	                " VALUES(?, ?, ?, ?, ?, ?, 0)", 6},
	[Q_ROOM_SET] = {"UPDATE arrange_room SET language = ?, seats = ?, kind = ?"
	                " WHERE session = ? AND room = ?", 5},
	[Q_SITE] = {"SELECT " SITE_COLUMNS " FROM arrange_site WHERE session = ? AND site = ?", 2},
	[Q_SITES] = {"SELECT " SITE_COLUMNS " FROM arrange_site WHERE session = ?"
	             " AND (site = ? OR (site >= ? AND site < ?)) ORDER BY site", 4},
	[Q_ALL_SITES] = {"SELECT " SITE_COLUMNS " FROM arrange_site WHERE session = ? ORDER BY site",
	                 1},
	[Q_SITE_ADD] = {"INSERT INTO arrange_site(session, site, arm_ms, armed, rooms, seats,"
	                " entry) VALUES(?, ?, ?, 0, ?, ?, ?)", 6},
	[Q_SITE_SET] = {"UPDATE arrange_site SET rooms = ?, seats = ?, entry = ? WHERE session = ?"
	                " AND site = ?", 5},
	[Q_SUM] = {"SELECT COUNT(*), CAST(COALESCE(SUM(seats), 0) AS BIGINT) FROM arrange_room"
	           " WHERE session = ? AND site = ? AND kind < 2", 2},
	[Q_NEXT] = {"SELECT arm_ms, session, site, rooms, seats FROM arrange_site WHERE armed = 0"
	            " ORDER BY arm_ms, session, site LIMIT 1", 0},
	[Q_SITE_ARM] = {"UPDATE arrange_site SET armed = 1 WHERE session = ? AND site = ?", 2},
	[Q_ROOM_ARM] = {"UPDATE arrange_room SET armed = 1 WHERE session = ? AND room = ?", 2},
	[Q_AREA] = {"SELECT 1 FROM arrange_area WHERE session = ? AND place = ?", 2},
	[Q_AREA_ADD] = {"INSERT INTO arrange_area(session, place) VALUES(?, ?)", 2},
	[Q_UNARMED] = {"SELECT " ROOM_COLUMNS " FROM arrange_room WHERE session = ? AND site = ?"
	               " AND armed = 0 AND kind < 2 ORDER BY room", 2},
	[Q_VIEW_ROOMS] = {"SELECT " ROOM_COLUMNS " FROM arrange_room ORDER BY session, room", 0},
	[Q_VIEW_SITES] = {"SELECT " SITE_COLUMNS ", entry FROM arrange_site ORDER BY session, site", 0},
	[Q_WAITING] = {"SELECT DISTINCT session, arm_ms FROM arrange_site WHERE armed = 0"
	               " ORDER BY session, arm_ms", 0},
	[Q_MOVE] = {"UPDATE arrange_site SET arm_ms = ? WHERE session = ? AND armed = 0", 2},
	[Q_PLACES] = {"SELECT DISTINCT room FROM arrange_room WHERE room = ?"
	              " OR (room >= ? AND room < ?) ORDER BY room", 3},
};

static const struct table TABLES[] = {
	{"arrange_room", "CREATE TABLE arrange_room(session {text} NOT NULL, room {text} NOT NULL,"
	 " site {text} NOT NULL, language {text} NOT NULL, seats {int} NOT NULL, kind {int} NOT NULL,"
	 " armed {int} NOT NULL, PRIMARY KEY(room, session)){clustered};"
	 "CREATE INDEX arrange_room_site ON arrange_room(session, site, room)", "session, room"},
	{"arrange_site", "CREATE TABLE arrange_site(session {text} NOT NULL, site {text} NOT NULL,"
	 " arm_ms {int} NOT NULL, armed {int} NOT NULL, rooms {int} NOT NULL, seats {int} NOT NULL,"
	 " entry {int} NOT NULL, PRIMARY KEY(session, site)){clustered};"
	 "CREATE INDEX arrange_site_next ON arrange_site(arm_ms, session, site) WHERE armed = 0",
	 "session, site"},
	{"arrange_area", "CREATE TABLE arrange_area(session {text} NOT NULL, place {text} NOT NULL,"
	 " PRIMARY KEY(session, place)){clustered}", "session, place"},
};

/* Fields. */
#define X(id, text) text,
static const char *const KIND[] = {ROOM_KINDS(X)};
#undef X
static const struct word KIND_WORDS[] = {
	{"普通", "ordinary"}, {"合理便利", "special"}, {"备用(隔离)", "reserve (isolation)"},
	{"候考", "waiting"},
};

struct planned_room {
	struct str room; /* its own part of the path: "r07" */
	int64_t seats;
	int kind;
	struct str language;
};
static const struct field ROOM[] = {
	FIELD(struct planned_room, room, F_PLACE, "考场", "room"),
	FIELD(struct planned_room, seats, F_INT, "考生数", "candidates", .max = 1000),
	FIELD(struct planned_room, kind, F_ENUM, "考场类别", "kind of room", ENUM_OF(KIND, KIND_WORDS),
	      .optional = true),
	FIELD(struct planned_room, language, F_KEY, "语种", "language", .ref = "language",
	      .optional = true),
};

struct planning {
	struct str place, session;
	struct list rooms;
	int64_t arm_at;
};
static const struct field PLANNING[] = {
	FIELD(struct planning, place, F_PLACE, "考点", "site"),
	FIELD(struct planning, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct planning, rooms, F_LIST, "考场", "rooms", .list_of = ROOM, .list_n = COUNT(ROOM),
	      .list_size = sizeof(struct planned_room), .min = 1),
	FIELD(struct planning, arm_at, F_TIME, "布防时间", "armed at"),
};

static const struct field SITE_ARMED[] = {
	FIELD(struct armed, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct armed, rooms, F_INT, "考场数", "rooms"),
	FIELD(struct armed, seats, F_INT, "考生数", "candidates"),
};
static const struct field AREA_ARMED[] = {
	FIELD(struct armed, session, F_KEY, "科次", "session", .ref = "session"),
};
static const struct field ROOM_ARMED[] = {
	FIELD(struct armed, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct armed, seats, F_INT, "考生数", "candidates"),
};

struct moved {
	struct str session;
	int64_t arm_at;
};
static const struct field MOVED[] = {
	FIELD(struct moved, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct moved, arm_at, F_TIME, "布防时间", "armed at"),
};

/* Projection. */
static enum rc apply_room(struct op *op, const struct event *ev, const struct planned_room *r)
{
	const struct planning *p = ev->data;
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_ROOM_SET],
	              ARGS(sql_text(r->language), sql_int(r->seats), sql_int(r->kind),
	                   sql_text(p->session), sql_text(r->room)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_ROOM_ADD],
	                ARGS(sql_text(p->session), sql_text(r->room), sql_text(ev->place),
	                     sql_text(r->language), sql_int(r->seats), sql_int(r->kind)));
}

static enum rc site_sum(struct op *op, struct str session, struct str site, int64_t *ret_rooms,
                        int64_t *ret_seats)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_SUM], ARGS(sql_text(session), sql_text(site)), &r));
	(void)rows_next(&r);
	*ret_rooms = rows_int(&r, 0);
	*ret_seats = rows_int(&r, 1);
	return RC_OK;
}

static enum rc apply_planned(struct op *op, const struct event *ev)
{
	const struct planning *p = ev->data;
	const struct planned_room *r = p->rooms.items;
	int64_t rooms, seats, changed;

	for (size_t i = 0; i < p->rooms.n; i++)
		TRY(apply_room(op, ev, &r[i]));
	TRY(site_sum(op, p->session, ev->place, &rooms, &seats));
	TRY(db_change(op, op->db, &SQL[Q_SITE_SET],
	              ARGS(sql_int(rooms), sql_int(seats), sql_int(ev->index), sql_text(p->session),
	                   sql_text(ev->place)), &changed));
	if (changed)
		return RC_OK;
	run_due_at(op, p->arm_at);
	return sql_exec(op, &SQL[Q_SITE_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(p->arm_at),
	                     sql_int(rooms), sql_int(seats), sql_int(ev->index)));
}

static enum rc apply_area(struct op *op, const struct event *ev)
{
	const struct armed *p = ev->data;

	return sql_exec(op, &SQL[Q_AREA_ADD], ARGS(sql_text(p->session), sql_text(ev->place)));
}

static enum rc apply_site(struct op *op, const struct event *ev)
{
	const struct armed *p = ev->data;

	return sql_exec(op, &SQL[Q_SITE_ARM], ARGS(sql_text(p->session), sql_text(ev->place)));
}

static enum rc apply_room_armed(struct op *op, const struct event *ev)
{
	const struct armed *p = ev->data;

	return sql_exec(op, &SQL[Q_ROOM_ARM], ARGS(sql_text(p->session), sql_text(ev->place)));
}

static enum rc apply_moved(struct op *op, const struct event *ev)
{
	const struct moved *p = ev->data;

	run_due_at(op, p->arm_at);
	return sql_exec(op, &SQL[Q_MOVE], ARGS(sql_int(p->arm_at), sql_text(p->session)));
}

enum { EV_PLANNED, EV_AREA, EV_SITE, EV_ROOM, EV_MOVED };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "site_clerk", "county_leader", "city_duty", "city_leader", "inspector", NULL};
static const struct event_type EVENTS[] = {
	[EV_PLANNED] = {"arrange.rooms_planned", 1, PLANNING + 1, COUNT(PLANNING) - 1,
	                sizeof(struct planning), .apply = apply_planned, .visible_to = READERS,
	                .zh = "编排考场", .en = "rooms were planned"},
	[EV_AREA] = EVENT("arrange.session_armed", AREA_ARMED, struct armed, apply_area,
	                  "考区科次布防", "a session of an area was armed", .visible_to = READERS),
	[EV_SITE] = EVENT("arrange.site_armed", SITE_ARMED, struct armed, apply_site,
	                  "考点科次布防", "a session of a site was armed", .visible_to = READERS),
	[EV_ROOM] = EVENT("arrange.room_armed", ROOM_ARMED, struct armed, apply_room_armed,
	                  "考场科次布防", "a session of a room was armed", .visible_to = READERS),
	[EV_MOVED] = EVENT("arrange.arming_moved", MOVED, struct moved, apply_moved,
	                   "变更布防时间", "the arming of a session was moved", .visible_to = READERS),
};

/* Reading. */
static void read_room(struct op *op, const struct rows *r, struct room_plan *ret)
{
	*ret = (struct room_plan){
		rows_dup(op->arena, r, 0), rows_dup(op->arena, r, 1), rows_dup(op->arena, r, 2),
		rows_dup(op->arena, r, 3), rows_int(r, 4), (enum room_kind)rows_int(r, 5)};
}

static void read_site(struct op *op, const struct rows *r, struct site_plan *ret)
{
	*ret = (struct site_plan){rows_dup(op->arena, r, 0), rows_dup(op->arena, r, 1), rows_int(r, 2),
		                      rows_int(r, 3), rows_int(r, 4) != 0};
}

enum rc arrange_room(struct op *op, struct str session, struct str room, struct room_plan *ret,
                     bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ROOM], ARGS(sql_text(session), sql_text(room)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		read_room(op, &r, ret);
	return RC_OK;
}

enum rc arrange_site(struct op *op, struct str session, struct str site, struct site_plan *ret,
                     bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_SITE], ARGS(sql_text(session), sql_text(site)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		read_site(op, &r, ret);
	return RC_OK;
}

static enum rc list_rooms(struct op *op, int q, struct str session, struct str site,
                          struct room_plan **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct room_plan *list = NULL;
	size_t n = 0, cap = 0;

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(session), sql_text(site)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_room(op, &r, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc arrange_rooms(struct op *op, struct str session, struct str site, struct room_plan **ret,
                      size_t *ret_n)
{
	return list_rooms(op, Q_ROOMS, session, site, ret, ret_n);
}

enum rc arrange_sites(struct op *op, struct str session, struct str place, struct site_plan **ret,
                      size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct site_plan *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	if (place.n)
		TRY(sql_query(op, &SQL[Q_SITES],
		              ARGS(sql_text(session), sql_text(place), sql_text(low), sql_text(high)), &r));
	else
		TRY(sql_query(op, &SQL[Q_ALL_SITES], ARGS(sql_text(session)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_site(op, &r, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc arrange_places(struct op *op, struct str place, struct str **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high, *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_PLACES], ARGS(sql_text(place), sql_text(low), sql_text(high)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = rows_dup(op->arena, &r, 0);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

struct str place_cut(struct arena *a, struct str place, int level)
{
	size_t n = 0;

	while (n < place.n && (place.s[n] != '/' || --level > 0))
		n++;
	return str_dup(a, place.s, n);
}

struct str session_subject(struct arena *a, struct str session, struct str place)
{
	return str_fmt(a, STR_FMT ":" STR_FMT, STR_ARG(session), STR_ARG(place));
}

size_t session_subjects(struct arena *a, const struct event *ev, struct str *ret,
                        struct str *ret_session)
{
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, STR("session"));
	const struct str *session;

	if (!f)
		return 0;
	session = (const struct str *)(const void *)((const char *)ev->data + f->offset);
	ret[0] = session_subject(a, *session, ev->place);
	ret_session[0] = *session;
	return 1;
}

/* Rules. */
static const char *room_at(struct op *op, size_t i)
{
	return str_fmt(op->arena, "rooms/%zu/room", i).s;
}

static enum rc check_rooms(struct op *op, const struct planning *p)
{
	const struct planned_room *r = p->rooms.items;

	for (size_t i = 0; i < p->rooms.n; i++) {
		if (place_level(r[i].room) != LEVEL_ROOM || !place_covers(p->place, r[i].room))
			TRY(op_also(op, fail(op, RC_INVALID, room_at(op, i), CITE_PLAN, "考场 %s 不在考点 %s",
			                     "room %s is not in site %s", r[i].room.s, p->place.s)));
		for (size_t j = 0; j < i; j++)
			if (str_eq(r[i].room, r[j].room))
				TRY(op_also(op, fail(op, RC_INVALID, room_at(op, i), CITE_PLAN, "考场 %s 重复",
				                     "room %s stands twice", r[i].room.s)));
	}
	return RC_OK;
}

static enum rc arm_rooms(struct op *op, struct str session, struct str site)
{
	struct room_plan *list;
	size_t n;

	TRY(list_rooms(op, Q_UNARMED, session, site, &list, &n));
	for (size_t i = 0; i < n; i++) {
		const struct armed a = {.session = session, .seats = list[i].seats};

		TRY(event_append_at(op, &EVENTS[EV_ROOM], list[i].room, &a, NULL));
	}
	return RC_OK;
}

static int64_t arm_ms(const struct op *op, const struct profile_session *s)
{
	const struct profile_step *arm = profile_step(op_profile(op), STR("arrange.arm"));

	return s->start_ms + (arm ? arm->from_s * 1000 : 0);
}

static enum rc run_plan(struct op *op, const void *in)
{
	struct planning p = *(const struct planning *)in;
	const struct profile_session *s = profile_session(op_profile(op), p.session);
	struct site_plan site;
	bool known;

	if (!s)
		return fail(op, RC_INVALID, "session", CITE_PLAN, "方案中没有科次 %s",
		            "the profile has no session %s", p.session.s);
	if (place_level(p.place) != LEVEL_SITE)
		return fail(op, RC_INVALID, "place", CITE_PLAN, "%s 不是考点（省/市/县/考点）",
		            "%s is not a site (province/city/county/site)", p.place.s);
	TRY(check_rooms(op, &p));
	if (op->now_ms >= s->end_ms) /* arming it would list hundreds of things as missing */
		TRY(forbid(op, RC_CONFLICT, "session", CITE_PLAN, "科次 %s 已结束，不再编排考场",
		           "session %s is over: no rooms are planned for it", p.session.s));
	p.arm_at = arm_ms(op, s);
	TRY(event_append(op, &EVENTS[EV_PLANNED], &p, NULL));
	TRY(arrange_site(op, p.session, p.place, &site, &known));
	return known && site.armed ? arm_rooms(op, p.session, p.place) : RC_OK;
}

/* Job. */
static enum rc arm_next(struct op *op, int64_t *ret_due_ms)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_NEXT], NO_ARGS, &r));
	if (rows_next(&r))
		*ret_due_ms = rows_int(&r, 0);
	return RC_OK;
}

static enum rc arm_area(struct op *op, struct str session, struct str place)
{
	const struct armed a = {.session = session};
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_AREA], ARGS(sql_text(session), sql_text(place)), &r));
	if (rows_next(&r))
		return RC_OK;
	rows_release(&r);
	return event_append_at(op, &EVENTS[EV_AREA], place, &a, NULL);
}

static enum rc arm_run(struct op *op)
{
	struct armed a = {0};
	struct str site = {0};

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_NEXT], NO_ARGS, &r));
		if (!rows_next(&r))
			return RC_OK;
		a.session = rows_dup(op->arena, &r, 1);
		site = rows_dup(op->arena, &r, 2);
		a.rooms = rows_int(&r, 3);
		a.seats = rows_int(&r, 4);
	}
	for (int level = LEVEL_CITY; level <= LEVEL_COUNTY; level++)
		TRY(arm_area(op, a.session, place_cut(op->arena, site, level)));
	TRY(event_append_at(op, &EVENTS[EV_SITE], site, &a, NULL));
	return arm_rooms(op, a.session, site);
}

/* Another profile: what is not armed yet is armed by its times. */
static enum rc move_arming(struct op *op, const struct event *ev)
{
	struct moved *list = NULL;
	size_t n = 0, cap = 0;

	(void)ev;
	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_WAITING], NO_ARGS, &r));
		while (rows_next(&r)) {
			list = arena_room(op->arena, list, n, &cap, sizeof(*list));
			list[n++] = (struct moved){rows_dup(op->arena, &r, 0), rows_int(&r, 1)};
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct profile_session *s = profile_session(op_profile(op), list[i].session);

		if (!s || arm_ms(op, s) == list[i].arm_at)
			continue;
		list[i].arm_at = arm_ms(op, s);
		TRY(event_append_at(op, &EVENTS[EV_MOVED], STR(""), &list[i], NULL));
	}
	return RC_OK;
}

static const struct reaction REACTIONS[] = {{"rules.adopted", move_arming}};

static const struct job JOBS[] = {
	{"arrange.arm", arm_next, arm_run, "科次布防：列出应办事项",
	 "a session is armed: what must happen is written down"},
};

/* Module. */
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const struct command COMMANDS[] = {
	{"arrange.plan_rooms", ORDER, PLANNING, COUNT(PLANNING) - 1, sizeof(struct planning),
	 ALLOW(OFFICE), .run = run_plan, .cites = CITE_PLAN, .zh = "编排考场", .en = "plan rooms"},
};

static const struct column ROOM_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN_KEY("language", "language", "语种", "language"),
	COLUMN("seats", F_INT, "座位", "seats"),
	COLUMN_WORDS("kind", KIND, KIND_WORDS, "类别", "kind"),
};
static const struct column SITE_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN("rooms", F_INT, "考场", "rooms"),
	COLUMN("seats", F_INT, "座位", "seats"),
	COLUMN("armed", F_BOOL, "事项已开列", "steps opened"),
	COLUMN("entry", F_ID, "台账", "entry"),
};
static const struct view VIEWS[] = {
	{"arrange/rooms", "考场编排", "rooms planned", READERS, &SQL[Q_VIEW_ROOMS], ROOM_NAMES,
	 COUNT(ROOM_NAMES)},
	{"arrange/sites", "考点科次", "sites and their sessions", READERS, &SQL[Q_VIEW_SITES], SITE_NAMES,
	 COUNT(SITE_NAMES)},
};

const struct module arrange_module = {
	.name = "arrange", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(jobs, JOBS),
	TABLE_OF(reactions, REACTIONS),
	TABLE_OF(views, VIEWS),
	.zh = "编排", .en = "arrangement",
};
