/* SPDX-License-Identifier: Apache-2.0 */
/* secrecy.c -- levels of secrecy, reckoned and never kept; see secrecy.h. */
#include "domain/custody/secrecy.h"

#include "domain/custody/paper.h"
#include "domain/custody/stop.h"

#define CITE_LEVEL CITE_SECURITY "Art.2 (1.1)"

enum { Q_SCRIPT, Q_VIEW, Q_GROUPS, Q_SCRIPTS };
/* Kinds as in PAPER_KINDS: 3 scratch, 4 barcode; states as in BAG_STATES: 2 opened, 3 counted,
 * 6 destroyed.  The view tells by events alone: used up is what has been counted. */
static const struct sql SQL[] = {
	[Q_SCRIPT] = {"SELECT state FROM custody_script WHERE bag = ?", 1},
	[Q_VIEW] = {"SELECT code, session, CASE WHEN kind IN (3, 4) OR state = 6 THEN ''"
	            " WHEN opened_ms = 0 THEN '绝密' WHEN state = 2 THEN '机密' ELSE '' END"
	            " FROM custody_bag ORDER BY code", 0},
	[Q_GROUPS] = {"SELECT session, kind, holder, state, opened_ms, COUNT(*) FROM custody_bag"
	              " WHERE ? = '' OR holder = ? OR (holder >= ? AND holder < ?)"
	              " GROUP BY session, kind, holder, state, opened_ms", 4},
	[Q_SCRIPTS] = {"SELECT COUNT(*) FROM custody_script WHERE state <> 3"
	               " AND (? = '' OR holder = ? OR (holder >= ? AND holder < ?))", 4},
};

static const char *const TEXT[] = {"", "秘密", "机密", "绝密"};

const char *paper_level_text(enum paper_level l)
{
	return l <= LEVEL_TOP_SECRET ? TEXT[l] : "?";
}

/* The end of the last session that uses the same paper. */
static int64_t used_up_ms(const struct profile *profile, struct str session)
{
	const struct profile_session *of = profile_session(profile, session);
	int64_t end_ms = of ? of->end_ms : INT64_MAX;

	for (size_t i = 0; of && i < profile->nsessions; i++)
		if (str_eq(profile->sessions[i].subject, of->subject) &&
		    profile->sessions[i].end_ms > end_ms)
			end_ms = profile->sessions[i].end_ms;
	return end_ms;
}

static enum rc level_of_bag(struct op *op, const struct profile *profile, const struct bag *bag,
	                        int64_t at_ms, enum paper_level *ret)
{
	bool opened = bag->opened_ms && bag->opened_ms <= at_ms, stopped;

	TRY(paper_stopped(op, bag->session, bag->kind, bag->holder, &stopped));
	if (bag->kind == PAPER_SCRATCH || bag->kind == PAPER_BARCODE || bag->state == BAG_DESTROYED)
		*ret = LEVEL_NONE;
	else if (bag->kind == PAPER_SECOND && !opened)
		*ret = LEVEL_TOP_SECRET;
	else if (!stopped && at_ms >= used_up_ms(profile, bag->session))
		*ret = LEVEL_NONE;
	else
		*ret = opened ? LEVEL_CONFIDENTIAL : LEVEL_TOP_SECRET;
	return RC_OK;
}

static enum rc level_of_script(struct op *op, struct str code, enum paper_level *ret,
	                           bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_SCRIPT], ARGS(sql_text(code)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = rows_int(&r, 0) == 3 ? LEVEL_NONE : LEVEL_SECRET;
	return RC_OK;
}

/* A box is as secret as the most secret of what is still in it. */
static enum rc level_of_box(struct op *op, const struct profile *profile, struct str code,
	                        int64_t at_ms, enum paper_level *ret)
{
	enum paper_level level;
	struct bag *bags;
	size_t n;

	*ret = LEVEL_NONE;
	TRY(box_bags(op, code, &bags, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(level_of_bag(op, profile, &bags[i], at_ms, &level));
		*ret = level > *ret ? level : *ret;
	}
	return RC_OK;
}

enum rc custody_secrecy(struct op *op, const struct profile *profile, struct str code,
                        int64_t at_ms, enum paper_level *ret)
{
	struct bag bag;
	struct box box;
	bool known;

	TRY(bag_find(op, code, &bag, &known));
	if (known)
		return level_of_bag(op, profile, &bag, at_ms, ret);
	TRY(level_of_script(op, code, ret, &known));
	if (known)
		return RC_OK;
	TRY(box_find(op, code, &box, &known));
	if (known)
		return level_of_box(op, profile, code, at_ms, ret);
	return fail(op, RC_NOT_FOUND, "code", CITE_LEVEL, "台账里没有编号 %s",
	            "the ledger knows no number %s", code.s);
}

enum rc custody_secrecy_counts(struct op *op, const struct profile *profile, struct str place,
                               int64_t at_ms, int64_t ret[LEVEL_TOP_SECRET + 1])
{
	struct str low, high;
	struct sqlv v[4];
	AUTO(rows) groups = {0};
	AUTO(rows) scripts = {0};
	enum paper_level level;

	place_below(op->arena, place, &low, &high);
	v[0] = v[1] = sql_text(place);
	v[2] = sql_text(low);
	v[3] = sql_text(high);
	memset(ret, 0, (LEVEL_TOP_SECRET + 1) * sizeof(*ret));
	TRY(db_query(op, op->db, &SQL[Q_GROUPS], v, COUNT(v), &groups));
	while (rows_next(&groups)) {
		struct bag some = {.session = rows_dup(op->arena, &groups, 0),
			               .kind = (enum paper_kind)rows_int(&groups, 1),
			               .holder = rows_dup(op->arena, &groups, 2),
			               .state = (enum bag_state)rows_int(&groups, 3),
			               .opened_ms = rows_int(&groups, 4)};

		TRY(level_of_bag(op, profile, &some, at_ms, &level));
		ret[level] += rows_int(&groups, 5);
	}
	TRY(db_query(op, op->db, &SQL[Q_SCRIPTS], v, COUNT(v), &scripts));
	(void)rows_next(&scripts);
	ret[LEVEL_SECRET] += rows_int(&scripts, 0);
	return RC_OK;
}

const struct word PAPER_LEVEL_WORDS[] = {
	{"—", "—"}, {"秘密", "secret"}, {"机密", "confidential"}, {"绝密", "top secret"},
};
static const struct column VIEW_NAMES[] = {
	COLUMN("code", F_CODE, "试卷袋", "bag"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN_CODED("level", TEXT, PAPER_LEVEL_WORDS, "密级", "secrecy"),
};
static const struct view VIEWS[] = {
	{"custody/secrecy", "试卷密级", "levels of secrecy", CUSTODY_READERS, &SQL[Q_VIEW], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

const struct module custody_secrecy_module = {
	.name = "custody_secrecy", .group = "custody", .rev = 1,
	.sql = SQL, .nsql = COUNT(SQL), TABLE_OF(views, VIEWS),
	.zh = "试卷密级", .en = "levels of secrecy",
};
