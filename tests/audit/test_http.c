/* SPDX-License-Identifier: Apache-2.0 */
/* test_http.c -- a ledger audited over HTTP: from an honest server, one that lies, one that is
 * away.
 */
#include "kit/check.h"

#include "audit/hand.h"
#include "audit/lying.h"

enum { SIZE = 700 };

static struct hand H;
static struct lying L;
static struct audit_options O;
static const char *out; /* the honest folder */

static int setup(void **state)
{
	(void)state;
	hand_open(&H);
	hand_full(&H, SIZE);
	out = str_copy(&H.arena, hand_export(&H, "out")).s;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hand_close(&H);
	return 0;
}

/* Each test begins with an honest server. */
static int begin(void **state)
{
	(void)state;
	L = (struct lying){.dir = out, .about = ""};
	O = (struct audit_options){.token = STR("")};
	return 0;
}

/* What an audit of it says; *ret_rc: how it ended. */
static struct report *audit(enum rc *ret_rc)
{
	struct report *r = ARENA_NEW(&H.arena, struct report);

	lying_start(&L);
	O.source = str_fmt(&H.arena, "http://127.0.0.1:%d", L.port);
	*ret_rc = audit_run(&H.op, &O, r);
	lying_stop(&L);
	return r;
}

static struct report *verdict(void)
{
	enum rc rc;
	struct report *r = audit(&rc);

	assert_ok(rc);
	return r;
}

/* No verdict, and a sentence. */
static void assert_none(enum rc want)
{
	enum rc rc;

	(void)audit(&rc);
	assert_int_equal(rc, want);
	assert_true(H.op.err.zh[0] && H.op.err.en[0]);
}

static void an_honest_server_is_whole(void **state)
{
	struct report *r = verdict();

	(void)state;
	assert_clean(r);
	assert_int_equal(r->size, SIZE);
	assert_true(hand_unchecked(r, FINDING_TILE));
	/* checkpoint, key, rules; three bundles; four tiles: each once */
	assert_int_equal(L.asked, 3 + 3 + 4);
}

static void it_is_asked_with_the_token_that_was_given(void **state)
{
	struct report *r;

	(void)state;
	L.token = "abc";
	assert_none(RC_DENIED);
	O.token = STR("abd");
	assert_none(RC_DENIED);
	assert_non_null(strstr(H.op.err.en, "--token-file"));
	O.token = STR("abc");
	r = verdict();
	assert_clean(r);
}

/* A token goes nowhere in the clear, and into no second line. */
static void a_token_is_not_sent_where_others_read_it(void **state)
{
	static const struct {
		const char *source, *token;
	} BAD[] = {
		{"http://198.51.100.7/", "abc"}, {"http://127.0.0.1.example/", "abc"},
		{"https://a@b/", ""}, {"https://h/?x=1", ""}, {"https://h/#x", ""}, {"https://h/ x", ""},
		{"http://127.0.0.1:1/", "a\r\nX: y"}, {"http://127.0.0.1:1/", "a b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		O.source = str_of(BAD[i].source);
		O.token = str_of(BAD[i].token);
		assert_int_equal(audit_run(&H.op, &O, ARENA_NEW(&H.arena, struct report)), RC_INVALID);
	}
}

static void what_was_altered_on_the_way_is_found(void **state)
{
	static const struct {
		const char *about;
		enum lie lie;
		enum finding_kind kind;
		int64_t index;
	} LIES[] = {
		{"tile/0/001", LIE_ALTER, FINDING_TILE, 256 + 128},
		{"tile/0/002.p/188", LIE_ALTER, FINDING_TILE, 512 + 94},
		{"tile/1/000.p/2", LIE_ALTER, FINDING_TILE, 256},
		{"tile/0/001", LIE_SHORT, FINDING_TILE, 256 + 128},
		{"tile/0/001", LIE_EMPTY, FINDING_TILE, 256},
		{"tile/0/001", LIE_LONG, FINDING_TILE, 256},
		{"tile/0/001", LIE_MISSING, FINDING_TILE, 256},
		{"tile/0/001", LIE_REDIRECT, FINDING_TILE, 256},
		{"tile/0/001", LIE_GARBAGE, FINDING_TILE, 256},
		{"entries/001", LIE_MISSING, FINDING_TILE, 256},
		{"entries/001", LIE_LONG, FINDING_TILE, 256},
		{"entries/001", LIE_REDIRECT, FINDING_TILE, 256},
		{"entries/001", LIE_EMPTY, FINDING_TILE, 256},
		{"entries/002", LIE_MISSING, FINDING_CHECKPOINT, 512},
		{"entries/", LIE_MISSING, FINDING_CHECKPOINT, 0},
		{"entries/", LIE_EMPTY, FINDING_TILE, 0},
		{"vkey", LIE_MISSING, FINDING_KEY, NO_INDEX},
		{"rules/", LIE_ALTER, FINDING_SIGNATURE, AT_RULES},
		{"rules/", LIE_MISSING, FINDING_SIGNATURE, AT_RULES},
		{"checkpoint", LIE_ALTER, FINDING_NOTE, NO_INDEX},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(LIES); i++) {
		struct report *r;

		L.about = LIES[i].about;
		L.lie = LIES[i].lie;
		r = verdict();
		if (hand_found_at(r, LIES[i].kind, LIES[i].index) == 0) {
			hand_show(r);
			fail_msg("lie %zu, about %s", i, L.about);
		}
		assert_true(L.asked <= 20); /* what is not there is not asked for again and again */
	}
}

/* An entry altered on the way is placed, as in a folder. */
static void an_altered_entry_is_placed(void **state)
{
	struct report *r;

	(void)state;
	L.about = "entries/001";
	L.lie = LIE_ALTER;
	r = verdict();
	assert_found(r, FINDING_TILE, 384); /* the tile and the bundle disagree */
	assert_true(report_total(r) >= 2);
}

static void without_an_answer_there_is_no_verdict(void **state)
{
	static const char *const ABOUT[] = {"checkpoint", "vkey", "rules/", "entries/000",
	                                    "entries/002", "tile/0/000", "tile/1/"};
	static const enum lie LIES[] = {LIE_AWAY, LIE_BUSY, LIE_CUT};

	(void)state;
	for (size_t i = 0; i < COUNT(ABOUT); i++)
		for (size_t k = 0; k < COUNT(LIES); k++) {
			L.about = ABOUT[i];
			L.lie = LIES[k];
			assert_none(RC_BUSY);
		}
	L.lie = LIE_NEVER;
	O.ask_ms = 200;
	assert_none(RC_BUSY);
	O.source = str_fmt(&H.arena, "http://127.0.0.1:%d", L.port); /* nobody listens any more */
	assert_int_equal(audit_run(&H.op, &O, ARENA_NEW(&H.arena, struct report)), RC_BUSY);
}

/* A large answer that keeps coming is heard out; its silence is what has a deadline. */
static void a_slow_link_is_no_fault_of_the_ledger(void **state)
{
	(void)state;
	L.about = "entries/001";
	L.lie = LIE_SLOW;
	O.ask_ms = 200;
	assert_clean(verdict());
}

static void what_shows_no_checkpoint_is_no_ledger(void **state)
{
	static const enum lie LIES[] = {LIE_MISSING, LIE_REDIRECT, LIE_EMPTY, LIE_SHORT, LIE_LONG,
	                                LIE_GARBAGE};

	(void)state;
	L.about = "checkpoint";
	for (size_t i = 0; i < COUNT(LIES); i++) {
		L.lie = LIES[i];
		assert_none(RC_INVALID);
		assert_int_equal(L.asked, 1);
	}
}

static void an_older_copy_is_a_rollback(void **state)
{
	struct report *r;

	(void)state;
	hand_file(&H, "newer", hand_note(&H, SIZE, 0));
	hand_file(&H, "older", hand_note(&H, 300, 0));
	O.known[0] = str_copy(&H.arena, hand_path(&H, "older"));
	O.nknown = 1;
	r = verdict();
	assert_clean(r);
	O.known[1] = str_copy(&H.arena, hand_path(&H, "newer"));
	O.nknown = 2;
	H.n = 500; /* put back */
	L.dir = str_copy(&H.arena, hand_export(&H, "back")).s;
	r = verdict();
	assert_found(r, FINDING_ROLLBACK, 500);
	H.n = SIZE;
}

/* A server may drop an incomplete tile when the whole one is there. */
static void a_whole_tile_stands_in_for_its_beginning(void **state)
{
	struct report *r;
	struct str first;

	(void)state;
	L.dir = str_copy(&H.arena, hand_export(&H, "grown")).s;
	hand_file(&H, "grown/checkpoint", hand_note(&H, 500, 0));
	first = hand_read(&H, "grown/tile/1/000.p/2");
	hand_file(&H, "grown/tile/1/000.p/1", (struct str){first.s, 32});
	r = verdict();
	assert_clean(r);
	assert_int_equal(r->size, 500);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test_setup(an_honest_server_is_whole, begin),
		cmocka_unit_test_setup(it_is_asked_with_the_token_that_was_given, begin),
		cmocka_unit_test_setup(a_token_is_not_sent_where_others_read_it, begin),
		cmocka_unit_test_setup(what_was_altered_on_the_way_is_found, begin),
		cmocka_unit_test_setup(an_altered_entry_is_placed, begin),
		cmocka_unit_test_setup(without_an_answer_there_is_no_verdict, begin),
		cmocka_unit_test_setup(a_slow_link_is_no_fault_of_the_ledger, begin),
		cmocka_unit_test_setup(what_shows_no_checkpoint_is_no_ledger, begin),
		cmocka_unit_test_setup(a_whole_tile_stands_in_for_its_beginning, begin),
		cmocka_unit_test_setup(an_older_copy_is_a_rollback, begin),
	};
	return cmocka_run_group_tests(TESTS, setup, teardown);
}
