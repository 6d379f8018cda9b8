/* SPDX-License-Identifier: Apache-2.0 */
/* demo_papers.c -- what the 300 bags of the demo go through, session by session.
 *
 * Each site has three rooms and one box a session; the room's bag holds 30 copies.  In the third
 * half day one hand-over is unequal and is made again; in the fourth one room is a copy short until
 * it is found.
 */
#include "app/demo_papers.h"

static const struct {
	const char *session, *mark;
	int first_room, rooms, spare;
} PLAN[DEMO_ROWS] = {
	{"d1-chinese", "YW", 1, 3, 1}, {"d1-maths", "SX", 1, 3, 1},
	{"d2-physics", "WL", 1, 2, 0}, {"d2-history", "LS", 3, 1, 0},
	{"d2-foreign", "WY", 1, 3, 1},
	{"d3-chemistry", "HX", 1, 3, 0}, {"d3-geography", "DL", 1, 2, 0},
	{"d3-politics", "ZZ", 1, 2, 0}, {"d3-biology", "SW", 1, 3, 0},
};
enum { COPIES = 30, SPARE_COPIES = 10 };

static void pack_box(struct papers *p, int row, int site)
{
	struct demo_story *s = p->s;
	int64_t seal = demo_between(s, 100000, 999999);
	struct paper_box *box = &p->box[p->nboxes++];
	int n = PLAN[row].rooms + PLAN[row].spare;

	*box = (struct paper_box){.site = site, .row = row, .first = p->nbags, .n = n};
	box->code = demo_fmt(s, "X-%s-%02d", PLAN[row].mark, site);
	box->seal = demo_fmt(s, "FT%06lld", (long long)seal);
	for (int i = 0; i < n; i++) {
		struct paper_bag *bag = &p->bag[p->nbags++];
		bool spare = i >= PLAN[row].rooms;

		*bag = (struct paper_bag){.site = site, .row = row, .spare = spare,
		                          .room = spare ? 0 : PLAN[row].first_room + i};
		bag->code = demo_fmt(s, "GK%07lld", (long long)p->number++);
		bag->seal = demo_fmt(s, "MF%06lld-%d", (long long)seal, i + 1);
	}
}

static enum rc plan(struct op *op, struct papers *p)
{
	p->number = demo_between(p->s, 1000000, 8000000);
	for (int row = 0; row < DEMO_ROWS; row++) {
		const struct profile *profile = p->s->profile;

		p->session[row] = profile_session(profile, str_of(PLAN[row].session));
		if (!p->session[row])
			return fail(op, RC_INVALID, "profile", "", "配置中没有科次 %s，演示无法进行",
			            "the profile has no session %s: the demo cannot be played",
			            PLAN[row].session);
		for (int site = 1; site <= DEMO_SITES; site++)
			pack_box(p, row, site);
	}
	assert(p->nboxes == DEMO_BOXES && p->nbags == DEMO_BAGS);
	return RC_OK;
}

const char *papers_subject(const struct papers *p, int row, bool zh)
{
	const struct profile *profile = p->s->profile;

	for (size_t i = 0; i < profile->nsubjects; i++)
		if (str_eq(profile->subjects[i].id, p->session[row]->subject))
			return zh ? profile->subjects[i].zh.s : profile->subjects[i].en.s;
	return PLAN[row].session;
}

/* Registering. */
static void register_vehicle(struct papers *p, int64_t at_ms, int number)
{
	struct demo_step *st = demo_add(p->s, at_ms, "custody.register_vehicle", "P0010", "",
	                                "{'place':'" DEMO_COUNTY "','code':'V%02d','plate':'虚构%04d'}",
	                                number, number);

	demo_say(p->s, st, false, "登记车辆 V%02d", "vehicle V%02d", number);
}

static void register_box(struct papers *p, int64_t at_ms, const struct paper_box *box)
{
	struct demo_story *s = p->s;
	struct demo_step *st;

	st = demo_add(s, at_ms, "custody.register_box", "P0010", "",
	              "{'code':'%s','consignment':'GK-2025-JN','session':'%s',"
	              "'destined':'" DEMO_COUNTY "/s%02d','seal':'%s'}",
	              box->code, PLAN[box->row].session, box->site, box->seal);
	demo_say(s, st, false, "登记试卷箱 %s", "box %s", box->code);
	for (int i = 0; i < box->n; i++) {
		const struct paper_bag *bag = &p->bag[box->first + i];

		st = demo_add(s, at_ms + (i + 1) * 4000, "custody.register_bag", "P0010", "",
		              "{'code':'%s','box':'%s','kind':'%s','copies':%d,'seal':'%s'}", bag->code,
		              box->code, bag->spare ? "spare" : "paper", bag->spare ? SPARE_COPIES : COPIES,
		              bag->seal);
		demo_say(s, st, false, "登记试卷袋 %s", "bag %s", bag->code);
	}
}

static void register_all(struct papers *p, int64_t at_ms)
{
	struct demo_step *st;

	register_vehicle(p, at_ms, 0);
	for (int i = 1; i <= DEMO_SITES; i++) {
		register_vehicle(p, at_ms + i * 9000, i);
		register_vehicle(p, at_ms + i * 9000, i + DEMO_BACK);
	}
	at_ms += 4 * DEMO_MINUTE;
	st = demo_add(p->s, at_ms, "custody.register_consignment", "P0010", "",
	              "{'place':'" DEMO_COUNTY
	              "','code':'GK-2025-JN','holder':'V00','boxes':%d,'bags':%d}",
	              DEMO_BOXES, DEMO_BAGS);
	demo_say(p->s, st, true, "收到省级交接清单：%d 箱 %d 袋，由省车 V00 押运",
	         "the province's list: %d boxes, %d bags, on its vehicle V00", DEMO_BOXES, DEMO_BAGS);
	for (int i = 0; i < DEMO_BOXES; i++)
		register_box(p, at_ms + (i + 1) * 24000, &p->box[i]);
}

/* Handing over. */
const char *papers_two(struct papers *p, const char *slot, const char *a, const char *b)
{
	return demo_fmt(p->s, "%s%s", demo_sign(p->s, slot, a), demo_sign(p->s, slot, b));
}

const char *papers_boxes(struct papers *p, const struct paper_box *const *box, int n, int short_by)
{
	struct strbuf b;

	strbuf_init(&b, p->s->arena);
	for (int i = 0; i < n; i++)
		strbuf_addf(&b, "%s{'box':'%s','seal':'%s','seal_ok':true,'given':%d,'received':%d}",
		            i ? "," : "", box[i]->code, box[i]->seal, box[i]->n,
		            box[i]->n - (i == 0 ? short_by : 0));
	return strbuf_str(&b).s;
}

/* The province's vehicle is unloaded in three lots. */
static void arrive(struct papers *p, int64_t at_ms)
{
	enum { LOTS = 3, LOT = DEMO_BOXES / LOTS };

	for (int lot = 0; lot < LOTS; lot++) {
		const struct paper_box *box[LOT];
		struct demo_step *st;

		for (int i = 0; i < LOT; i++)
			box[i] = &p->box[lot * LOT + i];
		st = demo_add(p->s, at_ms + lot * 12 * DEMO_MINUTE, "custody.hand_over", "P0020",
		              demo_fmt(p->s, "%s%s%s", papers_two(p, "giver", "C00-1", "C00-2"),
		                       papers_two(p, "receiver", "P0020", "P0021"),
		                       demo_sign(p->s, "observer", "P0033")),
		              "{'place':'" DEMO_STORE "','from':'V00','to':'" DEMO_STORE "','boxes':[%s]}",
		              papers_boxes(p, box, LOT, 0));
		demo_say(p->s, st, true, "省车向保密室交接第 %d 批 %d 箱：两交两接，逐袋清点一致",
		         "lot %d of %d boxes into the secrecy room: two give, two receive, counts equal",
		         lot + 1, LOT);
	}
}

static bool same_half(const struct papers *p, int a, int b)
{
	return str_eq(p->session[a]->half_day, p->session[b]->half_day);
}

enum rc demo_papers(struct op *op, struct demo_story *s, int64_t registered_ms, int64_t arrival_ms)
{
	struct papers *p = ARENA_NEW(s->arena, struct papers);
	int half = 0, row = 0;

	p->s = s;
	TRY(plan(op, p));
	register_all(p, registered_ms);
	arrive(p, arrival_ms);
	p->disputed_site = (int)demo_between(s, 1, DEMO_SITES);
	p->short_site = (int)demo_between(s, 1, DEMO_SITES);
	p->short_room = (int)demo_between(s, 1, DEMO_ROOMS);
	while (row < DEMO_ROWS) {
		struct half h = {.number = half++, .first = row, .n = 1};

		while (row + h.n < DEMO_ROWS && same_half(p, row, row + h.n))
			h.n++;
		papers_half_day(p, &h);
		row += h.n;
	}
	return RC_OK;
}
