/* SPDX-License-Identifier: Apache-2.0 */
/* report.c -- what a run came to: the file that two runs are compared by, and its own checks.
 *
 * Nothing of the machine, the database or the time it took may stand in it.
 */
#include "generator/gen.h"

#include "engine/book.h"
#include "engine/rebuild.h"

static bool write_tables(struct gen *g, FILE *out)
{
	struct table_digest *live, *again;
	struct difference *d;
	size_t n, m, nd;
	struct db *next;

	must(g, writer_idle(&g->w), "idle");
	must(g, projection_digest(&g->op, g->store.view, &g->modules, &live, &n), "digests");
	must(g, store_view_next(&g->op, &g->store, &next), "a second view");
	must(g, projection_create(&g->op, next, &g->modules), "its tables");
	must(g, projection_fill(&g->op, &g->w.ledger, next, &g->modules, &g->w.profile, -1),
	     "a rebuild");
	must(g, projection_digest(&g->op, next, &g->modules, &again, &m), "its digests");
	must(g, projection_compare(&g->op, g->store.view, next, &g->modules, &d, &nd), "a comparison");
	must(g, store_view_drop(&g->op, &g->store, next), "dropping it");
	for (size_t i = 0; i < n; i++) {
		bool same = n == m && live[i].rows == again[i].rows &&
		            hash_eq(&live[i].digest, &again[i].digest);

		fprintf(out, "table %s %lld %s %s\n", live[i].table.s, (long long)live[i].rows,
		        hash_hex(&g->scratch, &live[i].digest).s, same ? "rebuilt" : "DIFFERS");
		nd += !same;
	}
	for (size_t i = 0; i < nd && d[i].table.n; i++)
		fprintf(out, "difference %s %s %s live %s rebuilt %s\n", d[i].table.s, d[i].key.s,
		        d[i].column.s, d[i].left.s, d[i].right.s);
	return nd == 0;
}

static bool write_books(struct gen *g, FILE *out)
{
	struct op op = g->op;
	struct balance *b;
	size_t n;

	op.db = g->store.view;
	must(g, book_unbalanced(&op, &b, &n), "the books");
	for (size_t i = 0; i < n; i++)
		fprintf(out, "unbalanced %s %lld\n", b[i].asset.s, (long long)b[i].qty);
	if (!n)
		fputs("books balanced\n", out);
	return n == 0;
}

static void write_commands(struct gen *g, FILE *out)
{
	int64_t orders = 0, refused = 0;

	for (size_t i = 0; i < g->ncommands; i++) {
		const struct tally *t = &g->tally[i];

		fprintf(out, "command %s %lld ok %lld waiting %lld repeated %lld refused %lld\n",
		        t->c->name, (long long)t->given, (long long)t->ok, (long long)t->waiting,
		        (long long)t->repeated, (long long)t->refused);
		if (t->c->kind == FACT)
			continue;
		orders += t->given;
		refused += t->refused;
	}
	fprintf(out, "orders %lld refused %lld\n", (long long)orders, (long long)refused);
}

struct types {
	struct gen *g;
	int64_t *count;
	size_t n;
};

static enum rc count_type(struct op *op, void *ctx, uint64_t index, struct str entry,
                          const struct hash *leaf)
{
	struct types *x = ctx;
	const struct module_index *m = x->g->modules.index;
	struct event ev;
	size_t at = 0;

	(void)index, (void)leaf;
	TRY(event_read(op, &x->g->modules, entry, &ev));
	for (size_t i = 0; i < m->nall; i++)
		for (size_t j = 0; j < m->all[i]->nevents; j++, at++)
			x->count[at] += &m->all[i]->events[j] == ev.type;
	return RC_OK;
}

static void write_events(struct gen *g, FILE *out)
{
	const struct module_index *m = g->modules.index;
	struct types x = {.g = g};
	size_t at = 0;

	for (size_t i = 0; i < m->nall; i++)
		x.n += m->all[i]->nevents;
	x.count = arena_array(&g->keep, x.n + 1, sizeof(*x.count));
	must(g, ledger_scan(&g->op, &g->w.ledger, 0, g->w.ledger.tree.size, count_type, &x), "a scan");
	for (size_t i = 0; i < m->nall; i++)
		for (size_t j = 0; j < m->all[i]->nevents; j++, at++)
			fprintf(out, "event %s %lld\n", m->all[i]->events[j].name, (long long)x.count[at]);
}

bool report_write(struct gen *g, FILE *out)
{
	struct hash root = tree_root(&g->w.ledger.tree, g->w.ledger.hasher), again;
	bool sound = true;
	uint64_t size;
	struct str note;

	office_sign(g, &note);
	fprintf(out, "world %s seed %llu acts %lld\n", g->world->name, (unsigned long long)g->seed,
	        (long long)g->acts);
	fprintf(out, "size %llu\nroot %s\n%s", (unsigned long long)g->w.ledger.tree.size,
	        hash_hex(&g->scratch, &root).s, note.s);
	must(g, ledger_scrub(&g->op, &g->w.ledger, &size, &again), "a scrub");
	if (size != g->w.ledger.tree.size || !hash_eq(&root, &again)) {
		fputs("scrub DIFFERS\n", out);
		sound = false;
	}
	sound = write_tables(g, out) && sound;
	sound = write_books(g, out) && sound;
	write_commands(g, out);
	write_events(g, out);
	fwrite(g->refusals.s ? g->refusals.s : "", 1, g->refusals.n, out);
	return sound;
}
