/* SPDX-License-Identifier: Apache-2.0 */
/* secret.h -- what a backup holds only when asked to: keys/ with the certificates in keys/tls, and
 * who may log in (logins.db). */
#ifndef GY_CLI_SECRET_H
#define GY_CLI_SECRET_H

#include "cli/cli.h"

/* A passphrase or password: the first line of standard input, so that it stands in no list of
 * processes.  `what` is said to who sits at a terminal.  Fails: INVALID. */
enum rc secret_line(struct cli *c, const char *zh, const char *en, struct str *ret) MUST_CHECK;

/* The secrets of the data folder `from`, as files in a new folder, or as one sealed text. */
enum rc secret_to_folder(struct cli *c, struct str from, struct str to) MUST_CHECK;
enum rc secret_seal(struct cli *c, struct str from, struct str *ret) MUST_CHECK;
/* And back, into a data folder that has none yet. */
enum rc secret_from_folder(struct cli *c, struct str from, struct str to) MUST_CHECK;
enum rc secret_unseal(struct cli *c, struct str box, struct str to) MUST_CHECK;

#endif
