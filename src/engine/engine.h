/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h -- the engine's own modules.  They share one group of tables. */
#ifndef GY_ENGINE_H
#define GY_ENGINE_H

#include "engine/module.h"

extern const struct module ledger_module;    /* genesis, rules.adopted, order.*, node.* */
extern const struct module place_module;
extern const struct module authority_module;
extern const struct module device_module;
extern const struct module slot_module;
extern const struct module book_module;
extern const struct module expectation_module;
extern const struct module alarm_module;
extern const struct module alarm_budget_module;
extern const struct module alarm_view_module;
extern const struct module vault_module;

#endif
