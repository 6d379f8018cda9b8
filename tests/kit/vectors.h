/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.h -- test vectors of others, read where they lie and never copied into the tree.
 *
 * The folder is $GONGYUAN_SHARED/vectors, else ../shared/vectors beside the source root.  The
 * root is $GONGYUAN_SOURCE (our meson.build sets it), else the working directory.  Without the
 * folder a test is skipped:
 *
 *   struct str dir;
 *   if (!vectors_find(&arena, "json/test_parsing", &dir))
 *   	skip();
 *
 * Any test may use this: add files('../kit/vectors.c') to its sources.
 */
#ifndef GY_TEST_VECTORS_H
#define GY_TEST_VECTORS_H

#include "base/arena.h"
#include "base/str.h"

/* The path of a file or folder under vectors/.  False: it is not there. */
bool vectors_find(struct arena *a, const char *name, struct str *ret_path);

/* All bytes of a file; what cannot be read fails the test. */
struct str vectors_read(struct arena *a, struct str path);

/* The names in a folder that end in `suffix`, sorted. */
size_t vectors_list(struct arena *a, struct str dir, const char *suffix, struct str **ret_names);

/* A file of `name = value` lines with [sections], # comments and blank lines (Botan's .vec). */
struct vec {
	struct str rest;    /* what is not read yet */
	struct str section; /* of the pair read last; "" before the first */
};

struct vec vec_open(struct arena *a, struct str path);

/* The next pair, without blanks around.  False at the end. */
bool vec_next(struct vec *v, struct str *ret_name, struct str *ret_value);

/* The bytes of hex digits, in either case; what is none fails the test. */
struct str vec_hex(struct arena *a, struct str hex);

#endif
