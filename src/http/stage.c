/* SPDX-License-Identifier: Apache-2.0 */
/* stage.c -- see stage.h.  The acts of a request are run in one batch.  Each has its savepoint,
 * because an act that is refused must not make the others run again at a later time.
 */
#include "http/stage.h"

#include "base/hash.h"
#include "base/limits.h"
#include "engine/alarm.h"
#include "http/api_private.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/session.h"

struct turn {
	const struct stage_host *host;
	struct exchange *x;
	struct json *body, *result;
	enum rc rc;
	struct err err;
};

static void finish(void *ctx, struct exchange *x)
{
	struct turn *t = ctx;
	struct reply r = {.status = 200, .type = "application/json"};

	if (t->rc != RC_OK) {
		problem_answer(x, &t->err, -1);
		return;
	}
	r.body = json_canonical(exchange_arena(x), t->result);
	exchange_answer(x, &r);
}

static enum rc clock_to(struct op *op, struct writer *w, const struct json *o, const char *member)
{
	struct str text = json_str(o, member);
	int64_t ms;

	if (!text.n || !clock_parse(text, &ms))
		return fail(op, RC_INVALID, member, "", "%s 应为时刻", "%s is a time", member);
	if (ms > w->last_ms)
		clock_set(w->clock, ms);
	return RC_OK;
}

/* ---- acts ---- */

struct scene {
	struct turn *turn;
	struct writer *w;
	struct request *requests;
	struct answer *answers;
	size_t n;
};

static enum rc run_one(struct op *op, struct scene *s, const struct json *o)
{
	struct person_id actor = {json_int(o, "actor", 0)};
	const struct json *act = json_get(o, "act");
	struct beside *beside = arena_array(op->arena, LIMIT_PERSONAL + 1, sizeof(*beside));
	struct request *r;

	if (!act || act->type != JSON_OBJECT)
		return fail(op, RC_INVALID, "act", "", "缺少 act", "act is missing");
	TRY(clock_to(op, s->w, o, "clock"));
	TRY(api_staged(op, s->turn->host->api, actor, act, &r));
	r->beside = beside;
	TRY(api_beside(op, json_get(o, "beside"), beside, &r->nbeside));
	s->requests[s->n] = *r;
	s->n++;
	s->w->careful = true;
	return writer_run(s->w, s->requests, s->answers, s->n - 1, s->n) == RC_OK
		? RC_OK : fail(op, RC_BROKEN, "", "", "登记失败", "the writer failed");
}

static enum rc land(struct op *op, struct scene *s)
{
	struct err why = {0};
	enum rc rc;

	s->w->careful = false;
	if (!s->n)
		return RC_OK;
	rc = writer_launch(s->w);
	if (rc == RC_OK)
		rc = writer_landed(s->w, writer_land(s->w, &why), &why);
	if (rc != RC_OK)
		op->err = why.rc ? why : s->w->broken;
	return rc;
}

static void run_acts(void *ctx, struct writer *w)
{
	struct turn *t = ctx;
	struct arena *m = exchange_arena(t->x);
	struct op op = {.arena = m};
	struct json *list = json_new_array(m);
	struct scene s = {.turn = t, .w = w};

	s.requests = arena_array(m, t->body->count, sizeof(*s.requests));
	s.answers = arena_array(m, t->body->count, sizeof(*s.answers));
	for (const struct json *o = t->body->first; o && t->rc == RC_OK; o = o->next) {
		size_t before = s.n;
		struct answer *a = ARENA_NEW(m, struct answer); /* the sentences are read until sent */

		op.err = (struct err){0};
		a->index = -1;
		a->rc = run_one(&op, &s, o);
		if (a->rc == RC_BROKEN && s.n > before)
			t->rc = a->rc;
		a->err = op.err;
		if (s.n > before)
			*a = s.answers[before];
		json_put(list, NULL, a->rc == RC_OK
		                         ? api_receipt(m, a)
		                         : problem_json(t->x, &a->err, rc_http(a->rc), a->index));
	}
	if (t->rc == RC_OK)
		t->rc = land(&op, &s);
	t->err = op.err;
	t->result = json_new_object(m);
	json_put(t->result, "answers", list);
	t->host->grown(t->host->ctx, w->ledger.tree.size);
	exchange_done(t->x);
}

/* ---- the clock and the alarms ---- */

static struct json *alarm_json(struct arena *m, const struct alarm *a)
{
	struct json *o = json_new_object(m);

	json_set_str(m, o, "at", clock_format_utc(m, a->raised_ms));
	json_set_str(m, o, "colour", str_of(colour_text(a->colour)));
	json_set_int(m, o, "id", a->id.v);
	json_set_str(m, o, "place", a->place);
	json_set_str(m, o, "rule", a->rule);
	json_set_str(m, o, "subject", a->subject);
	return o;
}

static enum rc list(struct op *op, struct turn *t, struct writer *w, bool open, int64_t after)
{
	struct op own = {.arena = op->arena, .db = w->store->view, .now_ms = clock_now_ms(w->clock)};
	struct json *all = json_put(t->result, "alarms", json_new_array(op->arena));
	struct alarm *a;
	size_t n = 0;
	enum rc rc = alarm_list(&own, STR(""), open, &a, &n);

	op->err = own.err;
	for (size_t i = 0; i < n; i++)
		if (a[i].id.v > after)
			json_put(all, NULL, alarm_json(op->arena, &a[i]));
	return rc;
}

static enum rc move(struct op *op, struct turn *t, struct writer *w)
{
	int64_t due = INT64_MAX;

	TRY(clock_to(op, w, t->body, "to"));
	if (writer_tick(w, &due) != RC_OK || writer_idle(w) != RC_OK) {
		op->err = w->broken;
		return RC_BROKEN;
	}
	if (due != INT64_MAX)
		json_set_str(op->arena, t->result, "due", clock_format_utc(op->arena, due));
	json_set_int(op->arena, t->result, "size", (int64_t)w->ledger.tree.size);
	return list(op, t, w, true, json_int(t->body, "after", 0));
}

static void run_clock(void *ctx, struct writer *w)
{
	struct turn *t = ctx;
	struct op op = {.arena = exchange_arena(t->x)};

	t->result = json_new_object(op.arena);
	t->rc = move(&op, t, w);
	t->err = op.err;
	t->host->grown(t->host->ctx, w->ledger.tree.size);
	exchange_done(t->x);
}

static void run_alarms(void *ctx, struct writer *w)
{
	struct turn *t = ctx;
	struct op op = {.arena = exchange_arena(t->x)};

	t->result = json_new_object(op.arena);
	t->rc = list(&op, t, w, false, -1);
	t->err = op.err;
	exchange_done(t->x);
}

/* ---- paths ---- */

static bool is_director(const struct stage_host *h, const struct exchange *x)
{
	struct str sent = exchange_token(x);
	struct hash a = hash_sha256(sent.s, sent.n), b = hash_sha256(h->token.s, h->token.n);

	return sent.n && hash_eq(&a, &b);
}

static void hand_on(const struct stage_host *h, struct exchange *x, struct json *body,
                    void (*job)(void *ctx, struct writer *w))
{
	struct turn *t = ARENA_NEW(exchange_arena(x), struct turn);

	*t = (struct turn){.host = h, .x = x, .body = body};
	exchange_wait(x, finish, t);
	if (h->post(h->ctx, job, t) == RC_OK)
		return;
	t->rc = err_set(&t->err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，请稍后重发",
	                "busy; send it again later");
	exchange_done(x);
}

static bool read_body(struct exchange *x, enum json_type type, struct json **ret)
{
	struct op op = {.arena = exchange_arena(x)};

	if (json_read(&op, exchange_body(x), ret) != RC_OK) {
		problem_answer(x, &op.err, -1);
		return false;
	}
	if ((*ret)->type == type && (*ret)->count && (*ret)->count <= LIMIT_HTTP_BATCH)
		return true;
	problem_say(x, 422, "请求的形式不对", "the request has another form");
	return false;
}

bool stage_admit(const struct stage_host *h, struct exchange *x)
{
	if (!h || !h->token.n)
		problem_say(x, 404, "此处没有导演的演练", "no drill is directed here");
	else if (!is_director(h, x))
		problem_say(x, 401, "须有导演的令牌", "the director's token is needed");
	else
		return true;
	return false;
}

static void acts(const struct asked *q, struct exchange *x)
{
	struct json *body;

	if (read_body(x, JSON_ARRAY, &body))
		hand_on(q->router->stage, x, body, run_acts);
}

static void tell_time(const struct asked *q, struct exchange *x)
{
	struct json *body;

	if (read_body(x, JSON_OBJECT, &body))
		hand_on(q->router->stage, x, body, run_clock);
}

static void alarms(const struct asked *q, struct exchange *x)
{
	hand_on(q->router->stage, x, NULL, run_alarms);
}

static const struct route_answer ACTED[] = {
	{200, "application/json", "answers", "每条命令各自的结果，按序", "each act's own answer, in order"},
};
static const struct route_answer MOVED[] = {
	{200, "application/json", "stage_moved", "到点的事已办", "what was due by then has run"},
};
static const struct route_answer RAISED[] = {
	{200, "application/json", "stage_alarms", "全部报警", "all alarms"},
};
static const int PROBLEMS[] = {401, 404, 413, 422, 500, 503, 0};

const struct route STAGE_ROUTES[] = {
	{"POST", "/api/v1/stage/acts", ROUTE_DIRECTOR, .handle = acts, .body = "stage_acts",
	 ANSWERS(ACTED), .problems = PROBLEMS, .zh = "演练：导演让人办事",
	 .en = "a drill: the director has people act"},
	{"POST", "/api/v1/stage/clock", ROUTE_DIRECTOR, .handle = tell_time, .body = "stage_clock",
	 ANSWERS(MOVED), .problems = PROBLEMS, .zh = "演练：导演拨钟",
	 .en = "a drill: the director says what time it is"},
	{"GET", "/api/v1/stage/alarms", ROUTE_DIRECTOR, .handle = alarms, ANSWERS(RAISED),
	 .problems = PROBLEMS, .zh = "演练：全部报警", .en = "a drill: all its alarms"},
};
const size_t STAGE_NROUTES = COUNT(STAGE_ROUTES);
