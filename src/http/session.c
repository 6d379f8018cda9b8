/* SPDX-License-Identifier: Apache-2.0 */
/* session.c -- see session.h. */
#include "http/session.h"

#include "http/problem.h"
#include "http/route.h"

#define COOKIE "gongyuan"
#define PATH "/api/v1/login"

struct str exchange_token(const struct exchange *x)
{
	struct str h = exchange_header(x, "Authorization"), bearer = STR("Bearer ");

	if (str_starts(h, bearer))
		return (struct str){h.s + bearer.n, h.n - bearer.n};
	return h.n ? h : exchange_cookie(x, COOKIE);
}

enum rc session_of(struct sessions *s, struct op *op, struct exchange *x, struct caller *ret)
{
	struct str token = exchange_token(x);

	*ret = (struct caller){0};
	if (!token.n)
		return RC_OK;
	return login_of(op, s->fast, &s->terms, token, clock_now_ms(s->clock), &ret->person);
}

struct attempt {
	struct sessions *sessions;
	struct exchange *x;
	struct str code;
	struct login_try try;
	struct str token;
	enum rc rc;
	struct err err;
	session_entered *then;
	void *ctx;
};

/* On the thread that checks passwords. */
static void check(void *ctx, struct op *op)
{
	struct attempt *a = ctx;
	struct op mine = {.arena = exchange_arena(a->x), .random = a->sessions->random};
	struct err before = op->err;

	if (a->sessions->person(op, a->code, &a->try.who) != RC_OK)
		a->try.who = (struct person_id){0};
	op->err = before;
	a->rc = login_open(&mine, a->sessions->slow, &a->sessions->terms, &a->try, &a->token);
	a->err = mine.err;
	explicit_bzero((char *)(uintptr_t)a->try.password.s, a->try.password.n);
	exchange_done(a->x);
}

static void finish(void *ctx, struct exchange *x)
{
	struct attempt *a = ctx;
	struct str cookie = {"", 0};

	if (a->rc == RC_OK)
		cookie = str_fmt(exchange_arena(x), COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s",
		                 a->token.s, exchange_secure(x) ? "; Secure" : "");
	a->then(a->ctx, x, a->rc, &a->err, cookie);
}

void session_enter(struct sessions *s, struct exchange *x, struct str person, struct str password,
                   struct str code, session_entered *then, void *ctx)
{
	struct attempt *a = ARENA_NEW(exchange_arena(x), struct attempt);

	*a = (struct attempt){.sessions = s, .x = x, .code = person, .then = then, .ctx = ctx};
	a->try = (struct login_try){.password = password, .code = code, .source = exchange_source(x),
	                            .now_ms = clock_now_ms(s->clock)};
	exchange_wait(x, finish, a);
	if (!person.n || !code_valid(person) || !password.n || !code.n)
		a->rc = err_set(&a->err, GY_WHERE, RC_INVALID, "", "",
		                "登录须写 person（工号）、password、code（动态口令）",
		                "a login has person (staff code), password and code (one-time)");
	else if (s->check(s->ctx, check, a) == RC_OK)
		return;
	else
		a->rc = err_set(&a->err, GY_WHERE, RC_BUSY, "", "", "登录过多，请稍后再试",
		                "too many logins; try again later");
	exchange_done(x);
}

enum rc session_leave(struct sessions *s, struct op *op, struct exchange *x)
{
	struct str token = exchange_token(x);

	return token.n ? login_end(op, s->fast, token) : RC_OK;
}

/* Of the API. */
static void entered(void *ctx, struct exchange *x, enum rc rc, const struct err *why,
                    struct str cookie)
{
	struct arena *m = exchange_arena(x);
	struct reply r = {.status = 200, .type = "application/json"};
	struct json *o = json_new_object(m);

	(void)ctx;
	if (rc != RC_OK) {
		problem_answer(x, why, -1);
		return;
	}
	json_set_str(m, o, "token", str_dup(m, cookie.s + sizeof(COOKIE), TOKEN_HEX));
	r.body = json_canonical(m, o);
	r.head[r.nhead++] = (struct answer_head){"Set-Cookie", cookie};
	exchange_answer(x, &r);
}

static void begin(const struct asked *q, struct exchange *x)
{
	struct op op = {.arena = exchange_arena(x)};
	struct json *o;

	if (json_read(&op, exchange_body(x), &o) != RC_OK)
		problem_answer(x, &op.err, -1);
	else
		session_enter(q->router->sessions, x, json_str(o, "person"), json_str(o, "password"),
		              json_str(o, "code"), entered, NULL);
}

static void end(const struct asked *q, struct exchange *x)
{
	struct op op = {.arena = exchange_arena(x)};
	struct reply r = {.status = 204};

	if (session_leave(q->router->sessions, &op, x) != RC_OK) {
		problem_answer(x, &op.err, -1);
		return;
	}
	r.head[r.nhead++] = (struct answer_head){"Set-Cookie", STR(SESSION_NO_COOKIE)};
	exchange_answer(x, &r);
}

static const struct route_answer ENTERED[] = {
	{200, "application/json", "token", "已登录", "logged in"},
};
static const struct route_answer LEFT[] = {
	{204, NULL, NULL, "已退出", "logged out"},
};
static const int PROBLEMS[] = {403, 413, 422, 500, 503, 0};

const struct route SESSION_ROUTES[] = {
	{"POST", PATH, ROUTE_OPEN, .handle = begin, .body = "login", ANSWERS(ENTERED),
	 .problems = PROBLEMS, .zh = "登录", .en = "log in"},
	{"DELETE", PATH, ROUTE_OPEN, .handle = end, ANSWERS(LEFT), .problems = PROBLEMS, .zh = "退出",
	 .en = "log out"},
};
const size_t SESSION_NROUTES = COUNT(SESSION_ROUTES);
