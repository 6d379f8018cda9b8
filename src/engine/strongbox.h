/* SPDX-License-Identifier: Apache-2.0 */
/* strongbox.h -- secrets under a passphrase, for a backup that travels with them.
 *
 * AES-256-GCM under SHA-256 of a yescrypt hash (its setting stands in the box; a guess costs about
 * a
 * second of work and 128 MB).  Nothing but the passphrase protects it: five words of a list, not a
 * birthday.
 */
#ifndef GY_ENGINE_STRONGBOX_H
#define GY_ENGINE_STRONGBOX_H

#include "base/op.h"

/* Uses op->random.  Fails: INVALID (shorter than 12 bytes), BROKEN (libcrypt has no yescrypt). */
enum rc strongbox_make(struct op *op, struct str passphrase, struct str plain,
                       struct str *ret) MUST_CHECK;
/* Fails: DENIED (another passphrase, or altered), INVALID (no such box). */
enum rc strongbox_open(struct op *op, struct str passphrase, struct str box,
                       struct str *ret) MUST_CHECK;

#endif
