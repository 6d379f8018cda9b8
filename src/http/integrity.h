/* SPDX-License-Identifier: Apache-2.0 */
/* integrity.h -- is the ledger whole?  In plain words, with numbers, and with what was not checked.
 *
 * Every entry under the newest checkpoint is hashed again, a turn at a time, and the tree that
 * comes of it is compared with the root that the checkpoint signs; what was hashed since the server
 * started is not hashed again.  `ok` is true when all of that agrees and a witness has cosigned a
 * checkpoint of these entries; false when something disagrees; null while something is not known,
 * and then the words never say that the ledger is whole.
 */
#ifndef GY_HTTP_INTEGRITY_H
#define GY_HTTP_INTEGRITY_H

#include "base/json.h"
#include "ledger/ledger.h"

struct integrity;

struct integrity *integrity_new(void);
void integrity_free(struct integrity *i); /* NULL is fine */

/* Fills *o (openapi_console.c, "integrity"); `log`: the key that signs checkpoints.  On a reader's
 * thread; any of them, one at a time is inside. */
enum rc integrity_get(struct op *op, struct integrity *i, const struct note_key *log,
                      struct json *o) MUST_CHECK;

#endif
