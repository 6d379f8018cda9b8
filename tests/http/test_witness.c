/* SPDX-License-Identifier: Apache-2.0 */
/* test_witness.c -- a server and its witness, each a process: cosignatures arrive in the published
 * checkpoint; a witness that is away, or does not answer, delays nothing.
 */
#include "kit/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/office.h"
#include "ledger/checkpoint.h"

enum { WAIT_MS = 120000, STEP_MS = 50 };

static struct shell S;
static struct serving V;
static pid_t witness;
static int port; /* the witness's, the same over restarts */

/* Not one that the system gives to others while the witness is away. */
static int free_port(void)
{
	FILE *f = popen(str_fmt(&S.arena, "%s/tools/free-port", getenv("GONGYUAN_SOURCE")).s, "re");
	char said[16];

	assert_non_null(f);
	assert_non_null(fgets(said, sizeof(said), f));
	assert_int_equal(pclose(f), 0);
	return (int)strtol(said, NULL, 10);
}

static void witness_start(void)
{
	struct str said = shell_path(&S, "witness.out");
	const char *at = NULL, *listen;
	int fd = open(said.s, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	port = port ? port : free_port();
	listen = str_fmt(&S.arena, "127.0.0.1:%d", port).s;
	witness = fork();
	if (!witness) {
		dup2(fd, 1);
		execl(getenv("GONGYUAN_BIN"), "gongyuan", "witness", "serve", "--data",
		      shell_path(&S, "witness").s, "--listen", listen, "--lang", "en", (char *)NULL);
		_exit(127);
	}
	close(fd);
	for (int i = 0; i < WAIT_MS / STEP_MS && !at; i++) {
		usleep(STEP_MS * 1000);
		at = strstr(shell_read(&S, said).s, "at port ");
	}
	assert_non_null(at);
	assert_int_equal(strtol(at + strlen("at port "), NULL, 10), port);
}

static void witness_stop(void)
{
	assert_int_equal(kill(witness, SIGTERM), 0);
	assert_int_equal(waitpid(witness, NULL, 0), witness);
	witness = 0;
}

static int setup(void **state)
{
	struct worker w[] = {{"W1", "city_office", "sc/cd"}};
	struct str log, vkey, office;

	(void)state;
	office_open(&S, w, COUNT(w));
	log = shell_read(&S, str_fmt(&S.arena, "%s/keys/log.vkey", S.data.s));
	office = S.data;
	S.data = shell_path(&S, "witness");
	assert_status(&S, sh(&S, "witness init --name w.example/1 --log %.*s", (int)log.n - 1, log.s),
	              0);
	S.data = office;
	vkey = shell_read(&S, shell_path(&S, "witness/witness.vkey"));
	witness_start();
	assert_status(&S, sh(&S, "witness trust %.*s --url ftp://x", (int)vkey.n - 1, vkey.s), 2);
	assert_status(&S, sh(&S, "witness trust %.*s --url http://127.0.0.1:%d", (int)vkey.n - 1,
	                     vkey.s, port), 0);
	serving_start(&V, &S);
	log_in(&V, "W1");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (V.pid)
		assert_int_equal(serving_stop(&V), 0);
	if (witness)
		witness_stop();
	shell_close(&S);
	return 0;
}

/* One more entry; its index. */
static int64_t act(const char *code)
{
	struct heard h;

	command(&V, "people.add_unit", str_fmt(&S.arena, "{'data':{'place':'sc/cd/jn','code':'%s',"
	        "'name':'x'}}", code).s, &h);
	assert_heard(&h, 200);
	return json_int(h.doc, "index", -1);
}

/* The published checkpoint covers the entry, by the witness's word too when `cosigned`. */
static void published(int64_t index, bool cosigned)
{
	struct policy *p = ARENA_NEW(&S.arena, struct policy);
	struct checkpoint c = {0};
	struct str policy = shell_read(&S, str_fmt(&S.arena, "%s/witnesses", S.data.s));
	struct heard h;

	policy = str_fmt(&S.arena, "log %s%s",
	                 shell_read(&S, str_fmt(&S.arena, "%s/keys/log.vkey", S.data.s)).s,
	                 cosigned ? policy.s : "quorum none\n");
	assert_ok(policy_parse(&S.op, policy, p));
	for (int i = 0; i < WAIT_MS / STEP_MS; i++) {
		ask(&V, "GET", "/checkpoint", NULL, &h);
		assert_heard(&h, 200);
		if (policy_check(&S.op, p, h.body, &c, NULL) == RC_OK && c.size > (uint64_t)index)
			return;
		usleep(STEP_MS * 1000);
	}
	fail_msg("entry %lld is not under the published checkpoint: %s", (long long)index, h.body.s);
}

/* Readers may be a moment behind what is published. */
static void whole(int64_t last)
{
	struct heard h;

	for (int i = 0; i < WAIT_MS / STEP_MS; i++) {
		const struct json *w;

		ask(&V, "GET", "/api/v1/integrity", NULL, &h);
		assert_heard(&h, 200);
		w = json_get(h.doc, "witnesses")->first;
		assert_non_null(w);
		assert_str(json_str(w, "name"), "w.example/1");
		if (json_bool(h.doc, "ok", false) && json_int(w, "size", 0) > last) {
			assert_non_null(strstr(json_str(h.doc, "zh").s, "本台账完整"));
			assert_true(json_str(w, "at").n > 0);
			return;
		}
		usleep(STEP_MS * 1000);
	}
	fail_msg("not whole: %s", h.body.s);
}

static void cosignatures_arrive_in_the_checkpoint(void **state)
{
	struct heard h;
	int64_t last;

	(void)state;
	published(act("A-1"), true);
	published(last = act("A-2"), true);
	whole(last);
	ask(&V, "GET", "/metrics", NULL, &h);
	assert_non_null(strstr(h.body.s, "gongyuan_witnessed_entries{"));
}

static void a_witness_that_is_away_delays_nothing_and_catches_up(void **state)
{
	int64_t last;

	(void)state;
	witness_stop();
	published(act("B-1"), false);
	last = act("B-2");
	published(last, false);
	witness_start();
	published(last, true);
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "server.err")).s, "w.example/1"));
}

/* It takes the connection and says nothing: acts go on, and so does the end. */
static void a_witness_that_does_not_answer_holds_up_nobody(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int one = 1, fd;

	(void)state;
	witness_stop();
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 8), 0);
	published(act("C-1"), false);
	published(act("C-2"), false);
	assert_int_equal(serving_stop(&V), 0);
	close(fd);
}

/* The office was put back to an older copy; the witness knows better. */
static void a_ledger_put_back_is_told_by_its_witness(void **state)
{
	long keys = V.keys;
	int status = 0;

	(void)state;
	if (S.url.n)
		skip(); /* a folder is what is put back here */
	witness_start();
	shell_system(&S, "cp -a %s %s.older && cp -a %s.checkpoint %s.older.checkpoint", S.data.s,
	             S.data.s, S.data.s, S.data.s);
	serving_start(&V, &S);
	V.keys = keys;
	log_in(&V, "W1");
	published(act("D-1"), true);
	assert_int_equal(serving_stop(&V), 0);
	shell_system(&S, "rm -rf %s %s.checkpoint && mv %s.older %s && mv %s.older.checkpoint"
	             " %s.checkpoint", S.data.s, S.data.s, S.data.s, S.data.s, S.data.s, S.data.s);
	serving_start(&V, &S);
	assert_int_equal(waitpid(V.pid, &status, 0), V.pid);
	V.pid = 0;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "server.err")).s, "put back"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cosignatures_arrive_in_the_checkpoint),
		cmocka_unit_test(a_witness_that_is_away_delays_nothing_and_catches_up),
		cmocka_unit_test(a_witness_that_does_not_answer_holds_up_nobody),
		cmocka_unit_test(a_ledger_put_back_is_told_by_its_witness),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
