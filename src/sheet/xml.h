/* SPDX-License-Identifier: Apache-2.0 */
/* xml.h -- one part of an XLSX as elements and text, as they come.
 *
 * Names and attributes without their prefix.  A DTD is refused, so there are no entities but XML's
 * own five and nothing outside the file is ever asked for; depth and the length of a tag are
 * bounded.
 */
#ifndef GY_SHEET_XML_H
#define GY_SHEET_XML_H

#include "sheet/package.h"

/* Each fills op->err when it fails, which ends the reading.  NULL: nobody listens. */
struct xml_sink {
	enum rc (*begin)(void *ctx, const char *name, const char **attr);
	enum rc (*end)(void *ctx, const char *name);
	enum rc (*text)(void *ctx, const char *s, size_t n); /* in pieces */
	void *ctx;
};

/* Fails: INVALID (no such part, not well-formed, over a limit); as the sink. */
enum rc xml_read(struct op *op, struct package *p, struct str part,
                 const struct xml_sink *sink) MUST_CHECK;

/* An attribute's value, until the next element; {NULL, 0}: absent. */
struct str xml_attr(const char **attr, const char *name);

#endif
