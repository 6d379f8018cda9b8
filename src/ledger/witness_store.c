/* SPDX-License-Identifier: Apache-2.0 */
/* witness_store.c -- the folder of a witness: one small SQLite file and a key.
 *
 * A row is never taken away and its size never goes down: the database itself refuses both, also
 * to a program that has forgotten the check.
 */
#include "ledger/witness_store.h"

#include "db/migrate.h"
#include "db/store.h"

enum { Q_LOGS, Q_LOG_PUT, Q_TREE_PUT, Q_TREE, Q_MOVE, Q_KNOWN };
static const struct sql SQL[] = {
	[Q_LOGS] = {"SELECT vkey FROM witness_log ORDER BY vkey", 0},
	[Q_LOG_PUT] = {"INSERT INTO witness_log(vkey, origin) VALUES (?, ?)", 2},
	[Q_TREE_PUT] = {"INSERT INTO witness_tree(origin, size, root, note) VALUES (?, 0, ?, '')", 2},
	[Q_TREE] = {"SELECT size, root, note FROM witness_tree WHERE origin = ?", 1},
	[Q_MOVE] = {"UPDATE witness_tree SET size = ?, root = ?, note = ?"
	            " WHERE origin = ? AND size = ? AND root = ?", 6},
	[Q_KNOWN] = {"SELECT 1 FROM witness_tree WHERE origin = ?", 1},
};

static const struct migration STEPS[] = {{
	.name = "witness",
	.ddl = "CREATE TABLE witness_log(vkey {text} PRIMARY KEY, origin {text} NOT NULL);"
	       "CREATE TABLE witness_tree(origin {text} PRIMARY KEY, size {id} NOT NULL,"
	       " root {bytes} NOT NULL, note {text} NOT NULL);",
	.sqlite_only =
		"CREATE TRIGGER witness_tree_no_delete BEFORE DELETE ON witness_tree"
		" BEGIN SELECT RAISE(ABORT, 'witness_tree keeps its rows'); END;"
		"CREATE TRIGGER witness_tree_no_return BEFORE UPDATE ON witness_tree"
		" WHEN NEW.size < OLD.size OR NEW.origin <> OLD.origin"
		" OR (NEW.size = OLD.size AND NEW.root <> OLD.root)"
		" BEGIN SELECT RAISE(ABORT, 'witness_tree never goes back'); END;",
}};

static struct str in_dir(struct op *op, struct str dir, const char *name)
{
	return str_fmt(op->arena, STR_FMT "/%s", STR_ARG(dir), name);
}

enum rc witness_tree_get(struct op *op, struct db *db, struct str origin,
                         struct witness_tree *ret)
{
	AUTO(rows) rows = {0};
	struct witness_tree t;
	struct str root;

	TRY(db_query(op, db, &SQL[Q_TREE], ARGS(sql_text(origin)), &rows));
	if (!rows_next(&rows) || rows_int(&rows, 0) < 0 || rows_str(&rows, 1).n != sizeof t.root.b)
		return fail(op, RC_BROKEN, "data", "", "witness.db 中台账 " STR_FMT " 的记录缺失或损坏",
		            "the row of log " STR_FMT " in witness.db is missing or damaged",
		            STR_ARG(origin));
	t.size = (uint64_t)rows_int(&rows, 0);
	root = rows_str(&rows, 1);
	memcpy(t.root.b, root.s, sizeof t.root.b);
	t.note = rows_dup(op->arena, &rows, 2);
	*ret = t;
	return RC_OK;
}

enum rc witness_tree_move(struct op *op, struct db *db, struct str origin,
                          const struct witness_tree *from, const struct witness_tree *to)
{
	int64_t changed;

	TRY(db_change(op, db, &SQL[Q_MOVE],
	              ARGS(sql_int((int64_t)to->size), sql_bytes(to->root.b, sizeof to->root.b),
	                   sql_text(to->note), sql_text(origin), sql_int((int64_t)from->size),
	                   sql_bytes(from->root.b, sizeof from->root.b)),
	              &changed));
	if (changed != 1)
		return fail(op, RC_BROKEN, "data", "", "witness.db 在核对与写入之间被改动",
		            "witness.db was changed between the check and the write");
	return RC_OK;
}

static enum rc log_put(struct op *op, struct db *db, const struct note_key *k)
{
	struct hash empty = hash_sha256("", 0);
	struct rows rows = {0};
	bool known;

	TRY(db_exec(op, db, &SQL[Q_LOG_PUT],
	            ARGS(sql_text(note_vkey_format(op->arena, k)), sql_text(k->name))));
	TRY(db_query(op, db, &SQL[Q_KNOWN], ARGS(sql_text(k->name)), &rows));
	known = rows_next(&rows);
	rows_release(&rows);
	if (known)
		return RC_OK;
	return db_exec(op, db, &SQL[Q_TREE_PUT],
	               ARGS(sql_text(k->name), sql_bytes(empty.b, sizeof empty.b)));
}

static enum rc logs_put(struct op *op, struct db *db, const struct note_key *logs, int n)
{
	enum rc rc = migrate_run(op, db, STEPS, (int)COUNT(STEPS));

	if (rc == RC_OK)
		rc = db_begin(op, db);
	for (int i = 0; rc == RC_OK && i < n; i++)
		rc = log_put(op, db, &logs[i]);
	if (rc == RC_OK)
		rc = db_commit(op, db);
	if (db_in_tx(db))
		db_rollback(db);
	return rc;
}

static enum rc create_checks(struct op *op, struct str dir, struct str name,
                             const struct note_key *logs, int n)
{
	if (file_exists(in_dir(op, dir, "witness.key")) ||
	    file_exists(in_dir(op, dir, "witness.db")) || file_exists(in_dir(op, dir, "format")))
		return fail(op, RC_CONFLICT, "data", "", STR_FMT " 中已有数据，请另选空文件夹",
		            "there is something in " STR_FMT " already: choose an empty folder",
		            STR_ARG(dir));
	if (!note_name_valid(name))
		return fail(op, RC_INVALID, "name", "C2SP signed-note", "名称为空、含空白字符或加号",
		            "the name is empty, or has a space or a plus sign");
	if (n < 1 || n > LIMIT_WITNESS_LOGS)
		return fail(op, RC_INVALID, "log", "", "受理的台账应为 1 至 %d 本",
		            "a witness knows 1 to %d logs", LIMIT_WITNESS_LOGS);
	for (int i = 0; i < n; i++) {
		if (logs[i].alg != NOTE_ED25519)
			return fail(op, RC_INVALID, "log", "", STR_FMT " 的密钥不是台账密钥（0x01）",
			            "the key of " STR_FMT " is not a log's (0x01)", STR_ARG(logs[i].name));
		for (int j = 0; j < i; j++)
			if (memcmp(logs[i].pub.b, logs[j].pub.b, sizeof logs[i].pub.b) == 0)
				return fail(op, RC_INVALID, "log", "", STR_FMT " 的密钥写了两次",
				            "the key of " STR_FMT " stands twice", STR_ARG(logs[i].name));
	}
	return RC_OK;
}

enum rc witness_create(struct op *op, struct str dir, struct str name, const uint8_t seed[32],
                       const struct note_key *logs, int nlogs)
{
	struct ed25519_key key = ed25519_from_seed(seed);
	struct note_key vkey = note_key_of(name, NOTE_COSIGNATURE, &key.pub);
	struct str hex, text;
	struct db *db = NULL;
	enum rc rc;

	TRY(create_checks(op, dir, name, logs, nlogs));
	TRY(dir_make(op, dir, 0700));
	TRY(db_open_sqlite(op, in_dir(op, dir, "witness.db"), DB_CREATE, &db));
	rc = logs_put(op, db, logs, nlogs);
	db_close(db);
	TRY(rc);
	text = note_vkey_format(op->arena, &vkey);
	TRY(file_write(op, in_dir(op, dir, "witness.vkey"),
	               str_fmt(op->arena, STR_FMT "\n", STR_ARG(text)), 0644));
	/* Last: a folder without a key is not whole. */
	hex = hex_encode(op->arena, seed, 32);
	return file_write(op, in_dir(op, dir, "witness.key"),
	                  str_fmt(op->arena, STR_FMT "\n", STR_ARG(hex)), 0600);
}

static struct str cut_line(struct str s)
{
	while (s.n && s.s[s.n - 1] == '\n')
		s.n--;
	return s;
}

static enum rc key_read(struct op *op, struct str dir, struct witness *w)
{
	struct str hex, vkey, path = in_dir(op, dir, "witness.key");
	uint8_t seed[32];

	if (!file_exists(path))
		return fail(op, RC_NOT_FOUND, "data", "",
		            STR_FMT " 不是见证单位的文件夹，或没有拷贝完整：用 gongyuan witness init 新建",
		            STR_FMT " is no witness's folder, or half of one: gongyuan witness init makes"
		            " one",
		            STR_ARG(dir));
	TRY(file_read(op, path, 256, &hex));
	TRY(file_read(op, in_dir(op, dir, "witness.vkey"), 4096, &vkey));
	if (!hex_decode(cut_line(hex), seed, sizeof seed))
		return fail(op, RC_BROKEN, "data", "", "%s 的内容不是密钥，请从备份恢复",
		            "%s does not hold a key: restore it from a backup", path.s);
	w->key = ed25519_from_seed(seed);
	TRY(note_vkey_parse(op, cut_line(vkey), &w->vkey));
	if (w->vkey.alg != NOTE_COSIGNATURE ||
	    memcmp(w->vkey.pub.b, w->key.pub.b, sizeof w->key.pub.b) != 0)
		return fail(op, RC_BROKEN, "data", "", "witness.key 与 witness.vkey 不是一对，请从备份恢复",
		            "witness.key and witness.vkey are not a pair: restore them from a backup");
	return RC_OK;
}

static enum rc logs_read(struct op *op, struct witness *w)
{
	AUTO(rows) rows = {0};

	w->logs = arena_array(op->arena, LIMIT_WITNESS_LOGS, sizeof *w->logs);
	TRY(db_query(op, w->db, &SQL[Q_LOGS], NO_ARGS, &rows));
	while (w->nlogs < LIMIT_WITNESS_LOGS && rows_next(&rows))
		TRY(note_vkey_parse(op, rows_dup(op->arena, &rows, 0), &w->logs[w->nlogs++]));
	return RC_OK;
}

enum rc witness_open(struct op *op, struct str dir, struct witness *ret)
{
	struct op own = *op;
	int at = 0;
	enum rc rc;

	*ret = (struct witness){0};
	own.arena = &ret->arena;
	rc = key_read(&own, dir, ret);
	if (rc == RC_OK)
		rc = db_open_sqlite(&own, in_dir(&own, dir, "witness.db"), DB_WRITE, &ret->db);
	if (rc == RC_OK)
		rc = migrate_at(&own, ret->db, &at);
	if (rc == RC_OK && at != (int)COUNT(STEPS))
		rc = fail(&own, RC_INVALID, "data", "", "witness.db 不是本程序的版本（%d 对 %d）",
		          "witness.db is of another version than this program (%d against %d)", at,
		          (int)COUNT(STEPS));
	if (rc == RC_OK)
		rc = logs_read(&own, ret);
	op->err = own.err;
	ret->hasher = hasher_new(HASH_SHA256);
	if (rc != RC_OK)
		witness_release(ret);
	return rc;
}

void witness_release(struct witness *w)
{
	db_close(w->db);
	hasher_free(w->hasher);
	arena_release(&w->arena);
	*w = (struct witness){0};
}
