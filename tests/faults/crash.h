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
	struct seen *seen;
	uint64_t nseen, next;                /* next: the lowest number never acknowledged */
	int64_t checked;                     /* entries looked at */
	uint64_t acknowledged, sent;         /* of the round */
	struct said ready, result;
	bool is_ready, has_result, blob;
	struct hash blob_hash;
	long kills, in_flight, lost, faults, all_acknowledged;
};

/* One sentence of what is wrong; counted. */
void crash_fault(struct crash *c, const char *fmt, ...) PRINTF(2, 3);

/* A fresh folder top/data with its first places. */
void crash_found(struct crash *c);

/* Starts faults-load with these words; *ret_fd gives its notes.  The words end in NULL. */
pid_t crash_start(struct crash *c, const char *const *words, int *ret_fd);
/* Reads the notes that are there (ms -1: until its end).  False: the end. */
bool crash_read(struct crash *c, int fd, int ms);
int crash_wait(pid_t pid);

/* The files as they lie: every acknowledged act of numbers from `first` at its place, with its
 * leaf, once; the projections not ahead.  From entry `from` on. */
void crash_look(struct crash *c, int64_t from);

/* Opens through the product, writes one act and a checkpoint, looks again; `audit`: with the
 * auditor and the comparison of the projections. */
void crash_recover(struct crash *c, bool audit);

/* At each call of each scene: a kill, or the fault.  Of more than 60 calls every `step`th. */
void crash_at_each(struct crash *c, int fault, int step, bool ignore);

#endif
