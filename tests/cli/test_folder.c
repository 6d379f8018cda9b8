/* SPDX-License-Identifier: Apache-2.0 */
/* test_folder.c -- a data folder that is missing, locked, older, newer, read-only, half-copied,
 * put back, altered or not ours gets one sentence that says what to do, and is not written to.
 */
#include "kit/check.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "shell.h"

static struct shell S;

/* A sound office in top/good; each test spoils a copy of it as top/data. */
static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	if (S.url.n)
		return 0; /* the cases are about files */
	shell_found(&S);
	shell_system(&S, "cd '%s' && mv data good && mv data.checkpoint good.checkpoint", S.top.s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

static void fresh(void)
{
	if (S.url.n)
		skip();
	shell_system(&S, "cd '%s' && chmod -R u+rwX . && rm -rf data data.checkpoint "
	             "&& cp -a good data && cp good.checkpoint data.checkpoint", S.top.s);
}

static void spoil(const char *command)
{
	shell_system(&S, "cd '%s' && %s", S.top.s, command);
}

/* Both ways of opening fail with this code, this field and this advice; one sentence a language. */
static void refused(int read, int write, const char *field, const char *advice)
{
	const struct json *e;

	assert_status(&S, sh_json(&S, "ledger list --lang en"), read);
	assert_status(&S, sh_json(&S, "timers run --lang en"), write);
	assert_non_null(S.doc);
	e = json_get(S.doc, "error");
	assert_non_null(e);
	assert_str(json_str(e, "field"), field);
	if (!strstr(json_str(e, "en").s, advice))
		fail_msg("no \"%s\" in: %s", advice, json_str(e, "en").s);
	assert_true(json_str(e, "zh").n > 0);
}

static void a_sound_folder_opens(void **state)
{
	(void)state;
	fresh();
	assert_status(&S, sh(&S, "ledger list"), 0);
	assert_status(&S, sh(&S, "timers run"), 0);
}

static void a_missing_folder_is_named(void **state)
{
	(void)state;
	fresh();
	spoil("rm -rf data");
	refused(1, 1, "data", "gongyuan init");
	spoil("mkdir data");
	refused(1, 1, "data", "not a data folder");
	spoil("touch data/holiday.jpg");
	refused(1, 1, "data", "not a data folder");
}

static void a_half_copied_folder_says_which_file_is_missing(void **state)
{
	static const char *const files[] = {"ledger.db", "format", "profile.json", "keys/log.vkey"};

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		char command[64];

		fresh();
		snprintf(command, sizeof(command), "rm -f data/%s data/%s-*", files[i], files[i]);
		spoil(command);
		refused(1, 1, "data", files[i]);
	}
	fresh();
	spoil("rm data/keys/log.key");
	refused(0, 1, "data", "keys/log.key");
}

static void newer_and_older_formats_say_so(void **state)
{
	(void)state;
	fresh();
	spoil("echo 'gongyuan-data 2' > data/format");
	refused(2, 2, "data", "newer");
	spoil("echo 'gongyuan-data 0' > data/format");
	refused(4, 4, "data", "upgrade");
	spoil("echo 'something else' > data/format");
	assert_true(sh(&S, "ledger list") != 0);
}

static void a_second_writer_is_refused_and_readers_are_not(void **state)
{
	struct str lock = shell_path(&S, "data/lock");
	int fd;

	(void)state;
	fresh();
	fd = open(lock.s, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	refused(0, 75, "data", "another process");
	close(fd);
	assert_status(&S, sh(&S, "timers run"), 0);
}

static void a_read_only_folder_is_read_and_not_written(void **state)
{
	(void)state;
	fresh();
	if (geteuid() == 0)
		skip(); /* root is refused nothing */
	spoil("chmod -R a-w data");
	assert_status(&S, sh_json(&S, "timers run"), 3);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "data");
}

static void an_older_copy_put_back_is_refused(void **state)
{
	struct str before, after;

	(void)state;
	fresh();
	assert_status(&S, sh(&S, "place add --place sc/cd/jn --kind area --name 县 --as P1"), 0);
	spoil("rm -rf data && cp -a good data");
	before = shell_read(&S, shell_path(&S, "data/ledger.db"));
	refused(0, 5, "known", "the checkpoint kept outside says");
	after = shell_read(&S, shell_path(&S, "data/ledger.db"));
	assert_true(str_eq(before, after));
	/* Another folder's checkpoint, or rubbish, is no proof either. */
	spoil("echo rubbish > data.checkpoint");
	assert_status(&S, sh(&S, "timers run"), 5);
	/* Without one nothing can be compared, and the doctor says so. */
	spoil("rm data.checkpoint");
	assert_status(&S, sh(&S, "db doctor --lang en"), 1);
	assert_true(shell_said(&S, "a rollback cannot be seen"));
}

static void an_altered_entry_is_found_by_the_scrub(void **state)
{
	(void)state;
	fresh();
	spoil("python3 - <<'E'\n"
	      "import sqlite3\n"
	      "d = sqlite3.connect('data/ledger.db')\n"
	      "q = \"select name from sqlite_master where type='trigger'\"\n"
	      "for (n,) in d.execute(q).fetchall():\n"
	      "    d.execute('drop trigger ' + n)\n"
	      "b = bytearray(d.execute('select bytes from ledger_entry where idx = 4').fetchone()[0])\n"
	      "b[10] ^= 1\n"
	      "d.execute('update ledger_entry set bytes = ? where idx = 4', (bytes(b),))\n"
	      "d.commit()\nE\n");
	assert_status(&S, sh(&S, "db doctor --lang en"), 5);
	assert_true(shell_said(&S, "entry 4 does not hash to its leaf"));
}

/* The wrong check of a doctor's document, or NULL. */
static const struct json *wrong(const char *id)
{
	const struct json *checks = json_get(S.doc, "checks");

	for (const struct json *k = checks ? checks->first : NULL; k; k = k->next)
		if (str_is(json_str(k, "id"), id) && !json_bool(k, "ok", true))
			return k;
	return NULL;
}

static void one_altered_cell_is_named_by_the_doctor(void **state)
{
	const struct json *k;

	(void)state;
	fresh();
	spoil("python3 - <<'E'\n"
	      "import sqlite3\n"
	      "d = sqlite3.connect('data/view.db')\n"
	      "d.execute(\"update authority_grant set role = 'system_admin'\"\n"
	      "          \" where role = 'audit_admin'\")\n"
	      "d.commit()\nE\n");
	assert_status(&S, sh_json(&S, "db doctor"), 0);
	assert_status(&S, sh_json(&S, "db doctor --compare"), 5);
	k = wrong("compare");
	assert_non_null(k);
	assert_non_null(strstr(json_str(k, "en").s, "authority_grant"));
	assert_non_null(strstr(json_str(k, "en").s, "role"));
	assert_non_null(strstr(json_str(k, "en").s, "audit_admin"));
	assert_true(json_str(k, "fix").n > 0);
	assert_status(&S, sh(&S, "db rebuild"), 0);
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
}

static void a_lost_or_damaged_view_is_rebuilt(void **state)
{
	(void)state;
	fresh();
	spoil("rm -f data/view.db*");
	refused(1, 1, "data", "view.db");
	assert_status(&S, sh(&S, "db rebuild"), 0);
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
	spoil("head -c 9000 /dev/urandom > data/view.db && rm -f data/view.db-*");
	refused(5, 5, "data", "view.db");
	assert_status(&S, sh(&S, "db rebuild"), 0);
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
}

static void the_doctor_says_each_fix(void **state)
{
	(void)state;
	fresh();
	spoil("chmod 644 data/keys/log.key");
	assert_status(&S, sh_json(&S, "db doctor"), 1);
	assert_non_null(strstr(json_str(wrong("keys"), "fix").s, "chmod"));
	fresh();
	spoil("rm data/keys/device.key");
	assert_status(&S, sh_json(&S, "db doctor"), 1);
	assert_non_null(wrong("keys"));
	fresh();
	spoil("rm -f data/blobs/* data/blobs/*/*");
	assert_status(&S, sh_json(&S, "db doctor"), 1);
	assert_non_null(strstr(json_str(wrong("blobs"), "fix").s, "blobs/"));
	fresh();
	spoil("python3 -c \"import sqlite3; d = sqlite3.connect('data/view.db');"
	      " d.execute('create table leftover(a)'); d.commit()\"");
	assert_status(&S, sh_json(&S, "db doctor"), 1);
	assert_non_null(strstr(json_str(wrong("tables"), "en").s, "leftover"));
	fresh();
	spoil("echo other > data/format");
	assert_true(sh_json(&S, "db doctor") != 0);
	assert_non_null(wrong("format"));
	assert_non_null(wrong("open"));
}

static void init_refuses_what_is_there_already(void **state)
{
	struct str profile = str_fmt(&S.arena, "%s/profiles/demo.json", getenv("GONGYUAN_SOURCE"));

	(void)state;
	fresh();
	assert_status(&S, sh(&S, "init --profile %s", profile.s), 4);
	spoil("rm -rf data"); /* but its checkpoint stands: that ledger was here */
	assert_status(&S, sh(&S, "init --profile %s --lang en", profile.s), 4);
	assert_true(shell_said(&S, "move it away"));
	spoil("rm data.checkpoint");
	assert_status(&S, sh(&S, "init --profile /nowhere/p.json"), 1);
	assert_status(&S, sh(&S, "init"), 2);
	assert_status(&S, sh(&S, "init --profile %s --seed 3", profile.s), 2);
	spoil("echo '{}' > bad.json");
	assert_status(&S, sh(&S, "init --profile %s", shell_path(&S, "bad.json").s), 2);
	spoil("test ! -e data");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_folder_opens),
		cmocka_unit_test(a_missing_folder_is_named),
		cmocka_unit_test(a_half_copied_folder_says_which_file_is_missing),
		cmocka_unit_test(newer_and_older_formats_say_so),
		cmocka_unit_test(a_second_writer_is_refused_and_readers_are_not),
		cmocka_unit_test(a_read_only_folder_is_read_and_not_written),
		cmocka_unit_test(an_older_copy_put_back_is_refused),
		cmocka_unit_test(an_altered_entry_is_found_by_the_scrub),
		cmocka_unit_test(one_altered_cell_is_named_by_the_doctor),
		cmocka_unit_test(a_lost_or_damaged_view_is_rebuilt),
		cmocka_unit_test(the_doctor_says_each_fix),
		cmocka_unit_test(init_refuses_what_is_there_already),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
