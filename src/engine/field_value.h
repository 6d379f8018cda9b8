/* SPDX-License-Identifier: Apache-2.0 */
/* field_value.h -- between the files of field: a decoded value, where it stands, its refusal.
 *
 * Private to engine/field*.c and engine/profile_read*.c.  A refusal never repeats the value: what
 * was typed into a wrong field may be a name.
 */
#ifndef GY_FIELD_VALUE_H
#define GY_FIELD_VALUE_H

#include "engine/field.h"

enum { FIELD_MAX = 64 }; /* fields of one table; modules_init refuses more */

/* The object that is being read: the top (up NULL) or item `item` of the list `list` of `up`; with
 * item FIELD_NO_ITEM its member `list`, an object. */
#define FIELD_NO_ITEM SIZE_MAX
struct field_at {
	struct op *op;
	const struct field_at *up;
	const char *list;
	size_t item;
};

/* i: F_INT, F_ID, F_BOOL, F_ENUM, F_TIME, F_PERSON; s: codes, keys, places, hex. */
union field_value {
	int64_t i;
	struct str s;
	struct text text;
	struct list list;
};

/* Fails INVALID, naming the path of `name` in `at` (NULL: the object itself). */
enum rc field_refuse_(const struct field_at *at, const char *where, const char *name,
                      const char *zh, const char *en) MUST_CHECK;
#define field_refuse(at, name, zh, en) field_refuse_((at), GY_WHERE, (name), (zh), (en))

/* Refuses a value of `f` by saying what belongs there. */
enum rc field_refuse_class(const struct field_at *at, const struct field *f) MUST_CHECK;
enum rc field_refuse_missing(const struct field_at *at, const struct field *f) MUST_CHECK;
/* Refuses a member that no field has; names the nearest one that there is. */
enum rc field_refuse_unknown(const struct field_at *at, const struct field *f, size_t n,
                             struct str name) MUST_CHECK;

/* Checks a whole object; ret[i] is the value of f[i], zero when absent. */
enum rc field_decode(const struct field_at *at, const struct field *f, size_t n,
                     const struct json *o, bool event, union field_value *ret) MUST_CHECK;

/* The bounds that hold when a table leaves them open. */
int64_t field_min(const struct field *f);
int64_t field_max(const struct field *f);

bool field_key_valid(struct str s);
/* Prose without control characters; '\n' only when `lines`. */
bool field_prose_valid(struct str s, bool lines);

#endif
