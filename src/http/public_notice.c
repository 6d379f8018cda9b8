/* SPDX-License-Identifier: Apache-2.0 */
/* public_notice.c -- notices as everybody reads them: the list, and one of them; see public.h.
 *
 * The texts are opened on a reader's thread: a notice is nobody's personal data.  One that was
 * withdrawn is no longer read out; that it was, and when, is.
 */
#include "engine/place.h"
#include "engine/profile.h"
#include "engine/run.h"
#include "engine/writer.h"
#include "http/html.h"
#include "http/problem.h"
#include "http/public_private.h"

enum { LISTED = 100 }; /* older ones are found by their address: nobody scrolls further */

static struct str text_of(struct op *op, int64_t id)
{
	return vault_shown(op, &op->run->writer->vault, id);
}

/* In English where there is some, else as it was written. */
static struct str either(struct op *op, const struct shown *s, int64_t zh, int64_t en)
{
	struct str text = s->english ? text_of(op, en) : STR("");

	return text.n ? text : text_of(op, zh);
}

static struct str place_text(struct op *op, struct str path)
{
	struct str name;

	return place_named(op, &op->run->writer->vault, path, &name) ? name : path;
}

static struct str minute(const struct op *op, int64_t ms)
{
	return str_fmt(op->arena, "%s %s", public_time(op, ms, 0, 10).s, public_time(op, ms, 11, 5).s);
}

static const char *word(const struct shown *s, const struct word *w)
{
	return public_tr(s, w->zh, w->en);
}

/* Kind, when, where, for whom. */
static void put_about(struct op *op, struct shown *s, const struct notice *n)
{
	html_addf(&s->middle, "<p class=about><span class=\"kind%s\">%s</span><span>%s</span> · "
	          "<span>%s</span> · <span>%s%s</span></p>",
	          n->kind == NOTICE_EMERGENCY ? " now" : "", word(s, &NOTICE_KIND_WORDS[n->kind]),
	          minute(op, n->published_ms).s, place_text(op, n->place).s,
	          public_tr(s, "面向", "for "), word(s, &NOTICE_AUDIENCE_WORDS[n->audience]));
}

static void put_line(struct op *op, struct shown *s, const struct notice *n)
{
	struct str title = either(op, s, n->title, n->title_en);

	html_addf(&s->middle, "<li><a href=\"/public/notices/%d%s\">%s</a>", (long long)n->id.v,
	          public_tr(s, "", "?lang=en"), title.n ? title.s : "—");
	put_about(op, s, n);
	strbuf_addz(&s->middle, "</li>");
}

enum rc public_put_notices(struct op *op, struct shown *s, int64_t most, bool heading)
{
	struct notice *list;
	size_t n;

	TRY(service_notices(op, op->now_ms, most, &list, &n));
	if (!n && !heading)
		html_addf(&s->middle, "<p>%s</p>", public_tr(s, "目前没有通知。", "There are no notices now."));
	if (n && heading)
		html_addf(&s->middle, "<h2>%s</h2>", public_tr(s, "最新通知", "Latest notices"));
	if (!n)
		return RC_OK;
	strbuf_addz(&s->middle, "<ul class=notices>");
	for (size_t i = 0; i < n; i++)
		put_line(op, s, &list[i]);
	strbuf_addz(&s->middle, "</ul>");
	return RC_OK;
}

static enum rc fill_list(struct op *op, struct shown *s)
{
	html_addf(&s->middle, "<p>%s</p>",
	          public_tr(s, "考试机构发布的通知以本页为准；从不以电话、短信索要密码、验证码或钱款。",
	                    "What the examinations authority announces stands here.  It never asks for "
	                    "passwords, codes or money by telephone or message."));
	return public_put_notices(op, s, LISTED, false);
}

static void put_validity(struct op *op, struct shown *s, const struct notice *n)
{
	bool over = n->until_ms && n->until_ms <= op->now_ms;

	if (over)
		html_addf(&s->middle, "<p class=bad role=status>%s</p>",
		          public_tr(s, "本通知已过有效期，仅供查阅。",
		                    "This notice is no longer in force; it is kept for reference."));
	html_addf(&s->middle, "<p class=about>%s%s", public_tr(s, "有效期：", "Valid: "),
	          minute(op, n->from_ms).s);
	if (n->until_ms)
		html_addf(&s->middle, " – %s", minute(op, n->until_ms).s);
	else
		html_addf(&s->middle, "%s", public_tr(s, " 起", " onwards"));
	if (n->corrected_ms)
		html_addf(&s->middle, " · <b>%s%s</b>", public_tr(s, "更正于 ", "corrected "),
		          minute(op, n->corrected_ms).s);
	strbuf_addz(&s->middle, "</p>");
}

static void put_back(struct shown *s)
{
	html_addf(&s->middle, "<p><a href=\"/public/notices%s\">%s</a></p>",
	          public_tr(s, "", "?lang=en"), public_tr(s, "← 全部通知", "← all notices"));
}

static void put_withdrawn(struct op *op, struct shown *s, const struct notice *n)
{
	s->status = 410;
	html_addf(&s->middle, "<p class=bad role=status><b>%s</b> %s</p>",
	          public_tr(s, "本通知已撤回，不再有效。", "This notice was withdrawn and holds no more."),
	          minute(op, n->withdrawn_ms).s);
	put_back(s);
}

/* One that is not in force yet is not there. */
static enum rc fill_notice(struct op *op, struct shown *s)
{
	struct notice n = {0};
	bool known = false;

	if (s->index > 0)
		TRY(service_notice(op, (struct notice_id){s->index}, &n, &known));
	if (!known || (n.from_ms > op->now_ms && !n.withdrawn_ms))
		return fail(op, RC_NOT_FOUND, "", "", "没有这条通知", "there is no such notice");
	if (n.withdrawn_ms) {
		put_withdrawn(op, s, &n);
		return RC_OK;
	}
	html_addf(&s->middle, "<h2>%s</h2>", either(op, s, n.title, n.title_en).s);
	put_about(op, s, &n);
	html_addf(&s->middle, "<div class=text>%s</div>", either(op, s, n.body, n.body_en).s);
	put_validity(op, s, &n);
	put_back(s);
	return RC_OK;
}

static void finish(void *ctx, struct exchange *x)
{
	struct shown *s = ctx;

	if (s->rc == RC_NOT_FOUND) {
		html_addf(&s->middle, "<p class=bad role=status>%s</p>",
		          public_tr(s, "没有这条通知。", "There is no such notice."));
		put_back(s);
		s->status = 404;
	} else if (s->rc != RC_OK) {
		problem_answer(x, &s->err, -1);
		return;
	}
	public_send(s, "通知", "Notices", s->status);
}

static void begin(const struct asked *q, struct exchange *x, int64_t index,
                  enum rc (*fill)(struct op *op, struct shown *s))
{
	struct shown *s = public_shown(q, x);

	s->index = index;
	s->status = 200;
	s->fill = fill;
	public_read(s, finish);
}

void public_notices(const struct asked *q, struct exchange *x)
{
	begin(q, x, -1, fill_list);
}

void public_notice(const struct asked *q, struct exchange *x)
{
	int64_t index = -1;

	begin(q, x, str_to_i64(q->rest, &index) ? index : -1, fill_notice);
}
