/* SPDX-License-Identifier: Apache-2.0 */
/* blob.c -- blobs/HASH: files named after the SHA-256 of their bytes.
 *
 * A blob is written once and checked each time it is read, so that a file changed under its name
 * is never given out for what the ledger refers to.
 */
#include "base/hash.h"
#include "base/limits.h"
#include "db/store.h"

static struct str blob_path(struct op *op, const struct store *s, struct str hex)
{
	return str_fmt(op->arena, STR_FMT "/blobs/" STR_FMT, STR_ARG(s->dir), STR_ARG(hex));
}

enum rc blob_put(struct op *op, const struct store *s, struct str bytes, struct str *ret_hash)
{
	if (bytes.n > LIMIT_BLOB)
		return fail(op, RC_INVALID, "", "", "附件过大（%zu 字节，上限 %d）",
		            "the attachment is too large (%zu bytes, at most %d)",
		            bytes.n, LIMIT_BLOB);
	struct hash h = hash_sha256(bytes.s, bytes.n);
	struct str hex = hash_hex(op->arena, &h), path = blob_path(op, s, hex), old;
	struct op quiet = {.arena = op->arena};

	/* A damaged one is replaced: we hold what it should be. */
	if (!file_exists(path) || blob_get(&quiet, s, hex, &old) != RC_OK)
		TRY(file_write(op, path, bytes, 0640));
	*ret_hash = hex;
	return RC_OK;
}

enum rc blob_get(struct op *op, const struct store *s, struct str hash, struct str *ret)
{
	struct hash want;
	struct str bytes;

	if (!hex_decode(hash, want.b, sizeof(want.b)))
		return fail(op, RC_INVALID, "hash", "", "不是 64 位十六进制的散列值",
		            "not a hash of 64 hexadecimal digits");
	TRY(file_read(op, blob_path(op, s, hash), LIMIT_BLOB, &bytes));
	struct hash is = hash_sha256(bytes.s, bytes.n);
	if (!hash_eq(&is, &want))
		return fail(op, RC_BROKEN, "hash", "", "附件已损坏，请从备份恢复：" STR_FMT,
		            "the attachment is damaged, restore it from a backup: " STR_FMT,
		            STR_ARG(hash));
	*ret = bytes;
	return RC_OK;
}
