/* SPDX-License-Identifier: Apache-2.0 */
/* site.c -- papers at a site: the site's store (考点试卷临时保管室), and the law of a site.
 *
 * A site's papers of a session are expected before it begins.  What waits there for a later session
 * is sealed by subject and opened by two, not before its time.  A bag is seen by people and cameras
 * on the way; one that is seen where the books do not have it is an alarm, and a red one before it
 * may leave the store: that is how a second session's bag goes out with the first (DIST-1).
 *
 * After a session the site closes it: each bag that went to a room has come back to the site or
 * gone on, and what was moved between rooms with candidates cancels out.
 *
 * Emits  custody.site_received, custody.site_store_sealed, custody.site_store_opened,
 *        custody.bag_seen, custody.site_closed
 * Owns   custody_site_store
 */
#include "domain/custody/issue.h"

#include "domain/arrange/arrange.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SITE "考点试卷临时保管室 ROOM-19"
#define CITE_LAW "考点对账 DIST-5"

enum { Q_AWAITED, Q_WAITING, Q_SEAL, Q_SEALED, Q_ROOMS, Q_VIEW };
/* States as in BAG_STATES: 0 packed. */
static const struct sql SQL[] = {
	[Q_AWAITED] = {"SELECT COUNT(*) FROM custody_box WHERE destined = ? AND session = ?"
	               " AND holder <> destined", 2},
	[Q_WAITING] = {"SELECT COUNT(*) FROM custody_bag WHERE holder = ? AND session = ?"
	               " AND state = 0", 2},
	[Q_SEAL] = {"INSERT INTO custody_site_store(place, session, seal, bags, sealed)"
	            " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_SEALED] = {"SELECT seal, bags FROM custody_site_store WHERE place = ? AND session = ?"
	              " ORDER BY sealed DESC LIMIT 1", 2},
	[Q_ROOMS] = {"SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN holder = room THEN 1 ELSE 0 END), 0)"
	             " AS BIGINT), CAST(COALESCE(SUM(used), 0) AS BIGINT),"
	             " CAST(COALESCE(SUM(absent), 0) AS BIGINT),"
	             " CAST(COALESCE(SUM(left_over), 0) AS BIGINT),"
	             " CAST(COALESCE(SUM(missing), 0) AS BIGINT),"
	             " CAST(COALESCE(SUM(moved), 0) AS BIGINT) FROM custody_bag"
	             " WHERE session = ? AND room <> '' AND room >= ? AND room < ?", 3},
	[Q_VIEW] = {"SELECT place, session, bags, sealed FROM custody_site_store ORDER BY sealed", 0},
};

static const struct table TABLES[] = {
	{"custody_site_store", "CREATE TABLE custody_site_store(place {text} NOT NULL,"
	 " session {text} NOT NULL, seal {text} NOT NULL, bags {int} NOT NULL, sealed {int} NOT NULL,"
	 " PRIMARY KEY(place, session, sealed))", "place, session, sealed"},
};

/* Fields. */
struct site_store {
	struct str place, session, seal;
	int64_t bags;
	bool seal_ok;
};
static const struct field STORE_SEALED[] = {
	FIELD(struct site_store, place, F_PLACE, "考点", "site"),
	FIELD(struct site_store, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct site_store, seal, F_CODE, "柜封条号", "seal of the cabinet"),
	FIELD(struct site_store, bags, F_INT, "袋数", "bags counted", .max = 100000),
	FIELD(struct site_store, seal_ok, F_BOOL, "封条完好", "seal is whole"),
};
enum { SEALING_FIELDS = COUNT(STORE_SEALED) - 1 };
static const struct field RECEIVED[] = {
	FIELD(struct site_store, session, F_KEY, "科次", "session", .ref = "session"),
};

struct seen {
	struct str place, bag, session;
};
static const struct field SEEN[] = {
	FIELD(struct seen, place, F_PLACE, "所在地点", "where it was seen"),
	FIELD(struct seen, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag"),
	FIELD(struct seen, session, F_KEY, "科次", "session", .ref = "session"),
};

struct site_close {
	struct str place, session;
	int64_t bags, out, used, absent, left_over, missing, moved;
};
static const struct field CLOSE[] = {
	FIELD(struct site_close, place, F_PLACE, "考点", "site"),
	FIELD(struct site_close, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct site_close, bags, F_INT, "发到考场袋数", "bags that went to rooms"),
	FIELD(struct site_close, out, F_INT, "未回考点袋数", "bags not back from rooms"),
	FIELD(struct site_close, used, F_INT, "已用份数", "copies used"),
	FIELD(struct site_close, absent, F_INT, "缺考份数", "copies of absentees"),
	FIELD(struct site_close, left_over, F_INT, "余卷份数", "copies left over"),
	FIELD(struct site_close, missing, F_INT, "短少份数", "copies missing"),
	FIELD(struct site_close, moved, F_INT, "考场间转移差额", "moved in less moved out"),
};

/* Projection. */
static enum rc apply_sealed(struct op *op, const struct event *ev)
{
	const struct site_store *p = ev->data;

	return sql_exec(op, &SQL[Q_SEAL], ARGS(sql_text(ev->place), sql_text(p->session),
	                                       sql_text(p->seal), sql_int(p->bags),
	                                       sql_int(ev->index)));
}

static enum rc apply_seen(struct op *op, const struct event *ev)
{
	const struct seen *p = ev->data;

	return trace_add(op, ev, p->bag, ev->place);
}

enum { EV_RECEIVED, EV_SEALED, EV_OPENED, EV_SEEN, EV_CLOSED };
static const char *const READERS[] = {"county_office", "duty_officer", "store_keeper",
	"site_chief", "deputy_chief", "site_clerk", NULL};
static const struct event_type EVENTS[] = {
	[EV_RECEIVED] = EVENT("custody.site_received", RECEIVED, struct site_store, NULL,
	                      "科次试卷到达考点", "a session's papers are at the site",
	                      .visible_to = READERS),
	[EV_SEALED] = {"custody.site_store_sealed", 1, STORE_SEALED + 1, SEALING_FIELDS - 1,
	               sizeof(struct site_store), .apply = apply_sealed, .visible_to = READERS,
	               .zh = "考点保管室按科封存", .en = "the site's store was sealed for a session"},
	[EV_OPENED] = {"custody.site_store_opened", 1, STORE_SEALED + 1, COUNT(STORE_SEALED) - 1,
	               sizeof(struct site_store), .visible_to = READERS,
	               .zh = "考点保管室开柜", .en = "the site's store was opened for a session"},
	[EV_SEEN] = {"custody.bag_seen", 1, SEEN + 1, COUNT(SEEN) - 1, sizeof(struct seen),
	             .apply = apply_seen, .visible_to = READERS,
	             .zh = "见到试卷袋", .en = "a bag was seen"},
	[EV_CLOSED] = {"custody.site_closed", 1, CLOSE + 1, COUNT(CLOSE) - 1,
	               sizeof(struct site_close), .visible_to = READERS,
	               .zh = "考点科次对账", .en = "a session of a site was closed"},
};

/* Arrival: a reaction, since a hand-over is of boxes and an expectation is of sessions. */
static enum rc count_of(struct op *op, int q, struct str place, struct str session, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(place), sql_text(session)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

static enum rc arrived(struct op *op, const struct event *ev)
{
	const struct str *to = event_member(ev, "to");
	const struct list *boxes = event_member(ev, "boxes");
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, STR("boxes"));
	struct str *done = arena_array(op->arena, boxes->n, sizeof(*done));
	size_t n = 0, j;

	for (size_t i = 0; i < boxes->n; i++) {
		const char *item = (const char *)boxes->items + i * f->list_size;
		struct box box;
		int64_t awaited;
		bool known;

		TRY(box_find(op, *(const struct str *)(const void *)item, &box, &known));
		known = known && str_eq(box.destined, *to);
		for (j = 0; known && j < n && !str_eq(done[j], box.session); j++)
			;
		if (!known || j < n)
			continue;
		done[n++] = box.session;
		TRY(count_of(op, Q_AWAITED, *to, box.session, &awaited));
		if (!awaited)
			TRY(event_append_at(op, &EVENTS[EV_RECEIVED], *to,
			                    &(struct site_store){.session = box.session}, NULL));
	}
	return RC_OK;
}

static const struct reaction REACTIONS[] = {
	{"custody.handed_over", arrived},
};

/* Rules: the store. */
static enum rc session_known(struct op *op, struct str session)
{
	if (!profile_session(op_profile(op), session))
		return fail(op, RC_INVALID, "session", CITE_SITE, "没有科次 %s", "there is no session %s",
		            session.s);
	return RC_OK;
}

static enum rc run_seal(struct op *op, const void *in)
{
	const struct site_store *p = in;
	struct str subject = session_subject(op->arena, p->session, p->place);
	int64_t waiting;

	TRY(session_known(op, p->session));
	TRY(count_of(op, Q_WAITING, p->place, p->session, &waiting));
	TRY(event_append(op, &EVENTS[EV_SEALED], p, NULL));
	return waiting == p->bags ? RC_OK
	                          : alarm_raise(op, "custody.site_store_differs", subject, p->place,
	                                        NULL);
}

static bool too_early(const struct op *op, struct str session)
{
	const struct profile_session *s = profile_session(op_profile(op), session);
	const struct profile_step *window = profile_step(op_profile(op), STR("custody.site_store"));

	return s && window && op_happened_ms(op) < s->start_ms + window->from_s * 1000;
}

static enum rc run_open(struct op *op, const void *in)
{
	const struct site_store *p = in;
	struct str subject = session_subject(op->arena, p->session, p->place), seal = {0};
	AUTO(rows) r = {0};
	int64_t bags = p->bags;

	TRY(session_known(op, p->session));
	TRY(sql_query(op, &SQL[Q_SEALED], ARGS(sql_text(p->place), sql_text(p->session)), &r));
	if (rows_next(&r)) {
		seal = rows_dup(op->arena, &r, 0);
		bags = rows_int(&r, 1);
	}
	rows_release(&r);
	TRY(event_append(op, &EVENTS[EV_OPENED], p, NULL));
	if (too_early(op, p->session))
		TRY(alarm_raise(op, "custody.site_store_early", subject, p->place, NULL));
	if (!p->seal_ok || !str_eq(seal, p->seal))
		TRY(alarm_raise(op, "custody.seal_broken", subject, p->place, NULL));
	return p->bags == bags ? RC_OK : alarm_raise(op, "custody.site_store_differs", subject,
	                                             p->place, NULL);
}

/* Where a bag is seen and where the books have it: the same place, or one inside the other. */
static enum rc run_seen(struct op *op, const void *in)
{
	struct seen p = *(const struct seen *)in;
	struct bag bag;
	bool known, here;

	TRY(bag_find(op, p.bag, &bag, &known));
	if (!known)
		return found_add(op, p.bag);
	p.session = bag.session;
	here = place_covers(p.place, bag.holder) || place_covers(bag.holder, p.place);
	TRY(event_append(op, &EVENTS[EV_SEEN], &p, NULL));
	if (bag.state <= BAG_ISSUED && !str_eq(p.place, bag.holder) &&
	    bag_out_of_turn(op, &bag, op_happened_ms(op)))
		return alarm_raise(op, "custody.out_early", p.bag, p.place, NULL);
	return here ? RC_OK : alarm_raise(op, "custody.wrong_holder", p.bag, p.place, NULL);
}

enum rc custody_site_findings(struct op *op, struct str session, struct str site, int64_t *ret)
{
	struct str subject = session_subject(op->arena, session, site);
	struct alarm *a;
	size_t n;

	*ret = 0;
	TRY(alarm_list(op, site, false, &a, &n));
	for (size_t i = 0; i < n; i++)
		*ret += str_starts(a[i].rule, STR("custody.site_store_")) &&
			str_eq(a[i].subject, subject) &&
			(!a[i].closed || a[i].false_cause == ALARM_FALSE_CAUSE_NONE);
	return RC_OK;
}

/* Rules: the law of a site. */
static enum rc sum_rooms(struct op *op, struct site_close *p)
{
	struct str low, high;
	AUTO(rows) r = {0};

	place_below(op->arena, p->place, &low, &high);
	TRY(sql_query(op, &SQL[Q_ROOMS], ARGS(sql_text(p->session), sql_text(low), sql_text(high)),
	              &r));
	(void)rows_next(&r);
	p->bags = rows_int(&r, 0);
	p->out = rows_int(&r, 1);
	p->used = rows_int(&r, 2);
	p->absent = rows_int(&r, 3);
	p->left_over = rows_int(&r, 4);
	p->missing = rows_int(&r, 5);
	p->moved = rows_int(&r, 6);
	return RC_OK;
}

/* Of a session that is over, and again when what was out has come back: the newest closing counts,
 * each is an entry. */
static enum rc run_close(struct op *op, const void *in)
{
	struct site_close p = *(const struct site_close *)in;
	const struct profile_session *s = profile_session(op_profile(op), p.session);

	TRY(session_known(op, p.session));
	if (op->now_ms < s->end_ms)
		TRY(forbid(op, RC_CONFLICT, "session", CITE_LAW, "科次 %s 尚未结束，不能对账",
		           "session %s has not ended: it cannot be closed", p.session.s));
	TRY(sum_rooms(op, &p));
	return event_append(op, &EVENTS[EV_CLOSED], &p, NULL);
}

static enum rc close_site(struct op *op, const struct event *ev)
{
	const struct site_close *p = ev->data;

	if (!p->out && !p->moved)
		return RC_OK;
	return alarm_raise(op, "custody.site_unbalanced",
	                   session_subject(op->arena, p->session, ev->place), ev->place, NULL);
}

static const struct law LAWS[] = {
	{"custody.site", "custody.site_closed", close_site, CITE_LAW,
	 "发到考场袋数 = 回考点袋数；转入份数 = 转出份数", "bags to rooms = bags back; moved in = moved out"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.site_arrival", "arrange.site_armed", "custody.site_received", NULL,
	 session_subjects, "custody.site_arrival", "site_chief", .missing = "custody.site_late",
	 .cites = CITE_SITE, .zh = "科次试卷到达考点", .en = "a session's papers are at the site"},
	{"custody.site_store", "custody.site_store_sealed", "custody.site_store_opened", NULL,
	 session_subjects, "custody.site_store", "site_chief",
	 .missing = "custody.site_store_unopened", .cites = CITE_SITE,
	 .zh = "考点保管室按时开柜", .en = "the site's store is opened in time"},
	{"custody.site_close", "arrange.site_armed", "custody.site_closed", NULL, session_subjects,
	 "custody.site_close", "site_chief", .missing = "custody.site_unclosed", .cites = CITE_LAW,
	 .zh = "考点科次对账", .en = "the site closes the session"},
};

/* Module. */
static const struct allow SITE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
};
static const struct allow ANYBODY[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"video_invigilator", LEVEL_SITE}, {"roving_invigilator", LEVEL_SITE},
	{"inspector", LEVEL_ANY}, {"remote_inspector", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"store_keeper", LEVEL_ANY},
};
static const char *const KEEPER[] = {"site_chief", "deputy_chief", "site_clerk", NULL};
static const char *const GUARD[] = {"police", "secrecy_guard", "inspector", NULL};
static const struct slot KEEPERS[] = {
	{"keeper", 2, KEEPER, NULL, false, "保管人", "keepers"},
	{"observer", 1, GUARD, NULL, true, "在场民警或巡视员", "observer"},
};
static const struct slot CLOSERS[] = {
	{"closer", 2, KEEPER, NULL, false, "对账人", "those who close it"},
};
static const struct command COMMANDS[] = {
	{"custody.seal_site_store", FACT, STORE_SEALED, SEALING_FIELDS, sizeof(struct site_store),
	 SLOTS(KEEPERS), ALLOW(SITE), .run = run_seal, .cites = CITE_SITE,
	 .zh = "登记考点保管室封存", .en = "record the sealing of the site's store"},
	{"custody.open_site_store", FACT, FIELDS(STORE_SEALED), sizeof(struct site_store),
	 SLOTS(KEEPERS), ALLOW(SITE), .run = run_open, .cites = CITE_SITE,
	 .zh = "登记考点保管室开柜", .en = "record the opening of the site's store"},
	{"custody.see_bag", FACT, SEEN, COUNT(SEEN) - 1, sizeof(struct seen), ALLOW(ANYBODY),
	 .run = run_seen, .cites = CITE_DISTRIBUTION,
	 .zh = "登记所见试卷袋", .en = "record where a bag was seen"},
	{"custody.close_site", ORDER, CLOSE, 2, sizeof(struct site_close), SLOTS(CLOSERS), ALLOW(SITE),
	 .run = run_close, .cites = CITE_LAW, .zh = "考点科次对账", .en = "close a session of a site"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.site_late", COLOUR_ORANGE, "county_office", CITE_SITE,
	 "与押运车和考点联系，查明本科次试卷现在何处", "call vehicle and site: where are the papers now?",
	 "科次试卷未按时到达考点", "a session's papers are overdue at the site"},
	{"custody.site_store_differs", COLOUR_RED, "site_chief", CITE_SITE,
	 "封闭保管室，两人逐袋清点，调看录像，报县考务办",
	 "close the store, two count bag by bag, look at the recording, tell the county",
	 "考点保管室袋数不符", "the number of bags in the site's store is not what it should be"},
	{"custody.site_store_early", COLOUR_RED, "county_leader", CITE_SITE,
	 "立即重新封存并清点，查明开柜人，通信隔离，报省级",
	 "seal and count it again, keep apart who opened it, tell the province",
	 "考点保管室未到时间开柜", "the site's store was opened before its time"},
	{"custody.site_store_unopened", COLOUR_YELLOW, "site_chief", CITE_SITE,
	 "立即安排两人开柜，准备发卷", "have two open it now: the issue is near",
	 "考点保管室临近发卷仍未开柜", "the site's store is not open and the issue is near"},
	{"custody.site_unclosed", COLOUR_YELLOW, "county_office", CITE_LAW,
	 "催考点完成本科次对账", "ask the site to close the session",
	 "考点科次对账超时未报", "a site has not closed its session"},
	{"custody.site_unbalanced", COLOUR_RED, "site_chief", CITE_LAW,
	 "按发放记录逐场查找未回的试卷袋，核对转入转出考场",
	 "look for the bags room by room; check who moved from where to where",
	 "考点科次对账不平", "a site's session does not add up"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("place", F_PLACE, "考点", "site"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("bags", F_INT, "袋", "bags"),
	COLUMN("sealed", F_ID, "封存(台账)", "sealed (entry)"),
};
static const struct view VIEWS[] = {
	{"custody/site_stores", "考点保管室", "sites' stores", READERS, &SQL[Q_VIEW], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

const struct module custody_site_module = {
	.name = "custody_site", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(laws, LAWS), TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(views, VIEWS), .zh = "考点保管", .en = "papers at a site",
};
