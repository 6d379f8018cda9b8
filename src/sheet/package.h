/* SPDX-License-Identifier: Apache-2.0 */
/* package.h -- the ZIP that an XLSX is: its parts by name, unpacked piece by piece.
 *
 * Nothing is unpacked to a file or whole into memory.  A part that grows beyond LIMIT_SHEET_XML or
 * LIMIT_SHEET_RATIO times is refused where it does, whatever its header says of its size; so is one
 * that is encrypted, or packed other than XLSX is.
 */
#ifndef GY_SHEET_PACKAGE_H
#define GY_SHEET_PACKAGE_H

#include "base/op.h"

struct package;

/* The bytes live as long as the package.  Fails: INVALID (no ZIP, broken, too many parts). */
enum rc package_open(struct op *op, struct str bytes, struct package **ret) MUST_CHECK;
void package_close(struct package *p); /* NULL is fine */

/* Capitals do not count, as OPC has it. */
bool package_has(const struct package *p, struct str name);

/* All of a part, in order; what `take` returns ends it. */
typedef enum rc package_take(void *ctx, const char *bytes, size_t n);
/* Fails: INVALID (no such part, broken, encrypted, a bomb); as `take`. */
enum rc package_read(struct op *op, struct package *p, struct str name, package_take *take,
                     void *ctx) MUST_CHECK;

#endif
