/* SPDX-License-Identifier: Apache-2.0 */
/* page.c -- see page.h.  Everything a page loads is its own; nothing is written into a script. */
#include "http/page_parts.h"

#include "domain/people/people.h"
#include "engine/writer.h"
#include "http/problem.h"
#include "http/route.h"

enum { GRANTS_MOST = 64 };

#define POLICY "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " \
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

static void send_page(struct exchange *x, int status, const char *type, struct str body)
{
	struct reply r = {.status = status, .type = type, .body = body};

	r.head[r.nhead++] = (struct answer_head){"Content-Security-Policy", STR(POLICY)};
	r.head[r.nhead++] = (struct answer_head){"Referrer-Policy", STR("no-referrer")};
	exchange_answer(x, &r);
}

static const char *tr(const struct exchange *x, const char *zh, const char *en)
{
	return exchange_wants_english(x) ? en : zh;
}

/* By the address, which is then kept; else the browser's languages say. */
static bool asked_english(const struct exchange *x)
{
	return str_is(exchange_query(x, "lang"), "en");
}

static void put_head(struct strbuf *b, const struct pages *p, const struct exchange *x, bool live)
{
	html_addf(b, "<!doctype html><html lang=%s><head><meta charset=utf-8>"
	          "<meta name=viewport content=\"width=device-width\"><title>%s%s</title>"
	          "<link rel=stylesheet href=/page.css>", tr(x, "zh-CN", "en"),
	          p->drill ? tr(x, "【演练】", "[DRILL] ") : "", tr(x, "值班", "Duty"));
	if (live)
		strbuf_addz(b, "<script src=/page.js defer></script>");
	strbuf_addz(b, "</head><body>");
	if (p->drill)
		html_addf(b, "<div class=drill>%s</div>",
		          tr(x, "【演练】本页是演练，人员、考生、试卷均为虚构",
		             "[DRILL] This is a drill: all people, candidates and papers are made up"));
	html_addf(b, "<header><h1>%s</h1><span>%s</span>",
	          tr(x, "招生考试安全综合管理平台 · 值班", "Examination security · duty"),
	          tr(x, p->name_zh.s, p->name_en.s));
}

static void put_state(struct strbuf *b, const struct pages *p, const struct exchange *x,
                      struct str person)
{
	if (p->console)
		html_addf(b, "<a href=/console/>%s</a>", tr(x, "工作台", "Console"));
	html_addf(b, "<span id=state>%s</span><span class=end>%s</span>"
	          "<form method=post action=\"%s\"><button>%s</button></form></header>"
	          "<div id=lost class=lost role=alert hidden></div>",
	          tr(x, "连接中…", "connecting…"), person.s,
	          asked_english(x) ? "/logout?lang=en" : "/logout", tr(x, "退出", "Log out"));
}

/* The form of the login. */
static void form_page(const struct pages *p, struct exchange *x, int status, const struct err *why)
{
	struct strbuf b;

	strbuf_init(&b, exchange_arena(x));
	put_head(&b, p, x, false);
	html_addf(&b, "</header><main class=login><form method=post action=\"%s\">",
	          asked_english(x) ? "/login?lang=en" : "/login");
	if (why)
		html_addf(&b, "<p class=red role=alert>%s</p>", tr(x, why->zh, why->en));
	html_addf(&b, "<label>%s<input name=person autocomplete=username required autofocus></label>",
	          tr(x, "工号", "Staff code"));
	html_addf(&b, "<label>%s<input name=password type=password"
	          " autocomplete=current-password required></label>",
	          tr(x, "口令", "Password"));
	html_addf(&b, "<label>%s<input name=code inputmode=numeric pattern=\"[0-9]{6}\""
	          " autocomplete=one-time-code required></label><button>%s</button>",
	          tr(x, "动态口令（6 位）", "One-time code (6 digits)"), tr(x, "登录", "Log in"));
	if (p->drill)
		html_addf(&b, "<p>%s</p>",
		          tr(x, "演练用户和口令见 ./run 的屏幕；取动态口令：gongyuan demo code 工号",
		             "Who may log in: where ./run was typed.  A code: gongyuan demo code USER"));
	strbuf_addz(&b, "</form></main>");
	strbuf_addz(&b, "</body></html>");
	send_page(x, status, "text/html; charset=utf-8", strbuf_str(&b));
}

struct viewing {
	struct pages *pages;
	struct exchange *x;
	struct caller who;
	bool whole;
	enum rc rc;
	struct err err;
	struct str middle, person; /* staff code */
};

/* On a reader's thread. */
static void job(void *ctx, struct op *op)
{
	struct viewing *v = ctx;
	struct granted grants[GRANTS_MOST];
	size_t n = authority_grants(op->run->writer->authority, v->who.person, op->now_ms, grants,
	                            GRANTS_MOST);
	struct strbuf b;

	strbuf_init(&b, exchange_arena(v->x));
	v->rc = page_live(op, grants, n, exchange_wants_english(v->x), &b);
	v->middle = strbuf_str(&b);
	if (v->rc == RC_OK)
		v->rc = people_code(op, v->who.person, &v->person);
	v->person = str_copy(exchange_arena(v->x), v->person);
	v->err = op->err;
	exchange_done(v->x);
}

static void finish(void *ctx, struct exchange *x)
{
	struct viewing *v = ctx;
	struct strbuf b;

	if (v->rc != RC_OK) {
		problem_answer(x, &v->err, -1);
		return;
	}
	if (!v->whole) {
		send_page(x, 200, "text/html; charset=utf-8", v->middle);
		return;
	}
	strbuf_init(&b, exchange_arena(x));
	put_head(&b, v->pages, x, true);
	put_state(&b, v->pages, x, v->person);
	strbuf_addz(&b, "<main id=live>");
	strbuf_adds(&b, v->middle);
	strbuf_addz(&b, "</main></body></html>");
	send_page(x, 200, "text/html; charset=utf-8", strbuf_str(&b));
}

static void show(struct pages *p, struct exchange *x, bool whole)
{
	struct op op = {.arena = exchange_arena(x)};
	struct viewing *v = ARENA_NEW(exchange_arena(x), struct viewing);

	*v = (struct viewing){.pages = p, .x = x, .whole = whole};
	if (session_of(p->sessions, &op, x, &v->who) != RC_OK || !v->who.person.v) {
		if (whole)
			form_page(p, x, 200, NULL);
		else
			problem_say(x, 401, "请先登录", "log in first");
		return;
	}
	exchange_wait(x, finish, v);
	if (p->api->read(p->api->ctx, job, v) == RC_OK)
		return;
	v->rc = err_set(&v->err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，请稍后再试",
	                "busy; try again later");
	exchange_done(x);
}

static void go_home(struct exchange *x, struct str cookie)
{
	struct reply r = {.status = 303, .type = "text/plain"};

	r.head[r.nhead++] = (struct answer_head){
		"Location", asked_english(x) ? STR("/?lang=en") : STR("/")};
	r.head[r.nhead++] = (struct answer_head){"Set-Cookie", cookie};
	exchange_answer(x, &r);
}

static void entered(void *ctx, struct exchange *x, enum rc rc, const struct err *why,
                    struct str cookie)
{
	if (rc == RC_OK)
		go_home(x, cookie);
	else
		form_page(ctx, x, rc_http(rc), why);
}

static void log_in(const struct asked *q, struct exchange *x)
{
	struct pages *p = q->router->pages;
	struct arena *a = exchange_arena(x);
	struct str body = exchange_body(x);

	session_enter(p->sessions, x, form_value(a, body, "person"), form_value(a, body, "password"),
	              form_value(a, body, "code"), entered, p);
}

static void log_out(const struct asked *q, struct exchange *x)
{
	struct pages *p = q->router->pages;
	struct op op = {.arena = exchange_arena(x)};

	if (session_leave(p->sessions, &op, x) != RC_OK)
		problem_answer(x, &op.err, -1);
	else
		go_home(x, STR(SESSION_NO_COOKIE));
}

static void whole(const struct asked *q, struct exchange *x)
{
	show(q->router->pages, x, true);
}

static void middle(const struct asked *q, struct exchange *x)
{
	show(q->router->pages, x, false);
}

static void style(const struct asked *q, struct exchange *x)
{
	(void)q;
	send_page(x, 200, "text/css; charset=utf-8", str_of(PAGE_STYLE));
}

static void script(const struct asked *q, struct exchange *x)
{
	(void)q;
	send_page(x, 200, "text/javascript; charset=utf-8", str_of(PAGE_SCRIPT));
}

#define PAGE(method, path, fn) {(method), (path), ROUTE_OPEN, ROUTE_PAGE, (fn)}
const struct route PAGE_ROUTES[] = {
	PAGE("GET", "/", whole),
	PAGE("GET", "/live", middle),
	PAGE("GET", "/page.css", style),
	PAGE("GET", "/page.js", script),
	PAGE("POST", "/login", log_in),
	PAGE("POST", "/logout", log_out),
};
const size_t PAGE_NROUTES = COUNT(PAGE_ROUTES);
