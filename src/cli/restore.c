/* SPDX-License-Identifier: Apache-2.0 */
/* restore.c -- `gongyuan restore BACKUP --data NEW`: a data folder out of a backup.
 *
 * The backup is held against its MANIFEST, its entries are hashed again, the root compared, its
 * checkpoint verified, the newest checkpoint that was kept elsewhere compared, and the projections
 * rebuilt, all in NEW.part; only then is it called NEW.  A backup that is older than that
 * checkpoint
 * is refused: entries are missing that others have seen.
 */
#include <unistd.h>

#include "db/manifest.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/secret.h"
#include "engine/login.h"
#include "engine/rebuild.h"
#include "ledger/copy.h"

struct restore {
	struct cli *c;
	struct str from, to, part;
	struct str known;   /* the checkpoint kept elsewhere; "": none */
	struct manifest m;
	bool made;          /* a store stands in `part`, or in the database that --db names */
	bool reading;       /* it stays behind the known checkpoint: for reading alone */
};

static struct str under(struct cli *c, struct str dir, const char *name)
{
	return str_fmt(&c->arena, "%s/%s", dir.s, name);
}

static enum rc keys_chosen(struct restore *r)
{
	struct cli *c = r->c;
	bool sealed = manifest_has(&r->m, SEALED);
	int n = cli_has(c, "keys") + cli_has(c, "unseal") + cli_has(c, "without-keys");

	if (n != 1)
		return fail(&c->op, RC_INVALID, "keys", "",
		            "请写明私钥从哪里来：--keys DIR（backup --keys-to 所写）%s，或 --without-keys（只能查询）",
		            "say where the private keys come from: --keys DIR (what backup --keys-to "
		            "wrote)%s, "
		            "or --without-keys (for questions only)",
		            sealed ? cli_tr(c, "、--unseal（备份里的密钥包）", ", --unseal (those sealed in it)")
		                   : "");
	if (cli_has(c, "unseal") && !sealed)
		return fail(&c->op, RC_INVALID, "unseal", "", "这份备份里没有密钥包",
		            "no keys are sealed in this backup");
	return RC_OK;
}

/* --known, or NEW.checkpoint when it lies there already. */
static enum rc known_chosen(struct restore *r)
{
	struct cli *c = r->c;
	struct str beside = str_fmt(&c->arena, "%s.checkpoint", r->to.s);

	r->known = c->known.n ? c->known : file_exists(beside) ? beside : STR("");
	if (c->known.n && !file_exists(c->known))
		return fail(&c->op, RC_NOT_FOUND, "known", "", "没有文件 %s", "there is no file %s",
		            c->known.s);
	if (!r->known.n && !cli_has(c, "without-known"))
		return fail(&c->op, RC_INVALID, "known", "",
		            "请用 --known FILE 给出存放在别处的最新存证点；确实没有就写 --without-known，"
		            "那么备份之后的记录是否丢失就查不出来",
		            "give the newest checkpoint kept elsewhere with --known FILE; if there is "
		            "none, "
		            "say --without-known: then nobody can see whether later entries are lost");
	return RC_OK;
}

/* A backup older than what others have seen. */
static enum rc refuse_old(struct restore *r, uint64_t seen)
{
	return fail(&r->c->op, RC_BROKEN, "known", "",
	            "备份到第 %llu 条为止，存放在别处的存证点却有 %llu 条：缺少其后的 %llu 条，不得启用。"
	            "请找更新的备份，或用原机器的数据文件夹；确已丢失的，须由两人签名另立新台账"
	            "（本版本用 gongyuan init 另起台账名），此备份用 --for-reading 恢复，只供查询",
	            "the backup ends at %llu entries, the checkpoint kept elsewhere has %llu: the "
	            "%llu after it are missing, and it may not be put to use.  Look for a newer "
	            "backup or "
	            "the folder of the old machine; if they are lost, go on under a new origin "
	            "signed by "
	            "two (in this version: gongyuan init with another --origin), and restore this "
	            "backup "
	            "with --for-reading, for questions alone",
	            (unsigned long long)r->m.size, (unsigned long long)seen,
	            (unsigned long long)(seen - r->m.size));
}

static enum rc known_check(struct restore *r)
{
	struct cli *c = r->c;
	struct note_key vkey;
	struct checkpoint cp;
	struct str bytes;

	TRY(file_read(&c->op, under(c, r->from, "keys/log.vkey"), 4096, &bytes));
	while (bytes.n && bytes.s[bytes.n - 1] == '\n')
		bytes.n--;
	TRY(note_vkey_parse(&c->op, str_copy(&c->arena, bytes), &vkey));
	if (!r->known.n)
		return RC_OK;
	TRY(file_read(&c->op, r->known, LIMIT_NOTE_BYTES, &bytes));
	if (checkpoint_open(&c->op, bytes, &vkey, &cp) != RC_OK || !str_eq(cp.origin, r->m.origin))
		return fail(&c->op, RC_BROKEN, "known", "", "%s 不是这份备份所属台账（%s）的存证点",
		            "%s is no checkpoint of this backup's ledger (%s)", r->known.s, r->m.origin.s);
	r->reading = cp.size > r->m.size;
	return r->reading && !cli_has(c, "for-reading") ? refuse_old(r, cp.size) : RC_OK;
}

static enum rc backup_open(struct restore *r)
{
	struct cli *c = r->c;
	struct str bytes;

	if (!file_exists(under(c, r->from, MANIFEST)))
		return fail(&c->op, RC_NOT_FOUND, "BACKUP", "",
		            "%s 不是完整的备份：没有 MANIFEST（gongyuan backup 最后才写它）",
		            "%s is no whole backup: it has no MANIFEST, which gongyuan backup writes last",
		            r->from.s);
	TRY(file_read(&c->op, under(c, r->from, MANIFEST), LIMIT_BLOB, &bytes));
	TRY(manifest_read(&c->op, str_copy(&c->arena, bytes), &r->m));
	TRY(keys_chosen(r));
	TRY(known_chosen(r));
	TRY(manifest_check(&c->op, &r->m, r->from));
	return known_check(r);
}

static enum rc ledger_put(struct restore *r, struct store *s)
{
	struct cli *c = r->c;
	struct ledger_copied copied;
	struct db *from;
	enum rc rc;

	TRY(db_open_sqlite_still(&c->op, under(c, r->from, "ledger.db"), &from));
	rc = ledger_copy(&c->op, from, s->ledger, &copied);
	db_close(from);
	TRY(rc);
	if (copied.size != r->m.size || !hash_eq(&copied.root, &r->m.root))
		return fail(&c->op, RC_BROKEN, "backup", "", "备份里的台账与其 MANIFEST 所记的条数或根不符",
		            "the ledger of the backup has another size or root than its MANIFEST says");
	return RC_OK;
}

static enum rc files_put(struct restore *r)
{
	struct cli *c = r->c;
	struct file_print print;

	for (size_t i = 0; i < r->m.nfiles; i++) {
		const char *path = r->m.files[i].path.s;

		if (strcmp(path, "ledger.db") != 0 && strcmp(path, "checkpoint") != 0 &&
		    strcmp(path, SEALED) != 0)
			TRY(file_copy(&c->op, under(c, r->from, path), under(c, r->part, path),
			              strcmp(path, "keys/log.vkey") == 0 ? 0644 : 0640, &print));
	}
	return folder_settle(&c->op, under(c, r->part, "blobs"));
}

/* Nobody is logged in by a backup. */
static enum rc logins_end(struct restore *r)
{
	struct cli *c = r->c;
	struct str path = under(c, r->part, "logins.db");
	struct random real = c->host->random();
	struct logins *l;
	enum rc rc;

	if (!file_exists(path))
		return RC_OK;
	c->op.random = &real;
	TRY(logins_open(&c->op, path, &l));
	rc = logins_forget(&c->op, l);
	logins_close(l);
	return rc;
}

static enum rc keys_put(struct restore *r)
{
	struct cli *c = r->c;
	struct str box;

	if (cli_has(c, "keys"))
		TRY(secret_from_folder(c, cli_value(c, "keys"), r->part));
	if (cli_has(c, "unseal")) {
		TRY(file_read(&c->op, under(c, r->from, SEALED), LIMIT_BLOB, &box));
		TRY(secret_unseal(c, box, r->part));
	}
	return logins_end(r);
}

/* As the program itself opens it: keys, genesis, checkpoints; then its projections. */
static enum rc try_it(struct restore *r)
{
	struct cli *c = r->c;
	struct office_options how = {
		.data = r->part, .url = c->url, .write = true, .repair = true,
		.known = r->known.n && !r->reading ? r->known : under(c, r->from, "checkpoint")};
	enum rc rc;

	c->open = true;
	TRY(c->host->open(&c->op, &how, &c->office));
	if (!str_eq(c->office.origin, r->m.origin))
		return fail(&c->op, RC_BROKEN, "backup", "", "备份里的台账是 %s，MANIFEST 说是 %s",
		            "the ledger of the backup is %s, its MANIFEST says %s", c->office.origin.s,
		            r->m.origin.s);
	rc = projection_rebuild(&c->op, &c->office.store, office_ledger(&c->office),
	                        &c->office.modules, &c->office.profile);
	c->host->release(&c->office);
	c->open = false;
	if (rc != RC_OK || r->reading || cli_has(c, "without-keys"))
		return rc;
	how.repair = false; /* and as it goes on recording: with each of the private keys */
	c->open = true;
	TRY(c->host->open(&c->op, &how, &c->office));
	c->host->release(&c->office);
	c->open = false;
	return RC_OK;
}

static enum rc fill(struct restore *r)
{
	struct cli *c = r->c;
	struct store s;
	enum rc rc;

	TRY(store_create(&c->op, r->part, c->url, &s));
	r->made = true;
	rc = ledger_put(r, &s);
	store_release(&s);
	TRY(rc);
	TRY(files_put(r));
	TRY(keys_put(r));
	return try_it(r);
}

/* The newer of the two checkpoints is the one that the office goes on with. */
static enum rc finish(struct restore *r)
{
	struct cli *c = r->c;
	struct str target = str_fmt(&c->arena, "%s.checkpoint", r->to.s), note = {"", 0};
	bool ours = manifest_has(&r->m, "checkpoint");

	if (r->known.n)
		TRY(file_read(&c->op, r->known, LIMIT_NOTE_BYTES, &note));
	else if (ours)
		TRY(file_read(&c->op, under(c, r->from, "checkpoint"), LIMIT_NOTE_BYTES, &note));
	if (note.n && !str_eq(target, r->known))
		TRY(file_write(&c->op, target, note, 0644));
	return folder_rename(&c->op, r->part, r->to);
}

/* What was made is taken back. */
static void undo(struct restore *r)
{
	struct cli *c = r->c;
	struct err why = c->op.err;
	struct store s;

	if (c->open)
		c->host->release(&c->office);
	c->open = false;
	if (r->made && c->url.n && store_open(&c->op, r->part, c->url, STORE_WRITE, &s) == RC_OK) {
		if (store_unmake(&c->op, &s) != RC_OK)
			cli_note(c, "数据库里可能留有未完成的部分：请删除该库后重建空库",
			         "part of it may be left in the database: drop it and make an empty one");
		store_release(&s);
	}
	folder_discard(&c->op, r->part);
	c->op.err = why;
}

static void say(struct restore *r)
{
	struct cli *c = r->c;

	cli_say(c, "已恢复到 %s：台账 %llu 条（备份于 %s），根 %s，与备份相符",
	        "restored to %s: %llu entries (backed up at %s), root %s, as in the backup", r->to.s,
	        (unsigned long long)r->m.size, r->m.taken.s, hash_hex(&c->arena, &r->m.root).s);
	if (r->reading)
		cli_say(c, "只供查询：它比别处的存证点旧，登记会被拒绝",
		        "for questions alone: it is older than the checkpoint kept elsewhere, and every "
		        "act "
		        "is refused");
	if (cli_has(c, "without-keys"))
		cli_say(c, "没有私钥：只能查询；把 keys/ 放进去后才能登记",
		        "without private keys: only questions; put keys/ into it to record again");
	cli_say(c, "下一步：gongyuan db doctor --compare --data %s\n        gongyuan-audit --known "
	           "%s.checkpoint"
	        " %s", "next: gongyuan db doctor --compare --data %s\n      gongyuan-audit --known"
	        " %s.checkpoint %s", r->to.s, r->to.s, r->to.s);
}

static enum rc restore_run(struct cli *c)
{
	struct restore r = {.c = c, .from = c->words[0], .to = c->data};
	enum rc rc;

	if (!r.to.n)
		return fail(&c->op, RC_INVALID, "data", "", "请用 --data 指明新的数据文件夹",
		            "name the new data folder with --data");
	while (r.to.n > 1 && r.to.s[r.to.n - 1] == '/')
		r.to = str_dup(&c->arena, r.to.s, r.to.n - 1);
	if (file_exists(r.to))
		return fail(&c->op, RC_CONFLICT, "data", "", "%s 已存在，恢复不覆盖：请另选一个名字",
		            "%s exists and a restore overwrites nothing: choose another name", r.to.s);
	r.part = str_fmt(&c->arena, "%s.part", r.to.s);
	TRY(backup_open(&r));
	folder_discard(&c->op, r.part); /* of one that was interrupted */
	rc = fill(&r);
	if (rc == RC_OK)
		rc = finish(&r);
	if (rc != RC_OK)
		return undo(&r), rc;
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "origin", r.m.origin);
	json_set_bool(&c->arena, c->result, "reading_only", r.reading || cli_has(c, "without-keys"));
	json_set_str(&c->arena, c->result, "root", hash_hex(&c->arena, &r.m.root));
	json_set_int(&c->arena, c->result, "size", (int64_t)r.m.size);
	if (!c->json)
		say(&r);
	return RC_OK;
}

static const struct cli_flag FLAGS[] = {
	{"keys", "DIR", "私钥所在（backup --keys-to 所写）", "the private keys (what backup --keys-to wrote)",
	 false},
	{"unseal", NULL, "打开备份里的密钥包，口令从标准输入读",
	 "open the keys sealed in the backup; the passphrase from standard input", false},
	{"without-keys", NULL, "不要私钥：只能查询", "without private keys: for questions alone", false},
	{"without-known", NULL, "没有存放在别处的存证点", "there is no checkpoint kept elsewhere", false},
	{"for-reading", NULL, "备份比别处的存证点旧：恢复只供查询",
	 "the backup is older than the checkpoint kept elsewhere: for questions alone", false},
};

const struct cli_verb cli_restore_verbs[] = {
	{"restore", "", "BACKUP", 1, 1, CLI_FLAGS(FLAGS), .run = restore_run,
	 .zh = "从备份恢复成新的数据文件夹（--data NEW）",
	 .en = "a new data folder (--data NEW) out of a backup"},
};
const size_t cli_nrestore_verbs = COUNT(cli_restore_verbs);
