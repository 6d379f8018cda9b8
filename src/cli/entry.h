/* SPDX-License-Identifier: Apache-2.0 */
/* entry.h -- one entry for people: labels from the field tables, people by staff code. */
#ifndef GY_CLI_ENTRY_H
#define GY_CLI_ENTRY_H

#include "cli/cli.h"

/* Prints it to stdout.  Fails: INVALID (not an entry). */
enum rc entry_print(struct cli *c, struct str bytes, const struct hash *leaf) MUST_CHECK;

#endif
