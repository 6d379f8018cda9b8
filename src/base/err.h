/* SPDX-License-Identifier: Apache-2.0 */
/* err.h -- what went wrong, said once, in both languages, by the line that knows.
 *
 * The line that fails fills `struct err` and callers hand the code up with TRY.  `field` names
 * the input, `article` the rule's source, so that a refusal says what and why.
 */
#ifndef GY_ERR_H
#define GY_ERR_H

#include <stdarg.h>

#include "base/macros.h"
#include "base/str.h"

/* name, HTTP status, process exit code (shared by all commands), text */
#define RC_LIST(X) \
	X(OK, 200, 0, "ok") \
	X(INVALID, 422, 2, "invalid") \
	X(NOT_FOUND, 404, 1, "not_found") \
	X(CONFLICT, 409, 4, "conflict") \
	X(DENIED, 403, 3, "denied") \
	X(BUSY, 503, 75, "busy") \
	X(BROKEN, 500, 5, "broken")
#define X(name, http, exit, text) RC_##name,
enum rc { RC_LIST(X) RC_MAX };
#undef X

struct err {
	enum rc rc;
	char field[64];    /* the input that is wrong; "" when none */
	char article[96];  /* the rule, e.g. "考务安全保密工作规定 Art.16"; "" when none */
	char zh[320];
	char en[320];
	const char *where; /* file:line, for our own log */
};

const char *rc_text(enum rc rc);
enum rc rc_parse(struct str text); /* of rc_text; BROKEN when it is none */
int rc_http(enum rc rc);
int rc_exit(enum rc rc);

/* Fills *e and returns rc.  zh and en are printf formats over the same arguments, in the same
 * order.  Long texts are cut at a UTF-8 border. */
enum rc err_set(struct err *e, const char *where, enum rc rc, const char *field,
                const char *article, const char *zh, const char *en, ...) PRINTF(6, 8) PRINTF(7, 8);

/* The same with its arguments begun by the caller, who ends them. */
enum rc err_setv(struct err *e, const char *where, enum rc rc, const char *field,
                 const char *article, const char *zh, const char *en, va_list ap)
	PRINTF(6, 0) PRINTF(7, 0);

/* Texts that were made elsewhere, as they are, in the place of *e's; cut likewise. */
void err_say(struct err *e, const char *zh, const char *en);

#define GY_S_(x) #x
#define GY_S(x) GY_S_(x)
#define GY_WHERE __FILE__ ":" GY_S(__LINE__)

#endif
