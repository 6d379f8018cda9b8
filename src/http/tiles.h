/* SPDX-License-Identifier: Apache-2.0 */
/* tiles.h -- the ledger over HTTP as an export has it, and proofs to whoever holds a receipt.
 *
 *   GET /checkpoint                     the newest signed note; anybody
 *   GET /vkey                           the key that verifies it; anybody
 *   GET /policy                         } C2SP tlog-tiles, byte for byte as `ledger export` writes
 *   GET /tile/…  /tile/entries/…        } them: to persons with the right ledger.read over
 *   GET /rules/HASH.json                } everything
 *   GET /api/v1/receipts/INDEX/LEAF     a tlog-proof; anybody who can say both numbers of a receipt
 *
 * A leaf is salted by its entry's nonce, so nobody guesses one; a pair that does not match is
 * answered as one that never was.  What is served stands under the newest signed checkpoint.
 *
 * Proofs from memory and the checkpoint are answered on the server's thread, all else by a reader
 * of its own, so that neither an auditor nor a stranger delays a desk.
 */
#ifndef GY_HTTP_TILES_H
#define GY_HTTP_TILES_H

#include "http/api.h"
#include "ledger/prover.h"

struct tiles {
	const struct api_host *api;
	struct prover *prover;
	struct str vkey;            /* the text and a newline */
	const struct note_key *log; /* the same, read */
	/* Runs a job on the reader of tiles, as api_host's read. */
	enum rc (*read)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	void *ctx;
};

#endif
