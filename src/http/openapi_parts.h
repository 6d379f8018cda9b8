/* SPDX-License-Identifier: Apache-2.0 */
/* openapi_parts.h -- the pieces of the document, for openapi.c. */
#ifndef GY_HTTP_OPENAPI_PARTS_H
#define GY_HTTP_OPENAPI_PARTS_H

#include "engine/module.h"

/* {"$ref":"#/components/schemas/NAME"} */
struct json *schema_ref(struct arena *a, const char *name);
/* A text as it should be sent in a command, or as it stands in an event. */
struct json *schema_fields(struct arena *a, const struct field *f, size_t n, bool event);
/* A row of a view. */
struct json *schema_row(struct arena *a, const struct view *v);
/* One of those below, as it is written down: ' stands for ". */
struct schema_text {
	const char *name, *text;
};
extern const struct schema_text CONSOLE_SCHEMAS[]; /* openapi_console.c */
extern const size_t CONSOLE_NSCHEMAS;
extern const struct schema_text SYSTEM_SCHEMAS[]; /* openapi_system.c */
extern const size_t SYSTEM_NSCHEMAS;

/* The schemas that no table of a module has, by their names. */
void schemas_common(struct arena *a, struct json *to);

#endif
