/* SPDX-License-Identifier: Apache-2.0 */
/* test_story.c -- one office from its founding to its export, by commands alone.
 *
 * The tests run in order on one folder; each leaves it a little further.
 */
#include "kit/check.h"

#include "ledger/checkpoint.h"
#include "shell.h"

static struct shell S;

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

static int64_t size(void)
{
	assert_status(&S, sh_json(&S, "ledger checkpoint"), 0);
	return json_int(S.doc, "size", -1);
}

static void a_new_office_says_what_to_do_next(void **state)
{
	struct str profile = str_fmt(&S.arena, "%s/profiles/demo.json", getenv("GONGYUAN_SOURCE"));

	(void)state;
	S.lang = "en";
	assert_status(&S, sh(&S, "init --profile %s", profile.s), 0);
	assert_true(shell_said(&S, "help first-steps"));
	S.lang = NULL;
	shell_system(&S, "rm -rf '%s' '%s.checkpoint'", S.data.s, S.data.s);
	if (S.url.n)
		skip();
	assert_status(&S, sh_json(&S, "init --profile %s --origin a.example/x", profile.s), 0);
	assert_str(json_str(S.doc, "origin"), "a.example/x");
	assert_int_equal(json_str(S.doc, "profile").n, 64);
	shell_system(&S, "rm -rf '%s' '%s.checkpoint'", S.data.s, S.data.s);
}

static void three_administrators_found_the_office(void **state)
{
	(void)state;
	if (S.url.n) { /* the first test left its schemas behind */
		shell_close(&S);
		shell_open(&S);
	}
	shell_found(&S);
	assert_status(&S, sh_json(&S, "ledger list --type authority.founded"), 0);
	assert_int_equal(json_get(S.doc, "entries")->count, 1);
	/* From now on nobody records without a grant. */
	assert_status(&S, sh_json(&S, "place add --place sc/cd/x --kind area --name x"), 3);
	assert_str(json_str(json_get(S.doc, "error"), "code"), "denied");
	assert_status(&S, sh(&S, "place add --place sc/cd/x --kind area --name x --as P3"), 3);
}

static void a_command_gives_index_leaf_and_checkpoint(void **state)
{
	int64_t before = size();

	(void)state;
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn --kind area --name 某县 --as P1"), 0);
	assert_int_equal(json_int(S.doc, "index", -1), before);
	assert_int_equal(json_str(S.doc, "leaf").n, 64);
	assert_true(str_starts(json_str(S.doc, "checkpoint"), STR("test.example/1\n")));
	assert_int_equal(size(), before + 1);
	assert_status(&S, sh(&S, "place add --place sc/cd/jn/store --kind store --name 保密室 --as P1"
	                     " --lang zh"), 0);
	assert_true(shell_said(&S, "已登记") && shell_said(&S, "登记地点") && shell_said(&S, "+08:00"));
	assert_status(&S, sh(&S, "place add --place sc/cd/jn/s01 --kind site --name 一中 --as P1"
	                     " --lang en"), 0);
	assert_true(shell_said(&S, "recorded: entry"));
}

static void the_same_key_records_once(void **state)
{
	static const char *const key = "01890000-0000-7000-8000-000000000001";
	int64_t index, before = size();

	(void)state;
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/s02 --kind site --name 二中 --as P1"
	                          " --key %s", key), 0);
	index = json_int(S.doc, "index", -1);
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/s02 --kind site --name 二中 --as P1"
	                          " --key %s", key), 0);
	assert_int_equal(json_int(S.doc, "index", -1), index);
	assert_true(json_bool(S.doc, "repeated", false));
	assert_int_equal(size(), before + 1);
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/s03 --kind site --name 二中 --as P1"
	                          " --key %s", key), 2);
	assert_int_equal(size(), before + 1);
}

static void wrong_input_names_the_field_and_changes_nothing(void **state)
{
	int64_t before = size();
	const struct json *e;

	(void)state;
	assert_status(&S, sh_json(&S, "place add --place SC/CD --kind area --name x --as P1"), 2);
	e = json_get(S.doc, "error");
	assert_str(json_str(e, "field"), "place");
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/q --kind fort --name x --as P1"), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "kind");
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/q --kind area --name x --as P1"
	                          " --at 2030-01-01T00:00:00Z"), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "at");
	assert_status(&S, sh_json(&S, "place add --kind area --name x --as P1"), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "place");
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/q --kind area --name x --as"
	                          " NOBODY9"), 1);
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/q --kind area --name x --as P1"
	                          " --happened yesterday"), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "happened");
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/q --kind area --name x --as P1"
	                          " --source rumour"), 2);
	assert_status(&S, sh_json(&S, "place add --place sc/cd/jn/q --kind area --name x --as P1"
	                          " --slot granter"), 2);
	assert_int_equal(size(), before);
}

static void a_grant_is_signed_by_two_keys(void **state)
{
	struct str p2, p3, file = shell_path(&S, "grant.json"), granter, approver;
	int64_t before = size();
	struct json *prepared;

	(void)state;
	assert_status(&S, sh(&S, "people register --code P4 --unit U1 --secrecy true --name 王小明"
	                     " --as P1"), 3); /* not an administrator's work */
	assert_status(&S, sh_json(&S, "authority grant --person P2 --role county_office --place"
	                          " sc/cd/jn --as P2 --slot granter=key:P2 --slot approver=key:P3"
	                          " --print-statement"), 0);
	assert_int_equal(size(), before); /* only printed */
	assert_status(&S, sh_json(&S, "authority grant --person P3 --role vault_reader --place"
	                          " sc/cd --as P2 --slot granter=key:P2 --slot approver=key:P1"
	                          " --print-statement"), 0);
	prepared = S.doc;
	shell_write(&S, file, S.out.s);
	granter = shell_sign(&S, prepared, "granter", "P2");
	approver = shell_sign(&S, prepared, "approver", "P3"); /* the wrong person's key */
	p2 = str_fmt(&S.arena, "granter=key:P2:%s", granter.s);
	p3 = str_fmt(&S.arena, "approver=key:P1:%s", approver.s);
	assert_status(&S, sh_json(&S, "authority grant --prepared %s --as P2 --slot %s --slot %s",
	                          file.s, p2.s, p3.s), 3);
	approver = shell_sign(&S, prepared, "approver", "P1");
	p3 = str_fmt(&S.arena, "approver=key:P1:%s", approver.s);
	assert_status(&S, sh_json(&S, "authority grant --prepared %s --as P2 --role courier --slot"
	                          " %s --slot %s", file.s, p2.s, p3.s), 2);
	assert_status(&S, sh_json(&S, "authority grant --prepared %s --as P2 --slot %s --slot %s",
	                          file.s, p2.s, p3.s), 4); /* an administrator holds no other role */
}

static void a_half_signed_order_waits_and_is_completed(void **state)
{
	int64_t begun;
	struct str index;

	(void)state;
	assert_status(&S, sh_json(&S, "authority revoke-key --person P1 --as P2 --slot"
	                          " granter=badge:P2"), 0);
	assert_true(json_bool(S.doc, "waiting", false));
	begun = json_int(S.doc, "index", -1);
	index = str_fmt(&S.arena, "%lld", (long long)begun);
	assert_status(&S, sh_json(&S, "ledger list --type authority.key_revoked"), 0);
	assert_int_equal(json_get(S.doc, "entries")->count, 0);
	assert_status(&S, sh_json(&S, "slot sign --begun %s --as P3 --slot approver=badge:P3",
	                          index.s), 0);
	assert_status(&S, sh_json(&S, "ledger list --type authority.key_revoked"), 0);
	assert_int_equal(json_get(S.doc, "entries")->count, 1);
	assert_status(&S, sh(&S, "slot sign --begun %s --as P3 --slot approver=badge:P3",
	                     index.s), 4);
}

static void a_receipt_proves_its_entry_offline(void **state)
{
	struct hasher *h = hasher_new(HASH_SHA256);
	struct checkpoint c;
	struct receipt r;
	struct hash leaf;
	struct note n;

	(void)state;
	assert_status(&S, sh_json(&S, "ledger show 5"), 0);
	assert_true(hex_decode(json_str(S.doc, "leaf"), leaf.b, sizeof(leaf.b)));
	assert_int_equal(json_int(json_get(S.doc, "entry"), "idx", -1), 5);
	assert_status(&S, sh(&S, "ledger proof 5"), 0);
	assert_ok(receipt_parse(&S.op, S.out, &r));
	assert_int_equal(r.index, 5);
	assert_ok(note_parse(&S.op, r.note, &n));
	assert_ok(checkpoint_parse(&S.op, n.text, &c));
	assert_true(tree_verify_inclusion(h, &r.proof, 5, c.size, &leaf, &c.root));
	leaf.b[0] ^= 1;
	assert_false(tree_verify_inclusion(h, &r.proof, 5, c.size, &leaf, &c.root));
	hasher_free(h);
	assert_status(&S, sh(&S, "ledger proof 999999"), 1);
	assert_status(&S, sh(&S, "ledger show 999999"), 1);
	assert_status(&S, sh(&S, "ledger proof -1"), 2);
}

static void the_checkpoint_outside_is_the_newest(void **state)
{
	struct str known, note;

	(void)state;
	assert_status(&S, sh(&S, "ledger checkpoint"), 0);
	note = S.out;
	known = shell_read(&S, str_fmt(&S.arena, "%s.checkpoint", S.data.s));
	assert_true(str_eq(note, known));
}

static void an_entry_is_shown_with_labels_and_without_personal_texts(void **state)
{
	long long index;

	(void)state;
	assert_status(&S, sh_json(&S, "ledger list --type people.person_registered"), 0);
	index = (long long)json_int(json_get(S.doc, "entries")->first, "index", 0);
	assert_status(&S, sh(&S, "ledger show %lld --lang zh", index), 0);
	assert_true(shell_said(&S, "工作证号") && shell_said(&S, "P1"));
	assert_false(shell_said(&S, "管理员甲"));
	assert_true(shell_said(&S, "保密库"));
}

static void an_entry_is_shown_in_words_and_keeps_its_codes(void **state)
{
	long long index = 0;

	(void)state;
	assert_status(&S, sh_json(&S, "ledger list --type place.added"), 0);
	for (const struct json *o = json_get(S.doc, "entries")->first; o; o = o->next)
		if (str_is(json_str(o, "place"), "sc/cd/jn/store"))
			index = (long long)json_int(o, "index", 0);
	assert_true(index > 0);
	assert_status(&S, sh(&S, "ledger show %lld --lang zh", index), 0);
	assert_true(shell_said(&S, "  类别  保密室"));
	assert_status(&S, sh(&S, "ledger show %lld --lang en", index), 0);
	assert_true(shell_said(&S, "  kind   secrecy room"));
	assert_status(&S, sh_json(&S, "ledger show %lld", index), 0);
	assert_str(json_str(json_get(json_get(S.doc, "entry"), "data"), "kind"), "store");
}

static void an_export_holds_no_name_and_its_rules(void **state)
{
	struct str out = shell_path(&S, "export"), root;

	(void)state;
	assert_status(&S, sh_json(&S, "ledger export %s", out.s), 0);
	root = str_copy(&S.arena, json_str(S.doc, "root"));
	assert_int_equal(root.n, 64);
	shell_system(&S, "cd '%s' && test -f checkpoint && test -f vkey && test -f policy && "
	             "test $(ls rules/*.json | wc -l) -ge 1 && test -d tile/entries", out.s);
	shell_system(&S, "cd '%s/rules' && for f in *.json; do "
	             "test $(sha256sum < $f | cut -c1-64).json = $f || exit 1; done", out.s);
	shell_system(&S, "! grep -rqE '管理员甲|某县|保密室' '%s'", out.s);
	assert_int_equal(json_int(S.doc, "size", 0), size());
}

static void lists_are_empty_where_nothing_happened(void **state)
{
	(void)state;
	assert_status(&S, sh_json(&S, "expect list"), 0);
	assert_int_equal(json_get(S.doc, "expectations")->type, JSON_ARRAY);
	assert_status(&S, sh_json(&S, "custody balance sc/cd"), 0);
	assert_true(json_bool(S.doc, "balanced", false));
	assert_int_equal(json_get(S.doc, "balances")->count, 0);
	assert_status(&S, sh(&S, "custody trace NO-SUCH-1"), 1);
	assert_status(&S, sh(&S, "custody balance 'Nowhere Land'"), 2);
	assert_status(&S, sh(&S, "expect list --state happy"), 2);
}

static void the_doctor_finds_nothing_and_a_rebuild_changes_nothing(void **state)
{
	struct str first, second;

	(void)state;
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
	assert_status(&S, sh_json(&S, "db rebuild"), 0);
	first = S.out;
	assert_status(&S, sh_json(&S, "db rebuild --until %s --into %s",
	                          str_fmt(&S.arena, "%lld", (long long)size()).s,
	                          shell_path(&S, "beside").s), 0);
	second = S.out;
	assert_true(str_eq(first, second));
	assert_status(&S, sh_json(&S, "db rebuild --until 4 --into %s",
	                          shell_path(&S, "earlier").s), 0);
	assert_false(str_eq(first, S.out));
	assert_status(&S, sh(&S, "db rebuild --until 4"), 2);
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
}

/* One drill of three commands; its root. */
static struct str drill(const char *seed)
{
	struct str profile;

	if (!S.url.n)
		shell_system(&S, "rm -rf '%s' '%s.checkpoint'", S.data.s, S.data.s);
	else {
		shell_close(&S);
		shell_open(&S);
	}
	profile = str_fmt(&S.arena, "%s/profiles/demo.json", getenv("GONGYUAN_SOURCE"));
	assert_status(&S, sh(&S, "init --profile %s --drill --seed %s", profile.s, seed), 0);
	assert_status(&S, sh(&S, "place add --place sc --kind area --name 省"), 0);
	assert_status(&S, sh(&S, "place add --place sc/cd --kind area --name 市 --at"
	                     " 2025-06-06T12:00:00+08:00"), 0);
	assert_true(shell_said(&S, "演练"));
	assert_status(&S, sh_json(&S, "ledger checkpoint"), 0);
	return str_copy(&S.arena, json_str(S.doc, "root"));
}

static void a_drill_of_one_seed_has_one_root(void **state)
{
	char one[65], two[65], other[65];

	(void)state;
	snprintf(one, sizeof(one), "%s", drill("7").s);
	snprintf(two, sizeof(two), "%s", drill("7").s);
	snprintf(other, sizeof(other), "%s", drill("8").s);
	assert_string_equal(one, two);
	assert_string_not_equal(one, other);
	assert_status(&S, sh_json(&S, "ledger list"), 0);
	assert_true(str_starts(json_str(json_get(S.doc, "entries")->first, "time"), STR("2025-06-06")));
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_office_says_what_to_do_next),
		cmocka_unit_test(three_administrators_found_the_office),
		cmocka_unit_test(a_command_gives_index_leaf_and_checkpoint),
		cmocka_unit_test(the_same_key_records_once),
		cmocka_unit_test(wrong_input_names_the_field_and_changes_nothing),
		cmocka_unit_test(a_grant_is_signed_by_two_keys),
		cmocka_unit_test(a_half_signed_order_waits_and_is_completed),
		cmocka_unit_test(a_receipt_proves_its_entry_offline),
		cmocka_unit_test(the_checkpoint_outside_is_the_newest),
		cmocka_unit_test(an_entry_is_shown_with_labels_and_without_personal_texts),
		cmocka_unit_test(an_entry_is_shown_in_words_and_keeps_its_codes),
		cmocka_unit_test(an_export_holds_no_name_and_its_rules),
		cmocka_unit_test(lists_are_empty_where_nothing_happened),
		cmocka_unit_test(the_doctor_finds_nothing_and_a_rebuild_changes_nothing),
		cmocka_unit_test(a_drill_of_one_seed_has_one_root),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
