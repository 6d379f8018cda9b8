/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c -- an examination's file: what is accepted is in order and found by its id, what is
 * refused names its path. */
#include "engine/profile.h"
#include "engine/modules_private.h"
#include "lab.h"

#include "fuzz.h"

static void check_sessions(const struct profile *p)
{
	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *s = &p->sessions[i];

		FUZZ_CHECK(profile_session(p, s->id) == s);
		FUZZ_CHECK(profile_has_subject(p, s->subject));
		FUZZ_CHECK(s->start_ms < s->end_ms && (i == 0 || s[-1].start_ms <= s->start_ms));
		FUZZ_CHECK(s->half_day.n == 13 && s->zh.n > 0 && s->en.n > 0);
		FUZZ_CHECK(profile_next(p, s->start_ms) != NULL);
	}
}

static void check_rules(const struct profile *p)
{
	for (size_t i = 0; i < p->nsteps; i++) {
		const struct profile_step *s = &p->steps[i];

		FUZZ_CHECK(profile_step(p, s->id) == s && s->from_s <= s->to_s && s->every_s >= 0);
		FUZZ_CHECK(s->source.n > 0 && s->sure.n > 0);
	}
	for (size_t i = 0; i < p->nsettings; i++)
		FUZZ_CHECK(profile_setting(p, p->settings[i].id.s, -7) == p->settings[i].value);
	for (int c = 0; c < COLOUR_MAX; c++) {
		const struct profile_ladder *l = profile_ladder(p, c);

		FUZZ_CHECK(l && l->nrungs >= 1 && l->ack_s >= 1);
		FUZZ_CHECK(l->close_by == 2 || (l->close_by == 1 && c < COLOUR_ORANGE));
		for (size_t i = 1; i < l->nrungs; i++)
			FUZZ_CHECK(l->rungs[i - 1].after_s < l->rungs[i].after_s);
	}
}

/* Whatever the slot, some way of filling it is left. */
static void check_slots(const struct profile *p)
{
	int ways = 0;

	for (int how = 0; how < SLOT_HOW_MAX; how++)
		ways += profile_slot_how(p, STR("no.such"), STR("slot"), how);
	FUZZ_CHECK(ways >= 1);
}

/* What is listed is found by its id and says where it comes from. */
static void check_lists(const struct profile *p)
{
	const struct profile_lists *l = &p->lists;

	for (size_t i = 0; i < l->noffices; i++)
		FUZZ_CHECK(profile_office(p, l->offices[i].id) == &l->offices[i]);
	for (size_t i = 0; i < l->nitems; i++)
		FUZZ_CHECK(profile_item(p, l->items[i].id) == &l->items[i] && l->items[i].why.source.n);
	for (size_t i = 0; i < l->ndecisions; i++) {
		FUZZ_CHECK(profile_decision(p, l->decisions[i].id) == &l->decisions[i]);
		FUZZ_CHECK(l->decisions[i].deciders.n > 0 && l->decisions[i].why.source.n);
	}
	for (size_t i = 0; i < l->ncombinations; i++)
		for (size_t k = 0; k < l->combinations[i].subjects.n; k++)
			FUZZ_CHECK(profile_has_subject(p, l->combinations[i].subjects.list[k]));
	for (size_t i = 0; i < l->ncolours; i++)
		FUZZ_CHECK(profile_colour(p, l->colours[i].rule.s, -1) == l->colours[i].colour);
	for (size_t i = 0; i < l->noff; i++)
		FUZZ_CHECK(profile_off(p, l->off[i].module.s) == &l->off[i]);
}

void fuzz_target(struct op *op, struct str in)
{
	struct str bytes = str_copy(op->arena, in);
	struct profile_faults faults = {0};
	struct hash digest;
	struct profile p;
	enum rc rc;

	FUZZ_PAINT(p);
	rc = profile_read_all(op, op->arena, in, &p, &faults);
	FUZZ_CHECK((rc == RC_OK) == (faults.total == 0) && faults.n <= faults.total);
	if (rc != RC_OK) {
		FUZZ_CHECK(str_is(faults.list[0].path, op->err.field));
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(FUZZ_UNTOUCHED(p));
		FUZZ_PLANTED(str_starts(str_of(op->err.field), STR("ladders/2/rungs/0/")));
		FUZZ_CHECK(op->err.field[0] != '\0' || strstr(op->err.en, "line ") ||
		           strstr(op->err.en, "body"));
		return;
	}
	fuzz_spoil(in);
	digest = hash_sha256(bytes.s, bytes.n);
	FUZZ_CHECK(str_eq(p.bytes, bytes) && hash_eq(&p.digest, &digest));
	FUZZ_CHECK(p.utc_offset_min >= -840 && p.utc_offset_min <= 840);
	check_sessions(&p);
	check_rules(&p);
	check_slots(&p);
	check_lists(&p);
	if (profile_fits(op, &p, lab_modules()) != RC_OK)
		fuzz_refused(op, op->err.rc, NULL);
}
