/* SPDX-License-Identifier: Apache-2.0 */
/* test_vault.c -- texts come back only with the right keys, in the right place, unaltered; a
 * shred leaves neither text nor key in the file.
 */
#include "kit/check.h"

#include <unistd.h>

#include "base/hash.h"
#include "base/random.h"
#include "engine/vault.h"
#include "ledger/ledger.h"

struct fixture {
	struct arena arena;
	struct random random;
	struct op op;
	struct db *db;
	struct vault vault;
	char path[64]; /* of the file; "" in memory */
};

static void open_vault(struct fixture *f, struct db *db)
{
	struct store s = {.ledger = db, .view = db, .mode = STORE_WRITE};

	assert_ok(ledger_create(&f->op, &s));
	f->db = db;
	f->vault.db = db;
	memset(f->vault.key, 7, sizeof(f->vault.key));
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct db *db;

	f->random = random_seeded(5);
	f->op = (struct op){.arena = &f->arena, .random = &f->random};
	*state = f;
	if (db_open_memory(&f->op, &db) != RC_OK)
		return -1;
	open_vault(f, db);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	db_close(f->db);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static struct beside beside_of(struct fixture *f, const char *text)
{
	struct beside b = {.field = STR("note"), .text = str_of(text)};
	struct hash mac;

	random_bytes(&f->random, b.salt, sizeof(b.salt));
	mac = hash_hmac_sha256(b.salt, sizeof(b.salt), b.text.s, b.text.n);
	b.mac = hash_hex(&f->arena, &mac);
	return b;
}

static struct str put(struct fixture *f, int64_t id, int64_t subject, const char *text)
{
	struct beside b = beside_of(f, text);

	assert_ok(vault_put(&f->op, &f->vault, id, subject, &b));
	return b.mac;
}

static enum rc get(struct fixture *f, int64_t id, struct str mac, struct str *ret)
{
	return vault_get(&f->op, &f->vault, id, mac, ret);
}

static void run(struct fixture *f, const char *sql)
{
	assert_ok(db_script(&f->op, f->db, sql));
}

static void a_text_comes_back_as_it_was_typed(void **state)
{
	struct fixture *f = *state;
	struct str mac = put(f, 64, 9, "王某，工号 17\n备注"), other = put(f, 65, 9, "x"), text;

	assert_ok(get(f, 64, mac, &text));
	assert_str(text, "王某，工号 17\n备注");
	assert_ok(get(f, 65, other, &text));
	assert_str(text, "x");
	assert_ok(get(f, 64, (struct str){0}, &text));
	assert_int_equal(get(f, 66, mac, &text), RC_NOT_FOUND);
}

static void a_wrong_mac_is_found(void **state)
{
	struct fixture *f = *state;
	struct str mac = put(f, 64, 9, "甲"), other = put(f, 65, 9, "乙"), text = STR("untouched");

	(void)mac;
	assert_int_equal(get(f, 64, other, &text), RC_BROKEN);
	assert_int_equal(get(f, 64, STR("00"), &text), RC_BROKEN);
	assert_str(text, "untouched");
}

static void swapped_and_altered_rows_are_found(void **state)
{
	struct fixture *f = *state;
	struct beside b;
	struct str text;

	(void)put(f, 64, 9, "甲");
	(void)put(f, 65, 9, "乙");
	(void)put(f, 66, 10, "丙");
	/* Another item of the same subject, sealed with the same key, in this one's place. */
	run(f, "UPDATE vault_item SET sealed = (SELECT sealed FROM vault_item WHERE id = 65)"
	       " WHERE id = 64");
	assert_int_equal(get(f, 64, (struct str){0}, &text), RC_BROKEN);
	run(f, "UPDATE vault_item SET subject = 10 WHERE id = 65");
	assert_int_equal(get(f, 65, (struct str){0}, &text), RC_BROKEN);
	/* Another subject's key. */
	run(f, "UPDATE vault_key SET sealed = (SELECT sealed FROM vault_key WHERE subject = 9)"
	       " WHERE subject = 10");
	assert_int_equal(get(f, 66, (struct str){0}, &text), RC_BROKEN);
	/* Nor is anything new sealed with it: a shred of 9 would leave that key standing. */
	b = beside_of(f, "丁");
	assert_int_equal(vault_put(&f->op, &f->vault, 67, 10, &b), RC_BROKEN);
}

static void another_nodes_key_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct str mac = put(f, 64, 9, "甲"), text;

	f->vault.key[31] ^= 1;
	assert_int_equal(get(f, 64, mac, &text), RC_BROKEN);
	f->vault.key[31] ^= 1;
	assert_ok(get(f, 64, mac, &text));
}

static void a_shred_takes_one_subject_and_no_other(void **state)
{
	struct fixture *f = *state;
	struct str mac, text;

	(void)put(f, 64, 9, "甲");
	(void)put(f, 96, 9, "乙");
	mac = put(f, 128, 10, "丙");
	assert_ok(vault_shred(&f->op, &f->vault, 9));
	assert_int_equal(get(f, 64, (struct str){0}, &text), RC_NOT_FOUND);
	assert_int_equal(get(f, 96, (struct str){0}, &text), RC_NOT_FOUND);
	assert_ok(get(f, 128, mac, &text));
	assert_ok(vault_shred(&f->op, &f->vault, 9));
	/* What is written about the subject later has a new key. */
	mac = put(f, 160, 9, "丁");
	assert_ok(get(f, 160, mac, &text));
}

static void clearing_takes_one_text(void **state)
{
	struct fixture *f = *state;
	struct str mac, text;

	(void)put(f, 64, 9, "甲");
	mac = put(f, 65, 9, "乙");
	assert_ok(vault_clear(&f->op, &f->vault, 64));
	assert_int_equal(get(f, 64, (struct str){0}, &text), RC_NOT_FOUND);
	assert_ok(get(f, 65, mac, &text));
	assert_int_equal(vault_clear(&f->op, &f->vault, 64), RC_NOT_FOUND);
}

static int setup_file(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct db *db;

	f->random = random_seeded(6);
	f->op = (struct op){.arena = &f->arena, .random = &f->random};
	(void)snprintf(f->path, sizeof(f->path), "gy-vault-%ld.db", (long)getpid());
	*state = f;
	if (db_open_sqlite(&f->op, str_of(f->path), DB_CREATE, &db) != RC_OK)
		return -1;
	open_vault(f, db);
	return 0;
}

static int teardown_file(void **state)
{
	struct fixture *f = *state;
	static const char *const ENDS[] = {"", "-wal", "-shm"};

	db_close(f->db);
	f->db = NULL;
	for (size_t i = 0; i < COUNT(ENDS); i++)
		(void)unlink(str_fmt(&f->arena, "%s%s", f->path, ENDS[i]).s);
	arena_release(&f->arena);
	free(f);
	return 0;
}

/* Do these bytes stand anywhere in the database's files? */
static bool on_disk(struct fixture *f, struct str bytes)
{
	enum { MAX = 4 << 20 };
	static const char *const ENDS[] = {"", "-wal"};
	char *buf = arena_alloc(&f->arena, MAX);

	for (size_t i = 0; i < COUNT(ENDS); i++) {
		FILE *file = fopen(str_fmt(&f->arena, "%s%s", f->path, ENDS[i]).s, "rb");
		size_t n;

		if (!file)
			continue;
		n = fread(buf, 1, MAX, file);
		(void)fclose(file);
		if (memmem(buf, n, bytes.s, bytes.n))
			return true;
	}
	return false;
}

static struct str row_bytes(struct fixture *f, const char *query)
{
	AUTO(rows) rows = {0};

	assert_ok(db_query_text(&f->op, f->db, str_of(query), &rows));
	assert_true(rows_next(&rows));
	return rows_dup(&f->arena, &rows, 0);
}

static void a_shred_leaves_neither_text_nor_key_on_disk(void **state)
{
	static const char TEXT[] = "a text that must be gone for good, as long as a page";
	struct fixture *f = *state;
	struct str key, item, kept;

	(void)put(f, 64, 9, TEXT);
	(void)put(f, 65, 10, TEXT);
	assert_ok(db_flush(&f->op, f->db));
	assert_false(on_disk(f, str_of(TEXT))); /* never in clear */
	key = row_bytes(f, "SELECT sealed FROM vault_key WHERE subject = 9");
	item = row_bytes(f, "SELECT sealed FROM vault_item WHERE id = 64");
	kept = row_bytes(f, "SELECT sealed FROM vault_item WHERE id = 65");
	assert_true(on_disk(f, key)); /* the search finds what is there */
	assert_true(on_disk(f, item));
	assert_ok(vault_shred(&f->op, &f->vault, 9));
	assert_ok(db_flush(&f->op, f->db));
	assert_false(on_disk(f, key));
	assert_false(on_disk(f, item));
	assert_true(on_disk(f, kept));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_text_comes_back_as_it_was_typed),
		T(a_wrong_mac_is_found),
		T(swapped_and_altered_rows_are_found),
		T(another_nodes_key_opens_nothing),
		T(a_shred_takes_one_subject_and_no_other),
		T(clearing_takes_one_text),
		cmocka_unit_test_setup_teardown(a_shred_leaves_neither_text_nor_key_on_disk,
		                                setup_file, teardown_file),
	};

	return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
