/* SPDX-License-Identifier: Apache-2.0 */
/* treework.h -- the tree that the entries give, against stored tiles, checkpoints, and what is
 * kept outside.
 *
 * Entries stream through; only the incomplete tiles and the peaks are in memory.  A checkpoint is
 * compared when the tree has exactly its size.
 */
#ifndef GY_AUDIT_TREEWORK_H
#define GY_AUDIT_TREEWORK_H

#include "audit/keys.h"
#include "audit/source.h"
#include "ledger/tree.h"

#define KNOWN_MAX 64 /* checkpoints kept outside that one run compares */

struct known {
	struct str name;      /* of the file, for the report */
	struct checkpoint point;
	bool compared;
};

struct treework {
	struct report *report;
	struct source *source;
	const struct keys *keys;
	struct hasher *hasher;
	struct tree tree;
	struct tile_row {
		struct hash h[TILE_WIDTH];
		int n;
		uint64_t number;      /* of this tile in its level */
	} level[8];
	struct known known[KNOWN_MAX];
	int nknown;
	int64_t first_bad;        /* entry whose bytes do not have their stored leaf; NO_INDEX */

	struct arena note_arena;  /* of the note that waits */
	bool has_note, notes_done;
	struct checkpoint point;  /* what the waiting note says */
	bool cosigned;            /* it has the policy's cosignatures */
	int64_t stored_notes;
	bool last_bad;            /* the newest stored note does not verify */
	int64_t good_size;        /* of the newest checkpoint that holds; NO_INDEX: none */
	int64_t newest_size;      /* of the newest one signed; NO_INDEX: none */
	int64_t ahead;            /* of the largest one beyond the entries; NO_INDEX: none */
	bool quorum;              /* the newest checkpoint is cosigned enough */
	int64_t unsigned_ms;      /* time of the first entry that no checkpoint covers; -1: none */
	struct str origin;        /* of the newest checkpoint, in the report's arena */
};

void treework_init(struct treework *t, struct report *r, struct source *s, const struct keys *k);
void treework_release(struct treework *t);

/* A checkpoint kept outside, to be compared on the way.  One that does not verify is a finding. */
void treework_known(struct treework *t, struct op *keep, struct str name, struct str bytes);

/* Before the first entry, and after each: the next entry's leaf, in order. */
void treework_start(struct treework *t, struct op *op);
void treework_push(struct treework *t, struct op *op, const struct hash *leaf, int64_t time_ms);

/* The next 256 leaves at once, by the hash over them; first_ms: the time of the first.  Only when
 * nothing is to be compared within them: the tree has whole tiles, and no checkpoint ends there. */
bool treework_takes_tile(const struct treework *t);
void treework_push_tile(struct treework *t, struct op *op, const struct hash leaf[TILE_WIDTH],
                        const struct hash *root, int64_t first_ms);

/* After the last entry.  `origin`: of the genesis, empty when there is none. */
void treework_end(struct treework *t, struct op *op, struct str origin);

/* treenotes.c: stored checkpoints whose size the tree has reached; those left at the end. */
void treework_notes(struct treework *t, struct op *op);
void treework_notes_end(struct treework *t, struct op *op, struct str origin);

#endif
