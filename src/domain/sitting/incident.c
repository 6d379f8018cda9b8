/* SPDX-License-Identifier: Apache-2.0 */
/* incident.c -- incidents in a room, and how they end (考场突发情况).
 *
 * Most are settled in the room and alarm nobody; what must not wait is alarmed at once.  Each that
 * is told while it lasts must have an end within the profile's minutes; what a sheet says later has
 * had its end.  What a video invigilator sees, the room must answer at once (Order 33 Art.19).
 *
 * Emits  sitting.incident_reported, sitting.incident_settled
 */
#include "domain/sitting/room.h"

#include "engine/alarm.h"
#include "engine/run.h"

/* Fields. */
#define X(id, text, zh, en) text,
static const char *const KIND[] = {INCIDENTS(X)};
static const char *const OUTCOME[] = {INCIDENT_OUTCOMES(X)};
#undef X
#define X(id, text, zh, en) {zh, en},
static const struct word KIND_WORDS[] = {INCIDENTS(X)};
static const struct word OUTCOME_WORDS[] = {INCIDENT_OUTCOMES(X)};
#undef X

struct incident {
	struct str place, session;
	int kind;
	struct str candidate;
	int64_t count;            /* candidates concerned, when known */
	struct text note;
	int64_t same_as;
	bool told_late;
};
static const struct field INCIDENT[] = {
	FIELD(struct incident, place, F_PLACE, "考场", "room"),
	FIELD(struct incident, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct incident, kind, F_ENUM, "情况", "kind", ENUM_OF(KIND, KIND_WORDS)),
	FIELD(struct incident, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate",
	      .optional = true),
	FIELD(struct incident, count, F_INT, "涉及考生数", "candidates concerned", .max = 1000,
	      .optional = true),
	FIELD(struct incident, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
	FIELD(struct incident, same_as, F_INT, "与此前登记为同一情况", "repeats an earlier fact",
	      .optional = true),
	FIELD(struct incident, told_late, F_BOOL, "事后登记", "told long after", .optional = true),
};
enum { INCIDENT_FIELDS = COUNT(INCIDENT) - 2 };

struct settled {
	struct str place;
	int64_t incident;
	int outcome;
	struct text note;
	struct str session;
};
static const struct field SETTLED[] = {
	FIELD(struct settled, place, F_PLACE, "考场", "room"),
	FIELD(struct settled, incident, F_INT, "情况编号", "incident", .min = 1, .ref = "incident"),
	FIELD(struct settled, outcome, F_ENUM, "结果", "outcome",
	      ENUM_OF(OUTCOME, OUTCOME_WORDS)),
	FIELD(struct settled, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
	FIELD(struct settled, session, F_KEY, "科次", "session", .ref = "session"),
};
enum { SETTLED_FIELDS = COUNT(SETTLED) - 1 };

/* Projection. */
static enum rc apply_reported(struct op *op, const struct event *ev)
{
	const struct incident *p = ev->data;

	return fact_add(op, ev, &(struct room_fact){
		.kind = (enum fact_kind)p->kind, .session = p->session, .room = ev->place,
		.candidate = p->candidate, .amount = p->count, .same_as = p->same_as, .settled = -1});
}

static enum rc apply_settled(struct op *op, const struct event *ev)
{
	const struct settled *p = ev->data;

	return fact_settle(op, p->incident, p->outcome);
}

enum { EV_REPORTED, EV_SETTLED };
static const struct event_type EVENTS[] = {
	[EV_REPORTED] = {"sitting.incident_reported", 1, INCIDENT + 1, COUNT(INCIDENT) - 1,
	                 sizeof(struct incident), .apply = apply_reported, .visible_to = ROOM_READERS,
	                 .zh = "考场突发情况", .en = "an incident in a room"},
	[EV_SETTLED] = {"sitting.incident_settled", 1, SETTLED + 1, COUNT(SETTLED) - 1,
	                sizeof(struct settled), .apply = apply_settled, .visible_to = ROOM_READERS,
	                .zh = "考场突发情况处置完毕", .en = "an incident was settled"},
};

/* Expectations.  Paper comes when all is over: what it says is not waited for. */
static bool awaited(const struct event *ev)
{
	const struct incident *p = ev->data;

	return !p->same_as && !p->told_late && ev->source != SOURCE_PAPER;
}

static size_t of_incident(struct arena *a, const struct event *ev, struct str *ret,
                          struct str *ret_session)
{
	const struct incident *p = ev->data;
	const struct settled *s = ev->data;
	bool reported = ev->type == &EVENTS[EV_REPORTED];

	if (reported && !awaited(ev))
		return 0;
	ret_session[0] = reported ? p->session : s->session;
	ret[0] = fact_subject(a, ret_session[0], ev->place, reported ? ev->id : s->incident);
	return 1;
}

static size_t of_video(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	if (ev->type == &EVENTS[EV_REPORTED] && ev->source != SOURCE_VIDEO)
		return 0;
	return of_incident(a, ev, ret, ret_session);
}

/* Rules. */
static const char *const ALARM_OF[INCIDENT_MAX] = {
	[FACT_WRONG_BAG] = "sitting.bag_wrong", [FACT_FOUND_ITEM] = "sitting.item_found",
	[FACT_POWER] = "sitting.power_failed", [FACT_CLOCK] = "sitting.clock_wrong",
	[FACT_SNATCH] = "sitting.snatched", [FACT_PASSING] = "sitting.passing_seen",
};

/* One cause darkens a whole site: its rooms fold into one alarm of the site. */
static struct str alarm_place(struct arena *a, const struct incident *p)
{
	return p->kind == FACT_POWER || p->kind == FACT_CLOCK ? room_site(a, p->place) : p->place;
}

/* One candidate's question is answered in the room; the same from several rooms is a misprint. */
static enum rc check_print(struct op *op, const struct incident *p)
{
	int64_t many = profile_setting(op_profile(op), "sitting.print_rooms", 0), rooms;
	struct str site = room_site(op->arena, p->place);

	TRY(fact_rooms(op, p->session, site, FACT_PRINT, &rooms));
	if (!many || rooms < many)
		return RC_OK;
	return alarm_raise(op, "sitting.print_questioned",
	                   session_subject(op->arena, p->session, site), site, NULL);
}

static enum rc run_report(struct op *op, const void *in)
{
	struct incident p = *(const struct incident *)in;
	struct room_fact f = {.kind = (enum fact_kind)p.kind, .session = p.session, .room = p.place,
	                      .candidate = p.candidate, .amount = p.count};
	struct str place = alarm_place(op->arena, &p);

	TRY(room_check(op, p.place, p.session));
	TRY(fact_same(op, &f, &p.same_as));
	p.told_late = told_late(op);
	TRY(event_append(op, &EVENTS[EV_REPORTED], &p, NULL));
	if (p.same_as)
		return RC_OK;
	if (ALARM_OF[p.kind])
		TRY(alarm_raise(op, ALARM_OF[p.kind], session_subject(op->arena, p.session, place), place,
		                NULL));
	if (p.kind == FACT_PRINT)
		TRY(check_print(op, &p));
	if (p.kind == FACT_PASSING)
		TRY(fifth_check(op, p.session, p.place));
	return sheet_check(op, p.session, p.place);
}

/* 送医离点: the director of the area decides that a candidate leaves the site. */
static enum rc run_settle(struct op *op, const void *in)
{
	struct settled p = *(const struct settled *)in;
	struct room_fact f;
	bool known;

	TRY(fact_find(op, p.incident, &f, &known));
	if (!known || !str_eq(f.room, p.place) || f.kind >= INCIDENT_MAX)
		return fail(op, RC_INVALID, "incident", CITE_ROOM, "考场 %s 没有编号为 %lld 的突发情况",
		            "room %s has no incident %lld", p.place.s, (long long)p.incident);
	p.session = f.session;
	TRY(event_append(op, &EVENTS[EV_SETTLED], &p, NULL));
	if (p.outcome != INCIDENT_HOSPITAL || op_slot(op, "decider", 0).v)
		return RC_OK;
	return alarm_raise(op, "sitting.sent_undecided",
	                   fact_subject(op->arena, p.session, p.place, p.incident), p.place, NULL);
}

/* Module. */
static const struct allow REPORTERS[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"roving_invigilator", LEVEL_SITE}, {"inspector", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"video_invigilator", LEVEL_SITE}, {"remote_inspector", LEVEL_ANY}, {"medic", LEVEL_SITE},
	{"technician", LEVEL_SITE},
};
static const char *const DECIDER[] = {"county_director", "county_leader", NULL};
static const struct slot DECIDERS[] = {
	{"decider", 1, DECIDER, NULL, true, "批准送医离点的考区负责人", "who lets a candidate leave the site"},
};
static const struct command COMMANDS[] = {
	{"sitting.report_incident", FACT, INCIDENT, INCIDENT_FIELDS, sizeof(struct incident),
	 ALLOW(REPORTERS), .run = run_report, .cites = CITE_ROOM,
	 .zh = "登记考场突发情况", .en = "report an incident"},
	{"sitting.settle_incident", FACT, SETTLED, SETTLED_FIELDS, sizeof(struct settled),
	 SLOTS(DECIDERS), ALLOW(ROOM_TELLERS), .run = run_settle, .cites = CITE_ROOM,
	 .zh = "登记突发情况处置结果", .en = "settle an incident"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.incident_settle", "sitting.incident_reported", "sitting.incident_settled", NULL,
	 of_incident, "sitting.incident_settle", "site_chief", .missing = "sitting.incident_open",
	 .cites = CITE_ROOM, .zh = "考场突发情况须有处置结果", .en = "an incident has an end"},
	{"sitting.video_answer", "sitting.incident_reported", "sitting.incident_settled", NULL,
	 of_video, "sitting.video_answer", "site_chief", .missing = "sitting.video_unanswered",
	 .cites = CITE_VIDEO_SEEN, .zh = "视频发现的情况，考场须立即处置",
	 .en = "what was seen by camera is answered in the room"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.incident_open", COLOUR_YELLOW, "site_chief", CITE_ROOM,
	 "问流动监考员现在怎样，登记处置结果", "ask the floor invigilator how it stands, record the end",
	 "考场突发情况未报处置结果", "an incident has no recorded end"},
	{"sitting.video_unanswered", COLOUR_ORANGE, "site_chief", CITE_VIDEO_SEEN,
	 "立即派流动监考员到考场制止取证，保存录像，主考到场",
	 "send a floor invigilator at once, keep the recording, the chief goes there",
	 "视频发现的情况考场无人处置", "nobody in the room answered what the camera saw"},
	{"sitting.bag_wrong", COLOUR_ORANGE, "site_chief", "施考程序 DIST-1",
	 "不得启封，两人看护，主考到场核对科目并换袋，报县考务办",
	 "do not open it, two guard it, the chief checks the subject and exchanges it, tell the county",
	 "考场发现试卷袋不符", "a room has the wrong bag"},
	{"sitting.item_found", COLOUR_YELLOW, "site_chief", CITE_RECORD,
	 "两人取走封存并登记，查明归属，核对同区域考场",
	 "two take and seal it, find whose it is, look into the rooms near by",
	 "考点内发现违禁或可疑物品", "a prohibited or suspect item was found"},
	{"sitting.power_failed", COLOUR_YELLOW, "site_chief", "考务工作规定 应急",
	 "启用备用电源，记录停电起止时间，报县考务办",
	 "use the reserve supply, write down from when to when, tell the county",
	 "考点停电", "the power failed at a site"},
	{"sitting.clock_wrong", COLOUR_YELLOW, "site_chief", "考务工作规定 时间信号",
	 "以考点统一铃声为准，向考场说明并校正时钟",
	 "the bell of the site counts: tell the room and set the clock",
	 "考场时钟不准", "a room's clock is wrong"},
	{"sitting.snatched", COLOUR_RED, "site_chief", CITE_ORDER33 "Art.6(3)",
	 "立即制止，民警到场保护监考员，控制答卷和人员，两人记录，报县考区主任",
	 "stop it at once, the police protect the invigilators, hold script and persons, two record it",
	 "涉嫌抢夺答卷", "a script was snatched, it is said"},
	{"sitting.passing_seen", COLOUR_ORANGE, "site_chief", CITE_ORDER33 "Art.6",
	 "主考带流动监考员到场制止，两人记录取证，保存录像，加派监考员",
	 "the chief goes there, two record it, keep the recording, add invigilators",
	 "涉嫌公开传递、抄袭", "open passing or copying was seen, it is said"},
	{"sitting.print_questioned", COLOUR_ORANGE, "site_chief", "试卷差错处置 (2.10)",
	 "停止个别答复，主考核对多袋试卷，报县考区主任转省统一答复",
	 "answer nobody singly; the chief compares bags and asks the county and the province",
	 "多个考场反映试卷印刷问题", "several rooms ask about the print"},
	{"sitting.sent_undecided", COLOUR_ORANGE, "county_director", "考务工作规定 送医离点",
	 "立即补报考区主任决定，派专人陪同，封存答卷",
	 "have the director of the area decide now, send an escort, seal the script",
	 "考生送医离点未经考区主任决定", "a candidate left for hospital without the director's decision"},
};

static const char *const SETTINGS[] = {"sitting.print_rooms"};

const struct module sitting_incident_module = {
	.name = "sitting_incident", .group = "sitting", .rev = 1,
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(settings, SETTINGS),
	.zh = "考场突发情况", .en = "incidents in rooms",
};
