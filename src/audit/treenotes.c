/* SPDX-License-Identifier: Apache-2.0 */
/* treenotes.c -- stored checkpoints against the tree; see treework.h.
 *
 * A data folder may hold entries that no checkpoint covers yet: the signer comes after the commit.
 * For LIMIT_UNSIGNED_S that is said and no more; later it is a finding, because whoever writes to
 * the database could have put them there.
 */
#include "audit/treework.h"

#include "base/limits.h"

static void note_bad(struct treework *t, const struct source_note *n, const struct err *why)
{
	t->last_bad = true;
	if (n->size >= 0)
		report_add(t->report, FINDING_NOTE, NO_INDEX, "存证点（%lld 条）无效：%s%.0s",
		           "the checkpoint of %lld entries is not valid: %.0s%s",
		           (long long)n->size,
		           why->zh, why->en);
	else
		report_add(t->report, FINDING_NOTE, NO_INDEX, "存证点无效：%s%.0s",
		           "the checkpoint is not valid: %.0s%s", why->zh, why->en);
}

static void check_cosigned(struct treework *t, struct op *op, const struct note *note)
{
	bool bad = false;

	t->cosigned = t->keys->policy != NULL && keys_quorum(op, t->keys, note, &bad);
	if (bad)
		report_add(t->report, FINDING_COSIGNATURE, NO_INDEX,
		           "存证点（%lld 条）上有见证单位的签名不符",
		           "a witness's cosignature on the checkpoint of %lld entries does not "
		           "verify",
		           (long long)t->point.size);
}

/* Reads one stored note.  True: t->point is what it says, signed. */
static bool read_note(struct treework *t)
{
	struct op op = {.arena = &t->note_arena};
	struct note *note;
	struct source_note n = {0};
	enum rc rc;

	arena_reset(&t->note_arena);
	rc = source_note_next(&op, t->source, &n);
	if (rc != RC_OK) {
		t->notes_done = true;
		if (rc != RC_NOT_FOUND)
			report_add(t->report, FINDING_NOTE, NO_INDEX, "存证点无法读取：%s%.0s",
			           "the checkpoints cannot be read: %.0s%s", op.err.zh, op.err.en);
		return false;
	}
	t->stored_notes++;
	t->last_bad = false;
	note = ARENA_NEW(&t->note_arena, struct note);
	if (n.bytes.s == NULL)
		rc = fail(&op, RC_INVALID, "", "", "过长", "it is too long");
	else
		rc = keys_open(&op, t->keys, n.bytes, note, &t->point);
	if (rc == RC_OK && t->point.size > (uint64_t)LIMIT_INT)
		rc = fail(&op, RC_INVALID, "", "", "条数过大", "its size is out of range");
	if (rc == RC_OK && n.size >= 0 && (uint64_t)n.size != t->point.size)
		rc = fail(&op, RC_INVALID, "", "", "所存条数与其内容不同",
		          "it is stored under another size");
	if (rc != RC_OK) {
		note_bad(t, &n, &op.err);
		return false;
	}
	check_cosigned(t, &op, note);
	return true;
}

static void newest(struct treework *t)
{
	int64_t size = (int64_t)t->point.size;

	t->quorum = t->cosigned || (size == t->newest_size && t->quorum);
	if (size == t->newest_size)
		return;
	t->newest_size = size;
	t->origin = str_copy(t->report->keep, report_clip(t->point.origin));
}

static void compare(struct treework *t)
{
	struct hash root = tree_root(&t->tree, t->hasher);
	int64_t from = t->good_size < 0 ? 0 : t->good_size, size = (int64_t)t->point.size;
	int64_t first = t->first_bad >= 0 && t->first_bad < size ? t->first_bad : from;

	if (hash_eq(&root, &t->point.root)) {
		t->good_size = size;
		return;
	}
	report_add(t->report, FINDING_CHECKPOINT, first,
	           "存证点（%lld 条）的根校验值与记录内容不符：改动在第 %lld 号至第 %lld 号之间",
	           "the checkpoint of %lld entries has another root: something between entries "
	           "%lld and %lld was changed", (long long)size, (long long)first,
	           (long long)(size - 1));
}

void treework_notes(struct treework *t, struct op *op)
{
	(void)op;
	while (!t->notes_done) {
		if (!t->has_note)
			t->has_note = read_note(t);
		if (!t->has_note)
			continue;
		if (t->point.size > t->tree.size)
			return;
		t->has_note = false;
		newest(t);
		if (t->point.size == t->tree.size)
			compare(t);
		else
			report_add(t->report, FINDING_NOTE, NO_INDEX, "存证点（%llu 条）次序不对",
			           "the checkpoint of %llu entries is out of order",
			           (unsigned long long)t->point.size);
	}
}

static void notes_ahead(struct treework *t)
{
	while (!t->notes_done) {
		if (!t->has_note)
			t->has_note = read_note(t);
		if (!t->has_note)
			continue;
		t->has_note = false;
		newest(t);
		t->ahead = (int64_t)t->point.size;
	}
	if (t->ahead >= 0)
		report_add(t->report, FINDING_CHECKPOINT, (int64_t)t->tree.size,
		           "台账只有 %llu 条记录，存证点却有 %lld 条：末尾的记录缺失",
		           "the ledger has %llu entries, a checkpoint has %lld: the last ones are "
		           "missing",
		           (unsigned long long)t->tree.size, (long long)t->ahead);
}

/* Entries after the newest checkpoint. */
static void tail(struct treework *t, struct op *op)
{
	int64_t from = t->newest_size < 0 ? 0 : t->newest_size, size = (int64_t)t->tree.size;
	long long n = (long long)(size - from);

	if (size <= from || t->newest_size < 0)
		return;
	if (source_has_bundles(t->source))
		report_add(t->report, FINDING_CHECKPOINT, from,
		           "存证点之后多出 %lld 条记录", "%lld entries come after the checkpoint", n);
	else if (op->now_ms - t->unsigned_ms > LIMIT_UNSIGNED_S * INT64_C(1000))
		report_add(t->report, FINDING_CHECKPOINT, from,
		           "末尾 %lld 条记录超过一分钟仍无存证点：若系统刚因故障停止，启动后会自动补签，再核验一次；"
		           "否则可能是他人直接写入数据库",
		           "the last %lld entries have had no checkpoint for more than a minute: "
		           "if the system has just stopped, start it, it will sign them, and "
		           "audit again; if not, somebody else may have written them", n);
	else
		report_unchecked(t->report, FINDING_CHECKPOINT,
		                 "末尾 %lld 条记录刚写入，尚待签发存证点",
		                 "the last %lld entries are new and await their checkpoint", n);
}

static void witnesses(struct treework *t)
{
	const struct policy *p = t->keys->policy;

	if (p == NULL)
		report_unchecked(t->report, FINDING_COSIGNATURE, "没有给出信任策略（--policy），见证签名未核验",
		                 "no policy was given (--policy): cosignatures of witnesses were "
		                 "not checked");
	else if (p->quorum == POLICY_NO_QUORUM)
		report_unchecked(t->report, FINDING_COSIGNATURE, "信任策略不要求见证签名（quorum none）",
		                 "the policy asks for no witnesses (quorum none)");
	else if (!t->quorum)
		report_add(t->report, FINDING_COSIGNATURE, NO_INDEX,
		           "最新存证点上的见证签名未达到信任策略的要求",
		           "the newest checkpoint does not have the cosignatures that the policy "
		           "asks for");
}

static void others(struct treework *t, struct str origin)
{
	const struct source *s = t->source;

	if (origin.n > 0 && t->origin.n > 0 && !str_eq(origin, t->origin))
		report_add(t->report, FINDING_CHECKPOINT, NO_INDEX,
		           "存证点的台账标识与首条记录不同",
		           "the checkpoint is of another ledger than its genesis entry says");
	if (!source_has_bundles(s) && s->has_fence && s->fence_size != (int64_t)t->tree.size)
		report_add(t->report, FINDING_CHECKPOINT,
		           s->fence_size < (int64_t)t->tree.size ? s->fence_size : (int64_t)t->tree.size,
		           "数据库记载共 %lld 条记录，实有 %llu 条",
		           "the database says that it has %lld entries and has %llu",
		           (long long)s->fence_size, (unsigned long long)t->tree.size);
}

void treework_notes_end(struct treework *t, struct op *op, struct str origin)
{
	notes_ahead(t);
	if (t->stored_notes == 0)
		report_add(t->report, FINDING_CHECKPOINT, NO_INDEX, "没有签发过的存证点",
		           "there is no signed checkpoint");
	else if (t->newest_size < 0 || t->last_bad)
		report_add(t->report, FINDING_CHECKPOINT, NO_INDEX, "最新存证点的签名无效，不能证明台账现状",
		           "the newest checkpoint is not validly signed: it proves nothing about "
		           "the ledger as it stands");
	tail(t, op);
	witnesses(t);
	others(t, origin);
}
