/* SPDX-License-Identifier: Apache-2.0 */
/* acceptance.c -- stores are accepted before papers lie in them, secrecy rooms and sites' alike.
 *
 * Education, police and the secrecy bureau look at the place and give it a certificate, which holds
 * for the profile's days.  A site whose papers arrive without one that holds is an alarm: the
 * papers are there, and somebody has to look at the store now.  A secrecy room is activated with
 * the number of its certificate (store.c); one that is on record and whose time is over activates
 * nothing.
 *
 * Emits  custody.store_accepted
 * Owns   custody_acceptance
 */
#include "domain/custody/acceptance.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_ACCEPTANCE "保密室管理要求 ROOM-16 ROOM-19"

enum { Q_SET, Q_ADD, Q_HOLDS, Q_UNTIL, Q_VIEW };
static const struct sql SQL[] = {
	[Q_SET] = {"UPDATE custody_acceptance SET certificate = ?, until_ms = ? WHERE place = ?", 3},
	[Q_ADD] = {"INSERT INTO custody_acceptance(certificate, until_ms, place) VALUES(?, ?, ?)", 3},
	[Q_HOLDS] = {"SELECT COUNT(*) FROM custody_acceptance WHERE place = ? AND until_ms > ?", 2},
	[Q_UNTIL] = {"SELECT until_ms FROM custody_acceptance WHERE place = ? AND certificate = ?", 2},
	[Q_VIEW] = {"SELECT place, certificate, until_ms FROM custody_acceptance ORDER BY place", 0},
};

static const struct table TABLES[] = {
	{"custody_acceptance", "CREATE TABLE custody_acceptance(place {text} NOT NULL,"
	 " certificate {text} NOT NULL, until_ms {int} NOT NULL, PRIMARY KEY(place)){clustered}",
	 "place"},
};

/* Fields. */
struct acceptance {
	struct str place, certificate;
	int64_t until_ms; /* the profile's days after it: events only */
};
static const struct field ACCEPTANCE[] = {
	FIELD(struct acceptance, place, F_PLACE, "保密室或考点保管室所在考点",
	      "secrecy room, or the site of a store"),
	FIELD(struct acceptance, certificate, F_CODE, "验收合格证号", "acceptance certificate"),
	{.name = "until", .type = F_TIME, .offset = offsetof(struct acceptance, until_ms),
	 .zh = "有效期至", .en = "until"},
};
enum { ACCEPTANCE_IN = COUNT(ACCEPTANCE) - 1 };

/* Projection: the newest certificate of a place counts. */
static enum rc apply_accepted(struct op *op, const struct event *ev)
{
	const struct acceptance *p = ev->data;
	const struct sqlv row[] = {sql_text(p->certificate), sql_int(p->until_ms),
	                           sql_text(ev->place)};
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_SET], row, COUNT(row), &changed));
	return changed ? RC_OK : sql_exec(op, &SQL[Q_ADD], row, COUNT(row));
}

enum { EV_ACCEPTED };
static const struct event_type EVENTS[] = {
	[EV_ACCEPTED] = ROOM_EVENT("custody.store_accepted", ACCEPTANCE, struct acceptance,
	                           apply_accepted, "保密室、保管室验收合格", "a store was accepted"),
};

/* Rules. */
enum rc acceptance_over(struct op *op, struct str place, struct str certificate, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_UNTIL], ARGS(sql_text(place), sql_text(certificate)), &r));
	*ret = rows_next(&r) && rows_int(&r, 0) <= op_happened_ms(op);
	return RC_OK;
}

static enum rc run_accept(struct op *op, const void *in)
{
	struct acceptance p = *(const struct acceptance *)in;
	int64_t days = profile_setting(op_profile(op), "custody.acceptance_days", 0);

	p.until_ms = op_happened_ms(op) + days * 86400000;
	return event_append(op, &EVENTS[EV_ACCEPTED], &p, NULL);
}

static enum rc judge_arrival(struct op *op, const struct event *ev)
{
	bool holds;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_HOLDS], ARGS(sql_text(ev->place), sql_int(ev->happened_ms)), &r));
	holds = rows_next(&r) && rows_int(&r, 0) > 0;
	rows_release(&r);
	return holds ? RC_OK
	             : alarm_raise(op, "custody.store_unaccepted", ev->place, ev->place, NULL);
}

static const struct reaction REACTIONS[] = {{"custody.site_received", judge_arrival}};

/* Module. */
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY},
                                      {"province_office", LEVEL_PROVINCE}};
static const char *const EDUCATION[] = {"county_office", "county_leader", "city_office",
	"province_office", NULL};
static const char *const SECRECY[] = {"secrecy_officer", NULL};
static const struct slot THREE_SIDES[] = {
	{"education", 1, EDUCATION, "police", false, "教育考试部门", "education"},
	{"police", 1, POLICE_ONLY, "secrecy", false, "公安部门", "police"},
	{"secrecy", 1, SECRECY, "education", false, "保密部门", "secrecy bureau"},
};
static const struct command COMMANDS[] = {
	{"custody.accept_store", FACT, ACCEPTANCE, ACCEPTANCE_IN, sizeof(struct acceptance),
	 SLOTS(THREE_SIDES), ALLOW(OFFICE), .run = run_accept, .cites = CITE_ACCEPTANCE,
	 .zh = "登记保密室、保管室验收合格", .en = "record that a store is accepted"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.store_unaccepted", COLOUR_ORANGE, "county_leader", CITE_ACCEPTANCE,
	 "三部门当场查看门窗、柜、监控并补办验收；不合格的，试卷移入合格的保密室",
	 "the three sides look at doors, cabinet, cameras now; if it will not do, move the papers",
	 "试卷存入未验收（或验收过期）的保管室", "papers are in a store whose acceptance is missing or over"},
};

static const struct column ACCEPTED[] = {
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("certificate", F_CODE, "验收合格证号", "certificate"),
	COLUMN("until_ms", F_TIME, "有效期至", "until"),
};
static const struct view VIEWS[] = {
	{"custody/acceptances", "保密室、保管室验收", "acceptances of stores", CUSTODY_READERS,
	 &SQL[Q_VIEW], ACCEPTED, COUNT(ACCEPTED)},
};

static const char *const SETTINGS[] = {"custody.acceptance_days"};

const struct module custody_acceptance_module = {
	.name = "custody_acceptance", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "保密室、保管室验收", .en = "acceptance of stores",
	TABLE_OF(settings, SETTINGS),
};
