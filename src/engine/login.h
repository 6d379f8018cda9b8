/* SPDX-License-Identifier: Apache-2.0 */
/* login.h -- who has a password here, and whose logins are open.
 *
 * One small SQLite file beside the keys, outside the ledger and never exported: hashes of
 * passwords (yescrypt), secrets of one-time codes (RFC 6238), hashes of the tokens of open logins.
 * A token is 32 random bytes that only its holder has.
 *
 * A code counts once.  Wrong tries slow down their own source (an address) for that account, and
 * nobody else: whoever knows the password is let in from another desk while a stranger guesses.
 * A name that nobody has is slowed down as any, so that waiting tells nobody which names there are;
 * what was not tried again for a day is forgotten.
 *
 * Functions may be called on several threads, each with a `struct logins` of its own.
 */
#ifndef GY_ENGINE_LOGIN_H
#define GY_ENGINE_LOGIN_H

#include "base/op.h"

enum { TOTP_SECRET = 20, TOKEN_HEX = 64 };

struct logins;

/* How long a login lasts (the profile's): without a request, and at most. */
struct login_terms {
	int64_t idle_s, most_s, tries, wait_s; /* after `tries` wrong ones each waits twice as long */
};

enum rc logins_open(struct op *op, struct str path, struct logins **ret) MUST_CHECK;
void logins_close(struct logins *l); /* NULL is fine */
/* Questions share a moment until logins_let_go (db/moment.h). */
void logins_share_moment(struct logins *l);
void logins_let_go(struct logins *l);

/* A new password and secret; all logins of the person end.  Fails: INVALID (too short). */
enum rc login_set(struct op *op, struct logins *l, struct person_id who, struct str password,
                  const uint8_t *secret) MUST_CHECK;
/* No password any more; all logins end.  Fails: NOT_FOUND. */
enum rc login_unset(struct op *op, struct logins *l, struct person_id who,
                    int64_t now_ms) MUST_CHECK;

struct login_try {
	struct person_id who;     /* 0: no such person, which takes as long as any other */
	struct str password, code;
	struct str source;        /* whose wrong tries are counted together */
	int64_t now_ms;
	struct str as;            /* how they were named: who guesses names waits as well */
	struct str address;       /* for the log; empty: `source` */
};
/* Opens a login: *ret_token is new.  Fails: DENIED (wrong, whatever it is), BUSY (this source must
 * wait).  Takes a tenth of a second of work. */
enum rc login_open(struct op *op, struct logins *l, const struct login_terms *t,
                   const struct login_try *try, struct str *ret_token) MUST_CHECK;

/* Whose token this is now.  Fails: DENIED. */
enum rc login_of(struct op *op, struct logins *l, const struct login_terms *t, struct str token,
                 int64_t now_ms, struct person_id *ret) MUST_CHECK;
/* Nobody is logged in any more (a backup was restored). */
enum rc logins_forget(struct op *op, struct logins *l) MUST_CHECK;
enum rc login_end(struct op *op, struct logins *l, struct str token, int64_t now_ms) MUST_CHECK;

/* The next code of somebody that counts, and from when it does (NULL: not asked): for drills.
 * Fails: NOT_FOUND. */
enum rc login_code(struct op *op, struct logins *l, struct person_id who, int64_t now_ms,
                   struct str *ret, int64_t *ret_from_ms) MUST_CHECK;

/* The code of a moment, six digits; the secret as authenticator programs read it. */
struct str totp_code(struct arena *a, const uint8_t *secret, int64_t now_ms);
struct str totp_uri(struct arena *a, const uint8_t *secret, struct str account);

#endif
