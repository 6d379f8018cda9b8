/* SPDX-License-Identifier: Apache-2.0 */
/* filing.c -- see filing.h.  Order: SQL, fields, projection, rules, module. */
#include "domain/filing/filing.h"

#include "base/hash.h"
#include "base/limits.h"
#include "engine/run.h"

#define CITE_FILING "考务惯例 纸质表单为正本，扫描件归档 (本系统约定: 按二维码归档)"

enum { Q_ADD, Q_SCAN, Q_SCAN_OF, Q_OF, Q_LIST };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO filing_form(idx, place, form, session, day, entries, pages, checked,"
	           " filed_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", 9},
	[Q_SCAN] = {"INSERT INTO filing_scan(scan, idx) VALUES(?, ?)", 2},
	[Q_SCAN_OF] = {"SELECT idx FROM filing_scan WHERE scan = ?", 1},
	[Q_OF] = {"SELECT COALESCE(MAX(idx), -1) FROM filing_form WHERE checked = ?", 1},
	[Q_LIST] = {"SELECT idx, place, form, session, day, pages, filed_ms, entries, checked"
	            " FROM filing_form ORDER BY idx", 0},
};

static const struct table TABLES[] = {
	{"filing_form", "CREATE TABLE filing_form(idx {int} NOT NULL, place {text} NOT NULL,"
	 " form {text} NOT NULL, session {text} NOT NULL, day {text} NOT NULL, entries {int} NOT NULL,"
	 " pages {int} NOT NULL, checked {text} NOT NULL, filed_ms {int} NOT NULL, PRIMARY KEY(idx));"
	 "CREATE INDEX filing_form_checked ON filing_form(checked)", "idx"},
	{"filing_scan", "CREATE TABLE filing_scan(scan {text} NOT NULL, idx {int} NOT NULL,"
	 " PRIMARY KEY(scan))", "scan"},
};

/* Fields. */
#define NAME_OF(text) text,
static const char *const FORM[] = {FILING_FORMS(NAME_OF)};
static const struct word FORM_WORDS[] = {
	{"试卷交接单", "hand-over of papers"}, {"领卷签收表", "issue of papers"},
	{"保密室值班日志", "log of a secrecy room"}, {"保密室钥匙交接登记表", "keys and codes handed over"},
	{"保密室半日联检表", "half-day joint check"}, {"保密室录像回放记录表", "recordings replayed"},
	{"考场情况记录单", "record of a room"}, {"备用卷启用登记表", "spare papers put to use"},
	{"考生违规情况记录表", "suspected violation"}, {"零报告（考情报告）", "zero-report"},
	{"试卷箱标签", "labels of boxes"}, {"考场门贴", "door sheet"}, {"考场座位表", "seat map"},
	{"值班日报", "report of the day"},
};
enum { PAGES_MOST = 64 }; /* sheets that a feed takes at once */

struct page {
	struct str scan;
};
static const struct field PAGE[] = {
	FIELD(struct page, scan, F_HASH, "扫描件校验值", "hash of the scan"),
};

struct filed {
	struct str place, session, day, check, root;
	int form;
	int64_t entries;
	struct list pages;
};
static const struct field FILED[] = {
	FIELD(struct filed, place, F_PLACE, "表单所属单位", "place the form is of"),
	FIELD(struct filed, form, F_ENUM, "表单", "form", ENUM_OF(FORM, FORM_WORDS)),
	FIELD(struct filed, session, F_KEY, "科次", "session", .ref = "session", .optional = true),
	FIELD(struct filed, day, F_CODE, "日期", "day", .optional = true),
	FIELD(struct filed, entries, F_INT, "打印时台账条数", "entries when it was printed", .min = 0,
	      .max = LIMIT_INT),
	FIELD(struct filed, check, F_BYTES, "表单校验值", "check value of the form", .min = 8, .max = 8),
	FIELD(struct filed, root, F_BYTES, "表上的根", "root on the form", .min = 4, .max = 4),
	FIELD(struct filed, pages, F_LIST, "各页扫描件", "scans of its pages", .list_of = PAGE,
	      .list_n = COUNT(PAGE), .list_size = sizeof(struct page), .min = 1, .max = PAGES_MOST),
};

/* Projection. */
static enum rc apply_filed(struct op *op, const struct event *ev)
{
	const struct filed *p = ev->data;
	const struct page *page = p->pages.items;

	TRY(sql_exec(op, &SQL[Q_ADD],
	             ARGS(sql_int(ev->index), sql_text(ev->place), sql_text(str_of(FORM[p->form])),
	                  sql_text(p->session), sql_text(p->day), sql_int(p->entries),
	                  sql_int((int64_t)p->pages.n),
	                  sql_text(hex_encode(op->arena, p->check.s, p->check.n)),
	                  sql_int(ev->happened_ms))));
	for (size_t i = 0; i < p->pages.n; i++)
		TRY(sql_exec(op, &SQL[Q_SCAN], ARGS(sql_text(page[i].scan), sql_int(ev->index))));
	return RC_OK;
}

static const char *const READERS[] = {"site_clerk", "site_chief", "deputy_chief", "county_office",
	"city_office", "duty_officer", "city_duty", "county_leader", "city_leader", "audit_admin",
	NULL};
enum { EV_FILED };
static const struct event_type EVENTS[] = {
	[EV_FILED] = {"filing.form_filed", 1, FILED + 1, COUNT(FILED) - 1, sizeof(struct filed),
	              .apply = apply_filed, .visible_to = READERS,
	              .zh = "签字表单归档", .en = "a signed form was filed"},
};

/* Reading. */
enum rc filing_of(struct op *op, struct str check, int64_t *ret_index)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_OF], ARGS(sql_text(check)), &r));
	*ret_index = rows_next(&r) ? rows_int(&r, 0) : -1;
	return RC_OK;
}

/* Rules. */
static enum rc check_scan(struct op *op, const struct filed *p, size_t at)
{
	const struct page *page = p->pages.items;
	AUTO(rows) r = {0};

	for (size_t i = 0; i < at; i++)
		if (str_eq(page[i].scan, page[at].scan))
			return fail(op, RC_INVALID, "pages", CITE_FILING, "第 %zu 页与第 %zu 页是同一张扫描件",
			            "pages %zu and %zu are the same picture", i + 1, at + 1);
	TRY(sql_query(op, &SQL[Q_SCAN_OF], ARGS(sql_text(page[at].scan)), &r));
	if (!rows_next(&r))
		return RC_OK;
	return fail(op, RC_CONFLICT, "pages", CITE_FILING, "第 %zu 页的扫描件已归档（台账第 %lld 条）",
	            "the scan of page %zu is filed already (entry %lld)", at + 1,
	            (long long)rows_int(&r, 0));
}

static enum rc run_file(struct op *op, const void *in)
{
	const struct filed *p = in;

	if ((p->session.n != 0) == (p->day.n != 0))
		return fail(op, RC_INVALID, "session", CITE_FILING, "科次与日期应写其一",
		            "a form is of a session or of a day");
	if (p->session.n && !profile_session(op_profile(op), p->session))
		return fail(op, RC_INVALID, "session", CITE_FILING, "没有科次 %s", "there is no session %s",
		            p->session.s);
	if (p->entries > op_size(op))
		return fail(op, RC_CONFLICT, "entries", CITE_FILING,
		            "此表依据台账前 %lld 条，本台账没有这么多：不是本台账的表",
		            "the form rests on %lld entries, more than there are: it is another ledger's",
		            (long long)p->entries);
	for (size_t i = 0; i < p->pages.n; i++)
		TRY(check_scan(op, p, i));
	return event_append(op, &EVENTS[EV_FILED], p, NULL);
}

/* Module. */
static const struct allow FILERS[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY},
};
static const struct command COMMANDS[] = {
	{"filing.file_form", FACT, FILED, COUNT(FILED), sizeof(struct filed), ALLOW(FILERS),
	 .run = run_file, .cites = CITE_FILING, .zh = "签字表单归档", .en = "file a signed form"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("index", F_ID, "台账", "entry"),
	COLUMN("place", F_PLACE, "单位", "place"),
	COLUMN_CODED("form", FORM, FORM_WORDS, "表单", "form"),
	COLUMN_KEY("session", "session", "科次", "session"),
	COLUMN("day", F_CODE, "日期", "day"),
	COLUMN("pages", F_INT, "页数", "pages"),
	COLUMN("filed_ms", F_TIME, "归档时间", "filed"),
	COLUMN("entries", F_INT, "打印时台账条数", "entries when printed"),
	COLUMN("check", F_BYTES, "表单校验值", "check value"),
};
static const struct view VIEWS[] = {
	{"filing/forms", "已归档表单", "forms filed", READERS, &SQL[Q_LIST], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

/* Of how forms are printed; a form's copies where they are not one. */
static const char *const SETTINGS[] = {"print.copies.*", "print.desks_a_row", "print.desks.*"};

const struct module filing_module = {
	.name = "filing", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "表单归档", .en = "forms filed",
};
