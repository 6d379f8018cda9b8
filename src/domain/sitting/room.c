/* SPDX-License-Identifier: Apache-2.0 */
/* room.c -- facts of rooms in one table, by kind; see room.h. */
#include "domain/sitting/room.h"
#include "domain/sitting/site.h"
#include "domain/sitting/sitting.h"

#include "domain/arrange/seat.h"
#include "engine/alarm.h"
#include "engine/run.h"

enum {
	Q_ADD, Q_SETTLE, Q_AMOUNT, Q_FIND, Q_SAME, Q_COUNTS, Q_ROOMS, Q_VIEW, Q_INCIDENTS,
};
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO sitting_fact(id, kind, session, room, site, candidate, at_ms, source,"
	           " amount, same_as, settled) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 11},
	[Q_SETTLE] = {"UPDATE sitting_fact SET settled = ? WHERE id = ?", 2},
	[Q_AMOUNT] = {"UPDATE sitting_fact SET amount = ? WHERE id = ?", 2},
	[Q_FIND] = {"SELECT id, kind, session, room, candidate, at_ms, amount, same_as, settled"
	            " FROM sitting_fact WHERE id = ? ORDER BY kind LIMIT 1", 1},
	[Q_SAME] = {"SELECT id FROM sitting_fact WHERE session = ? AND room = ? AND kind = ?"
	            " AND candidate = ? AND amount = ? AND same_as = 0 AND at_ms >= ? AND at_ms <= ?"
	            " ORDER BY id LIMIT 1", 7},
	[Q_COUNTS] = {"SELECT kind, COUNT(*) FROM sitting_fact WHERE session = ? AND room = ?"
	              " AND same_as = 0 GROUP BY kind ORDER BY kind", 2},
	[Q_ROOMS] = {"SELECT COUNT(DISTINCT room) FROM sitting_fact WHERE session = ? AND site = ?"
	             " AND kind = ?", 3},
	[Q_VIEW] = {"SELECT id, session, site, room, kind, candidate, at_ms, source, amount, same_as,"
	            " settled FROM sitting_fact ORDER BY session, site, room, id, kind", 0},
	[Q_INCIDENTS] = {"SELECT COUNT(*) FROM sitting_fact WHERE session = ? AND site = ?"
	                 " AND kind < ? AND same_as = 0", 3},
};

static const struct table TABLES[] = {
	{"sitting_fact",
	 "CREATE TABLE sitting_fact(id {id} NOT NULL, kind {int} NOT NULL, session {text} NOT NULL,"
	 " room {text} NOT NULL, site {text} NOT NULL, candidate {text} NOT NULL,"
	 " at_ms {int} NOT NULL, source {int} NOT NULL, amount {int} NOT NULL,"
	 " same_as {int} NOT NULL, settled {int} NOT NULL, PRIMARY KEY(id, kind));"
	 "CREATE INDEX sitting_fact_room ON sitting_fact(session, room, kind);"
	 "CREATE INDEX sitting_fact_site ON sitting_fact(session, site, kind)", "id, kind"},
};

#define X(id, text, zh, en) text,
const char *const FACT_TEXT[FACT_MAX] = {FACTS(X)};
#undef X

const struct allow ROOM_TELLERS[6] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"roving_invigilator", LEVEL_SITE}, {"inspector", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
};
const char *const ROOM_READERS[12] = {"site_chief", "deputy_chief", "site_clerk", "county_office",
	"city_office", "duty_officer", "county_leader", "county_director", "city_duty", "city_leader",
	"inspector", NULL};
const char *const CHIEF_ROLE[2] = {"site_chief", NULL};
const char *const CHIEFS_ROLES[3] = {"site_chief", "deputy_chief", NULL};
const char *const ROOM_STAFF[7] = {"invigilator", "roving_invigilator", "inspector",
	"deputy_chief", "site_chief", "video_invigilator", NULL};

enum rc fact_add(struct op *op, const struct event *ev, const struct room_fact *f)
{
	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(f->id ? f->id : ev->id), sql_int(f->kind), sql_text(f->session),
	                     sql_text(f->room), sql_text(room_site(op->arena, f->room)),
	                     sql_text(f->candidate), sql_int(f->at_ms ? f->at_ms : ev->happened_ms),
	                     sql_int(ev->source), sql_int(f->amount), sql_int(f->same_as),
	                     sql_int(f->settled)));
}

enum rc fact_settle(struct op *op, int64_t id, int64_t outcome)
{
	return sql_exec(op, &SQL[Q_SETTLE], ARGS(sql_int(outcome), sql_int(id)));
}

enum rc fact_amount(struct op *op, int64_t id, int64_t amount)
{
	return sql_exec(op, &SQL[Q_AMOUNT], ARGS(sql_int(amount), sql_int(id)));
}

enum rc fact_find(struct op *op, int64_t id, struct room_fact *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_FIND], ARGS(sql_int(id)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = (struct room_fact){
			.id = rows_int(&r, 0), .kind = (enum fact_kind)rows_int(&r, 1),
			.session = rows_dup(op->arena, &r, 2), .room = rows_dup(op->arena, &r, 3),
			.candidate = rows_dup(op->arena, &r, 4), .at_ms = rows_int(&r, 5),
			.amount = rows_int(&r, 6), .same_as = rows_int(&r, 7), .settled = rows_int(&r, 8),
		};
	return RC_OK;
}

enum rc fact_same(struct op *op, const struct room_fact *f, int64_t *ret)
{
	int64_t at_ms = f->at_ms ? f->at_ms : op_happened_ms(op);
	int64_t near_ms = profile_setting(op_profile(op), "sitting.same_s", 0) * 1000;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_SAME],
	              ARGS(sql_text(f->session), sql_text(f->room), sql_int(f->kind),
	                   sql_text(f->candidate), sql_int(f->amount), sql_int(at_ms - near_ms),
	                   sql_int(at_ms + near_ms)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

enum rc fact_counts(struct op *op, struct str session, struct str room, int64_t ret[FACT_MAX])
{
	AUTO(rows) r = {0};

	memset(ret, 0, FACT_MAX * sizeof(*ret));
	TRY(sql_query(op, &SQL[Q_COUNTS], ARGS(sql_text(session), sql_text(room)), &r));
	while (rows_next(&r))
		ret[rows_int(&r, 0)] = rows_int(&r, 1);
	return RC_OK;
}

enum rc fact_rooms(struct op *op, struct str session, struct str site, enum fact_kind kind,
                   int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ROOMS], ARGS(sql_text(session), sql_text(site), sql_int(kind)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

enum rc sitting_incidents(struct op *op, struct str session, struct str site, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_INCIDENTS],
	              ARGS(sql_text(session), sql_text(site), sql_int(INCIDENT_MAX)), &r));
	(void)rows_next(&r);
	*ret = rows_int(&r, 0);
	return RC_OK;
}

/* Form. */
static enum rc place_check(struct op *op, struct str place, struct str session, int level)
{
	if (!profile_session(op_profile(op), session))
		return fail(op, RC_INVALID, "session", CITE_ROOM, "方案中没有科次 %s",
		            "the profile has no session %s", session.s);
	if (place_level(place) != level)
		return fail(op, RC_INVALID, "place", CITE_ROOM,
		            level == LEVEL_ROOM ? "%s 不是考场（省/市/县/考点/考场）" : "%s 不是考点",
		            level == LEVEL_ROOM ? "%s is not a room" : "%s is not a site", place.s);
	return RC_OK;
}

enum rc room_check(struct op *op, struct str room, struct str session)
{
	return place_check(op, room, session, LEVEL_ROOM);
}

enum rc site_check(struct op *op, struct str site, struct str session)
{
	return place_check(op, site, session, LEVEL_SITE);
}

bool told_late(const struct op *op)
{
	return op->now_ms - op_happened_ms(op) >
	       profile_setting(op_profile(op), "sitting.live_s", 0) * 1000;
}

struct str room_site(struct arena *a, struct str room)
{
	return place_cut(a, room, LEVEL_SITE);
}

struct str event_text(const struct event *ev, const char *name)
{
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, str_of(name));

	return f ? *(const struct str *)(const void *)((const char *)ev->data + f->offset) : STR("");
}

int64_t event_int(const struct event *ev, const char *name)
{
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, str_of(name));

	return f ? *(const int64_t *)(const void *)((const char *)ev->data + f->offset) : 0;
}

struct str fact_subject(struct arena *a, struct str session, struct str place, int64_t id)
{
	return str_fmt(a, STR_FMT ":" STR_FMT "/%lld", STR_ARG(session), STR_ARG(place),
	               (long long)id);
}

struct str room_candidate(struct arena *a, struct str session, struct str place,
                             struct str candidate)
{
	return str_fmt(a, STR_FMT ":" STR_FMT "/" STR_FMT, STR_ARG(session), STR_ARG(place),
	               STR_ARG(candidate));
}

enum rc room_named(struct op *op, struct str session, struct str place, struct str candidate)
{
	struct seat seat;
	bool known;

	TRY(arrange_seat(op, session, candidate, &seat, &known));
	if (!known || place_covers(seat.site, place))
		return RC_OK;
	return alarm_raise(op, "sitting.named_elsewhere",
	                   room_candidate(op->arena, session, place, candidate), place, NULL);
}

/* Reactions. */
static enum rc check_named(struct op *op, const struct event *ev)
{
	return room_named(op, event_text(ev, "session"), ev->place, event_text(ev, "candidate"));
}

static const struct reaction REACTIONS[] = {
	{"sitting.toilet_left", check_named}, {"sitting.toilet_returned", check_named},
	{"sitting.toilet_taken", check_named}, {"sitting.left_early", check_named},
	{"sitting.leaver_held", check_named}, {"sitting.leaver_released", check_named},
	{"sitting.papers_carried", check_named}, {"sitting.violation_recorded", check_named},
	{"sitting.doubt_opened", check_named}, {"sitting.doubt_resolved", check_named},
	{"sitting.item_found", check_named},
	{"sitting.item_stored", check_named}, {"sitting.gate_passed", check_named},
	{"sitting.card_promised", check_named}, {"sitting.card_shown", check_named},
	{"sitting.waiting_left", check_named},
};

/* Module. */
static const struct alarm_rule ALARMS[] = {
	{"sitting.named_elsewhere", COLOUR_YELLOW, "site_chief", CITE_ADMIN,
	 "核对考生编号：登记错的更正登记；考生走错考点的，联系其考点并报县考务办",
	 "check the number: correct what was keyed wrongly; when the candidate came to the wrong site,"
	 " call theirs and tell the county", "所登记的考生编排在其他考点",
	 "a candidate who is seated at another site"},
};
#define X(id, text, zh, en) {zh, en},
static const struct word KIND_WORDS[] = {FACTS(X)};
static const struct word SETTLED_WORDS[] = {INCIDENT_OUTCOMES(X)};
#undef X
static const struct word SOURCE_WORDS[] = {
	{"系统", "system"}, {"终端", "terminal"}, {"考务办", "office"}, {"纸质", "paper"}, {"视频", "video"},
	{"单向接入", "feed"}, {"电话", "telephone"},
};
static const struct column VIEW_NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN_STATES("kind", KIND_WORDS, "情况", "kind"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
	COLUMN_STATES("source", SOURCE_WORDS, "来源", "known by"),
	COLUMN("amount", F_INT, "数量或秒", "number or seconds"),
	COLUMN("same_as", F_ID, "同一情况", "repeats"),
	COLUMN_STATES("settled", SETTLED_WORDS, "结果", "outcome"),
};
static const struct view VIEWS[] = {
	{"sitting/room_facts", "考场情况（按科次、考点、考场）", "what rooms told, by session and site",
	 ROOM_READERS, &SQL[Q_VIEW], VIEW_NAMES, COUNT(VIEW_NAMES)},
};

static const char *const SETTINGS[] = {"sitting.live_s", "sitting.same_s"};

const struct module sitting_room_module = {
	.name = "sitting_room", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL), TABLE_OF(views, VIEWS),
	TABLE_OF(reactions, REACTIONS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(settings, SETTINGS),
	.zh = "考场情况", .en = "rooms",
};
