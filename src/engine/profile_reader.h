/* SPDX-License-Identifier: Apache-2.0 */
/* profile_reader.h -- between the files of profile_read: one object of the file, and its members.
 *
 * Private to engine/profile_read*.c.  Each function refuses with the JSON path of the
 * member; what is read after a refusal is read only to find more of them.
 */
#ifndef GY_PROFILE_READER_H
#define GY_PROFILE_READER_H

#include "engine/field_value.h"
#include "engine/profile.h"

/* An object of the file. */
struct spot {
	struct field_at at;
	struct arena *keep; /* where what is kept goes */
	const struct json *o;
	struct profile_faults *faults;
};

/* A refusal becomes one of the file's faults, and reading goes on; anything worse is handed up. */
enum rc spot_note(const struct spot *s, enum rc rc) MUST_CHECK;

/* Item `i` of the list `list` in `up` (or its member, with FIELD_NO_ITEM), which must be an object
 * with these members only. */
enum rc spot_item(const struct spot *up, const char *list, size_t i, const struct json *o,
                  const char *const *members, size_t n, struct spot *ret) MUST_CHECK;
enum rc spot_members(const struct spot *s, const char *const *members, size_t n) MUST_CHECK;

/* Prose of one line, in both languages; identifiers; whole numbers within bounds. */
enum rc spot_prose(const struct spot *s, const char *name, bool required, struct str *ret)
	MUST_CHECK;
enum rc spot_names(const struct spot *s, bool required, struct str *ret_zh, struct str *ret_en)
	MUST_CHECK;
enum rc spot_key(const struct spot *s, const char *name, struct str *ret) MUST_CHECK;
enum rc spot_int(const struct spot *s, const char *name, int64_t min, int64_t max, int64_t *ret)
	MUST_CHECK;
/* *ret stays when the member is absent. */
enum rc spot_int_maybe(const struct spot *s, const char *name, int64_t min, int64_t max,
                       int64_t *ret) MUST_CHECK;
enum rc spot_choice(const struct spot *s, const char *name, const char *const *names, size_t n,
                    size_t *ret) MUST_CHECK;
enum rc spot_bool_maybe(const struct spot *s, const char *name, bool *ret) MUST_CHECK;
/* An array of 1..max items. */
enum rc spot_list(const struct spot *s, const char *name, size_t max, const struct json **ret)
	MUST_CHECK;
/* An array of at most max items; *ret NULL when absent. */
enum rc spot_list_maybe(const struct spot *s, const char *name, size_t max,
                        const struct json **ret) MUST_CHECK;
/* Where a row comes from; its names when `names`. */
enum rc spot_why(const struct spot *s, bool names, struct profile_why *ret) MUST_CHECK;
#define SPOT_WHY "zh", "en", "source", "article", "sure", "approver"

/* Reads every item of a list, noting what each refuses. */
typedef enum rc spot_reader(const struct spot *up, const struct json *o, size_t i,
                            struct profile *p);
enum rc spot_each(const struct spot *s, const struct json *list, spot_reader *read,
                  struct profile *p) MUST_CHECK;

enum { PROFILE_MAX_RULES = 512 }; /* rows of a list: five times what the rule book names */
extern const char *const profile_colours[];

/* profile_read_rules.c: lists of steps, settings, ladders and slots. */
enum rc profile_read_steps(const struct spot *top, struct profile *p) MUST_CHECK;
enum rc profile_read_settings(const struct spot *top, struct profile *p) MUST_CHECK;
enum rc profile_read_ladders(const struct spot *top, struct profile *p) MUST_CHECK;
enum rc profile_read_slots(const struct spot *top, struct profile *p) MUST_CHECK;

/* profile_read_lists.c: all that is optional. */
enum rc profile_read_lists(const struct spot *top, struct profile *p) MUST_CHECK;

#endif
