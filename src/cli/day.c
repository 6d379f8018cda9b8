/* SPDX-License-Identifier: Apache-2.0 */
/* day.c -- `gongyuan day report`: which day and where; see domain/duty/report.h. */
#include "cli/day_text.h"
#include "cli/rows.h"
#include "domain/duty/report.h"

static enum rc session_take(struct cli *c, struct day_report *d)
{
	d->session = cli_has(c, "session") ? cli_value(c, "session") : STR("");
	if (d->session.n && !profile_session(d->profile, d->session))
		return fail(&c->op, RC_INVALID, "session", "", "方案中没有科次 %s",
		            "the profile has no session %s", d->session.s);
	return RC_OK;
}

static enum rc place_take(struct cli *c, struct day_report *d)
{
	d->place = cli_has(c, "place") ? cli_value(c, "place") : STR("");
	if (d->place.n && !place_path_valid(d->place))
		return fail(&c->op, RC_INVALID, "place", "", "地点写作路径 省/市/县/考点，不是 %s",
		            "a place is a path province/city/county/site, not %s", d->place.s);
	return RC_OK;
}

static enum rc day_take(struct cli *c, struct day_report *d)
{
	struct str day = cli_has(c, "day") ? cli_value(c, "day") : STR("");

	if ((cli_has(c, "day") && !day.n) || !day_set(d, day))
		return fail(&c->op, RC_INVALID, "day", "", "--day 写作 2025-06-07，不是 %s",
		            "--day is written 2025-06-07, not %s", day.s);
	return RC_OK;
}

static enum rc report_run(struct cli *c)
{
	struct day_report d = {.op = &c->op};

	TRY(cli_open(c, false));
	d.profile = &c->office.profile;
	d.modules = &c->modules;
	d.ledger = office_ledger(&c->office);
	d.offset_min = c->offset_min;
	d.origin = c->office.origin;
	d.exam = c->office.exam;
	d.drill = c->office.drill;
	d.system = str_of(cli_tr(c, "系统", "system"));
	TRY(session_take(c, &d));
	TRY(place_take(c, &d));
	TRY(day_take(c, &d));
	TRY(day_report(&d));
	c->result = d.doc;
	if (!c->json)
		day_print(c, d.doc);
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
