/* SPDX-License-Identifier: Apache-2.0 */
/* test_entries.c -- faults in entries, their order, leaves, tiles and checkpoints, each planted in
 * an otherwise sound ledger and named by kind and index. */
#include "hand.h"

#include <unistd.h>

static struct report *export_of(struct hand *h)
{
	return hand_audit(h, hand_export(h, "out"), NULL, NULL);
}

/* The whole ledger is written anew over the edited entry and signed: only the entry is wrong. */
static void a_malformed_entry_is_named(void **state)
{
	static const struct {
		const char *from, *to;
	} BAD[] = {
		{"\"v\":1}", "\"v\":1 }"},
		{"{\"actor\":0,\"auth\":17,", "{\"auth\":17,\"actor\":0,"},
		{"\"v\":1", "\"v\":0"},
		{"\"v\":1", "\"v\":1.0"},
		{"\"v\":1", "\"v\":\"1\""},
		{",\"v\":1", ""},
		{",\"v\":1", ",\"v\":1,\"zz\":1"},
		{"\"actor\":0", "\"actor\":-1"},
		{"\"clock\":\"system\"", "\"clock\":\"other\""},
		{"\"data\":{}", "\"data\":[]"},
		{"\"nonce\":\"0", "\"nonce\":\""},
		{"\"place\":\"\"", "\"place\":\"SC/cd\""},
		{"\"place\":\"\"", "\"place\":\"sc//cd\""},
		{"\"source\":\"system\"", "\"source\":\"rumour\""},
		{"000Z\"", "000\""},
		{"000Z\"", "000+00:00\""},
		{"\"type\":\"timer.ticked\"", "\"type\":\"\""},
		{"\"type\":\"timer.ticked\"", "\"type\":\"timer.tick\\u0065d\""},
		{"\"place\":\"\",", "\"place\":\"\",\"slots\":[],"},
		{"\"place\":\"\",",
		 "\"place\":\"\",\"slots\":[{\"how\":\"badge\",\"person\":1,\"slot\":\"x\"}],"},
		{"{", "["},
		{"\"exam\"", "\"exam\xff\""},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		hand_open(&h);
		hand_full(&h, 40);
		hand_edit(&h, 33, BAD[i].from, BAD[i].to);
		assert_only(export_of(&h), FINDING_ENTRY, 33);
		hand_close(&h);
	}
}

static void an_entry_too_large_is_named(void **state)
{
	struct hand h;
	struct strbuf b;

	(void)state;
	hand_open(&h);
	hand_full(&h, 40);
	hand_folder(&h, "data");
	strbuf_init(&b, &h.arena);
	strbuf_addz(&b, "UPDATE ledger_entry SET bytes = zeroblob(70000) WHERE idx = 33");
	hand_sql(&h, "data/ledger.db", strbuf_str(&b).s);
	assert_found(hand_audit(&h, hand_path(&h, "data"), NULL, NULL), FINDING_ENTRY, 33);
	hand_close(&h);
}

static void entries_out_of_order_are_named(void **state)
{
	static const struct {
		const char *from, *to;
	} BAD[] = {
		{"\"idx\":33", "\"idx\":34"},
		{"\"idx\":33", "\"idx\":3300"},
		{"\"time\":\"2025-06-06T01:00:34", "\"time\":\"2025-06-06T01:00:32"},
		{"\"auth\":17,", "\"auth\":17,\"cause\":33,"},
		{"\"auth\":17,", "\"auth\":17,\"cause\":40,"},
		{"\"auth\":17", "\"auth\":16"},
		{"\"auth\":17", "\"auth\":-1"},
		{"\"type\":\"timer.ticked\"", "\"type\":\"ledger.genesis\""},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		hand_open(&h);
		hand_full(&h, 40);
		hand_edit(&h, 33, BAD[i].from, BAD[i].to);
		assert_found(export_of(&h), FINDING_ORDER, 33);
		hand_close(&h);
	}
}

/* Rows come 256 at a time; a gap among them is no whole tile. */
static void a_gap_among_many_rows_is_named(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 600);
	hand_folder(&h, "data");
	hand_sql(&h, "data/ledger.db", "DELETE FROM ledger_entry WHERE idx = 130");
	assert_found(hand_audit(&h, hand_path(&h, "data"), NULL, NULL), FINDING_ORDER, 130);
	hand_close(&h);
}

static void time_that_goes_back_is_one_finding(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 40);
	hand_edit(&h, 33, "\"time\":\"2025-06-06T01:00:34", "\"time\":\"2025-06-06T01:00:32");
	assert_only(export_of(&h), FINDING_ORDER, 33);
	hand_close(&h);
}

static void a_ledger_without_genesis_is_named(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 40);
	hand_edit(&h, 0, "ledger.genesis", "timer.ticked");
	assert_found(export_of(&h), FINDING_ORDER, 0);
	hand_close(&h);
}

static void a_malformed_genesis_is_named(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 40);
	hand_edit(&h, 0, "\"format\":1", "\"format\":2");
	assert_found(export_of(&h), FINDING_ENTRY, 0);
	hand_close(&h);
}

static void a_hidden_authority_event_breaks_the_chain(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_found(&h);
	hand_write(&h, &(struct pen){.type = "timer.ticked"});
	hand_edit(&h, AT_GRANTS, "authority.granted", "timer.ticked");
	assert_found(export_of(&h), FINDING_ORDER, AT_GRANTS + 1);
	hand_close(&h);
}

/* Each script changes a database whose notes are left as they were. */
static void sql_on_the_database_is_named(void **state)
{
	static const struct {
		const char *script;
		enum finding_kind kind;
		int64_t index;
	} BAD[] = {
		{"UPDATE ledger_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"v\":1', "
		 "'\"v\":2')"
		 " AS BLOB) WHERE idx = 290", FINDING_LEAF, 290},
		{"UPDATE ledger_entry SET leaf = zeroblob(32) WHERE idx = 290", FINDING_LEAF, 290},
		{"UPDATE ledger_entry SET leaf = x'00' WHERE idx = 290", FINDING_LEAF, 290},
		{"DELETE FROM ledger_entry WHERE idx = 290", FINDING_ORDER, 290},
		{"DELETE FROM ledger_entry WHERE idx >= 290", FINDING_CHECKPOINT, 290},
		{"DELETE FROM ledger_entry", FINDING_ORDER, 0},
		{"UPDATE ledger_entry SET idx = 900 WHERE idx = 299", FINDING_ORDER, 299},
		{"UPDATE ledger_entry SET idx = 9000000000000 WHERE idx = 299", FINDING_ORDER, 299},
		{"UPDATE ledger_entry SET idx = -7 WHERE idx = 299", FINDING_ORDER, 0},
		{"INSERT INTO ledger_entry SELECT 0, 300, bytes, leaf FROM ledger_entry WHERE idx "
		 "= 7",
		 FINDING_ORDER, 300},
		{"INSERT INTO ledger_entry SELECT 0, 300, bytes, leaf FROM ledger_entry WHERE idx "
		 "= 7",
		 FINDING_CHECKPOINT, 300},
		{"UPDATE ledger_tile SET bytes = zeroblob(8192)", FINDING_TILE, 0},
		{"UPDATE ledger_tile SET bytes = CAST(substr(bytes, 1, 32 * 77) || zeroblob(5728) "
		 "AS BLOB)",
		 FINDING_TILE, 77},
		{"UPDATE ledger_tile SET bytes = zeroblob(3)", FINDING_TILE, 0},
		{"UPDATE ledger_tile SET bytes = CAST(bytes || x'00' AS BLOB)", FINDING_TILE, 0},
		{"DELETE FROM ledger_tile", FINDING_TILE, 0},
		{"INSERT INTO ledger_tile VALUES (0, 0, 1, zeroblob(8192))", FINDING_TILE,
		 NO_INDEX},
		{"INSERT INTO ledger_tile VALUES (0, 3, 0, zeroblob(8192))", FINDING_TILE,
		 NO_INDEX},
		{"INSERT INTO ledger_tile VALUES (0, 99, 0, zeroblob(8192))", FINDING_TILE,
		 NO_INDEX},
		{"INSERT INTO ledger_tile VALUES (0, 0, -1, zeroblob(8192))", FINDING_TILE,
		 NO_INDEX},
		{"DELETE FROM ledger_note", FINDING_CHECKPOINT, NO_INDEX},
		{"UPDATE ledger_note SET size = 299 WHERE size = 300", FINDING_NOTE, NO_INDEX},
		{"UPDATE ledger_note SET size = 301 WHERE size = 300", FINDING_NOTE, NO_INDEX},
		{"UPDATE ledger_note SET note = 'x' WHERE size = 200", FINDING_NOTE, NO_INDEX},
		{"UPDATE ledger_note SET note = replace(note, 'A', 'B') WHERE size = 300",
		 FINDING_CHECKPOINT, NO_INDEX},
		{"UPDATE ledger_fence SET size = 299", FINDING_CHECKPOINT, 299},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		const struct report *r;

		hand_open(&h);
		h.note_at[0] = 200;
		hand_full(&h, 300);
		hand_folder(&h, "data");
		hand_sql(&h, "data/ledger.db", BAD[i].script);
		r = hand_audit(&h, hand_path(&h, "data"), NULL, NULL);
		if (hand_found_at(r, BAD[i].kind, BAD[i].index) == 0)
			print_error("%s\n", BAD[i].script);
		assert_found(r, BAD[i].kind, BAD[i].index);
		hand_close(&h);
	}
}

/* Bytes, leaf and tiles agree with each other, and only the signatures do not. */
static void a_rewritten_store_does_not_match_its_checkpoints(void **state)
{
	struct hand h;
	struct str note;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	note = hand_note(&h, 300, 0);
	hand_edit(&h, 290, "\"nonce\":\"0", "\"nonce\":\"1");
	hand_export(&h, "out");
	hand_file(&h, "out/checkpoint", note);
	assert_only(hand_audit(&h, hand_path(&h, "out"), NULL, NULL), FINDING_CHECKPOINT, 0);
	hand_close(&h);
}

static void the_range_of_a_change_lies_between_two_checkpoints(void **state)
{
	struct hand h, changed;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	hand_open(&changed);
	changed.note_at[0] = 200;
	hand_full(&changed, 300);
	hand_edit(&changed, 290, "\"nonce\":\"0", "\"nonce\":\"1");
	hand_folder(&changed, "data");
	hand_sql(&changed, "data/ledger.db", str_fmt(&h.arena,
	         "UPDATE ledger_note SET note = '%s' WHERE size = 300", hand_note(&h, 300, 0).s).s);
	assert_only(hand_audit(&changed, hand_path(&changed, "data"), NULL, NULL),
	            FINDING_CHECKPOINT, 200);
	hand_close(&h);
	hand_close(&changed);
}

static void new_entries_may_await_their_checkpoint_for_a_minute(void **state)
{
	struct hand h;
	struct str dir;
	const struct report *r;

	(void)state;
	hand_open(&h);
	h.note_at[0] = 298;
	hand_full(&h, 300);
	dir = hand_folder(&h, "data");
	hand_sql(&h, "data/ledger.db", "DELETE FROM ledger_note WHERE size = 300");
	h.op.now_ms = h.time_ms + 30000;
	r = hand_audit(&h, dir, NULL, NULL);
	assert_clean(r);
	assert_true(hand_unchecked(r, FINDING_CHECKPOINT));
	h.op.now_ms = h.time_ms + 90000;
	assert_only(hand_audit(&h, dir, NULL, NULL), FINDING_CHECKPOINT, 298);
	hand_close(&h);
}

static void an_export_with_damaged_tiles_is_named(void **state)
{
	static const struct {
		const char *remove, *write;
		enum finding_kind kind;
		int64_t index;
	} BAD[] = {
		{"tile/0/000", NULL, FINDING_TILE, 0},
		{"tile/0/001.p/44", NULL, FINDING_TILE, 256},
		{"tile/1/000.p/1", NULL, FINDING_TILE, 0},
		{"tile/entries/000", NULL, FINDING_TILE, 0},
		{"tile/entries/001.p/44", NULL, FINDING_CHECKPOINT, 256},
		{NULL, "tile/0/001", FINDING_TILE, NO_INDEX},
		{NULL, "tile/0/001.p/45", FINDING_TILE, NO_INDEX},
		{NULL, "tile/0/001.p/43", FINDING_TILE, 256},
		{NULL, "tile/entries/001.p/43", FINDING_TILE, 256},
		{NULL, "tile/2/000.p/1", FINDING_TILE, NO_INDEX},
		{NULL, "tile/notes.txt", FINDING_TILE, NO_INDEX},
		{NULL, "tile/9/000", FINDING_TILE, NO_INDEX},
		{"checkpoint", NULL, FINDING_CHECKPOINT, NO_INDEX},
		{"vkey", NULL, FINDING_KEY, NO_INDEX},
		{NULL, "vkey", FINDING_KEY, NO_INDEX},
		{NULL, "checkpoint", FINDING_NOTE, NO_INDEX},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		const struct report *r;

		hand_open(&h);
		hand_full(&h, 300);
		hand_export(&h, "out");
		if (BAD[i].remove)
			assert_int_equal(unlink(hand_path(&h,
			                                  str_fmt(&h.arena, "out/%s",
			                                          BAD[i].remove).s).s), 0);
		if (BAD[i].write)
			hand_file(&h, str_fmt(&h.arena, "out/%s", BAD[i].write).s, STR("x"));
		r = hand_audit(&h, hand_path(&h, "out"), NULL, NULL);
		if (hand_found_at(r, BAD[i].kind, BAD[i].index) == 0)
			print_error("%s %s\n", BAD[i].remove ? BAD[i].remove : "",
			            BAD[i].write ? BAD[i].write : "");
		assert_found(r, BAD[i].kind, BAD[i].index);
		hand_close(&h);
	}
}

static void a_tile_with_something_after_it_is_named(void **state)
{
	struct hand h;
	struct str tile;
	struct strbuf b;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	hand_export(&h, "out");
	tile = hand_read(&h, "out/tile/0/001.p/44");
	strbuf_init(&b, &h.arena);
	strbuf_adds(&b, tile);
	strbuf_addc(&b, 'x');
	hand_file(&h, "out/tile/0/001.p/44", strbuf_str(&b));
	assert_only(hand_audit(&h, hand_path(&h, "out"), NULL, NULL), FINDING_TILE, 256);
	hand_close(&h);
}

/* An earlier export's partial tiles may stay, as tlog-tiles allows, when they are prefixes. */
static void partial_tiles_of_an_earlier_export_may_stay(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 270);
	hand_export(&h, "out");
	while (h.n < 290)
		hand_write(&h, &(struct pen){.type = "timer.ticked"});
	assert_clean(export_of(&h));
	hand_close(&h);
}

static void findings_of_a_kind_are_counted_beyond_the_kept(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	for (size_t i = 40; i < 290; i++)
		hand_edit(&h, i, "\"v\":1", "\"v\":0");
	r = export_of(&h);
	assert_int_equal(r->count[FINDING_ENTRY], 250);
	assert_int_equal(r->n, REPORT_MAX);
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_malformed_entry_is_named),
		cmocka_unit_test(an_entry_too_large_is_named),
		cmocka_unit_test(entries_out_of_order_are_named),
		cmocka_unit_test(a_gap_among_many_rows_is_named),
		cmocka_unit_test(time_that_goes_back_is_one_finding),
		cmocka_unit_test(a_ledger_without_genesis_is_named),
		cmocka_unit_test(a_malformed_genesis_is_named),
		cmocka_unit_test(a_hidden_authority_event_breaks_the_chain),
		cmocka_unit_test(sql_on_the_database_is_named),
		cmocka_unit_test(a_rewritten_store_does_not_match_its_checkpoints),
		cmocka_unit_test(the_range_of_a_change_lies_between_two_checkpoints),
		cmocka_unit_test(new_entries_may_await_their_checkpoint_for_a_minute),
		cmocka_unit_test(an_export_with_damaged_tiles_is_named),
		cmocka_unit_test(a_tile_with_something_after_it_is_named),
		cmocka_unit_test(partial_tiles_of_an_earlier_export_may_stay),
		cmocka_unit_test(findings_of_a_kind_are_counted_beyond_the_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
