/* SPDX-License-Identifier: Apache-2.0 */
/* seen.h -- a signature that was verified beside the writer, so that the writer need not.
 *
 * Whoever verified says under which key and over which bytes.  The writer works out both by itself
 * inside the transaction, and only when they are the same does it take the word; otherwise it
 * verifies.  So a key that was revoked meanwhile, or another act, is never covered.
 */
#ifndef GY_ENGINE_SEEN_H
#define GY_ENGINE_SEEN_H

#include "base/key.h"

struct seen {
	struct ed25519_public key;
	struct str message;
};

/* Verifies; *ret is made in the arena when the signature holds, else NULL. */
const struct seen *seen_look(struct arena *a, const struct ed25519_public *key, struct str message,
                             struct str signature);
/* Does this signature hold?  `seen` may be NULL. */
bool seen_holds(const struct seen *seen, const struct ed25519_public *key, struct str message,
                struct str signature);

#endif
