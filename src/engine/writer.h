/* SPDX-License-Identifier: Apache-2.0 */
/* writer.h -- the one that writes: batches of requests, timers before them, one commit a batch.
 *
 * No threads here (app/ has them).  For each request, whole or not at all: an earlier receipt
 * answers; else timers due by now run, the act is built or checked, fields are
 * read, slots and authority are checked, the rule runs.  A refused order leaves nothing, or, when
 * guarded, one `order.refused`.  After a BROKEN the writer is read-only.
 */
#ifndef GY_WRITER_H
#define GY_WRITER_H

#include "base/clock.h"
#include "base/random.h"
#include "db/store.h"
#include "engine/run.h"
#include "engine/vault.h"
#include "ledger/ledger.h"

enum { NO_AUTHORITY = -1 }; /* index before the first authority event */

struct writer {
	struct store *store;
	struct ledger ledger;
	const struct modules *modules;
	struct profile profile;
	struct authority *authority;
	struct vault vault;
	struct clock *clock;
	struct random *random;
	struct arena keep;       /* lives as long as the writer */
	struct arena scratch;    /* of one operation */
	struct str origin, exam;
	int64_t node;            /* of ids made here; 0 for a single office */
	bool drill;
	struct ed25519_key device_key;
	int64_t device;          /* this host's own */
	int64_t device_seq, device_at; /* its newest act, and the entry that holds it (-1) */
	int64_t device_told;           /* the act that the projection knows as its newest */
	struct hash device_head;
	int64_t last_ms;         /* ledger time of the newest entry */
	int64_t last_authority;  /* index of the newest authority event */
	int64_t next_due_ms;     /* of the earliest timer */
	int64_t view_at;         /* entries that the projections have seen */
	bool flush;              /* a text was removed: the file must be flushed after this commit */
	bool redo, careful;      /* struct writer_mark */
	bool behind;             /* writer_follow: the projections, and with them the profile, are */
	bool holding;            /* the open batch has the ledger's connection */
	/* Of a program that lands batches on another thread: waits until nothing is aloft and calls
	 * writer_landed; its code is returned.  NULL: nothing ever is. */
	enum rc (*settle)(void *ctx, struct op *op);
	void *settle_ctx;
	const struct command *wary[16]; /* commands that were refused after they had written: from then
	                                 * on they have savepoints; the oldest is forgotten */
	size_t nwary;
	bool read_only;
	struct err broken;       /* why */
};

/* Everything a writer needs to begin a new ledger or to open one. */
struct writer_options {
	struct store *store;
	const struct modules *modules;
	struct clock *clock;
	struct random *random;
	const uint8_t *vault_key;           /* 32 bytes */
	const struct ed25519_key *device_key; /* this host's own device */
	const struct writer *like; /* NULL, or another one at rest, whose grants are copied if as new */
};

struct genesis {
	struct str origin;       /* a schema-less URL: "gongyuan.example/2025/jn" */
	struct str profile;      /* bytes of the file */
	bool drill;
	uint64_t seed;           /* of a drill */
	int64_t node;
};

/* Makes the ledger in an empty store: entry 0 is the genesis, then rules.adopted and the host's own
 * device.enrolled.  The writer is open afterwards.  Fails: INVALID (origin, profile), CONFLICT. */
enum rc writer_found(struct op *op, const struct writer_options *o, const struct genesis *g,
                     struct writer *ret) MUST_CHECK;

/* Opens: loads the tree and the authority from ledger bytes, brings the projections up to date
 * (or rebuilds them when their tables or a module's rev changed), adopts new rules.  Over a store
 * opened for reading nothing is brought up to date, and the writer takes writer_try alone.
 * Fails: INVALID, BROKEN, BUSY, as ledger_open and store_open. */
enum rc writer_open(struct op *op, const struct writer_options *o, struct writer *ret) MUST_CHECK;
/* Of a writer over a store opened for reading: takes note of what was committed since: grants by
 * the ledger's bytes, the profile in force.  After a failure nothing that it says may be relied on
 * until it succeeds.  Fails: BROKEN, BUSY. */
enum rc writer_follow(struct op *op, struct writer *w) MUST_CHECK;
void writer_release(struct writer *w); /* commits the view */

/* Runs up to LIMIT_BATCH requests in one commit.  answers[i] belongs to requests[i]; when this
 * returns OK everything answered OK is durable.  BROKEN: nothing of the batch is.  */
enum rc writer_batch(struct writer *w, const struct request *requests, struct answer *answers,
                     size_t n) MUST_CHECK;

/* writer_batch in steps, for a program that lands one batch while it runs the next.
 *
 * writer_run runs requests[from .. n) in the open batch, after requests[0 .. from); an operation
 * that cannot be taken back by itself makes it run all of them again.  When it does not return OK
 * nothing of the open batch stands, and all n are answered so.
 * writer_launch closes the batch; nothing may be aloft.  A failure is one of the batch.
 * writer_land writes and commits what is aloft: on any thread, one at a time; it uses the store's
 * ledger connection and nothing else that writer_run uses.  On PostgreSQL, where one connection
 * does all, only with no writer_run beside it.
 * writer_landed takes note of how that ended: when not OK, nothing of what was aloft or open
 * stands. */
enum rc writer_run(struct writer *w, const struct request *requests, struct answer *answers,
                   size_t from, size_t n) MUST_CHECK;
enum rc writer_launch(struct writer *w) MUST_CHECK;
enum rc writer_land(struct writer *w, struct err *ret_why) MUST_CHECK;
enum rc writer_landed(struct writer *w, enum rc landed, const struct err *why) MUST_CHECK;

/* One request; the answer's code is returned. */
enum rc writer_do(struct writer *w, const struct request *r, struct answer *ret) MUST_CHECK;

/* What this request would be answered if it came alone and now: receipt, form, authority,
 * signatures and rule are asked as in a batch; nothing is recorded or moved, no timer runs.  Also
 * for a writer over a store opened for reading.  ret->index is -1 unless it was recorded before.
 * Returns the answer's code; slot.sign is INVALID. */
enum rc writer_try(struct writer *w, const struct request *r, struct answer *ret) MUST_CHECK;

/* As writer_try, and tells every refusal of a rule that makes its checks by op_also, up to `max`;
 * the answer is the first of them. */
enum rc writer_try_all(struct writer *w, const struct request *r, struct answer *ret,
                       struct err *ret_faults, size_t max, size_t *ret_n) MUST_CHECK;

/* Runs timers due by the clock's now, without a request.  *ret_next: the next one's due time or
 * INT64_MAX. */
enum rc writer_tick(struct writer *w, int64_t *ret_next) MUST_CHECK;
/* As writer_tick, but stops when the ledger has `stop_size` entries or more. */
enum rc writer_tick_until(struct writer *w, uint64_t stop_size, int64_t *ret_next) MUST_CHECK;

/* Puts projections' transaction on disk (idle, or every 100 ms). */
enum rc writer_idle(struct writer *w) MUST_CHECK;

/* What a slot's key signs (docs/formats.md §3).  `statement` is the hex SHA-256 of the statement,
 * which slot_statement gives for an act that is yet to be sent. */
struct str slot_message(struct arena *a, struct str slot, struct person_id who,
                        struct str statement);
struct str slot_statement(struct arena *a, struct str origin, struct str exam, struct str command,
                          struct str key, const struct json *data);

/* A UUIDv7 text of this moment. */
struct str uuid_v7(struct arena *a, struct random *r, int64_t now_ms);

#endif
