/* SPDX-License-Identifier: Apache-2.0 */
/* client.h -- one HTTP request to somewhere else, over libcurl, with a limit on everything.
 *
 * http and https only, no redirects, no proxy, no cookies; certificates are checked.  The whole
 * exchange has one deadline, and an answer longer than `max` is refused while it arrives.  Who is
 * patient gives a large answer the time it takes over a slow link: the deadline is then of silence.
 */
#ifndef GY_NET_CLIENT_H
#define GY_NET_CLIENT_H

#include <stdatomic.h>

#include "base/op.h"

/* Keeps the connection for the next question to the same place; one thread at a time. */
struct http_session;
struct http_session *http_session_new(void);
void http_session_free(struct http_session *s); /* NULL is fine */

struct http_question {
	struct str url;
	bool post;       /* else GET */
	struct str body; /* of a POST */
	struct str type; /* of the body; empty: text/plain */
	size_t max;      /* bytes of the answer's body */
	int deadline_ms; /* 0: LIMIT_ASK_MS */
	bool patient;    /* and as long more as `max` bytes take at LIMIT_SLOW_BYTES a second */
	struct str bearer;           /* a token to go with it; empty: none */
	struct str cacert;           /* a file of the authorities to trust; empty: the system's */
	struct http_session *session; /* NULL: a connection of its own */
	const atomic_bool *stops;     /* when it becomes true: given up within a second; may be NULL */
};

struct http_answer {
	int status;
	struct str type, body; /* in the op's arena; type "" when not said */
};

/* Any status is an answer.  Fails: BUSY (cannot be reached, or not in time), INVALID (not such an
 * address; the answer is too long or no HTTP). */
enum rc http_ask(struct op *op, const struct http_question *q, struct http_answer *ret) MUST_CHECK;

#endif
