/* SPDX-License-Identifier: Apache-2.0 */
/* login_log.c -- see login_log.h. */
#include "engine/login_log.h"

#include "engine/login_private.h"

enum { Q_ADD, Q_FROM };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO login_log(idx, at_ms, what, person, source, times)"
	           " SELECT COALESCE(MAX(idx) + 1, 0), ?, ?, ?, ?, ? FROM login_log", 5},
	[Q_FROM] = {"SELECT idx, at_ms, what, person, source, times FROM login_log WHERE idx >= ?"
	            " ORDER BY idx LIMIT ?", 2},
};

static const char *const TEXT[] = {
#define X(id, text) text,
	LOGIN_EVENTS(X)
#undef X
};

const char *login_event_text(enum login_event e)
{
	return TEXT[e];
}

enum rc login_log(struct op *op, struct logins *l, const struct login_line *line)
{
	if (line->what == LOGIN_REFUSED && (line->times & (line->times - 1)))
		return RC_OK; /* no power of two */
	return db_exec(op, l->db, &SQL[Q_ADD],
	               ARGS(sql_int(line->at_ms), sql_int((int64_t)line->what), sql_int(line->who.v),
	                    sql_text(line->source.n ? line->source : STR("")), sql_int(line->times)));
}

enum rc login_lines(struct op *op, struct logins *l, int64_t from, struct login_line *ret,
                    size_t max, size_t *ret_n)
{
	AUTO(rows) r = {0};
	size_t n = 0;

	TRY(db_query(op, l->db, &SQL[Q_FROM], ARGS(sql_int(from), sql_int((int64_t)max)), &r));
	while (n < max && rows_next(&r)) {
		int64_t what = rows_int(&r, 2);

		if (what < 0 || what >= LOGIN_EVENT_MAX)
			continue; /* of a newer program */
		ret[n++] = (struct login_line){rows_int(&r, 0), rows_int(&r, 1), (enum login_event)what,
		                               {rows_int(&r, 3)}, rows_dup(op->arena, &r, 4),
		                               rows_int(&r, 5)};
	}
	*ret_n = n;
	return RC_OK;
}
