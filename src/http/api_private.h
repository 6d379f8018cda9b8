/* SPDX-License-Identifier: Apache-2.0 */
/* api_private.h -- the parts of /api/v1, for api.c. */
#ifndef GY_HTTP_API_PRIVATE_H
#define GY_HTTP_API_PRIVATE_H

#include "http/api.h"

/* The receipt of an act that was taken. */
struct json *api_receipt(struct arena *m, const struct answer *a);
/* "key", "badge", …; false: none of them. */
bool api_how(struct str text, int *ret);

void api_command(const struct api_host *h, struct exchange *x, const struct caller *who,
                 struct str name);
void api_batch(const struct api_host *h, struct exchange *x, const struct caller *who);
void api_view(const struct api_host *h, struct exchange *x, const struct caller *who,
              struct str path);

#endif
