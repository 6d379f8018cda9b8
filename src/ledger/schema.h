/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h -- which version the ledger's tables have; seen by src/ledger alone. */
#ifndef GY_LEDGER_SCHEMA_H
#define GY_LEDGER_SCHEMA_H

#include "db/db.h"

/* Fails: INVALID (newer than this program), CONFLICT (older). */
enum rc schema_check(struct op *op, struct db *db) MUST_CHECK;

#endif
