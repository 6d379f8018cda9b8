/* SPDX-License-Identifier: Apache-2.0 */
/* page_live.c -- what a duty officer looks at first, of the places that his grants cover: the
 * session's clock, where the papers are, open alarms and what to do about each.  The sites are
 * page_sites.c.
 */
#include "http/page_parts.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"
#include "engine/modules_private.h"
#include "engine/place.h"
#include "engine/writer.h"

enum { CLOSED_SHOWN = 3, HOUR_MS = 3600000 };

const char *live_tr(const struct live *l, const char *zh, const char *en)
{
	return l->english ? en : zh;
}

static struct str part_of_time(const struct live *l, int64_t ms, size_t from, size_t n)
{
	struct str s = clock_format_offset(l->op->arena, ms, op_profile(l->op)->utc_offset_min);

	return s.n >= from + n ? str_dup(l->op->arena, s.s + from, n) : s;
}

struct str live_clock(const struct live *l, int64_t ms)
{
	return part_of_time(l, ms, 11, 5);
}

static struct str day_text(const struct live *l, int64_t ms)
{
	return part_of_time(l, ms, 0, 10);
}

static bool same_day(const struct live *l, int64_t a_ms, int64_t b_ms)
{
	return str_eq(day_text(l, a_ms), day_text(l, b_ms));
}

static bool named(const struct live *l, struct str place, struct str *ret)
{
	return place_named(l->op, &l->op->run->writer->vault, place, ret);
}

/* By name, when there is one, else by path; a room mostly has its number alone. */
struct str live_place(const struct live *l, struct str place)
{
	struct str site, name;

	if (named(l, place, &name))
		return name;
	if (place_level(place) != LEVEL_ROOM)
		return place;
	site = place_cut(l->op->arena, place, LEVEL_SITE);
	if (!named(l, site, &name))
		return place;
	return str_fmt(l->op->arena, STR_FMT " %s", STR_ARG(name), place.s + site.n + 1);
}

/* ---- the clock ---- */

/* The session that is on or comes next, and the one that ended last. */
static void choose_sessions(struct live *l)
{
	const struct profile *p = op_profile(l->op);

	l->session = profile_next(p, l->op->now_ms);
	for (size_t i = 0; i < p->nsessions; i++)
		if (p->sessions[i].end_ms <= l->op->now_ms)
			l->ended = &p->sessions[i];
}

/* What the sites are shown for: what is on or comes within half a day, when it is planned; else
 * what ended last. */
static enum rc choose_sites(struct live *l)
{
	const struct profile_session *next = l->session;

	l->shown = next && (!l->ended || next->start_ms - l->op->now_ms < 12 * HOUR_MS) ? next
	                                                                              : l->ended;
	TRY(sites_read(l));
	if (l->nsites || !l->ended || l->shown == l->ended)
		return RC_OK;
	l->shown = l->ended;
	return sites_read(l);
}

static void put_left(struct live *l, int64_t left_ms)
{
	int64_t minutes = (left_ms + 59999) / 60000;

	if (minutes >= 2880)
		html_addf(l->to, live_tr(l, "%d 天", "%d days"), (long long)(minutes / 1440));
	else if (minutes >= 60)
		html_addf(l->to, live_tr(l, "%d 小时 %d 分", "%d h %d min"), (long long)(minutes / 60),
		          (long long)(minutes % 60));
	else
		html_addf(l->to, live_tr(l, "%d 分钟", "%d min"), (long long)minutes);
}

/* Its hands by the newest entry's time in a drill, which is the drill's own. */
static void put_clock(struct live *l)
{
	const struct profile_session *s = l->session;
	int64_t now = l->op->now_ms;

	html_addf(l->to, "<section class=clock><p class=day>%s</p><p class=big>%s</p>",
	          day_text(l, now).s, live_clock(l, now).s);
	if (!s) {
		html_addf(l->to, "<h2>%s</h2>", live_tr(l, "全部科次已结束", "All sessions are over"));
	} else {
		if (l->ended && same_day(l, l->ended->end_ms, now) && !same_day(l, s->start_ms, now))
			html_addf(l->to, "<p>%s</p>", live_tr(l, "今日各科次已结束。下一科次：",
			                                      "Today's sessions are over.  Next:"));
		html_addf(l->to, "<h2>%s <small>", live_tr(l, s->zh.s, s->en.s));
		if (!same_day(l, s->start_ms, now))
			html_addf(l->to, "%s ", day_text(l, s->start_ms).s);
		html_addf(l->to, "%s–%s</small></h2><p class=left>%s <b>", live_clock(l, s->start_ms).s,
		          live_clock(l, s->end_ms).s,
		          now < s->start_ms ? live_tr(l, "距开考", "starts in")
		                            : live_tr(l, "距结束", "ends in"));
		put_left(l, now < s->start_ms ? s->start_ms - now : s->end_ms - now);
		strbuf_addz(l->to, "</b></p>");
	}
}

/* ---- where the papers are, in bags ---- */

static void put_sum(struct live *l, const char *zh, const char *en, long long bags)
{
	html_addf(l->to, "<li>%s<b>%d</b></li>", live_tr(l, zh, en), bags);
}

static void put_papers(struct live *l)
{
	long long store = 0, site = 0, room = 0, way = 0, gone = 0;

	for (size_t i = 0; i < l->nheld; i++) {
		const struct custody_holding *h = &l->held[i];

		if (h->state == BAG_LOST || h->state == BAG_DESTROYED)
			gone += h->bags;
		else if (place_level(h->holder) == LEVEL_ROOM)
			room += h->bags;
		else if (live_is_site(l, h->holder))
			site += h->bags;
		else
			store += h->bags;
	}
	for (size_t i = 0; i < l->ntransit; i++)
		way += l->transit[i].bags;
	html_addf(l->to, "<h3>%s</h3><ul class=sums>", live_tr(l, "试卷在何处（袋）",
	                                                       "Where the papers are (bags)"));
	put_sum(l, "在库", "in store", store);
	put_sum(l, "在途", "on their way", way);
	put_sum(l, "考点", "at sites", site);
	put_sum(l, "考场", "in rooms", room);
	if (gone)
		put_sum(l, "下落不明或已销毁", "lost or destroyed", gone);
	strbuf_addz(l->to, "</ul></section>");
}

/* ---- alarms, the worst first ---- */

const char *live_colour_class(int colour)
{
	static const char *const NAMES[] = {"blue", "yellow", "orange", "red"};

	return NAMES[colour >= 0 && colour < COLOUR_MAX ? colour : 0];
}

const char *live_colour(const struct live *l, int colour)
{
	const struct word *w = &COLOUR_WORDS[colour >= 0 && colour < COLOUR_MAX ? colour : 0];

	return l->english ? w->en : w->zh;
}

static void put_state(struct live *l, const struct alarm *a)
{
	if (a->closed)
		html_addf(l->to, "<span class=state>%s</span>", live_tr(l, "已办结", "closed"));
	else if (a->acknowledged_by.v)
		html_addf(l->to, "<span class=state>%s</span>", live_tr(l, "已签收", "signed for"));
	else
		html_addf(l->to, "<span class=\"state new\">%s</span>",
		          live_tr(l, "未签收", "nobody has signed"));
}

static void put_alarm(struct live *l, const struct alarm *a)
{
	const struct alarm_rule *r = modules_alarm(l->op->run->modules, a->rule);
	int64_t minutes = (l->op->now_ms - a->raised_ms) / 60000;

	html_addf(l->to, "<li class=\"%s%s\"><span class=colour>%s</span><b>%s</b>",
	          a->closed ? "closed " : "", live_colour_class(a->colour), live_colour(l, a->colour),
	          r ? live_tr(l, r->zh, r->en) : a->rule.s);
	put_state(l, a);
	html_addf(l->to, "<span class=where>%s", live_place(l, a->place).s);
	if (!str_eq(a->subject, a->place))
		html_addf(l->to, " · %s", a->subject.s);
	html_addf(l->to, live_tr(l, " · %s（%d 分钟前） · 编号 %d", " · %s (%d min ago) · no. %d"),
	          live_clock(l, a->raised_ms).s, (long long)minutes, (long long)a->id.v);
	strbuf_addz(l->to, "</span>");
	if (r && !a->closed)
		html_addf(l->to, "<span class=next><b>%s</b> %s</span>", live_tr(l, "下一步：", "Next:"),
		          live_tr(l, r->next_zh, r->next_en));
	strbuf_addz(l->to, "</li>");
}

static int by_colour(const void *a, const void *b)
{
	const struct alarm *x = a, *y = b;

	if (x->colour != y->colour)
		return y->colour - x->colour;
	return x->id.v < y->id.v ? 1 : x->id.v > y->id.v ? -1 : 0;
}

static int by_age(const void *a, const void *b)
{
	const struct alarm *x = a, *y = b;

	return x->id.v < y->id.v ? 1 : x->id.v > y->id.v ? -1 : 0;
}

/* Whatever is seen twice, through two grants, stands once: scopes do not overlap. */
static enum rc read_alarms(struct live *l, bool open_only, struct alarm **ret, size_t *ret_n)
{
	struct alarm *all = NULL;
	size_t n = 0, cap = 0;

	for (size_t k = 0; k < l->nscopes; k++) {
		struct alarm *list;
		size_t more;

		TRY(alarm_list(l->op, l->scope[k], open_only, &list, &more));
		for (size_t i = 0; i < more; i++)
			if (!list[i].group.v) {
				all = arena_room(l->op->arena, all, n, &cap, sizeof(*all));
				all[n++] = list[i];
			}
	}
	*ret = all;
	*ret_n = n;
	return RC_OK;
}

static enum rc put_closed(struct live *l)
{
	struct alarm *list;
	size_t n, shown = 0;

	TRY(read_alarms(l, false, &list, &n));
	if (n)
		qsort(list, n, sizeof(*list), by_age);
	for (size_t i = 0; i < n && shown < CLOSED_SHOWN; i++)
		if (list[i].closed && l->op->now_ms - list[i].raised_ms < HOUR_MS) {
			put_alarm(l, &list[i]);
			shown++;
		}
	return RC_OK;
}

static enum rc put_alarms(struct live *l)
{
	html_addf(l->to, "<section class=watch><h3>%s <b id=open>%d</b></h3><ul class=alarms>",
	          live_tr(l, "未办结告警", "Open alarms"), (long long)l->nalarms);
	if (!l->nalarms)
		html_addf(l->to, "<li class=none>%s</li>",
		          live_tr(l, "现在没有未办结的告警。", "Nothing is open now."));
	for (size_t i = 0; i < l->nalarms; i++)
		put_alarm(l, &l->alarms[i]);
	TRY(put_closed(l));
	strbuf_addz(l->to, "</ul></section>");
	return RC_OK;
}

/* ---- all ---- */

static enum rc read_held(struct live *l)
{
	size_t cap = 0, cap_way = 0;

	for (size_t k = 0; k < l->nscopes; k++) {
		struct custody_holding *list;
		size_t n;

		TRY(custody_holdings(l->op, l->scope[k], &list, &n));
		for (size_t i = 0; i < n; i++)
			if (place_level(list[i].holder) > LEVEL_ANY && strchr(list[i].holder.s, '/')) {
				l->held = arena_room(l->op->arena, l->held, l->nheld, &cap, sizeof(*l->held));
				l->held[l->nheld++] = list[i];
			}
		TRY(custody_in_transit(l->op, l->scope[k], &list, &n));
		for (size_t i = 0; i < n; i++) {
			l->transit = arena_room(l->op->arena, l->transit, l->ntransit, &cap_way,
			                        sizeof(*l->transit));
			l->transit[l->ntransit++] = list[i];
		}
	}
	return RC_OK;
}

enum rc page_live(struct op *op, const struct granted *grants, size_t n, bool english,
                  struct strbuf *to)
{
	struct live l = {.op = op, .to = to, .english = english};

	l.nscopes = scope_places(grants, n, l.scope);
	if (!l.nscopes) {
		html_addf(to, "<section class=watch><p>%s</p></section>",
		          live_tr(&l, "您现在没有任何岗位授权，看不到任何地点。请联系安全管理员。",
		                  "You hold no role at any place now.  Ask the security administrator."));
		return RC_OK;
	}
	choose_sessions(&l);
	TRY(read_held(&l));
	TRY(choose_sites(&l));
	TRY(read_alarms(&l, true, &l.alarms, &l.nalarms));
	if (l.nalarms)
		qsort(l.alarms, l.nalarms, sizeof(*l.alarms), by_colour);
	put_clock(&l);
	put_papers(&l);
	TRY(put_alarms(&l));
	return sites_put(&l);
}
