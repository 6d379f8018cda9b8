/* SPDX-License-Identifier: Apache-2.0 */
/* generate.c -- the program `acts`: founds a ledger, plays so many acts of one seed, and writes
 * down what came of it.
 *
 *   acts --seed N --acts N --db sqlite|URL --dir DIR --out FILE [--world county|hall]
 *        [--profile FILE] [--export DIR] [--terse yes]
 *
 * DIR/data becomes the data folder.  Exit 1: something failed or a check of the run does not hold.
 */
#include "generator/gen.h"

#include <time.h>

#include "base/limits.h"
#include "engine/toy.h"

struct arguments {
	const char *seed, *acts, *db, *dir, *out, *world, *profile, *export_to, *terse;
};

static bool take(struct arguments *a, const char *flag, const char *value)
{
	const struct {
		const char *flag, **value;
	} known[] = {
		{"--seed", &a->seed}, {"--acts", &a->acts}, {"--db", &a->db}, {"--dir", &a->dir},
		{"--out", &a->out}, {"--world", &a->world}, {"--profile", &a->profile},
		{"--export", &a->export_to}, {"--terse", &a->terse},
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (strcmp(flag, known[i].flag) == 0) {
			*known[i].value = value;
			return true;
		}
	return false;
}

static int usage(void)
{
	fputs("acts --seed N --acts N --db sqlite|URL --dir DIR --out FILE [--world county|hall]\n"
	      "     [--profile FILE] [--export DIR] [--terse yes]\n", stderr);
	return 2;
}

static void read_profile(struct gen *g, const char *path)
{
	const char *root = getenv("GONGYUAN_SOURCE");

	if (!path && g->world == &hall_world) {
		g->profile = str_fmt(&g->keep, "%s\n", TOY_PROFILE);
		return;
	}
	if (!path)
		path = str_fmt(&g->keep, "%s/profiles/demo.json", root ? root : ".").s;
	must(g, file_read(&g->op, str_of(path), LIMIT_BLOB, &g->profile), path);
	g->profile = str_copy(&g->keep, g->profile);
}

static void list_commands(struct gen *g)
{
	const struct module_index *x = g->modules.index;

	for (size_t i = 0; i < x->nall; i++)
		g->ncommands += x->all[i]->ncommands;
	g->tally = arena_array(&g->keep, g->ncommands, sizeof(*g->tally));
	g->ncommands = 0;
	for (size_t i = 0; i < x->nall; i++)
		for (size_t j = 0; j < x->all[i]->ncommands; j++)
			g->tally[g->ncommands++].c = &x->all[i]->commands[j];
}

static void add_recipes(struct gen *g, const struct recipe *table)
{
	for (; table->command; table++)
		g->recipe[g->nrecipes++] = table;
}

static void list_recipes(struct gen *g)
{
	const struct recipe *const *t;
	size_t n = 0;

	for (t = g->world->recipes; *t; t++)
		for (const struct recipe *r = *t; r->command; r++)
			n++;
	for (const struct recipe *r = engine_recipes; r->command; r++)
		n++;
	g->recipe = arena_array(&g->keep, n, sizeof(*g->recipe));
	for (t = g->world->recipes; *t; t++)
		add_recipes(g, *t);
	add_recipes(g, engine_recipes);
}

static bool setup(struct gen *g, const struct arguments *a)
{
	int64_t seed = 1;

	g->world = !a->world || strcmp(a->world, "county") == 0 ? &county_world : &hall_world;
	if (!str_to_i64(str_of(a->seed), &seed) || !str_to_i64(str_of(a->acts), &g->acts) || seed < 0)
		return false;
	g->terse = a->terse != NULL;
	g->seed = (uint64_t)seed;
	g->op = (struct op){.arena = &g->scratch};
	g->random = random_seeded(g->seed);
	g->dice = random_seeded(~g->seed);
	g->url = strcmp(a->db, "sqlite") == 0 ? STR("") : str_of(a->db);
	g->dir = str_fmt(&g->keep, "%s/data", a->dir);
	g->clock = clock_virtual(0);
	strbuf_init(&g->refusals, &g->keep);
	read_profile(g, a->profile);
	return true;
}

/* The foundation stands at the first moment of the timetable, which the profile gives. */
static void found(struct gen *g)
{
	struct profile p;

	must(g, profile_read(&g->op, &g->keep, g->profile, &p), "the profile");
	g->w.profile = p;
	timetable_init(g);
	office_found(g);
	list_commands(g);
	list_recipes(g);
	g->world->found(g);
	g->founded = (int64_t)g->w.ledger.tree.size;
	arena_reset(&g->scratch);
}

static const struct tally *tally_of(const struct gen *g, const char *command)
{
	for (size_t i = 0; i < g->ncommands; i++)
		if (strcmp(g->tally[i].c->name, command) == 0)
			return &g->tally[i];
	return &g->tally[0];
}

/* A terse run looks for what it has not had yet. */
static int weight_of(const struct gen *g, const struct recipe *r)
{
	int w = r->always + r->in[g->phase];
	const struct tally *t = g->terse ? tally_of(g, r->command) : NULL;

	if (!t || r->in[g->phase] > 20)
		return w;
	return t->ok == 0 ? w * 4 + 4 : t->ok < 3 ? w : (w + 3) / 4;
}

static const struct recipe *choose(struct gen *g)
{
	int sum = 0, at;

	for (size_t i = 0; i < g->nrecipes; i++)
		sum += weight_of(g, g->recipe[i]);
	at = (int)dice(g, (uint64_t)sum);
	for (size_t i = 0; i < g->nrecipes; i++) {
		at -= weight_of(g, g->recipe[i]);
		if (at < 0)
			return g->recipe[i];
	}
	return g->recipe[0];
}

/* One of those that a command has. */
static const struct recipe *recipe_of(struct gen *g, const struct command *c)
{
	size_t n = 0, at;

	for (size_t i = 0; i < g->nrecipes; i++)
		n += strcmp(g->recipe[i]->command, c->name) == 0;
	at = n ? dice(g, n) : 0;
	for (size_t i = 0; i < g->nrecipes && n; i++)
		if (strcmp(g->recipe[i]->command, c->name) == 0 && at-- == 0)
			return g->recipe[i];
	return NULL;
}

/* Any command; half the time one of those that were given least. */
static const struct command *any_command(struct gen *g)
{
	int64_t least = INT64_MAX;
	size_t n = 0, at;

	if (chance(g, 50))
		return g->tally[dice(g, g->ncommands)].c;
	for (size_t i = 0; i < g->ncommands; i++) {
		if (g->tally[i].given < least)
			n = 0;
		if (g->tally[i].given < least)
			least = g->tally[i].given;
		n += g->tally[i].given == least;
	}
	at = dice(g, n);
	for (size_t i = 0; i < g->ncommands; i++)
		if (g->tally[i].given == least && at-- == 0)
			return g->tally[i].c;
	return g->tally[0].c;
}

/* Nearly always what the hour asks for; else any command there is, with its recipe or without. */
static void make_plan(struct gen *g, struct plan *p)
{
	do {
		const struct recipe *r = choose(g);
		const struct command *c = modules_command(&g->modules, str_of(r->command));

		if (chance(g, g->terse ? 1 : 12)) {
			c = any_command(g);
			r = chance(g, 60) ? recipe_of(g, c) : NULL;
		}
		fill_plan(g, r, c, p);
	} while (!p->c);
	if (chance(g, g->terse ? 12 : p->c->kind == FACT ? 15 : 32))
		spoil_plan(g, p);
}

/* The same key again: with the same body it is answered, with another refused. */
static bool repeat(struct gen *g, struct plan *p)
{
	int64_t n = g->nold < REMEMBERED ? g->nold : REMEMBERED;

	if (!n)
		return false;
	*p = g->old[dice(g, (uint64_t)n)];
	if (chance(g, 40))
		p->actor = anybody(g);
	return true;
}

static void pause_between(struct gen *g)
{
	struct str note;
	int64_t next;
	bool jumped;

	flush(g);
	arena_reset(&g->scratch);
	timetable_step(g, &jumped);
	if (chance(g, 20))
		must(g, writer_tick(&g->w, &next), "timers");
	if (chance(g, 10))
		must(g, writer_idle(&g->w), "idle");
	if (jumped && chance(g, g->terse ? 40 : 12))
		office_restart(g);
	if (chance(g, 2))
		office_sign(g, &note);
}

static void play(struct gen *g)
{
	int64_t until = 0;

	for (g->act = 0; g->act < g->acts; g->act++) {
		struct plan p;

		random_at(&g->dice, (uint64_t)g->act);
		if (g->act == until) {
			pause_between(g);
			until = g->act + 1 + (int64_t)(chance(g, 40) ? 0 : dice(g, BATCH_MOST - 4));
		}
		if (!chance(g, 4) || !repeat(g, &p))
			make_plan(g, &p);
		send_plan(g, &p);
	}
	flush(g);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct arguments a = {0};
	struct gen *g = calloc(1, sizeof(*g));
	double start = seconds(), took;
	bool sound;
	FILE *out;

	for (int i = 1; i + 1 < argc; i += 2)
		if (!take(&a, argv[i], argv[i + 1]))
			return usage();
	if (!g || argc % 2 == 0 || !a.seed || !a.acts || !a.db || !a.dir || !a.out || !setup(g, &a))
		return usage();
	found(g);
	play(g);
	took = seconds() - start;
	out = fopen(a.out, "w");
	if (!out)
		return usage();
	sound = report_write(g, out);
	if (fclose(out) != 0)
		sound = false;
	if (a.export_to)
		office_export(g, str_of(a.export_to));
	fprintf(stderr, "acts: seed %s: %.1f s, %.0f acts/s, %llu entries\n", a.seed, took,
	        (double)g->acts / took, (unsigned long long)g->w.ledger.tree.size);
	office_close(g);
	modules_release(&g->modules);
	arena_release(&g->scratch);
	arena_release(&g->keep);
	free(g);
	return sound ? 0 : 1;
}
