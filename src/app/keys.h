/* SPDX-License-Identifier: Apache-2.0 */
/* keys.h -- the secrets of one node: files under DIR/keys, 64 hex digits and a newline, 0600.
 *
 * They never stand in a database, an export or a message.  In a drill they come from its seed, so
 * that the same seed gives the same ledger byte for byte; a drill's keys protect nothing.
 */
#ifndef GY_APP_KEYS_H
#define GY_APP_KEYS_H

#include "cli/host.h"

/* Makes log.key, device.key, vault.key and log.vkey.  Fails: CONFLICT (there are some), as
 * file_write. */
enum rc keys_make(struct op *op, struct office *o) MUST_CHECK;

/* Reads them into *o; a reader needs log.vkey alone and takes the others when it may.
 * Fails: NOT_FOUND (a file is missing), DENIED, BROKEN (not a key; vkey is another's). */
enum rc keys_read(struct op *op, struct office *o, bool all) MUST_CHECK;

#endif
