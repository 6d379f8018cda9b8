/* SPDX-License-Identifier: Apache-2.0 */
/* login.c -- see login.h. */
#include "engine/login_log.h"
#include "engine/login_private.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/random.h"
#include "db/migrate.h"
#include "db/moment.h"

#define FORGET_MS (LIMIT_WRONG_S * INT64_C(1000))

enum { STEP_MS = 30000, PASSWORD_LEAST = 10, PASSWORD_MOST = 256 };

enum {
	Q_SET, Q_UNSET, Q_ACCOUNT, Q_USED, Q_OPEN, Q_OF, Q_SEEN, Q_END, Q_END_ALL, Q_STALE, Q_WRONG,
	Q_WRONG_SET, Q_WRONG_END, Q_FORGET,
	Q_FORGET_LINKS, Q_WRONG_OLD,
};
static const struct sql SQL[] = {
	[Q_SET] = {"INSERT INTO login_account(person, password, secret, used) VALUES(?, ?, ?, 0)", 3},
	[Q_UNSET] = {"DELETE FROM login_account WHERE person = ?", 1},
	[Q_ACCOUNT] = {"SELECT password, secret, used FROM login_account WHERE person = ?", 1},
	[Q_USED] = {"UPDATE login_account SET used = ? WHERE person = ? AND used < ?", 3},
	[Q_OPEN] = {"INSERT INTO login_session(token, person, opened_ms, seen_ms) VALUES(?, ?, ?, ?)",
	            4},
	[Q_OF] = {"SELECT person, opened_ms, seen_ms FROM login_session WHERE token = ?", 1},
	[Q_SEEN] = {"UPDATE login_session SET seen_ms = ? WHERE token = ?", 2},
	[Q_END] = {"DELETE FROM login_session WHERE token = ?", 1},
	[Q_END_ALL] = {"DELETE FROM login_session WHERE person = ?", 1},
	[Q_STALE] = {"DELETE FROM login_session WHERE seen_ms < ? OR opened_ms < ?", 2},
	[Q_FORGET] = {"DELETE FROM login_session", 0},
	[Q_FORGET_LINKS] = {"UPDATE link SET ended_ms = opened_ms WHERE ended_ms = 0", 0},
	[Q_WRONG] = {"SELECT tries, until_ms FROM login_wrong WHERE person = ? AND source = ?", 2},
	[Q_WRONG_SET] = {"INSERT INTO login_wrong(person, source, tries, until_ms) VALUES(?, ?, ?, ?)",
	                 4},
	[Q_WRONG_END] = {"DELETE FROM login_wrong WHERE person = ? AND source = ?", 2},
	[Q_WRONG_OLD] = {"DELETE FROM login_wrong WHERE until_ms < ?", 1},
};

static const struct migration STEPS[] = {{
	.name = "login",
	.ddl = "CREATE TABLE login_account(person {id} PRIMARY KEY, password {text} NOT NULL,"
	       " secret {bytes} NOT NULL, used {int} NOT NULL);"
	       "CREATE TABLE login_session(token {text} PRIMARY KEY, person {id} NOT NULL,"
	       " opened_ms {int} NOT NULL, seen_ms {int} NOT NULL);"
	       "CREATE INDEX login_session_person ON login_session(person, token);"
	       "CREATE TABLE login_wrong(person {id} NOT NULL, source {text} NOT NULL,"
	       " tries {int} NOT NULL, until_ms {int} NOT NULL, PRIMARY KEY(person, source));",
}, {
	.name = "link", /* of link.c */
	.ddl = "CREATE TABLE link(number {id} PRIMARY KEY, device {id} NOT NULL, nonce {text} NOT NULL,"
	       " opened_ms {int} NOT NULL, ended_ms {int} NOT NULL, UNIQUE(device, nonce));"
	       "CREATE INDEX link_open ON link(device, ended_ms, number);"
	       "CREATE TABLE link_secret(id {id} PRIMARY KEY, secret {bytes} NOT NULL);",
}, {
	.name = "ends and keys", /* of login_ends.c and login_key.c */
	.ddl = "CREATE TABLE login_note(id {id} PRIMARY KEY, authority {int} NOT NULL);"
	       "CREATE TABLE login_challenge(nonce {text} PRIMARY KEY, made_ms {int} NOT NULL);",
}, {
	.name = "badge", /* of badge.c */
	.ddl = "CREATE TABLE badge_pin(person {id} NOT NULL, day {text} NOT NULL,"
	       " place {text} NOT NULL, hash {text} NOT NULL, issued_by {id} NOT NULL,"
	       " issued_ms {int} NOT NULL, PRIMARY KEY(person, day));"
	       "CREATE TABLE badge_came(desk {text} NOT NULL, person {id} NOT NULL,"
	       " from_ms {int} NOT NULL, over_ms {int} NOT NULL, left_ms {int} NOT NULL,"
	       " PRIMARY KEY(desk, person, from_ms));",
}, {
	.name = "log", /* of login_log.c: half a year is what the law asks for at least */
	.ddl = "CREATE TABLE login_log(idx {id} PRIMARY KEY, at_ms {int} NOT NULL, what {int} NOT NULL,"
	       " person {id} NOT NULL, source {text} NOT NULL, times {int} NOT NULL);",
	.sqlite_only = "CREATE TRIGGER login_log_update BEFORE UPDATE ON login_log BEGIN"
	               " SELECT RAISE(FAIL, 'login_log is append-only'); END;"
	               "CREATE TRIGGER login_log_delete BEFORE DELETE ON login_log"
	               " WHEN OLD.at_ms > (strftime('%s', 'now') - 15724800) * 1000 BEGIN"
	               " SELECT RAISE(FAIL, 'login_log is append-only'); END;",
}};

const char *login_hash(struct op *op, struct logins *l, struct str password)
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	uint8_t random[32];
	const char *hash;

	random_bytes(op->random, random, sizeof(random));
	if (!crypt_gensalt_rn("$y$", 0, (const char *)random, sizeof(random), salt, sizeof(salt)))
		return NULL;
	hash = crypt_r(str_copy(op->arena, password).s, salt, &l->crypt);
	return hash && hash[0] != '*' ? hash : NULL;
}

static enum rc make_nobody(struct op *op, struct logins *l)
{
	uint8_t random[32];
	const char *hash;

	random_bytes(op->random, random, sizeof(random));
	hash = login_hash(op, l, hex_encode(op->arena, random, sizeof(random)));
	if (!hash)
		return fail(op, RC_BROKEN, "password", "", "本机的 libcrypt 不支持 yescrypt",
		            "libcrypt of this machine has no yescrypt");
	(void)snprintf(l->nobody, sizeof(l->nobody), "%s", hash);
	return RC_OK;
}

/* Secrets of codes and of links lie in it: nobody else reads it, whatever the umask; SQLite gives
 * the same mode to the files beside it. */
static void make_file(struct str path)
{
	int fd = open(path.s, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		(void)close(fd); /* else it is there, or SQLite will say why not */
}

enum rc logins_open(struct op *op, struct str path, struct logins **ret)
{
	struct logins *l = calloc(1, sizeof(*l));
	enum rc rc;

	if (!l)
		abort(); /* as arena_alloc */
	make_file(path);
	rc = db_open_sqlite(op, path, DB_CREATE, &l->db);
	if (rc == RC_OK)
		rc = migrate_run(op, l->db, STEPS, COUNT(STEPS));
	if (rc == RC_OK)
		rc = make_nobody(op, l);
	if (rc != RC_OK) {
		logins_close(l);
		return rc;
	}
	*ret = l;
	return RC_OK;
}

void logins_close(struct logins *l)
{
	if (!l)
		return;
	db_close(l->db);
	explicit_bzero(&l->crypt, sizeof(l->crypt));
	free(l);
}

void logins_share_moment(struct logins *l)
{
	db_share_moment(l->db);
}

void logins_let_go(struct logins *l)
{
	db_let_go(l->db);
}

/* One-time codes. */
static int64_t code_at(const uint8_t *secret, int64_t step)
{
	uint8_t moment[8], mac[20];
	size_t at;

	for (int i = 0; i < 8; i++)
		moment[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	hash_hmac_sha1(secret, TOTP_SECRET, moment, sizeof(moment), mac);
	at = mac[19] & 15U;
	return ((int64_t)(mac[at] & 0x7FU) << 24 | (int64_t)mac[at + 1] << 16 |
	        (int64_t)mac[at + 2] << 8 | (int64_t)mac[at + 3]) % 1000000;
}

struct str totp_code(struct arena *a, const uint8_t *secret, int64_t now_ms)
{
	return str_fmt(a, "%06lld", (long long)code_at(secret, now_ms / STEP_MS));
}

struct str totp_uri(struct arena *a, const uint8_t *secret, struct str account)
{
	static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	char text[TOTP_SECRET * 8 / 5 + 1] = {0};

	for (size_t i = 0; i < TOTP_SECRET * 8 / 5; i++) {
		size_t bit = i * 5;
		unsigned pair = (unsigned)secret[bit / 8] << 8 |
		                (bit / 8 + 1 < TOTP_SECRET ? secret[bit / 8 + 1] : 0U);

		text[i] = BASE32[pair >> (11 - bit % 8) & 31U];
	}
	return str_fmt(a, "otpauth://totp/Gongyuan:" STR_FMT "?secret=%s&issuer=Gongyuan",
	               STR_ARG(account), text);
}

/* The step whose code this is, around now and after the last used; 0: none. */
static int64_t step_of(struct arena *a, const uint8_t *secret, struct str code, int64_t now_ms,
                       int64_t used)
{
	int64_t found = 0;

	for (int64_t step = now_ms / STEP_MS - 1; step <= now_ms / STEP_MS + 1; step++)
		if (step > used && str_eq(totp_code(a, secret, step * STEP_MS), code))
			found = step;
	return found;
}

/* Accounts. */
enum rc login_set(struct op *op, struct logins *l, struct person_id who, struct str password,
                  const uint8_t *secret)
{
	const char *hash;
	enum rc rc;

	if (password.n < PASSWORD_LEAST || password.n > PASSWORD_MOST)
		return fail(op, RC_INVALID, "password", "GB/T 22239-2019 8.1.4.1",
		            "口令应为 %d 至 %d 个字符", "a password has %d to %d characters",
		            PASSWORD_LEAST, PASSWORD_MOST);
	hash = login_hash(op, l, password);
	if (!hash)
		return fail(op, RC_BROKEN, "password", "", "口令无法加密", "the password cannot be hashed");
	TRY(db_begin(op, l->db));
	rc = db_exec(op, l->db, &SQL[Q_UNSET], ARGS(sql_int(who.v)));
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_SET],
		             ARGS(sql_int(who.v), sql_z(hash), sql_bytes(secret, TOTP_SECRET)));
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_END_ALL], ARGS(sql_int(who.v)));
	if (rc == RC_OK)
		return db_commit(op, l->db);
	db_rollback(l->db);
	return rc;
}

enum rc login_unset(struct op *op, struct logins *l, struct person_id who, int64_t now_ms)
{
	int64_t n = 0;
	enum rc rc;

	TRY(db_begin(op, l->db));
	rc = login_end_person(op, l, who, now_ms);
	if (rc == RC_OK)
		rc = db_change(op, l->db, &SQL[Q_UNSET], ARGS(sql_int(who.v)), &n);
	if (rc == RC_OK)
		rc = db_commit(op, l->db);
	if (rc != RC_OK) {
		db_rollback(l->db);
		return rc;
	}
	return n ? RC_OK : fail(op, RC_NOT_FOUND, "person", "", "此人没有口令",
	                        "that person has no password");
}

/* Trying. */
struct account {
	struct str password, secret;
	int64_t used;
	bool known;
};

static enum rc account_get(struct op *op, struct logins *l, struct person_id who,
                           struct account *ret)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, l->db, &SQL[Q_ACCOUNT], ARGS(sql_int(who.v)), &r));
	ret->known = who.v > 0 && rows_next(&r);
	ret->password = ret->known ? rows_dup(op->arena, &r, 0) : str_of(l->nobody);
	ret->secret = ret->known ? rows_dup(op->arena, &r, 1) : (struct str){"", 0};
	ret->used = ret->known ? rows_int(&r, 2) : 0;
	return RC_OK;
}

static bool password_is(struct op *op, struct logins *l, const struct account *a,
                        struct str password)
{
	const char *hash;

	if (password.n > PASSWORD_MOST || memchr(password.s, 0, password.n))
		return false;
	hash = crypt_r(str_copy(op->arena, password).s, a->password.s, &l->crypt);
	return hash && a->known && str_is(a->password, hash);
}

/* The number that wrong tries are counted under: nobody's names have negative ones, which strangers
 * cannot work out. */
static enum rc counted_as(struct op *op, struct logins *l, const struct login_try *t, int64_t *ret)
{
	uint8_t secret[32];
	struct hash h;
	uint64_t v = 0;

	*ret = t->who.v;
	if (t->who.v > 0 || !t->as.n)
		return RC_OK;
	TRY(login_secret(op, l, secret));
	h = hash_hmac_sha256(secret, sizeof(secret), t->as.s, t->as.n);
	for (int i = 0; i < 6; i++)
		v = v << 8 | h.b[i];
	*ret = -1 - (int64_t)v;
	return RC_OK;
}

static enum rc wrong_until(struct op *op, struct logins *l, const struct login_try *t,
                           int64_t *ret_tries, int64_t *ret_until)
{
	int64_t as;
	AUTO(rows) r = {0};

	TRY(counted_as(op, l, t, &as));
	TRY(db_query(op, l->db, &SQL[Q_WRONG], ARGS(sql_int(as), sql_text(t->source)), &r));
	*ret_tries = rows_next(&r) ? rows_int(&r, 0) : 0;
	*ret_until = *ret_tries ? rows_int(&r, 1) : 0;
	if (*ret_until < t->now_ms - FORGET_MS)
		*ret_tries = 0; /* as if it were gone already */
	return RC_OK;
}

static enum rc log_line(struct op *op, struct logins *l, enum login_event what,
                        const struct login_try *t, int64_t times)
{
	return login_log(op, l, &(struct login_line){.at_ms = t->now_ms, .what = what, .who = t->who,
	                                             .source = t->address.n ? t->address : t->source,
	                                             .times = times});
}

enum rc login_wrong(struct op *op, struct logins *l, const struct login_terms *terms,
                    const struct login_try *t, int64_t tries)
{
	int64_t over = tries + 1 - terms->tries, wait_ms = over < 0 ? 0 : terms->wait_s * 1000, as;
	enum rc rc;

	for (; over > 0 && wait_ms < INT64_C(3600000); over--)
		wait_ms *= 2;
	TRY(counted_as(op, l, t, &as));
	TRY(db_begin(op, l->db));
	rc = db_exec(op, l->db, &SQL[Q_WRONG_OLD], ARGS(sql_int(t->now_ms - FORGET_MS)));
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_WRONG_END], ARGS(sql_int(as), sql_text(t->source)));
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_WRONG_SET],
		             ARGS(sql_int(as), sql_text(t->source), sql_int(tries + 1),
		                  sql_int(t->now_ms + wait_ms)));
	if (rc == RC_OK)
		rc = log_line(op, l, LOGIN_REFUSED, t, tries + 1);
	if (rc == RC_OK)
		return db_commit(op, l->db);
	db_rollback(l->db);
	return rc;
}

enum rc login_begin(struct op *op, struct logins *l, const struct login_terms *terms,
                    const struct login_try *t, int64_t step, struct str *ret_token)
{
	uint8_t token[TOKEN_HEX / 2];
	struct hash h;
	int64_t n = 0;
	enum rc rc;

	random_bytes(op->random, token, sizeof(token));
	*ret_token = hex_encode(op->arena, token, sizeof(token));
	h = hash_sha256(ret_token->s, ret_token->n);
	TRY(db_begin(op, l->db));
	rc = RC_OK;
	if (step)
		rc = db_change(op, l->db, &SQL[Q_USED],
		               ARGS(sql_int(step), sql_int(t->who.v), sql_int(step)), &n);
	if (rc == RC_OK && step && !n) /* somebody was faster with the same code */
		rc = fail(op, RC_DENIED, "code", "", "动态口令已用过", "the code was used");
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_WRONG_END], ARGS(sql_int(t->who.v), sql_text(t->source)));
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_STALE], ARGS(sql_int(t->now_ms - terms->idle_s * 1000),
		                                            sql_int(t->now_ms - terms->most_s * 1000)));
	if (rc == RC_OK)
		rc = db_exec(op, l->db, &SQL[Q_OPEN],
		             ARGS(sql_text(hash_hex(op->arena, &h)), sql_int(t->who.v),
		                  sql_int(t->now_ms), sql_int(t->now_ms)));
	if (rc == RC_OK)
		rc = log_line(op, l, LOGIN_OPENED, t, 1);
	if (rc == RC_OK)
		return db_commit(op, l->db);
	db_rollback(l->db);
	return rc;
}

enum rc login_may_try(struct op *op, struct logins *l, const struct login_try *t,
                      int64_t *ret_tries)
{
	int64_t until;

	TRY(wrong_until(op, l, t, ret_tries, &until));
	if (t->now_ms < until)
		return fail(op, RC_BUSY, "password", "", "尝试过多：请 %lld 秒后再试，或换一台终端",
		            "too many tries: wait %lld seconds, or use another terminal",
		            (long long)((until - t->now_ms + 999) / 1000));
	return RC_OK;
}

enum rc login_right(struct op *op, struct logins *l, const struct login_try *t)
{
	return db_exec(op, l->db, &SQL[Q_WRONG_END], ARGS(sql_int(t->who.v), sql_text(t->source)));
}

enum rc login_end_person(struct op *op, struct logins *l, struct person_id who, int64_t now_ms)
{
	int64_t n = 0;

	TRY(db_change(op, l->db, &SQL[Q_END_ALL], ARGS(sql_int(who.v)), &n));
	return n ? log_line(op, l, LOGIN_DROPPED, &(struct login_try){.who = who, .now_ms = now_ms}, n)
	         : RC_OK;
}

enum rc login_open(struct op *op, struct logins *l, const struct login_terms *terms,
                   const struct login_try *t, struct str *ret_token)
{
	int64_t tries, step;
	struct account a;
	bool right;

	TRY(login_may_try(op, l, t, &tries));
	TRY(account_get(op, l, t->who, &a));
	right = password_is(op, l, &a, t->password);
	step = right ? step_of(op->arena, (const uint8_t *)a.secret.s, t->code, t->now_ms, a.used)
	             : 0;
	if (step)
		return login_begin(op, l, terms, t, step, ret_token);
	TRY(login_wrong(op, l, terms, t, tries));
	return fail(op, RC_DENIED, "password", "", "工号、口令或动态口令不对",
	            "staff code, password or one-time code is wrong");
}

enum rc login_of(struct op *op, struct logins *l, const struct login_terms *terms,
                 struct str token, int64_t now_ms, struct person_id *ret)
{
	struct hash h = hash_sha256(token.s, token.n);
	struct str key = hash_hex(op->arena, &h);
	int64_t opened = 0, seen = 0;

	{
		AUTO(rows) r = {0};

		TRY(db_query(op, l->db, &SQL[Q_OF], ARGS(sql_text(key)), &r));
		*ret = (struct person_id){rows_next(&r) ? rows_int(&r, 0) : 0};
		opened = ret->v ? rows_int(&r, 1) : 0;
		seen = ret->v ? rows_int(&r, 2) : 0;
	}
	if (!ret->v || now_ms - seen > terms->idle_s * 1000 || now_ms - opened > terms->most_s * 1000)
		return fail(op, RC_DENIED, "", "", "登录无效或已结束", "the login is not valid, or has ended");
	if (now_ms - seen > terms->idle_s * 1000 / 10) /* not at each request */
		TRY(db_exec(op, l->db, &SQL[Q_SEEN], ARGS(sql_int(now_ms), sql_text(key))));
	return RC_OK;
}

enum rc login_end(struct op *op, struct logins *l, struct str token, int64_t now_ms)
{
	struct hash h = hash_sha256(token.s, token.n);
	struct login_try t = {.now_ms = now_ms};
	int64_t n = 0;

	{
		AUTO(rows) r = {0};

		TRY(db_query(op, l->db, &SQL[Q_OF], ARGS(sql_text(hash_hex(op->arena, &h))), &r));
		t.who.v = rows_next(&r) ? rows_int(&r, 0) : 0;
	}
	TRY(db_change(op, l->db, &SQL[Q_END], ARGS(sql_text(hash_hex(op->arena, &h))), &n));
	return n ? log_line(op, l, LOGIN_ENDED, &t, 1) : RC_OK;
}

enum rc logins_forget(struct op *op, struct logins *l)
{
	TRY(db_exec(op, l->db, &SQL[Q_FORGET_LINKS], NO_ARGS));
	return db_exec(op, l->db, &SQL[Q_FORGET], NO_ARGS);
}

enum rc login_code(struct op *op, struct logins *l, struct person_id who, int64_t now_ms,
                   struct str *ret, int64_t *ret_from_ms)
{
	struct account a;
	int64_t step = now_ms / STEP_MS;

	TRY(account_get(op, l, who, &a));
	if (!a.known)
		return fail(op, RC_NOT_FOUND, "person", "", "此人没有口令", "that person has no password");
	if (a.used >= step)
		step = a.used + 1; /* a step ahead is accepted too */
	*ret = totp_code(op->arena, (const uint8_t *)a.secret.s, step * STEP_MS);
	if (ret_from_ms)
		*ret_from_ms = (step - 1) * STEP_MS;
	return RC_OK;
}
