/* SPDX-License-Identifier: Apache-2.0 */
/* report.c -- which day, its head, and the parts of it in order; see report.h. */
#include "domain/duty/report.h"

#include "base/clock.h"
#include "domain/people/people.h"
#include "engine/rebuild_private.h"
#include "ledger/ledger.h"

static const int64_t DAY_MS = 86400000;

struct str day_time(struct day_report *d, int64_t ms)
{
	return clock_format_offset(d->op->arena, ms, d->offset_min);
}

struct str day_person(struct day_report *d, struct person_id who)
{
	struct err before = d->op->err;
	struct str code;

	if (who.v == 0)
		return d->system;
	if (people_code(d->op, who, &code) == RC_OK)
		return code;
	d->op->err = before;
	return str_fmt(d->op->arena, "#%lld", (long long)who.v);
}

bool day_set(struct day_report *d, struct str day)
{
	const struct profile_session *s = profile_session(d->profile, d->session);
	int64_t on_ms = s ? s->start_ms : d->op->now_ms;
	struct str text;

	d->day = day.n ? day : str_dup(d->op->arena, day_time(d, on_ms).s, 10);
	text = str_fmt(d->op->arena, STR_FMT "T00:00:00Z", STR_ARG(d->day));
	if (d->day.n != 10 || !clock_parse(text, &d->from_ms))
		return false;
	d->from_ms -= (int64_t)d->offset_min * 60000;
	d->to_ms = d->from_ms + DAY_MS;
	return true;
}

static enum rc head_put(struct day_report *d)
{
	/* At what moment the report looks: now, or the end of a day that is over. */
	int64_t as_of_ms = d->op->now_ms < d->to_ms ? d->op->now_ms : d->to_ms;
	struct arena *a = d->op->arena;
	struct json *ledger = json_new_object(a);
	struct view_state tables;

	TRY(view_state(d->op, d->op->db, &tables));
	json_set_str(a, d->doc, "report", STR("day"));
	json_set_str(a, d->doc, "as_of", day_time(d, as_of_ms));
	json_set_str(a, d->doc, "day", d->day);
	json_set_str(a, d->doc, "place", d->place);
	json_set_str(a, d->doc, "session", d->session);
	json_set_str(a, d->doc, "exam", d->exam);
	json_set_bool(a, d->doc, "drill", d->drill);
	json_set_str(a, ledger, "origin", d->origin);
	json_set_int(a, ledger, "size", d->size);
	json_set_int(a, ledger, "projected", tables.at);
	day_mark(d, ledger, d->first, d->last);
	json_put(d->doc, "ledger", ledger);
	return RC_OK;
}

enum rc day_report(struct day_report *d)
{
	d->size = (int64_t)d->ledger->tree.size;
	if (!d->doc)
		d->doc = json_new_object(d->op->arena);
	TRY(day_range(d));
	TRY(head_put(d));
	TRY(day_people(d));
	TRY(day_sessions(d));
	TRY(day_expected(d));
	TRY(day_papers(d));
	TRY(day_alarms(d));
	TRY(day_desk(d));
	return day_next(d);
}
