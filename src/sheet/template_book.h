/* SPDX-License-Identifier: Apache-2.0 */
/* template_book.h -- an empty spreadsheet to fill in and import: a head, a made-up example that the
 * import passes over, lists to choose from, and a sheet that says how each column is filled in and
 * by which rule.
 */
#ifndef GY_SHEET_TEMPLATE_BOOK_H
#define GY_SHEET_TEMPLATE_BOOK_H

#include "engine/module.h"

/* The column whose rows are examples, and what stands in it. */
#define EXAMPLE_ZH "样例"
#define EXAMPLE_EN "example"
#define EXAMPLE_MARK_ZH "虚构样例，导入时跳过本行"
#define EXAMPLE_MARK_EN "made up: the import passes over this row"

struct template_column {
	const struct field *field;
	struct str label;  /* its head */
	struct str name;   /* as programs write it */
	const char *cites; /* NULL: no article */
	bool required;
};

struct template_book {
	const char *title;
	const struct template_column *columns;
	size_t ncolumns;
	bool en;
};

/* Fails: BROKEN. */
enum rc template_book(struct op *op, const struct template_book *t, struct str *ret) MUST_CHECK;

#endif
