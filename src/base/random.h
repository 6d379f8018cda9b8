/* SPDX-License-Identifier: Apache-2.0 */
/* random.h -- random bytes: the system's, or a seeded stream in tests and drills.
 *
 * The seeded stream is SHA-256(label "gongyuan-random-v1", seed, position, counter); it depends on
 * (seed, position) alone, so an operation at ledger index i draws the same bytes in every run.
 */
#ifndef GY_RANDOM_H
#define GY_RANDOM_H

#include "base/macros.h"

struct random {
	bool seeded;
	uint64_t seed, position, counter;
	uint8_t block[32];
	size_t left; /* unused bytes at the end of block */
};

struct random random_system(void);
struct random random_seeded(uint64_t seed);

/* Puts a seeded stream at the start of `position`; no effect on the system's. */
void random_at(struct random *r, uint64_t position);

void random_bytes(struct random *r, void *ret, size_t n);
uint64_t random_u64(struct random *r);

/* Uniform in [0, below), without modulo bias; below > 0. */
uint64_t random_below(struct random *r, uint64_t below);

#endif
