/* SPDX-License-Identifier: Apache-2.0 */
/* run.h -- what the writer knows while an operation runs.  Domain code uses the functions below,
 * not the members.
 */
#ifndef GY_RUN_H
#define GY_RUN_H

#include "engine/authority.h"
#include "engine/module.h"
#include "engine/profile.h"

struct writer;

struct request {
	struct str command;               /* "custody.hand_over" */
	int64_t device;                   /* id of the enrolled device; 0: this host's own */
	struct str key;                   /* idempotency: a UUID; every act has one */
	struct person_id actor;
	struct str exam;
	int64_t happened_ms, noted_ms;    /* 0: now */
	enum source source;
	const struct json *data;          /* the act's data (field_intake) */
	const struct beside *beside;
	size_t nbeside;
	const struct signed_slot *slots;
	size_t nslots;
	struct str exception;             /* mac of a reason, when 特批 is asked for: the text is beside
	                                   * as "exception"; the slot "approver" carries the second */
	int64_t seq;                      /* of a device that keeps its own chain; 0: the host counts */
	struct str prev;                  /* hex hash of the device's previous act */
	int64_t link;                     /* of such a device: by which the act came; 0: none */
	struct str act;                   /* the device's canonical act; empty: the host builds it */
	struct str head;                  /* the device's signature of its chain's head, which this act
	                                   * is (64 bytes); empty: none */
	const struct seen *head_seen;     /* it was verified beside the writer; or NULL */
	struct hash body;                 /* SHA-256 of what the sender sent, for idempotency (salts
	                                   * differ between repeats); zero: of the act's data */
};

struct answer {
	enum rc rc;
	struct err err;
	bool repeated;                    /* answered from the receipt of an earlier call */
	bool waiting;                     /* begun: slots are still empty */
	int64_t index;                    /* first entry of the operation; -1: nothing was recorded */
	struct hash leaf;
	int64_t next_seq;                 /* a device's act did not continue its chain: the number that
	                                   * is next, after the act with this hash; else 0 */
	struct hash head;
};

struct run {
	struct writer *writer;
	const struct modules *modules;
	struct profile *profile;          /* in force at this event */
	const struct profile *adopting;   /* by the rules.adopted that is applied now; NULL: the same */
	int64_t node;                     /* of the ids made */
	const struct request *request;    /* NULL: a timer or the system */
	struct person_id asker;           /* who is told the answer */
	const struct command *command;
	struct str place;                 /* of the command */
	struct str canonical;             /* of the request's data; empty: not made yet */
	struct str act;                   /* canonical act bytes, consumed by the first event */
	int64_t device, seq;              /* whose act, and its number in the device's chain */
	struct hash act_hash;             /* of the act once it is written */
	int64_t next_seq;                 /* struct answer */
	struct hash head;
	int64_t act_index;                /* where the act was written; -1: not yet */
	const struct signed_slot *slots;  /* filled, checked */
	size_t nslots;
	int64_t act_at;                   /* of a half-signed act that is now complete; -1 */
	int64_t cause;                    /* of the next event: -1 or the event reacted to */
	int64_t first;                    /* index of the first event of the operation; -1 */
	int depth;                        /* of reactions */
	bool trial;                       /* only asked (writer_try): events are not appended, and a
	                                   * rule that does more than append leaves that out */
	struct err *faults;               /* of a trial that wants all that is wrong; else NULL */
	size_t nfaults, faults_max;
	bool untimely;                    /* this event met an expectation early or late */
	struct hash leaf;                 /* of the first event */
};

/* A rule's refusal that an exception (特批) may overrule: with one asked for and approved it
 * records `order.excepted` and returns OK, else it fails like fail().
 *   if (too_early) TRY(forbid(op, RC_CONFLICT, "box", ARTICLE, "zh …", "en …", …)); */
enum rc forbid_(struct op *op, const char *where, enum rc rc, const char *field,
                const char *article, const char *zh, const char *en, ...) PRINTF(6, 8)
	PRINTF(7, 8) MUST_CHECK;
#define forbid(op, rc, field, article, ...) \
	forbid_((op), GY_WHERE, (rc), (field), (article), __VA_ARGS__)

/* A check among others that a rule makes.  Where somebody asked for all that is wrong
 * (writer_try_all), a refusal is kept and OK returned, so that the rule goes on to the next one;
 * else rc is returned as it is:  TRY(op_also(op, check_ticket(op, p))); */
enum rc op_also(struct op *op, enum rc rc) MUST_CHECK;

const struct profile *op_profile(const struct op *op);
struct str op_exam(const struct op *op);
struct str op_place(const struct op *op);
int64_t op_happened_ms(const struct op *op); /* when the act happened */
int64_t op_size(const struct op *op);        /* entries that the ledger has */
enum source op_source(const struct op *op);    /* who says so; SYSTEM when nobody asked */
/* A job is due then: the writer's note of the earliest due time is lowered when it is later. */
void run_due_at(struct op *op, int64_t due_ms);
/* A text of the act by its field's name, as typed; {NULL, 0}: absent, or it lies in the vault. */
struct str op_text(const struct op *op, const char *field);
/* A keyed digest that is equal for equal texts and tells nothing without this office's vault, as
 * hex, in the arena: two persons of one number are found without their number (docs/adr/0009).
 * *ret_known false (only when nothing is recorded, writer_try): there is no key yet, so nobody has
 * been digested. */
enum rc op_blind(struct op *op, struct str text, struct str *ret, bool *ret_known) MUST_CHECK;
/* The n-th person that filled a slot; {0} when fewer. */
struct person_id op_slot(const struct op *op, const char *slot, size_t n);

#endif
