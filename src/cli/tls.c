/* SPDX-License-Identifier: Apache-2.0 */
/* tls.c -- `gongyuan tls init|renew|show`: an office's own root and its server's certificate, in
 * DIR/keys/tls/.  docs/tls.md says how PCs come to trust the root.
 */
#include "cli/tls.h"

#include "cli/out.h"
#include "cli/rows.h"

enum { DAY_MS = 86400000 };

struct str tls_path(struct cli *c, const char *name)
{
	struct office_options how = cli_office_options(c);

	return str_fmt(&c->arena, STR_FMT "/keys/tls/%s", STR_ARG(how.data), name);
}

enum rc tls_pair_read(struct cli *c, const char *which, struct certificate_pair *ret)
{
	struct str certificate = tls_path(c, str_fmt(&c->arena, "%s.crt", which).s);

	if (!file_exists(certificate))
		return fail(&c->op, RC_NOT_FOUND, "data", "",
		            "没有证书 %s：请运行 gongyuan tls init --name 本机的名称或地址",
		            "there is no certificate %s: run gongyuan tls init --name and this machine's "
		            "name or address", certificate.s);
	TRY(file_read(&c->op, certificate, LIMIT_HEAD, &ret->certificate));
	return file_read(&c->op, tls_path(c, str_fmt(&c->arena, "%s.key", which).s), LIMIT_HEAD,
	                 &ret->key);
}

static int64_t now_ms(const struct cli *c)
{
	struct clock clock = c->host->clock();

	return clock_now_ms(&clock);
}

static enum rc write_pair(struct cli *c, const char *which, const struct certificate_pair *p)
{
	TRY(file_write(&c->op, tls_path(c, str_fmt(&c->arena, "%s.key", which).s), p->key, 0600));
	return file_write(&c->op, tls_path(c, str_fmt(&c->arena, "%s.crt", which).s), p->certificate,
	                  0644);
}

/* What was typed, and always this machine as it calls itself. */
static enum rc names_typed(struct cli *c, struct certificate_names *to)
{
	static const char *const LOCAL[] = {"localhost", "127.0.0.1", "::1"};

	for (size_t i = 0; i < c->nvalues; i++)
		if (strcmp(c->values[i].flag->name, "name") == 0)
			TRY(certificate_name(&c->op, to, c->values[i].value));
	for (size_t i = 0; i < COUNT(LOCAL); i++)
		TRY(certificate_name(&c->op, to, str_of(LOCAL[i])));
	return RC_OK;
}

static struct json *facts_json(struct cli *c, const struct certificate_facts *f)
{
	struct json *o = json_new_object(&c->arena), *names = json_new_array(&c->arena);

	json_set_str(&c->arena, o, "fingerprint", f->fingerprint);
	for (size_t i = 0; i < f->names.n; i++)
		json_set_str(&c->arena, names, NULL, f->names.name[i]);
	json_put(o, "names", names);
	json_set_str(&c->arena, o, "until", clock_format_utc(&c->arena, f->until_ms));
	return o;
}

static void print_facts(struct cli *c, const char *zh, const char *en,
                        const struct certificate_facts *f)
{
	struct str until = clock_format_utc(&c->arena, f->until_ms);
	struct strbuf names;

	strbuf_init(&names, &c->arena);
	for (size_t i = 0; i < f->names.n; i++)
		strbuf_addf(&names, "%s%s", i ? " " : "", f->names.name[i].s);
	cli_say(c, "%s：有效至 %.10s\n  SHA-256 %s", "%s: valid until %.10s\n  SHA-256 %s",
	        cli_tr(c, zh, en), until.s, f->fingerprint.s);
	if (f->names.n)
		cli_say(c, "  名称 %s", "  names %s", strbuf_str(&names).s);
}

static enum rc show_run(struct cli *c)
{
	struct certificate_pair root, server;
	struct certificate_facts of_root, of_server;

	TRY(tls_pair_read(c, "root", &root));
	TRY(tls_pair_read(c, "server", &server));
	TRY(certificate_read(&c->op, root.certificate, &of_root));
	TRY(certificate_read(&c->op, server.certificate, &of_server));
	c->result = json_new_object(&c->arena);
	json_put(c->result, "root", facts_json(c, &of_root));
	json_put(c->result, "server", facts_json(c, &of_server));
	print_facts(c, "根证书", "root", &of_root);
	print_facts(c, "服务器证书", "server", &of_server);
	return RC_OK;
}

static enum rc init_run(struct cli *c)
{
	struct office_options how = cli_office_options(c);
	struct certificate_names names = {0};
	struct certificate_pair root, server;

	TRY(names_typed(c, &names));
	if (!file_exists(str_fmt(&c->arena, STR_FMT "/keys", STR_ARG(how.data))))
		return fail(&c->op, RC_NOT_FOUND, "data", "", "%s 不是数据文件夹：先用 gongyuan init 新建",
		            "%s is no data folder: make one with gongyuan init first", how.data.s);
	if (file_exists(tls_path(c, "root.key")) && !cli_has(c, "again"))
		return fail(&c->op, RC_CONFLICT, "data", "",
		            "已有根证书：续期用 gongyuan tls renew；另建根证书用 --again，"
		            "之后各电脑都要重新安装",
		            "there is a root: renew the server's certificate with gongyuan tls renew; a "
		            "new root is made with --again, and all PCs must install it");
	TRY(dir_make(&c->op, tls_path(c, ""), 0700));
	TRY(certificate_root(&c->op, &names, now_ms(c), &root));
	TRY(certificate_issue(&c->op, &root, &names, now_ms(c), &server));
	TRY(write_pair(c, "root", &root));
	TRY(write_pair(c, "server", &server));
	TRY(show_run(c));
	cli_note(c, "请把 %s 安装到各电脑（docs/tls.zh-CN.md），核对上面的指纹",
	         "install %s on the PCs (docs/tls.md), and compare the fingerprint above",
	         tls_path(c, "root.crt").s);
	return RC_OK;
}

/* The names that it had, when none is given. */
static enum rc renew_run(struct cli *c)
{
	struct certificate_names names = {0};
	struct certificate_pair root, old, server;
	struct certificate_facts before;

	TRY(tls_pair_read(c, "root", &root));
	TRY(tls_pair_read(c, "server", &old));
	TRY(certificate_read(&c->op, old.certificate, &before));
	if (cli_has(c, "name"))
		TRY(names_typed(c, &names));
	else
		names = before.names;
	TRY(certificate_issue(&c->op, &root, &names, now_ms(c), &server));
	TRY(write_pair(c, "server", &server));
	TRY(show_run(c));
	cli_note(c, "请重新启动 gongyuan serve；各电脑不必改动",
	         "start gongyuan serve again; nothing changes on the PCs");
	return RC_OK;
}

#define NAME_FLAG {"name", "NAME", "电脑用来访问的主机名或 IP 地址，可多次", \
	"a name or address that PCs call it by; may stand more than once", true}
static const struct cli_flag INIT_FLAGS[] = {
	NAME_FLAG,
	{"again", NULL, "另建根证书，替换原有的", "make a new root in place of the old one", false},
};
static const struct cli_flag RENEW_FLAGS[] = {NAME_FLAG};

const struct cli_verb cli_tls_verbs[] = {
	{"tls", "init", "", 0, 0, CLI_FLAGS(INIT_FLAGS), .run = init_run,
	 .zh = "生成本单位的根证书和服务器证书", .en = "make a root of this office and its server's certificate"},
	{"tls", "renew", "", 0, 0, CLI_FLAGS(RENEW_FLAGS), .run = renew_run,
	 .zh = "续期服务器证书，根证书不变", .en = "renew the server's certificate; the root stays"},
	{"tls", "show", "", 0, 0, .run = show_run,
	 .zh = "显示证书的指纹、名称和有效期", .en = "show fingerprints, names and expiry"},
};
const size_t cli_ntls_verbs = COUNT(cli_tls_verbs);
