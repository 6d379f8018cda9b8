/* SPDX-License-Identifier: Apache-2.0 */
/* field.c -- the alphabets of codes, keys and places, and a table's fields by name.
 *
 * Each alphabet is narrow on purpose: what is not F_TEXT stands in the ledger for ever, so no
 * alphabet holds blanks or anything but ASCII, and a code needs a digit.
 */
#include "engine/field_value.h"

#include "base/limits.h"

const struct field *field_find(const struct field *f, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(f[i].name, name.s, name.n) == 0 && f[i].name[name.n] == '\0')
			return &f[i];
	return NULL;
}

const char *field_type_text(enum field_type t)
{
	switch (t) {
	case F_INT: return "int";
	case F_ID: return "id";
	case F_BOOL: return "bool";
	case F_ENUM: return "enum";
	case F_TIME: return "time";
	case F_CODE: return "code";
	case F_KEY: return "key";
	case F_PLACE: return "place";
	case F_HASH: return "hash";
	case F_BYTES: return "bytes";
	case F_PERSON: return "person";
	case F_SUBJECT: return "subject";
	case F_TEXT: return "text";
	case F_LIST: return "list";
	}
	return "";
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_mark(char c)
{
	return c == '.' || c == '_' || c == '/' || c == '-';
}

bool code_valid(struct str code)
{
	bool digit = false;

	if (code.n == 0 || code.n > LIMIT_CODE)
		return false;
	for (size_t i = 0; i < code.n; i++) {
		char c = code.s[i];

		digit = digit || is_digit(c);
		if (!is_digit(c) && !(c >= 'A' && c <= 'Z') && !is_mark(c))
			return false;
	}
	return digit;
}

bool field_key_valid(struct str s)
{
	if (s.n == 0 || s.n > LIMIT_CODE || !is_lower(s.s[0]))
		return false;
	for (size_t i = 1; i < s.n; i++) {
		char c = s.s[i];

		if (!is_lower(c) && !is_digit(c) && c != '.' && c != '_' && c != '-')
			return false;
	}
	return true;
}

bool place_path_valid(struct str path)
{
	size_t part = 0, parts = 1;

	if (path.n == 0 || path.n > LIMIT_PLACE)
		return false;
	for (size_t i = 0; i < path.n; i++) {
		char c = path.s[i];

		if (c == '/') {
			if (part == 0)
				return false;
			part = 0;
			parts++;
			continue;
		}
		if (!is_lower(c) && !is_digit(c) && c != '-')
			return false;
		if (++part > LIMIT_PLACE_PART)
			return false;
	}
	return part > 0 && parts <= 5;
}

int place_level(struct str path)
{
	int level = path.n > 0;

	for (size_t i = 0; i < path.n; i++)
		level += path.s[i] == '/';
	return level;
}

bool place_covers(struct str scope, struct str place)
{
	if (scope.n == 0)
		return true;
	if (place.n < scope.n || memcmp(place.s, scope.s, scope.n) != 0)
		return false;
	return place.n == scope.n || place.s[scope.n] == '/';
}

/* '0' is the byte after '/'; no path begins with DEL. */
void place_below(struct arena *a, struct str place, struct str *ret_low, struct str *ret_high)
{
	*ret_low = place.n ? str_fmt(a, STR_FMT "/", STR_ARG(place)) : STR("");
	*ret_high = place.n ? str_fmt(a, STR_FMT "0", STR_ARG(place)) : STR("\x7f");
}

/* C0, DEL and C1 (U+0080..U+009F, in UTF-8 C2 80..C2 9F) are invisible in print and on screens. */
bool field_prose_valid(struct str s, bool lines)
{
	if (!str_utf8_valid(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];

		if (c == 0x7f || (c < 0x20 && !(c == '\n' && lines)))
			return false;
		if (c == 0xc2 && i + 1 < s.n && (unsigned char)s.s[i + 1] < 0xa0)
			return false;
	}
	return true;
}

static bool is_open(const struct field *f)
{
	return f->min == 0 && f->max == 0;
}

int64_t field_min(const struct field *f)
{
	switch (f->type) {
	case F_INT:
		return is_open(f) ? -LIMIT_INT : f->min;
	case F_ID:
	case F_PERSON:
		return f->min > 1 ? f->min : 1;
	case F_BYTES:
		return is_open(f) ? 1 : f->min;
	case F_TIME:
	case F_TEXT:
	case F_LIST:
		return f->min;
	case F_BOOL:
	case F_ENUM:
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_HASH:
	case F_SUBJECT:
		return 0;
	}
	return 0;
}

int64_t field_max(const struct field *f)
{
	switch (f->type) {
	case F_INT:
	case F_TIME: /* a lower bound alone leaves the upper open */
		return f->max == 0 && f->min >= 0 ? LIMIT_INT : f->max;
	case F_ID:
	case F_PERSON:
		return f->max > 0 ? f->max : LIMIT_INT;
	case F_BYTES:
		return is_open(f) ? 2048 : f->max;
	case F_TEXT:
		return f->max > 0 ? f->max : LIMIT_TEXT;
	case F_LIST:
		return f->max > 0 ? f->max : LIMIT_LIST;
	case F_BOOL:
		return 1;
	case F_ENUM:
		return f->max - 1;
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_HASH:
	case F_SUBJECT:
		return 0;
	}
	return 0;
}
