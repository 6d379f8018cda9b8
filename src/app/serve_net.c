/* SPDX-License-Identifier: Apache-2.0 */
/* serve_net.c -- see serve_net.h. */
#include "app/serve_net.h"

#include "cli/out.h"
#include "cli/tls.h"
#include "net/address.h"

/* An expired certificate is served all the same: browsers warn, and an examination goes on. */
static void warn_expired(struct cli *c, struct str pem)
{
	struct clock clock = c->host->clock();
	struct err before = c->op.err;
	struct certificate_facts f;

	if (certificate_read(&c->op, pem, &f) == RC_OK && f.until_ms < clock_now_ms(&clock))
		cli_note(c, "服务器证书已过期：请运行 gongyuan tls renew 并重新启动",
		         "the server's certificate has expired: run gongyuan tls renew and start again");
	c->op.err = before;
}

static enum rc take_certificate(struct cli *c, struct server_options *o)
{
	struct certificate_pair p;

	if (!file_exists(tls_path(c, "server.crt")))
		return fail(&c->op, RC_INVALID, "listen", "",
		            "在 " STR_FMT " 以 TLS 服务，但还没有证书：请先运行 gongyuan tls init --name "
		            "本机的名称或地址", "serving at " STR_FMT " takes TLS, and there is no certificate: "
		            "run gongyuan tls init --name and this machine's name or address",
		            STR_ARG(o->listen));
	TRY(tls_pair_read(c, "server", &p));
	warn_expired(c, p.certificate);
	o->tls_key = str_copy(&c->arena, p.key);
	o->tls_certificate = str_copy(&c->arena, p.certificate);
	return RC_OK;
}

static enum rc count(struct cli *c, const char *flag, int64_t usual, unsigned *ret)
{
	int64_t n;

	TRY(cli_int(c, flag, usual, &n));
	if (n < 0 || n > INT32_MAX)
		return fail(&c->op, RC_INVALID, flag, "", "--%s 为 0（不限）或个数",
		            "--%s is 0 (no limit) or a number", flag);
	*ret = (unsigned)n;
	return RC_OK;
}

/* On loopback all come from one address, a proxy's or a bench's: nobody is told from another. */
enum rc serve_net_options(struct cli *c, struct server_options *ret)
{
	struct server_options o = *ret;
	union address at;
	bool alone;

	o.listen = cli_has(c, "listen") ? cli_value(c, "listen") : STR("127.0.0.1:8080");
	TRY(address_read(&c->op, o.listen, &at));
	alone = address_is_loopback(&at);
	TRY(count(c, "rate", alone ? 0 : LIMIT_RATE, &o.rate));
	TRY(count(c, "per-address", alone ? 0 : LIMIT_SERVER_CONNECTIONS / 2, &o.each));
	if (!alone || cli_has(c, "tls"))
		TRY(take_certificate(c, &o));
	*ret = o;
	return RC_OK;
}

struct str serve_net_url(struct cli *c, const struct server_options *o, int port)
{
	size_t n = o->listen.n;

	while (n > 0 && o->listen.s[n - 1] != ':')
		n--;
	return str_fmt(&c->arena, "%s://%.*s%d", o->tls_key.n ? "https" : "http", (int)n, o->listen.s,
	               port);
}
