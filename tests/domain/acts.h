/* SPDX-License-Identifier: Apache-2.0 */
/* acts.h -- the acts that many scenes share: one box's way from the province's vehicle into the
 * secrecy room, out of it, to the site, into the exam room and back.
 */
#ifndef GY_TEST_ACTS_H
#define GY_TEST_ACTS_H

#include "domain/scene.h"

#define TWO_BOXES(counted) "'boxes':[" \
	"{'box':'BX-CHI-01','seal':'SB-0','seal_ok':true,'given':2,'received':" counted "}," \
	"{'box':'BX-MAT-01','seal':'SB-1','seal_ok':true,'given':2,'received':2}]"
#define ARRIVAL "{'place':'" STORE "','from':'V1','to':'" STORE "'," TWO_BOXES("2") "}"
#define COURIERS_TO_KEEPERS \
	"giver=badge:P0014 giver=badge:P0015 receiver=badge:P0003 receiver=badge:P0004"
#define KEEPERS_TO_COURIERS \
	"giver=badge:P0003 giver=badge:P0004 receiver=badge:P0014 receiver=badge:P0015"
#define COURIERS_TO_SITE \
	"giver=badge:P0014 giver=badge:P0015 receiver=badge:P0021 receiver=badge:P0022"
#define SITE_TO_COURIERS \
	"giver=badge:P0021 giver=badge:P0022 receiver=badge:P0014 receiver=badge:P0015"
#define OPENERS "key_holder=badge:P0003 key_holder=badge:P0004 code_holder=badge:P0006"
#define INVIGILATORS(slot) slot "=badge:P0024 " slot "=badge:P0025"
#define LEADERS "leader=badge:P0002 leader=badge:P0013"
#define RESPONSIBLE "leader=badge:P0002 keeper=badge:P0003"
#define ROSTER "{'person':'P0007'},{'person':'P0008'},{'person':'P0009'},{'person':'P0005'}"
#define STAFFED {"two answer for it, four guard it", NULL, OFFICE, "custody.staff_store", \
	"{'place':'" STORE "','guards':[" ROSTER "]}", RESPONSIBLE, .emits = "custody.store_staffed"}
#define NEW_LOCKS {"new locks and codes", NULL, "P0003", "custody.change_locks", \
	"{'place':'" STORE "','locks':true,'codes':true}", "keeper=badge:P0003 keeper=badge:P0004", \
	.emits = "custody.locks_changed"}
#define DAY1 "2025-06-07T"

#define PATROL PATROL_AT(NULL)
#define PATROL_AT(time) {"a patrol", time, "P0003", "custody.patrol", \
	"{'place':'" STORE "','sound':true}", "patroller=badge:P0007 patroller=badge:P0008"}

#define JOINT_CHECK {"a joint check", NULL, OFFICE, "custody.joint_check", \
	"{'place':'" STORE "','sound':true}", \
	"education=badge:P0001 police=badge:P0011 secrecy=badge:P0013"}

/* The way of one box from the vehicle into the room's hands, in the acts that others build on. */
#define ARRIVES {"arrival", NULL, "P0003", "custody.hand_over", ARRIVAL, COURIERS_TO_KEEPERS, \
	.emits = "custody.handed_over"}
#define RELEASED {"the half day's box may leave", DAY1 "06:00:00+08:00", "P0003", \
	"custody.release_boxes", "{'place':'" STORE "','boxes':[{'box':'BX-CHI-01'}]}", OPENERS, \
	.emits = "custody.boxes_released"}
#define LOADED {"to the vehicle", DAY1 "06:20:00+08:00", "P0003", "custody.hand_over", \
	"{'place':'" STORE "','from':'" STORE "','to':'V1','boxes':[{'box':'BX-CHI-01','seal':'SB-0'," \
	"'seal_ok':true,'given':2,'received':2}]}", KEEPERS_TO_COURIERS, .emits = "custody.handed_over"}
#define AT_SITE {"to the site", DAY1 "07:30:00+08:00", CLERK, "custody.hand_over", \
	"{'place':'" SITE "','from':'V1','to':'" SITE "','boxes':[{'box':'BX-CHI-01','seal':'SB-0'," \
	"'seal_ok':true,'given':2,'received':2}]}", COURIERS_TO_SITE, .emits = "custody.handed_over"}
#define ISSUED {"to the room", DAY1 "08:15:00+08:00", CLERK, "custody.issue_bag", \
	"{'place':'" SITE "','bag':'CHI-1','room':'" ROOM "'}", INVIGILATORS("receiver"), \
	.emits = "custody.bag_issued"}
#define OPENED {"opened on the command", DAY1 "08:50:30+08:00", CLERK, "custody.open_bag", \
	"{'place':'" ROOM "','bag':'CHI-1','seal_ok':true}", INVIGILATORS("opener"), \
	.emits = "custody.bag_opened"}
#define COUNTED {"counted", DAY1 "11:40:00+08:00", CLERK, "custody.count_bag", \
	"{'place':'" ROOM "','bag':'CHI-1','seal':'SR-1','used':27,'absent':1,'left_over':2," \
	"'replaced':0}", INVIGILATORS("counter") " acceptor=badge:P0022", \
	.emits = "custody.bag_counted"}

#define ONE_BOX(b, seal) \
	"'boxes':[{'box':'" b "','seal':'" seal "','seal_ok':true,'given':2,'received':2}]}"
#define RELEASE(box) "{'place':'" STORE "','boxes':[{'box':'" box "'}]}"
#define ISSUE(bag, room) "{'place':'" SITE "','bag':'" bag "','room':'" room "'}"

/* After the arrival of CHI and MAT, on the evening of the sixth; at the site, at 07:30 on the
 * seventh; the room's bag issued and opened, at 08:50:30. */
void scene_in_store(struct scene *s);
void scene_at_site(struct scene *s);
void scene_opened(struct scene *s);

/* Moves the clock in steps shorter than a patrol's window; patrols and joint checks come in time,
 * so that only what a scene is about is alarmed. */
void scene_patrol_until(struct scene *s, const char *time);

#endif
