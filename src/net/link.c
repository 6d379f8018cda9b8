/* SPDX-License-Identifier: Apache-2.0 */
/* link.c -- see link.h.  A shut-down socket wakes libmicrohttpd, which then closes it. */
#include "net/link.h"

#include <linux/tcp.h> /* the C library's ends before tcpi_bytes_acked */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/limits.h"

/* Who is gone without a word is noticed when what we sent is not acknowledged. */
static void notice_loss(int fd)
{
	static const unsigned MS = LIMIT_LOST_MS;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &MS, sizeof(MS));
}

struct link *link_new(struct links *l, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct link *x = calloc(1, sizeof(*x));

	if (!x)
		abort(); /* as arena_alloc */
	x->connection = c;
	x->fd = info ? info->connect_fd : -1;
	x->since = l->now;
	x->next = l->first;
	if (l->first)
		l->first->prev = x;
	l->first = x;
	l->n++;
	notice_loss(x->fd);
	return x;
}

void link_drop(struct links *l, struct link *x)
{
	if (!x)
		return;
	if (x->prev)
		x->prev->next = x->next;
	else
		l->first = x->next;
	if (x->next)
		x->next->prev = x->prev;
	l->n--;
	free(x);
}

void link_enter(struct links *l, struct link *x, enum link_phase phase)
{
	x->phase = phase;
	x->since = l->now;
	x->looked = x->counted = false;
}

void link_shut(struct link *x)
{
	shutdown(x->fd, SHUT_RDWR);
}

/* libmicrohttpd overlooks that the other side will say no more when it says so together with its
 * last words.  Of the many that are idle each is looked at once. */
static bool has_left(struct link *x)
{
	char byte;

	if (x->phase > LINK_BODY || (x->phase == LINK_IDLE && x->looked))
		return false;
	x->looked = true;
	return recv(x->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* What the other side has sent, and has of ours. */
static uint64_t carried(const struct link *x)
{
	struct tcp_info t = {0};
	socklen_t n = sizeof(t);

	(void)getsockopt(x->fd, IPPROTO_TCP, TCP_INFO, &t, &n);
	return t.tcpi_bytes_received + t.tcpi_bytes_acked;
}

/* Counted once a second after it began: most are through by then. */
static void count(struct link *x)
{
	if (!x->counted && (x->phase == LINK_BODY || x->phase == LINK_SEND))
		x->carried = carried(x);
	x->counted = true;
}

/* Late, but on a slow link: it has as long again. */
static bool moves(const struct links *l, struct link *x)
{
	uint64_t now;

	if (x->phase != LINK_BODY && x->phase != LINK_SEND)
		return false;
	now = carried(x);
	if (now - x->carried < (uint64_t)l->most_s[x->phase] * LIMIT_SLOW_BYTES)
		return false;
	x->carried = now;
	x->since = l->now;
	return true;
}

unsigned links_tick(struct links *l, uint64_t seconds, bool crowded)
{
	unsigned cut = 0;

	l->now += seconds;
	for (struct link *x = l->first; x; x = x->next) {
		uint64_t age = l->now - x->since;
		unsigned most = l->most_s[x->phase];

		if (age)
			count(x);
		if ((most && age > most && !moves(l, x)) ||
		    (crowded && x->phase == LINK_IDLE && age > LIMIT_CROWDED_S)) {
			link_shut(x);
			cut++;
		} else if (age && has_left(x)) {
			link_shut(x);
		}
	}
	return cut;
}
