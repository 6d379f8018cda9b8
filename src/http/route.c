/* SPDX-License-Identifier: Apache-2.0 */
/* route.c -- see route.h. */
#include "http/route.h"

#include <pthread.h>

#include "base/limits.h"
#include "http/problem.h"
#include "http/stage.h"
#include "http/terminal_read.h"

const struct route_table ROUTES[] = {
	{SESSION_ROUTES, &SESSION_NROUTES},
	{BADGE_ROUTES, &BADGE_NROUTES},
	{FEED_ROUTES, &FEED_NROUTES},
	{LINK_ROUTES, &LINK_NROUTES},
	{TILE_ROUTES, &TILE_NROUTES},
	{PAGE_ROUTES, &PAGE_NROUTES},
	{CONSOLE_ROUTES, &CONSOLE_NROUTES},
	{TERMINAL_ROUTES, &TERMINAL_NROUTES},
	{READ_ROUTES, &READ_NROUTES},
	{ENTRY_ROUTES, &ENTRY_NROUTES},
	{SCANNED_ROUTES, &SCANNED_NROUTES},
	{PLACE_ROUTES, &PLACE_NROUTES},
	{STATE_ROUTES, &STATE_NROUTES},
	{RECONCILE_ROUTES, &RECONCILE_NROUTES},
	{DAY_ROUTES, &DAY_NROUTES},
	{DOCTOR_ROUTES, &DOCTOR_NROUTES},
	{OFFER_ROUTES, &OFFER_NROUTES},
	{FORM_ROUTES, &FORM_NROUTES},
	{EXPORT_ROUTES, &EXPORT_NROUTES},
	{IMPORT_ROUTES, &IMPORT_NROUTES},
	{STAGE_ROUTES, &STAGE_NROUTES},
	{API_ROUTES, &API_NROUTES}, /* its views are what is left of /api/v1/ */
};
const size_t NROUTES = COUNT(ROUTES);

/* Some hundred rows, in the order in which they are asked: which of them may fit a path is told by
 * the letter behind its first eight. */
enum { ROWS_MOST = 256, LETTERS = 128, ELSEWHERE = 0, WORD = 64 };
static const struct str API = {"/api/v1/", 8};

static struct {
	const struct route *row[ROWS_MOST];
	size_t n;
	uint64_t may_fit[LETTERS][ROWS_MOST / WORD];
} rows;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int letter_of(struct str path)
{
	return path.n > API.n && str_starts(path, API) ? path.s[API.n] & (LETTERS - 1) : ELSEWHERE;
}

static void rows_add(const struct route *r)
{
	struct str literal = {r->path, strcspn(r->path, "{")};
	int letter = letter_of(literal);
	size_t at = rows.n++;

	assert(at < ROWS_MOST);
	rows.row[at] = r;
	for (int i = 0; i < LETTERS; i++)
		if (i == letter || (letter == ELSEWHERE && r->path[literal.n]))
			rows.may_fit[i][at / WORD] |= UINT64_C(1) << at % WORD;
}

static void rows_fill(void)
{
	for (size_t i = 0; i < NROUTES; i++)
		for (size_t k = 0; k < *ROUTES[i].n; k++)
			rows_add(&ROUTES[i].list[k]);
}

static bool fits(const struct route *r, struct str path, struct str *ret_rest)
{
	size_t n = 0;

	while (n < path.n && r->path[n] == path.s[n] && r->path[n] != '{')
		n++;
	if (r->path[n] != '{' || n == path.n)
		return n == path.n && !r->path[n];
	*ret_rest = (struct str){path.s + n, path.n - n};
	return true;
}

/* The first row of a path, whatever its method, and that with this method.  NULL: none. */
struct found {
	const struct route *first, *row;
	struct str rest;
};

static bool has_method(const struct route *r, struct str method)
{
	return str_is(method, r->method) || (str_is(method, "HEAD") && strcmp(r->method, "GET") == 0);
}

static void look_at(struct found *f, const struct route *r, struct str method, struct str path)
{
	if (f->first ? strcmp(r->path, f->first->path) != 0 : !fits(r, path, &f->rest))
		return;
	if (!f->first)
		f->first = r;
	if (has_method(r, method))
		f->row = r;
}

static struct found find(struct str method, struct str path)
{
	struct found f = {.rest = {"", 0}};
	const uint64_t *may_fit;

	pthread_once(&once, rows_fill);
	may_fit = rows.may_fit[letter_of(path)];
	for (size_t w = 0; w < ROWS_MOST / WORD; w++)
		for (uint64_t left = may_fit[w]; left && !f.row; left &= left - 1)
			look_at(&f, rows.row[w * WORD + (size_t)__builtin_ctzll(left)], method, path);
	return f;
}

const struct route *route_find(struct str method, struct str path, struct str *ret_rest)
{
	struct found f = find(method, path);

	if (f.row)
		*ret_rest = f.rest;
	return f.row;
}

/* "GET, HEAD, OPTIONS, POST". */
static struct str allowed(struct exchange *x)
{
	static const char *const METHODS[] = {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"};
	struct strbuf b;

	strbuf_init(&b, exchange_arena(x));
	for (size_t i = 0; i < COUNT(METHODS); i++)
		if (find(str_of(METHODS[i]), exchange_path(x)).row)
			strbuf_addf(&b, "%s, ", METHODS[i]);
	strbuf_addz(&b, "OPTIONS");
	return strbuf_str(&b);
}

/* A browser of another origin is told nothing that would let it in. */
static void tell_methods(struct exchange *x)
{
	struct reply r = {.status = 204};

	r.head[r.nhead++] = (struct answer_head){"Allow", allowed(x)};
	exchange_answer(x, &r);
}

/* False: it has been answered. */
static bool admit(const struct asked *a, struct exchange *x, struct caller *ret)
{
	const struct api_host *h = a->router->api;
	struct op op = {.arena = exchange_arena(x)};
	struct str m = exchange_method(x);
	bool reads = terminal_asks(x) && (str_is(m, "GET") || str_is(m, "HEAD"));
	struct err why = {0};
	enum rc rc = reads ? terminal_reader(a->router->sessions, &op, x, ret)
	                   : h->who(h->ctx, x, ret, &why);

	if (reads)
		why = op.err;

	if (rc == RC_BUSY || rc == RC_BROKEN) {
		problem_answer(x, &why, -1);
		return false;
	}
	if (rc == RC_OK && ret->person.v) {
		exchange_known(x);
		return true;
	}
	problem_say(x, 401, why.zh[0] ? why.zh : "请先登录", why.en[0] ? why.en : "log in first");
	return false;
}

/* The same, of whoever this row is for. */
static bool admit_to(const struct route *row, struct asked *a, struct exchange *x)
{
	switch (row->who) {
	case ROUTE_OPEN:
		return true;
	case ROUTE_CALLER:
		return admit(a, x, &a->who);
	case ROUTE_DIRECTOR:
		return stage_admit(a->router->stage, x);
	}
	return false;
}

/* What a page of another origin may send without asking is of other types: no such body is read. */
static bool is_type(struct str type, const char *want)
{
	size_t n = strlen(want);

	return type.n >= n && strncasecmp(type.s, want, n) == 0 &&
	       (type.n == n || type.s[n] == ';' || type.s[n] == ' ');
}

static bool type_fits(const struct route *row, const struct exchange *x)
{
	struct str type = exchange_header(x, "Content-Type");
	bool api = str_starts(exchange_path(x), STR("/api/"));

	if (!exchange_body(x).n)
		return true;
	for (const char *const *f = row->files; f && *f; f++)
		if (is_type(type, *f))
			return true;
	return !row->files &&
	       is_type(type, api ? "application/json" : "application/x-www-form-urlencoded");
}

/* A browser says whether another site's page made it send this; what changes something is then not
 * taken, cookie or not.  Who is no browser does not say it. */
static bool of_another_site(const struct exchange *x)
{
	struct str from = exchange_header(x, "Sec-Fetch-Site"), m = exchange_method(x);

	return from.n && !str_is(from, "same-origin") && !str_is(from, "none") && !str_is(m, "GET") &&
	       !str_is(m, "HEAD") && !str_is(m, "OPTIONS");
}

struct query_check {
	const struct route *row;
	uint64_t said;
	struct str name;
	const char *zh, *en; /* NULL: it stands */
};

static void check_query(void *ctx, struct str name, struct str value)
{
	struct query_check *c = ctx;
	size_t at = 0;

	(void)value;
	while (at < c->row->nparams && !(strcmp(c->row->params[at].in, "query") == 0 &&
	                                 str_is(name, c->row->params[at].name)))
		at++;
	if (c->zh)
		return;
	c->name = name;
	if (at == c->row->nparams && !str_is(name, "lang")) {
		c->zh = "没有这个参数";
		c->en = "there is none";
	} else if (c->said & UINT64_C(1) << at) {
		c->zh = "只能写一次";
		c->en = "is said once";
	}
	c->said |= UINT64_C(1) << at;
}

/* What is not looked at is not left out in silence: `dryrun` would record, `as_off` would answer of
 * now.  False: it has been answered. */
static bool query_stands(const struct route *row, struct exchange *x)
{
	struct query_check c = {.row = row};

	if (row->who != ROUTE_CALLER || row->kind == ROUTE_VIEWS || row->asks_columns ||
	    !str_starts(str_of(row->path), STR("/api/")))
		return true;
	exchange_queries(x, check_query, &c);
	if (c.zh)
		problem_query(x, c.name, c.zh, c.en);
	return !c.zh;
}

/* Strangers may not fill the memory for bodies. */
size_t route_body_most(const struct router *r, struct exchange *x)
{
	struct str rest;
	const struct route *row = route_find(exchange_method(x), exchange_path(x), &rest);
	struct caller who = {0};
	struct err why;

	if (!row || !row->body_most || r->api->who(r->api->ctx, x, &who, &why) != RC_OK)
		return LIMIT_BODY;
	return who.person.v ? row->body_most : LIMIT_BODY;
}

void route_handle(const struct router *r, struct exchange *x)
{
	struct found f = find(exchange_method(x), exchange_path(x));
	struct asked a = {.router = r, .rest = f.rest};

	if (!f.first) {
		problem_say(x, 404, "没有这个地址", "there is no such address");
	} else if (f.row && !type_fits(f.row, x)) {
		exchange_refuse(x, 415, "the body's Content-Type is not what this path reads");
	} else if (f.row && of_another_site(x)) {
		exchange_refuse(x, 403, "a page of another site may not send this");
	} else if (f.row) {
		if (admit_to(f.row, &a, x) && query_stands(f.row, x))
			f.row->handle(&a, x);
	} else if (str_is(exchange_method(x), "OPTIONS")) {
		tell_methods(x);
	} else {
		problem_method(x, allowed(x));
	}
}
