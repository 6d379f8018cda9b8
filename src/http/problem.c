/* SPDX-License-Identifier: Apache-2.0 */
/* problem.c -- see problem.h. */
#include "http/problem.h"

#include "base/json.h"
#include "net/refusal.h"

#define PROBLEM_TYPE "application/problem+json"

/* What a route may promise. */
static const int STATUS[] = {400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503};

bool exchange_wants_english(const struct exchange *x)
{
	struct str lang = exchange_query(x, "lang");

	if (!lang.n)
		lang = exchange_header(x, "Accept-Language");
	return lang.n >= 2 && strncasecmp(lang.s, "en", 2) == 0;
}

int problem_status(size_t i)
{
	return i < COUNT(STATUS) ? STATUS[i] : 0;
}

/* "rooms/0/room" -> "/data/rooms/0/room"; "/slots/0/how" is of the request itself; who asks stands
 * nowhere in it. */
static struct str pointer_of(struct arena *a, const char *field)
{
	if (field[0] == '/')
		return str_of(field);
	return strcmp(field, "actor") == 0 ? STR("") : str_fmt(a, "/data/%s", field);
}

static struct json *errors_of(struct arena *a, const struct err *e)
{
	struct json *list = json_new_array(a), *o;

	if (!e->field[0])
		return list;
	o = json_new_object(a);
	json_set_str(a, o, "en", str_of(e->en));
	json_set_str(a, o, "field", str_of(e->field + (e->field[0] == '/')));
	json_set_str(a, o, "pointer", pointer_of(a, e->field));
	json_set_str(a, o, "zh", str_of(e->zh));
	json_put(list, NULL, o);
	return list;
}

struct json *problem_json(struct exchange *x, const struct err *e, int status, int64_t index)
{
	bool english = exchange_wants_english(x);
	struct arena *a = exchange_arena(x);
	struct json *o = json_new_object(a);

	json_set_str(a, o, "article", str_of(e->article));
	json_set_str(a, o, "detail", str_of(english ? e->en : e->zh));
	json_set_str(a, o, "en", str_of(e->en));
	json_put(o, "errors", errors_of(a, e));
	if (index >= 0)
		json_set_int(a, o, "index", index);
	json_set_int(a, o, "status", status);
	json_set_str(a, o, "title", str_of(status_title(status, english)));
	json_set_str(a, o, "type", str_fmt(a, "urn:gongyuan:problem:%s", rc_text(e->rc)));
	json_set_str(a, o, "zh", str_of(e->zh));
	return o;
}

static struct err *said(struct exchange *x, enum rc rc, const char *zh, const char *en)
{
	struct err *e = ARENA_NEW(exchange_arena(x), struct err);

	*e = (struct err){.rc = rc, .where = GY_WHERE};
	err_say(e, zh, en);
	return e;
}

static void answer(struct exchange *x, int status, const struct err *e, int64_t index)
{
	struct reply r = {.status = status, .type = PROBLEM_TYPE};

	r.body = json_canonical(exchange_arena(x), problem_json(x, e, status, index));
	r.head[r.nhead++] = (struct answer_head){
		"Content-Language", exchange_wants_english(x) ? STR("en") : STR("zh-CN")};
	if (status == 503 && !e->field[0]) /* else the words say how long (login_may_try) */
		r.head[r.nhead++] = (struct answer_head){"Retry-After", STR("1")};
	if (status == 401)
		r.head[r.nhead++] = (struct answer_head){"WWW-Authenticate", STR("Bearer")};
	exchange_answer(x, &r);
}

void problem_answer(struct exchange *x, const struct err *e, int64_t index)
{
	struct err *kept = ARENA_NEW(exchange_arena(x), struct err);

	*kept = *e;
	answer(x, rc_http(e->rc), kept, index);
}

static enum rc rc_of(int status)
{
	switch (status) {
	case 401: case 403: return RC_DENIED;
	case 404: return RC_NOT_FOUND;
	case 409: return RC_CONFLICT;
	case 429: case 503: return RC_BUSY;
	case 500: return RC_BROKEN;
	default: return RC_INVALID;
	}
}

void problem_say(struct exchange *x, int status, const char *zh, const char *en)
{
	answer(x, status, said(x, rc_of(status), zh, en), -1);
}

enum { NAME_MOST = 62 };

/* Whoever sends a name of his own reads it again: as text, and no longer than a field. */
void problem_query(struct exchange *x, struct str name, const char *zh, const char *en)
{
	struct arena *a = exchange_arena(x);
	struct str known = {name.s, name.n < NAME_MOST ? name.n : NAME_MOST};
	struct err *e;

	known.n = str_utf8_prefix(known);
	e = said(x, RC_INVALID, str_fmt(a, "查询参数 " STR_FMT "：%s", STR_ARG(known), zh).s,
	         str_fmt(a, "query parameter " STR_FMT ": %s", STR_ARG(known), en).s);
	static_assert(NAME_MOST + 2 <= sizeof(e->field), "with a slash before it");
	(void)snprintf(e->field, sizeof(e->field), "/" STR_FMT, STR_ARG(known));
	answer(x, 400, e, -1);
}

void problem_method(struct exchange *x, struct str allow)
{
	struct arena *a = exchange_arena(x);
	const struct err *e = said(x, RC_INVALID,
	                           str_fmt(a, "此路径不支持该方法；可用：%s", allow.s).s,
	                           str_fmt(a, "this path does not take that method; it takes %s",
	                                   allow.s).s);
	struct reply r = {.status = 405, .type = PROBLEM_TYPE};

	r.body = json_canonical(a, problem_json(x, e, 405, -1));
	r.head[r.nhead++] = (struct answer_head){"Allow", allow};
	exchange_answer(x, &r);
}
