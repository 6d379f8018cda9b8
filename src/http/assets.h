/* SPDX-License-Identifier: Apache-2.0 */
/* assets.h -- the files of the web pages, read once at start and kept in memory.
 *
 * The folder is what the web build makes (web/dist): console/index.html, its assets with digests
 * in their names, and the like for each entry; beside a large text its .gz, which is sent to
 * whoever takes it.  A name that is not in memory is not there: no path from outside ever reaches
 * the disk.
 */
#ifndef GY_HTTP_ASSETS_H
#define GY_HTTP_ASSETS_H

#include "base/op.h"
#include "net/server.h"

struct assets;

/* *ret NULL: there is no such folder.  Fails: INVALID (too many or too large: LIMIT_ASSETS,
 * LIMIT_ASSETS_BYTES), DENIED (cannot be read). */
enum rc assets_open(struct op *op, struct str dir, struct assets **ret) MUST_CHECK;
void assets_free(struct assets *a); /* NULL is fine */

/* Answers a GET by the exchange's path; "/console/" is its index.html.  `a` NULL: 404, and how to
 * build the pages. */
void assets_answer(const struct assets *a, struct exchange *x);

#endif
