/* SPDX-License-Identifier: Apache-2.0 */
/* public_private.h -- a public page while it is made, for public.c and public_notice.c. */
#ifndef GY_HTTP_PUBLIC_PRIVATE_H
#define GY_HTTP_PUBLIC_PRIVATE_H

#include "base/hash.h"
#include "domain/service/service.h"
#include "http/public.h"

struct shown {
	const struct router *router;
	struct exchange *x;
	bool english;
	int64_t index;        /* of a receipt, of a notice; -1: none was asked for */
	struct str leaf_text;
	struct hash leaf;
	int status;
	enum rc (*fill)(struct op *op, struct shown *s);
	server_handle *finish;
	struct strbuf middle;
	enum rc rc;
	struct err err;
};

const char *public_tr(const struct shown *s, const char *zh, const char *en);
struct shown *public_shown(const struct asked *q, struct exchange *x);
/* The whole page, with its frame around the middle. */
void public_send(struct shown *s, const char *zh, const char *en, int status);
/* `fill` on a reader's thread, then `finish` on the server's. */
void public_read(struct shown *s, server_handle *finish);
/* A part of a time in the examination's offset: 0, 10 is its day, 11, 5 its minute. */
struct str public_time(const struct op *op, int64_t ms, size_t from, size_t n);

/* The newest notices in force, as a list; nothing when there is none and `heading` is wanted. */
enum rc public_put_notices(struct op *op, struct shown *s, int64_t most, bool heading);

#endif
