/* SPDX-License-Identifier: Apache-2.0 */
/* badge.c -- badge and PIN of the day: issuing them, and coming to a desk with them.
 *
 *   POST /api/v1/pins    {"place","persons":[…],"day"}: an exam office, for staff of that place
 *   POST /api/v1/badges  {"badge","pin","at"}, or {"badge","leave":true,"at"}
 *
 * From a terminal an entry comes by its link: headers Gongyuan-Link and Gongyuan-Mac, the MAC over
 * `gongyuan/badge/v1\n` and the body; `at` is the terminal's clock, for one that was offline.  From
 * an office it comes under a login, whose desk it then is, and is of now.
 */
#include "base/limits.h"
#include "engine/badge.h"
#include "engine/link.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/session.h"

struct coming {
	struct sessions *sessions;
	struct exchange *x;
	struct json *body, *result;
	struct person_id caller;   /* of a login; 0: by a link */
	struct str link, mac, desk, source, place; /* place: the terminal's */
	struct op *op;
	enum rc rc;
	struct err err;
};

static void finish(void *ctx, struct exchange *x)
{
	struct coming *c = ctx;
	struct reply r = {.status = 200, .type = "application/json"};

	if (c->rc != RC_OK) {
		problem_answer(x, &c->err, -1);
		return;
	}
	r.body = json_canonical(exchange_arena(x), c->result);
	r.head[r.nhead++] = (struct answer_head){"Cache-Control", STR("no-store")};
	exchange_answer(x, &r);
}

static void run(struct coming *c, void (*job)(void *ctx, struct op *op))
{
	struct op op = {.arena = exchange_arena(c->x)};

	if (json_read(&op, exchange_body(c->x), &c->body) != RC_OK) {
		problem_answer(c->x, &op.err, -1);
		return;
	}
	c->result = json_new_object(op.arena);
	exchange_wait(c->x, finish, c);
	if (c->sessions->check(c->sessions->ctx, job, c) == RC_OK)
		return;
	c->rc = err_set(&c->err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，请稍后再试",
	                "busy; try again later");
	exchange_done(c->x);
}

/* A code on a badge, or a number; 0: nobody. */
static struct person_id person_of(struct op *op, const struct coming *c, const struct json *v)
{
	struct err before = op->err;
	struct person_id who = {0};

	if (v && v->type == JSON_INT && v->i > 0)
		who.v = v->i;
	else if (v && v->type == JSON_STR && code_valid(v->s) &&
	         c->sessions->person(op, v->s, &who) != RC_OK)
		who.v = 0;
	op->err = before;
	return who;
}

/* Does a grant of theirs lie in this place, or over it? */
static bool is_of(const struct op *op, struct person_id who, struct str place)
{
	struct granted g[64];
	size_t n = authority_grants(op->run->writer->authority, who, op->now_ms, g, COUNT(g));

	for (size_t i = 0; i < n; i++)
		if (place_covers(g[i].place, place) || place_covers(place, g[i].place))
			return true;
	return false;
}

/* ---- coming ---- */

static bool near_terminal(void *ctx, struct str place)
{
	return place_covers(place, ((const struct coming *)ctx)->place);
}

static bool near_login(void *ctx, struct str place)
{
	const struct coming *c = ctx;

	return is_of(c->op, c->caller, place);
}

static enum rc by_link(struct op *op, struct coming *c)
{
	struct str bytes = str_fmt(op->arena, "gongyuan/badge/v1\n" STR_FMT,
	                           STR_ARG(exchange_body(c->x)));
	struct ed25519_public key;
	struct link link;
	int64_t number;

	if (!str_to_i64(c->link, &number))
		number = 0;
	TRY(link_of(op, c->sessions->slow, number, &link));
	if (!link_mac_is(&link, bytes, c->mac) ||
	    !authority_device_of(op->run->writer->authority, link.device, &c->place, &key))
		return fail(op, RC_DENIED, "mac", "", "校验码不符，或终端已注销",
		            "the MAC does not match, or the device is revoked");
	c->desk = str_fmt(op->arena, "d%lld", (long long)link.device);
	c->source = c->desk;
	return RC_OK;
}

static enum rc moment_of(struct op *op, const struct coming *c, int64_t now_ms, int64_t *ret)
{
	*ret = now_ms;
	if (c->caller.v)
		return RC_OK;
	if (!clock_parse(json_str(c->body, "at"), ret) ||
	    *ret > now_ms + LIMIT_LINK_SKEW_S * INT64_C(1000))
		return fail(op, RC_INVALID, "at", "", "at 应为终端时刻", "at is the terminal's time");
	return RC_OK;
}

static enum rc come(struct op *op, struct coming *c)
{
	struct sessions *s = c->sessions;
	struct badge_entry e = {.who = person_of(op, c, json_get(c->body, "badge")),
	                        .pin = json_str(c->body, "pin"), .now_ms = clock_now_ms(s->clock),
	                        .near = c->caller.v ? near_login : near_terminal, .ctx = c,
	                        .night = s->night};
	int64_t over;

	if (!c->caller.v)
		TRY(by_link(op, c));
	TRY(moment_of(op, c, e.now_ms, &e.at_ms));
	e.desk = c->desk;
	e.as = json_str(c->body, "badge");
	e.source = c->source;
	if (json_bool(c->body, "leave", false))
		return badge_leave(op, s->slow, e.desk, e.who, e.at_ms);
	TRY(badge_enter(op, s->slow, &s->terms, &e, &over));
	json_set_int(op->arena, c->result, "person", e.who.v);
	json_set_str(op->arena, c->result, "until", clock_format_utc(op->arena, over));
	return RC_OK;
}

static void job(struct coming *c, struct op *op, enum rc (*f)(struct op *op, struct coming *c))
{
	struct op mine = *op;

	mine.arena = exchange_arena(c->x);
	mine.random = c->sessions->random;
	c->op = &mine;
	c->rc = f(&mine, c);
	c->err = mine.err;
	exchange_done(c->x);
}

/* On the thread that checks passwords. */
static void come_job(void *ctx, struct op *op)
{
	job(ctx, op, come);
}

static void badges(const struct asked *q, struct exchange *x)
{
	struct coming *c = ARENA_NEW(exchange_arena(x), struct coming);
	struct caller who = {0};
	struct err why = {0};

	*c = (struct coming){.sessions = q->router->sessions, .x = x,
	                     .link = exchange_header(x, "Gongyuan-Link"),
	                     .mac = exchange_header(x, "Gongyuan-Mac")};
	if (!c->link.n) {
		if (q->router->api->who(q->router->api->ctx, x, &who, &why) != RC_OK || !who.person.v) {
			problem_say(x, 401, "请先登录，或由终端链路发送", "log in first, or come by a link");
			return;
		}
		c->caller = who.person;
		c->desk = session_desk(x);
		c->source = str_fmt(exchange_arena(x), "p%lld", (long long)who.person.v);
	}
	run(c, come_job);
}

/* ---- issuing ---- */

static const char *const OFFICES[] = {"city_office", "county_office", "site_chief", "site_clerk"};

static enum rc may_issue(struct op *op, const struct coming *c, struct str place)
{
	for (size_t i = 0; i < COUNT(OFFICES); i++)
		if (person_holds(op, c->caller, str_of(OFFICES[i]), place))
			return RC_OK;
	return fail(op, RC_DENIED, "place", "", "无权为 %s 发放当日口令", "you may not issue PINs for %s",
	            str_copy(op->arena, place).s);
}

static enum rc issue_one(struct op *op, struct coming *c, const struct json *v,
                         struct badge_issue *i, struct json *list)
{
	struct json *o = json_new_object(op->arena);
	struct str pin;

	i->who = person_of(op, c, v);
	if (!i->who.v || !is_of(op, i->who, i->place))
		return fail(op, RC_INVALID, "persons", "", "第 %zu 人不是此地的人员",
		            "person %zu is not of this place", list->count + 1);
	TRY(badge_issue(op, c->sessions->slow, i, &pin));
	json_set_int(op->arena, o, "person", i->who.v);
	json_set_str(op->arena, o, "pin", pin);
	json_put(list, NULL, o);
	return RC_OK;
}

static enum rc issue(struct op *op, struct coming *c)
{
	const struct json *persons = json_get(c->body, "persons"), *v;
	struct json *list = json_new_array(op->arena);
	struct badge_issue i = {.by = c->caller, .place = json_str(c->body, "place"),
	                        .now_ms = clock_now_ms(c->sessions->clock)};
	struct badge_day days[BADGE_DAYS];
	int64_t at;

	badge_days(op->arena, i.now_ms, &c->sessions->night, days);
	i.day = days[0].day;
	if (json_get(c->body, "day"))
		i.day = json_str(c->body, "day");
	if (i.day.n != sizeof("2025-06-07") - 1 || !place_path_valid(i.place) ||
	    !clock_parse(str_fmt(op->arena, STR_FMT "T00:00:00Z", STR_ARG(i.day)), &at) || !persons ||
	    persons->type != JSON_ARRAY || !persons->count || persons->count > LIMIT_PINS)
		return fail(op, RC_INVALID, "persons", "", "应写 place、persons（1 至 %d 人）和 day",
		            "place, persons (1 to %d) and day", LIMIT_PINS);
	TRY(may_issue(op, c, i.place));
	for (v = persons->first; v; v = v->next)
		TRY(issue_one(op, c, v, &i, list));
	json_set_str(op->arena, c->result, "day", i.day);
	json_put(c->result, "pins", list);
	return RC_OK;
}

static void issue_job(void *ctx, struct op *op)
{
	job(ctx, op, issue);
}

static void pins(const struct asked *q, struct exchange *x)
{
	struct coming *c = ARENA_NEW(exchange_arena(x), struct coming);

	*c = (struct coming){.sessions = q->router->sessions, .x = x, .caller = q->who.person};
	run(c, issue_job);
}

static const struct route_answer CAME[] = {
	{200, "application/json", "badge_came", "已到岗", "has come, or has left"},
};
static const struct route_answer ISSUED[] = {
	{200, "application/json", "pins", "当日口令", "PINs of the day"},
};
static const int PROBLEMS[] = {400, 401, 403, 413, 422, 500, 503, 0};
static const struct route_param BY_LINK[] = {
	{"Gongyuan-Link", "header", "index", false, "终端链路", "a terminal's link"},
	{"Gongyuan-Mac", "header", "hash", false, "其校验码", "its MAC"},
};

const struct route BADGE_ROUTES[] = {
	{"POST", "/api/v1/badges", ROUTE_OPEN, .handle = badges, .body = "badge", PARAMS(BY_LINK),
	 ANSWERS(CAME), .problems = PROBLEMS, .zh = "刷工牌并输入当日口令，或离开",
	 .en = "badge and PIN at a desk, or leaving it"},
	{"POST", "/api/v1/pins", ROUTE_CALLER, .handle = pins, .body = "pins_ask", ANSWERS(ISSUED),
	 .problems = PROBLEMS, .zh = "发放当日口令", .en = "issue PINs of a day"},
};
const size_t BADGE_NROUTES = COUNT(BADGE_ROUTES);
