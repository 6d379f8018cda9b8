/* SPDX-License-Identifier: Apache-2.0 */
/* login_key.c -- see login_key.h.  A challenge is `<ms>.<nonce>.<mac>`. */
#include "engine/login_key.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/random.h"
#include "engine/login_private.h"

enum { NONCE = 16 };

enum { Q_USE, Q_OLD };
static const struct sql SQL[] = {
	[Q_USE] = {"INSERT INTO login_challenge(nonce, made_ms) VALUES(?, ?)", 2},
	[Q_OLD] = {"DELETE FROM login_challenge WHERE made_ms < ?", 1},
};

static struct str made(struct arena *a, const uint8_t secret[32], int64_t ms, struct str nonce)
{
	struct str m = str_fmt(a, "gongyuan/challenge/v1\n%lld\n" STR_FMT "\n", (long long)ms,
	                       STR_ARG(nonce));
	struct hash h = hash_hmac_sha256(secret, 32, m.s, m.n);

	return str_fmt(a, "%lld." STR_FMT "." STR_FMT, (long long)ms, STR_ARG(nonce),
	               STR_ARG(hash_hex(a, &h)));
}

enum rc login_challenge(struct op *op, struct logins *l, int64_t now_ms, struct str *ret)
{
	uint8_t secret[32], nonce[NONCE];

	TRY(login_secret(op, l, secret));
	random_bytes(op->random, nonce, sizeof(nonce));
	*ret = made(op->arena, secret, now_ms, hex_encode(op->arena, nonce, sizeof(nonce)));
	return RC_OK;
}

struct str login_key_message(struct arena *a, struct str origin, struct str person,
                             struct str challenge)
{
	return str_fmt(a, "gongyuan/login/v1\n" STR_FMT "\n" STR_FMT "\n" STR_FMT "\n",
	               STR_ARG(origin), STR_ARG(person), STR_ARG(challenge));
}

static bool equal(struct str a, struct str b)
{
	struct hash x = hash_sha256(a.s, a.n), y = hash_sha256(b.s, b.n);

	return hash_eq(&x, &y);
}

/* *ret_right: ours, and of these minutes. */
static enum rc challenge_holds(struct op *op, struct logins *l, struct str text, int64_t now_ms,
                               struct str *ret_nonce, bool *ret_right)
{
	struct str ms, rest, mac;
	uint8_t secret[32];
	int64_t at;

	*ret_right = false;
	if (!str_cut(text, '.', &ms, &rest) || !str_cut(rest, '.', ret_nonce, &mac) ||
	    !str_to_i64(ms, &at) || at > now_ms || now_ms - at > LIMIT_CHALLENGE_S * INT64_C(1000))
		return RC_OK;
	TRY(login_secret(op, l, secret));
	*ret_right = equal(text, made(op->arena, secret, at, *ret_nonce));
	return RC_OK;
}

/* A signature of somebody who has no key takes as long to refuse as any. */
static bool signature_holds(struct arena *a, const struct login_key_try *k)
{
	struct str m = login_key_message(a, k->origin, k->person, k->challenge);
	struct signature sig;

	return hex_decode(k->signature, sig.b, sizeof(sig.b)) &&
	       ed25519_verify(k->key ? k->key : &KEY_OF_NOBODY, m.s, m.n, &sig) && k->key &&
	       k->try.who.v > 0;
}

/* Its row stands until the challenge could not be used anyhow. */
static enum rc use(struct op *op, struct logins *l, struct str nonce, int64_t now_ms,
                   bool *ret_first)
{
	struct err before = op->err;
	enum rc rc;

	TRY(db_exec(op, l->db, &SQL[Q_OLD],
	            ARGS(sql_int(now_ms - 2 * LIMIT_CHALLENGE_S * INT64_C(1000)))));
	rc = db_exec(op, l->db, &SQL[Q_USE], ARGS(sql_text(nonce), sql_int(now_ms)));
	*ret_first = rc == RC_OK;
	if (rc != RC_CONFLICT)
		return rc;
	op->err = before;
	return RC_OK;
}

enum rc login_open_by_key(struct op *op, struct logins *l, const struct login_terms *t,
                          const struct login_key_try *k, struct str *ret_token)
{
	struct str nonce;
	int64_t tries;
	bool right;

	TRY(login_may_try(op, l, &k->try, &tries));
	TRY(challenge_holds(op, l, k->challenge, k->try.now_ms, &nonce, &right));
	right = right && signature_holds(op->arena, k);
	if (right)
		TRY(use(op, l, nonce, k->try.now_ms, &right));
	if (right)
		return login_begin(op, l, t, &k->try, 0, ret_token);
	TRY(login_wrong(op, l, t, &k->try, tries));
	return fail(op, RC_DENIED, "signature", "", "工号、质询或签名不对",
	            "staff code, challenge or signature is wrong");
}
