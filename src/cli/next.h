/* SPDX-License-Identifier: Apache-2.0 */
/* next.h -- what an office that is being set up lacks next, said as a command that can be typed. */
#ifndef GY_CLI_NEXT_H
#define GY_CLI_NEXT_H

#include "cli/cli.h"

/* "下一步：…" while the foundation is open; afterwards no word.  `w` is any writer of the office, one
 * that only tries included. */
enum rc next_tell(struct cli *c, const struct writer *w) MUST_CHECK;

#endif
