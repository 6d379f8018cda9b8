/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c -- see reading.h. */
#include "http/reading.h"

#include "engine/authority.h"
#include "engine/writer.h"
#include "http/api_private.h"
#include "http/problem.h"
#include "http/query.h"

bool reading_may(const struct op *op, const struct reading *q, const char *right, struct str place)
{
	return person_may(op, q->who, str_of(right), place);
}

/* On a reader's thread. */
static void job(void *ctx, struct op *op)
{
	struct reading *q = ctx;
	const struct api_host *host = q->router->api;
	struct json *o = json_new_object(op->arena);
	bool seen;

	q->rc = api_has_seen(op, q->min_index, (int64_t)host->size(host->ctx), &seen);
	if (!seen && q->looks++ < API_LOOKS && host->again &&
	    host->again(host->ctx, job, q) == RC_OK)
		return;
	if (q->rc == RC_OK)
		q->rc = q->get(op, q, o);
	if (q->rc == RC_OK) {
		json_set_int(op->arena, o, "size", (int64_t)op->run->writer->ledger.tree.size);
		q->body = str_copy(exchange_arena(q->x), json_canonical(op->arena, o));
	}
	q->err = op->err;
	exchange_done(q->x);
}

static void finish(void *ctx, struct exchange *x)
{
	struct reading *q = ctx;
	struct reply r = {.status = 200, .type = "application/json", .body = q->body};

	if (q->rc == RC_OK)
		exchange_answer(x, &r);
	else
		problem_answer(x, &q->err, -1);
}

static struct str asked(struct exchange *x, const char *name)
{
	return str_copy(exchange_arena(x), exchange_query(x, name));
}

typedef enum rc reader_of(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);

static void begin(const struct asked *a, struct exchange *x, struct str what, reading_get *get,
                  reader_of *read)
{
	const struct api_host *host = a->router->api;
	struct reading *q = ARENA_NEW(exchange_arena(x), struct reading);

	*q = (struct reading){.router = a->router, .x = x, .who = a->who.person, .get = get};
	q->what = str_copy(exchange_arena(x), what);
	q->place = asked(x, "place");
	q->day = asked(x, "day");
	q->session = asked(x, "session");
	q->en = exchange_wants_english(x);
	if (!query_number(x, &QUERY_AS_OF, &q->as_of) || !query_number(x, &QUERY_AFTER, &q->after) ||
	    !query_number(x, &QUERY_MIN_INDEX, &q->min_index) ||
	    !query_number(x, &QUERY_LIMIT, &q->limit) || !query_place(x, q->place) ||
	    !query_text(x, "day", q->day) || !query_text(x, "session", q->session))
		return;
	exchange_wait(x, finish, q);
	if (read(host->ctx, job, q) == RC_OK)
		return;
	q->rc = err_set(&q->err, GY_WHERE, RC_BUSY, "", "", "查询过多，请稍后重试",
	                "too many questions; try again later");
	exchange_done(x);
}

void reading_begin(const struct asked *a, struct exchange *x, struct str what, reading_get *get)
{
	begin(a, x, what, get, a->router->api->read);
}

void reading_begin_long(const struct asked *a, struct exchange *x, struct str what,
                        reading_get *get)
{
	begin(a, x, what, get, a->router->api->read_long);
}
