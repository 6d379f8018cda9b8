/* SPDX-License-Identifier: Apache-2.0 */
/* feed_stream.c -- one console's stream.
 *
 * What fits into the server's buffer is copied there at one go, under the lock; an entry that does
 * not fit waits in the stream, because the row may have gone on when there is room again.
 */
#include "http/feed_private.h"

#include "http/problem.h"
#include "http/route.h"
#include "http/session.h"

enum { GRANTS_MOST = 64 };

struct seen_place {
	uint64_t roles;
	struct str place;
};

struct stream {
	struct feed *feed;
	struct exchange *x;
	struct person_id who;
	struct str token;
	struct seen_place sees[GRANTS_MOST];
	size_t nsees;
	struct feed_scope *scope;
	uint64_t next, changes, beats, counted;
	bool from_now, lost, reset;
	char text[FEED_COUNTERS]; /* what waits to be sent */
	size_t n, sent;
	enum rc rc;
	struct err err;
};
static_assert(FEED_COUNTERS >= FEED_LINE, "either is staged in a stream's text");

/* Sending. */
static bool covers(const struct stream *s, const struct item *i)
{
	for (size_t k = 0; k < s->nsees; k++)
		if ((s->sees[k].roles & i->roles) && place_covers(s->sees[k].place, str_of(i->place)))
			return true;
	return false;
}

static void stage(struct stream *s, const char *text, size_t n)
{
	memcpy(s->text, text, n);
	s->n = n;
	s->sent = 0;
}

/* Into the buffer, or as much of it as there is room for. */
struct room {
	char *to;
	size_t n, max;
};

static void send_staged(struct stream *s, struct room *r)
{
	size_t part = s->n - s->sent < r->max - r->n ? s->n - s->sent : r->max - r->n;

	memcpy(r->to + r->n, s->text + s->sent, part);
	s->sent += part;
	r->n += part;
	if (s->sent == s->n)
		s->n = 0;
}

static void put(struct stream *s, struct room *r, const char *text, size_t n)
{
	if (n <= r->max - r->n) {
		memcpy(r->to + r->n, text, n);
		r->n += n;
		return;
	}
	stage(s, text, n);
	send_staged(s, r);
}

static void put_items(struct stream *s, struct room *r)
{
	const struct feed *f = s->feed;

	while (!s->n && s->next < f->next) {
		const struct item *i = &f->row[s->next++ % FEED_KEPT];

		if (i->n && covers(s, i))
			put(s, r, i->text, i->n);
	}
}

/* Under the lock; false: it is over. */
static bool fill(struct stream *s, struct room *r)
{
	const struct feed *f = s->feed;
	static const char RESET[] = "event: reset\nid:\ndata: {}\n\n"; /* a browser forgets its id */

	if (s->n)
		send_staged(s, r);
	if (f->closed || s->changes != f->changes || s->reset)
		return s->n || r->n;
	if (s->n)
		return true;
	if (s->lost || s->next < f->first) {
		s->reset = true;
		put(s, r, RESET, sizeof(RESET) - 1);
		return true;
	}
	put_items(s, r);
	if (!s->n && s->scope->version != s->counted) {
		s->counted = s->scope->version;
		put(s, r, s->scope->text, s->scope->n);
	}
	return true;
}

/* Now and then the stream says that it lives, if its login does. */
static bool beats(struct stream *s)
{
	struct feed *f = s->feed;
	bool due;

	pthread_mutex_lock(&f->lock);
	due = s->beats != f->beats;
	s->beats = f->beats;
	pthread_mutex_unlock(&f->lock);
	if (!due)
		return true;
	if (!f->o.still(f->o.ctx, s->token))
		return false;
	if (!s->n)
		stage(s, ":\n\n", 3);
	return true;
}

static size_t read_stream(void *ctx, char *buf, size_t max)
{
	struct stream *s = ctx;
	struct room r = {buf, 0, max};
	bool goes_on;

	if (!beats(s))
		return STREAM_END;
	pthread_mutex_lock(&s->feed->lock);
	goes_on = fill(s, &r);
	pthread_mutex_unlock(&s->feed->lock);
	return goes_on ? r.n : STREAM_END;
}

static void closed_stream(void *ctx)
{
	struct stream *s = ctx;

	feed_scope_drop(s->feed, s->scope);
	feed_leave(s->feed);
}

/* Opening: the grants are asked of a reader. */
static void take_grants(struct stream *s, const struct granted *g, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s->sees[s->nsees++] = (struct seen_place){
			feed_role_bit(s->feed, g[i].role), str_copy(exchange_arena(s->x), g[i].place)};
}

static void open_job(void *ctx, struct op *op)
{
	struct stream *s = ctx;
	struct feed *f = s->feed;
	struct granted grants[GRANTS_MOST];
	size_t n;

	feed_read(f, op); /* nobody may have listened until now */
	pthread_mutex_lock(&f->lock);
	s->changes = f->changes; /* one that comes after this closes the stream */
	s->beats = f->beats;
	if (s->from_now)
		s->next = f->next;
	else if (s->next > f->next)
		s->lost = true;
	pthread_mutex_unlock(&f->lock);
	n = authority_grants(op->run->writer->authority, s->who, op->now_ms, grants, GRANTS_MOST);
	take_grants(s, grants, n);
	s->scope = feed_scope_take(f, op, grants, n);
	exchange_done(s->x);
}

static void opened(void *ctx, struct exchange *x)
{
	struct stream *s = ctx;

	if (s->rc != RC_OK) {
		feed_leave(s->feed);
		problem_answer(x, &s->err, -1);
		return;
	}
	stage(s, "retry: 1000\n\n", strlen("retry: 1000\n\n"));
	exchange_stream(x, "text/event-stream", read_stream, closed_stream, s);
}

/* What a console says it heard last.  One that names what no ledger counts, or what this one has
 * not come to, heard it of another: it starts anew. */
static void last_seen(const struct exchange *x, struct stream *s)
{
	struct str id = exchange_header(x, "Last-Event-ID");
	int64_t v;

	if (!id.n)
		id = exchange_query(x, "after");
	s->from_now = !id.n;
	if (id.n && str_to_i64(id, &v) && v >= 0)
		s->next = (uint64_t)v + 1;
	else
		s->lost = id.n;
}

static void handle(const struct asked *q, struct exchange *x)
{
	struct feed *f = q->router->feed;
	struct stream *s = ARENA_NEW(exchange_arena(x), struct stream);

	*s = (struct stream){.feed = f, .x = x, .who = q->who.person};
	s->token = str_copy(exchange_arena(x), exchange_token(x));
	last_seen(x, s);
	feed_enter(f);
	exchange_wait(x, opened, s);
	if (f->o.read(f->o.ctx, open_job, s) == RC_OK)
		return;
	s->rc = err_set(&s->err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，请稍后再试",
	                "busy; try again later");
	exchange_done(x);
}

static const struct route_param SINCE[] = {
	{"Last-Event-ID", "header", "index", false, "最后收到的序号，从其后续传",
	 "the last id that was heard: what follows it is sent"},
	{"after", "query", "index", false, "同上，用于不能设请求头的客户端", "the same, in the query"},
};
static const struct route_answer STREAM[] = {
	{200, "text/event-stream", NULL, "随记随发；event: counters 为所辖范围的计数",
	 "what is recorded, as it is recorded; event: counters has the numbers of one's places"},
};
static const int PROBLEMS[] = {400, 401, 500, 503, 0};

const struct route FEED_ROUTES[] = {
	{"GET", "/api/v1/events", ROUTE_CALLER, .handle = handle, PARAMS(SINCE), ANSWERS(STREAM),
	 .problems = PROBLEMS, .zh = "实时事件", .en = "events as they are recorded"},
};
const size_t FEED_NROUTES = COUNT(FEED_ROUTES);
