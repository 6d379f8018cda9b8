/* SPDX-License-Identifier: Apache-2.0 */
/* profile_date.c -- `gongyuan profile redate FILE`: the profile of one year as that of another.
 *
 * The text stays as it was written, comments of sources and all: only the days of the sessions move
 * together, and the names are replaced that were given.  A day is recognised by what follows it (a
 * time of day or a half day), so that the date of a source is left alone.
 */
#include <unistd.h>

#include "base/limits.h"
#include "cli/out.h"
#include "cli/rows.h"

enum { DAY = 10 }; /* characters of 2025-06-07 */
#define DAY_MS INT64_C(86400000)

static bool day_parse(struct arena *a, struct str s, int64_t *ret_ms)
{
	return s.n == DAY && clock_parse(str_fmt(a, STR_FMT "T00:00:00Z", STR_ARG(s)), ret_ms);
}

/* A day of a session begins here. */
static bool is_day(struct arena *a, struct str text, size_t at, int64_t *ret_ms)
{
	if (at + DAY >= text.n || text.s[at] < '0' || text.s[at] > '9' || text.s[at + 4] != '-' ||
	    (text.s[at + DAY] != 'T' && text.s[at + DAY] != '/'))
		return false;
	return day_parse(a, (struct str){text.s + at, DAY}, ret_ms);
}

static enum rc first_day(struct cli *c, struct str text, int64_t *ret_ms)
{
	int64_t first = INT64_MAX, ms;

	for (size_t i = 0; i < text.n; i++)
		if (is_day(&c->arena, text, i, &ms) && ms < first)
			first = ms;
	if (first == INT64_MAX)
		return fail(&c->op, RC_INVALID, "FILE", "", "配置里没有科次的日期",
		            "there is no day of a session in the profile");
	*ret_ms = first;
	return RC_OK;
}

static struct str days_move(struct cli *c, struct str text, int64_t by_ms)
{
	struct strbuf b;
	int64_t ms;

	strbuf_init(&b, &c->arena);
	for (size_t i = 0; i < text.n; i++) {
		if (!is_day(&c->arena, text, i, &ms)) {
			strbuf_addc(&b, text.s[i]);
			continue;
		}
		strbuf_add(&b, clock_format_utc(&c->arena, ms + by_ms).s, DAY);
		i += DAY - 1;
	}
	return strbuf_str(&b);
}

/* The first member of this name: that of the document itself, which stands before all lists. */
static enum rc member_set(struct cli *c, const char *name, struct str *text)
{
	struct str value = cli_value(c, name);
	const char *at, *from, *to;
	struct json *o = json_new_object(&c->arena);
	struct str quoted;

	if (!value.n)
		return RC_OK;
	at = strstr(text->s, str_fmt(&c->arena, "\"%s\"", name).s);
	from = at ? strchr(at + strlen(name) + 2, '"') : NULL;
	to = from ? strchr(from + 1, '"') : NULL;
	if (!to || to[-1] == '\\')
		return fail(&c->op, RC_INVALID, name, "", "配置里没有可替换的 %s",
		            "the profile has no %s that could be replaced", name);
	json_set_str(&c->arena, o, "x", value);
	quoted = json_canonical(&c->arena, o); /* {"x":"…"} */
	*text = str_fmt(&c->arena, "%.*s%.*s%s", (int)(from - text->s), text->s,
	                (int)(quoted.n - STR("{\"x\":}").n), quoted.s + STR("{\"x\":").n, to + 1);
	return RC_OK;
}

static enum rc names_set(struct cli *c, struct str *text)
{
	static const char *const NAMES[] = {"id", "exam", "zh", "en"};

	for (size_t i = 0; i < COUNT(NAMES); i++)
		TRY(member_set(c, NAMES[i], text));
	return RC_OK;
}

static enum rc days_asked(struct cli *c, int64_t *ret_ms)
{
	struct str day = cli_value(c, "first-day");

	if (!day_parse(&c->arena, day, ret_ms))
		return fail(&c->op, RC_INVALID, "first-day", "",
		            "--first-day 为第一个考试日，写作 2027-06-07",
		            "--first-day is the first day of the examination, such as 2027-06-07");
	return RC_OK;
}

static enum rc redate_run(struct cli *c)
{
	struct str text, out = cli_value(c, "out");
	struct profile was, now;
	int64_t from_ms = 0, to_ms;

	TRY(days_asked(c, &to_ms));
	if (!out.n || file_exists(out))
		return fail(&c->op, out.n ? RC_CONFLICT : RC_INVALID, "out", "",
		            out.n ? "%s 已存在，不覆盖" : "请用 --out 指明新文件%s",
		            out.n ? "%s exists and is not overwritten" : "name the new file with --out%s",
		            out.n ? out.s : "");
	TRY(file_read(&c->op, c->words[0], LIMIT_BLOB, &text));
	text = str_copy(&c->arena, text);
	TRY(cli_profile_check(c, text, &was));
	TRY(first_day(c, text, &from_ms));
	text = days_move(c, text, to_ms - from_ms);
	TRY(names_set(c, &text));
	TRY(cli_profile_check(c, text, &now));
	TRY(file_write(&c->op, out, text, 0644));
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "exam", now.exam);
	json_set_int(&c->arena, c->result, "sessions", (int64_t)now.nsessions);
	cli_note(c, "%s：考试 %s，%zu 个科次。来源和把握程度仍是原来的，请对照当年文件逐行核改后再用",
	         "%s: examination %s, %zu sessions.  Sources and how sure they are stay as they were:"
	         " check each row against this year's documents before use", out.s, now.exam.s,
	         now.nsessions);
	return RC_OK;
}

static const struct cli_flag FLAGS[] = {
	{"first-day", "DAY", "第一个考试日，例如 2027-06-07（必填）",
	 "the first day of the examination, such as 2027-06-07 (needed)", false},
	{"out", "FILE", "新文件（必填）", "the new file (needed)", false},
	{"exam", "ID", "考试标识，例如 gaokao-2027", "the examination's name, such as gaokao-2027", false},
	{"id", "ID", "配置标识", "the profile's name", false},
	{"zh", "TEXT", "中文名称", "its title in Chinese", false},
	{"en", "TEXT", "英文名称", "its title in English", false},
};

const struct cli_verb cli_redate_verbs[] = {
	{"profile", "redate", "FILE", 1, 1, CLI_FLAGS(FLAGS), .run = redate_run,
	 .zh = "以某年的考试配置为底稿，各科次日期整体平移", .en = "a profile for another year: its days move"
	 " together"},
};
const size_t cli_nredate_verbs = COUNT(cli_redate_verbs);
