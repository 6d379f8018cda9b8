/* SPDX-License-Identifier: Apache-2.0 */
/* raw.c -- see raw.h. */
#include "kit/check.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/raw.h"

enum { PATIENCE_MS = 60000, LONG = 15 << 20 };

static char KEPT[LONG];

static size_t tick(void *ctx, char *buf, size_t max)
{
	bool *said = ctx;

	*said = !*said;
	if (!*said || max < 5)
		return 0;
	memcpy(buf, "tick\n", 5);
	return 5;
}

static void closed(void *ctx)
{
	(void)ctx;
}

static void say_ok(void *ctx, struct exchange *x)
{
	struct reply r = {.status = 200, .type = "text/plain", .body = STR("ok\n")};

	(void)ctx;
	if (str_is(exchange_path(x), "/long"))
		r.body = (struct str){arena_alloc(exchange_arena(x), LONG), LONG};
	if (str_is(exchange_path(x), "/own")) {
		r.body = (struct str){arena_alloc(exchange_arena(x), LONG), LONG};
		exchange_known(x);
	}
	if (str_is(exchange_path(x), "/kept")) {
		r.body = (struct str){KEPT, LONG};
		r.kept = true;
	}
	exchange_answer(x, &r);
}

static void handle(void *ctx, struct exchange *x)
{
	struct raw *r = ctx;
	struct str path = exchange_path(x);

	pthread_mutex_lock(&r->lock);
	r->calls++;
	(void)snprintf(r->seen + strlen(r->seen), sizeof(r->seen) - strlen(r->seen), STR_FMT " ",
	               STR_ARG(path));
	if (str_is(path, "/hold")) {
		exchange_wait(x, say_ok, r);
		assert_true(r->nheld < COUNT(r->held));
		r->held[r->nheld++] = x;
	} else if (str_is(path, "/stream")) {
		exchange_stream(x, "text/plain", tick, closed, arena_alloc(exchange_arena(x), 1));
	} else {
		say_ok(r, x);
	}
	pthread_mutex_unlock(&r->lock);
}

void raw_start(struct raw *r, struct server_options o)
{
	*r = (struct raw){0};
	r->op = (struct op){.arena = &r->arena};
	pthread_mutex_init(&r->lock, NULL);
	if (!o.listen.n)
		o.listen = STR("127.0.0.1:0");
	o.handle = handle;
	o.ctx = r;
	if (server_start(&r->op, &o, &r->server) != RC_OK)
		fail_msg("%s", r->op.err.en);
}

void raw_stop(struct raw *r)
{
	raw_release(r);
	server_stop(r->server, 1000);
	pthread_mutex_destroy(&r->lock);
	arena_release(&r->arena);
	r->server = NULL;
}

unsigned raw_calls(struct raw *r)
{
	unsigned n;

	pthread_mutex_lock(&r->lock);
	n = r->calls;
	r->calls = 0;
	r->seen[0] = 0;
	pthread_mutex_unlock(&r->lock);
	return n;
}

bool raw_saw(struct raw *r, const char *path)
{
	bool saw;

	pthread_mutex_lock(&r->lock);
	saw = strstr(r->seen, path) != NULL;
	pthread_mutex_unlock(&r->lock);
	return saw;
}

void raw_release(struct raw *r)
{
	pthread_mutex_lock(&r->lock);
	while (r->nheld)
		exchange_done(r->held[--r->nheld]);
	pthread_mutex_unlock(&r->lock);
}

int raw_connect(const struct raw *r)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)server_port(r->server))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

void raw_say(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

void raw_says(int fd, const char *text)
{
	raw_say(fd, text, strlen(text));
}

/* What was read of the other side's words; false: closed, or silent for a minute. */
static bool more(int fd, struct raw_heard *h)
{
	char spill[65536], *to = h->n < sizeof(h->text) - 1 ? h->text + h->n : spill;
	size_t room = to == spill ? sizeof(spill) : sizeof(h->text) - 1 - h->n;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t got;

	if (poll(&p, 1, PATIENCE_MS) != 1)
		return false;
	got = read(fd, to, room);
	h->closed = got <= 0;
	if (got > 0)
		h->n += (size_t)got;
	return got > 0;
}

void raw_hear(int fd, struct raw_heard *ret)
{
	struct raw_heard h = {0};

	while (more(fd, &h))
		;
	for (const char *at = h.text; (at = strstr(at, "HTTP/1.1 ")) != NULL; at += 9) {
		if (at[9] < '2' || at[9] > '9')
			continue; /* "100 Continue", or a sentence */
		h.status = h.answers++ ? h.status : (int)strtol(at + 9, NULL, 10);
	}
	*ret = h;
}

int raw_answer(int fd)
{
	struct raw_heard h = {0};

	do {
		const char *end = strstr(h.text, "\r\n\r\n");
		const char *length = strcasestr(h.text, "content-length: ");

		if (end && length && length < end &&
		    h.n >= (size_t)(end + 4 - h.text) + strtoul(length + 16, NULL, 10))
			return (int)strtol(h.text + 9, NULL, 10);
	} while (more(fd, &h));
	return 0;
}
