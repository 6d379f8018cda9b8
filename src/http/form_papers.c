/* SPDX-License-Identifier: Apache-2.0 */
/* form_papers.c -- forms about papers on their way: hand-over, issue. */
#include "http/form_private.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"

/* Bags and copies of a box. */
static void box_sum(const struct form_rows *bags, struct str box, int64_t *ret_n,
                    int64_t *ret_copies)
{
	int64_t n = 0, copies = 0;

	for (size_t i = 0; i < bags->n; i++)
		if (str_eq(form_cell(bags, i, "box"), box)) {
			n++;
			copies += form_int(bags, i, "copies");
		}
	*ret_n = n;
	*ret_copies = copies;
}

static struct str holder_word(struct form_list *l, const struct form_rows *boxes)
{
	struct str holder = boxes->n ? form_cell(boxes, 0, "holder") : STR("");

	for (size_t i = 1; i < boxes->n; i++)
		if (!str_eq(holder, form_cell(boxes, i, "holder")))
			return STR(""); /* of several hands: to be written */
	return holder.n && place_path_valid(holder) ? form_place(l, holder) : holder;
}

enum rc form_handover(struct form_list *l)
{
	struct handover_form *f = ARENA_NEW(l->op->arena, struct handover_form);
	struct form_rows boxes, bags;
	struct handover_box *list;
	int64_t nbags = 0, ncopies = 0;

	TRY(form_rows(l, "custody/boxes", &boxes));
	TRY(form_rows(l, "custody/bags", &bags));
	list = arena_array(l->op->arena, boxes.n ? boxes.n : 1, sizeof(*list));
	for (size_t i = 0; i < boxes.n; i++) {
		int64_t n, copies;

		box_sum(&bags, form_cell(&boxes, i, "code"), &n, &copies);
		list[i] = (struct handover_box){
			.code = form_cell(&boxes, i, "code"), .session = form_session(l, l->ask->session),
			.destined = form_place(l, form_cell(&boxes, i, "destined")),
			.bags = form_number(l, n), .copies = form_number(l, copies),
		};
		nbags += n;
		ncopies += copies;
	}
	*f = (struct handover_form){
		.at = form_subject(l, l->ask->place), .holder = holder_word(l, &boxes), .boxes = list,
		.n = boxes.n,
		.total = str_fmt(l->op->arena, "%zu 箱　%lld 袋　%lld 份", boxes.n, (long long)nbags,
		                 (long long)ncopies),
	};
	if (!boxes.n)
		f->total = STR("");
	form_add(l, l->ask->place, handover_draw, f);
	return RC_OK;
}

static const char *const KIND_WORDS[ROOM_KIND_MAX] = {
	[ROOM_NORMAL] = "普通", [ROOM_SPECIAL] = "合理便利", [ROOM_RESERVE] = "备用", [ROOM_WAITING] = "候考区",
};

/* The bag of papers that is already known to be of this room. */
static const struct custody_line *bag_of(const struct custody_line *b, size_t n, struct str room)
{
	for (size_t i = 0; i < n; i++)
		if (b[i].kind == PAPER_PAPER && str_eq(b[i].room, room))
			return &b[i];
	return NULL;
}

/* Which bag a room was given is for whoever may read that; a site's own sheet leaves room for the
 * numbers, which are written as they are handed out. */
static bool sees_bags(struct form_list *l, struct str site)
{
	static const char *const BAGS[] = {"custody/bags", NULL};
	const struct form_kind bags = {.views = BAGS};

	return !l->ask->who.v || form_may(l->op, l->desk->modules, &bags, l->ask->who, site);
}

enum rc form_issue(struct form_list *l)
{
	struct issue_form *f = ARENA_NEW(l->op->arena, struct issue_form);
	struct str site = place_cut(l->op->arena, l->ask->place, LEVEL_SITE);
	struct custody_line *bags = NULL;
	struct room_plan *rooms;
	struct issue_row *rows;
	size_t nbags = 0, n, kept = 0;
	int64_t seats = 0;

	if (sees_bags(l, site))
		TRY(custody_session_lines(l->op, l->ask->session, site, &bags, &nbags));
	TRY(arrange_rooms(l->op, l->ask->session, site, &rooms, &n));
	rows = arena_array(l->op->arena, n ? n : 1, sizeof(*rows));
	for (size_t i = 0; i < n; i++) {
		const struct custody_line *b = bag_of(bags, nbags, rooms[i].room);

		if (rooms[i].kind == ROOM_WAITING) /* nobody writes there */
			continue;
		rows[kept++] = (struct issue_row){
			.room = form_room(l, rooms[i].room), .kind = str_of(KIND_WORDS[rooms[i].kind]),
			.seats = form_number(l, rooms[i].seats), .bag = b ? b->bag : STR(""),
			.copies = b ? form_number(l, b->copies) : STR(""),
		};
		seats += rooms[i].seats;
	}
	*f = (struct issue_form){
		.at = form_subject(l, site), .rows = rows, .n = kept,
		.total = str_fmt(l->op->arena, "考场 %zu 个　应考 %lld 人　实发　　　　袋", kept, (long long)seats),
	};
	form_add(l, site, issue_draw, f);
	return RC_OK;
}
