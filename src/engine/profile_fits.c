/* SPDX-License-Identifier: Apache-2.0 */
/* profile_fits.c -- a profile against the modules: what they ask for, and what it names. */
#include "engine/modules_private.h"

enum { PATH_BYTES = 64 };

/* Adds the refusal and goes on. */
static void note(struct op *op, struct profile_faults *faults, enum rc rc)
{
	assert(rc == RC_INVALID);
	profile_fault(op, faults);
}

static void check_windows(struct op *op, const struct profile *p, const struct modules *m,
                          struct profile_faults *faults)
{
	for (size_t i = 0; i < m->index->nexpectation; i++) {
		const struct expectation_entry *e = &m->index->expectation[i];
		const struct expectation_rule *r = e->rule;

		if (!profile_off(p, e->module->name) && !profile_step(p, str_of(r->window)))
			note(op, faults,
			     fail(op, RC_INVALID, "steps", r->cites ? r->cites : "",
			          "方案缺节点 %s（%s），应办事项 %s 需要它",
			          "the profile lacks step %s (%s), which expectation %s needs", r->window,
			          r->zh, r->id));
	}
}

static bool has_setting(const struct profile *p, const char *id)
{
	for (size_t i = 0; i < p->nsettings; i++)
		if (str_is(p->settings[i].id, id))
			return true;
	return false;
}

/* A family ("print.copies.*") has as many as the profile likes. */
static bool is_family(const char *id)
{
	return id[strlen(id) - 1] == '*';
}

static void check_settings(struct op *op, const struct profile *p, const struct modules *m,
                           struct profile_faults *faults)
{
	for (size_t i = 0; i < m->index->nall; i++) {
		const struct module *mod = m->index->all[i];

		for (size_t k = 0; k < mod->nsettings && !profile_off(p, mod->name); k++)
			if (!is_family(mod->settings[k]) && !has_setting(p, mod->settings[k]))
				note(op, faults,
				     fail(op, RC_INVALID, "settings", "",
				          "方案缺参数 %s（%s%.0s要用），请补上并注明出处",
				          "the profile lacks the setting %s (%.0s%s ask for it):"
				          " add it with its source",
				          mod->settings[k], mod->zh, mod->en));
	}
}

static bool is_engine(const char *module)
{
	for (size_t i = 0; i < ENGINE_MODULE_COUNT; i++)
		if (str_is(str_of(module), ENGINE_MODULES[i]->name))
			return true;
	return false;
}

static void check_off(struct op *op, const struct profile *p, const struct modules *m,
                      struct profile_faults *faults)
{
	for (size_t i = 0; i < p->lists.noff; i++) {
		struct str name = p->lists.off[i].module;
		char path[PATH_BYTES];

		(void)snprintf(path, sizeof(path), "off/%zu/module", i);
		if (!name_map_get(&m->index->module_names, name))
			note(op, faults, fail(op, RC_INVALID, path, "", "没有模块 %s",
			                      "there is no module %s", name.s));
		else if (is_engine(name.s))
			note(op, faults, fail(op, RC_INVALID, path, "", "模块 %s 不能停用",
			                      "the module %s cannot be off", name.s));
	}
}

/* Red and orange are closed by two: to make such an alarm one that one person closes, somebody
 * must have approved it. */
static void check_colours(struct op *op, const struct profile *p, const struct modules *m,
                          struct profile_faults *faults)
{
	for (size_t i = 0; i < p->lists.ncolours; i++) {
		const struct profile_colour *a = &p->lists.colours[i];
		const struct alarm_rule *r = modules_alarm(m, a->rule);
		char path[PATH_BYTES];

		(void)snprintf(path, sizeof(path), "alarms/%zu/rule", i);
		if (!r)
			note(op, faults, fail(op, RC_INVALID, path, "", "没有告警 %s",
			                      "there is no alarm %s", a->rule.s));
		else if (r->colour >= COLOUR_ORANGE && a->colour < COLOUR_ORANGE && !a->why.approver.n)
			note(op, faults, fail(op, RC_INVALID, path, "",
			                      "告警 %s 须由两人办结：降色应写明批准人 approver",
			                      "%s is closed by two: a lesser colour needs its approver",
			                      a->rule.s));
	}
}

static void check_names(struct op *op, const struct profile *p, const struct modules *m,
                        const char *path, const struct profile_names *names,
                        struct profile_faults *faults)
{
	for (size_t k = 0; k < names->n; k++)
		if (!modules_role(m, names->list[k]) && !profile_office(p, names->list[k]))
			note(op, faults, fail(op, RC_INVALID, path, "", "既无角色也无单位 %s",
			                      "there is neither a role nor an office %s",
			                      names->list[k].s));
}

static void check_decisions(struct op *op, const struct profile *p, const struct modules *m,
                            struct profile_faults *faults)
{
	for (size_t i = 0; i < p->lists.ndecisions; i++) {
		const struct profile_decision *d = &p->lists.decisions[i];
		const struct {
			const char *list;
			const struct profile_names *names;
		} LISTS[] = {{"deciders", &d->deciders}, {"consulted", &d->consulted},
		             {"informed", &d->informed}};

		for (size_t k = 0; k < COUNT(LISTS); k++) {
			char path[PATH_BYTES];

			(void)snprintf(path, sizeof(path), "decisions/%zu/%s", i, LISTS[k].list);
			check_names(op, p, m, path, LISTS[k].names, faults);
		}
	}
}

static void check_ladders(struct op *op, const struct profile *p, const struct modules *m,
                          struct profile_faults *faults)
{
	for (size_t i = 0; i < p->nladders; i++)
		for (size_t k = 0; k < p->ladders[i].nrungs; k++) {
			const struct profile_rung *r = &p->ladders[i].rungs[k];
			char path[PATH_BYTES];

			if (modules_role(m, r->role))
				continue;
			(void)snprintf(path, sizeof(path), "ladders/%zu/rungs/%zu/role", i, k);
			note(op, faults, fail(op, RC_INVALID, path, "", "没有角色 %s",
			                      "there is no role %s", r->role.s));
		}
}

enum rc profile_fits_all(struct op *op, const struct profile *p, const struct modules *m,
                         struct profile_faults *faults)
{
	check_windows(op, p, m, faults);
	check_settings(op, p, m, faults);
	check_ladders(op, p, m, faults);
	check_decisions(op, p, m, faults);
	check_colours(op, p, m, faults);
	check_off(op, p, m, faults);
	if (!faults->total)
		return RC_OK;
	op->err = faults->first;
	return RC_INVALID;
}

enum rc profile_fits(struct op *op, const struct profile *p, const struct modules *m)
{
	struct profile_faults faults = {0};

	return profile_fits_all(op, p, m, &faults);
}
