/* SPDX-License-Identifier: Apache-2.0 */
/* link_private.h -- between link.c (opening) and act.c (acts by a link). */
#ifndef GY_HTTP_LINK_PRIVATE_H
#define GY_HTTP_LINK_PRIVATE_H

#include "http/link.h"

/* An exchange that is answered by a job on the links' thread. */
struct linking {
	struct links *links;
	struct exchange *x;
	struct json *body;
	struct json *answer; /* when rc is OK */
	int status;          /* of that answer */
	enum rc rc;
	struct err err;
	void (*job)(struct linking *l, struct op *op); /* op: the exchange's arena */
};
/* Runs the job on the links' thread, then answers with what it left. */
void link_run(struct links *l, struct exchange *x, void (*job)(struct linking *l, struct op *op));

void link_acts(struct links *l, struct exchange *x);

#endif
