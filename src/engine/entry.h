/* SPDX-License-Identifier: Apache-2.0 */
/* entry.h -- an event as the bytes of a ledger entry (docs/formats.md §1), and how an event reaches
 * the projections.  For the engine's own files.
 */
#ifndef GY_ENTRY_H
#define GY_ENTRY_H

#include "engine/modules_private.h"
#include "engine/run.h"

/* The canonical bytes.  `act` is the act verbatim, or empty. */
void entry_write(struct strbuf *b, const struct event *ev, struct str act, struct str nonce_hex);

/* Applies one event to the projections of op->db: the type's own apply, postings, expectations.
 * Live and on rebuild the same. */
enum rc event_project(struct op *op, const struct event_entry *e,
                      const struct event *ev) MUST_CHECK;

/* Under whose key the texts of a struct lie: `id` is the event's. */
int64_t text_subject(const struct field *fields, size_t n, const void *data, int64_t id);

/* Gives an authority event to the state in memory. */
void event_empower(struct authority *a, const struct event *ev);

#endif
