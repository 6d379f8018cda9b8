/* SPDX-License-Identifier: Apache-2.0 */
/* drill_http.h -- plays a drill against a server and judges it. */
#ifndef GY_APP_DRILL_HTTP_H
#define GY_APP_DRILL_HTTP_H

#include "app/drill_run.h"

struct drill_http_options {
	struct str url, token, cacert; /* "http://127.0.0.1:8080"; the director's; "": the system's */
	int64_t speed;                 /* times a clock; 0: as fast as it goes */
};

/* The server's folder must be of this scenario and seed, and have no entries but its first ones.
 * Fails: as drill_play; BUSY (it cannot be reached), DENIED (another's token). */
enum rc drill_http_play(struct op *op, const struct drill_http_options *o,
                        const struct modules *m, struct drill *d, struct drill_result *ret,
                        int64_t *ret_size) MUST_CHECK;

#endif
