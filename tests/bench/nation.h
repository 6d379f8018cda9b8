/* SPDX-License-Identifier: Apache-2.0 */
/* nation.h -- sites of 30 rooms of 30 seats, planned and armed, ready for the morning's entries.
 *
 * Numbers stand for persons: 901 to 903 administrate, 900 plans, 1000 + i % checkers checks
 * identities at site i.  A step of the profile that would fall due before the entries is put off by
 * an hour: the morning of a nation on which nobody is late with a report.
 */
#ifndef GY_BENCH_NATION_H
#define GY_BENCH_NATION_H

#include "app/office.h"

#define NATION_SESSION "d1-chinese"
enum { ROOMS = 30, SEATS = 30 };

struct nation {
	struct office *o;
	int64_t sites;
	int64_t checkers;       /* 0: one at each site */
	int64_t from_ms, to_ms; /* entry begins, entry ends */
};

/* An office in the new folder `dir`, founded and planned; the bell for entry has not rung. */
enum rc nation_found(struct op *op, struct str dir, struct str profile, struct nation *m)
	MUST_CHECK;
/* Runs the job that arms the session room by room; the clock stands at from_ms. */
enum rc nation_arm(struct op *op, struct nation *m) MUST_CHECK;

/* n made-up candidates of the first city: C0000001, …. */
enum rc nation_register(struct op *op, struct nation *m, int64_t n) MUST_CHECK;
/* The first `rooms` rooms' lists are told, in batches. */
enum rc nation_fill(struct op *op, struct nation *m, int64_t rooms) MUST_CHECK;

struct str nation_site(struct arena *a, int64_t i);
/* The data of the k-th act of `sitting.enter`, rooms in turn over all sites as they come on such a
 * morning; *ret_who: the checker who sends it. */
struct json *nation_enter(struct arena *a, const struct nation *m, int64_t k, int64_t *ret_who);
/* The same of `sitting.enter_list`: a room's thirty. */
struct json *nation_list(struct arena *a, const struct nation *m, int64_t k, int64_t *ret_who);

#endif
