/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.h -- MANIFEST of a backup: whose it is, how far it goes, and the hash of each file.
 *
 *   gongyuan-backup 1
 *   origin exam.example.gov.cn/2027
 *   size 1363
 *   root HEX                      of these entries
 *   taken 2027-06-07T00:58:00.000Z
 *   file SHA256 BYTES PATH        in the order of paths
 *   end SHA256                    of all lines before this one
 *
 * It is written last, so a folder with a MANIFEST is a whole backup.  It finds damage; that nobody
 * altered a backup is shown by the checkpoint in it and the one that is kept elsewhere.
 */
#ifndef GY_DB_MANIFEST_H
#define GY_DB_MANIFEST_H

#include "db/transfer.h"

struct manifest_file {
	struct str path; /* relative, of the few kinds that a backup has */
	struct file_print print;
};

struct manifest {
	struct str origin, taken;
	uint64_t size;
	struct hash root;
	struct manifest_file *files;
	size_t nfiles, cap;
};

void manifest_add(struct arena *a, struct manifest *m, struct str path,
                  const struct file_print *print);
struct str manifest_format(struct arena *a, const struct manifest *m);

/* Fails: INVALID (no manifest, or one of a newer program), BROKEN (damaged). */
enum rc manifest_read(struct op *op, struct str bytes, struct manifest *ret) MUST_CHECK;
/* Each file under `dir` has its hash.  Fails: BROKEN, with the file's name. */
enum rc manifest_check(struct op *op, const struct manifest *m, struct str dir) MUST_CHECK;
bool manifest_has(const struct manifest *m, const char *path);

/* The files of a backup. */
#define MANIFEST "MANIFEST"
#define SEALED "keys.sealed"

#endif
