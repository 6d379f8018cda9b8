/* SPDX-License-Identifier: Apache-2.0 */
/* cosign_trust.c -- DIR/witnesses: whose cosignatures this office asks for, and how many count.
 *
 * Written here with one group; an office that wants another quorum edits the file, and from then
 * on it is only read.
 */
#include "ledger/cosign.h"

#define GROUP "witnesses"

static struct str path_of(struct op *op, struct str dir)
{
	return str_fmt(op->arena, STR_FMT "/witnesses", STR_ARG(dir));
}

enum rc cosign_policy(struct op *op, struct str dir, const struct note_key *log,
                      struct policy *ret, struct str *ret_text)
{
	struct str path = path_of(op, dir), text = STR("quorum none\n");

	if (file_exists(path))
		TRY(file_read(op, path, LIMIT_NOTE_BYTES / 2, &text));
	text = str_fmt(op->arena, "log " STR_FMT "\n" STR_FMT,
	               STR_ARG(note_vkey_format(op->arena, log)), STR_ARG(text));
	TRY(policy_parse(op, text, ret));
	*ret_text = text;
	return RC_OK;
}

static enum rc may_add(struct op *op, const struct policy *p, const struct note_key *witness)
{
	if (witness->alg != NOTE_COSIGNATURE)
		return fail(op, RC_INVALID, "vkey", "", "不是见证单位的密钥（0x04）",
		            "it is not a cosigner's key (0x04)");
	for (int i = 0; i < p->nwitnesses; i++)
		if (str_eq(p->witness[i].name, witness->name) ||
		    memcmp(p->witness[i].pub.b, witness->pub.b, sizeof witness->pub.b) == 0)
			return fail(op, RC_CONFLICT, "vkey", "", "见证单位 " STR_FMT " 已登记",
			            "the witness " STR_FMT " is known already", STR_ARG(witness->name));
	if (p->ngroups > 1 || (p->ngroups == 1 && !str_is(p->group[0].name, GROUP)) ||
	    (p->quorum >= 0))
		return fail(op, RC_CONFLICT, "vkey", "",
		            "文件 witnesses 已由人工编辑，请在其中加上这一家",
		            "the file witnesses was edited by hand: add the witness there");
	return RC_OK;
}

/* One word of a line. */
static bool url_fits(struct str url)
{
	for (size_t i = 0; i < url.n; i++)
		if (url.s[i] <= ' ' || url.s[i] >= 0x7f)
			return false;
	return str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
}

enum rc cosign_trust(struct op *op, struct str dir, const struct note_key *log,
                     const struct cosign_witness *witness, int quorum)
{
	struct policy *p = ARENA_NEW(op->arena, struct policy);
	struct strbuf b;
	struct str text;
	int n;

	TRY(cosign_policy(op, dir, log, p, &text));
	TRY(may_add(op, p, witness->key));
	if (witness->url.n && !url_fits(witness->url))
		return fail(op, RC_INVALID, "url", "", "网址写作 https://主机[:端口][/路径]",
		            "an address is https://HOST[:PORT][/PATH]");
	n = p->nwitnesses + 1;
	if (n > POLICY_MAX || quorum < 0 || quorum > n)
		return fail(op, RC_INVALID, "quorum", "", "%d 家见证单位，不能要求 %d 家签名",
		            "of %d witnesses %d cannot be asked for", n, quorum);
	p->witness[p->nwitnesses] = *witness->key;
	p->witness_url[p->nwitnesses] = witness->url;
	strbuf_init(&b, op->arena);
	for (int i = 0; i < n; i++) {
		strbuf_addf(&b, "witness " STR_FMT " ", STR_ARG(p->witness[i].name));
		strbuf_adds(&b, note_vkey_format(op->arena, &p->witness[i]));
		if (p->witness_url[i].n)
			strbuf_addf(&b, " " STR_FMT, STR_ARG(p->witness_url[i]));
		strbuf_addc(&b, '\n');
	}
	strbuf_addf(&b, "group " GROUP " %d", quorum ? quorum : n / 2 + 1);
	for (int i = 0; i < n; i++)
		strbuf_addf(&b, " " STR_FMT, STR_ARG(p->witness[i].name));
	strbuf_addz(&b, "\nquorum " GROUP "\n");
	text = str_fmt(op->arena, "log " STR_FMT "\n" STR_FMT,
	               STR_ARG(note_vkey_format(op->arena, log)), STR_ARG(strbuf_str(&b)));
	TRY(policy_parse(op, text, p)); /* a name such as "none" or "witnesses" */
	return file_write(op, path_of(op, dir), strbuf_str(&b), 0644);
}
