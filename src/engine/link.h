/* SPDX-License-Identifier: Apache-2.0 */
/* link.h -- the links of terminals: an enrolled device opens one with its key, and authenticates
 * its acts by it (docs/adr/0014-links.md).
 *
 * A link has a number, which stands in each act that came by it, and a key for HMAC-SHA256, which
 * is worked out from a secret of this host and stored nowhere else.  A device has one link at a
 * time: a new one ends the one before, so a copied key is noticed by whoever has the other copy.
 *
 * The links stand in logins.db.  Whether the device is still enrolled is asked of the ledger, each
 * time, by whoever takes an act.
 */
#ifndef GY_ENGINE_LINK_H
#define GY_ENGINE_LINK_H

#include "base/hash.h"
#include "engine/login.h"

enum { LINK_NONCE = 32 }; /* hex digits */

struct link {
	int64_t number, device;
	uint8_t key[32];
};

/* What a device signs to open a link. */
struct link_ask {
	int64_t device, time_ms; /* the device's clock */
	struct str nonce;        /* LINK_NONCE hex digits, used once */
};
struct str link_message(struct arena *a, struct str origin, const struct link_ask *ask);

/* Opens one; the signature has been verified.  Fails: INVALID (nonce), DENIED (a time too far from
 * now, with what the time is; a nonce that was used), CONFLICT (two at once), BUSY, BROKEN. */
enum rc link_open(struct op *op, struct logins *l, const struct link_ask *ask, int64_t now_ms,
                  struct link *ret) MUST_CHECK;
/* The open link of that number.  Fails: DENIED (ended, or there is none). */
enum rc link_of(struct op *op, struct logins *l, int64_t number, struct link *ret) MUST_CHECK;
enum rc link_end(struct op *op, struct logins *l, int64_t number, int64_t now_ms) MUST_CHECK;
/* All of a device that was revoked. */
enum rc link_end_device(struct op *op, struct logins *l, int64_t device, int64_t now_ms) MUST_CHECK;

/* The MAC of some bytes, in hex, and whether `mac` is it (in constant time). */
struct str link_mac(struct arena *a, const struct link *l, struct str bytes);
bool link_mac_is(const struct link *l, struct str bytes, struct str mac);

#endif
