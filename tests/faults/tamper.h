/* SPDX-License-Identifier: Apache-2.0 */
/* tamper.h -- a ledger in memory, and the hand that changes it in the files. */
#ifndef GY_TEST_TAMPER_H
#define GY_TEST_TAMPER_H

#include "db/db.h"
#include "ledger/checkpoint.h"

struct forge {
	struct op *op;
	struct db *db;         /* ledger.db of the copy, its triggers dropped */
	const struct str *entry; /* of the true ledger */
	const struct hash *leaf;
	int64_t size;
	struct str origin, note; /* note: the newest */
	struct ed25519_key key;  /* the log's: the forger has it */
	struct hasher *hasher;
};

void forge_run(struct forge *f, const struct sql *q, const struct sqlv *v, int n);
void forge_triggers(struct forge *f);

/* The bytes of an entry, or of a note, with one character made another. */
struct str forge_flip(struct arena *a, struct str s, size_t at);
/* One of two or more slots taken out; empty when there are not two. */
struct str forge_unslot(struct arena *a, struct str entry);

void forge_bytes(struct forge *f, int64_t at, struct str bytes);  /* the bytes alone */
void forge_row(struct forge *f, int64_t at, struct str bytes);    /* and its leaf */
void forge_whole(struct forge *f, int64_t at, struct str bytes);  /* and its tile */
void forge_tile(struct forge *f, int64_t at);                     /* a byte of the tile over it */
void forge_delete(struct forge *f, int64_t at);
void forge_insert(struct forge *f, int64_t at);
void forge_cut(struct forge *f, int64_t size);                    /* the tail, with its fence */
/* All checkpoints but one, made of the rows as they stand now, signed with the log's key. */
void forge_sign(struct forge *f, int64_t size, int64_t at, struct str bytes);
void forge_note(struct forge *f, struct str note);                /* in the place of the newest */

#endif
