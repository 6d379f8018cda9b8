/* SPDX-License-Identifier: Apache-2.0 */
/* act.h -- a request put together from flags: its slots, its statement, its receipt. */
#ifndef GY_CLI_ACT_H
#define GY_CLI_ACT_H

#include "cli/cli.h"

struct act {
	struct request r;
	struct signed_slot slots[LIMIT_SLOTS];
	struct beside beside[LIMIT_PERSONAL + 1]; /* and the reason of an exception */
};

/* The name of an act's flag for this command: "key", or "act-key" where a field is called key. */
const char *cli_act_flag(struct arena *a, const struct command *cmd, const char *name);
struct str cli_act_value(struct cli *c, const char *name);

/* --slot NAME=HOW:PERSON[:SIGNATURE]….  Fails: INVALID, NOT_FOUND. */
enum rc act_slots_take(struct cli *c, struct act *a) MUST_CHECK;

/* What each slot's key must sign; with --json also everything that --prepared needs. */
enum rc act_statement_print(struct cli *c, const struct act *a) MUST_CHECK;
/* Key, data and texts from such a file.  Fails: INVALID, NOT_FOUND. */
enum rc act_prepared_read(struct cli *c, struct act *a) MUST_CHECK;

/* Gives it to the writer, signs a checkpoint, tells the receipt. */
enum rc act_do(struct cli *c, const struct request *r) MUST_CHECK;

/* The newest note's size and root.  Fails: INVALID. */
enum rc act_note_read(struct cli *c, struct str note, struct checkpoint *ret) MUST_CHECK;

#endif
