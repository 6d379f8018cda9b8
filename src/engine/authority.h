/* SPDX-License-Identifier: Apache-2.0 */
/* authority.h -- who may do what where, from grants built from ledger bytes.
 *
 * The state is in memory and is rebuilt at start by walking the chain of authority events: each
 * entry's envelope names the index of the newest one before it (`auth`), so an edit of the
 * projections gives nobody a right, and a hidden revocation breaks the chain.
 * Deny by default.  A scope is a place and everything under it.
 */
#ifndef GY_AUTHORITY_H
#define GY_AUTHORITY_H

#include "base/key.h"
#include "base/op.h"

struct authority;
struct modules;
struct command;
struct json;

#define LEDGER_READ "ledger.read" /* the right to its entries and tiles, and to the rules in them */
#define SYSTEM_DOCTOR "system.doctor" /* the right to what ails the machine, and to its backups */

struct authority *authority_new(void);
void authority_free(struct authority *a);

void authority_copy(struct authority *ret, const struct authority *a); /* `ret`: new, empty */

/* Records are only ever added; back() takes those of a rolled-back operation off again. */
size_t authority_mark(const struct authority *a);
void authority_back(struct authority *a, size_t mark);

void authority_grant(struct authority *a, int64_t grant, struct person_id who, struct str role,
                     struct str place, int64_t from_ms, int64_t until_ms /* 0: open */);
void authority_revoke(struct authority *a, int64_t grant);
void authority_key(struct authority *a, struct person_id who, const struct ed25519_public *key);
void authority_key_revoked(struct authority *a, struct person_id who);
void authority_device(struct authority *a, int64_t device, struct str place,
                      const struct ed25519_public *key);
void authority_device_revoked(struct authority *a, int64_t device);
void authority_founded(struct authority *a);
bool authority_is_founded(const struct authority *a);

/* Does this person hold the role with a grant that covers the place at that moment?  `level` > 0:
 * the grant must stand at that level or below. */
bool authority_holds(const struct authority *a, struct person_id who, struct str role,
                     struct str place, int level, int64_t at_ms);
/* With a grant anywhere. */
bool authority_holds_somewhere(const struct authority *a, struct person_id who, struct str role,
                               int level, int64_t at_ms);
/* The scope of the grant by which he holds it. */
bool authority_scope(const struct authority *a, struct person_id who, struct str role,
                     struct str place, int64_t at_ms, struct str *ret_scope);
/* All live grants of a person, the newest first, up to max; texts live as long as `a`. */
struct granted {
	struct str role, place;
	int64_t until_ms; /* 0: open */
};
size_t authority_grants(const struct authority *a, struct person_id who, int64_t at_ms,
                        struct granted *ret, size_t max);
/* Has this person a live grant at the place, above it or below? */
bool authority_near(const struct authority *a, struct person_id who, struct str place,
                    int64_t at_ms);
/* Are they one person, or does one of them serve where the other does, above or below?  Who shares
 * no place with somebody is not told whether there is such a person. */
bool authority_meet(const struct authority *a, struct person_id one, struct person_id other,
                    int64_t at_ms);
/* A live grant of that number: its holder, role, place. */
bool authority_grant_of(const struct authority *a, int64_t grant, struct person_id *ret_who,
                        struct str *ret_role, struct str *ret_place);
/* Persons with the role at the place or above it, nearest scope first, then by id. */
size_t authority_holders(const struct authority *a, struct str role, struct str place,
                         int64_t at_ms, struct person_id *ret, size_t max);
/* The same for several roles together, NULL-terminated. */
size_t authority_holders_of(const struct authority *a, const char *const *roles, struct str place,
                            int64_t at_ms, struct person_id *ret, size_t max);
bool authority_key_of(const struct authority *a, struct person_id who, struct ed25519_public *ret);
bool authority_device_of(const struct authority *a, int64_t device, struct str *ret_place,
                         struct ed25519_public *ret);
/* The newest live device enrolled with this key; 0: none. */
int64_t authority_device_by_key(const struct authority *a, const struct ed25519_public *key);

/* May op->actor give this command at this place now?  DENIED with who may.  */
enum rc authority_check(struct op *op, const struct command *c, struct str place) MUST_CHECK;

/* The same before its data are read, so that whoever may not give it learns nothing from what is
 * wrong with them: some role of the command's somewhere, and, when the data say by themselves where
 * it happens, there.  `data` is as it came, or NULL. */
enum rc authority_check_sender(struct op *op, const struct command *c,
                               const struct json *data) MUST_CHECK;

/* Does this person hold the role, or one that includes it, by a grant that covers the place? */
bool person_holds(const struct op *op, struct person_id who, struct str role, struct str place);
/* Does all that this person holds lie elsewhere: neither at the place, nor over or under it?  Of
 * who holds nothing nobody knows. */
bool person_elsewhere(const struct op *op, struct person_id who, struct str place);
/* Does this person have a right (engine/view.h) there?  A right that no module declares: nobody. */
bool person_may(const struct op *op, struct person_id who, struct str right, struct str place);

/* resolve: a module's roster first, then grants. */
enum rc resolve(struct op *op, struct str role, struct str place, struct person_id *ret, size_t max,
                size_t *ret_n) MUST_CHECK;

#endif
