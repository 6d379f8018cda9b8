/* SPDX-License-Identifier: Apache-2.0 */
/* gen.h -- a seeded player of acts over all commands of all modules.
 *
 * Whatever it does follows from (world, seed, number of acts) alone: it reads the projections and
 * its own dice, never the database's kind, the host's time or the order of anything in memory.  So
 * two runs must give the same bytes, and a difference is a fault of what is tested.
 */
#ifndef GY_TEST_GEN_H
#define GY_TEST_GEN_H

#include "engine/modules_private.h"
#include "generator/plan.h"

enum { BATCH_MOST = 32, REMEMBERED = 16 };

/* A point of the timetable; so many of the run's acts happen from there on. */
struct moment {
	int64_t at_ms, share;
	enum phase phase;
};

struct tally {
	const struct command *c;
	int64_t given, ok, waiting, repeated, refused;
};

struct gen {
	const struct world *world;
	uint64_t seed;
	struct arena keep, scratch;  /* of the run, of a batch */
	struct op op;
	struct clock clock;
	struct random random, dice;  /* the writer's, our own */
	struct modules modules;
	struct store store;
	struct writer w;
	struct ed25519_key device;
	uint8_t vault_key[32];
	struct str dir, url, profile;
	bool open;
	bool terse;                  /* a short ledger with everything in it: for tests/golden */
	enum phase phase;
	struct moment *moment;
	size_t nmoments, now;
	int64_t acts, act, codes, keys;
	int64_t founded;             /* entries of the foundation */
	struct tally *tally;         /* one a command */
	size_t ncommands;
	const struct recipe **recipe; /* of the world, then the engine's */
	size_t nrecipes;
	struct request request[BATCH_MOST];
	struct answer answer[BATCH_MOST];
	int64_t number[BATCH_MOST];  /* of the act */
	const struct command *sent[BATCH_MOST];
	size_t nbatch;
	struct plan old[REMEMBERED]; /* in `keep` */
	int64_t nold;
	struct strbuf refusals;
};

/* Ends the program: our own fault or a broken ledger, said with op's reason. */
void die(struct gen *g, const char *what);
void must(struct gen *g, enum rc rc, const char *what);

/* Dice and projections (draw.c). */
uint64_t dice(struct gen *g, uint64_t below);
bool chance(struct gen *g, int percent);
enum { ROW_COLUMNS = 8 };
struct row {
	struct str s[ROW_COLUMNS];
	int64_t i[ROW_COLUMNS];
};
/* All rows of a query, in the scratch arena. */
size_t rows_all(struct gen *g, struct str sql, struct row **ret);
/* One of them; false: there is none. */
bool draw(struct gen *g, struct str sql, struct row *ret);
bool drawf(struct gen *g, struct row *ret, const char *fmt, ...) PRINTF(3, 4);
struct str spot(struct gen *g, const char *kind); /* NULL: any */
struct person_id anybody(struct gen *g);
struct str new_code(struct gen *g, const char *prefix);
struct str some_text(struct gen *g);
struct ed25519_key key_of(struct person_id who);

/* Filling an act from its tables (fill.c). */
void fill_plan(struct gen *g, const struct recipe *r, const struct command *c, struct plan *p);
struct json *fill_fields(struct gen *g, const struct field *f, size_t n, struct str place);
void fill_slots(struct gen *g, struct plan *p);
/* Adds up to `count` persons who may fill the slot. */
void fill_slot(struct gen *g, struct plan *p, const struct slot *d, int count);
void add_slot(struct gen *g, struct plan *p, const char *slot, struct person_id who);
void set_str(struct gen *g, struct plan *p, const char *name, struct str v);
void set_int(struct gen *g, struct plan *p, const char *name, int64_t v);
void set_bool(struct gen *g, struct plan *p, const char *name, bool v);

/* As the recipe's query and text say (said.c); false: the query finds nothing. */
bool say_plan(struct gen *g, const struct recipe *r, struct plan *p);

void spoil_plan(struct gen *g, struct plan *p); /* something is wrong with it (spoil.c) */

void ask_exception(struct gen *g, struct plan *p); /* 特批, mostly approved */

/* Sending (send.c).  Acts wait for their batch; flush sends it and counts the answers. */
void send_plan(struct gen *g, struct plan *p);
void flush(struct gen *g);
/* An act of the foundation, which must succeed; slots "declarer:17 leader:18" by badge, or NULL. */
void found_do(struct gen *g, int64_t actor, const char *command, struct str data,
              const char *slots);
void found_grant(struct gen *g, int64_t person, const char *role, const char *place);
void found_close(struct gen *g); /* three administrators 901 to 903, then it is closed */

/* The clock (timetable.c): *ret_jumped: it has gone on to another part of the day. */
void timetable_init(struct gen *g);
void timetable_step(struct gen *g, bool *ret_jumped);

/* The ledger of a run (office.c). */
void office_found(struct gen *g);
void office_restart(struct gen *g);
void office_sign(struct gen *g, struct str *ret_note); /* a checkpoint by a key for tests */
void office_export(struct gen *g, struct str dir);
void office_close(struct gen *g);
/* What the run came to, and whether its own checks hold; false: one does not. */
bool report_write(struct gen *g, FILE *out);

/* The engine's own commands, in every world (recipes_engine.c). */
extern const struct recipe engine_recipes[];

#endif
