/* SPDX-License-Identifier: Apache-2.0 */
/* print.c -- the printing house (印制): every sheet of a job is good, waste, or still in work.
 *
 * A job gets sheets from the paper store.  Each step of the process takes over what the step before
 * passes on, two signing, and accounts for it:
 *     in work before + received = good + waste + in work
 * Waste is counted, logged and destroyed the same day under the supervisor of printing (监印).
 * Finished copies are destroyed only when somebody above has approved it.  Packing a bag puts its
 * copies into the books, from "printed".  What does not add up is alarmed with the interval in
 * which it arose: the last report of the step that did add up, and the one that does not.
 * What is told of a job that nobody ordered is recorded and alarmed; an order that comes later
 * takes it over.
 *
 * A city whose papers are printed by the province has this module switched off in its profile.
 *
 * Emits  custody.print_ordered, custody.stock_issued, custody.process_handed,
 *        custody.waste_destroyed, custody.copies_destroyed, custody.copies_packed,
 *        custody.print_closed, custody.print_difference
 * Owns   custody_print, custody_print_step
 */
#include "domain/custody/paper.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_PRINT CITE_SECURITY "Art.3-6 PRN-7"

enum {
	Q_JOB, Q_JOB_ADD, Q_STOCK, Q_STEP, Q_STEP_ADD, Q_STEP_SET, Q_STEPS, Q_WASTE, Q_GONE, Q_PACKED,
	Q_CLOSE, Q_VIEW, Q_JOB_SET,
};
#define JOB_COLUMNS "session, kind, asset, per, sheets, waste, packed, destroyed, closed"
#define STEP_COLUMNS "step, received, good, waste, in_work, sound"
static const struct sql SQL[] = {
	[Q_JOB] = {"SELECT " JOB_COLUMNS " FROM custody_print WHERE job = ?", 1},
	[Q_JOB_ADD] = {"INSERT INTO custody_print(job, place, session, kind, asset, per, copies,"
	               " sheets, waste, packed, destroyed, closed)"
	               " VALUES(?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0)",
	               7},
	[Q_STOCK] = {"UPDATE custody_print SET sheets = sheets + ? WHERE job = ?", 2},
	[Q_STEP] = {"SELECT " STEP_COLUMNS " FROM custody_print_step WHERE job = ? AND step = ?", 2},
	[Q_STEP_ADD] = {"INSERT INTO custody_print_step(job, step, received, good, waste, in_work,"
	                " sound) VALUES(?, ?, 0, 0, 0, 0, ?)", 3},
	[Q_STEP_SET] = {"UPDATE custody_print_step SET received = received + ?, good = good + ?,"
	                " waste = waste + ?, in_work = ?, sound = CASE WHEN ? = 0 THEN ? ELSE sound END"
	                " WHERE job = ? AND step = ?", 8},
	[Q_STEPS] = {"SELECT " STEP_COLUMNS " FROM custody_print_step WHERE job = ? ORDER BY step", 1},
	/* waste: counted and not yet destroyed */
	[Q_WASTE] = {"UPDATE custody_print SET waste = waste + ? WHERE job = ?", 2},
	[Q_GONE] = {"UPDATE custody_print SET destroyed = destroyed + ? WHERE job = ?", 2},
	[Q_PACKED] = {"UPDATE custody_print SET packed = packed + ? WHERE job = ?", 2},
	[Q_CLOSE] = {"UPDATE custody_print SET closed = ? WHERE job = ?", 2},
	[Q_VIEW] = {"SELECT job, place, session, sheets, waste, packed, destroyed, closed"
	            " FROM custody_print ORDER BY job", 0},
	/* the order of a job of which sheets were told before */
	[Q_JOB_SET] = {"UPDATE custody_print SET place = ?, session = ?, kind = ?, asset = ?, per = ?,"
	               " copies = ? WHERE job = ?", 7},
};

static const struct table TABLES[] = {
	{"custody_print", "CREATE TABLE custody_print(job {text} NOT NULL, place {text} NOT NULL,"
	 " session {text} NOT NULL, kind {int} NOT NULL, asset {text} NOT NULL, per {int} NOT NULL,"
	 " copies {int} NOT NULL, sheets {int} NOT NULL, waste {int} NOT NULL, packed {int} NOT NULL,"
	 " destroyed {int} NOT NULL, closed {int} NOT NULL, PRIMARY KEY(job))", "job"},
	{"custody_print_step", "CREATE TABLE custody_print_step(job {text} NOT NULL,"
	 " step {int} NOT NULL, received {int} NOT NULL, good {int} NOT NULL, waste {int} NOT NULL,"
	 " in_work {int} NOT NULL, sound {int} NOT NULL, PRIMARY KEY(job, step))", "job, step"},
};

/* Fields. */
#define STEPS(X) X(PRESS, "press") X(CUT, "cut") X(BIND, "bind") X(CHECK, "check")
#define X(id, text) STEP_##id,
enum step { STEPS(X) STEP_MAX };
#undef X
#define X(id, text) text,
static const char *const STEP[] = {STEPS(X)};
#undef X
static const struct word STEP_WORDS[] = {
	{"印刷", "printing"}, {"裁切", "cutting"}, {"装订", "binding"}, {"检验", "checking"},
};

struct print_order {
	struct str place, job, session;
	int kind;
	int64_t copies, per;
	struct str asset;
};
static const struct field ORDER_OF[] = {
	FIELD(struct print_order, place, F_PLACE, "定点印刷厂", "printing house"),
	FIELD(struct print_order, job, F_CODE, "印制任务号", "print job"),
	FIELD(struct print_order, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct print_order, kind, F_ENUM, "品种", "kind",
	      ENUM_OF(PAPER_KIND_TEXT, PAPER_KIND_WORDS)),
	FIELD(struct print_order, copies, F_INT, "印数", "copies ordered", .min = 1, .max = 10000000),
	FIELD(struct print_order, per, F_INT, "每份张数", "sheets in a copy", .min = 1, .max = 100),
	FIELD(struct print_order, asset, F_KEY, "账目品种", "asset", .ref = "asset"),
};

struct job_ref {
	struct str place, job;
	int64_t sheets;
	struct str asset, approval, bag, box, seal;
	int64_t copies;
};
static const struct field SHEETS[] = {
	FIELD(struct job_ref, place, F_PLACE, "定点印刷厂", "printing house"),
	FIELD(struct job_ref, job, F_CODE, "印制任务号", "print job", .ref = "print_job"),
	FIELD(struct job_ref, sheets, F_INT, "张数", "sheets", .min = 1, .max = 1000000000),
};
static const struct field COPIES_END[] = {
	FIELD(struct job_ref, place, F_PLACE, "定点印刷厂", "printing house"),
	FIELD(struct job_ref, job, F_CODE, "印制任务号", "print job", .ref = "print_job"),
	FIELD(struct job_ref, copies, F_INT, "份数", "copies", .min = 1, .max = 10000000),
	FIELD(struct job_ref, approval, F_CODE, "批准文号", "number of the approval"),
	FIELD(struct job_ref, asset, F_KEY, "账目品种", "asset", .ref = "asset"),
};
static const struct posting END[] = {{"", "asset", "=printed", "=destroyed", "copies"}};
static const struct field PACKING[] = {
	FIELD(struct job_ref, job, F_CODE, "印制任务号", "print job", .ref = "print_job"),
	FIELD(struct job_ref, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag"),
	FIELD(struct job_ref, box, F_CODE, "试卷箱号", "box", .ref = "box"),
	FIELD(struct job_ref, seal, F_CODE, "密封签号", "seal"),
	FIELD(struct job_ref, copies, F_INT, "份数", "copies", .min = 1, .max = 1000),
};
static const struct field JOB_ONLY[] = {
	FIELD(struct job_ref, place, F_PLACE, "定点印刷厂", "printing house"),
	FIELD(struct job_ref, job, F_CODE, "印制任务号", "print job", .ref = "print_job"),
};

struct process {
	struct str place, job;
	int step;
	int64_t given, received, good, waste, in_work;
	int64_t lost;  /* sheets that are in none of the accounts; negative: too many */
	int64_t since; /* index of the step's last report that added up */
};
static const struct field PROCESS[] = {
	FIELD(struct process, place, F_PLACE, "定点印刷厂", "printing house"),
	FIELD(struct process, job, F_CODE, "印制任务号", "print job", .ref = "print_job"),
	FIELD(struct process, step, F_ENUM, "工序", "step", ENUM_OF(STEP, STEP_WORDS)),
	FIELD(struct process, given, F_INT, "上道工序交出张数", "sheets given by the step before",
	      .max = 1000000000),
	FIELD(struct process, received, F_INT, "本道工序接收张数", "sheets received", .max = 1000000000),
	FIELD(struct process, good, F_INT, "合格张数", "good sheets passed on", .max = 1000000000),
	FIELD(struct process, waste, F_INT, "废品张数", "waste", .max = 1000000000),
	FIELD(struct process, in_work, F_INT, "在制张数", "sheets still in work", .max = 1000000000),
	FIELD(struct process, lost, F_INT, "差额张数(负数为多出)", "sheets unaccounted for",
	      .min = -LIMIT_INT, .max = LIMIT_INT),
	FIELD(struct process, since, F_INT, "上次平账的台账序号", "index of the last report that added up"),
};
enum { PROCESS_FIELDS = COUNT(PROCESS) - 2 };

struct gap {
	struct str job, asset;
	int step;
	int64_t sheets, copies, since;
};
static const struct field GAP[] = {
	FIELD(struct gap, job, F_CODE, "印制任务号", "print job", .ref = "print_job"),
	FIELD(struct gap, asset, F_KEY, "账目品种", "asset", .ref = "asset"),
	FIELD(struct gap, step, F_ENUM, "差额所在工序", "step in which it arose", ENUM_OF(STEP, STEP_WORDS)),
	FIELD(struct gap, sheets, F_INT, "差额张数", "sheets unaccounted for", .min = -LIMIT_INT,
	      .max = LIMIT_INT),
	FIELD(struct gap, copies, F_INT, "差额份数", "finished copies unaccounted for"),
	FIELD(struct gap, since, F_INT, "上次平账的台账序号", "index of the last report that added up"),
};
static const struct posting LOST[] = {{"", "asset", "=printed", "=missing", "copies"}};

/* Reading. */
struct print_job {
	struct str session, asset; /* session "": nobody has ordered it */
	int64_t kind, per, sheets, waste, packed, destroyed, closed;
};
struct step_row {
	int64_t step, received, good, waste, in_work, sound;
};

static enum rc job_find(struct op *op, struct str code, struct print_job *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_JOB], ARGS(sql_text(code)), &r));
	*ret = (struct print_job){0};
	*ret_known = rows_next(&r);
	if (!*ret_known)
		return RC_OK;
	*ret = (struct print_job){
		.session = rows_dup(op->arena, &r, 0), .kind = rows_int(&r, 1),
		.asset = rows_dup(op->arena, &r, 2), .per = rows_int(&r, 3), .sheets = rows_int(&r, 4),
		.waste = rows_int(&r, 5), .packed = rows_int(&r, 6), .destroyed = rows_int(&r, 7),
		.closed = rows_int(&r, 8),
	};
	return RC_OK;
}

static enum rc job_read(struct op *op, struct str code, struct print_job *ret)
{
	bool known;

	TRY(job_find(op, code, ret, &known));
	if (!ret->session.n)
		return fail(op, RC_NOT_FOUND, "job", CITE_PRINT, "印制任务 %s 未下达",
		            "print job %s was not ordered", code.s);
	return RC_OK;
}

/* Projection. */
static enum rc job_add(struct op *op, const struct event *ev, const struct print_order *p)
{
	TRY(sql_exec(op, &SQL[Q_JOB_ADD],
	             ARGS(sql_text(p->job), sql_text(ev->place), sql_text(p->session),
	                  sql_int(p->kind), sql_text(p->asset), sql_int(p->per),
	                  sql_int(p->copies))));
	for (int i = 0; i < STEP_MAX; i++)
		TRY(sql_exec(op, &SQL[Q_STEP_ADD], ARGS(sql_text(p->job), sql_int(i), sql_int(ev->index))));
	return RC_OK;
}

/* What is told of a job that was not ordered has a row too. */
static enum rc have_job(struct op *op, const struct event *ev, struct str job)
{
	struct print_order none = {.job = job, .session = STR(""), .asset = STR(""), .per = 1};
	struct print_job j;
	bool known;

	TRY(job_find(op, job, &j, &known));
	return known ? RC_OK : job_add(op, ev, &none);
}

static enum rc apply_ordered(struct op *op, const struct event *ev)
{
	const struct print_order *p = ev->data;
	struct print_job j;
	bool known;

	TRY(job_find(op, p->job, &j, &known));
	if (known)
		TRY(sql_exec(op, &SQL[Q_JOB_SET],
		             ARGS(sql_text(ev->place), sql_text(p->session), sql_int(p->kind),
		                  sql_text(p->asset), sql_int(p->per), sql_int(p->copies),
		                  sql_text(p->job))));
	else
		TRY(job_add(op, ev, p));
	return trace_add(op, ev, p->job, ev->place);
}

static enum rc apply_stock(struct op *op, const struct event *ev)
{
	const struct job_ref *p = ev->data;

	TRY(have_job(op, ev, p->job));
	TRY(sql_exec(op, &SQL[Q_STOCK], ARGS(sql_int(p->sheets), sql_text(p->job))));
	return trace_add(op, ev, p->job, ev->place);
}

static enum rc apply_process(struct op *op, const struct event *ev)
{
	const struct process *p = ev->data;

	TRY(have_job(op, ev, p->job));
	TRY(sql_exec(op, &SQL[Q_STEP_SET],
	             ARGS(sql_int(p->received), sql_int(p->good), sql_int(p->waste),
	                  sql_int(p->in_work), sql_int(p->lost), sql_int(ev->index),
	                  sql_text(p->job), sql_int(p->step))));
	if (p->waste)
		TRY(sql_exec(op, &SQL[Q_WASTE], ARGS(sql_int(p->waste), sql_text(p->job))));
	return trace_add(op, ev, p->job, ev->place);
}

static enum rc apply_waste(struct op *op, const struct event *ev)
{
	const struct job_ref *p = ev->data;

	TRY(have_job(op, ev, p->job));
	TRY(sql_exec(op, &SQL[Q_WASTE], ARGS(sql_int(-p->sheets), sql_text(p->job))));
	return trace_add(op, ev, p->job, ev->place);
}

static enum rc apply_copies(struct op *op, const struct event *ev)
{
	const struct job_ref *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_GONE], ARGS(sql_int(p->copies), sql_text(p->job))));
	return trace_add(op, ev, p->job, STR("destroyed"));
}

static enum rc apply_packed(struct op *op, const struct event *ev)
{
	const struct job_ref *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_PACKED], ARGS(sql_int(p->copies), sql_text(p->job))));
	return trace_add(op, ev, p->job, ev->place);
}

static enum rc apply_closed(struct op *op, const struct event *ev)
{
	const struct job_ref *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_CLOSE], ARGS(sql_int(ev->index), sql_text(p->job))));
	return trace_add(op, ev, p->job, ev->place);
}

static enum rc apply_gap(struct op *op, const struct event *ev)
{
	const struct gap *p = ev->data;

	return trace_add(op, ev, p->job, STR("missing"));
}

enum { EV_ORDERED, EV_STOCK, EV_PROCESS, EV_WASTE, EV_COPIES, EV_PACKED, EV_CLOSED, EV_GAP };
static const char *const READERS[] = {"city_office", "province_office", "print_supervisor",
	"city_duty", NULL};
static const struct event_type EVENTS[] = {
	[EV_ORDERED] = {"custody.print_ordered", 1, ORDER_OF + 1, COUNT(ORDER_OF) - 1,
	                sizeof(struct print_order), .apply = apply_ordered, .visible_to = READERS,
	                .zh = "下达印制任务", .en = "a print job was ordered"},
	[EV_STOCK] = {"custody.stock_issued", 1, SHEETS + 1, COUNT(SHEETS) - 1,
	              sizeof(struct job_ref), .apply = apply_stock, .visible_to = READERS,
	              .zh = "领用纸张", .en = "sheets were issued from the paper store"},
	[EV_PROCESS] = {"custody.process_handed", 1, PROCESS + 1, COUNT(PROCESS) - 1,
	                sizeof(struct process), .apply = apply_process, .visible_to = READERS,
	                .zh = "工序交接", .en = "a step of the process was handed over"},
	[EV_WASTE] = {"custody.waste_destroyed", 1, SHEETS + 1, COUNT(SHEETS) - 1,
	              sizeof(struct job_ref), .apply = apply_waste, .visible_to = READERS,
	              .zh = "废品监销", .en = "waste was destroyed"},
	[EV_COPIES] = {"custody.copies_destroyed", 1, COPIES_END + 1, COUNT(COPIES_END) - 1,
	               sizeof(struct job_ref), .apply = apply_copies, POSTINGS(END),
	               .visible_to = READERS,
	               .zh = "成品销毁", .en = "finished copies were destroyed"},
	[EV_PACKED] = EVENT("custody.copies_packed", PACKING, struct job_ref, apply_packed,
	                    "成品装袋", "finished copies were packed", .visible_to = READERS),
	[EV_CLOSED] = {"custody.print_closed", 1, JOB_ONLY + 1, COUNT(JOB_ONLY) - 1,
	               sizeof(struct job_ref), .apply = apply_closed, .visible_to = READERS,
	               .zh = "印制任务结账", .en = "a print job was closed"},
	[EV_GAP] = EVENT("custody.print_difference", GAP, struct gap, apply_gap,
	                 "印制任务差额", "a print job does not add up", POSTINGS(LOST),
	                 .visible_to = READERS),
};

/* Reading: steps. */
static struct step_row step_row(const struct rows *r)
{
	return (struct step_row){rows_int(r, 0), rows_int(r, 1), rows_int(r, 2),
	                         rows_int(r, 3), rows_int(r, 4), rows_int(r, 5)};
}

static enum rc step_read(struct op *op, struct str job, int step, struct step_row *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_STEP], ARGS(sql_text(job), sql_int(step)), &r));
	*ret = rows_next(&r) ? step_row(&r) : (struct step_row){0};
	return RC_OK;
}

/* Copies that passed the last check and are neither packed nor destroyed. */
static enum rc finished(struct op *op, struct str code, const struct print_job *j, int64_t *ret)
{
	struct step_row last;

	TRY(step_read(op, code, STEP_CHECK, &last));
	*ret = last.good / j->per - j->packed - j->destroyed;
	return RC_OK;
}

/* Rules. */
static enum rc run_order(struct op *op, const void *in)
{
	struct print_order p = *(const struct print_order *)in;
	struct print_job j;
	bool known;

	if (!profile_session(op_profile(op), p.session))
		return fail(op, RC_INVALID, "session", CITE_PRINT, "没有科次 %s", "there is no session %s",
		            p.session.s);
	TRY(job_find(op, p.job, &j, &known));
	if (j.session.n)
		return fail(op, RC_CONFLICT, "job", CITE_PRINT, "印制任务 %s 已下达",
		            "print job %s is ordered already", p.job.s);
	p.asset = paper_asset(op, p.session, p.kind);
	return event_append(op, &EVENTS[EV_ORDERED], &p, NULL);
}

/* A fact stands whether the job was ordered or not. */
static enum rc check_ordered(struct op *op, const struct print_job *j, struct str job,
                             struct str place)
{
	return j->session.n ? RC_OK : alarm_raise(op, "custody.print_unordered", job, place, NULL);
}

static enum rc run_stock(struct op *op, const void *in)
{
	const struct job_ref *p = in;
	struct print_job j;
	bool known;

	TRY(job_find(op, p->job, &j, &known));
	TRY(event_append(op, &EVENTS[EV_STOCK], p, NULL));
	return check_ordered(op, &j, p->job, p->place);
}

/* The two sides of a hand-over, and the step's own account. */
static enum rc run_process(struct op *op, const void *in)
{
	struct process p = *(const struct process *)in;
	struct step_row before;
	struct print_job j;
	bool known;

	TRY(job_find(op, p.job, &j, &known));
	TRY(step_read(op, p.job, p.step, &before));
	p.lost = before.in_work + p.received - p.good - p.waste - p.in_work;
	p.since = before.sound;
	TRY(event_append(op, &EVENTS[EV_PROCESS], &p, NULL));
	TRY(check_ordered(op, &j, p.job, p.place));
	if (p.given != p.received)
		TRY(alarm_raise(op, "custody.process_differs", p.job, p.place, NULL));
	return p.lost ? alarm_raise(op, "custody.sheets_unreconciled", p.job, p.place, NULL) : RC_OK;
}

static enum rc run_waste(struct op *op, const void *in)
{
	const struct job_ref *p = in;
	struct print_job j;
	bool known;

	TRY(job_find(op, p->job, &j, &known));
	TRY(event_append(op, &EVENTS[EV_WASTE], p, NULL));
	TRY(check_ordered(op, &j, p->job, p->place));
	return p->sheets == j.waste ? RC_OK : alarm_raise(op, "custody.waste_differs", p->job,
	                                                  p->place, NULL);
}

static enum rc run_end(struct op *op, const void *in)
{
	struct job_ref p = *(const struct job_ref *)in;
	struct print_job j;
	int64_t left;

	TRY(job_read(op, p.job, &j));
	TRY(finished(op, p.job, &j, &left));
	if (p.copies > left)
		return fail(op, RC_CONFLICT, "copies", CITE_PRINT, "印制任务 %s 只有 %lld 份成品未装袋",
		            "job %s has only %lld finished copies that are not packed", p.job.s,
		            (long long)left);
	p.asset = j.asset;
	return event_append(op, &EVENTS[EV_COPIES], &p, NULL);
}

static enum rc place_of_packing(struct op *op, const void *in, struct str *ret_place)
{
	return box_place(op, ((const struct job_ref *)in)->box, ret_place);
}

static enum rc run_pack(struct op *op, const void *in)
{
	const struct job_ref *p = in;
	struct packing bag = {p->bag, p->box, p->seal, PAPER_PAPER, p->copies};
	struct box box;
	struct print_job j;
	int64_t left;
	bool known;

	TRY(job_read(op, p->job, &j));
	TRY(box_find(op, p->box, &box, &known));
	if (known && !str_eq(box.session, j.session))
		return fail(op, RC_CONFLICT, "box", CITE_PRINT, "试卷箱 %s 属于科次 %s",
		            "box %s is for session %s", p->box.s, box.session.s);
	TRY(finished(op, p->job, &j, &left));
	if (p->copies > left)
		return fail(op, RC_CONFLICT, "copies", CITE_PRINT, "印制任务 %s 只有 %lld 份成品未装袋",
		            "job %s has only %lld finished copies that are not packed", p->job.s,
		            (long long)left);
	bag.kind = (enum paper_kind)j.kind;
	TRY(bag_pack(op, &bag));
	return event_append(op, &EVENTS[EV_PACKED], p, NULL);
}

static enum rc run_close(struct op *op, const void *in)
{
	const struct job_ref *p = in;
	struct print_job j;

	TRY(job_read(op, p->job, &j));
	if (j.closed)
		return fail(op, RC_CONFLICT, "job", CITE_PRINT, "印制任务 %s 已结账",
		            "print job %s is closed already", p->job.s);
	return event_append(op, &EVENTS[EV_CLOSED], p, NULL);
}

/* The law of sheets: what a step received is what the one before passed on, and all of it is good,
 * waste or in work.  The first step that breaks it is where to look. */
static enum rc close_job(struct op *op, const struct event *ev)
{
	const struct job_ref *p = ev->data;
	struct gap gap = {.job = p->job, .step = STEP_MAX};
	AUTO(rows) r = {0};
	struct print_job j;
	int64_t passed;

	TRY(job_read(op, p->job, &j));
	passed = j.sheets;
	TRY(sql_query(op, &SQL[Q_STEPS], ARGS(sql_text(p->job)), &r));
	while (rows_next(&r)) {
		struct step_row s = step_row(&r);
		int64_t lost = passed - s.good - s.waste - s.in_work;

		if (lost && gap.step == STEP_MAX) {
			gap.step = (int)s.step;
			gap.since = s.sound;
		}
		gap.sheets += lost;
		passed = s.good;
	}
	rows_release(&r);
	TRY(finished(op, p->job, &j, &gap.copies));
	if (gap.step == STEP_MAX && gap.copies == 0)
		return RC_OK;
	if (gap.step == STEP_MAX)
		gap.step = STEP_CHECK;
	gap.asset = j.asset;
	TRY(event_append_at(op, &EVENTS[EV_GAP], ev->place, &gap, NULL));
	return alarm_raise(op, "custody.print_unbalanced", p->job, ev->place, NULL);
}

static const struct law LAWS[] = {
	{"custody.sheets", "custody.print_closed", close_job, CITE_PRINT,
	 "领用纸张 = 成品 + 废品 + 在制；成品 = 装袋 + 批准销毁",
	 "sheets issued = good + waste + in work; finished = packed + destroyed with approval"},
};

/* Waste of a report is expected to be destroyed; one that has none opens nothing. */
static size_t the_job(struct arena *a, const struct event *ev, struct str *ret,
	                  struct str *ret_session)
{
	const struct process *p = ev->data;

	(void)a;
	(void)ret_session;
	if (str_is(ev->name, "custody.waste_destroyed")) {
		ret[0] = ((const struct job_ref *)ev->data)->job;
		return 1;
	}
	ret[0] = p->job;
	return p->waste > 0;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.waste", "custody.process_handed", "custody.waste_destroyed", NULL, the_job,
	 "custody.waste", "print_supervisor", .missing = "custody.waste_missing", .cites = CITE_PRINT,
	 .zh = "废品当日监销", .en = "waste is destroyed the same day"},
};

/* Module. */
static const struct allow OFFICE[] = {{"city_office", LEVEL_CITY}, {"province_office", LEVEL_ANY}};
static const struct allow HOUSE[] = {
	{"print_supervisor", LEVEL_ANY}, {"city_office", LEVEL_CITY}, {"province_office", LEVEL_ANY},
};
static const char *const SUPERVISOR[] = {"print_supervisor", NULL};
static const char *const WATCHER[] = {"print_supervisor", "discipline_officer", "city_office",
	"secrecy_officer", "inspector", NULL};
static const char *const APPROVER[] = {"province_office", "city_leader", NULL};
static const struct slot HANDS[] = {
	{"giver", 1, NULL, "receiver", false, "交方", "who gives"},
	{"receiver", 1, NULL, "giver", false, "接方", "who receives"},
	{"supervisor", 1, SUPERVISOR, NULL, true, "监印员", "supervisor of printing"},
};
static const struct slot WATCHERS[] = {
	{"supervisor", 2, WATCHER, NULL, false, "监印、监销人", "supervisors"},
};
static const struct slot ENDERS[] = {
	{"approver", 1, APPROVER, "supervisor", false, "批准人", "who approves"},
	{"supervisor", 2, WATCHER, NULL, false, "监销人", "supervisors"},
};
static const struct slot PACKERS[] = {{"packer", 2, NULL, NULL, false, "装袋人", "who pack"}};
static const struct command COMMANDS[] = {
	{"custody.order_print", ORDER, ORDER_OF, COUNT(ORDER_OF) - 1, sizeof(struct print_order),
	 ALLOW(OFFICE), .run = run_order, .cites = CITE_PRINT,
	 .zh = "下达印制任务", .en = "order a print job"},
	{"custody.issue_stock", FACT, FIELDS(SHEETS), sizeof(struct job_ref), SLOTS(HANDS),
	 ALLOW(HOUSE), .run = run_stock, .cites = CITE_PRINT,
	 .zh = "登记领用纸张", .en = "record sheets issued"},
	{"custody.hand_process", FACT, PROCESS, PROCESS_FIELDS, sizeof(struct process), SLOTS(HANDS),
	 ALLOW(HOUSE), .run = run_process, .cites = CITE_PRINT,
	 .zh = "登记工序交接", .en = "record the hand-over of a step"},
	{"custody.destroy_waste", FACT, FIELDS(SHEETS), sizeof(struct job_ref), SLOTS(WATCHERS),
	 ALLOW(HOUSE), .run = run_waste, .cites = CITE_PRINT,
	 .zh = "登记废品监销", .en = "record waste destroyed"},
	{"custody.destroy_copies", GUARDED, COPIES_END, COUNT(COPIES_END) - 1, sizeof(struct job_ref),
	 SLOTS(ENDERS), ALLOW(HOUSE), .run = run_end, .cites = CITE_PRINT,
	 .zh = "销毁成品", .en = "destroy finished copies"},
	{"custody.pack_bag", ORDER, FIELDS(PACKING), sizeof(struct job_ref), SLOTS(PACKERS),
	 ALLOW(HOUSE), .place_of = place_of_packing, .place_by = "box", .run = run_pack,
	 .cites = CITE_PRINT " PRN-9", .zh = "成品装袋", .en = "pack a bag"},
	{"custody.close_print", ORDER, FIELDS(JOB_ONLY), sizeof(struct job_ref), SLOTS(WATCHERS),
	 ALLOW(HOUSE), .run = run_close, .cites = CITE_PRINT,
	 .zh = "印制任务结账", .en = "close a print job"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.process_differs", COLOUR_ORANGE, "city_office", CITE_PRINT,
	 "该工序停机，交接双方重新清点，监印员到场", "stop the step, both sides count again, the supervisor comes",
	 "工序交接张数不一致", "the two sides of a step's hand-over count differently"},
	{"custody.sheets_unreconciled", COLOUR_RED, "city_leader", CITE_PRINT,
	 "封闭车间，人员不得离开，从上次平账起逐张清点，立即上报省级",
	 "close the workshop, nobody leaves, count from the last sound report, tell the province",
	 "工序纸张收支不平", "a step's sheets do not add up"},
	{"custody.waste_differs", COLOUR_RED, "city_leader", CITE_PRINT,
	 "停止销毁，清点剩余废品，查监控录像", "stop destroying, count what is left, look at the recording",
	 "监销废品数与登记废品数不符", "waste destroyed is not what was counted as waste"},
	{"custody.waste_missing", COLOUR_ORANGE, "print_supervisor", CITE_PRINT,
	 "废品库双人封存，立即组织监销", "two seal the waste store; have it destroyed at once",
	 "废品未当日监销", "waste was not destroyed the same day"},
	{"custody.print_unbalanced", COLOUR_RED, "city_leader", CITE_PRINT,
	 "不得解除封闭，按所列工序和区间倒查，立即上报省级",
	 "nobody leaves; trace it in the step and the interval given; tell the province",
	 "印制任务纸张或成品收支不平", "a print job's sheets or copies do not add up"},
	{"custody.print_unordered", COLOUR_RED, "city_leader", CITE_PRINT,
	 "立即停机，封存该批纸张和印版，核对印制任务书，没有任务的上报省级",
	 "stop the machine, seal its sheets and plates, look for the order; if there is none, tell the "
	 "province",
	 "没有下达印制任务而印制", "something is printed that nobody ordered"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("job", F_CODE, "任务", "job"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("sheets", F_INT, "领用纸张", "sheets"),
	COLUMN("waste", F_INT, "废页", "waste"),
	COLUMN("packed", F_INT, "装袋份数", "packed"),
	COLUMN("destroyed", F_INT, "已销毁", "destroyed"),
	COLUMN("closed", F_ID, "结账(台账)", "closed (entry)"),
};
static const struct view VIEWS[] = {
	{"custody/print", "印制任务", "print jobs", READERS, &SQL[Q_VIEW], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

const struct module custody_print_module = {
	.name = "custody_print", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(laws, LAWS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "试卷印制", .en = "printing",
};
