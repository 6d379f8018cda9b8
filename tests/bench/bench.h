/* SPDX-License-Identifier: Apache-2.0 */
/* bench.h -- the cases, their rounds and what is printed of them.  Private to tests/bench. */
#ifndef GY_BENCH_H
#define GY_BENCH_H

#include "load.h"

enum { ROUNDS_MAX = 99, CASES_MAX = 24 };

struct bench_case {
	const char *name, *what;
	const char *world;      /* "county", "million", "postgres"; NULL: a peer */
	const char *command;    /* of a peer: prints "RATE P50_MS P99_MS" as its last line */
	size_t outstanding, batch;
	bool half_load;         /* open loop at half of the rate of the case before it */
	struct result round[ROUNDS_MAX];
	int n;
};

struct bench {
	struct op *op;
	struct bench_case cases[CASES_MAX];
	int ncases, rounds;
	double seconds;
	bool json;
	const char *dir, *pg_url, *only;
	struct str profile;
	struct world county, million, postgres;
	struct json *extra; /* audit and rebuild */
};

/* The median of one member (at `offset`, a double) over a case's rounds. */
double bench_median(const struct bench_case *c, size_t offset);
#define MEDIAN(c, member) bench_median((c), offsetof(struct result, member))

void report_print(const struct bench *b);
void report_json(const struct bench *b);

/* scale.c: a full audit and a rebuild of the world `w`; adds to b->extra. */
enum rc scale_run(struct bench *b, const struct world *w) MUST_CHECK;

/* Runs a program and waits; its output goes to stderr.  *ret_seconds, *ret_rss_mb may be NULL. */
bool run_program(const char *const *argv, double *ret_seconds, double *ret_rss_mb);

#endif
