/* SPDX-License-Identifier: Apache-2.0 */
/* told.h -- one entry of the ledger as people read it: its labels, fields in the order of their
 * table, each code with its words in both languages.
 *
 * Persons stand by their staff code.  A text is never opened here: its number in the vault stands
 * for it, and opening one is an event (vault.open).
 */
#ifndef GY_HTTP_TOLD_H
#define GY_HTTP_TOLD_H

#include "engine/event.h"
#include "ledger/ledger.h"

/* Fills *o; on a reader's thread. */
void told_entry(struct op *op, const struct event *ev, const struct hash *leaf, struct json *o);

#endif
