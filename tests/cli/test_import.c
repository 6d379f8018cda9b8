/* SPDX-License-Identifier: Apache-2.0 */
/* test_import.c -- offices' CSV files through the real program: encodings, headers, each kind of
 * mistake with its row and column, names masked, templates.
 */
#include "import_kit.h"

static void utf8_with_and_without_its_mark_and_gb18030_are_read(void **state)
{
	static const char *const rows[] = {
		"地点,类别,名称\r\nsc/cd/a,area,甲县\r\n",
		"\xef\xbb\xbf地点,类别,名称\nsc/cd/b,area,乙县\n",
		"地点,类别,名称\r\nsc/cd/c,area,丙县𠮷\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *name = i < 2 ? file("p.csv", rows[i]) : gb_file("p.csv", rows[i]);

		assert_status(&S, sh_json(&S, "import places %s", name), 0);
		said(1, 1, 0);
	}
	assert_int_equal(entries("place.added"), 2 + 3);
}

static void columns_stand_in_any_order_under_any_of_their_names(void **state)
{
	static const char *const rows[] = {
		"名称,地点,类别\n甲,sc/cd/a,area\n",
		"Kind,name,PLACE\narea,B,sc/cd/b\n",
		"类 别,名　称,place\narea,丙,sc/cd/c\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_status(&S, sh_json(&S, "import places %s", file("p.csv", rows[i])), 0);
		said(1, 1, 0);
	}
	assert_status(&S, sh_json(&S, "import people %s",
	                          file("q.csv", "Staff code,unit's code,name\nP9,U1,某甲\n")), 0);
	said(1, 1, 0);
}

/* A wrong header is no finding: the file is another one than was meant. */
static void refused_head(const char *text, const char *field, const char *zh, const char *en)
{
	const struct json *e;

	assert_status(&S, sh_json(&S, "import people %s", file("h.csv", text)), 2);
	e = json_get(S.doc, "error");
	assert_non_null(e);
	assert_str(json_str(e, "field"), field);
	if (!strstr(json_str(e, "zh").s, zh) || !strstr(json_str(e, "en").s, en))
		fail_msg("says neither %s nor %s: %s", zh, en, S.out.s);
}

static void a_wrong_header_is_named_with_a_suggestion(void **state)
{
	(void)state;
	refused_head("工作证号,单位编码,姓名\n", "单位编码", "第 1 行第 2 列", "did you mean");
	refused_head("code,unit,nane\n", "nane", "是不是“name”", "did you mean \"name\"?");
	refused_head("code,unit,name,天气预报情况\n", "天气预报情况", "可用：", "there are:");
	refused_head("工作证号,姓名\n", "单位编号", "缺少“单位编号”", "lacks");
	refused_head("工作证号,单位编号,姓名,code\n", "工作证号", "第 1 列和第 4 列", "columns 1 and 4");
	refused_head("", "csv", "不是表头", "not a header");
	/* Nothing of a file without a header is said back: it begins with somebody's data. */
	refused_head("P1,U1,张三丰\n", "csv", "不是表头", "not a header");
	assert_false(shell_said(&S, "张三丰"));
}

static void a_broken_file_is_refused_with_row_and_column(void **state)
{
	struct str before = books();

	(void)state;
	assert_status(&S, sh_json(&S, "import people %s",
	                          file("b.csv", "code,unit,name\nP8,U1,甲\nP9,U1,\"乙\n")), 2);
	assert_true(shell_said(&S, "第 3 行第 3 列"));
	assert_status(&S, sh_json(&S, "import people %s", file("b.csv", "code\xff\xff,unit\n")), 2);
	assert_status(&S, sh_json(&S, "import people %s", shell_path(&S, "none.csv").s), 1);
	assert_status(&S, sh_json(&S, "import people"), 2);
	assert_str(books(), before.s);
}

static void each_mistake_is_told_with_row_column_value_and_rule(void **state)
{
	struct str before = books();

	(void)state;
	assert_status(&S, sh_json(&S, "import people %s", file("m.csv", MISTAKES)), 1);
	said(10, 1, 10);
	found(0, 3, "工作证号", "code", "p12");
	found(1, 4, "是否涉密人员", "bool", "也**");
	found(2, 5, "姓名", "required", "");
	found(3, 6, "工作证号", "duplicate", "P11");
	found(4, 7, "工作证号", "exists", "P1");
	found(5, 8, "单位编号", "not_found", "U9");
	found(6, 9, "", "width", "");
	found(7, 12, "工作证号", "code", "p17");
	found(8, 12, "是否涉密人员", "bool", "maybe");
	found(9, 13, "工作证号", "code", "欧**");
	assert_str(books(), before.s);
	assert_status(&S, sh(&S, "import people %s", shell_path(&S, "m.csv").s), 1);
	assert_true(shell_said(&S, "共 10 行") && shell_said(&S, "一行也不导入"));
	assert_str(books(), before.s);
}

/* Not in the answer, not in the table, in no language. */
static void no_name_is_printed_whole(void **state)
{
	char text[1600] = "code,unit,name\nP11,U1,张三丰\np12,U1,李四光明\nP13,U1,";
	struct str value;
	size_t n = strlen(text);

	(void)state;
	for (int i = 0; i < 61; i++, n += 3)
		memcpy(text + n, "名", 4);
	snprintf(text + n, sizeof(text) - n, "\nP14,U1,Zhang%060d\n%0100d,U1,x\n", 0, 0);
	assert_status(&S, sh_json(&S, "import people %s", file("n.csv", text)), 1);
	said(5, 1, 4);
	found(1, 4, "name", "text", "名**");
	found(2, 5, "name", "text", "Z**");
	value = json_str(json_get(S.doc, "errors")->last, "value");
	assert_int_equal(value.n, 80);
	for (int json = 0; json < 2; json++) {
		assert_status(&S, json ? S.status : sh(&S, "import people %s --lang zh",
		                                       shell_path(&S, "n.csv").s), 1);
		assert_false(shell_said(&S, "李四") || shell_said(&S, "张三") || shell_said(&S, "名名") ||
		             shell_said(&S, "Zh"));
	}
}

static void places_that_stand_in_the_books_are_told(void **state)
{
	(void)state;
	assert_status(&S, sh_json(&S, "import places %s",
	                          file("p.csv", "place,kind,name\nsc/cd,area,市\nsc/cd/a,town,甲\n"
	                               "Sc/b,area,乙\n")), 1);
	said(3, 0, 3);
	found(0, 2, "place", "exists", "sc/cd");
	found(1, 3, "kind", "enum", "town");
	found(2, 4, "place", "place", "Sc/b");
	assert_status(&S, sh_json(&S, "import units %s",
	                          file("u.csv", "code,place,name\nU1,sc/cd,某院\n")), 1);
	found(0, 2, "code", "exists", "U1");
}

static void a_template_is_a_header_for_spreadsheets(void **state)
{
	static const char *const kinds[] = {"places", "units", "people", "candidates"};

	(void)state;
	assert_status(&S, sh(&S, "import people --template"), 0);
	assert_str(S.out, "\xef\xbb\xbf工作证号,单位编号,是否涉密人员,姓名,所在地,单位名称\r\n");
	assert_status(&S, sh(&S, "import people --template --lang en"), 0);
	assert_true(shell_said(&S, "unit"));
	assert_false(shell_said(&S, "姓名"));
	for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
		const char *name, *lang = i < COUNT(kinds) ? "zh" : "en";

		assert_status(&S, sh(&S, "import %s --template --lang %s", kinds[i % COUNT(kinds)], lang),
		              0);
		name = file("t.csv", str_copy(&S.arena, S.out).s);
		assert_status(&S, sh_json(&S, "import %s %s", kinds[i % COUNT(kinds)], name), 0);
		said(0, 0, 0);
	}
	assert_status(&S, sh_json(&S, "import places --template"), 0);
	assert_int_equal(json_get(S.doc, "columns")->count, 3);
	assert_status(&S, sh(&S, "import places x.csv --template"), 2);
}

static void an_unknown_kind_has_a_suggestion(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "import poeple x.csv"), 2);
	assert_true(shell_said(&S, "did you mean import people"));
}

static void help_manual_and_completion_know_it(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "import people --help --lang en"), 0);
	assert_true(shell_said(&S, "--skip-bad OUT") && shell_said(&S, "staff code"));
	assert_status(&S, sh(&S, "man %s", shell_path(&S, "man").s), 0);
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "man/zh_CN/man1/gongyuan-import.1")).s,
	                       "工作证号"));
	assert_status(&S, sh(&S, "completion"), 0);
	shell_write(&S, shell_path(&S, "completion"), S.out.s);
	shell_system(&S, "bash -c 'source %s; COMP_WORDS=(gongyuan import people --sk); COMP_CWORD=3; "
	             "_gongyuan; test \"${COMPREPLY[*]}\" = --skip-bad'",
	             shell_path(&S, "completion").s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(utf8_with_and_without_its_mark_and_gb18030_are_read),
		T(columns_stand_in_any_order_under_any_of_their_names),
		T(a_wrong_header_is_named_with_a_suggestion),
		T(a_broken_file_is_refused_with_row_and_column),
		T(each_mistake_is_told_with_row_column_value_and_rule),
		T(no_name_is_printed_whole),
		T(places_that_stand_in_the_books_are_told),
		T(a_template_is_a_header_for_spreadsheets),
		T(an_unknown_kind_has_a_suggestion),
		T(help_manual_and_completion_know_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
