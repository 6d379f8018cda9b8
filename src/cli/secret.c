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

enum kind {
	KEY,    /* without it nobody goes on */
	TLS,    /* an office that is on loopback alone has none */
	LOGINS, /* a database, perhaps not there yet */
};
static const struct {
	const char *path;
	enum kind kind;
} FILES[] = {
	{"keys/device.key", KEY}, {"keys/log.key", KEY}, {"keys/vault.key", KEY},
	{"keys/tls/root.key", TLS}, {"keys/tls/root.crt", TLS},
	{"keys/tls/server.key", TLS}, {"keys/tls/server.crt", TLS},
	{"logins.db", LOGINS},
};
enum { LINE = 1024 };

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

/* PCs take root.crt from here. */
static int mode_of(const char *path)
{
	return str_ends(str_of(path), STR(".crt")) ? 0644 : 0600;
}

/* logins.db may be written to at this moment. */
static enum rc file_take(struct cli *c, size_t i, struct str from, struct str to)
{
	struct file_print print;

	if (FILES[i].kind != KEY && !file_exists(from))
		return RC_OK;
	if (FILES[i].kind == LOGINS)
		return db_copy_sqlite(&c->op, from, to);
	return file_copy(&c->op, from, to, mode_of(FILES[i].path), &print);
}

static enum rc files_copy(struct cli *c, struct str from, struct str to)
{
	bool tls = file_exists(in(c, from, "keys/tls"));

	if (tls)
		TRY(dir_make(&c->op, in(c, to, "keys/tls"), 0700));
	for (size_t i = 0; i < COUNT(FILES); i++)
		TRY(file_take(c, i, in(c, from, FILES[i].path), in(c, to, FILES[i].path)));
	if (tls)
		TRY(folder_settle(&c->op, in(c, to, "keys/tls")));
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
		struct str path = in(c, from, FILES[i].path), bytes = {"", 0};

		if (FILES[i].kind != KEY && !file_exists(path))
			continue;
		TRY(FILES[i].kind == LOGINS ? logins_read(c, path, &bytes)
		                            : file_read(&c->op, path, LIMIT_BODY, &bytes));
		strbuf_addf(b, "%s %zu\n", FILES[i].path, bytes.n);
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
	for (size_t i = 0; i < COUNT(FILES); i++)
		if (FILES[i].kind == KEY && !file_exists(in(c, from, FILES[i].path)))
			return fail(&c->op, RC_NOT_FOUND, "keys", "", "%s 里没有 %s：不是 backup --keys-to 所写的文件夹",
			            "%s has no %s: it is not what backup --keys-to wrote", from.s,
			            FILES[i].path);
	return files_copy(c, from, to);
}

/* COUNT(FILES): none of ours. */
static size_t file_known(struct str name)
{
	size_t i = 0;

	while (i < COUNT(FILES) && !str_is(name, FILES[i].path))
		i++;
	return i;
}

enum rc secret_unseal(struct cli *c, struct str box, struct str to)
{
	struct str passphrase, rest, line, name, bytes;
	size_t i;
	int64_t n;

	TRY(secret_line(c, "密钥包的口令（一行）：", "the passphrase of the sealed keys, on one line:",
	                &passphrase));
	TRY(strongbox_open(&c->op, passphrase, box, &rest));
	while (rest.n) {
		if (!str_cut(rest, '\n', &line, &rest) || !str_cut(line, ' ', &name, &bytes) ||
		    !str_to_i64(bytes, &n) || n < 0 || (size_t)n > rest.n ||
		    (i = file_known(name)) == COUNT(FILES))
			return fail(&c->op, RC_BROKEN, "keys", "", "密钥包的内容不对", "the sealed keys are no keys");
		if (FILES[i].kind == TLS)
			TRY(dir_make(&c->op, in(c, to, "keys/tls"), 0700));
		TRY(file_write(&c->op, in(c, to, FILES[i].path), (struct str){rest.s, (size_t)n},
		               mode_of(FILES[i].path)));
		rest = (struct str){rest.s + n, rest.n - (size_t)n};
	}
	return RC_OK;
}
