/* SPDX-License-Identifier: Apache-2.0 */
/* office.c -- the ledger of a run: made, stopped and opened again, signed, exported.
 *
 * Runs of odd seeds are drills, those of even seeds real ledgers on a virtual clock, which note an
 * outage when they are opened after one.
 */
#include "generator/gen.h"

#define ORIGIN "acts.example/generator"

static struct writer_options options(struct gen *g)
{
	return (struct writer_options){&g->store, &g->modules, &g->clock, &g->random, g->vault_key,
	                               &g->device};
}

static struct ed25519_key log_key(void)
{
	uint8_t seed[32] = {'l', 'o', 'g'};

	return ed25519_from_seed(seed);
}

static struct note_key log_vkey(void)
{
	struct ed25519_key key = log_key();

	return note_key_of(STR(ORIGIN), NOTE_ED25519, &key.pub);
}

void office_found(struct gen *g)
{
	struct writer_options o = options(g);
	struct genesis genesis = {.origin = STR(ORIGIN), .profile = g->profile, .drill = g->seed % 2,
	                          .seed = g->seed % 2 ? g->seed : 0};
	uint8_t seed[32] = {7};

	g->device = ed25519_from_seed(seed);
	memset(g->vault_key, 42, sizeof(g->vault_key));
	must(g, modules_init(&g->op, g->world->modules, *g->world->nmodules, &g->modules), "modules");
	must(g, store_create(&g->op, g->dir, g->url, &g->store), "a new data folder");
	must(g, writer_found(&g->op, &o, &genesis, &g->w), "a new ledger");
	must(g, file_write(&g->op, str_fmt(&g->scratch, "%s/profile.json", g->dir.s), g->profile, 0644),
	     "its profile");
	g->open = true;
}

void office_close(struct gen *g)
{
	if (g->open) {
		writer_release(&g->w);
		store_release(&g->store);
	}
	g->open = false;
}

void office_restart(struct gen *g)
{
	struct writer_options o = options(g);

	office_close(g);
	must(g, store_open(&g->op, g->dir, g->url, STORE_WRITE, &g->store), "opening again");
	must(g, writer_open(&g->op, &o, &g->w), "opening the ledger again");
	g->open = true;
}

void office_sign(struct gen *g, struct str *ret_note)
{
	struct ed25519_key key = log_key();
	struct signer s;

	must(g, signer_open(&g->op, &g->w.ledger, STR(ORIGIN), &key, STR(""), &s), "the signer");
	must(g, signer_sign(&g->op, &s, &g->w.ledger, ret_note), "a checkpoint");
	signer_release(&s);
}

struct rules_export {
	struct gen *g;
	struct str dir;
};

static enum rc export_rules(struct op *op, void *ctx, uint64_t index, struct str entry,
                            const struct hash *leaf)
{
	const struct rules_export *x = ctx;
	struct str hash, bytes, path;
	struct json *o;

	(void)index, (void)leaf;
	TRY(json_read(op, entry, &o));
	if (!str_is(json_str(o, "type"), "rules.adopted"))
		return RC_OK;
	hash = json_str(json_get(o, "data"), "rules");
	path = str_fmt(op->arena, "%s/%s.json", x->dir.s, hash.s);
	if (file_exists(path))
		return RC_OK;
	TRY(blob_get(op, &x->g->store, hash, &bytes));
	return file_write(op, path, bytes, 0644);
}

void office_export(struct gen *g, struct str dir)
{
	struct note_key vkey = log_vkey();
	struct hash root;
	uint64_t size;
	struct str note;
	struct rules_export x = {g, str_fmt(&g->keep, "%s/rules", dir.s)};

	office_sign(g, &note);
	must(g, ledger_export(&g->op, &g->w.ledger, dir, &vkey, &size, &root), "an export");
	must(g, dir_make(&g->op, x.dir, 0755), "rules/");
	must(g, ledger_scan(&g->op, &g->w.ledger, 0, size, export_rules, &x), "rules/");
}
