/* SPDX-License-Identifier: Apache-2.0 */
/* integrity.c -- see integrity.h. */
#include "http/integrity.h"

#include <pthread.h>

#include "base/clock.h"
#include "engine/doctor.h"
#include "engine/run.h"
#include "engine/writer.h"
#include "ledger/cosign.h"

/* Entries in one scan, whose memory is then let go; scans in one turn, a tenth of a second. */
enum { STEP = 1024, TURN = 16 };

struct integrity {
	pthread_mutex_t lock;
	struct tree tree;   /* of the entries that were hashed again */
	uint64_t agreed;    /* the size at which its root was a checkpoint's */
	bool broken;
	struct err why;
};

struct look {
	struct op *op;
	const struct note_key *log;
	struct checkpoint cp;  /* size 0: there is none */
	uint64_t size, checked;
	int64_t covered_ms;    /* when the newest entry under it was recorded */
	int64_t waits_ms;      /* how long the first entry that it does not cover has waited */
	struct policy policy;
	uint64_t seen[POLICY_MAX];
	int64_t seen_s[POLICY_MAX];
	int witnesses;         /* that have seen anything */
	uint64_t least;        /* that all of them have seen */
	bool broken;
	struct err why;
};

struct integrity *integrity_new(void)
{
	struct integrity *i = calloc(1, sizeof(*i));

	if (!i)
		abort(); /* as arena_alloc */
	pthread_mutex_init(&i->lock, NULL);
	return i;
}

void integrity_free(struct integrity *i)
{
	if (!i)
		return;
	pthread_mutex_destroy(&i->lock);
	free(i);
}

struct walk {
	struct tree *tree;
	struct hasher *hasher;
};

/* ledger_scan has hashed the entry again and compared it with its leaf. */
static enum rc push(struct op *op, void *ctx, uint64_t index, struct str entry,
                    const struct hash *leaf)
{
	struct walk *w = ctx;

	(void)op, (void)index, (void)entry;
	tree_push(w->tree, w->hasher, leaf);
	return RC_OK;
}

static void found(struct integrity *i, const struct err *why)
{
	i->broken = true;
	i->why = *why;
}

/* Up to the checkpoint's size, or as far as one turn goes.  What cannot be read now is tried again;
 * what is wrong stays wrong until the server is started anew. */
static enum rc advance(struct integrity *i, struct look *l)
{
	const struct ledger *ledger = &l->op->run->writer->ledger;
	struct walk w = {&i->tree, hasher_new(HASH_SHA256)};
	struct arena scratch = {0};
	struct op op = {.arena = &scratch};
	enum rc rc = RC_OK;
	struct hash root;

	for (int n = 0; n < TURN && rc == RC_OK && i->tree.size < l->cp.size; n++) {
		struct tree before = i->tree;
		uint64_t to = before.size + STEP < l->cp.size ? before.size + STEP : l->cp.size;

		rc = ledger_scan(&op, ledger, before.size, to, push, &w);
		if (rc != RC_OK)
			i->tree = before;
		arena_reset(&scratch);
	}
	root = tree_root(&i->tree, w.hasher);
	if (rc == RC_OK && i->tree.size == l->cp.size) {
		if (hash_eq(&root, &l->cp.root))
			i->agreed = l->cp.size;
		else
			rc = fail(&op, RC_BROKEN, "", "", "前 %llu 条重算的根与存证点签名的根不符",
			          "the root of the first %llu entries, hashed again, is not the one that the "
			          "checkpoint signs", (unsigned long long)l->cp.size);
	}
	if (rc == RC_BROKEN)
		found(i, &op.err);
	hasher_free(w.hasher);
	arena_release(&scratch);
	l->op->err = rc == RC_OK || rc == RC_BROKEN ? l->op->err : op.err;
	return rc == RC_BROKEN ? RC_OK : rc;
}

static enum rc check_entries(struct integrity *i, struct look *l)
{
	enum rc rc = RC_OK;

	pthread_mutex_lock(&i->lock);
	if (!i->broken && i->tree.size <= l->cp.size)
		rc = advance(i, l);
	l->broken = l->broken || i->broken;
	if (i->broken)
		l->why = i->why;
	/* Another reader may be ahead of our snapshot; not agreed yet, all are still to be compared. */
	l->checked = i->tree.size < l->cp.size       ? i->tree.size
	             : i->agreed >= l->cp.size       ? l->cp.size
	                                             : i->agreed;
	pthread_mutex_unlock(&i->lock);
	return rc;
}

static enum rc recorded(struct op *op, uint64_t index, int64_t *ret_ms)
{
	struct event ev;
	struct str bytes;
	struct hash leaf;

	TRY(ledger_entry(op, &op->run->writer->ledger, index, &bytes, &leaf));
	TRY(event_read(op, op->run->modules, bytes, &ev));
	*ret_ms = ev.recorded_ms;
	return RC_OK;
}

static enum rc wrong(struct look *l, enum rc rc)
{
	if (rc != RC_BROKEN && rc != RC_INVALID)
		return rc;
	l->broken = true;
	l->why = l->op->err;
	return RC_OK;
}

/* The newest checkpoint, and that it is ours and not of more than there is. */
static enum rc read_checkpoint(struct look *l)
{
	struct op *op = l->op;
	struct err before = op->err;
	struct str note;
	enum rc rc = ledger_note_newest(op, &op->run->writer->ledger, &note);
	int64_t ms;

	if (rc == RC_NOT_FOUND) {
		op->err = before;
		return RC_OK;
	}
	TRY(rc);
	rc = checkpoint_open(op, note, l->log, &l->cp);
	if (rc == RC_OK && !str_eq(l->cp.origin, l->log->name))
		rc = fail(op, RC_BROKEN, "", "", "存证点不是本台账的", "the checkpoint is another ledger's");
	if (rc == RC_OK && l->cp.size > l->size)
		rc = fail(op, RC_BROKEN, "", "", "存证点有 %llu 条，台账只有 %llu 条：台账被退回",
		          "the checkpoint has %llu entries and the ledger %llu: it was put back",
		          (unsigned long long)l->cp.size, (unsigned long long)l->size);
	if (rc != RC_OK) {
		l->cp.size = 0;
		return wrong(l, rc);
	}
	if (l->cp.size)
		TRY(wrong(l, recorded(op, l->cp.size - 1, &l->covered_ms)));
	if (l->size > l->cp.size && !l->broken) {
		TRY(wrong(l, recorded(op, l->cp.size, &ms)));
		l->waits_ms = op->now_ms - ms;
	}
	return RC_OK;
}

/* What a witness signed must be what stands here. */
static enum rc read_witness(struct look *l, int k)
{
	const struct ledger *ledger = &l->op->run->writer->ledger;
	struct tree_reader reader = ledger_reader(ledger);
	struct checkpoint c;
	struct tree t;
	struct hash root;

	TRY(cosign_newest(l->op, ledger, l->log, &l->policy.witness[k], &c, &l->seen_s[k]));
	if (!c.size)
		return RC_OK;
	if (c.size <= l->size && tree_load(&reader, c.size, &t)) {
		root = tree_root(&t, ledger->hasher);
		if (hash_eq(&root, &c.root)) {
			l->seen[k] = c.size;
			l->least = l->witnesses && l->least < c.size ? l->least : c.size;
			l->witnesses++;
			return RC_OK;
		}
	}
	return wrong(l, fail(l->op, RC_BROKEN, "", "",
	                     "见证单位 " STR_FMT " 见到的前 %llu 条与本台账不符",
	                     "the witness " STR_FMT " has seen other entries than the first %llu that "
	                     "stand here",
	                     STR_ARG(l->policy.witness_name[k]), (unsigned long long)c.size));
}

static enum rc read_witnesses(struct look *l)
{
	struct str text;

	TRY(cosign_policy(l->op, l->op->run->writer->store->dir, l->log, &l->policy, &text));
	for (int k = 0; k < l->policy.nwitnesses; k++)
		TRY(read_witness(l, k));
	return RC_OK;
}

/* ---- in words ---- */

static struct json *said(struct arena *a, struct json *o, struct str zh, struct str en)
{
	json_set_str(a, o, "zh", zh);
	json_set_str(a, o, "en", en);
	return o;
}

static void say_broken(const struct look *l, struct json *o)
{
	struct arena *a = l->op->arena;

	said(a, o, str_fmt(a, "本台账有误：%s。请停止登记，联系审计员，"
	                   "用 gongyuan-audit 和库外存证点核对。",
	                   l->why.zh),
	     str_fmt(a, "The ledger is not whole: %s.  Stop recording, call the auditor, and compare "
	             "with gongyuan-audit and the checkpoint kept outside.", l->why.en));
}

static bool is_unsigned(const struct look *l)
{
	return l->size > l->cp.size && l->waits_ms > doctor_unsigned_ms(op_profile(l->op));
}

/* Why it is not known; false: it is. */
static bool say_unknown(const struct look *l, struct json *o)
{
	struct arena *a = l->op->arena;
	unsigned long long n = l->cp.size, done = l->checked, all = l->size;

	if (!n)
		said(a, o, STR("本台账还没有存证点，是否完整尚不能确认。"),
		     STR("There is no checkpoint yet: whether the ledger is whole cannot be said."));
	else if (done < n)
		said(a, o, str_fmt(a, "正在逐条核对：已核对 %llu 条，共 %llu 条；"
		                   "是否完整尚不能确认。", done, n),
		     str_fmt(a, "Entries are being hashed again, %llu of %llu so far: whether the ledger "
		             "is whole cannot be said yet.", done, n));
	else if (is_unsigned(l))
		said(a, o, str_fmt(a, "前 %llu 条逐条核对无误；其后 %llu 条迟迟没有存证点，"
		                   "是否完整不能确认。", n, all - n),
		     str_fmt(a, "The first %llu entries agree with their checkpoint; the %llu after them "
		             "have none though they should: whether they are whole cannot be said.", n,
		             all - n));
	else if (!l->witnesses)
		said(a, o, str_fmt(a, "%llu 条记录逐条核对，与存证点相符；但没有见证单位见到过，"
		                   "整本台账是否被替换不能确认。", n),
		     str_fmt(a, "%llu entries agree with their checkpoint; but no witness has seen them: "
		             "whether the whole ledger was replaced cannot be said.", n));
	else
		return false;
	return true;
}

static void say_whole(const struct look *l, struct json *o)
{
	struct arena *a = l->op->arena;
	unsigned long long n = l->cp.size, least = l->least, more = l->size - l->cp.size;
	struct strbuf zh, en;

	strbuf_init(&zh, a);
	strbuf_init(&en, a);
	strbuf_addf(&zh, "本台账完整：%llu 条记录逐条核对无误，均在存证点之下；%d 家见证单位已见到前 %llu 条",
	            n, l->witnesses, least);
	strbuf_addf(&en, "The ledger is whole: %llu entries were hashed again and stand under the "
	            "checkpoint; %d witness(es) have seen the first %llu", n, l->witnesses, least);
	if (more) {
		strbuf_addf(&zh, "；最新 %llu 条正待存证，不在此列", more);
		strbuf_addf(&en, "; the newest %llu await their checkpoint and are not meant", more);
	}
	strbuf_addz(&zh, "。");
	strbuf_addz(&en, ".");
	said(a, o, strbuf_str(&zh), strbuf_str(&en));
}

static void put_unchecked(const struct look *l, struct json *o)
{
	struct arena *a = l->op->arena;
	struct json *list = json_put(o, "not_checked", json_new_array(a));

	json_append(list, said(a, json_new_object(a),
		STR("查询所用的表是否与台账一致（gongyuan db doctor --compare）"),
		STR("whether the tables that screens read are what the ledger gives (gongyuan db doctor "
		    "--compare)")));
	json_append(list, said(a, json_new_object(a),
		STR("各条记录是否合乎规则、签名是否有效（gongyuan-audit，由他人在另一台计算机上运行）"),
		STR("whether entries keep the rules and their signatures verify (gongyuan-audit, run by "
		    "others on another computer)")));
	json_append(list, said(a, json_new_object(a),
		STR("与存放在别处的存证点、导出件是否相符（gongyuan-audit --known）"),
		STR("whether a checkpoint or an export kept elsewhere agrees (gongyuan-audit --known)")));
	if (l->size > l->cp.size)
		json_append(list, said(a, json_new_object(a),
			str_fmt(a, "最新 %llu 条：还没有存证点", (unsigned long long)(l->size - l->cp.size)),
			str_fmt(a, "the newest %llu entries: they have no checkpoint yet",
			        (unsigned long long)(l->size - l->cp.size))));
}

static void put_numbers(const struct look *l, struct json *o)
{
	struct arena *a = l->op->arena;
	struct json *list, *cp;

	json_set_int(a, o, "checked", (int64_t)l->checked);
	if (l->cp.size) {
		cp = json_put(o, "checkpoint", json_new_object(a));
		json_set_int(a, cp, "size", (int64_t)l->cp.size);
		json_set_str(a, cp, "time", clock_format_utc(a, l->covered_ms));
	}
	list = json_put(o, "witnesses", json_new_array(a));
	for (int k = 0; k < l->policy.nwitnesses; k++) {
		struct json *w = json_new_object(a);

		json_set_str(a, w, "name", l->policy.witness_name[k]);
		json_set_int(a, w, "size", (int64_t)l->seen[k]);
		if (l->seen_s[k] > 0)
			json_set_str(a, w, "at", clock_format_utc(a, l->seen_s[k] * 1000));
		json_append(list, w);
	}
}

enum rc integrity_get(struct op *op, struct integrity *i, const struct note_key *log,
                      struct json *o)
{
	struct look *l = ARENA_NEW(op->arena, struct look);
	bool known = false;

	l->op = op;
	l->log = log;
	l->size = op->run->writer->ledger.tree.size;
	TRY(read_checkpoint(l));
	if (l->cp.size)
		TRY(check_entries(i, l));
	TRY(read_witnesses(l));
	if (l->broken)
		say_broken(l, o);
	else if (!say_unknown(l, o)) {
		known = true;
		say_whole(l, o);
	}
	if (l->broken || known)
		json_set_bool(op->arena, o, "ok", !l->broken);
	else
		json_set_null(op->arena, o, "ok");
	put_numbers(l, o);
	put_unchecked(l, o);
	return RC_OK;
}
