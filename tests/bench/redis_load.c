/* SPDX-License-Identifier: Apache-2.0 */
/* redis_load.c -- a peer: Redis with appendfsync always, one event and one state a transaction.
 *
 *     redis-load PORT CLIENTS SECONDS SUBJECTS
 *
 * Each connection has one MULTI / XADD / HSET / EXEC on its way, as our closed loop has one act.
 * One epoll loop; prints "RATE P50_MS P99_MS" of transactions whose EXEC was answered.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, EVENT_BYTES = 900, TIMES_MAX = 4000000 };

struct client {
	int fd;
	double sent;
	char in[512];
	size_t n;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(int port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		return -1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void send_one(struct client *c, long subject, const char *event)
{
	char out[EVENT_BYTES + 512], key[32];
	int k = snprintf(key, sizeof(key), "bag:%08ld", subject);
	int n = snprintf(out, sizeof(out),
	                 "*1\r\n$5\r\nMULTI\r\n*5\r\n$4\r\nXADD\r\n$6\r\nledger\r\n$1\r\n*\r\n"
	                 "$1\r\ne\r\n$%d\r\n%s\r\n*4\r\n$4\r\nHSET\r\n$%d\r\n%s\r\n$5\r\nstate\r\n"
	                 "$8\r\nreturned\r\n*1\r\n$4\r\nEXEC\r\n",
	                 EVENT_BYTES, event, k, key);

	c->n = 0;
	c->sent = now_s();
	if (write(c->fd, out, (size_t)n) != n)
		exit(1);
}

/* +OK, +QUEUED, +QUEUED, *2, $id, :n: eight line ends (the id is a line of its own). */
static int is_whole(struct client *c)
{
	int lines = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (c->in[i] == '-' && (i == 0 || c->in[i - 1] == '\n')) {
			fprintf(stderr, "redis: %.*s\n", (int)(c->n - i), c->in + i);
			exit(1);
		}
		lines += c->in[i] == '\n';
	}
	return lines == 7;
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static size_t loop(struct client *c, int n, double seconds, long subjects, float *times)
{
	struct epoll_event ev[64];
	int ep = epoll_create1(0);
	char event[EVENT_BYTES + 1];
	double end = now_s() + seconds;
	unsigned long next = 0;
	size_t done = 0;

	memset(event, 'x', EVENT_BYTES);
	event[EVENT_BYTES] = '\0';
	for (int i = 0; i < n; i++) {
		struct epoll_event e = {.events = EPOLLIN, .data.ptr = &c[i]};
		(void)epoll_ctl(ep, EPOLL_CTL_ADD, c[i].fd, &e);
		send_one(&c[i], (long)(next++ * 2654435761u % (unsigned long)subjects), event);
	}
	while (now_s() < end && done < TIMES_MAX) {
		int m = epoll_wait(ep, ev, 64, 100);

		for (int i = 0; i < m; i++) {
			struct client *x = ev[i].data.ptr;
			ssize_t got = read(x->fd, x->in + x->n, sizeof(x->in) - x->n);

			if (got <= 0)
				exit(1);
			x->n += (size_t)got;
			if (!is_whole(x))
				continue;
			if (done < TIMES_MAX)
				times[done++] = (float)((now_s() - x->sent) * 1e3);
			send_one(x, (long)(next++ * 2654435761u % (unsigned long)subjects), event);
		}
	}
	return done;
}

int main(int argc, char **argv)
{
	static struct client c[CLIENTS_MAX];
	float *times = malloc(TIMES_MAX * sizeof(*times));
	int n = argc == 5 ? (int)strtol(argv[2], NULL, 10) : 0;
	double start;
	size_t done;

	if (n < 1 || n > CLIENTS_MAX || !times)
		return 2;
	for (int i = 0; i < n; i++)
		if ((c[i].fd = dial((int)strtol(argv[1], NULL, 10))) < 0)
			return 1;
	start = now_s();
	done = loop(c, n, strtod(argv[3], NULL), strtol(argv[4], NULL, 10), times);
	if (!done)
		return 1;
	printf("%.1f ", (double)done / (now_s() - start));
	qsort(times, done, sizeof(*times), by_value);
	printf("%.3f %.3f\n", (double)times[done / 2], (double)times[done * 99 / 100]);
	return 0;
}
