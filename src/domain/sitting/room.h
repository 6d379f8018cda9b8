/* SPDX-License-Identifier: Apache-2.0 */
/* room.h -- what happens in a room, what its sheet says of it, how its scripts are sealed (考场).
 *
 * A room has no screen: it tells the exam office (考务办) by a floor invigilator, or its paper says
 * it afterwards.  Everything here is a fact with its source and its times, whatever the
 * circumstances; what is wrong with it is an alarm.  Two things ask leave: opening the isolation
 * room, which the chief decides, and opening a sealed bag of scripts again.
 *
 * Every fact stands in one table, sitting_fact, by its kind, so that a room's record sheet
 * (考场情况记录单) can be held against what was reported before it.  A fact that comes twice (same
 * room, session, kind and candidate, within the profile's seconds) is recorded twice and counted
 * once: the second names the first in `same_as` and raises nothing.
 *
 * The files are modules of the group "sitting":
 *   room.c       facts of rooms, and who may tell them
 *   incident.c   incidents and how they end           report_incident, settle_incident
 *   spare.c      what custody says of spares and cards tell_county
 *   leave.c      out of the room and back             toilet_out, toilet_in, leave_early, …
 *   isolation.c  the isolation room                   open_isolation, carry_papers
 *   violation.c  suspected violations on the spot     record_violation, complete_violation, …
 *   collect.c    scripts counted and sealed           count_scripts, seal_scripts, reopen_scripts
 *   sheet.c      the room record sheet                hand_in_sheet, correct_sheet
 *   reconcile.c  the sheet against what is known
 *
 * Owns  sitting_fact
 */
#ifndef GY_DOMAIN_SITTING_ROOM_H
#define GY_DOMAIN_SITTING_ROOM_H

#include "domain/arrange/seat.h"

#define CITE_ROOM "考务工作规定 考场管理"
#define CITE_ORDER33 "教育部令第33号 "           /* an article follows */
#define CITE_RECORD CITE_ORDER33 "Art.18 CASE-1 CASE-2" /* 现场处理与记录 */
#define CITE_VIDEO_SEEN CITE_ORDER33 "Art.19 CASE-4"    /* 视频发现的违规 */
#define CITE_SUMMARY CITE_ORDER33 "Art.20 CASE-5"       /* 主考签字汇总上报 */

/* Incidents, and what else a room may tell.  The incidents come first. */
#define INCIDENTS(X) \
	X(ILLNESS, "illness", "患病", "illness") X(WRONG_BAG, "wrong_bag", "试卷袋错误", "wrong bag") \
	X(PRINT, "print", "印刷问题", "print fault") X(FOUND_ITEM, "found_item", "拾获物品", "item found") \
	X(EQUIPMENT, "equipment", "设备", "equipment") X(POWER, "power", "断电", "power") \
	X(NOISE, "noise", "噪声", "noise") X(CLOCK, "clock", "时钟", "clock") \
	X(SNATCH, "snatch", "抢卷", "snatch") X(PASSING, "passing", "传递", "passing") \
	X(OTHER, "other", "其他", "other")
#define FACTS(X) INCIDENTS(X) \
	X(SPARE, "spare", "启用备用卷", "spare paper") X(CARD, "card", "换卡", "card changed") \
	X(TOILET, "toilet", "如厕", "toilet") X(EARLY, "early", "提前离场", "left early") \
	X(VIOLATION, "violation", "涉嫌违规", "suspected violation")
#define X(id, text, zh, en) FACT_##id,
enum fact_kind { FACTS(X) FACT_MAX };
#undef X
#define INCIDENT_MAX (FACT_OTHER + 1)

/* How an incident ends. */
#define INCIDENT_OUTCOMES(X) \
	X(RESOLVED, "resolved", "已解决", "resolved") X(STAYED, "stayed", "留场", "stayed") \
	X(MOVED, "moved", "转考场", "moved") X(HOSPITAL, "hospital", "送医", "hospital") \
	X(STOPPED, "stopped", "中止", "stopped") X(UNFOUNDED, "unfounded", "不属实", "unfounded")
#define X(id, text, zh, en) INCIDENT_##id,
enum incident_outcome { INCIDENT_OUTCOMES(X) INCIDENT_OUTCOME_MAX };
#undef X

struct room_fact {
	int64_t id;               /* of its event */
	enum fact_kind kind;
	struct str session, room, candidate; /* candidate "": nobody in particular */
	int64_t at_ms;
	int64_t amount;           /* copies, seconds away (-1: still out), candidates, a code */
	int64_t same_as;          /* the fact that it repeats; 0: none */
	int64_t settled;          /* outcome; -1: open */
};

/* Projection: one row, of an event at a room. */
enum rc fact_add(struct op *op, const struct event *ev, const struct room_fact *f) MUST_CHECK;
enum rc fact_settle(struct op *op, int64_t id, int64_t outcome) MUST_CHECK;
enum rc fact_amount(struct op *op, int64_t id, int64_t amount) MUST_CHECK;

/* In the op's arena. */
enum rc fact_find(struct op *op, int64_t id, struct room_fact *ret, bool *ret_known) MUST_CHECK;
/* The fact that one of this kind, session, room and candidate, happening when this act does, would
 * repeat; 0 when none. */
enum rc fact_same(struct op *op, const struct room_fact *f, int64_t *ret) MUST_CHECK;
/* Of a room and session, by kind, each told once. */
enum rc fact_counts(struct op *op, struct str session, struct str room,
                    int64_t ret[FACT_MAX]) MUST_CHECK;
/* Rooms of a site in which a kind happened in a session. */
enum rc fact_rooms(struct op *op, struct str session, struct str site, enum fact_kind kind,
                   int64_t *ret) MUST_CHECK;

/* Form: the session is in the profile, the place a room (or a site).  Fails: INVALID. */
enum rc room_check(struct op *op, struct str room, struct str session) MUST_CHECK;
enum rc site_check(struct op *op, struct str site, struct str session) MUST_CHECK;
/* The room's site. */
struct str room_site(struct arena *a, struct str room);
/* A text or number of an event of another module, by name; "" and 0 when it has none. */
struct str event_text(const struct event *ev, const char *name);
int64_t event_int(const struct event *ev, const char *name);
/* "SESSION:PLACE/NUMBER" or "SESSION:PLACE/CODE": one fact or one candidate of a place. */
struct str fact_subject(struct arena *a, struct str session, struct str place, int64_t id);
struct str room_candidate(struct arena *a, struct str session, struct str place,
                             struct str candidate);

/* Raises sitting.named_elsewhere when the lists of the session seat this candidate at another site:
 * the number is another's, or somebody came to the wrong site. */
enum rc room_named(struct op *op, struct str session, struct str place,
                   struct str candidate) MUST_CHECK;

/* Told so long after it happened that nothing of it is waited for any more. */
bool told_late(const struct op *op);

/* sheet.c: holds what the room's sheet said, when it is in, against what is known now. */
enum rc sheet_check(struct op *op, struct str session, struct str room) MUST_CHECK;

/* What the sheets of a place and below say, summed; duty's zero-report reads it. */
struct attendance {
	int64_t rooms, expected, present, absent, late, spare, violations, ill;
};
enum rc sitting_attendance(struct op *op, struct str session, struct str place,
                           struct attendance *ret) MUST_CHECK;
/* violation.c: the two counters of one fifth, of a room and of its site. */
enum rc fifth_check(struct op *op, struct str session, struct str room) MUST_CHECK;

/* Who tells of rooms: the exam office, those who walk the floors, and whoever types the paper. */
extern const struct allow ROOM_TELLERS[6];
extern const char *const ROOM_READERS[12];
extern const char *const FACT_TEXT[FACT_MAX];
extern const char *const CHIEF_ROLE[2];           /* 主考 */
extern const char *const CHIEFS_ROLES[3];         /* 主考, 副主考 */
extern const char *const ROOM_STAFF[7];           /* who may sign for a room */

extern const struct module sitting_room_module;
extern const struct module sitting_incident_module;
extern const struct module sitting_spare_module;
extern const struct module sitting_leave_module;
extern const struct module sitting_isolation_module;
extern const struct module sitting_violation_module;
extern const struct module sitting_collect_module;
extern const struct module sitting_reconcile_module;
extern const struct module sitting_sheet_module;

#endif
