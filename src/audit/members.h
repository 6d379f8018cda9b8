/* SPDX-License-Identifier: Apache-2.0 */
/* members.h -- reading an object's members one by one; the first bad one is remembered.
 *
 * A reader goes on after a bad member with a harmless value, so its caller asks once at the end.
 */
#ifndef GY_AUDIT_MEMBERS_H
#define GY_AUDIT_MEMBERS_H

#include "base/json.h"

struct members {
	struct op *op;
	const struct json *o;
	const struct json *at; /* behind the member found last: asking in their order costs least */
	const char *bad; /* the first bad member; NULL: none so far */
};

/* The member, or NULL. */
const struct json *member_find(struct members *m, const char *key);

void member_check(struct members *m, const char *key, bool good);
/* No member but these; `names` ends in NULL. */
void member_known(struct members *m, const char *const *names);

/* Required members.  Bad: 0, "", NULL. */
int64_t member_int(struct members *m, const char *key, int64_t min, int64_t max);
struct str member_str(struct members *m, const char *key);
const struct json *member_object(struct members *m, const char *key);
/* UTC, in the one spelling of the ledger. */
int64_t member_time(struct members *m, const char *key);
/* Lower-case hex of exactly n bytes. */
void member_hex(struct members *m, const char *key, void *ret, size_t n);
/* One of n texts. */
struct str member_name(struct members *m, const char *key, const char *const *names, size_t n);

#endif
