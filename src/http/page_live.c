/* SPDX-License-Identifier: Apache-2.0 */
/* page_live.c -- the session's clock, open alarms, the sites, where the papers are: what a duty
 * officer looks at first, of the places that his grants cover.
 */
#include "http/page_parts.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"
#include "domain/sitting/sitting.h"
#include "engine/alarm.h"
#include "engine/modules_private.h"
#include "engine/place.h"
#include "engine/writer.h"
#include "http/scope.h"

#define NUMBER "<th class=n>%s" /* the head of a column of numbers */

enum { ALARMS_SHOWN = 12, SOON_MS = 3600000 };

struct live {
	struct op *op;
	struct strbuf *to;
	bool english;
	struct str scope[SCOPE_PLACES]; /* the topmost places of the grants */
	size_t nscopes;
	const struct profile_session *session;
};

static const char *tr(const struct live *l, const char *zh, const char *en)
{
	return l->english ? en : zh;
}

static struct str clock_text(const struct live *l, int64_t ms)
{
	struct str s = clock_format_offset(l->op->arena, ms, op_profile(l->op)->utc_offset_min);

	return s.n > 16 ? str_dup(l->op->arena, s.s + 11, 5) : s;
}

static struct str day_text(const struct live *l, int64_t ms)
{
	struct str s = clock_format_offset(l->op->arena, ms, op_profile(l->op)->utc_offset_min);

	return s.n > 10 ? str_dup(l->op->arena, s.s, 10) : s;
}

/* By name, when there is one, else by path. */
static struct str place_text(const struct live *l, struct str place)
{
	struct op *op = l->op;
	struct err before = op->err;
	int64_t id = 0;
	struct str name;

	if (place_name(op, place, &id) == RC_OK && id > 0 &&
	    vault_get(op, &op->run->writer->vault, id, (struct str){NULL, 0}, &name) == RC_OK)
		return name;
	op->err = before;
	return place;
}

/* The session that is on, or the next; its hands by the newest entry's time, which in a drill is
 * the drill's own. */
static void put_clock(struct live *l)
{
	const struct profile_session *s = l->session;
	int64_t now = l->op->now_ms, left;

	strbuf_addz(l->to, "<section class=clock>");
	if (!s) {
		html_addf(l->to, "<h2>%s</h2>", tr(l, "全部科次已结束", "all sessions are over"));
	} else {
		left = now < s->start_ms ? s->start_ms - now : s->end_ms - now;
		html_addf(l->to, "<h2>%s <small>%s %s–%s</small></h2>", tr(l, s->zh.s, s->en.s),
		          day_text(l, s->start_ms).s, clock_text(l, s->start_ms).s,
		          clock_text(l, s->end_ms).s);
		html_addf(l->to, "<p class=big>%s</p><p>%s ", clock_text(l, now).s,
		          now < s->start_ms ? tr(l, "距开考", "until the start")
		                            : tr(l, "距结束", "until the end"));
		html_addf(l->to, tr(l, "%d 小时 %d 分", "%d h %d min"), (long long)(left / 3600000),
		          (long long)(left / 60000 % 60));
		strbuf_addz(l->to, "</p>");
	}
	strbuf_addz(l->to, "</section>");
}

/* Alarms, the worst first. */
static const char *colour_class(int colour)
{
	static const char *const NAMES[] = {"blue", "yellow", "orange", "red"};

	return NAMES[colour >= 0 && colour < COLOUR_MAX ? colour : 0];
}

static const char *colour_word(const struct live *l, int colour)
{
	static const char *const TEXT[][2] = {{"蓝", "blue"}, {"黄", "yellow"}, {"橙", "orange"},
	                                      {"红", "red"}};

	return TEXT[colour >= 0 && colour < COLOUR_MAX ? colour : 0][l->english];
}

static void put_alarm(struct live *l, const struct alarm *a)
{
	const struct alarm_rule *r = modules_alarm(l->op->run->modules, a->rule);

	html_addf(l->to, "<li class=%s><b>%s %s</b> ", colour_class(a->colour),
	          colour_word(l, a->colour),
	          r ? tr(l, r->zh, r->en) : a->rule.s);
	html_addf(l->to, "%s <span class=dim>%s · %s</span>", place_text(l, a->place).s, a->subject.s,
	          clock_text(l, a->raised_ms).s);
	html_addf(l->to, "<span class=next>→ %s</span>", r ? tr(l, r->next_zh, r->next_en) : "");
	html_addf(l->to, "<span class=dim>%s</span></li>",
	          a->acknowledged_by.v ? tr(l, "已签收", "signed for") : tr(l, "未签收", "not signed for"));
}

static int by_colour(const void *a, const void *b)
{
	const struct alarm *x = a, *y = b;

	if (x->colour != y->colour)
		return y->colour - x->colour;
	return x->id.v < y->id.v ? 1 : x->id.v > y->id.v ? -1 : 0;
}

static enum rc put_alarms(struct live *l)
{
	strbuf_addz(l->to, "<section><ul class=alarms>");
	for (size_t k = 0; k < l->nscopes; k++) {
		struct alarm *list;
		size_t n, shown = 0;

		TRY(alarm_list(l->op, l->scope[k], true, &list, &n));
		if (n)
			qsort(list, n, sizeof(*list), by_colour);
		if (!k)
			html_addf(l->to, "<li class=head>%s（%d）</li>",
			          tr(l, "未办结告警", "open alarms"), (long long)n);
		for (size_t i = 0; i < n && shown < ALARMS_SHOWN; i++)
			if (!list[i].group.v) {
				put_alarm(l, &list[i]);
				shown++;
			}
		if (n > shown)
			html_addf(l->to, "<li class=dim>%s %d</li>", tr(l, "其余", "and more:"),
			          (long long)(n - shown));
	}
	strbuf_addz(l->to, "</ul></section>");
	return RC_OK;
}

/* Sites. */
static enum rc put_site(struct live *l, const struct site_plan *s)
{
	struct sitting_count c = {0};
	enum sitting_step step;
	int64_t at;

	TRY(sitting_count(l->op, l->session->id, s->site, &c));
	TRY(sitting_progress(l->op, l->session->id, s->site, &step, &at));
	html_addf(l->to, "<tr><td>%s</td><td class=n>%d</td><td class=n>%d</td><td class=n>%d</td>",
	          place_text(l, s->site).s, (long long)s->rooms, (long long)s->seats,
	          (long long)c.present);
	html_addf(l->to, "<td>%s</td><td>%s</td></tr>", sitting_step_text(step, l->english),
	          at ? clock_text(l, at).s : "—");
	return RC_OK;
}

static enum rc put_sites(struct live *l)
{
	size_t all = 0;

	if (!l->session)
		return RC_OK;
	html_addf(l->to, "<section><h3>%s</h3><table><tr><th>%s" NUMBER NUMBER NUMBER
	          "<th>%s<th>%s</tr>",
	          tr(l, "考点", "sites"), tr(l, "考点", "site"), tr(l, "考场", "rooms"),
	          tr(l, "应考", "expected"), tr(l, "入场", "entered"), tr(l, "已到环节", "step"),
	          tr(l, "时刻", "at"));
	for (size_t k = 0; k < l->nscopes; k++) {
		struct site_plan *list;
		size_t n;

		TRY(arrange_sites(l->op, l->session->id, l->scope[k], &list, &n));
		for (size_t i = 0; i < n; i++)
			TRY(put_site(l, &list[i]));
		all += n;
	}
	strbuf_addz(l->to, "</table>");
	if (!all)
		html_addf(l->to, "<p class=dim>%s</p>", tr(l, "此科次尚未编排考场", "no rooms are planned for "
		          "this session yet"));
	strbuf_addz(l->to, "</section>");
	return RC_OK;
}

/* Papers, by who holds them; a site's rooms with their site. */
struct held {
	struct str holder;
	long long bags, copies, in_rooms;
};

static void put_held(struct live *l, const struct held *h)
{
	if (!h->copies)
		return;
	html_addf(l->to, "<tr><td>%s</td><td class=n>%d</td><td class=n>%d</td><td class=n>%d</td>",
	          place_text(l, h->holder).s, h->bags, h->copies, h->in_rooms);
	strbuf_addz(l->to, "</tr>");
}

static enum rc put_papers(struct live *l)
{
	html_addf(l->to, "<section><h3>%s</h3><table><tr><th>%s" NUMBER NUMBER NUMBER "</tr>",
	          tr(l, "试卷在何处", "where the papers are"), tr(l, "保管处", "held by"),
	          tr(l, "袋", "bags"), tr(l, "份", "copies"), tr(l, "其中在考场", "of them in rooms"));
	for (size_t k = 0; k < l->nscopes; k++) {
		struct custody_holding *list;
		struct held now = {0};
		size_t n;

		TRY(custody_holdings(l->op, l->scope[k], &list, &n));
		for (size_t i = 0; i < n; i++) {
			bool room = place_level(list[i].holder) == LEVEL_ROOM;
			struct str at = room ? place_cut(l->op->arena, list[i].holder, LEVEL_SITE)
			                     : list[i].holder;

			if (!str_eq(at, now.holder)) {
				put_held(l, &now);
				now = (struct held){.holder = at};
			}
			now.bags += list[i].bags;
			now.copies += list[i].copies;
			now.in_rooms += room ? list[i].copies : 0;
		}
		put_held(l, &now);
	}
	strbuf_addz(l->to, "</table></section>");
	return RC_OK;
}

enum rc page_live(struct op *op, const struct granted *grants, size_t n, bool english,
                  struct strbuf *to)
{
	struct live l = {.op = op, .to = to, .english = english};

	l.nscopes = scope_places(grants, n, l.scope);
	l.session = profile_next(op_profile(op), op->now_ms);
	put_clock(&l);
	TRY(put_alarms(&l));
	TRY(put_sites(&l));
	return put_papers(&l);
}
