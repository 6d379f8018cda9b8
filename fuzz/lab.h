/* SPDX-License-Identifier: Apache-2.0 */
/* lab.h -- a module for fuzzing: every type of field in one command, an event in three versions.
 *
 * No released event has an older version yet, so upcasts are tried here.  The fuzzed modules are
 * the program's own and this one.
 */
#ifndef GY_FUZZ_LAB_H
#define GY_FUZZ_LAB_H

#include "engine/module.h"

struct lab_line {
	struct str code, asset;
	int64_t copies;
	bool spare;
};

/* lab.measured as of version 3. */
struct lab_measured {
	struct str place;
	int64_t id, at_ms, weight_mg;
	bool sealed;
	int how, again;
	struct str code, key, hash, bytes, subject;
	struct person_id person;
	struct text note, hint;
	struct list lines;
};

extern const struct module lab_module;

/* The program's modules and the lab; made once. */
const struct modules *lab_modules(void);

#endif
