/* SPDX-License-Identifier: Apache-2.0 */
/* recipes_exam.c -- candidates, rooms and seats, the printing house, trips, the people on duty. */
#include "generator/recipes_custody.h"

/* A roster of guards: who has declared, is no keeper and leads nobody; now and then too few. */
bool custody_staff(struct gen *g, struct plan *p)
{
	struct json *list = json_new_array(&g->scratch);
	size_t n, k = 0, most = chance(g, 10) ? 3 : 5;
	struct row *r;

	if (chance(g, 50))
		set_str(g, p, "place", spot(g, "spare_store"));
	n = rows_all(g, STR("SELECT id FROM people_person WHERE avoidance = 1 ORDER BY id"), &r);
	for (size_t i = 0; i < n && k < most; i++) {
		struct person_id who = {r[i].i[0]};
		int64_t now = clock_now_ms(&g->clock);

		if (authority_holds(g->w.authority, who, STR("store_keeper"), p->place, 0, now) ||
		    authority_holds(g->w.authority, who, STR("county_leader"), p->place, 0, now))
			continue;
		json_set_int(&g->scratch, json_put(list, NULL, json_new_object(&g->scratch)), "person",
		             who.v);
		k++;
	}
	json_put(p->data, "guards", list);
	return k > 0;
}

/* What is asked before its time needs leave (特批). */
bool before_its_time(struct gen *g, struct plan *p)
{
	if (chance(g, 60))
		ask_exception(g, p);
	return true;
}

/* Ten minutes later: in the evening nothing else is in the way. */
static void put_off(struct gen *g, struct json *session)
{
	const int minutes = g->w.profile.utc_offset_min;
	int64_t start, end;

	if (!clock_parse(json_str(session, "start"), &start) ||
	    !clock_parse(json_str(session, "end"), &end))
		return;
	json_set_str(&g->scratch, session, "start",
	             clock_format_offset(&g->scratch, start + 600000, minutes));
	json_set_str(&g->scratch, session, "end",
	             clock_format_offset(&g->scratch, end + 600000, minutes));
}

/* The profile in force with a number changed or its last session put off. */
static bool another_profile(struct gen *g, struct plan *p)
{
	struct json *o, *list;
	struct str bytes, hash;

	must(g, json_read(&g->op, g->w.profile.bytes, &o), "reading the profile in force");
	list = (struct json *)(uintptr_t)json_get(o, chance(g, 60) ? "sessions" : "settings");
	if (str_is(list->key, "sessions"))
		put_off(g, list->last);
	else
		json_set_int(&g->scratch, list->first, "value", 60 + (int64_t)dice(g, 900));
	bytes = str_fmt(&g->scratch, "%s\n", json_pretty(&g->scratch, o).s);
	must(g, blob_put(&g->op, &g->store, bytes, &hash), "keeping a profile");
	set_str(g, p, "profile", hash);
	return true;
}

#define DAYTIME(n) {[PHASE_SIT] = (n), [PHASE_AFTER] = (n)}
#define EARLY(n) {[PHASE_PREPARE] = (n), [PHASE_ARRIVE] = (n)}
#define ANY_TRIP "SELECT trip, place FROM custody_trip ORDER BY trip"
#define UNDER_WAY "SELECT trip, place, vehicle, spare FROM custody_trip WHERE left_ms > 0 AND" \
	" arrived_ms = 0 ORDER BY trip"
#define ROOM_OF(r, n, k) "{'room':'$P/" r "','seats':" n ",'kind':'" k "'}"

const struct recipe exam_recipes[] = {
	{"exam.register_candidate", "county", 1, EARLY(24),
	 .data = "{'number':'K$N','ticket':'ZK$N','document':'D$N','document_kind':'passport',"
	         "'combination':'physics.chemistry.biology','language':'english'}"},
	{"exam.correct_candidate", "county", 1, EARLY(4),
	 .sql = "SELECT number FROM exam_candidate ORDER BY number",
	 .data = "{'number':'$0','school':null,'ticket':'ZK$N',"
	         "'combination':'physics.geography.biology'}"},
	{"exam.approve_accommodation", "county", 1, EARLY(6), .data = "{'extra_percent':null}"},
	{"exam.approve_accommodation", "site", 1, .data = "{'kind':'crutches','extra_percent':0,"
	 "'own_bag':false}"},
	{"exam.end_accommodation", "county", 1,
	 .sql = "SELECT candidate, kind FROM exam_accommodation WHERE ended = 0 ORDER BY id",
	 .data = "{'candidate':'$0','kind':'$1'}"},
	{"exam.adopt_profile", "city", 1, EARLY(8), another_profile},
	{"arrange.plan_rooms", "site", 1, EARLY(24),
	 .data = "{'session':'$Z','rooms':[" ROOM_OF("r01", "30", "normal") ","
	         ROOM_OF("r02", "30", "normal") "," ROOM_OF("r90", "0", "reserve") ","
	         ROOM_OF("r91", "0", "waiting") "]}"},
	{"arrange.plan_rooms", "site", 1, EARLY(6), /* the second of its half day: some wait for it */
	 .data = "{'session':'d3-biology','rooms':[" ROOM_OF("r01", "30", "normal") ","
	         ROOM_OF("r91", "0", "waiting") "]}"},
	{"arrange.seat_candidates", "site", 1, EARLY(30),
	 .sql = "SELECT r.session, r.room, r.site, c.number FROM arrange_room r, exam_candidate c"
	        " WHERE r.seats > 0 AND NOT EXISTS (SELECT 1 FROM arrange_seat s WHERE s.session ="
	        " r.session AND s.candidate = c.number) ORDER BY c.number, r.session, r.room LIMIT 60",
	 .data = "{'place':'$2','session':'$0','room':'$1','seats':[{'candidate':'$3','seat':1}]}"},
	{"arrange.seat_candidates", "site", 1, EARLY(10),
	 .sql = "SELECT r.session, r.room, r.site, c.number FROM arrange_room r, exam_candidate c"
	        " WHERE r.kind = 3 AND r.session = 'd3-biology' AND NOT EXISTS (SELECT 1 FROM"
	        " arrange_wait s WHERE s.session = r.session AND s.candidate = c.number) ORDER BY"
	        " c.number, r.session, r.room LIMIT 60",
	 .data = "{'place':'$2','session':'$0','room':'$1','seats':[{'candidate':'$3','seat':1}]}"},
	{"arrange.open_names", "site", 1, DAYTIME(6),
	 .sql = "SELECT DISTINCT session, site FROM arrange_seat ORDER BY session, site",
	 .data = "{'place':'$1','session':'$0','purpose':'door sheets'}"},
	{"arrange.move_candidate", "site", 1, DAYTIME(3),
	 .sql = "SELECT session, candidate, room, site FROM arrange_seat ORDER BY session, candidate",
	 .data = "{'place':'$3','session':'$0','candidate':'$1','from':'$2','to':'$3/r90'}"},
	{"custody.plan_trip", "county", 1, EARLY(6),
	 .sql = "SELECT a.code, b.code FROM custody_vehicle a, custody_vehicle b WHERE a.code <> b.code"
	        " ORDER BY a.code, b.code",
	 .data = "{'trip':'YS$N','vehicle':'$0','spare':'$1','from':'$P/store','to':'$P/s01',"
	         "'leaves_from':'$t0','leaves_by':'$t20','arrives_from':'$t10','arrives_by':'$t40'}"},
	{"custody.reroute_trip", "county", 1,
	 .sql = ANY_TRIP, .data = "{'place':'$1','trip':'$0','arrives_by':'$t90'}"},
	{"custody.cancel_trip", "county", 1, .sql = ANY_TRIP, .data = "{'place':'$1','trip':'$0'}"},
	{"custody.depart", "county", 2, .sql = "SELECT trip, place, vehicle FROM custody_trip WHERE"
	 " left_ms = 0 ORDER BY trip", .data = "{'place':'$1','trip':'$0','vehicle':'$2'}"},
	{"custody.report_point", "county", 3,
	 .sql = ANY_TRIP, .data = "{'place':'$1','trip':'$0','off_route_m':0,'seal_ok':true}"},
	{"custody.report_point", "county", 1, /* one that nobody has heard of for a while */
	 .sql = "SELECT trip, place FROM custody_trip WHERE silent = 1 ORDER BY trip",
	 .data = "{'place':'$1','trip':'$0','off_route_m':0,'seal_ok':true}"},
	{"custody.check_crew", "county", 1, .sql = ANY_TRIP, .data = "{'place':'$1','trip':'$0'}"},
	{"custody.swap_vehicle", "county", 1, .sql = UNDER_WAY,
	 .data = "{'place':'$1','trip':'$0','vehicle':'$3','seals_ok':true}"},
	{"custody.arrive", "county", 1, .sql = UNDER_WAY,
	 .data = "{'place':'$1','trip':'$0','vehicle':'$2'}"},
	{NULL},
};

#define OPEN_JOB "SELECT job, place FROM custody_print WHERE closed = 0 ORDER BY job"
#define PRINTED "SELECT p.job, p.place FROM custody_print p JOIN custody_print_step s ON s.job =" \
	" p.job WHERE s.step = 3 AND s.good > 0 ORDER BY p.job"
#define JOB_OF "{'place':'$1','job':'$0'"

const struct recipe paper_recipes[] = {
	{"custody.order_print", "press", 1, {[PHASE_PREPARE] = 4},
	 .data = "{'job':'YZ$N','session':'$S','kind':'paper','copies':40,'per':1}"},
	{"custody.issue_stock", "press", 1, {[PHASE_PREPARE] = 4},
	 .sql = OPEN_JOB, .data = JOB_OF ",'sheets':60}"},
	{"custody.hand_process", "press", 2, {[PHASE_PREPARE] = 8},
	 .sql = OPEN_JOB, .data = JOB_OF ",'step':'check','given':50,'received':50,'good':45,"
	                                 "'waste':5,'in_work':0}"},
	{"custody.hand_process", "press", 2, .sql = OPEN_JOB, .data = JOB_OF "}"},
	{"custody.destroy_waste", "press", 1, .sql = OPEN_JOB, .data = JOB_OF ",'sheets':5}"},
	{"custody.destroy_copies", "press", 2, .sql = PRINTED, .data = JOB_OF ",'copies':1}"},
	{"custody.close_print", "press", 1, .sql = OPEN_JOB, .data = JOB_OF "}"},
	{"custody.pack_bag", "press", 2, {[PHASE_PREPARE] = 10, [PHASE_ARRIVE] = 10},
	 .sql = "SELECT p.job, p.place, b.code FROM custody_print p JOIN custody_print_step s ON"
	        " s.job = p.job JOIN custody_box b ON b.session = p.session WHERE s.step = 3 AND"
	        " s.good > 0 ORDER BY p.job, b.code",
	 .data = "{'at':'$1','job':'$0','bag':'G$N','box':'$2','seal':'SG$N','copies':3}"},
	{"custody.staff_store", "store", 2, EARLY(10), custody_staff},
	{"custody.change_locks", "store", 1, EARLY(6), .data = "{'locks':true,'codes':true}"},
	{"custody.change_locks", "spare_store", 1, EARLY(6), .data = "{'locks':true,'codes':true}"},
	{"custody.order_second", "county", 1, .data = "{'session':'$Z','order':'FT$N'}"},
	{"custody.stop_paper", "county", 1, .data = "{'session':'$S','order':'TY$N'}"},
	{"custody.lift_stop", "county", 1,
	 .sql = "SELECT session, place FROM custody_stop WHERE lifted = 0 ORDER BY session, place",
	 .data = "{'place':'$1','session':'$0','order':'JC$N'}"},
	{"custody.seal_stopped", "site", 1,
	 .sql = "SELECT code, copies, session FROM custody_bag ORDER BY code",
	 .data = "{'session':'$2','bags':[{'bag':'$0','room':'$P/r01','seal':'FC$N','copies':$1}]}"},
	{"custody.use_spare", "room", 1, {[PHASE_SIT] = 4},
	 .sql = "SELECT code FROM custody_bag WHERE kind = 1 ORDER BY code",
	 .data = "{'bag':'$0','copies':1}"},
	{"custody.report_seal", "store", 1},
	{"custody.mend_seal", "store", 1,
	 .sql = "SELECT object, place FROM custody_damage WHERE mended = 0 ORDER BY object",
	 .data = "{'place':'$1','object':'$0','seal':'SB$N'}"},
	{"custody.issue_sheet", "site", 1, {[PHASE_ISSUE] = 8},
	 .sql = "SELECT code, session FROM custody_bag WHERE state = 0 ORDER BY code",
	 .data = "{'session':'$1','rows':[{'bag':'$0','room':'$P/r01'}]}"},
	{"custody.issue_materials", "site", 1, {[PHASE_ISSUE] = 8},
	 .data = "{'session':'$S','rows':[{'room':'$P/r01','kind':'card','copies':30}]}"},
	{"custody.return_materials", "site", 1, {[PHASE_COUNT] = 5},
	 .data = "{'session':'$S','rows':[{'room':'$P/r01','kind':'card','copies':30}]}"},
	{"custody.close_site", "site", 1, {[PHASE_RETURN] = 8, [PHASE_CLOSE] = 6},
	 .data = "{'session':'$S'}"},
	{"custody.open_scripts", "county", 1, {[PHASE_AFTER] = 3}},
	{"custody.destroy_scripts", "county", 1, {[PHASE_AFTER] = 8}, before_its_time,
	 .sql = "SELECT bag, holder FROM custody_script ORDER BY bag",
	 .data = "{'place':'$1','list':'XH$N','bags':[{'bag':'$0'}]}"},
	{"custody.hand_scripts", "county", 1, {[PHASE_RETURN] = 5, [PHASE_AFTER] = 5},
	 .sql = "SELECT bag, holder, seal FROM custody_script ORDER BY bag",
	 .data = "{'place':'$1','from':'$1','to':'$P/store','bags':[{'bag':'$0','seal':'$2'}]}"},
	{"custody.isolate", "store", 1},
	{"custody.release_isolated", "store", 1,
	 .sql = "SELECT object, person FROM custody_apart ORDER BY object, person",
	 .data = "{'object':'$0','persons':[{'person':$1}]}"},
	{"custody.accept_store", "site", 1, {[PHASE_PREPARE] = 3}},
	{"custody.seal_key_bag", "store", 1, {[PHASE_AFTER] = 4}},
	{"custody.open_key_bag", "store", 1, {[PHASE_PREPARE] = 2}},
	{"custody.enter_room", "store", 2},
	{"custody.leave_room", "store", 1,
	 .sql = "SELECT idx, place FROM custody_entry ORDER BY idx",
	 .data = "{'place':'$1','entry':$0}"},
	{"custody.use_cabinet", "store", 2},
	{"custody.name_collectors", "site", 2},
	{"custody.report_device", "store", 2},
	{"custody.report_door", "store", 2},
	{"custody.replay", "store", 2, {[PHASE_AFTER] = 3}, .data = "{'block':'$B'}"},
	{"custody.report_stranger", "store", 1},
	{"custody.report_sensor", "store", 1},
	{"custody.open_store", "store", 1},
	{"custody.open_spare_key", "store", 1},
	{"custody.extend_storage", "store", 1, .data = "{'days':45}"},
	{"custody.sort_boxes", "store", 1, {[PHASE_ARRIVE] = 3, [PHASE_RELEASE] = 3},
	 .sql = "SELECT code, destined FROM custody_box ORDER BY code",
	 .data = "{'boxes':[{'box':'$0','site':'$1','bags':3}]}"},
	{"custody.inspect", "store", 1, .sql = "SELECT code FROM custody_bag ORDER BY code",
	 .data = "{'objects':[{'object':'$0','sealed':true}]}"},
	{"custody.replay_issue", "store", 1, {[PHASE_AFTER] = 3}, .data = "{'half_day':'$H'}"},
	{NULL},
};
