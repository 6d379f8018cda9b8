/* SPDX-License-Identifier: Apache-2.0 */
/* site.h -- what the files of sitting ask of a fact's place and session.  Private to the group.
 */
#ifndef GY_DOMAIN_SITTING_SITE_H
#define GY_DOMAIN_SITTING_SITE_H

#include "domain/arrange/arrange.h"
#include "domain/sitting/sitting.h"
#include "engine/run.h"

#define CITE_PROGRAMME "教育部《考试实施程序》"
#define CITE_ADMIN "国家教育考试考务管理规定 (2009) "

/* Roles that see events of the group. */
extern const char *const SITTING_READERS[];
/* Who reports for a site: its exam office, and the county's when the site telephones. */
extern const struct allow SITTING_OFFICE[4];

/* The form of a fact: the session is the profile's; the place is a site, a room, or either.
 * Fails: INVALID with the field. */
enum rc site_session(struct op *op, struct str session,
                     const struct profile_session **ret) MUST_CHECK;
enum rc site_place(struct op *op, struct str place, int least, int most) MUST_CHECK;

/* "SESSION:SITE" of a room or site: alarms of one site and session fold. */
struct str site_subject(struct op *op, struct str session, struct str place);

/* "SESSION:PLACE:CODE", of one candidate. */
struct str candidate_subject(struct arena *a, struct str session, struct str place,
                             struct str candidate);

/* Rooms planned at a site for a session; 0 when nothing is planned. */
enum rc site_rooms(struct op *op, struct str session, struct str site, int64_t *ret) MUST_CHECK;

/* One room that is not like the others, and why (from an exam office). */
#define EXCEPTION_CODES(X) X(NOT_DONE, "not_done") X(LATE, "late") X(EARLY, "early") \
	X(COUNT, "count") X(STAFF, "staff") X(EQUIPMENT, "equipment") X(INCIDENT, "incident") \
	X(OTHER, "other")
#define X(id, text) EXCEPTION_##id,
enum exception_code { EXCEPTION_CODES(X) EXCEPTION_MAX };
#undef X
struct room_exception {
	struct str room;
	int code;
};
extern const struct field ROOM_EXCEPTION[2];
#define EXCEPTIONS_FIELD(st, member) \
	FIELD(st, member, F_LIST, "例外考场", "rooms that are exceptions", .list_of = ROOM_EXCEPTION, \
	      .list_n = COUNT(ROOM_EXCEPTION), .list_size = sizeof(struct room_exception), \
	      .optional = true)
/* Each room is in the site and stands once.  Fails: INVALID. */
enum rc exceptions_check(struct op *op, const struct list *l, struct str site) MUST_CHECK;

#endif
