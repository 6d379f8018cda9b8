/* SPDX-License-Identifier: Apache-2.0 */
/* adoption.c -- another profile for an examination that has begun: a session is delayed by half an
 * hour, a flood puts two of them off, a number was wrong (docs/adr/0010).
 *
 * It asks leave.  What is over stays as it was; nothing vanishes; and only those move a session who
 * decide that by the profile in force (its decision "delay").
 */
#include "domain/exam/exam.h"

#include "engine/order.h"
#include "engine/run.h"

#define CITE_ADOPTION "考务工作规定 (2009) 考试实施程序"
#define CITE_DELAY "考务工作规定 (2009) 延时、推迟开考"

enum { Q_ADD, Q_LIST };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO exam_adoption(id, idx, place, profile, reason, moved)"
	           " VALUES(?, ?, ?, ?, ?, ?)", 6},
	[Q_LIST] = {"SELECT id, idx, place, profile, moved FROM exam_adoption ORDER BY id", 0},
};

static const struct table TABLES[] = {
	{"exam_adoption",
	 "CREATE TABLE exam_adoption(id {id} NOT NULL, idx {int} NOT NULL, place {text} NOT NULL,"
	 " profile {text} NOT NULL, reason {int} NOT NULL, moved {int} NOT NULL, PRIMARY KEY(id))",
	 "id"},
};

struct adoption {
	struct str place, profile;
	struct text reason;
	int64_t moved;
};
static const struct field ADOPTION[] = {
	FIELD(struct adoption, place, F_PLACE, "组织考试的地区", "area of the office"),
	FIELD(struct adoption, profile, F_HASH, "考试配置校验值", "digest of the profile"),
	FIELD(struct adoption, reason, F_TEXT, "变更原因", "why"),
	FIELD(struct adoption, moved, F_INT, "变更时间的科次数", "sessions whose times change"),
};

static enum rc apply_adopted(struct op *op, const struct event *ev)
{
	const struct adoption *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->id), sql_int(ev->index), sql_text(ev->place),
	                     sql_text(p->profile), sql_int(p->reason.vault), sql_int(p->moved)));
}

enum { EV_ADOPTED };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "county_leader", "city_duty", "city_leader", "inspector", NULL};
static const struct event_type EVENTS[] = {
	[EV_ADOPTED] = EVENT("exam.profile_adopted", ADOPTION, struct adoption, apply_adopted,
	                     "变更考试配置", "another profile was put in force",
	                     .visible_to = READERS),
};

/* Rules. */
static enum rc check_same(struct op *op, const struct profile *was, const struct profile *next)
{
	if (!str_eq(was->exam, next->exam))
		return fail(op, RC_INVALID, "profile", CITE_ADOPTION, "配置属于考试 %s，本台账属于 %s",
		            "the profile is of examination %s and the ledger of %s", next->exam.s,
		            was->exam.s);
	if (was->utc_offset_min != next->utc_offset_min)
		return fail(op, RC_INVALID, "profile", CITE_ADOPTION, "时区不得变更",
		            "the time zone cannot change");
	if (hash_eq(&was->digest, &next->digest))
		return fail(op, RC_CONFLICT, "profile", CITE_ADOPTION, "该配置已在执行",
		            "this profile is in force already");
	return RC_OK;
}

static enum rc check_session(struct op *op, const struct profile_session *was,
                             const struct profile *next, int64_t *moved)
{
	const struct profile_session *s = profile_session(next, was->id);

	if (!s || !str_eq(s->subject, was->subject))
		return fail(op, RC_CONFLICT, "profile", CITE_ADOPTION,
		            "科次 %s 不得取消或更换科目：推迟请只改时间",
		            "session %s can neither vanish nor change its subject: move its times",
		            was->id.s);
	if (s->start_ms == was->start_ms && s->end_ms == was->end_ms)
		return RC_OK;
	(*moved)++;
	if (was->end_ms <= op->now_ms)
		return fail(op, RC_CONFLICT, "profile", CITE_ADOPTION, "科次 %s 已结束，时间不得变更",
		            "session %s is over: its times stand", was->id.s);
	if (s->start_ms != was->start_ms && s->start_ms <= op->now_ms)
		return fail(op, RC_CONFLICT, "profile", CITE_ADOPTION, "科次 %s 的新开考时间已过",
		            "the new start of session %s is over already", was->id.s);
	return RC_OK;
}

static enum rc check_sessions(struct op *op, const struct profile *was, const struct profile *next,
                              int64_t *ret_moved)
{
	*ret_moved = 0;
	for (size_t i = 0; i < was->nsessions; i++)
		TRY(check_session(op, &was->sessions[i], next, ret_moved));
	return RC_OK;
}

/* A decider that is no role here cannot be looked up: whoever brings the decision is on record. */
static bool decides(const struct op *op, const struct profile_decision *d, struct str place)
{
	struct person_id who = op_slot(op, "decider", 0);

	for (size_t i = 0; who.v && i < d->deciders.n; i++) {
		struct str role = d->deciders.list[i];

		if (!modules_role(op->run->modules, role) || person_holds(op, who, role, place))
			return true;
	}
	return false;
}

static enum rc check_decider(struct op *op, const struct profile *was, struct str place)
{
	const struct profile_decision *d = profile_decision(was, STR("delay"));

	if (!d || decides(op, d, place))
		return RC_OK;
	return fail(op, RC_DENIED, "decider", d->why.source.n ? d->why.source.s : CITE_DELAY,
	            "变更开考、结束时间须由有权者批准（签名栏 decider；见考试配置 delay）",
	            "times of a session are moved by those who decide it (slot decider; the profile's"
	            " decision 'delay')");
}

static enum rc run_adopt(struct op *op, const void *in)
{
	struct adoption p = *(const struct adoption *)in;
	const struct profile *was = op_profile(op);
	struct profile next;

	TRY(profile_offered(op, op->arena, p.profile, &next));
	TRY(check_same(op, was, &next));
	TRY(check_sessions(op, was, &next, &p.moved));
	if (p.moved)
		TRY(check_decider(op, was, p.place));
	TRY(event_append(op, &EVENTS[EV_ADOPTED], &p, NULL));
	return profile_adopt(op, p.profile);
}

/* Module. */
static const struct allow OFFICE[] = {
	{"city_office", LEVEL_CITY}, {"province_office", LEVEL_PROVINCE},
};
static const char *const LEADERS[] = {"city_leader", "province_office", NULL};
/* For a body that has no role here (教育部) whoever brings its decision. */
static const char *const DECIDERS[] = {"province_office", "city_leader", NULL};
static const struct slot SLOT[] = {
	{"leader", 1, LEADERS, NULL, false, "带班领导", "leader on duty"},
	{"decider", 1, DECIDERS, NULL, true, "有权变更时间的人", "who may move a session"},
};
static const struct command COMMANDS[] = {
	{"exam.adopt_profile", GUARDED, ADOPTION, COUNT(ADOPTION) - 1, sizeof(struct adoption),
	 SLOTS(SLOT), ALLOW(OFFICE), .run = run_adopt, .cites = CITE_ADOPTION,
	 .zh = "变更考试配置", .en = "put another profile in force"},
};

static const struct column NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("index", F_INT, "条目", "entry"),
	COLUMN("place", F_PLACE, "地区", "area"),
	COLUMN("profile", F_HASH, "考试配置校验值", "digest of the profile"),
	COLUMN("moved", F_INT, "变更时间的科次", "sessions moved"),
};
static const struct view VIEWS[] = {
	{"exam/adoptions", "考试配置变更", "profiles put in force", READERS, &SQL[Q_LIST], NAMES,
	 COUNT(NAMES)},
};

/* Those who may put it in force, and the leader who signs that. */
static const char *const OFFERERS[] = {"city_office", "province_office", "city_leader", NULL};
static const struct right RIGHTS[] = {
	{OFFER_PROFILE, "提交考试配置变更", "offer another profile for approval", OFFERERS},
};

const struct module exam_adoption_module = {
	.name = "exam_adoption", .group = "exam", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
	TABLE_OF(rights, RIGHTS),
	.zh = "考试配置变更", .en = "change of the profile",
};
