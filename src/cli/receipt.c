/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.c -- gives a request to the writer and says what came of it: index, leaf, checkpoint.
 *
 * A refusal may have left an event (a guarded order), so the checkpoint is signed either way.
 */
#include "cli/act.h"
#include "cli/next.h"
#include "cli/out.h"

/* So many of an operation's entries are named; a day's close may append hundreds. */
#define SHOWN_MAX 20

enum rc act_note_read(struct cli *c, struct str bytes, struct checkpoint *ret)
{
	struct note n;

	TRY(note_parse(&c->op, bytes, &n));
	return checkpoint_parse(&c->op, n.text, ret);
}

/* "  57  试卷交接  sc/cd/jn" for each entry of the operation. */
static enum rc entries_print(struct cli *c, uint64_t from)
{
	struct ledger *l = office_ledger(&c->office);
	struct grid g;

	grid_init(&g, &c->arena, 4);
	g.right[0] = true;
	for (uint64_t i = from; i < l->tree.size && i < from + SHOWN_MAX; i++) {
		struct str bytes;
		struct hash leaf;
		struct event ev;

		TRY(ledger_entry(&c->op, l, i, &bytes, &leaf));
		TRY(event_read(&c->op, &c->modules, bytes, &ev));
		grid_addi(&g, (int64_t)i);
		grid_addz(&g, ev.type ? cli_tr(c, ev.type->zh, ev.type->en) : ev.name.s);
		grid_add(&g, ev.place);
		grid_add(&g, cli_time_text(c, ev.recorded_ms));
	}
	grid_print(&g, stdout);
	if (l->tree.size > from + SHOWN_MAX)
		cli_say(c, "……共 %llu 条", "… %llu entries in all",
		        (unsigned long long)(l->tree.size - from));
	return RC_OK;
}

static enum rc receipt_print(struct cli *c, const struct answer *a)
{
	struct checkpoint cp = {0};
	struct str note = json_str(c->result, "checkpoint");

	if (a->repeated)
		cli_say(c, "先前已登记，未重复登记：第 %lld 条",
		        "recorded before, not again: entry %lld", (long long)a->index);
	else if (a->waiting)
		cli_say(c, "已记为待签，签名未齐，尚未生效：第 %lld 条",
		        "begun: slots are still empty and nothing has moved: entry %lld",
		        (long long)a->index);
	else
		cli_say(c, "已登记：第 %lld 条", "recorded: entry %lld", (long long)a->index);
	if (!a->repeated && a->index >= 0)
		TRY(entries_print(c, (uint64_t)a->index));
	TRY(act_note_read(c, note, &cp));
	cli_say(c, "校验值 %s", "leaf %s", hash_hex(&c->arena, &a->leaf).s);
	cli_say(c, "存证点 %llu 条，根 %s", "checkpoint of %llu entries, root %s",
	        (unsigned long long)cp.size, hash_hex(&c->arena, &cp.root).s);
	return RC_OK;
}

enum rc act_do(struct cli *c, const struct request *r)
{
	struct office *o = &c->office;
	struct str note = {0};
	struct answer *a = &c->answer;
	enum rc rc = writer_do(&o->writer, r, a), signed_rc;

	*a = rc == RC_OK || a->rc != RC_OK ? *a : (struct answer){.rc = rc, .index = -1};
	signed_rc = c->host->sign(&c->op, o, &note);
	if (rc != RC_OK) {
		c->op.err = a->err.rc != RC_OK ? a->err : o->writer.broken;
		return rc;
	}
	TRY(signed_rc);
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "checkpoint", str_copy(&c->arena, note));
	json_set_int(&c->arena, c->result, "index", a->index);
	json_set_str(&c->arena, c->result, "leaf", hash_hex(&c->arena, &a->leaf));
	if (a->waiting)
		json_set_bool(&c->arena, c->result, "waiting", true);
	if (a->repeated)
		json_set_bool(&c->arena, c->result, "repeated", true);
	if (c->json)
		return RC_OK;
	TRY(receipt_print(c, a));
	return next_tell(c, &o->writer);
}
