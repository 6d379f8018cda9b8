/* SPDX-License-Identifier: Apache-2.0 */
/* witness_paper.h -- a request to a witness, and its answer, as one line for a QR code.
 *
 *   GYW1:BASE32   a request: u64 old, u8 n, n hashes of 32 bytes, the checkpoint
 *   GYA1:BASE32   an answer: the checkpoint with the witness's line
 *
 * Base32 (RFC 4648, no padding): capitals and digits alone, for which a QR code needs least room
 * and which no scanner or keyboard changes.  It carries no checksum: what it says is signed.
 */
#ifndef GY_WITNESS_PAPER_H
#define GY_WITNESS_PAPER_H

#include "ledger/witness.h"

/* The line, without a newline.  Fails: INVALID (no request). */
enum rc witness_paper_request(struct op *op, struct str body, struct str *ret) MUST_CHECK;
struct str witness_paper_answer(struct arena *a, struct str note);

/* What a file holds: the line (blanks around it are dropped) becomes the request's body or the
 * answer's note again; anything else is handed on as it is.
 * Fails: INVALID (a line of ours that is damaged, or the other kind). */
enum rc witness_paper_read(struct op *op, struct str bytes, bool answer,
                           struct str *ret) MUST_CHECK;

#endif
