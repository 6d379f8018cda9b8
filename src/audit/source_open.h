/* SPDX-License-Identifier: Apache-2.0 */
/* source_open.h -- how the databases of a source are opened without changing them. */
#ifndef GY_AUDIT_SOURCE_OPEN_H
#define GY_AUDIT_SOURCE_OPEN_H

#include "audit/source.h"

/* Sets s->ledger and, when there is one, s->view.
 * Fails: INVALID, NOT_FOUND, DENIED, BUSY. */
enum rc source_folder_open(struct op *keep, struct source *s) MUST_CHECK;
enum rc source_postgres_open(struct op *keep, struct str url, struct source *s) MUST_CHECK;

/* Removes copies. */
void source_folder_release(struct source *s);

/* False: a file that was read as immutable has changed meanwhile; the findings mean nothing. */
bool source_unchanged(const struct source *s);

#endif
