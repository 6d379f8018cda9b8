/* SPDX-License-Identifier: Apache-2.0 */
/* page.h -- the first screen: one page that needs no script to be read, and a small one that keeps
 * it live: the session's clock, open alarms, the sites, where the papers are.
 *
 *   GET /          the page, or the form of the login
 *   POST /login    of that form; POST /logout
 *   GET /live      the middle of the page, for the script
 */
#ifndef GY_HTTP_PAGE_H
#define GY_HTTP_PAGE_H

#include "http/session.h"

struct pages {
	const struct api_host *api;
	struct sessions *sessions;
	bool drill;
	struct str name_zh, name_en; /* of the examination */
	bool console;                /* there is one to go to */
};

#endif
