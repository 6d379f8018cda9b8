/* SPDX-License-Identifier: Apache-2.0 */
/* report.h -- what the audit found, by kind and index, and what it could not check.
 *
 * At most REPORT_MAX findings of a kind are kept (a destroyed ledger would give millions); the
 * rest is counted and said.  Texts come partly from what is audited, so control and direction
 * characters are replaced before they can reach a terminal.
 */
#ifndef GY_AUDIT_REPORT_H
#define GY_AUDIT_REPORT_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"

#define FINDING_KINDS(X) X(ENTRY, "entry") X(LEAF, "leaf") X(TILE, "tile") \
	X(CHECKPOINT, "checkpoint") X(NOTE, "note") X(COSIGNATURE, "cosignature") \
	X(ORDER, "order") X(ROLLBACK, "rollback") X(SIGNATURE, "signature") X(KEY, "key") \
	X(BOOK, "book")
#define X(id, text) FINDING_##id,
enum finding_kind { FINDING_KINDS(X) FINDING_KIND_MAX };
#undef X

#define REPORT_MAX 100       /* findings kept of one kind */
#define REPORT_UNCHECKED 32  /* things not checked; there are fewer reasons than that */
#define NO_INDEX (-1)        /* the finding is about no single entry: null in JSON */

struct finding {
	enum finding_kind kind;
	int64_t index; /* the first bad entry, or NO_INDEX */
	struct str zh, en;
};

struct report {
	struct arena *keep;
	struct finding list[FINDING_KIND_MAX * REPORT_MAX];
	size_t n;
	int64_t count[FINDING_KIND_MAX]; /* of each kind, with those not kept */
	struct finding unchecked[REPORT_UNCHECKED];
	size_t nunchecked;
	int64_t size;
	struct hash root;
	struct str origin; /* of the newest checkpoint; empty when none could be read */
};

const char *finding_kind_text(enum finding_kind k);

/* zh and en are printf formats over the same arguments, in the same order. */
void report_add(struct report *r, enum finding_kind kind, int64_t index, const char *zh,
                const char *en, ...) PRINTF(4, 6) PRINTF(5, 6);

/* Something that this run could not check, and what would let it. */
void report_unchecked(struct report *r, enum finding_kind kind, const char *zh, const char *en,
                      ...) PRINTF(3, 5) PRINTF(4, 5);

int64_t report_total(const struct report *r);

/* A view of s for a text: at most 80 bytes (cut at a UTF-8 border). */
struct str report_clip(struct str s);

/* The whole report: one JSON document, or plain words in Chinese or English. */
struct str report_json(struct arena *a, struct report *r);
struct str report_words(struct arena *a, struct report *r, bool chinese);

#endif
