/* SPDX-License-Identifier: Apache-2.0 */
/* issue.c -- out of the secrecy room, to the exam room, opened (提卷, 领卷, 启封).
 *
 * Two orders keep a paper from being in the wrong hands too early: only the next half day's boxes
 * leave the secrecy room, and only the running or the next session's bags reach invigilators.  Both
 * are guarded: their refusal is an event.  Opening is a fact: too early, too late, in another room
 * or of another session, it is recorded and alarmed.
 *
 * An early opening is red only when a recording says so or two sources do: what one room reports
 * may be a clock that is wrong (notes of practice, 2).
 *
 * Emits  custody.boxes_released, custody.bag_issued, custody.bag_opened, custody.opening_seen
 */
#include "domain/arrange/arrange.h"
#include "domain/custody/issue.h"
#include "domain/custody/paper.h"
#include "domain/custody/spare.h"
#include "domain/custody/stop.h"
#include "domain/custody/store.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SUBJECT "施考程序 DIST-1 DIST-3"
#define CITE_OPENING "施考程序 T-10 DIST-2"
#define CITE_ROOM CITE_SECURITY "Art.15"

enum { Q_RELEASE, Q_ISSUE, Q_OPEN };
static const struct sql SQL[] = {
	[Q_RELEASE] = {"UPDATE custody_box SET released = 1 WHERE code = ?", 1},
	[Q_ISSUE] = {"UPDATE custody_bag SET state = 1, holder = ?, room = ? WHERE code = ?", 3},
	[Q_OPEN] = {"UPDATE custody_bag SET state = 2, opened_ms = ?, opened_by = ? WHERE code = ?"
	          " AND state < 2", 3},
};

/* Fields. */
struct box_ref {
	struct str box; /* first: codes_differ reads it */
};
static const struct field BOX_REF[] = {
	FIELD(struct box_ref, box, F_CODE, "试卷箱号", "box", .ref = "box"),
};

struct release {
	struct str place;
	struct list boxes;
	struct str half_day;
};
static const struct field RELEASE[] = {
	FIELD(struct release, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct release, boxes, F_LIST, "试卷箱", "boxes", .list_of = BOX_REF,
	      .list_n = COUNT(BOX_REF), .list_size = sizeof(struct box_ref), .min = 1),
	FIELD(struct release, half_day, F_SUBJECT, "半日", "half day", .ref = "half_day"),
};

struct issue {
	struct str place, bag, room, session, asset, site;
	int64_t copies;
};
static const struct field ISSUE[] = {
	FIELD(struct issue, place, F_PLACE, "考点", "site"),
	FIELD(struct issue, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag"),
	FIELD(struct issue, room, F_PLACE, "考场", "room", .ref = "room"),
	FIELD(struct issue, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct issue, asset, F_KEY, "账目品种", "asset", .ref = "asset"),
	FIELD(struct issue, copies, F_INT, "份数", "copies"),
	FIELD(struct issue, site, F_SUBJECT, "发放时持有方（考点）", "who held it (the issuing site)",
	      .ref = "holder"),
};
static const struct posting TO_ROOM[] = {{"", "asset", "site", "room", "copies"}};

struct opening {
	struct str place, bag;
	bool seal_ok;
	struct str session;
};
static const struct field OPENING[] = {
	FIELD(struct opening, place, F_PLACE, "考场", "room"),
	FIELD(struct opening, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag"),
	FIELD(struct opening, seal_ok, F_BOOL, "启封前密封签完好", "seal was whole before"),
	FIELD(struct opening, session, F_KEY, "科次", "session", .ref = "session"),
};

/* From a recording: the bag's number may not be seen on it. */
struct sighting {
	struct str place, session, bag;
};
static const struct field SIGHTING[] = {
	FIELD(struct sighting, place, F_PLACE, "考场", "room"),
	FIELD(struct sighting, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct sighting, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag",
	      .optional = true),
};

/* Projection. */
static enum rc apply_released(struct op *op, const struct event *ev)
{
	const struct release *p = ev->data;
	const struct box_ref *b = p->boxes.items;
	size_t i;

	for (i = 0; i < p->boxes.n; i++) {
		TRY(sql_exec(op, &SQL[Q_RELEASE], ARGS(sql_text(b[i].box))));
		TRY(trace_add(op, ev, b[i].box, ev->place));
	}
	return RC_OK;
}

static enum rc apply_issued(struct op *op, const struct event *ev)
{
	const struct issue *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_ISSUE], ARGS(sql_text(p->room), sql_text(p->room), sql_text(p->bag))));
	return trace_add(op, ev, p->bag, p->room);
}

static enum rc apply_opened(struct op *op, const struct event *ev)
{
	const struct opening *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_OPEN], ARGS(sql_int(ev->happened_ms), sql_int((int64_t)ev->source),
	                                    sql_text(p->bag))));
	return trace_add(op, ev, p->bag, ev->place);
}

static enum rc apply_seen(struct op *op, const struct event *ev)
{
	const struct sighting *p = ev->data;

	return p->bag.n ? trace_add(op, ev, p->bag, ev->place) : RC_OK;
}

enum { EV_RELEASED, EV_ISSUED, EV_OPENED, EV_SEEN };
static const struct event_type EVENTS[] = {
	[EV_RELEASED] = {"custody.boxes_released", 1, RELEASE + 1, COUNT(RELEASE) - 1,
	                 sizeof(struct release), .apply = apply_released,
	                 .visible_to = CUSTODY_READERS,
	                 .zh = "批准试卷箱出库", .en = "boxes may leave the secrecy room"},
	[EV_ISSUED] = {"custody.bag_issued", 1, ISSUE + 1, COUNT(ISSUE) - 1, sizeof(struct issue),
	               .apply = apply_issued, POSTINGS(TO_ROOM), .visible_to = CUSTODY_READERS,
	               .zh = "试卷袋发放到考场", .en = "a bag was issued to a room"},
	[EV_OPENED] = {"custody.bag_opened", 1, OPENING + 1, COUNT(OPENING) - 1,
	               sizeof(struct opening), .apply = apply_opened, .visible_to = CUSTODY_READERS,
	               .zh = "试卷袋启封", .en = "a bag was opened"},
	[EV_SEEN] = {"custody.opening_seen", 1, SIGHTING + 1, COUNT(SIGHTING) - 1,
	             sizeof(struct sighting),
	             .apply = apply_seen, .visible_to = CUSTODY_READERS,
	             .zh = "录像所见启封", .en = "an opening was seen on a recording"},
};

/* Rules: release. */

/* Those who open the room must hold two different keys and its code. */
static enum rc check_openers(struct op *op, struct str place)
{
	static const char *const SLOT[] = {"key_holder", "code_holder"};
	struct person_id who[3] = {op_slot(op, SLOT[0], 0), op_slot(op, SLOT[0], 1),
	                           op_slot(op, SLOT[1], 0)};
	enum store_key key[3];
	size_t i;

	for (i = 0; i < COUNT(who); i++)
		TRY(store_key_of(op, place, who[i], &key[i]));
	for (i = 0; i < 2; i++)
		if (key[i] == STORE_KEY_MAX || key[i] == STORE_KEY_CODE)
			return fail(op, RC_CONFLICT, SLOT[0], CITE_ROOM, "签名的第 %zu 位持钥人未持有本室钥匙",
			            "key holder %zu does not hold a key of this room", i + 1);
	if (key[2] != STORE_KEY_CODE)
		return fail(op, RC_CONFLICT, SLOT[1], CITE_ROOM, "签名的密码持有人未持有 %s 的密码",
		            "the one who signs as code holder does not hold the code of %s", place.s);
	return RC_OK;
}

static enum rc check_room(struct op *op, struct str place)
{
	int64_t least = profile_setting(op_profile(op), "custody.guards_awake", 0);
	int64_t guards, police;
	enum store_state state;

	TRY(store_state(op, place, &state));
	if (state != STORE_ACTIVE)
		return fail(op, RC_CONFLICT, "place", CITE_ROOM, "保密室 %s 未启用",
		            "secrecy room %s is not active", place.s);
	TRY(guard_count(op, place, &guards, &police));
	if (guards < least)
		TRY(forbid(op, RC_CONFLICT, "place", CITE_SECURITY "Art.18",
		           "在岗值守 %lld 人，应不少于 %lld 人，暂不得出库",
		           "%lld guards are on post, at least %lld are needed: nothing leaves",
		           (long long)guards, (long long)least));
	return check_openers(op, place);
}

static enum rc check_box(struct op *op, struct str place, struct str code,
	                     const struct profile_session *next)
{
	const struct profile_session *of;
	struct box box;
	bool known;

	TRY(box_find(op, code, &box, &known));
	TRY(box_is_here(op, code, place, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "boxes", CITE_DISTRIBUTION, "试卷箱 %s 未登记",
		            "box %s is not registered", code.s);
	if (!str_eq(box.holder, place))
		return fail(op, RC_CONFLICT, "boxes", CITE_DISTRIBUTION, "试卷箱 %s 不在本保密室，在 %s",
		            "box %s is not in this room but at %s", code.s, box.holder.s);
	of = profile_session(op_profile(op), box.session);
	if (!of || !str_eq(of->half_day, next->half_day))
		return forbid(op, RC_CONFLICT, "boxes", CITE_DISTRIBUTION,
		              "试卷箱 %s 属于 %s，只有下一个半日 %s 的试卷箱可以出库",
		              "box %s is for %s; only boxes of the next half day, %s, may leave", code.s,
		              of ? of->half_day.s : "?", next->half_day.s);
	return RC_OK;
}

static enum rc run_release(struct op *op, const void *in)
{
	struct release p = *(const struct release *)in;
	const struct box_ref *b = p.boxes.items;
	const struct profile_session *next = profile_next(op_profile(op), op->now_ms);
	const struct profile_step *window = profile_step(op_profile(op), STR("custody.release"));
	size_t i;

	TRY(codes_differ(op, &p.boxes, sizeof(struct box_ref), "boxes", "box"));
	TRY(check_room(op, p.place));
	if (!next)
		return fail(op, RC_CONFLICT, "boxes", CITE_DISTRIBUTION, "考试已全部结束，没有可出库的科次（%s）",
		            "the examination is over: no session is left to release boxes for (%s)",
		            p.place.s);
	for (i = 0; i < p.boxes.n; i++)
		TRY(check_box(op, p.place, b[i].box, next));
	if (window && op->now_ms < next->start_ms + window->from_s * 1000)
		TRY(forbid(op, RC_CONFLICT, "boxes", CITE_DISTRIBUTION,
		           "半日 %s 的试卷箱最早在开考前 %lld 分钟出库",
		           "boxes of %s may leave no earlier than %lld minutes before the start",
		           next->half_day.s, (long long)(-window->from_s / 60)));
	p.half_day = next->half_day;
	return event_append(op, &EVENTS[EV_RELEASED], &p, NULL);
}

/* Rules: issue. */

/* The sessions whose bags may reach invigilators: those that run now, and the next to start with
 * those that start together with it. */
static bool may_be_issued(const struct profile *p, const struct profile_session *s, int64_t now_ms)
{
	size_t i;

	if (s->start_ms <= now_ms)
		return now_ms < s->end_ms;
	for (i = 0; i < p->nsessions; i++)
		if (p->sessions[i].start_ms > now_ms && p->sessions[i].start_ms < s->start_ms)
			return false;
	return true;
}

/* Why a bag may not go out now; NULL: it may. */
static const char *out_of_turn(struct op *op, const struct bag *bag, int64_t at_ms)
{
	const struct profile *profile = op_profile(op);
	const struct profile_session *s = profile_session(profile, bag->session);
	const struct profile_step *window = profile_step(profile, STR("custody.issue_bag"));

	if (!s || !may_be_issued(profile, s, at_ms))
		return "turn";
	return window && at_ms < s->start_ms + window->from_s * 1000 ? "window" : NULL;
}

static enum rc check_turn(struct op *op, const struct bag *bag)
{
	const char *why = out_of_turn(op, bag, op->now_ms);
	const struct profile_step *window = profile_step(op_profile(op), STR("custody.issue_bag"));

	if (!why)
		return RC_OK;
	if (strcmp(why, "turn") == 0)
		return forbid(op, RC_CONFLICT, "bag", CITE_DISTRIBUTION,
		              "试卷袋 %s 属于科次 %s，现在只能发放本场或下一科次",
		              "bag %s is for session %s; only the running or the next session's is issued",
		              bag->code.s, bag->session.s);
	return forbid(op, RC_CONFLICT, "bag", CITE_DISTRIBUTION, "试卷袋 %s 最早在开考前 %lld 分钟发放",
	              "bag %s is issued no earlier than %lld minutes before the start", bag->code.s,
	              (long long)(-window->from_s / 60));
}

/* A stopped paper goes nowhere; a second paper only where the province has ordered it. */
static enum rc check_paper(struct op *op, const struct bag *bag, struct str place)
{
	bool stopped, ordered;

	TRY(paper_stopped(op, bag->session, bag->kind, place, &stopped));
	if (stopped)
		return forbid(op, RC_CONFLICT, "bag", CITE_RECALL, "科次 %s 的试卷已停用封存，%s 不得发放",
		              "the paper of session %s is stopped: bag %s is not issued", bag->session.s,
		              bag->code.s);
	TRY(second_ordered(op, bag->session, place, &ordered));
	if (bag->kind == PAPER_SECOND && !ordered)
		return forbid(op, RC_CONFLICT, "bag", CITE_SECOND, "启用副题 %s 须经省级转报教育部批准",
		              "second paper %s is used only when ordered by the province", bag->code.s);
	return RC_OK;
}

static enum rc check_issue(struct op *op, const struct bag *bag, struct str site)
{
	if (bag->state != BAG_PACKED)
		return fail(op, RC_CONFLICT, "bag", CITE_DISTRIBUTION, "试卷袋 %s 已发放（%s）",
		            "bag %s is not to be issued again (%s)", bag->code.s,
		            bag_state_text(bag->state));
	if (!str_eq(bag->holder, site))
		return fail(op, RC_CONFLICT, "bag", CITE_DISTRIBUTION, "试卷袋 %s 不在本考点，在 %s",
		            "bag %s is not at this site but at %s", bag->code.s, bag->holder.s);
	TRY(check_turn(op, bag));
	return check_paper(op, bag, site);
}

static enum rc append_issue(struct op *op, const struct bag *bag, struct str site, struct str room)
{
	const struct issue p = {.place = site, .bag = bag->code, .room = room,
		                    .session = bag->session, .asset = bag->asset, .site = bag->holder,
		                    .copies = bag_held(bag)};

	return event_append_at(op, &EVENTS[EV_ISSUED], site, &p, NULL);
}

/* A site's clerk hears of bags that are there, were issued there, or are meant for it. */
static enum rc bag_is_here(struct op *op, const struct bag *bag, struct str site, bool *io_known)
{
	struct box box;
	bool boxed;

	if (!*io_known || places_meet(bag->holder, site) ||
	    (bag->room.n && places_meet(bag->room, site)))
		return RC_OK;
	TRY(box_find(op, bag->box, &box, &boxed));
	*io_known = boxed && places_meet(box.destined, site);
	return RC_OK;
}

static enum rc run_issue(struct op *op, const void *in)
{
	const struct issue *p = in;
	struct bag bag;
	bool known;

	TRY(room_of_site(op, p->place, p->room, "room"));
	TRY(bag_find(op, p->bag, &bag, &known));
	TRY(bag_is_here(op, &bag, p->place, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "bag", CITE_DISTRIBUTION,
		            "试卷袋 %s 不在本考点的登记内（别处的袋，或号码有误）：请勿发放，"
		            "报主考",
		            "bag %s is none of this site's (another's, or a wrong number): "
		            "do not issue it, tell the chief",
		            p->bag.s);
	TRY(check_issue(op, &bag, p->place));
	return append_issue(op, &bag, p->place, p->room);
}

enum rc room_of_site(struct op *op, struct str site, struct str room, const char *field)
{
	if (str_eq(site, room) || !place_covers(site, room))
		return fail(op, RC_INVALID, field, CITE_DISTRIBUTION, "考场 %s 不在考点 %s",
		            "room %s is not in site %s", room.s, site.s);
	return RC_OK;
}

bool bag_out_of_turn(struct op *op, const struct bag *bag, int64_t at_ms)
{
	return out_of_turn(op, bag, at_ms) != NULL;
}

enum rc issue_record(struct op *op, struct str site, struct str code, struct str room)
{
	bool known, stopped, ordered;
	const char *alarm = NULL;
	struct bag bag;

	TRY(bag_find(op, code, &bag, &known));
	if (!known)
		return found_add(op, code);
	TRY(paper_stopped(op, bag.session, bag.kind, site, &stopped));
	TRY(second_ordered(op, bag.session, site, &ordered));
	if (stopped)
		alarm = "custody.stopped_used";
	else if (bag.kind == PAPER_SECOND && !ordered)
		alarm = "custody.second_unordered";
	else if (out_of_turn(op, &bag, op_happened_ms(op)))
		alarm = "custody.out_early";
	else if (bag.state != BAG_PACKED || !str_eq(bag.holder, site))
		alarm = "custody.wrong_holder";
	if (!str_eq(bag.holder, room))
		TRY(append_issue(op, &bag, site, room));
	return alarm ? alarm_raise(op, alarm, code, site, NULL) : RC_OK;
}

/* Rules: opening. */

/* Another session's paper in the hands of candidates is worse than the right one too early: when
 * another session is in its time and this bag's is not, the bag is the wrong one. */
static const char *opening_alarm(const struct op *op, const struct bag *bag)
{
	const struct profile *profile = op_profile(op);
	const struct profile_session *own = profile_session(profile, bag->session);
	const struct profile_step *window = profile_step(profile, STR("custody.open_bag"));
	int64_t at_ms = op_happened_ms(op);
	size_t i;

	if (!own || !window)
		return NULL;
	for (i = 0; i < profile->nsessions; i++) {
		const struct profile_session *s = &profile->sessions[i];

		if (s->start_ms != own->start_ms && s->start_ms + window->from_s * 1000 <= at_ms &&
		    at_ms <= s->end_ms && at_ms < own->start_ms)
			return "custody.wrong_bag";
	}
	if (at_ms < own->start_ms + window->from_s * 1000)
		return "custody.opened_early";
	return at_ms > own->start_ms + window->to_s * 1000 ? "custody.opened_late" : NULL;
}

/* How much too early, in ms; 0 or less: not. */
static int64_t early_by(const struct op *op, const struct bag *bag, int64_t at_ms)
{
	const struct profile *profile = op_profile(op);
	const struct profile_session *own = profile_session(profile, bag->session);
	const struct profile_step *window = profile_step(profile, STR("custody.open_bag"));

	return own && window ? own->start_ms + window->from_s * 1000 - at_ms : 0;
}

/* What one source says is a note, or an orange alarm where the profile wants it; a recording, or a
 * second source beside the first, makes it red when it is more than a clock's error. */
static const char *early_alarm(const struct op *op, const struct bag *bag, bool seen)
{
	const struct profile *profile = op_profile(op);
	int64_t clock_ms = profile_setting(profile, "custody.opened_early_s", 0) * 1000;
	int64_t early_ms = early_by(op, bag, op_happened_ms(op));
	bool other = bag->opened_ms && bag->opened_by != op_source(op) &&
		early_by(op, bag, bag->opened_ms) > clock_ms;

	if (early_ms > clock_ms && (seen || other || op_source(op) == SOURCE_VIDEO))
		return "custody.opened_early_confirmed";
	if (profile_setting(profile, "custody.opened_early_yellow", 0))
		return "custody.opened_early_noted";
	return "custody.opened_early";
}

/* The same opening, told by another source: neither a second opening nor a wrong bag. */
static bool same_opening(const struct op *op, const struct bag *bag, struct str room)
{
	return bag->state == BAG_OPENED && str_eq(bag->holder, room) &&
		bag->opened_by != op_source(op);
}

static enum rc alarm_opening(struct op *op, const struct opening *p, const struct bag *bag)
{
	bool again = same_opening(op, bag, p->place), stopped;
	const char *alarm = bag->state <= BAG_ISSUED || again ? opening_alarm(op, bag) : NULL;

	if (alarm && strcmp(alarm, "custody.opened_early") == 0)
		alarm = early_alarm(op, bag, false);
	if (alarm)
		TRY(alarm_raise(op, alarm, p->bag, p->place, NULL));
	if (!again && (bag->state != BAG_ISSUED || !str_eq(bag->holder, p->place)))
		TRY(alarm_raise(op, "custody.not_issued", p->bag, p->place, NULL));
	if (!p->seal_ok)
		TRY(alarm_raise(op, "custody.seal_broken", p->bag, p->place, NULL));
	TRY(paper_stopped(op, bag->session, bag->kind, p->place, &stopped));
	if (stopped)
		TRY(alarm_raise(op, "custody.stopped_used", p->bag, p->place, NULL));
	return RC_OK;
}

static enum rc run_open(struct op *op, const void *in)
{
	struct opening p = *(const struct opening *)in;
	struct bag bag;
	bool known;

	TRY(bag_find(op, p.bag, &bag, &known));
	if (!known)
		return found_add(op, p.bag);
	p.session = bag.session;
	TRY(event_append(op, &EVENTS[EV_OPENED], &p, NULL));
	return alarm_opening(op, &p, &bag);
}

/* What a reviewer saw is no opening of its own: the room's report may still come. */
static enum rc run_seen(struct op *op, const void *in)
{
	struct sighting p = *(const struct sighting *)in;
	const char *alarm;
	struct bag bag;
	bool known;

	if (!profile_session(op_profile(op), p.session))
		return fail(op, RC_INVALID, "session", CITE_OPENING, "没有科次 %s", "there is no session %s",
		            p.session.s);
	if (p.bag.n)
		TRY(bag_find(op, p.bag, &bag, &known));
	else
		TRY(room_bag(op, p.session, p.place, PAPER_PAPER, &bag, &known));
	if (!known && p.bag.n)
		return found_add(op, p.bag);
	if (!known)
		bag = (struct bag){.code = session_subject(op->arena, p.session, p.place),
			               .session = p.session};
	else
		p.bag = bag.code;
	TRY(event_append(op, &EVENTS[EV_SEEN], &p, NULL));
	alarm = opening_alarm(op, &bag);
	if (alarm && strcmp(alarm, "custody.opened_early") == 0)
		alarm = early_alarm(op, &bag, true);
	return alarm ? alarm_raise(op, alarm, bag.code, p.place, NULL) : RC_OK;
}

/* Module. */
static const struct allow STORE[] = {{"county_office", LEVEL_COUNTY}, {"store_keeper", LEVEL_ANY}};
static const struct allow SITE[] = {{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}};
static const struct allow ROOM[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"invigilator", LEVEL_SITE},
	{"inspector", LEVEL_ANY},
};
static const struct allow REVIEW[] = {
	{"video_invigilator", LEVEL_SITE}, {"remote_inspector", LEVEL_ANY}, {"inspector", LEVEL_ANY},
	{"county_office", LEVEL_COUNTY},
};
static const char *const KEEPER[] = {"store_keeper", "county_leader", "county_office", NULL};
static const char *const POLICE[] = {"police", NULL};
static const char *const INVIGILATOR[] = {"invigilator", NULL};
static const struct slot OPENERS[] = {
	{"key_holder", 2, KEEPER, "code_holder", false, "钥匙持有人", "key holders"},
	{"code_holder", 1, KEEPER, NULL, false, "密码持有人", "code holder"},
	{"observer", 1, POLICE, NULL, true, "在场民警", "police officer present"},
};
static const struct slot TAKERS[] = {
	{"receiver", 2, INVIGILATOR, NULL, false, "领卷监考员", "invigilators who take it"},
};
static const struct slot BAG_OPENERS[] = {
	{"opener", 2, INVIGILATOR, NULL, false, "启封监考员", "invigilators who open it"},
};
static const struct command COMMANDS[] = {
	{"custody.release_boxes", GUARDED, RELEASE, COUNT(RELEASE) - 1, sizeof(struct release),
	 SLOTS(OPENERS), ALLOW(STORE), .run = run_release, .cites = CITE_SUBJECT,
	 .zh = "批准试卷箱出库", .en = "release boxes"},
	{"custody.issue_bag", GUARDED, ISSUE, 3, sizeof(struct issue), SLOTS(TAKERS), ALLOW(SITE),
	 .run = run_issue, .cites = CITE_SUBJECT,
	 .zh = "向考场发放试卷袋", .en = "issue a bag to a room"},
	{"custody.open_bag", FACT, OPENING, COUNT(OPENING) - 1, sizeof(struct opening),
	 SLOTS(BAG_OPENERS), ALLOW(ROOM), .run = run_open, .cites = CITE_OPENING,
	 .zh = "登记试卷袋启封", .en = "record the opening of a bag"},
	{"custody.see_opening", FACT, FIELDS(SIGHTING), sizeof(struct sighting), ALLOW(REVIEW),
	 .run = run_seen, .cites = CITE_OPENING,
	 .zh = "登记录像所见启封", .en = "record an opening seen on a recording"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.opened_early", COLOUR_ORANGE, "site_chief", CITE_OPENING,
	 "立即查明是否提前启封，看护考场，调看录像，报县考务办",
	 "find out at once, guard the room, look at the recording, tell the county", "试卷袋提前启封",
	 "a bag was opened too early"},
	{"custody.opened_early_confirmed", COLOUR_RED, "county_leader", CITE_OPENING,
	 "看护考场和已见试卷人员，通信隔离，封存录像，立即上报省级",
	 "guard the room and whoever saw the paper, no contact, keep the recording, tell the province",
	 "经录像或两个来源证实：试卷袋提前启封",
	 "a recording or two sources confirm it: a bag was opened too early"},
	{"custody.opened_early_noted", COLOUR_YELLOW, "site_chief", CITE_OPENING,
	 "调看本场录像核对启封时间，记入考场情况记录单",
	 "check the minute on the recording, write it on the room's sheet",
	 "一方报告试卷袋启封偏早，尚未证实", "one source says that a bag was opened early: not confirmed"},
	{"custody.out_early", COLOUR_RED, "county_leader", CITE_DISTRIBUTION,
	 "立即追回此袋，两人看护，查明经手人员并通信隔离，报县考务办",
	 "bring the bag back, two guard it, keep apart who had it, tell the county",
	 "未到发放时间的试卷袋离开考点保管室",
	 "a bag left the site's store before its time"},
	{"custody.opened_late", COLOUR_YELLOW, "site_chief", CITE_OPENING,
	 "核对考点指令时间，记入考场情况记录单",
	 "check the time of the site's command, write it on the room's sheet", "试卷袋启封偏晚",
	 "a bag was opened late"},
	{"custody.wrong_bag", COLOUR_RED, "county_leader", CITE_SUBJECT,
	 "停止分发，两人看护，隔离已见试卷人员，立即上报",
	 "stop, two guard it, keep apart whoever saw it, report at once", "启封了其他科次的试卷袋",
	 "a bag of another session was opened"},
	{"custody.not_issued", COLOUR_ORANGE, "site_chief", CITE_DISTRIBUTION,
	 "核对领卷签收表，查明此袋由谁领出", "check the issue sheet: who took this bag?",
	 "试卷袋不在其领用的考场，或重复启封",
	 "the bag is not where it was issued to, or was opened before"},
};

static const char *const SETTINGS[] = {
	"custody.guards_awake", "custody.opened_early_s", "custody.opened_early_yellow",
};

const struct module custody_issue_module = {
	.name = "custody_issue", .group = "custody", .rev = 2,
	.sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(settings, SETTINGS),
	.zh = "发放启封", .en = "issue and opening",
};
