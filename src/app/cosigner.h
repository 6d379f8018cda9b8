/* SPDX-License-Identifier: Apache-2.0 */
/* cosigner.h -- asks the witnesses of DIR/witnesses to cosign what was signed, each on a thread of
 * its own.
 *
 * A witness that is slow or away delays no act, no signature and no other witness: it is asked
 * again after one second, then two, up to a minute, and the newest checkpoint is what it is asked
 * for then.  What it answers is checked and kept as `gongyuan witness ask` does.
 */
#ifndef GY_APP_COSIGNER_H
#define GY_APP_COSIGNER_H

#include "app/office.h"
#include "app/writer_thread.h"

struct cosigners;

struct cosigners_options {
	struct office_options how;    /* the folder, opened for reading by each thread */
	struct str dir;
	const struct note_key *vkey;
	struct writer_thread *writer; /* keeps what they signed */
	void (*kept)(void *ctx);      /* a cosignature was stored: any thread */
	/* A witness holds a checkpoint under our key that this ledger does not have. */
	void (*forked)(void *ctx, const struct err *why);
	void *ctx;
};

/* Those with an address; a policy without one starts nothing.  Fails: as cosign_policy,
 * office_open; BUSY (no thread). */
enum rc cosigners_start(struct op *op, const struct cosigners_options *o,
                        struct cosigners **ret) MUST_CHECK;
void cosigners_signed(struct cosigners *c); /* something new is signed: any thread */
void cosigners_metrics(struct cosigners *c, struct strbuf *to);
/* Before the writer's thread stops.  NULL is fine. */
void cosigners_stop(struct cosigners *c);

#endif
