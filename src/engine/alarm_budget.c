/* SPDX-License-Identifier: Apache-2.0 */
/* alarm_budget.c -- how many alarms a site has had on a day, and what became of them; reads only.
 * See alarm.h.
 */
#include "base/clock.h"
#include "engine/alarm.h"
#include "engine/engine.h"

enum { Q_BUDGET };
static const struct sql SQL[] = {
	[Q_BUDGET] = {"SELECT place, colour, raised_ms, closed, reason, folded FROM alarm"
	              " WHERE raised_ms >= ? AND raised_ms < ? AND grp = 0 AND (place = ? OR"
	              " (place >= ? AND place < ?)) ORDER BY place, raised_ms, id", 5},
};

/* The site, or the place itself where it lies above sites. */
static struct str site_of(struct str place)
{
	int level = LEVEL_SITE;

	for (size_t i = 0; i < place.n; i++)
		if (place.s[i] == '/' && --level == 0)
			place.n = i;
	return place;
}

/* The row of a site and day; they come by place and time. */
static struct alarm_day *day_of(struct op *op, struct alarm_day **list, size_t *n, size_t *cap,
                                struct str site, struct str day)
{
	for (size_t i = *n; i > 0; i--)
		if (str_eq((*list)[i - 1].site, site) && str_eq((*list)[i - 1].day, day))
			return &(*list)[i - 1];
	*list = arena_room(op->arena, *list, *n, cap, sizeof(**list));
	(*list)[*n] = (struct alarm_day){.site = site, .day = day};
	return &(*list)[(*n)++];
}

enum rc alarm_budget(struct op *op, const struct alarm_span *span, struct alarm_day **ret,
                     size_t *ret_n)
{
	AUTO(rows) rows = {0};
	struct str place = span->place;
	struct str low, high;
	struct alarm_day *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_BUDGET],
	              ARGS(sql_int(span->from_ms), sql_int(span->to_ms), sql_text(place),
	                   sql_text(low), sql_text(high)), &rows));
	while (rows_next(&rows)) {
		struct str site = site_of(rows_dup(op->arena, &rows, 0));
		struct str day = clock_format_offset(op->arena, rows_int(&rows, 2), span->offset_min);
		struct alarm_day *d;

		day.n = 10; /* its date */
		d = day_of(op, &list, &n, &cap, str_copy(op->arena, site), str_copy(op->arena, day));
		d->colours[rows_int(&rows, 1)]++;
		d->total++;
		d->folded += (int)rows_int(&rows, 5);
		d->open += rows_int(&rows, 3) == 0;
		if (rows_int(&rows, 3))
			d->reasons[rows_int(&rows, 4)]++;
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* How alarms become one, and how many a site may have. */
static const char *const SETTINGS[] = {
	"alarm.budget_site_day", "alarm.cause_s", "alarm.fold_rooms", "alarm.fold_s",
};

const struct module alarm_budget_module = {
	.name = "alarm_budget", .group = "engine", .rev = 1, .zh = "告警预算", .en = "budget of alarms",
	TABLE_OF(sql, SQL),
	TABLE_OF(settings, SETTINGS),
};
