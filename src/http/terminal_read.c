/* SPDX-License-Identifier: Apache-2.0 */
/* terminal_read.c -- what a fixed terminal reads (docs/adr/0014-links.md, "Reading").
 *
 *   GET /api/v1/terminal?key=HEX   who runs here, the time, and which device has this key
 *   GET /api/v1/terminal           by a link: also where the terminal stands and whose badges may
 *                                  be scanned there, as codes and roles
 *
 * Every other GET that asks for a login takes a link as well: Gongyuan-Link, Gongyuan-At (the
 * terminal's time), Gongyuan-Person (somebody who stands there) and Gongyuan-Mac, by the link's key
 * over `gongyuan/read/v2\n<at>\n<person>\n<target>\n`, the target with its query as it
 * is sent.  That person's grants decide.
 */
#include "http/terminal_read.h"

#include "base/limits.h"
#include "domain/people/people.h"
#include "engine/badge.h"
#include "engine/link.h"
#include "engine/modules_private.h"
#include "engine/place.h"
#include "http/console.h"
#include "http/problem.h"
#include "http/route.h"

enum { GRANTS_MOST = 64 };

struct looking {
	const struct console *console;
	struct exchange *x;
	struct ed25519_public key; /* asked for by anybody */
	bool by_key;
	int64_t device;            /* by a link; 0: by anybody */
	enum rc rc;
	struct err err;
	struct str body;
};

bool terminal_asks(const struct exchange *x)
{
	return exchange_header(x, "Gongyuan-Link").n > 0;
}

static enum rc check_time(struct op *op, struct str at, int64_t now_ms, int64_t *ret)
{
	int64_t off;

	if (!clock_parse(at, ret))
		return fail(op, RC_DENIED, "at", "", "应写终端时刻", "the terminal's time is missing");
	off = *ret > now_ms ? *ret - now_ms : now_ms - *ret;
	if (off > LIMIT_LINK_SKEW_S * INT64_C(1000))
		return fail(op, RC_DENIED, "at", "", "终端时钟与服务器相差 %lld 秒",
		            "the terminal's clock is %lld seconds off", (long long)(off / 1000));
	return RC_OK;
}

/* On the server's thread: one row found by its key. */
static enum rc link_asked(struct sessions *s, struct op *op, struct exchange *x,
                          struct link *ret, int64_t *ret_at_ms)
{
	struct str at = exchange_header(x, "Gongyuan-At"), m;
	int64_t number;

	TRY(check_time(op, at, clock_now_ms(s->clock), ret_at_ms));
	if (!str_to_i64(exchange_header(x, "Gongyuan-Link"), &number))
		number = 0;
	TRY(link_of(op, s->fast, number, ret));
	m = str_fmt(op->arena, "gongyuan/read/v2\n" STR_FMT "\n" STR_FMT "\n" STR_FMT "\n",
	            STR_ARG(at), STR_ARG(exchange_header(x, "Gongyuan-Person")),
	            STR_ARG(exchange_target(x)));
	if (!link_mac_is(ret, m, exchange_header(x, "Gongyuan-Mac")))
		return fail(op, RC_DENIED, "mac", "", "校验码不符", "the MAC does not match");
	return RC_OK;
}

enum rc terminal_reader(struct sessions *s, struct op *op, struct exchange *x, struct caller *ret)
{
	struct caller who = {0};
	struct link link;
	int64_t at_ms;
	bool stands = false;

	TRY(link_asked(s, op, x, &link, &at_ms));
	if (!str_to_i64(exchange_header(x, "Gongyuan-Person"), &who.person.v) || who.person.v < 1)
		return fail(op, RC_DENIED, "person", "", "应写由谁查询", "it is not said who asks");
	TRY(badge_stands(op, s->fast, str_fmt(op->arena, "d%lld", (long long)link.device), who.person,
	                 at_ms, BADGE_ALL_DAY, &stands));
	if (!stands)
		return fail(op, RC_DENIED, "person", "", "人员 %lld 未在此终端刷卡",
		            "person %lld has not come to this terminal by badge",
		            (long long)who.person.v);
	who.device = link.device;
	*ret = who;
	return RC_OK;
}

/* ---- who and where ---- */

/* Grants at the place, under it or over it: "site_clerk invigilator". */
static struct json *roles_at(struct op *op, struct person_id who, struct str place)
{
	struct json *list = json_new_array(op->arena);
	struct granted g[GRANTS_MOST];
	size_t n = authority_grants(op->run->writer->authority, who, op->now_ms, g, COUNT(g));

	for (size_t i = 0; i < n; i++) {
		struct json *v;

		if (!place_covers(g[i].place, place) && !place_covers(place, g[i].place))
			continue;
		v = ARENA_NEW(op->arena, struct json);
		*v = (struct json){.type = JSON_STR, .s = g[i].role};
		json_append(list, v);
	}
	return list;
}

static enum rc add_staff(struct op *op, struct str at, struct str place, struct json *list)
{
	struct person_id *who = arena_array(op->arena, LIMIT_STAFF_TOLD, sizeof(*who));
	size_t n;

	TRY(badge_staff_at(op, at, str_eq(at, place), who, LIMIT_STAFF_TOLD, &n));
	for (size_t i = 0; i < n && list->count < LIMIT_STAFF_TOLD; i++) {
		struct json *roles = roles_at(op, who[i], place), *o;
		struct str code;

		if (!roles->count)
			continue;
		o = json_new_object(op->arena);
		TRY(people_code(op, who[i], &code));
		json_set_str(op->arena, o, "code", code);
		json_set_int(op->arena, o, "person", who[i].v);
		json_put(o, "roles", roles);
		json_append(list, o);
	}
	return RC_OK;
}

/* Of the place and what lies under it, and of each place over it: police and leaders come too. */
static enum rc staff_of(struct op *op, struct str place, struct json *list)
{
	struct str at = place;

	TRY(add_staff(op, at, place, list));
	while (at.n) {
		while (at.n && at.s[at.n - 1] != '/')
			at.n--;
		if (at.n)
			at.n--;
		TRY(add_staff(op, str_copy(op->arena, at), place, list));
	}
	return RC_OK;
}

/* What people call it, from the city down: "虚构市", "虚构第01县", "虚构第01考点"; the last part of the
 * path where nobody named it. */
static void add_names(struct op *op, struct str place, struct json *list)
{
	struct vault *v = &op->run->writer->vault;

	for (size_t n = 0, from = 0; n <= place.n; n++) {
		struct str at = str_dup(op->arena, place.s, n), name;
		struct json *o;

		if (n < place.n && place.s[n] != '/')
			continue;
		if (place_level(at) >= LEVEL_CITY) {
			if (!place_named(op, v, at, &name))
				name = str_dup(op->arena, place.s + from, n - from);
			o = ARENA_NEW(op->arena, struct json);
			*o = (struct json){.type = JSON_STR, .s = name};
			json_append(list, o);
		}
		from = n + 1;
	}
}

static enum rc tell(struct op *op, const struct looking *q, struct json *o)
{
	const struct authority *known = op->run->writer->authority;
	const struct console *c = q->console;
	struct arena *a = op->arena;
	struct ed25519_public key;
	struct json *list;
	struct str place;

	/* A PIN that was given here signs for so long (http/link.h). */
	json_set_int(a, o, "badge_s",
	             profile_setting(op_profile(op), "login.idle_s", PROFILE_NO_LIMIT));
	json_set_int(a, o, "device", q->by_key ? authority_device_by_key(known, &q->key) : q->device);
	json_set_bool(a, o, "drill", c->drill);
	json_set_str(a, o, "exam", c->api->exam);
	json_set_str(a, o, "name_en", c->name_en);
	json_set_str(a, o, "name_zh", c->name_zh);
	json_set_str(a, o, "now", clock_format_utc(a, op->now_ms));
	json_set_int(a, o, "offset_min", op_profile(op)->utc_offset_min);
	json_set_str(a, o, "origin", c->api->origin);
	if (!q->device || !authority_device_of(known, q->device, &place, &key))
		return RC_OK;
	json_set_str(a, o, "place", place);
	add_names(op, place, json_put(o, "place_names", json_new_array(a)));
	list = json_put(o, "staff", json_new_array(a));
	return staff_of(op, place, list);
}

static void job(void *ctx, struct op *op)
{
	struct looking *q = ctx;
	struct json *o = json_new_object(op->arena);

	q->rc = tell(op, q, o);
	if (q->rc == RC_OK) {
		json_set_int(op->arena, o, "size", (int64_t)op->run->writer->ledger.tree.size);
		q->body = str_copy(exchange_arena(q->x), json_canonical(op->arena, o));
	}
	q->err = op->err;
	exchange_done(q->x);
}

static void finish(void *ctx, struct exchange *x)
{
	struct looking *q = ctx;
	struct reply r = {.status = 200, .type = "application/json", .body = q->body};

	if (q->rc != RC_OK) {
		problem_answer(x, &q->err, -1);
		return;
	}
	r.head[r.nhead++] = (struct answer_head){"Cache-Control", STR("no-store")};
	exchange_answer(x, &r);
}

static void terminal(const struct asked *a, struct exchange *x)
{
	const struct router *to = a->router;
	struct looking *q = ARENA_NEW(exchange_arena(x), struct looking);
	struct op op = {.arena = exchange_arena(x)};
	struct link link = {0};
	int64_t at_ms;

	*q = (struct looking){.console = to->console, .x = x};
	if (terminal_asks(x)) {
		if (link_asked(to->sessions, &op, x, &link, &at_ms) != RC_OK) {
			problem_say(x, 401, op.err.zh, op.err.en);
			return;
		}
		q->device = link.device;
		exchange_known(x);
	}
	q->by_key = hex_decode(exchange_query(x, "key"), q->key.b, sizeof(q->key.b));
	exchange_wait(x, finish, q);
	if (to->api->read(to->api->ctx, job, q) == RC_OK)
		return;
	q->rc = err_set(&q->err, GY_WHERE, RC_BUSY, "", "", "查询过多，请稍后重试",
	                "too many questions; try again later");
	exchange_done(x);
}

static const struct route_answer TOLD[] = {
	{200, "application/json", "terminal", "此处何人何地", "who runs here, and where this stands"},
};
static const struct route_param BY_LINK[] = {
	{"key", "query", "hash", false, "终端公钥：查其编号", "a public key: which device has it"},
	{"Gongyuan-Link", "header", "index", false, "终端链路", "a terminal's link"},
	{"Gongyuan-At", "header", "time", false, "终端时刻", "the terminal's time"},
	{"Gongyuan-Mac", "header", "hash", false, "校验码", "its MAC"},
};
static const int PROBLEMS[] = {401, 500, 503, 0};

const struct route TERMINAL_ROUTES[] = {
	{"GET", "/api/v1/terminal", ROUTE_OPEN, .handle = terminal, PARAMS(BY_LINK), ANSWERS(TOLD),
	 .problems = PROBLEMS, .zh = "终端所处", .en = "where a terminal stands"},
};
const size_t TERMINAL_NROUTES = COUNT(TERMINAL_ROUTES);
