/* SPDX-License-Identifier: Apache-2.0 */
/* check.h -- cmocka for our tests: include it first, before any header of ours.
 *
 * cmocka wants four system headers before it, and has a macro `fail` where base/op.h has its own;
 * a test that must fail by hand says fail_msg("why %s", x).
 */
#ifndef GY_TEST_CHECK_H
#define GY_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail
#undef fail_msg

/* Fails the test with a reason; the first argument is a literal. */
#define fail_msg(...) \
	(print_error("ERROR: " __VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* Built with a sanitizer: what it looks for shows in one run, so long repetitions are left to the
 * plain build (and to GONGYUAN_FULL=1). */
#if defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif
/* Of many alike, each n-th will do here. */
static inline size_t check_each(size_t n)
{
	const char *full = getenv("GONGYUAN_FULL");

	return SANITIZED && !(full && strcmp(full, "1") == 0) ? n : 1;
}

/* An operation for a test: an arena and nothing else; check_op_release at the end. */
#define CHECK_OP(op) struct arena op##_arena = {0}; struct op op = {.arena = &op##_arena}
#define check_op_release(op) arena_release((op)->arena)

#define assert_ok(expr) assert_int_equal((expr), RC_OK)

/* A struct str against a C string. */
#define assert_str(value, text) \
	do { \
		struct str check_s = (value); \
		assert_non_null(check_s.s); \
		assert_int_equal(check_s.n, strlen(text)); \
		assert_memory_equal(check_s.s, (text), check_s.n); \
		assert_int_equal(check_s.s[check_s.n], 0); \
	} while (0)

#endif
