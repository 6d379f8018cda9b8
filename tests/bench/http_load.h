/* SPDX-License-Identifier: Apache-2.0 */
/* http_load.h -- many keep-alive connections in one epoll loop, each with one request on its way.
 *
 * A closed loop: the next request of a connection goes out when the last is answered whole; with a
 * rate, not before its turn.  Only answers that the maker accepts count.
 */
#ifndef GY_BENCH_HTTP_LOAD_H
#define GY_BENCH_HTTP_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUT_MAX = 65536, IN_MAX = 65536 };

struct conn {
	int fd;
	int at;          /* its number, from 0 */
	long k;          /* requests made */
	double sent;
	char *out, *in;
	size_t nout, done, nin;
};

struct http_load {
	int port, connections, idle;
	double seconds;
	double rate;     /* requests a second of all together; 0: as fast as they are answered */
	/* Writes the next request; 0: this connection is done. */
	size_t (*make)(void *ctx, struct conn *c, char *out);
	/* How much an answer counts (acts); 0: it was refused. */
	long (*judge)(void *ctx, const struct conn *c, int status, const char *body, size_t n);
	void *ctx;
};

struct http_figures {
	long answered, counted, refused, lost; /* requests; what they count; not accepted; cut off */
	double seconds, p50_ms, p99_ms, max_ms;
};

/* False: no connection could be made. */
bool http_load_run(const struct http_load *l, struct http_figures *ret);

double http_now_s(void);
/* A connection to loopback; -1. */
int http_dial(int port);

#endif
