/* SPDX-License-Identifier: Apache-2.0 */
/* values.h -- the lists of values of a command's fields, for its help and its manual. */
#ifndef GY_CLI_VALUES_H
#define GY_CLI_VALUES_H

#include "cli/cli.h"

/* Has one of the fields, or of their lists' items, a list of values? */
bool values_has(const struct field *f, size_t n);

/* Of a module's command: its flags with their codes and what each means, in lines. */
struct str values_help(struct cli *c, const struct cli_verb *v);

/* "from_place" is --from-place. */
const char *cli_flag_name(struct arena *a, const char *name);

#endif
