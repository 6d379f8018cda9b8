/* SPDX-License-Identifier: Apache-2.0 */
/* paper.h -- a PDF read back as others read it: poppler for text, places and pictures, ZBar for QR
 * codes.
 */
#ifndef GY_TEST_PAPER_H
#define GY_TEST_PAPER_H

#include "base/op.h"

/* Are pdftotext, pdftoppm and zbarimg here? */
bool paper_can(void);

struct paper {
	struct arena *arena;
	char dir[64], pdf[96];
};
/* A folder of its own with this PDF; paper_release removes it. */
void paper_init(struct paper *p, struct arena *a, struct str pdf);
void paper_release(struct paper *p);

/* The text of all pages (0) or one, each text where it stands (-layout). */
struct str paper_text(struct paper *p, int page);
int paper_pages(struct paper *p);
size_t paper_count(struct str text, const char *what);
/* The first word of a page that does not lie wholly on the paper, as pdftotext -bbox prints it;
 * "" when all do. */
struct str paper_outside(struct paper *p);
/* The first two words of which one lies on the other by more than a point of height and width; ""
 * when none does.  A drill's watermark, which lies on everything, is left out. */
struct str paper_overlap(struct paper *p);
/* What ZBar reads of a page at 150 dpi, codes a line each. */
struct str paper_qr(struct paper *p, int page);
/* How many pixels of a page are dark, at 72 dpi. */
size_t paper_ink(struct paper *p, int page);

#endif
