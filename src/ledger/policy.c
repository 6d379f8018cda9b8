/* SPDX-License-Identifier: Apache-2.0 */
/* policy.c -- tlog-policy files: whose checkpoints count, and with how many witnesses; see
 * checkpoint.h.
 *
 * A name is defined before it is used and is a member of one group at most, so that a witness
 * counts in one way only and groups cannot form a circle.
 */
#include "ledger/checkpoint.h"

#define WORDS_MAX (POLICY_MAX + 4) /* group NAME K MEMBER... */

struct parser {
	struct op *op;
	struct policy *p;
	bool used_witness[POLICY_MAX], used_group[POLICY_MAX];
	bool have_quorum;
	int line;
};

static enum rc bad(const struct parser *ps, const char *zh, const char *en)
{
	return fail(ps->op, RC_INVALID, "policy", "C2SP tlog-policy",
	            "信任策略第 %d 行无效：%s%.0s", "policy line %d refused: %.0s%s", ps->line, zh,
	            en);
}

static int split_words(struct str line, struct str words[WORDS_MAX + 1])
{
	int n = 0;

	for (size_t i = 0; i < line.n;) {
		size_t from;

		while (i < line.n && (line.s[i] == ' ' || line.s[i] == '\t'))
			i++;
		from = i;
		while (i < line.n && line.s[i] != ' ' && line.s[i] != '\t')
			i++;
		if (i > from && n <= WORDS_MAX)
			words[n++] = (struct str){line.s + from, i - from};
	}
	return n;
}

/* >= 0 a witness, < 0 group ~i; false: no such name before this line. */
static bool lookup(const struct policy *p, struct str name, int *ret)
{
	for (int i = 0; i < p->nwitnesses; i++) {
		if (str_eq(p->witness_name[i], name)) {
			*ret = i;
			return true;
		}
	}
	for (int i = 0; i < p->ngroups; i++) {
		if (str_eq(p->group[i].name, name)) {
			*ret = ~i;
			return true;
		}
	}
	return false;
}

static enum rc new_name(const struct parser *ps, struct str name)
{
	int member;

	if (str_is(name, "none") || lookup(ps->p, name, &member))
		return bad(ps, "名称重复或为保留字", "the name is taken");
	return RC_OK;
}

static bool same_key(const struct note_key *keys, int n, const struct note_key *k)
{
	for (int i = 0; i < n; i++)
		if (memcmp(keys[i].pub.b, k->pub.b, sizeof k->pub.b) == 0)
			return true;
	return false;
}

static enum rc parse_log(struct parser *ps, const struct str *w, int n)
{
	struct policy *p = ps->p;
	struct note_key k;

	if (n != 2 && n != 3)
		return bad(ps, "应为 log 密钥 [网址]", "expected: log VKEY [URL]");
	TRY(note_vkey_parse(ps->op, w[1], &k));
	if (p->nlogs == POLICY_MAX || same_key(p->log, p->nlogs, &k))
		return bad(ps, "台账过多或密钥重复", "too many logs, or a key stands twice");
	p->log[p->nlogs++] = k;
	return RC_OK;
}

static enum rc parse_witness(struct parser *ps, const struct str *w, int n)
{
	struct policy *p = ps->p;
	struct note_key k;

	if (n != 3 && n != 4)
		return bad(ps, "应为 witness 名称 密钥 [网址]",
		           "expected: witness NAME VKEY [URL]");
	TRY(new_name(ps, w[1]));
	TRY(note_vkey_parse(ps->op, w[2], &k));
	if (k.alg != NOTE_COSIGNATURE)
		return bad(ps, "不是见证单位的密钥（0x04）", "not a cosigner's key (0x04)");
	if (p->nwitnesses == POLICY_MAX || same_key(p->witness, p->nwitnesses, &k))
		return bad(ps, "见证单位过多或密钥重复",
		           "too many witnesses, or a key stands twice");
	p->witness_name[p->nwitnesses] = str_copy(ps->op->arena, w[1]);
	p->witness_url[p->nwitnesses] = n == 4 ? str_copy(ps->op->arena, w[3]) : STR("");
	p->witness[p->nwitnesses++] = k;
	return RC_OK;
}

static enum rc parse_group(struct parser *ps, const struct str *w, int n)
{
	struct policy *p = ps->p;
	struct policy_group *g = &p->group[p->ngroups];
	int64_t k;

	if (n < 4 || n > WORDS_MAX - 1 || p->ngroups == POLICY_MAX)
		return bad(ps, "应为 group 名称 人数 成员…", "expected: group NAME K MEMBER...");
	TRY(new_name(ps, w[1]));
	*g = (struct policy_group){.name = str_copy(ps->op->arena, w[1])};
	for (int i = 3; i < n; i++) {
		int m;
		bool *used;

		if (!lookup(p, w[i], &m))
			return bad(ps, "成员尚未定义", "a member is not defined before");
		used = m >= 0 ? &ps->used_witness[m] : &ps->used_group[~m];
		if (*used)
			return bad(ps, "成员重复", "a member stands in two places");
		*used = true;
		g->member[g->nmembers++] = m;
	}
	if (str_is(w[2], "any"))
		k = 1;
	else if (str_is(w[2], "all"))
		k = g->nmembers;
	else if (!str_to_i64(w[2], &k) || k < 1 || k > g->nmembers)
		return bad(ps, "人数应为 1 至成员数、any 或 all",
		           "K is 1 to the number of members, any or all");
	g->k = (int)k;
	p->ngroups++;
	return RC_OK;
}

static enum rc parse_quorum(struct parser *ps, const struct str *w, int n)
{
	if (n != 2 || ps->have_quorum)
		return bad(ps, "quorum 应有且只有一行", "there is exactly one line: quorum NAME");
	if (str_is(w[1], "none"))
		ps->p->quorum = POLICY_NO_QUORUM;
	else if (!lookup(ps->p, w[1], &ps->p->quorum))
		return bad(ps, "名称尚未定义", "the name is not defined before");
	ps->have_quorum = true;
	return RC_OK;
}

static enum rc parse_line(struct parser *ps, struct str line)
{
	struct str w[WORDS_MAX + 1];
	int n;

	for (size_t i = 0; i < line.n; i++) {
		uint8_t c = (uint8_t)line.s[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return bad(ps, "含控制字符", "it has a control character");
	}
	n = split_words(line, w);
	if (n == 0 || w[0].s[0] == '#')
		return RC_OK;
	if (str_is(w[0], "log"))
		return parse_log(ps, w, n);
	if (str_is(w[0], "witness"))
		return parse_witness(ps, w, n);
	if (str_is(w[0], "group"))
		return parse_group(ps, w, n);
	if (str_is(w[0], "quorum"))
		return parse_quorum(ps, w, n);
	return bad(ps, "应以 log、witness、group 或 quorum 开头",
	           "it does not begin with log, witness, group or quorum");
}

enum rc policy_parse(struct op *op, struct str text, struct policy *ret)
{
	struct parser ps = {.op = op, .p = ARENA_NEW(op->arena, struct policy)};
	struct str rest = text, line;

	if (text.n > LIMIT_NOTE_BYTES)
		return bad(&ps, "文件过长", "the file is too long");
	while (rest.n > 0) {
		ps.line++;
		if (!str_cut(rest, '\n', &line, &rest))
			return bad(&ps, "末行没有换行，文件可能不完整",
			           "the last line has no end: is it whole?");
		TRY(parse_line(&ps, line));
	}
	if (!ps.have_quorum)
		return bad(&ps, "缺少 quorum 一行", "there is no quorum line");
	*ret = *ps.p;
	return RC_OK;
}

static bool member_ok(const struct policy *p, int member, const bool *witness_signed)
{
	/* A group names only what stands before it, so group by group in order is enough. */
	bool group_ok[POLICY_MAX] = {0};

	if (member >= 0)
		return witness_signed[member];
	for (int i = 0; i <= ~member; i++) {
		const struct policy_group *g = &p->group[i];
		int have = 0;

		for (int j = 0; j < g->nmembers; j++) {
			int m = g->member[j];

			have += m >= 0 ? witness_signed[m] : group_ok[~m];
		}
		group_ok[i] = have >= g->k;
	}
	return group_ok[~member];
}

bool policy_satisfied(const struct policy *p, const bool *witness_signed)
{
	return p->quorum == POLICY_NO_QUORUM || member_ok(p, p->quorum, witness_signed);
}

enum rc policy_check(struct op *op, const struct policy *p, struct str bytes,
                     struct checkpoint *ret, bool *ret_signed)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct note_key keys[2 * POLICY_MAX];
	bool done[2 * POLICY_MAX], by_log = false;
	struct checkpoint c;

	memcpy(keys, p->log, (size_t)p->nlogs * sizeof keys[0]);
	memcpy(keys + p->nlogs, p->witness, (size_t)p->nwitnesses * sizeof keys[0]);
	TRY(note_parse(op, bytes, n));
	TRY(note_verify(op, n, keys, p->nlogs + p->nwitnesses, done, NULL));
	TRY(checkpoint_parse(op, n->text, &c));
	for (int i = 0; i < p->nlogs; i++)
		by_log |= done[i] && str_eq(keys[i].name, c.origin);
	if (!by_log)
		return fail(op, RC_INVALID, "checkpoint", "C2SP tlog-policy",
		            "存证点不是由所信任的台账签发",
		            "no trusted log has signed this checkpoint");
	if (!policy_satisfied(p, done + p->nlogs))
		return fail(op, RC_INVALID, "checkpoint", "C2SP tlog-policy",
		            "存证点的见证单位签名不足",
		            "too few witnesses have cosigned this checkpoint");
	if (ret_signed)
		memcpy(ret_signed, done + p->nlogs, (size_t)p->nwitnesses * sizeof done[0]);
	*ret = c;
	return RC_OK;
}
