/* SPDX-License-Identifier: Apache-2.0 */
/* office.c -- what must be true before anything is written, in order.
 *
 * The store is looked at through a reading copy first: origin, mode and the newest checkpoint kept
 * outside are checked before the writer raises its epoch or replays a tail.
 */
#include "app/office.h"

#include "app/keys.h"
#include "app/modules.h"
#include "engine/order.h"

struct str office_known_default(struct arena *a, struct str dir)
{
	while (dir.n > 1 && dir.s[dir.n - 1] == '/')
		dir.n--;
	return str_fmt(a, STR_FMT ".checkpoint", STR_ARG(dir));
}

bool office_exists(struct arena *a, struct str dir)
{
	return file_exists(str_fmt(a, STR_FMT "/format", STR_ARG(dir)));
}

static void place(struct office *o, const struct office_options *how)
{
	struct str dir = how->data;

	while (dir.n > 1 && dir.s[dir.n - 1] == '/')
		dir.n--;
	o->dir = str_copy(&o->arena, dir);
	o->url = str_copy(&o->arena, how->url);
	o->known = how->known.n ? str_copy(&o->arena, how->known)
	                        : office_known_default(&o->arena, o->dir);
	o->writing = how->write && !how->repair;
	o->clock = clock_system();
	o->random = random_system();
}

/* Entry 0 says whose ledger this is. */
static enum rc genesis_read(struct op *op, struct office *o, const struct ledger *l)
{
	struct str bytes;
	struct hash leaf;
	struct json *entry;
	const struct json *data;

	TRY(ledger_entry(op, l, 0, &bytes, &leaf));
	TRY(json_read(op, bytes, &entry));
	data = json_get(entry, "data");
	if (!str_is(json_str(entry, "type"), "ledger.genesis") || !data ||
	    !json_str(data, "origin").n)
		return fail(op, RC_BROKEN, "data", "",
		            "台账第 0 条不是创世记录：这不是本系统的台账，或已损坏，请从备份恢复",
		            "entry 0 is no genesis: this is not a ledger of ours, or it is damaged; "
		            "restore a backup");
	o->origin = str_copy(&o->arena, json_str(data, "origin"));
	o->exam = str_copy(&o->arena, json_str(entry, "exam"));
	o->drill = str_is(json_str(data, "mode"), "drill");
	o->seed = (uint64_t)json_int(data, "seed", 0);
	return RC_OK;
}

/* A drill's clock goes on from its newest entry unless it is set later. */
static enum rc clocks_set(struct op *op, struct office *o, const struct ledger *l, int64_t at_ms)
{
	struct str bytes;
	struct hash leaf;
	struct json *entry;
	int64_t newest_ms = 0;

	if (!o->drill)
		return RC_OK;
	TRY(ledger_entry(op, l, l->tree.size - 1, &bytes, &leaf));
	TRY(json_read(op, bytes, &entry));
	if (!clock_parse(json_str(entry, "time"), &newest_ms))
		newest_ms = 0;
	o->clock = clock_virtual(at_ms > newest_ms ? at_ms : newest_ms);
	o->random = random_seeded(o->seed);
	return RC_OK;
}

/* The profile in force, when it is no longer that of the foundation.  Projections that cannot be
 * asked are mended later, by whoever opens the folder for that. */
static enum rc profile_adopted(struct op *op, struct office *o)
{
	struct op inner = *op;
	struct hash now = o->profile.digest;
	struct rules_adopted rules;
	struct str bytes;

	inner.db = o->store.view;
	if (!inner.db || rules_in_force(&inner, &rules) != RC_OK || !rules.profile.n ||
	    str_eq(rules.profile, hash_hex(op->arena, &now)))
		return RC_OK;
	TRY(blob_get(op, &o->store, rules.profile, &bytes));
	return profile_read(op, &o->arena, bytes, &o->profile);
}

static enum rc profile_load(struct op *op, struct office *o)
{
	struct str path = str_fmt(op->arena, STR_FMT "/profile.json", STR_ARG(o->dir));
	struct str bytes;

	if (!file_exists(path))
		return fail(op, RC_NOT_FOUND, "data", "",
		            "缺少 %s：文件夹可能没有拷贝完整，请从备份恢复",
		            "%s is missing: the folder may be half-copied; restore it from a backup",
		            path.s);
	TRY(file_read(op, path, LIMIT_BLOB, &bytes));
	TRY(profile_read(op, &o->arena, bytes, &o->profile));
	return profile_adopted(op, o);
}

/* Everything that both readers and the writer need, read through `l`. */
static enum rc look(struct op *op, struct office *o, struct ledger *l, int64_t at_ms)
{
	if (!l->tree.size)
		return fail(op, RC_NOT_FOUND, "data", "",
		            "文件夹 %s 里的台账是空的：初始化没有完成，请删去该文件夹后重新 gongyuan init",
		            "the ledger in %s is empty: its initialisation did not finish; remove the "
		            "folder and run gongyuan init again", o->dir.s);
	TRY(keys_read(op, o, o->writing));
	TRY(genesis_read(op, o, l));
	if (!str_eq(o->vkey.name, o->origin))
		return fail(op, RC_BROKEN, "data", "",
		            "keys/log.vkey 属于 %s，台账属于 %s：密钥放错了文件夹",
		            "keys/log.vkey belongs to %s and the ledger to %s: keys of another folder",
		            str_copy(op->arena, o->vkey.name).s, o->origin.s);
	TRY(profile_load(op, o));
	return clocks_set(op, o, l, at_ms);
}

static enum rc writer_begin(struct op *op, struct office *o, const struct genesis *g)
{
	struct writer_options opt = {
		.store = &o->store,
		.modules = &o->modules,
		.clock = &o->clock,
		.random = &o->random,
		.vault_key = o->vault_key,
		.device_key = &o->device_key,
	};

	if (g)
		TRY(writer_found(op, &opt, g, &o->writer));
	else
		TRY(writer_open(op, &opt, &o->writer));
	o->vault = (struct vault){.db = o->store.ledger};
	memcpy(o->vault.key, o->vault_key, sizeof(o->vault.key));
	return signer_open(op, &o->writer.ledger, o->origin, &o->log_key, o->known, &o->signer);
}

/* A reading view of the store, and the newest checkpoint kept outside, before all else. */
static enum rc check(struct op *op, struct office *o, const struct office_options *how,
                     struct ledger *l)
{
	TRY(ledger_open(op, &o->peek, l));
	TRY(look(op, o, l, how->at_ms));
	return ledger_check_known(op, l, o->known, &o->vkey, o->origin);
}

static enum rc open_to_write(struct op *op, struct office *o, const struct office_options *how)
{
	struct ledger l = {0};
	enum rc rc;

	o->peek = o->store;
	o->peek.mode = STORE_READ;
	if (how->repair)
		return check(op, o, how, &o->reader);
	rc = check(op, o, how, &l);
	if (l.store)
		ledger_release(&l);
	TRY(rc);
	return writer_begin(op, o, NULL);
}

/* A view that is missing or no database is replaced by an empty one; the old file is kept. */
static enum rc view_mend(struct op *op, struct office *o)
{
	struct str path = str_fmt(op->arena, STR_FMT "/view.db", STR_ARG(o->dir));
	struct str aside = str_fmt(op->arena, "%s.damaged", path.s);
	struct err before = op->err;
	struct db *db = NULL;
	enum rc rc;

	if (o->url.n || !office_exists(op->arena, o->dir))
		return RC_OK;
	rc = db_open_sqlite(op, path, DB_CREATE, &db);
	if (rc == RC_INVALID && rename(path.s, aside.s) == 0) {
		op->err = before;
		rc = db_open_sqlite(op, path, DB_CREATE, &db);
	}
	db_close(db);
	return rc;
}

static enum rc open_parts(struct op *op, struct office *o, const struct office_options *how)
{
	if (how->repair)
		TRY(view_mend(op, o));
	TRY(store_open(op, o->dir, o->url, how->write ? STORE_WRITE : STORE_READ, &o->store));
	TRY(modules_init(op, app_modules, app_nmodules, &o->modules));
	if (how->write)
		return open_to_write(op, o, how);
	TRY(ledger_open(op, &o->store, &o->reader));
	o->vault = (struct vault){.db = o->store.ledger};
	TRY(look(op, o, &o->reader, how->at_ms));
	memcpy(o->vault.key, o->vault_key, sizeof(o->vault.key));
	return RC_OK;
}

/* Memory of an office outlives the operation that opens it. */
enum rc office_open(struct op *op, const struct office_options *how, struct office *o)
{
	struct op own = *op;
	enum rc rc;

	place(o, how);
	own.arena = &o->arena;
	rc = open_parts(&own, o, how);
	op->err = own.err;
	return rc;
}

static enum rc found_checks(struct op *op, struct office *o, const struct office_new *n)
{
	TRY(profile_read(op, &o->arena, str_copy(&o->arena, n->profile), &o->profile));
	if (file_exists(o->known))
		return fail(op, RC_CONFLICT, "known", "",
		            "%s 是先前台账的存证点：请先移走保存，或用 --known 另指定一个文件",
		            "%s is a checkpoint of an earlier ledger: move it away to keep it, or name "
		            "another file with --known", o->known.s);
	o->exam = o->profile.exam;
	o->drill = n->drill;
	o->seed = n->seed;
	o->origin = n->origin.n ? str_copy(&o->arena, n->origin)
	          : n->drill ? str_fmt(&o->arena, "drill.gongyuan.local/" STR_FMT "/%llu",
	                               STR_ARG(o->exam), (unsigned long long)n->seed)
	                     : str_fmt(&o->arena, "gongyuan.local/" STR_FMT, STR_ARG(o->exam));
	return RC_OK;
}

/* A drill begins a day before its first session: that does not depend on the host's clock. */
static int64_t drill_start(const struct office *o, int64_t now_ms)
{
	const int64_t day_ms = 86400000;

	return o->profile.nsessions ? o->profile.sessions[0].start_ms - day_ms : now_ms;
}

enum rc office_found(struct op *op, const struct office_options *how, const struct office_new *n,
                     struct office *o)
{
	struct op own = *op;
	struct genesis g;
	struct str note;
	enum rc rc;

	place(o, how);
	o->writing = true;
	own.arena = &o->arena;
	rc = found_checks(&own, o, n);
	if (rc == RC_OK)
		rc = modules_init(&own, app_modules, app_nmodules, &o->modules);
	if (rc == RC_OK)
		rc = store_create(&own, o->dir, o->url, &o->store);
	if (rc == RC_OK && o->drill) {
		o->clock = clock_virtual(how->at_ms ? how->at_ms : drill_start(o, op->now_ms));
		o->random = random_seeded(o->seed);
	}
	if (rc == RC_OK)
		rc = keys_make(&own, o);
	if (rc == RC_OK)
		rc = file_write(&own, str_fmt(&o->arena, STR_FMT "/profile.json", STR_ARG(o->dir)),
		                n->profile, 0644);
	g = (struct genesis){.origin = o->origin, .profile = n->profile, .drill = n->drill,
	                     .seed = n->seed};
	if (rc == RC_OK)
		rc = writer_begin(&own, o, &g);
	if (rc == RC_OK)
		rc = office_sign(&own, o, &note);
	op->err = own.err;
	return rc;
}

enum rc office_sign(struct op *op, struct office *o, struct str *ret_note)
{
	return signer_sign(op, &o->signer, &o->writer.ledger, ret_note);
}

void office_release(struct office *o)
{
	if (o->signer.re)
		signer_release(&o->signer);
	if (o->writing && o->writer.store)
		writer_release(&o->writer);
	if (o->reader.store)
		ledger_release(&o->reader);
	if (o->modules.index)
		modules_release(&o->modules);
	if (o->store.ledger)
		store_release(&o->store);
	arena_release(&o->arena);
	memset(o, 0, sizeof(*o));
}
