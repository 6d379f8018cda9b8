/* SPDX-License-Identifier: Apache-2.0 */
/* toy.h -- the smallest module that uses every idea of the engine: parcels in a hall.
 *
 * The engine knows no examination, so its tests do not either.  A parcel of so many sheets arrives
 * at a hall, moves when giver and receiver have signed, is counted, and must be looked at every so
 * often while it lies there; the gate opens only in its hour.
 *
 * Emits  toy.arrived, toy.moved, toy.looked, toy.counted, toy.short, toy.gate_opened, toy.noted,
 *        toy.left
 * Owns   toy_parcel, toy_gate, toy_note
 */
#ifndef GY_TEST_TOY_H
#define GY_TEST_TOY_H

#include "engine/module.h"

extern const struct module toy_module;
extern const struct module *const TOY_MODULES[];
extern const char TOY_PROFILE[];

#endif
