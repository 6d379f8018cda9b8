/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h -- one target a file: bytes from outside in, promises of the parser's header checked.
 *
 * Each target defines fuzz_target().  Linked with libFuzzer it is a fuzzer (tools/fuzz); linked
 * with replay.c it reads the kept corpus (suite `fuzz` of ./test).  A target has no state of its
 * own beyond keys and trees that are always the same, so an input always gives the same run.
 *
 * With FUZZ_PLANT each target has one crash more, behind a deep and valid input that no structured
 * seed is: tools/fuzz --planted, which begins with these, must find it.
 */
#ifndef GY_FUZZ_H
#define GY_FUZZ_H

#include "base/hash.h"
#include "base/op.h"

/* `in` is a copy of its own, with a NUL behind it; the op's arena is fresh, its err empty. */
void fuzz_target(struct op *op, struct str in);

/* What libFuzzer calls; the replay too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

_Noreturn void fuzz_broken(const char *where, const char *what);
_Noreturn void fuzz_planted(void);

#define FUZZ_CHECK(cond) \
	do { \
		if (!(cond)) \
			fuzz_broken(GY_WHERE, #cond); \
	} while (0)

#ifdef FUZZ_PLANT
#define FUZZ_PLANTED(cond) \
	do { \
		if (cond) \
			fuzz_planted(); \
	} while (0)
#else
#define FUZZ_PLANTED(cond) ((void)sizeof(cond))
#endif

/* A refusal says its code, both languages, and the field (NULL: any, "" too). */
void fuzz_refused(const struct op *op, enum rc rc, const char *field);

/* Outputs stay untouched on failure: paint before, look afterwards. */
#define FUZZ_PAINT(v)     memset(&(v), 0x5a, sizeof(v))
#define FUZZ_UNTOUCHED(v) fuzz_is_painted(&(v), sizeof(v))
bool fuzz_is_painted(const void *p, size_t n);

/* Overwrites the input: what was read must not look at it any more. */
void fuzz_spoil(struct str in);

bool fuzz_holds(struct str text, struct str word);

/* A hasher for SHA-256 that lives as long as the program. */
struct hasher *fuzz_hasher(void);

/* Numbers out of the front of the input; 0 when it is used up. */
uint64_t fuzz_take(struct str *in, size_t bytes);

#endif
