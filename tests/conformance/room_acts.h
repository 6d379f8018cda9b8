/* SPDX-License-Identifier: Apache-2.0 */
/* room_acts.h -- five rooms of site s01 that sit d1-chinese, and what is told of them. */
#ifndef GY_TEST_ROOM_ACTS_H
#define GY_TEST_ROOM_ACTS_H

#include "conformance/reading.h"
#include "domain/acts.h"

#define CHINESE "'session':'d1-chinese'"
#define AT(room) "'place':'" SITE "/" room "'," CHINESE
#define INCIDENT_OF(room, session, kind) "sitting.report_incident", \
	"{'place':'" SITE "/" room "','session':'" session "','kind':'" kind "'}"
#define SEEN(room, kind) INCIDENT_OF(room, "d1-chinese", kind)
#define ILL(room) "sitting.report_incident", \
	"{" AT(room) ",'kind':'illness','candidate':'K0001','note':'腹痛'}"
#define CARD_IN(room) "custody.change_card", "{" AT(room) ",'cause':'candidate','seal':'E-1'}", \
	INVIGILATORS("changer") " chief=badge:P0036"
#define OUT(who) "sitting.toilet_out", \
	"{" AT("r01") ",'candidate':'" who "','escort':'P0041','same_sex':true}"
#define IN(who, searched) "sitting.toilet_in", \
	"{" AT("r01") ",'candidate':'" who "','searched':" searched "}"
#define TRIP(who, from, to) "sitting.toilet_trip", \
	"{" AT("r01") ",'candidate':'" who "','out_at':'" DAY1 from ":00+08:00','back_at':'" DAY1 to \
	":00+08:00','escort':'P0041','same_sex':true,'searched':true}"
#define EARLY_LEAVE(who, handed_in) "sitting.leave_early", \
	"{" AT("r01") ",'candidate':'" who "','handed_in':" handed_in "}"
#define LEAVER(command, who) command, "{'place':'" SITE "'," CHINESE ",'candidate':'" who "'}"
#define ISOLATION(room) "sitting.open_isolation", "{" AT(room) ",'reason':'infectious'}"
#define MOVE(from, to) "arrange.move_candidate", "{'place':'" SITE "'," CHINESE \
	",'candidate':'K0001','from':'" SITE "/" from "','to':'" SITE "/" to \
	"','reason':'isolation','decided_by':'P0021'}"
#define CARRY(who, sealed) "sitting.carry_papers", \
	"{" AT("r01") ",'candidate':'" who "','to':'" SITE "/r90','sealed':" sealed "}"
#define CARRIED "carrier=badge:P0041 carrier=badge:P0025"

/* r01 to r05 with 30 candidates each, r90 the isolation room; on the evening of the sixth. */
static inline void rooms_open(struct scene *s)
{
	scene_open(s);
	PLAY(s, {"rooms", NULL, OFFICE, "arrange.plan_rooms",
	         "{'place':'" SITE "'," CHINESE ",'rooms':[{'room':'" SITE "/r01','seats':30},"
	         "{'room':'" SITE "/r02','seats':30},{'room':'" SITE "/r03','seats':30},"
	         "{'room':'" SITE "/r04','seats':30},{'room':'" SITE "/r05','seats':30},"
	         "{'room':'" SITE "/r90','seats':0,'kind':'reserve'}]}",
	         .emits = "arrange.rooms_planned"});
	kit_pass(&s->k, 0);
	assert_int_equal(kit_count(&s->k, "arrange.room_armed"), 5);
}

static inline int64_t open_of(struct scene *s, const char *rule)
{
	return kit_sql(&s->k, str_fmt(&s->k.arena, "SELECT COUNT(*) FROM expectation WHERE state = 0"
	                              " AND rule = '%s'", rule).s);
}

/* The newest incident of a kind, by its place in the list of kinds. */
static inline void settle(struct scene *s, const char *kind, const char *outcome,
                          const char *slots)
{
	static const char *const KINDS[] = {"illness", "wrong_bag", "print", "found_item",
		"equipment", "power", "noise", "clock", "snatch", "passing", "other"};
	size_t k = 0;
	int64_t id;
	struct str room;

	while (strcmp(KINDS[k], kind) != 0)
		k++;
	id = kit_sql(&s->k, str_fmt(&s->k.arena, "SELECT MAX(id) FROM sitting_fact WHERE kind = %zu"
	                            " AND same_as = 0", k).s);
	room = view_cell(s, str_fmt(&s->k.arena, "SELECT room FROM sitting_fact WHERE id = %lld",
	                            (long long)id).s);
	if (scene_do(s, CLERK, "sitting.settle_incident",
	             str_fmt(&s->k.arena, "{'place':'%s','incident':%lld,'outcome':'%s'}", room.s,
	                     (long long)id, outcome).s, slots) != RC_OK)
		fail_msg("settling %s: %s", kind, s->k.answer.err.en);
}

#endif
