/* SPDX-License-Identifier: Apache-2.0 */
/* folder.h -- the data folder itself: what must stand in it, whose it is, who may write.
 *
 * Each failure is one sentence that says what to do.  Seen by the store alone.
 */
#ifndef GY_DB_FOLDER_H
#define GY_DB_FOLDER_H

#include "db/store.h"

/* DIR/NAME, NUL-terminated. */
struct str folder_path(struct op *op, struct str dir, const char *name);

/* Makes DIR with blobs/ and keys/; it must be empty before.  Fails: CONFLICT, DENIED, BROKEN. */
enum rc folder_make(struct op *op, struct str dir) MUST_CHECK;
/* Takes back what folder_make and a store that then failed left. */
void folder_unmake(struct op *op, struct str dir);
/* The last file of a new folder: from here on it is ours. */
enum rc folder_write_format(struct op *op, struct str dir) MUST_CHECK;

/* Ours, of this format, and complete; `files`: the two SQLite files too. */
enum rc folder_check(struct op *op, struct str dir, bool files) MUST_CHECK;
/* After the lock: ledger.db is as long as its own header says (a copy may have been cut short). */
enum rc folder_check_whole(struct op *op, struct str dir) MUST_CHECK;
/* Room for one more WAL at least. */
enum rc folder_check_room(struct op *op, struct str dir) MUST_CHECK;

/* Takes DIR/lock for this process; closing the descriptor gives it back. */
enum rc folder_lock(struct op *op, struct str dir, int *ret_fd) MUST_CHECK;

/* The exchange of view.db for view.next.db.  A marker on the disk makes it one step: whatever a
 * power cut interrupts, the next writer finishes.  SQLite connections to both are closed. */
enum rc folder_swap_view(struct op *op, struct str dir) MUST_CHECK;
bool folder_in_swap(struct op *op, struct str dir);
/* Removes view.next.db and what belongs to it. */
enum rc folder_drop_next(struct op *op, struct str dir) MUST_CHECK;

#endif
