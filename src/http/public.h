/* SPDX-License-Identifier: Apache-2.0 */
/* public.h -- pages for candidates, parents and whoever holds a receipt: no login, no script, no
 * name of anybody.
 *
 *   GET /public/           the programme of the examination, day by day
 *   GET /public/notices    notices in force, the newest first (domain/service)
 *   GET /public/notices/N  one of them; when it is withdrawn, that it is
 *   GET /public/receipt    is this receipt in the ledger?  ?index= and ?leaf= as it says
 *
 * A receipt's page tells no more than who holds the receipt has: with another leaf there is no such
 * entry.  The same can be checked without this server by the offline page that lies beside
 * (web/public).
 */
#ifndef GY_HTTP_PUBLIC_H
#define GY_HTTP_PUBLIC_H

#include "http/route.h"

void public_programme(const struct asked *q, struct exchange *x);
void public_notices(const struct asked *q, struct exchange *x);
void public_notice(const struct asked *q, struct exchange *x);
void public_receipt(const struct asked *q, struct exchange *x);
void public_style(const struct asked *q, struct exchange *x);

#endif
