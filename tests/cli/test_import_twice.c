/* SPDX-License-Identifier: Apache-2.0 */
/* test_import_twice.c -- what an import leaves behind: nothing after a trial, nothing more the
 * second time, bad rows to be mended, units with their people, rights, and two thousand names.
 */
#include "import_kit.h"

#include "base/csv.h"
#include "db/store.h"

static void a_trial_changes_nothing_and_finds_the_same(void **state)
{
	struct str before = books(), trial;
	const char *name = file("m.csv", MISTAKES);
	const char *good = file("g.csv", "code,unit,name\nP11,U1,甲乙\nP12,U1,丙丁\n");

	(void)state;
	if (!S.url.n)
		shell_system(&S, "cd %s && sha256sum data/ledger.db data.checkpoint > sums", S.top.s);
	assert_status(&S, sh_json(&S, "import people %s --dry-run", name), 1);
	trial = str_copy(&S.arena, S.out);
	assert_status(&S, sh_json(&S, "import people %s --dry-run --skip-bad %s", good,
	                          shell_path(&S, "out.csv").s), 0);
	said(2, 2, 0);
	assert_false(file_exists(shell_path(&S, "out.csv")));
	if (!S.url.n)
		shell_system(&S, "cd %s && sha256sum --quiet -c sums", S.top.s);
	assert_status(&S, sh_json(&S, "import people %s", name), 1);
	assert_str(S.out, trial.s);
	assert_str(books(), before.s);
	assert_status(&S, sh(&S, "import people %s --dry-run", good), 0);
	assert_true(shell_said(&S, "未作任何登记"));
	assert_str(books(), before.s);
}

static void the_same_file_again_changes_nothing_and_says_so(void **state)
{
	const char *name = file("g.csv", "code,unit,name\nP11,U1,甲乙\nP12,U1,丙丁\n");
	struct str once;

	(void)state;
	assert_status(&S, sh(&S, "import people %s", name), 0);
	assert_true(shell_said(&S, "新登记 2 行，先前已导入 0 行"));
	once = books();
	assert_status(&S, sh(&S, "import people %s", name), 0);
	assert_true(shell_said(&S, "新登记 0 行，先前已导入 2 行"));
	assert_status(&S, sh_json(&S, "import people %s", name), 0);
	said(2, 2, 0);
	assert_status(&S, sh(&S, "import people %s --dry-run --lang en", name), 0);
	assert_true(shell_said(&S, "2 of them imported before"));
	assert_str(books(), once.s);
	/* Another file with the same rows is another import. */
	name = file("g.csv", "code,unit,name\nP11,U1,甲乙\nP12,U1,丙丁\n\n");
	assert_status(&S, sh_json(&S, "import people %s", name), 1);
	said(2, 0, 2);
	assert_str(books(), once.s);
}

/* Bad rows come back with their reasons, are mended, and go in. */
static void skipped_rows_are_mended_and_imported(void **state)
{
	static const char MENDED[] = "s/p12/P12/; s/也许/是/; s/U9/U1/; s/,否,,/,否,某人,/";
	const char *name = gb_file("m.csv", MISTAKES);
	struct str out = shell_path(&S, "out.csv");
	struct csv csv;
	struct str *cell;
	size_t n;

	(void)state;
	assert_status(&S, sh_json(&S, "import people %s --skip-bad %s", name, out.s), 1);
	said(10, 1, 10);
	assert_int_equal(entries("people.person_registered"), 3 + 1);
	assert_ok(csv_open(&S.op, shell_read(&S, out), &csv));
	assert_int_equal(csv.encoding, CSV_GB18030);
	assert_ok(csv_next(&csv, &cell, &n));
	assert_int_equal(n, 5);
	assert_str(cell[0], "工作证号");
	assert_str(cell[4], "未导入原因");
	assert_ok(csv_next(&csv, &cell, &n));
	assert_str(cell[0], "p12");
	assert_str(cell[3], "李四");
	assert_non_null(strstr(cell[4].s, "工作证号：应为编号"));
	/* The first four are mended, the rest stays as it was. */
	shell_system(&S, "cd %s && iconv -f GB18030 -t UTF-8 out.csv | sed '%s' > mended.csv",
	             S.top.s, MENDED);
	assert_status(&S, sh_json(&S, "import people %s --skip-bad %s",
	                          shell_path(&S, "mended.csv").s, out.s), 1);
	said(9, 4, 6);
	assert_int_equal(entries("people.person_registered"), 3 + 1 + 4);
	assert_ok(csv_open(&S.op, shell_read(&S, out), &csv));
	assert_int_equal(csv.encoding, CSV_UTF8);
	assert_ok(csv_next(&csv, &cell, &n));
	assert_int_equal(n, 5); /* one column of reasons, not two */
}

static void a_bad_row_is_no_formula_and_comes_back_as_it_was(void **state)
{
	const char *name = file("f.csv", "\xef\xbb\xbfname,code,unit\n=1+1,p1,U1\n@甲,p2,U1\n"
	                                 "+乙,p3,U1\n-丙,p4,U1\n'丁,p5,U1\n");
	struct str out = shell_path(&S, "out.csv"), text;

	(void)state;
	assert_status(&S, sh_json(&S, "import people %s --skip-bad %s", name, out.s), 1);
	said(5, 0, 5);
	text = shell_read(&S, out);
	assert_true(str_starts(text, STR("\xef\xbb\xbfname,code,unit,未导入原因\r\n'=1+1,p1,")));
	assert_non_null(strstr(text.s, "\r\n'@甲,") ? strstr(text.s, "\r\n'+乙,") : NULL);
	assert_non_null(strstr(text.s, "\r\n'-丙,") ? strstr(text.s, "\r\n'丁,") : NULL);
	/* The same rows come out of it again, and with one apostrophe. */
	assert_status(&S, sh_json(&S, "import people %s --skip-bad %s.2", out.s, out.s), 1);
	said(5, 0, 5);
	assert_str(shell_read(&S, shell_path(&S, "out.csv.2")), text.s);
}

/* A name may have 60 characters: with an apostrophe before it this one would be refused. */
static void an_apostrophe_that_was_put_on_is_taken_off(void **state)
{
	struct str out = shell_path(&S, "out.csv");
	char text[128];

	(void)state;
	snprintf(text, sizeof(text), "name,code,unit\n=%059d,p1,U1\n", 7);
	assert_status(&S, sh(&S, "import people %s --skip-bad %s", file("f.csv", text), out.s), 1);
	shell_system(&S, "sed -i s/p1/P11/ '%s'", out.s);
	assert_status(&S, sh_json(&S, "import people %s", out.s), 0);
	said(1, 1, 0);
}

static void the_file_itself_is_not_written_over(void **state)
{
	const char *name = file("g.csv", "code,unit,name\nP11,U1,甲乙\np2,U1,丙丁\n");
	struct str before = books(), text = str_copy(&S.arena, shell_read(&S, str_of(name)));

	(void)state;
	assert_status(&S, sh_json(&S, "import people %s --skip-bad %s", name, name), 4);
	/* A file of bad rows that cannot be written stops the import before it begins. */
	assert_true(sh_json(&S, "import people %s --skip-bad %s/no/such/folder", name, S.top.s) != 0);
	assert_non_null(json_get(S.doc, "error"));
	assert_str(shell_read(&S, str_of(name)), text.s);
	assert_str(books(), before.s);
}

static void units_come_with_their_people(void **state)
{
	const char *name = file("q.csv", "code,unit,name,所在地,单位名称\n"
	                                 "P11,U2,甲,sc/cd,乙院\n"
	                                 "P12,U2,丙,,\n"
	                                 "P13,U2,丁,sc/cd,乙院\n"
	                                 "P14,U1,戊,sc/cd,招生考试院\n");
	struct str once;

	(void)state;
	assert_status(&S, sh_json(&S, "import people %s --dry-run", name), 0);
	said(4, 4, 0);
	assert_status(&S, sh_json(&S, "import people %s", name), 0);
	said(4, 4, 0);
	assert_int_equal(entries("people.unit_added"), 1 + 1);
	assert_int_equal(entries("people.person_registered"), 3 + 4);
	once = books();
	assert_status(&S, sh_json(&S, "import people %s", name), 0);
	said(4, 4, 0);
	assert_str(books(), once.s);
	assert_status(&S, sh_json(&S, "import people %s",
	                          file("q.csv", "code,unit,name,unit_place,unit_name\n"
	                               "p21,U3,甲,sc/cd,丙院\n"   /* makes no unit: it is bad */
	                               "P22,U3,乙,,\n"
	                               "P23,U3,丙,sc/cd,丁院\n"
	                               "P24,U4,丁,sc/cd,\n")), 1);
	said(4, 0, 4);
	found(0, 2, "code", "code", "p21");
	found(1, 3, "unit", "not_found", "U3");
	found(2, 4, "unit", "differs", "U3");
	found(3, 5, "unit_name", "required", "");
}

static void after_the_foundation_rights_are_asked(void **state)
{
	const char *name = file("p.csv", "place,kind,name\nsc/cd/a,area,甲\nsc/cd/b,area,乙\n");
	struct str before;

	(void)state;
	shell_worker(&S, "W1", "county_office", "sc/cd/a");
	assert_status(&S, sh(&S, "authority found"), 0);
	before = books();
	assert_status(&S, sh_json(&S, "import places %s --dry-run", name), 3);
	said(2, 0, 2);
	found(0, 2, "", "denied", "");
	assert_status(&S, sh_json(&S, "import places %s --as P2", name), 3);
	assert_status(&S, sh_json(&S, "import places %s --as NOBODY7", name), 1);
	assert_str(books(), before.s);
	assert_status(&S, sh_json(&S, "import places %s --as P1 --dry-run", name), 0);
	assert_status(&S, sh_json(&S, "import places %s --as P1 --slot nobody=badge:P2", name), 2);
	assert_str(books(), before.s);
	assert_status(&S, sh_json(&S, "import places %s --as P1", name), 0);
	/* A county's office adds units at home and nowhere else. */
	assert_status(&S, sh_json(&S, "import units %s --as W1",
	                          file("u.csv", "code,place,name\nU2,sc/cd/a,甲办\nU3,sc/cd/b,乙办\n")),
	              1);
	said(2, 1, 1);
	found(0, 3, "", "denied", "");
}

static void two_thousand_people_are_imported_and_no_name_stands_in_the_ledger(void **state)
{
	struct strbuf b;
	struct str once;

	(void)state;
	strbuf_init(&b, &S.arena);
	strbuf_addz(&b, "姓名,工作证号,单位编号,是否涉密人员\r\n");
	for (int i = 0; i < 2000; i++)
		strbuf_addf(&b, "独孤求败%d,N%d,U1,%s\r\n", i, i, i % 2 ? "是" : "否");
	assert_status(&S, sh_json(&S, "import people %s", file("big.csv", strbuf_str(&b).s)), 0);
	said(2000, 2000, 0);
	assert_status(&S, sh_json(&S, "db doctor --compare"), 0);
	once = books();
	assert_status(&S, sh_json(&S, "import people %s", shell_path(&S, "big.csv").s), 0);
	said(2000, 2000, 0);
	assert_str(books(), once.s);
	if (!S.url.n)
		shell_system(&S, "! cat %s/* 2>/dev/null | grep -q -a 独孤求败", S.data.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_trial_changes_nothing_and_finds_the_same),
		T(the_same_file_again_changes_nothing_and_says_so),
		T(skipped_rows_are_mended_and_imported),
		T(a_bad_row_is_no_formula_and_comes_back_as_it_was),
		T(an_apostrophe_that_was_put_on_is_taken_off),
		T(the_file_itself_is_not_written_over),
		T(units_come_with_their_people),
		T(after_the_foundation_rights_are_asked),
		T(two_thousand_people_are_imported_and_no_name_stands_in_the_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
