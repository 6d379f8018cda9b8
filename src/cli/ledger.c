/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.c -- reading the ledger: the newest checkpoint, proofs, exports, entries. */
#include "cli/act.h"
#include "cli/entry.h"
#include "cli/out.h"
#include "cli/rows.h"

static struct json *note_json(struct cli *c, const char *key, struct str text)
{
	struct json *o = json_new_object(&c->arena);

	json_set_str(&c->arena, o, key, text);
	return o;
}

static enum rc checkpoint_run(struct cli *c)
{
	struct checkpoint cp;
	struct str note;

	TRY(cli_open(c, false));
	TRY(ledger_note_newest(&c->op, office_ledger(&c->office), &note));
	TRY(act_note_read(c, note, &cp));
	c->result = note_json(c, "checkpoint", note);
	json_set_str(&c->arena, c->result, "origin", cp.origin);
	json_set_str(&c->arena, c->result, "root", hash_hex(&c->arena, &cp.root));
	json_set_int(&c->arena, c->result, "size", (int64_t)cp.size);
	if (!c->json)
		fwrite(note.s, 1, note.n, stdout);
	return RC_OK;
}

static enum rc proof_run(struct cli *c)
{
	int64_t index;
	struct str proof;

	TRY(cli_word_int(c, 0, "INDEX", &index));
	TRY(cli_open(c, false));
	TRY(ledger_prove(&c->op, office_ledger(&c->office), (uint64_t)index, &proof));
	c->result = note_json(c, "proof", proof);
	json_set_int(&c->arena, c->result, "index", index);
	if (!c->json)
		fwrite(proof.s, 1, proof.n, stdout);
	return RC_OK;
}

/* One rules.json by its hash into the export. */
static enum rc rules_export(struct cli *c, struct str hash)
{
	struct str bytes, path, dir = str_fmt(&c->arena, "%s/rules", c->words[0].s);

	path = str_fmt(&c->arena, "%s/%s.json", dir.s, hash.s);
	if (!hash.n || file_exists(path))
		return RC_OK;
	TRY(blob_get(&c->op, &c->office.store, hash, &bytes));
	TRY(dir_make(&c->op, dir, 0755));
	return file_write(&c->op, path, bytes, 0644);
}

static enum rc export_each(struct op *op, void *ctx, uint64_t index, struct str entry,
                           const struct hash *leaf)
{
	struct cli *c = ctx;
	struct event ev;
	struct json *o;

	(void)index, (void)leaf;
	/* A cheap look first: only few of many entries adopt rules. */
	if (!memmem(entry.s, entry.n, "\"rules.adopted\"", 15))
		return RC_OK;
	TRY(event_read(op, &c->modules, entry, &ev));
	if (!str_is(ev.name, "rules.adopted"))
		return RC_OK;
	TRY(json_read(op, entry, &o));
	return rules_export(c, str_copy(&c->arena, json_str(json_get(o, "data"), "rules")));
}

static enum rc export_run(struct cli *c)
{
	struct ledger *l;
	struct hash root;
	uint64_t size;

	TRY(cli_open(c, false));
	l = office_ledger(&c->office);
	TRY(ledger_export(&c->op, l, c->words[0], &c->office.vkey, &size, &root));
	TRY(ledger_scan(&c->op, l, 0, size, export_each, c));
	c->result = note_json(c, "root", hash_hex(&c->arena, &root));
	json_set_int(&c->arena, c->result, "size", (int64_t)size);
	if (c->json)
		return RC_OK;
	cli_say(c, "已导出 %llu 条到 %s，根 %s", "%llu entries exported to %s, root %s",
	        (unsigned long long)size, c->words[0].s, hash_hex(&c->arena, &root).s);
	cli_say(c, "核查：gongyuan-audit %s", "to check it: gongyuan-audit %s", c->words[0].s);
	return RC_OK;
}

static enum rc show_run(struct cli *c)
{
	struct str bytes;
	struct hash leaf;
	struct json *o;
	int64_t index;

	TRY(cli_word_int(c, 0, "INDEX", &index));
	TRY(cli_open(c, false));
	TRY(ledger_entry(&c->op, office_ledger(&c->office), (uint64_t)index, &bytes, &leaf));
	TRY(json_read(&c->op, bytes, &o));
	c->result = json_new_object(&c->arena);
	json_put(c->result, "entry", o);
	json_set_int(&c->arena, c->result, "index", index);
	json_set_str(&c->arena, c->result, "leaf", hash_hex(&c->arena, &leaf));
	if (c->json)
		return RC_OK;
	return entry_print(c, bytes, &leaf);
}

struct list_walk {
	struct cli *c;
	struct grid grid;
	struct json *array;
	struct str type;
};

static enum rc list_each(struct op *op, void *ctx, uint64_t index, struct str entry,
                         const struct hash *leaf)
{
	struct list_walk *w = ctx;
	struct cli *c = w->c;
	struct event ev;
	struct json *o;

	TRY(event_read(op, &c->modules, entry, &ev));
	if (w->type.n && !str_eq(ev.name, w->type))
		return RC_OK;
	if (c->json) {
		o = json_new_object(&c->arena);
		json_set_int(&c->arena, o, "index", (int64_t)index);
		json_set_str(&c->arena, o, "leaf", hash_hex(&c->arena, leaf));
		json_set_str(&c->arena, o, "place", ev.place);
		json_set_str(&c->arena, o, "time", cli_time_json(c, ev.recorded_ms));
		json_set_str(&c->arena, o, "type", ev.name);
		json_put(w->array, NULL, o);
		return RC_OK;
	}
	grid_addi(&w->grid, (int64_t)index);
	grid_add(&w->grid, cli_time_text(c, ev.recorded_ms));
	grid_addz(&w->grid, ev.type ? cli_tr(c, ev.type->zh, ev.type->en) : ev.name.s);
	grid_add(&w->grid, ev.place);
	grid_add(&w->grid, cli_person_text(c, ev.actor));
	return RC_OK;
}

/* What was asked for; checked before the folder is opened. */
struct list_range {
	int64_t from, limit; /* from -1: the newest */
	bool all;            /* of a type: the whole rest is searched */
};

static enum rc list_range(struct cli *c, struct list_range *ret)
{
	ret->all = cli_has(c, "type");
	TRY(cli_int(c, "limit", 50, &ret->limit));
	TRY(cli_int(c, "from", ret->all ? 0 : -1, &ret->from));
	if (ret->limit < 1 || ret->limit > 10000)
		return fail(&c->op, RC_INVALID, "limit", "", "--limit 应在 1 至 10000 之间",
		            "--limit is 1 to 10000");
	if (cli_has(c, "from") && ret->from < 0)
		return fail(&c->op, RC_INVALID, "from", "", "--from 不能小于 0",
		            "--from may not be below 0");
	return RC_OK;
}

/* The newest --limit of them, or from --from on. */
static void list_bounds(const struct list_range *r, int64_t size, uint64_t *ret_from,
                        uint64_t *ret_to)
{
	int64_t from = r->from < 0 ? (size > r->limit ? size - r->limit : 0) : r->from;

	from = from < size ? from : size;
	*ret_from = (uint64_t)from;
	*ret_to = (uint64_t)(r->all || size - from < r->limit ? size : from + r->limit);
}

static enum rc list_run(struct cli *c)
{
	struct list_walk w = {.c = c, .type = cli_value(c, "type")};
	struct list_range range = {0};
	struct ledger *l;
	uint64_t from, to;

	TRY(list_range(c, &range));
	TRY(cli_open(c, false));
	l = office_ledger(&c->office);
	list_bounds(&range, (int64_t)l->tree.size, &from, &to);
	w.array = json_new_array(&c->arena);
	grid_init(&w.grid, &c->arena, 5);
	w.grid.right[0] = true;
	grid_addz(&w.grid, cli_tr(c, "序号", "index"));
	grid_addz(&w.grid, cli_tr(c, "入库时间", "recorded"));
	grid_addz(&w.grid, cli_tr(c, "事件", "event"));
	grid_addz(&w.grid, cli_tr(c, "地点", "place"));
	grid_addz(&w.grid, cli_tr(c, "经手", "actor"));
	TRY(ledger_scan(&c->op, l, from, to, list_each, &w));
	c->result = json_new_object(&c->arena);
	json_put(c->result, "entries", w.array);
	json_set_int(&c->arena, c->result, "size", (int64_t)l->tree.size);
	if (c->json)
		return RC_OK;
	grid_print(&w.grid, stdout);
	cli_say(c, "台账共 %lld 条", "%lld entries in the ledger", (long long)l->tree.size);
	return RC_OK;
}

static const struct cli_flag LIST_FLAGS[] = {
	{"from", "INDEX", "从第几条起", "from this index on", false},
	{"limit", "N", "最多几条（默认 50）", "at most so many (default 50)", false},
	{"type", "EVENT", "只看这种事件，例如 custody.handed_over",
	 "only events of this type, such as custody.handed_over", false},
};

const struct cli_verb cli_ledger_verbs[] = {
	{"ledger", "checkpoint", "", 0, 0, .run = checkpoint_run,
	 .zh = "最新存证点", .en = "the newest checkpoint"},
	{"ledger", "proof", "INDEX", 1, 1, .run = proof_run,
	 .zh = "一条记录的登记回执（可离线验证）", .en = "an entry's receipt, to be verified offline"},
	{"ledger", "export", "DIR", 1, 1, .run = export_run,
	 .zh = "导出供核查", .en = "export for audit"},
	{"ledger", "show", "INDEX", 1, 1, .run = show_run, .zh = "看一条记录", .en = "one entry"},
	{"ledger", "list", "", 0, 0, CLI_FLAGS(LIST_FLAGS), .run = list_run,
	 .zh = "列出记录", .en = "list entries"},
};
const size_t cli_nledger_verbs = COUNT(cli_ledger_verbs);
