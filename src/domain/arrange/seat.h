/* SPDX-License-Identifier: Apache-2.0 */
/* seat.h -- who sits where, who waits where, and who was moved (座位、候考区、考场调整).
 *
 * Seats come from the province or its software; an office imports and checks them.  A list is a
 * room's whole list for one session: it replaces the earlier one, and after the session's start
 * only a move changes it.
 *
 * Waiting.  When a half day has two sessions, whoever sits the second one waits for it in a
 * controlled room (候考区) of the second session's plan, room kind "waiting": those who did not
 * take the first subject from its start, the others between the two.  A list for such a room says
 * who; it takes nobody's seat away.
 *
 * A move is a fact: out of a room into another, with its reason, also when no list knows the
 * candidate.  Room equations ask arrange_room_moves.
 *
 * Emits  arrange.candidates_seated, arrange.candidate_moved, arrange.names_opened
 * Owns   arrange_seat, arrange_wait, arrange_move, arrange_opening
 */
#ifndef GY_DOMAIN_SEAT_H
#define GY_DOMAIN_SEAT_H

#include "domain/arrange/arrange.h"
#include "domain/exam/exam.h"

struct seat {
	struct str session, candidate, room, site; /* candidate: the candidate number */
	int64_t seat;                              /* 0: not said (after a move) */
};

/* *ret_known false: no list of this session has the candidate, *ret untouched. */
enum rc arrange_seat(struct op *op, struct str session, struct str candidate, struct seat *ret,
                     bool *ret_known) MUST_CHECK;
/* Those who sit in a room, by seat; those who wait in it; in the op's arena. */
enum rc arrange_room_candidates(struct op *op, struct str session, struct str room,
                                struct seat **ret, size_t *ret_n) MUST_CHECK;
enum rc arrange_room_waiting(struct op *op, struct str session, struct str room,
                             struct seat **ret, size_t *ret_n) MUST_CHECK;
/* How many sit at a site in a session by the lists (0: no lists), and how many have a place to
 * wait for it. */
enum rc arrange_seated(struct op *op, struct str session, struct str site, int64_t *ret_seated,
                       int64_t *ret_waiting) MUST_CHECK;
/* Candidates moved into and out of a room in a session. */
enum rc arrange_room_moves(struct op *op, struct str session, struct str room, int64_t *ret_in,
                           int64_t *ret_out) MUST_CHECK;

/* The list for both gates: accommodations in force of those who sit at this site in this session,
 * with their seats. */
struct gate_line {
	struct accommodation what;
	struct seat seat;
};
enum rc arrange_accommodations(struct op *op, struct str session, struct str site,
                               struct gate_line **ret, size_t *ret_n) MUST_CHECK;

/* The session before this one in its half day; NULL: it is the first. */
const struct profile_session *session_before(const struct profile *p, struct str session);

/* Names opened for paper by arrange.open_names, at that entry: where (a site or a room), for which
 * session, by whom.  *ret_known false: that entry opened none, *ret untouched. */
struct names_opened {
	struct str place, session;
	struct person_id who;
};
enum rc arrange_names_opened(struct op *op, int64_t index, struct names_opened *ret,
                             bool *ret_known) MUST_CHECK;

extern const struct module arrange_seat_module, arrange_move_module, arrange_opening_module;

#endif
