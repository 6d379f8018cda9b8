/* SPDX-License-Identifier: Apache-2.0 */
/* secret.c -- see secret.h.
 *
 * The list of files is short and closed: what another program leaves in keys/ stays there.  Sealed,
 * each is `PATH BYTES\n` and then its bytes.
 */
#include "cli/secret.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cli/out.h"
#include "db/transfer.h"
#include "engine/strongbox.h"

static const char *const FILES[] = {"keys/device.key", "keys/log.key", "keys/vault.key",
                                    "logins.db"};
enum { LOGINS = 3, LINE = 1024 };

enum rc secret_line(struct cli *c, const char *zh, const char *en, struct str *ret)
{
	char *line = arena_alloc(&c->arena, LINE);
	size_t n;

	if (!c->json && isatty(STDIN_FILENO))
		cli_note(c, "%s", "%s", cli_tr(c, zh, en));
	if (!fgets(line, LINE, stdin))
		return fail(&c->op, RC_INVALID, "passphrase", "", "请从标准输入给出口令（一行）",
		            "give the passphrase on standard input, on one line");
	n = strcspn(line, "\r\n");
	*ret = (struct str){line, n};
	return RC_OK;
}

static struct str in(struct cli *c, struct str dir, const char *name)
{
	return str_fmt(&c->arena, STR_FMT "/%s", STR_ARG(dir), name);
}

/* logins.db may be written to at this moment. */
static enum rc logins_copy(struct cli *c, struct str from, struct str to)
{
	return file_exists(from) ? db_copy_sqlite(&c->op, from, to) : RC_OK;
}

static enum rc files_copy(struct cli *c, struct str from, struct str to)
{
	struct file_print print;

	for (size_t i = 0; i < LOGINS; i++)
		TRY(file_copy(&c->op, in(c, from, FILES[i]), in(c, to, FILES[i]), 0600, &print));
	TRY(logins_copy(c, in(c, from, FILES[LOGINS]), in(c, to, FILES[LOGINS])));
	TRY(folder_settle(&c->op, in(c, to, "keys")));
	return folder_settle(&c->op, to);
}

enum rc secret_to_folder(struct cli *c, struct str from, struct str to)
{
	enum rc rc;

	if (file_exists(to))
		return fail(&c->op, RC_CONFLICT, "keys-to", "", "%s 已存在，不覆盖：请另选一个",
		            "%s exists and is not overwritten: name another", to.s);
	TRY(dir_make(&c->op, in(c, to, "keys"), 0700));
	if (chmod(str_copy(&c->arena, to).s, 0700) != 0)
		return fail(&c->op, RC_DENIED, "keys-to", "", "不能设置 %s 的权限",
		            "the mode of %s cannot be set", to.s);
	rc = files_copy(c, from, to);
	if (rc != RC_OK)
		folder_discard(&c->op, to);
	return rc;
}

/* Its bytes as of one moment, through a copy beside it that is removed again. */
static enum rc logins_read(struct cli *c, struct str path, struct str *ret)
{
	struct str copy = str_fmt(&c->arena, "%s.copy-%ld", path.s, (long)getpid());
	enum rc rc = db_copy_sqlite(&c->op, path, copy);

	if (rc == RC_OK)
		rc = file_read(&c->op, copy, LIMIT_BLOB, ret);
	(void)unlink(copy.s);
	return rc;
}

static enum rc gather(struct cli *c, struct str from, struct strbuf *b)
{
	for (size_t i = 0; i < COUNT(FILES); i++) {
		struct str path = in(c, from, FILES[i]), bytes = {"", 0};

		if (i == LOGINS && !file_exists(path))
			continue;
		TRY(i == LOGINS ? logins_read(c, path, &bytes)
		                : file_read(&c->op, path, LIMIT_BODY, &bytes));
		strbuf_addf(b, "%s %zu\n", FILES[i], bytes.n);
		strbuf_adds(b, bytes);
	}
	return RC_OK;
}

enum rc secret_seal(struct cli *c, struct str from, struct str *ret)
{
	struct random real = c->host->random();
	struct str passphrase;
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	TRY(gather(c, from, &b));
	TRY(secret_line(c, "密钥包的口令（一行）：", "the passphrase of the sealed keys, on one line:",
	                &passphrase));
	c->op.random = &real;
	return strongbox_make(&c->op, passphrase, strbuf_str(&b), ret);
}

enum rc secret_from_folder(struct cli *c, struct str from, struct str to)
{
	for (size_t i = 0; i < LOGINS; i++)
		if (!file_exists(in(c, from, FILES[i])))
			return fail(&c->op, RC_NOT_FOUND, "keys", "", "%s 里没有 %s：不是 backup --keys-to 所写的文件夹",
			            "%s has no %s: it is not what backup --keys-to wrote", from.s, FILES[i]);
	return files_copy(c, from, to);
}

static bool file_known(struct str name)
{
	for (size_t i = 0; i < COUNT(FILES); i++)
		if (str_is(name, FILES[i]))
			return true;
	return false;
}

enum rc secret_unseal(struct cli *c, struct str box, struct str to)
{
	struct str passphrase, rest, line, name, bytes;
	int64_t n;

	TRY(secret_line(c, "密钥包的口令（一行）：", "the passphrase of the sealed keys, on one line:",
	                &passphrase));
	TRY(strongbox_open(&c->op, passphrase, box, &rest));
	while (rest.n) {
		if (!str_cut(rest, '\n', &line, &rest) || !str_cut(line, ' ', &name, &bytes) ||
		    !str_to_i64(bytes, &n) || n < 0 || (size_t)n > rest.n || !file_known(name))
			return fail(&c->op, RC_BROKEN, "keys", "", "密钥包的内容不对", "the sealed keys are no keys");
		TRY(file_write(&c->op, in(c, to, str_copy(&c->arena, name).s),
		               (struct str){rest.s, (size_t)n}, 0600));
		rest = (struct str){rest.s + n, rest.n - (size_t)n};
	}
	return RC_OK;
}
