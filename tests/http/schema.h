/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h -- the part of JSON Schema 2020-12 that docs/openapi.json uses in replies. */
#ifndef GY_TEST_SCHEMA_H
#define GY_TEST_SCHEMA_H

#include "base/json.h"

/* `root`: where "#/…" references begin.  False: `why` says where and what. */
bool schema_fits(const struct json *root, const struct json *schema, const struct json *v,
                 struct strbuf *why);

/* "#/components/schemas/x" -> that value; NULL: none. */
const struct json *schema_pointer(const struct json *root, struct str ref);

#endif
