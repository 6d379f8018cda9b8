/* SPDX-License-Identifier: Apache-2.0 */
/* serve_private.h -- between serve.c (starting and stopping) and serve_host.c (what requests ask of
 * the program meanwhile).
 */
#ifndef GY_APP_SERVE_PRIVATE_H
#define GY_APP_SERVE_PRIVATE_H

#include <pthread.h>

#include "app/cosigner.h"
#include "app/dismissal.h"
#include "app/publisher.h"
#include "app/reader.h"
#include "app/serve_play.h"
#include "app/signing.h"
#include "app/writer_thread.h"
#include "cli/cli.h"
#include "http/console.h"
#include "http/feed.h"
#include "http/link.h"
#include "http/page.h"
#include "http/route.h"
#include "http/session.h"
#include "http/stage.h"

struct serve {
	struct cli *c;
	struct writer_thread *writer;
	struct db *read;         /* of the writer, while batches land beside it */
	struct reader *reader, *near; /* near: of the server's thread, for short questions */
	struct office desk;      /* of the server's thread: staff codes */
	struct op lookup;
	struct arena arena;
	struct clock clock;      /* the system's, in a drill too */
	struct random random;
	struct logins *fast, *slow;
	struct sessions sessions;
	struct reader *checker;  /* of passwords */
	struct reader *verifier; /* of the acts of terminals */
	struct reader *clerk;    /* spreadsheets in and out */
	struct reader *printer;  /* forms */
	struct logins *linked;   /* the verifier's */
	struct links links;
	struct dismissal dismissal;
	struct api_host api;
	struct feed *feed;
	struct publisher *publisher;
	struct cosigners *cosigners;
	struct err forked;       /* a witness holds what this ledger does not; under the lock */
	struct pages pages;
	struct assets *assets;
	struct console console;
	unsigned strangers;      /* of the server's thread */
	struct router router;
	struct serve_play *play; /* NULL: no drill is played or directed */
	bool directed;           /* from outside */
	struct stage_host stage;
	int64_t speed, fast_until_ms;
	struct server_options net;
	struct server *server;
	int64_t moment_us;       /* since when short questions share one; 0: none does */
	struct signing *signing;
	pthread_mutex_t lock;
};

/* Fills s->api.  The functions in it find what they need in *s when they are called. */
void serve_host(struct serve *s);

/* Jobs of what is no part of the API: passwords, terminals, consoles that listen, the stage; their
 * ctx is s. */
enum rc serve_check(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
enum rc serve_verify(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
enum rc serve_feed(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
enum rc serve_post(void *ctx, void (*job)(void *job_ctx, struct writer *w), void *job_ctx);
/* On the server's thread: does the login of a stream still stand? */
bool serve_still(void *ctx, struct str token);

#endif
