/* SPDX-License-Identifier: Apache-2.0 */
/* test_server.c -- one PostgreSQL server of our own that freezes, dies, forgets to answer a COMMIT
 * or is set up to lose some; and two writers before it.
 *
 * The server is a throw-away one (tools/pg), so the suite is the same whatever TEST_DB says.  With
 * GONGYUAN_FULL=1 it also freezes for 40 and for 300 s.
 */
#include "kit/check.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/office.h"
#include "base/limits.h"
#include "keeper.h"
#include "proxy.h"

enum { SLACK_MS = 5000, CUTS = 24 };

static struct {
	struct arena arena;
	char name[32];
	struct str url;
	struct random random;
	int databases;
} S;

static int tool(struct keeper *k, const char *verb)
{
	return keeper_shell(k, "exec '%s' %s %s", getenv("GONGYUAN_PG"), verb, S.name);
}

static void sql(const char *text)
{
	struct keeper none = {.fd = -1, .hold = true};

	assert_int_equal(keeper_shell(&none, "psql -X -q -d '%s' -c \"%s\" >/dev/null", S.url.s, text),
	                 0);
	arena_release(&none.arena);
}

/* A database of its own for each test; its URL. */
static struct str new_database(void)
{
	int n = ++S.databases;
	const char *end = strrchr(S.url.s, '/');

	sql(str_fmt(&S.arena, "CREATE DATABASE d%d", n).s);
	return str_fmt(&S.arena, "%.*s/d%d", (int)(end - S.url.s), S.url.s, n);
}

static int setup(void **state)
{
	struct keeper none = {.fd = -1, .hold = true};

	(void)state;
	snprintf(S.name, sizeof(S.name), "server-%d", (int)getpid());
	S.random = random_system();
	S.url = str_copy(&S.arena, keeper_line(&none, "exec '%s' start %s", getenv("GONGYUAN_PG"),
	                                       S.name));
	arena_release(&none.arena);
	return S.url.n ? 0 : -1;
}

static int teardown(void **state)
{
	struct keeper none = {.fd = -1, .hold = true};

	(void)state;
	(void)tool(&none, "stop");
	arena_release(&none.arena);
	arena_release(&S.arena);
	return 0;
}

static void check_sound(struct keeper *k)
{
	keeper_stop(k);
	keeper_look(k);
	keeper_audit(k);
	assert_true(k->acknowledged > 0);
	assert_int_equal(k->lost, 0);
	assert_int_equal(k->twice, 0);
	assert_int_equal(k->faults, 0);
}

/* ---- the server stands still ---- */

static void freeze_for(int seconds)
{
	struct keeper k;
	long before;

	keeper_open(&k, new_database());
	k.pause_us = 1000;
	assert_true(keeper_until(&k, 500, 20000));
	k.hold = true;
	assert_int_equal(tool(&k, "freeze"), 0);
	keeper_run(&k, 200); /* what was on its way */
	before = k.acknowledged;
	keeper_run(&k, seconds * 1000 - 200);
	assert_int_equal(k.acknowledged, before);
	if (seconds * 1000 > LIMIT_DB_MS + SLACK_MS) { /* it is not waiting for ever, and said why */
		assert_true(k.fd < 0);
		assert_true(k.status == rc_exit(RC_BROKEN) || k.status == rc_exit(RC_BUSY));
		assert_true(keeper_said(&k, "did not answer"));
	}
	k.hold = false;
	assert_int_equal(tool(&k, "thaw"), 0);
	assert_true(keeper_until(&k, 500, 30000));
	check_sound(&k);
	keeper_close(&k);
}

static void a_server_that_stands_still_for_10_s_loses_nothing(void **state)
{
	(void)state;
	freeze_for(10);
}

static bool is_full(void)
{
	const char *full = getenv("GONGYUAN_FULL");

	return full && strcmp(full, "1") == 0;
}

static void full_freeze(int seconds)
{
	if (!is_full())
		skip();
	freeze_for(seconds);
}

static void a_server_that_stands_still_for_40_s_loses_nothing(void **state)
{
	(void)state;
	full_freeze(40);
}

static void a_server_that_stands_still_for_300_s_loses_nothing(void **state)
{
	(void)state;
	full_freeze(300);
}

static void a_killed_server_loses_nothing(void **state)
{
	int kills = is_full() ? 20 : 2;
	struct keeper k;

	(void)state;
	keeper_open(&k, new_database());
	k.pause_us = 500;
	for (int i = 0; i < kills; i++) {
		assert_true(keeper_until(&k, 200 + 37 * i, 30000));
		assert_int_equal(tool(&k, "kill"), 0);
		assert_int_equal(tool(&k, "revive"), 0);
	}
	assert_true(keeper_until(&k, 200, 30000));
	assert_true(k.starts > kills); /* it was met each time */
	check_sound(&k);
	keeper_close(&k);
}

/* ---- one office in this process ---- */

struct desk {
	struct keeper k;
	struct office office;
	struct arena arena;
	struct op op;
	struct act act;
	struct answer answer;
};

static enum rc desk_open(struct desk *d, struct str url)
{
	struct office_options how = {.data = d->k.data, .url = url, .write = true};

	d->op = (struct op){.arena = &d->arena};
	return office_open(&d->op, &how, &d->office);
}

static void desk_close(struct desk *d)
{
	office_release(&d->office);
	arena_release(&d->arena);
}

static enum rc desk_do(struct desk *d, uint64_t number)
{
	act_make(&d->act, &d->office.modules, &S.random, number);
	return writer_do(&d->office.writer, &d->act.request, &d->answer);
}

static void desk_new(struct desk *d)
{
	*d = (struct desk){0};
	keeper_open(&d->k, new_database());
	d->k.hold = true;
}

static void desk_end(struct desk *d)
{
	assert_int_equal(d->k.faults, 0);
	keeper_close(&d->k);
	arena_release(&d->act.arena);
}

static struct str through(const struct proxy *p, struct str url)
{
	const char *at = strrchr(url.s, ':'), *end = strrchr(url.s, '/');

	return str_fmt(&S.arena, "%.*s:%d%s?sslmode=disable&gssencmode=disable", (int)(at - url.s),
	               url.s, proxy_port(p), end);
}

static struct proxy *proxy_before(struct str url)
{
	int64_t port = 0;
	const char *at = strrchr(url.s, ':') + 1;

	assert_true(str_to_i64((struct str){at, strcspn(at, "/")}, &port));
	return proxy_start((int)port);
}

/* The commit of act 1 is cut; what a second sending of the same key is told. */
static void cut_commit(enum cut cut, bool done)
{
	struct proxy *p;
	struct desk d;
	uint64_t size;

	desk_new(&d);
	p = proxy_before(d.k.url);
	assert_ok(desk_open(&d, through(p, d.k.url)));
	assert_ok(desk_do(&d, 1));
	size = d.office.writer.ledger.tree.size;
	proxy_arm(p, cut, 0);
	assert_int_equal(desk_do(&d, 2), RC_BROKEN);
	assert_true(proxy_fired(p));
	if (!strstr(d.answer.err.en, "whether it was done is not known"))
		fail_msg("%s: %s", d.answer.err.where, d.answer.err.en);
	assert_int_equal(desk_do(&d, 3), RC_BROKEN); /* nothing goes on over an unknown end */
	desk_close(&d);
	assert_ok(desk_open(&d, d.k.url));
	assert_int_equal(d.office.writer.ledger.tree.size, size + done);
	assert_ok(desk_do(&d, 2));
	assert_int_equal(d.answer.repeated, done);
	assert_true(d.answer.index >= (int64_t)size);
	assert_ok(desk_do(&d, 2));
	assert_true(d.answer.repeated);
	desk_close(&d);
	keeper_audit(&d.k);
	desk_end(&d);
	proxy_stop(p);
}

static void a_commit_that_never_arrived_is_made_when_sent_again(void **state)
{
	(void)state;
	cut_commit(CUT_BEFORE_COMMIT, false);
}

static void a_commit_whose_answer_was_lost_is_found_when_sent_again(void **state)
{
	(void)state;
	cut_commit(CUT_ITS_ANSWER, true);
}

/* One act, with the connection cut at its Nth message; then the same act again. */
static void cut_at(struct desk *d, struct proxy *p, struct str url, int n, int *ret_fired)
{
	uint64_t number = 100 + (uint64_t)n;
	bool acknowledged;
	int64_t index;

	assert_ok(desk_open(d, url));
	proxy_arm(p, n % 2 ? CUT_AT_MESSAGE : CUT_AFTER_MESSAGE, n / 2 + 1);
	acknowledged = desk_do(d, number) == RC_OK;
	index = d->answer.index;
	assert_true(acknowledged || d->answer.err.en[0]);
	*ret_fired += proxy_fired(p) && !acknowledged;
	proxy_arm(p, CUT_NONE, 0);
	desk_close(d);
	assert_ok(desk_open(d, d->k.url));
	assert_ok(desk_do(d, number));
	assert_true(!acknowledged || (d->answer.repeated && d->answer.index == index));
	index = d->answer.index;
	assert_ok(desk_do(d, number));
	assert_true(d->answer.repeated && d->answer.index == index);
	desk_close(d);
}

static void a_cut_at_any_message_of_an_act_is_answered_right_afterwards(void **state)
{
	struct proxy *p;
	struct desk d;
	int fired = 0;

	(void)state;
	desk_new(&d);
	p = proxy_before(d.k.url);
	for (int n = 0; n < CUTS; n++)
		cut_at(&d, p, through(p, d.k.url), n, &fired);
	assert_true(fired > CUTS / 2);
	keeper_look(&d.k);
	assert_int_equal(d.k.twice, 0);
	keeper_audit(&d.k);
	desk_end(&d);
	proxy_stop(p);
}

/* ---- two writers ---- */

/* Takes the ledger over past the lock, as one does who reaches it by another way. */
static void take_over(struct desk *d)
{
	struct store s = {.dir = d->k.data, .url = d->k.url, .mode = STORE_WRITE, .lock_fd = -1,
	                  .one = true};
	struct ledger l = {0};
	struct hash leaf;

	assert_ok(db_open_postgres(&d->op, d->k.url, STR("gy_ledger"), DB_WRITE, &s.ledger));
	assert_ok(ledger_open(&d->op, &s, &l));
	assert_ok(db_begin(&d->op, s.ledger));
	assert_ok(ledger_append(&d->op, &l, STR("{\"by\":\"another\"}"), &leaf));
	assert_ok(ledger_seal(&d->op, &l));
	assert_ok(db_commit(&d->op, s.ledger));
	ledger_release(&l);
	db_close(s.ledger);
}

static void a_writer_that_wakes_after_another_took_over_is_stopped_at_the_fence(void **state)
{
	struct desk d;

	(void)state;
	desk_new(&d);
	assert_ok(desk_open(&d, d.k.url));
	assert_ok(desk_do(&d, 1));
	take_over(&d);
	assert_int_equal(desk_do(&d, 2), RC_BROKEN);
	assert_int_equal(d.answer.index, -1);
	assert_true(d.office.writer.read_only);
	assert_int_equal(desk_do(&d, 1), RC_BROKEN); /* and it says nothing of old ones either */
	desk_close(&d);
	desk_end(&d);
}

/* Only the epoch is raised: nothing was appended yet, and still it may not go on. */
static void an_epoch_that_was_raised_stops_the_writer_too(void **state)
{
	struct desk d;

	(void)state;
	desk_new(&d);
	assert_ok(desk_open(&d, d.k.url));
	assert_int_equal(keeper_shell(&d.k, "psql -X -q -d '%s' -c 'UPDATE gy_ledger.ledger_fence SET"
	                              " epoch = epoch + 1' >/dev/null", d.k.url.s), 0);
	assert_int_equal(desk_do(&d, 1), RC_BROKEN);
	assert_non_null(strstr(d.answer.err.en, "another writer has taken over"));
	desk_close(&d);
	desk_end(&d);
}

/* The process stands still; its sessions are ended, as one does to take over; it wakes. */
static void a_process_that_wakes_after_another_took_over_ends(void **state)
{
	const char *others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
	                     " WHERE datname = current_database() AND pid <> pg_backend_pid()";
	struct keeper k;
	pid_t first;
	int status, fd;

	(void)state;
	keeper_open(&k, new_database());
	k.pause_us = 1000;
	assert_true(keeper_until(&k, 200, 20000));
	first = k.pid;
	k.hold = true;
	assert_int_equal(kill(first, SIGSTOP), 0);
	keeper_run(&k, 300);
	assert_int_equal(keeper_shell(&k, "psql -X -q -d '%s' -c \"%s\" >/dev/null", k.url.s, others),
	                 0);
	fd = k.fd;
	k.fd = -1;
	/* The folder's lock is a second one, on one machine: the other stands on another. */
	assert_int_equal(keeper_shell(&k, "rm -f '%s/lock' && touch '%s/lock'", k.data.s, k.data.s), 0);
	keeper_start(&k);
	assert_true(keeper_until(&k, 200, 30000));
	assert_int_equal(kill(first, SIGCONT), 0);
	keeper_drain(&k, fd); /* an answer that lay in its socket: it must be true */
	assert_int_equal(waitpid(first, &status, 0), first);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	assert_true(keeper_until(&k, 200, 20000));
	check_sound(&k);
	keeper_close(&k);
}

/* ---- settings ---- */

static void set(const char *setting)
{
	sql(str_fmt(&S.arena, "ALTER SYSTEM %s", setting).s);
	sql("SELECT pg_reload_conf()");
	(void)usleep(300000);
}

static void a_server_that_may_lose_commits_is_refused_at_the_start(void **state)
{
	static const char *const NAMES[] = {"fsync", "full_page_writes", "synchronous_commit"};
	struct desk d;

	(void)state;
	desk_new(&d);
	for (size_t i = 0; i < COUNT(NAMES); i++) {
		set(str_fmt(&S.arena, "SET %s = off", NAMES[i]).s);
		assert_int_equal(desk_open(&d, d.k.url), RC_INVALID);
		assert_string_equal(d.op.err.field, NAMES[i]);
		desk_close(&d);
		set(str_fmt(&S.arena, "RESET %s", NAMES[i]).s);
		assert_ok(desk_open(&d, d.k.url));
		desk_close(&d);
	}
	desk_end(&d);
}

/* A wait for the standby that is cut short answers COMMIT as done, with a warning: it is done here
 * alone, and gone after a failover. */
static void a_commit_that_no_standby_confirmed_is_not_acknowledged(void **state)
{
	const char *waits = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
	                    " WHERE wait_event = 'SyncRep'";
	struct desk d;
	pid_t canceller;

	(void)state;
	desk_new(&d);
	assert_ok(desk_open(&d, d.k.url));
	assert_ok(desk_do(&d, 1));
	set("SET synchronous_standby_names = 'nobody'");
	canceller = fork();
	if (canceller == 0) {
		(void)usleep(1000000);
		execlp("psql", "psql", "-X", "-q", "-d", S.url.s, "-o", "/dev/null", "-c", waits, NULL);
		_exit(127);
	}
	assert_int_equal(desk_do(&d, 2), RC_BROKEN);
	assert_non_null(strstr(d.answer.err.en, "on the primary alone"));
	assert_int_equal(waitpid(canceller, NULL, 0), canceller);
	desk_close(&d);
	set("RESET synchronous_standby_names");
	assert_ok(desk_open(&d, d.k.url));
	assert_ok(desk_do(&d, 2));
	desk_close(&d);
	keeper_audit(&d.k);
	desk_end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_commit_that_never_arrived_is_made_when_sent_again),
		cmocka_unit_test(a_commit_whose_answer_was_lost_is_found_when_sent_again),
		cmocka_unit_test(a_cut_at_any_message_of_an_act_is_answered_right_afterwards),
		cmocka_unit_test(a_writer_that_wakes_after_another_took_over_is_stopped_at_the_fence),
		cmocka_unit_test(an_epoch_that_was_raised_stops_the_writer_too),
		cmocka_unit_test(a_process_that_wakes_after_another_took_over_ends),
		cmocka_unit_test(a_server_that_may_lose_commits_is_refused_at_the_start),
		cmocka_unit_test(a_commit_that_no_standby_confirmed_is_not_acknowledged),
		cmocka_unit_test(a_killed_server_loses_nothing),
		cmocka_unit_test(a_server_that_stands_still_for_10_s_loses_nothing),
		cmocka_unit_test(a_server_that_stands_still_for_40_s_loses_nothing),
		cmocka_unit_test(a_server_that_stands_still_for_300_s_loses_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
