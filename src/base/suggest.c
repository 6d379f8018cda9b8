/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.c -- optimal string alignment over two short words. */
#include "base/suggest.h"

#define SUGGEST_MAX 48

static char same(char c)
{
	return c == '_' ? '-' : c;
}

static int least(int a, int b, int c)
{
	int m = a < b ? a : b;

	return m < c ? m : c;
}

int suggest_distance(struct str a, struct str b)
{
	int d[SUGGEST_MAX + 1][SUGGEST_MAX + 1];
	size_t n = a.n < SUGGEST_MAX ? a.n : SUGGEST_MAX;
	size_t m = b.n < SUGGEST_MAX ? b.n : SUGGEST_MAX;

	for (size_t i = 0; i <= n; i++)
		d[i][0] = (int)i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = (int)j;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			char x = same(a.s[i - 1]), y = same(b.s[j - 1]);

			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (x != y));
			if (i > 1 && j > 1 && x == same(b.s[j - 2]) && same(a.s[i - 2]) == y)
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1, d[i][j]);
		}
	return d[n][m];
}

void suggest_init(struct suggestion *s, struct str wanted)
{
	/* A third of the word may be wrong, and two letters always. */
	int far = (int)(wanted.n / 3);

	*s = (struct suggestion){.wanted = wanted, .distance = (far < 2 ? 2 : far) + 1};
}

void suggest_try(struct suggestion *s, struct str known)
{
	int d = suggest_distance(s->wanted, known);

	/* A beginning of the word counts as one mistake: "hand" for "hand-over". */
	if (s->wanted.n >= 3 && str_starts(known, s->wanted) && d > 1)
		d = 1;
	if (d < s->distance && (size_t)d < known.n) {
		s->distance = d;
		s->best = known;
	}
}
