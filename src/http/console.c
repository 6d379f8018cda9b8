/* SPDX-License-Identifier: Apache-2.0 */
/* console.c -- see console.h. */
#include "http/console.h"

#include "base/hash.h"
#include "domain/people/people.h"
#include "engine/modules_private.h"
#include "http/catalogue.h"
#include "http/problem.h"
#include "http/public.h"
#include "http/reading.h"

enum { GRANTS_MOST = 64 };

/* ---- who am I ---- */

static void add_name(struct arena *a, struct json *list, const char *name)
{
	struct json *v = ARENA_NEW(a, struct json);

	*v = (struct json){.type = JSON_STR, .s = str_of(name)};
	json_append(list, v);
}

#define ANYONE "anyone" /* whoever is logged in is */

/* By any of his grants, wherever it stands; `level` as in struct allow. */
static bool holds(const struct modules *m, const struct granted *g, size_t n, const char *role,
                  enum level level)
{
	const char *const *form = modules_role_forms(m, str_of(role));

	for (; *form; form++)
		for (size_t i = 0; i < n; i++)
			if (str_is(g[i].role, *form) && place_level(g[i].place) >= (int)level)
				return true;
	return false;
}

static bool holds_one(const struct modules *m, const struct granted *g, size_t n,
                      const char *const *roles)
{
	for (; roles && *roles; roles++)
		if (holds(m, g, n, *roles, LEVEL_ANY))
			return true;
	return false;
}

static bool may_give(const struct modules *m, const struct granted *g, size_t n,
                     const struct command *c)
{
	for (size_t i = 0; i < c->nallow; i++)
		if (strcmp(c->allow[i].role, ANYONE) == 0 ||
		    holds(m, g, n, c->allow[i].role, c->allow[i].level))
			return true;
	return false;
}

static void put_names(struct arena *a, const struct modules *m, const struct granted *g, size_t n,
                      struct json *o)
{
	struct json *commands = json_put(o, "commands", json_new_array(a));
	struct json *rights = json_put(o, "rights", json_new_array(a));
	struct json *views = json_put(o, "views", json_new_array(a));

	for (size_t k = 0; k < m->index->nall; k++) {
		const struct module *mod = m->index->all[k];

		for (size_t i = 0; i < mod->ncommands; i++)
			if (may_give(m, g, n, &mod->commands[i]))
				add_name(a, commands, mod->commands[i].name);
		for (size_t i = 0; i < mod->nrights; i++)
			if (holds_one(m, g, n, mod->rights[i].roles))
				add_name(a, rights, mod->rights[i].id);
		for (size_t i = 0; i < mod->nviews; i++)
			if (holds_one(m, g, n, mod->views[i].roles))
				add_name(a, views, mod->views[i].path);
	}
}

static const struct role *role_find(const struct modules *m, struct str id)
{
	const struct role_entry *e = name_map_get(&m->index->roles, id);

	return e ? e->role : NULL;
}

static struct json *grants_of(struct arena *a, const struct modules *m, const struct granted *g,
                              size_t n)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < n; i++) {
		const struct role *r = role_find(m, g[i].role);
		struct json *o = json_new_object(a);

		json_set_str(a, o, "en", r ? str_of(r->en) : g[i].role);
		json_set_str(a, o, "place", g[i].place);
		json_set_str(a, o, "role", g[i].role);
		json_set_str(a, o, "zh", r ? str_of(r->zh) : g[i].role);
		json_append(list, o);
	}
	return list;
}

static enum rc me_get(struct op *op, const struct reading *q, struct json *o)
{
	const struct console *c = q->router->console;
	const struct modules *m = op->run->modules;
	struct arena *a = op->arena;
	struct granted g[GRANTS_MOST];
	size_t n = authority_grants(op->run->writer->authority, q->who, op->now_ms, g, GRANTS_MOST);
	struct str code;

	TRY(people_code(op, q->who, &code));
	json_set_str(a, o, "code", code);
	json_set_bool(a, o, "drill", c->drill);
	json_put(o, "grants", grants_of(a, m, g, n));
	json_set_str(a, o, "name_en", c->name_en);
	json_set_str(a, o, "name_zh", c->name_zh);
	json_set_str(a, o, "now", clock_format_utc(a, op->now_ms));
	json_set_int(a, o, "offset_min", op_profile(op)->utc_offset_min);
	json_set_str(a, o, "origin", c->api->origin);
	json_set_int(a, o, "person", q->who.v);
	put_names(a, m, g, n, o);
	return RC_OK;
}

/* ---- whose numbers are these ---- */

enum { CODES_MOST = 100 };

/* The staff codes of numbers that somebody has before him; a code is no name.  One that nobody has,
 * or somebody with whom the caller shares no place, is left out: nobody lists another county. */
static enum rc codes_get(struct op *op, const struct reading *q, struct json *o)
{
	struct json *codes = json_put(o, "codes", json_new_object(op->arena));
	const struct authority *all = op->run->writer->authority;
	struct str left = q->what, one = {"", 0}, rest = {"", 0};

	for (int n = 0; left.n; left = rest, n++) {
		struct err before = op->err;
		struct person_id who;
		struct str code;

		if (!str_cut(left, ',', &one, &rest)) {
			one = left;
			rest = (struct str){"", 0};
		}
		if (n == CODES_MOST || !str_to_i64(one, &who.v) || who.v < 1)
			return fail(op, RC_INVALID, "persons", "", "persons 为以逗号分开的人员编号，至多 %d 个",
			            "persons are numbers with commas between, at most %d", CODES_MOST);
		if (authority_meet(all, q->who, who, op->now_ms) &&
		    people_code(op, who, &code) == RC_OK && code.n && code.s[0] != '#')
			json_set_str(op->arena, codes, str_copy(op->arena, one).s, code);
		op->err = before;
	}
	return RC_OK;
}

static enum rc ask_programme(struct op *op, const struct reading *q, struct json *o)
{
	(void)q;
	return programme_get(op, o);
}

static enum rc ask_profile(struct op *op, const struct reading *q, struct json *o)
{
	(void)q;
	return profile_get(op, o);
}

static void me(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, STR(""), me_get);
}

static void codes(const struct asked *a, struct exchange *x)
{
	struct str persons = exchange_query(x, "persons");

	reading_begin(a, x, persons.s ? persons : STR(""), codes_get);
}

static void programme(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, STR(""), ask_programme);
}

static void profile(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, STR(""), ask_profile);
}

/* ---- what does not change ---- */

void console_init(struct arena *a, struct console *c)
{
	struct hash h;

	c->catalogue = json_canonical(a, catalogue_document(a, c->api->modules));
	h = hash_sha256(c->catalogue.s, c->catalogue.n);
	c->etag = str_fmt(a, "\"%.32s\"", hash_hex(a, &h).s);
}

static void catalogue(const struct asked *a, struct exchange *x)
{
	const struct console *c = a->router->console;
	struct reply r = {.status = 200, .type = "application/json", .body = c->catalogue,
	                  .kept = true};

	if (str_eq(exchange_header(x, "If-None-Match"), c->etag))
		r = (struct reply){.status = 304};
	r.head[r.nhead++] = (struct answer_head){"ETag", c->etag};
	r.head[r.nhead++] = (struct answer_head){"Cache-Control", STR("private, no-cache")};
	exchange_answer(x, &r);
}

static void file(const struct asked *a, struct exchange *x)
{
	assets_answer(a->router->console->assets, x);
}

static void index_of(const struct asked *a, struct exchange *x)
{
	struct reply r = {.status = 303, .type = "text/plain"};

	(void)a;
	r.head[r.nhead++] = (struct answer_head){
		"Location", str_fmt(exchange_arena(x), STR_FMT "/", STR_ARG(exchange_path(x)))};
	exchange_answer(x, &r);
}

static const struct route_answer ME[] = {
	{200, "application/json", "me", "本人及其权限", "the caller and what he may do"},
};
static const struct route_answer CATALOGUE[] = {
	{200, "application/json", "catalogue", "命令、查询、用语", "commands, views and words"},
	{304, NULL, NULL, "与所持相同", "the same as the caller has"},
};
static const struct route_answer PROGRAMME[] = {
	{200, "application/json", "programme", "考试实施程序", "the timetable, with its words"},
};
static const struct route_answer PROFILE[] = {
	{200, "application/json", "profile", "考试配置", "the profile in force"},
};
static const struct route_answer CODES[] = {
	{200, "application/json", "codes", "工号", "staff codes"},
};
static const struct route_param PERSONS[] = {
	{"persons", "query", "cursor", true, "人员编号，以逗号分开，至多 100 个",
	 "numbers with commas between, at most 100"},
};
static const int PROBLEMS[] = {400, 401, 500, 503, 0};
static const int CODE_PROBLEMS[] = {400, 401, 422, 500, 503, 0};

#define FILES(path_) {"GET", path_, ROUTE_OPEN, ROUTE_PAGE, index_of}, \
	{"GET", path_ "/", ROUTE_OPEN, ROUTE_PAGE, file}, \
	{"GET", path_ "/{file}", ROUTE_OPEN, ROUTE_PAGE, file}
const struct route CONSOLE_ROUTES[] = {
	{"GET", "/api/v1/me", ROUTE_CALLER, .handle = me, ANSWERS(ME), .problems = PROBLEMS,
	 .zh = "本人", .en = "who am I"},
	{"GET", "/api/v1/catalogue", ROUTE_CALLER, .handle = catalogue, ANSWERS(CATALOGUE),
	 .problems = PROBLEMS, .zh = "命令、查询、用语一览", .en = "all commands, views and words"},
	{"GET", "/api/v1/codes", ROUTE_CALLER, .handle = codes, PARAMS(PERSONS), ANSWERS(CODES),
	 .problems = CODE_PROBLEMS, .zh = "人员编号的工号", .en = "the staff codes of numbers"},
	{"GET", "/api/v1/programme", ROUTE_CALLER, .handle = programme, ANSWERS(PROGRAMME),
	 .problems = PROBLEMS, .zh = "考试实施程序", .en = "the timetable"},
	{"GET", "/api/v1/profile", ROUTE_CALLER, .handle = profile, ANSWERS(PROFILE),
	 .problems = PROBLEMS, .zh = "考试配置及其依据", .en = "the profile with its sources"},
	FILES("/console"),
	FILES("/onsite"),
	{"GET", "/public", ROUTE_OPEN, ROUTE_PAGE, index_of},
	{"GET", "/public/", ROUTE_OPEN, ROUTE_PAGE, public_programme},
	{"GET", "/public/notices", ROUTE_OPEN, ROUTE_PAGE, public_notices},
	{"GET", "/public/notices/{notice}", ROUTE_OPEN, ROUTE_PAGE, public_notice},
	{"GET", "/public/receipt", ROUTE_OPEN, ROUTE_PAGE, public_receipt},
	{"GET", "/public/page.css", ROUTE_OPEN, ROUTE_PAGE, public_style},
	{"GET", "/public/{file}", ROUTE_OPEN, ROUTE_PAGE, file},
};
const size_t CONSOLE_NROUTES = COUNT(CONSOLE_ROUTES);
