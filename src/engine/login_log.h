/* SPDX-License-Identifier: Apache-2.0 */
/* login_log.h -- who logged in, who was refused and whose logins ended: for the audit administrator
 * (审计管理员).
 *
 * A table of its own in logins.db, which the database lets nobody change or shorten within half a
 * year (docs/adr/0015-login-log.md says why it is not the ledger).  Refusals are told by powers of
 * two: the first, second, fourth … of one person from one source, so that guessing fills nothing.
 */
#ifndef GY_ENGINE_LOGIN_LOG_H
#define GY_ENGINE_LOGIN_LOG_H

#include "engine/login.h"

#define LOGIN_EVENTS(X) X(OPENED, "opened") X(REFUSED, "refused") X(ENDED, "ended") \
	X(DROPPED, "dropped") X(CAME, "came")
#define X(id, text) LOGIN_##id,
enum login_event { LOGIN_EVENTS(X) LOGIN_EVENT_MAX };
#undef X

struct login_line {
	int64_t index, at_ms;
	enum login_event what;
	struct person_id who;  /* 0: nobody of that name */
	struct str source;     /* an address, a desk; empty: the machine itself or the ledger */
	int64_t times;         /* REFUSED: how often by then */
};

/* ENDED: logged out; DROPPED: ended by another, or by a change of rights; CAME: by badge. */
enum rc login_log(struct op *op, struct logins *l, const struct login_line *line) MUST_CHECK;

/* Lines from that index on, the oldest first; texts in the arena. */
enum rc login_lines(struct op *op, struct logins *l, int64_t from, struct login_line *ret,
                    size_t max, size_t *ret_n) MUST_CHECK;
const char *login_event_text(enum login_event e);

#endif
