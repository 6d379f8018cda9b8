/* SPDX-License-Identifier: Apache-2.0 */
/* known.c -- the store against the newest checkpoint kept outside it.
 *
 * A store that was put back from an old copy is whole in itself; only something kept elsewhere
 * can show that it is behind, or that another history was written since.
 */
#include "ledger/ledger.h"

#include "ledger/cache.h"

static enum rc read_known(struct op *op, struct str bytes, const struct note_key *vkey,
                          struct str origin, struct checkpoint *ret)
{
	struct checkpoint c;

	if (checkpoint_open(op, bytes, vkey, &c) != RC_OK)
		return fail(op, RC_BROKEN, "known", "", "库外保存的存证点不是由本台账的密钥签发",
		            "the checkpoint kept outside is not signed by this ledger's key");
	if (!str_eq(c.origin, origin))
		return fail(op, RC_BROKEN, "known", "",
		            "库外保存的存证点属于台账 " STR_FMT "，本台账是 " STR_FMT,
		            "the checkpoint kept outside is of " STR_FMT ", this is " STR_FMT,
		            STR_ARG(c.origin), STR_ARG(origin));
	*ret = c;
	return RC_OK;
}

enum rc ledger_check_known(struct op *op, struct ledger *l, struct str known_file,
                           const struct note_key *vkey, struct str origin)
{
	struct tree_reader reader = ledger_reader(l);
	struct checkpoint c;
	struct tree t;
	struct str bytes;
	struct hash root;
	enum rc rc;

	if (known_file.n == 0)
		return RC_OK;
	rc = file_read(op, known_file, LIMIT_NOTE_BYTES, &bytes);
	if (rc == RC_NOT_FOUND)
		return RC_OK;
	TRY(rc);
	TRY(read_known(op, bytes, vkey, origin, &c));
	if (c.size > l->tree.size)
		return fail(
			op, RC_BROKEN, "known", "",
			"台账有 %llu 条记录，库外保存的存证点却有 %llu 条：台账被退回，不得启用",
			"the store has %llu entries, the checkpoint kept outside says %llu:"
			" it was put back",
			(unsigned long long)l->tree.size, (unsigned long long)c.size);
	if (!tree_load(&reader, c.size, &t))
		return fail(op, RC_BROKEN, "known", "", "台账校验值无法读出：%s%.0s",
		            "the ledger's tiles cannot be read: %.0s%s",
		            tile_cache_err(l->cache)->zh, tile_cache_err(l->cache)->en);
	root = tree_root(&t, l->hasher);
	if (!hash_eq(&root, &c.root))
		return fail(op, RC_BROKEN, "known", "",
		            "台账前 %llu 条与库外保存的存证点不符：台账被改写，不得启用",
		            "the store's first %llu entries are not those of the checkpoint kept"
		            " outside: it is forked",
		            (unsigned long long)c.size);
	return RC_OK;
}
