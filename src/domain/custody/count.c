/* SPDX-License-Identifier: Apache-2.0 */
/* count.c -- a room's sheet for one bag, and the law that closes it (收卷, 验收封装).
 *
 * After the session both invigilators count, the acceptance desk checks, and the bag gets a new
 * seal (回收密封条) and goes back from the room to the site.  The law, for
 * the bag that was issued to the room:
 *     copies + spare + moved in = used + absent + left over (余卷) + replaced (换下) + moved out
 * where spare are the copies of spare bags that the room used (spare.c: they were posted to `used`
 * in the book of the spare papers) and moved are those that came or went with their candidates;
 * until both rooms have counted they stand in the account `moved`.  What does not add up is posted
 * to `missing` and alarmed; a surplus is posted the other way.  A second count corrects the first:
 * only the difference between the two moves in the books.  Spare copies that the count does not
 * account for are alarmed and stay where their own book has them: no book goes below zero for them.
 *
 * Emits  custody.bag_counted, custody.difference_posted
 */
#include "domain/custody/paper.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_RECONCILE "考场对账 DIST-4"

enum { Q_COUNT, Q_MISSING };
static const struct sql SQL[] = {
	[Q_COUNT] = {"UPDATE custody_bag SET state = CASE WHEN state < 3 THEN 3 ELSE state END,"
	             " used = ?, absent = ?, left_over = ?, replaced = ?, moved = ?, seal = ?,"
	             " holder = ? WHERE code = ?", 8},
	[Q_MISSING] = {"UPDATE custody_bag SET missing = missing + ? WHERE code = ?", 2},
};

/* Fields. */
struct count {
	struct str place, bag, seal;
	int64_t used, absent, left_over, replaced, moved_in, moved_out;
	struct text note;
	struct str holder; /* afterwards */
	int64_t from_spare; /* of those used: from spare bags */
	struct list lines;
};
static const struct field COUNT_OF[] = {
	FIELD(struct count, place, F_PLACE, "考场", "room"),
	FIELD(struct count, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag"),
	FIELD(struct count, seal, F_CODE, "回收密封条号", "new seal"),
	FIELD(struct count, used, F_INT, "已用份数(实考)", "copies used", .max = 1000),
	FIELD(struct count, absent, F_INT, "缺考份数", "copies of absentees", .max = 1000),
	FIELD(struct count, left_over, F_INT, "余卷份数", "copies left over", .max = 1000),
	FIELD(struct count, replaced, F_INT, "换下卷份数", "copies replaced", .max = 1000),
	FIELD(struct count, moved_in, F_INT, "转入份数(随考生)", "copies that came with candidates",
	      .max = 1000, .optional = true),
	FIELD(struct count, moved_out, F_INT, "转出份数(随考生)", "copies that left with candidates",
	      .max = 1000, .optional = true),
	FIELD(struct count, note, F_TEXT, "考场情况", "remarks of the room", .max = 400,
	      .optional = true),
	FIELD(struct count, holder, F_SUBJECT, "清点后持有方", "holder afterwards", .ref = "holder"),
	FIELD(struct count, from_spare, F_INT, "其中备用卷份数", "of the copies used, from spare bags",
	      .optional = true),
	LINES_FIELD(struct count),
};
enum { COMMAND_FIELDS = COUNT(COUNT_OF) - 3 };

struct difference {
	struct str bag, holder; /* who holds the bag, less what is missing */
	int64_t missing; /* more than before; negative: found again, or a surplus */
	struct list lines;
};
static const struct field DIFFERENCE[] = {
	FIELD(struct difference, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag",
	      .ref = "bag"),
	FIELD(struct difference, holder, F_SUBJECT, "持有方", "holder", .ref = "holder"),
	FIELD(struct difference, missing, F_INT, "短少份数(负数为多出)", "copies missing (negative: too many)"),
	LINES_FIELD(struct difference),
};

/* Projection. */
static enum rc apply_counted(struct op *op, const struct event *ev)
{
	const struct count *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_COUNT],
	             ARGS(sql_int(p->used - p->from_spare), sql_int(p->absent), sql_int(p->left_over),
	                  sql_int(p->replaced), sql_int(p->moved_in - p->moved_out),
	                  sql_text(p->seal), sql_text(p->holder),
	                  sql_text(p->bag))));
	return trace_add(op, ev, p->bag, p->holder);
}

static enum rc apply_difference(struct op *op, const struct event *ev)
{
	const struct difference *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_MISSING], ARGS(sql_int(p->missing), sql_text(p->bag))));
	return trace_add(op, ev, p->bag, p->holder);
}

enum { EV_COUNTED, EV_DIFFERENCE };
static const struct event_type EVENTS[] = {
	[EV_COUNTED] = {"custody.bag_counted", 1, COUNT_OF + 1, COUNT(COUNT_OF) - 1,
	                sizeof(struct count), .apply = apply_counted, POSTINGS(LINES),
	                .visible_to = CUSTODY_READERS,
	                .zh = "考场清点并重新封装", .en = "a bag was counted and sealed again"},
	[EV_DIFFERENCE] = {"custody.difference_posted", 1, FIELDS(DIFFERENCE),
	                   sizeof(struct difference), .apply = apply_difference, POSTINGS(LINES),
	                   .visible_to = CUSTODY_READERS,
	                   .zh = "差额转入短少账", .en = "a difference was posted to missing"},
};

/* Rules. */

/* "sc/cd/jn/s01/r07" is a room of "sc/cd/jn/s01". */
static struct str site_of(struct arena *a, struct str room)
{
	size_t n = room.n;

	if (place_level(room) < LEVEL_ROOM)
		return room;
	while (room.s[n - 1] != '/')
		n--;
	return str_dup(a, room.s, n - 1);
}

/* Used and replaced copies leave the books of holders; what is left goes with the bag. */
static enum rc run_count(struct op *op, const void *in)
{
	struct count p = *(const struct count *)in;
	struct lines lines = {.arena = op->arena};
	int64_t used, replaced, moved;
	struct bag bag;
	bool known;

	TRY(bag_find(op, p.bag, &bag, &known));
	if (!known)
		return found_add(op, p.bag);
	p.from_spare = bag.spare < p.used ? bag.spare : p.used;
	used = p.used - p.from_spare - bag.used;
	moved = p.moved_in - p.moved_out - bag.moved;
	replaced = p.replaced - bag.replaced;
	/* A later correction on paper does not carry the bag back to the site. */
	p.holder = bag.state < BAG_COUNTED ? site_of(op->arena, p.place) : bag.holder;
	lines_add(&lines, bag.asset, STR("moved"), bag.holder, moved);
	lines_add(&lines, bag.asset, bag.holder, STR("used"), used);
	lines_add(&lines, bag.asset, bag.holder, STR("spoiled"), replaced);
	lines_add(&lines, bag.asset, bag.holder, p.holder, bag_held(&bag) + moved - used - replaced);
	p.lines = lines.list;
	TRY(event_append(op, &EVENTS[EV_COUNTED], &p, NULL));
	if (bag.state < BAG_OPENED)
		TRY(alarm_raise(op, "custody.counted_unopened", p.bag, p.place, NULL));
	return RC_OK;
}

enum rc difference_record(struct op *op, struct str place, const struct bag *bag,
                          int64_t missing)
{
	struct difference d = {.bag = bag->code, .holder = bag->holder, .missing = missing};
	struct lines lines = {.arena = op->arena};

	lines_add(&lines, bag->asset, bag->holder, STR("missing"), missing);
	d.lines = lines.list;
	return event_append_at(op, &EVENTS[EV_DIFFERENCE], place, &d, NULL);
}

enum rc difference_post(struct op *op, struct str place, const struct bag *bag, int64_t missing)
{
	TRY(difference_record(op, place, bag, missing));
	if (bag->missing + missing == 0)
		return RC_OK; /* what was missing has been found */
	return alarm_raise(op, "custody.difference", bag->code, place, NULL);
}

/* The law of copies: reads what the count has left in the bag's row. */
static enum rc close_bag(struct op *op, const struct event *ev)
{
	const struct count *p = ev->data;
	struct bag bag;
	int64_t missing;
	bool known;

	TRY(bag_find(op, p->bag, &bag, &known));
	if (!known)
		return RC_OK;
	missing = bag_held(&bag) - bag.absent - bag.left_over;
	if (missing)
		TRY(difference_post(op, ev->place, &bag, missing));
	if (bag.spare <= p->from_spare || bag.missing + missing != 0)
		return RC_OK; /* the spare ones are accounted for, or it is alarmed already */
	return alarm_raise(op, "custody.difference", bag.code, ev->place, NULL);
}

/* Module. */
static const struct allow DESK[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"county_office", LEVEL_COUNTY},
};
static const char *const INVIGILATOR[] = {"invigilator", NULL};
static const char *const ACCEPTOR[] = {"site_clerk", "site_chief", NULL};
static const struct slot COUNTERS[] = {
	{"counter", 2, INVIGILATOR, "acceptor", false, "清点监考员", "invigilators who count"},
	{"acceptor", 1, ACCEPTOR, NULL, false, "验收员", "who accepts"},
};
static const struct command COMMANDS[] = {
	{"custody.count_bag", FACT, COUNT_OF, COMMAND_FIELDS, sizeof(struct count), SLOTS(COUNTERS),
	 ALLOW(DESK), .run = run_count, .cites = CITE_RECONCILE,
	 .zh = "登记考场清点", .en = "record a room's count"},
};

static const struct law LAWS[] = {
	{"custody.copies", "custody.bag_counted", close_bag, CITE_RECONCILE,
	 "本袋 + 备用 + 转入 = 已用 + 缺考 + 余卷 + 换下 + 转出",
	 "bag + spare + moved in = used + absent + left over + replaced + moved out"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.room_sheet", "custody.bag_opened", "custody.bag_counted", NULL, bag_subjects,
	 "custody.room_sheet", "site_clerk", .missing = "custody.sheet_missing",
	 .cites = CITE_RECONCILE, .zh = "考场清点登记(考后1小时内)", .en = "the room's sheet"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.difference", COLOUR_RED, "site_chief", CITE_RECONCILE,
	 "考生不得离场，主考组织查找；重新清点后补登", "hold the room, the chief has it searched; count again and record it",
	 "考场清点与袋内份数不符", "a room's count does not add up"},
	{"custody.counted_unopened", COLOUR_ORANGE, "site_chief", CITE_RECONCILE,
	 "核对领卷签收表和启封记录", "check the issue sheet and the record of the opening",
	 "清点的试卷袋没有启封记录", "the bag counted was never recorded as opened"},
	{"custody.sheet_missing", COLOUR_YELLOW, "site_chief", CITE_RECONCILE,
	 "催报考场情况记录单", "ask the room for its sheet",
	 "考场清点超时未报", "a room's count is overdue"},
};

const struct module custody_count_module = {
	.name = "custody_count", .group = "custody", .rev = 2,
	.sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(laws, LAWS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	.zh = "考场清点", .en = "counts of rooms",
};
