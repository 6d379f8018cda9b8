/* SPDX-License-Identifier: Apache-2.0 */
/* readiness.c -- the day before: what must be ready, and who signs that it is (具备开考条件).
 *
 * The arming of a site's first session of a day opens that day.  Before the examination's first day
 * rooms are accepted, cleared and sealed, listening is tried (试音), jamming is tested (屏蔽联测) and
 * chief and county sign; before every further day rooms are cleared and sealed again.  What is not
 * ready stops nobody: it stands in the signature, and it is alarmed.
 *
 * Emits  sitting.day_opened, sitting.readiness_checked, sitting.readiness_signed
 * Owns   sitting_day, sitting_ready
 */
#include "domain/sitting/site.h"

#include "engine/alarm.h"

#define CITE_READY CITE_ADMIN "考前检查 SEAT-8 SEAT-9"

enum { Q_DAY, Q_DAY_ADD, Q_ANY_DAY, Q_SIGN, Q_SET, Q_ADD, Q_ITEMS, Q_VIEW };
static const struct sql SQL[] = {
	[Q_DAY] = {"SELECT session, first FROM sitting_day WHERE site = ? AND day = ?", 2},
	[Q_DAY_ADD] = {"INSERT INTO sitting_day(site, day, session, first, signed_ms)"
	               " VALUES(?, ?, ?, ?, 0)", 4},
	[Q_ANY_DAY] = {"SELECT 1 FROM sitting_day WHERE site = ? LIMIT 1", 1},
	[Q_SIGN] = {"UPDATE sitting_day SET signed_ms = ? WHERE site = ? AND session = ?", 3},
	[Q_SET] = {"UPDATE sitting_ready SET sound = ?, rooms = ?, exceptions = ?, at_ms = ?"
	           " WHERE site = ? AND session = ? AND item = ? AND zone = ?", 8},
	[Q_ADD] = {"INSERT INTO sitting_ready(site, session, item, zone, sound, rooms, exceptions,"
	           " at_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", 8},
	[Q_ITEMS] = {"SELECT item, MIN(sound) FROM sitting_ready WHERE site = ? AND session = ?"
	             " GROUP BY item ORDER BY item", 2},
	[Q_VIEW] = {"SELECT site, session, item, zone, sound, rooms, exceptions, at_ms"
	            " FROM sitting_ready ORDER BY site, session, item, zone", 0},
};

static const struct table TABLES[] = {
	{"sitting_day", "CREATE TABLE sitting_day(site {text} NOT NULL, day {text} NOT NULL,"
	 " session {text} NOT NULL, first {int} NOT NULL, signed_ms {int} NOT NULL,"
	 " PRIMARY KEY(site, day)){clustered}", "site, day"},
	{"sitting_ready", "CREATE TABLE sitting_ready(site {text} NOT NULL, session {text} NOT NULL,"
	 " item {int} NOT NULL, zone {text} NOT NULL, sound {int} NOT NULL, rooms {int} NOT NULL,"
	 " exceptions {int} NOT NULL, at_ms {int} NOT NULL,"
	 " PRIMARY KEY(site, session, item, zone)){clustered}", "site, session, item, zone"},
};

/* The first two are asked for before every day, all that have a rule before the first. */
#define ITEMS(X) \
	X(CLEARING, clearing, "清场", "rooms are cleared") \
	X(SEALING, sealing, "封场", "rooms are sealed") \
	X(ACCEPTANCE, acceptance, "考场验收", "rooms are accepted") \
	X(LISTENING, listening, "试音", "listening is tried") \
	X(JAMMING, jamming, "屏蔽联测", "jamming is tested")
enum { DAILY = 2 };
#define X(id, name, zh, en) ITEM_##id,
enum item { ITEMS(X) ITEM_MAX };
#undef X
#define X(id, name, zh, en) #name,
static const char *const ITEM[] = {ITEMS(X)};
#undef X
#define X(id, name, zh, en) {zh, en},
static const struct word ITEM_WORDS[] = {ITEMS(X)};
#undef X

/* Fields. */
struct day {
	struct str session, day;
	bool first;
};
static const struct field DAY[] = {
	FIELD(struct day, session, F_KEY, "当日首场", "first session of the day", .ref = "session"),
	FIELD(struct day, day, F_SUBJECT, "日期", "day"),
	FIELD(struct day, first, F_BOOL, "考试首日", "first day of the examination"),
};

struct readiness {
	struct str place, session;
	int item;
	struct str zone;
	bool sound;
	int64_t rooms;
	struct list exceptions;
	struct text finding;
};
static const struct field CHECK[] = {
	FIELD(struct readiness, place, F_PLACE, "考点", "site"),
	FIELD(struct readiness, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct readiness, item, F_ENUM, "检查项目", "item", ENUM_OF(ITEM, ITEM_WORDS)),
	FIELD(struct readiness, zone, F_CODE, "分区编号", "zone", .optional = true),
	FIELD(struct readiness, sound, F_BOOL, "合格", "it is in order"),
	FIELD(struct readiness, rooms, F_INT, "合格考场数", "rooms in order", .max = 1000),
	EXCEPTIONS_FIELD(struct readiness, exceptions),
	FIELD(struct readiness, finding, F_TEXT, "发现的问题", "what was found", .max = 400,
	      .optional = true),
};

struct outstanding {
	int item;
};
static const struct field OUTSTANDING[] = {
	FIELD(struct outstanding, item, F_ENUM, "未就绪项目", "not ready", ENUM_OF(ITEM, ITEM_WORDS)),
};

struct signing {
	struct str place, session;
	struct list outstanding;
};
static const struct field SIGNING[] = {
	FIELD(struct signing, place, F_PLACE, "考点", "site"),
	FIELD(struct signing, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct signing, outstanding, F_LIST, "未就绪项目", "what is not ready",
	      .list_of = OUTSTANDING, .list_n = COUNT(OUTSTANDING),
	      .list_size = sizeof(struct outstanding), .optional = true),
};

/* Projection. */
static enum rc apply_day(struct op *op, const struct event *ev)
{
	const struct day *p = ev->data;

	return sql_exec(op, &SQL[Q_DAY_ADD], ARGS(sql_text(ev->place), sql_text(p->day),
	                                          sql_text(p->session), sql_int(p->first)));
}

static enum rc apply_checked(struct op *op, const struct event *ev)
{
	const struct readiness *p = ev->data;
	int64_t changed, exceptions = (int64_t)p->exceptions.n;
	bool sound = p->sound && !exceptions;

	TRY(db_change(op, op->db, &SQL[Q_SET],
	              ARGS(sql_int(sound), sql_int(p->rooms), sql_int(exceptions),
	                   sql_int(ev->happened_ms), sql_text(ev->place), sql_text(p->session),
	                   sql_int(p->item), sql_text(p->zone)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_text(ev->place), sql_text(p->session), sql_int(p->item),
	                     sql_text(p->zone), sql_int(sound), sql_int(p->rooms),
	                     sql_int(exceptions), sql_int(ev->happened_ms)));
}

static enum rc apply_signed(struct op *op, const struct event *ev)
{
	const struct signing *p = ev->data;

	return sql_exec(op, &SQL[Q_SIGN], ARGS(sql_int(ev->happened_ms), sql_text(ev->place),
	                                       sql_text(p->session)));
}

enum { EV_DAY, EV_CHECKED, EV_SIGNED };
static const struct event_type EVENTS[] = {
	[EV_DAY] = EVENT("sitting.day_opened", DAY, struct day, apply_day, "考点考试日应办事项列出",
	                 "a day of a site was opened", .visible_to = SITTING_READERS),
	[EV_CHECKED] = {"sitting.readiness_checked", 1, CHECK + 1, COUNT(CHECK) - 1,
	                sizeof(struct readiness), .apply = apply_checked,
	                .visible_to = SITTING_READERS,
	                .zh = "考前检查登记", .en = "readiness was checked"},
	[EV_SIGNED] = {"sitting.readiness_signed", 1, SIGNING + 1, COUNT(SIGNING) - 1,
	               sizeof(struct signing), .apply = apply_signed, .visible_to = SITTING_READERS,
	               .zh = "签认具备开考条件", .en = "readiness was signed"},
};

/* "2025-06-07/am" -> "2025-06-07". */
static struct str day_of(struct op *op, const struct profile_session *s)
{
	return place_cut(op->arena, s->half_day, 1);
}

/* The session under which this day stands at this site; the session itself when none was armed. */
static enum rc opened_by(struct op *op, struct str site, const struct profile_session *s,
                         struct str *ret_session, bool *ret_first)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_DAY], ARGS(sql_text(site), sql_text(day_of(op, s))), &r));
	*ret_session = s->id;
	*ret_first = true;
	if (rows_next(&r)) {
		*ret_session = rows_dup(op->arena, &r, 0);
		*ret_first = rows_int(&r, 1) != 0;
	}
	return RC_OK;
}

static enum rc any(struct op *op, int q, const struct sqlv *v, int n, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], v, n, &r));
	*ret = rows_next(&r);
	return RC_OK;
}

/* Reaction: the first session of a site's day brings its preparations with it. */
static enum rc open_day(struct op *op, const struct event *ev)
{
	const struct armed *armed = ev->data;
	const struct profile_session *s = profile_session(op_profile(op), armed->session);
	struct day d = {.session = armed->session};
	bool known;

	if (!s)
		return RC_OK;
	d.day = day_of(op, s);
	TRY(any(op, Q_DAY, ARGS(sql_text(ev->place), sql_text(d.day)), &known));
	if (known)
		return RC_OK;
	TRY(any(op, Q_ANY_DAY, ARGS(sql_text(ev->place)), &known));
	d.first = !known;
	return event_append_at(op, &EVENTS[EV_DAY], ev->place, &d, NULL);
}

static const struct reaction REACTIONS[] = {{"arrange.site_armed", open_day}};

/* Rules. */
static enum rc run_check(struct op *op, const void *in)
{
	struct readiness p = *(const struct readiness *)in;
	const struct profile_session *s;
	bool first;

	TRY(site_session(op, p.session, &s));
	TRY(site_place(op, p.place, LEVEL_SITE, LEVEL_SITE));
	TRY(exceptions_check(op, &p.exceptions, p.place));
	TRY(opened_by(op, p.place, s, &p.session, &first));
	TRY(event_append(op, &EVENTS[EV_CHECKED], &p, NULL));
	if (p.sound && !p.exceptions.n)
		return RC_OK;
	return alarm_raise(op, "sitting.not_ready", site_subject(op, p.session, p.place), p.place,
	                   NULL);
}

/* What is asked for before this day and was not found in order. */
static enum rc find_outstanding(struct op *op, struct signing *p, bool first)
{
	struct outstanding *list = arena_array(op->arena, ITEM_MAX, sizeof(*list));
	bool sound[ITEM_MAX] = {0};
	size_t n = 0;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ITEMS], ARGS(sql_text(p->place), sql_text(p->session)), &r));
	while (rows_next(&r))
		sound[rows_int(&r, 0)] = rows_int(&r, 1) != 0;
	for (int i = 0; i < (first ? (int)ITEM_MAX : DAILY); i++)
		if (!sound[i])
			list[n++].item = i;
	p->outstanding = (struct list){list, n};
	return RC_OK;
}

static enum rc run_sign(struct op *op, const void *in)
{
	struct signing p = *(const struct signing *)in;
	const struct profile_session *s;
	bool first;

	TRY(site_session(op, p.session, &s));
	TRY(site_place(op, p.place, LEVEL_SITE, LEVEL_SITE));
	TRY(opened_by(op, p.place, s, &p.session, &first));
	TRY(find_outstanding(op, &p, first));
	TRY(event_append(op, &EVENTS[EV_SIGNED], &p, NULL));
	if (!p.outstanding.n)
		return RC_OK;
	return alarm_raise(op, "sitting.signed_unready", site_subject(op, p.session, p.place), p.place,
	                   NULL);
}

/* Module. */
static const char *const CHECKER[] = {"site_chief", "deputy_chief", "site_clerk", "technician",
	"listening_player", "county_office", NULL};
static const char *const CHIEF[] = {"site_chief", NULL};
static const char *const COUNTY[] = {"county_office", "county_leader", "county_director", NULL};
static const struct slot CHECKERS[] = {
	{"checker", 2, CHECKER, NULL, false, "检查人员", "those who check"},
};
static const struct slot SIGNERS[] = {
	{"chief", 1, CHIEF, "county", false, "主考", "chief of the site"},
	{"county", 1, COUNTY, NULL, false, "县考务办", "the county"},
};
static const struct command COMMANDS[] = {
	{"sitting.check_ready", FACT, FIELDS(CHECK), sizeof(struct readiness), SLOTS(CHECKERS),
	 ALLOW(SITTING_OFFICE), .run = run_check, .cites = CITE_READY,
	 .zh = "登记考前检查", .en = "record a check of readiness"},
	{"sitting.sign_ready", FACT, SIGNING, COUNT(SIGNING) - 1, sizeof(struct signing),
	 SLOTS(SIGNERS), ALLOW(SITTING_OFFICE), .run = run_sign, .cites = CITE_READY,
	 .zh = "签认具备开考条件", .en = "sign that the site is ready"},
};

/* The day's opening opens an item when it is asked for that day; a check meets its own. */
static size_t items(struct arena *a, const struct event *ev, int item, struct str *ret,
                    struct str *ret_session)
{
	const struct readiness *check = ev->data;
	const struct day *day = ev->data;

	if (ev->type == &EVENTS[EV_CHECKED] ? check->item != item : item >= DAILY && !day->first)
		return 0;
	return session_subjects(a, ev, ret, ret_session);
}
#define X(id, name, zh, en) \
	static size_t of_##name(struct arena *a, const struct event *ev, struct str *ret, \
	                        struct str *ret_session) \
	{ \
		return items(a, ev, ITEM_##id, ret, ret_session); \
	}
ITEMS(X)
#undef X

static size_t of_signing(struct arena *a, const struct event *ev, struct str *ret,
                         struct str *ret_session)
{
	const struct day *day = ev->data;

	if (ev->type == &EVENTS[EV_DAY] && !day->first)
		return 0;
	return session_subjects(a, ev, ret, ret_session);
}

#define X(id, name, label_zh, label_en) \
	{"sitting." #name, "sitting.day_opened", "sitting.readiness_checked", NULL, of_##name, \
	 "sitting." #name, "site_chief", .missing = "sitting.check_missing", .cites = CITE_READY, \
	 .zh = label_zh, .en = label_en},
static const struct expectation_rule EXPECTATIONS[] = {
	ITEMS(X)
	{"sitting.sign_ready", "sitting.day_opened", "sitting.readiness_signed", NULL, of_signing,
	 "sitting.sign_ready", "site_chief", .missing = "sitting.unsigned", .cites = CITE_READY,
	 .zh = "主考和县签认具备开考条件", .en = "chief and county sign that the site is ready"},
};
#undef X

static const struct alarm_rule ALARMS[] = {
	{"sitting.not_ready", COLOUR_YELLOW, "site_chief", CITE_READY,
	 "当晚整改并复查登记；影响开考的立即报县考务办",
	 "mend it this evening and record another check; tell the county what may stop the session",
	 "考前检查有未合格项目", "a check found something that is not ready"},
	{"sitting.check_missing", COLOUR_YELLOW, "site_chief", CITE_READY,
	 "立即完成该项检查并由两人登记", "make the check now and have two record it",
	 "考前检查超时未报", "a check of the day before is overdue"},
	{"sitting.unsigned", COLOUR_ORANGE, "county_office", CITE_READY,
	 "联系主考说明未签认原因，派人到考点核查，当晚签认",
	 "ask the chief why it is not signed, send somebody to the site, sign this evening",
	 "考点未签认具备开考条件", "the site's readiness is not signed"},
	{"sitting.signed_unready", COLOUR_ORANGE, "county_office", CITE_READY,
	 "逐项落实未就绪项目的责任人和时限，开考前复查",
	 "name a person and an hour for each item, check again before the start",
	 "签认时仍有未就绪项目", "readiness was signed with items outstanding"},
};

static const struct column COLUMNS[] = {
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN_WORDS("item", ITEM, ITEM_WORDS, "项目", "item"),
	COLUMN("zone", F_CODE, "分区", "zone"),
	COLUMN("sound", F_BOOL, "合格", "sound"),
	COLUMN("rooms", F_INT, "考场", "rooms"),
	COLUMN("exceptions", F_INT, "例外", "exceptions"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
};
static const struct view VIEWS[] = {
	{"sitting/readiness", "具备开考条件清单", "readiness of sites", SITTING_READERS, &SQL[Q_VIEW],
	 COLUMNS, COUNT(COLUMNS)},
};

const struct module sitting_readiness_module = {
	.name = "sitting_readiness", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "具备开考条件", .en = "readiness of a site",
};
