/* SPDX-License-Identifier: Apache-2.0 */
/* test_views.c -- what consoles read: every view has its columns and rows; holdings; one life. */
#include "kit/check.h"

#include "domain/acts.h"

#include "app/modules.h"
#include "domain/custody/custody.h"
#include "domain/people/people.h"

static int64_t rows_of(struct scene *s, const struct module *m, const char *path)
{
	struct op op = s->k.op;
	int64_t n = 0;

	op.db = s->k.store.view;
	for (size_t i = 0; i < m->nviews; i++) {
		AUTO(rows) r = {0};

		if (strcmp(m->views[i].path, path) != 0)
			continue;
		assert_ok(sql_query(&op, m->views[i].sql, NO_ARGS, &r));
		assert_int_equal(rows_columns(&r), m->views[i].ncolumns + m->views[i].norder);
		while (rows_next(&r))
			n++;
		return n;
	}
	fail_msg("no view %s", path);
	return -1;
}

static void every_view_shows_its_rows(void **state)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s,
	     {"a post", NULL, OFFICE, "people.assign_post",
	      "{'person':'P0014','place':'sc/cd/jn','role':'courier'}"},
	     {"one bag short", NULL, "P0014", "custody.hand_over",
	      "{'place':'sc/cd/jn','from':'V1','to':'" SITE
	      "','boxes':[{'box':'BX-CHE-01','seal':'SB-2',"
	      "'seal_ok':true,'given':2,'received':1}]}",
	      "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0003 receiver=badge:P0004",
	      .alarm = "custody.counts_differ"});
	assert_int_equal(rows_of(&s, &people_module, "people/persons"), 45);
	assert_int_equal(rows_of(&s, &people_module, "people/posts"), 1);
	assert_int_equal(rows_of(&s, &custody_view_module, "custody/holdings"), 3);
	assert_int_equal(rows_of(&s, &custody_view_module, "custody/boxes"), 4);
	assert_int_equal(rows_of(&s, &custody_view_module, "custody/disputes"), 1);
	assert_int_equal(rows_of(&s, &custody_view_module, "custody/guards"), 3);
	scene_close(&s);
	(void)state;
}

static void a_place_holds_what_its_books_say(void **state)
{
	struct custody_holding *h;
	struct scene s;
	struct op op;
	size_t n;

	scene_opened(&s);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(custody_holdings(&op, STR(SITE), &h, &n));
	assert_int_equal(n, 2);
	assert_str(h[0].holder, SITE);
	assert_int_equal(h[0].state, BAG_PACKED);
	assert_int_equal(h[0].copies, scene_balance(&s, "paper.chinese.paper", SITE));
	assert_str(h[1].holder, ROOM);
	assert_int_equal(h[1].state, BAG_OPENED);
	assert_int_equal(h[1].bags, 1);
	assert_int_equal(h[1].copies, 30);
	assert_ok(custody_holdings(&op, STR(""), &h, &n));
	assert_int_equal(n, 4);
	assert_ok(custody_holdings(&op, STR("sc/cd/jn/s0"), &h, &n)); /* s0 is not s01 */
	assert_int_equal(n, 0);
	scene_close(&s);
	(void)state;
}

static int64_t lying(struct scene *s, const char *code, int column)
{
	struct op op = s->k.op;
	int64_t at = -1;

	op.db = s->k.store.view;
	for (size_t i = 0; i < custody_view_module.nviews; i++) {
		AUTO(rows) r = {0};

		if (strcmp(custody_view_module.views[i].path, "custody/papers") != 0)
			continue;
		assert_ok(sql_query(&op, custody_view_module.views[i].sql, NO_ARGS, &r));
		while (rows_next(&r))
			if (str_is(rows_str(&r, 0), code))
				at = rows_int(&r, column);
	}
	return at;
}

static void each_bag_is_in_a_store_on_the_way_at_its_site_or_in_a_room(void **state)
{
	enum { LIES = 3, ENTRY = 9, STORED = 0, CARRIED, ARRIVED, GIVEN_OUT };
	struct custody_step *step;
	struct scene s;
	struct op op;
	size_t n;

	scene_open_with_papers(&s);
	assert_int_equal(lying(&s, "CHI-1", LIES), CARRIED); /* registered on the vehicle */
	scene_close(&s);
	scene_in_store(&s);
	assert_int_equal(lying(&s, "CHI-1", LIES), STORED);
	scene_close(&s);
	scene_at_site(&s);
	assert_int_equal(lying(&s, "CHI-1", LIES), ARRIVED);
	scene_close(&s);
	scene_opened(&s);
	assert_int_equal(lying(&s, "CHI-1", LIES), GIVEN_OUT);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(custody_trace(&op, STR("CHI-1"), -1, &step, &n));
	assert_int_equal(lying(&s, "CHI-1", ENTRY), step[n - 1].index);
	scene_close(&s);
	(void)state;
}

static void a_life_can_be_read_as_it_was(void **state)
{
	struct custody_step *step;
	struct scene s;
	struct op op;
	size_t n, all;

	scene_opened(&s);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(custody_trace(&op, STR("CHI-1"), -1, &step, &all));
	assert_int_equal(all, 6);
	assert_str(step[all - 1].event, "custody.bag_opened");
	assert_str(step[all - 1].place, ROOM);
	assert_ok(custody_trace(&op, STR("CHI-1"), step[3].index, &step, &n));
	assert_int_equal(n, 3);
	assert_int_equal(custody_trace(&op, STR("NO-1"), -1, &step, &n), RC_NOT_FOUND);
	assert_string_equal(op.err.field, "code");
	scene_close(&s);
	(void)state;
}

static bool are_apart(const struct slot *a, const struct slot *b)
{
	return (a->disjoint && strcmp(a->disjoint, b->name) == 0) ||
	       (b->disjoint && strcmp(b->disjoint, a->name) == 0);
}

/* Whoever holds two roles must not sign for two people. */
static void what_two_must_sign_one_cannot(void **state)
{
	(void)state;
	for (size_t i = 0; i < app_nmodules; i++)
		for (size_t k = 0; k < app_modules[i]->ncommands; k++) {
			const struct command *c = &app_modules[i]->commands[k];

			for (size_t a = 0; a < c->nslots; a++)
				for (size_t b = 0; b < a; b++)
					if (!c->slots[a].optional && !c->slots[b].optional &&
					    !are_apart(&c->slots[a], &c->slots[b]))
						fail_msg("%s: %s and %s may be one person", c->name, c->slots[b].name,
						         c->slots[a].name);
		}
}

/* Slots that anybody may sign who is registered, and those that are not awaited. */
static const char *const ANYBODY[] = {
	"custody.enter_room entrant", "custody.hand_process giver", "custody.hand_process receiver",
	"custody.issue_stock giver", "custody.issue_stock receiver", "custody.leave_room entrant",
	"custody.pack_bag packer",
	"duty.countersign decider", "duty.phone_decision taker", "people.declare_avoidance declarer",
};
static const char *const NOT_AWAITED[] = {
	"custody.enter_room entrant", "custody.hand_over observer", "custody.hand_process supervisor",
	"custody.issue_stock supervisor", "custody.leave_room entrant",
	"custody.open_site_store observer",
	"custody.release_boxes observer", "custody.seal_site_store observer",
	"custody.use_spare approver", "exam.adopt_profile decider", "service.correct_notice reviewer",
	"service.publish_notice reviewer", "service.withdraw_notice reviewer",
	"sitting.complete_violation noter", "sitting.open_isolation medic",
	"sitting.record_violation noter", "sitting.settle_incident decider",
};

static bool is_listed(const char *const *list, size_t n, const char *command, const char *slot)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(list[i], command, strlen(command)) == 0 &&
		    list[i][strlen(command)] == ' ' && strcmp(list[i] + strlen(command) + 1, slot) == 0)
			return true;
	return false;
}

/* An exception is made by writing it down here, not by leaving a word out of a table. */
static void a_slot_has_its_roles_and_is_awaited(void **state)
{
	(void)state;
	for (size_t i = 0; i < app_nmodules; i++)
		for (size_t k = 0; k < app_modules[i]->ncommands; k++) {
			const struct command *c = &app_modules[i]->commands[k];

			for (size_t a = 0; a < c->nslots; a++) {
				const struct slot *s = &c->slots[a];

				if (!s->roles != is_listed(ANYBODY, COUNT(ANYBODY), c->name, s->name))
					fail_msg("%s: %s has %s", c->name, s->name,
					         s->roles ? "roles, and is listed" : "no roles");
				if (s->optional !=
				    is_listed(NOT_AWAITED, COUNT(NOT_AWAITED), c->name, s->name))
					fail_msg("%s: %s is %s awaited", c->name, s->name,
					         s->optional ? "not" : "listed, and");
			}
		}
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(what_two_must_sign_one_cannot),
	cmocka_unit_test(a_slot_has_its_roles_and_is_awaited),
	cmocka_unit_test(every_view_shows_its_rows),
	cmocka_unit_test(a_place_holds_what_its_books_say),
	cmocka_unit_test(each_bag_is_in_a_store_on_the_way_at_its_site_or_in_a_room),
	cmocka_unit_test(a_life_can_be_read_as_it_was),
};
SCENE_MAIN(TESTS)
