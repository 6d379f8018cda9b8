/* SPDX-License-Identifier: Apache-2.0 */
/* terminal_read.h -- whoever stands at a fixed terminal reads by its link (terminal_read.c). */
#ifndef GY_HTTP_TERMINAL_READ_H
#define GY_HTTP_TERMINAL_READ_H

#include "http/session.h"

/* Does it come by a link? */
bool terminal_asks(const struct exchange *x);

/* Who asks, on the server's thread.  Fails: DENIED (link, time, MAC, or somebody who has not come
 * to this terminal by badge and PIN). */
enum rc terminal_reader(struct sessions *s, struct op *op, struct exchange *x, struct caller *ret)
	MUST_CHECK;

#endif
