/* SPDX-License-Identifier: Apache-2.0 */
/* form.h -- a body of the right form for any command, made from its field table. */
#ifndef GY_TEST_FORM_H
#define GY_TEST_FORM_H

#include "engine/module.h"

/* Every field holds something of its type, but `named` (a field of the command or of one of its
 * lists) holds the string `name`. */
struct str form_body(struct arena *a, const struct command *c, const struct field *named,
                     const char *name);

#endif
