/* SPDX-License-Identifier: Apache-2.0 */
/* event.h -- what happened, as rules and projections see it.  Bytes: docs/formats.md. */
#ifndef GY_EVENT_H
#define GY_EVENT_H

#include "base/clock.h"
#include "base/json.h"
#include "base/op.h"

struct event_type;
struct modules;
struct seen;

#define SOURCES(X) X(SYSTEM, "system") X(TERMINAL, "terminal") X(OFFICE, "office") \
	X(PAPER, "paper") X(VIDEO, "video") X(FEED, "feed") X(TELEPHONE, "telephone")
#define X(id, text) SOURCE_##id,
enum source { SOURCES(X) SOURCE_MAX };
#undef X

bool source_parse(struct str text, enum source *ret);
struct str source_text(enum source s);

struct signed_slot {
	struct str slot;            /* name */
	struct person_id person;
	int how;                    /* enum slot_how */
	struct str signature;       /* raw bytes; empty unless how is key */
	struct str note;            /* phone: "number/minute/taker" as codes; else empty */
	const struct seen *seen;    /* the key's signature, verified beside the writer; or NULL */
};

struct event {
	int64_t index;
	int64_t id;                 /* node * 2^33 + index: the id of what it creates */
	const struct event_type *type;
	struct str name;            /* of the type */
	int version;
	int64_t recorded_ms;        /* ledger time: never goes back */
	int64_t happened_ms;        /* when it happened (recorded_ms when nobody said) */
	int64_t noted_ms;           /* when it was written down */
	enum clock_state clock;
	enum source source;
	struct str exam, place;
	struct person_id actor;
	int64_t cause;              /* index of the event that led to it; -1: none */
	int64_t act_at; /* index of the entry that holds its act; -1: none, own index: here */
	struct str command;         /* of the act here; empty when none */
	int64_t device, seq;        /* of the act here; 0 when none */
	int64_t authority;          /* index of the newest authority event before it; -1: none */
	const struct signed_slot *slots;
	size_t nslots;
	const void *data;           /* the type's struct */
};

/* Who signed in that slot of its act; 0: nobody, as in the foundation. */
int64_t event_signer(const struct event *ev, const char *slot);

/* Appends an event of this operation at the command's place.  `data` is the type's struct; its
 * F_TEXT members carry the macs of the act (their texts move to the vault) or are empty.
 * Runs apply, expectations, postings and then reactions.
 * *ret_id (may be NULL): node * 2^33 + index.
 * Fails: BROKEN, BUSY; INVALID when the entry would pass LIMIT_ENTRY. */
enum rc event_append(struct op *op, const struct event_type *t, const void *data,
                     int64_t *ret_id) MUST_CHECK;
enum rc event_append_at(struct op *op, const struct event_type *t, struct str place,
                        const void *data, int64_t *ret_id) MUST_CHECK;

/* Entry bytes -> event (decoded, upcast to the newest version).  An unknown type gives
 * *ret with type NULL.  Fails: INVALID (not an entry). */
enum rc event_read(struct op *op, const struct modules *m, struct str entry,
                   struct event *ret) MUST_CHECK;

#endif
