/* SPDX-License-Identifier: Apache-2.0 */
/* session.h -- /api/v1/login: a person comes with staff code, password and one-time code, or with a
 * challenge (GET) that their registered key has signed, and goes with a token; DELETE ends it at
 * once.
 *
 * The token travels as `Authorization: Bearer …` or as a cookie that scripts cannot read and other
 * sites cannot send.
 */
#ifndef GY_HTTP_SESSION_H
#define GY_HTTP_SESSION_H

#include "http/api.h"
#include "engine/badge.h"
#include "engine/login.h"

struct sessions {
	struct logins *fast;     /* of the server's thread */
	struct logins *slow;     /* of the thread that checks passwords */
	struct login_terms terms;
	struct clock *clock;     /* the system's: codes go by it, in a drill too */
	struct random *random;
	struct str origin;
	struct badge_night night; /* PINs are of a day of the examination */
	field_person_finder *person;
	/* Runs a job that takes a tenth of a second elsewhere; BUSY: too many wait. */
	enum rc (*check)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	void *ctx;
	struct attempt *waiting; /* logins that are being checked; of the server's thread */
};

/* The token that came with it; {NULL, 0}: none. */
struct str exchange_token(const struct exchange *x);

#define SESSION_NO_COOKIE "gongyuan=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"

/* Tries to log in; `then` is called once, on the server's thread, and answers: with the cookie of
 * the new login, or with why not. */
typedef void session_entered(void *ctx, struct exchange *x, enum rc rc, const struct err *why,
                             struct str cookie);
void session_enter(struct sessions *s, struct exchange *x, struct str person, struct str password,
                   struct str code, session_entered *then, void *ctx);
enum rc session_leave(struct sessions *s, struct op *op, struct exchange *x) MUST_CHECK;

/* Whose request it is; person 0: no token.  Fails: DENIED. */
enum rc session_of(struct sessions *s, struct op *op, struct exchange *x, struct caller *ret)
	MUST_CHECK;

/* The desk that an office's login is, for badges; its token's hash. */
struct str session_desk(struct exchange *x);
/* Has this person given their PIN at the caller's desk, a short while ago? */
enum rc session_badge(struct sessions *s, struct op *op, struct exchange *x, struct person_id who,
                      bool *ret) MUST_CHECK;

#endif
