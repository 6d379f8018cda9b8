/* SPDX-License-Identifier: Apache-2.0 */
/* spare.c -- spares used and cards changed, as a room's sheet has to know them (启用备用卷、换卡).
 *
 * The copies, their approvals and their envelopes are custody's, keyed once.  What custody records
 * is noted here for the room, so that its sheet can be held against it, and the county is told at
 * once by somebody (考务管理规定 Art.24).
 *
 * Emits  sitting.spare_noted, sitting.county_told
 */
#include "domain/sitting/room.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SPARE "考务管理规定 Art.24 启用备用卷 (1.7)"

/* Fields. */
static const char *const WHAT[] = {"paper", "card"};
static const struct word WHAT_WORDS[] = {
	{"试卷", "paper"}, {"答题卡", "answer card"},
};
enum { WHAT_PAPER, WHAT_CARD };

struct noted {
	struct str session;
	int what;
	int64_t copies;
};
static const struct field NOTED[] = {
	FIELD(struct noted, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct noted, what, F_ENUM, "种类", "what", ENUM_OF(WHAT, WHAT_WORDS)),
	FIELD(struct noted, copies, F_INT, "份数", "copies"),
};

static const char *const ABOUT[] = {"spare", "isolation", "violation", "other"};
static const struct word ABOUT_WORDS[] = {
	{"备用卷", "spare papers"}, {"备用(隔离)考场", "isolation room"}, {"涉嫌违规", "suspected violation"},
	{"其他", "other"},
};
struct told {
	struct str place, session;
	int about;
	struct person_id taker;
	struct text note;
};
static const struct field TOLD[] = {
	FIELD(struct told, place, F_PLACE, "考点", "site"),
	FIELD(struct told, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct told, about, F_ENUM, "事项", "about", ENUM_OF(ABOUT, ABOUT_WORDS)),
	FIELD(struct told, taker, F_PERSON, "县考务办接报人", "who took it at the county"),
	FIELD(struct told, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
};

/* Projection. */
static enum rc apply_noted(struct op *op, const struct event *ev)
{
	const struct noted *p = ev->data;

	return fact_add(op, ev, &(struct room_fact){
		.kind = p->what == WHAT_PAPER ? FACT_SPARE : FACT_CARD, .session = p->session,
		.room = ev->place, .amount = p->copies, .settled = -1});
}

enum { EV_NOTED, EV_TOLD };
static const struct event_type EVENTS[] = {
	[EV_NOTED] = {"sitting.spare_noted", 1, FIELDS(NOTED), sizeof(struct noted),
	              .apply = apply_noted, .visible_to = ROOM_READERS,
	              .zh = "考场启用备用卷(换卡)", .en = "a room used a spare or changed a card"},
	[EV_TOLD] = {"sitting.county_told", 1, TOLD + 1, COUNT(TOLD) - 1, sizeof(struct told),
	             .visible_to = ROOM_READERS,
	             .zh = "考点已报县考务办", .en = "the county was told"},
};

/* Expectations: once a site and session; one call may tell of several. */
static size_t of_site(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	const struct noted *p = ev->data;

	if (ev->type != &EVENTS[EV_NOTED])
		return session_subjects(a, ev, ret, ret_session);
	if (p->what != WHAT_PAPER || ev->source == SOURCE_PAPER)
		return 0;
	ret[0] = session_subject(a, p->session, room_site(a, ev->place));
	ret_session[0] = p->session;
	return 1;
}

/* Reactions. */
static enum rc note(struct op *op, const struct event *ev, int what, int64_t copies)
{
	const struct noted n = {event_text(ev, "session"), what, copies};

	if (place_level(ev->place) != LEVEL_ROOM)
		return RC_OK; /* used at the site's desk: no room's sheet has it */
	TRY(event_append_at(op, &EVENTS[EV_NOTED], ev->place, &n, NULL));
	return sheet_check(op, n.session, ev->place);
}

static enum rc on_spare(struct op *op, const struct event *ev)
{
	return note(op, ev, WHAT_PAPER, event_int(ev, "copies"));
}

static enum rc on_card(struct op *op, const struct event *ev)
{
	return note(op, ev, WHAT_CARD, 1);
}

static const struct reaction REACTIONS[] = {
	{"custody.spare_used", on_spare}, {"custody.card_changed", on_card},
};

/* Rules. */
static enum rc run_tell(struct op *op, const void *in)
{
	const struct told *p = in;

	TRY(site_check(op, p->place, p->session));
	return event_append(op, &EVENTS[EV_TOLD], p, NULL);
}

/* Module. */
static const struct allow SITE_OFFICE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY},
};
static const struct command COMMANDS[] = {
	{"sitting.tell_county", FACT, FIELDS(TOLD), sizeof(struct told), ALLOW(SITE_OFFICE),
	 .run = run_tell, .cites = CITE_SPARE, .zh = "登记已报县考务办",
	 .en = "record that the county was told"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.spare_told", "sitting.spare_noted", "sitting.county_told", NULL, of_site,
	 "sitting.county_told", "site_chief", .missing = "sitting.county_untold", .cites = CITE_SPARE,
	 .zh = "启用备用卷立即报县考务办", .en = "the county is told of a spare at once"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.county_untold", COLOUR_YELLOW, "site_chief", CITE_SPARE,
	 "立即电话报县考务办并登记接报人", "telephone the county now and record who took it",
	 "启用备用卷或隔离考场未报县考务办", "the county was not told of a spare or an isolation room"},
};

const struct module sitting_spare_module = {
	.name = "sitting_spare", .group = "sitting", .rev = 1,
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	.zh = "考场启用备用卷", .en = "spares used in rooms",
};
