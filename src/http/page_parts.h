/* SPDX-License-Identifier: Apache-2.0 */
/* page_parts.h -- what the page is made of.  Private to src/http/page*.c. */
#ifndef GY_HTTP_PAGE_PARTS_H
#define GY_HTTP_PAGE_PARTS_H

#include "engine/authority.h"
#include "http/html.h"
#include "http/page.h"

extern const char PAGE_STYLE[], PAGE_SCRIPT[];

/* The middle of the page for somebody with these grants; on a reader's thread. */
enum rc page_live(struct op *op, const struct granted *grants, size_t n, bool english,
                  struct strbuf *to) MUST_CHECK;

#endif
