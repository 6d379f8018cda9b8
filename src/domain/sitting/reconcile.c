/* SPDX-License-Identifier: Apache-2.0 */
/* reconcile.c -- a room's sheet against everything that is known otherwise; see sheet.h.
 *
 * Where something must be told while it happens (spares, cards, moves, suspected violations, early
 * leaves) both figures must be equal.  Where nobody need tell it (toilet, illness, lateness) the
 * sheet may know more, never less.  What nobody recorded is not compared.
 */
#include "domain/custody/custody.h"
#include "domain/sitting/sheet.h"
#include "domain/sitting/sitting.h"

#include "engine/run.h"

enum { Q_COUNTED };
static const struct sql SQL[] = {
	[Q_COUNTED] = {"SELECT counted, scripts, seal FROM sitting_collection WHERE session = ?"
	               " AND room = ?", 2},
};

struct comparing {
	struct op *op;
	const struct sheet *s;
	struct sheet_difference *diff;
	size_t n;
};

static void differ(struct comparing *c, int field, struct str sheet, struct str known)
{
	c->diff[c->n++] = (struct sheet_difference){c->s->session, field, sheet, known};
}

static struct str number(struct comparing *c, int64_t v)
{
	return str_fmt(c->op->arena, "%lld", (long long)v);
}

static void equal(struct comparing *c, int field, int64_t sheet, int64_t known)
{
	if (sheet != known)
		differ(c, field, number(c, sheet), number(c, known));
}

static void at_least(struct comparing *c, int field, int64_t sheet, int64_t known)
{
	if (sheet < known)
		differ(c, field, number(c, sheet), number(c, known));
}

/* The law of a room: expected + moved in = present + absent + moved out. */
static enum rc compare_plan(struct comparing *c)
{
	const struct sheet *s = c->s;
	struct room_plan plan;
	bool known;

	TRY(arrange_room(c->op, s->session, s->place, &plan, &known));
	if (known)
		equal(c, SHEET_EXPECTED, s->expected, plan.seats);
	equal(c, SHEET_PRESENT, s->present, s->expected + s->moved_in - s->moved_out - s->absent);
	equal(c, SHEET_ABSENTEES, s->absent, (int64_t)s->absentees.n);
	equal(c, SHEET_SCRIPTS, s->scripts, s->present);
	return RC_OK;
}

static enum rc compare_facts(struct comparing *c)
{
	const struct sheet *s = c->s;
	int64_t n[FACT_MAX], in, out;

	TRY(fact_counts(c->op, s->session, s->place, n));
	equal(c, SHEET_EARLY, s->early, n[FACT_EARLY]);
	at_least(c, SHEET_TOILET, s->toilet, n[FACT_TOILET]);
	equal(c, SHEET_SPARE, s->spare, n[FACT_SPARE]);
	equal(c, SHEET_CARDS, s->cards, n[FACT_CARD]);
	equal(c, SHEET_VIOLATIONS, s->violations, n[FACT_VIOLATION]);
	at_least(c, SHEET_ILL, s->ill, n[FACT_ILLNESS]);
	TRY(arrange_room_moves(c->op, s->session, s->place, &in, &out));
	equal(c, SHEET_MOVED_OUT, s->moved_out, out);
	equal(c, SHEET_MOVED_IN, s->moved_in, in);
	return RC_OK;
}

static enum rc compare_collection(struct comparing *c)
{
	const struct sheet *s = c->s;
	struct str seal;
	AUTO(rows) r = {0};

	TRY(sql_query(c->op, &SQL[Q_COUNTED], ARGS(sql_text(s->session), sql_text(s->place)), &r));
	if (!rows_next(&r))
		return RC_OK;
	if (rows_int(&r, 0) >= 0)
		equal(c, SHEET_COUNTED, s->scripts, rows_int(&r, 1));
	seal = rows_dup(c->op->arena, &r, 2);
	if (seal.n && s->seal.n && !str_eq(seal, s->seal))
		differ(c, SHEET_SEAL, s->seal, seal);
	return RC_OK;
}

/* The law of copies has its own alarm; here the two figures must be the sheet's. */
static enum rc compare_papers(struct comparing *c)
{
	const struct sheet *s = c->s;
	int64_t used, absent;
	bool counted;

	TRY(custody_room_used(c->op, s->session, s->place, &counted, &used, &absent));
	if (!counted)
		return RC_OK;
	equal(c, SHEET_PAPERS, s->present, used);
	equal(c, SHEET_PAPERS_ABSENT, s->absent, absent);
	return RC_OK;
}

/* Where terminals told of nobody, they were not there.  Who moved in entered elsewhere. */
static enum rc compare_entries(struct comparing *c)
{
	const struct sheet *s = c->s;
	const struct absentee *a = s->absentees.items;
	struct sitting_count n;
	int64_t at_ms, came = 0;
	bool entered;

	TRY(sitting_count(c->op, s->session, s->place, &n));
	if (n.present == 0)
		return RC_OK;
	equal(c, SHEET_ENTERED, s->present + s->moved_out - s->moved_in, n.present);
	at_least(c, SHEET_LATE, s->late, n.late);
	for (size_t i = 0; i < s->absentees.n; i++) {
		TRY(sitting_entered(c->op, s->session, s->place, a[i].candidate, &entered, &at_ms));
		came += entered;
	}
	equal(c, SHEET_ABSENT_ENTERED, 0, came);
	return RC_OK;
}

static struct str clock_text(struct comparing *c, int64_t ms)
{
	int64_t s = ms / 1000 + (int64_t)op_profile(c->op)->utc_offset_min * 60;

	return str_fmt(c->op->arena, "%02d:%02d:%02d", (int)(s / 3600 % 24), (int)(s / 60 % 60),
	               (int)(s % 60));
}

/* A sheet is written by an eye on the wall clock: the profile says how far it may be off. */
static enum rc compare_bell(struct comparing *c, int field, enum bell bell, int64_t sheet_ms)
{
	int64_t off_ms = profile_setting(op_profile(c->op), "sitting.sheet_time_s", 0) * 1000, rung;

	TRY(sitting_bell(c->op, c->s->session, c->s->place, bell, &rung));
	if (sheet_ms && rung && (sheet_ms < rung - off_ms || sheet_ms > rung + off_ms))
		differ(c, field, clock_text(c, sheet_ms), clock_text(c, rung));
	return RC_OK;
}

enum rc sheet_compare(struct op *op, const struct sheet *s,
                      struct sheet_difference ret[SHEET_DIFFERENCE_MAX], size_t *ret_n)
{
	struct comparing c = {.op = op, .s = s, .diff = ret};

	TRY(compare_plan(&c));
	TRY(compare_facts(&c));
	TRY(compare_collection(&c));
	TRY(compare_papers(&c));
	TRY(compare_entries(&c));
	TRY(compare_bell(&c, SHEET_OPENED, BELL_OPEN, s->opened_at));
	TRY(compare_bell(&c, SHEET_STARTED, BELL_START, s->started_at));
	TRY(compare_bell(&c, SHEET_ENDED, BELL_END, s->ended_at));
	*ret_n = c.n;
	return RC_OK;
}

static const char *const SETTINGS[] = {"sitting.sheet_time_s"};

const struct module sitting_reconcile_module = {
	.name = "sitting_reconcile", .group = "sitting", .rev = 1, .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(settings, SETTINGS),
	.zh = "记录单核对", .en = "sheets held against the record",
};
