/* SPDX-License-Identifier: Apache-2.0 */
/* lying.c -- one connection after the other, one request on each. */
#include "kit/check.h"

#include "audit/lying.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit/source.h"

static void put(int fd, const void *p, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t sent = send(fd, (const char *)p + at, n - at, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		at += (size_t)sent;
	}
}

static void answer(int fd, struct arena *a, const char *status, const char *more, struct str body,
                   size_t said)
{
	struct str head = str_fmt(a, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n"
	                          "%s\r\n", status, said, more);

	put(fd, head.s, head.n);
	put(fd, body.s, body.n);
}

static void drip(int fd, struct arena *a, struct str body)
{
	enum { PARTS = 10, PAUSE_US = 60000 };
	size_t at = 0;

	answer(fd, a, "200 OK", "", STR(""), body.n);
	for (size_t i = 1; i <= PARTS; i++) {
		usleep(PAUSE_US);
		put(fd, body.s + at, body.n * i / PARTS - at);
		at = body.n * i / PARTS;
	}
}

static void lie(const struct lying *l, int fd, struct arena *a, struct str path, struct str body)
{
	struct str half = {body.s, body.n / 2};
	char *copy = arena_alloc(a, 1 << 25);

	memcpy(copy, body.s, body.n);
	switch (l->lie) {
	case LIE_ALTER:
		copy[body.n / 2] ^= 1;
		answer(fd, a, "200 OK", "", (struct str){copy, body.n}, body.n);
		return;
	case LIE_LONG:
		answer(fd, a, "200 OK", "", (struct str){copy, 1 << 25}, 1 << 25);
		return;
	case LIE_CUT:
		answer(fd, a, "200 OK", "", half, body.n);
		return;
	case LIE_SHORT:
		answer(fd, a, "200 OK", "", half, half.n);
		return;
	case LIE_NEVER: {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		(void)poll(&p, 1, 60000); /* until it hangs up */
		return;
	}
	case LIE_REDIRECT:
		answer(fd, a, "302 Found", str_fmt(a, "Location: http://127.0.0.1:%d/honest%s\r\n",
		                                   l->port, path.s).s, STR(""), 0);
		return;
	case LIE_MISSING:
		answer(fd, a, "404 Not Found", "", STR("no"), 2);
		return;
	case LIE_BUSY:
		answer(fd, a, "503 Service Unavailable", "", STR("no"), 2);
		return;
	case LIE_EMPTY:
		answer(fd, a, "200 OK", "", STR(""), 0);
		return;
	case LIE_GARBAGE:
		put(fd, "\0\1\2\3 hello\n\n", 12);
		return;
	case LIE_SLOW:
		drip(fd, a, body);
		return;
	case LIE_AWAY: case LIE_NONE:
		return;
	}
}

static void serve(struct lying *l, int fd, struct arena *a)
{
	struct op op = {.arena = a};
	char ask[4096] = {0};
	struct str path, body;
	size_t n = 0;
	ssize_t got;
	char *end;

	while (n < sizeof(ask) - 1 && !strstr(ask, "\r\n\r\n")) {
		got = read(fd, ask + n, sizeof(ask) - 1 - n);
		if (got <= 0)
			return;
		n += (size_t)got;
	}
	end = strchr(ask + 4, ' ');
	if (strncmp(ask, "GET /", 5) != 0 || !end)
		return;
	path = str_dup(a, ask + 4, (size_t)(end - ask - 4));
	l->asked++;
	if (l->token && !strstr(ask, str_fmt(a, "Authorization: Bearer %s\r\n", l->token).s) &&
	    !str_is(path, "/checkpoint"))
		answer(fd, a, "401 Unauthorized", "", STR(""), 0);
	else if (source_file_read(&op, str_fmt(a, "%s%s", l->dir, path.s), 1 << 25, &body) != RC_OK)
		answer(fd, a, "404 Not Found", "", STR(""), 0);
	else if (l->lie != LIE_NONE && strstr(path.s, l->about))
		lie(l, fd, a, path, body);
	else
		answer(fd, a, "200 OK", "", body, body.n);
}

static void *loop(void *lying)
{
	struct lying *l = lying;
	struct arena a = {0};
	int fd;

	while ((fd = accept(l->fd, NULL, NULL)) >= 0) {
		if (!l->stops)
			serve(l, fd, &a);
		close(fd);
		arena_reset(&a);
		if (l->stops)
			break;
	}
	arena_release(&a);
	return NULL;
}

static int connected(int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

void lying_start(struct lying *l)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t n = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(l->fd >= 0);
	assert_int_equal(bind(l->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(l->fd, 64), 0);
	assert_int_equal(getsockname(l->fd, (struct sockaddr *)&at, &n), 0);
	l->port = ntohs(at.sin_port);
	l->asked = 0;
	l->stops = false;
	assert_int_equal(pthread_create(&l->thread, NULL, loop, l), 0);
}

void lying_stop(struct lying *l)
{
	int fd;

	l->stops = true;
	fd = connected(l->port);
	pthread_join(l->thread, NULL);
	close(fd);
	close(l->fd);
}
