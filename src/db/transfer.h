/* SPDX-License-Identifier: Apache-2.0 */
/* transfer.h -- whole files from one folder to another, for backup and restore.
 *
 * A file is on the disk when its function returns OK; the folder it lies in is when folder_settle
 * has been called.  Nothing here overwrites.
 */
#ifndef GY_DB_TRANSFER_H
#define GY_DB_TRANSFER_H

#include "base/hash.h"
#include "db/store.h"

struct file_print {
	int64_t bytes;
	struct hash sha256;
};

/* Reads a file to its end.  Fails: NOT_FOUND, DENIED, BROKEN. */
enum rc file_print(struct op *op, struct str path, struct file_print *ret) MUST_CHECK;

/* A new file with the same bytes; *ret is of what was read.  Fails: as file_print; CONFLICT (`to`
 * exists), BROKEN (the disk is full). */
enum rc file_copy(struct op *op, struct str from, struct str to, int mode,
                  struct file_print *ret) MUST_CHECK;

/* A SQLite file that others may be writing, as of one moment.  Fails: as db_open_sqlite. */
enum rc db_copy_sqlite(struct op *op, struct str from, struct str to) MUST_CHECK;

/* A new SQLite file for rows that are only added, fast and unsafe until transfer_settle has put it
 * on
 * the disk, with no log beside it.  *ret is then closed. */
enum rc transfer_open(struct op *op, struct str path, struct db **ret) MUST_CHECK;
enum rc transfer_settle(struct op *op, struct db *db) MUST_CHECK;

/* Names in a folder, sorted, without those that begin with a dot.  Fails: NOT_FOUND, DENIED. */
enum rc folder_names(struct op *op, struct str dir, struct str **ret, size_t *ret_n) MUST_CHECK;
enum rc folder_settle(struct op *op, struct str dir) MUST_CHECK; /* fsync */
/* Renames a folder and settles its parent.  Fails: CONFLICT (`to` exists), DENIED, BROKEN. */
enum rc folder_rename(struct op *op, struct str from, struct str to) MUST_CHECK;
/* Removes a folder of ours and what is in it, three levels deep; what it cannot remove stays. */
void folder_discard(struct op *op, struct str dir);

#endif
