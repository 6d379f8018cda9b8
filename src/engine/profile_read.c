/* SPDX-License-Identifier: Apache-2.0 */
/* profile_read.c -- a profile's file, checked whole: the examination, its subjects, its timetable.
 *
 * A wrong timetable opens the wrong bag, so nothing is guessed: unknown members are refused, a
 * half day must agree with its start, and the order in the file is the order of the sessions.
 */
#include "engine/profile_reader.h"

#include "base/clock.h"

enum { MAX_SUBJECTS = 64, MAX_SESSIONS = 64 }; /* three times the largest timetable seen */

static enum rc read_subject(const struct spot *top, const struct json *o, size_t i,
                            struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "zh", "en"};
	struct profile_subject *subject = &p->subjects[i];
	struct spot s;
	struct str id;

	TRY(spot_item(top, "subjects", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_has_subject(p, id))
		return field_refuse(&s.at, "id", "与前面的科目重复", "is a subject listed before");
	subject->id = id;
	p->nsubjects = i + 1;
	return spot_names(&s, true, &subject->zh, &subject->en);
}

static enum rc read_subjects(const struct spot *top, struct profile *p)
{
	const struct json *list;
	size_t i = 0;

	TRY(spot_list(top, "subjects", MAX_SUBJECTS, &list));
	p->subjects = arena_array(top->keep, list->count, sizeof(*p->subjects));
	for (const struct json *o = list->first; o; o = o->next)
		TRY(read_subject(top, o, i++, p));
	return RC_OK;
}

static enum rc read_time(const struct spot *s, const char *name, int64_t *ret)
{
	if (!clock_parse(json_str(s->o, name), ret))
		return field_refuse(&s->at, name,
		                    "应为带时区的时间，如 2025-06-07T09:00:00+08:00",
		                    "must be a time with offset, like 2025-06-07T09:00:00+08:00");
	return RC_OK;
}

/* "2025-06-07/am": the local day of the start, and its side of noon. */
static enum rc read_half_day(const struct spot *s, const struct profile *p,
                             struct profile_session *session)
{
	struct arena *a = s->at.op->arena;
	struct str local = clock_format_offset(a, session->start_ms, p->utc_offset_min);
	bool morning = memcmp(local.s + 11, "12", 2) < 0;
	const char *wanted = str_fmt(a, "%.10s/%s", local.s, morning ? "am" : "pm").s;

	if (!str_is(json_str(s->o, "half_day"), wanted))
		return field_refuse(&s->at, "half_day", str_fmt(a, "应与开始时间一致：%s", wanted).s,
		                    str_fmt(a, "must agree with the start: %s", wanted).s);
	session->half_day = str_copy(s->keep, str_of(wanted));
	return RC_OK;
}

static enum rc read_session_subject(const struct spot *s, const struct profile *p,
                                    struct profile_session *session)
{
	struct str id = json_str(s->o, "subject");

	for (size_t i = 0; i < p->nsubjects; i++) {
		const struct profile_subject *subject = &p->subjects[i];

		if (!str_eq(subject->id, id))
			continue;
		session->subject = subject->id;
		session->zh = subject->zh; /* unless the session has names of its own */
		session->en = subject->en;
		return spot_names(s, false, &session->zh, &session->en);
	}
	return field_refuse(&s->at, "subject", "应为 subjects 中的科目",
	                    "must be one of the subjects");
}

static enum rc read_session(const struct spot *top, const struct json *o, size_t i,
                            struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "subject", "half_day", "start", "end", "zh",
	                                      "en"};
	struct profile_session *session = &p->sessions[i];
	struct spot s;
	struct str id;

	TRY(spot_item(top, "sessions", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_session(p, id))
		return field_refuse(&s.at, "id", "与前面的科次重复", "is a session listed before");
	session->id = id;
	TRY(read_session_subject(&s, p, session));
	TRY(read_time(&s, "start", &session->start_ms));
	TRY(read_time(&s, "end", &session->end_ms));
	if (session->end_ms <= session->start_ms)
		return field_refuse(&s.at, "end", "应晚于开始时间", "must be later than the start");
	if (i > 0 && session->start_ms < session[-1].start_ms)
		return field_refuse(&s.at, "start", "科次应按开始时间排列",
		                    "sessions must stand in the order of their starts");
	TRY(read_half_day(&s, p, session));
	p->nsessions = i + 1;
	return RC_OK;
}

static enum rc read_sessions(const struct spot *top, struct profile *p)
{
	const struct json *list;
	size_t i = 0;

	TRY(spot_list(top, "sessions", MAX_SESSIONS, &list));
	p->sessions = arena_array(top->keep, list->count, sizeof(*p->sessions));
	for (const struct json *o = list->first; o; o = o->next)
		TRY(read_session(top, o, i++, p));
	return RC_OK;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "+08:00" -> 480, within +-14 h. */
static bool parse_offset(struct str t, int *ret)
{
	int minutes;

	if (t.n != 6 || (t.s[0] != '+' && t.s[0] != '-') || t.s[3] != ':' || !is_digit(t.s[1]) ||
	    !is_digit(t.s[2]) || !is_digit(t.s[4]) || !is_digit(t.s[5]) || t.s[4] > '5')
		return false;
	minutes = ((t.s[1] - '0') * 10 + t.s[2] - '0') * 60 + (t.s[4] - '0') * 10 + t.s[5] - '0';
	if (minutes > 14 * 60)
		return false;
	*ret = t.s[0] == '-' ? -minutes : minutes;
	return true;
}

static enum rc read_head(const struct spot *top, struct profile *p)
{
	int64_t format;

	TRY(spot_int(top, "format", 1, 1, &format));
	TRY(spot_key(top, "id", &p->id));
	TRY(spot_key(top, "exam", &p->exam));
	TRY(spot_names(top, true, &p->zh, &p->en));
	if (!parse_offset(json_str(top->o, "utc_offset"), &p->utc_offset_min))
		return field_refuse(&top->at, "utc_offset", "应为与 UTC 的时差，如 +08:00",
		                    "must be an offset from UTC, like +08:00");
	return RC_OK;
}

enum rc profile_read(struct op *op, struct arena *keep, struct str bytes, struct profile *ret)
{
	static const char *const MEMBERS[] = {
		"format", "id", "exam", "zh", "en", "utc_offset", "subjects", "sessions", "steps",
		"settings", "ladders", "slots",
	};
	struct profile p = {0};
	struct spot top = {{.op = op}, keep, NULL};
	struct json *o;

	TRY(json_read(op, bytes, &o));
	top.o = o;
	TRY(spot_members(&top, MEMBERS, COUNT(MEMBERS)));
	TRY(read_head(&top, &p));
	TRY(read_subjects(&top, &p));
	TRY(read_sessions(&top, &p));
	TRY(profile_read_steps(&top, &p));
	TRY(profile_read_settings(&top, &p));
	TRY(profile_read_ladders(&top, &p));
	TRY(profile_read_slots(&top, &p));
	p.bytes = str_copy(keep, bytes);
	p.digest = hash_sha256(bytes.s, bytes.n);
	*ret = p;
	return RC_OK;
}
