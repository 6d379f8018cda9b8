/* SPDX-License-Identifier: Apache-2.0 */
/* seen.c -- see seen.h. */
#include "engine/seen.h"

static bool verify(const struct ed25519_public *key, struct str message, struct str signature)
{
	struct signature sig;

	if (signature.n != sizeof(sig.b))
		return false;
	memcpy(sig.b, signature.s, sizeof(sig.b));
	return ed25519_verify(key, message.s, message.n, &sig);
}

const struct seen *seen_look(struct arena *a, const struct ed25519_public *key, struct str message,
                             struct str signature)
{
	struct seen *s;

	if (!verify(key, message, signature))
		return NULL;
	s = ARENA_NEW(a, struct seen);
	*s = (struct seen){*key, str_copy(a, message)};
	return s;
}

bool seen_holds(const struct seen *seen, const struct ed25519_public *key, struct str message,
                struct str signature)
{
	if (seen && memcmp(seen->key.b, key->b, sizeof(key->b)) == 0 &&
	    str_eq(seen->message, message))
		return true;
	return verify(key, message, signature);
}
