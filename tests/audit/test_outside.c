/* SPDX-License-Identifier: Apache-2.0 */
/* test_outside.c -- what only something kept outside can show (known checkpoints, policies), and
 * sources as they come: read-only, with a log, live, or no ledger at all. */
#include "hand.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"

static void an_older_copy_put_back_is_seen_only_from_outside(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	hand_file(&h, "known", hand_note(&h, 300, 0));
	h.n = 280;
	hand_folder(&h, "data");
	hand_export(&h, "out");
	r = hand_audit(&h, hand_path(&h, "data"), NULL, NULL);
	assert_clean(r);
	assert_true(hand_unchecked(r, FINDING_ROLLBACK));
	assert_only(hand_audit(&h, hand_path(&h, "data"), "known", NULL), FINDING_ROLLBACK, 280);
	r = hand_audit(&h, hand_path(&h, "out"), "known", NULL);
	assert_only(r, FINDING_ROLLBACK, 280);
	assert_false(hand_unchecked(r, FINDING_ROLLBACK));
	hand_close(&h);
}

static void a_fork_is_seen_from_outside(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	hand_file(&h, "known", hand_note(&h, 290, 0));
	hand_edit(&h, 250, "\"nonce\":\"0", "\"nonce\":\"1");
	assert_clean(hand_audit(&h, hand_folder(&h, "data"), NULL, NULL));
	assert_only(hand_audit(&h, hand_path(&h, "data"), "known", NULL), FINDING_ROLLBACK,
	            NO_INDEX);
	hand_close(&h);
}

static void a_checkpoint_beside_the_folder_is_used_unasked(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	hand_file(&h, "data.checkpoint", hand_note(&h, 300, 0));
	h.n = 280;
	hand_folder(&h, "data");
	assert_only(hand_audit(&h, hand_path(&h, "data"), NULL, NULL), FINDING_ROLLBACK, 280);
	assert_only(hand_audit(&h, hand_path(&h, "data/"), NULL, NULL), FINDING_ROLLBACK, 280);
	assert_only(hand_audit(&h, hand_path(&h, "data/."), NULL, NULL), FINDING_ROLLBACK, 280);
	hand_close(&h);
}

static void a_known_checkpoint_of_another_key_is_named(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_export(&h, "out");
	h.log = hand_key(1);
	hand_file(&h, "known", hand_note(&h, 30, 0));
	assert_only(hand_audit(&h, hand_path(&h, "out"), "known", NULL), FINDING_ROLLBACK,
	            NO_INDEX);
	hand_close(&h);
}

static void a_policy_asks_for_its_witnesses(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_file(&h, "policy", hand_policy(&h));
	h.cosigners = 2;
	r = hand_audit(&h, hand_export(&h, "two"), NULL, "policy");
	assert_clean(r);
	assert_false(hand_unchecked(r, FINDING_COSIGNATURE));
	h.cosigners = 1;
	assert_only(hand_audit(&h, hand_export(&h, "one"), NULL, "policy"), FINDING_COSIGNATURE,
	            NO_INDEX);
	assert_clean(hand_audit(&h, hand_path(&h, "one"), NULL, NULL));
	hand_close(&h);
}

static void a_cosignature_that_does_not_verify_is_named(void **state)
{
	struct hand h;
	struct str note;
	char *at;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_file(&h, "policy", hand_policy(&h));
	h.cosigners = 3;
	hand_export(&h, "out");
	note = hand_read(&h, "out/checkpoint");
	at = strstr(note.s, "kaoshiyuan.example ") + 40;
	*at = *at == 'A' ? 'B' : 'A';
	hand_file(&h, "out/checkpoint", note);
	assert_only(hand_audit(&h, hand_path(&h, "out"), NULL, "policy"), FINDING_COSIGNATURE,
	            NO_INDEX);
	hand_close(&h);
}

/* The insider has the log's key: everything is rebuilt and signed again.  The act tells, and the
 * witnesses, who have not signed this tree. */
static void the_logs_own_key_cannot_hide_a_removed_signature(void **state)
{
	struct hand h;
	char *at, *end;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	hand_file(&h, "policy", hand_policy(&h));
	at = strstr(h.entry[AT_HANDED].s, "{\"how\":\"paper\"");
	end = strchr(at, '}');
	hand_edit(&h, AT_HANDED, str_fmt(&h.arena, ",%.*s", (int)(end - at + 1), at).s, "");
	r = hand_audit(&h, hand_folder(&h, "data"), NULL, "policy");
	assert_found(r, FINDING_SIGNATURE, AT_HANDED);
	assert_found(r, FINDING_COSIGNATURE, NO_INDEX);
	assert_int_equal(report_total(r), 2);
	hand_close(&h);
}

static void a_policy_outweighs_the_key_beside_the_ledger(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	h.cosigners = 3;
	hand_file(&h, "policy", hand_policy(&h));
	h.log = hand_key(1); /* key and notes replaced together */
	r = hand_audit(&h, hand_export(&h, "out"), NULL, "policy");
	assert_found(r, FINDING_KEY, NO_INDEX);
	assert_found(r, FINDING_NOTE, NO_INDEX);
	assert_found(r, FINDING_CHECKPOINT, NO_INDEX);
	hand_close(&h);
}

static void a_checkpoint_of_another_ledger_is_named(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_edit(&h, 0, HAND_ORIGIN, "gongyuan.example/2025/xx");
	assert_found(hand_audit(&h, hand_export(&h, "out"), NULL, NULL), FINDING_CHECKPOINT,
	             NO_INDEX);
	hand_close(&h);
}

/* ---- sources ---- */

static enum rc try_source(struct hand *h, const char *source)
{
	struct audit_options o = {.source = str_of(source)};

	return audit_run(&h->op, &o, ARENA_NEW(&h->arena, struct report));
}

static void what_is_no_ledger_is_refused_with_a_sentence(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	assert_int_equal(try_source(&h, hand_path(&h, "nowhere").s), RC_NOT_FOUND);
	hand_file(&h, "empty/x", STR(""));
	assert_int_equal(try_source(&h, hand_path(&h, "empty").s), RC_INVALID);
	assert_int_equal(try_source(&h, hand_path(&h, "empty/x").s), RC_NOT_FOUND);
	hand_file(&h, "junk/ledger.db",
	          STR("this is not a database, but it is long enough to look at"));
	assert_int_equal(try_source(&h, hand_path(&h, "junk").s), RC_INVALID);
	hand_close(&h);
}

static void a_damaged_database_is_a_finding(void **state)
{
	static const char *const SCRIPT[] = {"DROP TABLE ledger_tile", "DROP TABLE ledger_note",
	                                     "ALTER TABLE ledger_entry RENAME TO x"};
	struct hand h;
	struct str bytes;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_folder(&h, "data");
	bytes = hand_read(&h, "data/ledger.db");
	((char *)(uintptr_t)bytes.s)[3] ^= 1;
	hand_file(&h, "data/ledger.db", bytes);
	assert_only(hand_audit(&h, hand_path(&h, "data"), NULL, NULL), FINDING_ENTRY, NO_INDEX);
	for (size_t i = 0; i < COUNT(SCRIPT); i++) {
		struct str name = str_fmt(&h.arena, "d%zu", i);

		hand_folder(&h, name.s);
		hand_sql(&h, str_fmt(&h.arena, "d%zu/ledger.db", i).s, SCRIPT[i]);
		assert_only(hand_audit(&h, hand_path(&h, name.s), NULL, NULL), FINDING_ENTRY, NO_INDEX);
	}
	hand_close(&h);
}

/* Names, sizes and times of a folder's files. */
static struct str listing(struct hand *h, struct str dir)
{
	DIR *d = opendir(dir.s);
	struct hash sum = {0};
	const struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		struct stat st;
		struct str line;
		struct hash one;

		assert_int_equal(stat(str_fmt(&h->arena, "%s/%s", dir.s, e->d_name).s, &st), 0);
		line = str_fmt(&h->arena, "%s %lld %lld.%ld", e->d_name, (long long)st.st_size,
		               (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
		one = hash_sha256(line.s, line.n);
		for (size_t i = 0; i < sizeof(sum.b); i++)
			sum.b[i] ^= one.b[i];
	}
	closedir(d);
	return hash_hex(&h->arena, &sum);
}

static void an_audit_leaves_the_folder_as_it_was(void **state)
{
	struct hand h;
	struct str dir, before;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	dir = hand_folder(&h, "data");
	before = listing(&h, dir);
	assert_clean(hand_audit(&h, dir, NULL, NULL));
	assert_str(listing(&h, dir), before.s);
	hand_close(&h);
}

/* A copy of a folder whose last commits are in the log alone. */
static struct str copy_with_log(struct hand *h, struct db **ret_open)
{
	static const char *const FILES[] = {"ledger.db", "ledger.db-wal"};
	struct str dir = hand_folder(h, "data"), fence = STR("UPDATE ledger_fence SET epoch = 2");

	assert_ok(db_open_sqlite(&h->op, hand_path(h, "data/ledger.db"), DB_WRITE, ret_open));
	assert_ok(db_script(&h->op, *ret_open, fence.s));
	for (size_t i = 0; i < COUNT(FILES); i++) {
		struct str name = str_fmt(&h->arena, "data/%s", FILES[i]);
		char *bytes = arena_alloc(&h->arena, 1 << 21);
		FILE *f = fopen(hand_path(h, name.s).s, "rb");
		size_t n;

		assert_non_null(f);
		n = fread(bytes, 1, 1 << 21, f);
		fclose(f);
		assert_true(n > 0);
		hand_file(h, str_fmt(&h->arena, "copy/%s", FILES[i]).s, (struct str){bytes, n});
	}
	hand_file(h, "copy/keys/log.vkey", hand_read(h, "data/keys/log.vkey"));
	hand_file(h, str_fmt(&h->arena, "copy/blobs/%s", h->rules_hash.s).s, h->rules);
	return dir;
}

static void a_copied_folder_with_a_log_is_read_and_left_alone(void **state)
{
	struct hand h;
	struct db *db;
	struct str before;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	copy_with_log(&h, &db);
	db_close(db);
	before = listing(&h, hand_path(&h, "copy"));
	assert_clean(hand_audit(&h, hand_path(&h, "copy"), NULL, NULL));
	assert_str(listing(&h, hand_path(&h, "copy")), before.s);
	hand_close(&h);
}

static void what_is_in_the_log_alone_is_audited(void **state)
{
	struct hand h;
	struct db *db;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	hand_folder(&h, "data");
	assert_ok(db_open_sqlite(&h.op, hand_path(&h, "data/ledger.db"), DB_WRITE, &db));
	assert_ok(db_script(&h.op, db, "UPDATE ledger_entry SET leaf = x'00' WHERE idx = 290"));
	assert_found(hand_audit(&h, hand_path(&h, "data"), NULL, NULL), FINDING_LEAF, 290);
	db_close(db);
	hand_close(&h);
}

static void a_live_ledger_is_read_beside_its_writer(void **state)
{
	struct hand h;
	struct db *db;
	struct str dir;
	int lock;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	dir = copy_with_log(&h, &db);
	lock = open(hand_path(&h, "data/lock").s, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	assert_clean(hand_audit(&h, dir, NULL, NULL));
	close(lock);
	db_close(db);
	hand_close(&h);
}

static void a_pipe_in_the_place_of_a_file_does_not_block(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_export(&h, "out");
	assert_int_equal(unlink(hand_path(&h, "out/checkpoint").s), 0);
	assert_int_equal(mkfifo(hand_path(&h, "out/checkpoint").s, 0600), 0);
	assert_found(hand_audit(&h, hand_path(&h, "out"), NULL, NULL), FINDING_CHECKPOINT,
	             NO_INDEX);
	hand_close(&h);
}

/* Wherever it ends: entries are taken a tile at a time when nothing ends within. */
static void a_checkpoint_kept_outside_may_end_anywhere(void **state)
{
	static const size_t SIZES[] = {1, 255, 256, 257, 300, 511, 512, 599, 600};
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 600);
	hand_folder(&h, "data");
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		hand_file(&h, "known", hand_note(&h, SIZES[i], 0));
		assert_clean(hand_audit(&h, hand_path(&h, "data"), "known", NULL));
	}
	hand_edit(&h, 200, "\"nonce\":\"0", "\"nonce\":\"1"); /* the notes of another ledger */
	for (size_t i = 1; i < COUNT(SIZES); i++) {
		hand_file(&h, "known", hand_note(&h, SIZES[i], 0));
		assert_only(hand_audit(&h, hand_path(&h, "data"), "known", NULL), FINDING_ROLLBACK,
		            NO_INDEX);
	}
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_older_copy_put_back_is_seen_only_from_outside),
		cmocka_unit_test(a_fork_is_seen_from_outside),
		cmocka_unit_test(a_checkpoint_beside_the_folder_is_used_unasked),
		cmocka_unit_test(a_known_checkpoint_of_another_key_is_named),
		cmocka_unit_test(a_policy_asks_for_its_witnesses),
		cmocka_unit_test(a_cosignature_that_does_not_verify_is_named),
		cmocka_unit_test(the_logs_own_key_cannot_hide_a_removed_signature),
		cmocka_unit_test(a_policy_outweighs_the_key_beside_the_ledger),
		cmocka_unit_test(a_checkpoint_of_another_ledger_is_named),
		cmocka_unit_test(what_is_no_ledger_is_refused_with_a_sentence),
		cmocka_unit_test(a_damaged_database_is_a_finding),
		cmocka_unit_test(an_audit_leaves_the_folder_as_it_was),
		cmocka_unit_test(a_copied_folder_with_a_log_is_read_and_left_alone),
		cmocka_unit_test(what_is_in_the_log_alone_is_audited),
		cmocka_unit_test(a_live_ledger_is_read_beside_its_writer),
		cmocka_unit_test(a_pipe_in_the_place_of_a_file_does_not_block),
		cmocka_unit_test(a_checkpoint_kept_outside_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
