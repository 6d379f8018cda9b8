/* SPDX-License-Identifier: Apache-2.0 */
/* day.c -- `gongyuan day report`: which day, where, and the parts of it in order; see day.h. */
#include "cli/day.h"

#include "cli/out.h"
#include "cli/rows.h"
#include "engine/rebuild_private.h"

static const int64_t DAY_MS = 86400000;

/* "2025-06-07" of a moment by the profile's clock. */
static struct str local_day(struct cli *c, int64_t ms)
{
	struct str text = clock_format_offset(&c->arena, ms, c->offset_min);

	return str_dup(&c->arena, text.s, 10);
}

static enum rc day_take(struct day_report *d)
{
	struct cli *c = d->c;
	struct str text;

	if (cli_has(c, "day"))
		d->day = cli_value(c, "day");
	text = str_fmt(&c->arena, STR_FMT "T00:00:00Z", STR_ARG(d->day));
	if (d->day.n != 10 || !clock_parse(text, &d->from_ms))
		return fail(&c->op, RC_INVALID, "day", "", "--day 写作 2025-06-07，不是 %s",
		            "--day is written 2025-06-07, not %s", d->day.s);
	d->from_ms -= (int64_t)c->offset_min * 60000;
	d->to_ms = d->from_ms + DAY_MS;
	return RC_OK;
}

static enum rc session_take(struct day_report *d)
{
	struct cli *c = d->c;
	const struct profile_session *s;

	d->session = cli_has(c, "session") ? cli_value(c, "session") : STR("");
	d->day = local_day(c, clock_now_ms(&c->office.clock));
	if (!d->session.n)
		return RC_OK;
	s = profile_session(&c->office.profile, d->session);
	if (!s)
		return fail(&c->op, RC_INVALID, "session", "", "方案中没有科次 %s",
		            "the profile has no session %s", d->session.s);
	d->day = local_day(c, s->start_ms);
	return RC_OK;
}

static enum rc place_take(struct day_report *d)
{
	struct cli *c = d->c;

	d->place = cli_has(c, "place") ? cli_value(c, "place") : STR("");
	if (d->place.n && !place_path_valid(d->place))
		return fail(&c->op, RC_INVALID, "place", "", "地点写作路径 省/市/县/考点，不是 %s",
		            "a place is a path province/city/county/site, not %s", d->place.s);
	return RC_OK;
}

/* At what moment the report looks: now, or the end of a day that is over. */
static int64_t as_of_ms(const struct day_report *d)
{
	int64_t now_ms = d->c->op.now_ms;

	return now_ms < d->to_ms ? now_ms : d->to_ms;
}

static enum rc head_put(struct day_report *d)
{
	struct view_state tables;
	struct cli *c = d->c;
	struct arena *a = &c->arena;
	struct json *ledger = json_new_object(a);

	TRY(view_state(&c->op, c->office.store.view, &tables));
	json_set_str(a, d->doc, "report", STR("day"));
	json_set_str(a, d->doc, "as_of", cli_time_json(c, as_of_ms(d)));
	json_set_str(a, d->doc, "day", d->day);
	json_set_str(a, d->doc, "place", d->place);
	json_set_str(a, d->doc, "session", d->session);
	json_set_str(a, d->doc, "exam", c->office.exam);
	json_set_bool(a, d->doc, "drill", c->office.drill);
	json_set_str(a, ledger, "origin", c->office.origin);
	json_set_int(a, ledger, "size", d->size);
	json_set_int(a, ledger, "projected", tables.at);
	day_mark(d, ledger, d->first, d->last);
	json_put(d->doc, "ledger", ledger);
	return RC_OK;
}

static enum rc report_run(struct cli *c)
{
	struct day_report d = {.c = c};

	TRY(cli_open(c, false));
	TRY(session_take(&d));
	TRY(place_take(&d));
	TRY(day_take(&d));
	d.size = (int64_t)office_ledger(&c->office)->tree.size;
	d.doc = json_new_object(&c->arena);
	TRY(day_range(&d));
	TRY(head_put(&d));
	TRY(day_people(&d));
	TRY(day_sessions(&d));
	TRY(day_expected(&d));
	TRY(day_papers(&d));
	TRY(day_alarms(&d));
	TRY(day_desk(&d));
	TRY(day_next(&d));
	c->result = d.doc;
	if (!c->json)
		day_print(&d);
	return RC_OK;
}

static const struct cli_flag FLAGS[] = {
	{"session", "S", "只看一个科次", "one session alone", false},
	{"day", "YYYY-MM-DD", "哪一天（默认今天；演练为其当前日期）",
	 "which day (default: today; of a drill its own)", false},
	{"place", "PLACE", "只看某地及其下属", "a place and what is under it", false},
};

const struct cli_verb cli_day_verbs[] = {
	{"day", "report", "", 0, 0, CLI_FLAGS(FLAGS), .run = report_run, .own_head = true,
	 .zh = "值班日报：计划、实施、试卷去向、告警与处置", .en = "the day's report: plan, facts, papers, alarms"},
};
const size_t cli_nday_verbs = COUNT(cli_day_verbs);
