/* SPDX-License-Identifier: Apache-2.0 */
/* http.c -- the routes and their handlers without a network: a request is answered exactly once,
 * with a status that its route promises, and what is handed to the writer is an act.
 *
 * The input is `METHOD PATH?QUERY` and a line end, `Name: value` lines, an empty line, the body.
 * What would need a database answers that it is busy; acts that reach the writer are looked at and
 * answered by their first byte's parity, so that receipts and refusals are both written.
 */
#include "base/limits.h"
#include "base/random.h"
#include "engine/modules_private.h"
#include "http/console.h"
#include "http/feed.h"
#include "http/link.h"
#include "http/page.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/tiles.h"
#include "lab.h"

#include "exchange.h"
#include "fuzz.h"

static enum rc who(void *ctx, struct exchange *x, struct caller *ret, struct err *ret_why)
{
	(void)ctx, (void)ret_why;
	*ret = (struct caller){.person = {exchange_header(x, "X-Nobody").s ? 0 : 7}};
	return RC_OK;
}

/* What the writer is given: a known command, canonical data, texts beside it, bounded slots. */
static void check_act(const struct request *r)
{
	const struct command *c = modules_command(lab_modules(), r->command);

	FUZZ_CHECK(c && r->data && r->data->type == JSON_OBJECT && r->actor.v == 7);
	FUZZ_CHECK(r->nslots <= LIMIT_SLOTS && r->nbeside <= LIMIT_PERSONAL + 1);
	for (const struct json *m = r->data->first; m; m = m->next)
		FUZZ_CHECK(field_find(c->fields, c->nfields, m->key));
	for (size_t i = 0; i < r->nbeside; i++)
		FUZZ_CHECK(r->beside[i].text.n <= LIMIT_TEXT * 4 && str_utf8_valid(r->beside[i].text));
	for (size_t i = 0; i < r->nslots; i++)
		FUZZ_CHECK(r->slots[i].slot.n && r->slots[i].how >= 0 && r->slots[i].how < SLOT_HOW_MAX);
}

static enum rc submit(void *ctx, const struct request *r,
                      void (*done)(void *ctx, const struct answer *a), void *done_ctx)
{
	struct answer a = {.rc = RC_OK, .index = 7};

	(void)ctx;
	check_act(r);
	if (r->key.s[0] & 1)
		a.rc = err_set(&a.err, GY_WHERE, RC_DENIED, "actor", "", "无权", "not allowed");
	else if (r->key.s[0] & 2)
		return RC_BUSY;
	done(done_ctx, &a);
	return RC_OK;
}

static enum rc person(struct op *op, struct str code, struct person_id *ret)
{
	if (code.n != 4)
		return fail(op, RC_NOT_FOUND, "person", "", "查无此人", "nobody has this badge");
	ret->v = 9;
	return RC_OK;
}

static enum rc busy(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	(void)ctx, (void)job, (void)job_ctx;
	return RC_BUSY;
}

static enum rc badge(void *ctx, struct exchange *x, struct person_id who, bool *ret)
{
	(void)ctx, (void)x, (void)who;
	*ret = true;
	return RC_OK;
}

static uint64_t size_of(void *ctx)
{
	(void)ctx;
	return 9;
}

static void metrics(void *ctx, struct strbuf *to)
{
	(void)ctx;
	strbuf_addz(to, "# none\n");
}

/* Made once; handlers keep nothing in it. */
static const struct router *router(struct op *lookup)
{
	static struct random random;
	static struct api_host api;
	static struct sessions sessions;
	static struct pages pages;
	static struct links links;
	static struct tiles tiles;
	static struct clock clock;
	static struct console console;
	static unsigned strangers;
	static struct router r;

	random = random_seeded(7);
	if (!r.api) {
		clock = clock_virtual(1749258000000);
		api = (struct api_host){.modules = lab_modules(), .origin = STR("fuzz.example"),
		                        .exam = STR("demo"), .random = &random,
		                        .body_key = (const uint8_t *)"0123456789abcdef0123456789abcdef",
		                        .who = who, .submit = submit, .person = person, .read = busy,
		                        .read_long = busy, .print = busy, .size = size_of,
		                        .metrics = metrics, .badge = badge};
		sessions = (struct sessions){.clock = &clock, .random = &random, .person = person,
		                             .check = busy};
		pages = (struct pages){.api = &api, .sessions = &sessions};
		links = (struct links){.api = &api, .clock = &clock, .random = &random, .run = busy};
		tiles = (struct tiles){.api = &api, .vkey = STR("vkey\n"), .read = busy};
		console = (struct console){.api = &api, .known = STR(""), .catalogue = STR("{}"),
		                           .etag = STR("\"fuzz\""), .strangers = &strangers};
		r = (struct router){.api = &api, .sessions = &sessions, .pages = &pages, .links = &links,
		                    .tiles = &tiles, .console = &console, .openapi = STR("{}")};
		r.feed = feed_new(&(struct feed_options){.api = &api, .clock = &clock,
		                                         .read = busy});
	}
	api.lookup = lookup;
	return &r;
}

/* Those ask a table of logins or proofs at once, which is not here. */
static bool needs_tables(struct fake *f)
{
	struct str rest;
	const struct route *r = route_find(f->method, f->path, &rest);

	if (!r)
		return false;
	return str_starts(str_of(r->path), STR("/checkpoint")) ||
	       str_starts(str_of(r->path), STR("/api/v1/receipts")) ||
	       str_starts(str_of(r->path), STR("/api/v1/login/"));
}

static bool promised(const struct route *r, int status)
{
	for (size_t i = 0; i < r->nanswers; i++)
		if (r->answers[i].status == status)
			return true;
	for (const int *p = r->problems; p && *p; p++)
		if (*p == status)
			return true;
	return r->kind == ROUTE_PAGE || (r->who == ROUTE_CALLER && status == 401);
}

/* No head can be broken out of, and a problem has its words in both languages. */
static void check_reply(struct op *op, const struct fake *f)
{
	const struct reply *r = &f->reply;
	struct json *o;

	FUZZ_CHECK(r->status >= 200 && r->status < 600 && r->nhead <= COUNT(r->head));
	for (size_t i = 0; i < r->nhead; i++)
		for (size_t k = 0; k < r->head[i].value.n; k++)
			FUZZ_CHECK((unsigned char)r->head[i].value.s[k] >= 0x20);
	if (!r->type || !strstr(r->type, "json"))
		return;
	FUZZ_CHECK(json_read(op, r->body, &o) == RC_OK);
	if (r->status < 400)
		return;
	FUZZ_CHECK(json_int(o, "status", 0) == r->status);
	FUZZ_CHECK(json_str(o, "zh").n && json_str(o, "en").n && json_str(o, "title").n);
	FUZZ_CHECK(json_get(o, "errors") && json_get(o, "errors")->type == JSON_ARRAY);
}

void fuzz_target(struct op *op, struct str in)
{
	struct op lookup = {.arena = op->arena, .random = op->random};
	const struct router *r = router(&lookup);
	const struct route *row;
	struct str rest = {"", 0}, limit;
	struct fake f;

	if (!fake_read(op->arena, in, &f) || needs_tables(&f))
		return;
	fuzz_spoil(in);
	route_handle(r, fake_exchange(&f));
	fake_finish(&f);
	FUZZ_CHECK(f.answers == 1);
	check_reply(op, &f);
	if (f.refused)
		return;
	row = route_find(f.method, f.path, &rest);
	limit = exchange_query(fake_exchange(&f), "limit");
	/* Handed to a reader, with a limit that no seed has. */
	FUZZ_PLANTED(row && row->kind == ROUTE_VIEWS && f.reply.status == 503 && limit.n &&
	             !str_is(limit, "2"));
	FUZZ_CHECK(row ? promised(row, f.reply.status)
	               : f.reply.status == 404 || f.reply.status == 405 || f.reply.status == 204);
}
