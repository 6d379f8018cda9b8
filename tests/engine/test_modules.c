/* SPDX-License-Identifier: Apache-2.0 */
/* test_modules.c -- wrong rows do not start; statements stay in their own module's room. */
#include "kit/check.h"

#include "kit/toy_setup.h"

#include "engine/modules_private.h"

/* Each case changes one thing of the toy module; the program must not start, and say where. */
static enum rc start(const struct module *m, char *ret_field, size_t n)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct modules all;
	const struct module *list[] = {m};
	enum rc rc = modules_init(&op, list, 1, &all);

	if (rc == RC_OK)
		modules_release(&all);
	snprintf(ret_field, n, "%s", op.err.field);
	arena_release(&a);
	return rc;
}

#define COPY(type, list, count) \
	struct type copy[32]; \
	assert_true((count) <= COUNT(copy)); \
	memcpy(copy, list, (count) * sizeof(*copy))

static void refused(const struct module *m, const char *row)
{
	char field[64];

	assert_int_equal(start(m, field, sizeof(field)), RC_BROKEN);
	assert_string_equal(field, row);
}

static void the_toy_module_as_it_is_starts(void **state)
{
	char field[64];

	(void)state;
	assert_int_equal(start(&toy_module, field, sizeof(field)), RC_OK);
}

static void an_order_without_its_article_does_not_start(void **state)
{
	struct module m = toy_module;
	COPY(command, m.commands, m.ncommands);

	(void)state;
	copy[5].cites = NULL;
	m.commands = copy;
	refused(&m, "toy.open_gate");
}

static void a_command_for_an_unknown_role_does_not_start(void **state)
{
	static const struct allow NOBODY[] = {{"nobody", LEVEL_ANY}};
	struct module m = toy_module;
	COPY(command, m.commands, m.ncommands);

	(void)state;
	copy[0].allow = NOBODY;
	copy[0].nallow = 1;
	m.commands = copy;
	refused(&m, "toy.arrive");
}

static void a_command_that_nobody_may_give_does_not_start(void **state)
{
	struct module m = toy_module;
	COPY(command, m.commands, m.ncommands);

	(void)state;
	copy[0].nallow = 0;
	m.commands = copy;
	refused(&m, "toy.arrive");
}

static void an_event_without_its_chinese_does_not_start(void **state)
{
	struct module m = toy_module;
	COPY(event_type, m.events, m.nevents);

	(void)state;
	copy[2].zh = "";
	m.events = copy;
	refused(&m, "toy.looked");
}

static void a_posting_of_an_unknown_field_does_not_start(void **state)
{
	static const struct posting WRONG[] = {{"", "asset", "=printed", "nowhere", "sheets"}};
	struct module m = toy_module;
	COPY(event_type, m.events, m.nevents);

	(void)state;
	copy[0].postings = WRONG;
	m.events = copy;
	refused(&m, "toy.arrived");
}

static void an_expectation_of_an_unknown_event_does_not_start(void **state)
{
	struct module m = toy_module;
	COPY(expectation_rule, m.expectations, m.nexpectations);

	(void)state;
	copy[0].met_by = "toy.seen";
	m.expectations = copy;
	refused(&m, "toy.look");
}

static void an_alarm_without_a_next_action_does_not_start(void **state)
{
	struct module m = toy_module;
	COPY(alarm_rule, m.alarms, m.nalarms);

	(void)state;
	copy[3].next_zh = NULL;
	m.alarms = copy;
	refused(&m, "toy.short");
}

/* Owners are sought upwards, and the search must end. */
static void a_role_above_that_does_not_stand_higher_does_not_start(void **state)
{
	struct module m = toy_module;
	COPY(role, m.roles, m.nroles);

	(void)state;
	m.roles = copy;
	copy[0].above = copy[1].id;
	copy[0].level = LEVEL_COUNTY;
	copy[1].above = copy[0].id;
	copy[1].level = LEVEL_COUNTY;
	refused(&m, copy[0].id);
	copy[1].above = "nobody";
	copy[1].level = LEVEL_CITY;
	refused(&m, copy[1].id);
}

/* In an event, in a command, in the items of a list. */
static void a_field_whose_values_lack_words_does_not_start(void **state)
{
	struct lie {
		struct str place;
		int lies;
		struct list more;
	};
	static const char *const CODES[] = {"here", "gone"};
	static const struct word HALF[] = {{"在场", "here"}, {"", "gone"}};
	static const struct field BARE[] = {
		FIELD(struct lie, lies, F_ENUM, "去向", "where", .names = CODES, .max = COUNT(CODES)),
	};
	static const struct field MUTE[] = {
		FIELD(struct lie, lies, F_ENUM, "去向", "where", ENUM_OF(CODES, HALF)),
	};
	static const struct field DEEP[] = {
		FIELD(struct lie, more, F_LIST, "去向", "where", .list_of = BARE, .list_n = 1,
		      .list_size = sizeof(struct lie)),
	};
	static const struct field ASKED[] = {
		FIELD(struct lie, place, F_PLACE, "地点", "place"),
		FIELD(struct lie, lies, F_ENUM, "去向", "where", .names = CODES, .max = COUNT(CODES)),
	};
	static const struct field *const BAD[] = {BARE, MUTE, DEEP};
	struct module m = toy_module, n = toy_module;
	struct command order = n.commands[0];
	COPY(event_type, m.events, m.nevents);

	(void)state;
	m.events = copy;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		copy[2].fields = BAD[i];
		copy[2].nfields = 1;
		copy[2].size = sizeof(struct lie);
		refused(&m, "toy.looked");
	}
	order.fields = ASKED;
	order.nfields = COUNT(ASKED);
	order.size = sizeof(struct lie);
	n.commands = &order;
	n.ncommands = 1;
	refused(&n, "toy.arrive");
}

static void a_column_without_labels_or_words_does_not_start(void **state)
{
	static const struct sql ALL = {"SELECT code, lies FROM toy_parcel", 0};
	static const char *const CODES[] = {"here", "gone"};
	static const struct word HERE[] = {{"在场", "here"}, {"已离场", ""}};
	static const struct column MUTE[] = {COLUMN("code", F_CODE, "", "parcel")};
	static const struct column BARE[] = {COLUMN("lies", F_ENUM, "去向", "where")};
	static const struct column HALF[] = {COLUMN_STATES("lies", HERE, "去向", "where")};
	static const struct column FEW[] = {
		{.name = "lies", .type = F_ENUM, .codes = CODES, .ncodes = 2, .words = HERE, .nwords = 1,
		 .zh = "去向", .en = "where"},
	};
	static const struct column *const BAD[] = {MUTE, BARE, HALF, FEW};
	struct module m = toy_module;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		struct view v = {"toy/parcels", "包裹", "parcels", NULL, &ALL, BAD[i], 1};

		m.views = &v;
		m.nviews = 1;
		refused(&m, "toy/parcels");
	}
}

static void a_name_declared_twice_does_not_start(void **state)
{
	struct module m = toy_module;
	COPY(command, m.commands, m.ncommands);

	(void)state;
	copy[1] = copy[0];
	m.commands = copy;
	refused(&m, "toy.arrive");
}

static void a_profile_without_a_window_that_is_asked_for_is_invalid(void **state)
{
	struct arena keep = {0}, a = {0};
	struct op op = {.arena = &a};
	struct profile p;
	struct modules all;

	(void)state;
	assert_ok(modules_init(&op, TOY_MODULES, 1, &all));
	assert_ok(profile_read(&op, &keep, str_of(TOY_PROFILE), &p));
	assert_ok(profile_fits(&op, &p, &all));
	p.nsteps--;
	assert_int_equal(profile_fits(&op, &p, &all), RC_INVALID);
	assert_string_equal(op.err.field, "steps");
	modules_release(&all);
	arena_release(&keep);
	arena_release(&a);
}

static bool own_tables(void *ctx, const char *table, bool write)
{
	const struct module *m = ctx;
	const struct module_index *x = K.modules.index;
	size_t i, j;

	(void)write;
	for (i = 0; i < x->nall; i++)
		for (j = 0; j < x->all[i]->ntables; j++) {
			const struct module *o = x->all[i];
			bool same = o == m || (o->group && m->group && strcmp(o->group, m->group) == 0);
			if (strcmp(o->tables[j].name, table) == 0)
				return same;
		}
	return strncmp(table, "sqlite_", 7) == 0;
}

/* All that a module can run is in its table of statements, so looking at those is enough. */
static void statements_touch_their_own_modules_tables_only(void **state)
{
	const struct module_index *x = K.modules.index;
	struct db *db;
	size_t i, j, n = 0;

	(void)state;
	assert_ok(db_open_memory(&K.op, &db));
	assert_ok(projection_create(&K.op, db, &K.modules));
	for (i = 0; i < x->nall; i++) {
		db_set_table_filter(db, own_tables, (void *)(uintptr_t)x->all[i]);
		for (j = 0; j < x->all[i]->nsql; j++, n++)
			if (db_prepare(&K.op, db, &x->all[i]->sql[j]) != RC_OK)
				fail_msg("%s: %s: %s", x->all[i]->name, x->all[i]->sql[j].text, K.op.err.en);
	}
	assert_true(n > 40);
	/* The guard itself: a stranger's statement is refused. */
	db_set_table_filter(db, own_tables, (void *)(uintptr_t)&toy_module);
	assert_int_equal(db_prepare(&K.op, db, &(struct sql){"SELECT qty FROM book_balance", 0}),
	                 RC_BROKEN);
	db_close(db);
}

static void one_altered_cell_is_named(void **state)
{
	struct difference *d;
	struct db *next;
	size_t n;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_ok(writer_idle(&K.w));
	assert_ok(
		db_script(&K.op, K.store.view, "UPDATE toy_parcel SET sheets = 31 WHERE code = 'P7'"));
	assert_ok(store_view_next(&K.op, &K.store, &next));
	assert_ok(projection_make(&K.op, &K.store, &K.w.ledger, next, &K.modules, &K.w.profile));
	assert_ok(projection_compare(&K.op, K.store.view, next, &K.modules, &d, &n));
	assert_int_equal(n, 1);
	assert_str(d->table, "toy_parcel");
	assert_str(d->key, "code=P7");
	assert_str(d->column, "sheets");
	assert_str(d->left, "31");
	assert_str(d->right, "30");
	assert_ok(store_view_drop(&K.op, &K.store, next));
}

static void a_disabled_row_is_as_if_it_were_not_there(void **state)
{
	(void)state;
	assert_true(modules_disable(&K.modules, STR("alarm:toy.arrival")));
	assert_true(modules_disable(&K.modules, STR("expectation:toy.look")));
	assert_false(modules_disable(&K.modules, STR("alarm:toy.nothing")));
	assert_false(modules_disable(&K.modules, STR("sql:toy/99")));
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(kit_alarms(&K, "toy.arrival"), 0);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM expectation WHERE rule = 'toy.look'"), 0);
}

/* The projections say under which tables and revisions they were made. */
static void a_raised_revision_rebuilds_the_projections_at_the_next_start(void **state)
{
	struct module newer = toy_module;
	const struct module *list[] = {&newer};

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_ok(writer_idle(&K.w));
	assert_ok(db_script(&K.op, K.store.view, "UPDATE toy_parcel SET sheets = 31"));
	kit_reopen(&K);
	assert_int_equal(kit_sql(&K, "SELECT sheets FROM toy_parcel"), 31); /* nothing asked for it */
	newer.rev++;
	modules_release(&K.modules);
	assert_ok(modules_init(&K.op, list, 1, &K.modules));
	kit_reopen(&K);
	assert_int_equal(kit_sql(&K, "SELECT sheets FROM toy_parcel"), 30);
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	kit_check_rebuild(&K, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_toy_module_as_it_is_starts),
		cmocka_unit_test(an_order_without_its_article_does_not_start),
		cmocka_unit_test(a_command_for_an_unknown_role_does_not_start),
		cmocka_unit_test(a_command_that_nobody_may_give_does_not_start),
		cmocka_unit_test(an_event_without_its_chinese_does_not_start),
		cmocka_unit_test(a_posting_of_an_unknown_field_does_not_start),
		cmocka_unit_test(an_expectation_of_an_unknown_event_does_not_start),
		cmocka_unit_test(an_alarm_without_a_next_action_does_not_start),
		cmocka_unit_test(a_role_above_that_does_not_stand_higher_does_not_start),
		cmocka_unit_test(a_field_whose_values_lack_words_does_not_start),
		cmocka_unit_test(a_column_without_labels_or_words_does_not_start),
		cmocka_unit_test(a_name_declared_twice_does_not_start),
		cmocka_unit_test(a_profile_without_a_window_that_is_asked_for_is_invalid),
		T(statements_touch_their_own_modules_tables_only), T(one_altered_cell_is_named),
		T(a_disabled_row_is_as_if_it_were_not_there),
		T(a_raised_revision_rebuilds_the_projections_at_the_next_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
