/* SPDX-License-Identifier: Apache-2.0 */
/* writer_open.c -- founding a ledger, opening one, and bringing memory in step with it.
 *
 * What the writer remembers (authority, chain of its own device, last time) is read from ledger
 * bytes: entries along the chain of authority events, each re-hashed on the way.
 */
#include "engine/writer.h"

#include "engine/device.h"
#include "engine/entry.h"
#include "engine/order.h"
#include "engine/rebuild_private.h"
#include "engine/request.h"

#define FORMAT 1

static void init(const struct writer_options *o, struct writer *w)
{
	*w = (struct writer){.store = o->store, .modules = o->modules, .clock = o->clock,
	                     .random = o->random, .origin = {"", 0}, .exam = {"", 0},
	                     .last_authority = NO_AUTHORITY};
	w->authority = authority_new();
	w->device_key = *o->device_key;
	memcpy(w->vault.key, o->vault_key, sizeof(w->vault.key));
	w->vault.db = o->store->ledger;
	w->vault.hold = writer_hold;
}

/* One entry, whose bytes must hash to the leaf that the tree knows. */
static enum rc read_checked(struct op *op, struct writer *w, int64_t index, struct event *ret)
{
	struct str bytes;
	struct hash leaf, again;

	TRY(ledger_entry(op, &w->ledger, (uint64_t)index, &bytes, &leaf));
	again = tree_leaf(w->ledger.hasher, bytes.s, bytes.n);
	if (!hash_eq(&leaf, &again))
		return fail(op, RC_BROKEN, "leaf", "", "第 %lld 条与其校验值不符：请运行 gongyuan-audit",
		            "entry %lld does not hash to its leaf: run gongyuan-audit", (long long)index);
	TRY(event_read(op, w->modules, bytes, ret));
	ret->id = (w->node << 33) + ret->index;
	return RC_OK;
}

static enum rc read_genesis(struct op *op, struct writer *w)
{
	struct event ev;
	const struct ledger_genesis *g;

	TRY(read_checked(op, w, 0, &ev));
	if (!ev.type || !str_is(ev.name, "ledger.genesis"))
		return fail(op, RC_BROKEN, "genesis", "", "第 0 条不是台账建立：请运行 gongyuan-audit",
		            "entry 0 is not a genesis: run gongyuan-audit");
	g = ev.data;
	w->node = g->node;
	w->drill = g->mode == 1;
	w->origin = str_copy(&w->keep, g->origin);
	w->exam = str_copy(&w->keep, ev.exam);
	return RC_OK;
}

static bool is_authority(const struct event *ev)
{
	return str_starts(ev->name, STR("authority."));
}

/* The chain of authority events from the newest back to behind `known`. */
struct auth_chain {
	int64_t newest, known;
	int64_t *at; /* the newest first */
	size_t n, cap;
};

/* A chain that does not lead back to what is known is a broken ledger. */
static enum rc walk_back(struct op *op, struct writer *w, struct arena *keep, struct auth_chain *c)
{
	int64_t at = c->newest;
	struct event ev;

	while (at > c->known) {
		c->at = arena_room(keep, c->at, c->n, &c->cap, sizeof(*c->at));
		c->at[c->n++] = at;
		arena_reset(op->arena);
		TRY(read_checked(op, w, at, &ev));
		if (!is_authority(&ev) || ev.authority >= at || ev.authority < c->known)
			return fail(op, RC_BROKEN, "auth", "", "授权链在第 %lld 条断开",
			            "the chain of authority events is broken at entry %lld", (long long)at);
		at = ev.authority;
	}
	return RC_OK;
}

/* In the order of the ledger.  An entry at a time is in memory. */
static enum rc empower(struct op *outer, struct writer *w, struct auth_chain *c)
{
	AUTO(arena) scratch = {0};
	size_t mark = authority_mark(w->authority);
	struct op op = *outer;
	struct event ev;
	enum rc rc;

	op.arena = &scratch;
	rc = walk_back(&op, w, outer->arena, c);
	while (rc == RC_OK && c->n > 0) {
		arena_reset(&scratch);
		rc = read_checked(&op, w, c->at[--c->n], &ev);
		if (rc == RC_OK)
			event_empower(w->authority, &ev);
	}
	if (rc != RC_OK)
		authority_back(w->authority, mark);
	outer->err = op.err;
	return rc;
}

/* Gives memory what came behind w->last_authority.  Another writer of this process, over the same
 * ledger, may have read it already. */
static enum rc load_authority(struct op *op, struct writer *w, const struct writer *like)
{
	struct auth_chain c = {.known = w->last_authority};
	struct event ev;

	TRY(read_checked(op, w, (int64_t)w->ledger.tree.size - 1, &ev));
	w->last_ms = ev.recorded_ms;
	c.newest = is_authority(&ev) ? ev.index : ev.authority;
	if (c.newest < c.known)
		return fail(op, RC_BROKEN, "auth", "", "第 %lld 条之后的授权链短于先前",
		            "the chain of authority events is shorter than it was at entry %lld",
		            (long long)c.known);
	if (like && c.known == NO_AUTHORITY && like->last_authority == c.newest)
		authority_copy(w->authority, like->authority);
	else
		TRY(empower(op, w, &c));
	w->last_authority = c.newest;
	return RC_OK;
}

static enum rc load_device(struct op *op, struct writer *w)
{
	struct run run = {.writer = w};
	struct device_chain chain;
	struct op inner = *op;
	enum rc rc;

	w->device_seq = 0;
	memset(w->device_head.b, 0, sizeof(w->device_head.b));
	inner.run = &run;
	inner.db = w->store->view;
	rc = device_chain(&inner, w->device, &chain);
	if (rc == RC_OK && chain.act_at >= 0)
		rc = device_head_of(&inner, chain.act_at, &w->device_head);
	if (rc == RC_OK) {
		w->device_seq = w->device_told = chain.seq;
		w->device_at = chain.act_at;
	}
	op->err = inner.err;
	return rc;
}

/* The profile in force at the end of the projections. */
static enum rc load_profile(struct op *op, struct writer *w)
{
	struct op inner = *op;
	struct rules_adopted now;
	struct str bytes;
	enum rc rc;

	inner.db = w->store->view;
	rc = rules_in_force(&inner, &now);
	op->err = inner.err;
	if (rc != RC_OK || !now.profile.n)
		return rc;
	TRY(blob_get(op, w->store, now.profile, &bytes));
	return profile_read(op, &w->keep, bytes, &w->profile);
}

static enum rc catch_up(struct op *op, struct writer *w)
{
	struct fill f = {&w->ledger, w->store->view, w->modules, &w->keep, &w->profile, NULL};
	int64_t size = (int64_t)w->ledger.tree.size;
	struct hash shape = modules_shape(op->arena, w->modules);
	struct view_state s;

	TRY(view_state(op, w->store->view, &s));
	if (s.at > size)
		return fail(op, RC_BROKEN, "view", "", "投影（%lld）超前于台账（%lld）：请运行 gongyuan db rebuild",
		            "the projections (%lld) are ahead of the ledger (%lld): run gongyuan"
		            " db rebuild",
		            (long long)s.at, (long long)size);
	if (s.at < 0 || !str_eq(s.shape, hash_hex(op->arena, &shape))) {
		TRY(projection_rebuild(op, w->store, &w->ledger, w->modules, &w->profile));
		w->view_at = size;
		return load_profile(op, w);
	}
	TRY(load_profile(op, w));
	if (s.at < size) {
		enum rc rc = db_begin(op, w->store->view);

		if (rc == RC_OK)
			rc = projection_range(op, &f, s.at, size);
		if (rc == RC_OK)
			rc = view_mark(op, w->store->view, size);
		if (rc == RC_OK)
			rc = db_commit(op, w->store->view);
		if (rc != RC_OK) { /* nothing half-applied may ever be committed */
			db_rollback(w->store->view);
			return rc;
		}
	}
	w->view_at = size;
	return RC_OK;
}

enum rc writer_reload(struct op *op, struct writer *w)
{
	authority_back(w->authority, 0);
	w->last_authority = NO_AUTHORITY;
	TRY(load_authority(op, w, NULL));
	TRY(catch_up(op, w));
	TRY(load_device(op, w));
	w->next_due_ms = 0; /* ask at the next chance */
	return RC_OK;
}

/* This host's device: the newest enrolment of its key. */
static int64_t find_device(const struct writer *w, const struct ed25519_public *key)
{
	return authority_device_by_key(w->authority, key);
}

/* Rules of this program that differ from those in force begin now. */
static enum rc adopt(struct writer *w, struct op *op, struct run *run, struct str profile_hash)
{
	struct str rules = modules_rules_json(op->arena, w->modules), hash;
	struct rules_adopted now;

	(void)run;
	TRY(rules_in_force(op, &now));
	TRY(blob_put(op, w->store, rules, &hash));
	if (str_eq(now.rules, hash) && (!profile_hash.n || str_eq(now.profile, profile_hash)))
		return RC_OK;
	return rules_adopt(op,
	                   &(struct rules_adopted){hash, profile_hash.n ? profile_hash : now.profile});
}

static enum rc seal_foundation(struct op *op, struct writer *w)
{
	TRY(ledger_seal(op, &w->ledger));
	TRY(view_mark(op, w->store->view, (int64_t)w->ledger.next.size));
	TRY(store_commit(op, w->store));
	ledger_committed(&w->ledger);
	w->view_at = (int64_t)w->ledger.tree.size;
	return store_commit_view(op, w->store);
}

static enum rc found(struct op *outer, struct writer *w, const struct genesis *g,
                     const struct ed25519_public *device)
{
	struct ledger_genesis x = {.format = FORMAT, .node = g->node, .seed = (int64_t)g->seed,
	                           .mode = g->drill, .origin = g->origin};
	struct str hash;
	struct run run;
	struct op op;
	enum rc rc;

	TRY(blob_put(outer, w->store, g->profile, &hash));
	TRY(store_begin(outer, w->store));
	writer_op(w, &op, &run, clock_now_ms(w->clock));
	x.profile = hash;
	rc = ledger_append_genesis(&op, &x);
	if (rc == RC_OK)
		rc = adopt(w, &op, &run, hash);
	if (rc == RC_OK)
		rc = device_enroll(&op, device, STR(""), &w->device);
	if (rc == RC_OK)
		rc = seal_foundation(&op, w);
	if (rc != RC_OK) {
		store_rollback(w->store);
		outer->err = op.err;
	}
	return rc;
}

static bool origin_valid(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!((s.s[i] >= 'a' && s.s[i] <= 'z') || (s.s[i] >= '0' && s.s[i] <= '9') ||
		      s.s[i] == '.' || s.s[i] == '/' || s.s[i] == '-'))
			return false;
	return s.n >= 1 && s.n <= 128;
}

enum rc writer_found(struct op *op, const struct writer_options *o, const struct genesis *g,
                     struct writer *ret)
{
	struct writer w;
	enum rc rc;

	if (!origin_valid(g->origin))
		return fail(op, RC_INVALID, "origin", "C2SP tlog-checkpoint",
		            "台账名应为不带协议的网址，如 office.example/2025（%.*s）",
		            "the origin is an address without a scheme, like office.example/2025 (%.*s)",
		            STR_ARG(g->origin));
	init(o, &w);
	rc = profile_read(op, &w.keep, g->profile, &w.profile);
	if (rc == RC_OK)
		rc = profile_fits(op, &w.profile, o->modules);
	if (rc == RC_OK)
		rc = ledger_create(op, o->store);
	if (rc == RC_OK)
		rc = ledger_open(op, o->store, &w.ledger);
	if (rc == RC_OK && w.ledger.tree.size)
		rc = fail(op, RC_CONFLICT, "data", "", "台账已建立", "the ledger exists already");
	if (rc == RC_OK)
		rc = projection_create(op, o->store->view, o->modules);
	if (rc == RC_OK)
		rc = modules_prepare(op, o->modules, o->store->view);
	w.origin = str_copy(&w.keep, g->origin);
	w.exam = w.profile.exam;
	w.node = g->node;
	w.drill = g->drill;
	w.next_due_ms = INT64_MAX;
	w.device_at = -1;
	if (rc == RC_OK)
		rc = found(op, &w, g, &o->device_key->pub);
	if (rc != RC_OK) {
		writer_release(&w);
		return rc;
	}
	*ret = w;
	return RC_OK;
}

static enum rc adopt_at_open(struct op *outer, struct writer *w)
{
	int64_t silent_since = w->last_ms;
	struct run run;
	struct op op;
	enum rc rc;

	TRY(store_begin(outer, w->store));
	writer_op(w, &op, &run, clock_now_ms(w->clock));
	rc = adopt(w, &op, &run, (struct str){"", 0});
	if (rc == RC_OK && !w->drill)
		rc = ledger_resume(&op, clock_now_ms(w->clock) - silent_since);
	if (rc == RC_OK)
		rc = seal_foundation(&op, w);
	if (rc != RC_OK) {
		store_rollback(w->store);
		ledger_abandoned(&w->ledger);
		outer->err = op.err;
	}
	return rc;
}

/* Memory alone, for writer_try.  Without this host's key its receipts are not found, and nothing
 * else is lost. */
static enum rc open_to_try(struct op *op, struct writer *w)
{
	(void)err_set(&w->broken, GY_WHERE, RC_BROKEN, "data", "", "数据文件夹只为读取而打开",
	              "the data folder was opened for reading");
	w->read_only = true;
	TRY(load_profile(op, w));
	return w->device ? load_device(op, w) : RC_OK;
}

static enum rc open_all(struct op *op, const struct writer_options *o, struct writer *w)
{
	TRY(ledger_open(op, o->store, &w->ledger));
	if (!w->ledger.tree.size)
		return fail(op, RC_BROKEN, "ledger", "", "台账为空：请用 gongyuan init 建立",
		            "the ledger is empty: make one with gongyuan init");
	TRY(read_genesis(op, w));
	TRY(load_authority(op, w, o->like));
	w->device = find_device(w, &o->device_key->pub);
	if (o->store->mode == STORE_READ)
		return open_to_try(op, w);
	TRY(catch_up(op, w));
	TRY(modules_prepare(op, o->modules, o->store->view));
	if (!w->device)
		return fail(op, RC_DENIED, "device", "",
		            "本机密钥未登记为终端：keys/ 与台账不符，请换回本台账的 keys/",
		            "this host's key is not enrolled: put back the keys/ of this ledger");
	TRY(load_device(op, w));
	return adopt_at_open(op, w);
}

enum rc writer_open(struct op *op, const struct writer_options *o, struct writer *ret)
{
	struct writer w;
	enum rc rc;

	init(o, &w);
	rc = open_all(op, o, &w);
	if (rc != RC_OK) {
		writer_release(&w);
		return rc;
	}
	*ret = w;
	return RC_OK;
}

/* Projections are committed after the ledger: what they do not say yet is asked again. */
static enum rc follow_profile(struct op *op, struct writer *w)
{
	struct hash profile = w->profile.digest;
	struct rules_adopted now;
	struct view_state seen;

	w->behind = true;
	TRY(view_state(op, op->db, &seen));
	TRY(rules_in_force(op, &now));
	if (now.profile.n && !str_eq(now.profile, hash_hex(op->arena, &profile)))
		TRY(load_profile(op, w));
	w->behind = seen.at < (int64_t)w->ledger.tree.size;
	return RC_OK;
}

static enum rc follow_grants(struct op *op, struct writer *w)
{
	w->redo = true; /* until all of it is known */
	TRY(load_authority(op, w, NULL));
	w->redo = false;
	return RC_OK;
}

enum rc writer_follow(struct op *op, struct writer *w)
{
	uint64_t before = w->ledger.tree.size;
	bool grown;

	assert(w->read_only);
	TRY(ledger_refresh(op, &w->ledger));
	grown = w->ledger.tree.size != before || w->redo;
	if (grown)
		TRY(follow_grants(op, w));
	return grown || w->behind ? follow_profile(op, w) : RC_OK;
}

void writer_release(struct writer *w)
{
	if (!w->read_only && w->ledger.store)
		(void)!writer_idle(w);
	ledger_release(&w->ledger);
	authority_free(w->authority);
	arena_release(&w->keep);
	arena_release(&w->scratch);
	explicit_bzero(&w->vault.key, sizeof(w->vault.key));
	explicit_bzero(&w->device_key, sizeof(w->device_key));
}
