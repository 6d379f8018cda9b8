/* SPDX-License-Identifier: Apache-2.0 */
/* witness.c -- the state machine of a witness; see witness.h.
 *
 * The order of answers is the specification's: unknown origin, signature, old size too large, old
 * size not the stored one, empty tree, proof, same size with another root, and only then the
 * write.  Form is looked at first, since nothing can be said about what cannot be read.
 */
#include "ledger/witness.h"

#include "db/db.h"
#include "ledger/witness_store.h"

static struct str text_plain(void)
{
	return STR("text/plain; charset=utf-8");
}

/* A refusal in words: those of op->err, which is then forgotten. */
static enum rc refuse(struct op *op, int status, struct witness_answer *ret)
{
	struct str why = str_fmt(op->arena, "%s\n%s\n", op->err.en, op->err.zh);

	*ret = (struct witness_answer){.status = status, .type = text_plain(), .body = why};
	op->err = (struct err){0};
	return RC_OK;
}

static enum rc say(struct op *op, int status, const char *zh, const char *en,
                   struct witness_answer *ret)
{
	*ret = (struct witness_answer){.status = status, .type = text_plain(),
	                               .body = str_fmt(op->arena, "%s\n%s\n", en, zh)};
	return RC_OK;
}

/* A request that is read, with the log's keys that have signed it. */
struct asked {
	struct witness_request request;
	struct note note;
	struct checkpoint c;
	struct note_key *keys;
	bool *done;
	int nkeys;
};

static void keys_of(struct op *op, const struct witness *w, struct asked *q)
{
	size_t n = w->nlogs > 0 ? (size_t)w->nlogs : 1;

	q->keys = arena_array(op->arena, n, sizeof *q->keys);
	q->done = arena_array(op->arena, n, sizeof *q->done);
	for (int i = 0; i < w->nlogs; i++)
		if (str_eq(w->logs[i].name, q->c.origin))
			q->keys[q->nkeys++] = w->logs[i];
}

static enum rc read_asked(struct op *op, struct str body, struct asked *q)
{
	TRY(witness_request_parse(op, body, &q->request));
	TRY(note_parse(op, q->request.note, &q->note));
	return checkpoint_parse(op, q->note.text, &q->c);
}

/* Only lines that were verified are kept: nothing vouches for the others. */
static struct note kept_note(const struct asked *q)
{
	struct note n = {.text = q->note.text};

	for (int i = 0; i < q->note.nsigs; i++)
		for (int j = 0; j < q->nkeys; j++)
			if (q->note.sig[i].id == q->keys[j].id &&
			    str_eq(q->note.sig[i].name, q->keys[j].name) &&
			    n.nsigs < LIMIT_NOTE_SIGS - 1) {
				n.sig[n.nsigs++] = q->note.sig[i];
				break;
			}
	return n;
}

static enum rc cosign(struct op *op, struct witness *w, const struct asked *q, int64_t now_s,
                      struct witness_answer *ret)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct note *line = ARENA_NEW(op->arena, struct note);
	struct str all;

	*n = kept_note(q);
	TRY(note_cosign(op, n, w->vkey.name, &w->key, now_s));
	line->sig[line->nsigs++] = n->sig[n->nsigs - 1];
	all = note_format(op->arena, line); /* without a text: an empty line, then ours */
	*ret = (struct witness_answer){
		.status = 200, .type = text_plain(),
		.body = {all.s + 1, all.n - 1}, .note = note_format(op->arena, n)};
	return RC_OK;
}

/* The answer that the stored tree `at` asks for; 200 is not yet written. */
static enum rc decide(struct op *op, struct witness *w, const struct asked *q,
                      const struct witness_tree *at, int64_t now_s, struct witness_answer *ret)
{
	const struct witness_request *r = &q->request;
	struct hash empty = hash_sha256("", 0);

	if (r->old != at->size) {
		*ret = (struct witness_answer){
			.status = 409, .type = STR("text/x.tlog.size"),
			.body = str_fmt(op->arena, "%llu\n", (unsigned long long)at->size)};
		return RC_OK;
	}
	if (q->c.size == 0 && !hash_eq(&q->c.root, &empty))
		return say(op, 422, "空台账的根校验值有误", "an empty tree has another root", ret);
	if (r->old == 0 && r->proof.n > 0)
		return say(op, 422, "自空台账起不需要证明", "from an empty tree there is no proof", ret);
	if (r->old > 0 && !tree_verify_consistency(w->hasher, &r->proof, r->old, q->c.size, &at->root,
	                                           &q->c.root))
		return say(op, 422, "与已见证的台账不一致，或证明有误",
		           "not consistent with the tree that was cosigned, or a bad proof", ret);
	return cosign(op, w, q, now_s, ret);
}

static enum rc add_checked(struct op *op, struct witness *w, const struct asked *q, int64_t now_s,
                           struct witness_answer *ret)
{
	struct witness_tree at, next = {.size = q->c.size, .root = q->c.root};
	struct witness_answer answer;

	TRY(witness_tree_get(op, w->db, q->c.origin, &at));
	TRY(decide(op, w, q, &at, now_s, &answer));
	if (answer.status == 200) {
		next.note = answer.note;
		TRY(witness_tree_move(op, w->db, q->c.origin, &at, &next));
		TRY(db_commit(op, w->db)); /* durable; before this nobody has the cosignature */
	}
	*ret = answer;
	return RC_OK;
}

enum rc witness_add(struct op *op, struct witness *w, struct str body, int64_t now_s,
                    struct witness_answer *ret)
{
	struct asked *q = ARENA_NEW(op->arena, struct asked);
	enum rc rc;

	if (now_s <= 0)
		return fail(op, RC_BROKEN, "time", "C2SP tlog-witness", "本机时钟没有设定，不能见证",
		            "this machine's clock is not set: nothing can be cosigned");
	if (read_asked(op, body, q) != RC_OK)
		return refuse(op, 400, ret);
	keys_of(op, w, q);
	if (q->nkeys == 0)
		return say(op, 404, "不是本见证单位受理的台账", "the log is not known here", ret);
	if (note_verify(op, &q->note, q->keys, q->nkeys, q->done, NULL) != RC_OK)
		return refuse(op, 403, ret);
	if (q->request.old > q->c.size)
		return say(op, 400, "原记录数大于存证点的记录数",
		           "the old size is larger than the checkpoint's", ret);
	TRY(db_begin(op, w->db));
	rc = add_checked(op, w, q, now_s, ret);
	if (db_in_tx(w->db))
		db_rollback(w->db);
	return rc;
}

enum rc witness_newest(struct op *op, struct witness *w, struct str origin_hash,
                       struct witness_answer *ret)
{
	struct witness_tree at;

	for (int i = 0; i < w->nlogs; i++) {
		struct hash h = hash_sha256(w->logs[i].name.s, w->logs[i].name.n);

		if (!str_eq(hash_hex(op->arena, &h), origin_hash))
			continue;
		TRY(witness_tree_get(op, w->db, w->logs[i].name, &at));
		if (at.note.n == 0)
			break;
		*ret = (struct witness_answer){
			.status = 200, .type = text_plain(), .body = at.note, .note = at.note};
		return RC_OK;
	}
	return say(op, 404, "没有见证过这本台账", "no checkpoint of that log was cosigned", ret);
}
