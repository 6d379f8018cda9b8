/* SPDX-License-Identifier: Apache-2.0 */
/* qr.h -- a QR code as a picture, for paper.
 *
 * A picture is SVG (for a printer or a browser) or a PBM bitmap (for programs), by the end of its
 * name.  Texts of digits, capitals and "$%*+-./:" alone take the least room.
 */
#ifndef GY_PRINT_QR_H
#define GY_PRINT_QR_H

#include "base/op.h"

/* The picture's bytes; `name` ends in .svg or .pbm.  Error correction is M, or L when the text
 * would not fit otherwise.  Fails: INVALID (too long for one code, another kind of picture). */
enum rc qr_picture(struct op *op, struct str text, struct str name, struct str *ret) MUST_CHECK;

#endif
