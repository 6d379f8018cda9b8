/* SPDX-License-Identifier: Apache-2.0 */
/* test_answers.c -- every answer of C2SP tlog-witness, to the state machine and over HTTP. */
#include "kit/check.h"

#include "db/db.h"
#include "net/client.h"
#include "witness/log.h"

enum how { MACHINE, HTTP };

struct table {
	struct log log;
	struct listener *listener;
	enum how how;
};

static struct witness_answer ask(struct table *t, struct str body)
{
	struct op *op = &t->log.book.op;
	struct witness_answer a = {0};
	struct http_question q = {.post = true, .body = body, .max = LIMIT_NOTE_BYTES};
	struct http_answer got;

	if (t->how == MACHINE) {
		assert_ok(witness_add(op, &t->log.w, body, LOG_NOW, &a));
		return a;
	}
	q.url = str_fmt(op->arena, "http://127.0.0.1:%d/add-checkpoint", listener_port(t->listener));
	assert_ok(http_ask(op, &q, &got));
	return (struct witness_answer){.status = got.status, .type = got.type, .body = got.body};
}

static struct str request(struct table *t, uint64_t old, int lines, struct str note)
{
	struct witness_request r = {.old = old, .proof = {.n = lines}, .note = note};

	return witness_request_format(&t->log.book.arena, &r);
}

#define WANT(body, code) assert_int_equal(ask(t, (body)).status, (code))

/* Sixty-four lines of proof. */
static struct str lines_too_many(struct table *t, const char *note)
{
	struct strbuf b;

	strbuf_init(&b, &t->log.book.arena);
	strbuf_addz(&b, "old 0\n");
	for (int i = 0; i <= LIMIT_PROOF; i++)
		strbuf_addf(&b, "%s=\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	strbuf_addf(&b, "\n%s", note);
	return strbuf_str(&b);
}

static void malformed(struct table *t)
{
	struct arena *a = &t->log.book.arena;
	struct str good = log_body(&t->log, 0, 10);
	static const char *const HEADS[] = {"", "old\n\n", "old -1\n\n", "old 01\n\n", "Old 0\n\n",
	                                    "old 0", "old 0\nAAAA\n\n", "old 0\n"};

	for (size_t i = 0; i < COUNT(HEADS); i++)
		WANT(str_fmt(a, "%s%s", HEADS[i], i == COUNT(HEADS) - 1 ? "x" : good.s + 7), 400);
	WANT(str_of(HEADS[0]), 400);
	WANT(request(t, 0, LIMIT_PROOF, str_of(good.s + 7)), 422); /* read, and not empty */
	WANT(lines_too_many(t, good.s + 7), 400);
	WANT(((struct str){good.s, good.n - 1}), 400);
	WANT(STR("old 0\n\nno note"), 400);
}

/* The whole order: each row would be refused for a later reason too. */
static void answers(struct table *t)
{
	struct log *l = &t->log;
	struct op *op = &l->book.op;
	struct ed25519_key other = ed25519_from_seed((const uint8_t[32]){9});
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct str good = log_note(l, 10, &l->book.key, false), bad;
	struct witness_answer a;

	malformed(t);
	n->text = STR("other.example/log\n10\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
	assert_ok(note_sign(op, n, STR("other.example/log"), &other));
	WANT(request(t, 99, 3, note_format(op->arena, n)), 404);
	WANT(request(t, 99, 3, log_note(l, 10, &other, false)), 403);
	bad = str_copy(op->arena, good);
	((char *)(uintptr_t)bad.s)[strlen(BOOK_ORIGIN) + 1] = '2'; /* another size, the old signature */
	WANT(request(t, 99, 3, bad), 403);
	WANT(request(t, 11, 3, good), 400);
	a = ask(t, request(t, 5, 3, good));
	assert_int_equal(a.status, 409);
	assert_str(a.body, "0\n");
	assert_str(a.type, "text/x.tlog.size");
	WANT(request(t, 0, 0, log_note(l, 0, &l->book.key, true)), 422);
	WANT(request(t, 0, 1, good), 422);
	WANT(request(t, 0, 0, log_note(l, 0, &l->book.key, false)), 200);
	WANT(log_body(l, 0, 10), 200);
	a = ask(t, log_body(l, 0, 20));
	assert_int_equal(a.status, 409);
	assert_str(a.body, "10\n");
	WANT(request(t, 10, 0, log_note(l, 10, &l->book.key, true)), 422);
	WANT(request(t, 10, 1, good), 422);
	WANT(request(t, 10, 0, log_note(l, 20, &l->book.key, false)), 422);
	WANT(request(t, 10, 5, log_note(l, 20, &l->book.key, false)), 422);
	assert_int_equal(log_stored(l), 10);
	WANT(log_body(l, 10, 10), 200);
	WANT(log_body(l, 10, 300), 200);
	assert_int_equal(log_stored(l), 300);
}

static void cosigned(struct table *t)
{
	struct log *l = &t->log;
	struct op *op = &l->book.op;
	struct str note = log_note(l, 300, &l->book.key, false);
	struct witness_answer a = ask(t, request(t, 300, 0, note));
	const struct note_key keys[] = {l->book.vkey, l->w.vkey};
	struct note *n = ARENA_NEW(op->arena, struct note);
	int64_t time_s[2];
	bool done[2];

	assert_int_equal(a.status, 200);
	assert_ok(note_parse(op, str_fmt(op->arena, "%s%s", note.s, a.body.s), n));
	assert_ok(note_verify(op, n, keys, 2, done, time_s));
	assert_true(done[0] && done[1]);
	assert_int_equal(time_s[1], LOG_NOW);
}

static void run(enum how how)
{
	struct table *t = calloc(1, sizeof(*t));
	struct listener_options o = {.listen = STR("127.0.0.1:0"), .body_max = LIMIT_ADD_CHECKPOINT,
	                             .handle = witness_http};

	log_open(&t->log, 300);
	t->how = how;
	o.ctx = &t->log.w;
	if (how == HTTP)
		assert_ok(listener_start(&t->log.book.op, &o, &t->listener));
	answers(t);
	cosigned(t);
	listener_stop(t->listener);
	log_close(&t->log);
	free(t);
}

static void every_answer_comes_in_the_order_of_the_specification(void **state)
{
	run(MACHINE);
}

static void every_answer_comes_over_http_too(void **state)
{
	run(HTTP);
}

static void a_machine_without_a_clock_cosigns_nothing(void **state)
{
	struct log l;
	struct witness_answer a;

	log_open(&l, 3);
	assert_int_equal(witness_add(&l.book.op, &l.w, log_body(&l, 0, 3), 0, &a), RC_BROKEN);
	assert_int_equal(log_stored(&l), 0);
	log_close(&l);
}

static int http_status(struct log *l, struct listener *h, const char *path, size_t post)
{
	struct op *op = &l->book.op;
	struct http_question q = {.max = LIMIT_NOTE_BYTES, .post = post > 0,
	                          .body = {arena_alloc(op->arena, post + 1), post}};
	struct http_answer got;

	q.url = str_fmt(op->arena, "http://127.0.0.1:%d%s", listener_port(h), path);
	assert_ok(http_ask(op, &q, &got));
	return got.status;
}

static void only_two_addresses_exist_and_monitors_read_what_was_answered(void **state)
{
	struct log l;
	struct listener *h;
	struct listener_options o = {.listen = STR("127.0.0.1:0"), .body_max = LIMIT_ADD_CHECKPOINT,
	                             .handle = witness_http, .ctx = &l.w};
	struct hash origin = hash_sha256(BOOK_ORIGIN, strlen(BOOK_ORIGIN));
	struct witness_answer a;
	struct str path;

	log_open(&l, 9);
	assert_ok(listener_start(&l.book.op, &o, &h));
	path = str_fmt(&l.book.arena, "/%s/checkpoint", hash_hex(&l.book.arena, &origin).s);
	assert_int_equal(http_status(&l, h, path.s, 0), 404);
	assert_ok(witness_add(&l.book.op, &l.w, log_body(&l, 0, 9), LOG_NOW, &a));
	assert_int_equal(http_status(&l, h, path.s, 0), 200);
	assert_int_equal(http_status(&l, h, path.s, 5), 405);
	assert_int_equal(http_status(&l, h, "/add-checkpoint", 0), 405);
	assert_int_equal(http_status(&l, h, "/", 0), 404);
	assert_int_equal(http_status(&l, h, "/add-checkpoint", LIMIT_ADD_CHECKPOINT + 1), 413);
	listener_stop(h);
	o.listen = STR("192.0.2.1:0");
	assert_int_equal(listener_start(&l.book.op, &o, &h), RC_INVALID);
	log_close(&l);
}

/* A line of a key that nobody named is ignored, and not handed on as if it had been checked. */
static void lines_of_unknown_signers_are_not_served(void **state)
{
	struct ed25519_key other = ed25519_from_seed((const uint8_t[32]){9});
	struct log l;
	struct op *op = &l.book.op;
	struct note n;
	struct hash origin = hash_sha256(BOOK_ORIGIN, strlen(BOOK_ORIGIN));
	struct witness_request r = {0};
	struct witness_answer a;

	log_open(&l, 9);
	assert_ok(note_parse(op, log_note(&l, 9, &l.book.key, false), &n));
	assert_ok(note_sign(op, &n, STR("stranger.example"), &other));
	r.note = note_format(op->arena, &n);
	assert_ok(witness_add(op, &l.w, witness_request_format(op->arena, &r), LOG_NOW, &a));
	assert_int_equal(a.status, 200);
	assert_ok(witness_newest(op, &l.w, hash_hex(op->arena, &origin), &a));
	assert_int_equal(a.status, 200);
	assert_ok(note_parse(op, a.body, &n));
	assert_int_equal(n.nsigs, 2);
	assert_true(str_eq(n.sig[0].name, STR(BOOK_ORIGIN)));
	assert_true(str_eq(n.sig[1].name, l.w.vkey.name));
	log_close(&l);
}

static void the_file_itself_never_goes_back(void **state)
{
	static const char *const BACK[] = {
		"UPDATE witness_tree SET size = 8", "UPDATE witness_tree SET root = zeroblob(32)",
		"UPDATE witness_tree SET origin = 'x'", "DELETE FROM witness_tree"};
	struct log l;
	struct witness_answer a;

	log_open(&l, 9);
	assert_ok(witness_add(&l.book.op, &l.w, log_body(&l, 0, 9), LOG_NOW, &a));
	for (size_t i = 0; i < COUNT(BACK); i++)
		assert_int_equal(db_script(&l.book.op, l.w.db, BACK[i]), RC_CONFLICT);
	assert_int_equal(log_stored(&l), 9);
	log_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer_comes_in_the_order_of_the_specification),
		cmocka_unit_test(every_answer_comes_over_http_too),
		cmocka_unit_test(a_machine_without_a_clock_cosigns_nothing),
		cmocka_unit_test(lines_of_unknown_signers_are_not_served),
		cmocka_unit_test(the_file_itself_never_goes_back),
		cmocka_unit_test(only_two_addresses_exist_and_monitors_read_what_was_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
