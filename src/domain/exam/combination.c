/* SPDX-License-Identifier: Apache-2.0 */
/* combination.c -- what the profile says of combinations, languages, extra time and doors.
 *
 * The setting exam.extra_time.KIND is the most extra time of a kind in percent, else
 * exam.extra_time.other.
 */
#include "domain/exam/candidate.h"

static bool has(const struct profile_names *names, struct str id)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->list[i], id))
			return true;
	return false;
}

bool exam_takes(const struct profile *p, struct str combination, struct str subject)
{
	const struct profile_combination *c = profile_combination(p, combination);

	return !p->lists.ncombinations || (c && has(&c->subjects, subject));
}

bool combination_valid(const struct profile *p, struct str combination)
{
	if (!combination.n)
		return p->lists.ncombinations == 0;
	return profile_combination(p, combination) != NULL;
}

bool language_valid(const struct profile *p, struct str language)
{
	return !p->lists.nlanguages || profile_language(p, language);
}

int64_t extra_time_most(const struct profile *p, enum accommodation_kind kind)
{
	int64_t other = profile_setting(p, "exam.extra_time.other", 0);
	char id[64];
	int n = snprintf(id, sizeof(id), "exam.extra_time.%s", accommodation_text(kind));

	return n > 0 && (size_t)n < sizeof(id) ? profile_setting(p, id, other) : other;
}

static const struct profile_step *door_step(const struct profile *p, enum exam_door door,
                                            struct str subject)
{
	const char *id = door == EXAM_GATE ? "exam.entry_gate" : "exam.entry_room";
	const struct profile_step *own;
	char mem[128];
	int n = snprintf(mem, sizeof(mem), "%s.%.*s", id, (int)subject.n, subject.s);

	own = n > 0 && (size_t)n < sizeof(mem) ? profile_step(p, (struct str){mem, (size_t)n}) : NULL;
	return own ? own : profile_step(p, str_of(id));
}

bool exam_entry(const struct profile *p, struct str session, enum exam_door door,
                int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	const struct profile_session *s = profile_session(p, session);
	const struct profile_step *step = s ? door_step(p, door, s->subject) : NULL;
	int64_t anchor;

	if (!step)
		return false;
	anchor = step->anchor == ANCHOR_E ? s->end_ms : s->start_ms;
	*ret_from_ms = anchor + step->from_s * 1000;
	*ret_to_ms = anchor + step->to_s * 1000;
	if (s->entry_said && (s->late_entry == LATE_ENTRY_GATE) == (door == EXAM_GATE))
		*ret_to_ms = s->start_ms + s->entry_closes_s * 1000;
	return true;
}

int64_t exam_end_ms(const struct profile_session *s, int64_t extra_percent)
{
	return s->end_ms + (s->end_ms - s->start_ms) / 100 * extra_percent;
}
