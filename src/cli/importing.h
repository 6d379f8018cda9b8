/* SPDX-License-Identifier: Apache-2.0 */
/* importing.h -- `gongyuan import KIND FILE`: one run of it, shared by its files; what an import
 * does is in sheet/import.h.
 */
#ifndef GY_CLI_IMPORTING_H
#define GY_CLI_IMPORTING_H

#include "cli/act.h"
#include "sheet/import.h"

struct importing {
	struct import im;
	struct cli *c;
	bool dry;
	struct str out;              /* of --skip-bad; NULL: none */
	struct act act;              /* actor and slots of every row */
	struct writer reader;        /* of a dry run */
	struct op keep;
	struct random random;        /* salts: apart from what the writer draws */
	struct checkpoint signed_at; /* after what was recorded */
};

/* import_told.c.  Fails: CONFLICT (it is the file itself), INVALID, DENIED, BROKEN. */
enum rc importing_out_write(struct importing *x) MUST_CHECK;
void importing_tell(struct importing *x);

/* import_template.c */
enum rc importing_template(struct cli *c, struct str kind) MUST_CHECK;
/* The columns of a kind, a line each. */
struct str importing_columns_help(struct cli *c, const struct cli_verb *v);

#endif
