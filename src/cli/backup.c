/* SPDX-License-Identifier: Apache-2.0 */
/* backup.c -- `gongyuan backup TO`: the office as of one moment, beside whoever is writing.
 *
 * TO is a new folder: ledger.db (of SQLite also where the ledger is in PostgreSQL), blobs/,
 * profile.json, the newest checkpoint, keys/log.vkey, and MANIFEST, which is written last.
 * Projections are not in it: they are rebuilt from the ledger.  It is made under another name and
 * renamed when all of it is on the disk; what an interrupted one left is cleared away by the next.
 *
 * The private keys and the passwords are in it only when sealed (--seal), or go apart (--keys-to).
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/manifest.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/secret.h"
#include "ledger/copy.h"

struct backup {
	struct cli *c;
	struct str from, to, part; /* the data folder, TO, TO.part */
	struct manifest m;
	struct str note;
	int lock_fd;
};

static struct str at(struct backup *b, const char *name)
{
	return str_fmt(&b->c->arena, "%s/%s", b->part.s, name);
}

/* A `part` that nobody is making any more is cleared away. */
static enum rc part_make(struct backup *b)
{
	struct cli *c = b->c;
	struct str lock = str_fmt(&c->arena, "%s.lock", b->part.s);

	b->lock_fd = open(lock.s, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (b->lock_fd < 0)
		return fail(&c->op, RC_DENIED, "TO", "", "不能在 %s 的位置写入", "nothing can be written at %s",
		            b->to.s);
	if (flock(b->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return fail(&c->op, RC_BUSY, "TO", "", "另一个程序正在备份到 %s",
		            "another program is making a backup at %s", b->to.s);
	folder_discard(&c->op, b->part);
	TRY(dir_make(&c->op, b->part, 0700));
	TRY(dir_make(&c->op, at(b, "blobs"), 0700));
	return dir_make(&c->op, at(b, "keys"), 0700);
}

static enum rc add(struct backup *b, const char *name)
{
	struct file_print print;

	TRY(file_print(&b->c->op, at(b, name), &print));
	manifest_add(&b->c->arena, &b->m, str_of(name), &print);
	return RC_OK;
}

static enum rc copy(struct backup *b, const char *name)
{
	struct file_print print;

	TRY(file_copy(&b->c->op, str_fmt(&b->c->arena, "%s/%s", b->from.s, name), at(b, name), 0600,
	              &print));
	manifest_add(&b->c->arena, &b->m, str_of(name), &print);
	return RC_OK;
}

static enum rc ledger_take(struct backup *b)
{
	struct cli *c = b->c;
	struct ledger_copied copied;
	struct db *to;
	enum rc rc;

	TRY(transfer_open(&c->op, at(b, "ledger.db"), &to));
	rc = ledger_copy(&c->op, c->office.store.ledger, to, &copied);
	if (rc != RC_OK) {
		db_close(to);
		return rc;
	}
	TRY(transfer_settle(&c->op, to));
	b->m.size = copied.size;
	b->m.root = copied.root;
	b->note = copied.note;
	return add(b, "ledger.db");
}

/* After the ledger: a blob stands on the disk before the entry that names it is committed. */
static enum rc blobs_take(struct backup *b)
{
	struct cli *c = b->c;
	struct str *names, dir = str_fmt(&c->arena, "%s/blobs", b->from.s);
	size_t n;

	TRY(folder_names(&c->op, dir, &names, &n));
	for (size_t i = 0; i < n; i++) {
		struct hash want;

		if (!hex_decode(names[i], want.b, sizeof(want.b)))
			continue; /* one that is just being written */
		TRY(copy(b, str_fmt(&c->arena, "blobs/%s", names[i].s).s));
		if (!hash_eq(&want, &b->m.files[b->m.nfiles - 1].print.sha256))
			return fail(&c->op, RC_BROKEN, "blobs", "", "附件 %s 已损坏：请先从上一份备份恢复它",
			            "the attachment %s is damaged: restore it from the backup before",
			            names[i].s);
	}
	return folder_settle(&c->op, at(b, "blobs"));
}

static enum rc small_take(struct backup *b)
{
	struct cli *c = b->c;
	struct str box;

	TRY(copy(b, "profile.json"));
	TRY(copy(b, "keys/log.vkey"));
	if (b->note.n) {
		TRY(file_write(&c->op, at(b, "checkpoint"), b->note, 0600));
		TRY(add(b, "checkpoint"));
	}
	if (cli_has(c, "seal")) {
		TRY(secret_seal(c, b->from, &box));
		TRY(file_write(&c->op, at(b, SEALED), box, 0600));
		TRY(add(b, SEALED));
	}
	return folder_settle(&c->op, at(b, "keys"));
}

static enum rc finish(struct backup *b)
{
	struct cli *c = b->c;

	b->m.origin = c->office.origin;
	b->m.taken = clock_format_utc(&c->arena, clock_now_ms(&(struct clock){.state = CLOCK_SYSTEM}));
	TRY(file_write(&c->op, at(b, MANIFEST), manifest_format(&c->arena, &b->m), 0600));
	return folder_rename(&c->op, b->part, b->to);
}

static enum rc make(struct backup *b)
{
	TRY(part_make(b));
	TRY(ledger_take(b));
	TRY(blobs_take(b));
	TRY(small_take(b));
	if (cli_has(b->c, "keys-to"))
		TRY(secret_to_folder(b->c, b->from, cli_value(b->c, "keys-to")));
	return finish(b);
}

/* For db doctor: when the newest backup was made, how far it goes, where it was put. */
static void remember(struct backup *b)
{
	struct cli *c = b->c;
	struct op quiet = {.arena = &c->arena};
	char whole[PATH_MAX]; /* a server that is asked where it lies stands elsewhere */
	struct str line = str_fmt(&c->arena, "%s %llu %s\n", b->m.taken.s,
	                          (unsigned long long)b->m.size,
	                          realpath(b->to.s, whole) ? whole : b->to.s);

	if (file_write(&quiet, str_fmt(&c->arena, "%s/last-backup", b->from.s), line, 0640) != RC_OK)
		cli_note(c, "注意：不能在数据文件夹里记下这次备份，db doctor 不会知道",
		         "note: this backup cannot be noted in the data folder, db doctor will not know");
}

static void say(struct backup *b)
{
	struct cli *c = b->c;
	const char *zh = "备份里没有私钥和口令：没有 keys/ 就不能接着登记，也读不出隐私库。请用 --keys-to 另存一次";
	const char *en = "it holds no private keys and no passwords: without keys/ nobody can go on "
	                 "recording or read the vault; keep them apart once, with --keys-to";

	cli_say(c, "已备份到 %s：台账 %llu 条，根 %s", "backed up to %s: %llu entries, root %s", b->to.s,
	        (unsigned long long)b->m.size, hash_hex(&c->arena, &b->m.root).s);
	if (cli_has(c, "seal")) {
		zh = "私钥和口令在 " SEALED " 里，用刚才的口令加密；口令丢了谁也打不开";
		en = "private keys and passwords are in " SEALED ", under the passphrase: lost, nobody "
		     "opens it";
	} else if (cli_has(c, "keys-to")) {
		zh = "私钥和口令另存在 --keys-to 的文件夹里，未加密：请与备份分开保管";
		en = "private keys and passwords are in the folder of --keys-to, not encrypted: keep it "
		     "apart from the backup";
	}
	cli_say(c, "%s", "%s", cli_tr(c, zh, en));
	cli_say(c, "请把 %s 存到别处，恢复时要核对它", "keep %s elsewhere: a restore asks for it",
	        c->office.known.s);
}

static enum rc backup_run(struct cli *c)
{
	struct backup b = {.c = c, .to = c->words[0], .lock_fd = -1};
	struct err why;
	enum rc rc;

	while (b.to.n > 1 && b.to.s[b.to.n - 1] == '/')
		b.to = str_dup(&c->arena, b.to.s, b.to.n - 1);
	if (file_exists(b.to))
		return fail(&c->op, RC_CONFLICT, "TO", "", "%s 已存在，备份不覆盖：请另选一个名字",
		            "%s exists and a backup overwrites nothing: choose another name", b.to.s);
	if (cli_has(c, "seal") && cli_has(c, "keys-to"))
		return fail(&c->op, RC_INVALID, "seal", "", "--seal 与 --keys-to 只用一个",
		            "--seal or --keys-to, not both");
	TRY(cli_open(c, false));
	b.from = c->office.dir;
	b.part = str_fmt(&c->arena, "%s.part", b.to.s);
	rc = make(&b);
	if (rc != RC_OK) {
		why = c->op.err;
		if (b.lock_fd >= 0 && rc != RC_BUSY)
			folder_discard(&c->op, b.part);
		c->op.err = why;
	}
	if (b.lock_fd >= 0) {
		if (rc != RC_BUSY)
			(void)unlink(str_fmt(&c->arena, "%s.lock", b.part.s).s);
		(void)close(b.lock_fd);
	}
	TRY(rc);
	remember(&b);
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "origin", b.m.origin);
	json_set_str(&c->arena, c->result, "root", hash_hex(&c->arena, &b.m.root));
	json_set_int(&c->arena, c->result, "size", (int64_t)b.m.size);
	if (!c->json)
		say(&b);
	return RC_OK;
}

static const struct cli_flag FLAGS[] = {
	{"seal", NULL, "备份里带上私钥和口令，用标准输入的口令加密",
	 "keys and passwords too, under a passphrase from standard input", false},
	{"keys-to", "DIR", "私钥和口令另存到这个新文件夹（未加密）",
	 "keys and passwords into this new folder instead, not encrypted", false},
};

const struct cli_verb cli_backup_verbs[] = {
	{"backup", "", "TO", 1, 1, CLI_FLAGS(FLAGS), .run = backup_run,
	 .zh = "备份到新文件夹 TO（服务运行时也可）", .en = "back up into the new folder TO, also while serving"},
};
const size_t cli_nbackup_verbs = COUNT(cli_backup_verbs);
