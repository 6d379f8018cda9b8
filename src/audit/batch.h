/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h -- up to 256 entries, read and made ready for the checks.
 *
 * What needs nothing but an entry's own bytes is done here, in any order and on any thread: its
 * leaf, its form, the hash of its act, its signatures as far as their keys are known.  What an
 * entry says about others is checked afterwards, in order, by one thread.
 */
#ifndef GY_AUDIT_BATCH_H
#define GY_AUDIT_BATCH_H

#include "audit/entry.h"
#include "audit/source.h"

struct batch {
	struct arena bytes; /* of the rows */
	struct source_row row[TILE_WIDTH];
	size_t n;

	struct arena keep; /* what the entries point to */
	struct entry entry[TILE_WIDTH];
	bool ready[TILE_WIDTH];       /* entry[i] is there; else entry_read has to say why not */
	struct hash leaf[TILE_WIDTH]; /* of the bytes; of one too large: as stored */
	bool whole;                   /* all leaves of one tile, in order; `root` is over them */
	struct hash root;
};

/* One thread's means. */
struct batcher {
	struct arena brief;
	struct hasher *hasher;
	struct hints *hints;
};

void batcher_init(struct batcher *w, struct hints *hints);
void batcher_release(struct batcher *w);

/* Empties it for the next rows. */
void batch_reset(struct batch *b);
void batch_release(struct batch *b);

/* From row and n, all the rest. */
void batch_prepare(struct batch *b, struct batcher *w);

#endif
