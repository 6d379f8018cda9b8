/* SPDX-License-Identifier: Apache-2.0 */
/* form_site.c -- forms of a site and session: spare papers, violations, 零报告, box labels. */
#include "http/form_private.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"

enum rc form_spare(struct form_list *l)
{
	struct spare_form *f = ARENA_NEW(l->op->arena, struct spare_form);
	struct str site = place_cut(l->op->arena, l->ask->place, LEVEL_SITE);
	struct custody_line *b;
	struct str *c;
	size_t n, kept = 0;

	TRY(custody_session_lines(l->op, l->ask->session, site, &b, &n));
	c = arena_array(l->op->arena, n * 3 + 1, sizeof(*c));
	for (size_t i = 0; i < n; i++) {
		if (b[i].kind != PAPER_SPARE)
			continue;
		c[kept * 3] = b[i].bag;
		c[kept * 3 + 1] = form_number(l, b[i].copies);
		c[kept++ * 3 + 2] = form_number(l, b[i].used);
	}
	*f = (struct spare_form){.at = form_subject(l, site), .bags = {c, kept}};
	form_add(l, site, spare_draw, f);
	return RC_OK;
}

static struct str site_of(struct form_list *l, struct str place)
{
	return form_place(l, place_cut(l->op->arena, place, LEVEL_SITE));
}

static void add_violation(struct form_list *l, const struct form_rows *r, size_t i)
{
	struct violation_form *f = ARENA_NEW(l->op->arena, struct violation_form);
	struct str room = form_cell(r, i, "room");

	*f = (struct violation_form){
		.at = form_subject(l, room), .site = site_of(l, room), .room = form_room(l, room),
		.candidate = form_cell(r, i, "candidate"), .what = form_word(r, i, "code"),
		.items = form_cell(r, i, "items"), .receipt = form_cell(r, i, "receipt"),
		.entry = form_number(l, form_int(r, i, "id") & 0x1ffffffff), /* the index in an id */
	};
	form_add(l, room, violation_draw, f);
}

/* Those that are recorded; else an empty one. */
enum rc form_violation(struct form_list *l)
{
	struct violation_form *f = ARENA_NEW(l->op->arena, struct violation_form);
	struct form_rows r;

	TRY(form_rows(l, "sitting/violations", &r));
	for (size_t i = 0; i < r.n; i++)
		add_violation(l, &r, i);
	if (r.n)
		return RC_OK;
	f->at = form_subject(l, l->ask->place);
	f->site = site_of(l, l->ask->place);
	if (place_level(l->ask->place) == LEVEL_ROOM)
		f->room = form_room(l, l->ask->place);
	form_add(l, l->ask->place, violation_draw, f);
	return RC_OK;
}

static struct str counted(struct form_list *l, const struct form_rows *r, size_t i,
                          const char *column, const char *unit)
{
	struct str n = form_cell(r, i, column);

	return n.n ? str_fmt(l->op->arena, STR_FMT " %s", STR_ARG(n), unit) : n;
}

enum rc form_zero(struct form_list *l)
{
	struct zero_form *f = ARENA_NEW(l->op->arena, struct zero_form);
	struct form_rows r;

	TRY(form_rows(l, "duty/zeros", &r));
	f->at = form_subject(l, l->ask->place);
	for (size_t i = 0; i < r.n; i++)
		if (str_eq(form_cell(&r, i, "place"), l->ask->place)) {
			f->expected = counted(l, &r, i, "expected", "人");
			f->present = counted(l, &r, i, "present", "人");
			f->absent = counted(l, &r, i, "absent", "人");
			f->violations = counted(l, &r, i, "violations", "人次");
			f->incidents = counted(l, &r, i, "incidents", "起");
			f->spares = counted(l, &r, i, "spares", "份");
			f->listening = counted(l, &r, i, "listening_faults", "起");
			f->store = counted(l, &r, i, "store_findings", "起");
			f->exceptions = counted(l, &r, i, "exceptions", "件");
			f->reported = form_time(l, form_int(&r, i, "at_ms"));
		}
	form_add(l, l->ask->place, zero_draw, f);
	return RC_OK;
}

static int64_t bags_in(const struct form_rows *bags, struct str box)
{
	int64_t n = 0;

	for (size_t i = 0; i < bags->n; i++)
		n += str_eq(form_cell(bags, i, "box"), box);
	return n;
}

enum rc form_labels(struct form_list *l)
{
	struct label_form *f = ARENA_NEW(l->op->arena, struct label_form);
	struct form_rows boxes, bags;
	struct box_label *b;

	TRY(form_rows(l, "custody/boxes", &boxes));
	TRY(form_rows(l, "custody/bags", &bags));
	b = arena_array(l->op->arena, boxes.n + 1, sizeof(*b));
	for (size_t i = 0; i < boxes.n; i++) {
		struct str code = form_cell(&boxes, i, "code"), to = form_cell(&boxes, i, "destined");
		struct form_subject at = form_subject(l, to);

		b[i] = (struct box_label){
			.code = code, .session = at.session, .when = at.when, .destined = at.place, .path = to,
			.bags = str_fmt(l->op->arena, "%lld 袋", (long long)bags_in(&bags, code)),
		};
	}
	*f = (struct label_form){b, boxes.n};
	form_add(l, l->ask->place, labels_draw, f);
	return RC_OK;
}
