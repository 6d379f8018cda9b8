/* SPDX-License-Identifier: Apache-2.0 */
/* api_private.h -- the parts of /api/v1, for api.c. */
#ifndef GY_HTTP_API_PRIVATE_H
#define GY_HTTP_API_PRIVATE_H

#include "http/api.h"

/* The receipt of an act that was taken. */
struct json *api_receipt(struct arena *m, const struct answer *a);
/* "key", "badge", …; false: none of them. */
bool api_how(struct str text, int *ret);
/* [{"field", "text", "salt"}, …], with the macs made; `ret` has LIMIT_PERSONAL + 1 places. */
enum rc api_beside(struct op *op, const struct json *list, struct beside *ret, size_t *ret_n)
	MUST_CHECK;

void api_command(const struct api_host *h, struct exchange *x, const struct caller *who,
                 struct str name);
void api_batch(const struct api_host *h, struct exchange *x, const struct caller *who);
/* An act of a stage, {"command", "key", "data", "slots", …}, as a request: its data are canonical
 * already, persons are numbers, texts macs.  All in the op's arena. */
enum rc api_staged(struct op *op, const struct api_host *h, struct person_id actor,
                   const struct json *act, struct request **ret) MUST_CHECK;

void api_view(const struct api_host *h, struct exchange *x, const struct caller *who,
              struct str path);

#endif
