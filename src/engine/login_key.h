/* SPDX-License-Identifier: Apache-2.0 */
/* login_key.h -- logging in by the person's own registered key: a challenge of this host, signed.
 *
 * A challenge is good for two minutes and once, and this host keeps nothing of it until it is used.
 */
#ifndef GY_ENGINE_LOGIN_KEY_H
#define GY_ENGINE_LOGIN_KEY_H

#include "base/key.h"
#include "engine/login.h"

enum rc login_challenge(struct op *op, struct logins *l, int64_t now_ms,
                        struct str *ret) MUST_CHECK;

/* What the key signs: `person` is the staff code as it is sent. */
struct str login_key_message(struct arena *a, struct str origin, struct str person,
                             struct str challenge);

struct login_key_try {
	struct str origin, person, challenge;
	struct str signature;             /* 128 hex digits */
	const struct ed25519_public *key; /* registered now; NULL: none */
	struct login_try try;             /* who, source and now */
};
/* As login_open.  Fails: DENIED (signature, challenge: whatever it is), BUSY. */
enum rc login_open_by_key(struct op *op, struct logins *l, const struct login_terms *t,
                          const struct login_key_try *k, struct str *ret_token) MUST_CHECK;

#endif
