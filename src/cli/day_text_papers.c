/* SPDX-License-Identifier: Apache-2.0 */
/* day_text_papers.c -- the day's papers for people: what does not balance and where that arose,
 * what each session used, and who holds what now; see day_text.h.
 */
#include "cli/day_text.h"

#include "cli/gap.h"
#include "cli/labels.h"

enum { GAPS_SHOWN = 12, HOLDERS_SHOWN = 30 };

/* Where that bag's difference arose, under its line. */
static void print_origin(struct cli *c, const struct json *papers, struct str bag)
{
	for (const struct json *o = json_get(papers, "differences")->first; o; o = o->next)
		if (str_eq(json_str(o, "code"), bag))
			gap_say(c, o);
}

static bool is_unbalanced(const struct json *papers, struct str code)
{
	for (const struct json *o = json_get(papers, "unbalanced")->first; o; o = o->next)
		if (str_eq(json_str(o, "bag"), code))
			return true;
	return false;
}

static void print_gap(struct cli *c, const struct json *papers, const struct json *o)
{
	long long lacks = day_num(o, "short");
	struct str room = json_str(o, "room");

	cli_say(c, "  不平：%s  %s %lld 份  考场 %s %s", "  unbalanced: %s, %s %lld, room %s %s",
	        json_str(o, "bag").s,
	        lacks < 0 ? cli_tr(c, "多出", "too many by") : cli_tr(c, "短少", "short of"),
	        lacks < 0 ? -lacks : lacks, room.n ? label_place(c, room).s : "—",
	        day_entries(c, o).s);
	print_origin(c, papers, json_str(o, "bag"));
}

static void print_gaps(struct cli *c, const struct json *papers)
{
	const struct json *list = json_get(papers, "unbalanced");
	size_t n = 0;

	for (const struct json *o = list->first; o && n < GAPS_SHOWN; o = o->next, n++)
		print_gap(c, papers, o);
	if (list->count > n)
		cli_say(c, "  另有 %zu 袋不平", "  %zu more that do not balance", list->count - n);
	n = 0;
	for (const struct json *o = json_get(papers, "differences")->first; o; o = o->next)
		if (!is_unbalanced(papers, json_str(o, "code")) && n++ < GAPS_SHOWN)
			gap_say(c, o);
	if (n > GAPS_SHOWN)
		cli_say(c, "  另有 %zu 处差异，见 gongyuan custody reconcile",
		        "  %zu more differences, see gongyuan custody reconcile", n - GAPS_SHOWN);
	if (list->count)
		cli_say(c, "  一袋的全程：gongyuan custody trace %s",
		        "  a bag's whole life: gongyuan custody trace %s",
		        json_str(list->first, "bag").s);
}

static void print_levels(struct cli *c, const struct json *o)
{
	cli_say(c, "  密级：绝密 %lld 袋，机密 %lld 袋，秘密 %lld 袋，其余 %lld 袋",
	        "  secrecy: top secret %lld bags, confidential %lld, secret %lld, others %lld",
	        day_num(o, "top_secret"), day_num(o, "confidential"), day_num(o, "secret"),
	        day_num(o, "none"));
}

static void print_counts(struct cli *c, const struct json *papers)
{
	static const char *const NUMBERS[] = {
		"bags", "copies", "used", "absent", "left_over", "spoiled", "missing", "rooms_unbalanced",
		"rooms_uncounted",
	};
	const struct json *list = json_get(papers, "sessions");
	struct grid g;

	DAY_HEAD(&g, c, {"  品种", "  asset"}, {"袋", "bags"}, {"份", "copies"}, {"已用", "used"},
	         {"缺考", "absent"}, {"余卷", "left over"}, {"换下", "spoiled"}, {"短少", "missing"},
	         {"不平", "unbalanced"}, {"未清点", "uncounted"}, {"台账", "entries"});
	for (const struct json *o = list->first; o; o = o->next) {
		grid_add(&g, str_fmt(&c->arena, "  %s", label_asset(c, json_str(o, "asset")).s));
		for (size_t i = 0; i < COUNT(NUMBERS); i++)
			grid_addi(&g, day_num(o, NUMBERS[i]));
		grid_add(&g, day_entries(c, o));
	}
	for (size_t i = 1; i <= COUNT(NUMBERS); i++)
		g.right[i] = true;
	if (list->count)
		grid_print(&g, stdout);
}

/* Rooms are told with their site, and in a city sites and rooms with their county: 45 rooms that
 * hold a bag each are one line. */
enum level_held { HELD_ITSELF, HELD_SITES, HELD_ROOMS };
struct held {
	struct str holder;
	enum level_held level;
	const char *state;
	long long bags, copies;
};

static struct str above(struct str path)
{
	while (path.n && path.s[path.n - 1] != '/')
		path.n--;
	path.n -= path.n > 0;
	return path;
}

static bool has_rooms(const struct json *list, struct str site)
{
	for (const struct json *o = list->first; o; o = o->next)
		if (json_str(o, "holder").n > site.n && place_covers(site, json_str(o, "holder")))
			return true;
	return false;
}

static struct held held_of(const struct cli *c, const struct json *list, const struct json *o,
                           bool city)
{
	struct held h = {json_str(o, "holder"), HELD_ITSELF, day_word(c, json_str(o, "state")),
	                 day_num(o, "bags"), day_num(o, "copies")};
	int level = place_path_valid(h.holder) ? place_level(h.holder) : 0;

	if (level == LEVEL_ROOM) {
		h.level = HELD_ROOMS;
		h.holder = city ? above(above(h.holder)) : above(h.holder);
	} else if (city && level == LEVEL_SITE && has_rooms(list, h.holder)) {
		h.level = HELD_SITES;
		h.holder = above(h.holder);
	}
	return h;
}

static void add_held(struct held *list, size_t *n, struct held h)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq(list[i].holder, h.holder) && list[i].level == h.level &&
		    strcmp(list[i].state, h.state) == 0) {
			list[i].bags += h.bags;
			list[i].copies += h.copies;
			return;
		}
	list[(*n)++] = h;
}

static struct str holder_text(struct cli *c, const struct held *h)
{
	static const char *const ZH[] = {"", " 各考点", " 各考场"}, *const EN[] = {"", ": sites", ": rooms"};
	struct str name = label_subject(c, str_copy(&c->arena, h->holder));

	return str_fmt(&c->arena, "  %s%s", name.s, cli_tr(c, ZH[h->level], EN[h->level]));
}

static void print_holders(struct cli *c, const struct json *papers, bool city)
{
	const struct json *list = json_get(papers, "holdings");
	struct held *held = arena_array(&c->arena, list->count + 1, sizeof(*held));
	size_t n = 0, i;
	struct grid g;

	for (const struct json *o = list->first; o; o = o->next)
		add_held(held, &n, held_of(c, list, o, city));
	DAY_HEAD(&g, c, {"  保管", "  held by"}, {"状态", "state"}, {"袋", "bags"}, {"份", "copies"});
	for (i = 0; i < n && i < HOLDERS_SHOWN; i++) {
		grid_add(&g, holder_text(c, &held[i]));
		grid_addz(&g, held[i].state);
		grid_addi(&g, held[i].bags);
		grid_addi(&g, held[i].copies);
	}
	g.right[2] = g.right[3] = true;
	if (n)
		grid_print(&g, stdout);
	if (n > i)
		cli_say(c, "  另有 %zu 行，见 gongyuan %s", "  %zu rows more, see gongyuan %s", n - i,
		        json_str(papers, "query").s);
}

void day_print_papers(struct cli *c, const struct json *doc)
{
	const struct json *papers = json_get(doc, "papers");

	day_title(c, "四、试卷在何处", "4. Where the papers are");
	print_gaps(c, papers);
	print_levels(c, json_get(papers, "secrecy"));
	print_counts(c, papers);
	print_holders(c, papers, place_level(json_str(doc, "place")) < LEVEL_COUNTY);
	cli_say(c, "  结存依据台账 %s；复核：gongyuan-audit --report",
	        "  balances are of entries %s; verify with gongyuan-audit --report",
	        day_entries(c, papers).s);
}
