/* SPDX-License-Identifier: Apache-2.0 */
/* read_day.c -- GET /api/v1/day: the day's report, as `gongyuan day report --json` tells it
 * (domain/duty/report.h).
 *
 * For whoever has the right duty.report at the place asked for.
 */
#include "http/reading.h"

#include "domain/duty/duty.h"
#include "domain/duty/report.h"
#include "engine/writer.h"

static enum rc get_day(struct op *op, const struct reading *q, struct json *o)
{
	const struct profile *p = op_profile(op);
	const struct writer *w = op->run->writer;
	struct day_report d = {.op = op, .profile = p, .modules = op->run->modules,
	                       .ledger = &w->ledger, .offset_min = p->utc_offset_min,
	                       .origin = w->origin, .exam = w->exam, .drill = w->drill,
	                       .system = q->en ? STR("system") : STR("系统"),
	                       .place = q->place, .session = q->session, .doc = o};

	if (!reading_may(op, q, DUTY_REPORT, d.place))
		return fail(op, RC_DENIED, "place", "", "此处日报不在授权范围内，请用 place 写明所辖地点",
		            "the report of this place is not under your grants: name one with `place`");
	if (d.session.n && !profile_session(p, d.session))
		return fail(op, RC_INVALID, "session", "", "方案中没有科次 " STR_FMT,
		            "the profile has no session " STR_FMT, STR_ARG(d.session));
	if (!day_set(&d, q->day))
		return fail(op, RC_INVALID, "day", "", "日期写作 2025-06-07",
		            "a day is written 2025-06-07");
	return day_report(&d);
}

static void day(const struct asked *a, struct exchange *x)
{
	reading_begin_long(a, x, STR(""), get_day);
}

static const struct route_param ASKS[] = {
	{"place", "query", "cursor", false, "此地点及其下属；不写：全部",
	 "at and under this place; everything when not said"},
	{"day", "query", "cursor", false, "日期，2025-06-07；不写：今天", "the day; today when not said"},
	{"session", "query", "cursor", false, "只看一个科次", "one session alone"},
};
static const struct route_answer REPORTED[] = {
	{200, "application/json", "day", "值班日报", "the day's report"},
};
static const int PROBLEMS[] = {400, 401, 403, 422, 500, 503, 0};

const struct route DAY_ROUTES[] = {
	{"GET", "/api/v1/day", ROUTE_CALLER, .handle = day, PARAMS(ASKS), ANSWERS(REPORTED),
	 .problems = PROBLEMS, .zh = "值班日报：计划、实施、试卷去向、告警与处置",
	 .en = "the day's report: plan, facts, papers, alarms"},
};
const size_t DAY_NROUTES = COUNT(DAY_ROUTES);
