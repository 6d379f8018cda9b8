/* SPDX-License-Identifier: Apache-2.0 */
/* feed.c -- see feed.h.
 *
 * The row of entries is the reader's to add to and the server's thread's to read, under one lock
 * that is held for a copy of an item.
 */
#include "http/feed.h"

#include <pthread.h>

#include "engine/authority.h"
#include "engine/modules_private.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/session.h"

enum { GRANTS_MOST = 64, LINE = 1536 };

struct item {
	uint64_t index;
	const char *const *roles; /* that may see it; NULL: its kind is for auditors alone */
	char place[LIMIT_PLACE + 1];
	char text[LINE];          /* "id: 7\ndata: {…}\n\n" */
	size_t n;
};

struct feed {
	struct feed_options o;
	pthread_mutex_t lock;
	struct item *row;         /* FEED_KEPT of them; item i stands at i % FEED_KEPT */
	uint64_t first, next;     /* kept: first <= index < next */
	uint64_t known;           /* size when the first were read: grants before it are no change */
	uint64_t changes;         /* of grants, so far */
	uint64_t beats;
	bool reading, again, closed;
	struct server *server;
};

struct stream {
	struct feed *feed;
	struct exchange *x;
	struct person_id who;
	struct str token;
	struct granted grants[GRANTS_MOST];
	size_t ngrants;
	uint64_t next, changes, beats;
	bool from_start, begun, reset;
	char text[LINE];          /* what is being sent */
	size_t n, sent;
	enum rc rc;
	struct err err;
};

struct feed *feed_new(const struct feed_options *o)
{
	struct feed *f = calloc(1, sizeof(*f));

	if (f)
		f->row = calloc(FEED_KEPT, sizeof(*f->row));
	if (!f || !f->row)
		abort(); /* as arena_alloc */
	f->o = *o;
	pthread_mutex_init(&f->lock, NULL);
	return f;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	pthread_mutex_destroy(&f->lock);
	free(f->row);
	free(f);
}

void feed_serve(struct feed *f, struct server *s)
{
	pthread_mutex_lock(&f->lock);
	f->server = s;
	pthread_mutex_unlock(&f->lock);
}

/* Under the lock, so that feed_serve(NULL) leaves nobody who still would wake it. */
static void wake_streams(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	if (f->server)
		server_wake_streams(f->server);
	pthread_mutex_unlock(&f->lock);
}

/* Reading. */
static void item_fill(struct op *op, const struct event *ev, struct item *ret)
{
	struct json *o = json_new_object(op->arena);
	struct str text;

	json_set_str(op->arena, o, "en", str_of(ev->type ? ev->type->en : ""));
	json_set_int(op->arena, o, "index", ev->index);
	json_set_str(op->arena, o, "place", ev->place);
	json_set_str(op->arena, o, "time", clock_format_utc(op->arena, ev->recorded_ms));
	json_set_str(op->arena, o, "type", ev->name);
	json_set_str(op->arena, o, "zh", str_of(ev->type ? ev->type->zh : ""));
	text = json_canonical(op->arena, o);
	*ret = (struct item){.index = (uint64_t)ev->index,
	                     .roles = ev->type ? ev->type->visible_to : NULL};
	(void)snprintf(ret->place, sizeof(ret->place), STR_FMT, STR_ARG(ev->place));
	ret->n = (size_t)snprintf(ret->text, sizeof(ret->text), "id: %lld\ndata: " STR_FMT "\n\n",
	                          (long long)ev->index, STR_ARG(text));
	if (ret->n >= sizeof(ret->text))
		ret->n = 0; /* cannot be: the texts are ours and short */
}

static void keep(struct feed *f, const struct item *i, bool grants)
{
	pthread_mutex_lock(&f->lock);
	f->row[i->index % FEED_KEPT] = *i;
	f->next = i->index + 1;
	if (f->next - f->first > FEED_KEPT)
		f->first = f->next - FEED_KEPT;
	f->changes += grants && i->index >= f->known;
	pthread_mutex_unlock(&f->lock);
}

/* Entries that this program is too old to know are passed over. */
static enum rc read_new(struct feed *f, struct op *op)
{
	const struct ledger *l = &op->run->writer->ledger;
	uint64_t at;

	pthread_mutex_lock(&f->lock);
	if (!f->known)
		f->known = l->tree.size;
	if (!f->next && l->tree.size > FEED_KEPT)
		f->first = f->next = l->tree.size - FEED_KEPT;
	at = f->next;
	pthread_mutex_unlock(&f->lock);
	for (; at < l->tree.size; at++) {
		struct str bytes;
		struct hash leaf;
		struct event ev;
		struct item i;

		arena_reset(op->arena);
		TRY(ledger_entry(op, l, at, &bytes, &leaf));
		TRY(event_read(op, op->run->modules, bytes, &ev));
		item_fill(op, &ev, &i);
		keep(f, &i, str_starts(ev.name, STR("authority.")));
	}
	return RC_OK;
}

/* On a reader's thread. */
static void follow(void *ctx, struct op *op)
{
	struct feed *f = ctx;
	bool again = true, failed = false;

	while (again) {
		(void)!read_new(f, op); /* what cannot be read now is read at the next growth */
		wake_streams(f);
		pthread_mutex_lock(&f->lock);
		again = f->again && !f->closed && !failed;
		f->again = false;
		f->reading = again;
		pthread_mutex_unlock(&f->lock);
		failed = again && writer_follow(op, op->run->writer) != RC_OK;
	}
}

void feed_grown(struct feed *f)
{
	bool begin;

	pthread_mutex_lock(&f->lock);
	begin = !f->reading && !f->closed;
	f->again = f->reading;
	f->reading = true;
	pthread_mutex_unlock(&f->lock);
	if (!begin || f->o.read(f->o.ctx, follow, f) == RC_OK)
		return;
	pthread_mutex_lock(&f->lock);
	f->reading = false; /* the next growth asks again */
	pthread_mutex_unlock(&f->lock);
}

void feed_beat(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->beats++;
	pthread_mutex_unlock(&f->lock);
	wake_streams(f);
}

void feed_close(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->closed = true;
	pthread_mutex_unlock(&f->lock);
	wake_streams(f);
}

/* Sending. */
static bool covers(const struct feed *f, const struct stream *s, const struct item *i)
{
	struct str place = str_of(i->place);

	for (const char *const *role = i->roles; role && *role; role++) {
		const char *const *form = modules_role_forms(f->o.api->modules, str_of(*role));

		for (; *form; form++)
			for (size_t k = 0; k < s->ngrants; k++)
				if (str_is(s->grants[k].role, *form) && place_covers(s->grants[k].place, place))
					return true;
	}
	return false;
}

static void say(struct stream *s, const char *text)
{
	s->n = (size_t)snprintf(s->text, sizeof(s->text), "%s", text);
	s->sent = 0;
}

/* The next thing to send into s->text; false: it is over. */
static bool pick(struct stream *s)
{
	struct feed *f = s->feed;
	bool goes_on;

	pthread_mutex_lock(&f->lock);
	goes_on = !f->closed && s->changes == f->changes && !s->reset;
	if (goes_on && s->next < f->first) {
		s->reset = true;
		say(s, "event: reset\ndata: {}\n\n");
	}
	while (goes_on && !s->n && s->next < f->next) {
		const struct item *i = &f->row[s->next++ % FEED_KEPT];

		if (i->n && covers(f, s, i)) {
			memcpy(s->text, i->text, i->n);
			s->n = i->n;
			s->sent = 0;
		}
	}
	if (goes_on && !s->n && s->beats != f->beats) {
		s->beats = f->beats;
		say(s, ":\n\n");
		goes_on = false; /* asked again below, outside of the lock */
	}
	pthread_mutex_unlock(&f->lock);
	if (s->n == 3 && s->text[0] == ':')
		return f->o.still(f->o.ctx, s->token);
	return goes_on || s->n;
}

static size_t read_stream(void *ctx, char *buf, size_t max)
{
	struct stream *s = ctx;
	size_t n = 0;

	for (;;) {
		size_t part;

		if (!s->n && !pick(s))
			return n ? n : STREAM_END;
		if (!s->n)
			return n;
		part = s->n - s->sent < max - n ? s->n - s->sent : max - n;
		memcpy(buf + n, s->text + s->sent, part);
		s->sent += part;
		n += part;
		if (s->sent < s->n)
			return n;
		s->n = 0;
	}
}

static void closed_stream(void *ctx)
{
	(void)ctx; /* its memory is the exchange's */
}

/* Opening: the grants are asked of a reader. */
static void open_job(void *ctx, struct op *op)
{
	struct stream *s = ctx;
	struct feed *f = s->feed;
	struct arena *a = exchange_arena(s->x);

	pthread_mutex_lock(&f->lock);
	s->changes = f->changes; /* one that comes after this closes the stream */
	s->beats = f->beats;
	if (s->from_start || s->next > f->next)
		s->next = f->next;
	pthread_mutex_unlock(&f->lock);
	s->ngrants = authority_grants(op->run->writer->authority, s->who, op->now_ms, s->grants,
	                              GRANTS_MOST);
	for (size_t i = 0; i < s->ngrants; i++) {
		s->grants[i].role = str_copy(a, s->grants[i].role);
		s->grants[i].place = str_copy(a, s->grants[i].place);
	}
	exchange_done(s->x);
}

static void opened(void *ctx, struct exchange *x)
{
	struct stream *s = ctx;

	if (s->rc != RC_OK) {
		problem_answer(x, &s->err, -1);
		return;
	}
	say(s, "retry: 1000\n\n");
	exchange_stream(x, "text/event-stream", read_stream, closed_stream, s);
}

static bool last_seen(const struct exchange *x, uint64_t *ret)
{
	struct str id = exchange_header(x, "Last-Event-ID");
	int64_t v;

	if (!id.n)
		id = exchange_query(x, "after");
	if (!id.n || !str_to_i64(id, &v) || v < 0)
		return false;
	*ret = (uint64_t)v;
	return true;
}

static void handle(const struct asked *q, struct exchange *x)
{
	struct feed *f = q->router->feed;
	struct stream *s = ARENA_NEW(exchange_arena(x), struct stream);
	uint64_t last = 0;

	*s = (struct stream){.feed = f, .x = x, .who = q->who.person};
	s->token = str_copy(exchange_arena(x), exchange_token(x));
	s->from_start = !last_seen(x, &last);
	s->next = last + 1;
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
	{200, "text/event-stream", NULL, "随记随发", "what is recorded, as it is recorded"},
};
static const int PROBLEMS[] = {401, 500, 503, 0};

const struct route FEED_ROUTES[] = {
	{"GET", "/api/v1/events", ROUTE_CALLER, .handle = handle, PARAMS(SINCE), ANSWERS(STREAM),
	 .problems = PROBLEMS, .zh = "实时事件", .en = "events as they are recorded"},
};
const size_t FEED_NROUTES = COUNT(FEED_ROUTES);
