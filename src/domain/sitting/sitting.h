/* SPDX-License-Identifier: Apache-2.0 */
/* sitting.h -- the session at a site, from the evening before to the last room closed (考试实施).
 *
 * Nobody in a room has a device.  What is live comes from the exam office's wired PC (考务办: "45 of
 * 45 opened, exception: room 12"), from the province's identity terminals (results, never faces),
 * from video and from people on foot; the rooms' own facts come on paper (room.h).  So what must
 * happen in a session is expected of the site, and a room without a tap is not missing.
 *
 * Everything here is a fact, recorded however it happened, save three orders: a duty phone, a
 * special room's own times, and writing first when listening cannot be mended.
 *
 * The files are modules of one group, "sitting": they share their tables.
 *   readiness.c  the day before: acceptance, clearing, sealing, tests, 具备开考条件
 *   arrival.c    how many have come: the go or no-go of a bad morning
 *   staff.c      check-in, phones by locker, the draw of invigilators, visitors
 *   gate.c       what the gates found; a lost identity card
 *   entry.c      who entered which room, when, how known; 存疑入场; attendance
 *   session.c    progress of a session by site and step, exceptions by room
 *   bell.c       the bell log, the site's clock, own times of special rooms
 *   listening.c  play, fault, restart by the book, complaints
 *   zone.c       jammers, signals in a blocked zone, the waiting area (候考区)
 */
#ifndef GY_DOMAIN_SITTING_H
#define GY_DOMAIN_SITTING_H

#include "engine/module.h"

/* Steps of the programme that an exam office reports by count and exception.  Their windows are
 * the profile's steps "sitting.<id>". */
#define SITTING_STEPS(X) \
	X(STAFF_IN, staff_in, "工作人员到位", "staff are in") \
	X(PAPERS_FETCHED, papers_fetched, "领取试卷", "papers are fetched") \
	X(TO_ROOMS, to_rooms, "监考员进入考场", "invigilators are in their rooms") \
	X(ENTRY_OPEN, entry_open, "组织考生入场", "candidates enter") \
	X(CARDS_OUT, cards_out, "分发答题卡", "answer cards are out") \
	X(OPENED, opened, "启封试卷袋", "paper bags are opened") \
	X(DISTRIBUTED, distributed, "分发试卷", "papers are out") \
	X(STARTED, started, "开考", "the session has started") \
	X(ENDED, ended, "考试结束", "the session has ended") \
	X(COLLECTED, collected, "收卷", "scripts are collected") \
	X(COUNTED, counted, "清点", "scripts are counted") \
	X(SEALED, sealed, "验收封装", "bags are accepted and sealed") \
	X(CLEARED, cleared, "清场封闭考场", "rooms are cleared and closed")
#define X(id, name, zh, en) STEP_##id,
enum sitting_step { SITTING_STEPS(X) STEP_MAX };
#undef X

#define BELLS(X) X(ENTRY, "entry") X(OPEN, "open") X(PREPARE, "prepare") X(START, "start") \
	X(WARN, "warn") X(END, "end")
#define X(id, text) BELL_##id,
enum bell { BELLS(X) BELL_MAX };
#undef X

/* Who sat, as the identity terminals say; `expected` is the plan's (0 when nothing is planned). */
struct sitting_count {
	int64_t expected, present, late, doubtful, failed;
};

/* Of a room, or summed over a site's rooms. */
enum rc sitting_count(struct op *op, struct str session, struct str place,
                      struct sitting_count *ret) MUST_CHECK;
/* Has this candidate's entry into this room been recorded?  When. */
enum rc sitting_entered(struct op *op, struct str session, struct str room, struct str candidate,
                        bool *ret, int64_t *ret_at_ms) MUST_CHECK;
/* The furthest step that a site has reported in a session, and when; STEP_MAX: none yet. */
enum rc sitting_progress(struct op *op, struct str session, struct str site,
                         enum sitting_step *ret, int64_t *ret_at_ms) MUST_CHECK;
const char *sitting_step_text(enum sitting_step s, bool english);
/* Suspected violations recorded in a site's rooms, each once, and so incidents. */
enum rc sitting_violations(struct op *op, struct str session, struct str site,
                           int64_t *ret) MUST_CHECK;
enum rc sitting_incidents(struct op *op, struct str session, struct str site,
                          int64_t *ret) MUST_CHECK;
/* Rooms of a site whose listening failed; *ret_whole: it failed for the site as a whole too. */
enum rc sitting_listening_faults(struct op *op, struct str session, struct str site,
                                 int64_t *ret_rooms, bool *ret_whole) MUST_CHECK;
/* When a bell was rung, by the log; 0: not logged.  A room without a bell of its own has its
 * site's. */
enum rc sitting_bell(struct op *op, struct str session, struct str place, enum bell bell,
                     int64_t *ret_ms) MUST_CHECK;
/* When a place's session ends: the profile's E, and a special room's own time more. */
enum rc sitting_end_ms(struct op *op, struct str session, struct str place,
                       int64_t *ret_ms) MUST_CHECK;

extern const struct module sitting_readiness_module;
extern const struct module sitting_arrival_module;
extern const struct module sitting_staff_module;
extern const struct module sitting_gate_module;
extern const struct module sitting_entry_module;
extern const struct module sitting_session_module;
extern const struct module sitting_bell_module;
extern const struct module sitting_listening_module;
extern const struct module sitting_zone_module;

#endif
