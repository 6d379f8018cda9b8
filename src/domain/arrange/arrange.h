/* SPDX-License-Identifier: Apache-2.0 */
/* arrange.h -- which rooms sit which session, and when a session is armed (编排).
 *
 * A room plan says for one session (科次) how many candidates a room seats and what kind of room it
 * is.  Plans come from the province's arrangement, or are typed by a county.
 *
 * Arming.  A job arms each session of a site at the profile's step `arrange.arm`, before anything
 * of it is due: first `arrange.session_armed` at each area above the site (once for a session),
 * then `arrange.site_armed` at the site, then `arrange.room_armed` at each of its rooms.  Modules
 * open their expectations on these events, anchored to T or E; nobody's tap is needed for
 * something to be expected.  A room planned after its site is armed is armed at once.
 *
 * The subject of such an expectation is session_subject(): "d1-chinese:sc/cd/jn/s01".
 *
 * Emits  arrange.rooms_planned, arrange.session_armed, arrange.site_armed, arrange.room_armed
 * Owns   arrange_room, arrange_site, arrange_area
 */
#ifndef GY_DOMAIN_ARRANGE_H
#define GY_DOMAIN_ARRANGE_H

#include "engine/module.h"

#define ROOM_KINDS(X) X(NORMAL, "normal") X(SPECIAL, "special") X(RESERVE, "reserve") \
	X(WAITING, "waiting")
#define X(id, text) ROOM_##id,
enum room_kind { ROOM_KINDS(X) ROOM_KIND_MAX };
#undef X

/* NORMAL: an ordinary room.  SPECIAL: reasonable accommodations, with its own times.  RESERVE: 备用
 * (隔离)考场, nobody seated until the chief opens it.  WAITING: 候考区 between two sessions. */
struct room_plan {
	struct str session, room, site, language; /* language "": as the subject says */
	int64_t seats;
	enum room_kind kind;
};

struct site_plan {
	struct str session, site;
	int64_t rooms, seats; /* rooms that seat candidates; candidates expected */
	bool armed;
};

/* In the op's arena.  *ret_known false: no such plan, *ret untouched. */
enum rc arrange_room(struct op *op, struct str session, struct str room, struct room_plan *ret,
                     bool *ret_known) MUST_CHECK;
enum rc arrange_site(struct op *op, struct str session, struct str site, struct site_plan *ret,
                     bool *ret_known) MUST_CHECK;
/* The rooms of a site in a session, by path; the sites of a session at and under a place ("" all),
 * by path. */
enum rc arrange_rooms(struct op *op, struct str session, struct str site, struct room_plan **ret,
                      size_t *ret_n) MUST_CHECK;
enum rc arrange_sites(struct op *op, struct str session, struct str place, struct site_plan **ret,
                      size_t *ret_n) MUST_CHECK;

/* The rooms that are planned for any session at and under a place ("" all), each once, by path. */
enum rc arrange_places(struct op *op, struct str place, struct str **ret,
                       size_t *ret_n) MUST_CHECK;

/* "sc/cd/jn/s01/r07" -> "sc/cd/jn/s01"; a path of another level -> itself cut to `level` parts. */
struct str place_cut(struct arena *a, struct str place, int level);

/* "SESSION:PLACE". */
struct str session_subject(struct arena *a, struct str session, struct str place);

/* For expectation_rule.subjects_of, of events whose field `session` says which: one subject,
 * session_subject of it and the event's place.  Works for any event type with such a field. */
size_t session_subjects(struct arena *a, const struct event *ev, struct str *ret,
                        struct str *ret_session);

/* The armed events' data, for reactions. */
struct armed {
	struct str session;
	int64_t rooms, seats; /* of a site or room; 0 at an area */
};

extern const struct module arrange_module;

#endif
