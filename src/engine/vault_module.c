/* SPDX-License-Identifier: Apache-2.0 */
/* vault_module.c -- opening, shredding and clearing texts as commands and events; what left the
 * office as a spreadsheet.
 *
 * Opening personal data is recorded before anybody sees it, by whom, what for, and of whom: by the
 * code that a module knows the subject by (struct module, whose), never by a name.  An export is
 * recorded before its file is handed out (http/export.c), with the hash of the file.  Shredding
 * removes a person's key and texts, clearing one text that should never have been typed; both by
 * two, and the ledger keeps its HMACs.
 */
#include "engine/engine.h"

#include "base/limits.h"
#include "engine/writer.h"

#define CITE_EXPORT "个人信息保护法 Art.51、54 PI-2 导出留痕"

enum { Q_OPENED, Q_SHREDDED, Q_CLEARED, Q_OPENINGS, Q_EXPORTED, Q_EXPORTS };
static const struct sql SQL[] = {
	[Q_OPENED] = {"INSERT INTO vault_opening(idx, vault, about, person, opened_ms, whose, purpose)"
	              " VALUES (?, ?, ?, ?, ?, ?, ?)", 7},
	[Q_SHREDDED] = {"INSERT INTO vault_removal(idx, subject, vault) VALUES (?, ?, 0)", 2},
	[Q_CLEARED] = {"INSERT INTO vault_removal(idx, subject, vault) VALUES (?, 0, ?)", 2},
	[Q_OPENINGS] = {"SELECT idx, person, opened_ms, whose, purpose, about FROM vault_opening"
	                " ORDER BY idx DESC", 0},
	[Q_EXPORTED] = {"INSERT INTO vault_export(idx, place, person, exported_ms, source, asked, told,"
	                " hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", 8},
	[Q_EXPORTS] = {"SELECT idx, place, person, exported_ms, source, asked, told, hash"
	               " FROM vault_export ORDER BY idx DESC", 0},
};

static const struct table TABLES[] = {
	{"vault_opening", "CREATE TABLE vault_opening(idx {id} PRIMARY KEY, vault {id} NOT NULL,"
	                  " about {id} NOT NULL, person {id} NOT NULL, opened_ms {int} NOT NULL,"
	                  " whose {text} NOT NULL, purpose {id} NOT NULL)", "idx"},
	{"vault_export", "CREATE TABLE vault_export(idx {id} PRIMARY KEY, place {text} NOT NULL,"
	                 " person {id} NOT NULL, exported_ms {int} NOT NULL, source {text} NOT NULL,"
	                 " asked {id} NOT NULL, told {int} NOT NULL, hash {text} NOT NULL)", "idx"},
	{"vault_removal", "CREATE TABLE vault_removal(idx {id} PRIMARY KEY, subject {id} NOT NULL,"
	                  " vault {id} NOT NULL)", "idx"},
};

struct vault_open {
	int64_t vault;
	struct text purpose;
	struct str whose; /* event only */
};
static const struct field OPEN[] = {
	FIELD(struct vault_open, vault, F_INT, "文本编号", "vault id", .min = 1),
	FIELD(struct vault_open, purpose, F_TEXT, "查阅事由", "purpose", .min = 2, .max = 200),
	FIELD(struct vault_open, whose, F_SUBJECT, "何人", "whose", .optional = true),
};
enum { OPEN_V1 = COUNT(OPEN) - 1 };
struct vault_note {
	struct str place;     /* where all its rows lie */
	struct str view;      /* "exam.candidates" */
	struct text asked;    /* the query: somebody may have looked for a name */
	int64_t rows;
	struct str hash;      /* SHA-256 of the file */
};
static const struct field NOTE[] = {
	FIELD(struct vault_note, place, F_PLACE, "所涉地点", "where its rows lie", .optional = true),
	FIELD(struct vault_note, view, F_KEY, "导出的查询", "what was exported", .ref = "view"),
	FIELD(struct vault_note, asked, F_TEXT, "筛选条件", "what was asked for", .optional = true),
	FIELD(struct vault_note, rows, F_INT, "行数", "rows", .max = LIMIT_EXPORT_ROWS),
	FIELD(struct vault_note, hash, F_HASH, "文件校验值", "hash of the file"),
};
struct vault_shred_ {
	struct { int64_t v; } subject;
};
static const struct field SHRED[] = {
	FIELD(struct vault_shred_, subject, F_ID, "对象编号", "subject", .min = 1, .ref = "subject"),
};
struct vault_clear_ {
	int64_t vault;
};
static const struct field CLEAR[] = {
	FIELD(struct vault_clear_, vault, F_INT, "文本编号", "vault id", .min = 1),
};

static enum rc apply_opened(struct op *op, const struct event *ev)
{
	const struct vault_open *x = ev->data;

	return sql_exec(op, &SQL[Q_OPENED], ARGS(sql_int(ev->index), sql_int(x->vault),
	                                         sql_int(x->vault / LIMIT_PERSONAL),
	                                         sql_int(ev->actor.v), sql_int(ev->recorded_ms),
	                                         sql_text(x->whose.n ? x->whose : STR("")),
	                                         sql_int(x->purpose.vault)));
}

static enum rc apply_exported(struct op *op, const struct event *ev)
{
	const struct vault_note *x = ev->data;

	return sql_exec(op, &SQL[Q_EXPORTED],
	                ARGS(sql_int(ev->index), sql_text(ev->place), sql_int(ev->actor.v),
	                     sql_int(ev->recorded_ms), sql_text(x->view), sql_int(x->asked.vault),
	                     sql_int(x->rows), sql_text(x->hash)));
}

static enum rc apply_shredded(struct op *op, const struct event *ev)
{
	const struct vault_shred_ *x = ev->data;

	return sql_exec(op, &SQL[Q_SHREDDED], ARGS(sql_int(ev->index), sql_int(x->subject.v)));
}

static enum rc apply_cleared(struct op *op, const struct event *ev)
{
	const struct vault_clear_ *x = ev->data;

	return sql_exec(op, &SQL[Q_CLEARED], ARGS(sql_int(ev->index), sql_int(x->vault)));
}

static enum rc upcast_opened(struct op *op, const struct json *old, struct json **ret)
{
	(void)op;
	*ret = (struct json *)(uintptr_t)old; /* what is new is optional */
	return RC_OK;
}

/* Who looks after personal data sees what was opened and what left the office. */
static const char *const WATCHERS[] = {"audit_admin", "ledger_reader", NULL};

enum { EV_OPENED, EV_OPENED_V1, EV_SHREDDED, EV_CLEARED, EV_EXPORTED };
static const struct event_type EVENTS[] = {
	[EV_OPENED] = {.name = "vault.opened", .version = 2, FIELDS(OPEN),
	               .size = sizeof(struct vault_open), .apply = apply_opened,
	               .visible_to = WATCHERS, .zh = "查阅个人信息", .en = "personal text opened"},
	[EV_OPENED_V1] = {.name = "vault.opened", .version = 1, .fields = OPEN, .nfields = OPEN_V1,
	                  .size = sizeof(struct vault_open), .upcast = upcast_opened,
	                  .zh = "查阅个人信息", .en = "personal text opened"},
	[EV_SHREDDED] = EVENT("vault.shredded", SHRED, struct vault_shred_, apply_shredded,
	                          "销毁个人信息", "personal texts shredded"),
	[EV_CLEARED] = EVENT("vault.cleared", CLEAR, struct vault_clear_, apply_cleared,
	                         "清除文本", "text cleared"),
	[EV_EXPORTED] = {.name = "vault.exported", .version = 1, .fields = NOTE + 1,
	                 .nfields = COUNT(NOTE) - 1, .size = sizeof(struct vault_note),
	                 .apply = apply_exported, .visible_to = WATCHERS, .zh = "导出数据",
	                 .en = "data were exported"},
};

/* The code by which some module knows whose texts these are; "" when none does. */
static enum rc find_whose(struct op *op, int64_t vault, struct str *ret)
{
	const struct modules *m = op->run->modules;
	int64_t subject = 0;

	*ret = STR("");
	TRY(vault_subject_of(op, &op->run->writer->vault, vault, &subject));
	for (size_t i = 0; i < m->n && !ret->n; i++)
		if (m->list[i]->whose)
			TRY(m->list[i]->whose(op, subject, ret));
	return RC_OK;
}

static enum rc open_text(struct op *op, const void *in)
{
	struct vault_open x = *(const struct vault_open *)in;
	struct str text;

	/* It must be there before anybody is recorded as having seen it. */
	TRY(vault_get(op, &op->run->writer->vault, x.vault, (struct str){NULL, 0}, &text));
	TRY(find_whose(op, x.vault, &x.whose));
	return event_append(op, &EVENTS[EV_OPENED], &x, NULL);
}

static enum rc note_export(struct op *op, const void *in)
{
	const struct vault_note *x = in;

	if (!modules_view(op->run->modules, x->view))
		return fail(op, RC_INVALID, "view", CITE_EXPORT, "没有查询 %s", "there is no view %s",
		            x->view.s);
	return event_append(op, &EVENTS[EV_EXPORTED], x, NULL);
}

static enum rc place_noted(struct op *op, const void *in, struct str *ret)
{
	const struct vault_note *x = in;

	(void)op;
	*ret = x->place.n ? x->place : STR("");
	return RC_OK;
}

static enum rc shred(struct op *op, const void *in)
{
	const struct vault_shred_ *x = in;

	if (op->run->trial)
		return RC_OK;
	TRY(vault_shred(op, &op->run->writer->vault, x->subject.v));
	op->run->writer->flush = true;
	return event_append(op, &EVENTS[EV_SHREDDED], x, NULL);
}

static enum rc clear(struct op *op, const void *in)
{
	const struct vault_clear_ *x = in;

	if (op->run->trial)
		return RC_OK;
	TRY(vault_clear(op, &op->run->writer->vault, x->vault));
	op->run->writer->flush = true;
	return event_append(op, &EVENTS[EV_CLEARED], x, NULL);
}

static enum rc place_all(struct op *op, const void *in, struct str *ret)
{
	(void)op, (void)in;
	*ret = STR("");
	return RC_OK;
}

static const struct role ROLES[] = {
	{"vault_reader", "个人信息查阅人", "reader of personal texts", NULL},
	{"vault_remover", "信息清除人", "remover of texts", NULL},
};
static const struct allow READERS[] = {{"vault_reader", LEVEL_ANY}};
static const struct allow ANYONE[] = {{"anyone", LEVEL_ANY}};
static const struct allow REMOVERS[] = {{"vault_remover", LEVEL_ANY}};
static const char *const REMOVER_ROLES[] = {"vault_remover", NULL};
static const struct slot TWO[] = {
	{.name = "remover", .count = 2, .roles = REMOVER_ROLES, .zh = "清除人", .en = "remover"},
};

static const struct command COMMANDS[] = {
	{.name = "vault.open", .kind = ORDER, .fields = OPEN, .nfields = OPEN_V1,
	 .size = sizeof(struct vault_open), ALLOW(READERS), .place_of = place_all,
	 .run = open_text, .cites = "个人信息保护法 Art.51 PI-3",
	 .zh = "查阅个人信息", .en = "open a personal text"},
	{.name = "vault.shred", .kind = GUARDED, FIELDS(SHRED), .size = sizeof(struct vault_shred_),
	 SLOTS(TWO), ALLOW(REMOVERS), .place_of = place_all, .run = shred,
	 .cites = "个人信息保护法 Art.47 PI-6", .zh = "销毁个人信息", .en = "shred a subject's texts"},
	{.name = "vault.clear", .kind = GUARDED, FIELDS(CLEAR), .size = sizeof(struct vault_clear_),
	 SLOTS(TWO), ALLOW(REMOVERS), .place_of = place_all, .run = clear,
	 .cites = "保守国家秘密法 Art.57", .zh = "清除文本", .en = "clear a text"},
	/* Whoever exports what he may read leaves this trace himself. */
	{.name = "vault.note_export", .kind = FACT, FIELDS(NOTE), .size = sizeof(struct vault_note),
	 ALLOW(ANYONE), .place_of = place_noted, .run = note_export, .cites = CITE_EXPORT,
	 .zh = "登记导出", .en = "note an export"},
};

static const struct column OPENED[] = {
	COLUMN("id", F_ID, "台账", "entry"),
	COLUMN("person", F_PERSON, "查阅人", "by"),
	COLUMN("opened_ms", F_TIME, "时间", "at"),
	COLUMN("whose", F_SUBJECT, "何人信息", "whose"),
	COLUMN_OPEN("purpose", "事由", "purpose"),
	COLUMN("about", F_ID, "原登记(台账)", "where it was recorded (entry)"),
};
static const struct column EXPORTED[] = {
	COLUMN("id", F_ID, "台账", "entry"),
	COLUMN("place", F_PLACE, "所涉地点", "where its rows lie"),
	COLUMN("person", F_PERSON, "导出人", "by"),
	COLUMN("exported_ms", F_TIME, "时间", "at"),
	COLUMN_KEY("view", "view", "导出的查询", "what was exported"),
	COLUMN_OPEN("asked", "筛选条件", "asked for"),
	COLUMN("rows", F_INT, "行数", "rows"),
	COLUMN("hash", F_HASH, "文件校验值", "hash of the file"),
};
static const struct view VIEWS[] = {
	{"vault/openings", "查阅个人信息记录", "personal texts opened", WATCHERS, &SQL[Q_OPENINGS],
	 OPENED, COUNT(OPENED)},
	{"vault/exports", "导出记录", "exports", WATCHERS, &SQL[Q_EXPORTS], EXPORTED, COUNT(EXPORTED)},
};

const struct module vault_module = {
	.name = "vault", .group = "engine", .rev = 2, .zh = "密存文本", .en = "vault",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(roles, ROLES),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
};
