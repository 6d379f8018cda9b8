/* SPDX-License-Identifier: Apache-2.0 */
/* director.h -- the token of whoever directs a drill from outside: DIR/keys/director.key, 0600,
 * made when `serve --direct` finds none.  Without it nobody may say who acts and what time it is.
 */
#ifndef GY_APP_DIRECTOR_H
#define GY_APP_DIRECTOR_H

#include "base/op.h"
#include "base/random.h"

struct str director_file(struct arena *a, struct str dir);
/* Reads it, or makes it.  Fails: as file_write; BROKEN (the file holds something else). */
enum rc director_token(struct op *op, struct str dir, struct random *r, struct str *ret)
	MUST_CHECK;
/* Reads it.  Fails: NOT_FOUND, DENIED, BROKEN. */
enum rc director_read(struct op *op, struct str file, struct str *ret) MUST_CHECK;

#endif
