/* SPDX-License-Identifier: Apache-2.0 */
/* seeds.h -- between the files of fuzz_seeds: where a seed goes. */
#ifndef GY_FUZZ_SEEDS_H
#define GY_FUZZ_SEEDS_H

#include "base/op.h"

/* DIR/TARGET/seed-NN */
void putf(struct op *op, const char *target, int n, struct str bytes);
void putz(struct op *op, const char *target, int n, const char *text);

/* event, act, profile */
void seeds_of_offices(struct op *op);
/* sheet */
void seeds_of_sheets(struct op *op);
/* http */
void seeds_of_requests(struct op *op);
/* link_act */
void seeds_of_acts(struct op *op);

#endif
