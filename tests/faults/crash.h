/* SPDX-License-Identifier: Apache-2.0 */
/* crash.h -- what the killer knows: what was acknowledged, and what stands in the files.
 *
 * The files are read with plain SQL, apart from the code that recovers them.
 */
#ifndef GY_TEST_CRASH_H
#define GY_TEST_CRASH_H

#include <sys/types.h>

#include "base/op.h"
#include "load.h"

struct seen { /* of one number */
	int64_t index, acked; /* in the ledger, as acknowledged; -1: not, -2: without an index */
	struct hash leaf, acked_leaf;
};

struct crash {
	struct arena arena;
	struct op op;
	const char *load, *gongyuan, *audit; /* programs */
	struct str top, data;
	struct str known;             /* the checkpoint outside; "": data.checkpoint */
	int64_t bags;                 /* of the world top/base */
	struct seen *seen;
	uint64_t nseen, next;         /* next: the lowest number never acknowledged */
	struct hash *blobs;           /* acknowledged */
	size_t nblobs;
	int64_t kept, built;          /* newest checkpoint and rebuild acknowledged: entries */
	int64_t checked;              /* entries looked at */
	uint64_t acknowledged, sent, refused; /* of the round */
	uint64_t nsent;               /* numbers ever sent end here */
	struct said ready, result;
	bool is_ready, has_result;
	int calls[SHIM_CALLS];        /* of the scene */
	long kills, in_flight, lost, corrupt, faults, all_acknowledged;
	long scenes, caught;          /* played, and in which something was found */
};

/* One sentence of what is wrong; counted.  crash_lose: of what was acknowledged and is gone. */
void crash_fault(struct crash *c, const char *fmt, ...) PRINTF(2, 3);
void crash_lose(struct crash *c, const char *fmt, ...) PRINTF(2, 3);

/* Runs a line of shell; its exit code. */
int crash_shell(struct crash *c, const char *fmt, ...) PRINTF(2, 3);

/* Programs, the folder top, and in it the world `base` of so many bags. */
void crash_begin(struct crash *c, int64_t bags);
void crash_end(struct crash *c);

/* Forgets what was acknowledged. */
void crash_forget(struct crash *c);
/* A fresh copy of top/FROM at top/TO, with the checkpoint beside it. */
void crash_copy(struct crash *c, const char *from, const char *to);

/* Starts faults-load with these words; *ret_fd gives its notes.  The words end in NULL. */
pid_t crash_start(struct crash *c, const char *const *words, int *ret_fd);
/* Reads the notes that are there (ms -1: until its end).  False: the end. */
bool crash_read(struct crash *c, int fd, int ms);
int crash_wait(pid_t pid);

/* The files as they lie: every acknowledged act at its place, with its leaf, once; the projections
 * not ahead; blobs, the checkpoint outside and a rebuild as acknowledged.  From entry `from` on. */
void crash_look(struct crash *c, int64_t from);
/* SQLite's own check of both files. */
void crash_whole(struct crash *c);

/* Opens through the product, writes one act and a checkpoint, looks again; `audit`: with the
 * auditor and the comparison of the projections. */
void crash_recover(struct crash *c, bool audit);

/* At each call of each scene (NULL: all): a kill, or the fault.  Of more than 60 calls the
 * first eight and then every `step`th.  `broken`: swallow or ignore, else NULL. */
struct each {
	enum shim_fault fault;
	int step;
	const char *scene, *broken;
};
void crash_at_each(struct crash *c, const struct each *e);

#endif
