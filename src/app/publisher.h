/* SPDX-License-Identifier: Apache-2.0 */
/* publisher.h -- what a server shows of its ledger: the newest checkpoint, proofs, tiles
 * (http/tiles.h).
 *
 * Has a reader of its own, so that an auditor who fetches everything delays no desk and no console.
 */
#ifndef GY_APP_PUBLISHER_H
#define GY_APP_PUBLISHER_H

#include "app/office.h"
#include "http/tiles.h"

struct publisher;

struct publisher_options {
	struct office_options how;  /* the folder, opened for reading */
	const struct api_host *api;
	const struct note_key *vkey;
};

/* The newest checkpoint is published when this returns.  Fails: as reader_start; what
 * prover_publish may. */
enum rc publisher_start(struct op *op, const struct publisher_options *o,
                        struct publisher **ret) MUST_CHECK;
/* Something was signed and stored: it is published soon after.  Any thread. */
void publisher_signed(struct publisher *p);
struct tiles *publisher_tiles(struct publisher *p);
/* After the server has stopped.  NULL is fine. */
void publisher_stop(struct publisher *p);

#endif
