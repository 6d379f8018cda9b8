/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.h -- checks of a data folder, each with what to do when it fails.  They only read.
 *
 * For the machine's own `gongyuan db doctor`, and for administrators who ask a server.
 */
#ifndef GY_DOCTOR_H
#define GY_DOCTOR_H

#include "base/op.h"
#include "db/store.h"
#include "engine/module.h"
#include "engine/profile.h"
#include "ledger/ledger.h"

enum finding { DOCTOR_OK, DOCTOR_WRONG, DOCTOR_BROKEN };

struct check {
	const char *id, *zh, *en;      /* what was found */
	const char *fix_zh, *fix_en;   /* what to do; NULL when nothing */
};

struct doctor {
	struct op *op;                 /* all memory is its arena's */
	struct str dir;                /* the data folder */
	int64_t real_ms;               /* the host's clock, in a drill too */
	void (*say)(void *ctx, enum finding f, const struct check *k);
	void *ctx;
	int failed, broken;            /* checks that found something; of them, integrity */
	/* Of an office that is open for reading. */
	const struct store *store;
	const struct modules *modules;
	const struct profile *profile;
	struct ledger *ledger;
	const struct note_key *vkey;   /* of checkpoints */
	struct str origin, known;      /* known: the file of the checkpoint kept outside */
	bool drill;
	bool live;                     /* a server that signs asks: in a drill, whose clock is its own,
	                                * what is not signed yet is not late */
	int64_t adopted;               /* the newest rules.adopted, found by the scrub */
};

void doctor_say(struct doctor *d, enum finding f, const struct check *k);

/* doctor_folder.c: without opening it. */
void doctor_format(struct doctor *d);
void doctor_lock(struct doctor *d);
void doctor_keys(struct doctor *d);
void doctor_disk(struct doctor *d);
/* How long the certificates in keys/tls/ still hold; says nothing where there are none. */
void doctor_tls(struct doctor *d);

/* doctor_ledger.c: of an office open for reading. */
enum rc doctor_tables(struct doctor *d) MUST_CHECK;
enum rc doctor_view(struct doctor *d) MUST_CHECK;
enum rc doctor_checkpoint(struct doctor *d) MUST_CHECK;
/* An entry that no checkpoint covers after so long is one that nobody signs. */
int64_t doctor_unsigned_ms(const struct profile *p);
enum rc doctor_known(struct doctor *d) MUST_CHECK;
enum rc doctor_scrub(struct doctor *d) MUST_CHECK;
enum rc doctor_blobs(struct doctor *d) MUST_CHECK; /* of d->adopted */
enum rc doctor_books(struct doctor *d) MUST_CHECK;
enum rc doctor_compare(struct doctor *d) MUST_CHECK;
enum rc doctor_clock(struct doctor *d) MUST_CHECK;

/* doctor_backup.c */
enum rc doctor_backup(struct doctor *d) MUST_CHECK;

/* The newest backup that this folder remembers, as `gongyuan backup` noted it there. */
struct backup_made {
	int64_t taken_ms, entries;
	struct str place;              /* the folder that it was made in */
};
struct backup_state {
	bool made;
	struct backup_made last;
	int64_t age_ms;                /* of it, or else of the ledger */
	int64_t most_s;                /* how old it may be, by the profile */
	bool late;                     /* it is older; in a drill none is asked for */
};
enum rc doctor_backup_state(struct doctor *d, struct backup_state *ret) MUST_CHECK;

/* Does it still have the hashes that it had, and are its entries the first of this ledger? */
struct backup_verdict {
	bool known;                    /* false: it could not be read */
	enum finding found;
	struct str zh, en;
	int64_t bytes;
	size_t files;
	bool sealed;                   /* keys and passwords are in it */
};
void doctor_backup_verify(struct doctor *d, const struct backup_made *last,
                          struct backup_verdict *ret);

#endif
