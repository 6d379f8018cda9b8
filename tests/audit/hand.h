/* SPDX-License-Identifier: Apache-2.0 */
/* hand.h -- ledgers written by hand, from docs/formats.md alone, for the auditor's tests.
 *
 * A hand holds entries in memory; a test may change any of them.  Writing it out makes everything
 * else anew: leaves, tiles, notes, signed with the log's key, so that a planted fault stands alone.
 */
#ifndef GY_TEST_AUDIT_HAND_H
#define GY_TEST_AUDIT_HAND_H

#include "kit/check.h"

#include "audit/audit.h"
#include "base/json.h"
#include "base/key.h"
#include "ledger/checkpoint.h"

#define HAND_MAX 4096
#define HAND_ORIGIN "gongyuan.example/2025/jn"
#define HAND_RULES "{\"commands\":{" \
	"\"authority.grant\":{\"allow\":[{\"level\":0,\"role\":\"security_admin\"}]," \
	"\"kind\":\"guarded\",\"slots\":[" \
	"{\"count\":1,\"disjoint\":\"approver\",\"name\":\"granter\",\"optional\":false," \
	"\"roles\":[\"security_admin\"]}," \
	"{\"count\":1,\"disjoint\":\"\",\"name\":\"approver\",\"optional\":false," \
	"\"roles\":[\"audit_admin\"]}]}," \
	"\"custody.hand_over\":{\"allow\":[{\"level\":3,\"role\":\"courier\"}],\"kind\":\"fact\"," \
	"\"slots\":[{\"count\":2,\"disjoint\":\"receiver\",\"name\":\"giver\",\"optional\":false," \
	"\"roles\":[\"courier\"]}," \
	"{\"count\":2,\"disjoint\":\"giver\",\"name\":\"receiver\",\"optional\":false," \
	"\"roles\":[\"guard\"]}," \
	"{\"count\":1,\"disjoint\":\"\",\"name\":\"observer\",\"optional\":true," \
	"\"roles\":null}]}," \
	"\"custody.print\":{\"allow\":[{\"level\":0,\"role\":\"courier\"}],\"kind\":\"fact\"," \
	"\"slots\":[]}," \
	"\"slot.sign\":{\"allow\":[{\"level\":0,\"role\":\"anyone\"}],\"kind\":\"fact\"," \
	"\"slots\":[]}}," \
	"\"events\":{" \
	"\"custody.handed_over\":{\"postings\":[{\"asset\":\"asset\",\"from\":\"from\"," \
	"\"list\":\"lines\",\"qty\":\"qty\",\"to\":\"to\"}],\"v\":1}," \
	"\"custody.printed\":{\"postings\":[{\"asset\":\"asset\",\"from\":\"=printed\"," \
	"\"list\":\"\",\"qty\":\"qty\",\"to\":\"holder\"}],\"v\":1}},\"v\":1}"
#define STORE "sc/cd/jn"
#define LINES "{\"from\":\"sc/cd/jn\",\"lines\":[{\"asset\":\"chinese\",\"qty\":40}]," \
	"\"to\":\"vehicle:V3\"}"

/* Persons: couriers 11, 12, guards 13, 14, a courier of another county 15, administrators. */
enum { COURIER = 11, COURIER2 = 12, GUARD = 13, GUARD2 = 14, STRANGER = 15, SECURITY = 21,
       AUDITOR = 22 };

/* Where the entries of a full hand stand. */
enum { AT_GENESIS, AT_RULES, AT_DEVICE, AT_KEYS, AT_GRANTS = 10, AT_FOUNDED = 17, AT_PRINTED,
       AT_HANDED, AT_BEGUN, AT_FILLED, AT_COMPLETED, AT_CLOSED, AT_HEAD, AT_TICKS };

struct pen { /* how the next entry is written; zero members: the ordinary */
	const char *type, *data, *place;
	int64_t actor;
	const char *command, *act_data;  /* the act; NULL: none */
	const char *exception;
	int64_t act_at, cause;           /* 0: absent (no test needs index 0 here) */
	const char *slots;               /* "giver=key:11 receiver=paper:13 x=phone:14", sorted */
	int64_t sign_at;                 /* slots sign the statement of this entry's act */
	const char *key;                 /* idempotency; NULL: made from the index */
};

struct hand {
	struct arena arena;
	struct op op;
	struct str dir;                  /* of everything that this test writes */
	struct str entry[HAND_MAX];
	size_t n;
	struct str rules, rules_hash;
	struct ed25519_key log, device, witness[3];
	int64_t device_id, seq, auth, time_ms;
	struct str prev;                 /* hex hash of the device's last act */
	struct hash statement[HAND_MAX]; /* of acts by index */
	size_t note_at[4];               /* sizes of earlier notes, 0: none */
	int cosigners;                   /* of the newest note */
};

void hand_open(struct hand *h); /* empty */
void hand_close(struct hand *h); /* and removes its folder */

void hand_write(struct hand *h, const struct pen *p);
void hand_found(struct hand *h);            /* up to and including authority.founded */
void hand_full(struct hand *h, size_t size); /* the entries named above, then ticks */
void hand_head(struct hand *h);             /* device.head_signed over the acts so far */
void hand_slots(struct hand *h, const char *slots); /* one more hand-over with these slots */

/* Replaces a text in an entry; a text that is not there fails the test. */
void hand_edit(struct hand *h, size_t index, const char *from, const char *to);
void hand_remove(struct hand *h, size_t index);

struct ed25519_key hand_key(int64_t person);
struct str hand_path(struct hand *h, const char *name); /* under the test's folder */

/* The signed note of the first n entries. */
struct str hand_note(struct hand *h, size_t n, int cosigners);
struct str hand_policy(struct hand *h); /* any 2 of 3 witnesses */

/* Writes to hand_path(name). */
struct str hand_export(struct hand *h, const char *name);
struct str hand_folder(struct hand *h, const char *name);
struct db;
void hand_fill_ledger(struct hand *h, struct db *db); /* the tables; closes the connection */
void hand_fill_view(struct hand *h, struct db *db);   /* projections of a full hand */
void hand_file(struct hand *h, const char *name, struct str bytes);
struct str hand_read(struct hand *h, const char *name);
void hand_sql(struct hand *h, const char *file, const char *script);

/* Audits; findings stay in a report that lives as long as the hand. */
struct report *hand_audit(struct hand *h, struct str source, const char *known,
                          const char *policy);

/* Findings of a kind at an index (NO_INDEX: none); whether a kind is said to be not checked. */
int hand_found_at(const struct report *r, enum finding_kind kind, int64_t index);
bool hand_unchecked(const struct report *r, enum finding_kind kind);
#define assert_clean(r) assert_int_equal(hand_show(r), 0)
#define assert_found(r, kind, index) \
	do { \
		if (hand_found_at((r), (kind), (index)) == 0) \
			hand_show(r); \
		assert_true(hand_found_at((r), (kind), (index)) > 0); \
	} while (0)
/* Nothing but findings of this kind at this index. */
#define assert_only(r, kind, index) \
	do { \
		assert_found(r, kind, index); \
		if (report_total(r) != hand_found_at((r), (kind), (index))) \
			hand_show(r); \
		assert_int_equal(report_total(r), hand_found_at((r), (kind), (index))); \
	} while (0)
int hand_show(const struct report *r); /* prints the findings; their number */

#endif
