/* SPDX-License-Identifier: Apache-2.0 */
/* stage.h -- a drill that is directed from outside: whoever has the director's token says who acts
 * and what time it is.  Only the folder of a drill is ever served so.
 *
 *   POST /api/v1/stage/acts    [{"actor": PERSON, "clock": TIME, "act": {"command", "key", "data",
 *                              "slots", …}, "beside": [{"field", "text", "salt"}]}, …]: in this
 *                              order, each at its time, each its own answer.  The data are those
 *                              that the ledger will hold: persons are numbers, texts macs
 *   POST /api/v1/stage/clock   {"to": TIME, "after": N}: what is due by then runs; the open alarms
 *                              newer than N, and when the next timer is due
 *   GET  /api/v1/stage/alarms  all of them
 *
 * Everything is done on the writer's thread, between its batches, so that a drill over HTTP gives
 * the ledger of one in process (app/drill_http.c).
 */
#ifndef GY_HTTP_STAGE_H
#define GY_HTTP_STAGE_H

#include "http/api.h"

struct stage_host {
	const struct api_host *api;
	struct str token; /* the director's; empty: nothing is directed here */
	void *ctx;
	/* Runs `job` on the writer's thread between two batches; BUSY: too many wait. */
	enum rc (*post)(void *ctx, void (*job)(void *job_ctx, struct writer *w), void *job_ctx);
	void (*grown)(void *ctx, uint64_t size); /* the ledger has, on the writer's thread */
};

/* Is this the director?  False: it has been answered, 404 where nothing is directed (h may be NULL
 * there). */
bool stage_admit(const struct stage_host *h, struct exchange *x);

#endif
