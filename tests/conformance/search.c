/* SPDX-License-Identifier: Apache-2.0 */
/* search.c -- see search.h. */
#include "kit/check.h"

#include "conformance/search.h"

#include <dirent.h>

#include "base/limits.h"
#include "ledger/note.h"
#include "ledger/signer.h"

static bool holds(struct arena *a, struct str hay, struct str bytes)
{
	struct str hex = hex_encode(a, bytes.s, bytes.n);

	return memmem(hay.s, hay.n, bytes.s, bytes.n) || memmem(hay.s, hay.n, hex.s, hex.n);
}

bool entries_hold(struct kit *k, struct str bytes)
{
	uint64_t i;

	for (i = 0; i < kit_size(k); i++)
		if (holds(&k->arena, kit_entry(k, i), bytes))
			return true;
	return false;
}

static bool table_holds(struct kit *k, struct db *db, struct str table, struct str bytes)
{
	struct str text = str_fmt(&k->arena, "SELECT * FROM %s", table.s);
	struct rows rows = {0};
	bool found = false;
	int i;

	assert_ok(db_query_text(&k->op, db, text, &rows));
	while (rows_next(&rows))
		for (i = 0; i < rows_columns(&rows) && !found; i++)
			if (rows_type(&rows, i) == SQL_TEXT || rows_type(&rows, i) == SQL_BYTES)
				found = holds(&k->arena, rows_str(&rows, i), bytes);
	rows_release(&rows);
	return found;
}

bool tables_hold(struct kit *k, struct str bytes)
{
	struct db *const dbs[] = {k->store.ledger, k->store.view};
	struct str *tables;
	bool found = false;
	size_t n, i, j;

	for (i = 0; i < COUNT(dbs); i++) {
		assert_ok(db_tables(&k->op, dbs[i], &tables, &n));
		assert_true(n > 0);
		for (j = 0; j < n && !found; j++)
			found = table_holds(k, dbs[i], tables[j], bytes);
	}
	return found;
}

static bool file_holds(struct str path, struct str bytes)
{
	CHECK_OP(op);
	struct str all;
	bool found;

	assert_ok(file_read(&op, path, LIMIT_BLOB, &all));
	found = holds(op.arena, all, bytes);
	check_op_release(&op);
	return found;
}

bool folder_holds(struct str dir, struct str bytes)
{
	DIR *d = opendir(dir.s);
	struct dirent *e;
	bool found = false;

	assert_non_null(d);
	while (!found && (e = readdir(d))) {
		struct arena a = {0};
		struct str path = str_fmt(&a, STR_FMT "/%s", STR_ARG(dir), e->d_name);

		if (e->d_type == DT_DIR && strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			found = folder_holds(path, bytes);
		else if (e->d_type == DT_REG)
			found = file_holds(path, bytes);
		arena_release(&a);
	}
	closedir(d);
	return found;
}

struct str export_beside(struct kit *k)
{
	static const uint8_t SEED[32] = {3};
	struct ed25519_key key = ed25519_from_seed(SEED);
	struct str dir = str_fmt(&k->arena, STR_FMT "-export-%d", STR_ARG(k->dir), ++k->keys);
	struct note_key vkey = note_key_of(k->w.origin, NOTE_ED25519, &key.pub);
	struct signer signer;
	struct str note;
	struct hash root;
	uint64_t size;

	assert_ok(signer_open(&k->op, &k->w.ledger, k->w.origin, &key, STR(""), &signer));
	assert_ok(signer_sign(&k->op, &signer, &k->w.ledger, &note));
	signer_release(&signer);
	assert_ok(ledger_export(&k->op, &k->w.ledger, dir, &vkey, &size, &root));
	assert_int_equal(size, kit_size(k));
	return dir;
}
