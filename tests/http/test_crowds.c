/* SPDX-License-Identifier: Apache-2.0 */
/* test_crowds.c -- many strangers at once: so many public pages and so many logins of one address
 * wait, the next is told to come again, and whoever works here is answered meanwhile.
 *
 * The readers' threads are the test's: a job is held until it lets it go, so nothing rests on who
 * is faster.
 */
#include "kit/check.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "domain/people/people.h"
#include "http/console.h"
#include "http/served.h"
#include "http/session.h"

enum { JOBS_MOST = 128, PATIENCE_MS = 60000 };

#define LOGIN "{\"person\":\"NOBODY-1\",\"challenge\":\"1.2.3\",\"signature\":\"00\"}"

static struct kit K;
static struct served S;
static struct console C;
static struct sessions E;
static struct clock CLOCK;
static struct str LOGINS;
static unsigned STRANGERS;
static enum rc (*READ)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);

/* What waits. */
static struct {
	struct {
		void (*job)(void *ctx, struct op *op);
		void *ctx;
	} jobs[JOBS_MOST];
	atomic_size_t n;
	atomic_bool holds;
} HELD;

/* On the server's thread. */
static enum rc hold(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	size_t n = HELD.n;

	if (!HELD.holds)
		return READ(ctx, job, job_ctx);
	if (n == JOBS_MOST)
		return RC_BUSY;
	HELD.jobs[n].job = job;
	HELD.jobs[n].ctx = job_ctx;
	HELD.n = n + 1;
	return RC_OK;
}

static void let_go(void)
{
	HELD.holds = false;
	for (size_t i = 0; i < HELD.n; i++)
		assert_ok(READ(&S, HELD.jobs[i].job, HELD.jobs[i].ctx));
	HELD.n = 0;
}

/* A test that failed holds nothing: the server would wait for it. */
static int settle(void **state)
{
	(void)state;
	let_go();
	return 0;
}

static void wait_for(size_t n)
{
	for (int i = 0; HELD.n < n && i < PATIENCE_MS; i++)
		usleep(1000);
	assert_int_equal(HELD.n, n);
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	served_open_demo(&S, &K);
	CLOCK = clock_system();
	LOGINS = str_fmt(&K.arena, "%s/gy-crowds-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp((char *)(uintptr_t)LOGINS.s));
	E = (struct sessions){.terms = {.idle_s = 600, .most_s = 3600, .tries = 1000},
	                      .clock = &CLOCK, .random = &S.random, .person = people_find,
	                      .check = hold, .ctx = &S};
	K.op.random = &S.random;
	assert_ok(logins_open(&K.op, str_fmt(&K.arena, "%s/logins.db", LOGINS.s), &E.slow));
	E.fast = E.slow;
	C = (struct console){.api = &S.api, .name_zh = STR("x"), .name_en = STR("x"),
	                     .strangers = &STRANGERS};
	S.router.console = &C;
	S.router.sessions = &E;
	READ = S.api.read;
	S.api.read = hold;
	return 0;
}

static int teardown(void **state)
{
	static const char *const FILES[] = {"logins.db", "logins.db-wal", "logins.db-shm"};

	(void)state;
	served_close(&S);
	logins_close(E.slow);
	for (size_t i = 0; i < COUNT(FILES); i++)
		(void)unlink(str_fmt(&K.arena, "%s/%s", LOGINS.s, FILES[i]).s);
	(void)rmdir(LOGINS.s);
	kit_close(&K);
	return 0;
}

/* From this address of the machine's own. */
static int says(const char *from, const char *head, const char *body)
{
	struct sockaddr_in to = {.sin_family = AF_INET}, at = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct str bytes = str_fmt(
		&K.arena, "%s HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n"
		"Content-Type: application/json\r\n\r\n%s", head, strlen(body), body);

	to.sin_port = htons((uint16_t)server_port(S.server));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(inet_pton(AF_INET, from, &at.sin_addr), 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(send(fd, bytes.s, bytes.n, MSG_NOSIGNAL), (ssize_t)bytes.n);
	return fd;
}

/* The status; closes. */
static int hears(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char text[64] = {0};

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	assert_true(read(fd, text, sizeof(text) - 1) > 12);
	close(fd);
	return (int)strtol(text + 9, NULL, 10);
}

static void strangers_leave_room_for_those_who_work_here(void **state)
{
	int fd[LIMIT_STRANGERS];
	struct reply_heard h;

	(void)state;
	HELD.holds = true;
	for (size_t i = 0; i < COUNT(fd); i++)
		fd[i] = says("127.0.0.1", "GET /public/", "");
	wait_for(COUNT(fd));
	assert_int_equal(hears(says("127.0.0.1", "GET /public/", "")), 503);
	assert_int_equal(hears(says("127.0.0.2", "GET /public/notices", "")), 503);
	HELD.holds = false;
	served_ask(&S, 7, "GET", "/api/v1/people/persons", NULL, &h);
	assert_int_equal(h.status, 200);
	assert_int_equal(hears(says("127.0.0.1", "GET /public/", "")), 503);
	let_go();
	for (size_t i = 0; i < COUNT(fd); i++)
		assert_int_equal(hears(fd[i]), 200);
	assert_int_equal(hears(says("127.0.0.1", "GET /public/", "")), 200);
	assert_int_equal(STRANGERS, 0);
}

static void logins_of_one_address_leave_room_for_others(void **state)
{
	int fd[LIMIT_LOGINS_EACH], other;

	(void)state;
	HELD.holds = true;
	for (size_t i = 0; i < COUNT(fd); i++)
		fd[i] = says("127.0.0.1", "POST /api/v1/login", LOGIN);
	wait_for(COUNT(fd));
	assert_int_equal(hears(says("127.0.0.1", "POST /api/v1/login", LOGIN)), 503);
	other = says("127.0.0.2", "POST /api/v1/login", LOGIN);
	wait_for(COUNT(fd) + 1);
	let_go();
	for (size_t i = 0; i < COUNT(fd); i++)
		assert_int_equal(hears(fd[i]), 403);
	assert_int_equal(hears(other), 403);
	assert_int_equal(hears(says("127.0.0.1", "POST /api/v1/login", LOGIN)), 403);
}

#define T(f) cmocka_unit_test_teardown(f, settle)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(strangers_leave_room_for_those_who_work_here),
		T(logins_of_one_address_leave_room_for_others),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
