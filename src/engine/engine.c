/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c -- the visible list of the engine's own modules. */
#include "engine/engine.h"

#include "engine/modules_private.h"

const struct module *const ENGINE_MODULES[] = {
	&ledger_module, &place_module, &authority_module, &device_module,      &slot_module,
	&book_module,   &alarm_module, &alarm_budget_module, &expectation_module, &vault_module,
	&alarm_view_module,
};
const size_t ENGINE_MODULE_COUNT = COUNT(ENGINE_MODULES);
