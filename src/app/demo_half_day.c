/* SPDX-License-Identifier: Apache-2.0 */
/* demo_half_day.c -- one half day of the demo: out of the secrecy room, through the sites, back. */
#include "app/demo_papers.h"

enum { DISPUTED_HALF = 2, SHORT_HALF = 3, COPIES = 30, LEAST_SEATS = 24, SPREAD_S = 60 };

/* When the boxes leave: as early as the programme allows, but not while the half day before still
 * runs. */
static int64_t release_of(const struct papers *p, const struct half *h)
{
	int64_t at_ms = p->session[h->first]->start_ms - 175 * DEMO_MINUTE;
	int64_t free_ms = h->first ? p->session[h->first - 1]->end_ms + 5 * DEMO_MINUTE : 0;

	return at_ms > free_ms ? at_ms : free_ms;
}

static int64_t seconds(struct papers *p, int64_t from, int64_t to)
{
	return demo_between(p->s, from, to) * 1000;
}

/* Release. */
static const char *box_list(struct papers *p, int first_row, int n)
{
	struct strbuf b;

	strbuf_init(&b, p->s->arena);
	for (int i = first_row * DEMO_SITES; i < (first_row + n) * DEMO_SITES; i++)
		strbuf_addf(&b, "%s{'box':'%s'}", i == first_row * DEMO_SITES ? "" : ",", p->box[i].code);
	return strbuf_str(&b).s;
}

static struct demo_step *ask_release(struct papers *p, int64_t at_ms, int first_row, int n)
{
	const char *slots = demo_fmt(p->s, "%s%s%s", papers_two(p, "key_holder", "P0020", "P0021"),
	                             demo_sign(p->s, "code_holder", "P0023"),
	                             demo_sign(p->s, "observer", "P0033"));

	return demo_add(p->s, at_ms, "custody.release_boxes", "P0020", slots,
	                "{'place':'" DEMO_STORE "','boxes':[%s]}", box_list(p, first_row, n));
}

static void release(struct papers *p, const struct half *h)
{
	int64_t at_ms = release_of(p, h);
	struct demo_step *st;

	if (h->number == 0) {
		st = ask_release(p, at_ms - 5 * DEMO_MINUTE, h->first + h->n, 1);
		st->answer = RC_CONFLICT;
		demo_say(p->s, st, true, "申请提取 %s 的试卷箱：拒绝，只有下一个半日的试卷箱可以出库",
		         "the boxes of %s are asked for: refused, only the next half day's may leave",
		         p->session[h->first + h->n]->half_day.s);
	}
	st = ask_release(p, at_ms, h->first, h->n);
	demo_say(p->s, st, true, "%s：%d 箱批准出库（两钥匙一密码，民警在场）",
	         "%s: %d boxes may leave (two keys, one code, police present)",
	         p->session[h->first]->half_day.s, h->n * DEMO_SITES);
}

/* To the site. */
struct trip {
	const struct paper_box *box[DEMO_ROWS];
	int n, site;
	const char *vehicle, *place, *couriers_give, *couriers_take, *site_gives, *site_takes, *clerk;
};

static struct trip trip_of(struct papers *p, const struct half *h, int site, bool back)
{
	struct demo_story *s = p->s;
	const char *c1 = demo_courier(s, site, back, 0), *c2 = demo_courier(s, site, back, 1);
	const char *chief = demo_fmt(s, "S%02d-01", site), *clerk = demo_fmt(s, "S%02d-02", site);
	struct trip t = {.site = site};

	for (int row = h->first; row < h->first + h->n; row++)
		t.box[t.n++] = &p->box[row * DEMO_SITES + site - 1];
	t.vehicle = demo_fmt(s, "V%02d", site + (back ? DEMO_BACK : 0));
	t.place = demo_fmt(s, DEMO_COUNTY "/s%02d", site);
	t.couriers_give = papers_two(p, "giver", c1, c2);
	t.couriers_take = papers_two(p, "receiver", c1, c2);
	t.site_gives = papers_two(p, "giver", chief, clerk);
	t.site_takes = papers_two(p, "receiver", chief, clerk);
	t.clerk = clerk;
	return t;
}

/* At the site: its chief and clerk count each box beside the couriers. */
static struct demo_step *deliver(struct papers *p, const struct trip *t, int64_t at_ms,
	                             int short_by)
{
	return demo_add(p->s, at_ms, "custody.hand_over", t->clerk,
	                demo_fmt(p->s, "%s%s", t->couriers_give, t->site_takes),
	                "{'place':'%s','from':'%s','to':'%s','boxes':[%s]}", t->place, t->vehicle,
	                t->place, papers_boxes(p, t->box, t->n, short_by));
}

static void bring(struct papers *p, const struct half *h, const struct trip *t)
{
	struct demo_story *s = p->s;
	int64_t loaded = release_of(p, h) + (5 + 2 * t->site) * DEMO_MINUTE + seconds(p, 0, SPREAD_S);
	int64_t arrived = loaded + seconds(p, 20 * 60, 35 * 60);
	const char *slots = demo_fmt(s, "%s%s", papers_two(p, "giver", "P0020", "P0021"),
	                             t->couriers_take);
	bool disputed = h->number == DISPUTED_HALF && t->site == p->disputed_site;
	struct demo_step *st;

	st = demo_add(s, loaded, "custody.hand_over", "P0020", slots,
	              "{'place':'" DEMO_STORE "','from':'" DEMO_STORE "','to':'%s','boxes':[%s]}",
	              t->vehicle, papers_boxes(p, t->box, t->n, 0));
	demo_say(s, st, t->site == 1, "第 %02d 考点的 %d 箱装上 %s",
	         "site %02d: %d boxes on vehicle %s", t->site, t->n, t->vehicle);
	if (disputed) {
		st = deliver(p, t, arrived, 1);
		demo_say(s, st, true, "第 %02d 考点接收时少点 1 袋：交接有异议，仍由 %s 持有，告警",
		         "site %02d counts one bag fewer: disputed, %s still holds, alarmed", t->site,
		         t->vehicle);
		demo_answer_alarm(s, "custody.counts_differ", arrived + 2 * DEMO_MINUTE,
		                  arrived + 18 * DEMO_MINUTE, "交接清点数不一致", "counts at a hand-over differ");
		arrived += 11 * DEMO_MINUTE;
	}
	st = deliver(p, t, arrived, 0);
	demo_say(s, st, t->site == 1 || disputed, "第 %02d 考点接收 %d 箱：两交两接，逐袋清点一致",
	         "site %02d receives %d boxes: two give, two receive, counts equal", t->site, t->n);
}

/* In the room. */
static void count_room(struct papers *p, const struct paper_bag *bag, int64_t at_ms, int used,
	                   int absent, int left, bool told)
{
	struct demo_story *s = p->s;
	const char *slots = demo_fmt(s,
	                             "counter=badge:S%02d-1%d counter=badge:S%02d-1%d acceptor=badge:"
	                             "S%02d-02",
	                             bag->site, 2 * bag->room - 1, bag->site, 2 * bag->room, bag->site);
	struct demo_step *st =
		demo_add(s, at_ms, "custody.count_bag", demo_fmt(s, "S%02d-02", bag->site), slots,
	             "{'place':'" DEMO_COUNTY "/s%02d/r%02d','bag':'%s',"
	             "'seal':'HS-%s','used':%d,'absent':%d,'left_over':%d,'replaced':0}",
	             bag->site, bag->room, bag->code, bag->code, used, absent, left);

	demo_say(s, st, told, "第 %02d 考点 %02d 考场 %s：已用 %d，缺考 %d，余卷 %d",
	         "site %02d room %02d %s: used %d, absent %d, left over %d", bag->site, bag->room,
	         bag->code, used, absent, left);
}

/* Full rooms but the last; a bag of a short room leaves copies over (余卷). */
static void close_room(struct papers *p, const struct half *h, const struct paper_bag *bag,
	                   bool told)
{
	struct demo_story *s = p->s;
	int64_t at_ms = p->session[bag->row]->end_ms + seconds(p, 8 * 60, 25 * 60);
	int seats = bag->room < DEMO_ROOMS ? COPIES : (int)demo_between(s, LEAST_SEATS, COPIES);
	int absent = (int)demo_between(s, 0, 2);
	bool is_short = h->number == SHORT_HALF && bag->site == p->short_site &&
	                bag->room == p->short_room;

	if (is_short) {
		at_ms = p->session[bag->row]->end_ms + 10 * DEMO_MINUTE;
		count_room(p, bag, at_ms, seats - absent - 1, absent, COPIES - seats, true);
		demo_answer_alarm(s, "custody.difference", at_ms + 2 * DEMO_MINUTE,
		                  at_ms + 14 * DEMO_MINUTE, "考场清点少 1 份", "a room is one copy short");
		at_ms += 9 * DEMO_MINUTE;
	}
	count_room(p, bag, at_ms, seats - absent, absent, COPIES - seats, told || is_short);
}

/* Out of the box to the room at T-50, opened at T-10, counted after the end. */
static void sit(struct papers *p, const struct half *h, const struct paper_bag *bag)
{
	struct demo_story *s = p->s;
	int64_t start = p->session[bag->row]->start_ms;
	const char *clerk = demo_fmt(s, "S%02d-02", bag->site);
	const char *zh = papers_subject(p, bag->row, true), *en = papers_subject(p, bag->row, false);
	const char *a = demo_fmt(s, "S%02d-1%d", bag->site, 2 * bag->room - 1);
	const char *b = demo_fmt(s, "S%02d-1%d", bag->site, 2 * bag->room);
	bool told = bag->site == 1 && bag->room == 1;
	struct demo_step *st;

	st = demo_add(s, start - 50 * DEMO_MINUTE + seconds(p, 0, 180) + bag->room * 25000,
	              "custody.issue_bag", clerk, papers_two(p, "receiver", a, b),
	              "{'place':'" DEMO_COUNTY "/s%02d','bag':'%s','room':'" DEMO_COUNTY
	              "/s%02d/r%02d'}",
	              bag->site, bag->code, bag->site, bag->room);
	demo_say(s, st, told, "第 %02d 考点发放试卷袋 %s 到 %02d 考场（%s%.0s）",
	         "site %02d issues bag %s to room %02d (%.0s%s)", bag->site, bag->code, bag->room, zh,
	         en);
	st = demo_add(s, start - 10 * DEMO_MINUTE + seconds(p, 5, 75), "custody.open_bag", clerk,
	              papers_two(p, "opener", a, b),
	              "{'place':'" DEMO_COUNTY "/s%02d/r%02d','bag':'%s','seal_ok':true}", bag->site,
	              bag->room, bag->code);
	demo_say(s, st, told, "第 %02d 考点 %02d 考场当众启封 %s", "site %02d room %02d opens bag %s",
	         bag->site, bag->room, bag->code);
	close_room(p, h, bag, told);
}

/* Back: each site's bags of the sessions that start together go in one trip. */
static const char *bag_list(struct papers *p, int first_row, int n, int site, int *ret_n)
{
	struct strbuf b;
	int count = 0;

	strbuf_init(&b, p->s->arena);
	for (int row = first_row; row < first_row + n; row++) {
		const struct paper_box *box = &p->box[row * DEMO_SITES + site - 1];

		for (int i = box->first; i < box->first + box->n; i++) {
			const struct paper_bag *bag = &p->bag[i];

			strbuf_addf(&b, "%s{'bag':'%s','seal':'%s%s'}", count++ ? "," : "", bag->code,
			            bag->spare ? "" : "HS-", bag->spare ? bag->seal : bag->code);
		}
	}
	*ret_n = count;
	return strbuf_str(&b).s;
}

/* Two hand-overs: in between the bags are the vehicle's, and its couriers answer for them. */
static void give_back(struct papers *p, const struct trip *t, int first_row, int n)
{
	struct demo_story *s = p->s;
	int64_t left = p->session[first_row]->end_ms + seconds(p, 32 * 60, 40 * 60);
	int64_t back = left + seconds(p, 25 * 60, 45 * 60);
	struct demo_step *st;
	int bags;
	const char *list = bag_list(p, first_row, n, t->site, &bags);

	st = demo_add(s, left, "custody.return_bags", t->clerk,
	              demo_fmt(s, "%s%s", t->site_gives, t->couriers_take),
	              "{'place':'%s','from':'%s','to':'%s','bags':[%s]}", t->place, t->place,
	              t->vehicle, list);
	demo_say(s, st, false, "第 %02d 考点 %d 袋装车回送", "site %02d: %d bags on their way back", t->site,
	         bags);
	st =
		demo_add(s, back, "custody.return_bags", "P0021",
	             demo_fmt(s, "%s%s", t->couriers_give, papers_two(p, "receiver", "P0021", "P0022")),
	             "{'place':'" DEMO_STORE "','from':'%s','to':'" DEMO_STORE "','bags':[%s]}",
	             t->vehicle, list);
	demo_say(s, st, t->site == 1, "第 %02d 考点 %d 袋回到保密室，袋号和新封条逐一核对",
	         "site %02d: %d bags are back, number and new seal of each checked", t->site, bags);
}

static void close_half(struct papers *p, const struct half *h)
{
	const struct profile_session *last = p->session[h->first + h->n - 1];
	struct demo_step *st;

	st = demo_add(p->s, last->end_ms + 100 * DEMO_MINUTE, "custody.close_half_day", "P0021",
	              papers_two(p, "keeper", "P0021", "P0011"),
	              "{'place':'" DEMO_STORE "','half_day':'%s'}", last->half_day.s);
	demo_say(p->s, st, true, "%s 回收对账：出库袋数等于回库袋数", "%s closed: bags out are bags back",
	         last->half_day.s);
}

/* When all boxes are at their sites, the recording of the whole issue is looked at. */
static void replay_issue(struct papers *p, const struct half *h)
{
	struct demo_step *st;

	st = demo_add(p->s, release_of(p, h) + 150 * DEMO_MINUTE, "custody.replay_issue", "P0010",
	              "reviewer=badge:P0017 head=badge:P0012",
	              "{'place':'" DEMO_STORE "','half_day':'%s','suspects':0}",
	              p->session[h->first]->half_day.s);
	demo_say(p->s, st, false, "%s 分发全程录像回放：未见异常",
	         "%s: the recording of the issue is replayed, nothing suspicious",
	         p->session[h->first]->half_day.s);
}

void papers_half_day(struct papers *p, const struct half *h)
{
	release(p, h);
	replay_issue(p, h);
	for (int site = 1; site <= DEMO_SITES; site++) {
		struct trip out = trip_of(p, h, site, false), back = trip_of(p, h, site, true);

		bring(p, h, &out);
		for (int row = h->first; row < h->first + h->n;) {
			int n = 1;

			while (row + n < h->first + h->n &&
			       p->session[row + n]->start_ms == p->session[row]->start_ms)
				n++;
			give_back(p, &back, row, n);
			row += n;
		}
	}
	for (int i = 0; i < DEMO_BAGS; i++)
		if (p->bag[i].row >= h->first && p->bag[i].row < h->first + h->n && !p->bag[i].spare)
			sit(p, h, &p->bag[i]);
	close_half(p, h);
}
