/* SPDX-License-Identifier: Apache-2.0 */
/* vault.c -- see vault.h.
 *
 * Two seals: a text (its salt before it) under its subject's key, bound to its id and subject;
 * the subject's key under the node's, bound to the subject.  So rows cannot be swapped, a copy of
 * the file without keys/ tells nothing, and deleting one small row makes every copy of a
 * subject's texts unreadable that lacks that row.
 */
#include "engine/vault.h"

#include <inttypes.h>

#include "base/hash.h"
#include "base/key.h"
#include "base/random.h"

enum { KEY_BYTES = 32, NONCE_BYTES = 12, SALT_BYTES = 16 };

enum { Q_KEY, Q_KEY_ADD, Q_ITEM_ADD, Q_ITEM, Q_SHRED_KEY, Q_SHRED_ITEMS, Q_CLEAR };
static const struct sql SQL[] = {
	[Q_KEY] = {"SELECT sealed FROM vault_key WHERE subject = ?", 1},
	[Q_KEY_ADD] = {"INSERT INTO vault_key(subject, sealed) VALUES (?, ?)", 2},
	[Q_ITEM_ADD] = {"INSERT INTO vault_item(id, subject, sealed) VALUES (?, ?, ?)", 3},
	[Q_ITEM] = {"SELECT subject, sealed FROM vault_item WHERE id = ?", 1},
	[Q_SHRED_KEY] = {"DELETE FROM vault_key WHERE subject = ?", 1},
	[Q_SHRED_ITEMS] = {"DELETE FROM vault_item WHERE subject = ?", 1},
	[Q_CLEAR] = {"DELETE FROM vault_item WHERE id = ?", 1},
};

static enum rc hold(struct op *op, const struct vault *v)
{
	return v->hold ? v->hold(op) : RC_OK;
}

static struct str key_place(struct op *op, int64_t subject)
{
	return str_fmt(op->arena, "gongyuan/vault/key/%" PRId64, subject);
}

static struct str item_place(struct op *op, int64_t id, int64_t subject)
{
	return str_fmt(op->arena, "gongyuan/vault/item/%" PRId64 "/%" PRId64, id, subject);
}

static struct str sealed(struct op *op, const uint8_t key[KEY_BYTES], struct str place,
                         const void *plain, size_t n)
{
	uint8_t nonce[NONCE_BYTES];

	random_bytes(op->random, nonce, sizeof(nonce));
	return seal_make(op->arena, key, nonce, place, (struct str){plain, n});
}

static enum rc not_ours(struct op *op, int64_t id)
{
	return fail(op, RC_BROKEN, "", "",
	            "保密库 %" PRId64 " 号记录无法用本节点的密钥打开，或已被改动",
	            "vault record %" PRId64 " does not open with this node's key or was altered",
	            id);
}

/* *ret_found false: the subject has no key (never had, or shredded). */
static enum rc key_load(struct op *op, struct vault *v, int64_t subject, uint8_t ret[KEY_BYTES],
                        bool *ret_found)
{
	AUTO(rows) rows = {0};
	struct str plain;

	TRY(db_query(op, v->db, &SQL[Q_KEY], ARGS(sql_int(subject)), &rows));
	*ret_found = rows_next(&rows);
	if (!*ret_found)
		return RC_OK;
	if (!seal_open(op->arena, v->key, key_place(op, subject), rows_str(&rows, 0), &plain) ||
	    plain.n != KEY_BYTES)
		return not_ours(op, subject);
	memcpy(ret, plain.s, KEY_BYTES);
	return RC_OK;
}

static enum rc key_make(struct op *op, struct vault *v, int64_t subject, uint8_t ret[KEY_BYTES])
{
	struct str s;

	random_bytes(op->random, ret, KEY_BYTES);
	s = sealed(op, v->key, key_place(op, subject), ret, KEY_BYTES);
	return db_exec(op, v->db, &SQL[Q_KEY_ADD], ARGS(sql_int(subject), sql_bytes(s.s, s.n)));
}

static enum rc key_of(struct op *op, struct vault *v, struct vault_subject *s)
{
	if (!s->known && !s->fresh)
		TRY(key_load(op, v, s->id, s->key, &s->known));
	if (!s->known)
		TRY(key_make(op, v, s->id, s->key));
	s->known = true;
	return RC_OK;
}

enum rc vault_put_of(struct op *op, struct vault *v, int64_t id, struct vault_subject *subject,
                     const struct beside *b)
{
	struct strbuf plain;
	struct str s;

	TRY(hold(op, v));
	TRY(key_of(op, v, subject));
	strbuf_init(&plain, op->arena);
	strbuf_add(&plain, b->salt, sizeof(b->salt));
	strbuf_adds(&plain, b->text);
	s = sealed(op, subject->key, item_place(op, id, subject->id), plain.s, plain.n);
	return db_exec(op, v->db, &SQL[Q_ITEM_ADD],
	               ARGS(sql_int(id), sql_int(subject->id), sql_bytes(s.s, s.n)));
}

enum rc vault_put(struct op *op, struct vault *v, int64_t id, int64_t subject,
                  const struct beside *b)
{
	struct vault_subject s = {.id = subject};

	return vault_put_of(op, v, id, &s, b);
}

enum rc vault_blind(struct op *op, struct vault *v, int64_t subject, bool make, struct str text,
                    struct str *ret, bool *ret_known)
{
	uint8_t key[KEY_BYTES];
	struct hash h;

	TRY(hold(op, v));
	TRY(key_load(op, v, subject, key, ret_known));
	if (!*ret_known && make) {
		TRY(key_make(op, v, subject, key));
		*ret_known = true;
	}
	if (!*ret_known)
		return RC_OK;
	h = hash_hmac_sha256(key, sizeof(key), text.s, text.n);
	*ret = hash_hex(op->arena, &h);
	return RC_OK;
}

static enum rc item_load(struct op *op, struct vault *v, int64_t id, int64_t *ret_subject,
                         struct str *ret_sealed)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, v->db, &SQL[Q_ITEM], ARGS(sql_int(id)), &rows));
	if (!rows_next(&rows))
		return fail(op, RC_NOT_FOUND, "", "",
		            "保密库中没有 %" PRId64 " 号记录：已销毁、已清除或从未存入",
		            "no vault record %" PRId64 ": shredded, cleared or never stored here",
		            id);
	*ret_subject = rows_int(&rows, 0);
	*ret_sealed = rows_dup(op->arena, &rows, 1);
	return RC_OK;
}

enum rc vault_subject_of(struct op *op, struct vault *v, int64_t id, int64_t *ret)
{
	struct str item;

	TRY(hold(op, v));
	return item_load(op, v, id, ret, &item);
}

static bool mac_matches(struct str mac, struct str salted)
{
	struct hash said, is = hash_hmac_sha256(salted.s, SALT_BYTES, salted.s + SALT_BYTES,
	                                        salted.n - SALT_BYTES);

	return hex_decode(mac, said.b, sizeof(said.b)) && hash_eq(&said, &is);
}

enum rc vault_get(struct op *op, struct vault *v, int64_t id, struct str mac, struct str *ret)
{
	uint8_t key[KEY_BYTES];
	struct str item, plain;
	int64_t subject = 0;
	bool found;

	TRY(hold(op, v));
	TRY(item_load(op, v, id, &subject, &item));
	TRY(key_load(op, v, subject, key, &found));
	if (!found) /* a shred that the database did in halves, or an edit: nothing opens it */
		return not_ours(op, id);
	if (!seal_open(op->arena, key, item_place(op, id, subject), item, &plain) ||
	    plain.n < SALT_BYTES)
		return not_ours(op, id);
	if (mac.n > 0 && !mac_matches(mac, plain))
		return fail(op, RC_BROKEN, "", "",
		            "保密库 %" PRId64 " 号记录与台账中的校验值不符",
		            "vault record %" PRId64 " does not match its HMAC in the ledger", id);
	*ret = str_dup(op->arena, plain.s + SALT_BYTES, plain.n - SALT_BYTES);
	return RC_OK;
}

struct str vault_shown(struct op *op, struct vault *v, int64_t id)
{
	struct err before = op->err;
	struct str text = STR("");

	if (id > 0 && vault_get(op, v, id, (struct str){NULL, 0}, &text) != RC_OK)
		op->err = before;
	return text;
}

enum rc vault_shred(struct op *op, struct vault *v, int64_t subject)
{
	TRY(hold(op, v));
	TRY(db_exec(op, v->db, &SQL[Q_SHRED_ITEMS], ARGS(sql_int(subject))));
	return db_exec(op, v->db, &SQL[Q_SHRED_KEY], ARGS(sql_int(subject)));
}

enum rc vault_clear(struct op *op, struct vault *v, int64_t id)
{
	int64_t changed;

	TRY(hold(op, v));
	TRY(db_change(op, v->db, &SQL[Q_CLEAR], ARGS(sql_int(id)), &changed));
	if (changed == 0)
		return fail(op, RC_NOT_FOUND, "id", "", "保密库中没有 %" PRId64 " 号记录",
		            "no vault record %" PRId64, id);
	return RC_OK;
}
