/* SPDX-License-Identifier: Apache-2.0 */
/* tamper.h -- a ledger in memory, the hand that changes it in the files, and the place for it. */
#ifndef GY_TEST_TAMPER_H
#define GY_TEST_TAMPER_H

#include "base/random.h"
#include "db/db.h"
#include "ledger/checkpoint.h"

struct forge {
	struct op *op;
	struct db *db;           /* ledger.db of the copy, its triggers dropped */
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

void forge_bytes(struct forge *f, int64_t at, struct str bytes); /* the bytes alone */
void forge_row(struct forge *f, int64_t at, struct str bytes);   /* and its leaf */
void forge_whole(struct forge *f, int64_t at, struct str bytes); /* and the tiles over it */
void forge_tile(struct forge *f, int64_t at);                    /* a byte of the tile over it */
void forge_delete(struct forge *f, int64_t at);
void forge_insert(struct forge *f, int64_t at);
void forge_cut(struct forge *f, int64_t size);                   /* the tail, with its fence */
/* All checkpoints but one, made of the rows as they stand now, signed with the log's key. */
void forge_sign(struct forge *f, int64_t size, int64_t at, struct str bytes);
void forge_note(struct forge *f, struct str note);               /* in the place of the newest */

/* tamper_scene.c: folders below `top`.
 *   base         the true ledger, its newest checkpoint cosigned by a witness
 *   open.db      its ledger.db with the triggers dropped: what a forger starts from
 *   kept         its newest checkpoint, kept outside;  policy: asks for the witness
 *   job-J/copy   what is forged and audited by process J
 *   job-J/older  a demonstration on its way to the base */
struct scene {
	struct arena arena;
	struct op op;
	struct forge true_one; /* entries, leaves, key; without a database */
	struct str top;
	struct str other;      /* the newest note of another ledger */
	int64_t *slotted, nslotted; /* entries with two signatures or more */
	bool demo;             /* the base is a demonstration, not --base */
};

void scene_make(struct scene *s, const char *base); /* base NULL: a demonstration */
void scene_job(struct scene *s, int job);
/* The copy as it was: with `open`, without triggers; projections when they were edited. */
void scene_reset(struct scene *s, int job, bool open, bool view);
/* The copy is an older state of the whole, of so many entries; job's sizes only rise. */
void scene_older(struct scene *s, int job, int64_t size);

struct str scene_path(const struct scene *s, struct arena *a, int job, const char *name);
struct db *scene_open(struct scene *s, struct op *op, int job, const char *name);
_Noreturn void scene_die(const struct op *op, const char *what);
/* The exit code of a command of the shell. */
int scene_shell(const char *fmt, ...) PRINTF(1, 2);

#endif
