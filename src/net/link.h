/* SPDX-License-Identifier: Apache-2.0 */
/* link.h -- the connections of a server, and how long each may take for what it does.  Private to
 * src/net.
 *
 * libmicrohttpd closes a connection that says nothing for a while; one that says a byte now and
 * then it keeps for ever.  So each has a time by which its head, its body, or the reading of its
 * answer must be through; what is late is shut down, but for a large body or answer on a slow link:
 * while it moves LIMIT_SLOW_BYTES a second it has as long again.  While we work on an answer, and
 * in a stream, no clock runs.
 */
#ifndef GY_NET_LINK_H
#define GY_NET_LINK_H

#include <microhttpd.h>

#include "base/macros.h"

enum link_phase {
	LINK_IDLE,   /* connected or answered; of the next request nothing, or a part of its head */
	LINK_HEAD,   /* its first line is here */
	LINK_BODY,
	LINK_BUSY,   /* being answered, or a stream */
	LINK_SEND,   /* the answer is on its way */
	LINK_PHASES
};

struct link {
	struct MHD_Connection *connection;
	int fd;
	enum link_phase phase;
	uint64_t since; /* ticks */
	uint64_t carried; /* bytes of the connection when they were counted last */
	bool counted;   /* in this phase */
	bool looked;    /* in this phase, whether the other side has left */
	bool known;     /* who it is has been shown (server.h) */
	struct link *prev, *next;
};

struct links {
	struct link *first;
	uint64_t now;                 /* seconds, counted by links_tick */
	unsigned n;
	unsigned most_s[LINK_PHASES]; /* 0: any time */
};

struct link *link_new(struct links *l, struct MHD_Connection *c);
void link_drop(struct links *l, struct link *x); /* NULL is fine */
void link_enter(struct links *l, struct link *x, enum link_phase phase);
void link_shut(struct link *x);
/* `seconds` have passed: shuts down what is late.  crowded: also who has been idle for
 * LIMIT_CROWDED_S, to make room.  How many were shut down. */
unsigned links_tick(struct links *l, uint64_t seconds, bool crowded);

#endif
