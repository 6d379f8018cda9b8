/* SPDX-License-Identifier: Apache-2.0 */
/* store.h -- the secrecy room (保密室) as the other modules of the group ask for it.
 *
 * Emits  custody.keys_assigned, custody.store_activated, custody.store_deactivated
 * Owns   custody_store, custody_key
 */
#ifndef GY_DOMAIN_CUSTODY_STORE_H
#define GY_DOMAIN_CUSTODY_STORE_H

#include "engine/module.h"

/* Two locks of the inner door, the cabinet, and its combination: never two with one person. */
#define STORE_KEYS(X) X(DOOR_A, "door_a") X(DOOR_B, "door_b") X(CABINET, "cabinet") X(CODE, "code")
#define X(id, text) STORE_KEY_##id,
enum store_key { STORE_KEYS(X) STORE_KEY_MAX };
#undef X

enum store_state { STORE_UNKNOWN, STORE_IDLE, STORE_ACTIVE };
enum rc store_state(struct op *op, struct str place, enum store_state *ret) MUST_CHECK;

/* Which key of this room a person holds; STORE_KEY_MAX: none. */
enum rc store_key_of(struct op *op, struct str place, struct person_id who,
                     enum store_key *ret) MUST_CHECK;

/* Posts of the secrecy room's guards. */
#define GUARD_DUTIES(X) X(GUARD, "guard") X(POLICE, "police") X(LEADER, "leader")
#define X(id, text) DUTY_##id,
enum guard_duty { GUARD_DUTIES(X) DUTY_MAX };
#undef X
extern const struct word GUARD_WORDS[DUTY_MAX];

/* Persons on post now, and the police among them (guard.c). */
enum rc guard_count(struct op *op, struct str place, int64_t *ret_guards,
                    int64_t *ret_police) MUST_CHECK;

#endif
