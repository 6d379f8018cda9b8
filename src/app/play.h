/* SPDX-License-Identifier: Apache-2.0 */
/* play.h -- the verbs that play: `gongyuan demo`, the small county of demo.h, and `gongyuan drill
 * run`.
 */
#ifndef GY_APP_PLAY_H
#define GY_APP_PLAY_H

#include "cli/host.h"

extern const struct cli_verb play_verbs[];
extern const size_t play_nverbs;

/* The bytes of profiles/NAME.json: beside the program (a source tree), else where it was installed.
 * Fails: NOT_FOUND. */
enum rc play_profile(struct cli *c, struct str name, struct str *ret) MUST_CHECK;

#endif
