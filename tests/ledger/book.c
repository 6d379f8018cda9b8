/* SPDX-License-Identifier: Apache-2.0 */
/* book.c -- see book.h. */
#include "kit/check.h"

#include <ftw.h>
#include <unistd.h>

#include "ledger/book.h"

static const char *const TABLES[] = {"ledger_entry", "ledger_tile", "ledger_note",
                                     "ledger_receipt"};

struct str book_entry(struct arena *a, uint64_t index)
{
	struct strbuf b;

	if (index % 97 == 5)
		return STR("");
	strbuf_init(&b, a);
	strbuf_addf(&b, "{\"idx\":%llu,\"made\":\"up", (unsigned long long)index);
	for (uint64_t i = 0; i < index * 7 % 160; i++)
		strbuf_addc(&b, (char)('a' + i % 26));
	strbuf_addz(&b, "\"}");
	return strbuf_str(&b);
}

static void drop_schemas(struct book *b)
{
	struct db *db;

	assert_ok(db_open_postgres(&b->op, b->url, STR("public"), DB_WRITE, &db));
	assert_ok(db_script(&b->op, db,
	                    "DROP SCHEMA IF EXISTS gy_ledger CASCADE;"
	                    "DROP SCHEMA IF EXISTS gy_view CASCADE;"));
	db_close(db);
}

void book_open(struct book *b)
{
	const char *which = getenv("TEST_DB"), *url = getenv("GONGYUAN_PG_URL");
	const char *tmp = getenv("TMPDIR");
	uint8_t seed[32] = {42};
	struct str dir;

	*b = (struct book){0};
	b->op.arena = &b->arena;
	b->key = ed25519_from_seed(seed);
	b->vkey = note_key_of(STR(BOOK_ORIGIN), NOTE_ED25519, &b->key.pub);
	if (which && strcmp(which, "postgres") == 0) {
		assert_non_null(url);
		b->url = str_of(url);
		drop_schemas(b);
	}
	dir = str_fmt(&b->arena, "%s/gongyuan-book-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	assert_non_null(mkdtemp((char *)(uintptr_t)dir.s));
	b->dir = str_fmt(&b->arena, "%s/data", dir.s);
	b->known = str_fmt(&b->arena, "%s/known", dir.s);
	assert_ok(store_create(&b->op, b->dir, b->url, &b->store));
	assert_ok(ledger_create(&b->op, &b->store));
	assert_ok(ledger_open(&b->op, &b->store, &b->ledger));
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

void book_close(struct book *b)
{
	struct str top = {b->dir.s, b->dir.n - strlen("/data")};

	ledger_release(&b->ledger);
	store_release(&b->store);
	if (b->url.n > 0)
		drop_schemas(b);
	assert_int_equal(nftw(str_copy(&b->arena, top).s, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->arena);
}

void book_grow(struct book *b, uint64_t size, uint64_t batch)
{
	struct arena scratch = {0};
	struct hash leaf;

	while (b->ledger.tree.size < size) {
		assert_ok(store_begin(&b->op, &b->store));
		for (uint64_t i = 0; i < batch && b->ledger.next.size < size; i++)
			assert_ok(ledger_append(&b->op, &b->ledger, book_entry(&scratch, b->ledger.next.size),
			                        &leaf));
		assert_ok(ledger_seal(&b->op, &b->ledger));
		assert_ok(store_commit(&b->op, &b->store));
		ledger_committed(&b->ledger);
		arena_reset(&scratch);
	}
	assert_ok(store_commit_view(&b->op, &b->store));
	arena_release(&scratch);
}

struct store book_connect(struct book *b, enum store_mode mode)
{
	enum db_mode m = mode == STORE_READ ? DB_READ : DB_WRITE;
	struct store s = {.mode = mode, .lock_fd = -1, .one = b->url.n > 0};
	char *dir = calloc(1, b->dir.n + 1), *url = calloc(1, b->url.n + 1);

	assert_true(dir && url);
	memcpy(dir, b->dir.s, b->dir.n);
	if (b->url.n > 0)
		memcpy(url, b->url.s, b->url.n);
	s.dir = (struct str){dir, b->dir.n};
	s.url = (struct str){url, b->url.n};
	if (s.one) {
		assert_ok(db_open_postgres(&b->op, b->url, STR("gy_ledger"), m, &s.ledger));
		return s;
	}
	assert_ok(db_open_sqlite(&b->op, str_fmt(&b->arena, "%s/ledger.db", dir), m, &s.ledger));
	return s;
}

void book_tamper(struct book *b, const char *sql)
{
	struct store s = book_connect(b, STORE_WRITE);

	for (size_t i = 0; i < COUNT(TABLES); i++) {
		const char *t = TABLES[i];
		struct str off = s.one ? str_fmt(&b->arena, "ALTER TABLE %s DISABLE TRIGGER ALL", t)
		                       : str_fmt(&b->arena,
		                                 "DROP TRIGGER IF EXISTS %s_no_UPDATE;"
		                                 "DROP TRIGGER IF EXISTS %s_no_DELETE;"
		                                 "DROP TRIGGER IF EXISTS %s_no_replace;",
		                                 t, t, t);

		assert_ok(db_script(&b->op, s.ledger, off.s));
	}
	assert_ok(db_script(&b->op, s.ledger, sql));
	store_release(&s);
}

int64_t book_number(struct book *b, const char *sql)
{
	struct store s = book_connect(b, STORE_READ);
	struct rows rows = {0};
	int64_t n;

	assert_ok(db_query_text(&b->op, s.ledger, str_of(sql), &rows));
	assert_true(rows_next(&rows));
	n = rows_int(&rows, 0);
	rows_release(&rows);
	store_release(&s);
	return n;
}

enum rc book_sign(struct book *b, struct str *ret_note)
{
	struct signer s;
	enum rc rc = signer_open(&b->op, &b->ledger, STR(BOOK_ORIGIN), &b->key, b->known, &s);

	if (rc != RC_OK)
		return rc;
	rc = signer_sign(&b->op, &s, &b->ledger, ret_note);
	signer_release(&s);
	return rc;
}
