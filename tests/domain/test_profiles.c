/* SPDX-License-Identifier: Apache-2.0 */
/* test_profiles.c -- every file of profiles/: it is read, it fits the modules, it says where each
 * row comes from, and none lacks a row that the demonstration has.
 */
#include "kit/check.h"

#include <dirent.h>

#include "app/modules.h"
#include "base/limits.h"
#include "db/store.h"
#include "domain/exam/candidate.h"
#include "domain/exam/exam.h"
#include "engine/modules_private.h"

enum { MOST = 16 };

struct shelf {
	struct arena arena;
	struct op op;
	struct modules modules;
	struct str name[MOST];
	struct profile profile[MOST];
	size_t n;
};

static void take(struct shelf *s, struct str dir, const char *name)
{
	struct str bytes, path = str_fmt(&s->arena, "%s/%s", dir.s, name);
	struct profile_faults faults = {0};
	enum rc rc;

	assert_true(s->n < MOST);
	assert_ok(file_read(&s->op, path, LIMIT_BLOB, &bytes));
	rc = profile_read_all(&s->op, &s->arena, bytes, &s->profile[s->n], &faults);
	if (rc == RC_OK)
		rc = profile_fits_all(&s->op, &s->profile[s->n], &s->modules, &faults);
	for (size_t i = 0; i < faults.n; i++)
		print_error("%s: %s: %s\n", name, faults.list[i].path.s, faults.list[i].en.s);
	assert_ok(rc);
	s->name[s->n++] = str_copy(&s->arena, str_of(name));
}

static int setup(void **state)
{
	struct shelf *s = calloc(1, sizeof(*s));
	const char *root = getenv("GONGYUAN_SOURCE");
	const struct dirent *e;
	struct str dir;
	DIR *d;

	s->op.arena = &s->arena;
	assert_ok(modules_init(&s->op, app_modules, app_nmodules, &s->modules));
	dir = str_fmt(&s->arena, "%s/profiles", root ? root : ".");
	d = opendir(dir.s);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (strstr(e->d_name, ".json"))
			take(s, dir, e->d_name);
	closedir(d);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct shelf *s = *state;

	modules_release(&s->modules);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static const struct profile *named(const struct shelf *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_is(s->name[i], name))
			return &s->profile[i];
	fail_msg("no profiles/%s", name);
	return NULL;
}

/* Loading was the test: setup fails on any fault. */
static void every_profile_fits_the_modules(void **state)
{
	const struct shelf *s = *state;

	assert_true(s->n >= 4);
}

/* No rule falls back on a number of the program's own. */
static void a_profile_without_a_number_founds_nothing(void **state)
{
	struct shelf *s = *state;
	const struct profile *whole = named(s, "demo.json");
	size_t asked = 0;

	for (size_t i = 0; i < s->modules.index->nall; i++)
		for (size_t k = 0; k < s->modules.index->all[i]->nsettings; k++) {
			const char *id = s->modules.index->all[i]->settings[k];
			struct profile less = *whole;

			if (strchr(id, '*'))
				continue; /* a family: as many as the profile likes */
			less.settings = arena_array(&s->arena, whole->nsettings, sizeof(*less.settings));
			less.nsettings = 0;
			for (size_t j = 0; j < whole->nsettings; j++)
				if (!str_is(whole->settings[j].id, id))
					less.settings[less.nsettings++] = whole->settings[j];
			assert_int_equal(profile_fits(&s->op, &less, &s->modules), RC_INVALID);
			assert_string_equal(s->op.err.field, "settings");
			assert_non_null(strstr(s->op.err.en, id));
			asked++;
		}
	assert_true(asked >= 50);
}

/* "print.copies.*" stands for what begins so. */
static bool names(const char *declared, struct str id)
{
	size_t n = strlen(declared) - 1;

	return str_is(id, declared) || (declared[n] == '*' && id.n > n &&
	                                memcmp(id.s, declared, n) == 0);
}

/* Figures of the rule book that no rule reads yet begin with another word. */
static bool is_of_a_module(const char *declared, struct str id)
{
	const char *dot = strchr(declared, '.');

	return dot && id.n > (size_t)(dot - declared) &&
	       memcmp(id.s, declared, (size_t)(dot - declared) + 1) == 0;
}

static bool is_asked_for(const struct modules *m, struct str id)
{
	bool ours = false;

	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t k = 0; k < m->index->all[i]->nsettings; k++)
			if (names(m->index->all[i]->settings[k], id))
				return true;
			else
				ours = ours || is_of_a_module(m->index->all[i]->settings[k], id);
	return !ours;
}

static void no_profile_has_a_number_that_nobody_asks_for(void **state)
{
	const struct shelf *s = *state;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->profile[i].nsettings; k++)
			if (!is_asked_for(&s->modules, s->profile[i].settings[k].id))
				fail_msg("%s: nobody asks for %s", s->name[i].s, s->profile[i].settings[k].id.s);
}

static void grounded(const char *file, const char *row, const struct profile_why *w)
{
	if (!w->source.n || !w->sure.n)
		fail_msg("%s: %s has no source", file, row);
}

static void every_row_says_where_it_comes_from(void **state)
{
	const struct shelf *s = *state;

	for (size_t i = 0; i < s->n; i++) {
		const struct profile *p = &s->profile[i];

		for (size_t k = 0; k < p->nsteps; k++)
			if (!p->steps[k].source.n || !p->steps[k].sure.n)
				fail_msg("%s: step %s has no source", s->name[i].s, p->steps[k].id.s);
		for (size_t k = 0; k < p->nsettings; k++)
			if (!p->settings[k].source.n || !p->settings[k].sure.n)
				fail_msg("%s: setting %s has no source", s->name[i].s, p->settings[k].id.s);
		if (str_is(p->id, "demo"))
			continue;
		assert_true(p->lists.rule_set.id.n && p->lists.nitems && p->lists.ndecisions);
		for (size_t k = 0; k < p->nsessions; k++)
			grounded(s->name[i].s, p->sessions[k].id.s, &p->sessions[k].why);
	}
}

/* A row of a module that is off there may be absent, and one about a subject that it has not. */
static bool may_lack(const struct profile *p, struct str id)
{
	static const char *const BY_SUBJECT[] = {"exam.elective.", "exam.choose.", "exam.language.",
	                                         "exam.entry_gate.", "exam.entry_room."};
	struct str module, rest;

	for (size_t i = 0; i < COUNT(BY_SUBJECT); i++)
		if (str_starts(id, str_of(BY_SUBJECT[i])))
			return true;
	if (!str_cut(id, '.', &module, &rest))
		return false;
	for (size_t i = 0; i < p->lists.noff; i++)
		if (str_eq(p->lists.off[i].module, module))
			return true;
	return false;
}

static bool has_setting(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->nsettings; i++)
		if (str_eq(p->settings[i].id, id))
			return true;
	return false;
}

static void lacks_none(const struct profile *p, const struct profile *of)
{
	for (size_t k = 0; k < of->nsteps; k++)
		if (!profile_step(p, of->steps[k].id) && !may_lack(p, of->steps[k].id))
			fail_msg("%s lacks the step %s of %s", p->id.s, of->steps[k].id.s, of->id.s);
	for (size_t k = 0; k < of->nsettings; k++)
		if (!has_setting(p, of->settings[k].id) && !may_lack(p, of->settings[k].id))
			fail_msg("%s lacks the setting %s of %s", p->id.s, of->settings[k].id.s, of->id.s);
}

/* The demonstration is small: the others may have more than it, but all the same. */
static void all_profiles_have_the_same_rows(void **state)
{
	const struct shelf *s = *state;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->n; k++)
			if (!str_is(s->profile[i].id, "demo"))
				lacks_none(&s->profile[i], &s->profile[k]);
}

static void the_examinations_are_what_they_say(void **state)
{
	const struct shelf *s = *state;
	const struct profile *g = named(s, "gaokao-2025.json"), *w = named(s, "gaokao-wenli.json");
	const struct profile *z = named(s, "zhongkao.json");
	const struct profile_session *english = profile_session(g, STR("d2-foreign"));

	assert_int_equal(g->nsessions, 9);
	assert_true(english->listening && english->entry_closes_s == -900);
	assert_int_equal(g->lists.ncombinations, 12);
	assert_str(profile_session(w, STR("d2-science"))->half_day, "2025-06-08/am");
	assert_int_equal(profile_session(w, STR("d2-arts"))->end_ms -
	                 profile_session(w, STR("d2-arts"))->start_ms, 9000000);
	/* A zhongkao is no national examination, and a city prints its own papers. */
	assert_false(str_eq(z->lists.rule_set.id, g->lists.rule_set.id));
	assert_null(profile_off(z, "custody_print"));
	assert_non_null(profile_off(g, "custody_print"));
	assert_non_null(profile_off(w, "custody_print"));
	assert_str(z->sessions[0].why.sure, "unconfirmed");
	/* Who chooses what: the lists agree with the settings that the registration asks. */
	for (size_t i = 0; i < g->lists.ncombinations; i++)
		assert_true(combination_valid(g, g->lists.combinations[i].id));
	for (size_t i = 0; i < w->lists.ncombinations; i++)
		assert_true(combination_valid(w, w->lists.combinations[i].id));
	assert_false(combination_valid(w, STR("physics.chemistry.biology")));
	assert_true(combination_valid(z, STR("")));
	assert_true(exam_takes(z, STR(""), STR("physics")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_profile_fits_the_modules),
		cmocka_unit_test(a_profile_without_a_number_founds_nothing),
		cmocka_unit_test(no_profile_has_a_number_that_nobody_asks_for),
		cmocka_unit_test(every_row_says_where_it_comes_from),
		cmocka_unit_test(all_profiles_have_the_same_rows),
		cmocka_unit_test(the_examinations_are_what_they_say),
	};

	return cmocka_run_group_tests_name("profiles", tests, setup, teardown);
}
