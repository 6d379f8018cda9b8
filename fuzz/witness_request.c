/* SPDX-License-Identifier: Apache-2.0 */
/* witness_request.c -- the body of add-checkpoint: one spelling of each, and a proof that is judged
 * as a witness judges it. */
#include "known.h"
#include "ledger/witness.h"

#include "fuzz.h"

/* Under the known log a true proof is one between two of its sizes. */
static void check_proof(struct op *op, const struct witness_request *r)
{
	const struct known *k = known();
	struct checkpoint c;
	struct hash old;

	if (checkpoint_open(op, r->note, &k->key[0], &c) != RC_OK)
		return;
	if (r->old == 0 || r->old > c.size) {
		FUZZ_CHECK(!tree_verify_consistency(fuzz_hasher(), &r->proof, r->old, c.size, &k->root[0],
		                                    &c.root));
		return;
	}
	old = k->root[r->old];
	FUZZ_PLANTED(r->proof.n > 5 &&
	             !tree_verify_consistency(fuzz_hasher(), &r->proof, r->old, c.size, &old, &c.root));
	old.b[7] ^= 4;
	FUZZ_CHECK(!tree_verify_consistency(fuzz_hasher(), &r->proof, r->old, c.size, &old, &c.root));
}

void fuzz_target(struct op *op, struct str in)
{
	struct str body = str_copy(op->arena, in);
	struct witness_request r;
	enum rc rc;

	FUZZ_PAINT(r);
	rc = witness_request_parse(op, in, &r);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, "request");
		FUZZ_CHECK(FUZZ_UNTOUCHED(r));
		return;
	}
	fuzz_spoil(in);
	FUZZ_CHECK(r.proof.n >= 0 && r.proof.n <= LIMIT_PROOF && r.old <= INT64_MAX);
	FUZZ_CHECK(str_eq(witness_request_format(op->arena, &r), body));
	check_proof(op, &r);
}
