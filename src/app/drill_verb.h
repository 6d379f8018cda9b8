/* SPDX-License-Identifier: Apache-2.0 */
/* drill_verb.h -- `gongyuan drill run FILE`. */
#ifndef GY_APP_DRILL_VERB_H
#define GY_APP_DRILL_VERB_H

#include "cli/host.h"

#define DRILL_NFLAGS 8
extern const struct cli_flag drill_flags[DRILL_NFLAGS];
enum rc drill_verb(struct cli *c) MUST_CHECK;

#endif
