/* SPDX-License-Identifier: Apache-2.0 */
/* json.h -- JSON as the ledger knows it: strict reading, RFC 8785 writing.
 *
 * Values are null, booleans, integers within +-(2^53-1), strings, arrays and objects.  Fractions,
 * exponents, larger integers, duplicate keys, U+0000, invalid UTF-8, lone surrogates, too deep or
 * too large documents are errors when read, so that every reader sees the same value.
 * Values live in an arena.
 */
#ifndef GY_JSON_H
#define GY_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/op.h"
#include "base/str.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_STR, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	bool b;
	int64_t i;
	struct str s;
	struct json *first; /* of an array or object */
	struct json *last;  /* so that appending costs the same at any length */
	struct json *next;  /* the sibling */
	struct str key;     /* when a member of an object */
	size_t count;       /* of an array or object */
};

/* Reads one document (LIMIT_JSON_BYTES at most).
 * Fails: INVALID; op->err says line, column and reason. */
enum rc json_read(struct op *op, struct str text, struct json **ret) MUST_CHECK;
/* The same through jansson alone, which the quick way of json_read is held to by tests. */
enum rc json_read_slowly(struct op *op, struct str text, struct json **ret) MUST_CHECK;

/* The member of an object, or NULL. */
const struct json *json_get(const struct json *o, const char *key);

/* Members by kind: the value, or the fallback when absent or of another kind. */
struct str json_str(const struct json *o, const char *key);              /* {NULL,0} */
int64_t json_int(const struct json *o, const char *key, int64_t fallback);
bool json_bool(const struct json *o, const char *key, bool fallback);

/* Building; keys and strings are not copied.  The value that was put is returned; a key that is
 * there already keeps its place and gets the new value.  Arrays: key NULL. */
struct json *json_new_object(struct arena *a);
struct json *json_new_array(struct arena *a);
struct json *json_set_str(struct arena *a, struct json *o, const char *key, struct str v);
struct json *json_set_int(struct arena *a, struct json *o, const char *key, int64_t v);
struct json *json_set_bool(struct arena *a, struct json *o, const char *key, bool v);
struct json *json_set_null(struct arena *a, struct json *o, const char *key);
/* Puts v into o under key; v must not be in another container. */
struct json *json_put(struct json *o, const char *key, struct json *v);
/* Puts v behind the last child, whose key is v's own and stands nowhere before: for readers. */
void json_append(struct json *o, struct json *v);

/* RFC 8785: members sorted by UTF-16 code units, no blanks, shortest escapes. */
struct str json_canonical(struct arena *a, const struct json *v);
void json_canonical_to(struct strbuf *b, const struct json *v);
void json_quote_to(struct strbuf *b, struct str s); /* one string, with its quotes */

/* For people: two-space indentation, members in the order they were put. */
struct str json_pretty(struct arena *a, const struct json *v);

#endif
