/* SPDX-License-Identifier: Apache-2.0 */
/* console.h -- what the console asks before it shows anything: who am I, what may I do, which words
 * are there, when is what.
 *
 *   GET /api/v1/me          person, grants, and the names of what he may give and read
 *   GET /api/v1/catalogue   catalogue.h; the same for all, known by its ETag
 *   GET /api/v1/codes       the staff codes of persons' numbers
 *   GET /api/v1/programme   timetable and words of the profile in force (programme.c)
 *   GET /api/v1/profile     its windows, numbers and ladders, each with its source
 *   GET /console/…          its files (assets.h); also /onsite/… and /public/…
 */
#ifndef GY_HTTP_CONSOLE_H
#define GY_HTTP_CONSOLE_H

#include "http/api.h"
#include "http/assets.h"

struct console {
	const struct api_host *api;
	struct assets *assets;        /* NULL: no web pages were built */
	bool drill;
	struct str name_zh, name_en;  /* of the examination */
	struct str known;             /* the file of the checkpoint kept outside */
	unsigned *strangers;          /* public pages that a reader is asked for now */
	struct str catalogue, etag;   /* the document as it is sent, and its digest in quotes */
};

/* Makes the catalogue; texts in `a`. */
void console_init(struct arena *a, struct console *c);

/* programme.c */
enum rc programme_get(struct op *op, struct json *o) MUST_CHECK;
enum rc profile_get(struct op *op, struct json *o) MUST_CHECK;

#endif
