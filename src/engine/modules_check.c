/* SPDX-License-Identifier: Apache-2.0 */
/* modules_check.c -- the declared rows against each other, once, before anything runs.
 *
 * A row that names something unknown, lacks a text in one of the two languages or an order without
 * its article is our bug: the program does not start.
 */
#include "engine/modules_private.h"

#include "base/limits.h"

static enum rc wrong(struct op *op, const char *row, const char *zh, const char *en)
{
	return fail(op, RC_BROKEN, row, "", "声明 %s：%s%.0s", "row %s: %.0s%s", row, zh, en);
}

static bool said(const char *zh, const char *en)
{
	return zh && *zh && en && *en;
}

/* People read labels and words, never codes. */
static enum rc check_words(struct op *op, const char *row, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!words || !said(words[i].zh, words[i].en))
			return wrong(op, row, "枚举缺文字", "an enum lacks its words");
	return RC_OK;
}

static enum rc check_enum(struct op *op, const char *row, const struct field *f)
{
	if (!f->names || f->max <= 0)
		return wrong(op, row, "枚举缺取值", "an enum lacks its names");
	return check_words(op, row, f->words, (size_t)f->max);
}

static enum rc check_fields(struct op *op, const char *row, const struct field *f, size_t n,
                            size_t size, bool top)
{
	size_t i, j;

	if (n > 64)
		return wrong(op, row, "字段超过 64 个", "has more than 64 fields");
	for (i = 0; i < n; i++) {
		if (!f[i].name || !said(f[i].zh, f[i].en))
			return wrong(op, row, "字段缺名称或标签", "a field lacks its name or labels");
		if (f[i].offset >= size)
			return wrong(op, row, "字段越出结构", "a field lies outside its struct");
		if (f[i].type == F_TEXT && !top)
			return wrong(op, row, "列表内不得有文本", "a text must not stand in a list");
		if (f[i].type == F_ENUM)
			TRY(check_enum(op, row, &f[i]));
		for (j = 0; j < i; j++)
			if (str_is(str_of(f[i].name), f[j].name))
				return wrong(op, row, "字段重名", "two fields have one name");
		if (f[i].type == F_LIST)
			TRY(check_fields(op, row, f[i].list_of, f[i].list_n, f[i].list_size, false));
	}
	return RC_OK;
}

static enum rc check_role(struct op *op, const struct modules *m, const char *row, const char *role)
{
	if (!modules_role(m, str_of(role)))
		return fail(op, RC_BROKEN, row, "", "声明 %s：没有角色 %s", "row %s: no role %s", row, role);
	return RC_OK;
}

/* Each step goes to a role that stands higher, so that it ends. */
static enum rc check_above(struct op *op, const struct modules *m, const struct role *r)
{
	const struct role_entry *up;

	if (!r->above)
		return RC_OK;
	TRY(check_role(op, m, r->id, r->above));
	up = name_map_get(&m->index->roles, str_of(r->above));
	if (up->role->above && up->role->level >= r->level)
		return wrong(op, r->id, "上级角色不在更高一级", "the role above it does not stand higher");
	return RC_OK;
}

static enum rc check_slots(struct op *op, const struct modules *m, const struct command *c)
{
	size_t i, j, people = 0;

	for (i = 0; i < c->nslots; i++) {
		const struct slot *s = &c->slots[i];
		const char *const *r;
		bool found = s->disjoint == NULL;

		if (!said(s->zh, s->en) || s->count < 1)
			return wrong(op, c->name, "签名位缺标签或人数", "a slot lacks labels or a count");
		for (r = s->roles; r && *r; r++)
			TRY(check_role(op, m, c->name, *r));
		for (j = 0; j < c->nslots; j++)
			found = found || str_is(str_of(c->slots[j].name), s->disjoint);
		if (!found)
			return wrong(op, c->name, "互斥的签名位不存在", "a slot is disjoint from an unknown one");
		people += (size_t)s->count;
	}
	if (people > LIMIT_SLOTS - 1)
		return wrong(op, c->name, "签名位过多", "has too many slots");
	return RC_OK;
}

static enum rc check_command(struct op *op, const struct modules *m, const struct module *mod,
                             const struct command *c)
{
	struct str head, tail;
	size_t i;

	if (!str_cut(str_of(c->name), '.', &head, &tail) ||
	    !(str_is(head, mod->name) || (mod->group && str_is(head, mod->group))))
		return wrong(op, c->name, "命令名须以模块名(或其组名)开头",
		             "a command's name begins with its module or that module's group");
	if (!said(c->zh, c->en) || !c->run)
		return wrong(op, c->name, "缺文字或规则", "lacks its texts or its rule");
	if (c->kind != FACT && (!c->cites || !*c->cites))
		return wrong(op, c->name, "指令须注明依据", "an order needs its article");
	if (!c->nallow)
		return wrong(op, c->name, "无人可发此命令", "nobody may give it");
	for (i = 0; i < c->nallow; i++)
		TRY(check_role(op, m, c->name, c->allow[i].role));
	if (!c->place_of && !field_find(c->fields, c->nfields, STR("place")))
		return wrong(op, c->name, "缺地点", "says no place");
	if (c->place_by && (!c->place_of || !field_find(c->fields, c->nfields, str_of(c->place_by))))
		return wrong(op, c->name, "地点所依的字段不存在",
		             "follows to its place a field that there is not");
	TRY(check_slots(op, m, c));
	return check_fields(op, c->name, c->fields, c->nfields, c->size, true);
}

static enum rc check_posting(struct op *op, const struct event_type *t, const struct posting *p)
{
	const char *names[4] = {p->asset, p->from, p->to, p->qty};
	const struct field *f = NULL, *list = NULL;
	size_t i;

	if (p->list && *p->list) {
		list = field_find(t->fields, t->nfields, str_of(p->list));
		if (!list || list->type != F_LIST)
			return wrong(op, t->name, "分录所指的列表不存在", "a posting's list is unknown");
	}
	for (i = 0; i < 4; i++) {
		if (!names[i])
			return wrong(op, t->name, "分录不全", "a posting is incomplete");
		if (names[i][0] == '=' && i != 3)
			continue;
		f = list ? field_find(list->list_of, list->list_n, str_of(names[i])) : NULL;
		if (!f)
			f = field_find(t->fields, t->nfields, str_of(names[i]));
		if (!f || (i == 3 && f->type != F_INT))
			return wrong(op, t->name, "分录所指的字段不存在", "a posting names an unknown field");
	}
	return RC_OK;
}

static enum rc check_event(struct op *op, const struct event_type *t)
{
	size_t i;

	if (!said(t->zh, t->en))
		return wrong(op, t->name, "缺文字", "lacks its texts");
	TRY(check_fields(op, t->name, t->fields, t->nfields, t->size, true));
	for (i = 0; i < t->npostings; i++)
		TRY(check_posting(op, t, &t->postings[i]));
	return RC_OK;
}

static enum rc check_event_name(struct op *op, const struct modules *m, const char *row,
                                const char *event)
{
	if (event && !modules_event(m, str_of(event)))
		return fail(op, RC_BROKEN, row, "", "声明 %s：没有事件 %s", "row %s: no event %s", row, event);
	return RC_OK;
}

static enum rc check_alarm_name(struct op *op, const struct modules *m, const char *row,
                                const char *alarm)
{
	if (alarm && !modules_alarm(m, str_of(alarm)))
		return fail(op, RC_BROKEN, row, "", "声明 %s：没有告警 %s", "row %s: no alarm %s", row, alarm);
	return RC_OK;
}

static enum rc check_expectation(struct op *op, const struct modules *m,
                                 const struct expectation_rule *r)
{
	if (!said(r->zh, r->en) || !r->window || !r->subjects_of || !r->opens_on || !r->met_by)
		return wrong(op, r->id, "应办事项不全", "the expectation is incomplete");
	TRY(check_event_name(op, m, r->id, r->opens_on));
	TRY(check_event_name(op, m, r->id, r->met_by));
	TRY(check_event_name(op, m, r->id, r->voided_by));
	TRY(check_alarm_name(op, m, r->id, r->early));
	TRY(check_alarm_name(op, m, r->id, r->late));
	TRY(check_alarm_name(op, m, r->id, r->missing));
	return check_role(op, m, r->id, r->owner);
}

static enum rc check_view(struct op *op, const struct modules *m, const struct view *v)
{
	if (!said(v->zh, v->en) || !v->sql || !v->ncolumns)
		return wrong(op, v->path, "视图缺文字", "the view is incomplete");
	for (const char *const *r = v->roles; r && *r; r++)
		TRY(check_role(op, m, v->path, *r));
	for (size_t i = 0; i < v->ncolumns; i++) {
		const struct column *c = &v->columns[i];

		if (!c->name || !said(c->zh, c->en))
			return wrong(op, v->path, "栏目缺名称或标签", "a column lacks its name or labels");
		if ((c->type == F_ENUM) != (c->nwords > 0) || (c->codes && c->ncodes != c->nwords))
			return wrong(op, v->path, "枚举缺文字", "an enum lacks its words");
		TRY(check_words(op, v->path, c->words, c->nwords));
	}
	for (size_t i = 0; i < v->nkeys; i++)
		if (v->nkeys > VIEW_KEYS || v->keys[i] >= v->ncolumns + v->norder)
			return wrong(op, v->path, "视图次序所指的栏目不存在", "there is no such key");
	return RC_OK;
}

static enum rc check_right(struct op *op, const struct modules *m, const struct right *g)
{
	if (!said(g->zh, g->en) || !g->roles)
		return wrong(op, g->id, "查阅权不全", "the right is incomplete");
	for (const char *const *r = g->roles; *r; r++)
		TRY(check_role(op, m, g->id, *r));
	return RC_OK;
}

static enum rc check_module(struct op *op, const struct modules *m, const struct module *mod)
{
	size_t i;

	if (!said(mod->zh, mod->en))
		return wrong(op, mod->name, "模块缺文字", "the module lacks its texts");
	for (i = 0; i < mod->ncommands; i++)
		TRY(check_command(op, m, mod, &mod->commands[i]));
	for (i = 0; i < mod->nevents; i++)
		TRY(check_event(op, &mod->events[i]));
	for (i = 0; i < mod->nreactions; i++)
		TRY(check_event_name(op, m, mod->name, mod->reactions[i].on));
	for (i = 0; i < mod->nexpectations; i++)
		TRY(check_expectation(op, m, &mod->expectations[i]));
	for (i = 0; i < mod->nalarms; i++) {
		const struct alarm_rule *a = &mod->alarms[i];
		if (!said(a->zh, a->en) || !said(a->next_zh, a->next_en) || a->colour >= COLOUR_MAX)
			return wrong(op, a->id, "告警缺文字或处置", "the alarm lacks texts or a next action");
		TRY(check_role(op, m, a->id, a->owner));
		for (const char *const *u = a->under; u && *u; u++)
			TRY(check_alarm_name(op, m, a->id, *u));
	}
	for (i = 0; i < mod->nlaws; i++)
		TRY(check_event_name(op, m, mod->laws[i].id, mod->laws[i].closes_on));
	for (i = 0; i < mod->njobs; i++)
		if (!mod->jobs[i].next || !mod->jobs[i].run || !said(mod->jobs[i].zh, mod->jobs[i].en))
			return wrong(op, mod->jobs[i].name, "定时工作不全", "the job is incomplete");
	for (i = 0; i < mod->nviews; i++)
		TRY(check_view(op, m, &mod->views[i]));
	for (i = 0; i < mod->nrights; i++)
		TRY(check_right(op, m, &mod->rights[i]));
	for (i = 0; i < mod->nroles; i++) {
		const char *const *p;
		if (!said(mod->roles[i].zh, mod->roles[i].en))
			return wrong(op, mod->roles[i].id, "角色缺文字", "the role lacks its texts");
		for (p = mod->roles[i].includes; p && *p; p++)
			TRY(check_role(op, m, mod->roles[i].id, *p));
		TRY(check_above(op, m, &mod->roles[i]));
	}
	return RC_OK;
}

enum rc modules_check(struct op *op, const struct modules *m)
{
	size_t i;

	for (i = 0; i < m->index->nall; i++)
		TRY(check_module(op, m, m->index->all[i]));
	return RC_OK;
}
