/* SPDX-License-Identifier: Apache-2.0 */
/* listener.h -- a small HTTP/1.1 listener on this machine, over libmicrohttpd and epoll.
 *
 * One thread serves all connections, so a handler is never called twice at a time and may keep a
 * database connection of its own.  A request is handed over whole: its body is at most `body_max`
 * bytes and has arrived before `handle` is called.  There is no TLS: only loopback is accepted.
 *
 * Invariant: a handler is called once for a request, and what it answers is sent after it returns.
 */
#ifndef GY_NET_LISTENER_H
#define GY_NET_LISTENER_H

#include "base/op.h"

struct listener;

struct listener_request {
	struct str method, path, body; /* path: decoded, without the query */
};

struct listener_reply {
	int status;
	struct str type, body; /* copied after the handler's return */
};

/* On the listener's thread; memory of `a` lives until the reply is sent. */
typedef void listener_handle(void *ctx, struct arena *a, const struct listener_request *q,
                             struct listener_reply *ret);

struct listener_options {
	struct str listen;    /* "127.0.0.1:8080", "[::1]:0"; port 0: any that is free */
	size_t body_max;      /* more is answered 413 */
	listener_handle *handle;
	void *ctx;
};

/* Fails: INVALID (not such an address, or not loopback), CONFLICT (the port is taken), DENIED (a
 * port of the system), BROKEN. */
enum rc listener_start(struct op *op, const struct listener_options *o,
                       struct listener **ret) MUST_CHECK;
int listener_port(const struct listener *l);
void listener_stop(struct listener *l); /* finishes what is being answered; NULL is fine */

#endif
