/* SPDX-License-Identifier: Apache-2.0 */
/* test_forgery.c -- the demonstration's ledger rewritten whole, and what the auditor says.
 *
 * The forger has everything on this host: database, log key, keys of devices.  He takes one
 * signature of a hand-over away, computes leaves, tiles and root anew and signs the checkpoint with
 * the real log key.  What he does not have is the witnesses' keys and the checkpoints kept
 * elsewhere.
 */
#include "kit/check.h"

#include "db/store.h"
#include "ledger/ledger.h"
#include "ledger/signer.h"
#include "shell.h"

static struct shell S;
static struct json *REPORT;

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	assert_status(&S, sh_json(&S, "demo --seed 3"), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

/* Runs gongyuan-audit --json; its report stands in REPORT. */
static int audit(const char *fmt, ...)
{
	struct str out = shell_path(&S, "report.json"), args, command;
	va_list ap;
	int status;

	va_start(ap, fmt);
	args = str_vfmt(&S.arena, fmt, ap);
	va_end(ap);
	command = str_fmt(&S.arena, "%s --json " STR_FMT " > " STR_FMT " 2>/dev/null",
	                  getenv("GONGYUAN_AUDIT"), STR_ARG(args), STR_ARG(out));
	status = system(command.s);
	assert_ok(json_read(&S.op, shell_read(&S, out), &REPORT));
	return WEXITSTATUS(status);
}

static bool found(const char *kind, int64_t index)
{
	const struct json *f;

	for (f = json_get(REPORT, "findings")->first; f; f = f->next)
		if (str_is(json_str(f, "kind"), kind) && (index < 0 || json_int(f, "index", -1) == index))
			return true;
	return false;
}

static bool unchecked(const char *kind)
{
	const struct json *f;

	for (f = json_get(REPORT, "not_checked")->first; f; f = f->next)
		if (str_is(json_str(f, "kind"), kind))
			return true;
	return false;
}

/* Copying. */

struct copying {
	struct ledger *to;
	int64_t victim; /* the hand-over whose signature goes; -1 until found */
};

/* One signature out of `slots`, the rest as it was. */
static struct str without_one_signature(struct arena *a, struct str entry)
{
	const char *at = memmem(entry.s, entry.n, "\"slots\":[{", 10), *end;
	size_t head;

	assert_non_null(at);
	at += strlen("\"slots\":[");
	end = strstr(at, "},{");
	assert_non_null(end);
	head = (size_t)(at - entry.s);
	return str_fmt(a, "%.*s%s", (int)head, entry.s, end + strlen("},"));
}

static enum rc copy_one(struct op *op, void *ctx, uint64_t index, struct str entry,
                        const struct hash *leaf)
{
	struct copying *c = ctx;
	struct hash now;

	(void)leaf;
	if (c->victim < 0 && memmem(entry.s, entry.n, "\"type\":\"custody.handed_over\"", 28)) {
		c->victim = (int64_t)index;
		entry = without_one_signature(op->arena, entry);
	}
	return ledger_append(op, c->to, entry, &now);
}

static struct ed25519_key log_key(void)
{
	struct str text = shell_read(&S, str_fmt(&S.arena, STR_FMT "/keys/log.key", STR_ARG(S.data)));
	uint8_t seed[32];

	text.n = 64; /* without its newline */
	assert_true(hex_decode(str_copy(&S.arena, text), seed, sizeof(seed)));
	return ed25519_from_seed(seed);
}

static struct str origin(void)
{
	assert_int_equal(sh_json(&S, "demo --seed 3 --events 1"), 0);
	return str_copy(&S.arena, json_str(S.doc, "origin"));
}

/* top/forged: the same folder with one signature less, whole in itself and freshly signed.
 * Returns the index of the hand-over. */
static int64_t forge(void)
{
	struct str name = shell_path(&S, "forged"), note, o = origin();
	struct store from, to;
	struct ledger a, b;
	struct copying c = {.to = &b, .victim = -1};
	struct ed25519_key key = log_key();
	struct signer signer;

	assert_ok(store_open(&S.op, S.data, STR(""), STORE_READ, &from));
	assert_ok(ledger_open(&S.op, &from, &a));
	assert_ok(store_create(&S.op, name, STR(""), &to));
	assert_ok(ledger_create(&S.op, &to));
	assert_ok(ledger_open(&S.op, &to, &b));
	assert_ok(store_begin(&S.op, &to));
	assert_ok(ledger_scan(&S.op, &a, 0, a.tree.size, copy_one, &c));
	assert_ok(ledger_seal(&S.op, &b));
	assert_ok(store_commit(&S.op, &to));
	ledger_committed(&b);
	assert_ok(signer_open(&S.op, &b, o, &key, STR(""), &signer));
	assert_ok(signer_sign(&S.op, &signer, &b, &note));
	signer_release(&signer);
	ledger_release(&a);
	ledger_release(&b);
	store_release(&from);
	store_release(&to);
	shell_system(&S, "cp -r " STR_FMT "/blobs " STR_FMT "/keys " STR_FMT "/", STR_ARG(S.data),
	             STR_ARG(S.data), STR_ARG(name));
	assert_true(c.victim > 0);
	return c.victim;
}

/* The city's trust file: this log, and a witness who has cosigned the true checkpoint (into
 * top/data's newest note he goes through top/witnessed, an export). */
static void witness(void)
{
	static const uint8_t SEED[32] = {'w'};
	struct ed25519_key key = ed25519_from_seed(SEED);
	struct note_key w = note_key_of(STR("discipline.example"), NOTE_COSIGNATURE, &key.pub);
	struct note *n = ARENA_NEW(&S.arena, struct note);
	struct str dir = shell_path(&S, "witnessed"), path, vkey;

	assert_status(&S, sh(&S, "ledger export " STR_FMT, STR_ARG(dir)), 0);
	path = str_fmt(&S.arena, STR_FMT "/checkpoint", STR_ARG(dir));
	assert_ok(note_parse(&S.op, shell_read(&S, path), n));
	assert_ok(note_cosign(&S.op, n, w.name, &key, 1749300000));
	shell_write(&S, path, note_format(&S.arena, n).s);
	vkey = shell_read(&S, str_fmt(&S.arena, STR_FMT "/vkey", STR_ARG(dir)));
	shell_write(&S, shell_path(&S, "policy"),
	            str_fmt(&S.arena, "log " STR_FMT "\nwitness W1 " STR_FMT "\nquorum W1\n",
	                    STR_ARG(((struct str){vkey.s, strcspn(vkey.s, "\n")})),
	                    STR_ARG(note_vkey_format(&S.arena, &w))).s);
}

static void the_true_ledger_is_whole(void **state)
{
	(void)state;
	witness();
	assert_int_equal(audit(STR_FMT, STR_ARG(S.data)), 0);
	assert_int_equal(audit("--policy " STR_FMT " " STR_FMT, STR_ARG(shell_path(&S, "policy")),
	                       STR_ARG(shell_path(&S, "witnessed"))), 0);
	assert_false(unchecked("cosignature"));
}

static void a_signature_taken_away_is_named_with_its_entry(void **state)
{
	int64_t victim = forge();

	(void)state;
	assert_int_equal(audit(STR_FMT, STR_ARG(shell_path(&S, "forged"))), 5);
	assert_true(found("signature", victim));
	assert_false(found("checkpoint", -1)); /* the log's key signed it: in itself it is sound */
	assert_false(found("leaf", -1));
	assert_true(unchecked("rollback"));
}

static void the_witnesses_have_not_signed_the_forged_tree(void **state)
{
	(void)state;
	witness();
	forge();
	assert_int_equal(audit("--policy " STR_FMT " " STR_FMT, STR_ARG(shell_path(&S, "policy")),
	                       STR_ARG(shell_path(&S, "forged"))), 5);
	assert_true(found("cosignature", -1));
}

static void a_checkpoint_kept_elsewhere_shows_the_fork(void **state)
{
	(void)state;
	forge();
	assert_int_equal(audit("--known " STR_FMT ".checkpoint " STR_FMT, STR_ARG(S.data),
	                       STR_ARG(shell_path(&S, "forged"))), 5);
	assert_true(found("rollback", -1));
}

static void an_older_copy_put_back_is_seen_only_with_a_checkpoint_from_outside(void **state)
{
	struct str old = shell_path(&S, "old");

	(void)state;
	S.data = old;
	assert_status(&S, sh_json(&S, "demo --seed 3 --events 900"), 0);
	shell_system(&S, "mv " STR_FMT ".checkpoint " STR_FMT, STR_ARG(old),
	             STR_ARG(shell_path(&S, "elsewhere")));
	S.data = shell_path(&S, "data");
	assert_int_equal(audit(STR_FMT, STR_ARG(old)), 0);
	assert_true(unchecked("rollback"));
	assert_int_equal(
		audit("--known " STR_FMT ".checkpoint " STR_FMT, STR_ARG(S.data), STR_ARG(old)), 5);
	assert_true(found("rollback", -1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(the_true_ledger_is_whole), T(a_signature_taken_away_is_named_with_its_entry),
		T(the_witnesses_have_not_signed_the_forged_tree),
		T(a_checkpoint_kept_elsewhere_shows_the_fork),
		T(an_older_copy_put_back_is_seen_only_with_a_checkpoint_from_outside),
	};
	unsetenv("TEST_DB"); /* the forger works on files */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
