/* SPDX-License-Identifier: Apache-2.0 */
/* audit.h -- one audit: a source, everything that can be checked about it, a report.
 *
 * Shares no code with engine/ and domain/: what they write is read here from its bytes alone, by
 * docs/formats.md.  It goes on after a finding, and says what it could not check.
 */
#ifndef GY_AUDIT_AUDIT_H
#define GY_AUDIT_AUDIT_H

#include "audit/report.h"
#include "base/op.h"

struct audit_options {
	struct str source; /* a folder, or a postgresql://, http:// or https:// URL */
	struct str db;     /* with a folder: its database; empty when none */
	struct str known[64];
	int nknown;
	struct str token;  /* of a login, for a server; empty when none */
	struct str cacert; /* a file of the authorities to trust; empty: the system's */
	int ask_ms;        /* how long one answer of a server may take; 0: LIMIT_ASK_MS */
	struct str policy; /* a file; empty when none */
	struct str report; /* a day's report as JSON, whose papers are recomputed; empty when none */
	int threads;       /* beside the caller's own */
};

/* op->now_ms is the moment of the audit; its arena keeps the report's texts.
 * Fails: INVALID, NOT_FOUND, DENIED (the source or an option cannot be used), BUSY. */
enum rc audit_run(struct op *op, const struct audit_options *o, struct report *ret) MUST_CHECK;

#endif
