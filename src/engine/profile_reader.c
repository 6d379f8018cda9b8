/* SPDX-License-Identifier: Apache-2.0 */
/* profile_reader.c -- one object of a profile: its members by kind, refused by their path. */
#include "engine/profile_reader.h"

#include <inttypes.h>

static bool is_among(struct str key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(key, names[i]))
			return true;
	return false;
}

enum rc spot_note(const struct spot *s, enum rc rc)
{
	if (rc == RC_INVALID) {
		profile_fault(s->at.op, s->faults);
		return RC_OK;
	}
	return rc;
}

enum rc spot_members(const struct spot *s, const char *const *members, size_t n)
{
	struct field known[FIELD_MAX];

	assert(n <= FIELD_MAX);
	if (s->o->type != JSON_OBJECT)
		return field_refuse(&s->at, NULL, "应为 JSON 对象", "must be a JSON object");
	for (const struct json *j = s->o->first; j; j = j->next) {
		if (is_among(j->key, members, n))
			continue;
		/* The sentence and its suggestion are those of any table of fields. */
		for (size_t i = 0; i < n; i++)
			known[i] = (struct field){.name = members[i]};
		TRY(spot_note(s, field_refuse_unknown(&s->at, known, n, j->key)));
	}
	return RC_OK;
}

enum rc spot_item(const struct spot *up, const char *list, size_t i, const struct json *o,
                  const char *const *members, size_t n, struct spot *ret)
{
	struct spot s = {{up->at.op, &up->at, list, i}, up->keep, o, up->faults};

	TRY(spot_members(&s, members, n));
	*ret = s;
	return RC_OK;
}

/* What belongs there, said of a member that is absent or wrong. */
static enum rc refuse(const struct spot *s, const char *name, const char *zh, const char *en)
{
	struct arena *a = s->at.op->arena;

	if (!json_get(s->o, name))
		return field_refuse(&s->at, name, str_fmt(a, "必填，%s", zh).s,
		                    str_fmt(a, "is required and %s", en).s);
	return field_refuse(&s->at, name, zh, en);
}

enum rc spot_prose(const struct spot *s, const char *name, bool required, struct str *ret)
{
	enum { MAX_CHARS = 200 }; /* a label, a citation: one line of a form */
	const struct json *j = json_get(s->o, name);

	if (!j && !required)
		return RC_OK;
	if (!j || j->type != JSON_STR || j->s.n == 0 || !field_prose_valid(j->s, false) ||
	    str_utf8_count(j->s) > MAX_CHARS)
		return refuse(s, name, "应为一行文字（1 至 200 字）",
		              "must be one line of text (1 to 200 characters)");
	*ret = str_copy(s->keep, j->s);
	return RC_OK;
}

enum rc spot_names(const struct spot *s, bool required, struct str *ret_zh, struct str *ret_en)
{
	TRY(spot_note(s, spot_prose(s, "zh", required, ret_zh)));
	return spot_prose(s, "en", required, ret_en);
}

enum rc spot_key(const struct spot *s, const char *name, struct str *ret)
{
	struct str v = json_str(s->o, name);

	if (!field_key_valid(v))
		return refuse(s, name, "应为小写标识：字母开头，字母、数字和 . _ -",
		              "must be a lower-case identifier: a letter first, then letters, "
		              "digits and . _ -");
	*ret = str_copy(s->keep, v);
	return RC_OK;
}

enum rc spot_int_maybe(const struct spot *s, const char *name, int64_t min, int64_t max,
                       int64_t *ret)
{
	return json_get(s->o, name) ? spot_int(s, name, min, max, ret) : RC_OK;
}

enum rc spot_int(const struct spot *s, const char *name, int64_t min, int64_t max, int64_t *ret)
{
	struct arena *a = s->at.op->arena;
	const struct json *j = json_get(s->o, name);

	if (!j || j->type != JSON_INT || j->i < min || j->i > max)
		return refuse(s, name,
		              str_fmt(a, "应为 %" PRId64 " 至 %" PRId64 " 的整数", min, max).s,
		              str_fmt(a, "must be an integer from %" PRId64 " to %" PRId64, min,
		                      max).s);
	*ret = j->i;
	return RC_OK;
}

enum rc spot_choice(const struct spot *s, const char *name, const char *const *names, size_t n,
                    size_t *ret)
{
	struct arena *a = s->at.op->arena;
	struct str v = json_str(s->o, name);
	struct strbuf list;

	for (size_t i = 0; i < n; i++)
		if (str_is(v, names[i])) {
			*ret = i;
			return RC_OK;
		}
	strbuf_init(&list, a);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	return refuse(s, name, str_fmt(a, "应为下列之一：%s", strbuf_str(&list).s).s,
	              str_fmt(a, "must be one of: %s", strbuf_str(&list).s).s);
}

enum rc spot_list(const struct spot *s, const char *name, size_t max, const struct json **ret)
{
	struct arena *a = s->at.op->arena;
	const struct json *j = json_get(s->o, name);

	if (!j || j->type != JSON_ARRAY || j->count == 0 || j->count > max)
		return refuse(s, name, str_fmt(a, "应为 1 至 %zu 项的列表", max).s,
		              str_fmt(a, "must be a list of 1 to %zu items", max).s);
	*ret = j;
	return RC_OK;
}

enum rc spot_list_maybe(const struct spot *s, const char *name, size_t max,
                        const struct json **ret)
{
	struct arena *a = s->at.op->arena;
	const struct json *j = json_get(s->o, name);

	if (j && (j->type != JSON_ARRAY || j->count > max))
		return field_refuse(&s->at, name, str_fmt(a, "应为不超过 %zu 项的列表", max).s,
		                    str_fmt(a, "must be a list of at most %zu items", max).s);
	*ret = j;
	return RC_OK;
}

enum rc spot_bool_maybe(const struct spot *s, const char *name, bool *ret)
{
	const struct json *j = json_get(s->o, name);

	if (j && j->type != JSON_BOOL)
		return field_refuse(&s->at, name, "应为 true 或 false", "must be true or false");
	*ret = j && json_bool(s->o, name, false);
	return RC_OK;
}

enum rc spot_why(const struct spot *s, bool names, struct profile_why *ret)
{
	static const char *const SURE[] = {"confirmed", "probable", "unconfirmed"};
	struct profile_why w = {0};
	size_t sure = COUNT(SURE) - 1;

	TRY(spot_note(s, spot_names(s, names, &w.zh, &w.en)));
	TRY(spot_note(s, spot_prose(s, "source", true, &w.source)));
	TRY(spot_note(s, spot_prose(s, "article", false, &w.article)));
	TRY(spot_note(s, spot_prose(s, "approver", false, &w.approver)));
	TRY(spot_note(s, spot_choice(s, "sure", SURE, COUNT(SURE), &sure)));
	w.sure = str_of(SURE[sure]);
	*ret = w;
	return RC_OK;
}

enum rc spot_each(const struct spot *s, const struct json *list, spot_reader *read,
                  struct profile *p)
{
	size_t i = 0;

	for (const struct json *o = list->first; o; o = o->next)
		TRY(spot_note(s, read(s, o, i++, p)));
	return RC_OK;
}

void profile_fault(struct op *op, struct profile_faults *faults)
{
	struct arena *a = op->arena;

	if (!faults->list)
		faults->list = arena_array(a, PROFILE_FAULTS, sizeof(*faults->list));
	if (faults->n < PROFILE_FAULTS)
		faults->list[faults->n++] = (struct profile_fault){
			str_copy(a, str_of(op->err.field)), str_copy(a, str_of(op->err.zh)),
			str_copy(a, str_of(op->err.en))};
	if (faults->total++ == 0)
		faults->first = op->err;
}
