/* SPDX-License-Identifier: Apache-2.0 */
/* modules.c -- one line a module; nothing registers itself. */
#include "app/modules.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"
#include "domain/people/people.h"

const struct module *const app_modules[] = {
	&people_module,
	&arrange_module,
	&custody_module,
	&custody_consignment_module,
	&custody_store_module,
	&custody_guard_module,
	&custody_handover_module,
	&custody_issue_module,
	&custody_count_module,
	&custody_return_module,
	&custody_view_module,
	&custody_room_module,
	&custody_seal_module,
	&custody_watch_module,
	&custody_visit_module,
	&custody_replay_module,
	&custody_transport_module,
	&custody_trip_module,
};
const size_t app_nmodules = COUNT(app_modules);
