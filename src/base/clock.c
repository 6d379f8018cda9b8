/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c -- see clock.h.
 *
 * Dates are computed here, not by the host's library: the result must be the same on every
 * machine and in every zone setting, and each ledger entry writes three times.
 * Years are counted from March, so that the leap day is the last of its year; an era is the
 * 400 years (146,097 days) after which the calendar repeats.
 */
#include "base/clock.h"

#define DAY_MS 86400000LL
#define DAYS_TO_1970 719468LL /* from 0000-03-01 */
#define ERA_DAYS 146097LL
#define MS_MAX 253402300799999LL /* 9999-12-31T23:59:59.999Z */

#define X(id, text) [CLOCK_##id] = text,
static const char *const STATE_TEXT[] = {CLOCK_STATES(X)};
#undef X

struct civil {
	int64_t year;
	int month, day;
};

const char *clock_state_text(enum clock_state s)
{
	assert(s < CLOCK_STATE_MAX);
	return STATE_TEXT[s];
}

struct clock clock_system(void)
{
	return (struct clock){.state = CLOCK_SYSTEM};
}

struct clock clock_virtual(int64_t at_ms)
{
	return (struct clock){.state = CLOCK_VIRTUAL, .virtual_ms = at_ms};
}

void clock_set(struct clock *c, int64_t at_ms)
{
	assert(c->state == CLOCK_VIRTUAL);
	c->virtual_ms = at_ms;
}

int64_t clock_now_ms(const struct clock *c)
{
	struct timespec now;

	/* A doubtful clock is the host's all the same: the entry says that it is doubtful. */
	if (c->state == CLOCK_VIRTUAL)
		return c->virtual_ms;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Rounds down, for times before 1970 too. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0 ? 1 : 0);
}

static struct civil civil_of_days(int64_t days_since_1970)
{
	int64_t z = days_since_1970 + DAYS_TO_1970, era = floor_div(z, ERA_DAYS);
	int day_of_era = (int)(z - era * ERA_DAYS);
	int leap_days = day_of_era / 1460 - day_of_era / 36524 + day_of_era / 146096;
	int year = (day_of_era - leap_days) / 365;
	int day = day_of_era - (365 * year + year / 4 - year / 100);
	int month = (5 * day + 2) / 153; /* 0: March; months of 31,30,31,30,31 days repeat */

	return (struct civil){
		.year = era * 400 + year + (month >= 10 ? 1 : 0),
		.month = month < 10 ? month + 3 : month - 9,
		.day = day - (153 * month + 2) / 5 + 1,
	};
}

/* The way back: both are checked against each other for every day to the end of 9999. */
static int64_t days_of_civil(struct civil c)
{
	int64_t year = c.year - (c.month <= 2 ? 1 : 0), era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int month = c.month > 2 ? c.month - 3 : c.month + 9;
	int64_t day = (153 * month + 2) / 5 + c.day - 1;

	return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day -
	       DAYS_TO_1970;
}

static int days_in_month(int year, int month)
{
	static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Writes v in `width` decimal digits and then `after`; returns the place behind. */
static char *put(char *p, int v, int width, char after)
{
	for (int i = width - 1; i >= 0; i--) {
		p[i] = (char)('0' + v % 10);
		v /= 10;
	}
	p[width] = after;
	return p + width + 1;
}

/* "2025-06-07T00:58:00.000" and one byte more, which the caller overwrites. */
static char *put_time(char *p, int64_t ms)
{
	int64_t day = floor_div(ms, DAY_MS);
	int left = (int)(ms - day * DAY_MS);
	struct civil c = civil_of_days(day);

	assert(c.year >= 0 && c.year <= 9999);
	p = put(p, (int)c.year, 4, '-');
	p = put(p, c.month, 2, '-');
	p = put(p, c.day, 2, 'T');
	p = put(p, left / 3600000, 2, ':');
	p = put(p, left / 60000 % 60, 2, ':');
	p = put(p, left / 1000 % 60, 2, '.');
	return put(p, left % 1000, 3, 'Z');
}

struct str clock_format_utc(struct arena *a, int64_t ms)
{
	const size_t n = sizeof("2025-06-07T00:58:00.000Z") - 1;
	char *s = arena_alloc(a, n + 1);

	put_time(s, ms);
	return (struct str){s, n};
}

struct str clock_format_offset(struct arena *a, int64_t ms, int offset_min)
{
	const size_t n = sizeof("2025-06-07T08:58:00.000+08:00") - 1;
	int minutes = offset_min < 0 ? -offset_min : offset_min;
	char *s = arena_alloc(a, n + 1), *p;

	assert(minutes <= 14 * 60);
	if (ms + (int64_t)offset_min * 60000 > MS_MAX) /* no such year: the same moment in UTC */
		offset_min = minutes = 0;
	p = put_time(s, ms + (int64_t)offset_min * 60000) - 1;
	*p++ = offset_min < 0 ? '-' : '+';
	p = put(p, minutes / 60, 2, ':');
	put(p, minutes % 60, 2, '\0');
	return (struct str){s, n};
}

/* Takes `width` digits from the front of *s, as a number in low..high, and then the byte
 * `after` (0: none). */
static bool take(struct str *s, size_t width, int low, int high, char after, int *ret)
{
	size_t n = width + (after ? 1 : 0);
	int v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < width; i++) {
		if (s->s[i] < '0' || s->s[i] > '9')
			return false;
		v = v * 10 + (s->s[i] - '0');
	}
	if (v < low || v > high || (after && s->s[width] != after))
		return false;
	*s = (struct str){s->s + n, s->n - n};
	*ret = v;
	return true;
}

/* ".5", ".58", ".580" or nothing. */
static bool take_fraction(struct str *s, int *ret_ms)
{
	static const int WORTH[] = {100, 10, 1};
	size_t digits = 0;
	int ms = 0;

	if (s->n == 0 || s->s[0] != '.')
		return true;
	for (size_t i = 1; i < s->n && s->s[i] >= '0' && s->s[i] <= '9'; i++) {
		if (digits == COUNT(WORTH))
			return false;
		ms += (s->s[i] - '0') * WORTH[digits++];
	}
	if (digits == 0)
		return false;
	*s = (struct str){s->s + 1 + digits, s->n - 1 - digits};
	*ret_ms = ms;
	return true;
}

/* "Z" or "+08:00", to the end of the text. */
static bool take_zone(struct str s, int *ret_min)
{
	int hours, minutes;
	bool west;

	if (str_eq(s, STR("Z"))) {
		*ret_min = 0;
		return true;
	}
	if (s.n == 0 || (s.s[0] != '+' && s.s[0] != '-'))
		return false;
	west = s.s[0] == '-';
	s = (struct str){s.s + 1, s.n - 1};
	if (!take(&s, 2, 0, 23, ':', &hours) || !take(&s, 2, 0, 59, 0, &minutes) || s.n > 0)
		return false;
	*ret_min = (west ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

bool clock_parse(struct str text, int64_t *ret_ms)
{
	int year, month, day, hour, minute, second, ms = 0, zone;
	int64_t days, at;

	if (!take(&text, 4, 1970, 9999, '-', &year) || !take(&text, 2, 1, 12, '-', &month) ||
	    !take(&text, 2, 1, days_in_month(year, month), 'T', &day))
		return false;
	/* A leap second is refused: the ledger's time has none. */
	if (!take(&text, 2, 0, 23, ':', &hour) || !take(&text, 2, 0, 59, ':', &minute) ||
	    !take(&text, 2, 0, 59, 0, &second))
		return false;
	if (!take_fraction(&text, &ms) || !take_zone(text, &zone))
		return false;
	days = days_of_civil((struct civil){.year = year, .month = month, .day = day});
	/* An offset may move a time of these years out of them. */
	at = days * DAY_MS + (hour * 60 + minute - zone) * 60000LL + second * 1000 + ms;
	if (at < 0 || at > MS_MAX)
		return false;
	*ret_ms = at;
	return true;
}
