/* SPDX-License-Identifier: Apache-2.0 */
/* labels.c -- words in the language of this invocation; see sheet/wording.h for most of them. */
#include "cli/labels.h"

struct wording *cli_wording(struct cli *c)
{
	struct wording *w = &c->wording;

	w->op = &c->op;
	w->keep = &c->arena;
	w->modules = &c->modules;
	w->profile = &c->office.profile;
	w->vault = &c->office.vault;
	w->en = c->lang == CLI_EN;
	w->offset_min = c->offset_min;
	return w;
}

struct str label_word(const struct cli *c, const struct word *w, size_t n, int i)
{
	return i >= 0 && (size_t)i < n ? str_of(cli_tr(c, w[i].zh, w[i].en)) : STR("?");
}

struct str label_asset(struct cli *c, struct str asset)
{
	return wording_asset(cli_wording(c), asset);
}

struct str label_holder(struct cli *c, struct str holder)
{
	return wording_holder(cli_wording(c), holder);
}

struct str label_key(struct cli *c, const char *ref, struct str key)
{
	return wording_key(cli_wording(c), ref, key);
}

struct str label_place(struct cli *c, struct str path)
{
	return wording_place(cli_wording(c), path);
}

struct str label_half_day(struct cli *c, struct str half_day)
{
	return wording_half_day(cli_wording(c), half_day);
}

struct str label_subject(struct cli *c, struct str subject)
{
	return wording_subject(cli_wording(c), subject);
}

/* Whole days, hours or minutes when it can be said so. */
static struct str span(struct cli *c, int64_t s)
{
	static const struct {
		int64_t s;
		const char *zh, *en;
	} UNITS[] = {{86400, "天", "d"}, {3600, "小时", "h"}, {60, "分", "min"}, {1, "秒", "s"}};
	size_t i = 0;

	/* Under four hours minutes are what a programme says. */
	while (i + 1 < COUNT(UNITS) && (s % UNITS[i].s != 0 || s < (i == 1 ? 14400 : UNITS[i].s)))
		i++;
	return str_fmt(&c->arena, "%lld %s", (long long)(s / UNITS[i].s),
	               cli_tr(c, UNITS[i].zh, UNITS[i].en));
}

static struct str moment(struct cli *c, enum anchor anchor, int64_t s)
{
	const char *from = anchor == ANCHOR_T ? "T" : anchor == ANCHOR_E ? "E" : "";

	if (s == 0)
		return anchor == ANCHOR_EVENT ? str_of(cli_tr(c, "当时", "at once")) : str_of(from);
	if (anchor == ANCHOR_EVENT)
		return str_fmt(&c->arena, cli_tr(c, "%s后 %s", "%s%s after"), s < 0 ? "-" : "",
		               span(c, s < 0 ? -s : s).s);
	return str_fmt(&c->arena, "%s%c%s", from, s < 0 ? '-' : '+', span(c, s < 0 ? -s : s).s);
}

struct str label_window(struct cli *c, const struct profile_step *s)
{
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	strbuf_adds(&b, moment(c, s->anchor, s->from_s));
	if (s->to_s != s->from_s)
		strbuf_addf(&b, cli_tr(c, " 至 %s", " to %s"), moment(c, s->anchor, s->to_s).s);
	if (s->every_s)
		strbuf_addf(&b, cli_tr(c, "，每 %s", ", every %s"), span(c, s->every_s).s);
	if (s->early_s)
		strbuf_addf(&b, cli_tr(c, "，容许提前 %s", ", %s early tolerated"), span(c, s->early_s).s);
	if (s->late_s)
		strbuf_addf(&b, cli_tr(c, "，容许推迟 %s", ", %s late tolerated"), span(c, s->late_s).s);
	return strbuf_str(&b);
}

const char *label_sure(const struct cli *c, struct str sure)
{
	if (str_is(sure, "confirmed"))
		return cli_tr(c, "已确认", "confirmed");
	if (str_is(sure, "probable"))
		return cli_tr(c, "较可靠", "probable");
	return cli_tr(c, "待确认", "UNCONFIRMED");
}

struct str label_source(struct cli *c, struct str source, struct str article)
{
	return article.n ? str_fmt(&c->arena, STR_FMT " " STR_FMT, STR_ARG(source), STR_ARG(article))
	                 : source;
}

const char *label_colour(const struct cli *c, int colour)
{
	return label_word(c, COLOUR_WORDS, COLOUR_MAX, colour).s;
}

/* What was handled is simply closed. */
const char *label_reason(struct cli *c, const struct alarm *a)
{
	struct str reason, why;

	if (a->reason == ALARM_REASON_HANDLED)
		return cli_tr(c, "已办结", "closed");
	reason = label_word(c, ALARM_REASON_WORDS, ALARM_REASON_MAX, a->reason);
	if (a->false_cause == ALARM_FALSE_CAUSE_NONE)
		return reason.s;
	why = label_word(c, ALARM_FALSE_CAUSE_WORDS, ALARM_FALSE_CAUSE_MAX, a->false_cause);
	return str_fmt(&c->arena, "%s(%s)", reason.s, why.s).s;
}
