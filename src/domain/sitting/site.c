/* SPDX-License-Identifier: Apache-2.0 */
/* site.c -- the form of a fact of a site and session; see site.h. */
#include "domain/sitting/site.h"

const char *const SITTING_READERS[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "site_clerk", "county_leader", "county_director", "city_duty", "city_leader",
	"inspector", "discipline_officer", NULL};

const struct allow SITTING_OFFICE[4] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY},
};

#define X(id, text) text,
static const char *const CODE[] = {EXCEPTION_CODES(X)};
#undef X
static const struct word CODE_WORDS[] = {
	{"未完成", "not done"}, {"晚于规定时间", "late"}, {"早于规定时间", "early"}, {"数量不符", "count is wrong"},
	{"人员", "staff"}, {"设备", "equipment"}, {"突发情况", "incident"}, {"其他", "other"},
};

const struct field ROOM_EXCEPTION[2] = {
	FIELD(struct room_exception, room, F_PLACE, "考场", "room"),
	FIELD(struct room_exception, code, F_ENUM, "例外情形", "why", ENUM_OF(CODE, CODE_WORDS)),
};

enum rc site_session(struct op *op, struct str session, const struct profile_session **ret)
{
	const struct profile_session *s = profile_session(op_profile(op), session);

	if (!s)
		return fail(op, RC_INVALID, "session", CITE_PROGRAMME, "方案中没有科次 %s",
		            "the profile has no session %s", session.s);
	*ret = s;
	return RC_OK;
}

enum rc site_place(struct op *op, struct str place, int least, int most)
{
	int level = place_level(place);

	if (level >= least && level <= most)
		return RC_OK;
	return fail(op, RC_INVALID, "place", CITE_PROGRAMME, "%s 应是%s%.0s", "%s is not %.0s%s",
	            place.s, most == LEVEL_SITE ? "考点" : least == LEVEL_SITE ? "考点或其考场" : "考场",
	            most == LEVEL_SITE ? "a site"
	            : least == LEVEL_SITE ? "a site or a room" : "a room");
}

struct str site_subject(struct op *op, struct str session, struct str place)
{
	return session_subject(op->arena, session, place_cut(op->arena, place, LEVEL_SITE));
}

struct str candidate_subject(struct arena *a, struct str session, struct str place,
                             struct str candidate)
{
	return str_fmt(a, STR_FMT ":" STR_FMT ":" STR_FMT, STR_ARG(session), STR_ARG(place),
	               STR_ARG(candidate));
}

enum rc site_rooms(struct op *op, struct str session, struct str site, int64_t *ret)
{
	struct site_plan plan = {0};
	bool known;

	TRY(arrange_site(op, session, site, &plan, &known));
	*ret = known ? plan.rooms : 0;
	return RC_OK;
}

enum rc exceptions_check(struct op *op, const struct list *l, struct str site)
{
	const struct room_exception *r = l->items;

	for (size_t i = 0; i < l->n; i++) {
		if (place_level(r[i].room) != LEVEL_ROOM || !place_covers(site, r[i].room))
			return fail(op, RC_INVALID, "exceptions", CITE_PROGRAMME,
			            "第 %zu 行：考场 %s 不在考点 %s", "row %zu: room %s is not in site %s", i + 1,
			            r[i].room.s, site.s);
		for (size_t j = 0; j < i; j++)
			if (str_eq(r[i].room, r[j].room))
				return fail(op, RC_INVALID, "exceptions", CITE_PROGRAMME,
				            "第 %zu 行：考场 %s 重复", "row %zu: room %s stands twice", i + 1,
				            r[i].room.s);
	}
	return RC_OK;
}
