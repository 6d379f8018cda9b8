/* SPDX-License-Identifier: Apache-2.0 */
/* test_backup.c -- backups while the server writes: each is one moment of the ledger, and each is
 * restored whole.
 */
#include "kit/check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"
#include "http/office.h"

static struct shell S, R;
static struct serving V;

static int setup(void **state)
{
	struct worker w[] = {{"W1", "city_office", "sc/cd"}};

	(void)state;
	office_open(&S, w, COUNT(w));
	serving_start(&V, &S);
	log_in(&V, "W1");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

/* Acts without end, by a process of its own. */
static pid_t load_start(void)
{
	pid_t pid = fork();
	struct heard h;

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	for (int i = 0;; i++) {
		const char *body = str_fmt(&S.arena, "{'data':{'place':'sc/cd','code':'L-%d','name':'某院'}}",
		                           i).s;

		command(&V, "people.add_unit", body, &h);
		if (h.status != 200)
			_exit(1);
	}
}

static int64_t size_now(void)
{
	assert_status(&S, sh_json(&S, "ledger checkpoint"), 0);
	return json_int(S.doc, "size", -1);
}

/* The checkpoint as it was copied away before the backup; the root is the restored ledger's own. */
static void look_at(int n, const char *root)
{
	shell_open(&R);
	R.data = shell_path(&R, "new");
	assert_status(&R, sh_json(&R, "restore %s/b%d --keys %s/k%d --known %s/known%d", S.top.s, n,
	                          S.top.s, n, S.top.s, n), 0);
	assert_string_equal(json_str(R.doc, "root").s, root);
	assert_status(&R, sh(&R, "db doctor --compare"), 0);
	if (!R.url.n)
		shell_system(&R, "'%s' --known '%s/known%d' '%s' >/dev/null", getenv("GONGYUAN_AUDIT"),
		             S.top.s, n, R.data.s);
	shell_close(&R);
}

static void backups_under_load_are_whole(void **state)
{
	enum { N = 4 };
	char root[N][80];
	int64_t size[N];
	pid_t load = load_start();
	int status;

	(void)state;
	for (int i = 0; i < N; i++) {
		int64_t before = size_now();

		while (size_now() < before + 20)
			usleep(20000);
		shell_system(&S, "cd '%s' && cp data.checkpoint known%d", S.top.s, i);
		assert_status(&S, sh_json(&S, "backup %s/b%d --keys-to %s/k%d", S.top.s, i, S.top.s, i), 0);
		(void)snprintf(root[i], sizeof(root[i]), "%s", json_str(S.doc, "root").s);
		size[i] = json_int(S.doc, "size", 0);
	}
	assert_int_equal(waitpid(load, &status, WNOHANG), 0); /* it was never held up or refused */
	assert_int_equal(kill(load, SIGKILL), 0);
	assert_int_equal(waitpid(load, &status, 0), load);
	for (int i = 0; i < N; i++) {
		assert_true(size[i] > (i ? size[i - 1] : 0));
		look_at(i, root[i]);
	}
	assert_status(&S, sh(&S, "db doctor"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(backups_under_load_are_whole)};

	return cmocka_run_group_tests_name("backup", tests, setup, teardown);
}
