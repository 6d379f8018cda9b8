/* SPDX-License-Identifier: Apache-2.0 */
/* recipes_custody.h -- how people and custody are done by somebody who knows the work: each takes a
 * generic act and mends its data from what the books say now.  False: there is nothing to do.
 */
#ifndef GY_TEST_RECIPES_CUSTODY_H
#define GY_TEST_RECIPES_CUSTODY_H

#include "generator/gen.h"

typedef bool recipe_make(struct gen *g, struct plan *p);

recipe_make people_declare, people_assign, people_end;
recipe_make custody_consignment, custody_box, custody_bag;
recipe_make custody_keys, custody_guard_on, custody_guard_off, custody_activate, custody_deactivate;
recipe_make custody_check, custody_hand_over, custody_release;
recipe_make custody_issue, custody_open, custody_count;
recipe_make custody_staff, before_its_time;
recipe_make custody_return, custody_close, custody_destroy;

/* What needs no more than a query and a text (said.c). */
extern const struct recipe exam_recipes[], paper_recipes[], sitting_recipes[], duty_recipes[];

#endif
