/* SPDX-License-Identifier: Apache-2.0 */
/* listening.c -- the listening part: played, failed, gone on by the book, complained of (听力).
 *
 * The medium is never played before its time.  A fault is followed, within the profile's minutes,
 * by a restart from the item before it or by writing first; by the book it is no alarm.  A fault
 * that nobody mends, a second one, a restart that skips an item, or more time than the site may
 * give, is.  A complaint without a measured level cannot be judged later, so one is measured.
 *
 * Emits  sitting.listening_expected, sitting.listening_played, sitting.listening_stopped,
 *        sitting.listening_failed, sitting.listening_resumed, sitting.listening_complained,
 *        sitting.level_measured
 * Owns   sitting_listening
 */
#include "domain/sitting/session.h"
#include "domain/sitting/site.h"
#include "domain/sitting/sitting.h"

#include "engine/alarm.h"

#define CITE_LISTENING CITE_PROGRAMME " 外语听力 (2.6)"

enum { Q_ADD, Q_PLAYED, Q_STOPPED, Q_FAILED, Q_RESUMED, Q_FAULTS, Q_ITEM, Q_VIEW, Q_FAULTY };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO sitting_listening(session, place, played_ms, stopped_ms, faults, item,"
	           " lost_s) SELECT ?, ?, 0, 0, 0, 0, 0 WHERE NOT EXISTS(SELECT 1"
	           " FROM sitting_listening WHERE session = ? AND place = ?)", 4},
	[Q_PLAYED] = {"UPDATE sitting_listening SET played_ms = ?"
	              " WHERE session = ? AND place = ?", 3},
	[Q_STOPPED] = {"UPDATE sitting_listening SET stopped_ms = ?"
	               " WHERE session = ? AND place = ?", 3},
	[Q_FAILED] = {"UPDATE sitting_listening SET faults = faults + 1, item = ?"
	              " WHERE session = ? AND place = ?", 3},
	[Q_RESUMED] = {"UPDATE sitting_listening SET lost_s = lost_s + ?"
	               " WHERE session = ? AND place = ?", 3},
	[Q_FAULTS] = {"SELECT CAST(COALESCE(SUM(faults), 0) AS BIGINT) FROM sitting_listening"
	              " WHERE session = ? AND place = ?", 2},
	[Q_ITEM] = {"SELECT item FROM sitting_listening WHERE session = ? AND place = ?", 2},
	[Q_VIEW] = {"SELECT session, place, played_ms, stopped_ms, faults, item, lost_s"
	            " FROM sitting_listening ORDER BY session, place", 0},
	[Q_FAULTY] = {"SELECT place FROM sitting_listening WHERE session = ? AND faults > 0"
	              " AND (place = ? OR (place >= ? AND place < ?)) ORDER BY place", 4},
};

static const struct table TABLES[] = {
	{"sitting_listening", "CREATE TABLE sitting_listening(session {text} NOT NULL,"
	 " place {text} NOT NULL, played_ms {int} NOT NULL, stopped_ms {int} NOT NULL,"
	 " faults {int} NOT NULL, item {int} NOT NULL, lost_s {int} NOT NULL,"
	 " PRIMARY KEY(session, place)){clustered}", "session, place"},
};

/* Fields. */
#define MEDIA(X) X(MAIN, "main") X(BACKUP, "backup")
#define FAULTS(X) X(SILENCE, "silence") X(NOISE, "noise") X(GARBLED, "garbled") X(POWER, "power") \
	X(OTHER, "other")
#define HOWS(X) X(RESTARTED, "restarted") X(WRITTEN_FIRST, "written_first")
#define X(id, text) text,
static const char *const MEDIUM[] = {MEDIA(X)};
static const char *const FAULT[] = {FAULTS(X)};
static const char *const HOW[] = {HOWS(X)};
#undef X
static const struct word MEDIUM_WORDS[] = {
	{"主用", "main"}, {"备用", "backup"},
};
static const struct word FAULT_WORDS[] = {
	{"无声", "silence"}, {"杂音", "noise"}, {"声音不清", "garbled"}, {"断电", "no power"}, {"其他", "other"},
};
static const struct word HOW_WORDS[] = {
	{"重放", "played again"}, {"先做笔试部分", "written part first"},
};
#define X(id, text) HOW_##id,
enum how { HOWS(X) HOW_MAX };
#undef X

struct expected {
	struct str session;
};
static const struct field EXPECTED[] = {
	FIELD(struct expected, session, F_KEY, "科次", "session", .ref = "session"),
};

struct play {
	struct str place, session;
	int medium;
};
#define PLACE_AND_SESSION(st) \
	FIELD(st, place, F_PLACE, "考点或考场", "site or room"), \
	FIELD(st, session, F_KEY, "科次", "session", .ref = "session")
static const struct field PLAY[] = {
	PLACE_AND_SESSION(struct play),
	FIELD(struct play, medium, F_ENUM, "播放介质", "medium", ENUM_OF(MEDIUM, MEDIUM_WORDS)),
};

struct stop {
	struct str place, session;
	bool complete;
};
static const struct field STOP[] = {
	PLACE_AND_SESSION(struct stop),
	FIELD(struct stop, complete, F_BOOL, "完整播放", "played to its end"),
};

struct fault {
	struct str place, session;
	int kind;
	int64_t item;
};
static const struct field FAILING[] = {
	PLACE_AND_SESSION(struct fault),
	FIELD(struct fault, kind, F_ENUM, "故障", "fault", ENUM_OF(FAULT, FAULT_WORDS)),
	FIELD(struct fault, item, F_INT, "故障时小题号", "item at the fault", .max = 200),
};

/* The order to write first has no item, medium or lost time yet: its rule fills in zeros. */
struct resumption {
	struct str place, session;
	int64_t item, lost_s;
	int medium;
	struct str approval;
	int how;
};
static const struct field RESUMED[] = {
	PLACE_AND_SESSION(struct resumption),
	FIELD(struct resumption, item, F_INT, "从第几小题重放", "replayed from item", .max = 200),
	FIELD(struct resumption, lost_s, F_INT, "耽误时间(秒)", "lost time (s)", .max = 36000),
	FIELD(struct resumption, medium, F_ENUM, "播放介质", "medium", ENUM_OF(MEDIUM, MEDIUM_WORDS)),
	FIELD(struct resumption, approval, F_CODE, "批准文号(电话记录号)", "number of the approval",
	      .optional = true),
	FIELD(struct resumption, how, F_ENUM, "处置方式", "how", ENUM_OF(HOW, HOW_WORDS)),
};
static const struct field WRITE_FIRST[] = {
	PLACE_AND_SESSION(struct resumption),
	FIELD(struct resumption, approval, F_CODE, "批准文号(电话记录号)", "number of the approval",
	      .optional = true),
};

struct loudness {
	struct str place, session;
	int64_t level_db;
};
static const struct field COMPLAINT[] = {PLACE_AND_SESSION(struct loudness)};
static const struct field LEVEL[] = {
	PLACE_AND_SESSION(struct loudness),
	FIELD(struct loudness, level_db, F_INT, "考场音量(分贝)", "sound level (dB)", .max = 200),
};

/* Projection.  One row a place that plays: the site, or a room with a medium of its own. */
static enum rc row_of(struct op *op, const struct event *ev, struct str session)
{
	return sql_exec(op, &SQL[Q_ADD], ARGS(sql_text(session), sql_text(ev->place),
	                                      sql_text(session), sql_text(ev->place)));
}

static enum rc apply_played(struct op *op, const struct event *ev)
{
	const struct play *p = ev->data;

	TRY(row_of(op, ev, p->session));
	return sql_exec(op, &SQL[Q_PLAYED], ARGS(sql_int(ev->happened_ms),
	                                         sql_text(p->session), sql_text(ev->place)));
}

static enum rc apply_stopped(struct op *op, const struct event *ev)
{
	const struct stop *p = ev->data;

	TRY(row_of(op, ev, p->session));
	return sql_exec(op, &SQL[Q_STOPPED], ARGS(sql_int(ev->happened_ms),
	                                          sql_text(p->session), sql_text(ev->place)));
}

static enum rc apply_failed(struct op *op, const struct event *ev)
{
	const struct fault *p = ev->data;

	TRY(row_of(op, ev, p->session));
	return sql_exec(op, &SQL[Q_FAILED], ARGS(sql_int(p->item), sql_text(p->session),
	                                         sql_text(ev->place)));
}

static enum rc apply_resumed(struct op *op, const struct event *ev)
{
	const struct resumption *p = ev->data;

	TRY(row_of(op, ev, p->session));
	return sql_exec(op, &SQL[Q_RESUMED], ARGS(sql_int(p->lost_s), sql_text(p->session),
	                                          sql_text(ev->place)));
}

enum { EV_EXPECTED, EV_PLAYED, EV_STOPPED, EV_FAILED, EV_RESUMED, EV_COMPLAINED, EV_LEVEL };
#define ROW(n, f, st, fn, label_zh, label_en) \
	{(n), 1, (f) + 1, COUNT(f) - 1, sizeof(st), .apply = (fn), .visible_to = SITTING_READERS, \
	 .zh = (label_zh), .en = (label_en)}
static const struct event_type EVENTS[] = {
	[EV_EXPECTED] = EVENT("sitting.listening_expected", EXPECTED, struct expected, NULL,
	                      "本科次含听力", "this session has a listening part",
	                      .visible_to = SITTING_READERS),
	[EV_PLAYED] = ROW("sitting.listening_played", PLAY, struct play, apply_played, "开始播放听力",
	                  "listening is played"),
	[EV_STOPPED] = ROW("sitting.listening_stopped", STOP, struct stop, apply_stopped,
	                   "听力播放结束", "listening has stopped"),
	[EV_FAILED] = ROW("sitting.listening_failed", FAILING, struct fault, apply_failed, "听力故障",
	                  "listening failed"),
	[EV_RESUMED] = ROW("sitting.listening_resumed", RESUMED, struct resumption, apply_resumed,
	                   "听力恢复或改为先笔试", "listening goes on, or writing comes first"),
	[EV_COMPLAINED] = ROW("sitting.listening_complained", COMPLAINT, struct loudness, NULL,
	                      "反映听力听不清", "a room complained of the sound"),
	[EV_LEVEL] = ROW("sitting.level_measured", LEVEL, struct loudness, NULL, "测定考场音量",
	                 "a room's sound level was measured"),
};

/* Reaction. */
static enum rc expect_listening(struct op *op, const struct event *ev)
{
	const struct armed *armed = ev->data;
	const struct profile_session *s = profile_session(op_profile(op), armed->session);
	const struct expected x = {armed->session};

	if (!s || !s->listening)
		return RC_OK;
	return event_append_at(op, &EVENTS[EV_EXPECTED], ev->place, &x, NULL);
}

static const struct reaction REACTIONS[] = {{"arrange.site_armed", expect_listening}};

/* Rules. */
static enum rc form(struct op *op, struct str session, struct str place)
{
	const struct profile_session *s;

	TRY(site_session(op, session, &s));
	return site_place(op, place, LEVEL_SITE, LEVEL_ROOM);
}

static enum rc number(struct op *op, int q, struct str session, struct str place, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(session), sql_text(place)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

enum rc sitting_listening_faults(struct op *op, struct str session, struct str site,
                                 int64_t *ret_rooms, bool *ret_whole)
{
	AUTO(rows) r = {0};
	struct str low, high;

	place_below(op->arena, site, &low, &high);
	*ret_rooms = 0;
	*ret_whole = false;
	TRY(sql_query(op, &SQL[Q_FAULTY],
	              ARGS(sql_text(session), sql_text(site), sql_text(low), sql_text(high)), &r));
	while (rows_next(&r)) {
		bool whole = str_eq(rows_dup(op->arena, &r, 0), site);

		*ret_whole = *ret_whole || whole;
		*ret_rooms += !whole;
	}
	return RC_OK;
}

static enum rc raise(struct op *op, const char *alarm, struct str session, struct str place)
{
	return alarm_raise(op, alarm, session_subject(op->arena, session, place), place, NULL);
}

static enum rc run_play(struct op *op, const void *in)
{
	const struct play *p = in;

	TRY(form(op, p->session, p->place));
	return event_append(op, &EVENTS[EV_PLAYED], p, NULL);
}

static enum rc run_stop(struct op *op, const void *in)
{
	const struct stop *p = in;

	TRY(form(op, p->session, p->place));
	return event_append(op, &EVENTS[EV_STOPPED], p, NULL);
}

static enum rc run_fault(struct op *op, const void *in)
{
	const struct fault *p = in;
	int64_t faults;

	TRY(form(op, p->session, p->place));
	TRY(event_append(op, &EVENTS[EV_FAILED], p, NULL));
	TRY(number(op, Q_FAULTS, p->session, p->place, &faults));
	return faults > 1 ? raise(op, "sitting.listening_twice", p->session, p->place) : RC_OK;
}

static enum rc run_restart(struct op *op, const void *in)
{
	struct resumption p = *(const struct resumption *)in;
	int64_t most = profile_setting(op_profile(op), "sitting.lost_time_s", 0), item;

	p.how = HOW_RESTARTED;
	TRY(form(op, p.session, p.place));
	TRY(number(op, Q_ITEM, p.session, p.place, &item));
	TRY(event_append(op, &EVENTS[EV_RESUMED], &p, NULL));
	if (p.item > item)
		TRY(raise(op, "sitting.item_skipped", p.session, p.place));
	return p.lost_s > most && !p.approval.n
	           ? raise(op, "sitting.lost_time", p.session, p.place) : RC_OK;
}

/* It asks for the two who answer for it, and for candidates who still write. */
static enum rc run_write_first(struct op *op, const void *in)
{
	struct resumption p = *(const struct resumption *)in;

	p.how = HOW_WRITTEN_FIRST;
	TRY(form(op, p.session, p.place));
	TRY(session_still_on(op, p.session, p.place, CITE_LISTENING));
	return event_append(op, &EVENTS[EV_RESUMED], &p, NULL);
}

static enum rc run_complain(struct op *op, const void *in)
{
	const struct loudness *p = in;

	TRY(form(op, p->session, p->place));
	return event_append(op, &EVENTS[EV_COMPLAINED], p, NULL);
}

static enum rc run_level(struct op *op, const void *in)
{
	const struct loudness *p = in;

	TRY(form(op, p->session, p->place));
	TRY(event_append(op, &EVENTS[EV_LEVEL], p, NULL));
	return p->level_db < profile_setting(op_profile(op), "sitting.level_min_db", 0)
	           ? raise(op, "sitting.level_low", p->session, p->place) : RC_OK;
}

/* Module. */
static const struct allow PLAYERS[] = {
	{"listening_player", LEVEL_SITE}, {"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
	{"deputy_chief", LEVEL_SITE}, {"county_office", LEVEL_COUNTY},
};
static const char *const PLAYER[] = {"listening_player", "technician", NULL};
static const char *const SECOND[] = {"listening_player", "site_clerk", "deputy_chief",
	"site_chief", "invigilator", "technician", NULL};
static const char *const CHIEF[] = {"site_chief", "deputy_chief", NULL};
static const char *const COUNTY[] = {"county_office", "county_leader", "county_director", NULL};
static const struct slot BY_TWO[] = {
	{"player", 1, PLAYER, "second", false, "听力播放员", "who plays"},
	{"second", 1, SECOND, NULL, false, "在场第二人(监听员)", "the second person, who listens"},
};
static const struct slot RESTARTERS[] = {
	{"player", 1, PLAYER, "second", false, "听力播放员", "who plays"},
	{"second", 1, SECOND, "chief", false, "在场第二人(监听员)", "the second person, who listens"},
	{"chief", 1, CHIEF, "player", false, "主考", "chief of the site"},
};
static const struct slot DECIDERS[] = {
	{"chief", 1, CHIEF, "county", false, "主考", "chief of the site"},
	{"county", 1, COUNTY, NULL, false, "县考务办", "the county"},
};
static const struct slot MEASURERS[] = {
	{"measurer", 2, SECOND, NULL, false, "测定人员", "those who measure"},
};
static const struct command COMMANDS[] = {
	{"sitting.play_listening", FACT, FIELDS(PLAY), sizeof(struct play), SLOTS(BY_TWO),
	 ALLOW(PLAYERS), .run = run_play, .cites = CITE_LISTENING, .zh = "登记开始播放听力",
	 .en = "record that listening is played"},
	{"sitting.stop_listening", FACT, FIELDS(STOP), sizeof(struct stop), SLOTS(BY_TWO),
	 ALLOW(PLAYERS), .run = run_stop, .cites = CITE_LISTENING, .zh = "登记听力播放结束",
	 .en = "record that listening has stopped"},
	{"sitting.listening_fault", FACT, FIELDS(FAILING), sizeof(struct fault), ALLOW(PLAYERS),
	 .run = run_fault, .cites = CITE_LISTENING, .zh = "登记听力故障",
	 .en = "record a fault of listening"},
	{"sitting.restart_listening", FACT, RESUMED, COUNT(RESUMED) - 1, sizeof(struct resumption),
	 SLOTS(RESTARTERS), ALLOW(PLAYERS), .run = run_restart, .cites = CITE_LISTENING,
	 .zh = "登记听力重放", .en = "record that listening is restarted"},
	{"sitting.write_first", ORDER, FIELDS(WRITE_FIRST), sizeof(struct resumption),
	 SLOTS(DECIDERS), ALLOW(SITTING_OFFICE), .run = run_write_first, .cites = CITE_LISTENING,
	 .zh = "改为先笔试后听力", .en = "have the written part first"},
	{"sitting.complain_listening", FACT, FIELDS(COMPLAINT), sizeof(struct loudness), ALLOW(PLAYERS),
	 .run = run_complain, .cites = CITE_LISTENING, .zh = "登记听力听不清的反映",
	 .en = "record a complaint of the sound"},
	{"sitting.measure_level", FACT, FIELDS(LEVEL), sizeof(struct loudness), SLOTS(MEASURERS),
	 ALLOW(PLAYERS), .run = run_level, .cites = CITE_LISTENING, .zh = "登记考场音量",
	 .en = "record a room's sound level"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.play", "sitting.listening_expected", "sitting.listening_played", NULL,
	 session_subjects, "sitting.play", "listening_player", .early = "sitting.played_early",
	 .late = "sitting.play_missing", .missing = "sitting.play_missing", .cites = CITE_LISTENING,
	 .zh = "播放听力", .en = "listening is played"},
	{"sitting.repair", "sitting.listening_failed", "sitting.listening_resumed", NULL,
	 session_subjects, "sitting.repair", "site_chief", .missing = "sitting.listening_silent",
	 .cites = CITE_LISTENING, .zh = "听力故障恢复或改为先笔试",
	 .en = "listening goes on, or writing comes first"},
	{"sitting.level", "sitting.listening_complained", "sitting.level_measured", NULL,
	 session_subjects, "sitting.level", "site_clerk", .missing = "sitting.level_missing",
	 .cites = CITE_LISTENING, .zh = "测定并记录考场音量",
	 .en = "the room's sound level is measured"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.played_early", COLOUR_RED, "site_chief", CITE_LISTENING,
	 "立即停止播放，封存介质，报县考务办和省级考试机构，未批准不得重放",
	 "stop it, seal the medium, tell county and province; no replay without approval",
	 "听力提前播放", "listening was played early"},
	{"sitting.play_missing", COLOUR_RED, "site_chief", CITE_LISTENING,
	 "立即核实是否播放；未播放的换备用机，记下耽误时间",
	 "find out at once whether it plays; else take the backup player, note the lost time",
	 "听力未按时播放", "listening has not been played in time"},
	{"sitting.listening_silent", COLOUR_RED, "site_chief", CITE_LISTENING,
	 "换备用介质和备用机从故障前一题重放；短时不能恢复的先笔试，考生不得离场，电话报省批准补时",
	 "take the backup medium and player from the item before the fault; else write first, nobody "
	 "leaves; ring the province for time back", "听力故障未及时恢复",
	 "listening failed and does not go on"},
	{"sitting.listening_twice", COLOUR_ORANGE, "site_chief", CITE_LISTENING,
	 "停用该介质和设备，改用备用介质，封存故障介质送省",
	 "use this medium and player no more, take the backup, seal the faulty medium for the province",
	 "同一科次听力再次故障", "listening failed again in this session"},
	{"sitting.item_skipped", COLOUR_ORANGE, "site_chief", CITE_LISTENING,
	 "核对重放起点，漏放的试题报县考务办并请示补放",
	 "check where the replay began, tell the county about what was skipped and ask to play it",
	 "听力重放起点晚于故障处", "the replay began after the fault"},
	{"sitting.lost_time", COLOUR_ORANGE, "site_chief", CITE_LISTENING,
	 "补时超限，电话请示省级考试机构并登记批准文号",
	 "too much time back: ring the province and record the approval's number",
	 "听力补时超限且无批准", "more time back than allowed, without approval"},
	{"sitting.level_missing", COLOUR_YELLOW, "site_chief", CITE_LISTENING,
	 "立即由两人测定并记录该考场音量，保存介质和录像备复听",
	 "have two measure and record the room's level now; keep medium and recording for a re-hearing",
	 "反映听不清的考场未测音量", "a room complained and its level was not measured"},
	{"sitting.level_low", COLOUR_ORANGE, "site_chief", CITE_LISTENING,
	 "调整该考场音量或换备用播放设备，记下时间，报县考务办",
	 "turn the room up or take a backup player, note the time, tell the county",
	 "考场听力音量不足", "a room's sound level is too low"},
};

static const struct column COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("played_ms", F_TIME, "播放", "played"),
	COLUMN("stopped_ms", F_TIME, "停止", "stopped"),
	COLUMN("faults", F_INT, "故障次数", "faults"),
	COLUMN("item", F_INT, "故障时小题", "item"),
	COLUMN("lost_s", F_INT, "耽误秒数", "seconds lost"),
};
static const struct view VIEWS[] = {
	{"sitting/listening", "听力播放", "listening", SITTING_READERS, &SQL[Q_VIEW], COLUMNS,
	 COUNT(COLUMNS)},
};

static const char *const SETTINGS[] = {"sitting.level_min_db", "sitting.lost_time_s"};

const struct module sitting_listening_module = {
	.name = "sitting_listening", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "听力", .en = "listening",
};
