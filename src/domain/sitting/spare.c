/* SPDX-License-Identifier: Apache-2.0 */
/* spare.c -- spare papers and changed cards in a room (启用备用卷、换卡).
 *
 * The chief approves and a second signs, the replaced copy is sealed apart, the county is told at
 * once.  Near the end no card is changed; when one is, that is recorded like any other and alarmed.
 * The copies themselves are custody's; here stands what the room says.
 *
 * Emits  sitting.spare_used, sitting.card_changed, sitting.county_told
 */
#include "domain/sitting/room.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SPARE "考务管理规定 启用备用卷"

/* Fields. */
static const char *const WHAT[] = {"paper", "card", "scratch", "barcode"};
static const char *const REASON[] = {"misprint", "missing_page", "damaged_by_staff",
	"damaged_by_candidate", "infectious", "other"};
enum { WHAT_CARD = 1 };

struct spare {
	struct str place, session;
	int what, reason;
	struct str candidate, bag, seal;
	int64_t copies;
	struct text note;
	int64_t same_as;
};
static const struct field SPARE[] = {
	FIELD(struct spare, place, F_PLACE, "考场", "room"),
	FIELD(struct spare, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct spare, what, F_ENUM, "种类", "what", .names = WHAT, .max = COUNT(WHAT)),
	FIELD(struct spare, reason, F_ENUM, "原因", "reason", .names = REASON, .max = COUNT(REASON)),
	FIELD(struct spare, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate",
	      .optional = true),
	FIELD(struct spare, bag, F_CODE, "备用卷袋编号", "spare bag", .ref = "bag", .optional = true),
	FIELD(struct spare, seal, F_CODE, "换下卷封签号", "seal of the replaced copy", .optional = true),
	FIELD(struct spare, copies, F_INT, "份数", "copies", .min = 1, .max = 1000),
	FIELD(struct spare, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
	FIELD(struct spare, same_as, F_INT, "与此前登记为同一情况", "repeats an earlier fact",
	      .optional = true),
};
enum { SPARE_FIELDS = COUNT(SPARE) - 1 };

struct card {
	struct str place, session, candidate;
	int reason;
	struct str old_card, new_card;
	struct text note;
	int64_t same_as;
};
static const struct field CARD[] = {
	FIELD(struct card, place, F_PLACE, "考场", "room"),
	FIELD(struct card, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct card, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate"),
	FIELD(struct card, reason, F_ENUM, "原因", "reason", .names = REASON, .max = COUNT(REASON)),
	FIELD(struct card, old_card, F_CODE, "换下卡号", "card replaced", .optional = true),
	FIELD(struct card, new_card, F_CODE, "换上卡号", "card given", .optional = true),
	FIELD(struct card, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
	FIELD(struct card, same_as, F_INT, "与此前登记为同一情况", "repeats an earlier fact",
	      .optional = true),
};
enum { CARD_FIELDS = COUNT(CARD) - 1 };

static const char *const ABOUT[] = {"spare", "isolation", "violation", "other"};
struct told {
	struct str place, session;
	int about;
	struct person_id taker;
	struct text note;
};
static const struct field TOLD[] = {
	FIELD(struct told, place, F_PLACE, "考点", "site"),
	FIELD(struct told, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct told, about, F_ENUM, "事项", "about", .names = ABOUT, .max = COUNT(ABOUT)),
	FIELD(struct told, taker, F_PERSON, "县考务办接报人", "who took it at the county"),
	FIELD(struct told, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
};

/* Projection. */
static enum rc apply_spare(struct op *op, const struct event *ev)
{
	const struct spare *p = ev->data;

	return fact_add(op, ev, &(struct room_fact){
		.kind = FACT_SPARE, .session = p->session, .room = ev->place, .candidate = p->candidate,
		.amount = p->copies, .same_as = p->same_as, .settled = p->reason});
}

static enum rc apply_card(struct op *op, const struct event *ev)
{
	const struct card *p = ev->data;

	return fact_add(op, ev, &(struct room_fact){
		.kind = FACT_CARD, .session = p->session, .room = ev->place, .candidate = p->candidate,
		.amount = 1, .same_as = p->same_as, .settled = p->reason});
}

enum { EV_SPARE, EV_CARD, EV_TOLD };
static const struct event_type EVENTS[] = {
	[EV_SPARE] = {"sitting.spare_used", 1, SPARE + 1, COUNT(SPARE) - 1, sizeof(struct spare),
	              .apply = apply_spare, .visible_to = ROOM_READERS,
	              .zh = "考场启用备用卷", .en = "a spare was used in a room"},
	[EV_CARD] = {"sitting.card_changed", 1, CARD + 1, COUNT(CARD) - 1, sizeof(struct card),
	             .apply = apply_card, .visible_to = ROOM_READERS,
	             .zh = "考场更换答题卡", .en = "an answer card was changed"},
	[EV_TOLD] = {"sitting.county_told", 1, TOLD + 1, COUNT(TOLD) - 1, sizeof(struct told),
	             .visible_to = ROOM_READERS,
	             .zh = "考点已报县考务办", .en = "the county was told"},
};

/* Expectations: once a site and session; one call may tell of several. */
static size_t of_site(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	const struct spare *p = ev->data;

	if (ev->type != &EVENTS[EV_SPARE])
		return session_subjects(a, ev, ret, ret_session);
	if (p->same_as || ev->source == SOURCE_PAPER)
		return 0;
	ret[0] = session_subject(a, p->session, room_site(a, ev->place));
	ret_session[0] = p->session;
	return 1;
}

/* Rules. */
static enum rc check_card_time(struct op *op, struct str session, struct str room)
{
	const struct profile_session *s = profile_session(op_profile(op), session);
	const struct profile_step *w = profile_step(op_profile(op), STR("sitting.card_change"));

	if (!s || !w || op_happened_ms(op) <= s->end_ms + w->to_s * 1000)
		return RC_OK;
	return alarm_raise(op, "sitting.card_late", session_subject(op->arena, session, room), room,
	                   NULL);
}

static enum rc run_spare(struct op *op, const void *in)
{
	struct spare p = *(const struct spare *)in;
	struct room_fact f = {.kind = FACT_SPARE, .session = p.session, .room = p.place,
	                      .candidate = p.candidate, .amount = p.copies};

	TRY(room_check(op, p.place, p.session));
	TRY(fact_same(op, &f, &p.same_as));
	TRY(event_append(op, &EVENTS[EV_SPARE], &p, NULL));
	if (p.same_as)
		return RC_OK;
	if (p.what == WHAT_CARD)
		TRY(check_card_time(op, p.session, p.place));
	return sheet_check(op, p.session, p.place);
}

static enum rc run_card(struct op *op, const void *in)
{
	struct card p = *(const struct card *)in;
	struct room_fact f = {.kind = FACT_CARD, .session = p.session, .room = p.place,
	                      .candidate = p.candidate, .amount = 1};

	TRY(room_check(op, p.place, p.session));
	TRY(fact_same(op, &f, &p.same_as));
	TRY(event_append(op, &EVENTS[EV_CARD], &p, NULL));
	if (p.same_as)
		return RC_OK;
	TRY(check_card_time(op, p.session, p.place));
	return sheet_check(op, p.session, p.place);
}

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
static const char *const SECOND[] = {"deputy_chief", "site_clerk", "inspector", NULL};
static const struct slot APPROVERS[] = {
	{"chief", 1, CHIEF_ROLE, "second", false, "主考", "chief of the site"},
	{"second", 1, SECOND, NULL, false, "副主考或考务负责人", "who signs beside"},
};
static const struct slot CHIEFS[] = {
	{"chief", 1, CHIEFS_ROLES, NULL, false, "主考(副主考)", "chief or deputy"},
};
static const struct command COMMANDS[] = {
	{"sitting.use_spare", FACT, SPARE, SPARE_FIELDS, sizeof(struct spare), SLOTS(APPROVERS),
	 ALLOW(SITE_OFFICE), .run = run_spare, .cites = CITE_SPARE,
	 .zh = "登记启用备用卷", .en = "record a spare used"},
	{"sitting.change_card", FACT, CARD, CARD_FIELDS, sizeof(struct card), SLOTS(CHIEFS),
	 ALLOW(SITE_OFFICE), .run = run_card, .cites = CITE_SPARE,
	 .zh = "登记更换答题卡", .en = "record a changed card"},
	{"sitting.tell_county", FACT, FIELDS(TOLD), sizeof(struct told), ALLOW(SITE_OFFICE),
	 .run = run_tell, .cites = CITE_SPARE, .zh = "登记已报县考务办",
	 .en = "record that the county was told"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.spare_told", "sitting.spare_used", "sitting.county_told", NULL, of_site,
	 "sitting.county_told", "site_chief", .missing = "sitting.county_untold", .cites = CITE_SPARE,
	 .zh = "启用备用卷立即报县考务办", .en = "the county is told of a spare at once"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.card_late", COLOUR_YELLOW, "site_chief", CITE_SPARE,
	 "核对换卡经过和两张卡，写入考场情况记录单，报县考务办",
	 "check how it came and both cards, write it on the room's sheet, tell the county",
	 "临近结束仍更换答题卡", "a card was changed too near the end"},
	{"sitting.county_untold", COLOUR_YELLOW, "site_chief", CITE_SPARE,
	 "立即电话报县考务办并登记接报人", "telephone the county now and record who took it",
	 "启用备用卷或隔离考场未报县考务办", "the county was not told of a spare or an isolation room"},
};

const struct module sitting_spare_module = {
	.name = "sitting_spare", .group = "sitting", .rev = 1,
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	.zh = "考场启用备用卷", .en = "spares used in rooms",
};
