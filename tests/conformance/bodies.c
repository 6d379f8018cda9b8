/* SPDX-License-Identifier: Apache-2.0 */
/* bodies.c -- see bodies.h. */
#include "kit/check.h"

#include "conformance/bodies.h"

#include "domain/acts.h"

#define ENROLLERS "enroller=badge:901 approver=badge:902"
#define REMOVERS "remover=badge:801 remover=badge:802"
#define A_KEY "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define NEWEST(table) "SELECT MAX(id) FROM " table
#define PLACE_STORE "{'place':'" STORE "'}"
#define TWO_KEEPERS "keeper=badge:P0003 keeper=badge:P0004"
#define ON_BOARD "escort=badge:P0014 escort=badge:P0015 police=badge:P0011"
#define DESK "issuer=badge:P0022 issuer=badge:P0021"
#define MATERIALS_OF "{'place':'" SITE "','session':'d1-chinese','rows':[" \
	"{'room':'" ROOM "','kind':'card','copies':30}]}"
#define HOUSE "sc/cd/press"
#define JOB_OF "{'place':'" HOUSE "','job':'YZ-1',"
#define WATCH "supervisor=badge:P0050 supervisor=badge:P0033"
#define ORDER_OF(no) "{'place':'" JN "','session':'d2-physics','order':'" no "'}"
#define ZERO_BODY(place) "{'place':'" place "','session':'d1-chinese','expected':30,'present':29," \
	"'absent':1,'violations':0,'incidents':0,'spares':0,'listening_faults':0,'store_findings':0," \
	"'exceptions':0}"
#define SITTING "'place':'" SITE "','session':'d1-chinese'"
#define IN_ROOM "'place':'" ROOM "','session':'d1-chinese'"
#define CANDIDATE "'candidate':'C-001'"
#define PLAYED_BY_TWO "player=badge:P0038 second=badge:P0022"
#define BELL_TWO "keeper=badge:P0037 second=badge:P0022"
#define SOUND "{'place':'" STORE "','sound':true}"

static void half_signed(struct scene *s)
{
	assert_ok(scene_do(s, "P0003", "custody.guard_on",
	                   "{'place':'" STORE "','duty':'guard'}", NULL));
	assert_true(s->k.answer.waiting);
}

static void to_the_site(struct scene *s)
{
	PLAY(s,
	     {"opened for it", DAY1 "06:15:00+08:00", "P0003", "custody.open_store",
	      "{'place':'" STORE "','purpose':'release'}", OPENERS " police=badge:P0011"},
	     LOADED, AT_SITE);
}

static void printed(struct scene *s)
{
	PLAY(s, {"in the printing house", NULL, OFFICE, "custody.register_consignment",
	         "{'place':'" JN "','code':'C7','holder':'" HOUSE "','boxes':1,'bags':9}"},
	     {"its box", NULL, OFFICE, "custody.register_box", "{'code':'BX-PRT-1','consignment':'C7',"
	      "'session':'d1-chinese','destined':'" SITE "','seal':'S-7'}"});
}

#define A_CANDIDATE "{'place':'" ROOM "','session':'d1-chinese','candidate':'K0001'"
#define A_LEAVER "{'place':'" SITE "','session':'d1-chinese','candidate':'K0001'}"
#define A_RECORD "{'place':'" ROOM "','violation':#"
#define A_SHEET "{'place':'" ROOM "','session':'d1-chinese','expected':30,'present':29," \
	"'absent':1,'absentees':[{'candidate':'K0002'}],'scripts':29"

const struct body BODIES[] = {
	{"place.add", STORE, "{'place':'" STORE "','kind':'store','name':'保密室'}"},
	{"authority.grant", JN, "{'person':700,'role':'inspector','place':'" JN "'}", GRANTERS},
	{"authority.revoke", JN, "{'grant':#}", GRANTERS,
	 "SELECT id FROM authority_grant WHERE person = 700 AND revoked < 0"},
	{"authority.register_key", "", "{'person':700,'key':'" A_KEY "'}", GRANTERS},
	{"authority.revoke_key", "", "{'person':700}", GRANTERS},
	{"authority.found", "", "{}", .first = RC_CONFLICT}, /* closed already */
	{"device.enroll", SITE, "{'key':'" A_KEY "','place':'" SITE "'}", ENROLLERS},
	{"device.revoke", SITE, "{'device':#}", ENROLLERS, NEWEST("device")},
	{"people.add_unit", SITE, "{'place':'" SITE "','code':'U2','name':'考点'}"},
	{"people.register", SITE, "{'code':'P9001','unit':'U2','name':'化名'}"},
	{"people.declare_avoidance", SITE, "{'person':#,'relative':false}", "declarer=badge:#",
	 NEWEST("people_person")},
	{"people.assign_post", SITE, "{'person':#,'place':'" SITE "','role':'site_clerk'}", NULL,
	 NEWEST("people_person")},
	{"people.end_post", SITE, "{'person':#,'place':'" SITE "','role':'site_clerk'}", NULL,
	 NEWEST("people_person")},
	{"custody.found_object", SITE, "{'place':'" SITE "','code':'CHI-2024-7'}"},
	{"alarm.acknowledge", SITE, "{'alarm':#}", NULL, NEWEST("alarm")},
	{"alarm.close", SITE, "{'alarm':#,'reason':'handled'}", "second=badge:P0001", NEWEST("alarm")},
	{"vault.open", "", "{'vault':#,'purpose':'核对身份'}", NULL, "SELECT MAX(name) FROM people_person"},
	{"vault.note_export", "", "{'view':'people.persons','rows':1,'hash':'" A_KEY "'}"},
	{"vault.clear", "", "{'vault':#}", REMOVERS, "SELECT MAX(name) FROM people_person"},
	{"vault.shred", "", "{'subject':#}", REMOVERS, NEWEST("people_person")},
	{"arrange.plan_rooms", SITE, "{'place':'" SITE "','session':'d1-chinese',"
	 "'rooms':[{'room':'" SITE "/r01','seats':30},{'room':'" SITE "/r90','seats':0,"
	 "'kind':'reserve'}]}"},
	{"exam.register_candidate", JN, "{'place':'" JN "','number':'C001','name':'化名',"
	 "'combination':'physics.chemistry.biology','document':'999999200703150000'}"},
	{"exam.correct_candidate", JN, "{'place':'" JN "','number':'C001','ticket':'T01'}"},
	{"exam.approve_accommodation", SITE,
	 "{'place':'" SITE "','candidate':'C001','kind':'crutches','approval':'KD-1'}"},
	{"exam.adopt_profile", "sc/cd", "{'place':'sc/cd','profile':'" A_KEY "','reason':'x'}",
	 "leader=badge:P0052", .first = RC_NOT_FOUND}, /* no profile has that digest */
	{"exam.end_accommodation", JN, "{'place':'" JN "','candidate':'C001','kind':'crutches'}"},
	{"arrange.seat_candidates", SITE, "{'place':'" SITE "','session':'d1-chinese',"
	 "'room':'" SITE "/r01','seats':[{'candidate':'C001','seat':1}]}"},
	{"arrange.open_names", SITE, "{'place':'" SITE "','session':'d1-chinese',"
	 "'purpose':'打印'}"},
	{"arrange.move_candidate", SITE, "{'place':'" SITE "','session':'d1-chinese',"
	 "'candidate':'C001','from':'" SITE "/r01','to':'" SITE "/r02','reason':'noise',"
	 "'decided_by':'P0021'}"},
	{"custody.register_vehicle", JN, "{'place':'" JN "','code':'V2','plate':'演A2'}"},
	{"custody.register_consignment", JN,
	 "{'place':'" JN "','code':'C2','holder':'V2','boxes':1,'bags':1}"},
	{"custody.register_box", JN, "{'code':'BX-1','consignment':'C2','session':'d1-chinese',"
	 "'destined':'" SITE "','seal':'S-1'}"},
	{"custody.register_bag", JN, "{'code':'SPA-1','box':'BX-1','kind':'spare','copies':30,"
	 "'seal':'S-2'}"},
	{"custody.deactivate_store", STORE, PLACE_STORE, LEADERS},
	{"custody.staff_store", STORE, "{'place':'" STORE "','guards':[" ROSTER "]}", RESPONSIBLE},
	{"custody.change_locks", STORE, "{'place':'" STORE "','locks':true,'codes':true}", TWO_KEEPERS},
	{"custody.activate_store", STORE, "{'place':'" STORE "','certificate':'YS-1'}", LEADERS},
	{"custody.accept_store", SITE, "{'place':'" SITE "','certificate':'YS-7'}",
	 "education=badge:P0001 police=badge:P0011 secrecy=badge:P0013"},
	{"custody.seal_key_bag", STORE, "{'place':'" STORE "','bag':'YD-1','seal':'YF-1'}",
	 "head=badge:P0002 watcher=badge:P0013 keeper=badge:P0003"},
	{"custody.open_key_bag", STORE, "{'place':'" STORE "','bag':'YD-1','seal':'YF-1',"
	 "'intact':true}", "head=badge:P0002 watcher=badge:P0013 keeper=badge:P0003"},
	{"custody.open_spare_key", STORE, "{'place':'" STORE "','envelope':'BY-1','sealed':true}",
	 "director=badge:P0002 keeper=badge:P0003 police=badge:P0011"},
	{"custody.extend_storage", STORE, "{'place':'" STORE "','approval':'S-2025-7','days':5}",
	 LEADERS},
	{"custody.report_seal", STORE, "{'place':'" STORE "','object':'BX-CHI-01','state':'damaged'}",
	 "finder=badge:P0003 finder=badge:P0007"},
	{"custody.mend_seal", STORE, "{'place':'" STORE "','object':'BX-CHI-01','seal':'SB-0'}",
	 "approver=badge:P0002 mender=badge:P0003 mender=badge:P0004"},
	{"custody.isolate", STORE, "{'place':'" STORE "','object':'BX-CHI-01',"
	 "'persons':[{'person':'P0007'}],'session':'d1-chinese'}", "escort=badge:P0011"},
	{"custody.release_isolated", STORE, "{'place':'" STORE "','object':'BX-CHI-01',"
	 "'persons':[{'person':'P0007'}]}", "escort=badge:P0011"},
	{"custody.report_device", STORE,
	 "{'place':'" STORE "','device':'CAM-1','kind':'camera','working':true}"},
	{"custody.report_sensor", STORE, "{'place':'" STORE "','sensor':'W-1','kind':'window'}"},
	{"custody.report_door", STORE, "{'place':'" STORE "','door':'outer','open':true}"},
	{"custody.report_stranger", STORE, "{'place':'" STORE "','persons':1}"},
	{"custody.open_store", STORE, "{'place':'" STORE "','purpose':'check','order':'DL-1'}",
	 OPENERS " police=badge:P0011"},
	{"custody.enter_room", STORE, "{'place':'" STORE "','purpose':'duty','phone_left':true}",
	 "guard=badge:P0008 entrant=badge:P0007"},
	{"custody.leave_room", STORE, "{'place':'" STORE "'}",
	 "guard=badge:P0008 entrant=badge:P0007"},
	{"custody.use_cabinet", STORE, "{'place':'" STORE "','cabinet':'G-1','content':'papers'}",
	 TWO_KEEPERS},
	{"custody.inspect", STORE, "{'place':'" STORE "','objects':[{'object':'BX-CHI-01',"
	 "'sealed':true}]}", "inspector=badge:P0054 inspector=badge:P0001"},
	{"custody.replay", STORE, "{'place':'" STORE "','block':'2025-06-06T00:00:00+08:00',"
	 "'suspects':0}", "reviewer=badge:P0049 head=badge:P0002"},
	{"custody.replay_issue", STORE, "{'place':'" STORE "','half_day':'2025-06-07/am',"
	 "'suspects':0}", "reviewer=badge:P0049 head=badge:P0002"},
	{"custody.assign_keys", STORE, "{'place':'" STORE "','door_a':'P0003','door_b':'P0004',"
	 "'cabinet':'P0005','code':'P0006'}", LEADERS},
	{"custody.guard_off", STORE, PLACE_STORE, "guard=badge:P0008"},
	{"custody.guard_on", STORE, "{'place':'" STORE "','duty':'guard'}", "guard=badge:P0008"},
	{"custody.patrol", STORE, SOUND, "patroller=badge:P0007 patroller=badge:P0008"},
	{"custody.joint_check", STORE, SOUND,
	 "education=badge:P0001 police=badge:P0011 secrecy=badge:P0013"},
	{"custody.hand_over", STORE, ARRIVAL, COURIERS_TO_KEEPERS},
	{"slot.sign", STORE, "{'begun':#}", "guard=badge:P0008",
	 "SELECT MAX(begun) FROM slot_pending", .before = half_signed},
	{"custody.release_boxes", STORE, RELEASE("BX-CHI-01"), OPENERS, NULL, DAY1 "06:00:00+08:00"},
	{"custody.issue_bag", SITE, ISSUE("CHI-1", ROOM), INVIGILATORS("receiver"), NULL,
	 DAY1 "08:15:00+08:00", to_the_site},
	{"custody.open_bag", ROOM, "{'place':'" ROOM "','bag':'CHI-1','seal_ok':true}",
	 INVIGILATORS("opener")},
	{"custody.see_opening", ROOM, "{'place':'" ROOM "','session':'d1-chinese'}"},
	{"sitting.set_room_time", ROOM, "{" IN_ROOM ",'extra_s':600,'basis':'ZC-7'}",
	 "chief=badge:P0021 county=badge:P0001"},
	{"sitting.write_first", SITE, "{" SITTING "}", "chief=badge:P0021 county=badge:P0001"},
	{"custody.issue_sheet", SITE, "{'place':'" SITE "','session':'d1-chinese','sheet':'LQ-1',"
	 "'rows':[{'bag':'CHI-2','room':'" SITE "/r02','first':'P0024','second':'P0025'}]}", DESK},
	{"custody.issue_materials", SITE, MATERIALS_OF, DESK},
	{"custody.return_materials", SITE, MATERIALS_OF, DESK},
	{"custody.use_spare", ROOM, "{'place':'" ROOM "','bag':'SPA-1','copies':1,'cause':'print'}",
	 "chief=badge:P0021 deputy=badge:P0036"},
	{"custody.change_card", ROOM, "{'place':'" ROOM "','session':'d1-chinese','cause':'staff'}",
	 INVIGILATORS("changer") " chief=badge:P0021"},
	{"custody.order_second", JN, ORDER_OF("F-1"), "leader=badge:P0034 leader=badge:P0055"},
	{"custody.stop_paper", JN, "{'place':'" JN "','session':'d2-physics','order':'T-1',"
	 "'cause':'leak'}", "leader=badge:P0002"},
	{"custody.acknowledge_stop", SITE, "{'place':'" SITE "','session':'d2-physics'}",
	 "chief=badge:P0021"},
	{"custody.seal_stopped", SITE, "{'place':'" SITE "','session':'d1-chinese','bags':["
	 "{'bag':'CHI-2','room':'" SITE "/r02','seal':'SF-1','copies':30}]}",
	 "sealer=badge:P0024 sealer=badge:P0025"},
	{"custody.lift_stop", JN, ORDER_OF("T-1"), "leader=badge:P0002"},
	{"custody.order_print", HOUSE, "{'place':'" HOUSE "','job':'YZ-1','session':'d1-chinese',"
	 "'kind':'paper','copies':10,'per':1}"},
	{"custody.issue_stock", HOUSE, JOB_OF "'sheets':10}", "giver=badge:P0014 receiver=badge:P0015"},
	{"custody.hand_process", HOUSE, JOB_OF "'step':'check','given':90,'received':90,'good':80,"
	 "'waste':10,'in_work':0}", "giver=badge:P0014 receiver=badge:P0015"},
	{"custody.destroy_waste", HOUSE, JOB_OF "'sheets':10}", WATCH},
	{"custody.destroy_copies", HOUSE, JOB_OF "'copies':1,'approval':'PF-1'}",
	 "approver=badge:P0034 " WATCH},
	{"custody.pack_bag", JN, "{'job':'YZ-1','bag':'YZ-CHI-1','box':'BX-PRT-1','seal':'SG-1',"
	 "'copies':5}", "packer=badge:P0014 packer=badge:P0015", NULL, NULL, printed},
	{"custody.close_print", HOUSE, "{'place':'" HOUSE "','job':'YZ-1'}", WATCH},
	{"custody.sort_boxes", STORE, "{'place':'" STORE "','boxes':[{'box':'BX-MAT-01','site':'" SITE
	 "','bags':2}]}", "sorter=badge:P0003 sorter=badge:P0004 observer=badge:P0011"},
	{"custody.name_collectors", SITE, "{'place':'" SITE "','half_day':'2025-06-07/pm','letter':"
	 "'JS-1','people':[{'person':'P0014'},{'person':'P0015'}]}", "chief=badge:P0021"},
	{"custody.seal_site_store", SITE, "{'place':'" SITE "','session':'d1-maths','seal':'GF-1',"
	 "'bags':0}", "keeper=badge:P0021 keeper=badge:P0022"},
	{"custody.open_site_store", SITE, "{'place':'" SITE "','session':'d1-maths','seal':'GF-1',"
	 "'bags':0,'seal_ok':true}", "keeper=badge:P0021 keeper=badge:P0022"},
	{"custody.see_bag", SITE, "{'place':'" SITE "','bag':'CHI-1'}"},
	{"custody.count_bag", ROOM, "{'place':'" ROOM "','bag':'CHI-1','seal':'SR-1','used':27,"
	 "'absent':1,'left_over':2,'replaced':0}", INVIGILATORS("counter") " acceptor=badge:P0022",
	 NULL, DAY1 "11:40:00+08:00"},
	{"custody.close_site", SITE, "{'place':'" SITE "','session':'d1-chinese'}",
	 "closer=badge:P0021 closer=badge:P0022"},
	{"custody.pack_scripts", ROOM, "{'place':'" ROOM "','session':'d1-chinese','bag':'DJ-1',"
	 "'seal':'DS-1','scripts':27,'absent':1}", INVIGILATORS("packer") " acceptor=badge:P0022"},
	{"custody.hand_scripts", SITE, "{'place':'" SITE "','from':'" SITE "','to':'V1','list':'YS-1',"
	 "'bags':[{'bag':'DJ-1','seal':'DS-1'}]}", COURIERS_TO_KEEPERS},
	{"custody.open_scripts", SITE, "{'place':'" SITE "','bag':'DJ-1'}"},
	{"sitting.report_incident", ROOM, "{'place':'" ROOM "','session':'d1-chinese',"
	 "'kind':'illness'}"},
	{"sitting.settle_incident", ROOM, "{'place':'" ROOM "','incident':#,'outcome':'stayed'}", NULL,
	 NEWEST("sitting_fact")},
	{"sitting.tell_county", SITE, "{'place':'" SITE "','session':'d1-chinese','about':'spare',"
	 "'taker':'P0001'}"},
	{"sitting.toilet_out", ROOM, A_CANDIDATE ",'escort':'P0041','same_sex':true}"},
	{"sitting.toilet_in", ROOM, A_CANDIDATE ",'searched':true}"},
	{"sitting.toilet_trip", ROOM, A_CANDIDATE ",'out_at':'" DAY1 "10:00:00+08:00','back_at':'" DAY1
	 "10:03:00+08:00','escort':'P0041','same_sex':true,'searched':true}"},
	{"sitting.leave_early", ROOM, A_CANDIDATE ",'handed_in':true}"},
	{"sitting.hold_leaver", SITE, A_LEAVER},
	{"sitting.release_leaver", SITE, A_LEAVER},
	{"sitting.open_isolation", SITE "/r90", "{'place':'" SITE "/r90','session':'d1-chinese',"
	 "'reason':'illness'}", "chief=badge:P0021"},
	{"sitting.carry_papers", ROOM, A_CANDIDATE ",'to':'" SITE "/r90','sealed':true}",
	 "carrier=badge:P0024 carrier=badge:P0025"},
	{"sitting.record_violation", ROOM, A_CANDIDATE ",'code':'5-1','items':0,'told':true,"
	 "'signature':'signed'}", INVIGILATORS("recorder")},
	{"sitting.complete_violation", ROOM, A_RECORD ",'told':true}", NULL,
	 NEWEST("sitting_violation")},
	{"sitting.sign_violation", ROOM, A_RECORD "}", "chief=badge:P0021",
	 NEWEST("sitting_violation")},
	{"sitting.report_violations", SITE, "{'place':'" SITE "','session':'d1-chinese','count':1}",
	 "chief=badge:P0021"},
	{"sitting.count_scripts", ROOM, "{'place':'" ROOM "','session':'d1-chinese','present':29,"
	 "'absent':1,'first':29,'second':29,'seated':true}", INVIGILATORS("counter")},
	{"sitting.decide_collection", ROOM, "{'place':'" ROOM "','session':'d1-chinese',"
	 "'decision':'found'}", "chief=badge:P0021"},
	{"sitting.seal_scripts", ROOM, "{'place':'" ROOM "','session':'d1-chinese','seal':'FS-1',"
	 "'state':'normal'}", INVIGILATORS("sealer") " acceptor=badge:P0022"},
	{"sitting.reopen_scripts", ROOM, "{'place':'" ROOM "','session':'d1-chinese','seal':'FS-1',"
	 "'camera':'CAM-1','reason':'other'}",
	 "chief=badge:P0021 opener=badge:P0036 opener=badge:P0022"},
	{"sitting.hand_in_sheet", ROOM, A_SHEET "}", INVIGILATORS("invigilator")
	 " acceptor=badge:P0022"},
	{"sitting.correct_sheet", ROOM, A_SHEET ",'reason':'漏记'}", INVIGILATORS("invigilator")
	 " chief=badge:P0036"},
	{"filing.file_form", SITE, "{'place':'" SITE "','form':'issue-sheet','session':'d1-chinese',"
	 "'entries':1,'check':'9f3a1c2b7d4e5a60','root':'5be0cd19','pages':[{'scan':"
	 "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]}"},
	{"custody.return_bags", STORE,
	 "{'place':'" STORE "','from':'" SITE "','to':'" STORE "','bags':["
	 "{'bag':'CHI-1','seal':'SR-1'}]}", COURIERS_TO_KEEPERS},
	{"custody.close_half_day", STORE, "{'place':'" STORE "','half_day':'2025-06-07/am'}",
	 "keeper=badge:P0003 keeper=badge:P0001"},
	{"custody.destroy", STORE, "{'place':'" STORE "','bags':[{'bag':'CHI-1'}]}",
	 "supervisor=badge:P0002 supervisor=badge:P0013", NULL, "2025-06-12T08:00:00+08:00"},
	{"custody.plan_trip", JN, "{'place':'" JN "','trip':'T-1','vehicle':'V1','spare':'V2',"
	 "'from':'" SITE "','to':'" STORE "','route':'R-1','leaves_from':'2025-06-12T09:00:00+08:00',"
	 "'leaves_by':'2025-06-12T10:00:00+08:00','arrives_from':'2025-06-12T10:00:00+08:00',"
	 "'arrives_by':'2025-06-12T11:00:00+08:00','vehicles':1}",
	 "approver=badge:P0002 approver=badge:P0011"},
	{"custody.reroute_trip", JN, "{'place':'" JN "','trip':'T-1','route':'R-2',"
	 "'arrives_by':'2025-06-12T12:00:00+08:00','cause':'flood'}",
	 "approver=badge:P0002 approver=badge:P0011"},
	{"custody.cancel_trip", JN, "{'place':'" JN "','trip':'T-1'}",
	 "approver=badge:P0002 approver=badge:P0011"},
	{"custody.check_crew", STORE, "{'place':'" STORE "','trip':'T-1','escorts':["
	 "{'person':'P0014'},{'person':'P0015'},{'person':'P0048'}],'police':[{'person':'P0011'}],"
	 "'phones':0,'vehicle_ok':true}", "checker=badge:P0003 checker=badge:P0004"},
	{"custody.depart", STORE, "{'place':'" STORE "','trip':'T-1','vehicle':'V1','seal':'F-1'}",
	 ON_BOARD},
	{"custody.report_point", STORE, "{'place':'" STORE "','trip':'T-1','off_route_m':0,"
	 "'stopped_s':0,'seal_ok':true}"},
	{"custody.swap_vehicle", STORE, "{'place':'" STORE "','trip':'T-1','vehicle':'V2',"
	 "'seal':'F-2','reason':'accident','seals_ok':true,'spilled':false}", ON_BOARD},
	{"custody.arrive", STORE, "{'place':'" STORE "','trip':'T-1','vehicle':'V2','seal':'F-2'}",
	 ON_BOARD},
	{"duty.roster", JN, "{'place':'" JN "','code':'JN-D1','post':'duty_officer',"
	 "'person':'P0031','deputy':'P0001','from':'2025-06-12T08:00:00+08:00',"
	 "'until':'2025-06-12T20:00:00+08:00'}"},
	{"duty.change_shift", JN, "{'shift':'JN-D1','person':'P0031','reason':'调班'}"},
	{"duty.sign_in", JN, "{'place':'" JN "','shift':'JN-D1'}", "officer=badge:P0031"},
	{"duty.sign_out", JN, "{'place':'" JN "','shift':'JN-D1'}", "officer=badge:P0031"},
	{"duty.hand_over", JN, "{'place':'" JN "','shift':'JN-D1','next':'JN-D2'}",
	 "giver=badge:P0031 receiver=badge:P0001"},
	{"duty.zero_site", SITE, ZERO_BODY(SITE), "chief=badge:P0021"},
	{"duty.zero_county", JN, ZERO_BODY(JN), "leader=badge:P0002"},
	{"duty.zero_city", "sc/cd", ZERO_BODY("sc/cd"), "leader=badge:P0052"},
	{"custody.destroy_scripts", JN, "{'place':'" JN "','list':'XH-1','bags':[{'bag':'DJ-1'}]}",
	 "supervisor=badge:P0002 supervisor=badge:P0013", .first = RC_CONFLICT}, /* at V1 */
	{"duty.issue_order", JN, "{'place':'" JN "','order':'DD-1','urgency':'urgent','answer':true,"
	 "'to':[{'to':'" SITE "'}],'text':'核对'}", "leader=badge:P0002"},
	{"service.publish_notice", JN, "{'place':'" JN "','kind':'traffic','audience':'public',"
	 "'title':'绕行','text':'请绕行'}", "leader=badge:P0002"},
	{"service.correct_notice", JN, "{'notice':#,'title':'绕行','text':'请绕行','reason':'更正'}",
	 "leader=badge:P0002", NEWEST("service_notice")},
	{"service.withdraw_notice", JN, "{'notice':#,'reason':'恢复通行'}", "leader=badge:P0002",
	 NEWEST("service_notice")},
	{"duty.sign_order", SITE, "{'place':'" SITE "','order':'DD-1'}", "signer=badge:P0021"},
	{"duty.answer_order", SITE, "{'place':'" SITE "','order':'DD-1','done':true}"},
	{"duty.withdraw_order", JN, "{'order':'DD-1'}", "leader=badge:P0002"},
	{"duty.phone_decision", SITE, "{'place':'" SITE "','decision':'spare_paper','decider':'P0035',"
	 "'approved':true,'number':'0838-1','minute':'2025-06-12T08:00:00+08:00'}",
	 "taker=badge:P0031"},
	{"duty.countersign", SITE, "{'call':#}", "decider=badge:P0035", NEWEST("duty_call")},
	{"duty.report_store", STORE, "{'place':'" STORE "','day':'2025-06-12','boxes':1,'sound':true}",
	 "keeper=badge:P0003"},
	{"duty.close_day", JN, "{'place':'" JN "','day':'2025-06-12','papers_back':true,"
	 "'balanced':true,'open_alarms':1,'tomorrow_ready':true}", "leader=badge:P0002"},
	{"duty.take_tip", SITE, "{'place':'" SITE "','channel':'telephone','text':'线索'}"},
	{"duty.accept_tip", JN, "{'tip':#}", NULL, NEWEST("duty_tip")},
	{"duty.triage_tip", JN, "{'tip':#,'kind':'device'}", NULL, NEWEST("duty_tip")},
	{"duty.hand_tip", JN, "{'tip':#,'to':'police','receipt':'GA-1'}", NULL, NEWEST("duty_tip")},
	{"duty.close_tip", JN, "{'tip':#,'result':'unfounded'}", NULL, NEWEST("duty_tip")},
	{"sitting.check_ready", SITE, "{" SITTING ",'item':'listening','sound':true,'rooms':2}",
	 "checker=badge:P0022 checker=badge:P0047"},
	{"sitting.sign_ready", SITE, "{" SITTING "}", "chief=badge:P0021 county=badge:P0001"},
	{"sitting.report_step", SITE, "{" SITTING ",'step':'opened','done':2}"},
	{"sitting.ring_bell", SITE, "{" SITTING ",'bell':'start'}", BELL_TWO},
	{"sitting.check_clock", SITE, "{" SITTING ",'offset_ms':3,'reference':'ntp'}", BELL_TWO},
	{"sitting.enter", ROOM, "{" IN_ROOM "," CANDIDATE ",'method':'face','tries':1,"
	 "'result':'passed'}"},
	{"sitting.enter_list", ROOM, "{" IN_ROOM ",'entries':[{" CANDIDATE ",'method':'face',"
	 "'tries':1,'result':'passed'}]}"},
	{"sitting.admit_doubtful", ROOM, "{" IN_ROOM "," CANDIDATE ",'reason':'no_card'}",
	 "checker=badge:P0044 officer=badge:P0022"},
	{"sitting.resolve_doubt", ROOM, "{" IN_ROOM "," CANDIDATE ",'outcome':'confirmed'}",
	 "resolver=badge:P0021 resolver=badge:P0022"},
	{"sitting.report_attendance", SITE,
	 "{" SITTING ",'expected':30,'present':29,'absent':1}"},
	{"sitting.check_in", SITE, "{" SITTING ",'searched':true,'staff':[{'person':'P0024',"
	 "'phone':'locked','locker':'K-1'}]}", "keeper=badge:P0022 keeper=badge:P0042"},
	{"sitting.allow_phone", SITE, "{'place':'" SITE "','person':'P0021'}",
	 "chief=badge:P0036 county=badge:P0001"},
	{"sitting.record_draw", SITE, "{" SITTING ",'recorded':true,'printed':true,'drawn':["
	 "{'room':'" ROOM "','person':'P0024'}]}", "chief=badge:P0021 discipline=badge:P0049"},
	{"sitting.register_visitor", SITE,
	 "{" SITTING ",'code':'JZ-1','kind':'press','phone':'locked','name':'化名'}"},
	{"sitting.report_gate", SITE,
	 "{" SITTING ",'checked':60,'hits':1,'cleared':1,'stored':0,'allowed':0}"},
	{"sitting.find_item", SITE, "{" SITTING "," CANDIDATE ",'kind':'phone'}"},
	{"sitting.store_item", SITE, "{" SITTING "," CANDIDATE ",'kind':'phone','locker':'W-1'}"},
	{"sitting.pass_gate", SITE, "{" SITTING "," CANDIDATE ",'hits':1,'cleared':true}"},
	{"sitting.promise_card", SITE, "{" SITTING "," CANDIDATE "}"},
	{"sitting.show_card", SITE, "{" SITTING "," CANDIDATE ",'valid':true}"},
	{"sitting.report_arrival", SITE, "{" SITTING ",'asked':'go','candidates':30,'staff':9,"
	 "'staff_expected':9,'access':'open','weather':'none'}"},
	{"sitting.play_listening", SITE, "{" SITTING ",'medium':'main'}", PLAYED_BY_TWO},
	{"sitting.stop_listening", SITE, "{" SITTING ",'complete':true}", PLAYED_BY_TWO},
	{"sitting.listening_fault", SITE, "{" SITTING ",'kind':'silence','item':7}"},
	{"sitting.restart_listening", SITE, "{" SITTING ",'item':6,'lost_s':90,'medium':'backup'}",
	 PLAYED_BY_TWO " chief=badge:P0021"},
	{"sitting.complain_listening", ROOM, "{" IN_ROOM "}"},
	{"sitting.measure_level", ROOM, "{" IN_ROOM ",'level_db':68}",
	 "measurer=badge:P0022 measurer=badge:P0047"},
	{"sitting.switch_jammer", SITE, "{" SITTING ",'working':true}"},
	{"sitting.record_signal", ROOM, "{" IN_ROOM ",'kind':'uplink','known':false}"},
	{"sitting.count_waiting", ROOM, "{" IN_ROOM ",'count':12,'absent':0}"},
	{"sitting.leave_waiting", ROOM, "{" IN_ROOM "," CANDIDATE ",'reason':'to_room'}"},
};
const size_t NBODIES = COUNT(BODIES);
