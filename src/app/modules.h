/* SPDX-License-Identifier: Apache-2.0 */
/* modules.h -- the visible list of what this program knows of examinations. */
#ifndef GY_APP_MODULES_H
#define GY_APP_MODULES_H

#include "engine/module.h"

/* In the order in which they react.  The engine's own modules are added by modules_init. */
extern const struct module *const app_modules[];
extern const size_t app_nmodules;

#endif
