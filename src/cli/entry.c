/* SPDX-License-Identifier: Apache-2.0 */
/* entry.c -- labels, not codes: what an entry says in the words of its field table.
 *
 * A personal text is never opened here: opening one is an event (`gongyuan vault open`).
 */
#include "cli/entry.h"

#include "cli/labels.h"
#include "cli/out.h"
#include "engine/words.h"

static struct str text_value(struct cli *c, const struct field *f, const struct text *t)
{
	struct err before = c->op.err;
	struct str s;

	if (!t->mac.n)
		return STR("");
	if (f->personal)
		return str_fmt(&c->arena, cli_tr(c, "（个人信息，保密库 %lld）", "(personal, vault %lld)"),
		               (long long)t->vault);
	if (vault_get(&c->op, &c->office.vault, t->vault, t->mac, &s) == RC_OK)
		return s;
	c->op.err = before;
	return str_fmt(&c->arena, cli_tr(c, "（已清除，保密库 %lld）", "(cleared, vault %lld)"),
	               (long long)t->vault);
}

/* Times are of the office's zone, people go by staff code; lists are not printed here. */
static struct str value_text(struct cli *c, const struct field *f, const void *st)
{
	const void *at = (const char *)st + f->offset;
	struct words_value v;
	const char *words;

	if (f->type == F_TIME)
		return cli_time_text(c, *(const int64_t *)at);
	if (f->type == F_PERSON)
		return cli_person_text(c, *(const struct person_id *)at);
	if (f->type == F_TEXT)
		return text_value(c, f, at);
	v = words_field(&c->arena, &c->modules, &c->office.profile, f, at);
	words = cli_tr(c, v.words.zh.s, v.words.en.s);
	return words && *words ? str_of(words) : v.code;
}

static void list_print(struct cli *c, const struct field *f, const struct list *l)
{
	struct grid g;

	printf("  %s:\n", cli_tr(c, f->zh, f->en));
	if (!l->n || f->list_n > GRID_COLUMNS - 1)
		return;
	grid_init(&g, &c->arena, f->list_n + 1);
	grid_addz(&g, "   ");
	for (size_t k = 0; k < f->list_n; k++)
		grid_addz(&g, cli_tr(c, f->list_of[k].zh, f->list_of[k].en));
	for (size_t i = 0; i < l->n; i++) {
		const char *item = (const char *)l->items + i * f->list_size;

		grid_addz(&g, "   ");
		for (size_t k = 0; k < f->list_n; k++)
			grid_add(&g, value_text(c, &f->list_of[k], item));
	}
	grid_print(&g, stdout);
}

static void data_print(struct cli *c, const struct event *ev)
{
	struct grid g;

	grid_init(&g, &c->arena, 3);
	for (size_t i = 0; i < ev->type->nfields; i++) {
		const struct field *f = &ev->type->fields[i];
		struct str v = value_text(c, f, ev->data);

		if (f->type == F_LIST || !v.n)
			continue;
		grid_addz(&g, " ");
		grid_addz(&g, cli_tr(c, f->zh, f->en));
		grid_add(&g, v);
	}
	grid_print(&g, stdout);
	for (size_t i = 0; i < ev->type->nfields; i++) {
		const struct field *f = &ev->type->fields[i];

		if (f->type == F_LIST)
			list_print(c, f, (const struct list *)(const void *)((const char *)ev->data +
			                                                     f->offset));
	}
}

static void slots_print(struct cli *c, const struct event *ev)
{
	struct grid g;

	if (!ev->nslots)
		return;
	printf("%s\n", cli_tr(c, "签名", "signed"));
	grid_init(&g, &c->arena, 5);
	for (size_t i = 0; i < ev->nslots; i++) {
		const struct signed_slot *s = &ev->slots[i];

		grid_addz(&g, " ");
		grid_add(&g, s->slot);
		grid_add(&g, cli_person_text(c, s->person));
		grid_add(&g, label_word(c, SLOT_HOW_WORDS, SLOT_HOW_MAX, s->how));
		grid_add(&g, s->note);
	}
	grid_print(&g, stdout);
}

static void head_row(struct grid *g, const char *label, struct str v)
{
	if (!v.n)
		return;
	grid_addz(g, label);
	grid_add(g, v);
}

static void head_print(struct cli *c, const struct event *ev, const struct hash *leaf)
{
	struct grid g;

	grid_init(&g, &c->arena, 2);
	head_row(&g, cli_tr(c, "类型", "type"), str_fmt(&c->arena, "%s v%d", ev->name.s, ev->version));
	head_row(&g, cli_tr(c, "地点", "place"), ev->place);
	head_row(&g, cli_tr(c, "经手", "actor"), cli_person_text(c, ev->actor));
	head_row(&g, cli_tr(c, "发生", "happened"), cli_time_text(c, ev->happened_ms));
	head_row(&g, cli_tr(c, "登记", "noted"), cli_time_text(c, ev->noted_ms));
	head_row(&g, cli_tr(c, "入库", "recorded"), cli_time_text(c, ev->recorded_ms));
	head_row(&g, cli_tr(c, "来源", "source"),
	         label_word(c, SOURCE_WORDS, SOURCE_MAX, (int)ev->source));
	if (ev->cause >= 0)
		head_row(&g, cli_tr(c, "起因", "cause"),
		         str_fmt(&c->arena, cli_tr(c, "第 %lld 条", "entry %lld"), (long long)ev->cause));
	head_row(&g, cli_tr(c, "校验值", "leaf"), hash_hex(&c->arena, leaf));
	grid_print(&g, stdout);
}

enum rc entry_print(struct cli *c, struct str bytes, const struct hash *leaf)
{
	struct event ev;

	TRY(event_read(&c->op, &c->modules, bytes, &ev));
	cli_say(c, "第 %lld 条　%s", "entry %lld  %s", (long long)ev.index,
	        ev.type ? cli_tr(c, ev.type->zh, ev.type->en) : ev.name.s);
	head_print(c, &ev, leaf);
	slots_print(c, &ev);
	if (ev.type && ev.type->nfields)
		data_print(c, &ev);
	return RC_OK;
}
