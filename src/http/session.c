/* SPDX-License-Identifier: Apache-2.0 */
/* session.c -- see session.h. */
#include "http/session.h"

#include "base/limits.h"
#include "engine/badge.h"
#include "engine/login_key.h"
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

struct str session_desk(struct exchange *x)
{
	struct str token = exchange_token(x);
	struct hash h = hash_sha256(token.s, token.n);

	return str_fmt(exchange_arena(x), "t" STR_FMT, STR_ARG(hash_hex(exchange_arena(x), &h)));
}

enum rc session_badge(struct sessions *s, struct op *op, struct exchange *x, struct person_id who,
                      bool *ret)
{
	return badge_stands(op, s->fast, session_desk(x), who, clock_now_ms(s->clock),
	                    s->terms.idle_s * 1000, ret);
}

struct attempt {
	struct sessions *sessions;
	struct exchange *x;
	struct str code;
	struct login_try try;
	struct str challenge, signature; /* challenge empty: by password and code */
	struct str token;
	enum rc rc;
	struct err err;
	session_entered *then;
	void *ctx;
	struct attempt *next; /* in sessions.waiting */
};

static enum rc try_key(struct op *op, struct op *mine, struct attempt *a)
{
	struct login_key_try k = {.origin = a->sessions->origin, .person = a->code, .try = a->try,
	                          .challenge = a->challenge, .signature = a->signature};
	struct ed25519_public key;

	if (authority_key_of(op->run->writer->authority, a->try.who, &key))
		k.key = &key;
	return login_open_by_key(mine, a->sessions->slow, &a->sessions->terms, &k, &a->token);
}

/* On the thread that checks passwords. */
static void check(void *ctx, struct op *op)
{
	struct attempt *a = ctx;
	struct op mine = {.arena = exchange_arena(a->x), .random = a->sessions->random};
	struct err before = op->err;

	if (a->sessions->person(op, a->code, &a->try.who) != RC_OK)
		a->try.who = (struct person_id){0};
	op->err = before;
	a->rc = a->challenge.n ? try_key(op, &mine, a)
	                       : login_open(&mine, a->sessions->slow, &a->sessions->terms, &a->try,
	                                    &a->token);
	a->err = mine.err;
	if (a->try.password.n)
		explicit_bzero((char *)(uintptr_t)a->try.password.s, a->try.password.n);
	exchange_done(a->x);
}

/* How many of this source wait already. */
static size_t waiting(const struct sessions *s, struct str source)
{
	size_t n = 0;

	for (const struct attempt *a = s->waiting; a; a = a->next)
		n += str_eq(a->try.source, source);
	return n;
}

static void join(struct attempt *a)
{
	a->next = a->sessions->waiting;
	a->sessions->waiting = a;
}

static void part(struct attempt *a)
{
	struct attempt **at = &a->sessions->waiting;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
}

static void finish(void *ctx, struct exchange *x)
{
	struct attempt *a = ctx;
	struct str cookie = {"", 0};

	part(a);
	if (a->rc == RC_OK)
		cookie = str_fmt(exchange_arena(x), COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s",
		                 a->token.s, exchange_secure(x) ? "; Secure" : "");
	a->then(a->ctx, x, a->rc, &a->err, cookie);
}

static struct attempt *attempt_of(struct sessions *s, struct exchange *x, struct str person)
{
	struct attempt *a = ARENA_NEW(exchange_arena(x), struct attempt);

	*a = (struct attempt){.sessions = s, .x = x, .code = person};
	a->try.as = person;
	a->try.source = exchange_network(x);
	a->try.address = exchange_source(x);
	a->try.now_ms = clock_now_ms(s->clock);
	return a;
}

static void attempt(struct attempt *a)
{
	struct sessions *s = a->sessions;
	struct exchange *x = a->x;
	bool whole = a->challenge.n ? a->signature.n > 0 : a->try.password.n && a->try.code.n;
	bool room = waiting(s, a->try.source) < LIMIT_LOGINS_EACH;

	join(a);
	exchange_wait(x, finish, a);
	if (!a->code.n || !code_valid(a->code) || !whole)
		a->rc = err_set(&a->err, GY_WHERE, RC_INVALID, "", "",
		                "登录须写 person（工号）和 password、code（动态口令），"
		                "或 challenge、signature（密钥签名）",
		                "a login has person (staff code), and password and code (one-time) or"
		                " challenge and signature (by the key)");
	else if (room && s->check(s->ctx, check, a) == RC_OK)
		return;
	else
		a->rc = err_set(&a->err, GY_WHERE, RC_BUSY, "", "", "登录过多，请稍后再试",
		                "too many logins; try again later");
	exchange_done(x);
}

void session_enter(struct sessions *s, struct exchange *x, struct str person, struct str password,
                   struct str code, session_entered *then, void *ctx)
{
	struct attempt *a = attempt_of(s, x, person);

	a->try.password = password;
	a->try.code = code;
	a->then = then;
	a->ctx = ctx;
	attempt(a);
}

enum rc session_leave(struct sessions *s, struct op *op, struct exchange *x)
{
	struct str token = exchange_token(x);

	return token.n ? login_end(op, s->fast, token, clock_now_ms(s->clock)) : RC_OK;
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
	struct attempt *a;
	struct json *o;

	if (json_read(&op, exchange_body(x), &o) != RC_OK) {
		problem_answer(x, &op.err, -1);
		return;
	}
	a = attempt_of(q->router->sessions, x, json_str(o, "person"));
	a->try.password = json_str(o, "password");
	a->try.code = json_str(o, "code");
	a->challenge = json_str(o, "challenge");
	a->signature = json_str(o, "signature");
	a->then = entered;
	attempt(a);
}

static void challenge(const struct asked *q, struct exchange *x)
{
	struct sessions *s = q->router->sessions;
	struct op op = {.arena = exchange_arena(x), .random = s->random};
	struct json *o = json_new_object(op.arena);
	struct reply r = {.status = 200, .type = "application/json"};
	struct str text;

	if (login_challenge(&op, s->fast, clock_now_ms(s->clock), &text) != RC_OK) {
		problem_answer(x, &op.err, -1);
		return;
	}
	json_set_str(op.arena, o, "challenge", text);
	json_set_str(op.arena, o, "origin", s->origin);
	r.body = json_canonical(op.arena, o);
	r.head[r.nhead++] = (struct answer_head){"Cache-Control", STR("no-store")};
	exchange_answer(x, &r);
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
static const struct route_answer CHALLENGE[] = {
	{200, "application/json", "challenge", "质询", "a challenge"},
};
static const int PROBLEMS[] = {403, 413, 422, 500, 503, 0};

const struct route SESSION_ROUTES[] = {
	{"POST", PATH, ROUTE_OPEN, .handle = begin, .body = "login", ANSWERS(ENTERED),
	 .problems = PROBLEMS, .zh = "登录", .en = "log in"},
	{"GET", PATH "/challenge", ROUTE_OPEN, .handle = challenge, ANSWERS(CHALLENGE),
	 .problems = PROBLEMS, .zh = "取质询，以登记的密钥签名登录",
	 .en = "a challenge, to log in by the registered key"},
	{"DELETE", PATH, ROUTE_OPEN, .handle = end, ANSWERS(LEFT), .problems = PROBLEMS, .zh = "退出",
	 .en = "log out"},
};
const size_t SESSION_NROUTES = COUNT(SESSION_ROUTES);
