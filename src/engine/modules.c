/* SPDX-License-Identifier: Apache-2.0 */
/* modules.c -- indexes the declared rows of all modules; see module.h.
 *
 * Everything here is computed once from const tables and then only read, so the writer, readers
 * and tests may share one index.  (Rows disabled by a test are marked before anything runs.)
 */
#include "engine/modules_private.h"

#include "base/hash.h"

#define AUTHORITY_PREFIX STR("authority.")

static void index_lists(struct modules *m, const struct module *const *list, size_t n)
{
	struct module_index *x = m->index;
	size_t i;

	x->all = arena_array(&x->arena, n + ENGINE_MODULE_COUNT, sizeof(*x->all));
	for (i = 0; i < ENGINE_MODULE_COUNT; i++)
		x->all[x->nall++] = ENGINE_MODULES[i];
	for (i = 0; i < n; i++)
		x->all[x->nall++] = list[i];
}

static void index_init_maps(struct module_index *x)
{
	size_t commands = 0, events = 0, alarms = 0, expectations = 0, roles = 0, views = 0, i;

	for (i = 0; i < x->nall; i++) {
		commands += x->all[i]->ncommands;
		events += x->all[i]->nevents;
		alarms += x->all[i]->nalarms;
		expectations += x->all[i]->nexpectations;
		roles += x->all[i]->nroles;
		views += x->all[i]->nviews;
	}
	name_map_init(&x->commands, &x->arena, commands);
	name_map_init(&x->events, &x->arena, events);
	name_map_init(&x->alarms, &x->arena, alarms);
	name_map_init(&x->expectations, &x->arena, expectations);
	name_map_init(&x->roles, &x->arena, roles);
	name_map_init(&x->views, &x->arena, views);
	name_map_init(&x->module_names, &x->arena, x->nall);
	x->expectation = arena_array(&x->arena, expectations, sizeof(*x->expectation));
}

static enum rc twice(struct op *op, const char *what, const char *name)
{
	return fail(op, RC_BROKEN, name, "", "%s %s 重复声明", "%s %s is declared twice", what, name);
}

/* Older versions of a type hang below the newest. */
static enum rc index_event(struct op *op, struct module_index *x, const struct module *mod,
                           const struct event_type *t)
{
	struct event_entry *e = ARENA_NEW(&x->arena, struct event_entry);
	struct event_entry *newest = (struct event_entry *)(uintptr_t)name_map_get(&x->events,
	                                                                           str_of(t->name));

	e->type = t;
	e->module = mod;
	e->authority = str_starts(str_of(t->name), AUTHORITY_PREFIX);
	if (!newest) {
		name_map_put(&x->events, str_of(t->name), e);
		return RC_OK;
	}
	if (t->version >= newest->type->version)
		return fail(op, RC_BROKEN, t->name, "", "事件 %s 的旧版本须列在新版本之后",
		            "older versions of event %s must stand after the newest", t->name);
	e->older = newest->older;
	newest->older = e;
	return RC_OK;
}

static enum rc index_rows(struct op *op, struct module_index *x, const struct module *mod)
{
	size_t i;

	if (!name_map_put(&x->module_names, str_of(mod->name), mod))
		return twice(op, "module", mod->name);
	for (i = 0; i < mod->ncommands; i++)
		if (!name_map_put(&x->commands, str_of(mod->commands[i].name), &mod->commands[i]))
			return twice(op, "command", mod->commands[i].name);
	for (i = 0; i < mod->nevents; i++)
		TRY(index_event(op, x, mod, &mod->events[i]));
	for (i = 0; i < mod->nalarms; i++) {
		struct alarm_entry *e = ARENA_NEW(&x->arena, struct alarm_entry);
		e->rule = &mod->alarms[i];
		if (!name_map_put(&x->alarms, str_of(e->rule->id), e))
			return twice(op, "alarm", e->rule->id);
	}
	for (i = 0; i < mod->nexpectations; i++) {
		struct expectation_entry *e = &x->expectation[x->nexpectation++];
		e->rule = &mod->expectations[i];
		e->module = mod;
		if (!name_map_put(&x->expectations, str_of(e->rule->id), e))
			return twice(op, "expectation", e->rule->id);
	}
	for (i = 0; i < mod->nroles; i++) {
		struct role_entry *e = ARENA_NEW(&x->arena, struct role_entry);
		e->role = &mod->roles[i];
		if (!name_map_put(&x->roles, str_of(e->role->id), e))
			return twice(op, "role", e->role->id);
	}
	for (i = 0; i < mod->nviews; i++)
		if (!name_map_put(&x->views, str_of(mod->views[i].path), &mod->views[i]))
			return twice(op, "view", mod->views[i].path);
	return RC_OK;
}

static bool includes(const struct role *r, const char *id)
{
	const char *const *p;

	for (p = r->includes; p && *p; p++)
		if (str_is(str_of(*p), id))
			return true;
	return false;
}

static void index_role_forms(struct module_index *x)
{
	size_t i, j, k, l;

	for (i = 0; i < x->nall; i++)
		for (j = 0; j < x->all[i]->nroles; j++) {
			const struct role *r = &x->all[i]->roles[j];
			struct role_entry *e = (struct role_entry *)(uintptr_t)name_map_get(&x->roles,
			                                                                   str_of(r->id));
			e->forms = arena_array(&x->arena, x->roles.n + 1, sizeof(*e->forms));
			e->forms[e->nforms++] = r->id;
			for (k = 0; k < x->nall; k++)
				for (l = 0; l < x->all[k]->nroles; l++)
					if (includes(&x->all[k]->roles[l], r->id))
						e->forms[e->nforms++] = x->all[k]->roles[l].id;
		}
}

/* Appends to a small array of pointers that grows by one in the arena. */
static const void **grow(struct arena *a, const void **old, size_t n, const void *add)
{
	const void **next = arena_array(a, n + 1, sizeof(*next));

	if (n)
		memcpy(next, old, n * sizeof(*next));
	next[n] = add;
	return next;
}

static struct event_entry *entry_of(struct module_index *x, const char *name)
{
	return name ? (struct event_entry *)(uintptr_t)name_map_get(&x->events, str_of(name)) : NULL;
}

#define GROW(x, list, count, add) \
	((list) = (void *)grow(&(x)->arena, (const void **)(list), (count), (add)), (count)++)

static void index_follow(struct module_index *x, const struct module *mod)
{
	size_t i;

	for (i = 0; i < mod->nreactions; i++) {
		struct event_entry *e = entry_of(x, mod->reactions[i].on);
		if (e)
			GROW(x, e->reactions, e->nreactions, &mod->reactions[i]);
	}
	for (i = 0; i < mod->nlaws; i++) {
		struct event_entry *e = entry_of(x, mod->laws[i].closes_on);
		if (e)
			GROW(x, e->laws, e->nlaws, &mod->laws[i]);
	}
}

static void index_expectations(struct module_index *x)
{
	size_t i;

	for (i = 0; i < x->nexpectation; i++) {
		const struct expectation_entry *r = &x->expectation[i];
		struct event_entry *e;

		if ((e = entry_of(x, r->rule->opens_on)))
			GROW(x, e->opens, e->nopens, r);
		if ((e = entry_of(x, r->rule->met_by)))
			GROW(x, e->met, e->nmet, r);
		if ((e = entry_of(x, r->rule->voided_by)))
			GROW(x, e->voids, e->nvoids, r);
	}
}

enum rc modules_init(struct op *op, const struct module *const *list, size_t n, struct modules *ret)
{
	struct modules m = {.list = list, .n = n};
	enum rc rc = RC_OK;
	size_t i;

	m.index = calloc(1, sizeof(*m.index));
	if (!m.index)
		abort(); /* out of memory ends the process, as in arena.c */
	index_lists(&m, list, n);
	index_init_maps(m.index);
	for (i = 0; i < m.index->nall && rc == RC_OK; i++)
		rc = index_rows(op, m.index, m.index->all[i]);
	if (rc == RC_OK) {
		index_role_forms(m.index);
		for (i = 0; i < m.index->nall; i++)
			index_follow(m.index, m.index->all[i]);
		index_expectations(m.index);
		rc = modules_check(op, &m);
	}
	if (rc != RC_OK) {
		modules_release(&m);
		return rc;
	}
	*ret = m;
	return RC_OK;
}

void modules_release(struct modules *m)
{
	if (m->index) {
		arena_release(&m->index->arena);
		free(m->index);
	}
	m->index = NULL;
}

const struct command *modules_command(const struct modules *m, struct str name)
{
	return name_map_get(&m->index->commands, name);
}

const struct event_entry *modules_event_entry(const struct modules *m, struct str name)
{
	return name_map_get(&m->index->events, name);
}

const struct event_type *modules_event(const struct modules *m, struct str name)
{
	const struct event_entry *e = modules_event_entry(m, name);

	return e ? e->type : NULL;
}

const struct alarm_entry *modules_alarm_entry(const struct modules *m, struct str id)
{
	return name_map_get(&m->index->alarms, id);
}

const struct alarm_rule *modules_alarm(const struct modules *m, struct str id)
{
	const struct alarm_entry *e = modules_alarm_entry(m, id);

	return e ? e->rule : NULL;
}

const struct expectation_entry *modules_expectation_entry(const struct modules *m, struct str id)
{
	return name_map_get(&m->index->expectations, id);
}

const struct expectation_rule *modules_expectation(const struct modules *m, struct str id)
{
	const struct expectation_entry *e = modules_expectation_entry(m, id);

	return e ? e->rule : NULL;
}

static bool is_key_of(struct str key, const char *path)
{
	size_t i;

	for (i = 0; i < key.n && path[i]; i++)
		if (key.s[i] != (path[i] == '/' ? '.' : path[i]))
			return false;
	return i == key.n && !path[i];
}

const struct view *modules_view(const struct modules *m, struct str key)
{
	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t k = 0; k < m->index->all[i]->nviews; k++)
			if (is_key_of(key, m->index->all[i]->views[k].path))
				return &m->index->all[i]->views[k];
	return NULL;
}

const struct right *modules_right(const struct modules *m, struct str id)
{
	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t j = 0; j < m->index->all[i]->nrights; j++)
			if (str_is(id, m->index->all[i]->rights[j].id))
				return &m->index->all[i]->rights[j];
	return NULL;
}

bool modules_role(const struct modules *m, struct str id)
{
	return name_map_get(&m->index->roles, id) != NULL;
}

struct str modules_owner(const struct modules *m, struct str role, struct str place)
{
	const struct role_entry *e = name_map_get(&m->index->roles, role);
	int level = place_level(place);

	while (e && e->role->above && level < (int)e->role->level) {
		role = str_of(e->role->above);
		e = name_map_get(&m->index->roles, role);
	}
	return role;
}

const char *const *modules_role_forms(const struct modules *m, struct str id)
{
	static const char *const NONE[] = {NULL};
	const struct role_entry *e = name_map_get(&m->index->roles, id);

	return e ? e->forms : NONE;
}

const struct module *modules_command_owner(const struct modules *m, const struct command *c)
{
	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t k = 0; k < m->index->all[i]->ncommands; k++)
			if (&m->index->all[i]->commands[k] == c)
				return m->index->all[i];
	return NULL;
}

enum rc modules_prepare(struct op *op, const struct modules *m, struct db *db)
{
	size_t i, j;

	for (i = 0; i < m->index->ndisabled_sql; i++)
		db_disable(db, m->index->disabled_sql[i]);
	for (i = 0; i < m->index->nall; i++)
		for (j = 0; j < m->index->all[i]->nsql; j++)
			TRY(db_prepare(op, db, &m->index->all[i]->sql[j]));
	return RC_OK;
}

struct hash modules_shape(struct arena *a, const struct modules *m)
{
	struct strbuf b;
	size_t i, j;

	strbuf_init(&b, a);
	for (i = 0; i < m->index->nall; i++) {
		const struct module *mod = m->index->all[i];
		strbuf_addf(&b, "%s %d\n", mod->name, mod->rev);
		for (j = 0; j < mod->ntables; j++)
			strbuf_addf(&b, "%s\n%s\n%s\n", mod->tables[j].name, mod->tables[j].ddl,
			            mod->tables[j].key);
	}
	return hash_sha256(b.s, b.n);
}

static bool disable_sql(struct module_index *x, struct str module, int64_t number)
{
	const struct module *mod = name_map_get(&x->module_names, module);

	if (!mod || number < 0 || (size_t)number >= mod->nsql)
		return false;
	GROW(x, x->disabled_sql, x->ndisabled_sql, &mod->sql[number]);
	return true;
}

bool modules_disable(struct modules *m, struct str row)
{
	struct str kind, rest, module, number;
	struct module_index *x = m->index;
	int64_t n;

	if (!str_cut(row, ':', &kind, &rest))
		return false;
	if (str_is(kind, "event")) {
		struct event_entry *e = (struct event_entry *)(uintptr_t)name_map_get(&x->events, rest);
		return e ? (e->disabled = true) : false;
	}
	if (str_is(kind, "alarm")) {
		struct alarm_entry *e = (struct alarm_entry *)(uintptr_t)name_map_get(&x->alarms, rest);
		return e ? (e->disabled = true) : false;
	}
	if (str_is(kind, "expectation")) {
		struct expectation_entry *e =
			(struct expectation_entry *)(uintptr_t)name_map_get(&x->expectations, rest);
		return e ? (e->disabled = true) : false;
	}
	if (!str_is(kind, "sql") || !str_cut(rest, '/', &module, &number) || !str_to_i64(number, &n))
		return false;
	return disable_sql(x, module, n);
}
