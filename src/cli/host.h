/* SPDX-License-Identifier: Apache-2.0 */
/* host.h -- what the program gives to its commands: the list of modules, an open data folder, and
 * the verbs that belong to no lower layer (demo).
 *
 * Keys, clocks and randomness are asked of the machine in app/ alone; a command gets them ready
 * inside a `struct office` and never opens a store itself.
 */
#ifndef GY_CLI_HOST_H
#define GY_CLI_HOST_H

#include "base/clock.h"
#include "base/random.h"
#include "engine/module.h"
#include "engine/writer.h"
#include "ledger/ledger.h"

/* Where an office stands and how it is opened.  Empty texts take their defaults. */
struct office_options {
	struct str data;  /* DIR */
	struct str url;   /* postgresql://…; empty: SQLite in DIR */
	struct str known; /* newest checkpoint kept outside; empty: DIR.checkpoint */
	bool write;       /* take the lock, check, catch up; else only read */
	bool repair;      /* with write: the lock and the checks, but no writer and no sound view:
	                   * the projections are about to be rebuilt */
	int64_t at_ms;    /* a drill's clock starts here; 0: at its newest entry */
	const struct writer *like; /* for a reader: as in struct writer_options; may be NULL */
};

/* A new office. */
struct office_new {
	struct str origin;  /* empty: from the profile's exam */
	struct str profile; /* bytes of the file */
	bool drill;
	uint64_t seed;
};

/* An open data folder with everything that a command needs.  For writing, `writer` is open and
 * its ledger is the one to use; for reading, `reader` is.  office_ledger() gives the right one. */
struct office {
	struct arena arena;      /* lives as long as the office, which must not move */
	struct str dir, url, known;
	struct store store, peek; /* peek: the same, for reading while nothing may be written yet */
	struct modules modules;
	struct profile profile;
	struct clock clock;      /* the system's; virtual in a drill */
	struct random random;    /* the system's; seeded in a drill */
	bool writing, drill;     /* writing: `writer` is open */
	uint64_t seed;
	struct str origin, exam;
	struct ledger reader;
	struct writer writer;
	struct signer signer;    /* when writing */
	struct ed25519_key log_key, device_key;
	uint8_t vault_key[32];
	struct note_key vkey;    /* of the checkpoints */
	struct vault vault;      /* for reading */
};

static inline struct ledger *office_ledger(struct office *o)
{
	return o->writing ? &o->writer.ledger : &o->reader;
}

struct cli;

/* A flag of a verb.  `arg` NULL: a switch. */
struct cli_flag {
	const char *name, *arg, *zh, *en;
	bool many; /* may stand more than once */
};

/* One noun and verb.  `verb` "" when the noun stands alone. */
struct cli_verb {
	const char *noun, *verb;
	const char *words; /* "INDEX", "[PLACE]", "" */
	int min_words, max_words;
	const struct cli_flag *flags;
	size_t nflags;
	enum rc (*run)(struct cli *c);
	const char *zh, *en;
	bool own_head; /* its text says itself that this is a drill */
	const struct command *command; /* of a module; NULL: built in */
	/* What help and manual say beyond the flags, in lines; NULL: nothing. */
	struct str (*more)(struct cli *c, const struct cli_verb *v);
};

struct cli_host {
	const struct module *const *modules;
	size_t nmodules;
	const struct cli_verb *verbs; /* more than the built-in ones */
	size_t nverbs;
	const char *version;
	struct clock (*clock)(void);
	struct random (*random)(void);

	/* Opens, makes and closes.  *o is zeroed by the caller; office_release may always be called.
	 * Fails as store_open, writer_open and ledger_check_known; each sentence says what to do. */
	enum rc (*open)(struct op *op, const struct office_options *how, struct office *o);
	enum rc (*found)(struct op *op, const struct office_options *how, const struct office_new *n,
	                 struct office *o);
	/* Signs a checkpoint over everything committed; *ret_note: the newest note. */
	enum rc (*sign)(struct op *op, struct office *o, struct str *ret_note);
	void (*release)(struct office *o);
};

#endif
