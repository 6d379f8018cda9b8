/* SPDX-License-Identifier: Apache-2.0 */
/* proxy.h -- stands between a client and a PostgreSQL server, and cuts where it is told.
 *
 * It reads the client's side message by message.  One cut is armed at a time; afterwards it passes
 * everything again.
 */
#ifndef GY_TEST_PROXY_H
#define GY_TEST_PROXY_H

#include "base/str.h"

enum cut {
	CUT_NONE,
	CUT_BEFORE_COMMIT, /* the server never sees it; both connections end */
	CUT_ITS_ANSWER,    /* the server has answered it; the client's connection ends unanswered */
	CUT_AT_MESSAGE,    /* both end before the Nth message from now, of any connection */
	CUT_AFTER_MESSAGE, /* after it was passed on: its answer may or may not be on its way */
};

struct proxy;

/* Listens on loopback at a free port, for the server at 127.0.0.1:port. */
struct proxy *proxy_start(int port);
int proxy_port(const struct proxy *p);
void proxy_arm(struct proxy *p, enum cut cut, int n);
bool proxy_fired(struct proxy *p); /* since it was armed */
void proxy_stop(struct proxy *p);

#endif
