/* SPDX-License-Identifier: Apache-2.0 */
/* server_sse.c -- many consoles on /api/v1/events while acts are posted.
 *
 *     server-sse --port P --tokens FILE --desk TOKENFILE [--streams N] [--acts N] [--window W]
 *                [--seconds S] [--sites N] [--pause-ms M]
 *
 * One connection posts batches of --acts acts of sitting.enter, at most --window of them not yet at
 * every console; with --pause-ms one after the other, so that the time from the POST to each
 * console can be told.  Each console must see every act that was answered, once, in order.  Prints
 * one JSON line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "http_load.h"
#include "server_acts.h"

static const char OK[] = "HTTP/1.1 200 ";
enum { READY = 512, WAVE = 200, TIMES_MAX = 4000000, LINE = 32, QUIET_MS = 10000 };

struct console {
	int fd;
	long chunk;        /* bytes of the open chunk that are to come; -1: in its head */
	bool head;         /* of the answer: not over yet */
	char size[12];     /* of the chunk, while its head is read */
	size_t nsize;
	char line[LINE];   /* the start of the line that is being read */
	size_t n;
	char tail[4];
	long last, count;
	unsigned long sum;
};

struct sse {
	struct acts acts;
	struct console *consoles;
	struct conn post;
	int port, streams, epoll, window, pause_ms;
	double seconds, until, sent_at, next_at;
	char desk[128];
	long batches, answered, delivered, gaps, posted;
	unsigned long sum;
	bool waiting; /* for an answer */
	float *times;
	size_t ntimes;
};

static void die(const char *why)
{
	fprintf(stderr, "server-sse: %s\n", why);
	exit(1);
}

/* "id: 17" */
static void line_ended(struct sse *s, struct console *c)
{
	long id;

	if (c->n < 5 || memcmp(c->line, "id: ", 4))
		return;
	c->line[c->n] = '\0';
	id = strtol(c->line + 4, NULL, 10);
	s->gaps += id <= c->last;
	c->last = id;
	c->count++;
	c->sum += (unsigned long)id;
	s->delivered++;
	if (s->pause_ms && s->ntimes < TIMES_MAX)
		s->times[s->ntimes++] = (float)((http_now_s() - s->sent_at) * 1000);
}

static void took_text(struct sse *s, struct console *c, const char *p, size_t n)
{
	while (n) {
		const char *end = memchr(p, '\n', n);
		size_t part = end ? (size_t)(end - p) : n;
		size_t room = LINE - 1 - c->n, keep = part < room ? part : room;

		memcpy(c->line + c->n, p, keep);
		c->n += keep;
		if (!end)
			return;
		line_ended(s, c);
		c->n = 0;
		p = end + 1;
		n -= part + 1;
	}
}

/* "\r\n1f\r\n" */
static void took_size(struct console *c, char x)
{
	if (x == '\n' && c->nsize) {
		c->size[c->nsize] = '\0';
		c->chunk = strtol(c->size, NULL, 16);
		if (!c->chunk)
			die("a stream was ended");
		c->nsize = 0;
	} else if (x != '\r' && x != '\n' && c->nsize < sizeof(c->size) - 1) {
		c->size[c->nsize++] = x;
	}
}

static void took_head(struct console *c, char x)
{
	if (c->nsize < sizeof(OK) - 1 && OK[c->nsize++] != x)
		die("a stream was not answered 200");
	memmove(c->tail, c->tail + 1, 3);
	c->tail[3] = x;
	c->head = memcmp(c->tail, "\r\n\r\n", 4) != 0;
	if (!c->head)
		c->nsize = 0;
}

static void took(struct sse *s, struct console *c, const char *p, size_t n)
{
	while (n) {
		size_t part = 1;

		if (c->head) {
			took_head(c, *p);
		} else if (c->chunk < 0) {
			took_size(c, *p);
		} else {
			part = n < (size_t)c->chunk ? n : (size_t)c->chunk;
			took_text(s, c, p, part);
			c->chunk -= (long)part;
			if (!c->chunk)
				c->chunk = -1;
		}
		p += part;
		n -= part;
	}
}

static void pull(struct sse *s, struct console *c)
{
	static char in[1 << 18];
	ssize_t n = read(c->fd, in, sizeof(in));

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("a stream ended");
	took(s, c, in, (size_t)n);
}

static int open_heads(const struct sse *s, int of)
{
	int n = 0;

	for (int i = 0; i < of; i++)
		n += s->consoles[i].head;
	return n;
}

/* The next batch, when the consoles have seen enough of the last. */
static void post_next(struct sse *s)
{
	double now = http_now_s();
	long behind = s->answered * s->streams - s->delivered;

	if (s->waiting || now >= s->until || now < s->next_at ||
	    behind > (long)s->window * s->acts.acts * s->streams)
		return;
	if (s->pause_ms && behind > 0)
		return;
	s->post.at = (int)(s->batches % s->acts.ntokens);
	s->post.k = s->batches / s->acts.ntokens;
	s->post.nout = acts_batch(&s->acts, &s->post, s->post.out);
	if (!s->post.nout)
		die("no candidate is left: more --sites");
	s->post.nin = 0;
	s->sent_at = now;
	s->next_at = now + s->pause_ms / 1000.0;
	s->waiting = true;
	if (write(s->post.fd, s->post.out, s->post.nout) != (ssize_t)s->post.nout)
		die("a POST did not go out whole");
}

static void took_answer(struct sse *s)
{
	ssize_t n = read(s->post.fd, s->post.in + s->post.nin, IN_MAX - 1 - s->post.nin);
	const char *body, *p;

	if (n <= 0)
		die("the POST's connection ended");
	s->post.nin += (size_t)n;
	s->post.in[s->post.nin] = '\0';
	body = strstr(s->post.in, "\r\n\r\n");
	if (!body || s->post.in[s->post.nin - 1] != '}' || !strstr(body, "]}"))
		return;
	for (p = body; (p = strstr(p, "\"index\":")); p += 8) {
		s->sum += (unsigned long)strtol(p + 8, NULL, 10);
		s->answered++;
	}
	s->batches++;
	s->waiting = false;
}

static void turn(struct sse *s, int ms)
{
	struct epoll_event ready[READY];
	int n = epoll_wait(s->epoll, ready, READY, ms);

	for (int i = 0; i < n; i++)
		if (ready[i].data.ptr == &s->post)
			took_answer(s);
		else
			pull(s, ready[i].data.ptr);
}

static void open_all(struct sse *s)
{
	char ask[512];
	int n = snprintf(ask, sizeof(ask), "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	                 "Authorization: Bearer %s\r\n\r\n", s->desk);

	for (int i = 0; i < s->streams; i++) {
		struct console *c = &s->consoles[i];
		struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};

		while (i % WAVE == 0 && open_heads(s, i))
			turn(s, 100);

		*c = (struct console){.fd = http_dial(s->port), .chunk = -1, .head = true};
		if (c->fd < 0 || write(c->fd, ask, (size_t)n) != n ||
		    epoll_ctl(s->epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
			die("a stream was not opened");
	}
}

static void play(struct sse *s)
{
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = &s->post};
	double limit = http_now_s() + QUIET_MS / 1000.0;

	while (open_heads(s, s->streams) && http_now_s() < limit)
		turn(s, 100);
	s->post = (struct conn){.fd = http_dial(s->port), .out = malloc(OUT_MAX), .in = malloc(IN_MAX)};
	if (open_heads(s, s->streams) || s->post.fd < 0 ||
	    epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->post.fd, &e) != 0)
		die("the streams did not open");
	s->until = http_now_s() + s->seconds;
	while (http_now_s() < s->until || s->waiting) {
		post_next(s);
		turn(s, 5);
	}
	limit = http_now_s() + QUIET_MS / 1000.0;
	while (s->delivered < s->answered * s->streams && http_now_s() < limit)
		turn(s, 100);
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static int tell(struct sse *s, double seconds)
{
	long wrong = s->gaps;
	size_t n = s->ntimes;

	for (int i = 0; i < s->streams; i++)
		wrong += s->consoles[i].count != s->answered || s->consoles[i].sum != s->sum;
	qsort(s->times, n, sizeof(*s->times), by_value);
	printf("{\"mode\":\"sse\",\"streams\":%d,\"acts\":%ld,\"deliveries\":%ld,\"wrong\":%ld,"
	       "\"seconds\":%.3f,\"rate\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
	       s->streams, s->answered, s->delivered, wrong, seconds, (double)s->delivered / seconds,
	       n ? (double)s->times[n / 2] : 0, n ? (double)s->times[(size_t)((double)n * 0.99)] : 0);
	return wrong || !s->answered;
}

int main(int argc, char **argv)
{
	struct sse *s = calloc(1, sizeof(*s));
	double start;

	*s = (struct sse){.streams = 1000, .window = 4, .seconds = 3};
	s->acts = (struct acts){.acts = 100, .sites = 256, .connections = 1};
	for (int i = 1; i + 1 < argc; i += 2) {
		const char *v = argv[i + 1];

		if (!strcmp(argv[i], "--port"))
			s->port = (int)strtol(v, NULL, 10);
		else if (!strcmp(argv[i], "--streams"))
			s->streams = (int)strtol(v, NULL, 10);
		else if (!strcmp(argv[i], "--window"))
			s->window = (int)strtol(v, NULL, 10);
		else if (!strcmp(argv[i], "--pause-ms"))
			s->pause_ms = (int)strtol(v, NULL, 10);
		else if (!strcmp(argv[i], "--seconds"))
			s->seconds = strtod(v, NULL);
		else if (!strcmp(argv[i], "--desk"))
			acts_read_token(v, s->desk, sizeof(s->desk));
		else if (!acts_flag(&s->acts, argv[i], v))
			die("see the head of server_sse.c for its flags");
	}
	if (!s->port || !s->acts.ntokens || !s->desk[0])
		die("--port, --tokens and --desk are needed");
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	s->consoles = calloc((size_t)s->streams, sizeof(*s->consoles));
	s->times = malloc(TIMES_MAX * sizeof(*s->times));
	open_all(s);
	start = http_now_s();
	play(s);
	return tell(s, http_now_s() - start);
}
