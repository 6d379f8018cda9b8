/* SPDX-License-Identifier: Apache-2.0 */
/* drill_actors.h -- everybody who acts in a drill, module by module.  The list is
 * drill_actors.c.
 */
#ifndef GY_APP_DRILL_ACTORS_H
#define GY_APP_DRILL_ACTORS_H

#include "app/drill.h"

drill_actor drill_found;   /* places, units, people, grants; closes the foundation */
drill_actor drill_people;  /* avoidance declared, posts */
drill_actor drill_arrange; /* rooms planned */
drill_actor drill_exam;    /* candidates registered and seated */
drill_actor drill_store;   /* the secrecy room: keys, guards, patrols, joint checks */
drill_actor drill_cameras; /* what watches the secrecy rooms */
drill_actor drill_papers;  /* consignments to return: all that the bags go through */
drill_actor drill_print;   /* the printing house: a job a session, step by step */
drill_actor drill_desk; /* a site: letters, materials, scripts, its closing */
drill_actor drill_site;    /* readiness, clock, bells, steps, attendance: a site's exam office */
drill_actor drill_rooms;   /* entries, counts, seals, record sheets */
drill_actor drill_shift;   /* duty rooms: rosters, hand-overs, a day's order */
drill_actor drill_life;    /* rooms: toilet, illness, early leaves, spares, changed cards */
drill_actor drill_zero;    /* zero-reports */
drill_actor drill_sitting; /* who has come, jammers, listening, waiting areas */
drill_actor drill_gate;    /* staff and their phones, the draw, the gates */

/* Which of a duty room's two officers has the shift of a moment: 1 by day, 2 by night. */
int drill_on_duty(const struct drill *d, int64_t ms);

/* How often each of these happens in a room and session (drill_life.c): what the room's sheet, its
 * count and the zero-report say of it. */
enum { DRILL_LATE_MAX = 13 }; /* minutes */
struct drill_life_count {
	int trips, ill, early, spares, cards, late; /* late: after the start, before the doors close */
};
struct drill_life_count drill_life_of(struct drill *d, const struct drill_room *r,
                                      const struct drill_session *s);

#endif
