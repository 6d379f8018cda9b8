/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoint.c -- origin, size, root: the text of a signed checkpoint; see checkpoint.h. */
#include "ledger/checkpoint.h"

struct str checkpoint_format(struct arena *a, const struct checkpoint *c)
{
	struct str root = base64_encode(a, c->root.b, sizeof c->root.b);

	return str_fmt(a, STR_FMT "\n%llu\n" STR_FMT "\n", STR_ARG(c->origin),
	               (unsigned long long)c->size, STR_ARG(root));
}

static enum rc bad(struct op *op, const char *zh, const char *en)
{
	return fail(op, RC_INVALID, "checkpoint", "C2SP tlog-checkpoint", "存证点格式无效：%s%.0s",
	            "not a checkpoint: %.0s%s", zh, en);
}

/* As in a note, also where the text does not come out of one. */
static bool is_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.s[i] < 0x20 && s.s[i] != '\n')
			return false;
	return str_utf8_valid(s);
}

enum rc checkpoint_parse(struct op *op, struct str text, struct checkpoint *ret)
{
	struct str origin, size, root, raw, rest = text, line;
	struct checkpoint c;
	int64_t n;

	if (!is_text(text))
		return bad(op, "含控制字符或非 UTF-8 编码",
		           "it has control characters or is not UTF-8");
	if (!str_cut(rest, '\n', &origin, &rest) || origin.n == 0)
		return bad(op, "缺少台账名称", "no origin line");
	if (!str_cut(rest, '\n', &size, &rest) || !str_to_i64(size, &n) || size.s[0] == '-')
		return bad(op, "记录数有误", "bad size line");
	if (!str_cut(rest, '\n', &root, &rest) || !base64_decode(op->arena, root, &raw) ||
	    raw.n != sizeof c.root.b)
		return bad(op, "根校验值有误", "bad root line");
	while (rest.n > 0)
		if (!str_cut(rest, '\n', &line, &rest) || line.n == 0)
			return bad(op, "扩展行为空或没有换行",
			           "an extension line is empty or has no end");
	c.origin = str_copy(op->arena, origin);
	c.size = (uint64_t)n;
	memcpy(c.root.b, raw.s, sizeof c.root.b);
	*ret = c;
	return RC_OK;
}

enum rc checkpoint_open(struct op *op, struct str note, const struct note_key *key,
                        struct checkpoint *ret)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	bool done;

	TRY(note_parse(op, note, n));
	TRY(note_verify(op, n, key, 1, &done, NULL));
	return checkpoint_parse(op, n->text, ret);
}
