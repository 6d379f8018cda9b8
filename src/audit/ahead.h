/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.h -- signatures verified ahead of the check that asks for them.
 *
 * Whose key counts is known only when all entries before have taken effect; verifying costs more
 * than everything else.  So threads that read ahead guess the key from hints and keep the answer
 * together with the whole question (key, message, signature).  The check asks its own question:
 * an answer to another one is not used, so a wrong hint costs time and changes nothing.
 */
#ifndef GY_AUDIT_AHEAD_H
#define GY_AUDIT_AHEAD_H

#include "base/key.h"

struct tried {
	bool done, good;
	struct hash question;
};

/* Verifies and keeps the answer. */
void tried_ask(struct tried *t, const struct ed25519_public *k, struct str message,
               const struct signature *sig);

/* The same answer as ed25519_verify; `t` may hold it already. */
bool tried_verify(const struct tried *t, const struct ed25519_public *k, struct str message,
                  const struct signature *sig);

/* What the checks know so far.  Set by the checks, read by any thread. */
struct hints;
struct hints *hints_new(void);
void hints_free(struct hints *h);

void hints_set_person(struct hints *h, int64_t person, const struct ed25519_public *k);
void hints_set_device(struct hints *h, int64_t device, const struct ed25519_public *k);
void hints_set_origin(struct hints *h, struct str origin); /* `origin` outlives the hints */
/* What the slots of the act begun at `index` sign; the newest few are remembered. */
void hints_set_begun(struct hints *h, int64_t index, const struct hash *statement);

bool hints_person(struct hints *h, int64_t person, struct ed25519_public *ret);
bool hints_device(struct hints *h, int64_t device, struct ed25519_public *ret);
struct str hints_origin(struct hints *h); /* empty: not yet known */
bool hints_begun(struct hints *h, int64_t index, struct hash *ret);

#endif
