/* SPDX-License-Identifier: Apache-2.0 */
/* store_scenes.c -- the secrecy room whole: who answers for it, what watches it, who goes in, what
 * its recordings show, and seals that are not as they were.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"

#define STAFF(guards) OFFICE, "custody.staff_store", \
	"{'place':'" STORE "','guards':[" guards "]}", RESPONSIBLE
#define TWO_KEEPERS "keeper=badge:P0003 keeper=badge:P0004"
#define DEVICE_OF(code, kind, state) "P0003", "custody.report_device", \
	"{'place':'" STORE "','device':'" code "','kind':'" kind "','working':" state "}", NULL
#define DEVICE(state) DEVICE_OF("CAM-2", "camera", state)
#define DOOR_AT(where, which, state) "P0003", "custody.report_door", \
	"{'place':'" where "','door':'" which "','open':" state "}", NULL
#define OPEN_FOR(purpose) "P0003", "custody.open_store", \
	"{'place':'" STORE "'," purpose "}", OPENERS " police=badge:P0011"
#define CABINET(what) "P0003", "custody.use_cabinet", \
	"{'place':'" STORE "','cabinet':'G-3','content':'" what "'}", TWO_KEEPERS
#define REVIEWED "reviewer=badge:P0049 head=badge:P0002"
#define REPLAY(block, suspects) OFFICE, "custody.replay", \
	"{'place':'" STORE "','block':'" block "','suspects':" suspects "}", REVIEWED
#define REPLAY_ISSUE(half, suspects) OFFICE, "custody.replay_issue", \
	"{'place':'" STORE "','half_day':'" half "','suspects':" suspects "}", REVIEWED

static void two_answer_for_a_room_and_four_guard_it(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"three are too few", NULL,
	      STAFF("{'person':'P0007'},{'person':'P0008'},{'person':'P0009'}"), RC_CONFLICT, "guards"},
	     {"one of them twice", NULL,
	      STAFF("{'person':'P0007'},{'person':'P0008'},{'person':'P0009'},{'person':'P0007'}"),
	      RC_CONFLICT, "guards"},
	     {"the responsible are not guards", NULL,
	      STAFF("{'person':'P0007'},{'person':'P0008'},{'person':'P0009'},{'person':'P0003'}"),
	      RC_CONFLICT, "guards"},
	     {"nor is the leader", NULL,
	      STAFF("{'person':'P0007'},{'person':'P0008'},{'person':'P0009'},{'person':'P0002'}"),
	      RC_CONFLICT, "guards"},
	     STAFFED,
	     {"one of the four comes on post", NULL, OFFICE, "custody.guard_on",
	      "{'place':'" STORE "','duty':'guard'}", "guard=badge:P0007"},
	     {"somebody else", NULL, OFFICE, "custody.guard_on",
	      "{'place':'" STORE "','duty':'guard'}", "guard=badge:P0006",
	      .alarm = "custody.not_rostered"},
	     {"the roster is made again", NULL,
	      STAFF("{'person':'P0006'},{'person':'P0007'},{'person':'P0008'},{'person':'P0009'}"),
	      .emits = "custody.store_staffed"},
	     NEW_LOCKS, PATROL, JOINT_CHECK);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_room WHERE patrolled_ms > 0"
	                         " AND checked_ms > 0"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_roster"), 4);
	assert_int_equal(kit_sql(&s.k, "SELECT locks FROM custody_room"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT leader FROM custody_room"), scene_person(&s, "P0002"));
	assert_int_equal(view_rows(&s, "custody/rooms"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_room", "custody_roster", NULL});
	scene_close(&s);
}

static void locks_are_changed_before_the_next_use(void)
{
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"the season ends", NULL, OFFICE, "custody.deactivate_store", "{'place':'" STORE "'}",
	      LEADERS},
	     {"not with the old locks", NULL, OFFICE, "custody.activate_store",
	      "{'place':'" STORE "','certificate':'YS-2'}", LEADERS, RC_CONFLICT, "place"},
	     NEW_LOCKS,
	     {"with new ones", NULL, OFFICE, "custody.activate_store",
	      "{'place':'" STORE "','certificate':'YS-2'}", LEADERS,
	      .emits = "custody.store_activated"},
	     {"the spare key is taken out, its envelope was open", NULL, "P0003",
	      "custody.open_spare_key",
	      "{'place':'" STORE "','envelope':'BY-1','sealed':false,'reason':'钥匙折断'}",
	      "director=badge:P0002 keeper=badge:P0003 police=badge:P0011",
	      .emits = "custody.spare_key_opened", .alarm = "custody.spare_key_used",
	      .also = "custody.seal_broken"},
	     {"another, out of a sealed one", NULL, "P0003", "custody.open_spare_key",
	      "{'place':'" STORE "','envelope':'BY-2','sealed':true}",
	      "director=badge:P0002 keeper=badge:P0003 police=badge:P0011",
	      .emits = "custody.spare_key_opened"});
	assert_int_equal(kit_alarms(&s.k, "custody.seal_broken"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT locks FROM custody_room"), 0);
	assert_true(kit_sql(&s.k, "SELECT opened_ms FROM custody_room") > 0);
	scene_close(&s);
}

static void keys_lie_in_a_sealed_bag_out_of_season(void)
{
#define THREE_SIGN "head=badge:P0002 watcher=badge:P0013 keeper=badge:P0003"
#define SEAL_KEYS(seal) "P0003", "custody.seal_key_bag", \
	"{'place':'" STORE "','bag':'YD-1','seal':'" seal "'}", THREE_SIGN
#define OPEN_KEYS(seal, intact) "P0003", "custody.open_key_bag", \
	"{'place':'" STORE "','bag':'YD-1','seal':'" seal "','intact':" intact "}", THREE_SIGN
#define SEASON_ENDS {"the season ends", NULL, OFFICE, "custody.deactivate_store", \
	"{'place':'" STORE "'}", LEADERS, .emits = "custody.store_deactivated"}
#define SEASON_BEGINS "custody.activate_store", \
	"{'place':'" STORE "','certificate':'YS-2'}", LEADERS
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s, SEASON_ENDS);
	kit_pass(&s.k, 86400 + 1);
	assert_int_equal(kit_alarms(&s.k, "custody.keys_loose"), 1);
	PLAY(&s, {"late, and sealed", NULL, SEAL_KEYS("YF-1"), .emits = "custody.key_bag_sealed"},
	     NEW_LOCKS,
	     {"the bag was not opened", NULL, OFFICE, SEASON_BEGINS,
	      .alarm = "custody.key_bag_unopened"},
	     {"nor for this opening", NULL, OPEN_FOR("'purpose':'check','order':'DL-7'")},
	     {"it is opened", NULL, OPEN_KEYS("YF-1", "true"), .emits = "custody.key_bag_opened"},
	     {"and the room is", NULL, OPEN_FOR("'purpose':'check','order':'DL-8'")}, SEASON_ENDS,
	     {"in time", NULL, SEAL_KEYS("YF-2")}, NEW_LOCKS,
	     {"another seal than was put on", NULL, OPEN_KEYS("YF-1", "true"),
	      .alarm = "custody.key_bag_broken"},
	     {"by the book", NULL, OFFICE, SEASON_BEGINS});
	kit_pass(&s.k, 86400 + 1);
	assert_int_equal(kit_alarms(&s.k, "custody.keys_loose"), 1);
	assert_int_equal(kit_alarms(&s.k, "custody.key_bag_unopened"), 1);
	assert_int_equal(view_rows(&s, "custody/key_bags"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_key_bag", NULL});
	scene_close(&s);
}

/* The first season on this system: nobody bagged the keys here. */
static void a_bag_of_keys_that_came_from_before_is_taken_at_its_word(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"whole", NULL, OPEN_KEYS("YF-0", "true"), .emits = "custody.key_bag_opened"},
	     {"opened again, and was open", NULL, OPEN_KEYS("YF-0", "true"),
	      .alarm = "custody.key_bag_broken"});
	scene_close(&s);
	scene_open(&s);
	PLAY(&s, {"torn", NULL, OPEN_KEYS("YF-0", "false"), .alarm = "custody.key_bag_broken"});
	scene_close(&s);
}

static void papers_may_lie_longer_when_the_province_says_so(void)
{
#define ARRIVE_EARLY {"papers come five days early", NULL, "P0003", "custody.hand_over", ARRIVAL, \
	COURIERS_TO_KEEPERS, .emits = "custody.handed_over"}
#define EXTEND(days) OFFICE, "custody.extend_storage", \
	"{'place':'" STORE "','approval':'S-2025-7','days':" days "}", LEADERS
	struct scene s;

	scene_open_with_papers(&s);
	s.k.w.profile.sessions[0].start_ms += INT64_C(5) * 86400000;
	PLAY(&s, {"two days need no approval", NULL, EXTEND("2"), RC_CONFLICT, "days"},
	     {"seven days, by its number", NULL, EXTEND("7"), .emits = "custody.storage_extended"},
	     ARRIVE_EARLY);
	s.k.w.profile.sessions[0].start_ms -= INT64_C(5) * 86400000;
	assert_int_equal(kit_sql(&s.k, "SELECT days FROM custody_room"), 7);
	assert_true(kit_sql(&s.k, "SELECT received_ms FROM custody_room") > 0);
	scene_close(&s);
}

/* How long an acceptance holds, for those that are given from here on. */
static void acceptances_hold(struct scene *s, int64_t days)
{
	struct profile *p = &s->k.w.profile;

	for (size_t i = 0; i < p->nsettings; i++)
		if (str_is(p->settings[i].id, "custody.acceptance_days"))
			p->settings[i].value = days;
}

static void a_store_is_accepted_before_papers_lie_in_it(void)
{
#define ACCEPT(where, certificate) OFFICE, "custody.accept_store", \
	"{'place':'" where "','certificate':'" certificate "'}", \
	"education=badge:P0001 police=badge:P0011 secrecy=badge:P0013"
	struct scene s;

	scene_at_site(&s); /* in time: nothing is alarmed */
	scene_close(&s);
	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "05:59:00+08:00");
	acceptances_hold(&s, 0);
	PLAY(&s,
	     {"the site's store: over at once", NULL, ACCEPT(SITE, "YS-S01"),
	      .emits = "custody.store_accepted"},
	     RELEASED, LOADED,
	     {"papers come all the same", DAY1 "07:30:00+08:00", CLERK, "custody.hand_over",
	      "{'place':'" SITE "','from':'V1','to':'" SITE "'," ONE_BOX("BX-CHI-01", "SB-0"),
	      COURIERS_TO_SITE, .emits = "custody.site_received", .alarm = "custody.store_unaccepted"},
	     {"a secrecy room too", NULL, ACCEPT(STORE, "YS-2"), .emits = "custody.store_accepted"});
	assert_int_equal(view_rows(&s, "custody/acceptances"), 2);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_acceptance", NULL});
	scene_close(&s);
	scene_open_with_papers(&s);
	acceptances_hold(&s, 0);
	PLAY(&s, SEASON_ENDS, NEW_LOCKS, {"the certificate is over", NULL, ACCEPT(STORE, "YS-2")},
	     {"and activates nothing", NULL, OFFICE, SEASON_BEGINS, RC_CONFLICT, "certificate"});
	acceptances_hold(&s, 365);
	PLAY(&s, {"accepted anew", NULL, ACCEPT(STORE, "YS-2")},
	     {"now it does", NULL, OFFICE, SEASON_BEGINS, .emits = "custody.store_activated"});
	scene_close(&s);
}

static void a_camera_has_a_minute_to_come_back(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, {"it blinks", NULL, DEVICE("false"), .emits = "custody.device_lost"});
	kit_pass(&s.k, 40);
	assert_int_equal(view_rows(&s, "custody/devices"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_device WHERE lost_ms > 0"), 1);
	PLAY(&s, {"and is back", NULL, DEVICE("true"), .emits = "custody.device_restored"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_device WHERE lost_ms > 0"), 0);
	kit_pass(&s.k, 120);
	assert_int_equal(kit_alarms(&s.k, "custody.device_down"), 0);
	PLAY(&s, {"it fails", NULL, DEVICE("false"), .emits = "custody.device_lost"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_device WHERE lost_ms > 0"), 1);
	kit_pass(&s.k, 62);
	assert_int_equal(kit_alarms(&s.k, "custody.device_down"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_device", NULL});
	scene_close(&s);
}

/* What one cut takes is one alarm, and it is over with the last that is back. */
static void a_power_cut_is_one_alarm(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, {"a camera", NULL, DEVICE("false")},
	     {"and the recorder", NULL, DEVICE_OF("REC-1", "recorder", "false")},
	     {"the camera is back", NULL, DEVICE("true")});
	kit_pass(&s.k, 62);
	assert_int_equal(kit_alarms(&s.k, "custody.device_down"), 1);
	assert_int_equal(kit_count(&s.k, "expectation.lapsed"), 1);
	PLAY(&s, {"the recorder too", NULL, DEVICE_OF("REC-1", "recorder", "true")});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE rule ="
	                         " 'custody.device_back' AND state = 3"), 1); /* late */
	scene_close(&s);
}

static void doors_windows_and_strangers_are_alarmed_at_once(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"the outer door, where the guards sit", NULL, DOOR_AT(STORE, "outer", "true"),
	      .emits = "custody.door_opened"},
	     {"closed", NULL, DOOR_AT(STORE, "outer", "false"), .emits = "custody.door_closed"},
	     {"a window sensor", NULL, "P0003", "custody.report_sensor",
	      "{'place':'" STORE "','sensor':'W-1','kind':'window'}", NULL,
	      .emits = "custody.sensor_tripped", .alarm = "custody.intrusion"},
	     {"the rear door of a site's paper room", NULL, CLERK, "custody.report_door",
	      "{'place':'" SITE "','door':'rear','open':true}", NULL, .alarm = "custody.rear_opened"},
	     {"somebody unknown on video", NULL, CLERK, "custody.report_stranger",
	      "{'place':'" SITE "','persons':2}", NULL, .emits = "custody.stranger_seen",
	      .alarm = "custody.stranger"},
	     {"the site's inner door, the evening before", NULL, CLERK, "custody.report_door",
	      "{'place':'" SITE "','door':'inner','open':true}", NULL,
	      .alarm = "custody.opened_off_hours"});
	scene_close(&s);
}

static void an_inner_door_is_explained_by_its_holders(void)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s,
	     {"opened for the release", NULL, OPEN_FOR("'purpose':'release'"),
	      .emits = "custody.store_opened"},
	     {"the contact says so too", DAY1 "06:01:00+08:00", DOOR_AT(STORE, "inner", "true"),
	      .emits = "custody.door_opened"},
	     {"the contact first", DAY1 "06:25:00+08:00", DOOR_AT(STORE, "inner", "true")},
	     {"the record three minutes later", DAY1 "06:28:00+08:00",
	      OPEN_FOR("'purpose':'release'")},
	     PATROL_AT(DAY1 "06:29:00+08:00"),
	     {"the cabinet, and no record", DAY1 "06:50:00+08:00", DOOR_AT(STORE, "cabinet", "true")},
	     PATROL_AT(DAY1 "06:54:00+08:00"));
	kit_pass(&s.k, 62);
	assert_int_equal(kit_alarms(&s.k, "custody.door_unexplained"), 1);
	scene_close(&s);
}

static void an_opening_has_its_hours_and_its_holders(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"to check, by an order", NULL, OPEN_FOR("'purpose':'check','order':'DL-7'")},
	     {"to check, without one", NULL, OPEN_FOR("'purpose':'check'"),
	      .alarm = "custody.opened_off_hours"},
	     {"by those who do not hold the keys", NULL, "P0003", "custody.open_store",
	      "{'place':'" STORE "','purpose':'emergency','order':'DL-8'}",
	      "key_holder=badge:P0001 key_holder=badge:P0004 code_holder=badge:P0006 "
	      "police=badge:P0011", .alarm = "custody.wrong_openers"},
	     {"no trip was ever planned here: papers may come at any hour", NULL,
	      OPEN_FOR("'purpose':'receive'")});
	scene_patrol_until(&s, DAY1 "11:50:00+08:00");
	PLAY(&s, {"for the return", NULL, OPEN_FOR("'purpose':'return'")});
	scene_close(&s);
}

static void who_enters_and_what_a_cabinet_holds(void)
{
#define ENTER(purpose, phone, visitor) "P0003", "custody.enter_room", "{'place':'" STORE \
	"','purpose':'" purpose "','phone_left':" phone visitor "}"
#define GUARD_WRITES "guard=badge:P0007"
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"the relief", NULL, ENTER("duty", "true", ""), GUARD_WRITES " entrant=badge:P0009",
	      .emits = "custody.room_entered"},
	     {"with a phone", NULL, ENTER("repair", "false", ",'visitor':'某单位 某人'"), GUARD_WRITES,
	      .alarm = "custody.phone_in_room"},
	     {"a visitor", NULL, ENTER("visit", "true", ",'visitor':'某单位 某人'"), GUARD_WRITES,
	      .alarm = "custody.visitor"},
	     {"papers into cabinet 3", NULL, CABINET("papers"), .emits = "custody.cabinet_used"},
	     {"and scripts", NULL, CABINET("scripts"), .alarm = "custody.shared_cabinet"},
	     {"it is emptied", NULL, CABINET("empty")},
	     {"scripts alone", NULL, CABINET("scripts")});
	assert_int_equal(view_rows(&s, "custody/entries"), 3);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_entry WHERE person > 0"), 1);
	assert_int_equal(view_rows(&s, "custody/cabinets"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT papers FROM custody_cabinet"), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT scripts FROM custody_cabinet"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_entry", "custody_cabinet", NULL});
	scene_close(&s);
}

static void whoever_entered_leaves_again(void)
{
#define LEAVE(more) "P0003", "custody.leave_room", "{'place':'" STORE "'" more "}"
	struct scene s;
	const char *line;

	scene_in_store(&s);
	PLAY(&s,
	     {"the relief stays for the shift", NULL, ENTER("duty", "true", ""),
	      GUARD_WRITES " entrant=badge:P0009"},
	     {"somebody inspects", NULL, ENTER("inspect", "true", ""),
	      GUARD_WRITES " entrant=badge:P0054"},
	     {"an electrician", NULL, ENTER("repair", "true", ",'visitor':'某单位 某人'"), GUARD_WRITES});
	assert_int_equal(view_rows(&s, "custody/inside"), 3);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 0 AND rule ="
	                         " 'custody.leave_room'"), 2);
	line = str_fmt(&s.k.arena, "{'place':'" STORE "','entry':%lld}", (long long)kit_sql(&s.k,
	               "SELECT idx FROM custody_entry WHERE person = 0")).s;
	PLAY(&s,
	     {"nobody is named", NULL, LEAVE(""), GUARD_WRITES, RC_INVALID, "entry"},
	     {"the inspector leaves", NULL, LEAVE(""), GUARD_WRITES " entrant=badge:P0054",
	      .emits = "custody.room_left"},
	     {"again, and was not recorded as entering", NULL, LEAVE(""),
	      GUARD_WRITES " entrant=badge:P0054", .alarm = "custody.left_unentered"},
	     {"no such line", NULL, LEAVE(",'entry':7"), GUARD_WRITES});
	kit_pass(&s.k, 3601);
	assert_int_equal(kit_alarms(&s.k, "custody.not_left"), 1);
	assert_ok(scene_do(&s, "P0003", "custody.leave_room", line, GUARD_WRITES));
	assert_int_equal(view_rows(&s, "custody/inside"), 1);
	assert_int_equal(kit_alarms(&s.k, "custody.left_unentered"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_left", NULL});
	scene_close(&s);
}

static void by_night_nobody_is_in_without_a_reason(void)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, "2025-06-06T21:59:00+08:00");
	PLAY(&s,
	     {"before the night", NULL, ENTER("repair", "true", ",'visitor':'某单位 某人'"), GUARD_WRITES},
	     {"a guard's relief", "2025-06-06T22:00:00+08:00", ENTER("duty", "true", ""),
	      GUARD_WRITES " entrant=badge:P0009"},
	     {"an inspector, by his badge", NULL, ENTER("inspect", "true", ""),
	      GUARD_WRITES " entrant=badge:P0054"},
	     {"one that nobody knows", NULL, ENTER("inspect", "true", ",'visitor':'某单位 某人'"),
	      GUARD_WRITES, .alarm = "custody.inside_at_night"});
	assert_int_equal(kit_alarms(&s.k, "custody.inside_at_night"), 1);
	scene_close(&s);
	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "04:40:00+08:00");
	PLAY(&s,
	     {"a camera fails", NULL, DEVICE("false")},
	     {"and is mended", NULL, ENTER("repair", "true", ",'visitor':'某单位 某人'"), GUARD_WRITES},
	     {"it is back", NULL, DEVICE("true")},
	     {"papers may come at any hour: no trip was ever planned", NULL,
	      ENTER("hand_over", "true", ""), GUARD_WRITES " entrant=badge:P0014"},
	     {"nothing is down now", DAY1 "04:59:59+08:00",
	      ENTER("repair", "true", ",'visitor':'某单位 某人'"), GUARD_WRITES,
	      .alarm = "custody.inside_at_night"},
	     {"the morning", DAY1 "05:00:00+08:00", ENTER("repair", "true", ",'visitor':'某单位 某人'"),
	      GUARD_WRITES});
	scene_close(&s);
}

static void a_packet_found_open_is_the_gravest(void)
{
#define INSPECT(objects) "P0054", "custody.inspect", \
	"{'place':'" STORE "','objects':[" objects "]}", "inspector=badge:P0054 inspector=badge:P0001"
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"twice in one list", NULL,
	      INSPECT("{'object':'CHI-1','sealed':true},{'object':'CHI-1','sealed':true}"), RC_INVALID,
	      "objects/1/object"},
	     {"all sealed", NULL,
	      INSPECT("{'object':'BX-CHI-01','sealed':true},{'object':'CHI-1','sealed':true}"),
	      .emits = "custody.inspected"},
	     {"one is open", NULL, INSPECT("{'object':'CHI-2','sealed':false}"),
	      .alarm = "custody.found_opened"},
	     {"one that nobody knows", NULL, INSPECT("{'object':'CHI-99','sealed':false}"),
	      .alarm = "custody.found_object"});
	assert_str(scene_life(&s, "CHI-2"), "bag_registered handed_over inspected");
	scene_close(&s);
}

static void each_block_of_recordings_is_replayed(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"no block begins at seven", NULL, REPLAY("2025-06-06T07:00:00+08:00", "0"), RC_INVALID,
	      "block"},
	     {"the first", NULL, REPLAY("2025-06-06T00:00:00+08:00", "0"), .emits = "custody.replayed"},
	     {"the block that is still running", NULL, REPLAY("2025-06-06T06:00:00+08:00", "0"),
	      .alarm = "custody.replay_ahead"});
	kit_pass(&s.k, 25200 + 2);
	assert_int_equal(kit_alarms(&s.k, "custody.replay_missing"), 1);
	kit_pass(&s.k, 43200);
	PLAY(&s,
	     {"a block is left out, and something is seen", NULL,
	      REPLAY("2025-06-06T18:00:00+08:00", "2"), .alarm = "custody.replay_gap",
	      .also = "custody.replay_suspect"});
	assert_int_equal(kit_alarms(&s.k, "custody.replay_suspect"), 1);
	assert_int_equal(view_rows(&s, "custody/replays"), 3);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_replay", "custody_room", NULL});
	scene_close(&s);
}

static void a_whole_issue_is_replayed_after_it(void)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s,
	     {"no such half day", NULL, REPLAY_ISSUE("2025-06-17/am", "0"), RC_INVALID, "half_day"},
	     {"nothing suspicious", NULL, REPLAY_ISSUE("2025-06-07/am", "0"),
	      .emits = "custody.issue_replayed"});
	scene_close(&s);
	scene_at_site(&s);
	kit_pass(&s.k, 7 * 3600);
	assert_int_equal(kit_alarms(&s.k, "custody.issue_replay_missing"), 1);
	scene_close(&s);
}

static void a_broken_seal_is_mended_by_two_when_approved(void)
{
#define MEND(object) "P0003", "custody.mend_seal", \
	"{'place':'" STORE "','object':'" object "','seal':'SB-90'}", \
	"approver=badge:P0002 mender=badge:P0003 mender=badge:P0004"
#define FOUND_BROKEN(object, exposed) "P0003", "custody.report_seal", \
	"{'place':'" STORE "','object':'" object "','state':'damaged'" exposed "}", \
	"finder=badge:P0003 finder=badge:P0007"
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"nothing was reported", NULL, MEND("BX-CHI-01"), RC_CONFLICT, "object"},
	     {"nothing of that number", NULL, MEND("BX-77"), RC_NOT_FOUND, "object"},
	     {"a torn seal", NULL, FOUND_BROKEN("BX-CHI-01", ""), .emits = "custody.seal_damaged",
	      .alarm = "custody.seal_broken"},
	     {"mended", NULL, MEND("BX-CHI-01"), .emits = "custody.seal_mended"},
	     {"once", NULL, MEND("BX-CHI-01"), RC_CONFLICT, "object"},
	     {"a bag, and a guard saw the papers", NULL,
	      FOUND_BROKEN("CHI-1", ",'exposed':[{'person':'P0008'}]"),
	      .emits = "custody.content_seen", .alarm = "custody.content_exposed",
	      .also = "custody.seal_broken"},
	     {"the bag is mended too", NULL, MEND("CHI-1")});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_box WHERE seal = 'SB-90'"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_bag WHERE seal = 'SB-90'"), 1);
	kit_pass(&s.k, 602);
	assert_int_equal(kit_alarms(&s.k, "custody.not_isolated"), 1);
	PLAY(&s,
	     {"kept apart", NULL, "P0031", "custody.isolate",
	      "{'place':'" JN "','object':'CHI-1','persons':[{'person':'P0008'}],"
	      "'session':'d1-chinese'}", "escort=badge:P0011", .emits = "custody.persons_isolated"},
	     {"no such session", NULL, "P0031", "custody.isolate",
	      "{'place':'" JN "','object':'CHI-1','persons':[{'person':'P0008'}],"
	      "'session':'d9-none'}", "escort=badge:P0011", RC_INVALID, "session"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE rule ="
	                         " 'custody.isolation' AND state = 3"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_damage", "custody_box", NULL});
	scene_close(&s);
}

/* The room records its openings; before this load it has none. */
static void a_box_that_leaves_an_unopened_room_is_alarmed(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, {"checked the day before, by an order", NULL,
	          OPEN_FOR("'purpose':'check','order':'DL-7'")});
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, RELEASED,
	     {"and nobody opened", DAY1 "06:20:00+08:00", "P0003", "custody.hand_over",
	      "{'place':'" STORE "','from':'" STORE "','to':'V1','boxes':[{'box':'BX-CHI-01',"
	      "'seal':'SB-0','seal_ok':true,'given':2,'received':2}]}", KEEPERS_TO_COURIERS,
	      .emits = "custody.handed_over", .alarm = "custody.out_unopened"});
	scene_close(&s);
	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, RELEASED, {"opened", DAY1 "06:10:00+08:00", OPEN_FOR("'purpose':'release'")},
	     LOADED);
	assert_int_equal(kit_alarms(&s.k, "custody.out_unopened"), 0);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"two_answer_for_a_room_and_four_guard_it", two_answer_for_a_room_and_four_guard_it,
	 ROWS("sql:custody_room/0", "sql:custody_room/1", "sql:custody_room/2", "sql:custody_room/3",
	      "sql:custody_room/6", "sql:custody_room/7", "sql:custody_room/11",
	      "sql:custody_room/12", "sql:custody_room/13", "sql:custody_room/14",
	      "sql:custody_room/15", "event:custody.store_staffed",
	      "event:custody.locks_changed", "alarm:custody.not_rostered")},
	{"locks_are_changed_before_the_next_use", locks_are_changed_before_the_next_use,
	 ROWS("sql:custody_room/5", "sql:custody_room/8", "event:custody.spare_key_opened",
	      "alarm:custody.spare_key_used")},
	{"keys_lie_in_a_sealed_bag_out_of_season", keys_lie_in_a_sealed_bag_out_of_season,
	 ROWS("sql:custody_keybag/0", "sql:custody_keybag/2", "sql:custody_keybag/3",
	      "event:custody.key_bag_sealed", "expectation:custody.key_bag",
	      "alarm:custody.key_bag_unopened", "alarm:custody.keys_loose")},
	{"a_bag_of_keys_that_came_from_before_is_taken_at_its_word",
	 a_bag_of_keys_that_came_from_before_is_taken_at_its_word,
	 ROWS("sql:custody_keybag/1", "event:custody.key_bag_opened", "alarm:custody.key_bag_broken")},
	{"a_store_is_accepted_before_papers_lie_in_it", a_store_is_accepted_before_papers_lie_in_it,
	 ROWS("sql:custody_acceptance/0", "sql:custody_acceptance/1", "sql:custody_acceptance/2",
	      "sql:custody_acceptance/3", "sql:custody_acceptance/4", "event:custody.store_accepted",
	      "alarm:custody.store_unaccepted")},
	{"papers_may_lie_longer_when_the_province_says_so",
	 papers_may_lie_longer_when_the_province_says_so,
	 ROWS("sql:custody_room/4", "sql:custody_room/9", "event:custody.storage_extended")},
	{"a_camera_has_a_minute_to_come_back", a_camera_has_a_minute_to_come_back,
	 ROWS("sql:custody_watch/0", "sql:custody_watch/1", "sql:custody_watch/2",
	      "sql:custody_watch/3", "event:custody.device_lost", "event:custody.device_restored",
	      "expectation:custody.device_back", "alarm:custody.device_down")},
	{"a_power_cut_is_one_alarm", a_power_cut_is_one_alarm, ROWS("sql:custody_watch/4")},
	{"doors_windows_and_strangers_are_alarmed_at_once",
	 doors_windows_and_strangers_are_alarmed_at_once,
	 ROWS("event:custody.door_opened", "event:custody.door_closed",
	      "event:custody.sensor_tripped", "event:custody.stranger_seen", "alarm:custody.intrusion",
	      "alarm:custody.rear_opened", "alarm:custody.stranger")},
	{"an_inner_door_is_explained_by_its_holders", an_inner_door_is_explained_by_its_holders,
	 ROWS("event:custody.store_opened", "expectation:custody.door_explained",
	      "alarm:custody.door_unexplained")},
	{"an_opening_has_its_hours_and_its_holders", an_opening_has_its_hours_and_its_holders,
	 ROWS("alarm:custody.opened_off_hours", "alarm:custody.wrong_openers")},
	{"who_enters_and_what_a_cabinet_holds", who_enters_and_what_a_cabinet_holds,
	 ROWS("sql:custody_visit/0", "sql:custody_visit/1", "sql:custody_visit/2",
	      "sql:custody_visit/3", "sql:custody_visit/4", "sql:custody_visit/5",
	      "event:custody.room_entered", "event:custody.cabinet_used",
	      "alarm:custody.visitor", "alarm:custody.phone_in_room",
	      "alarm:custody.shared_cabinet")},
	{"whoever_entered_leaves_again", whoever_entered_leaves_again,
	 ROWS("sql:custody_inside/0", "sql:custody_inside/1", "sql:custody_inside/2",
	      "sql:custody_inside/4", "event:custody.room_left", "expectation:custody.leave_room",
	      "alarm:custody.not_left", "alarm:custody.left_unentered")},
	{"by_night_nobody_is_in_without_a_reason", by_night_nobody_is_in_without_a_reason,
	 ROWS("sql:custody_inside/3", "alarm:custody.inside_at_night")},
	{"a_packet_found_open_is_the_gravest", a_packet_found_open_is_the_gravest,
	 ROWS("event:custody.inspected", "alarm:custody.found_opened")},
	{"each_block_of_recordings_is_replayed", each_block_of_recordings_is_replayed,
	 ROWS("sql:custody_replay/0", "sql:custody_replay/1", "sql:custody_room/10",
	      "event:custody.replayed", "expectation:custody.replay", "alarm:custody.replay_missing",
	      "alarm:custody.replay_gap", "alarm:custody.replay_ahead",
	      "alarm:custody.replay_suspect")},
	{"a_whole_issue_is_replayed_after_it", a_whole_issue_is_replayed_after_it,
	 ROWS("event:custody.issue_replayed", "expectation:custody.replay_issue",
	      "alarm:custody.issue_replay_missing")},
	{"a_broken_seal_is_mended_by_two_when_approved", a_broken_seal_is_mended_by_two_when_approved,
	 ROWS("sql:custody_seal/0", "sql:custody_seal/1", "sql:custody_seal/2", "sql:custody_seal/3",
	      "sql:custody_seal/4", "event:custody.seal_damaged", "event:custody.seal_mended",
	      "event:custody.content_seen", "event:custody.persons_isolated",
	      "expectation:custody.isolation", "alarm:custody.content_exposed",
	      "alarm:custody.not_isolated")},
	{"a_box_that_leaves_an_unopened_room_is_alarmed",
	 a_box_that_leaves_an_unopened_room_is_alarmed, ROWS("alarm:custody.out_unopened")},
};
const struct scenario_set STORE_SCENES = {LIST, COUNT(LIST)};
