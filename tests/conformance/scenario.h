/* SPDX-License-Identifier: Apache-2.0 */
/* scenario.h -- a story that names the rows of the tables without which it cannot be told.
 *
 * A row is "event:…", "expectation:…", "alarm:…" or "sql:MODULE/NUMBER" (the statement's place in
 * its module's table, from 0).  A scenario names a row only when it fails with that row disabled;
 * the sweep disables each in turn and holds it to that.  What it asserts is what an office would
 * see: entries, books, alarms, expectations, answers.
 */
#ifndef GY_TEST_SCENARIO_H
#define GY_TEST_SCENARIO_H

#include "engine/module.h"

struct scenario {
	const char *name;        /* a sentence */
	void (*run)(void);       /* a failed assertion ends the process */
	const char *const *rows; /* NULL-terminated */
};
#define ROWS(...) .rows = (const char *const[]){__VA_ARGS__, NULL}
#define NO_ROWS .rows = (const char *const[]){NULL} /* about refusals and limits alone */

/* Scenarios of one file, all played with the same modules. */
struct scenario_set {
	const struct scenario *list;
	size_t n;
};

/* The engine's rows, on the toy module: books, expectations, alarms, signatures; then what any
 * office has: the foundation, rules, grants, devices, places, the vault. */
extern const struct scenario_set ENGINE_SCENES, OFFICE_SCENES;
extern const struct scenario_set WATCH_SCENES; /* the same, as who watches sees them */
/* The domain's rows, on the visible list of the program: persons and the secrecy room; the way of
 * the papers; what goes wrong with them. */
extern const struct scenario_set PEOPLE_SCENES, PAPER_SCENES, TROUBLE_SCENES;
/* One line a module, so that two who add one do not meet. */
extern const struct scenario_set ARRANGE_SCENES;
extern const struct scenario_set ROOM_SCENES, SHEET_SCENES;
extern const struct scenario_set STORE_SCENES;
extern const struct scenario_set TRANSPORT_SCENES;
extern const struct scenario_set DUTY_SCENES, DESK_SCENES;
extern const struct scenario_set FILING_SCENES;
extern const struct scenario_set SERVICE_SCENES;
extern const struct scenario_set SPARE_SCENES;
extern const struct scenario_set STOP_SCENES;
extern const struct scenario_set PRINT_SCENES;
extern const struct scenario_set SITE_SCENES;
extern const struct scenario_set LOCALISE_SCENES;
extern const struct scenario_set EXAM_SCENES, ADOPTION_SCENES;
extern const struct scenario_set SESSION_SCENES, ENTRY_SCENES;
extern const struct scenario_set DUTY_SCENES;
extern const struct scenario_set SESSION_SCENES, ENTRY_SCENES, GATE_SCENES, ZONE_SCENES;

#endif
