/* SPDX-License-Identifier: Apache-2.0 */
/* form_id.c -- see form_id.h. */
#include "print/form_id.h"

enum { KIND, SESSION, PLACE, SIZE, CHECK, ROOT, PAGE, PARTS };

static struct str or_none(struct str s)
{
	return s.n ? s : STR("-");
}

struct str form_id_text(struct arena *a, const struct form_id *id)
{
	struct str session = or_none(id->session), place = or_none(id->place);

	return str_fmt(a, STR_FMT ":" STR_FMT ":" STR_FMT ":%lld", STR_ARG(id->kind), STR_ARG(session),
	               STR_ARG(place), (long long)id->size);
}

static struct str without_none(struct str s)
{
	return str_is(s, "-") ? STR("") : s;
}

/* Into parts at the colons; 0: too many. */
static int split(struct arena *a, struct str text, struct str ret[PARTS])
{
	struct str head, tail = text;
	int n = 0;

	while (str_cut(tail, ':', &head, &tail)) {
		if (n == PARTS - 1)
			return 0;
		ret[n++] = str_copy(a, head);
	}
	ret[n++] = str_copy(a, tail);
	return n;
}

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.s[i] >= '0' && s.s[i] <= '9') || (s.s[i] >= 'a' && s.s[i] <= 'f')))
			return false;
	return s.n > 0;
}

static bool read_page(struct arena *a, struct str s, struct form_id *id)
{
	struct str page, pages;

	return str_cut(s, '/', &page, &pages) && str_to_i64(str_copy(a, page), &id->page) &&
	       str_to_i64(pages, &id->pages) && id->page >= 1 && id->page <= id->pages;
}

bool form_id_read(struct arena *a, struct str text, struct form_id *ret)
{
	const struct str mark = STR("GY1:");
	bool whole = str_starts(text, mark);
	struct form_id id = {0};
	struct str part[PARTS];
	int n;

	if (whole)
		text = (struct str){text.s + mark.n, text.n - mark.n};
	n = split(a, text, part);
	if (n != (whole ? PARTS : CHECK) || part[KIND].n != 2 || !part[SESSION].n || !part[PLACE].n ||
	    !str_to_i64(part[SIZE], &id.size) || id.size < 0)
		return false;
	id.kind = part[KIND];
	id.session = without_none(part[SESSION]);
	id.place = without_none(part[PLACE]);
	if (whole) {
		id.check = part[CHECK];
		id.root = part[ROOT];
		if (!is_hex(id.check) || !is_hex(id.root) || !read_page(a, part[PAGE], &id))
			return false;
	}
	*ret = id;
	return true;
}
