/* SPDX-License-Identifier: Apache-2.0 */
/* link.c -- see link.h.
 *
 * A link's number is the millisecond in which it was opened, or the next that is free: numbers that
 * stand in acts are not given again when logins.db was lost.  A nonce is remembered with its link,
 * so a recorded opening is refused also within the minutes in which its time is right.
 */
#include "engine/link.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "engine/login_private.h"

enum { Q_SECRET, Q_SECRET_SET, Q_USED, Q_LAST, Q_END_DEVICE, Q_OPEN, Q_OF, Q_END };
static const struct sql SQL[] = {
	[Q_SECRET] = {"SELECT secret FROM link_secret WHERE id = 1", 0},
	[Q_SECRET_SET] = {"INSERT INTO link_secret(id, secret) VALUES(1, ?)", 1},
	[Q_USED] = {"SELECT number FROM link WHERE device = ? AND nonce = ?", 2},
	[Q_LAST] = {"SELECT MAX(number) FROM link", 0},
	[Q_END_DEVICE] = {"UPDATE link SET ended_ms = ? WHERE device = ? AND ended_ms = 0", 2},
	[Q_OPEN] = {"INSERT INTO link(number, device, nonce, opened_ms, ended_ms)"
	            " VALUES(?, ?, ?, ?, 0)", 4},
	[Q_OF] = {"SELECT device, nonce FROM link WHERE number = ? AND ended_ms = 0", 1},
	[Q_END] = {"UPDATE link SET ended_ms = ? WHERE number = ? AND ended_ms = 0", 2},
};

struct str link_message(struct arena *a, struct str origin, const struct link_ask *ask)
{
	return str_fmt(a, "gongyuan/link/v1\n" STR_FMT "\n%lld\n" STR_FMT "\n" STR_FMT "\n",
	               STR_ARG(origin), (long long)ask->device,
	               STR_ARG(clock_format_utc(a, ask->time_ms)), STR_ARG(ask->nonce));
}

static enum rc secret_get(struct op *op, struct logins *l, uint8_t ret[32], bool *ret_found)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, l->db, &SQL[Q_SECRET], NO_ARGS, &r));
	*ret_found = rows_next(&r) && rows_str(&r, 0).n == 32;
	if (*ret_found)
		memcpy(ret, rows_str(&r, 0).s, 32);
	return RC_OK;
}

/* Two that make it at once: one of them fails, and finds it the next time. */
enum rc login_secret(struct op *op, struct logins *l, uint8_t ret[32])
{
	bool found;

	TRY(secret_get(op, l, ret, &found));
	if (found)
		return RC_OK;
	random_bytes(op->random, ret, 32);
	return db_exec(op, l->db, &SQL[Q_SECRET_SET], ARGS(sql_bytes(ret, 32)));
}

static void work_out(struct arena *a, const uint8_t secret[32], struct str nonce, struct link *l)
{
	struct str m = str_fmt(a, "gongyuan/link-key/v1\n%lld\n%lld\n" STR_FMT "\n",
	                       (long long)l->number, (long long)l->device, STR_ARG(nonce));
	struct hash h = hash_hmac_sha256(secret, 32, m.s, m.n);

	memcpy(l->key, h.b, sizeof(l->key));
}

static enum rc check_ask(struct op *op, const struct link_ask *ask, int64_t now_ms)
{
	uint8_t nonce[LINK_NONCE / 2];
	int64_t off = ask->time_ms > now_ms ? ask->time_ms - now_ms : now_ms - ask->time_ms;

	if (!hex_decode(ask->nonce, nonce, sizeof(nonce)))
		return fail(op, RC_INVALID, "nonce", "", "nonce 应为 %d 位十六进制",
		            "the nonce has %d hex digits", LINK_NONCE);
	if (off > LIMIT_LINK_SKEW_S * INT64_C(1000))
		return fail(op, RC_DENIED, "time", "", "终端时钟相差过大，本机时刻为 %s",
		            "the terminal's clock is off too far: it is %s",
		            clock_format_utc(op->arena, now_ms).s);
	return RC_OK;
}

static enum rc next_number(struct op *op, struct logins *l, int64_t now_ms, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, l->db, &SQL[Q_LAST], NO_ARGS, &r));
	*ret = rows_next(&r) && rows_int(&r, 0) >= now_ms ? rows_int(&r, 0) + 1 : now_ms;
	return RC_OK;
}

static enum rc check_nonce(struct op *op, struct logins *l, const struct link_ask *ask)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, l->db, &SQL[Q_USED], ARGS(sql_int(ask->device), sql_text(ask->nonce)), &r));
	return rows_next(&r) ? fail(op, RC_DENIED, "nonce", "", "此 nonce 已用过", "the nonce was used")
	                     : RC_OK;
}

static enum rc open_in(struct op *op, struct logins *l, const struct link_ask *ask, int64_t now_ms,
                       struct link *ret)
{
	uint8_t secret[32];

	TRY(check_nonce(op, l, ask));
	TRY(login_secret(op, l, secret));
	TRY(next_number(op, l, now_ms, &ret->number));
	TRY(db_exec(op, l->db, &SQL[Q_END_DEVICE], ARGS(sql_int(now_ms), sql_int(ask->device))));
	TRY(db_exec(op, l->db, &SQL[Q_OPEN], ARGS(sql_int(ret->number), sql_int(ask->device),
	                                          sql_text(ask->nonce), sql_int(now_ms))));
	ret->device = ask->device;
	work_out(op->arena, secret, ask->nonce, ret);
	return RC_OK;
}

enum rc link_open(struct op *op, struct logins *l, const struct link_ask *ask, int64_t now_ms,
                  struct link *ret)
{
	struct link made = {0};
	enum rc rc;

	TRY(check_ask(op, ask, now_ms));
	TRY(db_begin(op, l->db));
	rc = open_in(op, l, ask, now_ms, &made);
	if (rc == RC_OK)
		rc = db_commit(op, l->db);
	if (rc != RC_OK) {
		db_rollback(l->db);
		return rc;
	}
	*ret = made;
	return RC_OK;
}

enum rc link_of(struct op *op, struct logins *l, int64_t number, struct link *ret)
{
	struct link x = {.number = number};
	uint8_t secret[32];
	struct str nonce = {0};
	bool found;

	{
		AUTO(rows) r = {0};

		TRY(db_query(op, l->db, &SQL[Q_OF], ARGS(sql_int(number)), &r));
		found = rows_next(&r);
		x.device = found ? rows_int(&r, 0) : 0;
		nonce = found ? rows_dup(op->arena, &r, 1) : nonce;
	}
	if (found)
		TRY(secret_get(op, l, secret, &found));
	if (!found)
		return fail(op, RC_DENIED, "link", "", "终端链路无效或已结束，请重新建立",
		            "the link is not valid or has ended: open a new one");
	work_out(op->arena, secret, nonce, &x);
	*ret = x;
	return RC_OK;
}

enum rc link_end(struct op *op, struct logins *l, int64_t number, int64_t now_ms)
{
	return db_exec(op, l->db, &SQL[Q_END], ARGS(sql_int(now_ms), sql_int(number)));
}

enum rc link_end_device(struct op *op, struct logins *l, int64_t device, int64_t now_ms)
{
	return db_exec(op, l->db, &SQL[Q_END_DEVICE], ARGS(sql_int(now_ms), sql_int(device)));
}

struct str link_mac(struct arena *a, const struct link *l, struct str bytes)
{
	struct hash h = hash_hmac_sha256(l->key, sizeof(l->key), bytes.s, bytes.n);

	return hash_hex(a, &h);
}

bool link_mac_is(const struct link *l, struct str bytes, struct str mac)
{
	struct hash h = hash_hmac_sha256(l->key, sizeof(l->key), bytes.s, bytes.n), sent;

	return hex_decode(mac, sent.b, sizeof(sent.b)) && hash_eq(&h, &sent);
}
