/* SPDX-License-Identifier: Apache-2.0 */
/* exam_scenes.c -- who sits, where, by which accommodations; who waits; who is moved.
 *
 * Numbers of identity cards are of the area 999999, which no card has.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/arrange/seat.h"
#include "domain/exam/exam.h"

#define CARD_1 "999999200703150000"
#define CARD_2 "999999200703150019"
#define CARD_3 "99999920070315006X"
#define CARD_OLD "999999196503150074"
#define CANDIDATE(number, card, combination) "{'place':'" JN "','number':'" number \
	"','combination':'" combination "','language':'english','name':'化名','document':'" card "'}"
#define PCB "physics.chemistry.biology"
#define PGB "physics.biology.geography"
#define REGISTER(label, number, card, combination) \
	{label, NULL, OFFICE, "exam.register_candidate", CANDIDATE(number, card, combination), NULL, \
	 .emits = "exam.candidate_registered"}
#define THREE REGISTER("one", "C001", CARD_1, PCB), REGISTER("two", "C002", CARD_2, PGB), \
	REGISTER("three", "C003", CARD_3, PGB)
#define PLANNED(session, rooms) {"rooms", NULL, OFFICE, "arrange.plan_rooms", \
	"{'place':'" SITE "','session':'" session "','rooms':[" rooms "]}"}
#define R(room, seats) "{'room':'" SITE "/" room "','seats':" seats "}"
#define WAIT_ROOM "{'room':'" SITE "/w01','seats':60,'kind':'waiting'}"
#define WAIT_ROOM_2 "{'room':'" SITE "/w02','seats':60,'kind':'waiting'}"
#define LIST_OF(session, room, seats) "{'place':'" SITE "','session':'" session \
	"','room':'" SITE "/" room "','seats':[" seats "]}"
#define S(number, seat) "{'candidate':'" number "','seat':" seat "}"
#define MOVE_OF(session, from, to) "{'place':'" SITE "','session':'" session "','candidate':" \
	"'C001','from':'" from "','to':'" to "','reason':'noise','decided_by':'P0021'}"
#define MOVE(session, number, from, to, reason) "{'place':'" SITE "','session':'" session \
	"','candidate':'" number "','from':'" SITE "/" from "','to':'" SITE "/" to \
	"','reason':'" reason "','decided_by':'P0021'}"

static struct op reading(struct scene *s)
{
	struct op op = s->k.op;

	op.db = s->k.store.view;
	return op;
}

static void a_person_registers_once(void)
{
	struct candidate c;
	struct scene s;
	struct op op;

	scene_open(&s);
	PLAY(&s,
	     {"a school", NULL, OFFICE, "people.add_unit",
	      "{'place':'" JN "','code':'SCH-1','name':'示范中学'}"},
	     REGISTER("one", "C001", CARD_1, PCB),
	     {"the number again", NULL, OFFICE, "exam.register_candidate",
	      CANDIDATE("C001", CARD_2, PCB), NULL, RC_CONFLICT, "number"},
	     {"the person again", NULL, OFFICE, "exam.register_candidate",
	      CANDIDATE("C002", CARD_1, PCB), NULL, RC_CONFLICT, "document"},
	     {"a digit is wrong", NULL, OFFICE, "exam.register_candidate",
	      CANDIDATE("C002", "999999200703150018", PCB), NULL, RC_INVALID, "document"},
	     {"the thirtieth of February", NULL, OFFICE, "exam.register_candidate",
	      CANDIDATE("C002", "999999200702300019", PCB), NULL, RC_INVALID, "document"},
	     {"no such combination", NULL, OFFICE, "exam.register_candidate",
	      CANDIDATE("C002", CARD_2, "physics.history.biology"), NULL, RC_INVALID, "combination"},
	     {"one subject short", NULL, OFFICE, "exam.register_candidate",
	      CANDIDATE("C002", CARD_2, "physics.biology"), NULL, RC_INVALID, "combination"},
	     {"no such school", NULL, OFFICE, "exam.register_candidate",
	      "{'place':'" JN "','number':'C002','school':'SCH-9','combination':'" PCB "',"
	      "'name':'化名','document':'" CARD_2 "'}", NULL, RC_NOT_FOUND, "school"},
	     {"a site registers nobody", NULL, "P0033", "exam.register_candidate",
	      "{'place':'" SITE "','number':'C002','combination':'" PCB "','name':'化名',"
	      "'document':'" CARD_2 "'}", NULL, RC_INVALID, "place"},
	     {"born before 1970, of a school, with a ticket", NULL, OFFICE, "exam.register_candidate",
	      "{'place':'" JN "','number':'C002','school':'SCH-1','ticket':'T02','combination':'" PGB
	      "','language':'russian','name':'化名','document':'" CARD_OLD "'}", NULL,
	      .emits = "exam.candidate_registered"},
	     {"a passport has no check digit", NULL, OFFICE, "exam.register_candidate",
	      "{'place':'" JN "','number':'C003','combination':'" PCB "','language':'latin',"
	      "'name':'化名','document_kind':'passport','document':'X1234567'}", NULL, RC_INVALID,
	      "language"},
	     {"another's ticket", NULL, OFFICE, "exam.correct_candidate",
	      "{'place':'" JN "','number':'C001','ticket':'T02'}", NULL, RC_CONFLICT, "ticket"},
	     {"nobody", NULL, OFFICE, "exam.correct_candidate",
	      "{'place':'" JN "','number':'C009','ticket':'T09'}", NULL, RC_NOT_FOUND, "number"},
	     {"another's ticket at once", NULL, OFFICE, "exam.register_candidate",
	      "{'place':'" JN "','number':'C003','ticket':'T02','combination':'" PGB "',"
	      "'name':'化名','document':'" CARD_3 "'}", NULL, RC_CONFLICT, "ticket"},
	     {"a passport", NULL, OFFICE, "exam.register_candidate",
	      "{'place':'" JN "','number':'C003','combination':'" PCB "','name':'化名',"
	      "'document_kind':'passport','document':'X1234567'}", NULL,
	      .emits = "exam.candidate_registered"},
	     {"of another county", NULL, "P0033", "exam.correct_candidate",
	      "{'place':'sc/cd/j2','number':'C001','ticket':'T01'}", NULL, RC_NOT_FOUND, "number"},
	     {"a ticket, and the other combination", NULL, OFFICE, "exam.correct_candidate",
	      "{'place':'" JN "','number':'C001','ticket':'T01','combination':'" PGB "'}", NULL,
	      .emits = "exam.candidate_corrected"},
	     {"its own ticket again", NULL, OFFICE, "exam.correct_candidate",
	      "{'place':'" JN "','number':'C001','ticket':'T01'}", NULL,
	      .emits = "exam.candidate_corrected"});
	op = reading(&s);
	assert_ok(exam_candidate(&op, STR("T01"), "ticket", &c));
	assert_str(c.number, "C001");
	assert_str(c.combination, PGB);
	assert_str(c.language, "english");
	assert_ok(exam_candidate(&op, STR("C002"), "number", &c));
	assert_str(c.school, "SCH-1");
	assert_int_equal(view_rows(&s, "exam/candidates"), 3);
	assert_int_equal(view_walked(&s, "exam/candidates"), 3);
	assert_int_equal(view_one(&s, "exam/candidates", "C002"), 1);
	assert_int_equal(view_one(&s, "exam/candidates", "C009"), 0);
	kit_check_rebuild(&s.k, (const char *const[]){"exam_candidate", NULL});
	scene_close(&s);
}

#define GIVE(kind, more) "{'place':'" JN "','candidate':'C001','kind':'" kind \
	"','approval':'HLBL-1'" more "}"

static void an_accommodation_stands_on_the_list_of_the_gates(void)
{
	struct accommodation *list;
	struct gate_line *line;
	struct scene s;
	struct op op;
	size_t n;

	scene_open(&s);
	PLAY(&s, THREE,
	     {"more time than the rule gives", NULL, OFFICE, "exam.approve_accommodation",
	      GIVE("extra_time", ",'extra_percent':31"), NULL, RC_CONFLICT, "extra_percent"},
	     {"half as long again for braille", NULL, OFFICE, "exam.approve_accommodation",
	      GIVE("braille", ",'extra_percent':50,'own_bell':true,'own_bag':true"), NULL,
	      .emits = "exam.accommodation_approved"},
	     {"that stands already", NULL, OFFICE, "exam.approve_accommodation", GIVE("braille", ""),
	      NULL, RC_CONFLICT, "kind"},
	     {"an implant", NULL, OFFICE, "exam.approve_accommodation",
	      GIVE("cochlear_implant", ",'device':'cochlear_implant','note':'左耳'"), NULL},
	     {"the chief gives no braille", NULL, "P0021", "exam.approve_accommodation",
	      "{'place':'" SITE "','candidate':'C002','kind':'large_print','approval':'KD-1'}", NULL,
	      RC_CONFLICT, "kind"},
	     {"a broken leg on the day", NULL, "P0021", "exam.approve_accommodation",
	      "{'place':'" SITE "','candidate':'C002','kind':'crutches','device':'crutches',"
	      "'approval':'KD-1'}"},
	     PLANNED("d2-physics", R("r01", "30")),
	     {"two of them sit here", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d2-physics", "r01", S("C001", "1") "," S("C003", "2"))});
	op = reading(&s);
	assert_ok(exam_accommodations(&op, STR("C001"), &list, &n));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].kind, ACCOMMODATION_BRAILLE);
	assert_int_equal(list[0].extra_percent, 50);
	assert_true(list[0].own_bell && list[0].own_bag);
	assert_str(list[1].device, "cochlear_implant");
	assert_ok(arrange_accommodations(&op, STR("d2-physics"), STR(SITE), &line, &n));
	assert_int_equal(n, 2);
	assert_int_equal(line[0].seat.seat, 1);
	PLAY(&s,
	     {"it was a mistake", NULL, OFFICE, "exam.end_accommodation",
	      "{'place':'" JN "','candidate':'C001','kind':'braille'}", NULL,
	      .emits = "exam.accommodation_ended"},
	     {"twice", NULL, OFFICE, "exam.end_accommodation",
	      "{'place':'" JN "','candidate':'C001','kind':'braille'}", NULL, RC_NOT_FOUND, "kind"});
	op = reading(&s);
	assert_ok(exam_accommodations(&op, STR("C001"), &list, &n));
	assert_int_equal(n, 1);
	assert_ok(exam_accommodations(&op, STR(""), &list, &n));
	assert_int_equal(n, 2);
	assert_int_equal(view_rows(&s, "exam/accommodations"), 3);
	kit_check_rebuild(&s.k, (const char *const[]){"exam_accommodation", NULL});
	scene_close(&s);
}

static void those_of_the_second_session_wait(void)
{
	struct seat *list, seat;
	struct scene s;
	struct op op;
	int64_t seated, waiting;
	size_t n;
	bool known;

	scene_open(&s);
	PLAY(&s, THREE, PLANNED("d3-chemistry", R("r01", "1")),
	     PLANNED("d3-geography", R("r01", "1") "," R("r02", "1") "," WAIT_ROOM ","
	             WAIT_ROOM_2),
	     {"who does not take it", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-chemistry", "r01", S("C002", "1")), NULL, RC_CONFLICT,
	      "seats/0/candidate"},
	     {"nobody", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-chemistry", "r01", S("C009", "1")), NULL, RC_NOT_FOUND,
	      "seats/0/candidate"},
	     {"a room that is not planned", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-chemistry", "r02", S("C001", "1")), NULL, RC_NOT_FOUND, "room"},
	     {"a session outside the programme", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d9-none", "r01", S("C001", "1")), NULL, RC_INVALID, "session"},
	     {"too many", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "r01", S("C002", "1") "," S("C003", "2")), NULL, RC_CONFLICT,
	      "seats"},
	     {"chemistry", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-chemistry", "r01", S("C001", "1")), NULL,
	      .emits = "arrange.candidates_seated"},
	     {"geography", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "r01", S("C002", "1"))},
	     {"in two rooms", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "r02", S("C002", "1")), NULL, RC_CONFLICT,
	      "seats/0/candidate"},
	     {"the other one takes the seat", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "r01", S("C003", "1"))},
	     {"and the first sits in the next room", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "r02", S("C002", "1"))},
	     {"where the two wait", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "w01", S("C002", "1") "," S("C003", "2"))},
	     {"one waits in two rooms", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "w02", S("C002", "1")), NULL, RC_CONFLICT,
	      "seats/0/candidate"},
	     {"they change places", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "w01", S("C003", "1") "," S("C002", "2"))},
	     {"one seat for two", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "w01", S("C003", "1") "," S("C002", "1")), NULL, RC_INVALID,
	      "seats/1/seat"});
	op = reading(&s);
	assert_ok(arrange_seated(&op, STR("d3-geography"), STR(SITE), &seated, &waiting));
	assert_int_equal(seated, 2);
	assert_int_equal(waiting, 2);
	assert_ok(arrange_room_candidates(&op, STR("d3-geography"), STR(SITE "/r02"), &list, &n));
	assert_int_equal(n, 1);
	assert_str(list[0].candidate, "C002");
	assert_ok(arrange_room_waiting(&op, STR("d3-geography"), STR(SITE "/w01"), &list, &n));
	assert_int_equal(n, 2);
	assert_str(list[0].candidate, "C003");
	assert_ok(arrange_seat(&op, STR("d3-geography"), STR("C001"), &seat, &known));
	assert_false(known);
	assert_ok(arrange_seat(&op, STR("d3-geography"), STR("C003"), &seat, &known));
	assert_str(seat.room, SITE "/r01");
	assert_int_equal(view_rows(&s, "arrange/seats"), 3);
	assert_int_equal(view_walked(&s, "arrange/seats"), 3);
	assert_int_equal(view_rows(&s, "arrange/waiting"), 2);
	PLAY(&s, {"armed: all is as it should be", "2025-06-08T21:00:00+08:00", OFFICE,
	          "exam.correct_candidate", "{'place':'" JN "','number':'C001','ticket':'T01'}"},
	     {"too late for lists", "2025-06-09T08:30:00+08:00", OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-chemistry", "r01", S("C001", "1")), NULL, RC_CONFLICT, "session"});
	kit_check_rebuild(&s.k, (const char *const[]){"arrange_seat", "arrange_wait", NULL});
	scene_close(&s);
}

static void lists_are_armed(struct scene *s, int64_t waiting)
{
	scene_open(s);
	PLAY(s, THREE, PLANNED("d3-geography", R("r01", "2") "," WAIT_ROOM),
	     PLANNED("d3-chemistry", R("r01", "2")),
	     {"both sit", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "r01", S("C002", "1") "," S("C003", "2"))},
	     {"one of them waits", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-geography", "w01", S("C002", "1"))},
	     {"one of two", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d3-chemistry", "r01", S("C001", "1"))});
	set_setting(s, "arrange.waiting", waiting);
	kit_at(&s->k, "2025-06-08T21:00:00+08:00");
	kit_pass(&s->k, 0);
}

static void lists_that_do_not_fit_are_told_when_a_session_is_armed(void)
{
	struct scene s;

	lists_are_armed(&s, 1);
	assert_int_equal(kit_alarms(&s.k, "arrange.seats_differ"), 1);
	assert_int_equal(kit_alarms(&s.k, "arrange.waiting_missing"), 1);
	scene_close(&s);
	lists_are_armed(&s, 0); /* a province where nobody waits */
	assert_int_equal(kit_alarms(&s.k, "arrange.seats_differ"), 1);
	assert_int_equal(kit_alarms(&s.k, "arrange.waiting_missing"), 0);
	scene_close(&s);
}

static void a_list_fits_its_room_or_is_refused(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, THREE,
	     PLANNED("d1-chinese", "{'room':'" SITE "/r01','seats':2,'language':'russian'},"
	             R("r02", "2") "," WAIT_ROOM),
	     {"another language", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d1-chinese", "r01", S("C001", "1")), NULL, RC_CONFLICT, "seats/0/candidate"},
	     {"a room of another site", NULL, OFFICE, "arrange.seat_candidates",
	      "{'place':'" JN "/s02','session':'d1-chinese','room':'" SITE "/r02','seats':["
	      S("C001", "1") "]}", NULL, RC_NOT_FOUND, "room"},
	     {"nobody waits for the first", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d1-chinese", "w01", S("C001", "1")), NULL, RC_CONFLICT, "room"},
	     {"one of them twice", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d1-chinese", "r02", S("C001", "1") "," S("C001", "2")), NULL, RC_INVALID,
	      "seats/1/candidate"},
	     {"two", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d1-chinese", "r02", S("C001", "1") "," S("C002", "2"))},
	     {"the same two, the other way round", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d1-chinese", "r02", S("C001", "2") "," S("C002", "1")), NULL,
	      .emits = "arrange.candidates_seated"});
	scene_close(&s);
}

static void a_moved_candidate_is_in_both_rooms_equations(void)
{
	struct seat seat;
	struct scene s;
	struct op op;
	int64_t in, out;
	bool known;

	scene_open(&s);
	PLAY(&s, THREE, PLANNED("d2-physics", R("r01", "1") "," R("r90", "0")),
	     {"a list", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d2-physics", "r01", S("C001", "1"))},
	     {"into the isolation room", "2025-06-07T21:00:00+08:00", CLERK, "arrange.move_candidate",
	      MOVE("d2-physics", "C001", "r01", "r90", "isolation"), NULL,
	      .emits = "arrange.candidate_moved"},
	     {"of whom no list knows", NULL, CLERK, "arrange.move_candidate",
	      MOVE("d2-physics", "C002", "r01", "r90", "illness"), NULL,
	      .emits = "arrange.candidate_moved", .alarm = "arrange.move_differs"},
	     {"the same room", NULL, CLERK, "arrange.move_candidate",
	      MOVE("d2-physics", "C001", "r90", "r90", "noise"), NULL, RC_INVALID, "to"},
	     {"to no room", NULL, CLERK, "arrange.move_candidate",
	      MOVE_OF("d2-physics", SITE "/r90", SITE), NULL, RC_INVALID, "to"},
	     {"from no room", NULL, CLERK, "arrange.move_candidate",
	      MOVE_OF("d2-physics", SITE, SITE "/r90"), NULL, RC_INVALID, "from"},
	     {"from another site", NULL, CLERK, "arrange.move_candidate",
	      MOVE_OF("d2-physics", JN "/s02/r01", SITE "/r90"), NULL, RC_INVALID, "from"},
	     {"in no session", NULL, CLERK, "arrange.move_candidate",
	      MOVE_OF("d9-none", SITE "/r01", SITE "/r90"), NULL, RC_INVALID, "session"});
	op = reading(&s);
	assert_ok(arrange_room_moves(&op, STR("d2-physics"), STR(SITE "/r01"), &in, &out));
	assert_int_equal(in, 0);
	assert_int_equal(out, 2);
	assert_ok(arrange_room_moves(&op, STR("d2-physics"), STR(SITE "/r90"), &in, &out));
	assert_int_equal(in, 2);
	assert_int_equal(out, 0);
	assert_ok(arrange_seat(&op, STR("d2-physics"), STR("C001"), &seat, &known));
	assert_str(seat.room, SITE "/r90");
	assert_ok(arrange_seat(&op, STR("d2-physics"), STR("C002"), &seat, &known));
	assert_true(known);
	assert_int_equal(view_rows(&s, "arrange/moves"), 2);
	kit_check_rebuild(&s.k, (const char *const[]){"arrange_move", "arrange_seat", NULL});
	scene_close(&s);
}

#define OPEN(room) "{'place':'" SITE "','session':'d2-physics'" room ",'purpose':'打印门贴'}"

/* Before any is printed: who, where, how many. */
static void names_are_opened_for_a_session_until_it_ends(void)
{
	struct scene s;
	struct names_opened o;
	struct op op;
	int64_t index;
	bool known;

	scene_open(&s);
	PLAY(&s, THREE, PLANNED("d2-physics", R("r01", "30") "," R("r02", "30")),
	     {"two sit here", NULL, OFFICE, "arrange.seat_candidates",
	      LIST_OF("d2-physics", "r01", S("C001", "1") "," S("C002", "2"))},
	     {"no site", NULL, OFFICE, "arrange.open_names",
	      "{'place':'" JN "','session':'d2-physics','purpose':'打印门贴'}", NULL, RC_INVALID,
	      "place"},
	     {"another site's room", NULL, OFFICE, "arrange.open_names",
	      OPEN(",'room':'" JN "/s02/r01'"), NULL, RC_INVALID, "room"},
	     {"nobody sits there", NULL, OFFICE, "arrange.open_names", OPEN(",'room':'" SITE "/r02'"),
	      NULL, RC_NOT_FOUND, "room"},
	     {"a room", NULL, OFFICE, "arrange.open_names", OPEN(",'room':'" SITE "/r01'"), NULL,
	      .emits = "arrange.names_opened"},
	     {"the site", NULL, OFFICE, "arrange.open_names", OPEN(""), NULL,
	      .emits = "arrange.names_opened"},
	     {"when it is over", "2025-06-08T12:00:00+08:00", OFFICE, "arrange.open_names", OPEN(""),
	      NULL, RC_CONFLICT, "session"});
	assert_int_equal(view_rows(&s, "arrange/openings"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(candidates) FROM arrange_opening"), 4);
	op = reading(&s);
	index = kit_sql(&s.k, "SELECT MIN(idx) FROM arrange_opening");
	assert_ok(arrange_names_opened(&op, index, &o, &known));
	assert_true(known);
	assert_str(o.place, SITE "/r01");
	assert_str(o.session, "d2-physics");
	assert_ok(arrange_names_opened(&op, index - 1, &o, &known));
	assert_false(known);
	kit_check_rebuild(&s.k, (const char *const[]){"arrange_opening", NULL});
	scene_close(&s);
}

/* Whose data somebody looked at is told by the code that the office knows them by. */
static void an_opening_says_whose_by_code(void)
{
	struct scene s;
	int64_t name, staff;

	scene_open(&s);
	PLAY(&s, THREE);
	assert_ok(kit_do(&s.k, 902, "authority.grant", "{\"person\":803,\"role\":\"vault_reader\"}",
	                 "granter=badge:902 approver=badge:901"));
	name = kit_sql(&s.k, "SELECT name FROM exam_candidate WHERE number = 'C002'");
	staff = kit_sql(&s.k, "SELECT name FROM people_person WHERE code = 'P0003'");
	assert_ok(kit_do(&s.k, 803, "vault.open",
	                 str_fmt(&s.k.arena, "{\"vault\":%lld,\"purpose\":\"核对身份\"}",
	                         (long long)name).s, NULL));
	assert_ok(kit_do(&s.k, 803, "vault.open",
	                 str_fmt(&s.k.arena, "{\"vault\":%lld,\"purpose\":\"核对身份\"}",
	                         (long long)staff).s, NULL));
	assert_str(view_at(&s.k, "vault/openings", 0, "whose"), "P0003");
	assert_str(view_at(&s.k, "vault/openings", 1, "whose"), "C002");
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"an_opening_says_whose_by_code", an_opening_says_whose_by_code,
	 ROWS("sql:exam/7", "sql:vault/3")},
	{"names_are_opened_for_a_session_until_it_ends", names_are_opened_for_a_session_until_it_ends,
	 ROWS("sql:arrange_opening/0", "sql:arrange_opening/1", "sql:arrange_opening/2",
	      "event:arrange.names_opened")},
	{"a_person_registers_once", a_person_registers_once,
	 ROWS("sql:exam/0", "sql:exam/1", "sql:exam/2", "sql:exam/3", "sql:exam/4", "sql:exam/5",
	      "sql:exam/6",
	      "event:exam.candidate_registered", "event:exam.candidate_corrected")},
	{"an_accommodation_stands_on_the_list_of_the_gates",
	 an_accommodation_stands_on_the_list_of_the_gates,
	 ROWS("sql:exam_accommodation/0", "sql:exam_accommodation/1", "sql:exam_accommodation/2",
	      "sql:exam_accommodation/3", "sql:exam_accommodation/4", "sql:exam_accommodation/5",
	      "event:exam.accommodation_approved", "event:exam.accommodation_ended")},
	{"those_of_the_second_session_wait", those_of_the_second_session_wait,
	 ROWS("sql:arrange_seat/0", "sql:arrange_seat/1", "sql:arrange_seat/2", "sql:arrange_seat/3",
	      "sql:arrange_seat/4", "sql:arrange_seat/5", "sql:arrange_seat/6", "sql:arrange_seat/7",
	      "sql:arrange_seat/8", "sql:arrange_seat/9", "sql:arrange_seat/10",
	      "sql:arrange_seat/11", "event:arrange.candidates_seated")},
	{"lists_that_do_not_fit_are_told_when_a_session_is_armed",
	 lists_that_do_not_fit_are_told_when_a_session_is_armed,
	 ROWS("alarm:arrange.seats_differ", "alarm:arrange.waiting_missing")},
	{"a_list_fits_its_room_or_is_refused", a_list_fits_its_room_or_is_refused, NO_ROWS},
	{"a_moved_candidate_is_in_both_rooms_equations",
	 a_moved_candidate_is_in_both_rooms_equations,
	 ROWS("sql:arrange_move/0", "sql:arrange_move/1", "sql:arrange_move/2", "sql:arrange_move/3",
	      "sql:arrange_move/4", "sql:arrange_move/5", "event:arrange.candidate_moved",
	      "alarm:arrange.move_differs")},
};
const struct scenario_set EXAM_SCENES = {LIST, COUNT(LIST)};
