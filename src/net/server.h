/* SPDX-License-Identifier: Apache-2.0 */
/* server.h -- HTTP/1.1 over libmicrohttpd: one thread serves every connection, and whoever needs
 * longer answers later, from any thread.
 *
 * A handler gets a request whole.  It answers at once (exchange_answer) or says exchange_wait and
 * hands the exchange on; the connection is suspended until somebody calls exchange_done.  All that
 * was done since the loop last slept is taken up together, with one wake.
 *
 * A stream (exchange_stream, in the handler or in `finish`) is answered piece by piece: the server
 * asks for the next bytes when the last are sent, and after each server_wake_streams.
 *
 * Everything that comes from outside has a limit (base/limits.h): a head's size and a body's, the
 * time that each may take to arrive and an answer to be read, connections, requests of an address,
 * and the sum of bodies and answers that are held, of which answers to strangers are a part with a
 * limit of its own: who asks and does not read holds up nobody who works here.  What is over a
 * limit is answered 4xx, or 503 with Retry-After, without a handler; what is malformed is refused
 * and closed (wire.h).
 *
 * Invariant: an exchange is answered exactly once, and its memory lives until it is sent or its
 * connection is gone.  Without a certificate only loopback is accepted.
 */
#ifndef GY_NET_SERVER_H
#define GY_NET_SERVER_H

#include "base/op.h"

struct server;
struct exchange;

/* On the server's thread. */
typedef void server_handle(void *ctx, struct exchange *x);

struct server_options {
	struct str listen;      /* "127.0.0.1:8080", "[::1]:0"; port 0: any that is free */
	unsigned connections;   /* at a time; 0: LIMIT_SERVER_CONNECTIONS */
	unsigned each;          /* of one address; 0: no limit */
	unsigned rate;          /* requests of one address a second; 0: no limit */
	unsigned idle_s;        /* a connection that says nothing is closed; 0: LIMIT_KEEP_S */
	unsigned head_s, body_s, send_s; /* 0: LIMIT_HEAD_S and its siblings */
	struct str tls_key, tls_certificate; /* PEM, the server's first; empty: plain HTTP.  They live
	                         * as long as the server */
	server_handle *handle;
	/* Bytes of body that may come under this head, which announces more than LIMIT_BODY; NULL: no
	 * more.  At most LIMIT_IMPORT. */
	size_t (*body_most)(void *ctx, struct exchange *x);
	void (*rests)(void *ctx); /* before the server's thread waits for the next requests; or NULL */
	void *ctx;
};

/* Fails: INVALID (not such an address; not loopback and no certificate), CONFLICT (the port is
 * taken), DENIED (a port of the system), BROKEN. */
enum rc server_start(struct op *op, const struct server_options *o, struct server **ret) MUST_CHECK;
int server_port(const struct server *s);
/* No new connections; what was handed on is waited for, and what is being read or sent for
 * `drain_ms` at most.  NULL is fine. */
void server_stop(struct server *s, int drain_ms);

/* The request.  Texts live as long as the exchange. */
struct arena *exchange_arena(struct exchange *x);
struct str exchange_method(const struct exchange *x);
struct str exchange_path(const struct exchange *x); /* decoded, without the query */
struct str exchange_target(const struct exchange *x); /* path and query, byte for byte as sent */
struct str exchange_body(const struct exchange *x);
struct str exchange_header(const struct exchange *x, const char *name); /* {NULL, 0}: not sent */
struct str exchange_query(const struct exchange *x, const char *name);  /* {NULL, 0}: not sent */
/* Each name of the query with its value, decoded, in the order in which they were sent. */
void exchange_queries(struct exchange *x,
                      void (*each)(void *ctx, struct str name, struct str value), void *ctx);
struct str exchange_cookie(const struct exchange *x, const char *name);
struct str exchange_source(struct exchange *x); /* the address that it comes from */
/* The same as one subscriber has it: of IPv6 the /64, "2001:db8::/64". */
struct str exchange_network(struct exchange *x);
bool exchange_secure(const struct exchange *x);  /* did it come over TLS? */
void *exchange_state(const struct exchange *x); /* the handler's own; NULL at first */
void exchange_set_state(struct exchange *x, void *state);
/* Whoever sent this has shown who they are: what they are answered, now and later on the same
 * connection, is not counted among the answers to strangers (LIMIT_HELD_STRANGE). */
void exchange_known(struct exchange *x);

struct answer_head {
	const char *name;
	struct str value;
};
struct reply {
	int status;
	const char *type;       /* "application/json" */
	struct str body;        /* in the exchange's arena, or kept */
	bool kept;              /* it outlives the exchange, and takes no memory of its own */
	struct answer_head head[8];
	size_t nhead;
};
/* On the server's thread, in the handler or in `finish`; once. */
void exchange_answer(struct exchange *x, const struct reply *r);
/* The same for what no handler would read: answered as the server's own refusals are, and closed.
 * `why`: English, without characters that JSON escapes. */
void exchange_refuse(struct exchange *x, int status, const char *why);
/* On the server's thread, in the handler, before the exchange is handed on: when exchange_done has
 * been called (any thread, once), `finish` is called on the server's thread and answers. */
void exchange_wait(struct exchange *x, server_handle *finish, void *ctx);
void exchange_done(struct exchange *x);

/* Fills up to `max` bytes; 0: nothing now (wake it later), STREAM_END: it is over. */
#define STREAM_END ((size_t)-1)
typedef size_t stream_read(void *ctx, char *buf, size_t max);
typedef void stream_closed(void *ctx);
/* On the server's thread, in the handler; `read` and `closed` are called on it too. */
void exchange_stream(struct exchange *x, const char *type, stream_read *read,
                     stream_closed *closed, void *ctx);
/* Something is there for its streams to read: all that slept are asked.  Any thread. */
void server_wake_streams(struct server *s);

/* What was refused without a handler, and connections that were shut down for being slow. */
enum server_refusal {
	SERVER_MALFORMED, SERVER_LARGE, SERVER_OFTEN, SERVER_FULL, SERVER_SLOW, SERVER_REFUSALS
};
struct server_counts {
	uint64_t requests, failed, streams_now; /* failed: answered 5xx */
	uint64_t refused[SERVER_REFUSALS];
	unsigned connections;
};
struct server_counts server_counts(const struct server *s);

#endif
