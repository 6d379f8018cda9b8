/* SPDX-License-Identifier: Apache-2.0 */
/* http_load.c -- see http_load.h. */
#include "http_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READY = 256, TIMES_MAX = 8000000, WAIT_MS = 5000 };

struct run {
	const struct http_load *l;
	struct http_figures *f;
	struct conn *conns;
	int epoll, live;
	double start, until;
	struct conn **parked; /* their turn has not come */
	int nparked;
	long sent;
	float *times;
	size_t ntimes;
};

double http_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int http_dial(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return -1;
	}
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void finish(struct run *r, struct conn *c)
{
	close(c->fd);
	c->fd = -1;
	r->live--;
}

static void push(struct run *r, struct conn *c)
{
	while (c->done < c->nout) {
		ssize_t n = write(c->fd, c->out + c->done, c->nout - c->done);

		if (n < 0 && errno == EAGAIN)
			return; /* the answer's event comes after: sockets of loopback take 64 KB */
		if (n <= 0) {
			r->f->lost++;
			finish(r, c);
			return;
		}
		c->done += (size_t)n;
	}
}

static bool is_early(const struct run *r, double now)
{
	return r->l->rate > 0 && (double)r->sent > (now - r->start) * r->l->rate;
}

static void next(struct run *r, struct conn *c)
{
	double now = http_now_s();

	if (now < r->until && is_early(r, now)) {
		r->parked[r->nparked++] = c;
		return;
	}
	r->sent++;
	c->nout = now < r->until ? r->l->make(r->l->ctx, c, c->out) : 0;
	if (!c->nout) {
		finish(r, c);
		return;
	}
	c->k++;
	c->done = c->nin = 0;
	c->sent = now;
	push(r, c);
}

/* The whole answer is there: its length; 0: not yet. */
static size_t whole(const struct conn *c, int *ret_status, const char **ret_body, size_t *ret_n)
{
	const char *end, *length;

	if (c->nin < 16 || !(end = memmem(c->in, c->nin, "\r\n\r\n", 4)))
		return 0;
	*ret_status = (int)strtol(c->in + 9, NULL, 10);
	*ret_body = end + 4;
	length = strcasestr(c->in, "content-length:");
	*ret_n = length && length < end ? (size_t)strtol(length + 15, NULL, 10) : 0;
	return *ret_body + *ret_n <= c->in + c->nin ? (size_t)(*ret_body + *ret_n - c->in) : 0;
}

static void took(struct run *r, struct conn *c, int status, const char *body, size_t n)
{
	long counts = r->l->judge(r->l->ctx, c, status, body, n);
	double now = http_now_s();

	r->f->answered++;
	if (counts > 0)
		r->f->counted += counts;
	else
		r->f->refused++;
	if (r->ntimes < TIMES_MAX)
		r->times[r->ntimes++] = (float)((now - c->sent) * 1000);
	next(r, c);
}

static void unpark(struct run *r)
{
	double now = http_now_s();

	while (r->nparked && (now >= r->until || !is_early(r, now)))
		next(r, r->parked[--r->nparked]);
}

static void pull(struct run *r, struct conn *c)
{
	int status = 0;
	const char *body = NULL;
	size_t n = 0;
	ssize_t got = read(c->fd, c->in + c->nin, IN_MAX - 1 - c->nin);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0) {
		r->f->lost++;
		finish(r, c);
		return;
	}
	c->nin += (size_t)got;
	c->in[c->nin] = '\0';
	if (whole(c, &status, &body, &n))
		took(r, c, status, body, n);
}

static bool begin(struct run *r, int n)
{
	r->conns = calloc((size_t)n, sizeof(*r->conns));
	r->parked = calloc((size_t)n + 1, sizeof(struct conn *));
	r->times = malloc(TIMES_MAX * sizeof(*r->times));
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < n; i++) {
		struct conn *c = &r->conns[i];
		struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};

		*c = (struct conn){.fd = http_dial(r->l->port), .at = i, .out = malloc(OUT_MAX),
		                   .in = malloc(IN_MAX)};
		if (c->fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
			return false;
		r->live++;
	}
	return true;
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void end(struct run *r, int n)
{
	if (r->ntimes) {
		qsort(r->times, r->ntimes, sizeof(*r->times), by_value);
		r->f->p50_ms = (double)r->times[r->ntimes / 2];
		r->f->p99_ms = (double)r->times[(size_t)((double)r->ntimes * 0.99)];
		r->f->max_ms = (double)r->times[r->ntimes - 1];
	}
	for (int i = 0; i < n && r->conns; i++) {
		if (r->conns[i].fd >= 0)
			close(r->conns[i].fd);
		free(r->conns[i].out);
		free(r->conns[i].in);
	}
	free(r->conns);
	free(r->parked);
	free(r->times);
	close(r->epoll);
}

/* Connections that have asked once and say nothing more. */
static int *rest(const struct http_load *l)
{
	static const char ASK[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
	int *fds = calloc((size_t)l->idle + 1, sizeof(*fds));
	char in[1024];

	for (int i = 0; i < l->idle; i++) {
		fds[i] = http_dial(l->port);
		if (fds[i] < 0 || write(fds[i], ASK, sizeof(ASK) - 1) < 0) {
			fprintf(stderr, "http-load: idle connection %d was not made\n", i);
			exit(1);
		}
	}
	for (int i = 0; i < l->idle; i++)
		while (read(fds[i], in, sizeof(in)) < 0 && errno == EAGAIN)
			usleep(1000);
	return fds;
}

/* False: nobody answers any more. */
static bool turn(struct run *r)
{
	struct epoll_event ready[READY];
	int n = epoll_wait(r->epoll, ready, READY, r->nparked ? 1 : WAIT_MS);

	if (n == 0 && !r->nparked) {
		r->f->lost += r->live;
		return false;
	}
	for (int i = 0; i < n; i++)
		pull(r, ready[i].data.ptr);
	return true;
}

bool http_load_run(const struct http_load *l, struct http_figures *ret)
{
	struct run r = {.l = l, .f = ret};
	int *idle = rest(l);

	*ret = (struct http_figures){0};
	if (!begin(&r, l->connections)) {
		end(&r, l->connections);
		free(idle);
		return false;
	}
	r.start = http_now_s();
	r.until = r.start + l->seconds;
	for (int i = 0; i < l->connections; i++)
		next(&r, &r.conns[i]);
	while (r.live > 0 && turn(&r))
		unpark(&r);
	ret->seconds = http_now_s() - r.start;
	end(&r, l->connections);
	for (int i = 0; i < l->idle; i++)
		close(idle[i]);
	free(idle);
	return true;
}
