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

int64_t profile_setting(const struct profile *p, const char *id, int64_t absent)
{
	struct str want = str_of(id);

	for (size_t i = 0; i < p->nsettings; i++)
		if (str_eq(p->settings[i].id, want))
			return p->settings[i].value;
	return absent;
}

int64_t profile_step_from(const struct profile_step *s)
{
	return s->from_s - s->early_s;
}

int64_t profile_step_to(const struct profile_step *s)
{
	return s->to_s + s->late_s;
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

const struct profile_office *profile_office(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->lists.noffices; i++)
		if (str_eq(p->lists.offices[i].id, id))
			return &p->lists.offices[i];
	return NULL;
}

const struct profile_language *profile_language(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->lists.nlanguages; i++)
		if (str_eq(p->lists.languages[i].id, id))
			return &p->lists.languages[i];
	return NULL;
}

const struct profile_combination *profile_combination(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->lists.ncombinations; i++)
		if (str_eq(p->lists.combinations[i].id, id))
			return &p->lists.combinations[i];
	return NULL;
}

const struct profile_item *profile_item(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->lists.nitems; i++)
		if (str_eq(p->lists.items[i].id, id))
			return &p->lists.items[i];
	return NULL;
}

const struct profile_decision *profile_decision(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->lists.ndecisions; i++)
		if (str_eq(p->lists.decisions[i].id, id))
			return &p->lists.decisions[i];
	return NULL;
}

const struct profile_off *profile_off(const struct profile *p, const char *module)
{
	for (size_t i = 0; i < p->lists.noff; i++)
		if (str_is(p->lists.off[i].module, module))
			return &p->lists.off[i];
	return NULL;
}

int profile_colour(const struct profile *p, const char *rule, int own)
{
	for (size_t i = 0; i < p->lists.ncolours; i++)
		if (str_is(p->lists.colours[i].rule, rule))
			return p->lists.colours[i].colour;
	return own;
}
