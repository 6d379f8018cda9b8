/* SPDX-License-Identifier: Apache-2.0 */
/* field.h -- one table per struct: checks, JSON, canonical bytes, CLI flags, docs, from one place.
 *
 * What may be written where:
 *   F_CODE   upper-case letters, digits and . _ / - with at least one digit, 64 bytes: numbers of
 *            bags, seals, staff.  A name does not fit into one.
 *   F_KEY    lower-case identifier that must be known: `ref` names the list ("subject", "role",
 *            "alarm_rule", "session") and the rule that uses it checks it.
 *   F_PLACE  a path of places: province/city/county/site/room, parts of [a-z0-9-], 24 bytes each.
 *   F_TEXT   anything a person types.  Always goes to the vault: the ledger holds a salted HMAC and
 *            the vault id.  `personal` says that opening it again is an event.
 *   F_HASH   64 hex digits (a blob, an HMAC), in the struct too.
 *   F_BYTES  hex of bytes (keys, signatures); the bytes themselves in the struct.
 */
#ifndef GY_FIELD_H
#define GY_FIELD_H

#include "base/json.h"
#include "base/op.h"

enum field_type {
	F_INT,   /* int64_t */
	F_ID,    /* a one-member struct of int64_t, >= 1 (or 0 when optional) */
	F_BOOL,  /* bool */
	F_ENUM,  /* int: index into names; text in JSON */
	F_TIME,  /* int64_t ms; RFC 3339 text in JSON, UTC in the ledger */
	F_CODE, F_KEY, F_PLACE, F_HASH, F_BYTES, /* struct str */
	F_PERSON, /* struct person_id; JSON: the number, or in commands also the staff code */
	F_SUBJECT, /* struct str: codes, keys, paths or what our rules join of them; events only */
	F_TEXT,  /* struct text */
	F_LIST,  /* struct list of structs by list_of */
};

struct text {
	struct str mac;   /* hex HMAC-SHA256(salt, text); empty: absent */
	int64_t vault;    /* vault id; 0 until the event is appended */
};

struct list {
	void *items; /* n structs of field.list_size bytes */
	size_t n;
};

/* What people read in place of a value's code: the office's terms. */
struct word {
	const char *zh, *en;
};

enum secrecy { SECRECY_NONE, SECRECY_INTERNAL, SECRECY_WORK };

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	int64_t min, max;          /* F_INT, F_TIME: both 0 is unbounded in +-(2^53-1);
	                            * F_TEXT: characters, max 0 is LIMIT_TEXT;
	                            * F_LIST: items, max 0 is LIMIT_LIST; F_ENUM: COUNT(names)
	                            * F_BYTES: bytes, both 0 is 1..2048 */
	const char *const *names;  /* F_ENUM */
	const struct word *words;  /* F_ENUM: one for each name */
	const char *ref;           /* F_KEY, F_CODE, F_ID: what it points at; for docs and forms */
	const struct field *list_of;
	size_t list_n, list_size;
	bool optional;             /* absent in JSON when 0, empty or NULL-text */
	bool personal;             /* F_TEXT: opening is an event */
	enum secrecy secrecy;
	const char *zh, *en;       /* label */
};

#define FIELD(st, member, ty, label_zh, label_en, ...) \
	{ .name = #member, .type = (ty), .offset = offsetof(st, member), .zh = (label_zh), \
	  .en = (label_en), ##__VA_ARGS__ }
/* A list of values, the codes and the words side by side. */
#define ENUM_OF(names_, words_) \
	.names = (names_), .words = (words_), .max = COUNT_BOTH(names_, words_)
#define FIELDS(f) .fields = (f), .nfields = COUNT(f)

/* One F_TEXT value that travels beside an act: never in the ledger. */
struct beside {
	struct str field; /* its name (texts stand at the top level of an act) */
	struct str text;
	uint8_t salt[16];
	struct str mac;   /* hex, as it stands in the act */
	int64_t vault;    /* where it lies already (a half-signed act); 0: nowhere yet */
};

/* JSON object -> struct.  Unknown members, missing ones, wrong types, out of range: INVALID with
 * the field named as a JSON pointer part ("lines/2/copies").  F_TEXT expects the mac.  Strings are
 * views of `o`.  Tables have at most 64 fields. */
enum rc field_read(struct op *op, const struct field *f, size_t n, const struct json *o,
                   void *ret) MUST_CHECK;

/* The canonical JSON object of a struct. `event` writes F_TEXT as {"mac","vault"}, else as mac. */
void field_write(struct strbuf *b, const struct field *f, size_t n, const void *st, bool event);

/* For events: as field_read, F_TEXT from {"mac","vault"}. */
enum rc field_read_event(struct op *op, const struct field *f, size_t n, const struct json *o,
                         void *ret) MUST_CHECK;

/* User's input -> the act's data: texts become macs and travel beside; staff codes and times are
 * made canonical.  `person` turns a staff code into an id (NULL: only numbers; NOT_FOUND: nobody
 * has it, a string of digits is then a number).  Input values may be strings (flags, CSV) or typed
 * JSON; null, "" and the zero of an optional field are as absent.  ret_beside has LIMIT_PERSONAL
 * places. */
typedef enum rc field_person_finder(struct op *op, struct str code, struct person_id *ret);
enum rc field_intake(struct op *op, const struct field *f, size_t n, const struct json *in,
                     field_person_finder *person, struct json **ret_data,
                     struct beside *ret_beside, size_t *ret_nbeside) MUST_CHECK;

/* Is it zero, empty or false: what an optional field is when nobody said it? */
bool field_is_absent(const struct field *f, const void *st);
const struct field *field_find(const struct field *f, size_t n, struct str name);
const char *field_type_text(enum field_type t);

/* Checks used outside tables too. */
bool place_path_valid(struct str path);
int place_level(struct str path);                      /* 0 for "", else number of parts */
/* Scope "" covers all; a covers a/b, not ab. */
bool place_covers(struct str scope, struct str place);
/* The places under this one are those p with *ret_low <= p < *ret_high in the order of bytes ("":
 * all places). */
void place_below(struct arena *a, struct str place, struct str *ret_low, struct str *ret_high);
bool code_valid(struct str code);

#endif
