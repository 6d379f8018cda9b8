/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c -- questions to a profile that was read.  Its lists are short: they are walked. */
#include "engine/profile.h"

#include "engine/module.h"

const struct profile_session *profile_session(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->nsessions; i++)
		if (str_eq(p->sessions[i].id, id))
			return &p->sessions[i];
	return NULL;
}

const struct profile_step *profile_step(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->nsteps; i++)
		if (str_eq(p->steps[i].id, id))
			return &p->steps[i];
	return NULL;
}

bool profile_has_subject(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->nsubjects; i++)
		if (str_eq(p->subjects[i].id, id))
			return true;
	return false;
}

int64_t profile_setting(const struct profile *p, const char *id, int64_t fallback)
{
	for (size_t i = 0; i < p->nsettings; i++)
		if (str_is(p->settings[i].id, id))
			return p->settings[i].value;
	return fallback;
}

const struct profile_ladder *profile_ladder(const struct profile *p, int colour)
{
	for (size_t i = 0; i < p->nladders; i++)
		if (p->ladders[i].colour == colour)
			return &p->ladders[i];
	return NULL;
}

static bool is_slot(struct str name, struct str command, struct str slot)
{
	return name.n == command.n + 1 + slot.n && memcmp(name.s, command.s, command.n) == 0 &&
	       name.s[command.n] == '/' && memcmp(name.s + command.n + 1, slot.s, slot.n) == 0;
}

bool profile_slot_how(const struct profile *p, struct str command, struct str slot, int how)
{
	uint32_t hows = 0;

	assert(how >= 0 && how < SLOT_HOW_MAX);
	for (size_t i = 0; i < p->nslot_hows; i++) {
		if (is_slot(p->slot_names[i], command, slot)) {
			hows = p->slot_hows[i];
			break; /* its own row goes before the default */
		}
		if (str_is(p->slot_names[i], "*"))
			hows = p->slot_hows[i];
	}
	return hows >> how & 1;
}

const struct profile_session *profile_next(const struct profile *p, int64_t t_ms)
{
	const struct profile_session *first = p->sessions;

	/* Sessions stand by start, those of a half day together: the first that has not ended lies
	 * in the half day asked for. */
	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *s = &p->sessions[i];

		if (!str_eq(s->half_day, first->half_day))
			first = s;
		if (s->end_ms > t_ms)
			return first;
	}
	return NULL;
}
