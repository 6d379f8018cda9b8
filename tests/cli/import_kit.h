/* SPDX-License-Identifier: Apache-2.0 */
/* import_kit.h -- an office before its foundation (shell_begin), CSV files in its folder, and what
 * `gongyuan import --json` says of them.
 */
#ifndef GY_TEST_IMPORT_KIT_H
#define GY_TEST_IMPORT_KIT_H

#include "kit/check.h"

#include "shell.h"

extern struct shell S;
int setup(void **state);
int teardown(void **state);
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Writes a file; its path.  gb_file: in GB18030. */
const char *file(const char *name, const char *text);
const char *gb_file(const char *name, const char *text);

/* The newest checkpoint, size and root: what must not move. */
struct str books(void);
int64_t entries(const char *type);

/* The last answer has exactly these numbers. */
void said(int64_t rows, int64_t good, size_t errors);
/* And its n-th finding is this one. */
const struct json *found(size_t n, int64_t row, const char *column, const char *rule,
                         const char *value);

/* People of whom one is good; each other row has a mistake of its own. */
extern const char MISTAKES[];

#endif
