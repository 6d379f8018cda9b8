/* SPDX-License-Identifier: Apache-2.0 */
/* flags.h -- the command line of gongyuan-audit. */
#ifndef GY_AUDIT_FLAGS_H
#define GY_AUDIT_FLAGS_H

#include "audit/audit.h"

struct flags {
	struct audit_options options;
	struct str token_file;
	bool json, english, help;
};

/* Fails: INVALID (an unknown flag, with the nearest known one; a value or the source is missing).
 * *ret->english is set as far as it was read, for the complaint. */
enum rc flags_read(struct op *op, int argc, char **argv, struct flags *ret) MUST_CHECK;

#endif
