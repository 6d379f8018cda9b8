/* SPDX-License-Identifier: Apache-2.0 */
/* tip.c -- tips (举报、线索): taken whatever they say and whoever says it; see duty.h.
 *
 * A tip is sealed: its entry is for discipline inspection alone, its text stands in the vault, and
 * everybody else sees a number.  It gets an owner who is not the person accused; when the accused
 * is on duty in the area, the tip goes with its clocks to the level above.  Whoever is accused and
 * handles it nevertheless moves nothing, and that is an alarm of its own.
 *
 * Emits  duty.tip_received, duty.tip_routed, duty.tip_accepted, duty.tip_triaged, duty.tip_handed,
 *        duty.tip_closed, duty.tip_barred
 * Owns   duty_tip
 */
#include "domain/duty/duty.h"

#include "domain/arrange/arrange.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_TIP "举报受理办法 (本系统约定: 考试期间5分钟受理、30分钟研判)"

enum { Q_ADD, Q_ROUTE, Q_GET, Q_ACCEPT, Q_TRIAGE, Q_HAND, Q_CLOSE, Q_LIST, Q_OF };
#define COLUMNS "id, place, owner, received_ms, accepted_ms, triaged_ms, handed_ms, closed_ms," \
	" kind, result, about"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO duty_tip(" COLUMNS ") VALUES(?, ?, 0, ?, 0, 0, 0, 0, -1, -1, ?)", 4},
	[Q_ROUTE] = {"UPDATE duty_tip SET place = ?, owner = ? WHERE id = ?", 3},
	[Q_GET] = {"SELECT " COLUMNS " FROM duty_tip WHERE id = ?", 1},
	[Q_ACCEPT] = {"UPDATE duty_tip SET owner = ?, accepted_ms = ? WHERE id = ?", 3},
	[Q_TRIAGE] = {"UPDATE duty_tip SET kind = ?, triaged_ms = ? WHERE id = ?", 3},
	[Q_HAND] = {"UPDATE duty_tip SET handed_ms = ? WHERE id = ?", 2},
	[Q_CLOSE] = {"UPDATE duty_tip SET result = ?, closed_ms = ? WHERE id = ?", 3},
	[Q_LIST] = {"SELECT id, place, owner, received_ms, accepted_ms, triaged_ms, handed_ms,"
	            " closed_ms, kind, result FROM duty_tip ORDER BY id", 0},
	[Q_OF] = {"SELECT id, place, owner, received_ms, accepted_ms, triaged_ms, handed_ms,"
	          " closed_ms, kind, result FROM duty_tip"
	          " WHERE received_ms >= ? AND received_ms < ?"
	          " AND (place = ? OR (place >= ? AND place < ?))"
	          " ORDER BY id", 5},
};

static const struct table TABLES[] = {
	{"duty_tip", "CREATE TABLE duty_tip(id {id} NOT NULL, place {text} NOT NULL,"
	 " owner {id} NOT NULL, received_ms {int} NOT NULL, accepted_ms {int} NOT NULL,"
	 " triaged_ms {int} NOT NULL, handed_ms {int} NOT NULL, closed_ms {int} NOT NULL,"
	 " kind {int} NOT NULL, result {int} NOT NULL, about {id} NOT NULL, PRIMARY KEY(id))", "id"},
};

/* Fields. */
#define NAMES(name, list) static const char *const name[] = {list(NAME_OF)};
#define NAME_OF(text) text,
#define CHANNELS(X) X("telephone") X("letter") X("visit") X("network") X("handed_down")
#define KINDS(X) X("leak") X("device") X("impersonation") X("staff") X("room") X("network") \
	X("other")
#define TO_WHOM(X) X("police") X("secrecy") X("discipline") X("radio") X("cyberspace")
#define RESULTS(X) X("verified") X("partly") X("unfounded") X("unverifiable") X("transferred") \
	X("duplicate")
NAMES(CHANNEL, CHANNELS)
static const struct word CHANNEL_WORDS[] = {
	{"电话", "telephone"}, {"来信", "letter"}, {"来访", "visit"}, {"网络", "on the web"},
	{"上级交办", "handed down"},
};
NAMES(KIND, KINDS)
static const struct word KIND_WORDS[] = {
	{"泄密", "leak"}, {"作弊器材", "device"}, {"替考", "impersonation"}, {"工作人员", "staff"},
	{"考场", "room"}, {"网络", "network"}, {"其他", "other"},
};
NAMES(WHOM, TO_WHOM)
static const struct word WHOM_WORDS[] = {
	{"公安机关", "police"}, {"保密行政管理部门", "secrecy bureau"}, {"纪检监察机关", "discipline inspection"},
	{"无线电管理机构", "radio authority"}, {"网信部门", "cyberspace office"},
};
NAMES(RESULT, RESULTS)
static const struct word RESULT_WORDS[] = {
	{"属实", "verified"}, {"部分属实", "partly"}, {"不属实", "unfounded"}, {"无法核实", "unverifiable"},
	{"已移送", "transferred"}, {"重复", "duplicate"},
};
enum { KIND_LEAK = 0, RESULT_TRANSFERRED = 4 };

struct received {
	struct str place;
	int channel;
	struct person_id about;
	struct text text;
};
static const struct field RECEIVED[] = {
	FIELD(struct received, place, F_PLACE, "涉及单位", "place it is about"),
	FIELD(struct received, channel, F_ENUM, "来源渠道", "channel", ENUM_OF(CHANNEL, CHANNEL_WORDS)),
	FIELD(struct received, about, F_PERSON, "被举报的工作人员", "person on the staff accused",
	      .optional = true, .secrecy = SECRECY_WORK),
	FIELD(struct received, text, F_TEXT, "举报内容", "what is reported", .optional = true,
	      .personal = true),
};

struct tip {
	struct tip_id tip;
	struct person_id owner;
	bool urgent;             /* during a session */
	int kind, to, result;
	struct str receipt;
	struct text note;
};
#define TIP_FIELD FIELD(struct tip, tip, F_ID, "举报编号", "number of the tip", .min = 1, .ref = "tip")
static const struct field ROUTED[] = {
	TIP_FIELD,
	FIELD(struct tip, owner, F_PERSON, "承办人", "owner", .optional = true,
	      .secrecy = SECRECY_WORK),
	FIELD(struct tip, urgent, F_BOOL, "考试期间", "during a session"),
};
static const struct field ONLY[] = {TIP_FIELD};
static const struct field ACCEPTED[] = {
	TIP_FIELD,
	FIELD(struct tip, owner, F_PERSON, "承办人", "owner", .secrecy = SECRECY_WORK),
};
static const struct field TRIAGED[] = {
	TIP_FIELD,
	FIELD(struct tip, kind, F_ENUM, "线索类别", "kind", ENUM_OF(KIND, KIND_WORDS)),
};
static const struct field HANDED[] = {
	TIP_FIELD,
	FIELD(struct tip, to, F_ENUM, "移送部门", "handed to", ENUM_OF(WHOM, WHOM_WORDS)),
	FIELD(struct tip, receipt, F_CODE, "回执编号", "their receipt"),
};
static const struct field CLOSED[] = {
	TIP_FIELD,
	FIELD(struct tip, result, F_ENUM, "办结结论", "result", ENUM_OF(RESULT, RESULT_WORDS)),
	FIELD(struct tip, note, F_TEXT, "办结说明", "remarks", .max = 1000, .optional = true,
	      .personal = true),
};

/* Projection. */
static enum rc apply_received(struct op *op, const struct event *ev)
{
	const struct received *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD], ARGS(sql_int(ev->id), sql_text(ev->place),
	                                      sql_int(ev->happened_ms), sql_int(p->about.v)));
}

static enum rc apply_routed(struct op *op, const struct event *ev)
{
	const struct tip *p = ev->data;

	return sql_exec(op, &SQL[Q_ROUTE],
	                ARGS(sql_text(ev->place), sql_int(p->owner.v), sql_int(p->tip.v)));
}

static enum rc apply_accepted(struct op *op, const struct event *ev)
{
	const struct tip *p = ev->data;

	return sql_exec(op, &SQL[Q_ACCEPT],
	                ARGS(sql_int(p->owner.v), sql_int(ev->happened_ms), sql_int(p->tip.v)));
}

static enum rc apply_triaged(struct op *op, const struct event *ev)
{
	const struct tip *p = ev->data;

	return sql_exec(op, &SQL[Q_TRIAGE],
	                ARGS(sql_int(p->kind), sql_int(ev->happened_ms), sql_int(p->tip.v)));
}

static enum rc apply_handed(struct op *op, const struct event *ev)
{
	const struct tip *p = ev->data;

	return sql_exec(op, &SQL[Q_HAND], ARGS(sql_int(ev->happened_ms), sql_int(p->tip.v)));
}

static enum rc apply_closed(struct op *op, const struct event *ev)
{
	const struct tip *p = ev->data;

	return sql_exec(op, &SQL[Q_CLOSE],
	                ARGS(sql_int(p->result), sql_int(ev->happened_ms), sql_int(p->tip.v)));
}

enum { EV_RECEIVED, EV_ROUTED, EV_ACCEPTED, EV_TRIAGED, EV_HANDED, EV_CLOSED, EV_BARRED };
static const char *const SEALED[] = {"discipline_officer", NULL};
static const char *const HANDLERS_SEE[] = {"discipline_officer", "tip_officer", NULL};
static const struct event_type EVENTS[] = {
	[EV_RECEIVED] = {"duty.tip_received", 1, RECEIVED + 1, COUNT(RECEIVED) - 1,
	                 sizeof(struct received), .apply = apply_received, .visible_to = SEALED,
	                 .zh = "收到举报", .en = "a tip was received"},
	[EV_ROUTED] = EVENT("duty.tip_routed", ROUTED, struct tip, apply_routed, "举报分办",
	                    "a tip was given an owner", .visible_to = HANDLERS_SEE),
	[EV_ACCEPTED] = EVENT("duty.tip_accepted", ACCEPTED, struct tip, apply_accepted, "举报受理",
	                      "a tip was accepted", .visible_to = HANDLERS_SEE),
	[EV_TRIAGED] = EVENT("duty.tip_triaged", TRIAGED, struct tip, apply_triaged, "举报研判",
	                     "a tip was triaged", .visible_to = HANDLERS_SEE),
	[EV_HANDED] = EVENT("duty.tip_handed", HANDED, struct tip, apply_handed, "线索移送",
	                    "a tip was handed on", .visible_to = HANDLERS_SEE),
	[EV_CLOSED] = EVENT("duty.tip_closed", CLOSED, struct tip, apply_closed, "举报办结",
	                    "a tip was closed", .visible_to = HANDLERS_SEE),
	[EV_BARRED] = EVENT("duty.tip_barred", ONLY, struct tip, NULL, "被举报人经办举报",
	                    "the person accused handled a tip", .visible_to = SEALED),
};

/* Reading. */
static void read_tip(struct op *op, const struct rows *r, struct duty_tip *ret)
{
	*ret = (struct duty_tip){{rows_int(r, 0)}, rows_dup(op->arena, r, 1), {rows_int(r, 2)},
		                     rows_int(r, 3), rows_int(r, 4), rows_int(r, 5), rows_int(r, 6),
		                     rows_int(r, 7), (int)rows_int(r, 8), (int)rows_int(r, 9)};
}

static enum rc tip_find(struct op *op, struct tip_id id, struct duty_tip *ret,
                        struct person_id *ret_about)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_int(id.v)), &r));
	if (!rows_next(&r))
		return fail(op, RC_NOT_FOUND, "tip", CITE_TIP, "没有举报 %lld", "no tip has the number %lld",
		            (long long)id.v);
	read_tip(op, &r, ret);
	ret_about->v = rows_int(&r, 10);
	return RC_OK;
}

enum rc duty_tips(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                  struct duty_tip **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct duty_tip *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_OF], ARGS(sql_int(from_ms), sql_int(to_ms), sql_text(place),
	                                   sql_text(low), sql_text(high)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_tip(op, &r, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

static struct str subject(struct arena *a, int64_t tip)
{
	return str_fmt(a, "JB/%lld", (long long)tip);
}

/* Rules. */

/* Does the person hold one of these at the place, by roster or grant? */
static enum rc is_among(struct op *op, const char *const *roles, struct str place,
                        struct person_id who, bool *ret)
{
	struct person_id list[16];
	size_t n;

	*ret = false;
	for (; *roles && !*ret; roles++) {
		TRY(resolve(op, str_of(*roles), place, list, COUNT(list), &n));
		for (size_t i = 0; i < n; i++)
			*ret = *ret || list[i].v == who.v;
	}
	return RC_OK;
}

static enum rc find_owner(struct op *op, struct str place, struct person_id about,
                          struct person_id *ret)
{
	static const char *const OWNERS[] = {"tip_officer", "discipline_officer", NULL};
	struct person_id list[16];
	size_t n;

	*ret = (struct person_id){0};
	for (const char *const *role = OWNERS; *role && !ret->v; role++) {
		TRY(resolve(op, str_of(*role), place, list, COUNT(list), &n));
		for (size_t i = 0; i < n && !ret->v; i++)
			if (list[i].v != about.v)
				*ret = list[i];
	}
	return RC_OK;
}

/* Where its clocks run and its alarms are seen: at the county, or above the accused. */
static enum rc place_round(struct op *op, struct str place, struct person_id about,
                           struct str *ret)
{
	static const char *const WATCHERS[] = {"tip_officer", "duty_officer", "county_leader",
		"county_office", "county_director", NULL};
	bool watches = false;

	*ret = place_cut(op->arena, place, LEVEL_COUNTY);
	if (about.v && place_level(place) >= LEVEL_COUNTY)
		TRY(is_among(op, WATCHERS, *ret, about, &watches));
	if (watches)
		*ret = place_cut(op->arena, place, LEVEL_CITY);
	return RC_OK;
}

static bool in_session(const struct op *op)
{
	const struct profile *p = op_profile(op);

	for (size_t i = 0; i < p->nsessions; i++)
		if (p->sessions[i].start_ms <= op->now_ms && op->now_ms <= p->sessions[i].end_ms)
			return true;
	return false;
}

static enum rc run_take(struct op *op, const void *in)
{
	const struct received *p = in;
	struct tip t = {.urgent = in_session(op)};
	struct str place;

	TRY(event_append(op, &EVENTS[EV_RECEIVED], p, &t.tip.v));
	TRY(place_round(op, p->place, p->about, &place));
	TRY(find_owner(op, place, p->about, &t.owner));
	TRY(event_append_at(op, &EVENTS[EV_ROUTED], place, &t, NULL));
	if (t.owner.v)
		return RC_OK;
	return alarm_raise(op, "duty.tip_ownerless", subject(op->arena, t.tip.v), place, NULL);
}

static enum rc place_of_tip(struct op *op, const void *in, struct str *ret)
{
	struct person_id about;
	struct duty_tip t;

	TRY(tip_find(op, ((const struct tip *)in)->tip, &t, &about));
	*ret = t.place;
	return RC_OK;
}

/* The one who is accused moves nothing: *ret_barred, with its entry and its alarm. */
static enum rc bar(struct op *op, const struct tip *p, struct duty_tip *ret, bool *ret_barred)
{
	struct person_id about;

	TRY(tip_find(op, p->tip, ret, &about));
	*ret_barred = about.v && about.v == op->actor.v;
	if (!*ret_barred)
		return RC_OK;
	TRY(event_append(op, &EVENTS[EV_BARRED], &(struct tip){.tip = p->tip}, NULL));
	return alarm_raise(op, "duty.tip_by_accused", subject(op->arena, p->tip.v),
	                   place_cut(op->arena, ret->place, LEVEL_CITY), NULL);
}

static enum rc run_accept(struct op *op, const void *in)
{
	struct tip p = *(const struct tip *)in;
	struct duty_tip t;
	bool barred;

	TRY(bar(op, &p, &t, &barred));
	p.owner = op->actor;
	return barred ? RC_OK : event_append(op, &EVENTS[EV_ACCEPTED], &p, NULL);
}

static enum rc run_triage(struct op *op, const void *in)
{
	const struct tip *p = in;
	struct duty_tip t;
	bool barred;

	TRY(bar(op, p, &t, &barred));
	if (barred)
		return RC_OK;
	TRY(event_append(op, &EVENTS[EV_TRIAGED], p, NULL));
	if (p->kind != KIND_LEAK)
		return RC_OK;
	return alarm_raise(op, "duty.tip_leak", subject(op->arena, p->tip.v), t.place, NULL);
}

static enum rc run_hand(struct op *op, const void *in)
{
	const struct tip *p = in;
	struct duty_tip t;
	bool barred;

	TRY(bar(op, p, &t, &barred));
	return barred ? RC_OK : event_append(op, &EVENTS[EV_HANDED], p, NULL);
}

static enum rc run_close(struct op *op, const void *in)
{
	const struct tip *p = in;
	struct duty_tip t;
	bool barred;

	TRY(bar(op, p, &t, &barred));
	if (barred)
		return RC_OK;
	if (!t.triaged_ms)
		return fail(op, RC_CONFLICT, "tip", CITE_TIP, "举报 %lld 尚未研判，不得办结",
		            "tip %lld has not been triaged and cannot be closed", (long long)t.id.v);
	if (p->result == RESULT_TRANSFERRED && !t.handed_ms)
		return fail(op, RC_CONFLICT, "result", CITE_TIP, "举报 %lld 没有移送回执",
		            "tip %lld was handed to nobody", (long long)t.id.v);
	if (t.closed_ms)
		return fail(op, RC_CONFLICT, "tip", CITE_TIP, "举报 %lld 已办结", "tip %lld is closed",
		            (long long)t.id.v);
	return event_append(op, &EVENTS[EV_CLOSED], p, NULL);
}

/* Expectations. */
static size_t the_tip(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	(void)ret_session;
	ret[0] = subject(a, ((const struct tip *)ev->data)->tip.v);
	return 1;
}

static size_t urgent_tip(struct arena *a, const struct event *ev, struct str *ret,
                         struct str *ret_session)
{
	(void)the_tip(a, ev, ret, ret_session);
	return ev->type != &EVENTS[EV_ROUTED] || ((const struct tip *)ev->data)->urgent;
}

static size_t calm_tip(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	(void)the_tip(a, ev, ret, ret_session);
	return ev->type != &EVENTS[EV_ROUTED] || !((const struct tip *)ev->data)->urgent;
}

static size_t leak_tip(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	(void)the_tip(a, ev, ret, ret_session);
	return ev->type != &EVENTS[EV_TRIAGED] || ((const struct tip *)ev->data)->kind == KIND_LEAK;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"duty.tip_accept_session", "duty.tip_routed", "duty.tip_accepted", NULL, urgent_tip,
	 "duty.tip_accept_session", "tip_officer", .missing = "duty.tip_unaccepted", .cites = CITE_TIP,
	 .zh = "考试期间举报受理", .en = "a tip during a session is accepted"},
	{"duty.tip_accept", "duty.tip_routed", "duty.tip_accepted", NULL, calm_tip, "duty.tip_accept",
	 "tip_officer", .missing = "duty.tip_unaccepted", .cites = CITE_TIP,
	 .zh = "举报受理", .en = "a tip is accepted"},
	{"duty.tip_triage", "duty.tip_accepted", "duty.tip_triaged", NULL, the_tip, "duty.tip_triage",
	 "tip_officer", .missing = "duty.tip_untriaged", .cites = CITE_TIP,
	 .zh = "举报研判", .en = "a tip is triaged"},
	{"duty.tip_hand", "duty.tip_triaged", "duty.tip_handed", "duty.tip_closed", leak_tip,
	 "duty.tip_hand", "tip_officer", .missing = "duty.tip_unhanded", .cites = CITE_TIP,
	 .zh = "泄密线索移送", .en = "a lead about a leak is handed on"},
};

static const struct alarm_rule ALARMS[] = {
	{"duty.tip_unaccepted", COLOUR_ORANGE, "discipline_officer", CITE_TIP,
	 "立即指定他人受理；说明承办人未受理的原因", "name somebody else at once; say why the owner did not",
	 "举报超时未受理", "a tip was not accepted in time"},
	{"duty.tip_untriaged", COLOUR_ORANGE, "discipline_officer", CITE_TIP,
	 "带班领导主持研判，涉密、涉考场的立即核查",
	 "the leader on duty has it triaged; what touches papers or rooms is verified at once",
	 "举报超时未研判", "a tip was not triaged in time"},
	{"duty.tip_unhanded", COLOUR_RED, "discipline_officer", CITE_TIP,
	 "立即移送公安、保密部门并取回执；同时逐级报告", "hand it to police and secrecy at once, with receipt; report upward",
	 "泄密线索未移送", "a lead about a leak was not handed on"},
	{"duty.tip_leak", COLOUR_RED, "county_leader", CITE_TIP,
	 "立即报带班领导和考区主任，逐级电话报告省级考试机构；不得在公网传递内容",
	 "tell the leader and the director at once, telephone upward; nothing over public networks",
	 "接到疑似泄密线索", "a lead about a possible leak"},
	{"duty.tip_ownerless", COLOUR_ORANGE, "county_leader", CITE_TIP,
	 "指定与被举报人无关的承办人", "name an owner who has nothing to do with the accused",
	 "举报无人承办", "a tip has no owner"},
	{"duty.tip_by_accused", COLOUR_RED, "discipline_officer", CITE_TIP,
	 "该次办理无效，另行指定承办人，核查是否泄露举报人",
	 "what he did does not count; name another, and find out whether the source is exposed",
	 "被举报人经办举报", "the person accused handled the tip"},
};

/* Module. */
static const struct allow TAKERS[] = {
	{"tip_officer", LEVEL_ANY}, {"discipline_officer", LEVEL_ANY}, {"duty_officer", LEVEL_ANY},
	{"county_office", LEVEL_COUNTY}, {"city_duty", LEVEL_CITY}, {"city_office", LEVEL_CITY},
	{"site_chief", LEVEL_SITE}, {"inspector", LEVEL_ANY},
};
static const struct allow HANDLERS[] = {{"tip_officer", LEVEL_ANY},
	                                    {"discipline_officer", LEVEL_ANY}};
#define TIP_COMMAND(n, k, f, fn, label_zh, label_en) \
	{n, k, FIELDS(f), sizeof(struct tip), ALLOW(HANDLERS), .place_of = place_of_tip, \
	 .place_by = "tip", .run = fn, .cites = CITE_TIP, .zh = label_zh, .en = label_en}
static const struct command COMMANDS[] = {
	{"duty.take_tip", FACT, FIELDS(RECEIVED), sizeof(struct received), ALLOW(TAKERS),
	 .run = run_take, .cites = CITE_TIP, .zh = "登记举报", .en = "take a tip"},
	TIP_COMMAND("duty.accept_tip", FACT, ONLY, run_accept, "受理举报", "accept a tip"),
	TIP_COMMAND("duty.triage_tip", FACT, TRIAGED, run_triage, "研判举报", "triage a tip"),
	TIP_COMMAND("duty.hand_tip", FACT, HANDED, run_hand, "移送线索", "hand a tip on"),
	TIP_COMMAND("duty.close_tip", ORDER, CLOSED, run_close, "办结举报", "close a tip"),
};

static const struct column VIEW_NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("owner", F_PERSON, "承办人", "owner"),
	COLUMN("received_ms", F_TIME, "收到", "received"),
	COLUMN("accepted_ms", F_TIME, "受理", "accepted"),
	COLUMN("triaged_ms", F_TIME, "研判", "triaged"),
	COLUMN("handed_ms", F_TIME, "移送", "handed on"),
	COLUMN("closed_ms", F_TIME, "办结", "closed"),
	COLUMN_WORDS("kind", KIND, KIND_WORDS, "线索类别", "kind"),
	COLUMN_WORDS("result", RESULT, RESULT_WORDS, "结果", "result"),
};
static const struct view VIEWS[] = {
	{"duty/tips", "举报", "tips", HANDLERS_SEE, &SQL[Q_LIST], VIEW_NAMES, COUNT(VIEW_NAMES)},
};

const struct module duty_tip_module = {
	.name = "duty_tip", .group = "duty", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "举报", .en = "tips",
};
