/* SPDX-License-Identifier: Apache-2.0 */
/* drill_time.c -- see drill_time.h. */
#include "app/drill_time.h"

#include "app/drill_scenario.h"

static bool digits(struct str *io, size_t n, int64_t *ret)
{
	int64_t v = 0;

	if (io->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (io->s[i] < '0' || io->s[i] > '9')
			return false;
		v = v * 10 + (io->s[i] - '0');
	}
	*io = (struct str){io->s + n, io->n - n};
	*ret = v;
	return true;
}

static bool skip(struct str *io, char c)
{
	if (!io->n || io->s[0] != c)
		return false;
	*io = (struct str){io->s + 1, io->n - 1};
	return true;
}

/* "D-1 22:30[:15]" */
static bool of_day(struct str t, int64_t *ret_day, int64_t *ret_ms)
{
	int64_t sign, day, h, m, s = 0;

	if (!skip(&t, 'D'))
		return false;
	sign = skip(&t, '-') ? -1 : 1;
	if (sign > 0 && !skip(&t, '+'))
		return false;
	if (!digits(&t, 1, &day) || !skip(&t, ' ') || !digits(&t, 2, &h) || !skip(&t, ':') ||
	    !digits(&t, 2, &m) || (skip(&t, ':') && !digits(&t, 2, &s)))
		return false;
	*ret_day = sign * day;
	*ret_ms = h * DRILL_HOUR + m * DRILL_MINUTE + s * DRILL_SECOND;
	return !t.n && h < 24 && m < 60 && s < 60;
}

/* "d1-chinese T-600" */
static bool of_session(struct arena *a, struct str t, struct str *ret_session, bool *ret_end,
                       int64_t *ret_s)
{
	struct str offset;
	int64_t sign;

	if (!str_cut(t, ' ', ret_session, &offset))
		return false;
	*ret_end = skip(&offset, 'E');
	if (!*ret_end && !skip(&offset, 'T'))
		return false;
	*ret_s = 0;
	if (!offset.n)
		return true;
	sign = skip(&offset, '-') ? -1 : 1;
	if (sign > 0 && !skip(&offset, '+'))
		return false;
	if (!str_to_i64(str_copy(a, offset), ret_s) || *ret_s < 0)
		return false;
	*ret_s *= sign;
	return true;
}

bool drill_time_form(struct arena *scratch, struct str text)
{
	struct str session;
	int64_t day, ms;
	bool end;

	return of_day(text, &day, &ms) || of_session(scratch, text, &session, &end, &ms);
}

enum rc drill_time_read(struct op *op, const struct drill *d, struct drill_when *io)
{
	struct str session;
	int64_t day, ms;
	bool end;

	if (!io->text.n)
		return RC_OK;
	if (of_day(io->text, &day, &ms)) {
		io->ms = d->first_day_ms + day * DRILL_DAY + ms;
		return RC_OK;
	}
	if (!of_session(op->arena, io->text, &session, &end, &ms))
		return fail(op, RC_BROKEN, "time", "", "时间有误", "the time is wrong");
	for (int i = 0; i < d->nsessions; i++) {
		const struct drill_session *s = &d->sessions[i];

		if (str_is(session, s->id)) {
			io->ms = (end ? s->end_ms : s->start_ms) + ms * DRILL_SECOND;
			return RC_OK;
		}
	}
	return fail(op, RC_INVALID, "time", "", "“%s”：本演练没有这个科次",
	            "\"%s\": this drill has no such session", io->text.s);
}

static enum rc notice_times(struct op *op, const struct drill *d, struct drill_notice *n,
                            size_t count)
{
	for (size_t i = 0; i < count; i++) {
		TRY(drill_time_read(op, d, &n[i].by));
		TRY(drill_time_read(op, d, &n[i].from));
	}
	return RC_OK;
}

static enum rc edit_times(struct op *op, const struct drill *d, struct drill_edit *e, size_t n)
{
	for (; n > 0; n--, e++) {
		struct drill_when *const all[] = {&e->of.at, &e->of.from, &e->of.to, &e->at,
		                                  &e->happened};

		for (size_t j = 0; j < COUNT(all); j++)
			TRY(drill_time_read(op, d, all[j]));
	}
	return RC_OK;
}

enum rc scenario_times(struct op *op, struct drill *d, struct scenario *s)
{
	TRY(edit_times(op, d, s->noise, s->nnoise));
	for (size_t i = 0; i < s->ninjections; i++) {
		struct drill_injection *x = &s->injections[i];

		TRY(edit_times(op, d, x->edits, x->nedits));
		TRY(notice_times(op, d, x->notices, x->nnotices));
	}
	return RC_OK;
}
