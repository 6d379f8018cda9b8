/* SPDX-License-Identifier: Apache-2.0 */
/* key.c -- a person's signing key in a file, for offices without cards and for exercises.
 *
 * A card or UKey signs the same bytes; nothing in the ledger tells them apart, so a profile that
 * wants hardware must forbid files by its own procedure.
 */
#include <unistd.h>

#include "cli/out.h"
#include "cli/rows.h"

static enum rc key_print(struct cli *c, const struct ed25519_key *k)
{
	struct str hex = hex_encode(&c->arena, k->pub.b, sizeof(k->pub.b));

	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "key", hex);
	if (!c->json)
		printf("%s\n", hex.s);
	return RC_OK;
}

static enum rc key_new(struct cli *c)
{
	uint8_t seed[32];
	struct ed25519_key k;
	struct str hex;

	if (file_exists(c->words[0]))
		return fail(&c->op, RC_CONFLICT, "FILE", "", "%s 已存在，不覆盖密钥",
		            "%s exists: a key is not overwritten", c->words[0].s);
	random_bytes(c->op.random, seed, sizeof(seed));
	k = ed25519_from_seed(seed);
	hex = hex_encode(&c->arena, seed, sizeof(seed));
	TRY(file_write(&c->op, c->words[0], str_fmt(&c->arena, "%s\n", hex.s), 0600));
	return key_print(c, &k);
}

static enum rc key_load(struct cli *c, struct ed25519_key *ret)
{
	uint8_t seed[32];
	struct str text;

	TRY(file_read(&c->op, c->words[0], 256, &text));
	while (text.n && text.s[text.n - 1] == '\n')
		text.n--;
	if (!hex_decode(text, seed, sizeof(seed)))
		return fail(&c->op, RC_INVALID, "FILE", "", "%s 不是密钥文件", "%s is not a key file",
		            c->words[0].s);
	*ret = ed25519_from_seed(seed);
	return RC_OK;
}

static enum rc key_public(struct cli *c)
{
	struct ed25519_key k;

	TRY(key_load(c, &k));
	return key_print(c, &k);
}

/* Standard input, whole. */
static enum rc read_stdin(struct cli *c, struct str *ret)
{
	struct strbuf b;
	char part[4096];
	ssize_t n;

	strbuf_init(&b, &c->arena);
	while ((n = read(STDIN_FILENO, part, sizeof(part))) > 0 && b.n <= LIMIT_BODY)
		strbuf_add(&b, part, (size_t)n);
	if (n < 0 || b.n > LIMIT_BODY)
		return fail(&c->op, RC_INVALID, "", "", "标准输入读不完", "cannot read standard input");
	*ret = strbuf_str(&b);
	return RC_OK;
}

/* The message of one slot out of what --print-statement --json printed. */
static enum rc read_prepared(struct cli *c, struct str *ret)
{
	struct str name = cli_value(c, "slot"), text;
	const struct json *found = NULL;
	int64_t person;
	struct json *o;
	size_t n = 0;

	TRY(cli_int(c, "person", 0, &person));
	TRY(file_read(&c->op, cli_value(c, "prepared"), LIMIT_BODY, &text));
	TRY(json_read(&c->op, text, &o));
	for (const struct json *s = json_get(o, "slots") ? json_get(o, "slots")->first : NULL; s;
	     s = s->next)
		if (str_eq(json_str(s, "slot"), name) &&
		    (!person || json_int(s, "person", 0) == person)) {
			found = s;
			n++;
		}
	if (n != 1)
		return fail(&c->op, RC_INVALID, "slot", "",
		            "文件里有 %zu 个签名栏叫 %s；不止一个时用 --person 写明人员编号",
		            "%zu slots in the file are called %s; if several, name the person's number "
		            "with --person", n, name.n ? name.s : "");
	*ret = json_str(found, "message");
	return RC_OK;
}

static enum rc key_sign(struct cli *c)
{
	struct ed25519_key k;
	struct signature sig;
	struct str text, hex;

	TRY(key_load(c, &k));
	if (cli_has(c, "prepared"))
		TRY(read_prepared(c, &text));
	else if (c->nwords > 1 && !str_is(c->words[1], "-"))
		TRY(file_read(&c->op, c->words[1], LIMIT_BODY, &text));
	else
		TRY(read_stdin(c, &text));
	sig = ed25519_sign(&k, text.s, text.n);
	hex = hex_encode(&c->arena, sig.b, sizeof(sig.b));
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "signature", hex);
	if (!c->json)
		printf("%s\n", hex.s);
	return RC_OK;
}

static const struct cli_flag SIGN_FLAGS[] = {
	{"prepared", "FILE", "对 --print-statement --json 所打印的文件签名",
	 "sign what --print-statement --json printed", false},
	{"slot", "NAME", "其中哪个签名栏", "which of its slots", false},
	{"person", "N", "同名签名栏不止一个时：人员编号",
	 "of several slots of that name: the person's number", false},
};

const struct cli_verb cli_key_verbs[] = {
	{"key", "new", "FILE", 1, 1, .run = key_new,
	 .zh = "生成个人签名密钥，打印公钥", .en = "make a person's signing key; prints the public one"},
	{"key", "public", "FILE", 1, 1, .run = key_public, .zh = "打印公钥", .en = "print the public key"},
	{"key", "sign", "FILE [TEXT]", 1, 2, CLI_FLAGS(SIGN_FLAGS), .run = key_sign,
	 .zh = "对文件或标准输入签名", .en = "sign a file or standard input"},
};
const size_t cli_nkey_verbs = COUNT(cli_key_verbs);
