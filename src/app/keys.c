/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c -- making and reading the key files of a node. */
#include "app/keys.h"

#include "ledger/note.h"

static struct str key_path(struct arena *a, struct str dir, const char *name)
{
	return str_fmt(a, STR_FMT "/keys/%s", STR_ARG(dir), name);
}

/* SHA-256("gongyuan-drill-key-v1" || name || seed as text): drills only. */
static void drill_key(struct arena *a, uint64_t seed, const char *name, uint8_t ret[32])
{
	struct str text = str_fmt(a, "gongyuan-drill-key-v1/%s/%llu", name, (unsigned long long)seed);
	struct hash h = hash_sha256(text.s, text.n);

	memcpy(ret, h.b, 32);
}

static enum rc key_make(struct op *op, struct office *o, const char *name, uint8_t ret[32])
{
	struct str path = key_path(op->arena, o->dir, name);
	struct str hex;

	if (file_exists(path))
		return fail(op, RC_CONFLICT, "data", "", "密钥文件 %s 已存在，请另选空文件夹",
		            "the key file %s exists already: choose an empty folder", path.s);
	if (o->drill)
		drill_key(op->arena, o->seed, name, ret);
	else
		random_bytes(&o->random, ret, 32);
	hex = hex_encode(op->arena, ret, 32);
	return file_write(op, path, str_fmt(op->arena, STR_FMT "\n", STR_ARG(hex)), 0600);
}

enum rc keys_make(struct op *op, struct office *o)
{
	uint8_t seed[32];
	struct str vkey;

	TRY(dir_make(op, str_fmt(op->arena, STR_FMT "/keys", STR_ARG(o->dir)), 0700));
	TRY(key_make(op, o, "log.key", seed));
	o->log_key = ed25519_from_seed(seed);
	TRY(key_make(op, o, "device.key", seed));
	o->device_key = ed25519_from_seed(seed);
	TRY(key_make(op, o, "vault.key", o->vault_key));
	o->vkey = note_key_of(o->origin, NOTE_ED25519, &o->log_key.pub);
	vkey = note_vkey_format(op->arena, &o->vkey);
	return file_write(op, key_path(op->arena, o->dir, "log.vkey"),
	                  str_fmt(op->arena, STR_FMT "\n", STR_ARG(vkey)), 0644);
}

static struct str cut_newline(struct str s)
{
	while (s.n && (s.s[s.n - 1] == '\n' || s.s[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static enum rc missing(struct op *op, struct str path)
{
	return fail(op, RC_NOT_FOUND, "data", "",
	            "缺少密钥文件 %s：文件夹可能没有拷贝完整，请从备份恢复 keys/",
	            "the key file %s is missing: the folder may be half-copied; restore keys/ from "
	            "a backup", path.s);
}

static enum rc key_read(struct op *op, struct office *o, const char *name, uint8_t ret[32])
{
	struct str path = key_path(op->arena, o->dir, name);
	struct str text;

	if (!file_exists(path))
		return missing(op, path);
	TRY(file_read(op, path, 256, &text));
	if (!hex_decode(cut_newline(text), ret, 32))
		return fail(op, RC_BROKEN, "data", "",
		            "密钥文件 %s 的内容不是密钥，请从备份恢复",
		            "the key file %s does not hold a key: restore it from a backup", path.s);
	return RC_OK;
}

static enum rc vkey_read(struct op *op, struct office *o)
{
	struct op own = *op;
	struct str path = key_path(op->arena, o->dir, "log.vkey");
	struct str text;
	enum rc rc;

	if (!file_exists(path))
		return missing(op, path);
	own.arena = &o->arena;
	rc = file_read(&own, path, 4096, &text);
	if (rc == RC_OK)
		rc = note_vkey_parse(&own, cut_newline(text), &o->vkey);
	op->err = own.err;
	return rc;
}

enum rc keys_read(struct op *op, struct office *o, bool all)
{
	uint8_t seed[32];

	TRY(vkey_read(op, o));
	if (!all) {
		struct err before = op->err;
		/* Without the first vault texts stay closed, without the second a request that is only
		 * tried is not known to have been sent before; nothing else is lost to a reader. */
		if (key_read(op, o, "vault.key", o->vault_key) != RC_OK)
			op->err = before;
		if (key_read(op, o, "device.key", seed) == RC_OK)
			o->device_key = ed25519_from_seed(seed);
		else
			op->err = before;
		return RC_OK;
	}
	TRY(key_read(op, o, "vault.key", o->vault_key));
	TRY(key_read(op, o, "log.key", seed));
	o->log_key = ed25519_from_seed(seed);
	TRY(key_read(op, o, "device.key", seed));
	o->device_key = ed25519_from_seed(seed);
	if (memcmp(o->log_key.pub.b, o->vkey.pub.b, sizeof(o->vkey.pub.b)) != 0)
		return fail(op, RC_BROKEN, "data", "",
		            "keys/log.key 与 keys/log.vkey 不是一对，请从备份恢复 keys/",
		            "keys/log.key and keys/log.vkey are not a pair: restore keys/ from a "
		            "backup");
	return RC_OK;
}
