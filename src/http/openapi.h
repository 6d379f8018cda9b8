/* SPDX-License-Identifier: Apache-2.0 */
/* openapi.h -- the API as OpenAPI 3.1, out of the tables that the program runs by: the routes
 * (route.h), the commands and views of the modules, and their fields.
 *
 * docs/openapi.json is the committed copy; a test compares it.  The schemas say what a program
 * should send; field_intake also takes strings where a form or a CSV cell has nothing else.
 */
#ifndef GY_HTTP_OPENAPI_H
#define GY_HTTP_OPENAPI_H

#include "engine/module.h"

/* The document; its texts live in the arena and in the tables. */
struct json *openapi_document(struct arena *a, const struct modules *m);

/* For files that are compared: members sorted, one line for each path and each schema. */
struct str openapi_text(struct arena *a, const struct json *document);

#endif
