/* SPDX-License-Identifier: Apache-2.0 */
/* test_tiles.c -- the ledger over HTTP: byte for byte what an export has, to those who may; proofs
 * to whoever holds a receipt, and to nobody else.
 */
#include "kit/check.h"

#include <sys/wait.h>
#include <unistd.h>

#include "http/serving.h"
#include "ledger/checkpoint.h"

static struct shell S;
static struct serving V;
static struct str auditor;

/* 700 entries: complete tiles, incomplete ones, two levels. */
static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	assert_status(&S, sh(&S, "demo --seed 7 --events 700"), 0);
	serving_start(&V, &S);
	log_in(&V, "P0003"); /* audit_admin over everything */
	auditor = V.token;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(serving_stop(&V), 0);
	shell_close(&S);
	return 0;
}

static int again(void **state)
{
	(void)state;
	V.token = auditor;
	return 0;
}

static void get(const char *path, int want, struct heard *ret)
{
	ask(&V, "GET", path, NULL, ret);
	assert_heard(ret, want);
}

static bool has_head(const struct heard *h, const char *line)
{
	const char *at = strstr(h->all.s, line);

	return at && at < h->body.s;
}

/* Each line of the list is a file below top/out. */
static int compare_each(struct str list)
{
	struct str name, path;
	struct heard h;
	int n = 0;

	while (str_cut(list, '\n', &name, &list)) {
		path = str_fmt(&S.arena, "/%.*s", (int)name.n, name.s);
		get(path.s, 200, &h);
		assert_true(str_eq(h.body, shell_read(&S, str_fmt(&S.arena, "%s/out%s", S.top.s,
		                                                  path.s))));
		assert_true(h.body.n > 0);
		n++;
	}
	return n;
}

static void what_is_served_is_what_is_exported(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "ledger export %s", shell_path(&S, "out").s), 0);
	shell_system(&S, "cd %s/out && find . -type f | sed 's,^./,,' >../list", S.top.s);
	assert_in_range(compare_each(shell_read(&S, shell_path(&S, "list"))), 10, 30);
}

static void complete_tiles_may_be_kept_and_incomplete_ones_not(void **state)
{
	static const char KEPT[] = "Cache-Control: private, max-age=31536000, immutable";
	struct heard h, part;

	(void)state;
	get("/tile/0/000", 200, &h);
	assert_true(has_head(&h, KEPT));
	assert_int_equal(h.body.n, 256 * 32);
	get("/tile/0/000.p/7", 200, &part); /* of a tree that once was */
	assert_true(has_head(&part, "Cache-Control: no-store"));
	assert_true(part.body.n == 7 * 32 && str_starts(h.body, part.body));
	get("/tile/1/000.p/2", 200, &part);
	assert_true(has_head(&part, "Cache-Control: no-store"));
	get("/tile/entries/001", 200, &h);
	assert_true(has_head(&h, KEPT));
	get("/checkpoint", 200, &h);
	assert_true(has_head(&h, "Cache-Control: no-store"));
}

static void nothing_is_there_beyond_the_checkpoint_or_by_another_name(void **state)
{
	static const char *const NONE[] = {
		"/tile/0/002", "/tile/0/002.p/255", "/tile/1/000", "/tile/7/000.p/1", "/tile/63/000.p/1",
		"/tile/0/x999/999", "/tile/entries/003.p/1", "/tile/0/0", "/tile/0/000.p/0",
		"/tile/0/000.p/256", "/tile/0/x000/000", "/tile/", "/tile/00/000", "/tile/0/000/",
		"/rules/0000000000000000000000000000000000000000000000000000000000000000.json",
		"/rules/../../keys/log.key", "/rules/x.json", "/tile/entries/../entries/000",
		"/tile/0/-01", "/tile/0/999999999999999999999/999", "/policy/",
	};
	struct heard h;

	(void)state;
	for (size_t i = 0; i < COUNT(NONE); i++)
		get(NONE[i], 404, &h);
	get("/rules/..%2f..%2fkeys%2flog.key", 400, &h); /* not even looked for */
	ask(&V, "POST", "/checkpoint", "x", &h);
	assert_heard(&h, 405);
	ask(&V, "DELETE", "/tile/0/000", NULL, &h);
	assert_heard(&h, 405);
}

static void anybody_sees_the_checkpoint_and_auditors_the_rest(void **state)
{
	static const char *const CLOSED[] = {"/policy", "/tile/0/000", "/tile/entries/000",
	                                     "/tile/entries/000.p/1", "/rules/x.json"};
	struct heard h;

	(void)state;
	log_in(&V, "P0010"); /* of a county's office */
	get("/tile/entries/000", 403, &h);
	get("/policy", 403, &h);
	V.token = STR("00");
	get("/tile/entries/000", 401, &h);
	V.token = (struct str){0};
	for (size_t i = 0; i + 1 < COUNT(CLOSED); i++)
		get(CLOSED[i], 401, &h);
	get("/checkpoint", 200, &h);
	get("/vkey", 200, &h);
	assert_true(str_eq(h.body, shell_read(&S, str_fmt(&S.arena, "%s/keys/log.vkey", S.data.s))));
}

/* Index and leaf of an entry, as a receipt has them. */
static struct str receipt_of(int64_t index)
{
	assert_status(&S, sh_json(&S, "ledger show %lld", (long long)index), 0);
	return str_fmt(&S.arena, "/api/v1/receipts/%lld/%s", (long long)index,
	               json_str(S.doc, "leaf").s);
}

static void whoever_holds_a_receipt_gets_its_proof(void **state)
{
	static const int64_t AT[] = {0, 1, 255, 256, 511, 512, 650};
	struct heard h;

	(void)state;
	V.token = (struct str){0};
	for (size_t i = 0; i < 2 * COUNT(AT); i++) { /* read, and then from memory */
		struct policy *p = ARENA_NEW(&S.arena, struct policy);
		struct receipt *r = ARENA_NEW(&S.arena, struct receipt);
		struct str path = receipt_of(AT[i % COUNT(AT)]);
		struct checkpoint c;
		struct hash leaf;

		get(path.s, 200, &h);
		assert_ok(receipt_parse(&S.op, h.body, r));
		assert_int_equal(r->index, AT[i % COUNT(AT)]);
		assert_ok(policy_parse(&S.op, str_fmt(&S.arena, "log %squorum none\n", shell_read(&S,
		          str_fmt(&S.arena, "%s/keys/log.vkey", S.data.s)).s), p));
		assert_true(hex_decode((struct str){path.s + path.n - 64, 64}, leaf.b, sizeof(leaf.b)));
		assert_ok(receipt_check(&S.op, p, r, &leaf, &c));
		assert_status(&S, sh(&S, "ledger proof %lld", (long long)AT[i % COUNT(AT)]), 0);
		assert_true(str_eq(S.out, h.body));
	}
}

/* The same words for an index that is none and for a leaf that is another's. */
static void a_pair_that_does_not_match_is_answered_as_one_that_never_was(void **state)
{
	struct str good = receipt_of(300), leaf = {good.s + good.n - 64, 64};
	struct heard none, other;

	(void)state;
	V.token = (struct str){0};
	get(str_fmt(&S.arena, "/api/v1/receipts/301/%s", leaf.s).s, 404, &other);
	get(str_fmt(&S.arena, "/api/v1/receipts/99999999/%s", leaf.s).s, 404, &none);
	assert_true(str_eq(none.body, other.body));
	get(str_fmt(&S.arena, "/api/v1/receipts/300/%.63s%c", leaf.s, leaf.s[63] == '0' ? '1' : '0').s,
	    404, &other);
	get("/api/v1/receipts/300", 400, &other);
	get("/api/v1/receipts/300/abc", 400, &other);
	get(str_fmt(&S.arena, "/api/v1/receipts/-1/%s", leaf.s).s, 400, &other);
	get(str_fmt(&S.arena, "/api/v1/receipts/0300/%s", leaf.s).s, 400, &other);
}

/* gongyuan-audit, which shares no code with the server; its exit code, its words in top/audit. */
static int audit(const char *more)
{
	char line[2048];
	int status;

	shell_write(&S, shell_path(&S, "token"), auditor.s);
	snprintf(line, sizeof(line), "%s --lang en %s http://127.0.0.1:%d > %s 2>&1",
	         getenv("GONGYUAN_AUDIT"), more, V.port, shell_path(&S, "audit").s);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void an_auditor_confirms_it_from_another_place(void **state)
{
	const char *token = str_fmt(&S.arena, "--token-file %s --known %s.checkpoint",
	                            shell_path(&S, "token").s, S.data.s).s;

	(void)state;
	assert_int_equal(audit(token), 0);
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "audit")).s, "whole: 700 entries"));
	assert_int_equal(audit(""), 2); /* nobody's */
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "audit")).s, "--token-file"));
}

#define T(f) cmocka_unit_test_setup(f, again)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(what_is_served_is_what_is_exported),
		T(complete_tiles_may_be_kept_and_incomplete_ones_not),
		T(nothing_is_there_beyond_the_checkpoint_or_by_another_name),
		T(anybody_sees_the_checkpoint_and_auditors_the_rest),
		T(whoever_holds_a_receipt_gets_its_proof),
		T(an_auditor_confirms_it_from_another_place),
		T(a_pair_that_does_not_match_is_answered_as_one_that_never_was),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
