/* SPDX-License-Identifier: Apache-2.0 */
/* test_signer.c -- the signer signs what it has re-hashed, and nothing when anything is wrong; a
 * full re-hash finds every change. */
#include "kit/check.h"

#include "ledger/book.h"

static struct checkpoint open_note(struct book *b, struct str note)
{
	struct checkpoint c;

	assert_ok(checkpoint_open(&b->op, note, &b->vkey, &c));
	assert_str(c.origin, BOOK_ORIGIN);
	return c;
}

static void each_checkpoint_is_consistent_with_the_one_before(void **state)
{
	static const uint64_t SIZES[] = {1, 2, 255, 256, 257, 700, 701, 1024};
	struct book b;
	struct signer s;
	struct str note, again;
	struct checkpoint old = {0}, now;
	struct tree_reader r;
	struct proof p;

	book_open(&b);
	assert_ok(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &b.key, b.known, &s));
	assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
	assert_int_equal(open_note(&b, note).size, 0);
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		book_grow(&b, SIZES[i], 64);
		assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
		now = open_note(&b, note);
		assert_int_equal(now.size, SIZES[i]);
		r = ledger_reader(&b.ledger);
		assert_true(tree_prove_consistency(&r, b.ledger.hasher, old.size, now.size, &p));
		if (old.size > 0)
			assert_true(tree_verify_consistency(b.ledger.hasher, &p, old.size, now.size, &old.root,
			                                    &now.root));
		assert_ok(signer_sign(&b.op, &s, &b.ledger, &again));
		assert_true(str_eq(note, again));
		assert_ok(file_read(&b.op, b.known, LIMIT_NOTE_BYTES, &again));
		assert_true(str_eq(note, again));
		old = now;
		if (i % 2) { /* as after a restart */
			signer_release(&s);
			assert_ok(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &b.key, b.known, &s));
			assert_int_equal(s.tree.size, SIZES[i]);
		}
	}
	signer_release(&s);
	assert_int_equal(book_number(&b, "SELECT COUNT(*) FROM ledger_note"), COUNT(SIZES) + 1);
	book_close(&b);
}

static void nothing_uncommitted_is_signed(void **state)
{
	struct book b;
	struct signer s;
	struct signed_note n;
	struct hash leaf;
	struct str note;

	book_open(&b);
	book_grow(&b, 3, 3);
	assert_ok(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &b.key, STR(""), &s));
	assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
	book_grow(&b, 5, 5);
	assert_ok(store_begin(&b.op, &b.store));
	assert_ok(ledger_append(&b.op, &b.ledger, STR("perhaps"), &leaf));
	assert_ok(ledger_seal(&b.op, &b.ledger));
	assert_ok(signer_read(&b.op, &s, &n));
	assert_int_equal(n.size, 5);
	store_rollback(&b.store);
	ledger_abandoned(&b.ledger);
	/* Signed but not kept: it is signed again, so no checkpoint is lost. */
	assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
	assert_int_equal(open_note(&b, note).size, 5);
	assert_false(file_exists(b.known));
	signer_release(&s);
	book_close(&b);
}

static void a_cosigned_form_is_the_newest_note(void **state)
{
	struct book b;
	struct note *n;
	struct str note, newest;
	bool done[2];

	book_open(&b);
	n = ARENA_NEW(&b.arena, struct note);
	book_grow(&b, 5, 5);
	assert_int_equal(ledger_note_newest(&b.op, &b.ledger, &newest), RC_NOT_FOUND);
	assert_ok(book_sign(&b, &note));
	assert_ok(note_parse(&b.op, note, n));
	assert_ok(note_cosign(&b.op, n, STR("w.example"), &b.key, 1700000000));
	assert_ok(ledger_note_put(&b.op, &b.ledger, 5, note_format(&b.arena, n)));
	assert_ok(ledger_note_newest(&b.op, &b.ledger, &newest));
	assert_ok(note_parse(&b.op, newest, n));
	assert_int_equal(n->nsigs, 2);
	assert_ok(note_verify(&b.op, n, &b.vkey, 1, done, NULL));
	assert_ok(book_sign(&b, &note)); /* nothing new: still the cosigned one */
	assert_true(str_eq(note, newest));
	book_close(&b);
}

/* Signed at 300, then grown to 900; each damage lies in what was not signed yet. */
static void damage_to_new_entries_is_seen_and_nothing_is_signed(void **state)
{
	static const struct {
		const char *sql, *says;
	} DAMAGE[] = {
		{"UPDATE ledger_entry SET bytes = leaf WHERE idx = 500", "entry 500"},
		{"UPDATE ledger_entry SET leaf = bytes WHERE idx = 899", "entry 899"},
		{"UPDATE ledger_entry SET bytes = (SELECT e.bytes FROM ledger_entry e WHERE e.idx "
	     "= 1),"
	     " leaf = (SELECT e.leaf FROM ledger_entry e WHERE e.idx = 1) WHERE idx = 500",
	     "tile 0/1"},
		{"DELETE FROM ledger_entry WHERE idx = 301", "entry 301"},
		{"DELETE FROM ledger_entry WHERE idx = 899", "entry 899"},
		{"UPDATE ledger_entry SET idx = 2000 WHERE idx = 600", "entry 600"},
		{"UPDATE ledger_tile SET bytes = (SELECT t.bytes FROM ledger_tile t WHERE t.n = 0)"
	     " WHERE n = 2",
	     "tile 0/2"},
		{"DELETE FROM ledger_tile WHERE n = 1", "tile 0/1"},
		{"INSERT INTO ledger_entry SELECT log, 900, bytes, leaf FROM ledger_entry WHERE "
	     "idx = 1",
	     "900"},
		{"INSERT INTO ledger_tile SELECT log, level, 3, bytes FROM ledger_tile WHERE n = 1",
	     "level 0"},
		{"UPDATE ledger_fence SET size = 299", "went back"},
		{"UPDATE ledger_fence SET size = 898", "898"},
		{"UPDATE ledger_fence SET size = 901", "entry 900"},
		{"INSERT INTO ledger_note SELECT log, 1000, 0, note FROM ledger_note", ""},
		{"UPDATE ledger_note SET note = 'forged'", "newest checkpoint"},
	};

	for (size_t i = 0; i < COUNT(DAMAGE); i++) {
		struct book b;
		struct signer s;
		struct str note, known, kept;

		book_open(&b);
		book_grow(&b, 300, 300);
		assert_ok(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &b.key, b.known, &s));
		assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
		assert_ok(file_read(&b.op, b.known, LIMIT_NOTE_BYTES, &known));
		book_grow(&b, 900, 300);
		book_tamper(&b, DAMAGE[i].sql);
		for (int twice = 0; twice < 2; twice++) {
			if (signer_sign(&b.op, &s, &b.ledger, &note) != RC_BROKEN)
				fail_msg("signed after: %s", DAMAGE[i].sql);
			if (!strstr(b.op.err.en, DAMAGE[i].says) || !b.op.err.zh[0])
				fail_msg("%s: says %s", DAMAGE[i].sql, b.op.err.en);
		}
		assert_int_equal(s.tree.size, 300);
		assert_ok(file_read(&b.op, b.known, LIMIT_NOTE_BYTES, &kept));
		assert_true(str_eq(known, kept));
		assert_true(book_number(&b, "SELECT COUNT(*) FROM ledger_note") <= 2);
		signer_release(&s);
		book_close(&b);
	}
}

static void a_signer_goes_on_when_the_damage_is_mended(void **state)
{
	struct book b;
	struct signer s;
	struct str note;

	book_open(&b);
	book_grow(&b, 300, 300);
	assert_ok(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &b.key, STR(""), &s));
	assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
	book_grow(&b, 900, 300);
	/* Two entries in each other's place, each true to its leaf. */
	book_tamper(&b, "UPDATE ledger_entry SET idx = 2000 WHERE idx = 500;"
	                "UPDATE ledger_entry SET idx = 500 WHERE idx = 501;"
	                "UPDATE ledger_entry SET idx = 501 WHERE idx = 2000");
	assert_int_equal(signer_sign(&b.op, &s, &b.ledger, &note), RC_BROKEN);
	assert_non_null(strstr(b.op.err.en, "tile 0/1"));
	book_tamper(&b, "UPDATE ledger_entry SET idx = 2000 WHERE idx = 500;"
	                "UPDATE ledger_entry SET idx = 500 WHERE idx = 501;"
	                "UPDATE ledger_entry SET idx = 501 WHERE idx = 2000");
	assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
	assert_int_equal(open_note(&b, note).size, 900);
	signer_release(&s);
	book_close(&b);
}

/* Signed at 1,000; damage to what the signature covers, as found by a start and by a re-hash. */
static void damage_to_signed_entries_is_found(void **state)
{
	static const struct {
		const char *sql;
		bool at_open;
		const char *says;
	} DAMAGE[] = {
		{"UPDATE ledger_entry SET bytes = leaf WHERE idx = 999", true, "entry 999"},
		{"UPDATE ledger_entry SET bytes = leaf WHERE idx = 768", true, "entry 768"},
		{"DELETE FROM ledger_entry WHERE idx = 800", true, "entry 800"},
		{"UPDATE ledger_tile SET bytes = (SELECT t.bytes FROM ledger_tile t WHERE t.n = 0)"
	     " WHERE n = 2",
	     true, "tile 0/2"},
		{"DELETE FROM ledger_tile WHERE n = 1", true, "tile 0/1"},
		{"UPDATE ledger_entry SET bytes = leaf WHERE idx = 3", false, "entry 3"},
		{"DELETE FROM ledger_entry WHERE idx = 700", false, "entry 700"},
		{"UPDATE ledger_note SET note = REPLACE(note, '400', '401') WHERE size = 400", false,
	     "400"},
		{"DELETE FROM ledger_entry WHERE idx >= 900; UPDATE ledger_fence SET size = 900", true,
	     "has 900 entries, but there is a checkpoint of 1000"},
		{"UPDATE ledger_note SET note = 'x' WHERE size = 400", false, "400"},
		{"UPDATE ledger_note SET note = (SELECT n.note FROM ledger_note n WHERE n.size = "
	     "1000)"
	     " WHERE size = 400",
	     false, "400"},
	};

	for (size_t i = 0; i < COUNT(DAMAGE); i++) {
		struct book b;
		struct str note;
		struct hash root, signed_root;
		uint64_t size;
		enum rc rc;

		book_open(&b);
		book_grow(&b, 400, 400);
		assert_ok(book_sign(&b, &note));
		book_grow(&b, 1000, 600);
		assert_ok(book_sign(&b, &note));
		assert_ok(ledger_scrub(&b.op, &b.ledger, &size, &root));
		assert_int_equal(size, 1000);
		signed_root = open_note(&b, note).root;
		assert_true(hash_eq(&root, &signed_root));
		book_tamper(&b, DAMAGE[i].sql);
		rc = book_sign(&b, &note);
		if ((rc == RC_BROKEN) != DAMAGE[i].at_open)
			fail_msg("at open after %s: %d", DAMAGE[i].sql, rc);
		if (rc == RC_BROKEN && !strstr(b.op.err.en, DAMAGE[i].says))
			fail_msg("at open after %s: says %s", DAMAGE[i].sql, b.op.err.en);
		assert_int_equal(ledger_scrub(&b.op, &b.ledger, &size, &root), RC_BROKEN);
		if (!strstr(b.op.err.en, DAMAGE[i].says) || !b.op.err.zh[0])
			fail_msg("%s: says %s", DAMAGE[i].sql, b.op.err.en);
		assert_false(db_in_tx(b.store.ledger));
		book_close(&b);
	}
}

/* The whole history from entry 50 on written anew, leaves and tiles as they should be. */
static void a_rewritten_history_does_not_reproduce_the_signed_root(void **state)
{
	struct book b;
	struct str note;
	struct strbuf sql;
	struct hasher *h = hasher_new(HASH_SHA256);
	struct hash forged = tree_leaf(h, "forged", 6), root, leaf;
	struct hash tile[TILE_WIDTH];
	struct str entry;
	uint64_t size;

	book_open(&b);
	book_grow(&b, 300, 300);
	assert_ok(book_sign(&b, &note));
	for (uint64_t i = 0; i < TILE_WIDTH; i++) {
		assert_ok(ledger_entry(&b.op, &b.ledger, i, &entry, &leaf));
		tile[i] = i == 50 ? forged : leaf;
	}
	struct str hex_leaf = hash_hex(&b.arena, &forged);
	struct str hex_tile = hex_encode(&b.arena, tile, sizeof tile);
	const char *open = b.url.n > 0 ? "decode('" : "x'";
	const char *shut = b.url.n > 0 ? "','hex')" : "'";

	strbuf_init(&sql, &b.arena);
	strbuf_addf(&sql,
	            "UPDATE ledger_entry SET bytes = %s666f72676564%s, leaf = %s%s%s WHERE idx = 50;"
	            "UPDATE ledger_tile SET bytes = %s%s%s WHERE n = 0;",
	            open, shut, open, hex_leaf.s, shut, open, hex_tile.s, shut);
	book_tamper(&b, strbuf_str(&sql).s);
	assert_int_equal(book_sign(&b, &note), RC_BROKEN);
	assert_non_null(strstr(b.op.err.en, "first 300 entries"));
	assert_int_equal(ledger_scrub(&b.op, &b.ledger, &size, &root), RC_BROKEN);
	assert_non_null(strstr(b.op.err.en, "first 300 entries"));
	hasher_free(h);
	book_close(&b);
}

enum { Q_ENTRY, Q_SET_ENTRY, Q_LEAF, Q_SET_LEAF, Q_TILE, Q_SET_TILE };
static const struct sql SQL[] = {
	[Q_ENTRY] = {"SELECT bytes FROM ledger_entry WHERE idx = ?", 1},
	[Q_SET_ENTRY] = {"UPDATE ledger_entry SET bytes = ? WHERE idx = ?", 2},
	[Q_LEAF] = {"SELECT leaf FROM ledger_entry WHERE idx = ?", 1},
	[Q_SET_LEAF] = {"UPDATE ledger_entry SET leaf = ? WHERE idx = ?", 2},
	[Q_TILE] = {"SELECT bytes FROM ledger_tile WHERE n = ?", 1},
	[Q_SET_TILE] = {"UPDATE ledger_tile SET bytes = ? WHERE n = ?", 2},
};

static void a_thousand_flipped_bits_are_all_found(void **state)
{
	struct book b;
	struct store admin;
	struct arena scratch = {0};
	struct op op = {.arena = &scratch};
	struct hash root;
	uint64_t size, seed = 12345;

	book_open(&b);
	book_grow(&b, 600, 600);
	book_tamper(&b, "");
	admin = book_connect(&b, STORE_WRITE);
	for (int i = 0; i < 1000; i++) {
		int kind = i % 3 * 2, row;
		struct rows rows = {0};
		struct str before, after;
		size_t bit;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		row = (int)((seed >> 33) % (kind == Q_TILE ? 2 : 600));
		if (kind == Q_ENTRY && row % 97 == 5)
			row++; /* those are empty */
		assert_ok(db_query(&op, admin.ledger, &SQL[kind], ARGS(sql_int(row)), &rows));
		assert_true(rows_next(&rows));
		before = rows_dup(&scratch, &rows, 0);
		rows_release(&rows);
		after = str_copy(&scratch, before);
		bit = (size_t)(seed >> 7) % (before.n * 8);
		*(char *)(uintptr_t)&after.s[bit / 8] ^= (char)(1 << bit % 8);
		assert_ok(db_exec(&op, admin.ledger, &SQL[kind + 1],
		                  ARGS(sql_bytes(after.s, after.n), sql_int(row))));
		if (ledger_scrub(&op, &b.ledger, &size, &root) != RC_BROKEN)
			fail_msg("kind %d row %d bit %zu was missed", kind, row, bit);
		assert_ok(db_exec(&op, admin.ledger, &SQL[kind + 1],
		                  ARGS(sql_bytes(before.s, before.n), sql_int(row))));
		arena_reset(&scratch);
	}
	assert_ok(ledger_scrub(&op, &b.ledger, &size, &root));
	store_release(&admin);
	arena_release(&scratch);
	book_close(&b);
}

/* Signed with the stolen key of the log itself, and put in by hand. */
static struct str forge(struct book *b, const char *origin, uint64_t size, struct hash root)
{
	struct note *n = ARENA_NEW(&b->arena, struct note);
	struct checkpoint c = {.origin = str_of(origin), .size = size, .root = root};

	n->text = checkpoint_format(&b->arena, &c);
	assert_ok(note_sign(&b->op, n, STR(BOOK_ORIGIN), &b->key));
	return note_format(&b->arena, n);
}

static void a_checkpoint_that_it_did_not_make_stops_the_signer(void **state)
{
	static const struct {
		const char *origin;
		uint64_t size;
		uint8_t wrong_root;
	} FORGED[] = {{BOOK_ORIGIN, 300, 1},
	              {"other.example", 300, 0},
	              {BOOK_ORIGIN, 320, 0},
	              {BOOK_ORIGIN, 1000, 0}};

	for (size_t i = 0; i < COUNT(FORGED); i++) {
		struct book b;
		struct signer s, late;
		struct hash root;
		struct str note;

		book_open(&b);
		book_grow(&b, 300, 300);
		assert_ok(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &b.key, STR(""), &s));
		assert_ok(signer_sign(&b.op, &s, &b.ledger, &note));
		book_grow(&b, 340, 40);
		root = open_note(&b, note).root; /* right for 300 entries, wrong for others */
		root.b[0] ^= FORGED[i].wrong_root;
		note = forge(&b, FORGED[i].origin, FORGED[i].size, root);
		assert_ok(ledger_note_put(&b.op, &b.ledger, FORGED[i].size, note));
		assert_int_equal(signer_sign(&b.op, &s, &b.ledger, &note), RC_BROKEN);
		assert_int_equal(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &b.key, STR(""), &late),
		                 RC_BROKEN);
		signer_release(&s);
		book_close(&b);
	}
}

static void another_key_or_name_cannot_go_on_signing(void **state)
{
	struct book b;
	struct signer s;
	struct str note;
	struct ed25519_key other = ed25519_from_seed((const uint8_t[32]){7});

	book_open(&b);
	book_grow(&b, 3, 3);
	assert_ok(book_sign(&b, &note));
	assert_int_equal(signer_open(&b.op, &b.ledger, STR(BOOK_ORIGIN), &other, STR(""), &s),
	                 RC_BROKEN);
	assert_int_equal(signer_open(&b.op, &b.ledger, STR("x.example"), &b.key, STR(""), &s),
	                 RC_BROKEN);
	assert_int_equal(signer_open(&b.op, &b.ledger, STR("a b"), &b.key, STR(""), &s), RC_INVALID);
	assert_int_equal(signer_open(&b.op, &b.ledger, STR(""), &b.key, STR(""), &s), RC_INVALID);
	book_close(&b);
}

static void a_store_in_memory_is_signed_too(void **state)
{
	struct book b;
	struct store s = {.mode = STORE_WRITE, .lock_fd = -1};
	struct ledger l;
	struct signer signer;
	struct str note;
	struct hash leaf, root;

	book_open(&b);
	assert_ok(db_open_memory(&b.op, &s.ledger));
	assert_ok(ledger_create(&b.op, &s));
	assert_ok(ledger_open(&b.op, &s, &l));
	assert_ok(signer_open(&b.op, &l, STR(BOOK_ORIGIN), &b.key, STR(""), &signer));
	assert_ok(db_begin(&b.op, s.ledger));
	assert_ok(ledger_append(&b.op, &l, STR("one"), &leaf));
	assert_ok(ledger_seal(&b.op, &l));
	assert_ok(db_commit(&b.op, s.ledger));
	ledger_committed(&l);
	assert_ok(signer_sign(&b.op, &signer, &l, &note));
	root = open_note(&b, note).root;
	assert_true(hash_eq(&leaf, &root));
	signer_release(&signer);
	ledger_release(&l);
	db_close(s.ledger);
	book_close(&b);
}

/* The known file: written by one book, then held against others. */
static struct str known_of(uint64_t size)
{
	static char bytes[4096];
	struct book b;
	struct str note;

	book_open(&b);
	book_grow(&b, size, size);
	assert_ok(book_sign(&b, &note));
	assert_true(note.n < sizeof bytes);
	memcpy(bytes, note.s, note.n + 1);
	book_close(&b);
	return (struct str){bytes, strlen(bytes)};
}

static enum rc check(struct book *b, struct str known)
{
	assert_ok(file_write(&b->op, b->known, known, 0644));
	return ledger_check_known(&b->op, &b->ledger, b->known, &b->vkey, STR(BOOK_ORIGIN));
}

static void a_store_that_is_behind_or_forked_is_not_started(void **state)
{
	struct str known = known_of(300);
	struct ed25519_key other = ed25519_from_seed((const uint8_t[32]){7});
	struct book b;
	struct note *n;
	struct hash leaf;

	book_open(&b);
	n = ARENA_NEW(&b.arena, struct note);
	assert_ok(ledger_check_known(&b.op, &b.ledger, b.known, &b.vkey, STR(BOOK_ORIGIN)));
	assert_ok(ledger_check_known(&b.op, &b.ledger, STR(""), &b.vkey, STR(BOOK_ORIGIN)));
	/* Behind: as after a restore of an old copy. */
	book_grow(&b, 299, 299);
	assert_int_equal(check(&b, known), RC_BROKEN);
	assert_non_null(strstr(b.op.err.en, "has 299 entries"));
	assert_non_null(strstr(b.op.err.en, "says 300"));
	/* The same length or longer, the same history. */
	book_grow(&b, 300, 300);
	assert_ok(check(&b, known));
	book_grow(&b, 1000, 300);
	assert_ok(check(&b, known));
	/* Not ours: no note, another key's, another ledger's. */
	assert_int_equal(check(&b, STR("")), RC_BROKEN);
	assert_int_equal(check(&b, STR("x\n")), RC_BROKEN);
	assert_ok(note_parse(&b.op, known, n));
	n->nsigs = 0;
	assert_ok(note_sign(&b.op, n, STR(BOOK_ORIGIN), &other));
	assert_int_equal(check(&b, note_format(&b.arena, n)), RC_BROKEN);
	n->nsigs = 0;
	n->text = str_fmt(&b.arena, "x%s", n->text.s);
	assert_ok(note_sign(&b.op, n, STR(BOOK_ORIGIN), &b.key));
	assert_int_equal(check(&b, note_format(&b.arena, n)), RC_BROKEN);
	assert_non_null(strstr(b.op.err.en, "is of x" BOOK_ORIGIN));
	book_close(&b);
	/* Forked: as long, other entries. */
	book_open(&b);
	assert_ok(store_begin(&b.op, &b.store));
	assert_ok(ledger_append(&b.op, &b.ledger, STR("another first"), &leaf));
	assert_ok(ledger_seal(&b.op, &b.ledger));
	assert_ok(store_commit(&b.op, &b.store));
	ledger_committed(&b.ledger);
	book_grow(&b, 400, 400);
	assert_int_equal(check(&b, known), RC_BROKEN);
	assert_non_null(strstr(b.op.err.en, "forked"));
	book_close(&b);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(each_checkpoint_is_consistent_with_the_one_before),
		cmocka_unit_test(nothing_uncommitted_is_signed),
		cmocka_unit_test(a_cosigned_form_is_the_newest_note),
		cmocka_unit_test(damage_to_new_entries_is_seen_and_nothing_is_signed),
		cmocka_unit_test(a_signer_goes_on_when_the_damage_is_mended),
		cmocka_unit_test(damage_to_signed_entries_is_found),
		cmocka_unit_test(a_rewritten_history_does_not_reproduce_the_signed_root),
		cmocka_unit_test(a_thousand_flipped_bits_are_all_found),
		cmocka_unit_test(a_checkpoint_that_it_did_not_make_stops_the_signer),
		cmocka_unit_test(another_key_or_name_cannot_go_on_signing),
		cmocka_unit_test(a_store_in_memory_is_signed_too),
		cmocka_unit_test(a_store_that_is_behind_or_forked_is_not_started),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
