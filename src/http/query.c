/* SPDX-License-Identifier: Apache-2.0 */
/* query.c -- see query.h. */
#include "http/query.h"

#include "base/limits.h"
#include "engine/field.h"
#include "http/problem.h"

#define INDEX_ZH "应为台账序号"
#define INDEX_EN "is the index of an entry"
#define CURSOR_ZH "应为上一页的 next"
#define CURSOR_EN "is the `next` of the page before"

const struct query_number
	QUERY_LIMIT = {"limit", QUERY_PAGE, 1, QUERY_PAGE_MOST, "应为 1 至 2000", "is 1 to 2000"},
	QUERY_MIN_INDEX = {"min_index", -1, 0, LIMIT_INT, INDEX_ZH, INDEX_EN},
	QUERY_AS_OF = {"as_of", -1, 0, LIMIT_INT, INDEX_ZH, INDEX_EN},
	QUERY_AFTER = {"after", 0, 0, LIMIT_INT, CURSOR_ZH, CURSOR_EN};

bool query_number(struct exchange *x, const struct query_number *n, int64_t *ret)
{
	struct str v = exchange_query(x, n->name);

	*ret = n->absent;
	if (!v.s || (str_to_i64(v, ret) && *ret >= n->least && *ret <= n->most))
		return true;
	problem_query(x, str_of(n->name), n->zh, n->en);
	return false;
}

bool query_place(struct exchange *x, struct str place)
{
	if (!place.n || place_path_valid(place))
		return true;
	problem_query(x, STR("place"), "写作路径 省/市/县/考点/考场",
	              "is a path province/city/county/site/room");
	return false;
}

bool query_text(struct exchange *x, const char *name, struct str value)
{
	if (str_utf8_valid(value))
		return true;
	problem_query(x, str_of(name), "应为文字（UTF-8）", "is text, as UTF-8");
	return false;
}

void query_cursor_wrong(struct exchange *x)
{
	problem_query(x, STR("after"), CURSOR_ZH, CURSOR_EN);
}
