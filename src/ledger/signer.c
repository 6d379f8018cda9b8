/* SPDX-License-Identifier: Apache-2.0 */
/* signer.c -- see signer.h. */
#include "ledger/signer.h"

#include "ledger/ledger.h"
#include "ledger/rehash.h"

enum { Q_NEWEST };
static const struct sql SQL[] = {
	[Q_NEWEST] = {"SELECT note FROM ledger_note WHERE log = 0"
                      " ORDER BY size DESC, n DESC LIMIT 1",
                      0},
};

static enum rc newest_note(struct op *op, struct db *db, struct str *ret)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, db, &SQL[Q_NEWEST], NO_ARGS, &rows));
	*ret = rows_next(&rows) ? rows_dup(op->arena, &rows, 0) : STR("");
	return RC_OK;
}

/* A stored checkpoint must be our own: same origin, our signature. */
static enum rc own_checkpoint(struct op *op, const struct signer *s, struct str bytes,
                              struct checkpoint *ret)
{
	struct note_key key = note_key_of(s->origin, NOTE_ED25519, &s->key.pub);
	struct checkpoint c;

	if (checkpoint_open(op, bytes, &key, &c) != RC_OK || !str_eq(c.origin, s->origin))
		return fail(op, RC_BROKEN, "", "", "最新存证点不是由本台账的密钥签发",
		            "the newest checkpoint is not signed by this ledger's key");
	*ret = c;
	return RC_OK;
}

static enum rc open_connection(struct op *op, const struct store *store, struct signer *s)
{
	struct str file = str_fmt(op->arena, STR_FMT "/ledger.db", STR_ARG(store->dir));

	s->own_db = store->url.n > 0 || store->dir.n > 0;
	if (store->url.n > 0)
		return db_open_postgres(op, store->url, STR("gy_ledger"), DB_READ, &s->db);
	if (store->dir.n > 0)
		return db_open_sqlite(op, file, DB_READ, &s->db);
	s->db = store->ledger;
	return RC_OK;
}

static enum rc load(struct op *op, struct signer *s)
{
	struct checkpoint c;
	struct str newest;
	struct hash root;
	uint64_t size;

	TRY(ledger_size(op, s->db, &size));
	TRY(newest_note(op, s->db, &newest));
	if (newest.n == 0)
		return RC_OK;
	TRY(own_checkpoint(op, s, newest, &c));
	if (c.size > size)
		return fail(op, RC_BROKEN, "", "", "台账只有 %llu 条，却有 %llu 条时的存证点",
		            "the ledger has %llu entries, but there is a checkpoint of %llu",
		            (unsigned long long)size, (unsigned long long)c.size);
	TRY(rehash_load(op, s->re, c.size));
	root = tree_root(&s->re->tree, s->re->hasher);
	if (!hash_eq(&root, &c.root)) {
		/* Something left of it is wrong: from the start, to say which index. */
		s->re->tree = (struct tree){0};
		s->re->rows.size = 0;
		TRY(rehash_to(op, s->re, size));
		return fail(op, RC_BROKEN, "", "", "前 %llu 条记录与当时的存证点不符",
		            "the first %llu entries do not give the root signed for them",
		            (unsigned long long)c.size);
	}
	s->tree = s->re->tree;
	return RC_OK;
}

enum rc signer_open(struct op *op, struct ledger *l, struct str origin,
                    const struct ed25519_key *key, struct str known, struct signer *ret)
{
	struct signer s = {.origin = origin, .key = *key, .known = known};
	enum rc rc;

	if (!note_name_valid(origin))
		return fail(op, RC_INVALID, "origin", "C2SP tlog-checkpoint",
		            "台账名称为空或含空白字符、加号",
		            "the origin is empty or has a space or +");
	TRY(open_connection(op, l->store, &s));
	s.re = calloc(1, sizeof *s.re);
	if (!s.re)
		abort();
	s.re->db = s.db;
	s.re->hasher = hasher_new(HASH_SHA256);
	rc = db_begin_read(op, s.db);
	if (rc == RC_OK) {
		rc = load(op, &s);
		db_rollback(s.db);
	}
	if (rc == RC_OK)
		*ret = s;
	else
		signer_release(&s);
	return rc;
}

void signer_release(struct signer *s)
{
	if (s->re)
		hasher_free(s->re->hasher);
	free(s->re);
	if (s->own_db)
		db_close(s->db);
	*s = (struct signer){0};
}

/* In one snapshot: everything after what was signed before, and the notes stored since.
 * *ret_due: there is something to sign. */
static enum rc catch_up(struct op *op, struct signer *s, bool *ret_due)
{
	struct checkpoint c = {0};
	struct str newest;
	uint64_t size;

	TRY(ledger_size(op, s->db, &size));
	if (size < s->tree.size)
		return fail(op, RC_BROKEN, "", "", "台账由 %llu 条退回到 %llu 条",
		            "the ledger went back from %llu entries to %llu",
		            (unsigned long long)s->tree.size, (unsigned long long)size);
	TRY(newest_note(op, s->db, &newest));
	if (newest.n > 0)
		TRY(own_checkpoint(op, s, newest, &c));
	TRY(rehash_to(op, s->re, size));
	/* Signed before but not kept, or kept and lost: it is signed once more. */
	*ret_due = newest.n == 0 || c.size < size;
	return RC_OK;
}

static enum rc make_note(struct op *op, const struct signer *s, const struct tree *tree,
                         struct str *ret)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct checkpoint c = {.origin = s->origin, .size = tree->size};

	c.root = tree_root(tree, s->re->hasher);
	n->text = checkpoint_format(op->arena, &c);
	TRY(note_sign(op, n, s->origin, &s->key));
	*ret = note_format(op->arena, n);
	return RC_OK;
}

enum rc signer_read(struct op *op, struct signer *s, struct signed_note *ret)
{
	struct rehash *before = malloc(sizeof *before);
	struct signed_note n = {0};
	bool due = false;
	enum rc rc;

	if (!before)
		abort();
	*before = *s->re;
	rc = db_begin_read(op, s->db);
	if (rc == RC_OK) {
		rc = catch_up(op, s, &due);
		db_rollback(s->db);
	}
	if (rc == RC_OK && due)
		rc = make_note(op, s, &s->re->tree, &n.note);
	if (rc == RC_OK) {
		s->tree = s->re->tree;
		n.size = s->tree.size;
		*ret = n;
	} else {
		*s->re = *before;
	}
	free(before);
	return rc;
}

enum rc signer_keep(struct op *op, const struct signer *s, struct ledger *l,
                    const struct signed_note *n)
{
	if (n->note.n == 0)
		return RC_OK;
	/* Outside first: a signature that is in the store but not outside could be taken back. */
	if (s->known.n > 0)
		TRY(file_write(op, s->known, n->note, 0644));
	return ledger_note_put(op, l, n->size, n->note);
}

enum rc signer_sign(struct op *op, struct signer *s, struct ledger *l, struct str *ret_note)
{
	struct signed_note n;

	TRY(signer_read(op, s, &n));
	TRY(signer_keep(op, s, l, &n));
	return ledger_note_newest(op, l, ret_note);
}
