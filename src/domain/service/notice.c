/* SPDX-License-Identifier: Apache-2.0 */
/* notice.c -- public notices: published, corrected, withdrawn; see service.h. */
#include "domain/service/service.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_NOTICE "考务工作惯例 信息发布(拟稿、审核、签发)"
#define CITE_ONE_VOICE "考务突发事件处置 舆情：统一口径、一人发布"

enum { Q_ADD, Q_CORRECT, Q_WITHDRAW, Q_GET, Q_LIST, Q_PUBLIC };
#define OF_NOTICE "id, place, kind, audience, title, body, title_en, body_en, from_ms, until_ms," \
	" published_ms, corrected_ms, withdrawn_ms"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO service_notice(id, place, kind, audience, title, body, title_en,"
	           " body_en, decision, from_ms, until_ms, published_ms, entry, corrected_ms,"
	           " corrections, withdrawn_ms, reason)"
	           " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)", 13},
	[Q_CORRECT] = {"UPDATE service_notice SET title = ?, body = ?, title_en = ?, body_en = ?,"
	               " decision = ?, from_ms = ?, until_ms = ?, corrected_ms = ?, entry = ?,"
	               " reason = ?, corrections = corrections + 1 WHERE id = ?", 11},
	[Q_WITHDRAW] = {"UPDATE service_notice SET withdrawn_ms = ?, entry = ?, reason = ?"
	                " WHERE id = ?", 4},
	[Q_GET] = {"SELECT " OF_NOTICE " FROM service_notice WHERE id = ?", 1},
	[Q_LIST] = {"SELECT id, place, kind, audience, title, from_ms, until_ms, published_ms,"
	            " decision, corrected_ms, corrections, withdrawn_ms, reason, body, title_en,"
	            " body_en, entry FROM service_notice ORDER BY published_ms DESC, id DESC", 0},
	[Q_PUBLIC] = {"SELECT " OF_NOTICE " FROM service_notice WHERE withdrawn_ms = 0"
	              " AND from_ms <= ? AND (until_ms = 0 OR until_ms > ?)"
	              " ORDER BY published_ms DESC, id DESC LIMIT ?", 3},
};

static const struct table TABLES[] = {
	{"service_notice",
	 "CREATE TABLE service_notice(id {id} NOT NULL, place {text} NOT NULL, kind {int} NOT NULL,"
	 " audience {int} NOT NULL, title {id} NOT NULL, body {id} NOT NULL, title_en {id} NOT NULL,"
	 " body_en {id} NOT NULL, decision {text} NOT NULL, from_ms {int} NOT NULL,"
	 " until_ms {int} NOT NULL, published_ms {int} NOT NULL, entry {id} NOT NULL,"
	 " corrected_ms {int} NOT NULL, corrections {int} NOT NULL, withdrawn_ms {int} NOT NULL,"
	 " reason {id} NOT NULL, PRIMARY KEY(id));"
	 "CREATE INDEX service_notice_new ON service_notice(published_ms, id)", "id"},
};

#define X(id, text) text,
static const char *const KIND[] = {NOTICE_KINDS(X)};
static const char *const AUDIENCE[] = {NOTICE_AUDIENCES(X)};
#undef X
const struct word NOTICE_KIND_WORDS[] = {
	{"考试时间", "timetable"}, {"交通", "traffic"}, {"噪音管制", "noise"}, {"食宿", "food"},
	{"医疗", "medical"}, {"心理辅导", "counselling"}, {"天气", "weather"}, {"突发事件", "emergency"},
	{"其他", "other"},
};
const struct word NOTICE_AUDIENCE_WORDS[] = {
	{"考生", "candidates"}, {"家长", "parents"}, {"社会公众", "the public"},
};

/* Fields. */
struct notice_said {
	struct str place;
	struct notice_id notice;     /* of a correction or withdrawal */
	int kind, audience;
	struct text title, text, title_en, text_en, reason;
	int64_t from, until;
	struct str decision;
};
#define TEXTS \
	FIELD(struct notice_said, title, F_TEXT, "标题", "title", .min = 2, .max = 60), \
	FIELD(struct notice_said, text, F_TEXT, "正文", "text", .min = 2), \
	FIELD(struct notice_said, title_en, F_TEXT, "英文标题", "title in English", .max = 160, \
	      .optional = true), \
	FIELD(struct notice_said, text_en, F_TEXT, "英文正文", "text in English", .optional = true), \
	FIELD(struct notice_said, from, F_TIME, "生效时间（不写：立即）", "valid from (at once when not said)", \
	      .optional = true), \
	FIELD(struct notice_said, until, F_TIME, "失效时间（不写：至撤回）", \
	      "valid until (until withdrawn when not said)", .optional = true), \
	FIELD(struct notice_said, decision, F_CODE, "口径审定单编号", \
	      "number of the decision on the wording", .optional = true)
#define WHICH FIELD(struct notice_said, notice, F_ID, "通知编号", "number of the notice", .min = 1, \
	.ref = "notice")
#define WHY FIELD(struct notice_said, reason, F_TEXT, "事由", "reason", .min = 2, .max = 200)
static const struct field PUBLISH[] = {
	FIELD(struct notice_said, place, F_PLACE, "涉及地点（全市写市）", "place it concerns"),
	FIELD(struct notice_said, kind, F_ENUM, "类别", "kind", ENUM_OF(KIND, NOTICE_KIND_WORDS)),
	FIELD(struct notice_said, audience, F_ENUM, "对象", "for whom",
	      ENUM_OF(AUDIENCE, NOTICE_AUDIENCE_WORDS)),
	TEXTS,
};
static const struct field CORRECT[] = {WHICH, TEXTS, WHY};
static const struct field WITHDRAW[] = {WHICH, WHY};

/* Projection. */
static enum rc apply_published(struct op *op, const struct event *ev)
{
	const struct notice_said *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->id), sql_text(ev->place), sql_int(p->kind),
	                     sql_int(p->audience), sql_int(p->title.vault), sql_int(p->text.vault),
	                     sql_int(p->title_en.vault), sql_int(p->text_en.vault),
	                     sql_text(p->decision), sql_int(p->from ? p->from : ev->recorded_ms),
	                     sql_int(p->until), sql_int(ev->recorded_ms), sql_int(ev->index)));
}

static enum rc apply_corrected(struct op *op, const struct event *ev)
{
	const struct notice_said *p = ev->data;

	return sql_exec(op, &SQL[Q_CORRECT],
	                ARGS(sql_int(p->title.vault), sql_int(p->text.vault),
	                     sql_int(p->title_en.vault), sql_int(p->text_en.vault),
	                     sql_text(p->decision), sql_int(p->from ? p->from : ev->recorded_ms),
	                     sql_int(p->until), sql_int(ev->recorded_ms), sql_int(ev->index),
	                     sql_int(p->reason.vault), sql_int(p->notice.v)));
}

static enum rc apply_withdrawn(struct op *op, const struct event *ev)
{
	const struct notice_said *p = ev->data;

	return sql_exec(op, &SQL[Q_WITHDRAW], ARGS(sql_int(ev->recorded_ms), sql_int(ev->index),
	                                           sql_int(p->reason.vault), sql_int(p->notice.v)));
}

enum { EV_PUBLISHED, EV_CORRECTED, EV_WITHDRAWN };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer",
	"county_leader", "city_duty", "city_leader", "county_director", "province_office", "site_chief",
	"deputy_chief", "site_clerk", "discipline_officer", "audit_admin", NULL};
static const struct event_type EVENTS[] = {
	[EV_PUBLISHED] = {"service.notice_published", 1, PUBLISH + 1, COUNT(PUBLISH) - 1,
	                  sizeof(struct notice_said), .apply = apply_published, .visible_to = READERS,
	                  .zh = "发布通知", .en = "a notice was published"},
	[EV_CORRECTED] = EVENT("service.notice_corrected", CORRECT, struct notice_said,
	                       apply_corrected, "更正通知", "a notice was corrected",
	                       .visible_to = READERS),
	[EV_WITHDRAWN] = EVENT("service.notice_withdrawn", WITHDRAW, struct notice_said,
	                       apply_withdrawn, "撤回通知", "a notice was withdrawn",
	                       .visible_to = READERS),
};

/* Reading. */
static struct notice row_of(struct op *op, const struct rows *r)
{
	return (struct notice){
		{rows_int(r, 0)}, rows_dup(op->arena, r, 1), (enum notice_kind)rows_int(r, 2),
		(enum notice_audience)rows_int(r, 3), rows_int(r, 4), rows_int(r, 5), rows_int(r, 6),
		rows_int(r, 7), rows_int(r, 8), rows_int(r, 9), rows_int(r, 10), rows_int(r, 11),
		rows_int(r, 12)};
}

enum rc service_notice(struct op *op, struct notice_id id, struct notice *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_int(id.v)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = row_of(op, &r);
	return RC_OK;
}

enum rc service_notices(struct op *op, int64_t now_ms, int64_t most, struct notice **ret,
                        size_t *ret_n)
{
	struct notice *list = NULL;
	size_t n = 0, cap = 0;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_PUBLIC], ARGS(sql_int(now_ms), sql_int(now_ms), sql_int(most)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = row_of(op, &r);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* Rules. */
static enum rc find(struct op *op, struct notice_id id, struct notice *ret)
{
	bool known;

	TRY(service_notice(op, id, ret, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "notice", CITE_NOTICE, "没有通知 %lld", "no notice %lld",
		            (long long)id.v);
	return RC_OK;
}

/* Who signs is not who drafted it. */
static enum rc check_signed(struct op *op)
{
	if (op_slot(op, "leader", 0).v == op->actor.v)
		return fail(op, RC_CONFLICT, "leader", CITE_NOTICE, "拟稿人不能自己签发，请另一位领导签发",
		            "who drafted it does not sign it: another leader does");
	return RC_OK;
}

static bool of_the_city(const struct op *op, struct str place)
{
	return person_holds(op, op->actor, STR("city_office"), place) ||
	       person_holds(op, op->actor, STR("city_duty"), place);
}

/* In an emergency one voice speaks: the city's, and its leader signs. */
static enum rc check_voice(struct op *op, enum notice_kind kind, struct str place)
{
	if (kind != NOTICE_EMERGENCY)
		return RC_OK;
	if (!of_the_city(op, place))
		return forbid(op, RC_CONFLICT, "kind", CITE_ONE_VOICE,
		              "突发事件由市级统一对外发布，请报市考务办（市值班室）",
		              "an emergency is spoken of by the city alone: ask the city's office");
	if (!person_holds(op, op_slot(op, "leader", 0), STR("city_leader"), place))
		return forbid(op, RC_CONFLICT, "leader", CITE_ONE_VOICE, "突发事件通知须由市带班领导签发",
		              "the city's leader on duty signs what is said of an emergency");
	return RC_OK;
}

static enum rc check_times(struct op *op, const struct notice_said *p)
{
	if (p->until && p->until <= (p->from > op->now_ms ? p->from : op->now_ms))
		return fail(op, RC_INVALID, "until", CITE_NOTICE, "失效时间应晚于生效时间和现在",
		            "it ends before it begins, or before now");
	return RC_OK;
}

/* Publicity decides the words (宣传、网信); what is said without is seen, not hindered. */
static enum rc react_to_words(struct op *op, enum notice_kind kind, struct str decision,
                              int64_t id, struct str place)
{
	if (kind != NOTICE_EMERGENCY || decision.n)
		return RC_OK;
	return alarm_raise(op, "service.statement_undecided",
	                   str_fmt(op->arena, "TZ/%lld", (long long)id), place, NULL);
}

static enum rc run_publish(struct op *op, const void *in)
{
	const struct notice_said *p = in;
	int level = place_level(p->place);
	int64_t id = 0;

	if (level < LEVEL_CITY || level > LEVEL_SITE)
		return fail(op, RC_INVALID, "place", CITE_NOTICE, "通知应涉及市、县(区)或考点",
		            "a notice concerns a city, a county or a site");
	TRY(op_also(op, check_times(op, p)));
	TRY(check_signed(op));
	TRY(check_voice(op, (enum notice_kind)p->kind, p->place));
	TRY(event_append(op, &EVENTS[EV_PUBLISHED], p, &id));
	return react_to_words(op, (enum notice_kind)p->kind, p->decision, id, p->place);
}

static enum rc stands(struct op *op, const struct notice *n)
{
	if (n->withdrawn_ms)
		return fail(op, RC_CONFLICT, "notice", CITE_NOTICE, "通知 %lld 已撤回：要再说明请另发一条",
		            "notice %lld is withdrawn: to say more publish another", (long long)n->id.v);
	return RC_OK;
}

static enum rc run_correct(struct op *op, const void *in)
{
	const struct notice_said *p = in;
	struct notice n;

	TRY(find(op, p->notice, &n));
	TRY(stands(op, &n));
	TRY(check_times(op, p));
	TRY(check_signed(op));
	TRY(check_voice(op, n.kind, n.place));
	TRY(event_append(op, &EVENTS[EV_CORRECTED], p, NULL));
	return react_to_words(op, n.kind, p->decision, n.id.v, n.place);
}

static enum rc run_withdraw(struct op *op, const void *in)
{
	const struct notice_said *p = in;
	struct notice n;

	TRY(find(op, p->notice, &n));
	TRY(stands(op, &n));
	TRY(check_signed(op));
	TRY(check_voice(op, n.kind, n.place));
	return event_append(op, &EVENTS[EV_WITHDRAWN], p, NULL);
}

static enum rc place_of_notice(struct op *op, const void *in, struct str *ret)
{
	struct notice n;

	TRY(find(op, ((const struct notice_said *)in)->notice, &n));
	*ret = n.place;
	return RC_OK;
}

/* Module. */
static const struct alarm_rule ALARMS[] = {
	{"service.statement_undecided", COLOUR_YELLOW, "city_duty", CITE_ONE_VOICE,
	 "请宣传、网信部门审定口径，补登口径审定单编号（更正通知）；审定不同的立即更正或撤回",
	 "have the publicity and cyberspace offices decide the wording and add its number by a "
	 "correction; when they decide otherwise correct or withdraw it at once",
	 "突发事件对外发布未见口径审定", "an emergency was spoken of before its wording was decided"},
};
static const struct allow PUBLISHERS[] = {
	{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}, {"duty_officer", LEVEL_ANY},
	{"city_duty", LEVEL_CITY},
};
static const char *const LEADER[] = {"county_leader", "county_director", "city_leader", NULL};
static const char *const REVIEWERS[] = {"county_office", "city_office", "county_leader",
	"county_director", "city_leader", NULL};
static const struct slot SIGNS[] = {
	{"leader", 1, LEADER, NULL, false, "签发领导", "the leader who signs"},
	{"reviewer", 1, REVIEWERS, "leader", true, "审核人", "who reviewed it"},
};
static const struct command COMMANDS[] = {
	{"service.publish_notice", ORDER, FIELDS(PUBLISH), sizeof(struct notice_said), SLOTS(SIGNS),
	 ALLOW(PUBLISHERS), .run = run_publish, .cites = CITE_NOTICE, .zh = "发布通知",
	 .en = "publish a notice"},
	{"service.correct_notice", ORDER, FIELDS(CORRECT), sizeof(struct notice_said), SLOTS(SIGNS),
	 ALLOW(PUBLISHERS), .place_of = place_of_notice, .place_by = "notice",
	 .run = run_correct, .cites = CITE_NOTICE, .zh = "更正通知", .en = "correct a notice"},
	{"service.withdraw_notice", ORDER, FIELDS(WITHDRAW), sizeof(struct notice_said), SLOTS(SIGNS),
	 ALLOW(PUBLISHERS), .place_of = place_of_notice, .place_by = "notice",
	 .run = run_withdraw, .cites = CITE_NOTICE, .zh = "撤回通知", .en = "withdraw a notice"},
};

static const struct column NAMES[] = {
	COLUMN("id", F_ID, "编号", "number"),
	COLUMN("place", F_PLACE, "涉及地点", "place"),
	COLUMN_WORDS("kind", KIND, NOTICE_KIND_WORDS, "类别", "kind"),
	COLUMN_WORDS("audience", AUDIENCE, NOTICE_AUDIENCE_WORDS, "对象", "for"),
	COLUMN_OPEN("title", "标题", "title"),
	COLUMN("from_ms", F_TIME, "生效", "from"),
	COLUMN("until_ms", F_TIME, "失效", "until"),
	COLUMN("published_ms", F_TIME, "发布", "published"),
	COLUMN("decision", F_CODE, "口径审定单", "wording decided"),
	COLUMN("corrected_ms", F_TIME, "更正", "corrected"),
	COLUMN("corrections", F_INT, "更正次数", "corrections"),
	COLUMN("withdrawn_ms", F_TIME, "撤回", "withdrawn"),
	COLUMN_OPEN("reason", "更正或撤回事由", "reason"),
	COLUMN_OPEN("text", "正文", "text"),
	COLUMN_OPEN("title_en", "英文标题", "title in English"),
	COLUMN_OPEN("text_en", "英文正文", "text in English"),
	COLUMN("entry", F_ID, "台账", "entry"),
};
static const struct view VIEWS[] = {
	{"service/notices", "通知", "notices", READERS, &SQL[Q_LIST], NAMES, COUNT(NAMES)},
};

const struct module service_module = {
	.name = "service", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(views, VIEWS), .zh = "服务保障", .en = "services for candidates",
};
