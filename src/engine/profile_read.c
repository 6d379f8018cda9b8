/* SPDX-License-Identifier: Apache-2.0 */
/* profile_read.c -- a profile's file, checked whole: the examination, its subjects, its timetable.
 *
 * A wrong timetable opens the wrong bag, so nothing is guessed: unknown members are refused, a
 * half day must agree with its start, and the order in the file is the order of the sessions.
 */
#include "engine/profile_reader.h"

#include "base/clock.h"

enum { MAX_SUBJECTS = 64, MAX_SESSIONS = 64 }; /* three times the largest timetable seen */
enum { OFFSET_UNKNOWN = INT16_MIN };           /* refused: days and half days are not judged */

static enum rc read_subject(const struct spot *top, const struct json *o, size_t i,
                            struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "zh", "en"};
	struct profile_subject *subject = &p->subjects[p->nsubjects];
	struct spot s;
	struct str id;

	TRY(spot_item(top, "subjects", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_has_subject(p, id))
		return field_refuse(&s.at, "id", "与前面的科目重复", "is a subject listed before");
	*subject = (struct profile_subject){.id = id};
	p->nsubjects++;
	return spot_names(&s, true, &subject->zh, &subject->en);
}

static enum rc read_subjects(const struct spot *top, struct profile *p)
{
	const struct json *list;

	TRY(spot_list(top, "subjects", MAX_SUBJECTS, &list));
	p->subjects = arena_array(top->keep, list->count, sizeof(*p->subjects));
	return spot_each(top, list, read_subject, p);
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
	struct str local;
	const char *wanted;
	bool morning;

	if (p->utc_offset_min == OFFSET_UNKNOWN)
		return RC_OK;
	local = clock_format_offset(a, session->start_ms, p->utc_offset_min);
	morning = memcmp(local.s + 11, "12", 2) < 0;
	wanted = str_fmt(a, "%.10s/%s", local.s, morning ? "am" : "pm").s;
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

/* Where a late candidate is stopped, and when. */
static enum rc read_entry(const struct spot *s, struct profile_session *session)
{
	static const char *const ENTRIES[] = {[LATE_ENTRY_GATE] = "gate", [LATE_ENTRY_ROOM] = "room"};
	static const char *const TAKERS[] = {"all", "choosers"};
	size_t entry = LATE_ENTRY_GATE, takers = 0;

	TRY(spot_note(s, spot_bool_maybe(s, "listening", &session->listening)));
	if (json_get(s->o, "late_entry"))
		TRY(spot_note(s, spot_choice(s, "late_entry", ENTRIES, COUNT(ENTRIES), &entry)));
	if (json_get(s->o, "takers"))
		TRY(spot_note(s, spot_choice(s, "takers", TAKERS, COUNT(TAKERS), &takers)));
	session->late_entry = (int)entry;
	session->choosers = takers == 1;
	session->entry_said = json_get(s->o, "entry_closes") != NULL;
	return spot_int_maybe(s, "entry_closes", -86400, 86400, &session->entry_closes_s);
}

static enum rc read_times(const struct spot *s, const struct profile *p,
                          struct profile_session *session)
{
	size_t before = s->faults->total;

	TRY(spot_note(s, read_time(s, "start", &session->start_ms)));
	TRY(spot_note(s, read_time(s, "end", &session->end_ms)));
	if (s->faults->total != before)
		return RC_OK;
	if (session->end_ms <= session->start_ms)
		TRY(spot_note(s, field_refuse(&s->at, "end", "应晚于开始时间",
		                              "must be later than the start")));
	if (p->nsessions > 0 && session->start_ms < session[-1].start_ms)
		TRY(spot_note(s, field_refuse(&s->at, "start", "科次应按开始时间排列",
		                              "sessions must stand in the order of their starts")));
	return read_half_day(s, p, session);
}

static enum rc read_session(const struct spot *top, const struct json *o, size_t i,
                            struct profile *p)
{
	static const char *const MEMBERS[] = {
		"id", "subject", "half_day", "start", "end", "listening", "late_entry", "takers",
		"entry_closes", SPOT_WHY};
	struct profile_session *session = &p->sessions[p->nsessions];
	struct spot s;
	struct str id;

	*session = (struct profile_session){0};
	TRY(spot_item(top, "sessions", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_session(p, id))
		return field_refuse(&s.at, "id", "与前面的科次重复", "is a session listed before");
	session->id = id;
	TRY(spot_note(&s, read_session_subject(&s, p, session)));
	TRY(spot_note(&s, read_times(&s, p, session)));
	TRY(spot_note(&s, read_entry(&s, session)));
	if (json_get(s.o, "source") || json_get(s.o, "sure"))
		TRY(spot_why(&s, false, &session->why));
	p->nsessions++;
	return RC_OK;
}

static enum rc read_sessions(const struct spot *top, struct profile *p)
{
	const struct json *list;

	TRY(spot_list(top, "sessions", MAX_SESSIONS, &list));
	p->sessions = arena_array(top->keep, list->count, sizeof(*p->sessions));
	return spot_each(top, list, read_session, p);
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

	p->utc_offset_min = OFFSET_UNKNOWN;
	TRY(spot_note(top, spot_int(top, "format", 1, 1, &format)));
	TRY(spot_note(top, spot_key(top, "id", &p->id)));
	TRY(spot_note(top, spot_key(top, "exam", &p->exam)));
	TRY(spot_note(top, spot_names(top, true, &p->zh, &p->en)));
	if (!parse_offset(json_str(top->o, "utc_offset"), &p->utc_offset_min))
		return field_refuse(&top->at, "utc_offset", "应为与 UTC 的时差，如 +08:00",
		                    "must be an offset from UTC, like +08:00");
	return RC_OK;
}

/* Every part notes its faults in `top`; what else can go wrong there goes up. */
static enum rc read_parts(const struct spot *top, struct profile *p)
{
	static const char *const MEMBERS[] = {
		"format", "id", "exam", "zh", "en", "utc_offset", "subjects", "sessions", "steps",
		"settings", "ladders", "slots", "rule_set", "offices", "languages", "combinations",
		"items", "decisions", "alarms", "off",
	};

	TRY(spot_note(top, spot_members(top, MEMBERS, COUNT(MEMBERS))));
	if (top->o->type != JSON_OBJECT)
		return RC_OK;
	TRY(spot_note(top, read_head(top, p)));
	TRY(spot_note(top, read_subjects(top, p)));
	TRY(spot_note(top, read_sessions(top, p)));
	TRY(spot_note(top, profile_read_steps(top, p)));
	TRY(spot_note(top, profile_read_settings(top, p)));
	TRY(spot_note(top, profile_read_ladders(top, p)));
	TRY(spot_note(top, profile_read_slots(top, p)));
	return spot_note(top, profile_read_lists(top, p));
}

enum rc profile_read_all(struct op *op, struct arena *keep, struct str bytes, struct profile *ret,
                         struct profile_faults *faults)
{
	struct profile p = {0};
	struct spot top = {{.op = op}, keep, NULL, faults};
	struct json *o;
	enum rc rc = json_read(op, bytes, &o);

	if (rc == RC_INVALID)
		profile_fault(op, faults);
	if (rc != RC_OK)
		return rc;
	top.o = o;
	TRY(read_parts(&top, &p));
	if (faults->total) {
		/* What is told of the file as a whole is the first of them. */
		op->err = faults->first;
		return RC_INVALID;
	}
	p.bytes = str_copy(keep, bytes);
	p.digest = hash_sha256(bytes.s, bytes.n);
	*ret = p;
	return RC_OK;
}

enum rc profile_read(struct op *op, struct arena *keep, struct str bytes, struct profile *ret)
{
	struct profile_faults faults = {0};

	return profile_read_all(op, keep, bytes, ret, &faults);
}
