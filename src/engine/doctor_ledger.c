/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_ledger.c -- what stands in the databases: tables, entries, checkpoints, projections.
 *
 * Every table has a kind: ledger (append-only), vault (shreddable), transient (may be lost),
 * projection (rebuilt from the ledger).  A table of no kind is not ours or a leftover.
 */
#include "engine/doctor.h"

#include "base/limits.h"
#include "engine/book.h"
#include "engine/modules_private.h"
#include "engine/rebuild_private.h"

/* Entries re-hashed at once: the memory of one step of the scrub. */
#define SCRUB_STEP 1024
#define KNOWN_TRIES 3

static const struct {
	const char *name, *kind;
} LEDGER_TABLES[] = {
	{"ledger_entry", "ledger"},    {"ledger_tile", "ledger"},  {"ledger_note", "ledger"},
	{"ledger_receipt", "ledger"},  {"ledger_fence", "ledger"}, {"schema_step", "ledger"},
	{"vault_key", "vault"},        {"vault_item", "vault"},
};

static const struct { const char *name; } VIEW_TABLES[] = {{"view_state"}};

static bool ledger_knows(struct str name)
{
	for (size_t i = 0; i < COUNT(LEDGER_TABLES); i++)
		if (str_is(name, LEDGER_TABLES[i].name))
			return true;
	return false;
}

static bool view_knows(struct doctor *d, struct str name)
{
	const struct module_index *all = d->modules->index;

	for (size_t i = 0; i < COUNT(VIEW_TABLES); i++)
		if (str_is(name, VIEW_TABLES[i].name))
			return true;
	for (size_t i = 0; i < all->nall; i++)
		for (size_t k = 0; k < all->all[i]->ntables; k++)
			if (str_is(name, all->all[i]->tables[k].name))
				return true;
	return false;
}

static void list_unknown(struct doctor *d, const struct str *names, size_t n, bool ledger,
                         bool view, struct strbuf *b)
{
	for (size_t i = 0; i < n; i++)
		if (!(ledger && ledger_knows(names[i])) && !(view && view_knows(d, names[i])))
			strbuf_addf(b, " %s", names[i].s);
}

enum rc doctor_tables(struct doctor *d)
{
	const struct store *s = d->store;
	struct strbuf b;
	struct str *names, found;
	size_t n;

	strbuf_init(&b, d->op->arena);
	TRY(db_tables(d->op, s->ledger, &names, &n));
	list_unknown(d, names, n, true, s->one, &b);
	TRY(db_tables(d->op, s->view, &names, &n));
	list_unknown(d, names, n, s->one, true, &b);
	found = strbuf_str(&b);
	doctor_say(d, b.n ? DOCTOR_WRONG : DOCTOR_OK, &(struct check){
		"tables",
		b.n ? str_fmt(d->op->arena, "有不认识的表：%s", found.s).s : "每张表的类别都清楚",
		b.n ? str_fmt(d->op->arena, "tables of no kind:%s", found.s).s : "every table has its kind",
		"view.db 里的由 gongyuan db rebuild 清除；ledger.db 里的请查明是谁所建",
		"gongyuan db rebuild removes those in view.db; find out who made those in ledger.db"});
	return RC_OK;
}

static enum rc view_at(struct doctor *d, int64_t *ret)
{
	struct view_state s;

	TRY(view_state(d->op, d->store->view, &s));
	*ret = s.at;
	return RC_OK;
}

/* Beside a server that records, projections, checkpoints and the one kept outside move on while
 * they are looked at, and the ledger always before them: it is read again after each of them. */
enum rc doctor_view(struct doctor *d)
{
	int64_t at, size;
	bool ahead;

	TRY(view_at(d, &at));
	TRY(ledger_refresh(d->op, d->ledger));
	size = (int64_t)d->ledger->tree.size;
	ahead = at > size || at < 0;
	doctor_say(d, ahead ? DOCTOR_BROKEN : DOCTOR_OK, &(struct check){
		"view",
		str_fmt(d->op->arena, "投影记到第 %lld 条，台账共 %lld 条", (long long)at, (long long)size).s,
		str_fmt(d->op->arena, "projections have seen %lld of %lld entries", (long long)at,
		        (long long)size).s,
		"gongyuan db rebuild；若投影比台账多，台账可能被退回，请先核对库外存证点",
		"gongyuan db rebuild; if they are ahead, the ledger may have been put back: check the "
		"checkpoint kept outside first"});
	return RC_OK;
}

/* A checkpoint is signed within a second.  A profile of before does not say. */
int64_t doctor_unsigned_ms(const struct profile *p)
{
	return 1000 * profile_setting(p, "ledger.unsigned_s", LIMIT_UNSIGNED_S);
}

/* When the first entry that no checkpoint covers was recorded. */
static enum rc unsigned_age(struct doctor *d, uint64_t from, int64_t *ret_ms)
{
	struct ledger *l = d->ledger;
	struct str bytes;
	struct hash leaf;
	struct event ev;

	*ret_ms = 0;
	if (from >= l->tree.size)
		return RC_OK;
	TRY(ledger_entry(d->op, l, from, &bytes, &leaf));
	TRY(event_read(d->op, d->modules, bytes, &ev));
	*ret_ms = !d->drill ? d->op->now_ms - ev.recorded_ms : d->live ? 0
	          : doctor_unsigned_ms(d->profile) + 1;
	return RC_OK;
}

static bool note_sound(struct doctor *d, struct str bytes, struct checkpoint *ret)
{
	struct err before = d->op->err;
	struct note n;
	bool is_signed = false;
	bool ok = note_parse(d->op, bytes, &n) == RC_OK &&
	          note_verify(d->op, &n, d->vkey, 1, &is_signed, NULL) == RC_OK && is_signed &&
	          checkpoint_parse(d->op, n.text, ret) == RC_OK &&
	          str_eq(ret->origin, d->origin);

	d->op->err = before;
	return ok;
}

enum rc doctor_checkpoint(struct doctor *d)
{
	struct ledger *l = d->ledger;
	struct checkpoint cp = {0};
	struct str bytes;
	int64_t age_ms = 0;
	enum rc rc = ledger_note_newest(d->op, l, &bytes);
	bool sound;

	TRY(ledger_refresh(d->op, l));
	sound = rc == RC_OK && note_sound(d, bytes, &cp) && cp.size <= l->tree.size;
	if (rc == RC_OK && sound)
		TRY(unsigned_age(d, cp.size, &age_ms));
	if (rc == RC_OK && !sound)
		doctor_say(d, DOCTOR_BROKEN, &(struct check){
			"checkpoint", "最新存证点验不过", "the newest checkpoint does not verify",
			"停止登记，用库外存证点和备份核对：gongyuan-audit --known FILE DIR",
			"stop recording; compare with the checkpoint kept outside: gongyuan-audit --known "
			"FILE DIR"});
	else
		doctor_say(d, rc == RC_OK && age_ms <= doctor_unsigned_ms(d->profile) ? DOCTOR_OK
		                                                                      : DOCTOR_WRONG,
		           &(struct check){
			"checkpoint",
			str_fmt(d->op->arena, "最新存证点 %llu 条，台账 %llu 条", (unsigned long long)cp.size,
			        (unsigned long long)l->tree.size).s,
			str_fmt(d->op->arena, "the newest checkpoint covers %llu of %llu entries",
			        (unsigned long long)cp.size, (unsigned long long)l->tree.size).s,
			"登记程序没有在签存证点：运行 gongyuan timers run 或重启服务",
			"nobody signs checkpoints: run gongyuan timers run, or restart the server"});
	return RC_OK;
}

/* One kept outside that is newer than the ledger as it was read is no rollback as long as the
 * ledger has grown meanwhile. */
static enum rc check_known(struct doctor *d, enum rc *ret)
{
	struct err before = d->op->err;

	for (int i = 0; i < KNOWN_TRIES; i++) {
		uint64_t size = d->ledger->tree.size;

		d->op->err = before;
		*ret = ledger_check_known(d->op, d->ledger, d->known, d->vkey, d->origin);
		if (*ret == RC_OK)
			return RC_OK;
		struct err found = d->op->err;
		d->op->err = before;
		TRY(ledger_refresh(d->op, d->ledger));
		d->op->err = found;
		if (d->ledger->tree.size == size)
			return RC_OK;
	}
	return RC_OK;
}

enum rc doctor_known(struct doctor *d)
{
	struct err before = d->op->err;
	struct str zh, en;
	enum rc rc;

	if (!file_exists(d->known)) {
		doctor_say(d, DOCTOR_WRONG, &(struct check){
			"known", str_fmt(d->op->arena, "库外没有存证点 %s，查不出台账是否被退回",
			                 d->known.s).s,
			str_fmt(d->op->arena, "no checkpoint is kept outside at %s: a rollback cannot be seen",
			        d->known.s).s,
			"用 --known 指明保存在别处的存证点；下次登记后会重新生成",
			"name the one kept elsewhere with --known; the next command makes it again"});
		return RC_OK;
	}
	TRY(check_known(d, &rc));
	zh = str_copy(d->op->arena, str_of(d->op->err.zh));
	en = str_copy(d->op->arena, str_of(d->op->err.en));
	d->op->err = before;
	doctor_say(d, rc == RC_OK ? DOCTOR_OK : DOCTOR_BROKEN, &(struct check){
		"known", rc == RC_OK ? "台账与库外存证点相符" : zh.s,
		rc == RC_OK ? "the ledger agrees with the checkpoint kept outside" : en.s,
		"不要登记：用最新备份恢复，或由两人签名另立新台账",
		"record nothing: restore the newest backup, or go on under a new origin by two signers"});
	return RC_OK;
}

struct scrub {
	struct doctor *d;
	struct hasher *hasher;
	struct tree tree;
};

/* ledger_scan has hashed the entry again and compared it with its leaf. */
static enum rc scrub_each(struct op *op, void *ctx, uint64_t index, struct str entry,
                          const struct hash *leaf)
{
	struct scrub *s = ctx;

	(void)op;
	tree_push(&s->tree, s->hasher, leaf);
	if (memmem(entry.s, entry.n, "\"rules.adopted\"", 15))
		s->d->adopted = (int64_t)index;
	return RC_OK;
}

/* Every entry is hashed again and the tree built from nothing. */
static enum rc scrub_walk(struct doctor *d, struct scrub *s)
{
	struct ledger *l = d->ledger;
	struct arena scratch = {0};
	struct op op = *d->op;
	enum rc rc = RC_OK;

	op.arena = &scratch;
	for (uint64_t i = 0; i < l->tree.size && rc == RC_OK; i += SCRUB_STEP) {
		uint64_t to = i + SCRUB_STEP < l->tree.size ? i + SCRUB_STEP : l->tree.size;

		rc = ledger_scan(&op, l, i, to, scrub_each, s);
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	d->op->err = op.err;
	return rc;
}

static void scrub_say(struct doctor *d, bool ok, const char *zh, const char *en)
{
	doctor_say(d, ok ? DOCTOR_OK : DOCTOR_BROKEN, &(struct check){
		"scrub", zh, en, "停止登记，运行 gongyuan-audit，再从备份恢复",
		"stop recording, run gongyuan-audit, then restore a backup"});
}

enum rc doctor_scrub(struct doctor *d)
{
	struct err before = d->op->err;
	struct scrub s = {.d = d, .hasher = hasher_new(HASH_SHA256)};
	unsigned long long n;
	struct hash have, stored;
	enum rc rc = scrub_walk(d, &s);

	have = tree_root(&s.tree, s.hasher);
	stored = tree_root(&d->ledger->tree, s.hasher);
	hasher_free(s.hasher);
	n = s.tree.size;
	if (rc != RC_OK)
		scrub_say(d, false, str_copy(d->op->arena, str_of(d->op->err.zh)).s,
		          str_copy(d->op->arena, str_of(d->op->err.en)).s);
	else if (!hash_eq(&have, &stored))
		scrub_say(d, false, "重算的根与存下的不符", "the root built again is not the stored one");
	else
		scrub_say(d, true, str_fmt(d->op->arena, "%llu 条逐条重算相符", n).s,
		          str_fmt(d->op->arena, "%llu entries hashed again", n).s);
	d->op->err = before;
	return RC_OK;
}

/* What the newest adoption, found by the scrub, put in force. */
static enum rc adopted(struct doctor *d, struct str *ret_rules, struct str *ret_profile)
{
	struct str bytes;
	struct hash leaf;
	struct json *o;

	TRY(ledger_entry(d->op, d->ledger, (uint64_t)d->adopted, &bytes, &leaf));
	TRY(json_read(d->op, bytes, &o));
	*ret_rules = str_copy(d->op->arena, json_str(json_get(o, "data"), "rules"));
	*ret_profile = str_copy(d->op->arena, json_str(json_get(o, "data"), "profile"));
	return RC_OK;
}

/* Rules and profile in force must stand in blobs/. */
enum rc doctor_blobs(struct doctor *d)
{
	struct err before = d->op->err;
	struct str rules = {"", 0}, profile = {"", 0}, bytes;
	bool ok = adopted(d, &rules, &profile) == RC_OK;
	struct arena *a = d->op->arena;

	ok = ok && rules.n && blob_get(d->op, d->store, rules, &bytes) == RC_OK &&
	     blob_get(d->op, d->store, profile, &bytes) == RC_OK;
	d->op->err = before;
	doctor_say(d, ok ? DOCTOR_OK : DOCTOR_WRONG, &(struct check){
		"blobs", ok ? "现行规则和考试配置都在 blobs/" : "blobs/ 里缺少现行规则或考试配置，或已改动",
		ok ? "the rules and profile in force stand in blobs/"
		   : "the rules or the profile in force are missing in blobs/, or altered",
		str_fmt(a, "从备份恢复 blobs/%s 和 blobs/%s", rules.s, profile.s).s,
		str_fmt(a, "restore blobs/%s and blobs/%s from a backup", rules.s, profile.s).s});
	return RC_OK;
}

enum rc doctor_books(struct doctor *d)
{
	struct balance *wrong;
	size_t n;

	TRY(book_unbalanced(d->op, &wrong, &n));
	doctor_say(d, n ? DOCTOR_BROKEN : DOCTOR_OK, &(struct check){
		"books", n ? str_fmt(d->op->arena, "%s 的账不平", wrong[0].asset.s).s : "各账目收支平衡",
		n ? str_fmt(d->op->arena, "the books of %s do not balance", wrong[0].asset.s).s
		  : "the books balance",
		"gongyuan db doctor --compare 找出被改的一格，再 gongyuan db rebuild",
		"gongyuan db doctor --compare names the altered cell; then gongyuan db rebuild"});
	return RC_OK;
}

/* Projections again from the ledger, in memory, beside those that stand. */
enum rc doctor_compare(struct doctor *d)
{
	struct difference *diff = NULL;
	struct db *again = NULL;
	struct strbuf zh, en;
	int64_t at;
	size_t n = 0;
	enum rc rc;

	TRY(view_at(d, &at));
	TRY(db_open_memory(d->op, &again));
	rc = projection_create(d->op, again, d->modules);
	if (rc == RC_OK)
		rc = projection_fill(d->op, d->ledger, again, d->modules,
		                     d->profile, at);
	if (rc == RC_OK)
		rc = projection_compare(d->op, d->store->view, again, d->modules, &diff, &n);
	db_close(again);
	TRY(rc);
	strbuf_init(&zh, d->op->arena);
	strbuf_init(&en, d->op->arena);
	for (size_t i = 0; i < n; i++) {
		const struct difference *x = &diff[i];

		strbuf_addf(&zh, "%s表 %s 键 %s 列 %s：现为 %s，台账给出 %s", i ? "；" : "", x->table.s,
		            x->key.s, x->column.s, x->left.s, x->right.s);
		strbuf_addf(&en, "%stable %s key %s column %s: stands %s, the ledger gives %s",
		            i ? "; " : "", x->table.s, x->key.s, x->column.s, x->left.s, x->right.s);
	}
	doctor_say(d, n ? DOCTOR_BROKEN : DOCTOR_OK, &(struct check){
		"compare", n ? strbuf_str(&zh).s : "投影与台账重算一致",
		n ? strbuf_str(&en).s : "the projections are what the ledger gives",
		"查明谁改动了数据库，再 gongyuan db rebuild",
		"find out who altered the database, then gongyuan db rebuild"});
	return RC_OK;
}
