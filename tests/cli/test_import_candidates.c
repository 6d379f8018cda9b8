/* SPDX-License-Identifier: Apache-2.0 */
/* test_import_candidates.c -- candidates, rooms and seats out of CSV files through the program:
 * every kind of mistake with its row, column and rule, all at once; lists without their bad rows.
 *
 * Numbers of identity cards are of the area 999999, which no card has.
 */
#include "import_kit.h"

#include "base/csv.h"
#include "db/store.h"

#define HEAD "报名县区,考生号,准考证号,学校代码,选科组合,外语语种,姓名,证件号码,school_place,school_name\n"
#define PCB "physics.chemistry.biology"
#define PBG "physics.biology.geography"
#define OF(number, school, combination, language, card) \
	"sc/cd/a," number ",," school "," combination "," language ",化名," card ",sc/cd/a,甲中学\n"
#define CARD_1 "999999200703150000"
#define CARD_2 "999999200703150019"
#define CARD_3 "99999920070315006X"
#define C1 OF("C001", "XX1", PCB, "english", CARD_1)
#define C2 OF("C002", "XX1", PBG, "japanese", CARD_2)
#define C3 OF("C003", "XX1", PBG, "english", CARD_3)
#define ROOMS "考点,科次,考场,考生数,考场类别,语种\n"
#define SEATS "考点,科次,考场,考生号,座位号\n"
#define SITE "sc/cd/a/s01"
#define SEAT(session, room, number, seat) \
	SITE "," session "," SITE "/" room "," number "," seat "\n"

/* A drill, whose clock stands before the examination. */
static void empty_office(const char *profile)
{
	shell_close(&S); /* the folder that the set-up founded, and its database */
	shell_open(&S);
	assert_status(&S, sh(&S, "init --drill --seed 1 --at 2025-05-20T08:00:00+08:00 --origin "
	                     "test.example/2 --profile %s/profiles/%s.json",
	                     getenv("GONGYUAN_SOURCE"), profile), 0);
	assert_status(&S, sh(&S, "place add --place sc --kind area --name 省"), 0);
}

/* A county with its office P20. */
static void county(void)
{
	empty_office("demo");
	assert_status(&S, sh(&S, "place add --place sc/cd/a --kind area --name 甲县"), 0);
	assert_status(&S, sh(&S, "people add-unit --place sc/cd/a --code U1 --name 招办"), 0);
	shell_worker(&S, "P20", "county_office", "sc/cd/a");
}

static void candidates_are_imported_with_their_schools(void **state)
{
	static const char *const FILES[] = {HEAD C1 C2, HEAD C3};

	(void)state;
	county();
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", file("c.csv", FILES[0])), 0);
	said(2, 2, 0);
	assert_int_equal(entries("people.unit_added"), 1 + 1);
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", gb_file("c.csv", FILES[1])), 0);
	said(1, 1, 0);
	assert_int_equal(entries("exam.candidate_registered"), 3);
	/* The same file again: nothing is recorded twice. */
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", file("c.csv", FILES[0])), 0);
	said(2, 2, 0);
	assert_int_equal(entries("exam.candidate_registered"), 3);
}

static void each_mistake_of_a_row_is_told_at_once(void **state)
{
	static const char TEXT[] = HEAD C1
		OF("C002", "XX1", PBG, "japanese", "999999200703150018")    /* 3: check digit */
		OF("C003", "XX1", PBG, "english", "999999200702300019")     /* 4: 30 February */
		OF("C004", "XX1", PBG, "english", CARD_1)                   /* 5: the person of row 2 */
		OF("C001", "XX1", PBG, "english", CARD_2)                   /* 6: the number of row 2 */
		"sc/cd/a,C006,,XX9," PBG ",english,化名," CARD_3 ",,\n"     /* 7: unknown school */
		OF("C007", "XX1", "physics.history.biology", "latin", "1"); /* 8: three mistakes */
	struct str before;

	(void)state;
	county();
	before = books();
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", file("c.csv", TEXT)), 1);
	said(7, 1, 8);
	found(0, 3, "证件号码", "text", "9**");
	found(1, 4, "证件号码", "text", "9**");
	found(2, 5, "证件号码", "duplicate", "9**");
	found(3, 6, "考生号", "duplicate", "C001");
	found(4, 7, "学校代码", "not_found", "XX9");
	found(5, 8, "选科组合", "key", "physics.history.biology");
	found(6, 8, "外语语种", "key", "latin");
	found(7, 8, "证件号码", "text", "**");
	assert_false(shell_said(&S, CARD_1) || shell_said(&S, "化名"));
	assert_true(str_eq(before, books()));
	assert_status(&S, sh_json(&S, "import candidates %s --as P20 --skip-bad %s",
	                          file("c.csv", TEXT), shell_path(&S, "bad.csv").s), 1);
	assert_int_equal(entries("exam.candidate_registered"), 1);
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "bad.csv")).s, "C007"));
}

/* Another file, the same person: the number itself is in no table. */
static void a_person_who_stands_in_the_books_is_told(void **state)
{
	(void)state;
	county();
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", file("c.csv", HEAD C1)), 0);
	assert_status(&S, sh_json(&S, "import candidates %s --as P20",
	                          file("d.csv", HEAD OF("C009", "XX1", PCB, "english", CARD_1))), 1);
	found(0, 2, "证件号码", "conflict", "9**");
	assert_true(shell_said(&S, "C001"));
}

static void a_file_of_two_encodings_is_refused(void **state)
{
	struct str gb, path, both;

	(void)state;
	county();
	path = shell_path(&S, "mixed.csv");
	assert_ok(csv_encode(&S.op, STR(C2 C3), CSV_GB18030, &gb));
	both = str_fmt(&S.arena, "%s" STR_FMT, HEAD C1, STR_ARG(gb));
	assert_ok(file_write(&S.op, path, both, 0644));
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", path.s), 2);
	assert_true(shell_said(&S, "第 3 行") && shell_said(&S, "row 3"));
}

static void seats_are_imported_room_by_room(void **state)
{
	static const char PLAN[] = ROOMS
		SITE ",d3-geography," SITE "/r001,2,normal,\n"
		SITE ",d3-geography," SITE "/w01,2,waiting,\n"
		SITE ",d2-foreign," SITE "/r001,2,normal,english\n";
	static const char LISTS[] = SEATS
		SEAT("d3-geography", "r001", "C002", "1") SEAT("d3-geography", "r001", "C003", "2")
		SEAT("d3-geography", "w01", "C003", "1") SEAT("d3-geography", "w01", "C002", "2")
		SEAT("d2-foreign", "r001", "C001", "1") SEAT("d2-foreign", "r001", "C003", "2");

	(void)state;
	county();
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", file("c.csv", HEAD C1 C2 C3)),
	              0);
	assert_status(&S, sh_json(&S, "import rooms %s --as P20", file("r.csv", PLAN)), 0);
	said(3, 3, 0);
	assert_int_equal(entries("arrange.rooms_planned"), 2);
	assert_status(&S, sh_json(&S, "import arrangement %s --as P20", file("s.csv", LISTS)), 0);
	said(6, 6, 0);
	assert_int_equal(entries("arrange.candidates_seated"), 3);
	assert_status(&S, sh_json(&S, "import arrangement %s --as P20", file("s.csv", LISTS)), 0);
	said(6, 6, 0);
	assert_int_equal(entries("arrange.candidates_seated"), 3);
}

static void a_list_is_imported_without_its_bad_rows(void **state)
{
	static const char PLAN[] = ROOMS
		SITE ",d3-geography," SITE "/r001,2,normal,\n"
		SITE ",d2-foreign," SITE "/r001,1,normal,english\n";
	static const char LISTS[] = SEATS
		SEAT("d3-geography", "r001", "C001", "1")  /* 2: does not take it */
		SEAT("d3-geography", "r001", "C002", "2")
		SEAT("d3-geography", "r001", "C099", "3")  /* 4: nobody */
		SEAT("d3-geography", "r009", "C003", "1")  /* 5: no such room */
		SEAT("d9-none", "r001", "C003", "1")       /* 6: outside the programme */
		SEAT("d2-foreign", "r001", "C002", "1")    /* 7: another language */
		SEAT("d3-geography", "r001", "C002", "x"); /* 8: no seat, and row 3 again */

	(void)state;
	county();
	assert_status(&S, sh_json(&S, "import candidates %s --as P20", file("c.csv", HEAD C1 C2 C3)),
	              0);
	assert_status(&S, sh_json(&S, "import rooms %s --as P20", file("r.csv", PLAN)), 0);
	assert_status(&S, sh_json(&S, "import arrangement %s --as P20", file("s.csv", LISTS)), 1);
	said(7, 1, 7);
	found(0, 2, "考生号", "conflict", "C001");
	found(1, 4, "考生号", "not_found", "C099");
	found(2, 5, "考场", "not_found", SITE "/r009");
	found(3, 6, "科次", "key", "d9-none");
	found(4, 7, "考生号", "conflict", "C002");
	found(5, 8, "座位号", "int", "x");
	found(6, 8, "考生号", "duplicate", "C002");
	assert_int_equal(entries("arrange.candidates_seated"), 0);
	assert_status(&S, sh_json(&S, "import arrangement %s --as P20 --skip-bad %s",
	                          file("s.csv", LISTS), shell_path(&S, "bad.csv").s), 1);
	assert_int_equal(entries("arrange.candidates_seated"), 1);
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "bad.csv")).s, "C099"));
	/* A room that is too small has no seat for some, and nobody says for whom. */
	assert_status(&S, sh_json(&S, "import arrangement %s --as P20",
	                          file("t.csv", SEATS SEAT("d2-foreign", "r001", "C001", "1")
	                                        SEAT("d2-foreign", "r001", "C003", "2"))), 1);
	said(2, 0, 1);
}

static void a_roster_is_imported(void **state)
{
	static const char TEXT[] = "值班地点,班次编号,值班岗位,值班人(A角),替班人(B角),开始时间,结束时间\n"
		"sc/cd/a,ZB-1,duty_officer,P20,,2025-06-07T06:00:00+08:00,2025-06-07T14:00:00+08:00\n"
		"sc/cd/a,ZB-2,duty_officer,P99,,2025-06-07T14:00:00+08:00,2025-06-07T22:00:00+08:00\n";

	(void)state;
	county();
	assert_status(&S, sh(&S, "people declare-avoidance --person P20 --relative false --as P20 "
	                     "--slot declarer=badge:P20"), 0);
	assert_status(&S, sh_json(&S, "import roster %s --as P20", file("z.csv", TEXT)), 1);
	said(2, 1, 1);
	found(0, 3, "值班人(A角)", "person", "P99");
	assert_status(&S, sh_json(&S, "import roster %s --as P20 --skip-bad %s", file("z.csv", TEXT),
	                          shell_path(&S, "bad.csv").s), 1);
	assert_int_equal(entries("duty.shift_rostered"), 1);
}

/* What samples/README.md tells a new user to do. */
static void the_samples_are_imported_in_either_encoding(void **state)
{
	static const char *const FOLDERS[] = {"small", "small-gb18030"};
	static const char *const KINDS[] = {"candidates", "rooms", "arrangement"};
	const char *top = getenv("GONGYUAN_SOURCE");

	(void)state;
	for (size_t i = 0; i < COUNT(FOLDERS); i++) {
		empty_office("gaokao-2025");
		assert_status(&S, sh(&S, "place add --place sc/yf --kind area --name 市"), 0);
		assert_status(&S, sh(&S, "import places %s/samples/%s/places.csv", top, FOLDERS[i]), 0);
		assert_status(&S, sh(&S, "import people %s/samples/%s/people.csv", top, FOLDERS[i]), 0);
		assert_status(&S, sh(&S, "authority grant --person P00001 --role city_office "
		                     "--place sc/yf"), 0);
		for (size_t j = 0; j < COUNT(KINDS); j++)
			assert_status(&S, sh(&S, "import %s %s/samples/%s/%s.csv --as P00001", KINDS[j], top,
			                     FOLDERS[i], KINDS[j]), 0);
		assert_status(&S, sh(&S, "view show exam/candidates"), 0);
		assert_true(shell_said(&S, "25999999000048"));
		assert_status(&S, sh(&S, "view show arrange/waiting --csv"), 0);
		assert_true(shell_said(&S, "sc/yf/ja/s01/w01"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(candidates_are_imported_with_their_schools),
		T(each_mistake_of_a_row_is_told_at_once),
		T(a_person_who_stands_in_the_books_is_told),
		T(a_file_of_two_encodings_is_refused),
		T(seats_are_imported_room_by_room),
		T(a_list_is_imported_without_its_bad_rows),
		T(a_roster_is_imported),
		T(the_samples_are_imported_in_either_encoding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
