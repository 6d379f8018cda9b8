/* SPDX-License-Identifier: Apache-2.0 */
/* budget.c -- `gongyuan alarm budget [PLACE]`: alarms by site and day, by colour, with how they
 * were closed, against the profile's budget.
 */
#include "base/limits.h"
#include "cli/labels.h"
#include "cli/out.h"
#include "cli/rows.h"

static struct json *day_json(struct cli *c, const struct alarm_day *d, int64_t budget)
{
	struct arena *m = &c->arena;
	struct json *o = json_new_object(m), *reasons = json_new_object(m);
	struct json *colours = json_new_object(m);

	for (int i = 0; i < COLOUR_MAX; i++)
		json_set_int(m, colours, colour_text(i), d->colours[i]);
	for (int i = 0; i < ALARM_REASON_MAX; i++)
		json_set_int(m, reasons, alarm_reason_text(i), d->reasons[i]);
	json_put(o, "colours", colours);
	json_set_str(m, o, "day", d->day);
	json_set_int(m, o, "folded", d->folded);
	json_set_int(m, o, "open", d->open);
	json_set_bool(m, o, "over", budget > 0 && d->total > budget);
	json_put(o, "reasons", reasons);
	json_set_str(m, o, "site", d->site);
	json_set_int(m, o, "total", d->total);
	return o;
}

static void heads(struct cli *c, struct grid *g)
{
	grid_init(g, &c->arena, 11);
	grid_addz(g, cli_tr(c, "日期", "day"));
	grid_addz(g, cli_tr(c, "地点", "place"));
	grid_addz(g, cli_tr(c, "告警", "alarms"));
	for (int i = COLOUR_MAX - 1; i >= 0; i--)
		grid_addz(g, label_colour(c, i));
	grid_addz(g, cli_tr(c, "未办结", "open"));
	grid_addz(g, cli_tr(c, "误报", "false"));
	grid_addz(g, cli_tr(c, "并入", "folded"));
	grid_addz(g, cli_tr(c, "预算", "budget"));
	for (size_t i = 2; i < 10; i++)
		g->right[i] = true;
}

static void day_row(struct cli *c, struct grid *g, const struct alarm_day *d, int64_t budget)
{
	grid_add(g, d->day);
	grid_add(g, d->site.n ? d->site : STR("—"));
	grid_addi(g, d->total);
	for (int i = COLOUR_MAX - 1; i >= 0; i--)
		grid_addi(g, d->colours[i]);
	grid_addi(g, d->open);
	grid_addi(g, d->reasons[ALARM_REASON_FALSE_ALARM]);
	grid_addi(g, d->folded);
	grid_addz(g, budget > 0 && d->total > budget ? cli_tr(c, "超出", "over") : "");
}

static enum rc budget_run(struct cli *c)
{
	struct alarm_span span = {.place = c->nwords ? c->words[0] : STR("")};
	struct json *array = json_new_array(&c->arena);
	struct alarm_day *days;
	struct grid g;
	int64_t budget;
	size_t n;

	if (c->nwords && !place_path_valid(c->words[0]))
		return fail(&c->op, RC_INVALID, "PLACE", "", "地点应为路径，如 省/市/县/考点",
		            "a place is a path such as province/city/county/site");
	TRY(cli_open(c, false));
	TRY(cli_time(c, "from", 0, &span.from_ms));
	TRY(cli_time(c, "to", LIMIT_INT, &span.to_ms));
	span.offset_min = c->offset_min;
	TRY(alarm_budget(&c->op, &span, &days, &n));
	budget = profile_setting(&c->office.profile, "alarm.budget_site_day", 0);
	heads(c, &g);
	for (size_t i = 0; i < n; i++) {
		json_put(array, NULL, day_json(c, &days[i], budget));
		day_row(c, &g, &days[i], budget);
	}
	c->result = json_new_object(&c->arena);
	json_set_int(&c->arena, c->result, "budget", budget);
	json_put(c->result, "days", array);
	if (c->json)
		return RC_OK;
	if (n)
		grid_print(&g, stdout);
	else
		cli_say(c, "没有告警", "no alarms");
	return RC_OK;
}

static const struct cli_flag FLAGS[] = {
	{"from", "TIME", "自此时起（默认全部）", "raised from this time on (default: all)", false},
	{"to", "TIME", "到此时止", "raised before this time", false},
};

const struct cli_verb cli_budget_verbs[] = {
	{"alarm", "budget", "[PLACE]", 0, 1, CLI_FLAGS(FLAGS), .run = budget_run,
	 .zh = "每考点每日的告警数、误报数和预算", .en = "alarms by site and day, false ones, the budget"},
};
const size_t cli_nbudget_verbs = COUNT(cli_budget_verbs);
