/* SPDX-License-Identifier: Apache-2.0 */
/* badge.c -- see badge.h. */
#include "engine/badge.h"

#include "base/clock.h"
#include "base/random.h"
#include "engine/field.h"
#include "engine/login_log.h"
#include "engine/login_private.h"

enum { DAY_MS = 86400000, PINS = 1000000 };

enum { Q_UNSET, Q_SET, Q_PIN, Q_CAME, Q_LEAVE, Q_STANDS, Q_LEAVE_ALL, Q_UNSET_ALL, Q_STAFF,
       Q_STAFF_AT };
static const struct sql SQL[] = {
	[Q_UNSET] = {"DELETE FROM badge_pin WHERE person = ? AND day = ?", 2},
	[Q_SET] = {"INSERT INTO badge_pin(person, day, place, hash, issued_by, issued_ms)"
	           " VALUES(?, ?, ?, ?, ?, ?)", 6},
	[Q_PIN] = {"SELECT place, hash FROM badge_pin WHERE person = ? AND day = ?", 2},
	[Q_CAME] = {"INSERT INTO badge_came(desk, person, from_ms, over_ms, left_ms)"
	            " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_LEAVE] = {"UPDATE badge_came SET left_ms = ? WHERE desk = ? AND person = ? AND left_ms > ?",
	             4},
	[Q_STANDS] = {"SELECT MAX(from_ms) FROM badge_came WHERE desk = ? AND person = ?"
	              " AND from_ms <= ? AND over_ms > ? AND left_ms > ?", 5},
	[Q_LEAVE_ALL] = {"UPDATE badge_came SET left_ms = ? WHERE person = ? AND left_ms > ?", 3},
	[Q_UNSET_ALL] = {"DELETE FROM badge_pin WHERE person = ?", 1},
	[Q_STAFF] = {"SELECT DISTINCT person FROM authority_grant WHERE revoked < 0"
	             " AND (place = ? OR (place >= ? AND place < ?)) ORDER BY person LIMIT ?", 4},
	[Q_STAFF_AT] = {"SELECT DISTINCT person FROM authority_grant WHERE revoked < 0"
	                " AND place = ? ORDER BY person LIMIT ?", 2},
};

size_t badge_days(struct arena *a, int64_t at_ms, const struct badge_night *n,
                  struct badge_day ret[BADGE_DAYS])
{
	int64_t offset = n->utc_offset_min * INT64_C(60000), night = n->s * 1000;
	int64_t local = at_ms + offset, midnight = local - local % DAY_MS;
	size_t days = local - midnight < night ? BADGE_DAYS : 1;

	for (size_t i = 0; i < days; i++) {
		ret[i].day = (struct str){clock_format_utc(a, midnight).s, sizeof("2025-06-07") - 1};
		ret[i].over_ms = midnight + DAY_MS + night - offset;
		midnight -= DAY_MS;
	}
	return days;
}

static struct str new_pin(struct op *op)
{
	uint32_t r;

	do
		random_bytes(op->random, &r, sizeof(r));
	while (r >= UINT32_MAX - UINT32_MAX % PINS);
	return str_fmt(op->arena, "%06u", (unsigned)(r % PINS));
}

enum rc badge_issue(struct op *op, struct logins *l, const struct badge_issue *i,
                    struct str *ret_pin)
{
	struct str pin = new_pin(op);
	const char *hash = login_hash(op, l, pin);
	enum rc rc;

	if (!hash)
		return fail(op, RC_BROKEN, "pin", "", "口令无法加密", "the PIN cannot be hashed");
	TRY(db_begin(op, l->db));
	rc = db_exec(op, l->db, &SQL[Q_UNSET], ARGS(sql_int(i->who.v), sql_text(i->day)));
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_SET],
		             ARGS(sql_int(i->who.v), sql_text(i->day), sql_text(i->place), sql_z(hash),
		                  sql_int(i->by.v), sql_int(i->now_ms)));
	if (rc == RC_OK)
		rc = db_commit(op, l->db);
	if (rc != RC_OK) {
		db_rollback(l->db);
		return rc;
	}
	*ret_pin = pin;
	return RC_OK;
}

/* *ret_known false: a hash of nothing, so that it takes as long. */
static enum rc pin_of(struct op *op, struct logins *l, const struct badge_entry *e, struct str day,
                      struct str *ret_place, struct str *ret_hash, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, l->db, &SQL[Q_PIN], ARGS(sql_int(e->who.v), sql_text(day)), &r));
	*ret_known = e->who.v > 0 && rows_next(&r);
	*ret_place = *ret_known ? rows_dup(op->arena, &r, 0) : STR("");
	*ret_hash = *ret_known ? rows_dup(op->arena, &r, 1) : str_of(l->nobody);
	return RC_OK;
}

static bool pin_is(struct op *op, struct logins *l, struct str pin, struct str hash)
{
	const char *h;

	if (pin.n != PIN_DIGITS || memchr(pin.s, 0, pin.n))
		return false;
	h = crypt_r(str_copy(op->arena, pin).s, hash.s, &l->crypt);
	return h && str_is(hash, h);
}

/* The same entry sent again (its answer was lost, or somebody recorded it) changes nothing. */
static enum rc came(struct op *op, struct logins *l, const struct badge_entry *e, int64_t over_ms)
{
	struct err before = op->err;
	enum rc rc = db_exec(op, l->db, &SQL[Q_CAME],
	                     ARGS(sql_text(e->desk), sql_int(e->who.v), sql_int(e->at_ms),
	                          sql_int(over_ms), sql_int(INT64_MAX)));

	if (rc == RC_OK)
		return login_log(op, l, &(struct login_line){.at_ms = e->at_ms, .what = LOGIN_CAME,
		                                             .who = e->who, .source = e->source,
		                                             .times = 1});
	if (rc != RC_CONFLICT)
		return rc;
	op->err = before;
	return RC_OK;
}

enum rc badge_enter(struct op *op, struct logins *l, const struct login_terms *terms,
                    const struct badge_entry *e, int64_t *ret_over_ms)
{
	struct login_try t = {.who = e->who, .as = e->as, .source = e->source, .now_ms = e->now_ms};
	struct badge_day days[BADGE_DAYS];
	size_t n = badge_days(op->arena, e->at_ms, &e->night, days);
	struct str place, hash;
	bool known, right;
	int64_t tries;

	TRY(login_may_try(op, l, &t, &tries));
	for (size_t i = 0; i < n; i++) {
		TRY(pin_of(op, l, e, days[i].day, &place, &hash, &known));
		right = pin_is(op, l, e->pin, hash);
		if (!right || !known || !e->near(e->ctx, place))
			continue;
		TRY(login_right(op, l, &t));
		*ret_over_ms = days[i].over_ms;
		return came(op, l, e, days[i].over_ms);
	}
	TRY(login_wrong(op, l, terms, &t, tries));
	return fail(op, RC_DENIED, "pin", "", "工牌或当日口令不对，或不属于此地此日",
	            "badge or PIN is wrong, or not of this place and day");
}

enum rc badge_leave(struct op *op, struct logins *l, struct str desk, struct person_id who,
                    int64_t at_ms)
{
	return db_exec(op, l->db, &SQL[Q_LEAVE],
	               ARGS(sql_int(at_ms), sql_text(desk), sql_int(who.v), sql_int(at_ms)));
}

enum rc badge_end_person(struct op *op, struct logins *l, struct person_id who, int64_t now_ms)
{
	TRY(db_exec(op, l->db, &SQL[Q_LEAVE_ALL],
	            ARGS(sql_int(now_ms), sql_int(who.v), sql_int(now_ms))));
	return db_exec(op, l->db, &SQL[Q_UNSET_ALL], ARGS(sql_int(who.v)));
}

enum rc badge_stands(struct op *op, struct logins *l, struct str desk, struct person_id who,
                     int64_t at_ms, int64_t within_ms, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, l->db, &SQL[Q_STANDS],
	             ARGS(sql_text(desk), sql_int(who.v), sql_int(at_ms), sql_int(at_ms),
	                  sql_int(at_ms)), &r));
	*ret = rows_next(&r) && !rows_is_null(&r, 0) && at_ms - rows_int(&r, 0) <= within_ms;
	return RC_OK;
}

static enum rc read_persons(struct rows *r, struct person_id *ret, size_t max, size_t *ret_n)
{
	*ret_n = 0;
	while (*ret_n < max && rows_next(r))
		ret[(*ret_n)++].v = rows_int(r, 0);
	return RC_OK;
}

enum rc badge_staff(struct op *op, struct str place, struct person_id *ret, size_t max,
                    size_t *ret_n)
{
	struct str low, high;
	AUTO(rows) r = {0};

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_STAFF], ARGS(sql_text(place), sql_text(low), sql_text(high),
	                                      sql_int((int64_t)max)), &r));
	return read_persons(&r, ret, max, ret_n);
}

enum rc badge_staff_at(struct op *op, struct str place, bool below, struct person_id *ret,
                       size_t max, size_t *ret_n)
{
	AUTO(rows) r = {0};

	if (below)
		return badge_staff(op, place, ret, max, ret_n);
	TRY(sql_query(op, &SQL[Q_STAFF_AT], ARGS(sql_text(place), sql_int((int64_t)max)), &r));
	return read_persons(&r, ret, max, ret_n);
}
