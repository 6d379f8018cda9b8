/* SPDX-License-Identifier: Apache-2.0 */
/* form_day.c -- the day's report (domain/duty/report.h) as a form: the same document that the
 * command line prints and a screen draws, so they say the same.
 */
#include "http/form_private.h"

#include "base/clock.h"
#include "domain/duty/report.h"
#include "engine/alarm.h"
#include "engine/words.h"

enum { ALARMS_MOST = 60 }; /* two pages of them: with more the console is read */

static const char *colour_zh(struct str code)
{
	for (int i = 0; i < COLOUR_MAX; i++)
		if (str_is(code, colour_text(i)))
			return COLOUR_WORDS[i].zh;
	return "";
}

static struct str num(struct form_list *l, const struct json *o, const char *key)
{
	return form_number(l, json_int(o, key, 0));
}

/* "08:58" of a time with its date; "" for none. */
static struct str minute(struct form_list *l, const struct json *o, const char *key)
{
	struct str s = json_str(o, key);

	return s.n > 16 ? str_dup(l->op->arena, s.s + 11, 5) : STR("");
}

static struct str key_zh(struct form_list *l, const char *ref, struct str key)
{
	struct said s = words_key(l->op->arena, l->desk->modules, l->desk->profile, ref, key);

	return s.zh.n ? s.zh : key;
}

static struct str range(struct form_list *l, const struct json *o)
{
	long long first = (long long)json_int(o, "first", -1);

	if (first < 0)
		return STR("—");
	return str_fmt(l->op->arena, "%lld–%lld", first, (long long)json_int(o, "last", -1));
}

/* "20:00" of the report's day, "6月6日 20:00" of another. */
static struct str minute_of(struct form_list *l, const struct json *o, const char *key)
{
	struct str s = json_str(o, key), day = l->ask->day;
	int64_t ms;

	if (s.n < 10 || (day.n == 10 && memcmp(s.s, day.s, 10) == 0) || !clock_parse(s, &ms))
		return minute(l, o, key);
	return form_time(l, ms);
}

/* A shift of the night stands on two days' reports: it says from which to which. */
static struct str shift(struct form_list *l, const struct json *o)
{
	return str_fmt(l->op->arena, "%s—%s", minute_of(l, o, "from").s, minute_of(l, o, "until").s);
}

static struct str span(struct form_list *l, const struct json *o, const char *from, const char *to)
{
	return str_fmt(l->op->arena, "%s—%s", minute(l, o, from).s, minute(l, o, to).s);
}

/* Room for so many rows of a table. */
static struct str *rows_for(struct form_list *l, const struct json *list, size_t columns,
                            size_t most, struct form_lines *ret)
{
	size_t n = list ? list->count : 0;
	struct str *cells;

	n = n > most ? most : n;
	cells = arena_array(l->op->arena, n * columns + 1, sizeof(*cells));
	*ret = (struct form_lines){cells, n};
	return cells;
}

static void sessions(struct form_list *l, const struct json *doc, struct day_form *f)
{
	const struct json *list = json_get(doc, "sessions"), *o = list ? list->first : NULL;
	struct str *c = rows_for(l, list, 10, SIZE_MAX, &f->sessions);

	for (; o; o = o->next, c += 10) {
		c[0] = form_session(l, json_str(o, "session"));
		c[1] = span(l, o, "start", "end");
		c[2] = str_fmt(l->op->arena, "%s/%s", num(l, o, "sites").s, num(l, o, "rooms").s);
		c[3] = num(l, o, "expected");
		c[4] = num(l, o, "present");
		c[5] = num(l, o, "absent");
		c[6] = num(l, o, "violations");
		c[7] = num(l, o, "incidents");
		c[8] = num(l, o, "spares");
		c[9] = str_fmt(l->op->arena, "%s/%s", num(l, o, "reports_made").s,
		               num(l, o, "reports_due").s);
	}
}

/* Spare copies are no 余卷: what was not used is still in its bag. */
static struct str left(struct form_list *l, const struct json *o)
{
	struct str asset = json_str(o, "asset"), spare = STR(".spare");
	int64_t n = json_int(o, "left_over", 0);

	if (asset.n > spare.n && strcmp(asset.s + asset.n - spare.n, spare.s) == 0)
		n = json_int(o, "copies", 0) - json_int(o, "used", 0) - json_int(o, "missing", 0) -
		    json_int(o, "destroyed", 0);
	return form_number(l, n);
}

static void papers(struct form_list *l, const struct json *doc, struct day_form *f)
{
	const struct json *all = json_get(doc, "papers"), *list = json_get(all, "sessions");
	const struct json *o = list ? list->first : NULL, *gaps = json_get(all, "unbalanced");
	struct str *c = rows_for(l, list, 9, SIZE_MAX, &f->papers);

	for (; o; o = o->next, c += 9) {
		struct said asset = words_asset(l->op->arena, l->desk->profile, json_str(o, "asset"));

		c[0] = asset.zh.n ? asset.zh : json_str(o, "asset");
		c[1] = num(l, o, "bags");
		c[2] = num(l, o, "copies");
		c[3] = num(l, o, "used");
		c[4] = num(l, o, "absent");
		c[5] = left(l, o);
		c[6] = num(l, o, "spoiled");
		c[7] = num(l, o, "missing");
		c[8] = num(l, o, "rooms_unbalanced");
	}
	c = rows_for(l, gaps, 5, SIZE_MAX, &f->gaps);
	for (o = gaps ? gaps->first : NULL; o; o = o->next, c += 5) {
		c[0] = json_str(o, "bag");
		c[1] = form_place(l, json_str(o, "room"));
		c[2] = form_session(l, json_str(o, "session"));
		c[3] = num(l, o, "short");
		c[4] = range(l, o);
	}
}

static struct str done(struct form_list *l, const struct json *o, const char *at, const char *by)
{
	struct str when = minute(l, o, at);

	return when.n ? str_fmt(l->op->arena, "%s %s", when.s, json_str(o, by).s) : STR("—");
}

static void alarms(struct form_list *l, const struct json *doc, struct day_form *f)
{
	const struct json *all = json_get(doc, "alarms"), *list = json_get(all, "list");
	const struct json *o = list ? list->first : NULL;
	struct str *c = rows_for(l, list, 7, ALARMS_MOST, &f->alarm_list);

	f->alarms = str_fmt(l->op->arena, "%s 起：红 %s 橙 %s 黄 %s 蓝 %s；未办结 %s",
	                    num(l, all, "raised").s, num(l, all, "red").s, num(l, all, "orange").s,
	                    num(l, all, "yellow").s, num(l, all, "blue").s, num(l, all, "open").s);
	for (size_t i = 0; o && i < f->alarm_list.n; i++, o = o->next, c += 7) {
		c[0] = minute(l, o, "raised");
		c[1] = str_of(colour_zh(json_str(o, "colour")));
		c[2] = key_zh(l, "alarm_rule", json_str(o, "rule"));
		c[3] = form_place(l, json_str(o, "place"));
		c[4] = done(l, o, "acknowledged", "acknowledged_by");
		c[5] = done(l, o, "closed", "closed_by");
		c[6] = num(l, o, "alarm");
	}
	if (list && list->count > f->alarm_list.n)
		f->more = str_fmt(l->op->arena, "另有 %lld 起未列出，见“值班指挥·告警”。",
		                  (long long)(list->count - f->alarm_list.n));
}

static void duty(struct form_list *l, const struct json *doc, struct day_form *f)
{
	const struct json *list = json_get(doc, "duty"), *o = list ? list->first : NULL;
	struct str *c = rows_for(l, list, 6, SIZE_MAX, &f->duty);

	for (; o; o = o->next, c += 6) {
		c[0] = key_zh(l, "role", json_str(o, "post"));
		c[1] = form_place(l, json_str(o, "place"));
		c[2] = json_str(o, "person");
		c[3] = json_str(o, "deputy");
		c[4] = shift(l, o);
		c[5] = json_int(o, "signed_in", -1) < 0 ? STR("—") : STR("是");
	}
}

static int64_t count_of(const struct json *doc, const char *name)
{
	const struct json *list = json_get(doc, name);

	return list ? (int64_t)list->count : 0;
}

static void summary(struct form_list *l, const struct json *doc, struct day_form *f)
{
	const struct json *e = json_get(doc, "expected");

	f->expected = str_fmt(l->op->arena, "已办 %s，迟报 %s，未报 %s，待办 %s", num(l, e, "met").s,
	                      num(l, e, "late").s, num(l, e, "lapsed").s, num(l, e, "open").s);
	f->unbalanced = str_fmt(l->op->arena, "%lld 袋", (long long)f->gaps.n);
	f->orders = str_fmt(l->op->arena, "%lld 件次", (long long)count_of(doc, "orders"));
	f->calls = str_fmt(l->op->arena, "电话审批 %lld 件，举报 %s 件", (long long)count_of(doc, "calls"),
	                   num(l, json_get(doc, "tips"), "received").s);
	f->entries = range(l, json_get(doc, "ledger"));
}

enum rc form_day(struct form_list *l)
{
	struct day_form *f = ARENA_NEW(l->op->arena, struct day_form);
	struct day_report d = {.op = l->op, .profile = l->desk->profile, .modules = l->desk->modules,
	                       .ledger = l->desk->ledger, .drill = l->desk->drill,
	                       .offset_min = l->desk->profile->utc_offset_min, .origin = STR(""),
	                       .exam = l->desk->profile->id, .system = STR("系统"),
	                       .session = STR(""), .place = l->ask->place};

	if (!day_set(&d, l->ask->day))
		return fail(l->op, RC_INVALID, "day", "", "日期写作 2025-06-07",
		            "a day is written 2025-06-07");
	TRY(day_report(&d));
	f->at = form_subject(l, l->ask->place);
	sessions(l, d.doc, f);
	papers(l, d.doc, f);
	alarms(l, d.doc, f);
	duty(l, d.doc, f);
	summary(l, d.doc, f);
	form_add(l, l->ask->place, day_report_draw, f);
	return RC_OK;
}
