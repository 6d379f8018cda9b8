/* SPDX-License-Identifier: Apache-2.0 */
/* test_logins.c -- passwords and codes: right once, wrong slowly, ended at once. */
#include "kit/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "engine/login.h"
#include "engine/login_log.h"

static struct arena A;
static struct op OP;
static struct random R;
static struct logins *L;
static struct str PATH;
static uint8_t SECRET[TOTP_SECRET] = "12345678901234567890"; /* of RFC 6238, appendix B */
static const struct login_terms TERMS = {.idle_s = 600, .most_s = 3600, .tries = 3, .wait_s = 10};
static const struct person_id WHO = {7};
#define PASSWORD STR("correct horse battery")
#define NOW INT64_C(1750000000000)

static int setup(void **state)
{
	char path[] = "/tmp/gy-logins-XXXXXX";
	const char *tmp = getenv("TMPDIR");
	struct str top;

	(void)state, (void)path;
	R = random_seeded(5);
	OP = (struct op){.arena = &A, .random = &R};
	top = str_fmt(&A, "%s/gy-logins-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp((char *)(uintptr_t)top.s));
	PATH = str_fmt(&A, "%s/logins.db", top.s);
	assert_ok(logins_open(&OP, PATH, &L));
	assert_ok(login_set(&OP, L, WHO, PASSWORD, SECRET));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	logins_close(L);
	arena_release(&A);
	return 0;
}

static enum rc enter(struct person_id who, struct str password, const char *code,
                     const char *source, int64_t now_ms, struct str *ret)
{
	struct login_try t = {who, password, code ? str_of(code) : totp_code(&A, SECRET, now_ms),
	                      str_of(source), now_ms};

	return login_open(&OP, L, &TERMS, &t, ret);
}

static void secrets_are_for_nobody_else_to_read(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(stat(PATH.s, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(str_fmt(&A, "%s-wal", PATH.s).s, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void codes_are_those_of_the_standard(void **state)
{
	static const struct {
		int64_t s;
		const char *code; /* the last six of the eight digits of RFC 6238 */
	} KNOWN[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
	             {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};

	(void)state;
	for (size_t i = 0; i < COUNT(KNOWN); i++)
		assert_str(totp_code(&A, SECRET, KNOWN[i].s * 1000), KNOWN[i].code);
	assert_str(totp_uri(&A, SECRET, STR("P1")), "otpauth://totp/Gongyuan:P1?secret="
	           "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gongyuan");
}

static void a_code_counts_once(void **state)
{
	struct str token, again;
	struct person_id who;

	(void)state;
	assert_ok(enter(WHO, PASSWORD, NULL, "a", NOW, &token));
	assert_int_equal(token.n, TOKEN_HEX);
	assert_ok(login_of(&OP, L, &TERMS, token, NOW + 1000, &who));
	assert_int_equal(who.v, 7);
	assert_int_equal(enter(WHO, PASSWORD, NULL, "a", NOW + 1000, &again), RC_DENIED);
	assert_ok(enter(WHO, PASSWORD, NULL, "a", NOW + 31000, &again));
	assert_int_equal(enter(WHO, PASSWORD, NULL, "b", NOW, &again), RC_DENIED); /* an older one */
}

static void what_is_wrong_is_not_told(void **state)
{
	struct str token, why;

	(void)state;
	assert_int_equal(enter(WHO, STR("wrong horse battery"), NULL, "a", NOW, &token), RC_DENIED);
	why = str_dup(&A, OP.err.en, strlen(OP.err.en));
	assert_int_equal(enter(WHO, PASSWORD, "000000", "b", NOW, &token), RC_DENIED);
	assert_str(why, OP.err.en);
	assert_int_equal(enter((struct person_id){8}, PASSWORD, NULL, "c", NOW, &token), RC_DENIED);
	assert_str(why, OP.err.en);
	assert_int_equal(enter((struct person_id){0}, PASSWORD, NULL, "d", NOW, &token), RC_DENIED);
	assert_str(why, OP.err.en);
}

static void guessing_slows_down_the_guesser_and_nobody_else(void **state)
{
	struct str token;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(enter(WHO, STR("guess guess"), NULL, "stranger", NOW, &token), RC_DENIED);
	assert_int_equal(enter(WHO, PASSWORD, NULL, "stranger", NOW + 1000, &token), RC_BUSY);
	assert_int_equal(enter(WHO, STR("guess guess"), NULL, "stranger", NOW + 10000, &token),
	                 RC_DENIED);
	assert_int_equal(enter(WHO, PASSWORD, NULL, "stranger", NOW + 29000, &token), RC_BUSY);
	assert_ok(enter(WHO, PASSWORD, NULL, "desk", NOW + 1000, &token)); /* from another desk */
	assert_ok(enter(WHO, PASSWORD, NULL, "stranger", NOW + 61000, &token)); /* he was no stranger */
	assert_int_equal(enter(WHO, STR("guess guess"), NULL, "stranger", NOW + 62000, &token),
	                 RC_DENIED); /* counted from the beginning */
	assert_ok(enter(WHO, PASSWORD, NULL, "stranger", NOW + 92000, &token));
}

static enum rc guess(const char *name, struct person_id who, int64_t now_ms)
{
	struct login_try t = {who, STR("guess guess"), STR("000000"), STR("stranger"), now_ms,
	                      str_of(name)};
	struct str token;

	return login_open(&OP, L, &TERMS, &t, &token);
}

/* Else whoever has guessed until he waits learns at the next name whether it is somebody's. */
static void a_name_that_nobody_has_waits_as_any_and_no_other_for_it(void **state)
{
	static const struct {
		const char *name;
		struct person_id who;
	} NAMES[] = {{"NOBODY-1", {0}}, {"NOBODY-2", {0}}, {"P7", {7}}, {"P8", {8}}, {"NOBODY-3", {0}}};
	const int64_t later = NOW + 2 * INT64_C(86400000);

	(void)state;
	for (size_t i = 0; i < COUNT(NAMES); i++) {
		for (int k = 0; k < 3; k++)
			assert_int_equal(guess(NAMES[i].name, NAMES[i].who, NOW), RC_DENIED);
		assert_int_equal(guess(NAMES[i].name, NAMES[i].who, NOW + 9000), RC_BUSY);
	}
	for (size_t i = 0; i < COUNT(NAMES); i++)
		for (int k = 0; k < 3; k++) /* forgotten, one as the other */
			assert_int_equal(guess(NAMES[i].name, NAMES[i].who, later), RC_DENIED);
	for (size_t i = 0; i < COUNT(NAMES); i++)
		assert_int_equal(guess(NAMES[i].name, NAMES[i].who, later + 9000), RC_BUSY);
}

static void a_login_ends(void **state)
{
	struct str one, two, three;
	struct person_id who;

	(void)state;
	assert_ok(enter(WHO, PASSWORD, NULL, "a", NOW, &one));
	assert_int_equal(login_of(&OP, L, &TERMS, one, NOW + 601000, &who), RC_DENIED); /* idle */
	for (int64_t t = 0; t <= 3600; t += 300)
		assert_ok(login_of(&OP, L, &TERMS, one, NOW + t * 1000, &who));
	assert_int_equal(login_of(&OP, L, &TERMS, one, NOW + 3601000, &who), RC_DENIED); /* too long */
	assert_ok(enter(WHO, PASSWORD, NULL, "a", NOW + 60000, &one));
	assert_ok(enter(WHO, PASSWORD, NULL, "a", NOW + 90000, &two));
	assert_ok(login_end(&OP, L, one, NOW + 91000));
	assert_int_equal(login_of(&OP, L, &TERMS, one, NOW + 91000, &who), RC_DENIED);
	assert_ok(login_of(&OP, L, &TERMS, two, NOW + 91000, &who));
	assert_ok(login_set(&OP, L, WHO, STR("another password"), SECRET));
	assert_int_equal(login_of(&OP, L, &TERMS, two, NOW + 91000, &who), RC_DENIED);
	assert_ok(enter(WHO, STR("another password"), NULL, "a", NOW + 120000, &three));
	assert_ok(login_unset(&OP, L, WHO, NOW + 121000));
	assert_int_equal(login_of(&OP, L, &TERMS, three, NOW + 121000, &who), RC_DENIED);
	assert_int_equal(enter(WHO, STR("another password"), NULL, "a", NOW + 150000, &three),
	                 RC_DENIED);
	assert_int_equal(login_unset(&OP, L, WHO, NOW + 121000), RC_NOT_FOUND);
	assert_int_equal(login_set(&OP, L, WHO, STR("short"), SECRET), RC_INVALID);
}

/* Fourteen guesses are four lines: the first, second, fourth and eighth. */
static void the_log_tells_who_came_and_not_each_guess(void **state)
{
	static const enum login_event WANT[] = {
		LOGIN_OPENED, LOGIN_REFUSED, LOGIN_REFUSED, LOGIN_REFUSED, LOGIN_REFUSED,
		LOGIN_OPENED, LOGIN_ENDED, LOGIN_OPENED, LOGIN_DROPPED,
	};
	struct login_line line[16];
	struct str token;
	size_t n;

	(void)state;
	assert_ok(enter(WHO, PASSWORD, NULL, "desk", NOW, &token));
	for (int64_t i = 0; i < 14; i++)
		assert_int_equal(enter(WHO, STR("guess guess"), NULL, "stranger", NOW + i * 86400000,
		                       &token), RC_DENIED);
	assert_ok(enter(WHO, PASSWORD, NULL, "desk", NOW + 60000, &token));
	assert_ok(login_end(&OP, L, token, NOW + 70000));
	assert_ok(login_end(&OP, L, token, NOW + 71000)); /* nothing ends twice */
	assert_ok(enter(WHO, PASSWORD, NULL, "desk", NOW + 120000, &token));
	assert_ok(login_unset(&OP, L, WHO, NOW + 130000));
	assert_ok(login_lines(&OP, L, 0, line, COUNT(line), &n));
	assert_int_equal(n, COUNT(WANT));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(line[i].what, WANT[i]);
		assert_int_equal(line[i].index, i);
		assert_int_equal(line[i].who.v, WHO.v);
	}
	assert_int_equal(line[4].times, 8);
	assert_str(line[4].source, "stranger");
}

/* Wrong tries of one network are counted together, and the log says which address each was of. */
static void the_log_tells_the_address_and_not_the_network(void **state)
{
	struct login_try t = {.who = WHO, .password = STR("guess guess"), .code = STR("000000"),
	                      .source = STR("2001:db8::/64"), .now_ms = NOW};
	struct login_line line[4];
	struct str token;
	size_t n;

	(void)state;
	t.address = STR("2001:db8::1");
	assert_int_equal(login_open(&OP, L, &TERMS, &t, &token), RC_DENIED);
	t.address = STR("2001:db8::2");
	assert_int_equal(login_open(&OP, L, &TERMS, &t, &token), RC_DENIED);
	assert_ok(login_lines(&OP, L, 0, line, COUNT(line), &n));
	assert_int_equal(n, 2);
	assert_str(line[0].source, "2001:db8::1");
	assert_str(line[1].source, "2001:db8::2");
	assert_int_equal(line[1].times, 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(secrets_are_for_nobody_else_to_read),
		T(codes_are_those_of_the_standard),
		T(a_code_counts_once),
		T(what_is_wrong_is_not_told),
		T(guessing_slows_down_the_guesser_and_nobody_else),
		T(a_name_that_nobody_has_waits_as_any_and_no_other_for_it),
		T(a_login_ends),
		T(the_log_tells_who_came_and_not_each_guess),
		T(the_log_tells_the_address_and_not_the_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
