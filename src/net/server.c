/* SPDX-License-Identifier: Apache-2.0 */
/* server.c -- libmicrohttpd's loop, driven from outside; see server.h.
 *
 * The loop waits for libmicrohttpd's own epoll descriptor, for an eventfd, and for a timer that
 * counts seconds.  libmicrohttpd is called on this thread alone: another thread puts its exchange
 * into the list of the done and writes the eventfd once, however many follow before the loop wakes.
 *
 * libmicrohttpd calls on_request several times for a request: with the head, for each part of the
 * body, at last with nothing more to come.  An answer given at the first call makes it close the
 * connection, so this file answers at the last call, or at the one after a suspension; at the first
 * only what may not be read on (wire.h), or what announces more than we care to read.
 */
#include "net/exchange.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/limits.h"
#include "net/address.h"
#include "net/refusal.h"

void server_wake(struct server *s, bool streams, struct exchange *x)
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

void server_wake_streams(struct server *s)
{
	server_wake(s, true, NULL);
}

/* The answer. */
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
	if (x->closes)
		MHD_add_response_header(r, "Connection", "close");
	sent = MHD_queue_response(x->connection, status, r);
	MHD_destroy_response(r);
	return sent;
}

static enum server_refusal kind_of(int status)
{
	switch (status) {
	case 413: case 414: case 431: return SERVER_LARGE;
	case 429: return SERVER_OFTEN;
	case 503: return SERVER_FULL;
	default: return SERVER_MALFORMED;
	}
}

static bool wants_english(const struct exchange *x)
{
	struct str lang = exchange_header(x, "Accept-Language");

	return lang.n >= 2 && strncasecmp(lang.s, "en", 2) == 0;
}

/* Without a handler. */
void server_refuse(struct exchange *x)
{
	struct reply r = {.status = x->refused, .type = "application/problem+json"};

	r.body = refusal_body(&x->arena, x->refused, x->why, wants_english(x));
	r.head[r.nhead++] = (struct answer_head){
		"Content-Language", wants_english(x) ? STR("en") : STR("zh-CN")};
	if (x->refused == 429 || x->refused == 503)
		r.head[r.nhead++] = (struct answer_head){"Retry-After", STR("1")};
	else
		x->closes = true;
	atomic_fetch_add(&x->server->refused[kind_of(x->refused)], 1);
	x->stage = STAGE_HANDLING;
	exchange_answer(x, &r);
}

/* In place of the answer, with all that was made for it: what a list of acts takes is ten times as
 * long as what is said of it. */
static void forget_answer(struct exchange *x)
{
	arena_release(&x->arena);
	strbuf_init(&x->body, &x->arena);
	x->method = x->path = x->sent = (struct str){0};
	x->refused = 503;
	x->why = "busy; try again later";
	server_refuse(x);
}

/* Strangers who ask and do not read may not fill what is for all; nothing was done for them that
 * this answer would tell. */
static void weigh_answer(struct exchange *x)
{
	struct server *s = x->server;
	size_t n = x->reply.kept ? 0 : x->reply.body.n;

	if (!x->link->known && n > LIMIT_ANSWER_SMALL) {
		if (s->strange && s->strange + n > LIMIT_HELD_STRANGE) {
			forget_answer(x);
			n = x->reply.body.n;
		} else {
			x->strange = n;
			s->strange += n;
		}
	}
	x->held += n;
	s->held += n;
}

/* The body lies in the exchange's arena, which outlives the sending. */
static enum MHD_Result send_reply(struct exchange *x)
{
	struct MHD_Response *r;

	weigh_answer(x);
	r = MHD_create_response_from_buffer(x->reply.body.n, (void *)(uintptr_t)x->reply.body.s,
	                                    MHD_RESPMEM_PERSISTENT);

	if (r)
		MHD_add_response_header(r, "Content-Type", x->reply.type);
	if (r && x->reply.status >= 500)
		atomic_fetch_add(&x->server->failed, 1);
	link_enter(&x->server->links, x->link, LINK_SEND);
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

/* libmicrohttpd would send the end of a chunked body after a HEAD too, and that is read as the
 * beginning of the next answer. */
static enum MHD_Result send_stream(struct exchange *x)
{
	struct MHD_Response *r =
		str_is(x->method, "HEAD")
			? MHD_create_response_from_buffer(0, (void *)(uintptr_t)"", MHD_RESPMEM_PERSISTENT)
			: MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, on_read, x, NULL);

	if (r)
		MHD_add_response_header(r, "Content-Type", x->stream_type);
	atomic_fetch_add(&x->server->streams, 1);
	return queue(x, 200, r);
}

/* libmicrohttpd's side. */
static struct link *link_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
	struct server *s = cls;

	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*state = link_new(&s->links, c);
	else
		link_drop(&s->links, *state);
}

/* With the first line; what this gives is the exchange from now on. */
static void *on_target(void *cls, const char *uri, struct MHD_Connection *c)
{
	struct server *s = cls;
	struct exchange *x = exchange_new(s);

	x->server = s;
	x->connection = c;
	x->link = link_of(c);
	x->target = wire_target(uri);
	if (!x->target.status)
		x->sent = str_dup(&x->arena, uri, x->target.n);
	strbuf_init(&x->body, &x->arena);
	link_enter(&s->links, x->link, LINK_HEAD);
	s->exchanges++;
	return x;
}

static bool too_often(struct exchange *x)
{
	struct server *s = x->server;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return s->sources && info && !sources_take(s->sources, info->client_addr, s->links.now);
}

/* Acts go before questions and before what is larger than an act. */
static bool no_room(const struct exchange *x, uint64_t length)
{
	size_t most = length && length <= LIMIT_ACT ? LIMIT_HELD : LIMIT_HELD / 2;

	if (length > LIMIT_BODY) /* one large file at a time */
		most = LIMIT_HELD / 3;

	return x->server->held + length > most;
}

static void admit(struct exchange *x, const struct wire_found *f)
{
	x->most = LIMIT_BODY;
	if (f->length > x->most && x->server->o.body_most)
		x->most = x->server->o.body_most(x->server->o.ctx, x);
	if (f->length > x->most) {
		x->refused = 413;
		x->why = "the body is too long";
	} else if (too_often(x)) {
		x->refused = 429;
		x->why = "too many requests from this address";
	} else if (no_room(x, f->length)) {
		x->refused = 503;
		x->why = "busy; try again later with the same key";
	}
}

static enum MHD_Result begin(struct exchange *x, const char *url, const char *method,
                             const char *version)
{
	struct wire_head h = {x->connection, method, version, x->target};
	struct wire_found f;

	atomic_fetch_add(&x->server->requests, 1);
	x->method = str_copy(&x->arena, str_of(method));
	x->path = str_copy(&x->arena, str_of(url));
	x->stage = STAGE_READING;
	x->refused = wire_check(&h, &f, &x->why);
	if (x->refused) {
		server_refuse(x);
		return send_reply(x);
	}
	x->closes = f.closes;
	link_enter(&x->server->links, x->link, LINK_BODY);
	admit(x, &f);
	if (!x->refused || (!f.expects && f.length <= 2 * LIMIT_BODY))
		return MHD_YES;
	server_refuse(x);
	return send_reply(x);
}

/* wire_check has seen that the length is told. */
static enum MHD_Result take(struct exchange *x, const char *part, size_t *n)
{
	if (!x->refused && no_room(x, *n)) {
		x->refused = 503;
		x->why = "busy; try again later with the same key";
	}
	if (!x->refused) {
		assert(x->body.n + *n <= x->most);
		strbuf_add(&x->body, part, *n);
		x->held += *n;
		x->server->held += *n;
	}
	*n = 0;
	return MHD_YES;
}

static void handle(struct exchange *x)
{
	link_enter(&x->server->links, x->link, LINK_BUSY);
	if (x->refused) {
		server_refuse(x);
		return;
	}
	x->stage = STAGE_HANDLING;
	x->server->o.handle(x->server->o.ctx, x);
	assert(x->stage != STAGE_HANDLING);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *part,
                                  size_t *npart, void **state)
{
	struct exchange *x = *state;

	(void)cls;
	if (x->stage == STAGE_HEAD)
		return begin(x, url, method, version);
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
	x->server->held -= x->held;
	x->server->strange -= x->strange;
	link_enter(&x->server->links, x->link, LINK_IDLE);
	exchange_free(x->server, x);
	*state = NULL;
}

/* libmicrohttpd would print to stderr; a library does not.  It says that a length is malformed
 * before it answers (wire.h), but not whose. */
static void on_words(void *cls, const char *fmt, va_list ap)
{
	struct server *s = cls;

	(void)fmt, (void)ap;
	for (struct link *x = s->links.first; x; x = x->next)
		if (x->phase == LINK_HEAD && !wire_length_good(x->connection))
			link_shut(x);
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

static unsigned connections(const struct server *s)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon,
	                                                       MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

	return info ? info->num_connections : 0;
}

static void tick(struct server *s)
{
	bool crowded = s->links.n >= s->o.connections - s->o.connections / 8;
	uint64_t seconds;

	if (read(s->ticks, &seconds, sizeof(seconds)) == sizeof(seconds))
		atomic_fetch_add(&s->refused[SERVER_SLOW], links_tick(&s->links, seconds, crowded));
}

static void turn(struct server *s, int most_ms)
{
	struct epoll_event ready[3];
	MHD_UNSIGNED_LONG_LONG in_ms;
	int n, wait = most_ms;

	if (MHD_get_timeout(s->daemon, &in_ms) == MHD_YES && in_ms < (unsigned)wait)
		wait = (int)in_ms;
	n = epoll_wait(s->epoll, ready, COUNT(ready), wait);
	for (int i = 0; i < n; i++)
		if (ready[i].data.fd == s->wake)
			take_done(s);
		else if (ready[i].data.fd == s->ticks)
			tick(s);
	MHD_run(s->daemon);
	if (s->o.rests)
		s->o.rests(s->o.ctx);
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

static bool watch(struct server *s, int fd)
{
	struct epoll_event e = {.events = EPOLLIN, .data = {.fd = fd}};

	return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

static enum rc prepare(struct op *op, struct server *s)
{
	static const struct itimerspec SECOND = {{1, 0}, {1, 0}};
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	s->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	s->ticks = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!info || s->wake < 0 || s->ticks < 0 || s->epoll < 0 ||
	    timerfd_settime(s->ticks, 0, &SECOND, NULL) < 0 || !watch(s, info->epoll_fd) ||
	    !watch(s, s->wake) || !watch(s, s->ticks))
		return address_failed(op, s->o.listen, errno);
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info ? info->port : 0;
	return RC_OK;
}

static void release(struct server *s)
{
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	exchange_free_spares(s);
	if (s->wake >= 0)
		close(s->wake);
	if (s->ticks >= 0)
		close(s->ticks);
	if (s->epoll >= 0)
		close(s->epoll);
	sources_free(s->sources);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* TLS 1.2 and 1.3, and of 1.2 only what keeps old recordings closed. */
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:%SERVER_PRECEDENCE"

static enum rc listen_at(struct op *op, struct server *s, const union address *x)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)s->o.tls_key.s},
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)s->o.tls_certificate.s},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)PRIORITIES},
		{MHD_OPTION_END, 0, NULL}};

	if (s->o.tls_key.n)
		flags |= MHD_USE_TLS;
	else
		tls[0] = tls[COUNT(tls) - 1];
	if (x->any.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	errno = 0;
	s->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_words, s,
		MHD_OPTION_SOCK_ADDR, &x->any, MHD_OPTION_CONNECTION_LIMIT, s->o.connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->o.each, MHD_OPTION_CONNECTION_TIMEOUT, s->o.idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_CONNECTION_BYTES,
		MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024U,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	return s->daemon ? RC_OK : address_failed(op, s->o.listen, errno);
}

static unsigned or_else(unsigned given, unsigned usual)
{
	return given ? given : usual;
}

static void set_limits(struct server *s)
{
	struct server_options *o = &s->o;

	o->connections = or_else(o->connections, LIMIT_SERVER_CONNECTIONS);
	o->idle_s = or_else(o->idle_s, LIMIT_KEEP_S);
	s->links = (struct links){.now = 1, .most_s = {
		[LINK_IDLE] = o->idle_s + or_else(o->head_s, LIMIT_HEAD_S),
		[LINK_HEAD] = or_else(o->head_s, LIMIT_HEAD_S),
		[LINK_BODY] = or_else(o->body_s, LIMIT_BODY_S),
		[LINK_SEND] = or_else(o->send_s, LIMIT_SEND_S)}};
	if (o->rate)
		s->sources = sources_new(o->rate);
}

enum rc server_start(struct op *op, const struct server_options *o, struct server **ret)
{
	struct server *s;
	union address x;
	enum rc rc;

	TRY(address_read(op, o->listen, &x));
	if (!o->tls_key.n)
		TRY(address_must_be_loopback(op, o->listen, &x));
	s = calloc(1, sizeof(*s));
	if (!s)
		abort(); /* as arena_alloc */
	s->o = *o;
	s->wake = s->ticks = s->epoll = s->listening = -1;
	set_limits(s);
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
	struct server_counts c = {.requests = atomic_load(&s->requests),
	                          .failed = atomic_load(&s->failed),
	                          .streams_now = atomic_load(&s->streams),
	                          .connections = connections(s)};

	for (size_t i = 0; i < SERVER_REFUSALS; i++)
		c.refused[i] = atomic_load(&s->refused[i]);
	return c;
}
