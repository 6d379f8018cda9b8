/* SPDX-License-Identifier: Apache-2.0 */
/* test_papers.c -- one box from a vehicle into a store, as a county types it: the hand-over whose
 * counts differ, its alarm, the hand-over that is right, the bag's life and the books.
 */
#include "kit/check.h"

#include "shell.h"

static struct shell S;

static void place(const char *path, const char *kind)
{
	assert_status(&S, sh(&S, "place add --place %s --kind %s --name 某处", path, kind), 0);
}

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	shell_begin(&S);
	place("sc/cd/jn", "area");
	place("sc/cd/jn/store", "store");
	place("sc/cd/jn/s01", "site");
	shell_worker(&S, "W1", "county_office", "sc/cd/jn");
	shell_worker(&S, "W2", "courier", "sc/cd/jn");
	shell_worker(&S, "W3", "courier", "sc/cd/jn");
	shell_worker(&S, "W4", "store_keeper", "sc/cd/jn/store");
	shell_worker(&S, "W5", "store_keeper", "sc/cd/jn/store");
	assert_status(&S, sh(&S, "authority found"), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

static void papers_are_registered_and_stand_in_the_books(void **state)
{
	const struct json *b;

	(void)state;
	assert_status(&S, sh(&S, "custody register-vehicle --place sc/cd/jn --code V3 --plate"
	                     " 川A12345 --as W1"), 0);
	assert_status(&S, sh(&S, "custody register-consignment --place sc/cd/jn --code C1 --holder"
	                     " V3 --boxes 1 --bags 2 --as W1"), 0);
	assert_status(&S, sh(&S, "custody register-box --code BX1 --consignment C1 --session"
	                     " d1-chinese --destined sc/cd/jn/s01 --seal S1 --as W1"), 0);
	assert_status(&S, sh(&S, "custody register-bag --code 2025-001 --box BX1 --seal SB1 --kind"
	                     " paper --copies 30 --as W1"), 0);
	assert_status(&S, sh(&S, "custody register-bag --code 2025-002 --box BX1 --seal SB2 --kind"
	                     " spare --copies 5 --as W1"), 0);
	assert_status(&S, sh_json(&S, "custody balance"), 0);
	assert_true(json_bool(S.doc, "balanced", false));
	b = json_get(S.doc, "balances");
	assert_int_equal(b->count, 4); /* two assets, each in the vehicle and against "printed" */
}

static int hand_over(const char *received, const char *second)
{
	struct str boxes = str_fmt(&S.arena,
	                           "[{\"box\":\"BX1\",\"seal\":\"S1\",\"seal_ok\":true,\"given\":2,"
	                           "\"received\":%s}]", received);
	struct str file = shell_path(&S, "boxes.json");

	shell_write(&S, file, boxes.s);
	return sh_json(&S, "custody hand-over --place sc/cd/jn/store --from V3 --to sc/cd/jn/store"
	               " --boxes %s --note 王小明代签 --as W4 --slot giver=badge:W2 --slot"
	               " giver=badge:W3 --slot receiver=badge:W4 --slot %s",
	               str_fmt(&S.arena, "@%s", file.s).s, second);
}

static void one_person_does_not_give_and_receive(void **state)
{
	(void)state;
	assert_int_equal(hand_over("2", "receiver=badge:W3"), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "slot");
}

static const struct json *alarm(const char *rule)
{
	assert_status(&S, sh_json(&S, "alarm list sc/cd/jn"), 0);
	for (const struct json *a = json_get(S.doc, "alarms")->first; a; a = a->next)
		if (str_is(json_str(a, "rule"), rule))
			return a;
	return NULL;
}

static void unequal_counts_are_recorded_and_alarmed_and_move_nothing(void **state)
{
	const struct json *a;

	(void)state;
	assert_status(&S, hand_over("1", "receiver=badge:W5"), 0);
	a = alarm("custody.counts_differ");
	assert_non_null(a);
	assert_str(json_str(a, "colour"), "red");
	assert_str(json_str(a, "subject"), "BX1");
	assert_status(&S, sh(&S, "alarm list --lang zh"), 0);
	assert_true(shell_said(&S, "红") && shell_said(&S, "待签收") && shell_said(&S, "重新清点"));
	assert_status(&S, sh(&S, "alarm list --lang en"), 0);
	assert_true(shell_said(&S, "count again"));
	assert_status(&S, sh_json(&S, "custody balance sc/cd/jn/store"), 0);
	assert_int_equal(json_get(S.doc, "balances")->count, 0);
}

static void equal_counts_move_the_box(void **state)
{
	const struct json *b;

	(void)state;
	assert_status(&S, hand_over("2", "receiver=badge:W5"), 0);
	assert_status(&S, sh_json(&S, "custody balance sc/cd/jn/store"), 0);
	b = json_get(S.doc, "balances")->first;
	assert_str(json_str(b, "holder"), "sc/cd/jn/store");
	assert_int_equal(json_int(b, "qty", 0), 30);
	assert_int_equal(json_int(json_get(S.doc, "holdings")->first, "bags", 0), 2);
	assert_status(&S, sh(&S, "custody balance --lang zh"), 0);
	assert_true(shell_said(&S, "语文 试卷") && shell_said(&S, "语文 备用卷") && shell_said(&S, "印制"));
	assert_true(shell_said(&S, "收支平衡"));
}

static void a_bag_tells_its_whole_life(void **state)
{
	const struct json *steps;
	int64_t second;

	(void)state;
	assert_status(&S, sh_json(&S, "custody trace 2025-001"), 0);
	steps = json_get(S.doc, "steps");
	assert_int_equal(steps->count, 2);
	assert_str(json_str(steps->first, "holder"), "V3");
	assert_str(json_str(steps->first->next, "event"), "custody.handed_over");
	assert_str(json_str(steps->first->next, "holder"), "sc/cd/jn/store");
	second = json_int(steps->first->next, "index", 0);
	assert_status(&S, sh_json(&S, "custody trace 2025-001 --as-of %s",
	                          str_fmt(&S.arena, "%lld", (long long)second).s), 0);
	assert_int_equal(json_get(S.doc, "steps")->count, 1);
	assert_status(&S, sh(&S, "custody trace 2025-001 --lang zh"), 0);
	assert_true(shell_said(&S, "试卷箱交接") && shell_said(&S, "此后保管"));
}

static void an_entry_shows_labels_and_its_signatures(void **state)
{
	long long index;

	(void)state;
	assert_status(&S, sh_json(&S, "ledger list --type custody.handed_over"), 0);
	assert_int_equal(json_get(S.doc, "entries")->count, 1);
	index = (long long)json_int(json_get(S.doc, "entries")->first, "index", 0);
	assert_status(&S, sh(&S, "ledger show %lld --lang zh", index), 0);
	assert_true(shell_said(&S, "giver") && shell_said(&S, "W2") && shell_said(&S, "证件"));
	assert_true(shell_said(&S, "语文 试卷"));
}

/* A name typed into a free text is nowhere in the ledger or an export. */
static void a_name_typed_into_a_remark_stays_in_the_vault(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "ledger export %s", shell_path(&S, "out").s), 0);
	shell_system(&S, "! grep -rqE '王小明|工作人员乙|川A12345' '%s/out'", S.top.s);
	if (!S.url.n)
		shell_system(&S, "! grep -qaE '王小明|工作人员乙|川A12345' '%s'/*.db*", S.data.s);
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(papers_are_registered_and_stand_in_the_books),
		cmocka_unit_test(one_person_does_not_give_and_receive),
		cmocka_unit_test(unequal_counts_are_recorded_and_alarmed_and_move_nothing),
		cmocka_unit_test(equal_counts_move_the_box),
		cmocka_unit_test(a_bag_tells_its_whole_life),
		cmocka_unit_test(an_entry_shows_labels_and_its_signatures),
		cmocka_unit_test(a_name_typed_into_a_remark_stays_in_the_vault),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
