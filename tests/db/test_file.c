/* SPDX-License-Identifier: Apache-2.0 */
/* test_file.c -- files written whole or not at all, and blobs that are what their name says. */
#include "kit/check.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/store.h"
#include "kit/scratch.h"

static size_t entries(struct str dir)
{
	DIR *d = opendir(dir.s);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void a_file_comes_back_as_it_was_written(void **state)
{
	struct scratch *s = *state;
	struct str path = scratch_path(s, "a"), got;
	struct stat st;

	assert_false(file_exists(path));
	assert_ok(file_write(&s->op, path, (struct str){"x\0y\n", 4}, 0600));
	assert_true(file_exists(path));
	assert_ok(file_read(&s->op, path, 4, &got));
	assert_int_equal(got.n, 4);
	assert_memory_equal(got.s, "x\0y\n", 5);
	assert_int_equal(stat(path.s, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_ok(file_write(&s->op, path, STR(""), 0640));
	assert_ok(file_read(&s->op, path, 4, &got));
	assert_int_equal(got.n, 0);
	assert_int_equal(stat(path.s, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(entries(s->dir), 1); /* no temporary file is left */
}

static void a_path_need_not_end_with_nul(void **state)
{
	struct scratch *s = *state;
	struct str path = scratch_path(s, "name-and-more"), got;

	path.n -= strlen("-and-more");
	assert_ok(file_write(&s->op, path, STR("1"), 0600));
	assert_ok(file_read(&s->op, path, 4, &got));
	assert_true(file_exists(path));
	assert_true(file_exists(scratch_path(s, "name")));
	struct str dir = scratch_path(s, "dir-and-more");
	dir.n -= strlen("-and-more");
	assert_ok(dir_make(&s->op, dir, 0700));
	assert_true(file_exists(scratch_path(s, "dir")));
}

static void reading_says_what_is_wrong(void **state)
{
	struct scratch *s = *state;
	struct str path = scratch_path(s, "a"), got = STR("untouched");

	assert_int_equal(file_read(&s->op, path, 4, &got), RC_NOT_FOUND);
	assert_ok(file_write(&s->op, path, STR("12345"), 0600));
	assert_int_equal(file_read(&s->op, path, 4, &got), RC_INVALID);
	assert_int_equal(file_read(&s->op, s->dir, 4096, &got), RC_BROKEN);
	assert_str(got, "untouched");
}

static void a_file_that_cannot_be_written_leaves_the_old_one(void **state)
{
	struct scratch *s = *state;
	struct str path = scratch_path(s, "d");

	assert_int_equal(file_write(&s->op, scratch_path(s, "no/such/dir"), STR("x"), 0600),
	                 RC_NOT_FOUND);
	assert_ok(dir_make(&s->op, scratch_path(s, "d/e"), 0700));
	assert_int_equal(file_write(&s->op, path, STR("x"), 0600), RC_BROKEN);
	assert_int_equal(entries(s->dir), 1);
	assert_true(file_exists(scratch_path(s, "d/e")));
}

static void a_directory_is_made_with_its_parents(void **state)
{
	struct scratch *s = *state;
	struct str path = scratch_path(s, "a/b/c");
	struct stat st;

	assert_ok(dir_make(&s->op, path, 0700));
	assert_ok(dir_make(&s->op, path, 0700)); /* again */
	assert_int_equal(stat(path.s, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_ok(file_write(&s->op, scratch_path(s, "f"), STR(""), 0600));
	assert_int_not_equal(dir_make(&s->op, scratch_path(s, "f"), 0700), RC_OK);
	assert_int_not_equal(dir_make(&s->op, scratch_path(s, "f/g"), 0700), RC_OK);
}

static struct store bare_store(struct scratch *s)
{
	assert_ok(dir_make(&s->op, scratch_path(s, "blobs"), 0700));
	return (struct store){.dir = s->dir};
}

static void a_blob_has_the_name_of_its_hash(void **state)
{
	static const char ABC[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct scratch *s = *state;
	struct store store = bare_store(s);
	struct str hash, got;

	assert_ok(blob_put(&s->op, &store, STR("abc"), &hash));
	assert_str(hash, ABC);
	assert_ok(blob_put(&s->op, &store, STR("abc"), &hash));
	assert_ok(blob_get(&s->op, &store, hash, &got));
	assert_str(got, "abc");
	assert_int_equal(entries(scratch_path(s, "blobs")), 1);
}

static void a_damaged_blob_is_never_given_out(void **state)
{
	struct scratch *s = *state;
	struct store store = bare_store(s);
	struct str hash, got = STR("untouched");

	assert_ok(blob_put(&s->op, &store, STR("abc"), &hash));
	struct str path = str_fmt(&s->arena, "%s/blobs/%s", s->dir.s, hash.s);
	assert_ok(file_write(&s->op, path, STR("abd"), 0600));
	assert_int_equal(blob_get(&s->op, &store, hash, &got), RC_BROKEN);
	assert_str(got, "untouched");
	assert_ok(blob_put(&s->op, &store, STR("abc"), &hash)); /* mends it */
	assert_ok(blob_get(&s->op, &store, hash, &got));
	assert_str(got, "abc");
}

static void only_a_hash_names_a_blob(void **state)
{
	static const char *const BAD[] = {"", "..", "../format", "abc",
		"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"};
	static const char MISSING[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae";
	struct scratch *s = *state;
	struct store store = bare_store(s);
	struct str got;

	for (size_t i = 0; i < COUNT(BAD); i++)
		assert_int_equal(blob_get(&s->op, &store, str_of(BAD[i]), &got), RC_INVALID);
	assert_int_equal(blob_get(&s->op, &store, str_of(MISSING), &got), RC_NOT_FOUND);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(a_file_comes_back_as_it_was_written),
		SCRATCH_TEST(a_path_need_not_end_with_nul),
		SCRATCH_TEST(reading_says_what_is_wrong),
		SCRATCH_TEST(a_file_that_cannot_be_written_leaves_the_old_one),
		SCRATCH_TEST(a_directory_is_made_with_its_parents),
		SCRATCH_TEST(a_blob_has_the_name_of_its_hash),
		SCRATCH_TEST(a_damaged_blob_is_never_given_out),
		SCRATCH_TEST(only_a_hash_names_a_blob),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
