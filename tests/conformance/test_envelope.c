/* SPDX-License-Identifier: Apache-2.0 */
/* test_envelope.c -- what stands beside an act's fields is no place for a name either.
 *
 * The idempotency key, the examination and a slot's note and signature come from outside and are
 * written into the entry as they are: what has not their form is refused before anything is
 * appended, whoever sends it.
 */
#include "kit/check.h"

#include "conformance/search.h"

#include "kit/toy_setup.h"

#define KEY_7 "00000000-0000-7000-8000-777777777777"
#define MOVE_7 "{\"code\":\"P7\",\"to\":\"aa/bb/cc/dd\",\"sheets\":30}"

static const char *const NAMES[] = {"欧阳测试", "Ouyang Ceshi", "x\",\"person\":\"1"};
static const char *const NO_KEYS[] = {"", "00000000-0000-7000-8000-77777777777"};

static struct request request_of(const char *command, const char *data)
{
	struct json *in;
	struct request r = {.command = str_of(command), .actor = {1}, .source = SOURCE_OFFICE,
	                    .key = STR(KEY_7)};

	assert_ok(json_read(&K.op, str_of(data), &in));
	r.data = in;
	return r;
}

/* Refused for its form, and nothing of it is written. */
static void refused(struct request *r, const char *field)
{
	uint64_t size = kit_size(&K);
	enum rc rc = writer_do(&K.w, r, &K.answer);

	if (rc != RC_INVALID)
		fail_msg("a name as %s: %s, not invalid", field, rc_text(rc));
	assert_string_equal(K.answer.err.field, field);
	assert_int_equal(kit_size(&K), size);
}

static void a_key_is_a_uuid(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(NAMES); i++) {
		struct request r = request_of("toy.look", LOOK_7);

		r.key = str_of(NAMES[i]);
		refused(&r, "key");
	}
	for (i = 0; i < COUNT(NO_KEYS); i++) {
		struct request r = request_of("toy.look", LOOK_7);

		r.key = str_of(NO_KEYS[i]);
		refused(&r, "key");
	}
}

static void an_examination_is_the_ledgers_own(void **state)
{
	struct request good = request_of("toy.look", LOOK_7);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(NAMES); i++) {
		struct request r = request_of("toy.look", LOOK_7);

		r.exam = str_of(NAMES[i]);
		refused(&r, "exam");
	}
	good.exam = K.w.exam;
	must(writer_do(&K.w, &good, &K.answer));
}

static struct signed_slot *hands(void)
{
	struct signed_slot *s = arena_array(&K.arena, 2, sizeof(*s));

	s[0] = (struct signed_slot){.slot = STR("giver"), .person = {1}, .how = SLOT_BADGE};
	s[1] = (struct signed_slot){.slot = STR("receiver"), .person = {2}, .how = SLOT_BADGE};
	return s;
}

static void a_signature_carries_no_prose(void **state)
{
	struct request r = request_of("toy.move", MOVE_7);
	struct signed_slot *s;
	size_t i;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	r.nslots = 2;
	for (i = 0; i < COUNT(NAMES); i++) {
		r.slots = s = hands();
		s[1].note = str_of(NAMES[i]);
		refused(&r, "receiver");
		r.slots = s = hands();
		s[1].signature = str_of(NAMES[i]);
		refused(&r, "receiver");
		r.slots = s = hands();
		s[1].slot = str_of(NAMES[i]);
		refused(&r, "slot");
	}
	r.slots = hands();
	must(writer_do(&K.w, &r, &K.answer));
	for (i = 0; i < COUNT(NAMES); i++)
		assert_false(entries_hold(&K, str_of(NAMES[i])));
}

/* The toy's profile, where a slot may be filled by telephone too. */
static void open_with_phones(void)
{
	static char profile[8192];
	const char *at = strstr(TOY_PROFILE, "\"paper\"]");
	int n;

	assert_non_null(at);
	n = snprintf(profile, sizeof(profile), "%.*s\"paper\",\"phone\"]%s", (int)(at - TOY_PROFILE),
	             TOY_PROFILE, at + strlen("\"paper\"]"));
	assert_true(n > 0 && (size_t)n < sizeof(profile));
	kit_close(&K);
	kit_open(&K, TOY_MODULES, 1, profile, 1);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_grant(&K, 2, "toy_keeper", HALL);
	kit_found(&K);
}

/* A call is written down as number, minute and taker: codes, not names. */
static void a_call_is_noted_in_codes(void **state)
{
	static const char *const BAD[] = {"欧阳测试", "Ouyang Ceshi", "028-1/0830/Li Si", "028-1/0830/欧"};
	struct request r;
	struct signed_slot *s;
	size_t i;

	(void)state;
	open_with_phones();
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	r = request_of("toy.move", MOVE_7);
	r.nslots = 2;
	for (i = 0; i < COUNT(BAD); i++) {
		r.slots = s = hands();
		s[1].how = SLOT_PHONE;
		s[1].note = str_of(BAD[i]);
		refused(&r, "receiver");
	}
	r.slots = s = hands();
	s[1].how = SLOT_PHONE;
	s[1].note = STR("028-12345678/0830/P0031");
	must(writer_do(&K.w, &r, &K.answer));
	assert_true(entries_hold(&K, STR("028-12345678/0830/P0031")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_key_is_a_uuid), T(an_examination_is_the_ledgers_own), T(a_signature_carries_no_prose),
		T(a_call_is_noted_in_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
