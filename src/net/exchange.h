/* SPDX-License-Identifier: Apache-2.0 */
/* exchange.h -- what the server's loop and the exchanges share.  Private to src/net. */
#ifndef GY_NET_EXCHANGE_H
#define GY_NET_EXCHANGE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "net/link.h"
#include "net/server.h"
#include "net/source.h"
#include "net/wire.h"

enum stage {
	STAGE_HEAD, STAGE_READING, STAGE_HANDLING, STAGE_WAITING, STAGE_ANSWERED, STAGE_STREAMING
};

struct exchange {
	struct server *server;
	struct MHD_Connection *connection;
	struct link *link;
	struct wire_target target;
	struct str sent;        /* the target again, which libmicrohttpd does not decode */
	struct arena arena;
	struct str method, path;
	struct strbuf body;
	int refused;           /* with this status; its body is read and forgotten */
	const char *why;
	bool closes;           /* the connection, after the answer */
	size_t most;           /* bytes of body that may come */
	size_t held;           /* of the server's `held` */
	size_t strange;        /* of the server's `strange` */
	enum stage stage;
	bool suspended;
	server_handle *finish;
	void *finish_ctx;
	struct reply reply;
	const char *stream_type;
	stream_read *read;
	stream_closed *closed;
	void *stream, *state;
	struct exchange *next; /* among the done, or the sleeping streams */
};

struct server {
	struct MHD_Daemon *daemon;
	struct server_options o;
	int port, wake, ticks, epoll;
	int listening;             /* after the loop has ended: to be closed; -1 */
	pthread_t thread;
	pthread_mutex_t lock;      /* of the two lists and the flags below */
	struct exchange *done;
	bool woken, wake_streams, stops;
	int drain_ms;
	/* The loop's own. */
	struct exchange *sleeping; /* streams with nothing to send */
	struct exchange *spare;    /* ended ones, each with an arena of one chunk */
	size_t nspare;
	struct links links;
	struct sources *sources;   /* NULL: requests of an address are not counted */
	size_t exchanges, waiting; /* begun and not completed; handed on */
	size_t held;               /* bytes of bodies and answers on their way */
	size_t strange;            /* of those, answers to strangers */
	atomic_uint_least64_t requests, failed, streams, refused[SERVER_REFUSALS];
};

/* Answers x->refused and x->why. */
void server_refuse(struct exchange *x);
/* On the loop's thread. */
struct exchange *exchange_new(struct server *s);
void exchange_free(struct server *s, struct exchange *x);
void exchange_free_spares(struct server *s);

/* Wakes the loop; x: is done. */
void server_wake(struct server *s, bool streams, struct exchange *x);

#endif
