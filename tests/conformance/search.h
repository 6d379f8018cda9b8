/* SPDX-License-Identifier: Apache-2.0 */
/* search.h -- are these bytes anywhere: in entries, tables, an export, files of a data folder?
 *
 * Bytes are looked for as they are and as hex digits.  On PostgreSQL the tables stand in place of
 * ledger.db and view.db, and are read cell by cell.
 */
#ifndef GY_TEST_SEARCH_H
#define GY_TEST_SEARCH_H

#include "kit/kit.h"

bool entries_hold(struct kit *k, struct str bytes);
bool tables_hold(struct kit *k, struct str bytes); /* of both databases */
bool folder_holds(struct str dir, struct str bytes); /* any file under it */

/* Signs the ledger as it stands and exports it, beside the data folder. */
struct str export_beside(struct kit *k);

#endif
