/* SPDX-License-Identifier: Apache-2.0 */
/* page_private.h -- a page under the pen, for the files of the kit. */
#ifndef GY_PRINT_PAGE_PRIVATE_H
#define GY_PRINT_PAGE_PRIVATE_H

#include <pango/pangocairo.h>

#include "print/page.h"

struct page {
	struct op *op;
	PangoContext *pango;
	GHashTable *faces;       /* of the document: page_ink.c */
	cairo_t *cr;             /* NULL: measuring */
	const struct form *form;
	int number;              /* of the page, from 1 */
	double y;
	struct strbuf said;      /* the content; while measuring */
	bool quiet;              /* what is drawn is no content */
	enum rc rc;
};

/* Title, QR code and watermark; sets p->y under them.  Then the foot. */
void page_begin(struct page *p);
void page_break(struct page *p);
/* A laid-out text at its upper left corner, in the colour that is set. */
void page_ink(struct page *p, PangoLayout *l, double x, double y);
/* The QR's text of this page. */
struct str page_code(struct page *p);

#endif
