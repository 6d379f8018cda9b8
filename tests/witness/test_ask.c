/* SPDX-License-Identifier: Apache-2.0 */
/* test_ask.c -- the log's side against a witness that is new, behind, ahead, and lying. */
#include "kit/check.h"

#include "ledger/cosign.h"
#include "witness/log.h"

struct stage {
	struct log log;
	struct listener *listener;
	struct str url, checkpoint;  /* a liar's: its newest checkpoint, "" none */
	struct listener_reply lie;   /* to add-checkpoint; status 0: the real witness */
};

static void perform(void *ctx, struct arena *a, const struct listener_request *q,
                    struct listener_reply *ret)
{
	struct stage *s = ctx;

	if (s->lie.status == 0)
		witness_http(&s->log.w, a, q, ret);
	else if (str_is(q->method, "POST"))
		*ret = s->lie;
	else
		*ret = (struct listener_reply){s->checkpoint.n ? 200 : 404, {0}, s->checkpoint};
}

static int setup(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));
	struct listener_options o = {.listen = STR("127.0.0.1:0"), .body_max = LIMIT_ADD_CHECKPOINT,
	                             .handle = perform, .ctx = s};
	struct str note;

	log_open(&s->log, 50);
	assert_ok(book_sign(&s->log.book, &note));
	assert_ok(listener_start(&s->log.book.op, &o, &s->listener));
	s->url = str_fmt(&s->log.book.arena, "http://127.0.0.1:%d/", listener_port(s->listener));
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct stage *s = *state;

	listener_stop(s->listener);
	log_close(&s->log);
	free(s);
	return 0;
}

static enum rc ask(struct stage *s, struct str *ret_note)
{
	struct book *b = &s->log.book;

	return cosign_ask(&b->op, &b->ledger, &b->vkey,
	                  &(struct cosign_witness){.key = &s->log.w.vkey, .url = s->url}, ret_note);
}

static void keep(struct stage *s, struct str note, uint64_t size)
{
	struct book *b = &s->log.book;
	struct checkpoint c;
	struct str newest;
	uint64_t last;
	bool new;

	assert_ok(cosign_keep(&b->op, &b->ledger, &b->vkey, &s->log.w.vkey, note, &c, &new));
	assert_true(new);
	assert_int_equal(c.size, size);
	assert_ok(cosign_keep(&b->op, &b->ledger, &b->vkey, &s->log.w.vkey, note, &c, &new));
	assert_false(new);
	assert_ok(ledger_note_newest(&b->op, &b->ledger, &newest));
	assert_ok(cosign_check(&b->op, newest, &b->vkey, &s->log.w.vkey, &c));
	assert_ok(cosign_last(&b->op, &b->ledger, &s->log.w.vkey, &last));
	assert_int_equal(last, size);
}

static void a_new_witness_and_one_that_is_behind_cosign(void **state)
{
	struct stage *s = *state;
	struct str note;

	assert_ok(ask(s, &note));
	keep(s, note, 50);
	book_grow(&s->log.book, 333, 64);
	assert_ok(book_sign(&s->log.book, &note));
	assert_ok(ask(s, &note));
	keep(s, note, 333);
}

static void a_witness_that_stands_elsewhere_is_asked_again_from_there(void **state)
{
	struct stage *s = *state;
	struct witness_answer a;
	struct str note;

	assert_ok(witness_add(&s->log.book.op, &s->log.w, log_body(&s->log, 0, 20), LOG_NOW, &a));
	assert_ok(ask(s, &note)); /* our ledger does not know of the 20 */
	keep(s, note, 50);
}

static void a_witness_that_is_ahead_shows_that_we_were_put_back(void **state)
{
	struct stage *s = *state;
	struct checkpoint c = {.origin = STR(BOOK_ORIGIN), .size = 70};
	struct op *op = &s->log.book.op;
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct str note = {0};

	n->text = checkpoint_format(op->arena, &c);
	assert_ok(note_sign(op, n, STR(BOOK_ORIGIN), &s->log.book.key));
	s->lie = (struct listener_reply){409, STR("text/x.tlog.size"), STR("70\n")};
	assert_int_equal(ask(s, &note), RC_INVALID); /* says so and shows nothing */
	s->checkpoint = note_format(op->arena, n);
	assert_int_equal(ask(s, &note), RC_BROKEN);
	assert_str(note, s->checkpoint.s);
}

static void a_lying_witness_gets_nothing_kept(void **state)
{
	struct stage *s = *state;
	struct str note = {0}, honest;
	static const struct { int status; const char *type, *body; enum rc rc; } LIES[] = {
		{200, "text/plain", "", RC_INVALID},
		{200, "text/plain", "hello\n", RC_INVALID},
		{200, "text/plain", "\n\xe2\x80\x94 w.example/1 AAAAAAAA\n", RC_INVALID},
		{409, "text/x.tlog.size", "0\n", RC_INVALID},
		{409, "text/plain", "20\n", RC_INVALID},
		{409, "text/x.tlog.size", "-3\n", RC_INVALID},
		{422, "text/plain", "no", RC_INVALID},
		{403, "text/plain", "no", RC_DENIED},
		{404, "text/plain", "no", RC_DENIED},
		{503, "text/plain", "later", RC_BUSY},
	};

	for (size_t i = 0; i < COUNT(LIES); i++) {
		s->lie = (struct listener_reply){LIES[i].status, str_of(LIES[i].type),
		                                 str_of(LIES[i].body)};
		assert_int_equal(ask(s, &note), LIES[i].rc);
	}
	s->lie.status = 0;
	assert_ok(ask(s, &honest));
	((char *)(uintptr_t)honest.s)[honest.n - 20] ^= 1;
	s->lie = (struct listener_reply){200, {0}, honest};
	assert_int_not_equal(ask(s, &note), RC_OK);
	assert_int_equal(book_number(&s->log.book, "SELECT COUNT(*) FROM ledger_note"), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_new_witness_and_one_that_is_behind_cosign),
		T(a_witness_that_stands_elsewhere_is_asked_again_from_there),
		T(a_witness_that_is_ahead_shows_that_we_were_put_back),
		T(a_lying_witness_gets_nothing_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
