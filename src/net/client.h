/* SPDX-License-Identifier: Apache-2.0 */
/* client.h -- one HTTP request to somewhere else, over libcurl, with a limit on everything.
 *
 * http and https only, no redirects, no proxy, no cookies; certificates are checked.  The whole
 * exchange has one deadline, and an answer longer than `max` is refused while it arrives.
 */
#ifndef GY_NET_CLIENT_H
#define GY_NET_CLIENT_H

#include "base/op.h"

struct http_question {
	struct str url;
	bool post;       /* else GET */
	struct str body; /* of a POST */
	size_t max;      /* bytes of the answer's body */
	int deadline_ms; /* 0: LIMIT_ASK_MS */
	struct str root; /* a file of the one root to trust; empty: those of the system */
};

struct http_answer {
	int status;
	struct str type, body; /* in the op's arena; type "" when not said */
};

/* Any status is an answer.  Fails: BUSY (cannot be reached, or not in time), INVALID (not such an
 * address; the answer is too long or no HTTP). */
enum rc http_ask(struct op *op, const struct http_question *q, struct http_answer *ret) MUST_CHECK;

#endif
