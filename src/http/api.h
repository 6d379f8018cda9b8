/* SPDX-License-Identifier: Apache-2.0 */
/* api.h -- /api/v1: commands in, views out.  No rules: a body becomes a request of the engine, an
 * answer becomes a receipt or a problem.
 *
 *   POST /api/v1/commands/NAME   {"data":{},"slots":[],"happened","noted","source",
 *                                "exception"}
 *   POST /api/v1/batch           [{"command","key", and the above}, …]: in this order, each its
 *                                own answer
 *   GET  /api/v1/VIEW            ?limit=, ?after=, ?min_index=, ?total=, and filters (filter.h)
 *   GET  /healthz  /metrics
 *
 * The routes stand in api.c, as const tables (route.h).
 */
#ifndef GY_HTTP_API_H
#define GY_HTTP_API_H

#include "engine/writer.h"
#include "net/server.h"

/* Who asks: a person, by a login; 0: nobody. */
struct caller {
	struct person_id person;
	int64_t device;
};

/* What the program gives to the server; its functions are called on the server's thread. */
struct api_host {
	void *ctx;
	const struct modules *modules;
	struct str origin, exam;
	struct random *random;
	const uint8_t *body_key;    /* 32 bytes: digests of what was sent are keyed, because a bare hash
	                             * of a name can be guessed */
	/* The caller of this exchange; DENIED with the reason when a token is sent that is none. */
	enum rc (*who)(void *ctx, struct exchange *x, struct caller *ret, struct err *ret_why);
	/* Has this person given their PIN at the desk that this exchange comes from (badge.h)? */
	enum rc (*badge)(void *ctx, struct exchange *x, struct person_id who, bool *ret);
	/* Puts a request into the writer's queue (app/writer_thread.h). */
	enum rc (*submit)(void *ctx, const struct request *r,
	                  void (*done)(void *ctx, const struct answer *a), void *done_ctx);
	/* Puts a batch into that queue and waits for all its answers; BUSY: nothing of it was taken, or
	 * not all.  Called on the thread of read_long alone. */
	enum rc (*give)(void *ctx, const struct request *r, struct answer *ret, size_t n);
	/* Staff code -> person. */
	field_person_finder *person;
	struct op *lookup;          /* with a reading connection of the server's thread */
	/* Runs `job` on a reader's thread, with a reading connection and the grants in force; BUSY: too
	 * many wait.  The op's arena is the job's until it returns. */
	enum rc (*read)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	/* Of such a job, on that thread: what it waits for is not there yet, it is to be run again a
	 * little later, and others meanwhile; BUSY: too many wait so. */
	enum rc (*again)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	/* Runs `job` on a thread of its own kind, for what takes long: spreadsheets in and out. */
	enum rc (*read_long)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	/* The same for forms on paper, which are drawn for a while and asked for by hundreds on the
	 * morning; BUSY: LIMIT_FORMS wait. */
	enum rc (*print)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	/* Runs one at once, on the server's thread: only what is found by a key.  NULL: cannot. */
	void (*read_now)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	/* The same with the grants as they were looked at last: for a yes that is asked again later. */
	void (*read_lately)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	uint64_t (*size)(void *ctx);                        /* entries committed */
	void (*metrics)(void *ctx, struct strbuf *to);      /* lines of the program's own */
};

#endif
