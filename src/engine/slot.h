/* SPDX-License-Identifier: Apache-2.0 */
/* slot.h -- signatures of an act: who filled which slot, and half-signed acts that wait.
 *
 * A person stands in one slot once; a slot's persons differ; disjoint slots share nobody.  An act
 * with empty slots is begun: it moves nothing until the last is filled, and slots still empty
 * after the profile's window "slot.complete" are an alarm.
 *
 * Emits  slot.begun, slot.filled, slot.completed
 * Owns   slot_pending(begun, command, place, done),
 *        slot_signature(begun, slot, person, how, sig, note)
 */
#ifndef GY_SLOT_H
#define GY_SLOT_H

#include "engine/run.h"

/* Checks signatures for a command at a place: known slots, nobody twice, a way that the profile
 * allows, roles, key signatures over the statement.  *ret_missing: the slots that still await
 * somebody, "giver/receiver"; empty when complete.  The first `asked` signatures were checked when
 * they were given: their roles and keys are not asked again, for a right that ends afterwards takes
 * no signature back.
 * Who shares no place with a person (run.asker) is told no more of that person than that they may
 * not sign, also when there is nobody: person 0 is a staff code that nobody has.
 * Fails: INVALID (form), DENIED (role, signature). */
enum rc slots_check(struct op *op, const struct command *c, struct str place,
                    const struct signed_slot *s, size_t n, size_t asked, const struct json *act,
                    struct str *ret_missing) MUST_CHECK;

/* A sorted copy, by slot then person, as entries hold them. */
struct signed_slot *slots_sorted(struct arena *a, const struct signed_slot *s, size_t n);

/* Records an act as begun; its texts go to the vault at once. */
enum rc slot_begin(struct op *op, const struct command *c, const void *in,
                   struct str missing) MUST_CHECK;

/* What waits: the begun act and who has signed so far.  Fails: NOT_FOUND, CONFLICT (complete). */
struct pending {
	int64_t begun;
	struct json *act;
	struct signed_slot *slots;
	size_t nslots;
	struct str place;
};
enum rc slot_pending(struct op *op, int64_t begun, struct pending *ret) MUST_CHECK;

/* What a refused signature is told: who has nothing to do with the act's place hears of it what he
 * hears of a number that is none, whatever is wrong.  `rc`, or NOT_FOUND. */
enum rc slot_refuse(struct op *op, int64_t begun, enum rc rc) MUST_CHECK;

/* Records further signatures, and that the last has come. */
enum rc slot_fill(struct op *op, int64_t begun, const struct signed_slot *s, size_t n) MUST_CHECK;
enum rc slot_complete(struct op *op, int64_t begun) MUST_CHECK;

/* Where slot_begin put the texts of a begun act. */
struct beside *slot_texts(struct arena *a, const struct command *c, const void *in,
                          struct str exception, int64_t begun, size_t *ret_n);

/* The command by which waiting slots are filled; the writer runs it. */
#define SLOT_SIGN "slot.sign"
struct slot_sign {
	int64_t begun; /* index of the slot.begun entry */
};

#endif
