/* SPDX-License-Identifier: Apache-2.0 */
/* filing_scenes.c -- signed forms that came back. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/room_acts.h"
#include "conformance/scenario.h"

#include "domain/filing/filing.h"

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C64 "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define CHECKED "9f3a1c2b7d4e5a60"
#define FORM(more, entries, pages) "filing.file_form", "{'place':'" SITE "','form':'issue-sheet'" \
	more ",'entries':" entries ",'check':'" CHECKED "','root':'5be0cd19','pages':[" pages "]}"
#define PAGE(hash) "{'scan':'" hash "'}"

static void a_signed_form_is_filed_once_for_each_picture(void)
{
	struct scene s;
	struct op op;
	int64_t index;

	rooms_open(&s);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(filing_of(&op, STR(CHECKED), &index));
	assert_int_equal(index, -1);
	PLAY(&s,
	     {"two pages", DAY1 "12:00:00+08:00", CLERK,
	      FORM("," CHINESE, "3", PAGE(A64) "," PAGE(B64)), .emits = "filing.form_filed"},
	     {"one of them again", NULL, CLERK, FORM("," CHINESE, "3", PAGE(C64) "," PAGE(B64)),
	      .rc = RC_CONFLICT, .field = "pages"},
	     {"twice the same page", NULL, CLERK, FORM("," CHINESE, "3", PAGE(C64) "," PAGE(C64)),
	      .rc = RC_INVALID, .field = "pages"},
	     {"of a ledger that is longer", NULL, CLERK, FORM("," CHINESE, "999999", PAGE(C64)),
	      .rc = RC_CONFLICT, .field = "entries"},
	     {"of neither session nor day", NULL, CLERK, FORM("", "3", PAGE(C64)), .rc = RC_INVALID,
	      .field = "session"},
	     {"of both", NULL, CLERK, FORM("," CHINESE ",'day':'2025-06-07'", "3", PAGE(C64)),
	      .rc = RC_INVALID, .field = "session"},
	     {"another copy, signed", NULL, CLERK, FORM("," CHINESE, "3", PAGE(C64)),
	      .emits = "filing.form_filed"});
	assert_int_equal(kit_count(&s.k, "filing.form_filed"), 2);
	assert_ok(filing_of(&op, STR(CHECKED), &index));
	assert_int_equal(index, kit_sql(&s.k, "SELECT MAX(idx) FROM filing_form"));
	assert_int_equal(view_rows(&s, "filing/forms"), 2);
	assert_str(view_cell(&s, "SELECT form FROM filing_form"), "issue-sheet");
	kit_check_rebuild(&s.k, (const char *const[]){"filing_form", "filing_scan", NULL});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_signed_form_is_filed_once_for_each_picture", a_signed_form_is_filed_once_for_each_picture,
	 ROWS("sql:filing/0", "sql:filing/1", "sql:filing/2", "sql:filing/3", "sql:filing/4",
	      "event:filing.form_filed")},
};
const struct scenario_set FILING_SCENES = {LIST, COUNT(LIST)};
