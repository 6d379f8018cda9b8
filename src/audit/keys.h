/* SPDX-License-Identifier: Apache-2.0 */
/* keys.h -- by whose word the checkpoints count: the ledger's verifier key, or a policy.
 *
 * A key that lies beside the ledger can have been replaced together with it.  A policy comes from
 * outside and outweighs it; without one the report says so and prints the key.
 */
#ifndef GY_AUDIT_KEYS_H
#define GY_AUDIT_KEYS_H

#include "audit/source.h"
#include "ledger/checkpoint.h"

struct keys {
	struct note_key log[POLICY_MAX];
	int nlogs;
	const struct policy *policy; /* NULL: none given */
	bool none;                   /* a bare database: no key at all, signatures go unchecked */
};

/* `policy` may be NULL. */
void keys_load(struct op *keep, const struct source *s, const struct policy *policy,
               struct report *r, struct keys *ret);

/* A checkpoint signed by a log key whose name is its origin (unsigned, when there is no key).
 * Fails: INVALID; op->err says why. */
enum rc keys_open(struct op *op, const struct keys *k, struct str bytes, struct note *ret_note,
                  struct checkpoint *ret) MUST_CHECK;

/* Do the cosignatures under this note fill the policy's quorum?  False also when one of a known
 * witness does not verify (*ret_bad). */
bool keys_quorum(struct op *op, const struct keys *k, const struct note *n, bool *ret_bad);

#endif
