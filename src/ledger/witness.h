/* SPDX-License-Identifier: Apache-2.0 */
/* witness.h -- C2SP tlog-witness: cosigns checkpoints of other bodies' logs, one tree for each.
 *
 *   DIR/witness.db    for each log: its keys, and the newest checkpoint that was cosigned
 *   DIR/witness.key   64 hex digits and a newline, 0600      DIR/witness.vkey   the public half
 *
 * No sockets here: a request is bytes, an answer a status and bytes.  witness_http serves them,
 * a file carries them as well.
 *
 * Invariant: of a log, what is stored only ever grows, and each stored tree continues the one
 * before.  The check and the write are one transaction, and a cosignature leaves this file only
 * after its commit is durable; who dies in between has stored more than anybody was told, never
 * less.  Several processes and threads may serve one folder, each with a `struct witness` of its
 * own.
 */
#ifndef GY_WITNESS_H
#define GY_WITNESS_H

#include "base/clock.h"
#include "ledger/checkpoint.h"
#include "net/listener.h"

struct db;

/* The body of add-checkpoint: "old N", proof lines, an empty line, a checkpoint. */
struct witness_request {
	uint64_t old;
	struct proof proof;
	struct str note;
};
struct str witness_request_format(struct arena *a, const struct witness_request *r);
/* Form only; the note's form is checked by who reads it.  Fails: INVALID. */
enum rc witness_request_parse(struct op *op, struct str body,
                              struct witness_request *ret) MUST_CHECK;

struct witness {
	struct arena arena; /* of what stands below */
	struct db *db;
	struct hasher *hasher;
	struct ed25519_key key;
	struct note_key vkey;  /* cosignature/v1 */
	struct note_key *logs; /* trusted; an origin (a key's name) may have several */
	int nlogs;
	const struct clock *clock; /* for witness_http; set by who serves */
};

/* Makes a folder, or uses an empty one.  Fails: CONFLICT (there is a witness in it), INVALID (the
 * name, a key that is no log's or stands twice), DENIED, BROKEN. */
enum rc witness_create(struct op *op, struct str dir, struct str name, const uint8_t seed[32],
                       const struct note_key *logs, int nlogs) MUST_CHECK;
/* Fails: NOT_FOUND, INVALID, DENIED, BUSY, BROKEN. */
enum rc witness_open(struct op *op, struct str dir, struct witness *ret) MUST_CHECK;
void witness_release(struct witness *w);

struct witness_answer {
	int status;            /* 200 400 403 404 409 422 */
	struct str type, body; /* 200: signature lines; 409: the stored size; else why, in words */
	struct str note;       /* 200: the checkpoint with the log's lines and ours */
};

/* add-checkpoint at `now_s` > 0.  OK with an answer whatever its status.
 * Fails: BUSY, BROKEN: nothing is answered, nothing is cosigned. */
enum rc witness_add(struct op *op, struct witness *w, struct str body, int64_t now_s,
                    struct witness_answer *ret) MUST_CHECK;

/* The newest cosigned checkpoint of the log whose origin has this SHA-256 in hex: 200 or 404. */
enum rc witness_newest(struct op *op, struct witness *w, struct str origin_hash,
                       struct witness_answer *ret) MUST_CHECK;

/* A listener_handle; ctx is a struct witness.  POST /add-checkpoint, GET /HASH/checkpoint. */
void witness_http(void *ctx, struct arena *a, const struct listener_request *q,
                  struct listener_reply *ret);

#endif
