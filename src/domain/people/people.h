/* SPDX-License-Identifier: Apache-2.0 */
/* people.h -- who works on the examination (责任分工): units, persons, posts, avoidance (回避).
 *
 * A person is a number made by the event that registered them, and a staff code on their badge;
 * the name stands in the vault alone.  A post says where somebody works as what; the right to give
 * a command is a grant (engine/authority), not a post.
 *
 * Nobody is given a post, a key or a share in papers before they have declared whether a near
 * relative sits this examination; a declaration is a fact and may be made again at any time, the
 * newest counts.
 *
 * Emits  people.unit_added, people.person_registered, people.avoidance_declared,
 *        people.post_assigned, people.post_ended
 * Owns   people_unit, people_person, people_post
 */
#ifndef GY_DOMAIN_PEOPLE_H
#define GY_DOMAIN_PEOPLE_H

#include "engine/module.h"

/* What somebody has said about near relatives who sit this examination. */
enum avoidance { AVOIDANCE_UNDECLARED, AVOIDANCE_CLEAR, AVOIDANCE_RELATIVE };

struct person {
	struct person_id id;
	struct str code, unit;  /* staff code "P0012"; code of the unit */
	bool secrecy_involved;  /* 涉密人员 */
	int64_t name_vault;     /* vault id of the name; opening it is an event */
	enum avoidance avoidance;
};

/* A staff code's person; fits field_intake.  Fails: NOT_FOUND. */
enum rc people_find(struct op *op, struct str code, struct person_id *ret) MUST_CHECK;

/* Is a unit of this code registered? */
enum rc people_unit_known(struct op *op, struct str code, bool *ret) MUST_CHECK;

/* Everything known of a person, in the op's arena.  Fails: NOT_FOUND. */
enum rc people_read(struct op *op, struct person_id who, struct person *ret) MUST_CHECK;

/* Staff code of a person for messages and forms; "#17" when nobody of that number is registered. */
enum rc people_code(struct op *op, struct person_id who, struct str *ret) MUST_CHECK;

/* May this person be given a share in the papers?  OK, or CONFLICT with `field` and the article:
 * not declared, or a near relative sits. */
enum rc people_may_serve(struct op *op, struct person_id who, const char *field) MUST_CHECK;

extern const struct module people_module;

#endif
