/* SPDX-License-Identifier: Apache-2.0 */
/* test_import_sheet.c -- offices' spreadsheets through the real program: read as their CSV is, each
 * mistake with its cell, and the rows to mend as a spreadsheet again.
 */
#include "import_kit.h"

#include "db/store.h"
#include "sheet/packed.h"

/* "a|b\nc|d" as a sheet of texts, "#" before a number, from the first row on. */
static const char *book(const char *name, const char *rows, const char *more)
{
	struct str path = shell_path(&S, name);
	struct strbuf b;

	strbuf_init(&b, &S.arena);
	strbuf_addz(&b, "<sheetData>");
	for (const char *p = rows; *p;) {
		size_t line = strcspn(p, "\n");

		strbuf_addz(&b, "<row>");
		for (size_t i = 0, n; i <= line; i += n + 1) {
			n = strcspn(p + i, "|\n");
			if (p[i] == '#')
				strbuf_addf(&b, "<c s=\"1\"><v>%.*s</v></c>", (int)n - 1, p + i + 1);
			else
				strbuf_addf(&b, "<c t=\"inlineStr\"><is><t>%.*s</t></is></c>", (int)n, p + i);
		}
		strbuf_addz(&b, "</row>");
		p += line + (p[line] == '\n');
	}
	strbuf_addf(&b, "</sheetData>%s", more);
	assert_ok(
		file_write(&S.op, path,
	               packed_book(&S.arena, strbuf_str(&b).s, NULL,
	                           "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>"),
	               0644));
	return path.s;
}

static void a_spreadsheet_is_imported_as_its_csv_is(void **state)
{
	(void)state;
	assert_status(&S,
	              sh_json(&S, "import people %s",
	                      book("p.xlsx", "工作证号|单位编号|姓名\nP11|U1|张三\nP12|U1|李四\n", "")),
	              0);
	said(2, 2, 0);
	assert_int_equal(entries("people.person_registered"), 3 + 2);
	/* By what it is, not by its name; under a title, with blank rows and a merged cell. */
	assert_status(&S,
	              sh_json(&S, "import people %s",
	                      book("p.csv",
	                           "某县工作人员名单\n工作证号|单位编号|姓名\nP21|U1|张三\n\n"
	                           "P22||李四\n",
	                           "<mergeCells><mergeCell ref=\"B3:B5\"/></mergeCells>")),
	              0);
	said(2, 2, 0);
	assert_int_equal(entries("people.person_registered"), 3 + 4);
	/* The same file again changes nothing. */
	assert_status(&S, sh_json(&S, "import people %s", shell_path(&S, "p.xlsx").s), 0);
	assert_int_equal(entries("people.person_registered"), 3 + 4);
}

static void each_mistake_is_told_with_its_cell(void **state)
{
	struct str before = books();
	const struct json *e;

	(void)state;
	assert_status(
		&S,
		sh_json(
			&S, "import people %s",
			book(
				"m.xlsx",
				"姓名|工作证号|单位编号\n张三|p12|U1\n李四|#510104199001011234|U1\n王五|#45815|U1\n"
				"赵六|P15|U9\n钱七|P16|U1|多余\n",
				"")),
		1);
	e = json_get(S.doc, "errors")->first;
	assert_int_equal(json_get(S.doc, "errors")->count, 5);
	assert_str(json_str(e, "cell"), "B2");
	assert_str(json_str(e = e->next, "cell"), "B3");
	assert_str(json_str(e, "rule"), "spreadsheet");
	assert_non_null(strstr(json_str(e, "zh").s, "科学计数"));
	assert_str(json_str(e = e->next, "cell"), "B4");
	assert_non_null(strstr(json_str(e, "zh").s, "当成了日期"));
	assert_str(json_str(e = e->next, "cell"), "C5");
	assert_str(json_str(e->next, "rule"), "width");
	assert_int_equal(json_int(e->next, "row", 0), 6);
	assert_status(&S, sh(&S, "import people %s", shell_path(&S, "m.xlsx").s), 1);
	assert_true(shell_said(&S, "单元格") && shell_said(&S, "B3") && !shell_said(&S, "张三"));
	assert_str(books(), before.s);
	/* A CSV file that a spreadsheet has saved lost them too. */
	assert_status(&S,
	              sh_json(&S, "import people %s",
	                      file("d.csv", "工作证号,单位编号,姓名\n1.23E+17,U1,张三\n")),
	              1);
	said(1, 0, 1);
	found(0, 2, "工作证号", "spreadsheet", "1.23E+17");
}

static void a_head_is_named_by_its_cell(void **state)
{
	(void)state;
	assert_status(&S, sh_json(&S, "import people %s",
	                          book("h.xlsx", "名单\n工作证号|单位编码|姓名\n", "")), 2);
	assert_true(shell_said(&S, "B2：没有“单位编码”这一列，是不是“单位编号”"));
	assert_status(&S, sh_json(&S, "import people %s --sheet 名单",
	                          book("h.xlsx", "工作证号|单位编号|姓名\n", "")), 2);
	assert_true(shell_said(&S, "没有工作表“名单”；有：Sheet1"));
}

static void the_bad_rows_are_a_spreadsheet_to_mend_and_import(void **state)
{
	struct str out = shell_path(&S, "bad.xlsx"), bytes, rows;

	(void)state;
	assert_status(&S, sh_json(&S, "import people %s --skip-bad %s", book("s.xlsx",
		"工作证号|单位编号|姓名\nP31|U1|张三\np32|U1|=李四\n", ""), out.s), 1);
	assert_int_equal(entries("people.person_registered"), 3 + 1);
	assert_ok(file_read(&S.op, out, 1 << 20, &bytes));
	assert_ok(sheet_text(&S.op, bytes, &rows));
	assert_true(
		str_starts(rows, STR("1:工作证号|单位编号|姓名|未导入原因\n2:p32|U1|=李四|工作证号：")));
	/* Mended, it goes in; its reasons are passed over. */
	assert_status(
		&S,
		sh_json(&S, "import people %s",
	            book("s2.xlsx", "工作证号|单位编号|姓名|未导入原因\nP32|U1|=李四|工作证号：小写\n",
	                 "")),
		0);
	assert_int_equal(entries("people.person_registered"), 3 + 2);
	/* Names stand in it. */
	assert_status(&S, sh_json(&S, "import people %s --skip-bad %s", book("s3.xlsx",
		"工作证号|单位编号|姓名\np33|U1|王五\n", ""), shell_path(&S, "bad.csv").s), 1);
	assert_ok(file_read(&S.op, shell_path(&S, "bad.csv"), 1 << 20, &bytes));
	assert_true(str_starts(bytes, STR("\xef\xbb\xbf工作证号,")));
}

/* As text: "1:a|b\n2:…". */
static struct str written(const char *name)
{
	struct str bytes, rows;

	assert_ok(file_read(&S.op, shell_path(&S, name), 1 << 20, &bytes));
	assert_ok(sheet_text(&S.op, bytes, &rows));
	return rows;
}

/* What stands in a template's rows, with one more row beneath: "a|b" of the columns' names. */
static const char *filled(const char *name, struct str rows, const char *row)
{
	struct strbuf b;

	strbuf_init(&b, &S.arena);
	for (const char *p = rows.s; *p;) { /* without the rows' numbers */
		const char *colon = strchr(p, ':'), *end = strchr(p, '\n');

		strbuf_add(&b, colon + 1, (size_t)(end - colon));
		p = end + 1;
	}
	strbuf_addf(&b, "%s\n", row);
	return book(name, strbuf_str(&b).s, "");
}

static void a_template_that_is_filled_in_is_imported(void **state)
{
	static const char *const kinds[] = {"places", "units", "people", "grants", "candidates",
	                                    "rooms", "arrangement", "roster"};
	struct str rows;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *lang = i % 2 ? "en" : "zh", *kind = kinds[i];

		assert_status(&S, sh(&S, "import template %s --out %s --lang %s", kind,
		                     shell_path(&S, "t.xlsx").s, lang), 0);
		rows = written("t.xlsx");
		assert_non_null(strstr(rows.s, i % 2 ? "made up" : "虚构样例"));
		/* As it is, it has a head that is known and no row. */
		assert_status(&S, sh_json(&S, "import %s %s --dry-run", kind, shell_path(&S, "t.xlsx").s),
		              0);
		said(0, 0, 0);
	}
	assert_status(&S, sh(&S, "import people --template --out %s", shell_path(&S, "t.xlsx").s), 0);
	rows = written("t.xlsx");
	assert_true(str_starts(rows, STR("1:工作证号|单位编号|是否涉密人员|姓名|")));
	assert_status(&S, sh_json(&S, "import people %s --dry-run",
	                          filled("f.xlsx", rows, "P41|U1|否|张三|||")), 0);
	said(1, 1, 0);
	/* Words of a list, as a template offers them. */
	assert_status(&S, sh(&S, "import template places --out %s", shell_path(&S, "p.xlsx").s), 0);
	rows = written("p.xlsx");
	assert_true(str_starts(rows, STR("1:地点|类别|")));
	assert_status(&S,
	              sh_json(&S, "import places %s --dry-run",
	                      filled("g.xlsx", rows, "sc/cd/zz|行政区(省、市、县)|某县")),
	              0);
	said(1, 1, 0);
	assert_status(&S, sh(&S, "import template nothing"), 2);
	assert_status(&S, sh(&S, "import people x.csv --out y.xlsx"), 2);
}

/* Who copies the example has paths of the right level, and a shift that ends after it begins. */
static void an_example_is_one_that_could_be(void **state)
{
	struct str rows;

	(void)state;
	assert_status(&S, sh(&S, "import template rooms --out %s", shell_path(&S, "r.xlsx").s), 0);
	rows = written("r.xlsx");
	assert_non_null(strstr(rows.s, "\n2:sc/cd/jn/s01|d1-chinese|sc/cd/jn/s01/r01|1|普通|"));
	assert_status(&S, sh(&S, "import template roster --out %s", shell_path(&S, "r.xlsx").s), 0);
	rows = written("r.xlsx");
	assert_non_null(strstr(rows.s, "|YL001|YL002|2025-06-07 08:30|2025-06-07 09:30|"));
}

static void a_view_is_written_with_labels(void **state)
{
	struct str rows;

	(void)state;
	assert_status(&S, sh(&S, "view show people/persons --out %s", shell_path(&S, "v.xlsx").s), 0);
	rows = written("v.xlsx");
	assert_true(str_starts(rows, STR("1:工作人员\n2:依据台账前 ")));
	assert_non_null(strstr(rows.s, " +08:00\n3:编号|工号|单位|涉密|已申报回避\n4:6|P1|U1|否|否\n"));
	assert_status(&S, sh(&S, "view show people/persons --out %s", shell_path(&S, "v.csv").s), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_spreadsheet_is_imported_as_its_csv_is),
		T(each_mistake_is_told_with_its_cell),
		T(a_head_is_named_by_its_cell),
		T(a_template_that_is_filled_in_is_imported),
		T(an_example_is_one_that_could_be),
		T(a_view_is_written_with_labels),
		T(the_bad_rows_are_a_spreadsheet_to_mend_and_import),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
