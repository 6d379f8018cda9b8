/* SPDX-License-Identifier: Apache-2.0 */
/* refusal.h -- what the network's own layer says of a request that is not handed on: a problem as
 * those of src/http, which stands above this room, in both languages.
 */
#ifndef GY_NET_REFUSAL_H
#define GY_NET_REFUSAL_H

#include "base/arena.h"
#include "base/str.h"

/* The name of a status. */
const char *status_title(int status, bool english);
/* The same in Chinese; NULL: nobody has said it in Chinese (a test asks for each). */
const char *refusal_zh(const char *why);
/* The problem; `why` as refusal.c has it, in English. */
struct str refusal_body(struct arena *a, int status, const char *why, bool english);

#endif
