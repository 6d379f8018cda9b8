/* SPDX-License-Identifier: Apache-2.0 */
/* print_scenes.c -- the printing house: sheets and copies that add up, and those that do not. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"

#define CITY "P0033"
#define HOUSE "sc/cd/press"
#define SUPERVISOR "P0050"
#define JOB(code) CITY, "custody.order_print", "{'place':'" HOUSE "','job':'" code \
	"','session':'d1-chinese','kind':'paper','copies':100,'per':2}"
#define STOCK(job, sheets) SUPERVISOR, "custody.issue_stock", \
	"{'place':'" HOUSE "','job':'" job "','sheets':" sheets "}", \
	"giver=badge:P0014 receiver=badge:P0015 supervisor=badge:P0050"
#define STEP(job, step, numbers) SUPERVISOR, "custody.hand_process", \
	"{'place':'" HOUSE "','job':'" job "','step':'" step "'," numbers "}", \
	"giver=badge:P0014 receiver=badge:P0015"
#define IN(given, received, good, waste, in_work) "'given':" given ",'received':" received \
	",'good':" good ",'waste':" waste ",'in_work':" in_work
#define WASTE(job, sheets) SUPERVISOR, "custody.destroy_waste", \
	"{'place':'" HOUSE "','job':'" job "','sheets':" sheets "}", \
	"supervisor=badge:P0050 supervisor=badge:P0033"
#define END(copies) SUPERVISOR, "custody.destroy_copies", \
	"{'place':'" HOUSE "','job':'YZ-1','copies':" copies ",'approval':'PF-1'}", \
	"approver=badge:P0034 supervisor=badge:P0050 supervisor=badge:P0033"
#define BOX_OF(code, session) "{'code':'" code "','consignment':'C7','session':'" session \
	"','destined':'" SITE "','seal':'S-" code "'}"
#define PACK(bag, box, copies) SUPERVISOR, "custody.pack_bag", \
	"{'job':'YZ-1','bag':'" bag "','box':'" box "','seal':'SG-" bag "','copies':" copies "}", \
	"packer=badge:P0014 packer=badge:P0015"
#define CLOSE(job) SUPERVISOR, "custody.close_print", \
	"{'place':'" HOUSE "','job':'" job "'}", "supervisor=badge:P0050 supervisor=badge:P0033"

static void sheets_become_copies_and_copies_bags(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"no such session", NULL, CITY, "custody.order_print", "{'place':'" HOUSE
	      "','job':'YZ-1','session':'d9-none','kind':'paper','copies':100,'per':2}", NULL,
	      RC_INVALID, "session"},
	     {"ordered", NULL, JOB("YZ-1"), .emits = "custody.print_ordered"},
	     {"once", NULL, JOB("YZ-1"), .rc = RC_CONFLICT, .field = "job"},
	     {"paper", NULL, STOCK("YZ-1", "210"), .emits = "custody.stock_issued"},
	     {"half of it is printed", NULL, STEP("YZ-1", "press", IN("210", "210", "105", "5", "100")),
	      .emits = "custody.process_handed"},
	     {"and the rest", NULL, STEP("YZ-1", "press", IN("0", "0", "100", "0", "0"))},
	     {"cut", NULL, STEP("YZ-1", "cut", IN("205", "205", "205", "0", "0"))},
	     {"bound", NULL, STEP("YZ-1", "bind", IN("205", "205", "204", "1", "0"))},
	     {"checked", NULL, STEP("YZ-1", "check", IN("204", "204", "202", "2", "0"))},
	     {"the waste", NULL, WASTE("YZ-1", "8"), .emits = "custody.waste_destroyed"},
	     {"where they are packed", NULL, OFFICE, "custody.register_consignment", "{'place':'" JN
	      "','code':'C7','holder':'" HOUSE "','boxes':2,'bags':9}"},
	     {"their box", NULL, OFFICE, "custody.register_box", BOX_OF("BX-YZ-1", "d1-chinese")},
	     {"another", NULL, OFFICE, "custody.register_box", BOX_OF("BX-YZ-2", "d1-maths")});
	assert_int_equal(kit_sql(&s.k, "SELECT waste FROM custody_print"), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 1"
	                         " AND rule = 'custody.waste'"), 1);
	PLAY(&s,
	     {"into a bag", NULL, PACK("YZ-CHI-1", "BX-YZ-1", "60"), .emits = "custody.copies_packed"},
	     {"another", NULL, PACK("YZ-CHI-2", "BX-YZ-1", "40"), .emits = "custody.bag_registered"},
	     {"of another session", NULL, PACK("YZ-CHI-3", "BX-YZ-2", "1"), .rc = RC_CONFLICT,
	      .field = "box"},
	     {"more than there are", NULL, PACK("YZ-CHI-3", "BX-YZ-1", "2"), .rc = RC_CONFLICT,
	      .field = "copies"},
	     {"no more are destroyed either", NULL, END("2"), RC_CONFLICT, "copies"},
	     {"the last one is, with approval", NULL, END("1"), .emits = "custody.copies_destroyed"},
	     {"all adds up", NULL, CLOSE("YZ-1"), .emits = "custody.print_closed"},
	     {"once", NULL, CLOSE("YZ-1"), .rc = RC_CONFLICT, .field = "job"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", HOUSE), 100);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "destroyed"), 1);
	assert_int_equal(view_rows(&s, "custody/print"), 1);
	assert_str(scene_life(&s, "YZ-1"),
	           "print_ordered stock_issued process_handed process_handed process_handed"
	           " process_handed process_handed waste_destroyed copies_packed copies_packed"
	           " copies_destroyed print_closed");
	kit_check_rebuild(&s.k, (const char *const[]){"custody_print", "custody_print_step", NULL});
	scene_close(&s);
}

static int64_t since(struct scene *s)
{
	return kit_sql(&s->k, "SELECT sound FROM custody_print_step WHERE job = 'YZ-1' AND step = 1");
}

/* What is lost is looked for in the step and the interval where it went. */
static void sheets_that_are_nowhere_are_alarmed(void)
{
	struct scene s;
	int64_t sound;

	scene_open(&s);
	PLAY(&s, {"ordered", NULL, JOB("YZ-1")}, {"paper", NULL, STOCK("YZ-1", "200")},
	     {"printed", NULL, STEP("YZ-1", "press", IN("200", "200", "200", "0", "0"))},
	     {"half is cut", NULL, STEP("YZ-1", "cut", IN("100", "100", "98", "2", "0"))});
	sound = since(&s);
	PLAY(&s,
	     {"four are gone", NULL, STEP("YZ-1", "cut", IN("100", "100", "96", "0", "0")),
	      .alarm = "custody.sheets_unreconciled"},
	     {"two sides, two numbers", NULL, STEP("YZ-1", "bind", IN("194", "190", "190", "0", "0")),
	      .alarm = "custody.process_differs"},
	     {"checked", NULL, STEP("YZ-1", "check", IN("190", "190", "190", "0", "0"))},
	     {"one of two", NULL, WASTE("YZ-1", "1"), .alarm = "custody.waste_differs"});
	assert_int_equal(since(&s), sound);
	PLAY(&s, {"it does not add up", NULL, CLOSE("YZ-1"), .emits = "custody.print_difference",
	          .alarm = "custody.print_unbalanced"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 95);
	assert_true(strstr(kit_entry(&s.k, kit_size(&s.k) - 2).s, "\"step\":\"cut\"") != NULL);
	scene_close(&s);
}

static void waste_is_destroyed_the_same_day(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"ordered", NULL, JOB("YZ-1")}, {"paper", NULL, STOCK("YZ-1", "200")},
	     {"no waste, nothing to destroy", NULL,
	      STEP("YZ-1", "press", IN("100", "100", "100", "0", "0"))});
	kit_pass(&s.k, 43300);
	assert_int_equal(kit_alarms(&s.k, "custody.waste_missing"), 0);
	PLAY(&s, {"some waste", NULL, STEP("YZ-1", "press", IN("100", "100", "99", "1", "0"))});
	kit_pass(&s.k, 43300);
	assert_int_equal(kit_alarms(&s.k, "custody.waste_missing"), 1);
	scene_close(&s);
}

/* A fact is never refused; an order that comes after it takes over what was told. */
static void what_nobody_ordered_is_recorded_and_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"paper for no job", NULL, STOCK("YZ-1", "200"), .emits = "custody.stock_issued",
	          .alarm = "custody.print_unordered"},
	     {"printed all the same", NULL, STEP("YZ-2", "press", IN("100", "100", "99", "1", "0")),
	      .emits = "custody.process_handed", .alarm = "custody.print_unordered"},
	     {"waste of another", NULL, WASTE("YZ-3", "4"), .emits = "custody.waste_destroyed",
	      .alarm = "custody.print_unordered",
	      .also = "custody.waste_differs"},
	     {"an order is refused still", NULL, CLOSE("YZ-1"), .rc = RC_NOT_FOUND, .field = "job"},
	     {"printed", NULL, STEP("YZ-1", "press", IN("200", "200", "200", "0", "0"))},
	     {"cut", NULL, STEP("YZ-1", "cut", IN("200", "200", "200", "0", "0"))},
	     {"bound", NULL, STEP("YZ-1", "bind", IN("200", "200", "200", "0", "0"))},
	     {"checked", NULL, STEP("YZ-1", "check", IN("200", "200", "200", "0", "0"))});
	assert_int_equal(kit_alarms(&s.k, "custody.print_unordered"), 3);
	assert_int_equal(kit_alarms(&s.k, "custody.sheets_unreconciled"), 0);
	assert_int_equal(view_rows(&s, "custody/print"), 3);
	PLAY(&s, {"here is the order", NULL, JOB("YZ-1"), .emits = "custody.print_ordered"},
	     {"destroyed", NULL, END("100"), .emits = "custody.copies_destroyed"},
	     {"it adds up", NULL, CLOSE("YZ-1"), .emits = "custody.print_closed"});
	assert_int_equal(kit_alarms(&s.k, "custody.print_unbalanced"), 0);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_print", "custody_print_step", NULL});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"sheets_become_copies_and_copies_bags", sheets_become_copies_and_copies_bags,
	 ROWS("sql:custody_print/0", "sql:custody_print/1", "sql:custody_print/2",
	      "sql:custody_print/3", "sql:custody_print/4", "sql:custody_print/5",
	      "sql:custody_print/7", "sql:custody_print/8", "sql:custody_print/9",
	      "sql:custody_print/10", "sql:custody_print/11", "event:custody.print_ordered",
	      "event:custody.stock_issued", "event:custody.process_handed",
	      "event:custody.waste_destroyed", "event:custody.copies_destroyed",
	      "event:custody.copies_packed", "event:custody.print_closed",
	      "expectation:custody.waste")},
	{"sheets_that_are_nowhere_are_alarmed", sheets_that_are_nowhere_are_alarmed,
	 ROWS("sql:custody_print/6", "event:custody.print_difference",
	      "alarm:custody.sheets_unreconciled", "alarm:custody.process_differs",
	      "alarm:custody.waste_differs", "alarm:custody.print_unbalanced")},
	{"waste_is_destroyed_the_same_day", waste_is_destroyed_the_same_day,
	 ROWS("alarm:custody.waste_missing")},
	{"what_nobody_ordered_is_recorded_and_alarmed", what_nobody_ordered_is_recorded_and_alarmed,
	 ROWS("sql:custody_print/12", "alarm:custody.print_unordered")},
};
const struct scenario_set PRINT_SCENES = {LIST, COUNT(LIST)};
