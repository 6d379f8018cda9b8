/* SPDX-License-Identifier: Apache-2.0 */
/* recipes_sitting.c -- what happens at the sites while it is sat, and on the posts of duty. */
#include "generator/recipes_custody.h"

#define IN_SESSION "{'session':'$S'}"
#define PASSED(k, n) "{'candidate':'" k "','method':'face','tries':" n ",'result':'passed'}"
#define SITTING(n) {[PHASE_OPEN] = (n), [PHASE_SIT] = (n)}
#define ENDING(n) {[PHASE_COUNT] = (n), [PHASE_RETURN] = (n)}

const struct recipe sitting_recipes[] = {
	{"sitting.check_ready", "site", 1, {[PHASE_ARRIVE] = 4, [PHASE_RELEASE] = 6},
	 .data = "{'session':'$S','sound':true}"},
	{"sitting.sign_ready", "site", 1, {[PHASE_RELEASE] = 4}, .data = IN_SESSION},
	{"sitting.find_item", "site", 1, {[PHASE_ISSUE] = 4}, .data = IN_SESSION},
	{"sitting.record_draw", "site", 1, {[PHASE_ISSUE] = 4},
	 .sql = "SELECT id FROM people_person ORDER BY id",
	 .data = "{'session':'$S','drawn':[{'room':'$P/r01','person':$0}]}"},
	{"sitting.enter", "room", 2, SITTING(6), .data = "{'session':'$S','result':'passed'}"},
	{"sitting.enter", "room", 1, SITTING(5), .data = "{'session':'$S','result':'failed'}"},
	{"sitting.enter", "room", 4, SITTING(16), /* a doubt is cleared by a later pass */
	 .sql = "SELECT session, room, candidate FROM sitting_doubt WHERE state = 0"
	        " ORDER BY session, room, candidate",
	 .data = "{'place':'$1','session':'$0','candidate':'$2','tries':1,'result':'passed'}"},
	{"sitting.admit_doubtful", "room", 1, SITTING(3), .data = IN_SESSION},
	{"sitting.resolve_doubt", "room", 1, SITTING(3),
	 .sql = "SELECT session, room, candidate FROM sitting_doubt ORDER BY session, room, candidate",
	 .data = "{'place':'$1','session':'$0','candidate':'$2'}"},
	{"sitting.report_step", "site", 1, SITTING(3), .data = "{'session':'$S','exceptions':null}"},
	{"sitting.allow_phone", "site", 1, {[PHASE_CARRY] = 3}},
	{"sitting.check_clock", "site", 1, {[PHASE_CARRY] = 3}, .data = IN_SESSION},
	{"sitting.ring_bell", "site", 1, SITTING(3), .data = IN_SESSION},
	{"sitting.toilet_out", "room", 1, {[PHASE_SIT] = 4}, .data = IN_SESSION},
	{"sitting.toilet_in", "room", 1, {[PHASE_SIT] = 4}, .data = IN_SESSION},
	{"sitting.enter_list", "room", 1, {[PHASE_SIT] = 2},
	 .data = "{'session':'$S','entries':[" PASSED("K1", "1") "]}"},
	{"sitting.enter_list", "room", 1, {[PHASE_OPEN] = 3}, /* a bad terminal */
	 .data = "{'session':'$S','entries':[" PASSED("K2", "5") "," PASSED("K3", "5") ","
	         PASSED("K4", "5") "," PASSED("K5", "5") "," PASSED("K6", "5") ","
	         PASSED("K7", "5") "]}"},
	{"sitting.play_listening", "site", 1, SITTING(3), .data = IN_SESSION},
	{"sitting.stop_listening", "site", 1, SITTING(3), .data = IN_SESSION},
	{"sitting.restart_listening", "site", 1, SITTING(2), .data = IN_SESSION},
	{"sitting.report_incident", "room", 1, SITTING(4), .data = IN_SESSION},
	{"sitting.settle_incident", "room", 2, SITTING(6),
	 .sql = "SELECT id, room FROM sitting_fact WHERE settled < 0 AND room <> '' ORDER BY id",
	 .data = "{'place':'$1','incident':$0}"},
	{"sitting.open_isolation", "site", 1, SITTING(3),
	 .sql = "SELECT session, room FROM arrange_room WHERE kind = 2 ORDER BY session, room",
	 .data = "{'place':'$1','session':'$0'}"},
	{"sitting.record_violation", "room", 1, SITTING(4), .data = IN_SESSION},
	{"sitting.complete_violation", "room", 1, SITTING(3),
	 .sql = "SELECT id, room FROM sitting_violation ORDER BY id",
	 .data = "{'place':'$1','violation':$0}"},
	{"sitting.sign_violation", "room", 1, SITTING(3),
	 .sql = "SELECT id, room FROM sitting_violation ORDER BY id",
	 .data = "{'place':'$1','violation':$0}"},
	{"sitting.seal_scripts", "room", 1, ENDING(8), .data = IN_SESSION},
	{"sitting.reopen_scripts", "room", 1, ENDING(4),
	 .sql = "SELECT room, session, seal FROM sitting_collection WHERE open = 0 AND seal <> ''"
	        " ORDER BY session, room",
	 .data = "{'place':'$0','session':'$1','seal':'$2'}"},
	{"sitting.hand_in_sheet", "room", 1, ENDING(8), .data = IN_SESSION},
	{"sitting.report_arrival", "site", 1, {[PHASE_CARRY] = 3}, .data = IN_SESSION},
	{"sitting.check_in", "site", 1, {[PHASE_CARRY] = 3}, .data = IN_SESSION},
	{"sitting.count_waiting", "room", 1, .data = IN_SESSION},
	{"sitting.report_attendance", "site", 1, SITTING(3), .data = IN_SESSION},
	{"sitting.set_room_time", "room", 1, {[PHASE_ISSUE] = 3}, .data = IN_SESSION},
	{"sitting.promise_card", "site", 1, {[PHASE_ISSUE] = 3}, .data = IN_SESSION},
	{"sitting.show_card", "site", 1, SITTING(2), .data = IN_SESSION},
	{"sitting.carry_papers", "room", 1, SITTING(3),
	 .sql = "SELECT session, candidate, room, site FROM arrange_seat ORDER BY session, candidate",
	 .data = "{'place':'$2','session':'$0','candidate':'$1','to':'$3/r90'}"},
	{"sitting.count_scripts", "room", 1, ENDING(6),
	 .data = "{'session':'$S','present':29,'absent':1,'first':29,'second':29}"},
	{"sitting.count_scripts", "room", 1, ENDING(2), .data = IN_SESSION},
	{"sitting.decide_collection", "room", 1, ENDING(2), .data = IN_SESSION},
	{"sitting.toilet_trip", "room", 1, SITTING(2), .data = IN_SESSION},
	{"sitting.leave_early", "room", 1, {[PHASE_SIT] = 2}, .data = IN_SESSION},
	{"sitting.hold_leaver", "site", 1, {[PHASE_SIT] = 2}, .data = IN_SESSION},
	{"sitting.release_leaver", "site", 1, {[PHASE_COUNT] = 2}, .data = IN_SESSION},
	{"sitting.report_violations", "site", 1, ENDING(2), .data = IN_SESSION},
	{"sitting.correct_sheet", "room", 1, ENDING(3), /* now it agrees with what is known */
	 .sql = "SELECT session, room FROM sitting_sheet ORDER BY session, room",
	 .data = "{'place':'$1','session':'$0'}"},
	{"sitting.leave_waiting", "room", 2, .data = IN_SESSION},
	{"sitting.register_visitor", "site", 2, .data = IN_SESSION},
	{"sitting.report_gate", "site", 2, .data = IN_SESSION},
	{"sitting.pass_gate", "site", 2, .data = IN_SESSION},
	{"sitting.switch_jammer", "site", 2, .data = IN_SESSION},
	{"sitting.record_signal", "room", 2, .data = IN_SESSION},
	{"custody.seal_site_store", "site", 1, {[PHASE_RETURN] = 5}, .data = IN_SESSION},
	{"sitting.store_item", "site", 1, {[PHASE_ISSUE] = 3}, .data = IN_SESSION},
	{"sitting.tell_county", "site", 1, SITTING(2), .data = IN_SESSION},
	{"sitting.listening_fault", "site", 1, SITTING(2), .data = IN_SESSION},
	{"sitting.complain_listening", "room", 1, SITTING(2), .data = IN_SESSION},
	{"sitting.measure_level", "room", 1, SITTING(2), .data = IN_SESSION},
	{"sitting.write_first", "site", 1, SITTING(2), .data = IN_SESSION},
	{"custody.open_site_store", "site", 1, {[PHASE_CARRY] = 3, [PHASE_ISSUE] = 5},
	 .sql = "SELECT place, session, seal, bags FROM custody_site_store"
	        " ORDER BY place, session, sealed",
	 .data = "{'place':'$0','session':'$1','seal':'$2','bags':$3,'seal_ok':true}"},
	{"custody.open_site_store", "site", 1, {[PHASE_ISSUE] = 3}, .data = IN_SESSION},
	{"custody.see_bag", "site", 1, SITTING(3)},
	{"custody.see_opening", "room", 1, SITTING(3), .data = IN_SESSION},
	{"custody.change_card", "room", 1, {[PHASE_SIT] = 3}, .data = IN_SESSION},
	{"custody.acknowledge_stop", "site", 1, SITTING(2),
	 .sql = "SELECT session FROM custody_stop WHERE lifted = 0 ORDER BY session, place",
	 .data = "{'session':'$0'}"},
	{"filing.file_form", "site", 1, ENDING(3),
	 .data = "{'session':'$S','day':null,'entries':1}"},
	{"custody.pack_scripts", "room", 1, ENDING(6), .data = "{'session':'$S','bag':'DJ$N'}"},
	{NULL},
};

#define TIP "SELECT id, place FROM duty_tip ORDER BY id"
#define TIP_OF "{'at':'$1','tip':$0"
#define PUBLISHED "SELECT id, place FROM service_notice WHERE withdrawn_ms = 0 ORDER BY id"
#define NOTICE_OF "{'at':'$1','notice':$0"
#define ORDERED "SELECT code, place FROM duty_order_to ORDER BY code, place"

const struct recipe duty_recipes[] = {
	{"duty.roster", "county", 2, {[PHASE_PREPARE] = 8},
	 .sql = "SELECT id FROM people_person WHERE avoidance = 1 ORDER BY id",
	 .data = "{'code':'BC$N','person':$0,'deputy':null,'from':'$t10','until':'$t70'}"},
	{"duty.change_shift", "county", 2, {[PHASE_PREPARE] = 3},
	 .sql = "SELECT s.code, s.place, q.id FROM duty_shift s, people_person q WHERE s.phase < 2 AND"
	        " q.avoidance = 1 ORDER BY s.code, q.id",
	 .data = "{'at':'$1','shift':'$0','person':$2,'deputy':null}"},
	{"duty.sign_in", "county", 1},
	{"duty.sign_out", "county", 1, .sql = "SELECT code, place FROM duty_shift ORDER BY code",
	 .data = "{'place':'$1','shift':'$0'}"},
	{"duty.hand_over", "county", 1,
	 .sql = "SELECT a.code, a.place, b.code FROM duty_shift a, duty_shift b WHERE a.code <> b.code"
	        " AND a.place = b.place ORDER BY a.code, b.code",
	 .data = "{'place':'$1','shift':'$0','next':'$2'}"},
	{"duty.zero_site", "site", 1, {[PHASE_COUNT] = 2, [PHASE_RETURN] = 4}, .data = IN_SESSION},
	{"duty.zero_county", "county", 1, {[PHASE_RETURN] = 4}, .data = IN_SESSION},
	{"duty.zero_city", "city", 1, {[PHASE_RETURN] = 4}, .data = IN_SESSION},
	{"duty.report_store", "store", 1, {[PHASE_CLOSE] = 4}, .data = "{'day':'$D'}"},
	{"duty.close_day", "county", 1, {[PHASE_CLOSE] = 6}, .data = "{'day':'$D'}"},
	{"duty.phone_decision", "site", 1, .data = "{'minute':'$t-5'}"},
	{"duty.countersign", "county", 1, .sql = "SELECT id, place, decider FROM duty_call WHERE"
	 " signed < 0 ORDER BY id", .data = "{'at':'$1','call':$0}"},
	{"duty.issue_order", "county", 1,
	 .data = "{'order':'DD$N','to':[{'to':'$P/s01'},{'to':'$P/s02'}]}"},
	{"duty.withdraw_order", "county", 1, .sql = "SELECT code, place FROM duty_order ORDER BY code",
	 .data = "{'at':'$1','order':'$0'}"},
	{"duty.sign_order", "site", 1, .sql = ORDERED, .data = "{'place':'$1','order':'$0'}"},
	{"duty.answer_order", "site", 1, .sql = ORDERED, .data = "{'place':'$1','order':'$0'}"},
	{"service.publish_notice", "county", 1, {[PHASE_PREPARE] = 4},
	 .data = "{'place':'$P','from':null,'until':'$t600'}"},
	{"service.publish_notice", "city", 1, {[PHASE_PREPARE] = 2},
	 .data = "{'place':'$P','kind':'emergency','decision':null,'until':null}"},
	{"service.correct_notice", "county", 1, .sql = PUBLISHED,
	 .data = NOTICE_OF ",'from':null,'until':null}"},
	{"service.withdraw_notice", "county", 1, .sql = PUBLISHED, .data = NOTICE_OF "}"},
	{"duty.take_tip", "site", 1},
	{"duty.take_tip", "county", 1, /* about one who would handle it */
	 .sql = "SELECT person FROM authority_grant WHERE role = 'discipline_officer' ORDER BY id",
	 .data = "{'about':$0}"},
	{"duty.accept_tip", "county", 1, .sql = TIP, .data = TIP_OF "}"},
	{"duty.triage_tip", "county", 1, .sql = TIP, .data = TIP_OF "}"},
	{"duty.hand_tip", "county", 1, .sql = TIP, .data = TIP_OF "}"},
	{"duty.close_tip", "county", 2, .sql = "SELECT id, place FROM duty_tip WHERE triaged_ms > 0 AND"
	 " closed_ms = 0 ORDER BY id", .data = TIP_OF ",'result':'unfounded'}"},
	{NULL},
};
