/* SPDX-License-Identifier: Apache-2.0 */
/* problem.h -- what went wrong, as RFC 9457 problem details in the language asked for. */
#ifndef GY_HTTP_PROBLEM_H
#define GY_HTTP_PROBLEM_H

#include "net/server.h"

/* `title` and `detail` in the language asked for (Accept-Language, or ?lang=; Chinese first), the
 * sentences of both beside them, the article, and the field as a JSON pointer: of the command's
 * data, or of the request itself when it begins with '/'.  index >= 0: the
 * entry that records the refusal. */
void problem_answer(struct exchange *x, const struct err *e, int64_t index);
/* As a document; *e lives as long as the exchange. */
struct json *problem_json(struct exchange *x, const struct err *e, int status, int64_t index);
/* The same for what is no rule's refusal: a path, a method, a header. */
void problem_say(struct exchange *x, int status, const char *zh, const char *en);

/* 400: the query's parameter `name` is not what it should be; the field is its name. */
void problem_query(struct exchange *x, struct str name, const char *zh, const char *en);

/* 405; `allow`: the methods that the path takes. */
void problem_method(struct exchange *x, struct str allow);

/* The statuses that a problem may have, 0 behind the last. */
int problem_status(size_t i);

bool exchange_wants_english(const struct exchange *x);

#endif
