/* SPDX-License-Identifier: Apache-2.0 */
/* form_papers.c -- forms about papers on their way: hand-over, issue. */
#include "http/form_private.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"

/* Of an account "paper.chinese.spare"; PAPER_KIND_MAX: of none that is known. */
static int kind_of(struct str asset)
{
#define X(id, text) text,
	static const char *const KIND[] = {PAPER_KINDS(X)};
#undef X
	size_t at = asset.n;
	int kind = 0;

	while (at > 0 && asset.s[at - 1] != '.')
		at--;
	while (kind < PAPER_KIND_MAX && strcmp(asset.s + at, KIND[kind]) != 0)
		kind++;
	return kind;
}

/* Bags by kind, and copies, of a box; in the sum, of all. */
struct box_sum {
	int64_t of[PAPER_KIND_MAX + 1], n, copies;
};

static struct box_sum box_sum(const struct form_rows *bags, struct str box, struct box_sum *all)
{
	struct box_sum s = {{0}, 0, 0};

	for (size_t i = 0; i < bags->n; i++) {
		int kind = kind_of(form_cell(bags, i, "asset"));
		int64_t copies = form_int(bags, i, "copies");

		if (!str_eq(form_cell(bags, i, "box"), box))
			continue;
		s.of[kind]++;
		s.n++;
		s.copies += copies;
		all->of[kind]++;
		all->n++;
		all->copies += copies;
	}
	return s;
}

/* Nothing stands where there is none: a nought in each cell hides what is there. */
static struct str some(struct form_list *l, int64_t n)
{
	return n ? form_number(l, n) : STR("");
}

static struct str total_words(struct form_list *l, size_t boxes, const struct box_sum *all)
{
	static const char *const KIND[PAPER_KIND_MAX + 1] = {
		[PAPER_PAPER] = "试卷", [PAPER_SPARE] = "备用卷", [PAPER_CARD] = "答题卡",
		[PAPER_SCRATCH] = "草稿纸", [PAPER_BARCODE] = "条形码", [PAPER_LISTENING] = "听力介质",
		[PAPER_SECOND] = "副题", [PAPER_KIND_MAX] = "其他",
	};
	const char *between = "（";
	struct strbuf b;

	strbuf_init(&b, l->op->arena);
	strbuf_addf(&b, "%zu 箱　%lld 袋", boxes, (long long)all->n);
	for (size_t i = 0; i <= PAPER_KIND_MAX; i++)
		if (all->of[i]) {
			strbuf_addf(&b, "%s%s %lld", between, KIND[i], (long long)all->of[i]);
			between = "、";
		}
	strbuf_addf(&b, "%s　%lld 份", all->n ? "）" : "", (long long)all->copies);
	return strbuf_str(&b);
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
	struct box_sum all = {{0}, 0, 0};

	TRY(form_rows(l, "custody/boxes", &boxes));
	TRY(form_rows(l, "custody/bags", &bags));
	list = arena_array(l->op->arena, boxes.n ? boxes.n : 1, sizeof(*list));
	for (size_t i = 0; i < boxes.n; i++) {
		struct box_sum s = box_sum(&bags, form_cell(&boxes, i, "code"), &all);
		int64_t named = s.of[PAPER_PAPER] + s.of[PAPER_SPARE] + s.of[PAPER_CARD];

		list[i] = (struct handover_box){
			.code = form_cell(&boxes, i, "code"),
			.destined = form_place(l, form_cell(&boxes, i, "destined")),
			.papers = some(l, s.of[PAPER_PAPER]), .spares = some(l, s.of[PAPER_SPARE]),
			.cards = some(l, s.of[PAPER_CARD]), .others = some(l, s.n - named),
			.copies = form_number(l, s.copies),
		};
	}
	*f = (struct handover_form){
		.at = form_subject(l, l->ask->place), .holder = holder_word(l, &boxes), .boxes = list,
		.n = boxes.n, .total = total_words(l, boxes.n, &all),
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
		bool reserve = rooms[i].kind == ROOM_RESERVE; /* waits for candidates of others */

		if (rooms[i].kind == ROOM_WAITING) /* nobody writes there */
			continue;
		rows[kept++] = (struct issue_row){
			.room = form_room(l, rooms[i].room), .kind = str_of(KIND_WORDS[rooms[i].kind]),
			.seats = reserve ? STR("—") : form_number(l, rooms[i].seats),
			.bag = b ? b->bag : STR(""),
			.copies = b ? form_number(l, b->copies) : STR(""),
		};
		seats += reserve ? 0 : rooms[i].seats;
	}
	*f = (struct issue_form){
		.at = form_subject(l, site), .rows = rows, .n = kept,
		.total = str_fmt(l->op->arena, "考场 %zu 个　应考 %lld 人　实发　　　　袋", kept, (long long)seats),
	};
	form_add(l, site, issue_draw, f);
	return RC_OK;
}
