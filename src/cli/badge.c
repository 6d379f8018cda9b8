/* SPDX-License-Identifier: Apache-2.0 */
/* badge.c -- `gongyuan badge issue PLACE [CODE…]`: PINs of a day for the staff of a place, told
 * once and kept as hashes beside the keys; they can be issued while the server runs.
 */
#include "cli/out.h"
#include "cli/rows.h"
#include "engine/badge.h"

enum { STAFF_MOST = 10000 };

static enum rc chosen(struct cli *c, struct person_id *ret, size_t *ret_n)
{
	*ret_n = 0;
	for (int i = 1; i < c->nwords; i++)
		TRY(cli_person(c, c->words[i], &ret[(*ret_n)++]));
	if (*ret_n)
		return RC_OK;
	TRY(badge_staff(&c->op, c->words[0], ret, STAFF_MOST, ret_n));
	return *ret_n ? RC_OK
	              : fail(&c->op, RC_NOT_FOUND, "PLACE", "", "%s 没有工作人员", "%s has no staff",
	                     c->words[0].s);
}

static enum rc day_of(struct cli *c, int64_t now_ms, struct str *ret)
{
	struct badge_night n = {.utc_offset_min = c->office.profile.utc_offset_min};
	struct badge_day days[BADGE_DAYS];
	int64_t at;

	badge_days(&c->arena, now_ms, &n, days);
	*ret = days[0].day;
	if (!cli_has(c, "day"))
		return RC_OK;
	*ret = cli_value(c, "day");
	if (ret->n == sizeof("2025-06-07") - 1 &&
	    clock_parse(str_fmt(&c->arena, "%sT00:00:00Z", ret->s), &at))
		return RC_OK;
	return fail(&c->op, RC_INVALID, "day", "", "--day 应写作 2025-06-07", "--day is like 2025-06-07");
}

static enum rc issue_all(struct cli *c, struct logins *l, struct badge_issue *i,
                         const struct person_id *who, size_t n)
{
	struct json *list = json_new_array(&c->arena), *o;

	for (size_t k = 0; k < n; k++) {
		struct str pin, code = cli_person_text(c, who[k]);

		i->who = who[k];
		TRY(badge_issue(&c->op, l, i, &pin));
		o = json_new_object(&c->arena);
		json_set_str(&c->arena, o, "badge", code);
		json_set_int(&c->arena, o, "person", who[k].v);
		json_set_str(&c->arena, o, "pin", pin);
		json_put(list, NULL, o);
		if (!c->json)
			printf("%s\t%s\n", code.s, pin.s);
	}
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "day", i->day);
	json_put(c->result, "pins", list);
	return RC_OK;
}

static enum rc issue_run(struct cli *c)
{
	struct random real = c->host->random();
	struct clock clock = c->host->clock();
	struct badge_issue i = {.place = c->words[0], .now_ms = clock_now_ms(&clock)};
	struct person_id *who = arena_array(&c->arena, STAFF_MOST, sizeof(*who));
	struct logins *l = NULL;
	size_t n;
	enum rc rc;

	if (!place_path_valid(i.place))
		return fail(&c->op, RC_INVALID, "PLACE", "", "%s 不是地点", "%s is not a place", i.place.s);
	TRY(cli_open(c, false));
	TRY(day_of(c, i.now_ms, &i.day));
	TRY(chosen(c, who, &n));
	c->op.random = &real;
	TRY(logins_open(&c->op, str_fmt(&c->arena, "%s/logins.db", c->office.dir.s), &l));
	rc = issue_all(c, l, &i, who, n);
	logins_close(l);
	return rc;
}

static const struct cli_flag ISSUE_FLAGS[] = {
	{"day", "DAY", "哪一天，如 2025-06-07（默认今天）", "which day, like 2025-06-07 (default: today)", false},
};
const struct cli_verb cli_badge_verbs[] = {
	{"badge", "issue", "PLACE [CODE…]", 1, CLI_WORDS_MAX, CLI_FLAGS(ISSUE_FLAGS), .run = issue_run,
	 .zh = "发放某地工作人员的当日口令", .en = "issue PINs of a day to the staff of a place"},
};
const size_t cli_nbadge_verbs = COUNT(cli_badge_verbs);
