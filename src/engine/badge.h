/* SPDX-License-Identifier: Apache-2.0 */
/* badge.h -- badge and PIN of a day (工牌与当日口令): how temporary staff come to a desk, without an
 * account.
 *
 * A PIN is six random digits, of one person, one day of the examination's clock and one place, and
 * is kept as a yescrypt hash in logins.db.  It counts on that day and through the night after it
 * (夜班): nobody is sent away from a secrecy room at midnight.  Whoever gives it at a desk has come
 * there, until that is over or until they leave.  A desk is a terminal ("d17": its device) or an
 * open login of an office ("t" and the hash of its token).  Acts of a terminal are by people who
 * have come to it; a signature by badge counts only at a desk where that person gave the PIN a
 * short while ago.
 *
 * Wrong PINs slow down that person at that desk, and nowhere else.
 */
#ifndef GY_ENGINE_BADGE_H
#define GY_ENGINE_BADGE_H

#include "engine/login.h"

enum { PIN_DIGITS = 6 };

/* When days begin, and for how long after its day a PIN counts. */
struct badge_night {
	int utc_offset_min;
	int64_t s; /* seconds after midnight; 0: it ends with its day */
};
struct badge_day {
	struct str day;  /* "2025-06-07" */
	int64_t over_ms; /* when its PINs count no more */
};
/* Whose PINs count at that moment: its own day's and, in the night, those of the day before.
 * Returns how many. */
enum { BADGE_DAYS = 2 };
size_t badge_days(struct arena *a, int64_t at_ms, const struct badge_night *n,
                  struct badge_day ret[BADGE_DAYS]);

struct badge_issue {
	struct person_id who, by; /* by 0: at the machine itself */
	struct str place, day;
	int64_t now_ms;
};
/* A new PIN; one of before for the same day counts no more.  Fails: BUSY, BROKEN. */
enum rc badge_issue(struct op *op, struct logins *l, const struct badge_issue *i,
                    struct str *ret_pin) MUST_CHECK;

struct badge_entry {
	struct person_id who;     /* 0: no such person */
	struct str as;            /* how the badge named them */
	struct str pin;
	struct str desk;
	struct str source;        /* whose wrong tries these are */
	int64_t at_ms, now_ms;    /* when it was given; now */
	struct badge_night night;
	bool (*near)(void *ctx, struct str place); /* is this desk one of the PIN's place? */
	void *ctx;
};
/* Until when they stand there.  Fails: DENIED (PIN, person, day or place: whatever it is), BUSY
 * (this desk must wait). */
enum rc badge_enter(struct op *op, struct logins *l, const struct login_terms *t,
                    const struct badge_entry *e, int64_t *ret_over_ms) MUST_CHECK;
enum rc badge_leave(struct op *op, struct logins *l, struct str desk, struct person_id who,
                    int64_t at_ms) MUST_CHECK;
/* Everywhere, and the PINs are gone: somebody's grants changed. */
enum rc badge_end_person(struct op *op, struct logins *l, struct person_id who,
                         int64_t now_ms) MUST_CHECK;

/* Had they come to this desk at that moment, with a PIN given at most `within_ms` before? */
enum rc badge_stands(struct op *op, struct logins *l, struct str desk, struct person_id who,
                     int64_t at_ms, int64_t within_ms, bool *ret) MUST_CHECK;
#define BADGE_ALL_DAY INT64_MAX

/* Everybody who holds a grant at the place or under it, by number; op->db: projections. */
enum rc badge_staff(struct op *op, struct str place, struct person_id *ret, size_t max,
                    size_t *ret_n) MUST_CHECK;
/* The same; `below` false: at that place alone. */
enum rc badge_staff_at(struct op *op, struct str place, bool below, struct person_id *ret,
                       size_t max, size_t *ret_n) MUST_CHECK;

#endif
