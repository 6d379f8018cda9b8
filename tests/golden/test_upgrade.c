/* SPDX-License-Identifier: Apache-2.0 */
/* test_upgrade.c -- a data folder that an earlier release left, opened by this program: its entries
 * stay, its projections are rebuilt, the rules of this program begin, and all of it verifies.
 *
 * The folder is made of the golden ledger day-1, a drill whose keys follow from its seed.  Files of
 * SQLite alone are looked at; the server's schemas go through the same code.
 */
#include "kit/check.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "golden/golden.h"
#include "kit/scratch.h"

enum { ENTRIES = 1065 };

static void sh(struct scratch *s, int want, const char *fmt, ...) PRINTF(3, 4);
static void sh(struct scratch *s, int want, const char *fmt, ...)
{
	va_list ap;
	struct str line;
	int rc;

	va_start(ap, fmt);
	line = str_vfmt(&s->arena, fmt, ap);
	va_end(ap);
	line = str_fmt(&s->arena, "cd '%s' && { %s; } >said 2>&1", s->dir.s, line.s);
	rc = system(line.s);
	if (WIFEXITED(rc) && WEXITSTATUS(rc) == want)
		return;
	(void)!system(str_fmt(&s->arena, "cat '%s/said' >&2", s->dir.s).s);
	fail_msg("%d, not %d: %s", WIFEXITED(rc) ? WEXITSTATUS(rc) : -1, want, line.s);
}

static void said(struct scratch *s, const char *text)
{
	struct str all;

	assert_ok(file_read(&s->op, scratch_path(s, "said"), 1 << 20, &all));
	if (!strstr(all.s, text))
		fail_msg("no \"%s\" in: %s", text, all.s);
}

static void key_write(struct scratch *s, const char *name)
{
	struct str text = str_fmt(&s->arena, "gongyuan-drill-key-v1/%s/1", name);
	struct hash h = hash_sha256(text.s, text.n);
	struct str path = str_fmt(&s->arena, "%s/data/keys/%s", s->dir.s, name);

	assert_ok(file_write(&s->op, path, str_fmt(&s->arena,
	                                           "%s\n", hash_hex(&s->arena, &h).s), 0600));
}

static int make(void **state)
{
	struct str dir;
	struct golden g;
	struct scratch *s;

	if (scratch_setup(state) != 0)
		return -1;
	s = *state;
	if (scratch_on_postgres())
		return 0;
	dir = str_fmt(&s->arena, "%s/tests/golden/day-1", getenv("GONGYUAN_SOURCE"));
	assert_ok(golden_open(&s->op, dir, STR("county"), scratch_path(s, "data"), STR(""), UINT64_MAX,
	                      &g));
	golden_release(&g);
	key_write(s, "log.key");
	key_write(s, "device.key");
	key_write(s, "vault.key");
	sh(s, 0, "cp '%s/profile.json' data/ && cp '%s/export/vkey' data/keys/log.vkey", dir.s, dir.s);
	sh(s, 0, "for f in '%s'/export/rules/*; do cp $f data/blobs/$(basename $f .json); done", dir.s);
	sh(s, 0, "cp '%s/export/checkpoint' old.checkpoint && cp old.checkpoint data.checkpoint",
	   dir.s);
	sh(s, 0, "ln -s '%s' gy && ln -s '%s' audit", getenv("GONGYUAN_BIN"), getenv("GONGYUAN_AUDIT"));
	return 0;
}

/* Projections as a program of before had them: another shape, and without one of today's tables. */
static void grow_old(struct scratch *s)
{
	sh(s, 0, "/usr/bin/python3 -c \"import sqlite3; d = sqlite3.connect('data/view.db');"
	   " d.executescript('DROP TABLE duty_shift; UPDATE view_state SET shape = 0;')\"");
}

static void is_old(struct scratch *s, bool old)
{
	sh(s, 0, "/usr/bin/python3 -c \"import sqlite3; print(sqlite3.connect('data/view.db')"
	   ".execute('SELECT shape FROM view_state').fetchone()[0] == '0')\"");
	said(s, old ? "True" : "False");
}

static void is_whole(struct scratch *s)
{
	sh(s, 0, "./gy db doctor --compare --data data");
	sh(s, 0, "./audit --known old.checkpoint --known data.checkpoint data");
}

static void an_older_folder_goes_on_under_new_rules(void **state)
{
	struct scratch *s = *state;

	if (s->url.n)
		skip();
	sh(s, 0, "./gy timers run --data data --json"); /* opens it to write */
	is_whole(s);
	/* The newest rules are this program's: it has kept their text. */
	sh(s, 0, "./gy ledger list --type rules.adopted --data data --json | /usr/bin/python3 -c \""
	   "import json, sys; e = json.load(sys.stdin)['entries'];"
	   " assert e[0]['index'] < %d and (len(e) == 1 or e[-1]['index'] >= %d), e\"",
	   ENTRIES, ENTRIES);
	grow_old(s);
	sh(s, 0, "./gy timers run --data data");
	is_old(s, false);
	is_whole(s);
	sh(s, 0, "./gy backup b --data data --keys-to k && ./gy restore b --data new --keys k --known"
	   " data.checkpoint && ./gy db doctor --compare --data new");
}

/* Disk full, then killed at many moments. */
static void an_interrupted_upgrade_leaves_what_was(void **state)
{
	struct scratch *s = *state;

	if (s->url.n)
		skip();
	sh(s, 0, "./gy timers run --data data");
	grow_old(s);
	sh(s, 5, "ulimit -f 64; trap '' XFSZ; ./gy timers run --data data");
	is_old(s, true); /* the older program would open it as if nothing had been */
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			if (chdir(s->dir.s) == 0 && freopen("/dev/null", "w", stdout) &&
			    freopen("/dev/null", "w", stderr))
				execl("./gy", "gongyuan", "timers", "run", "--data", "data", (char *)NULL);
			_exit(127);
		}
		usleep((useconds_t)(3000 + 6000 * i));
		(void)kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	sh(s, 0, "./gy timers run --data data");
	is_old(s, false);
	is_whole(s);
}

static void what_a_newer_program_made_is_refused(void **state)
{
	struct scratch *s = *state;

	if (s->url.n)
		skip();
	sh(s, 0, "cp -a data newer && echo 'gongyuan-data 2' >newer/format");
	sh(s, 2, "./gy ledger list --data newer --known old.checkpoint --lang en");
	said(s, "open it with a newer version");
	sh(s, 2, "./gy timers run --data newer --known old.checkpoint --lang zh");
	said(s, "新版程序");
	sh(s, 0, "rm -r newer && cp -a data newer && /usr/bin/python3 -c \"import sqlite3;"
	   " d = sqlite3.connect('newer/ledger.db');"
	   " d.execute('INSERT INTO schema_step(step, name) VALUES (99, 0)'); d.commit()\"");
	sh(s, 2, "./gy timers run --data newer --known old.checkpoint --lang en");
	said(s, "newer");
}

#define T(f) cmocka_unit_test_setup_teardown(f, make, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_older_folder_goes_on_under_new_rules),
		T(an_interrupted_upgrade_leaves_what_was),
		T(what_a_newer_program_made_is_refused),
	};

	return cmocka_run_group_tests_name("upgrade", tests, NULL, NULL);
}
