/* SPDX-License-Identifier: Apache-2.0 */
/* macros.h -- the few words that every file of ours may use. */
#ifndef GY_MACROS_H
#define GY_MACROS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/banned.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* COUNT(a), where `b` has as many elements; anything else does not compile. */
#define COUNT_BOTH(a, b) \
	(COUNT(a) + 0 * sizeof(struct { \
		static_assert(COUNT(a) == COUNT(b), "as many of the one as of the other"); \
		char unused; \
	}))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

/* A resource of a block: released by `type_release(&v)` when the block ends.  Exactly rows, tx,
 * fd, lock and file use it; memory belongs to arenas. */
#define AUTO(type) __attribute__((cleanup(type##_release))) struct type

/* Hands an error up.  The only macro here that returns. */
#define TRY(expr) \
	do { \
		enum rc try_rc = (expr); \
		if (try_rc != RC_OK) \
			return try_rc; \
	} while (0)

#endif
