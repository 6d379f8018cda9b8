/* SPDX-License-Identifier: Apache-2.0 */
/* combination.c -- what the profile says of subjects to choose, languages, and doors.
 *
 * Settings: exam.elective.SUBJECT is the group (1..9) in which the subject is chosen,
 * exam.choose.GROUP how many of that group, exam.language.LANGUAGE is 1 for a language that may be
 * sat, exam.extra_time.KIND the most extra time in percent.
 */
#include "domain/exam/candidate.h"

enum { GROUPS = 10 };

static int64_t setting_of(const struct profile *p, const char *prefix, struct str key,
                          int64_t fallback)
{
	char mem[128];
	int n = snprintf(mem, sizeof(mem), "%s%.*s", prefix, (int)key.n, key.s);

	return n > 0 && (size_t)n < sizeof(mem) ? profile_setting(p, mem, fallback) : fallback;
}

static int64_t group_of(const struct profile *p, struct str subject)
{
	int64_t g = setting_of(p, "exam.elective.", subject, 0);

	return g > 0 && g < GROUPS ? g : 0;
}

/* The next part of a combination; false at the end. */
static bool part_next(struct str *rest, struct str *ret)
{
	size_t n = 0;

	if (!rest->n)
		return false;
	while (n < rest->n && rest->s[n] != '.')
		n++;
	*ret = (struct str){rest->s, n};
	n += n < rest->n;
	*rest = (struct str){rest->s + n, rest->n - n};
	return true;
}

bool exam_takes(const struct profile *p, struct str combination, struct str subject)
{
	struct str rest = combination, part;

	if (!group_of(p, subject))
		return true;
	while (part_next(&rest, &part))
		if (str_eq(part, subject))
			return true;
	return false;
}

static bool setting_starts(const struct profile *p, const char *prefix)
{
	for (size_t i = 0; i < p->nsettings; i++)
		if (str_starts(p->settings[i].id, str_of(prefix)))
			return true;
	return false;
}

/* Each part once, each group as many times as it says. */
bool combination_valid(const struct profile *p, struct str combination)
{
	int64_t chosen[GROUPS] = {0};
	struct str rest = combination, part;

	if (combination.n && profile_combination(p, combination))
		return true; /* named as it stands: no settings to look through */
	while (part_next(&rest, &part)) {
		struct str after = rest, other;
		int64_t g = group_of(p, part);

		if (!g)
			return false;
		while (part_next(&after, &other))
			if (str_eq(other, part))
				return false;
		chosen[g]++;
	}
	for (int g = 1; g < GROUPS; g++) {
		char key[2] = {(char)('0' + g), 0};

		if (chosen[g] != setting_of(p, "exam.choose.", (struct str){key, 1}, chosen[g]))
			return false;
	}
	return combination.n > 0 || !setting_starts(p, "exam.elective.");
}

bool language_valid(const struct profile *p, struct str language)
{
	if (profile_language(p, language) || !setting_starts(p, "exam.language."))
		return true;
	return setting_of(p, "exam.language.", language, 0) == 1;
}

int64_t extra_time_most(const struct profile *p, enum accommodation_kind kind)
{
	int64_t other = profile_setting(p, "exam.extra_time.other", 0);

	return setting_of(p, "exam.extra_time.", str_of(accommodation_text(kind)), other);
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
