/* SPDX-License-Identifier: Apache-2.0 */
/* test_store.c -- a data folder made, opened, and refused with a sentence that says what to do. */
#include "kit/check.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"
#include "kit/scratch.h"

static struct str data_of(struct scratch *s)
{
	return scratch_path(s, "m/data");
}

static struct store make(struct scratch *s)
{
	struct store st;

	assert_ok(store_create(&s->op, data_of(s), s->url, &st));
	return st;
}

static struct scratch *made(void **state)
{
	struct scratch *s = *state;
	struct store st = make(s);

	store_release(&st);
	return s;
}

static struct str in_data(struct scratch *s, const char *name)
{
	return str_fmt(&s->arena, "%s/%s", data_of(s).s, name);
}

/* The refusal has this code, and its two sentences name what is wrong and what to do. */
static void refuses(struct scratch *s, enum store_mode mode, enum rc want, const char *en,
                    const char *zh)
{
	struct store st;
	enum rc rc = store_open(&s->op, data_of(s), s->url, mode, &st);

	if (rc != want)
		fail_msg("%s instead of %s: %s", rc_text(rc), rc_text(want), s->op.err.en);
	if (strstr(s->op.err.en, en) == NULL || strstr(s->op.err.zh, zh) == NULL)
		fail_msg("not the sentence for \"%s\": %s / %s", en, s->op.err.en, s->op.err.zh);
	assert_null(strchr(s->op.err.en, '\n'));
}

static void a_new_store_opens_again(void **state)
{
	struct scratch *s = *state;
	struct store st = make(s);
	struct stat keys;
	struct str line;

	assert_int_equal(st.one, scratch_on_postgres());
	assert_ok(db_script(&s->op, st.ledger, "CREATE TABLE e(id {id} PRIMARY KEY)"));
	assert_ok(db_script(&s->op, st.view, "CREATE TABLE v(id {id} PRIMARY KEY)"));
	store_release(&st);
	assert_ok(file_read(&s->op, in_data(s, "format"), 64, &line));
	assert_str(line, "gongyuan-data 1\n");
	assert_int_equal(stat(in_data(s, "keys").s, &keys), 0);
	assert_int_equal(keys.st_mode & 0777, 0700);
	for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		struct str *names;
		size_t n;
		assert_ok(store_open(&s->op, data_of(s), s->url, (enum store_mode)mode, &st));
		assert_true(str_eq(st.dir, data_of(s)));
		assert_ok(db_tables(&s->op, st.ledger, &names, &n));
		assert_int_equal(n, 1);
		assert_str(names[0], "e");
		assert_ok(db_tables(&s->op, st.view, &names, &n));
		assert_int_equal(n, 1);
		assert_str(names[0], "v");
		store_release(&st);
	}
}

static void an_empty_folder_is_used_and_a_full_one_is_not(void **state)
{
	struct scratch *s = *state;
	struct store st;

	assert_ok(dir_make(&s->op, data_of(s), 0755));
	assert_ok(file_write(&s->op, in_data(s, "letter"), STR("x"), 0600));
	assert_int_equal(store_create(&s->op, data_of(s), s->url, &st), RC_CONFLICT);
	assert_int_equal(unlink(in_data(s, "letter").s), 0);
	assert_ok(store_create(&s->op, data_of(s), s->url, &st));
	store_release(&st);
	assert_int_equal(store_create(&s->op, data_of(s), s->url, &st), RC_CONFLICT);
}

static void a_store_that_could_not_be_made_leaves_an_empty_folder(void **state)
{
	struct scratch *s = *state;
	struct str url = STR("postgresql://u@127.0.0.1:1/none");
	struct store st;

	assert_int_equal(store_create(&s->op, data_of(s), url, &st), RC_NOT_FOUND);
	assert_ok(store_create(&s->op, data_of(s), s->url, &st));
	store_release(&st);
}

static void a_database_with_a_ledger_is_not_taken_for_a_new_one(void **state)
{
	struct scratch *s = *state;
	struct store st = make(s);
	struct str other = scratch_path(s, "other");

	if (!st.one) {
		store_release(&st);
		skip();
	}
	assert_ok(db_script(&s->op, st.ledger, "CREATE TABLE e(id {id} PRIMARY KEY)"));
	store_release(&st);
	assert_int_equal(store_create(&s->op, other, s->url, &st), RC_CONFLICT);
	struct str elsewhere = scratch_url(s, "postgres");
	assert_int_equal(store_open(&s->op, data_of(s), elsewhere, STORE_READ, &st), RC_NOT_FOUND);
}

static void a_missing_folder_is_said(void **state)
{
	struct scratch *s = *state;

	refuses(s, STORE_READ, RC_NOT_FOUND, "no such data folder", "gongyuan init");
	refuses(s, STORE_WRITE, RC_NOT_FOUND, "no such data folder", "没有此数据目录");
	assert_ok(dir_make(&s->op, scratch_path(s, "m"), 0700));
	assert_ok(file_write(&s->op, data_of(s), STR("a file"), 0600));
	refuses(s, STORE_READ, RC_NOT_FOUND, "no such data folder", "没有此数据目录");
}

static void a_folder_that_is_not_ours_is_said(void **state)
{
	static const char *const FORMATS[] = {"", "gongyuan-data", "gongyuan-data x\n",
		"gongyuan-data 1", "gongyuan-data 1 \n", "other-data 1\n", "gongyuan-data 01\n"};
	struct scratch *s = *state;

	assert_ok(dir_make(&s->op, data_of(s), 0700));
	refuses(s, STORE_READ, RC_NOT_FOUND, "not a data folder of Gongyuan", "不是本系统的");
	for (size_t i = 0; i < COUNT(FORMATS); i++) {
		assert_ok(file_write(&s->op, in_data(s, "format"), str_of(FORMATS[i]), 0600));
		refuses(s, STORE_WRITE, RC_NOT_FOUND, "not a data folder of Gongyuan", "--data");
	}
}

static void a_newer_and_an_older_folder_are_said(void **state)
{
	struct scratch *s = made(state);

	assert_ok(file_write(&s->op, in_data(s, "format"), STR("gongyuan-data 2\n"), 0600));
	refuses(s, STORE_READ, RC_INVALID, "newer", "较新");
	refuses(s, STORE_WRITE, RC_INVALID, "newer", "新版程序");
	assert_ok(file_write(&s->op, in_data(s, "format"), STR("gongyuan-data 0\n"), 0600));
	refuses(s, STORE_READ, RC_CONFLICT, "older", "备份");
	refuses(s, STORE_WRITE, RC_CONFLICT, "upgrade", "升级");
}

static void a_half_copied_folder_is_said(void **state)
{
	static const struct {
		const char *name;
		bool sqlite;
	} PARTS[] = {
		{"blobs", false}, {"keys", false}, {"format", false}, {"ledger.db", true},
		{"view.db", true},
	};
	struct scratch *s = made(state);

	for (size_t i = 0; i < COUNT(PARTS); i++) {
		struct str at = in_data(s, PARTS[i].name), away = scratch_path(s, "m/away");
		if (PARTS[i].sqlite && scratch_on_postgres())
			continue;
		assert_int_equal(rename(at.s, away.s), 0);
		refuses(s, STORE_READ, RC_NOT_FOUND, "half-copied", PARTS[i].name);
		refuses(s, STORE_WRITE, RC_NOT_FOUND, PARTS[i].name, "不完整");
		assert_int_equal(rename(away.s, at.s), 0);
	}
	struct store st;
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &st));
	store_release(&st);
}

static void a_ledger_cut_short_is_said(void **state)
{
	struct scratch *s = made(state);
	struct store st;

	if (scratch_on_postgres())
		skip();
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &st));
	assert_ok(db_script(&s->op, st.ledger, "CREATE TABLE a(id {id} PRIMARY KEY);"
	                                       "CREATE TABLE b(id {id} PRIMARY KEY);"
	                                       "CREATE TABLE c(id {id} PRIMARY KEY)"));
	store_release(&st);
	assert_int_equal(truncate(in_data(s, "ledger.db").s, 3 * 4096), 0);
	refuses(s, STORE_WRITE, RC_NOT_FOUND, "half-copied", "复制中断");
	assert_int_equal(truncate(in_data(s, "ledger.db").s, 50), 0);
	refuses(s, STORE_WRITE, RC_NOT_FOUND, "half-copied", "不完整");
	assert_int_equal(truncate(in_data(s, "ledger.db").s, 0), 0);
	refuses(s, STORE_READ, RC_NOT_FOUND, "half-copied", "不完整");
}

static void a_damaged_file_is_said(void **state)
{
	struct scratch *s = made(state);
	struct str junk = str_fmt(&s->arena, "%9000d", 3), good;

	if (scratch_on_postgres())
		skip();
	assert_ok(file_read(&s->op, in_data(s, "ledger.db"), 1 << 20, &good));
	assert_ok(file_write(&s->op, in_data(s, "ledger.db"), junk, 0600));
	refuses(s, STORE_WRITE, RC_BROKEN, "restore a backup", "从备份恢复");
	assert_ok(file_write(&s->op, in_data(s, "ledger.db"), good, 0600));
	assert_ok(file_write(&s->op, in_data(s, "view.db"), junk, 0600));
	refuses(s, STORE_WRITE, RC_BROKEN, "rebuilt from the ledger", "重建");
	/* What the sentence says helps. */
	assert_ok(file_write(&s->op, in_data(s, "view.db"), STR(""), 0600));
	struct store st;
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &st));
	store_release(&st);
}

static void a_second_writer_is_refused_and_readers_are_not(void **state)
{
	struct scratch *s = made(state);
	struct store writer, reader;

	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &writer));
	refuses(s, STORE_WRITE, RC_BUSY, "stop it first", "另一进程");
	assert_non_null(strstr(s->op.err.en, str_fmt(&s->arena, "(%d)", (int)getpid()).s));
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_READ, &reader));
	store_release(&reader);
	store_release(&writer);
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &writer));
	store_release(&writer);
}

static void a_writer_that_died_leaves_no_lock(void **state)
{
	struct scratch *s = made(state);
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct store st;
		_exit(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &st) == RC_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	struct store st;
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &st));
	store_release(&st);
}

/* Of another machine. */
static struct str other_folder(struct scratch *s)
{
	struct str other = scratch_path(s, "m/other");

	assert_ok(dir_make(&s->op, str_fmt(&s->arena, "%s/blobs", other.s), 0700));
	assert_ok(dir_make(&s->op, str_fmt(&s->arena, "%s/keys", other.s), 0700));
	assert_ok(file_write(&s->op, str_fmt(&s->arena, "%s/format", other.s),
	                     STR("gongyuan-data 1\n"), 0600));
	return other;
}

static void a_writer_that_is_leaving_is_waited_for(void **state)
{
	struct scratch *s = made(state);
	struct str other;
	struct store st;
	int ready[2], status;
	char c = 0;
	pid_t pid;

	if (!scratch_on_postgres())
		skip();
	other = other_folder(s);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		bool held = store_open(&s->op, data_of(s), s->url, STORE_WRITE, &st) == RC_OK;
		held = write(ready[1], held ? "y" : "n", 1) == 1 && held;
		(void)usleep(500000);
		_exit(held ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	assert_ok(store_open(&s->op, other, s->url, STORE_WRITE, &st));
	store_release(&st);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

static void a_second_machine_is_refused_by_the_server(void **state)
{
	struct scratch *s = made(state);
	struct store one, two;
	struct str other;

	if (!scratch_on_postgres())
		skip();
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &one));
	other = other_folder(s);
	assert_int_equal(store_open(&s->op, other, s->url, STORE_WRITE, &two), RC_BUSY);
	assert_non_null(strstr(s->op.err.en, "machine"));
	store_release(&one);
}

static bool mount_at(struct scratch *s, unsigned long flags, const char *options)
{
	struct str at = scratch_path(s, "m");

	assert_ok(dir_make(&s->op, at, 0700));
	return mount("none", at.s, "tmpfs", flags, options) == 0;
}

static void a_read_only_folder_is_said_and_can_be_read(void **state)
{
	struct scratch *s = *state;
	struct store st;

	if (!mount_at(s, 0, "size=16m"))
		skip();
	st = make(s);
	store_release(&st);
	assert_true(mount_at(s, MS_REMOUNT | MS_RDONLY, "size=16m"));
	refuses(s, STORE_WRITE, RC_DENIED, "read-only", "只读");
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_READ, &st));
	store_release(&st);
	assert_int_equal(store_create(&s->op, scratch_path(s, "m/new"), s->url, &st), RC_DENIED);
	assert_int_equal(umount(scratch_path(s, "m").s), 0);
}

static void a_folder_of_another_user_is_said(void **state)
{
	struct scratch *s = made(state);
	pid_t pid;
	int status;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(s->dir.s, 0755), 0);
	assert_int_equal(chmod(scratch_path(s, "m").s, 0755), 0);
	assert_int_equal(chmod(data_of(s).s, 0700), 0);
	pid = fork();
	if (pid == 0) {
		struct store st;
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(1);
		_exit(store_open(&s->op, data_of(s), s->url, STORE_READ, &st) == RC_DENIED ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void a_full_disk_is_said(void **state)
{
	struct scratch *s = *state;
	struct store st;

	if (!mount_at(s, 0, "size=16m"))
		skip();
	st = make(s);
	store_release(&st);
	struct str fill = {arena_alloc(&s->arena, 13 << 20), 13 << 20};
	assert_ok(file_write(&s->op, scratch_path(s, "m/fill"), fill, 0600));
	refuses(s, STORE_WRITE, RC_BROKEN, "full", "磁盘已满");
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_READ, &st));
	store_release(&st);
	assert_int_equal(unlink(scratch_path(s, "m/fill").s), 0);
	assert_ok(store_open(&s->op, data_of(s), s->url, STORE_WRITE, &st));
	store_release(&st);
	assert_int_equal(umount(scratch_path(s, "m").s), 0);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(a_new_store_opens_again),
		SCRATCH_TEST(an_empty_folder_is_used_and_a_full_one_is_not),
		SCRATCH_TEST(a_store_that_could_not_be_made_leaves_an_empty_folder),
		SCRATCH_TEST(a_database_with_a_ledger_is_not_taken_for_a_new_one),
		SCRATCH_TEST(a_missing_folder_is_said),
		SCRATCH_TEST(a_folder_that_is_not_ours_is_said),
		SCRATCH_TEST(a_newer_and_an_older_folder_are_said),
		SCRATCH_TEST(a_half_copied_folder_is_said),
		SCRATCH_TEST(a_ledger_cut_short_is_said),
		SCRATCH_TEST(a_damaged_file_is_said),
		SCRATCH_TEST(a_second_writer_is_refused_and_readers_are_not),
		SCRATCH_TEST(a_writer_that_died_leaves_no_lock),
		SCRATCH_TEST(a_writer_that_is_leaving_is_waited_for),
		SCRATCH_TEST(a_second_machine_is_refused_by_the_server),
		SCRATCH_TEST(a_read_only_folder_is_said_and_can_be_read),
		SCRATCH_TEST(a_folder_of_another_user_is_said),
		SCRATCH_TEST(a_full_disk_is_said),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
