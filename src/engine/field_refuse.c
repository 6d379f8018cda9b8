/* SPDX-License-Identifier: Apache-2.0 */
/* field_refuse.c -- the sentence that says which member is wrong and what belongs there.
 *
 * Paths are built here, on failure only, so that reading costs nothing for them.
 */
#include "engine/field_value.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/limits.h"

enum { PATH_MAX_BYTES = 160 };

static size_t add_prefix(const struct field_at *at, char *buf, size_t cap)
{
	size_t n;
	int added;

	if (!at->up)
		return 0;
	n = add_prefix(at->up, buf, cap);
	added = at->item == FIELD_NO_ITEM
	          ? snprintf(buf + n, cap - n, "%s/", at->list)
	          : snprintf(buf + n, cap - n, "%s/%zu/", at->list, at->item);
	return added < 0 || (size_t)added >= cap - n ? cap - 1 : n + (size_t)added;
}

static void path_of(const struct field_at *at, const char *name, char *buf, size_t cap)
{
	size_t n = add_prefix(at, buf, cap);

	if (name)
		(void)snprintf(buf + n, cap - n, "%s", name);
	else
		buf[n > 0 ? n - 1 : 0] = '\0'; /* the object itself: no slash at the end */
}

enum rc field_refuse_(const struct field_at *at, const char *where, const char *name,
                      const char *zh, const char *en)
{
	char path[PATH_MAX_BYTES];
	struct err *e = &at->op->err;

	path_of(at, name, path, sizeof(path));
	if (path[0] == '\0')
		return err_set(e, where, RC_INVALID, "", "", "内容：%s%.0s", "body: %.0s%s", zh, en);
	/* Both formats take all three; "%.0s" swallows the other language. */
	return err_set(e, where, RC_INVALID, path, "", "字段 %s：%s%.0s", "field %s: %.0s%s", path, zh,
	               en);
}

struct class_text {
	struct str zh, en;
};

static struct class_text integers(struct arena *a, const struct field *f)
{
	int64_t min = field_min(f), max = field_max(f);

	if (min == -LIMIT_INT && max == LIMIT_INT)
		return (struct class_text){STR("应为整数"), STR("must be an integer")};
	if (max == LIMIT_INT)
		return (struct class_text){
			str_fmt(a, "应为不小于 %" PRId64 " 的整数", min),
			str_fmt(a, "must be an integer of at least %" PRId64, min)};
	return (struct class_text){
		str_fmt(a, "应为 %" PRId64 " 至 %" PRId64 " 的整数", min, max),
		str_fmt(a, "must be an integer from %" PRId64 " to %" PRId64, min, max)};
}

static struct class_text choices(struct arena *a, const struct field *f)
{
	struct strbuf zh, en;

	strbuf_init(&zh, a);
	strbuf_init(&en, a);
	strbuf_addz(&zh, "应为下列之一：");
	strbuf_addz(&en, "must be one of: ");
	for (int64_t i = 0; i < f->max; i++) {
		strbuf_addz(&zh, i > 0 ? "、" : "");
		strbuf_addz(&en, i > 0 ? ", " : "");
		strbuf_addz(&zh, f->names[i]);
		strbuf_addz(&en, f->names[i]);
	}
	return (struct class_text){strbuf_str(&zh), strbuf_str(&en)};
}

static struct class_text times(struct arena *a, const struct field *f)
{
	if (f->min == 0 && f->max == 0)
		return (struct class_text){
			STR("应为带时区的时间，如 2025-06-07T08:58:00+08:00"),
			STR("must be a time with its offset, like 2025-06-07T08:58:00+08:00")};
	return (struct class_text){
		str_fmt(a, "应为 %s 至 %s 的时间", clock_format_utc(a, f->min).s,
		        clock_format_utc(a, f->max).s),
		str_fmt(a, "must be a time from %s to %s", clock_format_utc(a, f->min).s,
		        clock_format_utc(a, f->max).s)};
}

/* "应为 A 至 B <what>" for the types that are counted. */
static struct class_text counted(struct arena *a, const struct field *f, const char *zh,
                                 const char *en)
{
	int64_t min = field_min(f), max = field_max(f);

	if (min == max)
		return (struct class_text){str_fmt(a, "应为 %" PRId64 " %s", max, zh),
		                           str_fmt(a, "must be %" PRId64 " %s", max, en)};
	return (struct class_text){
		str_fmt(a, "应为 %" PRId64 " 至 %" PRId64 " %s", min, max, zh),
		str_fmt(a, "must be %" PRId64 " to %" PRId64 " %s", min, max, en)};
}

/* Types whose class is always the same. */
static const struct class_text FIXED[] = {
	[F_ID] = {STR("应为记录号（正整数）"), STR("must be an id (a positive integer)")},
	[F_BOOL] = {STR("应为是或否（true、false）"), STR("must be true or false")},
	[F_CODE] = {STR("应为编号：大写字母、数字和 . _ / -，至少一位数字，不超过 64 位"),
	            STR("must be a code: upper-case letters, digits and . _ / -, "
	                "at least one digit, 64 at most")},
	[F_KEY] = {STR("应为小写标识：字母开头，字母、数字和 . _ -"),
	           STR("must be a lower-case identifier: a letter first, "
	               "then letters, digits and . _ -")},
	[F_PLACE] = {STR("应为地点路径（省/市/县/考点/考场，如 sc/cd/jn）"),
	             STR("must be a path of places, like sc/cd/jn "
	                 "(province/city/county/site/room)")},
	[F_SUBJECT] = {STR("应为编号、标识、地点路径或其组合"),
	               STR("must be a code, an identifier, a path of places or a join of them")},
	[F_HASH] = {STR("应为校验值（64 位十六进制）"), STR("must be a hash (64 hex digits)")},
	[F_PERSON] = {STR("应为人员号或已登记的工号"),
	              STR("must be a person's number or a registered staff code")},
};

static struct class_text class_of(struct arena *a, const struct field *f)
{
	switch (f->type) {
	case F_INT:
		return integers(a, f);
	case F_ENUM:
		return choices(a, f);
	case F_TIME:
		return times(a, f);
	case F_BYTES:
		return counted(a, f, "字节的十六进制", "bytes in hex");
	case F_TEXT:
		return counted(a, f, "字的文字，除换行外不含控制字符",
		               "characters of text, without control characters but line ends");
	case F_LIST:
		return counted(a, f, "项的列表（JSON 数组）", "items in a list (a JSON array)");
	case F_ID:
	case F_BOOL:
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_HASH:
	case F_PERSON:
	case F_SUBJECT:
		break;
	}
	return FIXED[f->type];
}

enum rc field_refuse_class(const struct field_at *at, const struct field *f)
{
	struct class_text c = class_of(at->op->arena, f);

	return field_refuse(at, f->name, c.zh.s, c.en.s);
}

enum rc field_refuse_missing(const struct field_at *at, const struct field *f)
{
	struct arena *a = at->op->arena;
	struct class_text c = class_of(a, f);

	return field_refuse(at, f->name, str_fmt(a, "必填，%s", c.zh.s).s,
	                    str_fmt(a, "is required and %s", c.en.s).s);
}

/* Levenshtein distance over bytes, one row; longer words than a name can be are simply far. */
static size_t distance(struct str a, struct str b)
{
	size_t row[LIMIT_CODE + 1];

	if (a.n > LIMIT_CODE || b.n > LIMIT_CODE)
		return LIMIT_CODE + 1;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (a.s[i - 1] != b.s[j - 1]);

			diagonal = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
		}
	}
	return row[b.n];
}

/* A member's name came from outside and may itself be a personal name: only what looks like an
 * identifier is said back. */
static bool sayable(struct str name)
{
	if (name.n == 0 || name.n > 40)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return true;
}

enum rc field_refuse_unknown(const struct field_at *at, const struct field *f, size_t n,
                             struct str name)
{
	struct arena *a = at->op->arena;
	const char *said = sayable(name) ? str_copy(a, name).s : "?";
	const char *nearest = NULL;
	size_t least = 0;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(name, str_of(f[i].name));

		if (!nearest || d < least) {
			nearest = f[i].name;
			least = d;
		}
	}
	/* More than half of it different: a suggestion would only mislead. */
	if (!nearest || least * 2 > name.n + 1)
		return field_refuse(at, said, "没有这个字段", "is not a known field");
	return field_refuse(at, said, str_fmt(a, "没有这个字段；是否指 %s？", nearest).s,
	                    str_fmt(a, "is not a known field; did you mean %s?", nearest).s);
}
