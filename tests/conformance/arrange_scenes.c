/* SPDX-License-Identifier: Apache-2.0 */
/* arrange_scenes.c -- rooms are planned for a session, and armed before anything of it is due. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/arrange/arrange.h"

#define PLAN(rooms) "{'place':'" SITE "','session':'d2-physics','rooms':[" rooms "]}"
#define ROOM_OF(r, seats) "{'room':'" SITE "/" r "','seats':" seats "}"
#define RESERVE "{'room':'" SITE "/r90','seats':0,'kind':'reserve'}"

static struct op reading(struct scene *s)
{
	struct op op = s->k.op;

	op.db = s->k.store.view;
	return op;
}

static void a_session_is_armed_the_day_before(void)
{
	struct scene s;
	struct room_plan *rooms, room;
	struct site_plan *sites, site;
	struct str *paths;
	struct op op;
	size_t n;
	bool known;

	scene_open(&s);
	PLAY(&s,
	     {"no such session", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d9-none','rooms':[" ROOM_OF("r01", "30") "]}", NULL,
	      RC_INVALID, "session"},
	     {"another site's room", NULL, OFFICE, "arrange.plan_rooms",
	      PLAN("{'room':'" JN "/s02/r01','seats':30}"), NULL, RC_INVALID, "rooms/0/room"},
	     {"one room twice", NULL, OFFICE, "arrange.plan_rooms",
	      PLAN(ROOM_OF("r01", "30") "," ROOM_OF("r01", "24")), NULL, RC_INVALID, "rooms/1/room"},
	     {"a county is no site", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" JN "','session':'d2-physics','rooms':[" ROOM_OF("r01", "30") "]}", NULL,
	      RC_INVALID, "place"},
	     {"two rooms and a spare one", NULL, OFFICE, "arrange.plan_rooms",
	      PLAN(ROOM_OF("r01", "30") "," ROOM_OF("r02", "30") "," RESERVE), NULL,
	      .emits = "arrange.rooms_planned"},
	     {"the last room is short", NULL, OFFICE, "arrange.plan_rooms", PLAN(ROOM_OF("r02", "24")),
	      NULL},
	     {"the next site", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" JN "/s02','session':'d2-physics','rooms':["
	      "{'room':'" JN "/s02/r01','seats':30}]}"},
	     {"the same day, the afternoon", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d2-foreign','rooms':[" ROOM_OF("r01", "30") "]}"});
	op = reading(&s);
	assert_ok(arrange_sites(&op, STR("d2-physics"), STR(JN), &sites, &n));
	assert_int_equal(n, 2);
	assert_int_equal(sites[0].rooms, 2);
	assert_int_equal(sites[0].seats, 54);
	assert_false(sites[0].armed);
	assert_ok(arrange_room(&op, STR("d2-physics"), STR(SITE "/r02"), &room, &known));
	assert_true(known);
	assert_int_equal(room.seats, 24);
	PLAY(&s, {"the day before, at nine in the evening, somebody looks", "2025-06-07T21:00:00+08:00",
	          OFFICE, "arrange.plan_rooms", PLAN(ROOM_OF("r03", "12")), NULL,
	          .emits = "arrange.room_armed"});
	op = reading(&s);
	assert_int_equal(kit_count(&s.k, "arrange.session_armed"), 4); /* two areas, two sessions */
	assert_int_equal(kit_count(&s.k, "arrange.site_armed"), 3);
	assert_int_equal(kit_count(&s.k, "arrange.room_armed"), 5); /* the reserve room is nobody's */
	assert_ok(arrange_site(&op, STR("d2-physics"), STR(SITE), &site, &known));
	assert_true(known && site.armed);
	assert_ok(arrange_rooms(&op, STR("d2-physics"), STR(SITE), &rooms, &n));
	assert_int_equal(n, 4);
	assert_int_equal(rooms[3].kind, ROOM_RESERVE);
	assert_ok(arrange_sites(&op, STR("d2-physics"), STR(""), &sites, &n));
	assert_int_equal(n, 2);
	assert_ok(arrange_places(&op, STR(SITE), &paths, &n));
	assert_int_equal(n, 4);
	assert_str(paths[0], SITE "/r01"); /* of two sessions */
	assert_int_equal(view_rows(&s, "arrange/rooms"), 6);
	assert_int_equal(view_rows(&s, "arrange/sites"), 3);
	PLAY(&s, {"when all is over", "2025-06-08T10:15:00+08:00", OFFICE, "arrange.plan_rooms",
	          PLAN(ROOM_OF("r04", "12")), NULL, RC_CONFLICT, "session"});
	kit_check_rebuild(&s.k, (const char *const[]){"arrange_room", "arrange_site", "arrange_area",
	                                              NULL});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_session_is_armed_the_day_before", a_session_is_armed_the_day_before,
	 ROWS("sql:arrange/0", "sql:arrange/1", "sql:arrange/2", "sql:arrange/3", "sql:arrange/4",
	      "sql:arrange/5", "sql:arrange/6", "sql:arrange/7", "sql:arrange/8", "sql:arrange/9",
	      "sql:arrange/10", "sql:arrange/11", "sql:arrange/12", "sql:arrange/13",
	      "sql:arrange/14", "sql:arrange/15", "sql:arrange/16", "sql:arrange/17",
	      "sql:arrange/20",
	      "event:arrange.rooms_planned", "event:arrange.session_armed",
	      "event:arrange.site_armed", "event:arrange.room_armed")},
};
const struct scenario_set ARRANGE_SCENES = {LIST, COUNT(LIST)};
