/* SPDX-License-Identifier: Apache-2.0 */
/* opening.c -- candidates' names are opened for paper (查阅考生姓名): the door sheets and seat maps of
 * a site, or of one room, in one session; see seat.h.
 *
 * Thirty names on a door are not thirty questions of vault.open: they are opened together, by one
 * entry that says by whom, for which room, how many and what for, before any is printed.  The entry
 * is of use to that person alone, and until that session ends.
 */
#include "domain/arrange/seat.h"

#include "engine/run.h"

#define CITE_NAMES "个人信息保护法 Art.51 PI-3"

enum { Q_ADD, Q_GET, Q_LIST };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO arrange_opening(idx, place, session, room, person, opened_ms,"
	           " candidates, purpose) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", 8},
	[Q_GET] = {"SELECT place, session, room, person FROM arrange_opening WHERE idx = ?", 1},
	[Q_LIST] = {"SELECT idx, place, session, room, person, opened_ms, candidates, purpose"
	            " FROM arrange_opening ORDER BY idx", 0},
};

static const struct table TABLES[] = {
	{"arrange_opening",
	 "CREATE TABLE arrange_opening(idx {id} PRIMARY KEY, place {text} NOT NULL,"
	 " session {text} NOT NULL, room {text} NOT NULL, person {id} NOT NULL,"
	 " opened_ms {int} NOT NULL, candidates {int} NOT NULL, purpose {id} NOT NULL)", "idx"},
};

struct opening {
	struct str place, session, room;
	struct text purpose;
	int64_t candidates; /* event only */
};
static const struct field OPENING[] = {
	FIELD(struct opening, place, F_PLACE, "考点", "site"),
	FIELD(struct opening, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct opening, room, F_PLACE, "考场（不写：全部）", "room (all when not said)",
	      .optional = true),
	FIELD(struct opening, purpose, F_TEXT, "查阅事由", "purpose", .min = 2, .max = 200),
	FIELD(struct opening, candidates, F_INT, "人数", "candidates", .max = 100000),
};

static enum rc apply_opened(struct op *op, const struct event *ev)
{
	const struct opening *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->index), sql_text(ev->place), sql_text(p->session),
	                     sql_text(p->room), sql_int(ev->actor.v), sql_int(ev->recorded_ms),
	                     sql_int(p->candidates), sql_int(p->purpose.vault)));
}

/* Who looks after personal data sees who opened it. */
static const char *const READERS[] = {"audit_admin", "discipline_officer", "county_office",
	"city_office", NULL};
static const struct event_type EVENTS[] = {
	EVENT("arrange.names_opened", OPENING, struct opening, apply_opened, "查阅考生姓名",
	      "candidates' names were opened", .visible_to = READERS),
};

enum rc arrange_names_opened(struct op *op, int64_t index, struct names_opened *ret,
                             bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_int(index)), &r));
	*ret_known = rows_next(&r);
	if (!*ret_known)
		return RC_OK;
	*ret = (struct names_opened){.place = rows_dup(op->arena, &r, 0),
	                             .session = rows_dup(op->arena, &r, 1), .who = {rows_int(&r, 3)}};
	if (rows_str(&r, 2).n)
		ret->place = rows_dup(op->arena, &r, 2);
	return RC_OK;
}

static enum rc count(struct op *op, const struct opening *p, int64_t *ret)
{
	struct seat *seats;
	int64_t waiting;
	size_t n;

	if (!p->room.n)
		return arrange_seated(op, p->session, p->place, ret, &waiting);
	TRY(arrange_room_candidates(op, p->session, p->room, &seats, &n));
	*ret = (int64_t)n;
	return RC_OK;
}

/* Asked for when it is of no use any more, or of nobody, it is refused: an order. */
static enum rc run_open(struct op *op, const void *in)
{
	struct opening p = *(const struct opening *)in;
	const struct profile_session *s = profile_session(op_profile(op), p.session);

	if (!s)
		return fail(op, RC_INVALID, "session", CITE_NAMES, "方案中没有科次 %s",
		            "the profile has no session %s", p.session.s);
	if (place_level(p.place) != LEVEL_SITE)
		return fail(op, RC_INVALID, "place", CITE_NAMES, "%s 不是考点", "%s is no site", p.place.s);
	if (p.room.n && (place_level(p.room) != LEVEL_ROOM || !place_covers(p.place, p.room)))
		return fail(op, RC_INVALID, "room", CITE_NAMES, "%s 不是考点 %s 的考场",
		            "%s is no room of site %s", p.room.s, p.place.s);
	if (op->now_ms >= s->end_ms)
		return forbid(op, RC_CONFLICT, "session", CITE_NAMES, "科次已结束，不再打印姓名",
		              "the session is over: names are not printed for it any more");
	TRY(count(op, &p, &p.candidates));
	if (!p.candidates)
		return fail(op, RC_NOT_FOUND, "room", CITE_NAMES, "此处本科次没有编排考生",
		            "nobody is seated there in this session");
	return event_append(op, &EVENTS[0], &p, NULL);
}

static const struct allow PRINTERS[] = {{"county_office", LEVEL_COUNTY},
	{"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE}};
static const struct command COMMANDS[] = {
	{"arrange.open_names", ORDER, OPENING, COUNT(OPENING) - 1, sizeof(struct opening),
	 ALLOW(PRINTERS), .run = run_open, .cites = CITE_NAMES, .zh = "查阅考生姓名（打印用）",
	 .en = "open candidates' names for printing"},
};

static const struct column NAMES[] = {
	COLUMN("id", F_ID, "台账序号", "entry"),
	COLUMN("place", F_PLACE, "考点", "site"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_CODE, "考场", "room"),
	COLUMN("person", F_PERSON, "查阅人", "by"),
	COLUMN("opened_ms", F_TIME, "时间", "at"),
	COLUMN("candidates", F_INT, "人数", "candidates"),
	COLUMN_OPEN("purpose", "事由", "purpose"),
};
static const struct view VIEWS[] = {
	{"arrange/openings", "查阅考生姓名记录", "names of candidates opened", READERS, &SQL[Q_LIST],
	 NAMES, COUNT(NAMES)},
};

const struct module arrange_opening_module = {
	.name = "arrange_opening", .group = "arrange", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
	.zh = "查阅姓名", .en = "names opened",
};
