/* SPDX-License-Identifier: Apache-2.0 */
/* serve.h -- the server as a verb. */
#ifndef GY_APP_SERVE_H
#define GY_APP_SERVE_H

#include "cli/cli.h"

enum { SERVE_NFLAGS = 9 };
extern const struct cli_flag serve_flags[SERVE_NFLAGS];
enum rc serve_verb(struct cli *c) MUST_CHECK;

#endif
