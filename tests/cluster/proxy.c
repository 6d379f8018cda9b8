/* SPDX-License-Identifier: Apache-2.0 */
/* proxy.c -- see proxy.h: one thread, a poll over all pairs of connections.
 *
 * Written for URLs with sslmode and gssencmode disabled: the first message is then the start-up
 * packet, which has no type, and every later one has a type byte and a length.
 */
#include "proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAIRS = 16, HOLD = 1 << 20 };

struct pair {
	int client, server;  /* -1: free */
	bool started;        /* the start-up packet is through */
	bool swallow;        /* the server's answers are read and dropped */
	size_t n;            /* of the client's bytes, not yet a whole message */
	char *held;          /* HOLD of them */
};

struct proxy {
	pthread_t thread;
	pthread_mutex_t lock;
	enum cut cut;
	int left, port, server_port, listener;
	bool fired, stop;
	struct pair pair[PAIRS];
};

static void end_pair(struct pair *x)
{
	close(x->client);
	close(x->server);
	free(x->held);
	*x = (struct pair){.client = -1, .server = -1};
}

static bool pass(int fd, const char *at, size_t n)
{
	while (n > 0) {
		ssize_t k = send(fd, at, n, MSG_NOSIGNAL);

		if (k <= 0)
			return false;
		at += k;
		n -= (size_t)k;
	}
	return true;
}

static bool is_commit(const char *m, size_t n)
{
	return m[0] == 'Q' && n == 5 + sizeof("COMMIT") && memcmp(m + 5, "COMMIT", 7) == 0;
}

/* What is to be done with this message: true, and the cut, when it is the armed one. */
static bool struck(struct proxy *p, const char *m, size_t n, enum cut *ret)
{
	bool hit = false;

	pthread_mutex_lock(&p->lock);
	if (p->cut == CUT_BEFORE_COMMIT || p->cut == CUT_ITS_ANSWER)
		hit = is_commit(m, n);
	else if (p->cut != CUT_NONE)
		hit = --p->left <= 0;
	if (hit) {
		*ret = p->cut;
		p->cut = CUT_NONE;
		p->fired = true;
	}
	pthread_mutex_unlock(&p->lock);
	return hit;
}

/* False: the pair is at its end. */
static bool message(struct proxy *p, struct pair *x, const char *m, size_t n)
{
	enum cut cut;

	if (!x->started) {
		x->started = true;
		return pass(x->server, m, n);
	}
	if (!struck(p, m, n, &cut))
		return pass(x->server, m, n);
	if (cut == CUT_BEFORE_COMMIT || cut == CUT_AT_MESSAGE)
		return false;
	x->swallow = cut == CUT_ITS_ANSWER;
	return pass(x->server, m, n) && x->swallow;
}

static size_t whole(const struct pair *x, const char *at, size_t n)
{
	size_t head = x->started ? 1 : 0;
	uint32_t length;

	if (n < head + 4)
		return 0;
	memcpy(&length, at + head, 4);
	length = ntohl(length);
	return n >= head + length ? head + length : 0;
}

static bool from_client(struct proxy *p, struct pair *x)
{
	ssize_t k = recv(x->client, x->held + x->n, HOLD - x->n, 0);
	size_t at = 0, n;

	if (k <= 0)
		return false;
	x->n += (size_t)k;
	while ((n = whole(x, x->held + at, x->n - at)) > 0) {
		if (!message(p, x, x->held + at, n))
			return false;
		at += n;
	}
	memmove(x->held, x->held + at, x->n - at);
	x->n -= at;
	return true;
}

static bool from_server(struct pair *x)
{
	char buffer[65536];
	ssize_t k = recv(x->server, buffer, sizeof(buffer), 0);

	/* Whatever comes now is the answer to COMMIT, which is done. */
	return k > 0 && !x->swallow && pass(x->client, buffer, (size_t)k);
}

static void take(struct proxy *p)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	                         .sin_port = htons((uint16_t)p->server_port)};
	int client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC), server, i = 0, yes = 1;

	server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	while (i < PAIRS && p->pair[i].client >= 0)
		i++;
	if (client < 0 || server < 0 || i == PAIRS ||
	    connect(server, (struct sockaddr *)&at, sizeof(at)) != 0) {
		close(client);
		close(server);
		return;
	}
	/* Without these each round trip takes 40 ms. */
	(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	(void)setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	p->pair[i] = (struct pair){.client = client, .server = server, .held = malloc(HOLD)};
	if (!p->pair[i].held)
		abort();
}

static void serve(struct proxy *p)
{
	struct pollfd fd[1 + 2 * PAIRS] = {{.fd = p->listener, .events = POLLIN}};

	for (int i = 0; i < PAIRS; i++) {
		fd[1 + 2 * i] = (struct pollfd){.fd = p->pair[i].client, .events = POLLIN};
		fd[2 + 2 * i] = (struct pollfd){.fd = p->pair[i].server, .events = POLLIN};
	}
	if (poll(fd, COUNT(fd), 50) <= 0)
		return;
	for (int i = 0; i < PAIRS; i++) {
		struct pair *x = &p->pair[i];

		if ((fd[1 + 2 * i].revents && !from_client(p, x)) ||
		    (fd[2 + 2 * i].revents && !from_server(x)))
			end_pair(x);
	}
	if (fd[0].revents)
		take(p);
}

static void *work(void *ctx)
{
	struct proxy *p = ctx;
	bool stop = false;

	while (!stop) {
		serve(p);
		pthread_mutex_lock(&p->lock);
		stop = p->stop;
		pthread_mutex_unlock(&p->lock);
	}
	return NULL;
}

struct proxy *proxy_start(int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct proxy *p = calloc(1, sizeof(*p));
	socklen_t n = sizeof(at);

	if (!p)
		abort();
	p->server_port = port;
	for (int i = 0; i < PAIRS; i++)
		p->pair[i] = (struct pair){.client = -1, .server = -1};
	pthread_mutex_init(&p->lock, NULL);
	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(p->listener, (struct sockaddr *)&at, n) != 0 || listen(p->listener, 8) != 0 ||
	    getsockname(p->listener, (struct sockaddr *)&at, &n) != 0 ||
	    pthread_create(&p->thread, NULL, work, p) != 0)
		abort();
	p->port = ntohs(at.sin_port);
	return p;
}

int proxy_port(const struct proxy *p)
{
	return p->port;
}

void proxy_arm(struct proxy *p, enum cut cut, int n)
{
	pthread_mutex_lock(&p->lock);
	p->cut = cut;
	p->left = n;
	p->fired = false;
	pthread_mutex_unlock(&p->lock);
}

bool proxy_fired(struct proxy *p)
{
	bool fired;

	pthread_mutex_lock(&p->lock);
	fired = p->fired;
	pthread_mutex_unlock(&p->lock);
	return fired;
}

void proxy_stop(struct proxy *p)
{
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	for (int i = 0; i < PAIRS; i++)
		if (p->pair[i].client >= 0)
			end_pair(&p->pair[i]);
	close(p->listener);
	free(p);
}
