/* SPDX-License-Identifier: Apache-2.0 */
/* policy.c -- trust files: names before their use, one place for each, and a quorum that more
 * witnesses never undo. */
#include "known.h"

#include "fuzz.h"

static struct str member_name(const struct policy *p, int m)
{
	return m >= 0 ? p->witness_name[m] : p->group[~m].name;
}

/* All witnesses, then groups: the order that a file may choose is lost, what it says is not. */
static struct str policy_format(struct arena *a, const struct policy *p)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (int i = 0; i < p->nlogs; i++)
		strbuf_addf(&b, "log %s\n", note_vkey_format(a, &p->log[i]).s);
	for (int i = 0; i < p->nwitnesses; i++)
		strbuf_addf(&b, "witness %s %s\n", p->witness_name[i].s,
		            note_vkey_format(a, &p->witness[i]).s);
	for (int i = 0; i < p->ngroups; i++) {
		strbuf_addf(&b, "group %s %d", p->group[i].name.s, p->group[i].k);
		for (int j = 0; j < p->group[i].nmembers; j++)
			strbuf_addf(&b, " %s", member_name(p, p->group[i].member[j]).s);
		strbuf_addc(&b, '\n');
	}
	strbuf_addf(&b, "quorum %s\n",
	            p->quorum == POLICY_NO_QUORUM ? "none" : member_name(p, p->quorum).s);
	return strbuf_str(&b);
}

static void check_member(const struct policy *p, int m, int groups, bool *used)
{
	FUZZ_CHECK(m >= 0 ? m < p->nwitnesses : ~m < groups);
	FUZZ_CHECK(!used[m >= 0 ? m : POLICY_MAX + ~m]);
	used[m >= 0 ? m : POLICY_MAX + ~m] = true;
}

static void check_groups(const struct policy *p)
{
	bool used[2 * POLICY_MAX] = {0};

	for (int i = 0; i < p->ngroups; i++) {
		const struct policy_group *g = &p->group[i];

		FUZZ_CHECK(g->nmembers >= 1 && g->k >= 1 && g->k <= g->nmembers);
		for (int j = 0; j < g->nmembers; j++)
			check_member(p, g->member[j], i, used);
	}
	for (int i = 0; i < p->nwitnesses; i++)
		FUZZ_CHECK(p->witness[i].alg == NOTE_COSIGNATURE);
}

/* One witness after the other: once satisfied, satisfied for good. */
static void check_quorum(const struct policy *p)
{
	bool by[POLICY_MAX] = {0}, before;

	before = policy_satisfied(p, by);
	FUZZ_CHECK(before == (p->quorum == POLICY_NO_QUORUM));
	for (int i = 0; i < p->nwitnesses; i++) {
		bool now;

		by[i] = true;
		now = policy_satisfied(p, by);
		FUZZ_CHECK(now || !before);
		before = now;
	}
	FUZZ_CHECK(before);
}

void fuzz_target(struct op *op, struct str in)
{
	struct policy *p = ARENA_NEW(op->arena, struct policy);
	struct policy *again = ARENA_NEW(op->arena, struct policy);
	struct str text;
	enum rc rc;

	FUZZ_PAINT(*p);
	rc = policy_parse(op, in, p);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(strcmp(op->err.field, "policy") == 0 || strcmp(op->err.field, "vkey") == 0);
		FUZZ_CHECK(FUZZ_UNTOUCHED(*p));
		return;
	}
	fuzz_spoil(in);
	check_groups(p);
	check_quorum(p);
	FUZZ_PLANTED(p->ngroups > 1 && p->group[0].k > 1 && in.n > 310);
	text = policy_format(op->arena, p);
	FUZZ_CHECK(policy_parse(op, text, again) == RC_OK);
	FUZZ_CHECK(str_eq(policy_format(op->arena, again), text));
}
