/* SPDX-License-Identifier: Apache-2.0 */
/* cosign.c -- requests out of the ledger, and cosignatures into it; see cosign.h. */
#include "ledger/cosign.h"

#include "ledger/cache.h"

enum { Q_FORM, Q_NOTES };
static const struct sql SQL[] = {
	[Q_FORM] = {"SELECT note FROM ledger_note WHERE log = 0 AND size = ?"
	            " ORDER BY n DESC LIMIT 1", 1},
	/* A witness that has not cosigned any of so many says itself where it stands. */
	[Q_NOTES] = {"SELECT note, size FROM ledger_note WHERE log = 0"
	             " ORDER BY size DESC, n DESC LIMIT 1000", 0},
};

static bool is_line_of(const struct note_sig *s, const struct note_key *k)
{
	return s->id == k->id && str_eq(s->name, k->name);
}

enum rc cosign_request(struct op *op, const struct ledger *l, uint64_t old, struct str *ret_body,
                       struct str *ret_note)
{
	struct witness_request *r = ARENA_NEW(op->arena, struct witness_request);
	struct tree_reader reader = ledger_reader(l);
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct checkpoint c;

	TRY(ledger_note_newest(op, l, &r->note));
	if (note_parse(op, r->note, n) != RC_OK || checkpoint_parse(op, n->text, &c) != RC_OK)
		return fail(op, RC_BROKEN, "", "", "最新存证点格式有误",
		            "the newest checkpoint is malformed");
	if (old > c.size)
		return fail(op, RC_CONFLICT, "old", "",
		            "见证单位已见证 %llu 条，本台账的存证点只有 %llu 条：本台账可能被退回",
		            "the witness has cosigned %llu entries and our checkpoint has %llu: was this "
		            "ledger put back?", (unsigned long long)old, (unsigned long long)c.size);
	r->old = old;
	if (old > 0 && !tree_prove_consistency(&reader, l->hasher, old, c.size, &r->proof))
		return fail(op, RC_BROKEN, "", "", "台账校验值无法读出：%s%.0s",
		            "the ledger's tiles cannot be read: %.0s%s", tile_cache_err(l->cache)->zh,
		            tile_cache_err(l->cache)->en);
	*ret_note = r->note;
	*ret_body = witness_request_format(op->arena, r);
	return RC_OK;
}

enum rc cosign_last(struct op *op, const struct ledger *l, const struct note_key *witness,
                    uint64_t *ret)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	AUTO(rows) rows = {0};
	uint64_t size = 0;

	TRY(db_query(op, l->store->ledger, &SQL[Q_NOTES], NO_ARGS, &rows));
	while (!size && rows_next(&rows)) {
		struct str bytes = rows_str(&rows, 0);

		/* Most notes do not hold the name at all. */
		if (!memmem(bytes.s, bytes.n, witness->name.s, witness->name.n) ||
		    note_parse(op, bytes, n) != RC_OK)
			continue;
		for (int i = 0; i < n->nsigs; i++)
			if (is_line_of(&n->sig[i], witness))
				size = (uint64_t)rows_int(&rows, 1);
	}
	*ret = size;
	return RC_OK;
}

static enum rc check(struct op *op, struct str bytes, const struct note_key *log,
                     const struct note_key *witness, struct note *ret_note,
                     struct checkpoint *ret)
{
	const struct note_key keys[] = {*log, *witness};
	bool done[COUNT(keys)];
	struct checkpoint c;

	TRY(note_parse(op, bytes, ret_note));
	TRY(note_verify(op, ret_note, keys, (int)COUNT(keys), done, NULL));
	TRY(checkpoint_parse(op, ret_note->text, &c));
	if (!done[0] || !str_eq(c.origin, log->name))
		return fail(op, RC_INVALID, "note", "", "不是本台账签发的存证点",
		            "it is not a checkpoint of this ledger");
	if (!done[1])
		return fail(op, RC_INVALID, "note", "", "没有 " STR_FMT " 的见证签名",
		            STR_FMT " has not cosigned it", STR_ARG(witness->name));
	*ret = c;
	return RC_OK;
}

enum rc cosign_newest(struct op *op, const struct ledger *l, const struct note_key *log,
                      const struct note_key *witness, struct checkpoint *ret, int64_t *ret_time_s)
{
	const struct note_key keys[] = {*log, *witness};
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct err before = op->err;
	AUTO(rows) rows = {0};

	*ret = (struct checkpoint){0};
	*ret_time_s = 0;
	TRY(db_query(op, l->store->ledger, &SQL[Q_NOTES], NO_ARGS, &rows));
	while (!ret->size && rows_next(&rows)) {
		struct str bytes = rows_str(&rows, 0);
		int64_t times[COUNT(keys)];
		bool done[COUNT(keys)];
		struct checkpoint c;

		if (memmem(bytes.s, bytes.n, witness->name.s, witness->name.n) &&
		    check(op, bytes, log, witness, n, &c) == RC_OK &&
		    note_verify(op, n, keys, (int)COUNT(keys), done, times) == RC_OK) {
			*ret = c;
			*ret_time_s = times[1];
		}
	}
	op->err = before;
	return RC_OK;
}

enum rc cosign_check(struct op *op, struct str note, const struct note_key *log,
                     const struct note_key *witness, struct checkpoint *ret)
{
	return check(op, note, log, witness, ARENA_NEW(op->arena, struct note), ret);
}

/* Our newest form of that checkpoint. */
static enum rc own_form(struct op *op, const struct ledger *l, const struct checkpoint *c,
                        struct str text, struct note *ret)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, l->store->ledger, &SQL[Q_FORM], ARGS(sql_int((int64_t)c->size)), &rows));
	if (!rows_next(&rows))
		return fail(op, RC_NOT_FOUND, "note", "", "本台账没有 %llu 条的存证点",
		            "this ledger has no checkpoint of %llu entries", (unsigned long long)c->size);
	TRY(note_parse(op, rows_dup(op->arena, &rows, 0), ret));
	if (!str_eq(ret->text, text))
		return fail(op, RC_BROKEN, "note", "",
		            "本台账密钥签发了两个不同的 %llu 条存证点：台账被改写或密钥被盗用",
		            "two different checkpoints of %llu entries stand under this ledger's key: it "
		            "was rewritten, or the key was stolen", (unsigned long long)c->size);
	return RC_OK;
}

/* The witness's newest line of `from` into `own`, in place of an earlier one.  False: it is
 * there, or there is no room. */
static bool merge(struct note *own, const struct note *from, const struct note_key *witness)
{
	const struct note_sig *line = NULL;
	int kept = 0;

	for (int i = 0; i < from->nsigs; i++)
		if (is_line_of(&from->sig[i], witness) &&
		    (!line || memcmp(from->sig[i].bytes.s, line->bytes.s, 8) > 0))
			line = &from->sig[i]; /* its first eight bytes are the time */
	assert(line);
	for (int i = 0; i < own->nsigs; i++) {
		if (!is_line_of(&own->sig[i], witness))
			own->sig[kept++] = own->sig[i];
		else if (memcmp(own->sig[i].bytes.s, line->bytes.s, 8) >= 0)
			return false;
	}
	if (kept == LIMIT_NOTE_SIGS)
		return false;
	own->sig[kept++] = *line;
	own->nsigs = kept;
	return true;
}

enum rc cosign_keep(struct op *op, struct ledger *l, const struct note_key *log,
                    const struct note_key *witness, struct str bytes, struct checkpoint *ret,
                    bool *ret_new)
{
	struct note *from = ARENA_NEW(op->arena, struct note);
	struct note *own = ARENA_NEW(op->arena, struct note);
	struct checkpoint c;
	bool new;

	TRY(check(op, bytes, log, witness, from, &c));
	TRY(own_form(op, l, &c, from->text, own));
	new = merge(own, from, witness);
	if (new)
		TRY(ledger_note_put(op, l, c.size, note_format(op->arena, own)));
	*ret = c;
	*ret_new = new;
	return RC_OK;
}
