/* SPDX-License-Identifier: Apache-2.0 */
/* test_office.c -- forms of an office, printed, read back and found again. */
#include "kit/check.h"

#include "print/form_id.h"
#include "print/paper.h"
#include "shell.h"

static struct shell S;

#define COUNTY "sc/cd/jn"
#define SITE COUNTY "/s01"
/* Made up: the area 999999 has no identity card. */
static const char CANDIDATES[] =
	"报名县区,考生号,准考证号,学校代码,选科组合,外语语种,姓名,证件号码,school_place,school_name\n"
	COUNTY ",C001,T0001,XX1,physics.chemistry.biology,english,𠮷田如,999999200703150000," COUNTY
	",甲中学\n"
	COUNTY ",C002,T0002,XX1,physics.chemistry.biology,english,㑇䶮,999999200703150019," COUNTY
	",甲中学\n"
	COUNTY ",C003,T0003,XX1,physics.chemistry.biology,english,阿卜杜热合曼·买买提,99999920070315006X,"
	COUNTY ",甲中学\n";
static const char ROOMS[] = "考点,科次,考场,考生数,考场类别,语种\n"
	SITE ",d1-chinese," SITE "/r01,2,normal,\n"
	SITE ",d1-chinese," SITE "/r02,30,normal,\n";
static const char SEATS[] = "考点,科次,考场,考生号,座位号\n"
	SITE ",d1-chinese," SITE "/r01,C001,1\n"
	SITE ",d1-chinese," SITE "/r01,C002,2\n"
	SITE ",d1-chinese," SITE "/r02,C003,1\n";

/* As long as they are; r10 is for who needs it, r11 waits. */
#define LONG COUNTY "/s09"
#define LONG_NAME "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县第一高级中学（齐勒乌泽克新校区东考点）"
static const char LONG_ROOMS[] = "考点,科次,考场,考生数,考场类别,语种\n"
	LONG ",d1-chinese," LONG "/r01,30,normal,\n"
	LONG ",d1-chinese," LONG "/r10,2,special,\n"
	LONG ",d1-chinese," LONG "/r11,30,reserve,\n";

static void import(const char *kind, const char *text)
{
	struct str file = shell_path(&S, "import.csv");

	shell_write(&S, file, text);
	assert_status(&S, sh(&S, "import %s %s --as W1", kind, file.s), 0);
}

/* A drill, whose clock stands before the examination. */
static int setup(void **state)
{
	const char *profile;

	(void)state;
	shell_open(&S);
	profile = shell_path(&S, "profile.json").s;
	shell_system(&S, "sed 's/\"print.copies.handover\", \"value\": 2/"
	             "\"print.copies.handover\", \"value\": 4/' %s/profiles/demo.json >%s",
	             getenv("GONGYUAN_SOURCE"), profile);
	assert_status(&S, sh(&S, "init --drill --seed 1 --at 2025-05-20T08:00:00+08:00 --origin "
	                     "test.example/3 --profile %s", profile), 0);
	assert_status(&S, sh(&S, "place add --place " COUNTY " --kind area --name 金宁县"), 0);
	assert_status(&S, sh(&S, "place add --place " SITE " --kind site --name 金宁县第一中学"), 0);
	assert_status(&S, sh(&S, "people add-unit --place " COUNTY " --code U1 --name 招办"), 0);
	shell_worker(&S, "W1", "county_office", COUNTY);
	import("candidates", CANDIDATES);
	import("rooms", ROOMS);
	import("arrangement", SEATS);
	assert_status(&S, sh(&S, "place add --place " LONG " --kind site --name " LONG_NAME), 0);
	import("rooms", LONG_ROOMS);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

/* A form by its command line; the document printed by --json stands in S.doc. */
static void print(struct paper *p, const char *form, const char *flags)
{
	struct str out = shell_path(&S, "form.pdf");

	assert_status(&S, sh_json(&S, "print %s --out %s %s", form, out.s, flags), 0);
	paper_init(p, &S.arena, shell_read(&S, out));
}

static void the_code_on_a_sheet_leads_to_its_room(void **state)
{
	struct form_id id;
	struct str code;
	struct paper p;

	(void)state;
	if (!paper_can())
		skip();
	print(&p, "room-record", "--place sc/cd/jn/s01 --session d1-chinese");
	assert_int_equal(json_get(S.doc, "forms")->count, 2); /* one a room */
	assert_int_equal(paper_pages(&p), 2);
	assert_int_equal(paper_count(paper_text(&p, 0), "金宁县第一中学"), 4);
	assert_str(paper_outside(&p), "");
	code = paper_qr(&p, 2);
	paper_release(&p);
	assert_true(form_id_read(&S.arena, str_dup(&S.arena, code.s, code.n - 1), &id));
	assert_str(id.place, "sc/cd/jn/s01/r02");
	assert_status(&S, sh_json(&S, "custody trace %.*s", (int)code.n - 1, code.s), 0);
	assert_str(json_str(S.doc, "form"), "room-record");
	assert_str(json_str(S.doc, "place"), "sc/cd/jn/s01/r02");
	assert_true(json_bool(S.doc, "sound", false));
	/* The id alone, as somebody types it. */
	assert_status(&S, sh_json(&S, "print find %s", form_id_text(&S.arena, &id).s), 0);
	assert_str(json_str(S.doc, "session"), "d1-chinese");
}

/* The profile of this office says so, and of the record nothing. */
static void as_many_copies_are_made_as_the_profile_says(void **state)
{
	static const struct {
		const char *form, *said;
	} FORMS[] = {{"handover", "一式 4 份"}, {"joint-check", "一式 3 份"}, {"room-record", NULL}};
	struct paper p;

	(void)state;
	if (!paper_can())
		skip();
	for (size_t i = 0; i < COUNT(FORMS); i++) {
		struct str text;

		print(&p, FORMS[i].form, "--place " SITE "/r01 --session d1-chinese --day 2025-06-07");
		text = paper_text(&p, 1);
		assert_int_equal(paper_count(text, "一式"), FORMS[i].said ? 1 : 0);
		if (FORMS[i].said)
			assert_int_equal(paper_count(text, FORMS[i].said), 1);
		paper_release(&p);
	}
}

static void a_form_of_another_history_is_told(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "print find GY1:07:d1-chinese:sc/cd/jn/s01/r01:3:aa:00000000:1/1"),
	              5);
	assert_status(&S, sh(&S, "print find 07:d1-chinese:sc/cd/jn/s01/r01:999999"), 1);
	assert_status(&S, sh(&S, "print find 07:d1-chinese"), 2);
	assert_status(&S, sh(&S, "print find 99:d1-chinese:sc/cd/jn/s01/r01:3"), 2);
}

static void what_is_missing_is_said(void **state)
{
	const char *out = shell_path(&S, "none.pdf").s;

	(void)state;
	assert_status(&S, sh(&S, "print room-record --place sc/cd/jn/s01 --session d1-chinese"), 2);
	assert_status(&S, sh(&S, "print room-record --place sc/cd/jn/s01 --out %s", out), 2);
	assert_status(&S, sh(&S, "print room-record --place sc/cd --session d1-chinese --out %s", out),
	              2);
	assert_status(&S, sh(&S, "print room-record --place sc/cd/jn/s01 --session d9 --out %s", out),
	              2);
	assert_status(&S, sh(&S, "print room-record --place sc/cd/jn/s02 --session d1-chinese --out %s",
	                     out), 1);
}

static void every_form_is_printed_with_nothing_in_it(void **state)
{
	const struct json *forms;

	(void)state;
	if (!paper_can())
		skip();
	assert_status(&S, sh_json(&S, "print list"), 0);
	forms = json_get(S.doc, "forms");
	assert_int_equal(forms->count, 14);
	for (const struct json *f = forms->first; f; f = f->next) {
		const char *form = json_str(f, "form").s;
		struct paper p;

		print(&p, form, "--place sc/cd/jn/s01/r01 --session d1-chinese --day 2025-06-07");
		assert_str(paper_outside(&p), "");
		assert_str(paper_overlap(&p), "");
		assert_int_equal(paper_count(paper_text(&p, 1), "2025-06-07 0"), 0); /* 2025年6月7日 */
		assert_true(paper_count(paper_text(&p, 1), "【演练】") >= 2);
		assert_true(paper_count(paper_text(&p, 1), json_str(f, "zh").s) >= 1);
		paper_release(&p);
	}
}

/* No page is lost to it, and nothing lies on anything. */
static void a_long_name_fits_on_every_form(void **state)
{
	static const struct {
		const char *form;
		int pages;
	} FORMS[] = {
		{"handover", 1}, {"issue-sheet", 1}, {"store-log", 2}, {"keys", 1}, {"joint-check", 1},
		{"replay", 1}, {"room-record", 1}, {"spare", 1}, {"violation", 2}, {"zero-report", 1},
		{"seat-map", 1}, {"door-sheet", 1},
	};
	struct paper p;

	(void)state;
	if (!paper_can())
		skip();
	for (size_t i = 0; i < COUNT(FORMS); i++) {
		bool room = i == 6 || i >= 10;

		print(&p, FORMS[i].form, str_fmt(&S.arena, "--place " LONG "%s --session d1-chinese --day"
		                                 " 2025-06-07", room ? "/r01" : "").s);
		assert_int_equal(paper_pages(&p), FORMS[i].pages);
		for (int k = 1; k <= FORMS[i].pages; k++)
			assert_true(paper_count(paper_text(&p, k), LONG_NAME) >= 1);
		assert_str(paper_outside(&p), "");
		assert_str(paper_overlap(&p), "");
		paper_release(&p);
	}
}

/* Who passes a door learns nothing of who sits behind it; a reserve room is nobody's yet. */
static void a_room_says_of_its_kind_what_may_be_known(void **state)
{
	struct paper p;
	struct str text;

	(void)state;
	if (!paper_can())
		skip();
	print(&p, "door-sheet", "--place " LONG " --session d1-chinese");
	assert_int_equal(paper_count(paper_text(&p, 0), "合理便利"), 0);
	assert_int_equal(paper_count(paper_text(&p, 0), "（备用）"), 1);
	paper_release(&p);
	print(&p, "issue-sheet", "--place " LONG " --session d1-chinese");
	text = paper_text(&p, 0);
	assert_int_equal(paper_count(text, "考场 3 个"), 1);
	assert_int_equal(paper_count(text, "应考 32 人"), 1);
	paper_release(&p);
}

/* One sheet for what goes to a county, each box with its bags by kind. */
static void a_county_has_a_hand_over_of_all_its_boxes(void **state)
{
	struct paper p;
	struct str text;

	(void)state;
	if (!paper_can())
		skip();
	print(&p, "handover", "--place " COUNTY " --session d1-chinese");
	text = paper_text(&p, 0);
	assert_true(paper_count(text, "公安见证人签名") == 1 && paper_count(text, "保密见证人签名") == 1);
	assert_true(paper_count(text, "备用袋") == 1 && paper_count(text, "出发时间") == 1);
	paper_release(&p);
}

/* The rare characters, the point, and a name that is in the ledger nowhere. */
static void names_stand_on_paper_when_they_were_opened(void **state)
{
	static const char *const NAMES[] = {"𠮷田如", "㑇䶮"};
	static const char *const FORMS[] = {"door-sheet", "seat-map"};
	long long opened;
	struct paper p;

	(void)state;
	if (!paper_can())
		skip();
	assert_status(&S, sh_json(&S, "arrange open-names --place " SITE " --session d1-chinese --room "
	                          SITE "/r01 --purpose 打印门贴 --as W1"), 0);
	opened = (long long)json_int(S.doc, "index", -1);
	for (size_t i = 0; i < COUNT(FORMS); i++) {
		const char *flags = "--place " SITE "/r01 --session d1-chinese";
		struct str text;

		print(&p, FORMS[i], flags);
		text = paper_text(&p, 0);
		paper_release(&p);
		for (size_t k = 0; k < COUNT(NAMES); k++)
			assert_int_equal(paper_count(text, NAMES[k]), 0);
		print(&p, FORMS[i], str_fmt(&S.arena, "%s --opened %lld", flags, opened).s);
		text = paper_text(&p, 0);
		assert_str(paper_outside(&p), "");
		paper_release(&p);
		for (size_t k = 0; k < COUNT(NAMES); k++)
			assert_int_equal(paper_count(text, NAMES[k]), 1);
	}
	/* Another room, another entry. */
	assert_status(&S, sh(&S, "print door-sheet --place " SITE "/r02 --session d1-chinese --opened"
	                     " %lld --out %s", opened, shell_path(&S, "no.pdf").s), 3);
	assert_status(&S, sh(&S, "print door-sheet --place " SITE "/r01 --session d1-chinese --opened"
	                     " 2 --out %s", shell_path(&S, "no.pdf").s), 3);
}

/* One entry for the form, whose pages are all there; told, not filed, when it comes again. */
static void a_sound_one_is_filed(const char *top)
{
	long long entry;

	assert_status(&S, sh_json(&S, "sheet file %s/scan-2.png --as W1", top), 1);
	assert_int_equal(json_int(json_get(S.doc, "sheets")->first, "filed", -1), -1);
	assert_status(&S, sh_json(&S, "sheet file %s/scan-2.png %s/scan-1.png --as W1", top, top), 0);
	entry = (long long)json_int(json_get(S.doc, "sheets")->first, "filed", -1);
	assert_true(entry > 0);
	assert_status(&S, sh_json(&S, "sheet file %s/scan-1.png %s/scan-2.png --as W1", top, top), 0);
	assert_int_equal(json_int(json_get(S.doc, "sheets")->first, "filed", -1), entry);
	assert_status(&S, sh_json(&S, "view show filing/forms"), 0);
	assert_int_equal(json_get(S.doc, "rows")->count, 1);
	assert_int_equal(json_int(json_get(S.doc, "rows")->first, "index", -1), entry);
}

/* A feed that swallowed a page, a picture of nothing, a sheet of another ledger. */
static void a_scanned_sheet_finds_itself(void **state)
{
	const struct json *sheet;
	const char *top = S.top.s;
	struct paper p;

	(void)state;
	if (!paper_can())
		skip();
	print(&p, "violation", "--place " SITE "/r01 --session d1-chinese");
	shell_system(&S, "pdftoppm -r 150 -png %s %s/scan", p.pdf, top);
	paper_release(&p);
	assert_status(&S, sh_json(&S, "sheet file %s/scan-1.png %s/scan-2.png", top, top), 0);
	sheet = json_get(S.doc, "sheets")->first;
	assert_str(json_str(sheet, "form"), "violation");
	assert_str(json_str(sheet, "place"), SITE "/r01");
	assert_int_equal(json_int(sheet, "page", 0), 1);
	assert_int_equal(json_str(sheet, "hash").n, 64);
	assert_status(&S, sh_json(&S, "sheet file %s/scan-2.png", top), 1);
	assert_int_equal(json_int(json_get(S.doc, "sheets")->first, "missing_page", 0), 1);
	a_sound_one_is_filed(top);
	shell_write(&S, shell_path(&S, "nothing.png"), "no picture");
	assert_status(&S, sh_json(&S, "sheet file %s/nothing.png", top), 1);
	assert_false(json_bool(json_get(S.doc, "sheets")->first, "ok", true));
	assert_int_not_equal(sh(&S, "sheet file %s/none.png", top), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_code_on_a_sheet_leads_to_its_room),
		cmocka_unit_test(as_many_copies_are_made_as_the_profile_says),
		cmocka_unit_test(a_form_of_another_history_is_told),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(every_form_is_printed_with_nothing_in_it),
		cmocka_unit_test(a_long_name_fits_on_every_form),
		cmocka_unit_test(a_room_says_of_its_kind_what_may_be_known),
		cmocka_unit_test(a_county_has_a_hand_over_of_all_its_boxes),
		cmocka_unit_test(names_stand_on_paper_when_they_were_opened),
		cmocka_unit_test(a_scanned_sheet_finds_itself),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
