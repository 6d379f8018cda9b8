/* SPDX-License-Identifier: Apache-2.0 */
/* page_parts.h -- what the page is made of.  Private to src/http/page*.c. */
#ifndef GY_HTTP_PAGE_PARTS_H
#define GY_HTTP_PAGE_PARTS_H

#include "engine/alarm.h"
#include "engine/authority.h"
#include "engine/profile.h"
#include "http/html.h"
#include "http/page.h"
#include "http/scope.h"

extern const char PAGE_STYLE[], PAGE_SCRIPT[];

struct custody_holding;
struct site_plan;

/* One look at the day, for somebody with these grants. */
struct live {
	struct op *op;
	struct strbuf *to;
	bool english;
	struct str scope[SCOPE_PLACES]; /* the topmost places of the grants */
	size_t nscopes;
	const struct profile_session *session, *ended, *shown; /* on or next; last; of the sites */
	struct site_plan *sites;           size_t nsites;   /* by path */
	struct custody_holding *held;      size_t nheld;    /* at places */
	struct custody_holding *transit;   size_t ntransit; /* on vehicles, by the vehicles' place */
	struct alarm *alarms;              size_t nalarms;  /* open, the worst first */
};

/* The middle of the page; on a reader's thread. */
enum rc page_live(struct op *op, const struct granted *grants, size_t n, bool english,
                  struct strbuf *to) MUST_CHECK;

const char *live_tr(const struct live *l, const char *zh, const char *en);
struct str live_clock(const struct live *l, int64_t ms);        /* "08:55" */
struct str live_place(const struct live *l, struct str place);  /* its name, else its path */
const char *live_colour(const struct live *l, int colour);
const char *live_colour_class(int colour);

/* page_sites.c */
enum rc sites_read(struct live *l) MUST_CHECK;
enum rc sites_put(struct live *l) MUST_CHECK;
bool live_is_site(const struct live *l, struct str place);

#endif
