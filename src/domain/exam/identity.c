/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c -- numbers of resident identity cards (GB 11643-1999, check digit by ISO 7064 MOD
 * 11-2).  A wrong number found at registration costs a telephone call; found at the gate it costs
 * a candidate their morning.
 */
#include "domain/exam/exam.h"

#include "base/clock.h"

enum { DIGITS = 17, BORN_AT = 6 };

static int64_t number_at(struct str s, size_t from, size_t n)
{
	int64_t v = 0;

	for (size_t i = from; i < from + n; i++)
		v = v * 10 + (s.s[i] - '0');
	return v;
}

static int days_of(int64_t year, int64_t month)
{
	static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return DAYS[month - 1] + (month == 2 && leap);
}

/* The times of this program begin in 1970; some candidates do not. */
static bool born_on_a_day(struct str s, int64_t now_ms)
{
	int64_t year = number_at(s, BORN_AT, 4), month = number_at(s, BORN_AT + 4, 2);
	int64_t day = number_at(s, BORN_AT + 6, 2), born_ms;
	char buf[sizeof("1970-01-01T00:00:00+08:00")];
	int n;

	if (year < 1900 || month < 1 || month > 12 || day < 1 || day > days_of(year, month))
		return false;
	if (year < 1970)
		return true;
	n = snprintf(buf, sizeof(buf), "%.4s-%.2s-%.2sT00:00:00+08:00", s.s + BORN_AT,
	             s.s + BORN_AT + 4, s.s + BORN_AT + 6);
	return n > 0 && clock_parse((struct str){buf, (size_t)n}, &born_ms) && born_ms <= now_ms;
}

static char check_of(struct str s)
{
	static const int WEIGHT[DIGITS] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	static const char CHECK[] = "10X98765432";
	int sum = 0;

	for (size_t i = 0; i < DIGITS; i++)
		sum += (s.s[i] - '0') * WEIGHT[i];
	return CHECK[sum % 11];
}

bool identity_number_valid(struct str s, int64_t now_ms, struct identity_fault *why)
{
	*why = (struct identity_fault){"应为18位公民身份号码", "18 characters of an identity number"};
	if (s.n != DIGITS + 1)
		return false;
	for (size_t i = 0; i < DIGITS; i++)
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	*why = (struct identity_fault){"出生日期不存在", "there is no such day of birth"};
	if (!born_on_a_day(s, now_ms))
		return false;
	*why = (struct identity_fault){"校验码不符（GB 11643）", "the check digit is wrong (GB 11643)"};
	return s.s[DIGITS] == check_of(s) || (s.s[DIGITS] == 'x' && check_of(s) == 'X');
}
