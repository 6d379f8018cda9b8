/* SPDX-License-Identifier: Apache-2.0 */
/* spoil.c -- nonsense: an act that was sensible gets one fault, as people and programs make them.
 *
 * Orders must refuse it, facts must record it or refuse its form; either way every database must
 * say the same.
 */
#include "generator/gen.h"

static void wrong_sender(struct gen *g, struct plan *p)
{
	p->actor = anybody(g);
}

static void a_signature_short(struct gen *g, struct plan *p)
{
	if (p->nslots) {
		p->slot[dice(g, p->nslots)] = p->slot[p->nslots - 1];
		p->nslots--;
	}
}

static void another_signer(struct gen *g, struct plan *p)
{
	if (p->nslots)
		p->slot[dice(g, p->nslots)].person = anybody(g);
}

static void nobody_signs(struct gen *g, struct plan *p)
{
	(void)g;
	p->nslots = 0;
}

static void twice_the_same(struct gen *g, struct plan *p)
{
	if (p->nslots >= 2)
		p->slot[0].person = p->slot[1 + dice(g, p->nslots - 1)].person;
}

static void an_unknown_slot(struct gen *g, struct plan *p)
{
	add_slot(g, p, "onlooker", anybody(g));
}

static void a_forged_signature(struct gen *g, struct plan *p)
{
	p->bad_signature = true;
	if (p->nslots)
		p->slot[dice(g, p->nslots)].how = SLOT_KEY;
}

static void another_place(struct gen *g, struct plan *p)
{
	if (json_get(p->data, "place"))
		set_str(g, p, "place", spot(g, NULL));
}

static void an_unknown_member(struct gen *g, struct plan *p)
{
	set_int(g, p, "shoe_size", 43);
}

static const struct field *some_field(struct gen *g, const struct plan *p)
{
	return p->c->nfields ? &p->c->fields[dice(g, p->c->nfields)] : NULL;
}

static void a_member_short(struct gen *g, struct plan *p)
{
	const struct field *f = some_field(g, p);

	if (f)
		json_set_null(&g->scratch, p->data, f->name);
}

static void out_of_range(struct gen *g, struct plan *p)
{
	const struct field *f = some_field(g, p);

	if (f && f->type == F_INT)
		set_int(g, p, f->name, (f->max ? f->max : LIMIT_INT - 1) + 1);
	else if (f && (f->type == F_CODE || f->type == F_PLACE || f->type == F_KEY))
		set_str(g, p, f->name, STR("不是编号"));
	else if (f && (f->type == F_ID || f->type == F_PERSON))
		set_int(g, p, f->name, 4711);
}

static void an_unknown_code(struct gen *g, struct plan *p)
{
	for (size_t i = 0; i < p->c->nfields; i++)
		if (p->c->fields[i].type == F_CODE && p->c->fields[i].ref) {
			set_str(g, p, p->c->fields[i].name, new_code(g, "X"));
			return;
		}
	out_of_range(g, p);
}

/* Everything drawn anew: right in form, and hardly ever in its circumstances. */
static void another_story(struct gen *g, struct plan *p)
{
	p->data = fill_fields(g, p->c->fields, p->c->nfields, p->place);
}

static void written_down_late(struct gen *g, struct plan *p)
{
	p->source = SOURCE_PAPER;
	p->happened_ms = clock_now_ms(&g->clock) - 1000 * (int64_t)dice(g, 4 * 86400);
}

static void in_the_future(struct gen *g, struct plan *p)
{
	p->happened_ms = clock_now_ms(&g->clock) + 1000 * (int64_t)dice(g, 7200);
}

static void from_another_device(struct gen *g, struct plan *p)
{
	struct row r;

	if (drawf(g, &r, "SELECT id FROM device WHERE id > 2 ORDER BY id"))
		p->device = r.i[0];
	if (chance(g, 30))
		p->chain_fault = 1 + (int)dice(g, 2);
}

static const struct fault {
	int weight;
	void (*make)(struct gen *g, struct plan *p);
} FAULTS[] = {
	{8, wrong_sender}, {14, a_signature_short}, {6, another_signer}, {3, nobody_signs},
	{3, twice_the_same}, {2, an_unknown_slot}, {6, a_forged_signature}, {6, another_place},
	{3, an_unknown_member}, {4, a_member_short}, {5, out_of_range}, {8, an_unknown_code},
	{12, another_story}, {6, written_down_late}, {3, in_the_future}, {8, from_another_device},
};

/* With or without somebody who may allow it. */
void ask_exception(struct gen *g, struct plan *p)
{
	static const char *const ROLES[] = {"exception_approver", NULL};
	static const struct slot APPROVER = {.name = "approver", .count = 1, .roles = ROLES};

	p->reason = some_text(g);
	if (chance(g, 80))
		fill_slot(g, p, &APPROVER, 1);
}

void spoil_plan(struct gen *g, struct plan *p)
{
	int sum = 0, at;

	if (p->c->kind != FACT && chance(g, 25)) {
		ask_exception(g, p);
		return;
	}
	for (size_t i = 0; i < COUNT(FAULTS); i++)
		sum += FAULTS[i].weight;
	at = (int)dice(g, (uint64_t)sum);
	for (size_t i = 0; i < COUNT(FAULTS); i++) {
		at -= FAULTS[i].weight;
		if (at < 0) {
			FAULTS[i].make(g, p);
			return;
		}
	}
}
