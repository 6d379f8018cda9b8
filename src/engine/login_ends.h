/* SPDX-License-Identifier: Apache-2.0 */
/* login_ends.h -- logins that end because the ledger says so: of everybody whose grants or keys
 * changed, and links of devices that were revoked.
 *
 * The newest authority event that was looked at is noted in logins.db, so a change while the server
 * was away counts as well.  Whoever has changed logs in again, and has the rights of now.
 */
#ifndef GY_ENGINE_LOGIN_ENDS_H
#define GY_ENGINE_LOGIN_ENDS_H

#include "engine/login.h"

/* op: of a reader that has followed the ledger.  Fails: BUSY, BROKEN; nothing is noted then. */
enum rc logins_follow(struct op *op, struct logins *l, int64_t now_ms) MUST_CHECK;

#endif
