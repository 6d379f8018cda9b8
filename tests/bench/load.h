/* SPDX-License-Identifier: Apache-2.0 */
/* load.h -- drives one round of acts through the writer's thread, with the signer beside.
 *
 * One generator thread makes requests, submits them and takes their answers; what counts is an
 * answer OK, which stands on the disk.  Times run from the submission (closed loop: a fixed number
 * outstanding) or from the moment at which it was due (open loop: a fixed rate, so that a stall is
 * charged to everything that had to wait for it).
 */
#ifndef GY_BENCH_LOAD_H
#define GY_BENCH_LOAD_H

#include "world.h"

struct load {
	size_t outstanding; /* at most; of an open loop too */
	size_t batch;       /* of one commit; 0: as in the program */
	double rate;        /* acts a second; 0: closed loop */
	double seconds;
	int64_t n;          /* at most so many acts */
};

struct result {
	double rate;             /* acknowledged acts a second */
	double p50_ms, p99_ms, max_ms;
	double cpu_us;           /* of this process a act, kernel included, generator excluded */
	double statements, reads, writes; /* an act; statements: with savepoints */
	double entry_bytes, entries;      /* an act */
	double batch;            /* mean acts a commit */
	double calls, kilobytes; /* of the process an act: system calls that write, what they write */
	double rss_mb;           /* highest of the process so far */
	int64_t acts;
};

enum rc load_run(struct op *op, const struct world *w, struct office *o, const struct load *l,
                 struct result *ret) MUST_CHECK;

#endif
