/* SPDX-License-Identifier: Apache-2.0 */
/* serve_web.h -- where the web pages lie. */
#ifndef GY_APP_SERVE_WEB_H
#define GY_APP_SERVE_WEB_H

#include "cli/cli.h"

/* --web, else beside the program: ../web/dist of a built tree, ../share/gongyuan/web of an
 * installed one; the first that is there.  Text in c's arena. */
struct str serve_web_folder(struct cli *c);

#endif
