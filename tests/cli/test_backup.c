/* SPDX-License-Identifier: Apache-2.0 */
/* test_backup.c -- a backup is the office as of one moment; a restore gives it back somewhere else,
 * or leaves nothing and says why.
 */
#include "kit/check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"
#include "shell.h"

static struct shell S, R; /* the office; where it is restored, with a database of its own */
static char ROOT[80];     /* of the whole ledger */

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	shell_begin(&S);
	shell_worker(&S, "W1", "city_office", "sc/cd");
	assert_status(&S, sh(&S, "authority found"), 0);
	sh_input(&S, STR("correct horse battery"));
	assert_status(&S, sh(&S, "login set W1"), 0);
	assert_status(&S, sh_json(&S, "backup %s --keys-to %s", shell_path(&S, "b1").s,
	                          shell_path(&S, "k1").s), 0);
	(void)snprintf(ROOT, sizeof(ROOT), "%s", json_str(S.doc, "root").s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	shell_open(&R);
	R.data = shell_path(&R, "new");
	return 0;
}

static int gone(void **state)
{
	(void)state;
	shell_close(&R);
	return 0;
}

static const char *top(const char *name)
{
	return shell_path(&S, name).s;
}

static int restore(const char *backup, const char *more)
{
	return sh_json(&R, "restore %s --keys %s %s", top(backup), top("k1"), more);
}

static const char *known(void)
{
	return str_fmt(&R.arena, "--known %s.checkpoint", S.data.s).s;
}

/* Neither the folder nor one half made. */
static void nothing_left(void)
{
	assert_false(file_exists(R.data));
	assert_false(file_exists(shell_path(&R, "new.part")));
	assert_false(file_exists(shell_path(&R, "new.checkpoint")));
}

static void reason(const struct shell *s, const char *text)
{
	if (!strstr(json_str(json_get(s->doc, "error"), "en").s, text))
		fail_msg("no \"%s\" in: %s", text, s->out.s);
}

static void what_was_backed_up_comes_back_on_another_machine(void **state)
{
	(void)state;
	assert_status(&R, restore("b1", known()), 0);
	assert_string_equal(json_str(R.doc, "root").s, ROOT);
	assert_status(&R, sh(&R, "db doctor --compare"), 0);
	assert_status(&R, sh_json(&R, "ledger checkpoint"), 0);
	assert_string_equal(json_str(R.doc, "root").s, ROOT);
	if (!R.url.n)
		shell_system(&R, "'%s' --known '%s.checkpoint' '%s' >/dev/null",
		             getenv("GONGYUAN_AUDIT"), S.data.s, R.data.s);
	/* It is the same office: it goes on, with names, keys and passwords. */
	assert_status(&R, sh(&R, "people add-unit --place sc/cd --code U9 --name 院 --as W1"), 0);
	assert_status(&R, sh(&R, "login end W1"), 0);
	assert_status(&R, sh(&R, "db doctor"), 0);
	if (!S.url.n)
		assert_true(file_exists(str_fmt(&R.arena, "%s/last-backup", S.data.s)));
}

static const char *check(const char *id, const char *member)
{
	for (const struct json *k = json_get(S.doc, "checks")->first; k; k = k->next)
		if (str_is(json_str(k, "id"), id))
			return str_is(str_of(member), "ok") ? json_bool(k, "ok", false) ? "yes" : "no"
			                                    : json_str(k, member).s;
	fail_msg("no check %s", id);
	return "";
}

static void the_doctor_knows_how_old_the_newest_backup_is(void **state)
{
	struct str kept = str_fmt(&S.arena, "%s/last-backup", S.data.s), was = shell_read(&S, kept);

	(void)state;
	assert_status(&S, sh_json(&S, "db doctor"), 0);
	assert_non_null(strstr(check("backup", "en"), "newest backup is 0 hours old"));
	assert_string_equal(check("clock", "ok"), "yes");
	shell_write(&S, kept, "2025-01-01T00:00:00.000Z 12 somewhere\n");
	assert_status(&S, sh_json(&S, "db doctor"), 1);
	assert_string_equal(check("backup", "ok"), "no");
	assert_non_null(strstr(check("backup", "fix"), "gongyuan backup"));
	shell_write(&S, kept,
	            "yesterday\n"); /* not readable: as if there were none, in a young office */
	assert_status(&S, sh_json(&S, "db doctor"), 0);
	assert_non_null(strstr(check("backup", "en"), "no backup yet"));
	shell_write(&S, kept, was.s);
}

static void a_backup_and_a_restore_overwrite_nothing(void **state)
{
	(void)state;
	assert_status(&S, sh_json(&S, "backup %s", top("b1")), 4);
	shell_system(&S, "mkdir '%s' && touch '%s/x'", top("mine"), top("mine"));
	assert_status(&S, sh_json(&S, "backup %s", top("mine")), 4);
	assert_status(&S, sh_json(&S, "backup %s --keys-to %s", top("b9"), top("k1")), 4);
	assert_false(file_exists(str_of(top("b9"))));
	shell_system(&R, "mkdir '%s'", R.data.s);
	assert_status(&R, restore("b1", known()), 4);
	shell_system(&R, "rmdir '%s'", R.data.s);
}

static void spoil_and_try(const char *command, int status, const char *text)
{
	shell_system(&S, "cd '%s' && rm -rf bad && cp -a b1 bad && cd bad && { %s; }", S.top.s,
	             command);
	assert_status(&R, restore("bad", known()), status);
	reason(&R, text);
	nothing_left();
}

static void a_damaged_backup_is_found_by_its_manifest(void **state)
{
	(void)state;
	spoil_and_try("printf x | dd of=ledger.db bs=1 seek=20000 conv=notrunc status=none", 5,
	              "ledger.db of the backup is damaged");
	spoil_and_try("truncate -s -1 ledger.db", 5, "ledger.db");
	spoil_and_try("rm profile.json", 5, "profile.json");
	spoil_and_try("for f in blobs/*; do printf x >>$f; done", 5, "blobs/");
	spoil_and_try("truncate -s -3 MANIFEST", 5, "MANIFEST");
	spoil_and_try("sed -i 's/^size .*/size 3/' MANIFEST", 5, "MANIFEST");
	spoil_and_try("sed -i 's/^gongyuan-backup 1/gongyuan-backup 2/' MANIFEST", 2, "newer");
	spoil_and_try("rm MANIFEST", 1, "no whole backup");
}

/* Whoever alters a backup makes its hashes right again; not the signature of its checkpoint. */
static void an_altered_backup_is_found_by_its_checkpoint(void **state)
{
	(void)state;
	shell_write(&S, shell_path(&S, "forge"),
	            "sqlite3=$1; cd \"$2\"\n"
	            "/usr/bin/python3 - <<'P'\n"
	            "import hashlib, sqlite3, os\n"
	            "d = sqlite3.connect('ledger.db')\n"
	            "d.executescript(\"DROP TRIGGER ledger_entry_no_UPDATE;\")\n"
	            "b = d.execute('SELECT bytes FROM ledger_entry WHERE idx = 9').fetchone()[0]\n"
	            "b = b.replace(b'P', b'Q', 1)\n"
	            "leaf = hashlib.sha256(b'\\0' + b).digest()\n"
	            "d.execute('UPDATE ledger_entry SET bytes = ?, leaf = ? WHERE idx = 9', (b, "
	            "leaf))\n"
	            "d.commit(); d.execute('PRAGMA wal_checkpoint(TRUNCATE)'); d.close()\n"
	            "leaves = [r[0] for r in sqlite3.connect('ledger.db').execute("
	            "'SELECT leaf FROM ledger_entry ORDER BY idx')]\n"
	            "def root(l):\n"
	            "    if len(l) == 1: return l[0]\n"
	            "    k = 1\n"
	            "    while k * 2 < len(l): k *= 2\n"
	            "    return hashlib.sha256(b'\\1' + root(l[:k]) + root(l[k:])).digest()\n"
	            "for f in ('ledger.db-wal', 'ledger.db-shm'):\n"
	            "    if os.path.exists(f): os.remove(f)\n"
	            "out = []\n"
	            "for line in open('MANIFEST').read().split('\\n')[:-2]:\n"
	            "    if line.startswith('root '): line = 'root ' + root(leaves).hex()\n"
	            "    if line.endswith(' ledger.db'):\n"
	            "        raw = open('ledger.db', 'rb').read()\n"
	            "        line = 'file %s %d ledger.db' % (hashlib.sha256(raw).hexdigest(), "
	            "len(raw))\n"
	            "    out.append(line + '\\n')\n"
	            "text = ''.join(out)\n"
	            "open('MANIFEST', 'w').write(text + 'end %s\\n' % "
	            "hashlib.sha256(text.encode()).hexdigest())\n"
	            "P\n");
	shell_system(&S, "cd '%s' && rm -rf bad && cp -a b1 bad && sh ./forge x bad", S.top.s);
	assert_status(&R, restore("bad", known()), 5);
	reason(&R, "forked");
	nothing_left();
	assert_status(&R, restore("bad", "--without-known"), 5); /* its own checkpoint says so too */
	nothing_left();
}

static void a_backup_older_than_the_checkpoint_kept_elsewhere_is_refused(void **state)
{
	(void)state;
	assert_status(&R, restore("b1", ""), 2);
	reason(&R, "--without-known");
	shell_system(&S, "cd '%s' && cp data.checkpoint old.checkpoint", S.top.s);
	assert_status(&S, sh(&S, "people add-unit --place sc/cd --code U2 --name 院 --as W1"), 0);
	assert_status(&R, restore("b1", known()), 5);
	reason(&R, "missing");
	reason(&R, "new origin");
	nothing_left();
	assert_status(&R, restore("b1", str_fmt(&R.arena, "%s --for-reading", known()).s), 0);
	assert_true(json_bool(R.doc, "reading_only", false));
	assert_status(&R, sh(&R, "ledger list"), 0);
	assert_status(&R, sh_json(&R, "people add-unit --place sc/cd --code U2 --name 院 --as W1"), 5);
	/* A newer backup is not older. */
	assert_status(&S, sh_json(&S, "backup %s", top("b2")), 0);
	(void)snprintf(ROOT, sizeof(ROOT), "%s", json_str(S.doc, "root").s);
	gone(NULL);
	fresh(NULL);
	assert_status(&R, restore("b2", known()), 0);
	assert_string_equal(json_str(R.doc, "root").s, ROOT);
}

static void keys_travel_sealed_apart_or_not_at_all(void **state)
{
	(void)state;
	if (!S.url.n)
		shell_system(&S, "! ls '%s/b1' '%s/b1/keys' | grep -E 'log.key|vault|logins'", S.top.s,
		             S.top.s);
	sh_input(&S, STR("short\n"));
	assert_status(&S, sh_json(&S, "backup %s --seal", top("b3")), 2);
	assert_false(file_exists(str_of(top("b3"))));
	assert_false(file_exists(str_of(top("b3.part"))));
	sh_input(&S, STR("five words of a list\n"));
	assert_status(&S, sh_json(&S, "backup %s --seal", top("b3")), 0);
	assert_status(&R, sh_json(&R, "restore %s %s", top("b3"), known()), 2);
	reason(&R, "--unseal");
	sh_input(&R, STR("four words of a list\n"));
	assert_status(&R, sh_json(&R, "restore %s %s --unseal", top("b3"), known()), 3);
	nothing_left();
	sh_input(&R, STR("five words of a list\n"));
	assert_status(&R, sh_json(&R, "restore %s %s --unseal", top("b3"), known()), 0);
	assert_status(&R, sh(&R, "people add-unit --place sc/cd --code U9 --name 院 --as W1"), 0);
	gone(NULL);
	fresh(NULL);
	assert_status(&R, sh_json(&R, "restore %s %s --without-keys", top("b3"), known()), 0);
	assert_status(&R, sh(&R, "ledger list"), 0);
	assert_status(&R, sh_json(&R, "people add-unit --place sc/cd --code U9 --name 院 --as W1"), 1);
	reason(&R, "keys");
}

/* Starts a command, and kills it after so long. */
static void run_and_kill(const struct shell *s, const char *command, int microseconds)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", str_fmt(&S.arena, "exec '%s' %s --data '%s' %s%s >'%s' 2>&1",
		                                     getenv("GONGYUAN_BIN"), command, s->data.s,
		                                     s->url.n ? "--db " : "", s->url.n ? s->url.s : "",
		                                     top("cut.said")).s, (char *)NULL);
		_exit(127);
	}
	usleep((useconds_t)microseconds);
	(void)kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Killed at many moments: there is a whole backup or none, and the next one does not mind. */
static void an_interrupted_backup_is_none(void **state)
{
	(void)state;
	for (int i = 0; i < 16; i++) {
		run_and_kill(&S, str_fmt(&S.arena, "backup %s", top("cut")).s, 1000 + 2000 * i);
		if (!file_exists(str_of(top("cut"))))
			continue;
		assert_true(file_exists(str_of(top("cut/MANIFEST"))));
		shell_system(&S, "rm -rf '%s'", top("cut"));
	}
	shell_system(&S, "mkdir -p '%s/blobs' && echo x >'%s/ledger.db'", top("cut.part"),
	             top("cut.part"));
	assert_status(&R, restore("cut.part", known()), 1);
	assert_status(&S, sh_json(&S, "backup %s", top("cut")), 0);
	assert_false(file_exists(str_of(top("cut.part"))));
	assert_status(&R, restore("cut", known()), 0);
}

static void an_interrupted_restore_is_none(void **state)
{
	(void)state;
	if (R.url.n)
		skip(); /* its database is to be emptied by who keeps it */
	for (int i = 0; i < 12; i++) {
		run_and_kill(&R, str_fmt(&S.arena, "restore %s --keys %s %s", top("cut"), top("k1"),
		                         known()).s, 2000 + 5000 * i);
		if (!file_exists(R.data))
			continue;
		assert_status(&R, sh(&R, "db doctor --compare"), 0);
		shell_system(&R, "rm -rf '%s'", R.data.s);
	}
	assert_status(&R, restore("cut", known()), 0); /* what the others left is no hindrance */
	assert_status(&R, sh(&R, "db doctor --compare"), 0);
}

/* As when the disk is full: no file may grow beyond 8 blocks of 512 bytes. */
static void without_room_nothing_half_made_is_left(void **state)
{
	const char *db = S.url.n ? str_fmt(&S.arena, "--db '%s'", S.url.s).s : "";

	(void)state;
	shell_system(&S, "! sh -c 'ulimit -f 8; trap \"\" XFSZ; exec \"%s\" backup \"%s\" --data \"%s\""
	             " %s --lang en' 2>'%s'", getenv("GONGYUAN_BIN"), top("full"), S.data.s, db,
	             top("said"));
	assert_false(file_exists(str_of(top("full"))));
	assert_false(file_exists(str_of(top("full.part"))));
	assert_non_null(strstr(shell_read(&S, shell_path(&S, "said")).s, "error: "));
	if (S.url.n)
		return;
	shell_system(&R, "! sh -c 'ulimit -f 8; trap \"\" XFSZ; exec \"%s\" restore \"%s\" --data "
	                 "\"%s\""
	             " --keys \"%s\" %s --lang en' 2>'%s'", getenv("GONGYUAN_BIN"), top("b2"), R.data.s,
	             top("k1"), known(), top("said"));
	nothing_left();
}

#define T(f) cmocka_unit_test_setup_teardown(f, fresh, gone)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_was_backed_up_comes_back_on_another_machine),
		T(the_doctor_knows_how_old_the_newest_backup_is),
		T(a_backup_and_a_restore_overwrite_nothing),
		T(a_damaged_backup_is_found_by_its_manifest),
		T(an_altered_backup_is_found_by_its_checkpoint),
		T(a_backup_older_than_the_checkpoint_kept_elsewhere_is_refused),
		T(keys_travel_sealed_apart_or_not_at_all),
		T(an_interrupted_backup_is_none),
		T(an_interrupted_restore_is_none),
		T(without_room_nothing_half_made_is_left),
	};

	return cmocka_run_group_tests_name("backup", tests, setup, teardown);
}
