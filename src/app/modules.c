/* SPDX-License-Identifier: Apache-2.0 */
/* modules.c -- one line a module; nothing registers itself. */
#include "app/modules.h"

#include "domain/arrange/arrange.h"
#include "domain/arrange/seat.h"
#include "domain/custody/custody.h"
#include "domain/exam/exam.h"
#include "domain/duty/duty.h"
#include "domain/filing/filing.h"
#include "domain/people/people.h"
#include "domain/service/service.h"
#include "domain/sitting/room.h"
#include "domain/sitting/sitting.h"

const struct module *const app_modules[] = {
	&people_module,
	&exam_module,
	&exam_accommodation_module,
	&exam_adoption_module,
	&arrange_module,
	&arrange_seat_module,
	&arrange_move_module,
	&arrange_opening_module,
	&custody_module,
	&custody_consignment_module,
	&custody_store_module,
	&custody_guard_module,
	&custody_handover_module,
	&custody_issue_module,
	&custody_count_module,
	&custody_return_module,
	&custody_sheet_module,
	&custody_spare_module,
	&custody_stop_module,
	&custody_reconcile_module,
	&custody_print_module,
	&custody_collect_module,
	&custody_site_module,
	&custody_script_module,
	&custody_localise_module,
	&custody_secrecy_module,
	&custody_view_module,
	&sitting_room_module,
	&sitting_incident_module,
	&sitting_spare_module,
	&sitting_leave_module,
	&sitting_isolation_module,
	&sitting_violation_module,
	&sitting_collect_module,
	&sitting_reconcile_module,
	&sitting_sheet_module,
	&custody_room_module,
	&custody_seal_module,
	&custody_watch_module,
	&custody_visit_module,
	&custody_inside_module,
	&custody_keybag_module,
	&custody_acceptance_module,
	&custody_replay_module,
	&custody_transport_module,
	&custody_trip_module,
	&duty_module,
	&duty_order_module,
	&duty_call_module,
	&duty_zero_module,
	&duty_day_module,
	&duty_tip_module,
	&service_module,
	&sitting_readiness_module,
	&sitting_entry_module,
	&sitting_session_module,
	&sitting_bell_module,
	&sitting_staff_module,
	&sitting_gate_module,
	&sitting_arrival_module,
	&sitting_listening_module,
	&sitting_zone_module,
	&filing_module,
};
const size_t app_nmodules = COUNT(app_modules);
