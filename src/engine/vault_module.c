/* SPDX-License-Identifier: Apache-2.0 */
/* vault_module.c -- opening, shredding and clearing texts as commands and events.
 *
 * Opening personal data is recorded before anybody sees it.  Shredding removes a person's key and
 * texts, clearing one text that should never have been typed; both by two, and the ledger keeps
 * its HMACs.
 */
#include "engine/engine.h"

#include "engine/writer.h"

enum { Q_OPENED, Q_SHREDDED, Q_CLEARED };
static const struct sql SQL[] = {
	[Q_OPENED] = {"INSERT INTO vault_opening(idx, vault, person, opened_ms)"
	              " VALUES (?, ?, ?, ?)", 4},
	[Q_SHREDDED] = {"INSERT INTO vault_removal(idx, subject, vault) VALUES (?, ?, 0)", 2},
	[Q_CLEARED] = {"INSERT INTO vault_removal(idx, subject, vault) VALUES (?, 0, ?)", 2},
};

static const struct table TABLES[] = {
	{"vault_opening", "CREATE TABLE vault_opening(idx {id} PRIMARY KEY, vault {id} NOT NULL,"
	                  " person {id} NOT NULL, opened_ms {int} NOT NULL)", "idx"},
	{"vault_removal", "CREATE TABLE vault_removal(idx {id} PRIMARY KEY, subject {id} NOT NULL,"
	                  " vault {id} NOT NULL)", "idx"},
};

struct vault_open {
	int64_t vault;
	struct text purpose;
};
static const struct field OPEN[] = {
	FIELD(struct vault_open, vault, F_INT, "文本编号", "vault id", .min = 1),
	FIELD(struct vault_open, purpose, F_TEXT, "查阅事由", "purpose", .min = 2, .max = 200),
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
	                                         sql_int(ev->actor.v), sql_int(ev->recorded_ms)));
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

enum { EV_OPENED, EV_SHREDDED, EV_CLEARED };
static const struct event_type EVENTS[] = {
	[EV_OPENED] = EVENT("vault.opened", OPEN, struct vault_open, apply_opened,
	                        "查阅个人信息", "personal text opened"),
	[EV_SHREDDED] = EVENT("vault.shredded", SHRED, struct vault_shred_, apply_shredded,
	                          "销毁个人信息", "personal texts shredded"),
	[EV_CLEARED] = EVENT("vault.cleared", CLEAR, struct vault_clear_, apply_cleared,
	                         "清除文本", "text cleared"),
};

static enum rc open_text(struct op *op, const void *in)
{
	const struct vault_open *x = in;
	struct str text;

	/* It must be there before anybody is recorded as having seen it. */
	TRY(vault_get(op, &op->run->writer->vault, x->vault, (struct str){NULL, 0}, &text));
	return event_append(op, &EVENTS[EV_OPENED], x, NULL);
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
static const struct allow REMOVERS[] = {{"vault_remover", LEVEL_ANY}};
static const char *const REMOVER_ROLES[] = {"vault_remover", NULL};
static const struct slot TWO[] = {
	{.name = "remover", .count = 2, .roles = REMOVER_ROLES, .zh = "清除人", .en = "remover"},
};

static const struct command COMMANDS[] = {
	{.name = "vault.open", .kind = ORDER, FIELDS(OPEN), .size = sizeof(struct vault_open),
	 ALLOW(READERS), .place_of = place_all, .run = open_text, .cites = "个人信息保护法 Art.51 PI-3",
	 .zh = "查阅个人信息", .en = "open a personal text"},
	{.name = "vault.shred", .kind = GUARDED, FIELDS(SHRED), .size = sizeof(struct vault_shred_),
	 SLOTS(TWO), ALLOW(REMOVERS), .place_of = place_all, .run = shred,
	 .cites = "个人信息保护法 Art.47 PI-6", .zh = "销毁个人信息", .en = "shred a subject's texts"},
	{.name = "vault.clear", .kind = GUARDED, FIELDS(CLEAR), .size = sizeof(struct vault_clear_),
	 SLOTS(TWO), ALLOW(REMOVERS), .place_of = place_all, .run = clear,
	 .cites = "保守国家秘密法 Art.57", .zh = "清除文本", .en = "clear a text"},
};

const struct module vault_module = {
	.name = "vault", .group = "engine", .rev = 1, .zh = "密存文本", .en = "vault",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(roles, ROLES),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
};
