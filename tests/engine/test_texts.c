/* SPDX-License-Identifier: Apache-2.0 */
/* test_texts.c -- a name typed into a field is nowhere in the ledger, and after a shred nowhere. */
#include "kit/check.h"

#include <dirent.h>

#include "kit/toy_setup.h"

#define NAME "欧阳试验"

/* Does any file of a folder hold these bytes? */
static bool folder_holds(struct str dir, const char *bytes)
{
	DIR *d = opendir(dir.s);
	struct dirent *e;
	bool found = false;

	assert_non_null(d);
	while ((e = readdir(d))) {
		struct arena a = {0};
		struct op op = {.arena = &a};
		struct str path, all;

		if (e->d_name[0] == '.')
			continue;
		path = str_fmt(&a, STR_FMT "/%s", STR_ARG(dir), e->d_name);
		if (e->d_type == DT_DIR)
			found = found || folder_holds(path, bytes);
		else if (file_read(&op, path, LIMIT_BLOB, &all) == RC_OK)
			found = found || memmem(all.s, all.n, bytes, strlen(bytes));
		arena_release(&a);
	}
	closedir(d);
	return found;
}

static bool ledger_holds(const char *bytes)
{
	for (uint64_t i = 0; i < kit_size(&K); i++) {
		struct str e = kit_entry(&K, i);
		if (memmem(e.s, e.n, bytes, strlen(bytes)))
			return true;
	}
	return false;
}

static enum rc text_of(int64_t vault, struct str *ret)
{
	return vault_get(&K.op, &K.w.vault, vault, (struct str){NULL, 0}, ret);
}

static int64_t note_vault(void)
{
	return kit_sql(&K, "SELECT note FROM toy_note ORDER BY idx DESC");
}

static void a_name_is_in_the_vault_and_nowhere_else(void **state)
{
	struct str text;

	(void)state;
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"" NAME "\",\"person\":5}",
	            NULL));
	assert_ok(writer_idle(&K.w));
	assert_false(ledger_holds(NAME));
	assert_false(folder_holds(K.dir, NAME));
	assert_ok(text_of(note_vault(), &text));
	assert_str(text, NAME);
}

static void a_name_typed_into_any_field_is_refused_or_vaulted(void **state)
{
	static const char *const ROWS[][2] = {
		{"toy.arrive",
		 "{\"place\":\"" NAME "\",\"code\":\"P1\",\"asset\":\"sheets\",\"sheets\":1}"},
		{"toy.arrive",
		 "{\"place\":\"" HALL "\",\"code\":\"" NAME "\","
		 "\"asset\":\"sheets\",\"sheets\":1}"},
		{"toy.arrive",
		 "{\"place\":\"" HALL "\",\"code\":\"P1\","
		 "\"asset\":\"" NAME "\",\"sheets\":1}"},
		{"toy.arrive",
		 "{\"place\":\"" HALL "\",\"code\":\"P1\",\"asset\":\"sheets\","
		 "\"sheets\":\"" NAME "\"}"},
		{"toy.note", "{\"place\":\"" HALL "\",\"note\":\"" NAME "\",\"hint\":\"" NAME "\"}"},
		{"toy.note", "{\"place\":\"" HALL "\",\"note\":\"x\",\"person\":\"" NAME "\"}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		enum rc rc = kit_do(&K, 1, ROWS[i][0], ROWS[i][1], NULL);
		assert_true(rc == RC_OK || rc == RC_INVALID);
	}
	assert_ok(writer_idle(&K.w));
	assert_int_equal(kit_count(&K, "toy.noted"), 1);
	assert_false(ledger_holds(NAME));
	assert_false(folder_holds(K.dir, NAME));
}

static void opening_is_an_event_and_needs_the_right(void **state)
{
	struct str data;

	(void)state;
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"" NAME "\"}", NULL));
	data = str_fmt(&K.arena, "{\"vault\":%lld,\"purpose\":\"核对身份\"}", (long long)note_vault());
	assert_int_equal(kit_do(&K, 1, "vault.open", data.s, NULL), RC_DENIED);
	kit_close(&K);
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 1);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_grant(&K, 3, "toy_chief", "");
	kit_found(&K);
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"" NAME "\"}", NULL));
	data = str_fmt(&K.arena, "{\"vault\":%lld,\"purpose\":\"核对身份\"}", (long long)note_vault());
	must(kit_do(&K, 3, "vault.open", data.s, NULL));
	assert_int_equal(kit_count(&K, "vault.opened"), 1);
	assert_int_equal(kit_do(&K, 3, "vault.open", "{\"vault\":5,\"purpose\":\"核对\"}", NULL),
	                 RC_NOT_FOUND);
}

static void after_a_shred_the_ledger_is_whole_and_the_text_is_gone(void **state)
{
	struct str text;
	struct hash before, after;
	int64_t vault;

	(void)state;
	kit_close(&K);
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 1);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_grant(&K, 3, "toy_chief", "");
	kit_grant(&K, 4, "toy_chief", "");
	kit_found(&K);
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"" NAME "\",\"person\":5}",
	            NULL));
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"另一人\",\"person\":6}", NULL));
	vault = kit_sql(&K, "SELECT note FROM toy_note WHERE person = 5 ORDER BY idx");
	before = kit_root(&K);
	must(kit_do(&K, 3, "vault.shred", "{\"subject\":5}", "remover=badge:3"));
	assert_true(K.answer.waiting);
	assert_ok(text_of(vault, &text));
	must(kit_do(&K, 3, "vault.shred", "{\"subject\":5}", "remover=badge:3 remover=badge:4"));
	assert_int_equal(text_of(vault, &text), RC_NOT_FOUND);
	assert_ok(text_of(note_vault(), &text));
	assert_str(text, "另一人");
	after = kit_root(&K);
	assert_false(hash_eq(&before, &after));
	kit_reopen(&K);
	kit_check_rebuild(&K, (const char *const[]){"vault_removal", "toy_note", NULL});
}

static void texts_of_a_half_signed_act_wait_in_the_vault(void **state)
{
	struct str data, text;

	(void)state;
	must(kit_do(&K, 1, "toy.sealed_note", "{\"place\":\"" HALL "\",\"note\":\"" NAME "\"}",
	            "giver=badge:1"));
	assert_true(K.answer.waiting);
	data = str_fmt(&K.arena, "{\"begun\":%lld}", (long long)K.answer.index);
	kit_reopen(&K);
	must(kit_do(&K, 2, "slot.sign", data.s, "receiver=badge:2"));
	assert_int_equal(kit_count(&K, "toy.noted"), 1);
	assert_ok(text_of(note_vault(), &text));
	assert_str(text, NAME);
	assert_false(ledger_holds(NAME));
}

static int64_t vault_rows(void)
{
	struct rows rows = {0};
	int64_t n;

	assert_ok(db_query_text(&K.op, K.store.ledger, STR("SELECT COUNT(*) FROM vault_item"), &rows));
	n = rows_next(&rows) ? rows_int(&rows, 0) : -1;
	rows_release(&rows);
	return n;
}

/* Trying an act that would wait for signatures leaves nothing behind, in the vault neither. */
static void a_trial_keeps_no_text(void **state)
{
	struct beside b = {.field = STR("note"), .text = STR(NAME), .salt = {1}};
	struct hash h = hash_hmac_sha256(b.salt, sizeof(b.salt), b.text.s, b.text.n);
	struct signed_slot s = {.slot = STR("giver"), .person = {1}, .how = SLOT_BADGE};
	struct request r = {.command = STR("toy.sealed_note"), .actor = {1}, .source = SOURCE_OFFICE,
	                    .key = STR("00000000-0000-7000-8000-cccccccccccc"), .beside = &b,
	                    .nbeside = 1, .slots = &s, .nslots = 1};
	struct json *in;
	int64_t rows = vault_rows();

	(void)state;
	b.mac = hash_hex(&K.arena, &h);
	assert_ok(json_read(
		&K.op, str_fmt(&K.arena, "{\"place\":\"" HALL "\",\"note\":\"%s\"}", b.mac.s), &in));
	r.data = in;
	assert_ok(writer_try(&K.w, &r, &K.answer));
	assert_int_equal(K.answer.rc, RC_OK);
	assert_true(K.answer.waiting);
	assert_int_equal(vault_rows(), rows);
}

/* The shred is durable when it is answered; a reader only puts off the emptying of the log file. */
static void a_reader_does_not_make_a_shred_fail(void **state)
{
	struct rows rows = {0};
	struct db *reader;

	(void)state;
	if (K.store.one)
		skip();
	kit_close(&K);
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 1);
	kit_grant(&K, 3, "toy_chief", "");
	kit_grant(&K, 4, "toy_chief", "");
	kit_found(&K);
	assert_ok(db_open_sqlite(&K.op, str_fmt(&K.arena, STR_FMT "/ledger.db", STR_ARG(K.dir)),
	                         DB_READ, &reader));
	assert_ok(db_begin_read(&K.op, reader));
	assert_ok(db_query_text(&K.op, reader, STR("SELECT COUNT(*) FROM ledger_entry"), &rows));
	assert_true(rows_next(&rows));
	rows_release(&rows);
	must(kit_do(&K, 3, "vault.shred", "{\"subject\":5}", "remover=badge:3 remover=badge:4"));
	assert_int_equal(kit_count(&K, "vault.shredded"), 1);
	assert_true(K.w.flush);
	db_rollback(reader);
	db_close(reader);
	assert_ok(writer_idle(&K.w));
	assert_false(K.w.flush);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_name_is_in_the_vault_and_nowhere_else),
		T(a_name_typed_into_any_field_is_refused_or_vaulted),
		T(opening_is_an_event_and_needs_the_right),
		T(after_a_shred_the_ledger_is_whole_and_the_text_is_gone),
		T(texts_of_a_half_signed_act_wait_in_the_vault), T(a_trial_keeps_no_text),
		T(a_reader_does_not_make_a_shred_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
