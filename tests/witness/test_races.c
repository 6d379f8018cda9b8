/* SPDX-License-Identifier: Apache-2.0 */
/* test_races.c -- twenty at once, and a server that dies after it has written. */
#include "kit/check.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/client.h"
#include "witness/log.h"

#define THREADS 20

struct racer {
	pthread_t thread;
	pthread_barrier_t *start;
	struct str dir, url, body; /* url: over HTTP; else a witness of its own on dir */
	uint64_t size;
	int status;
};

static void *race(void *p)
{
	struct racer *r = p;
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct http_question q = {.url = r->url, .post = true, .body = r->body, .max = 4096};
	struct http_answer got;
	struct witness_answer a;
	struct witness w;

	if (!r->url.n && witness_open(&op, r->dir, &w) != RC_OK)
		r->status = -1;
	pthread_barrier_wait(r->start);
	if (r->url.n)
		r->status = http_ask(&op, &q, &got) == RC_OK ? got.status : -1;
	else if (r->status == 0) {
		r->status = witness_add(&op, &w, r->body, LOG_NOW, &a) == RC_OK ? a.status : -1;
		witness_release(&w);
	}
	arena_release(&arena);
	return NULL;
}

/* All from `old`, each to another size: one wins, all others see where the winner stands. */
static void round_of(struct log *l, struct str url, uint64_t old)
{
	struct racer r[THREADS] = {0};
	pthread_barrier_t start;
	uint64_t won = 0;

	pthread_barrier_init(&start, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++) {
		r[i] = (struct racer){.start = &start, .dir = l->dir, .url = url,
		                      .size = old + 1 + (i * 7) % THREADS};
		r[i].body = log_body(l, old, r[i].size);
	}
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&r[i].thread, NULL, race, &r[i]), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(r[i].thread, NULL);
	pthread_barrier_destroy(&start);
	for (size_t i = 0; i < THREADS; i++) {
		if (r[i].status == 200) {
			assert_int_equal(won, 0);
			won = r[i].size;
		} else {
			assert_int_equal(r[i].status, 409);
		}
	}
	assert_true(won > old);
	assert_int_equal(log_stored(l), won);
}

static void twenty_at_once_never_roll_a_size_back(void **state)
{
	struct log l;

	log_open(&l, 300);
	for (int i = 0; i < 8; i++)
		round_of(&l, (struct str){0}, log_stored(&l));
	log_close(&l);
}

static void twenty_at_once_over_http_never_roll_a_size_back(void **state)
{
	struct log l;
	struct listener *h;
	struct listener_options o = {.listen = STR("127.0.0.1:0"), .body_max = LIMIT_ADD_CHECKPOINT,
	                             .handle = witness_http, .ctx = &l.w};

	log_open(&l, 300);
	assert_ok(listener_start(&l.book.op, &o, &h));
	for (int i = 0; i < 8; i++)
		round_of(&l, str_fmt(&l.book.arena, "http://127.0.0.1:%d/add-checkpoint",
		                     listener_port(h)), log_stored(&l));
	listener_stop(h);
	log_close(&l);
}

/* The real handler, then the end: persisted, not answered. */
static void die_after(void *ctx, struct arena *a, const struct listener_request *q,
                      struct listener_reply *ret)
{
	witness_http(ctx, a, q, ret);
	raise(SIGKILL);
}

static void child_serves(struct log *l, int out)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct witness w;
	struct listener *h;
	struct listener_options o = {.listen = STR("127.0.0.1:0"), .body_max = LIMIT_ADD_CHECKPOINT,
	                             .handle = die_after, .ctx = &w};
	int port;

	if (witness_open(&op, l->dir, &w) != RC_OK)
		_exit(1);
	w.clock = &l->clock;
	if (listener_start(&op, &o, &h) != RC_OK)
		_exit(2);
	port = listener_port(h);
	if (write(out, &port, sizeof(port)) != sizeof(port))
		_exit(3);
	for (;;)
		pause();
}

static void a_server_killed_before_its_answer_has_stored_it_whole(void **state)
{
	struct log l;
	struct witness_answer a;
	struct http_answer got;

	log_open(&l, 100);
	witness_release(&l.w);
	for (uint64_t size = 10; size <= 100; size += 10) {
		struct http_question q = {.post = true, .body = log_body(&l, size - 10, size),
		                          .max = 4096};
		int p[2], port, status;
		pid_t pid;

		assert_int_equal(pipe(p), 0);
		pid = fork();
		if (pid == 0)
			child_serves(&l, p[1]);
		assert_int_equal(read(p[0], &port, sizeof(port)), sizeof(port));
		q.url = str_fmt(&l.book.arena, "http://127.0.0.1:%d/add-checkpoint", port);
		assert_int_not_equal(http_ask(&l.book.op, &q, &got), RC_OK);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		close(p[0]);
		close(p[1]);
		assert_int_equal(log_stored(&l), size);
	}
	/* The log asks again and is told; then it gets what it missed. */
	assert_ok(witness_open(&l.book.op, l.dir, &l.w));
	assert_ok(witness_add(&l.book.op, &l.w, log_body(&l, 90, 100), LOG_NOW, &a));
	assert_int_equal(a.status, 409);
	assert_str(a.body, "100\n");
	assert_ok(witness_add(&l.book.op, &l.w, log_body(&l, 100, 100), LOG_NOW, &a));
	assert_int_equal(a.status, 200);
	log_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_killed_before_its_answer_has_stored_it_whole),
		cmocka_unit_test(twenty_at_once_never_roll_a_size_back),
		cmocka_unit_test(twenty_at_once_over_http_never_roll_a_size_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
