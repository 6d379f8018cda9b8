/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c -- recordings of the secrecy room are replayed (录像回放): each block, and each issue whole.
 *
 * Blocks begin at 0, 6, 12 and 18 o'clock of the examination's own time; the profile says how many
 * hours one is.  A block that is skipped, or signed for before it has ended, is alarmed.  After
 * each release the recording of the whole issue is replayed.
 *
 * Emits  custody.replayed, custody.issue_replayed
 * Owns   custody_replay
 */
#include "domain/custody/room.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_REPLAY "试卷安全保密回放要求 TRN-6"
#define MS_PER_HOUR INT64_C(3600000)
#define MS_PER_MIN INT64_C(60000)

enum { Q_ADD, Q_REPLAYS };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO custody_replay(idx, place, block_ms, half_day, suspects, at_ms)"
	           " VALUES(?, ?, ?, ?, ?, ?)", 6},
	[Q_REPLAYS] = {"SELECT place, block_ms, half_day, suspects, at_ms FROM custody_replay"
	               " ORDER BY place, idx", 0},
};

static const struct table TABLES[] = {
	{"custody_replay", "CREATE TABLE custody_replay(idx {int} NOT NULL, place {text} NOT NULL,"
	 " block_ms {int} NOT NULL, half_day {text} NOT NULL, suspects {int} NOT NULL,"
	 " at_ms {int} NOT NULL, PRIMARY KEY(idx))", "idx"},
};

/* Fields. */
struct replay {
	struct str place;
	int64_t block_ms; /* when the block begins */
	struct str half_day;
	int64_t suspects;
	struct text finding;
};
static const struct field BLOCK[] = {
	FIELD(struct replay, place, F_PLACE, "保密室", "secrecy room"),
	{.name = "block", .type = F_TIME, .offset = offsetof(struct replay, block_ms),
	 .zh = "回放时段(起)", .en = "block replayed (its beginning)"},
	FIELD(struct replay, suspects, F_INT, "可疑情况(处)", "suspicious moments", .max = 1000),
	FIELD(struct replay, finding, F_TEXT, "可疑情况说明", "what was seen", .max = 400,
	      .optional = true),
};
static const struct field ISSUE[] = {
	FIELD(struct replay, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct replay, half_day, F_SUBJECT, "半日", "half day", .ref = "half_day"),
	FIELD(struct replay, suspects, F_INT, "可疑情况(处)", "suspicious moments", .max = 1000),
	FIELD(struct replay, finding, F_TEXT, "可疑情况说明", "what was seen", .max = 400,
	      .optional = true),
};

/* Projection. */
static enum rc add(struct op *op, const struct event *ev)
{
	const struct replay *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->index), sql_text(ev->place), sql_int(p->block_ms),
	                     sql_text(p->half_day), sql_int(p->suspects), sql_int(ev->happened_ms)));
}

static enum rc apply_replayed(struct op *op, const struct event *ev)
{
	const struct replay *p = ev->data;

	TRY(room_mark(op, ev->place, ROOM_BLOCK, p->block_ms));
	return add(op, ev);
}

static enum rc apply_issue_replayed(struct op *op, const struct event *ev)
{
	return add(op, ev);
}

enum { EV_REPLAYED, EV_ISSUE };
static const struct event_type EVENTS[] = {
	[EV_REPLAYED] = ROOM_EVENT("custody.replayed", BLOCK, struct replay, apply_replayed,
	                           "保密室录像回放", "a block of the room's recordings was replayed"),
	[EV_ISSUE] = ROOM_EVENT("custody.issue_replayed", ISSUE, struct replay, apply_issue_replayed,
	                        "分发全程录像回放", "the recording of a whole issue was replayed"),
};

/* Rules. */
static int64_t block_length(const struct op *op) /* 0: no blocks are asked for */
{
	return profile_setting(op_profile(op), "custody.replay_block_h", 0) * MS_PER_HOUR;
}

static enum rc suspects_found(struct op *op, const struct replay *p)
{
	return p->suspects ? alarm_raise(op, "custody.replay_suspect", p->place, p->place, NULL)
	                   : RC_OK;
}

static enum rc run_replay(struct op *op, const void *in)
{
	const struct replay *p = in;
	int64_t length = block_length(op), last;
	int64_t local = p->block_ms + op_profile(op)->utc_offset_min * MS_PER_MIN;

	if (length > 0 && local % length)
		return fail(op, RC_INVALID, "block", CITE_REPLAY, "回放时段须从 0、%lld、… 时整开始",
		            "a block begins at 0, %lld, … o'clock", (long long)(length / MS_PER_HOUR));
	TRY(room_block_ms(op, p->place, &last));
	TRY(event_append(op, &EVENTS[EV_REPLAYED], p, NULL));
	if (length > 0 && last && p->block_ms > last + length)
		TRY(alarm_raise(op, "custody.replay_gap", p->place, p->place, NULL));
	if (p->block_ms + length > op_happened_ms(op))
		TRY(alarm_raise(op, "custody.replay_ahead", p->place, p->place, NULL));
	return suspects_found(op, p);
}

static enum rc run_replay_issue(struct op *op, const void *in)
{
	const struct replay *p = in;
	const struct profile *profile = op_profile(op);
	size_t i;

	for (i = 0; i < profile->nsessions; i++)
		if (str_eq(profile->sessions[i].half_day, p->half_day))
			break;
	if (i == profile->nsessions)
		return fail(op, RC_INVALID, "half_day", CITE_REPLAY, "没有半日 %s",
		            "there is no half day %s", p->half_day.s);
	TRY(event_append(op, &EVENTS[EV_ISSUE], p, NULL));
	return suspects_found(op, p);
}

/* Expectations. */
static size_t the_room(struct arena *a, const struct event *ev, struct str *ret,
	                   struct str *ret_session)
{
	ret[0] = ev->place;
	return 1;
}

/* "PLACE:HALF DAY", of any event with such a field. */
static size_t the_issue(struct arena *a, const struct event *ev, struct str *ret,
	                    struct str *ret_session)
{
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, STR("half_day"));
	const struct str *half_day;

	assert(f);
	half_day = (const struct str *)(const void *)((const char *)ev->data + f->offset);
	ret[0] = str_fmt(a, STR_FMT ":" STR_FMT, STR_ARG(ev->place), STR_ARG(*half_day));
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.replay", "custody.store_activated", "custody.replayed", "custody.store_deactivated",
	 the_room, "custody.replay", "county_office", .missing = "custody.replay_missing",
	 .cites = CITE_REPLAY, .zh = "保密室录像回放(0、6、12、18时段)",
	 .en = "replay of the room's recordings by blocks"},
	{"custody.replay_issue", "custody.boxes_released", "custody.issue_replayed", NULL, the_issue,
	 "custody.replay_issue", "county_office", .missing = "custody.issue_replay_missing",
	 .cites = CITE_REPLAY, .zh = "分发后全程录像回放", .en = "replay of a whole issue"},
};

/* Module. */
static const struct allow OFFICE[] = {
	{"county_office", LEVEL_COUNTY}, {"discipline_officer", LEVEL_ANY},
	{"remote_inspector", LEVEL_ANY}, {"city_office", LEVEL_CITY},
};
static const char *const REVIEWERS[] = {"discipline_officer", "inspector", "city_office",
	"remote_inspector", NULL};
static const char *const HEADS[] = {"county_leader", "county_director", "county_office",
	"city_leader", NULL};
static const struct slot REVIEW[] = {
	{"reviewer", 1, REVIEWERS, "head", false, "回放人员(教育纪检)", "who replays it"},
	{"head", 1, HEADS, NULL, false, "负责人签字", "the head who signs"},
};
static const struct command COMMANDS[] = {
	{"custody.replay", FACT, FIELDS(BLOCK), sizeof(struct replay), SLOTS(REVIEW), ALLOW(OFFICE),
	 .run = run_replay, .cites = CITE_REPLAY,
	 .zh = "登记录像回放", .en = "record the replay of a block"},
	{"custody.replay_issue", FACT, FIELDS(ISSUE), sizeof(struct replay), SLOTS(REVIEW),
	 ALLOW(OFFICE), .run = run_replay_issue, .cites = CITE_REPLAY,
	 .zh = "登记分发全程回放", .en = "record the replay of an issue"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.replay_missing", COLOUR_ORANGE, "county_office", CITE_REPLAY,
	 "立即回放该时段录像，填写回放记录表，负责人签字", "replay the block now, fill the form, let the head sign it",
	 "保密室录像回放超时未报", "a replay of the room's recordings is overdue"},
	{"custody.issue_replay_missing", COLOUR_ORANGE, "county_office", CITE_REPLAY,
	 "立即回放分发全程，填写回放记录表，按时报省", "replay the whole issue now, fill the form, report it",
	 "分发全程录像回放超时未报", "the replay of an issue is overdue"},
	{"custody.replay_gap", COLOUR_ORANGE, "county_office", CITE_REPLAY,
	 "补看漏掉的时段，查明录像是否完整", "replay the block that was left out; is the recording whole?",
	 "录像回放漏掉时段", "a block of the recordings was left out"},
	{"custody.replay_ahead", COLOUR_YELLOW, "county_leader", CITE_REPLAY,
	 "时段结束后重新回放，核实签字是否属实", "replay it again after its end; is the signature true?",
	 "时段未结束即登记已回放", "a block was signed as replayed before it ended"},
	{"custody.replay_suspect", COLOUR_ORANGE, "county_leader", CITE_REPLAY,
	 "封存录像，两人复看，核实可疑情况并报上级", "keep the recording, two look again, verify and report",
	 "录像回放发现可疑情况", "a replay shows something suspicious"},
};

static const struct column REPLAY_NAMES[] = {
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("block_ms", F_TIME, "时段起", "block from"),
	COLUMN("half_day", F_SUBJECT, "半日", "half day"),
	COLUMN("suspects", F_INT, "疑点", "suspects"),
	COLUMN("at_ms", F_TIME, "回放", "replayed"),
};
static const struct view VIEWS[] = {
	{"custody/replays", "录像回放", "replays", CUSTODY_READERS, &SQL[Q_REPLAYS], REPLAY_NAMES,
	 COUNT(REPLAY_NAMES)},
};

static const char *const SETTINGS[] = {"custody.replay_block_h"};

const struct module custody_replay_module = {
	.name = "custody_replay", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "录像回放", .en = "replays of recordings",
};
