/* SPDX-License-Identifier: Apache-2.0 */
/* public.c -- see public.h.  The middle of a page is made on a reader's thread, or at once where
 * memory suffices.
 */
#include "http/public_private.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "engine/profile.h"
#include "engine/run.h"
#include "engine/writer.h"
#include "http/console.h"
#include "http/html.h"
#include "http/problem.h"
#include "http/tiles.h"
#include "ledger/prover.h"

enum { NEWEST = 5 }; /* notices below the timetable: one screen of a telephone */

#define POLICY "default-src 'none'; style-src 'self'; form-action 'self'; " \
	"frame-ancestors 'none'; base-uri 'none'"

const char *public_tr(const struct shown *s, const char *zh, const char *en)
{
	return s->english ? en : zh;
}

/* ---- the frame ---- */

static void put_head(const struct shown *s, struct strbuf *b, const char *zh, const char *en)
{
	const struct console *c = s->router->console;

	html_addf(b, "<!doctype html><html lang=%s><head><meta charset=utf-8><meta name=viewport "
	          "content=\"width=device-width\"><title>%s%s</title><link rel=stylesheet "
	          "href=/public/page.css></head><body>", public_tr(s, "zh-CN", "en"),
	          c->drill ? public_tr(s, "【演练】", "[DRILL] ") : "", public_tr(s, zh, en));
	if (c->drill)
		html_addf(b, "<p class=drill>%s</p>",
		          public_tr(s, "【演练】本页是演练，不是真实考试的安排",
		             "[DRILL] This is a drill, not the plan of a real examination"));
	html_addf(b, "<header><p>%s</p><nav><a href=\"/public/%s\">%s</a>",
	          public_tr(s, c->name_zh.s, c->name_en.s), public_tr(s, "", "?lang=en"),
	          public_tr(s, "考试时间", "Timetable"));
	html_addf(b, "<a href=\"/public/notices%s\">%s</a><a href=\"/public/receipt%s\">%s</a>",
	          public_tr(s, "", "?lang=en"), public_tr(s, "通知", "Notices"),
	          public_tr(s, "", "?lang=en"), public_tr(s, "核对登记回执", "Check a receipt"));
	html_addf(b, "<a href=\"?lang=%s\" lang=%s>%s</a></nav></header><main><h1>%s</h1>",
	          public_tr(s, "en", "zh"), public_tr(s, "en", "zh-CN"), public_tr(s, "English", "中文"),
	          public_tr(s, zh, en));
}

void public_send(struct shown *s, const char *zh, const char *en, int status)
{
	struct reply r = {.status = status, .type = "text/html; charset=utf-8"};
	struct strbuf b;

	strbuf_init(&b, exchange_arena(s->x));
	put_head(s, &b, zh, en);
	strbuf_adds(&b, strbuf_str(&s->middle));
	strbuf_addz(&b, "</main></body></html>");
	r.body = strbuf_str(&b);
	r.head[r.nhead++] = (struct answer_head){"Content-Security-Policy", STR(POLICY)};
	r.head[r.nhead++] = (struct answer_head){"Referrer-Policy", STR("no-referrer")};
	exchange_answer(s->x, &r);
}

struct shown *public_shown(const struct asked *q, struct exchange *x)
{
	struct shown *s = ARENA_NEW(exchange_arena(x), struct shown);

	*s = (struct shown){.router = q->router, .x = x, .english = exchange_wants_english(x),
	                    .index = -1};
	strbuf_init(&s->middle, exchange_arena(x));
	return s;
}

/* On a reader's thread. */
static void job(void *ctx, struct op *op)
{
	struct shown *s = ctx;

	s->rc = s->fill(op, s);
	s->err = op->err;
	exchange_done(s->x);
}

static enum rc to_api(struct shown *s)
{
	return s->router->api->read(s->router->api->ctx, job, s);
}

static enum rc to_tiles(struct shown *s)
{
	return s->router->tiles->read(s->router->tiles->ctx, job, s);
}

/* On the server's thread, as all that counts them. */
static void made(void *ctx, struct exchange *x)
{
	struct shown *s = ctx;

	--*s->router->console->strangers;
	s->finish(s, x);
}

/* However many strangers ask, those who work here are answered. */
static void hand_on(struct shown *s, enum rc (*to)(struct shown *s), server_handle *finish)
{
	unsigned now = ++*s->router->console->strangers;

	s->finish = finish;
	exchange_wait(s->x, made, s);
	if (now <= LIMIT_STRANGERS && to(s) == RC_OK)
		return;
	s->rc = err_set(&s->err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，请稍后再试",
	                "busy; try again later");
	exchange_done(s->x);
}

void public_read(struct shown *s, server_handle *finish)
{
	hand_on(s, to_api, finish);
}

/* ---- the programme ---- */

struct str public_time(const struct op *op, int64_t ms, size_t from, size_t n)
{
	struct str s = clock_format_offset(op->arena, ms, op_profile(op)->utc_offset_min);

	return str_dup(op->arena, s.s + from, n);
}

static void put_day(const struct op *op, struct shown *s, int64_t ms)
{
	static const char *const ZH[] = {"日", "一", "二", "三", "四", "五", "六"};
	static const char *const EN[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
	                                 "Friday", "Saturday"};
	int64_t local = ms + op_profile(op)->utc_offset_min * INT64_C(60000);
	int weekday = (int)((local / 86400000 + 4) % 7); /* the first day of 1970 was a Thursday */

	html_addf(&s->middle, "</table><h2>%s %s%s</h2><table><thead><tr><th>%s<th>%s<th>%s</thead>",
	          public_time(op, ms, 0, 10).s, public_tr(s, "星期", ""),
	          s->english ? EN[weekday] : ZH[weekday], public_tr(s, "时间", "Time"),
	          public_tr(s, "科目", "Subject"), public_tr(s, "迟到截止", "No entry after"));
}

static void put_session(const struct op *op, struct shown *s, const struct profile_session *p)
{
	html_addf(&s->middle, "<tr><td>%s–%s<td>%s<td>", public_time(op, p->start_ms, 11, 5).s,
	          public_time(op, p->end_ms, 11, 5).s, public_tr(s, p->zh.s, p->en.s));
	if (p->entry_said)
		html_addf(&s->middle, "%s",
		          public_time(op, p->start_ms + p->entry_closes_s * 1000, 11, 5).s);
	else
		html_addf(&s->middle, "%s", public_tr(s, "见准考证", "see the ticket"));
	if (p->listening)
		html_addf(&s->middle, " <small>%s</small>",
		          public_tr(s, "含听力", "with listening"));
	strbuf_addz(&s->middle, "</tr>");
}

static enum rc fill_programme(struct op *op, struct shown *s)
{
	const struct profile *p = op_profile(op);
	struct str day = {"", 0};

	html_addf(&s->middle, "<p>%s</p><table>",
	          public_tr(s, "时间以准考证为准。进入考点须接受安检，手机等通讯工具一律不得带入。",
	             "Your admission ticket has the last word. Everybody is checked at the gate; no "
	             "telephone or other means of communication may be brought in."));
	for (size_t i = 0; i < p->nsessions; i++) {
		struct str now = public_time(op, p->sessions[i].start_ms, 0, 10);

		if (!str_eq(now, day))
			put_day(op, s, p->sessions[i].start_ms);
		day = now;
		put_session(op, s, &p->sessions[i]);
	}
	strbuf_addz(&s->middle, "</table>");
	return public_put_notices(op, s, NEWEST, true);
}

static void finish_programme(void *ctx, struct exchange *x)
{
	struct shown *s = ctx;

	if (s->rc == RC_OK)
		public_send(s, "考试时间", "Timetable", 200);
	else
		problem_answer(x, &s->err, -1);
}

void public_programme(const struct asked *q, struct exchange *x)
{
	struct shown *s = public_shown(q, x);

	s->fill = fill_programme;
	public_read(s, finish_programme);
}

/* ---- a receipt ---- */

static void put_form(struct shown *s)
{
	html_addf(&s->middle, "<form method=get action=/public/receipt><label>%s<input name=index "
	          "inputmode=numeric pattern=\"[0-9]+\" required value=\"%s\"></label>",
	          public_tr(s, "序号", "Index"),
	          s->index < 0 ? "" : str_fmt(exchange_arena(s->x), "%lld", (long long)s->index).s);
	html_addf(&s->middle, "<label>%s<input name=leaf pattern=\"[0-9a-f]{64}\" required "
	          "value=\"%s\"></label><input type=hidden name=lang value=%s>"
	          "<button>%s</button></form>",
	          public_tr(s, "校验值（64 位）", "Leaf (64 digits)"), s->leaf_text.s ? s->leaf_text.s : "",
	          public_tr(s, "zh", "en"), public_tr(s, "核对", "Check"));
}

static void put_offline(struct shown *s)
{
	if (s->router->console->assets)
		html_addf(&s->middle, "<p><a href=/public/offline-verify.html download>%s</a></p>",
		          public_tr(s, "下载离线核对页（保存后不联网即可核对）",
		             "Download the offline page (checks without a network, and without us)"));
}

static void put_verdict(struct shown *s, bool good, const char *zh, const char *en)
{
	html_addf(&s->middle, "<p class=%s role=status><b>%s</b> %s</p>", good ? "good" : "bad",
	          good ? "✔" : "✘", public_tr(s, zh, en));
}

static void put_proof(struct shown *s, struct str proof)
{
	html_addf(&s->middle, "<p>%s</p><details><summary>%s</summary><pre>%s</pre></details>",
	          public_tr(s, "这条记录自登记起未被改动、删除或移位。下面的证明可以保存，在任何一台不联网的电脑上"
	             "用核对页验证，不必相信本网站。", "The entry has not been changed, removed or moved since it was "
	             "recorded. The proof below can be kept, and checked on any computer without a "
	             "network by the offline page: this site need not be believed."),
	          public_tr(s, "存证证明", "The proof"), proof.s);
	put_offline(s);
}

/* The answer of prover_prove. */
static void put_answer(struct shown *s, enum rc rc, struct str proof)
{
	if (rc == RC_OK) {
		put_verdict(s, true, "回执有效：台账中确有这条记录。",
		            "The receipt is good: the ledger holds this entry.");
		put_proof(s, proof);
	} else if (rc == RC_CONFLICT) {
		put_verdict(s, true, "已登记，正在生成存证点，请几秒后再核对。",
		            "Recorded; it will be under a checkpoint in some seconds. Check again then.");
	} else if (rc == RC_NOT_FOUND) {
		put_verdict(s, false, "台账中没有这样一条记录。请核对序号和校验值是否抄错；确实无误的，请持回执向"
		            "考试机构或纪检监察机关反映。",
		            "The ledger holds no such entry. See whether index and leaf were copied "
		            "rightly; if they were, show the receipt to the authority or to "
		            "discipline inspection.");
	} else {
		put_verdict(s, false, "暂时无法核对，请稍后再试。", "It cannot be checked now; try again later.");
	}
}

static void prove(struct op *op, struct shown *s, const struct ledger *l)
{
	struct str proof = {"", 0};

	s->rc = prover_prove(op, s->router->tiles->prover, l, (uint64_t)s->index, &s->leaf, &proof);
	if (s->rc != RC_BUSY || l)
		put_answer(s, s->rc, str_copy(exchange_arena(s->x), proof));
}

static enum rc fill_receipt(struct op *op, struct shown *s)
{
	prove(op, s, &op->run->writer->ledger);
	return RC_OK;
}

static void finish_receipt(void *ctx, struct exchange *x)
{
	struct shown *s = ctx;

	if (s->rc == RC_OK)
		public_send(s, "核对登记回执", "Check a receipt", 200);
	else
		problem_answer(x, &s->err, -1);
}

void public_receipt(const struct asked *q, struct exchange *x)
{
	struct shown *s = public_shown(q, x);
	struct str index = exchange_query(x, "index"), leaf = exchange_query(x, "leaf");
	struct op op = {.arena = exchange_arena(x)};

	s->fill = fill_receipt;
	s->leaf_text = leaf;
	html_addf(&s->middle, "<p>%s</p>", public_tr(s, "回执上有一个序号和一串校验值。填入后即知这条记录是否在防篡改台账中。",
	          "A receipt has an index and a leaf.  They tell whether the entry is in the ledger "
	          "that nobody can change unseen."));
	if (!str_to_i64(index, &s->index) || s->index < 0)
		s->index = -1;
	put_form(s);
	if (!index.s && !leaf.s) {
		put_offline(s);
		public_send(s, "核对登记回执", "Check a receipt", 200);
	} else if (s->index < 0 || !hex_decode(leaf, s->leaf.b, sizeof(s->leaf.b))) {
		put_verdict(s, false, "序号应为数字，校验值应为 64 位数字和小写字母 a–f。",
		            "The index is a number, the leaf 64 digits and letters a to f.");
		public_send(s, "核对登记回执", "Check a receipt", 400);
	} else {
		prove(&op, s, NULL);
		if (s->rc == RC_BUSY)
			hand_on(s, to_tiles, finish_receipt);
		else
			public_send(s, "核对登记回执", "Check a receipt", s->rc == RC_NOT_FOUND ? 404 : 200);
	}
}

static const char STYLE[] =
	"*{box-sizing:border-box}"
	"body{margin:0;"
	"font:1rem/1.6 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif;"
	"color:#1a1a1a;background:#eef1f4}"
	"header{background:#12355b;color:#fff;padding:.7rem 1rem;display:flex;flex-wrap:wrap;"
	"gap:.3rem 2rem;align-items:baseline}header p{margin:0;font-weight:600}"
	"nav{display:flex;gap:1.2rem;margin-left:auto}nav a{color:#fff}"
	".drill{background:#ffd54a;color:#000;text-align:center;margin:0;padding:.1rem 1rem;"
	"font-weight:600}"
	"main{max-width:44rem;margin:1rem auto;background:#fff;padding:1rem 1.4rem 1.6rem;"
	"border-radius:6px}h1{font-size:1.4rem;margin:.2rem 0 .6rem}"
	"h2{font-size:1.1rem;margin:1.2rem 0 .4rem}"
	"table{border-collapse:collapse;width:100%;table-layout:fixed}"
	"th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d5dae1}"
	"th{color:#45505c;font-weight:600}"
	"td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}small{color:#45505c}"
	"label{display:block;margin:.6rem 0}"
	"input{display:block;width:100%;font:inherit;padding:.4rem;border:1px solid #77838f;"
	"border-radius:4px}"
	"button{font:inherit;padding:.4rem 2rem;border:0;border-radius:4px;background:#12355b;"
	"color:#fff;margin-top:.4rem}"
	".notices{list-style:none;margin:0;padding:0}"
	".notices li{padding:.7rem 0;border-bottom:1px solid #d5dae1}"
	".notices a{font-weight:600}a{overflow-wrap:anywhere}"
	"main a{color:#12355b}.about span{white-space:nowrap}"
	".about{color:#45505c;margin:.1rem 0;font-size:.94rem}"
	".kind{background:#e3ebf4;color:#12355b;border-radius:4px;padding:.05rem .5rem;"
	"margin-right:.5rem;font-size:.9rem;white-space:nowrap}.kind.now{background:#b71c1c;color:#fff}"
	".text{white-space:pre-line;overflow-wrap:anywhere;margin:1rem 0}"
	"@media(max-width:36rem){main{margin:0;border-radius:0}nav{margin-left:0;gap:.6rem 1.2rem;"
	"flex-wrap:wrap}}"
	".good,.bad{border-left:6px solid;padding:.6rem .9rem;background:#f3f7f3}"
	".good{border-color:#1b6e2c}.bad{border-color:#b71c1c;background:#fdf3f3}"
	"pre{white-space:pre-wrap;word-break:break-all;background:#f5f6f8;padding:.6rem;"
	"font-size:.86rem}";

void public_style(const struct asked *q, struct exchange *x)
{
	struct reply r = {.status = 200, .type = "text/css; charset=utf-8", .body = str_of(STYLE),
	                  .kept = true};

	(void)q;
	exchange_answer(x, &r);
}
