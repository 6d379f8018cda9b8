/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c -- see keys.h. */
#include "audit/keys.h"

static void compare_policy(const struct note_key *beside, const struct policy *p, struct report *r)
{
	for (int i = 0; i < p->nlogs; i++)
		if (p->log[i].id == beside->id && str_eq(p->log[i].name, beside->name) &&
		    memcmp(p->log[i].pub.b, beside->pub.b, sizeof(beside->pub.b)) == 0)
			return;
	report_add(r, FINDING_KEY, NO_INDEX, "台账旁的验证公钥不在信任策略之中",
	           "the verifier key beside the ledger is not in the policy");
}

void keys_load(struct op *keep, const struct source *s, const struct policy *policy,
               struct report *r, struct keys *ret)
{
	struct note_key beside;
	struct str text = STR("");
	enum rc rc = source_vkey(keep, s, &text);
	bool have;

	*ret = (struct keys){.policy = policy};
	/* One line, as it was written: a copy with other blanks is not the same file. */
	if (text.n > 0 && text.s[text.n - 1] == '\n')
		text = str_dup(keep->arena, text.s, text.n - 1);
	have = rc == RC_OK && note_vkey_parse(keep, text, &beside) == RC_OK;
	ret->none = !source_has_files(s) && policy == NULL;
	if (ret->none)
		report_unchecked(r, FINDING_KEY,
		                 "只给了数据库地址，没有验证公钥：存证点的签名未核验"
		                 "（请同时给出数据目录或 --policy）",
		                 "only a database was given and no verifier key: signatures of "
		                 "checkpoints were not checked (name the data folder too, or --policy)");
	else if (!have && source_has_files(s))
		report_add(r, FINDING_KEY, NO_INDEX, "台账的验证公钥无法读取：%s%.0s",
		           "the verifier key of the ledger cannot be read: %.0s%s", keep->err.zh,
		           keep->err.en);
	if (policy != NULL) {
		memcpy(ret->log, policy->log, sizeof(policy->log));
		ret->nlogs = policy->nlogs;
		if (have)
			compare_policy(&beside, policy, r);
	} else if (have) {
		ret->log[0] = beside;
		ret->nlogs = 1;
		report_unchecked(r, FINDING_KEY,
		                 "验证公钥取自被核验的台账本身，请与公布的公钥核对（或用 --policy）：%s",
		                 "the verifier key came from the ledger itself: compare it with "
		                 "the published one (or use --policy): %s", text.s);
	}
}

enum rc keys_open(struct op *op, const struct keys *k, struct str bytes, struct note *ret_note,
                  struct checkpoint *ret)
{
	bool done[POLICY_MAX] = {0};
	struct checkpoint c;

	TRY(note_parse(op, bytes, ret_note));
	if (k->none)
		return checkpoint_parse(op, ret_note->text, ret);
	TRY(note_verify(op, ret_note, k->log, k->nlogs, done, NULL));
	TRY(checkpoint_parse(op, ret_note->text, &c));
	for (int i = 0; i < k->nlogs; i++) {
		if (!done[i] || !str_eq(k->log[i].name, c.origin))
			continue;
		*ret = c;
		return RC_OK;
	}
	return fail(op, RC_INVALID, "", "", "签名的公钥名称与台账标识不同",
	            "the key that signed does not bear the ledger's name");
}

bool keys_quorum(struct op *op, const struct keys *k, const struct note *n, bool *ret_bad)
{
	const struct policy *p = k->policy;
	bool done[POLICY_MAX] = {0};

	/* One by one: a bad line of one witness does not spoil the others. */
	for (int i = 0; i < p->nwitnesses; i++) {
		bool present = false;

		for (int j = 0; j < n->nsigs; j++)
			present = present || (n->sig[j].id == p->witness[i].id &&
			                      str_eq(n->sig[j].name, p->witness[i].name));
		if (note_verify(op, n, &p->witness[i], 1, &done[i], NULL) != RC_OK) {
			done[i] = false;
			*ret_bad = *ret_bad || present;
		}
	}
	return policy_satisfied(p, done);
}
