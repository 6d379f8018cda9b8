/* SPDX-License-Identifier: Apache-2.0 */
/* server.c -- libmicrohttpd's loop, driven from outside; see server.h.
 *
 * The loop waits for libmicrohttpd's own epoll descriptor and for an eventfd.  libmicrohttpd is
 * called on this thread alone: another thread puts its exchange into the list of the done and
 * writes the eventfd once, however many follow before the loop wakes.
 *
 * libmicrohttpd calls on_request several times for a request: with the head, for each part of the
 * body, at last with nothing more to come.  An answer given at the first call makes it close the
 * connection, so this file answers at the last call, or at the one after a suspension.
 */
#include "net/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/limits.h"
#include "net/address.h"

enum stage { STAGE_READING, STAGE_HANDLING, STAGE_WAITING, STAGE_ANSWERED, STAGE_STREAMING };

struct exchange {
	struct server *server;
	struct MHD_Connection *connection;
	struct arena arena;
	struct str method, path;
	struct strbuf body;
	size_t dropped; /* bytes beyond LIMIT_BODY */
	enum stage stage;
	bool suspended;
	server_handle *finish;
	void *finish_ctx;
	struct reply reply;
	const char *stream_type;
	stream_read *read;
	stream_closed *closed;
	void *stream, *state;
	struct exchange *next; /* among the done, or the sleeping streams */
};

struct server {
	struct MHD_Daemon *daemon;
	struct server_options o;
	int port, wake, epoll;
	int listening;             /* after the loop has ended: to be closed; -1 */
	pthread_t thread;
	pthread_mutex_t lock;      /* of the two lists and the flags below */
	struct exchange *done;
	bool woken, wake_streams, stops;
	int drain_ms;
	struct exchange *sleeping; /* streams with nothing to send; the loop's own */
	size_t exchanges, waiting; /* begun and not completed; handed on; the loop's own */
	atomic_uint_least64_t requests, refused, streams;
};

static void wake(struct server *s, bool streams, struct exchange *x)
{
	static const uint64_t ONE = 1;
	bool first;

	pthread_mutex_lock(&s->lock);
	first = !s->woken;
	s->woken = true;
	s->wake_streams = s->wake_streams || streams;
	if (x) {
		x->next = s->done;
		s->done = x;
	}
	pthread_mutex_unlock(&s->lock);
	if (first && write(s->wake, &ONE, sizeof(ONE)) != sizeof(ONE))
		abort(); /* a counter of 2^64-2 unread wakes */
}

/* The request. */
struct arena *exchange_arena(struct exchange *x)
{
	return &x->arena;
}

struct str exchange_method(const struct exchange *x)
{
	return x->method;
}

struct str exchange_path(const struct exchange *x)
{
	return x->path;
}

struct str exchange_body(const struct exchange *x)
{
	return strbuf_str(&x->body);
}

static struct str lookup(const struct exchange *x, enum MHD_ValueKind kind, const char *name)
{
	const char *v = MHD_lookup_connection_value(x->connection, kind, name);

	return v ? str_of(v) : (struct str){NULL, 0};
}

struct str exchange_header(const struct exchange *x, const char *name)
{
	return lookup(x, MHD_HEADER_KIND, name);
}

struct str exchange_query(const struct exchange *x, const char *name)
{
	return lookup(x, MHD_GET_ARGUMENT_KIND, name);
}

struct str exchange_cookie(const struct exchange *x, const char *name)
{
	return lookup(x, MHD_COOKIE_KIND, name);
}

struct str exchange_source(struct exchange *x)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char text[INET6_ADDRSTRLEN] = "?";
	const union address *at = info ? (const void *)info->client_addr : NULL;

	if (at && at->any.sa_family == AF_INET)
		inet_ntop(AF_INET, &at->v4.sin_addr, text, sizeof(text));
	else if (at)
		inet_ntop(AF_INET6, &at->v6.sin6_addr, text, sizeof(text));
	return str_dup(&x->arena, text, strlen(text));
}

void *exchange_state(const struct exchange *x)
{
	return x->state;
}

void exchange_set_state(struct exchange *x, void *state)
{
	x->state = state;
}

/* The answer. */
void exchange_answer(struct exchange *x, const struct reply *r)
{
	assert(x->stage == STAGE_HANDLING);
	x->reply = *r;
	x->stage = STAGE_ANSWERED;
}

void exchange_wait(struct exchange *x, server_handle *finish, void *ctx)
{
	assert(x->stage == STAGE_HANDLING);
	x->stage = STAGE_WAITING;
	x->finish = finish;
	x->finish_ctx = ctx;
}

void exchange_done(struct exchange *x)
{
	wake(x->server, false, x);
}

void exchange_stream(struct exchange *x, const char *type, stream_read *read,
                     stream_closed *closed, void *ctx)
{
	assert(x->stage == STAGE_HANDLING);
	x->stage = STAGE_STREAMING;
	x->stream_type = type;
	x->read = read;
	x->closed = closed;
	x->stream = ctx;
}

void server_wake_streams(struct server *s)
{
	wake(s, true, NULL);
}

static enum MHD_Result queue(struct exchange *x, unsigned status, struct MHD_Response *r)
{
	enum MHD_Result sent;

	if (!r)
		return MHD_NO;
	for (size_t i = 0; i < x->reply.nhead; i++)
		if (x->reply.head[i].value.n)
			MHD_add_response_header(r, x->reply.head[i].name, x->reply.head[i].value.s);
	if (!MHD_get_response_header(r, "Cache-Control"))
		MHD_add_response_header(r, "Cache-Control", "no-store");
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	sent = MHD_queue_response(x->connection, status, r);
	MHD_destroy_response(r);
	return sent;
}

/* The body lies in the exchange's arena, which outlives the sending. */
static enum MHD_Result send_reply(struct exchange *x)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		x->reply.body.n, (void *)(uintptr_t)x->reply.body.s, MHD_RESPMEM_PERSISTENT);

	if (r)
		MHD_add_response_header(r, "Content-Type", x->reply.type);
	if (r && x->reply.status >= 500)
		atomic_fetch_add(&x->server->refused, 1);
	return queue(x, (unsigned)x->reply.status, r);
}

static ssize_t on_read(void *cls, uint64_t pos, char *buf, size_t max)
{
	struct exchange *x = cls;
	size_t n = x->read(x->stream, buf, max);

	(void)pos;
	if (n == STREAM_END)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n)
		return (ssize_t)n;
	x->suspended = true;
	x->next = x->server->sleeping;
	x->server->sleeping = x;
	MHD_suspend_connection(x->connection);
	return 0;
}

static enum MHD_Result send_stream(struct exchange *x)
{
	struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, on_read, x,
	                                                           NULL);

	if (r)
		MHD_add_response_header(r, "Content-Type", x->stream_type);
	atomic_fetch_add(&x->server->streams, 1);
	return queue(x, 200, r);
}

/* libmicrohttpd's side. */
static enum MHD_Result begin(struct server *s, struct MHD_Connection *c, const char *url,
                             const char *method, void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));

	if (!x)
		return MHD_NO;
	x->server = s;
	x->connection = c;
	x->method = str_copy(&x->arena, str_of(method));
	x->path = str_copy(&x->arena, str_of(url));
	strbuf_init(&x->body, &x->arena);
	atomic_fetch_add(&s->requests, 1);
	s->exchanges++;
	*state = x;
	return MHD_YES;
}

static enum MHD_Result take(struct exchange *x, const char *part, size_t *n)
{
	size_t room = LIMIT_BODY - x->body.n, taken = *n < room ? *n : room;

	strbuf_add(&x->body, part, taken);
	x->dropped += *n - taken;
	*n = 0;
	return x->dropped > LIMIT_BODY ? MHD_NO : MHD_YES; /* it does not stop: cut off */
}

static void handle(struct exchange *x)
{
	static const struct reply LONG = {.status = 413, .type = "text/plain",
		.body = {"the body is too long\n", sizeof("the body is too long\n") - 1}};

	x->stage = STAGE_HANDLING;
	if (x->dropped)
		exchange_answer(x, &LONG);
	else
		x->server->o.handle(x->server->o.ctx, x);
	assert(x->stage != STAGE_HANDLING);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *part,
                                  size_t *npart, void **state)
{
	struct exchange *x = *state;

	(void)version;
	if (!x)
		return begin(cls, c, url, method, state);
	if (*npart > 0)
		return take(x, part, npart);
	if (x->stage == STAGE_READING)
		handle(x);
	if (x->stage == STAGE_ANSWERED)
		return send_reply(x);
	if (x->stage == STAGE_STREAMING)
		return send_stream(x);
	x->suspended = true;
	x->server->waiting++;
	MHD_suspend_connection(c);
	return MHD_YES;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *state;

	(void)cls, (void)c, (void)why;
	if (!x)
		return;
	if (x->stage == STAGE_STREAMING) {
		atomic_fetch_sub(&x->server->streams, 1);
		x->closed(x->stream);
	}
	x->server->exchanges--;
	arena_release(&x->arena);
	free(x);
	*state = NULL;
}

/* libmicrohttpd would print to stderr; a library does not. */
static void silent(void *cls, const char *fmt, va_list ap)
{
	(void)cls, (void)fmt, (void)ap;
}

/* The loop. */
static void resume(struct exchange *x)
{
	x->suspended = false;
	MHD_resume_connection(x->connection);
}

static void take_done(struct server *s)
{
	struct exchange *list;
	bool streams;
	uint64_t n;

	if (read(s->wake, &n, sizeof(n)) < 0 && errno != EAGAIN)
		abort();
	pthread_mutex_lock(&s->lock);
	list = s->done;
	streams = s->wake_streams;
	s->done = NULL;
	s->woken = s->wake_streams = false;
	pthread_mutex_unlock(&s->lock);
	while (list) {
		struct exchange *x = list;

		list = x->next;
		x->stage = STAGE_HANDLING;
		s->waiting--;
		x->finish(x->finish_ctx, x);
		assert(x->stage == STAGE_ANSWERED || x->stage == STAGE_STREAMING);
		resume(x);
	}
	if (!streams)
		return;
	list = s->sleeping;
	s->sleeping = NULL;
	while (list) {
		struct exchange *x = list;

		list = x->next;
		resume(x);
	}
}

static void turn(struct server *s, int most_ms)
{
	struct epoll_event ready[2];
	MHD_UNSIGNED_LONG_LONG in_ms;
	int n, wait = most_ms;

	if (MHD_get_timeout(s->daemon, &in_ms) == MHD_YES && in_ms < (unsigned)wait)
		wait = (int)in_ms;
	n = epoll_wait(s->epoll, ready, 2, wait);
	for (int i = 0; i < n; i++)
		if (ready[i].data.fd == s->wake)
			take_done(s);
	MHD_run(s->daemon);
}

static unsigned connections(const struct server *s)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon,
	                                                       MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

	return info ? info->num_connections : 0;
}

static void *loop(void *server)
{
	struct server *s = server;
	enum { TURN_MS = 10 };
	bool stops = false;

	while (!stops) {
		turn(s, 1000);
		pthread_mutex_lock(&s->lock);
		stops = s->stops;
		pthread_mutex_unlock(&s->lock);
	}
	s->listening = MHD_quiesce_daemon(s->daemon);
	for (int left = s->drain_ms / TURN_MS; s->waiting || (s->exchanges && left > 0); left--)
		turn(s, TURN_MS);
	return NULL;
}

static enum rc prepare(struct op *op, struct server *s)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct epoll_event mhd = {.events = EPOLLIN}, wake_up = {.events = EPOLLIN};

	s->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!info || s->wake < 0 || s->epoll < 0)
		return address_failed(op, s->o.listen, errno);
	mhd.data.fd = info->epoll_fd;
	wake_up.data.fd = s->wake;
	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, info->epoll_fd, &mhd) < 0 ||
	    epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->wake, &wake_up) < 0)
		return address_failed(op, s->o.listen, errno);
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info ? info->port : 0;
	return RC_OK;
}

static void release(struct server *s)
{
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	if (s->wake >= 0)
		close(s->wake);
	if (s->epoll >= 0)
		close(s->epoll);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static enum rc listen_at(struct op *op, struct server *s, const union address *x)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

	if (x->any.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	errno = 0;
	s->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, silent, NULL,
		MHD_OPTION_SOCK_ADDR, &x->any, MHD_OPTION_CONNECTION_LIMIT, s->o.connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->o.each, MHD_OPTION_CONNECTION_TIMEOUT, s->o.idle_s,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024U,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	return s->daemon ? RC_OK : address_failed(op, s->o.listen, errno);
}

enum rc server_start(struct op *op, const struct server_options *o, struct server **ret)
{
	struct server *s;
	union address x;
	enum rc rc;

	TRY(address_read(op, o->listen, &x));
	s = calloc(1, sizeof(*s));
	if (!s)
		abort(); /* as arena_alloc */
	s->o = *o;
	s->wake = s->epoll = s->listening = -1;
	if (!s->o.connections)
		s->o.connections = LIMIT_SERVER_CONNECTIONS;
	if (!s->o.idle_s)
		s->o.idle_s = LIMIT_IDLE_S;
	pthread_mutex_init(&s->lock, NULL);
	rc = listen_at(op, s, &x);
	if (rc == RC_OK)
		rc = prepare(op, s);
	if (rc == RC_OK && pthread_create(&s->thread, NULL, loop, s) != 0)
		rc = address_failed(op, o->listen, EAGAIN);
	if (rc != RC_OK) {
		release(s);
		return rc;
	}
	*ret = s;
	return RC_OK;
}

int server_port(const struct server *s)
{
	return s->port;
}

void server_stop(struct server *s, int drain_ms)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->drain_ms = drain_ms;
	s->stops = true;
	pthread_mutex_unlock(&s->lock);
	server_wake_streams(s);
	pthread_join(s->thread, NULL);
	take_done(s); /* nothing may be suspended when the daemon stops */
	for (struct exchange *x = s->sleeping; x; x = x->next)
		resume(x);
	s->sleeping = NULL;
	if (s->listening >= 0)
		close(s->listening);
	release(s);
}

struct server_counts server_counts(const struct server *s)
{
	return (struct server_counts){atomic_load(&s->requests), atomic_load(&s->refused),
		atomic_load(&s->streams), connections(s)};
}
