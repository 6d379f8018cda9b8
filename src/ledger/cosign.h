/* SPDX-License-Identifier: Apache-2.0 */
/* cosign.h -- a log's side of witnessing: asking, checking, keeping what witnesses signed.
 *
 *   DIR/witnesses    a tlog-policy without its log line: the witnesses this office knows, where
 *                    they are asked, and the quorum; every export carries it with the log's key
 *
 * A cosignature is kept as a further form of the stored checkpoint of its size.  Nothing is kept
 * that does not verify under a key that was known before.
 */
#ifndef GY_COSIGN_H
#define GY_COSIGN_H

#include <stdatomic.h>

#include "ledger/ledger.h"
#include "ledger/witness.h"

struct cosign_witness {
	const struct note_key *key;
	struct str url;            /* where it is asked; empty: by file or paper alone */
	const atomic_bool *stops;  /* when it becomes true the question is given up; may be NULL */
};

/* The request for the newest checkpoint, for a witness that stands at `old`.
 * Fails: NOT_FOUND (no checkpoint yet), CONFLICT (old is larger than it), BROKEN. */
enum rc cosign_request(struct op *op, const struct ledger *l, uint64_t old, struct str *ret_body,
                       struct str *ret_note) MUST_CHECK;

/* The size that this witness cosigned last, by the newest stored notes; 0: none of them. */
enum rc cosign_last(struct op *op, const struct ledger *l, const struct note_key *witness,
                    uint64_t *ret) MUST_CHECK;

/* The newest of our stored checkpoints that both have signed, and when the witness did; size 0:
 * none of the newest thousand. */
enum rc cosign_newest(struct op *op, const struct ledger *l, const struct note_key *log,
                      const struct note_key *witness, struct checkpoint *ret,
                      int64_t *ret_time_s) MUST_CHECK;

/* A checkpoint that log and witness have both signed.  Fails: INVALID. */
enum rc cosign_check(struct op *op, struct str note, const struct note_key *log,
                     const struct note_key *witness, struct checkpoint *ret) MUST_CHECK;

/* Adds the witness's line of `note` to our checkpoint of that size; *ret_new false: it was there.
 * Fails: INVALID (as above), NOT_FOUND (we have no checkpoint of that size), BROKEN (ours is
 * another: two checkpoints of one size stand under our key). */
enum rc cosign_keep(struct op *op, struct ledger *l, const struct note_key *log,
                    const struct note_key *witness, struct str note, struct checkpoint *ret,
                    bool *ret_new) MUST_CHECK;

/* Asks over HTTP: add-checkpoint from cosign_last, and again from the stored size after a 409.
 * *ret_note: the checkpoint with the witness's line, checked, not yet kept.
 * Fails: BUSY (not reached), DENIED (it knows neither us nor our key), INVALID (its answer does not
 * verify, or it claims what it cannot show), BROKEN (it shows a checkpoint under our key that this
 * ledger does not have: put back, or forked; *ret_note is then that checkpoint). */
enum rc cosign_ask(struct op *op, const struct ledger *l, const struct note_key *log,
                   const struct cosign_witness *witness, struct str *ret_note) MUST_CHECK;

/* The known witnesses; none: an empty policy with quorum none.  Fails: INVALID, DENIED, BROKEN. */
enum rc cosign_policy(struct op *op, struct str dir, const struct note_key *log,
                      struct policy *ret, struct str *ret_text) MUST_CHECK;
/* Adds one to the group of which `quorum` must sign (0: more than
 * half).  Fails: CONFLICT (known already; or the file has groups made by hand), INVALID. */
enum rc cosign_trust(struct op *op, struct str dir, const struct note_key *log,
                     const struct cosign_witness *witness, int quorum) MUST_CHECK;

#endif
