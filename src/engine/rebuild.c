/* SPDX-License-Identifier: Apache-2.0 */
/* rebuild.c -- projections from the ledger alone; see rebuild.h.
 *
 * Live and here an event is applied by the same event_project: what differs would be a bug of a
 * module, and the tests compare every table.
 */
#include "engine/rebuild_private.h"

#include "engine/entry.h"
#include "engine/order.h"

#define STATE_DDL \
	"CREATE TABLE view_state(one {int} PRIMARY KEY, at {int} NOT NULL, shape {text} NOT NULL)"

enum { Q_STATE, Q_MARK, Q_FIRST };
static const struct sql SQL[] = {
	[Q_STATE] = {"SELECT at, shape FROM view_state WHERE one = 1", 0},
	[Q_MARK] = {"UPDATE view_state SET at = ? WHERE one = 1", 1},
	[Q_FIRST] = {"INSERT INTO view_state(one, at, shape) VALUES (1, 0, ?)", 1},
};

enum rc projection_create(struct op *op, struct db *db, const struct modules *m)
{
	struct hash shape = modules_shape(op->arena, m);
	size_t i, j;

	TRY(db_script(op, db, STATE_DDL));
	for (i = 0; i < m->index->nall; i++)
		for (j = 0; j < m->index->all[i]->ntables; j++)
			TRY(db_script(op, db, m->index->all[i]->tables[j].ddl));
	return db_exec(op, db, &SQL[Q_FIRST], ARGS(sql_text(hash_hex(op->arena, &shape))));
}

static enum rc has_state(struct op *op, struct db *view, bool *ret)
{
	struct str *names;
	size_t n, i;

	TRY(db_tables(op, view, &names, &n));
	*ret = false;
	for (i = 0; i < n; i++)
		*ret = *ret || str_is(names[i], "view_state");
	return RC_OK;
}

enum rc view_state(struct op *op, struct db *view, struct view_state *ret)
{
	AUTO(rows) rows = {0};
	bool there;

	*ret = (struct view_state){-1, {"", 0}};
	TRY(has_state(op, view, &there));
	if (!there)
		return RC_OK;
	TRY(db_query(op, view, &SQL[Q_STATE], NO_ARGS, &rows));
	if (rows_next(&rows))
		*ret = (struct view_state){rows_int(&rows, 0), rows_dup(op->arena, &rows, 1)};
	return RC_OK;
}

enum rc projection_at(struct op *op, struct db *view, int64_t *ret)
{
	struct view_state s;

	TRY(view_state(op, view, &s));
	*ret = s.at;
	return RC_OK;
}

enum rc view_mark(struct op *op, struct db *view, int64_t at)
{
	return db_exec(op, view, &SQL[Q_MARK], ARGS(sql_int(at)));
}

struct filling {
	const struct fill *fill;
	struct arena scratch;
	struct run run;
	int64_t node;
};

/* The profile that a rules.adopted puts in force, for its apply. */
static enum rc read_adopted(struct op *op, const struct fill *f, const struct event *ev)
{
	const struct rules_adopted *x = ev->data;
	struct hash now = f->profile->digest;
	struct profile *next;
	struct str bytes;

	if (str_eq(hash_hex(op->arena, &now), x->profile))
		return RC_OK;
	next = ARENA_NEW(f->keep, struct profile);
	TRY(blob_get(op, f->ledger->store, x->profile, &bytes));
	TRY(profile_read(op, f->keep, bytes, next));
	op->run->adopting = next;
	return RC_OK;
}

static enum rc fill_one(struct op *outer, void *ctx, uint64_t index, struct str bytes,
                        const struct hash *leaf)
{
	struct filling *x = ctx;
	const struct fill *f = x->fill;
	struct event ev;
	struct op op = {.arena = &x->scratch, .db = f->db, .run = &x->run};
	enum rc rc;

	(void)leaf;
	arena_reset(&x->scratch);
	rc = event_read(&op, f->modules, bytes, &ev);
	if (rc == RC_OK && ev.index != (int64_t)index)
		rc =
			fail(&op, RC_BROKEN, "idx", "", "第 %llu 条自称第 %lld 条",
		         "entry %llu says that it is %lld", (unsigned long long)index, (long long)ev.index);
	if (rc == RC_OK && index == 0 && ev.type)
		x->node = ((const struct ledger_genesis *)ev.data)->node;
	if (rc == RC_OK && ev.type) {
		const struct event_entry *e = modules_event_entry(f->modules, ev.name);

		ev.id = (x->node << 33) + ev.index;
		op.now_ms = ev.recorded_ms;
		op.actor = ev.actor;
		x->run.place = ev.place;
		x->run.node = x->node;
		if (str_is(ev.name, "rules.adopted"))
			rc = read_adopted(&op, f, &ev);
		if (rc == RC_OK && !e->disabled)
			rc = event_project(&op, e, &ev);
	}
	if (rc == RC_OK)
		return RC_OK;
	outer->err = op.err;
	return RC_BROKEN;
}

enum rc projection_range(struct op *op, const struct fill *f, int64_t from, int64_t until)
{
	struct filling x = {.fill = f};
	struct str genesis;
	struct hash leaf;
	struct event ev;
	enum rc rc;

	if (from >= until)
		return RC_OK;
	x.run = (struct run){.writer = f->writer, .modules = f->modules, .profile = f->profile,
	                     .act = {"", 0}, .act_index = -1, .act_at = -1, .cause = -1, .first = -1};
	TRY(ledger_entry(op, f->ledger, 0, &genesis, &leaf));
	TRY(event_read(op, f->modules, genesis, &ev));
	if (ev.type)
		x.node = ((const struct ledger_genesis *)ev.data)->node;
	rc = ledger_scan(op, f->ledger, (uint64_t)from, (uint64_t)until, fill_one, &x);
	arena_release(&x.scratch);
	return rc;
}

enum rc projection_fill(struct op *op, const struct ledger *l, struct db *db,
                        const struct modules *m, const struct profile *p, int64_t until)
{
	struct arena keep = {0};
	struct profile now = *p;
	struct fill f = {l, db, m, &keep, &now, NULL};
	struct view_state s;
	enum rc rc;

	if (until < 0 || (uint64_t)until > l->tree.size)
		until = (int64_t)l->tree.size;
	TRY(view_state(op, db, &s));
	rc = db_begin(op, db);
	if (rc == RC_OK)
		rc = projection_range(op, &f, s.at, until);
	if (rc == RC_OK)
		rc = view_mark(op, db, until);
	if (rc == RC_OK)
		rc = db_commit(op, db);
	else
		db_rollback(db);
	arena_release(&keep);
	return rc;
}

static enum rc load_tables(struct op *op, const struct modules *m, struct db *draft,
                           struct db *next)
{
	const struct module_index *x = m->index;
	int64_t at;

	for (size_t i = 0; i < x->nall; i++)
		for (size_t j = 0; j < x->all[i]->ntables; j++)
			TRY(db_bulk_table(op, draft, next, x->all[i]->tables[j].name,
			                  x->all[i]->tables[j].key));
	TRY(projection_at(op, draft, &at));
	return view_mark(op, next, at);
}

static enum rc load(struct op *op, const struct modules *m, struct db *draft, struct db *next)
{
	TRY(db_begin_read(op, draft));
	enum rc rc = db_begin(op, next);
	if (rc == RC_OK)
		rc = load_tables(op, m, draft, next);
	if (rc == RC_OK)
		rc = db_commit(op, draft); /* all was read */
	if (rc == RC_OK)
		rc = db_commit(op, next);
	if (rc != RC_OK) {
		db_rollback(next);
		db_rollback(draft);
	}
	return rc;
}

/* Each event reads and writes several rows, and each of those is a round trip to a server: so they
 * are applied to a file, whose tables the server then takes whole. */
static enum rc fill_by_draft(struct op *op, const struct store *s, const struct ledger *l,
                             struct db *next, const struct modules *m, const struct profile *p)
{
	struct db *draft;
	struct err why;

	TRY(store_view_draft(op, s, &draft));
	enum rc rc = projection_create(op, draft, m);
	if (rc == RC_OK)
		rc = projection_fill(op, l, draft, m, p, -1);
	if (rc == RC_OK)
		rc = load(op, m, draft, next);
	why = op->err;
	enum rc dropped = store_view_draft_drop(op, s, draft);
	if (rc == RC_OK)
		return dropped;
	op->err = why;
	return rc;
}

enum rc projection_make(struct op *op, const struct store *s, const struct ledger *l,
                        struct db *next, const struct modules *m, const struct profile *p)
{
	TRY(projection_create(op, next, m));
	return db_kind(next) == DB_SQLITE ? projection_fill(op, l, next, m, p, -1)
	                                  : fill_by_draft(op, s, l, next, m, p);
}

enum rc projection_rebuild(struct op *op, struct store *s, const struct ledger *l,
                           const struct modules *m, const struct profile *p)
{
	struct db *next;
	struct err why;

	TRY(store_view_next(op, s, &next));
	enum rc rc = projection_make(op, s, l, next, m, p);
	if (rc == RC_OK)
		return store_view_swap(op, s, next);
	why = op->err;
	(void)!store_view_drop(op, s, next);
	op->err = why;
	return rc;
}
