/* SPDX-License-Identifier: Apache-2.0 */
/* room.h -- the secrecy room's people, locks and days, as the group's other files ask for them.
 *
 * One row a room: who answers for it, whether its locks and codes were changed since it was last in
 * use, how long it may hold papers, and when it was last patrolled, checked, opened and replayed.
 * The files of the room write their own columns of it.  Private to the group "custody".
 *
 * Emits  custody.store_staffed, custody.locks_changed, custody.spare_key_opened,
 *        custody.storage_extended
 * Owns   custody_room, custody_roster
 */
#ifndef GY_DOMAIN_CUSTODY_ROOM_H
#define GY_DOMAIN_CUSTODY_ROOM_H

#include "domain/custody/paper.h"

/* An event whose first field is the command's place: that stands in the envelope already. */
#define ROOM_EVENT(n, f, st, fn, label_zh, label_en, ...) \
	{.name = (n), .version = 1, .fields = (f) + 1, .nfields = COUNT(f) - 1, .size = sizeof(st), \
	 .apply = (fn), .visible_to = CUSTODY_READERS, .zh = (label_zh), .en = (label_en), \
	 ##__VA_ARGS__}

#define CITE_ROOM CITE_SECURITY "Art.12-14 ROOM-1 ROOM-14 ROOM-16"
#define CITE_KEYS CITE_SECURITY "Art.15 ROOM-4 ROOM-5"
#define CITE_DAYS CITE_SECURITY "Art.16 ROOM-7"
#define CITE_STAFF CITE_SECURITY "Art.18 ROOM-8"
#define CITE_POST CITE_SECURITY "Art.18 ROOM-9"
#define CITE_PATROL CITE_SECURITY "Art.21 ROOM-10"
#define CITE_SEALS CITE_SECURITY "Art.22 ROOM-13"
#define CITE_BANNED CITE_SECURITY "Art.24 ROOM-12"
#define CITE_JOINT CITE_SECURITY "Art.25 ROOM-11"
#define CITE_REPORT CITE_SECURITY "Art.26 ROOM-15"

/* A person in a list. */
struct named {
	struct person_id person;
};
extern const struct field NAMED[1];
#define NAMED_FIELD(st, member, label_zh, label_en, ...) \
	FIELD(st, member, F_LIST, label_zh, label_en, .list_of = NAMED, .list_n = COUNT(NAMED), \
	      .list_size = sizeof(struct named), .secrecy = SECRECY_WORK, ##__VA_ARGS__)

/* Moments that a room keeps; the latest counts. */
enum room_moment { ROOM_PATROLLED, ROOM_CHECKED, ROOM_OPENED, ROOM_RECEIVED, ROOM_BLOCK };

/* Projection: the moment stands in the room's row, which is made when there is none. */
enum rc room_mark(struct op *op, struct str place, enum room_moment m, int64_t at_ms) MUST_CHECK;
/* Projection: the room's season is over: its locks must be changed before the next. */
enum rc room_closed(struct op *op, struct str place) MUST_CHECK;

/* When its inner room was last opened by its holders, the block of its recordings that was last
 * replayed; 0: never. */
enum rc room_opened_ms(struct op *op, struct str place, int64_t *ret) MUST_CHECK;
enum rc room_block_ms(struct op *op, struct str place, int64_t *ret) MUST_CHECK;
/* May it be activated?  Fails: CONFLICT with the article (nobody answers for it, too few rostered,
 * locks and codes not changed since). */
enum rc room_ready(struct op *op, struct str place) MUST_CHECK;
/* Days that it may hold papers before the examination, approved longer ones with them. */
enum rc room_days(struct op *op, struct str place, int64_t *ret) MUST_CHECK;
/* Is a guard on the roster, or has the room none (*ret true)? */
enum rc room_rostered(struct op *op, struct str place, struct person_id who, bool *ret) MUST_CHECK;

extern const char *const ROOM_KEEPERS[4]; /* roles that hold keys and open the room */
extern const char *const POLICE_ONLY[2];

#endif
