/* SPDX-License-Identifier: Apache-2.0 */
/* route.h -- which path is whose: const tables that the server routes by and that OpenAPI is made
 * of (openapi.h), so that neither has a path that the other lacks.
 *
 * A part in braces and what follows it stand for all the rest of a path
 * ("/api/v1/commands/{command}"); the first row that fits a path says which rows are asked for the
 * method.  GET answers HEAD too; OPTIONS and a method that no row has are answered here, with
 * Allow.
 */
#ifndef GY_HTTP_ROUTE_H
#define GY_HTTP_ROUTE_H

#include "http/api.h"

struct sessions;
struct feed;
struct pages;
struct tiles;
struct links;
struct console;
struct integrity;
struct stage_host;

/* What the handlers work with. */
struct router {
	const struct api_host *api;
	struct sessions *sessions;
	struct feed *feed;
	struct pages *pages;
	struct tiles *tiles;
	struct links *links;
	const struct console *console;
	struct integrity *integrity;
	const struct stage_host *stage; /* NULL: there is none */
	struct str openapi;  /* the document, as it is sent */
};

/* One request under a route. */
struct asked {
	const struct router *router;
	struct str rest;     /* what the braces stand for */
	struct caller who;   /* ROUTE_CALLER: a person */
};

enum route_who {
	ROUTE_OPEN,          /* anybody; the handler looks for itself */
	ROUTE_CALLER,        /* whoever has a login; others are 401 */
	ROUTE_DIRECTOR,      /* whoever directs the drill (stage.h); others are 401, without one 404 */
};

enum route_kind {
	ROUTE_ONE,
	ROUTE_COMMANDS,      /* one path for each command of the modules */
	ROUTE_VIEWS,         /* one path for each view */
	ROUTE_PAGE,          /* of the first screen: no part of the API */
};

struct route_param {
	const char *name, *in; /* "query", "header", "path" */
	const char *schema;    /* a row of openapi_schemas.c */
	bool required;
	const char *zh, *en;
};

/* What it answers when it went well. */
struct route_answer {
	int status;
	const char *type;      /* "application/json"; NULL: no body */
	const char *schema;    /* a row of openapi_schemas.c; NULL: text */
	const char *zh, *en;
};

struct route {
	const char *method, *path;
	enum route_who who;
	enum route_kind kind;
	void (*handle)(const struct asked *a, struct exchange *x);
	const char *body;                   /* a row of openapi_schemas.c; NULL: no body is read */
	const char *const *files;           /* or types of content that it takes as they are */
	size_t body_most;                   /* for who has a login; 0: LIMIT_BODY */
	const struct route_param *params;   size_t nparams;
	const struct route_answer *answers; size_t nanswers;
	const int *problems;                /* statuses of problems, 0 at the end */
	bool asks_columns;                  /* of a view: its filter looks at the query (filter.h) */
	const char *zh, *en;
};
#define PARAMS(p) .params = (p), .nparams = COUNT(p)
#define ANSWERS(a) .answers = (a), .nanswers = COUNT(a)

struct route_table {
	const struct route *list;
	const size_t *n;
};

/* All tables, in the order in which they are asked. */
extern const struct route_table ROUTES[];
extern const size_t NROUTES;

/* One table a file. */
extern const struct route SESSION_ROUTES[], BADGE_ROUTES[], FEED_ROUTES[], LINK_ROUTES[],
	TILE_ROUTES[], PAGE_ROUTES[], CONSOLE_ROUTES[], TERMINAL_ROUTES[], READ_ROUTES[],
	FORM_ROUTES[], API_ROUTES[], ENTRY_ROUTES[], SCANNED_ROUTES[],
	PLACE_ROUTES[], STATE_ROUTES[];
extern const size_t SESSION_NROUTES, BADGE_NROUTES, FEED_NROUTES, LINK_NROUTES, TILE_NROUTES,
	PAGE_NROUTES, CONSOLE_NROUTES, TERMINAL_NROUTES, READ_NROUTES, FORM_NROUTES, API_NROUTES,
	ENTRY_NROUTES, SCANNED_NROUTES, PLACE_NROUTES, STATE_NROUTES;
extern const struct route EXPORT_ROUTES[], IMPORT_ROUTES[], RECONCILE_ROUTES[];
extern const size_t EXPORT_NROUTES, IMPORT_NROUTES, RECONCILE_NROUTES;
extern const struct route DAY_ROUTES[], DOCTOR_ROUTES[], OFFER_ROUTES[], STAGE_ROUTES[];
extern const size_t DAY_NROUTES, DOCTOR_NROUTES, OFFER_NROUTES, STAGE_NROUTES;

/* The row of this method ("HEAD" is "GET") and path; NULL: none. *ret_rest: what its braces stand
 * for. */
const struct route *route_find(struct str method, struct str path, struct str *ret_rest);

/* How much may come under this head (net/server.h). */
size_t route_body_most(const struct router *r, struct exchange *x);

/* Answers, or hands on. */
void route_handle(const struct router *r, struct exchange *x);

#endif
