/* SPDX-License-Identifier: Apache-2.0 */
/* served.c -- see served.h. */
#include "kit/check.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/modules.h"
#include "base/limits.h"
#include "db/store.h"
#include "domain/people/people.h"
#include "engine/rebuild.h"
#include "http/contract.h"
#include "http/served.h"

/* The server's side. */
static enum rc who(void *ctx, struct exchange *x, struct caller *ret, struct err *ret_why)
{
	struct str token = exchange_header(x, "Authorization"), bearer = STR("Bearer ");

	(void)ctx, (void)ret_why;
	*ret = (struct caller){0};
	if (str_starts(token, bearer))
		(void)str_to_i64((struct str){token.s + bearer.n, token.n - bearer.n}, &ret->person.v);
	return RC_OK;
}

static enum rc submit(void *ctx, const struct request *r,
                      void (*done)(void *ctx, const struct answer *a), void *done_ctx)
{
	struct served *s = ctx;
	struct answer a;

	(void)!writer_do(&s->kit->w, r, &a);
	done(done_ctx, &a);
	return RC_OK;
}

static enum rc read_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct served *s = ctx;
	struct writer *w = &s->kit->w;
	struct run run = {.writer = w, .modules = &s->kit->modules, .profile = &w->profile,
	                  .act_index = -1, .act_at = -1, .cause = -1, .first = -1, .trial = true};
	struct op op = {.arena = &s->arena, .db = s->kit->store.view, .random = &s->random,
	                .now_ms = clock_now_ms(&s->kit->clock), .run = &run};

	job(job_ctx, &op);
	return RC_OK;
}

static void read_now(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	(void)read_job(ctx, job, job_ctx);
}

/* Badges and PINs are tried elsewhere (test_badges.c): here each has been given. */
static enum rc badge(void *ctx, struct exchange *x, struct person_id who, bool *ret)
{
	(void)ctx, (void)x, (void)who;
	*ret = true;
	return RC_OK;
}

static uint64_t size_of(void *ctx)
{
	struct served *s = ctx;

	return s->kit->w.ledger.tree.size;
}

static void metrics(void *ctx, struct strbuf *to)
{
	(void)ctx;
	strbuf_addz(to, "# none\n");
}

static void handle(void *ctx, struct exchange *x)
{
	struct served *s = ctx;

	arena_reset(&s->arena);
	route_handle(&s->router, x);
}

void served_open(struct served *s, struct kit *k)
{
	struct server_options o = {.listen = STR("127.0.0.1:0"), .handle = handle, .ctx = s};
	struct sockaddr_in to = {.sin_family = AF_INET};

	*s = (struct served){.kit = k, .random = random_seeded(11)};
	s->lookup = (struct op){.arena = &s->arena, .db = k->store.view, .random = &s->random};
	s->api = (struct api_host){.ctx = s, .modules = &k->modules, .origin = k->w.origin,
	                           .exam = k->w.exam, .random = &s->random, .body_key = k->vault_key,
	                           .who = who, .submit = submit, .person = people_find,
	                           .lookup = &s->lookup, .read = read_job,
	                           .read_long = read_job, .print = read_job, .read_now = read_now,
	                           .read_lately = read_now, .size = size_of, .metrics = metrics,
	                           .badge = badge};
	s->router = (struct router){.api = &s->api, .openapi = STR("{}")};
	assert_ok(server_start(&k->op, &o, &s->server));
	to.sin_port = htons((uint16_t)server_port(s->server));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(s->fd, (struct sockaddr *)&to, sizeof(to)), 0);
}

void served_open_demo(struct served *s, struct kit *k)
{
	struct str path, bytes;
	CHECK_OP(op);

	path = str_fmt(op.arena, "%s/profiles/demo.json", getenv("GONGYUAN_SOURCE"));
	assert_ok(file_read(&op, path, LIMIT_BLOB, &bytes));
	kit_open(k, app_modules, app_nmodules, bytes.s, 0);
	check_op_release(&op);
	served_open(s, k);
}

void served_close(struct served *s)
{
	close(s->fd);
	server_stop(s->server, 1000);
	arena_release(&s->arena);
}

/* The client's side: one answer, its length said. */
static struct str receive(struct served *s, bool bodiless)
{
	struct strbuf b;
	char part[65536];

	strbuf_init(&b, &s->kit->arena);
	for (;;) {
		ssize_t got = read(s->fd, part, sizeof(part));
		const char *end, *length;

		assert_true(got > 0);
		strbuf_add(&b, part, (size_t)got);
		end = strstr(b.s, "\r\n\r\n");
		length = strcasestr(b.s, "content-length: ");
		if (end && (bodiless || (length && b.n >= (size_t)(end + 4 - b.s) +
		                                              strtoul(length + 16, NULL, 10))))
			return strbuf_str(&b);
	}
}

static void send_all(struct served *s, struct str bytes)
{
	for (size_t sent = 0; sent < bytes.n;) {
		ssize_t n = send(s->fd, bytes.s + sent, bytes.n - sent, MSG_NOSIGNAL);

		assert_true(n > 0);
		sent += (size_t)n;
	}
}

static void check(const char *method, const char *path, const struct reply_heard *h)
{
	struct str why;

	if (!contract_holds(method, path, h->status, h->head, h->body, &why))
		fail_msg("%s %s: %s\n%.1000s", method, path, why.s, h->head.s);
}

void served_ask(struct served *s, int64_t person, const char *method, const char *path,
                const char *body, struct reply_heard *ret)
{
	struct arena *a = &s->kit->arena;
	struct op op = {.arena = a};
	const char *end;
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addf(&b, "%s %s HTTP/1.1\r\nHost: h\r\nAccept-Language: en\r\nContent-Length: %zu\r\n",
	            method, path, body ? strlen(body) : 0);
	if (body)
		strbuf_addf(&b, "Content-Type: %s\r\n", s->type ? s->type : "application/json");
	if (person)
		strbuf_addf(&b, "Authorization: Bearer %lld\r\n", (long long)person);
	strbuf_addf(&b, "Idempotency-Key: 018f0000-0000-7000-9000-%012llx\r\n\r\n%s",
	            (unsigned long long)++s->asked, body ? body : "");
	send_all(s, strbuf_str(&b));
	*ret = (struct reply_heard){.head = receive(s, strcmp(method, "HEAD") == 0)};
	ret->status = (int)strtol(ret->head.s + 9, NULL, 10);
	end = strstr(ret->head.s, "\r\n\r\n") + 4;
	ret->body = (struct str){end, ret->head.n - (size_t)(end - ret->head.s)};
	if (ret->body.n && ret->body.s[0] == '{')
		assert_ok(json_read(&op, ret->body, &ret->doc));
	check(method, path, ret);
}

/* "granter=badge:902 …" -> [{"slot":"granter","how":"badge","person":902}, …] */
static void put_slots(struct strbuf *b, const char *slots)
{
	struct str rest = str_of(slots), word;
	bool more = rest.n > 0;

	strbuf_addz(b, "[");
	for (bool first = true; more; first = false) {
		struct str slot, how, person;

		more = str_cut(rest, ' ', &word, &rest);
		if (!more)
			word = rest;
		assert_true(str_cut(word, '=', &slot, &how) && str_cut(how, ':', &how, &person));
		strbuf_addf(b,
		            "%s{\"slot\":\"" STR_FMT "\",\"how\":\"" STR_FMT "\",\"person\":" STR_FMT "}",
		            first ? "" : ",", STR_ARG(slot), STR_ARG(how), STR_ARG(person));
	}
	strbuf_addz(b, "]");
}

static void take_problem(struct answer *a, const struct json *doc)
{
	struct str type = json_str(doc, "type"), prefix = STR("urn:gongyuan:problem:");
	const struct json *errors = json_get(doc, "errors");

	assert_true(str_starts(type, prefix));
	a->rc = rc_parse((struct str){type.s + prefix.n, type.n - prefix.n});
	a->err.rc = a->rc;
	snprintf(a->err.en, sizeof(a->err.en), "%s", json_str(doc, "en").s);
	if (errors && errors->first)
		snprintf(a->err.field, sizeof(a->err.field), "%s", json_str(errors->first, "field").s);
}

enum rc served_do(struct served *s, int64_t person, const char *command, const char *data,
                  const char *slots)
{
	struct answer *a = &s->kit->answer;
	struct reply_heard h;
	struct strbuf b;

	strbuf_init(&b, &s->kit->arena);
	strbuf_addf(&b, "{\"data\":%s,\"slots\":", data);
	put_slots(&b, slots ? slots : "");
	strbuf_addz(&b, "}");
	served_ask(s, person, "POST", str_fmt(&s->kit->arena, "/api/v1/commands/%s", command).s,
	           strbuf_str(&b).s, &h);
	s->last = h;
	*a = (struct answer){.rc = RC_OK, .index = json_int(h.doc, "index", -1)};
	if (h.status >= 400)
		take_problem(a, h.doc);
	else
		a->waiting = json_bool(h.doc, "waiting", false);
	return a->rc;
}
