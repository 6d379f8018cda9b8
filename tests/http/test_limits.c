/* SPDX-License-Identifier: Apache-2.0 */
/* test_limits.c -- who is slow, silent, many or large is cut off or refused, and the others are
 * served all the while.
 */
#include "kit/check.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "http/raw.h"

static struct raw R;

#define HOST "Host: h\r\n"
#define GET "GET / HTTP/1.1\r\n" HOST "\r\n"

static int stop(void **state)
{
	(void)state;
	if (R.server)
		raw_stop(&R);
	return 0;
}

static void start(struct server_options o)
{
	raw_start(&R, o);
}

static uint64_t refused(enum server_refusal why)
{
	return server_counts(R.server).refused[why];
}

static unsigned connections(void)
{
	return server_counts(R.server).connections;
}

/* Says one byte after the other, ten a second, until the other side closes. */
static void say_slowly(int fd, const char *first, char byte)
{
	char got[256];
	int tries = 600;

	raw_says(fd, first);
	while (--tries && recv(fd, got, sizeof(got), MSG_DONTWAIT) != 0) {
		raw_say(fd, &byte, 1);
		usleep(100000);
	}
	assert_true(tries > 0);
}

static void a_head_that_drips_is_cut_off(void **state)
{
	static const char *const BEGUN[] = {"", "GET / HTTP/1.1\r\n" HOST "X: "};

	(void)state;
	start((struct server_options){.idle_s = 1, .head_s = 1});
	for (size_t i = 0; i < COUNT(BEGUN); i++) {
		int fd = raw_connect(&R);

		say_slowly(fd, BEGUN[i], 'a');
		close(fd);
		raw_wait(refused(SERVER_SLOW) >= i + 1);
	}
	assert_int_equal(raw_calls(&R), 0);
}

static void a_body_that_drips_is_cut_off(void **state)
{
	int fd;

	(void)state;
	start((struct server_options){.idle_s = 60, .body_s = 1});
	fd = raw_connect(&R);
	say_slowly(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5000\r\n\r\n", 'a');
	close(fd);
	raw_wait(refused(SERVER_SLOW) >= 1);
	assert_int_equal(raw_calls(&R), 0);
}

static void who_does_not_read_the_answer_is_cut_off(void **state)
{
	int fd, small = 4096;

	(void)state;
	start((struct server_options){.idle_s = 60, .send_s = 1});
	fd = raw_connect(&R);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	raw_says(fd, "GET /long HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(refused(SERVER_SLOW) >= 1);
	raw_wait(connections() == 0);
	close(fd);
}

/* All of it comes, in several times the time that an answer has. */
static void who_reads_slowly_but_on_has_the_whole_answer(void **state)
{
	enum { PART = 128 << 10, PAUSE_US = 15000 };
	static char part[PART];
	size_t heard = 0, most = 0;
	int fd, small = 65536;
	ssize_t got;

	(void)state;
	start((struct server_options){.idle_s = 60, .send_s = 1});
	fd = raw_connect(&R);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	raw_says(fd, "GET /long HTTP/1.1\r\n" HOST "\r\n");
	while ((!most || heard < most) && (got = read(fd, part, sizeof(part) - 1)) > 0) {
		const char *end;

		part[got] = '\0';
		end = most ? NULL : strstr(part, "\r\n\r\n");
		if (end)
			most = (size_t)(end + 4 - part) +
			       strtoul(strstr(part, "Content-Length: ") + 16, NULL, 10);
		heard += (size_t)got;
		usleep(PAUSE_US);
	}
	assert_true(most > 0);
	assert_int_equal(heard, most);
	assert_int_equal(refused(SERVER_SLOW), 0);
	close(fd);
}

static void who_says_nothing_is_closed(void **state)
{
	struct raw_heard h;
	int fd;

	(void)state;
	start((struct server_options){.idle_s = 1});
	fd = raw_connect(&R);
	raw_hear(fd, &h);
	assert_true(h.closed);
	close(fd);
	fd = raw_connect(&R);
	raw_says(fd, GET); /* and after an answer likewise */
	raw_hear(fd, &h);
	assert_true(h.closed);
	assert_int_equal(h.status, 200);
	close(fd);
}

static void who_has_said_the_last_word_is_let_go(void **state)
{
	struct raw_heard h;
	int fd;

	(void)state;
	start((struct server_options){.idle_s = 600, .body_s = 600});
	fd = raw_connect(&R);
	raw_says(fd, GET);
	shutdown(fd, SHUT_WR);
	raw_hear(fd, &h);
	assert_true(h.closed);
	assert_int_equal(h.status, 200);
	close(fd);
	fd = raw_connect(&R);
	raw_says(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhel");
	shutdown(fd, SHUT_WR);
	raw_hear(fd, &h);
	assert_true(h.closed);
	assert_int_equal(h.answers, 0);
	close(fd);
}

static void a_stream_has_no_end_but_its_own(void **state)
{
	struct raw_heard h = {0};
	int fd, other;

	(void)state;
	start((struct server_options){.idle_s = 1, .head_s = 1, .body_s = 1, .send_s = 1});
	fd = raw_connect(&R);
	raw_says(fd, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	other = raw_connect(&R);
	raw_hear(other, &h); /* all clocks have run out */
	close(other);
	usleep(2100000);
	assert_int_equal(server_counts(R.server).streams_now, 1);
	close(fd);
}

static void there_is_room_for_a_newcomer_among_the_idle(void **state)
{
	int idle[8], fd;

	(void)state;
	start((struct server_options){.connections = 8, .idle_s = 600});
	for (size_t i = 0; i < COUNT(idle); i++) {
		idle[i] = raw_connect(&R);
		raw_says(idle[i], GET);
		assert_int_equal(raw_answer(idle[i]), 200);
	}
	fd = raw_connect(&R);
	raw_says(fd, GET);
	assert_int_equal(raw_answer(fd), 200);
	close(fd);
	for (size_t i = 0; i < COUNT(idle); i++)
		close(idle[i]);
}

static void one_address_has_so_many_connections(void **state)
{
	struct raw_heard h;
	int fd[4], more;

	(void)state;
	start((struct server_options){.each = 4, .idle_s = 600});
	for (size_t i = 0; i < COUNT(fd); i++) {
		fd[i] = raw_connect(&R);
		raw_says(fd[i], GET);
		assert_int_equal(raw_answer(fd[i]), 200);
	}
	more = raw_connect(&R);
	raw_says(more, GET);
	raw_hear(more, &h);
	assert_true(h.closed);
	assert_int_equal(h.answers, 0);
	close(more);
	for (size_t i = 0; i < COUNT(fd); i++) {
		raw_says(fd[i], GET);
		assert_int_equal(raw_answer(fd[i]), 200);
		close(fd[i]);
	}
}

static void one_address_asks_so_often_and_may_ask_again_later(void **state)
{
	int status = 200, fd;

	(void)state;
	start((struct server_options){.rate = 5, .idle_s = 600});
	fd = raw_connect(&R);
	for (int i = 0; i < 100000 && status == 200; i++) {
		raw_says(fd, GET);
		status = raw_answer(fd);
	}
	assert_int_equal(status, 429);
	assert_true(raw_calls(&R) >= 10); /* two seconds' worth at once */
	for (int i = 0; i < 600 && status == 429; i++) {
		usleep(100000);
		raw_says(fd, GET); /* the connection stands */
		status = raw_answer(fd);
	}
	assert_int_equal(status, 200);
	close(fd);
}

/* Bodies that arrive and are not through. */
static void open_bodies(int *fd, size_t n)
{
	static char part[1000000];

	for (size_t i = 0; i < n; i++) {
		fd[i] = raw_connect(&R);
		raw_says(fd[i], "POST / HTTP/1.1\r\n" HOST "Content-Length: 1000001\r\n\r\n");
		raw_say(fd[i], part, sizeof(part));
	}
}

static int ask(const char *request)
{
	int fd = raw_connect(&R), status;

	raw_says(fd, request);
	status = raw_answer(fd);
	close(fd);
	return status;
}

static void acts_are_taken_when_large_bodies_and_questions_are_not(void **state)
{
	static const char ACT[] = "POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}";
	int fd[LIMIT_HELD / 1000000];
	int tries = 6000;

	(void)state;
	start((struct server_options){.idle_s = 600, .body_s = 600});
	assert_int_equal(ask(GET), 200);
	open_bodies(fd, COUNT(fd));
	while (ask(GET) != 503 && --tries)
		usleep(10000);
	assert_true(tries);
	assert_int_equal(ask(ACT), 200);
	assert_int_equal(ask("POST / HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n"
	                     "Expect: 100-continue\r\n\r\n"), 503);
	for (size_t i = 0; i < COUNT(fd); i++)
		close(fd[i]);
	tries = 6000;
	while (ask(GET) != 200 && --tries)
		usleep(10000);
	assert_true(tries);
	assert_true(refused(SERVER_FULL) >= 2);
}

/* So many ask and read nothing. */
static void ask_and_do_not_read(const char *path, int *fd, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fd[i] = raw_connect(&R);
		raw_says(fd[i], str_fmt(&R.arena, "GET %s HTTP/1.1\r\n" HOST "\r\n", path).s);
	}
	raw_wait(server_counts(R.server).requests >= n);
}

static void hang_up(const int *fd, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
}

/* An answer of 15 MB is more than the socket takes, and half of what is held for all. */
static void strangers_who_do_not_read_hold_up_nobody(void **state)
{
	static const char ACT[] = "POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}";
	int fd[8];

	(void)state;
	start((struct server_options){.idle_s = 600, .send_s = 600});
	ask_and_do_not_read("/long", fd, COUNT(fd));
	assert_int_equal(ask(GET), 200);
	assert_int_equal(ask(ACT), 200);
	assert_int_equal(ask("GET /long HTTP/1.1\r\n" HOST "\r\n"), 503); /* one more of them */
	assert_int_equal(ask("GET /own HTTP/1.1\r\n" HOST "\r\n"), 200);
	hang_up(fd, COUNT(fd));
	raw_wait(ask("GET /long HTTP/1.1\r\n" HOST "\r\n") == 200);
}

static void what_is_in_memory_anyhow_is_not_counted(void **state)
{
	int fd[8];

	(void)state;
	start((struct server_options){.idle_s = 600, .send_s = 600});
	ask_and_do_not_read("/kept", fd, COUNT(fd));
	assert_int_equal(ask(GET), 200);
	assert_int_equal(ask("GET /kept HTTP/1.1\r\n" HOST "\r\n"), 200);
	assert_int_equal(refused(SERVER_FULL), 0);
	hang_up(fd, COUNT(fd));
}

static void reset(int fd)
{
	static const struct linger HARD = {1, 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &HARD, sizeof(HARD));
	close(fd);
}

static void resets_leave_nothing_behind(void **state)
{
	static const char *const SAID[] = {
		"", "GE", "GET / HTTP/1.1\r\nHo", GET, "GET /long HTTP/1.1\r\n" HOST "\r\n",
		"GET /stream HTTP/1.1\r\n" HOST "\r\n",
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhel"};
	int held;

	(void)state;
	start((struct server_options){.idle_s = 600});
	for (int round = 0; round < 5; round++)
		for (size_t i = 0; i < COUNT(SAID); i++) {
			int fd = raw_connect(&R);

			raw_says(fd, SAID[i]);
			if (round)
				usleep(10000); /* it has read that */
			reset(fd);
		}
	held = raw_connect(&R);
	raw_says(held, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
	raw_wait(raw_saw(&R, "/hold"));
	reset(held);
	raw_release(&R);
	raw_wait((server_wake_streams(R.server), connections() == 0));
	assert_int_equal(server_counts(R.server).streams_now, 0);
	assert_int_equal(ask(GET), 200);
}

static void *stop_it(void *server)
{
	server_stop(server, 60000);
	return NULL;
}

/* What is in flight is answered, also a body that is on its way; nobody new comes in. */
static void it_ends_when_all_have_their_answers(void **state)
{
	int held, sent;
	pthread_t t;

	(void)state;
	start((struct server_options){.idle_s = 600});
	held = raw_connect(&R);
	raw_says(held, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
	sent = raw_connect(&R);
	raw_says(sent, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhel");
	raw_wait(raw_saw(&R, "/hold"));
	raw_wait(connections() == 2);
	usleep(50000);
	assert_int_equal(pthread_create(&t, NULL, stop_it, R.server), 0);
	usleep(50000);
	raw_says(sent, "lo");
	assert_int_equal(raw_answer(sent), 200);
	raw_release(&R);
	assert_int_equal(raw_answer(held), 200);
	pthread_join(t, NULL);
	R.server = NULL;
	close(held);
	close(sent);
}

#define T(f) cmocka_unit_test_teardown(f, stop)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(a_head_that_drips_is_cut_off),
		T(a_body_that_drips_is_cut_off),
		T(who_does_not_read_the_answer_is_cut_off),
		T(who_reads_slowly_but_on_has_the_whole_answer),
		T(who_says_nothing_is_closed),
		T(who_has_said_the_last_word_is_let_go),
		T(a_stream_has_no_end_but_its_own),
		T(there_is_room_for_a_newcomer_among_the_idle),
		T(one_address_has_so_many_connections),
		T(one_address_asks_so_often_and_may_ask_again_later),
		T(acts_are_taken_when_large_bodies_and_questions_are_not),
		T(strangers_who_do_not_read_hold_up_nobody),
		T(what_is_in_memory_anyhow_is_not_counted),
		T(resets_leave_nothing_behind),
		T(it_ends_when_all_have_their_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
