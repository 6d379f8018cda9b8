/* SPDX-License-Identifier: Apache-2.0 */
/* strongbox.c -- see strongbox.h.
 *
 *   gongyuan-strongbox 1\n  SETTING\n  then nonce, ciphertext and tag; head and setting are bound
 * to it
 */
#include "engine/strongbox.h"

#include <crypt.h>

#include "base/key.h"
#include "base/random.h"

#define HEAD "gongyuan-strongbox 1\n"
enum { LEAST = 12, COST = 8, NONCE = 12 };

static bool key_of(struct op *op, struct str passphrase, struct str setting, uint8_t ret[32])
{
	struct crypt_data *d = calloc(1, sizeof(*d));
	const char *text;
	struct hash h;
	bool ok;

	if (!d)
		abort(); /* as arena_alloc */
	text = crypt_r(str_copy(op->arena, passphrase).s, str_copy(op->arena, setting).s, d);
	ok = text && text[0] != '*';
	if (ok) {
		h = hash_sha256(text, strlen(text));
		memcpy(ret, h.b, sizeof(h.b));
	}
	explicit_bzero(d, sizeof(*d));
	free(d);
	return ok;
}

/* "$y$jCT$" of our cost: a box from elsewhere must not ask for a terabyte. */
static bool our_cost(struct str setting)
{
	char ours[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *end;

	if (setting.n >= sizeof(ours) ||
	    !crypt_gensalt_rn("$y$", COST, "0123456789abcdef", 16, ours, sizeof(ours)))
		return false;
	end = strchr(ours + 3, '$');
	return end && str_starts(setting, (struct str){ours, (size_t)(end + 1 - ours)});
}

enum rc strongbox_make(struct op *op, struct str passphrase, struct str plain, struct str *ret)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	uint8_t random[32], nonce[NONCE], key[32];
	struct str head, sealed;

	if (passphrase.n < LEAST)
		return fail(op, RC_INVALID, "passphrase", "", "口令至少 %d 个字节，请用几个不相干的词",
		            "the passphrase has at least %d bytes: take a few unrelated words", LEAST);
	random_bytes(op->random, random, sizeof(random));
	random_bytes(op->random, nonce, sizeof(nonce));
	if (!crypt_gensalt_rn("$y$", COST, (const char *)random, sizeof(random), setting,
	                      sizeof(setting)) ||
	    !key_of(op, passphrase, str_of(setting), key))
		return fail(op, RC_BROKEN, "passphrase", "", "本机的 libcrypt 不支持 yescrypt",
		            "libcrypt of this machine has no yescrypt");
	head = str_fmt(op->arena, HEAD "%s\n", setting);
	sealed = seal_make(op->arena, key, nonce, head, plain);
	explicit_bzero(key, sizeof(key));
	char *all = arena_alloc(op->arena, head.n + sealed.n + 1);
	memcpy(all, head.s, head.n);
	memcpy(all + head.n, sealed.s, sealed.n);
	*ret = (struct str){all, head.n + sealed.n};
	return RC_OK;
}

enum rc strongbox_open(struct op *op, struct str passphrase, struct str box, struct str *ret)
{
	struct str rest, setting, sealed, head;
	uint8_t key[32];
	bool ok;

	if (!str_starts(box, STR(HEAD)))
		return fail(op, RC_INVALID, "passphrase", "", "这不是加密的密钥包",
		            "this is not a box of sealed keys");
	rest = (struct str){box.s + STR(HEAD).n, box.n - STR(HEAD).n};
	if (!str_cut(rest, '\n', &setting, &sealed) || !our_cost(setting))
		return fail(op, RC_INVALID, "passphrase", "", "加密的密钥包已损坏",
		            "the box of sealed keys is damaged");
	head = (struct str){box.s, box.n - sealed.n};
	ok = key_of(op, passphrase, setting, key) && seal_open(op->arena, key, head, sealed, ret);
	explicit_bzero(key, sizeof(key));
	return ok ? RC_OK
	          : fail(op, RC_DENIED, "passphrase", "", "口令不对，或密钥包被改动",
	                 "another passphrase, or the box was altered");
}
