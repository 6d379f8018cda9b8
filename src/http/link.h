/* SPDX-License-Identifier: Apache-2.0 */
/* link.h -- fixed terminals: an enrolled device opens a link with its key and sends its acts by it
 * (docs/adr/0014-links.md).
 *
 *   POST /api/v1/links   {"device","time","nonce","signature"}: a link's number and key, and where
 *                        the device's chain of acts stands
 *   POST /api/v1/acts    [{"act","mac","beside":[{"field","text","salt"}],"slots":[{"slot","how",
 *                        "person","note","signature"}],"head"}, …]: in this order, each its own
 *                        answer
 *
 * `act` is the canonical text of docs/formats.md §2.  `mac` is HMAC-SHA256 by the link's key over
 * what link_act_bytes says.  `head`, when there, is the device's signature of its chain's head,
 * which this act then is.
 *
 * Signatures and MACs are verified on a thread of their own, in the order in which requests come,
 * and acts go into the writer's queue from there.
 */
#ifndef GY_HTTP_LINK_H
#define GY_HTTP_LINK_H

#include "engine/link.h"
#include "http/api.h"

struct links {
	const struct api_host *api;
	struct logins *logins;   /* of the thread that `run` has */
	struct clock *clock;     /* the system's, in a drill too */
	struct random *random;
	int64_t badge_s;         /* a PIN that was given counts as a signature for so long */
	/* Runs a job on the thread of the links, one after the other; BUSY: too many wait. */
	enum rc (*run)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	void *ctx;
};

/* What a MAC covers: act, slots beside it and signature of the head, each on its line. */
struct str link_act_bytes(struct arena *a, struct str act, const struct json *slots,
                          struct str head);

#endif
