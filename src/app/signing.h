/* SPDX-License-Identifier: Apache-2.0 */
/* signing.h -- the thread that signs the ledger as it grows, four times a second at most.
 *
 * It is woken by whatever commits, and says so to who publishes and to the witnesses; consoles'
 * counters and heart beats go by the same clock.
 */
#ifndef GY_APP_SIGNING_H
#define GY_APP_SIGNING_H

#include "app/cosigner.h"
#include "app/dismissal.h"
#include "app/publisher.h"
#include "app/writer_thread.h"
#include "http/feed.h"

struct signing;

struct signing_options {
	struct signer *signer;
	struct writer_thread *writer;
	struct dismissal *dismissal; /* looked at when something was committed */
	struct publisher *publisher;
	struct cosigners *cosigners;
	struct feed *feed;
};

/* Counts from `size`; signs nothing yet. */
struct signing *signing_new(uint64_t size);
/* Fails: BUSY (the system gives no thread). */
enum rc signing_start(struct op *op, struct signing *s,
                      const struct signing_options *o) MUST_CHECK;
void signing_grown(struct signing *s, uint64_t size); /* so many are committed; any thread */
uint64_t signing_size(struct signing *s);             /* so many were said to be; any thread */
/* Joins the thread, if it was started; both functions above may still be called.  NULL is fine. */
void signing_stop(struct signing *s);
void signing_free(struct signing *s);                 /* after signing_stop; NULL is fine */

#endif
