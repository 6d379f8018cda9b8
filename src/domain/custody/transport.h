/* SPDX-License-Identifier: Apache-2.0 */
/* transport.h -- trips (运次) as approved, as the group's other files ask for them.
 *
 * A trip is one vehicle's way from one holder to another, approved by two before it begins: vehicle
 * and spare vehicle, route by a label, hours of departure and arrival.  The plan is work secret:
 * nothing of it is shown on a wall.
 *
 * Emits  custody.trip_planned, custody.trip_cancelled, custody.trip_rerouted, custody.crew_checked
 * Owns   custody_trip
 */
#ifndef GY_DOMAIN_CUSTODY_TRANSPORT_H
#define GY_DOMAIN_CUSTODY_TRANSPORT_H

#include "domain/custody/room.h"

#define CITE_CREW "试卷运送要求 TRN-1 TRN-2 TRN-5"
#define CITE_ESCORT "试卷运送要求 TRN-2"
#define CITE_TRACK "试卷运送要求 TRN-3"
#define CITE_ROUTE "试卷运送要求 TRN-4"
#define CITE_LOADING "试卷运送要求 TRN-5"
#define CITE_ACCIDENT "试卷运送要求 TRN-7"
#define CITE_PHONES "试卷运送要求 TRN-8"

enum trip_state { TRIP_PLANNED, TRIP_UNDERWAY, TRIP_ARRIVED, TRIP_CANCELLED };

struct trip {
	struct str code, place, vehicle, spare, from, to, seal; /* seal: of the vehicle; "" none */
	int64_t leaves_from_ms, leaves_by_ms, arrives_from_ms, arrives_by_ms;
	int64_t vehicles, crew_ms, seen_ms; /* of its convoy; 0: not checked, not seen */
	enum trip_state state;
	bool silent;
};

/* In the op's arena.  *ret_known false: no such trip, *ret untouched. */
enum rc trip_find(struct op *op, struct str code, struct trip *ret, bool *ret_known) MUST_CHECK;

/* Is a trip to this place due or just in?  True where no trip was ever planned to. */
enum rc trip_due(struct op *op, struct str place, int64_t at_ms, bool *ret) MUST_CHECK;

/* May this vehicle give or take papers at the place now?  False when trips from or to the place are
 * approved for this hour and none of them is of this vehicle. */
enum rc trip_approves(struct op *op, struct str place, struct str vehicle, int64_t at_ms,
                      bool *ret) MUST_CHECK;

#define MOMENT(st, nm, member, label_zh, label_en, ...) \
	{.name = (nm), .type = F_TIME, .offset = offsetof(st, member), .zh = (label_zh), \
	 .en = (label_en), ##__VA_ARGS__}

#endif
