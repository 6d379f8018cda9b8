/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue.h -- the modules' tables as a console needs them: which command has which fields and
 * signatures, which view which columns, and the words of everything that stands in the API as a
 * code.  What the examination's profile names (sessions, subjects, …) is in programme.c, because it
 * may change while the server runs.
 */
#ifndef GY_HTTP_CATALOGUE_H
#define GY_HTTP_CATALOGUE_H

#include "engine/module.h"

/* Its texts live in the arena and in the tables. */
struct json *catalogue_document(struct arena *a, const struct modules *m);

#endif
