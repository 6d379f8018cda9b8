/* SPDX-License-Identifier: Apache-2.0 */
/* test_clock.c -- times are written and read the same on every machine. */
#include "kit/check.h"

#include "base/clock.h"

static const struct { int64_t ms; const char *utc; } KNOWN[] = {
	{0, "1970-01-01T00:00:00.000Z"},
	{1749257880000, "2025-06-07T00:58:00.000Z"},
	{951782399999, "2000-02-28T23:59:59.999Z"},
	{951782400000, "2000-02-29T00:00:00.000Z"},
	{951868800000, "2000-03-01T00:00:00.000Z"},
	{1709164800007, "2024-02-29T00:00:00.007Z"},
	{4107542399000, "2100-02-28T23:59:59.000Z"},
	{4107542400000, "2100-03-01T00:00:00.000Z"},
	{1735689599999, "2024-12-31T23:59:59.999Z"},
	{253402300799999, "9999-12-31T23:59:59.999Z"},
};

static void known_times_are_written_and_read(void **state)
{
	struct arena a = {0};

	for (size_t i = 0; i < COUNT(KNOWN); i++) {
		int64_t ms = -1;

		assert_str(clock_format_utc(&a, KNOWN[i].ms), KNOWN[i].utc);
		assert_true(clock_parse(str_of(KNOWN[i].utc), &ms));
		assert_true(ms == KNOWN[i].ms);
	}
	assert_str(clock_format_utc(&a, -1), "1969-12-31T23:59:59.999Z");
	arena_release(&a);
}

static void every_day_agrees_with_the_host(void **state)
{
	struct arena a = {0};

	for (int64_t day = 0; day < 2932897; day += 1) { /* to the end of 9999 */
		int64_t ms = day * 86400000 + day % 86400000, back;
		struct str text = clock_format_utc(&a, ms);
		time_t t = (time_t)(ms / 1000);
		struct tm tm;
		char want[40];

		if (day % 7 == 0) { /* the host's own is slow */
			gmtime_r(&t, &tm);
			strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S", &tm);
			assert_memory_equal(text.s, want, 19);
		}
		assert_true(clock_parse(text, &back));
		assert_true(back == ms);
		if (day % 1000 == 0)
			arena_reset(&a);
	}
	arena_release(&a);
}

static void offsets_are_written_and_read_back(void **state)
{
	static const struct { int min; const char *text; } ROWS[] = {
		{480, "2025-06-07T08:58:00.000+08:00"}, {0, "2025-06-07T00:58:00.000+00:00"},
		{-210, "2025-06-06T21:28:00.000-03:30"}, {840, "2025-06-07T14:58:00.000+14:00"},
		{-840, "2025-06-06T10:58:00.000-14:00"}, {-30, "2025-06-07T00:28:00.000-00:30"},
	};
	struct arena a = {0};

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		int64_t ms = 0;

		assert_str(clock_format_offset(&a, 1749257880000, ROWS[i].min), ROWS[i].text);
		assert_true(clock_parse(str_of(ROWS[i].text), &ms));
		assert_true(ms == 1749257880000);
	}
	arena_release(&a);
}

static void a_local_time_beyond_the_year_9999_is_written_in_utc(void **state)
{
	struct arena a = {0};
	int64_t ms = 0;

	assert_true(clock_parse(STR("9999-12-31T23:59:59.999Z"), &ms));
	assert_str(clock_format_offset(&a, ms, 480), "9999-12-31T23:59:59.999+00:00");
	assert_str(clock_format_offset(&a, ms, -60), "9999-12-31T22:59:59.999-01:00");
	arena_release(&a);
}

static void fractions_of_up_to_three_digits_are_read(void **state)
{
	static const struct { const char *text; int64_t ms; } ROWS[] = {
		{"1970-01-01T00:00:00Z", 0}, {"1970-01-01T00:00:00.5Z", 500},
		{"1970-01-01T00:00:00.05Z", 50}, {"1970-01-01T00:00:00.005Z", 5},
		{"1970-01-01T08:00:01+08:00", 1000}, {"1970-01-01T00:00:00-23:59", 86340000},
	};

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		int64_t ms = -1;

		assert_true(clock_parse(str_of(ROWS[i].text), &ms));
		assert_true(ms == ROWS[i].ms);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const BAD[] = {
		"", "2025", "2025-06-07", "2025-06-07T00:58:00", "2025-06-07 00:58:00Z",
		"2025-06-07t00:58:00Z", "2025-06-07T00:58:00z", "2025-6-07T00:58:00Z",
		"2025-13-07T00:58:00Z", "2025-00-07T00:58:00Z", "2025-06-31T00:58:00Z",
		"2025-06-00T00:58:00Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2025-06-07T24:00:00Z", "2025-06-07T00:60:00Z", "2025-06-07T23:59:60Z",
		"2025-06-07T00:58Z", "2025-06-07T00:58:00.Z", "2025-06-07T00:58:00.0000Z",
		"2025-06-07T00:58:00,0Z", "2025-06-07T00:58:00.0", "2025-06-07T00:58:00+08",
		"2025-06-07T00:58:00+0800", "2025-06-07T00:58:00+24:00",
		"2025-06-07T00:58:00+08:60", "2025-06-07T00:58:00+08:00x",
		"2025-06-07T00:58:00ZZ", " 2025-06-07T00:58:00Z",
		"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00",
		"10000-01-01T00:00:00Z", "+2025-06-07T00:58:00Z", "-025-06-07T00:58:00Z",
		"2025-06-07T00:58:00−08:00",
	};

	for (size_t i = 0; i < COUNT(BAD); i++) {
		int64_t ms = 42;

		if (clock_parse(str_of(BAD[i]), &ms))
			fail_msg("\"%s\" was read", BAD[i]);
		assert_int_equal(ms, 42);
	}
}

static void a_virtual_clock_stands_still_until_set(void **state)
{
	struct clock c = clock_virtual(1000);

	assert_int_equal(clock_now_ms(&c), 1000);
	clock_set(&c, 2000);
	assert_int_equal(clock_now_ms(&c), 2000);
	assert_string_equal(clock_state_text(c.state), "virtual");
	assert_string_equal(clock_state_text(CLOCK_DOUBTFUL), "doubtful");
}

static void the_system_clock_runs_in_milliseconds(void **state)
{
	struct clock c = clock_system();
	int64_t before = (int64_t)time(NULL) * 1000, now = clock_now_ms(&c);

	assert_int_equal(c.state, CLOCK_SYSTEM);
	assert_true(now >= before - 1000 && now < before + 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_times_are_written_and_read),
		cmocka_unit_test(every_day_agrees_with_the_host),
		cmocka_unit_test(offsets_are_written_and_read_back),
		cmocka_unit_test(a_local_time_beyond_the_year_9999_is_written_in_utc),
		cmocka_unit_test(fractions_of_up_to_three_digits_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(a_virtual_clock_stands_still_until_set),
		cmocka_unit_test(the_system_clock_runs_in_milliseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
