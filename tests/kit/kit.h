/* SPDX-License-Identifier: Apache-2.0 */
/* kit.h -- a ledger for one test: a data folder of its own, modules, a virtual clock.
 *
 * With TEST_DB=postgres and GONGYUAN_PG_URL set it lives in a database of its own on that server;
 * else in SQLite files.  Everything is seeded: the same test gives the same bytes.
 */
#ifndef GY_TEST_KIT_H
#define GY_TEST_KIT_H

#include "engine/rebuild.h"
#include "engine/writer.h"

struct kit {
	struct arena arena;
	struct op op;          /* for calls outside the writer; its arena lives as long as the kit */
	struct clock clock;
	struct random random;
	struct modules modules;
	struct store store;
	struct writer w;
	struct ed25519_key device;
	uint8_t vault_key[32];
	struct str dir, url, profile;
	uint64_t seed;
	int keys;              /* idempotency keys given so far */
	enum source source;    /* of the acts; SYSTEM (0): the office */
	int64_t happened_ms;   /* of the acts; 0: now */
	struct answer answer;  /* of the last kit_do */
	bool tries;            /* kit_do asks what would be, and records nothing (writer_try) */
	bool open;
};

#define KIT_START "2025-06-06T08:00:00+08:00"

/* A new ledger at KIT_START, unfounded; a drill with that seed, or with seed 0 a real one.
 * Any failure fails the test. */
void kit_open(struct kit *k, const struct module *const *list, size_t n, const char *profile,
              uint64_t seed);
void kit_close(struct kit *k); /* and removes its folder and database */

/* Closes the writer and opens the folder again, as after a stop. */
void kit_reopen(struct kit *k);

/* A command with its data as JSON text (a person's input: texts plain, codes and ids as typed).
 * slots: "giver=badge:1 receiver=badge:2", persons by number, or NULL; how "key:ID" signs with
 * kit_key(ID).  Keeps the answer in k->answer. */
enum rc kit_do(struct kit *k, int64_t actor, const char *command, const char *data,
               const char *slots);
/* The same with a reason for an exception (特批). */
enum rc kit_except(struct kit *k, int64_t actor, const char *command, const char *data,
                   const char *slots, const char *reason);
/* The same with an idempotency key of the caller's. */
enum rc kit_do_key(struct kit *k, int64_t actor, const char *command, const char *data,
                   const char *slots, const char *key);

/* The signing key that kit_do uses for a person. */
struct ed25519_key kit_key(int64_t person);

void kit_at(struct kit *k, const char *time); /* sets the clock; timers wait for the next act */
void kit_pass(struct kit *k, int64_t seconds); /* moves the clock and runs timers */

/* Grants without signatures while unfounded. */
void kit_grant(struct kit *k, int64_t person, const char *role, const char *place);
/* Three administrators (persons 901, 902, 903), then the foundation is closed. */
void kit_found(struct kit *k);

uint64_t kit_size(const struct kit *k);
struct hash kit_root(struct kit *k);
struct str kit_entry(struct kit *k, uint64_t index); /* its bytes */
int64_t kit_count(struct kit *k, const char *type);  /* entries of an event type */
int64_t kit_sql(struct kit *k, const char *query);   /* the first cell, on the projections */
/* Open alarms of a rule. */
int64_t kit_alarms(struct kit *k, const char *rule);

/* Rebuilds beside and compares every table, which must be equal; also that the incremental tables
 * named (NULL-terminated) have rows. */
void kit_check_rebuild(struct kit *k, const char *const *tables);

#endif
