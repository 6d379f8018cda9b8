/* SPDX-License-Identifier: Apache-2.0 */
/* play.h -- `gongyuan demo`: the small county of demo.h, as a verb of the command line. */
#ifndef GY_APP_PLAY_H
#define GY_APP_PLAY_H

#include "cli/host.h"

extern const struct cli_verb play_verbs[];
extern const size_t play_nverbs;

#endif
