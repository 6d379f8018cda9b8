/* SPDX-License-Identifier: Apache-2.0 */
/* qr.h -- a QR code as a picture, for paper.
 *
 * A picture is SVG (for a printer or a browser) or a PBM bitmap (for programs), by the end of its
 * name.  Texts of digits, capitals and "$%*+-./:" alone take the least room.
 */
#ifndef GY_PRINT_QR_H
#define GY_PRINT_QR_H

#include "base/op.h"

#define QR_QUIET 4 /* modules of white on each side; ISO/IEC 18004 asks for four */

/* The modules alone, for who draws them; in the op's arena. */
struct qr_modules {
	int width;                 /* on a side, without the quiet zone */
	const unsigned char *bits; /* width * width; bit 0 of each: black */
};
/* Error correction is M, or L when the text would not fit otherwise.  Fails: INVALID. */
enum rc qr_encode(struct op *op, struct str text, struct qr_modules *ret) MUST_CHECK;

/* The picture's bytes; `name` ends in .svg or .pbm.  Fails: INVALID (too
 * long for one code, another kind of picture). */
enum rc qr_picture(struct op *op, struct str text, struct str name, struct str *ret) MUST_CHECK;

#endif
