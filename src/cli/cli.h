/* SPDX-License-Identifier: Apache-2.0 */
/* cli.h -- `gongyuan NOUN VERB`: one invocation, its words and flags, and what its verb gives.
 *
 * No rules here: a verb turns flags into a request or a question and its answer into text or JSON.
 * With --json exactly one document goes to stdout, also when the verb fails; talk goes to stderr.
 * Exit codes: 0 ok, 1 findings or not found, 2 usage or invalid input, 3 denied, 4 conflict,
 * 5 integrity broken, 75 try later (base/err.h).
 */
#ifndef GY_CLI_H
#define GY_CLI_H

#include "base/json.h"
#include "base/op.h"
#include "cli/host.h"
#include "sheet/wording.h"

enum cli_lang { CLI_BOTH, CLI_ZH, CLI_EN }; /* BOTH: nobody said; zh, and en below errors */

#define CLI_WORDS_MAX 16
#define CLI_VALUES_MAX 256

struct cli_value {
	const struct cli_flag *flag;
	struct str value;
};

struct cli {
	struct op op;
	struct arena arena;
	const struct cli_host *host;
	struct modules modules;          /* the tables; no folder is open */
	struct str data, url, known;     /* --data --db --known */
	bool json, help;
	enum cli_lang lang;
	const struct cli_verb *verb;
	const struct command *command;   /* when the verb is a module's */
	struct str words[CLI_WORDS_MAX]; /* after noun and verb */
	int nwords;
	struct cli_value values[CLI_VALUES_MAX];
	size_t nvalues;
	struct json *result;             /* of --json; NULL prints {} */
	struct json *errors;             /* of --json: every reason of a verb that fails for several */
	struct answer answer;            /* of a command: errors name the entry of a refusal */
	struct office office;            /* released at the end when open */
	bool open;
	int offset_min;                  /* times are printed with this; the profile's when open */
	struct wording wording;          /* cli_wording */
	int findings;                    /* exit 1 (findings) or 5 (integrity) though the verb ran */
};

/* The whole program. */
int cli_main(int argc, char **argv, const struct cli_host *host);

/* Flags of this invocation.  The value of the first, or {NULL, 0}. */
struct str cli_value(const struct cli *c, const char *flag);
bool cli_has(const struct cli *c, const char *flag);
/* A whole number.  Fails: INVALID. */
enum rc cli_int(struct cli *c, const char *flag, int64_t fallback, int64_t *ret) MUST_CHECK;
enum rc cli_word_int(struct cli *c, int word, const char *name, int64_t *ret) MUST_CHECK;
/* A time, with any offset.  Fails: INVALID. */
enum rc cli_time(struct cli *c, const char *flag, int64_t fallback, int64_t *ret) MUST_CHECK;

/* Opens the data folder (--data, --db, --known). */
enum rc cli_open(struct cli *c, bool write) MUST_CHECK;
enum rc cli_open_at(struct cli *c, bool write, int64_t at_ms) MUST_CHECK;
struct office_options cli_office_options(struct cli *c);

/* Chinese or English. */
const char *cli_tr(const struct cli *c, const char *zh, const char *en);

/* args.c: --json and --lang decide how every mistake is told, so they are looked for first. */
void cli_look_ahead(struct cli *c, int argc, char **argv);
/* Words and flags into *c.  Fails: INVALID with a suggestion. */
enum rc cli_parse(struct cli *c, int argc, char **argv) MUST_CHECK;

/* Sets c->verb to a built-in verb, else to a module's command (c->command).  False: neither. */
bool cli_verb_resolve(struct cli *c, struct str noun, struct str verb);

/* verbs.c: the built-in rows, then the host's. */
const struct cli_verb *cli_verb_find(const struct cli *c, struct str noun, struct str verb);
size_t cli_verbs_count(const struct cli *c);
const struct cli_verb *cli_verb_at(const struct cli *c, size_t i);
extern const struct cli_flag cli_global_flags[];
extern const size_t cli_nglobal_flags;

/* Commands of all modules, the engine's first; NULL after the last. */
const struct command *cli_command_at(const struct cli *c, size_t i);
/* Is this command called by that noun: "custody" for custody.hand_over. */
bool cli_command_of(const struct command *cmd, struct str noun);
/* The different nouns, built in ones first; views into tables or the arena. */
#define CLI_NOUNS_MAX 64
size_t cli_nouns(struct cli *c, struct str *ret, size_t max);
/* All modules, the engine's own first. */
const struct module *const *cli_modules(const struct cli *c, size_t *ret_n);

/* command.c: a module's command as a verb (flags from its field table), in the arena. */
const struct cli_verb *cli_command_verb(struct cli *c, const struct command *cmd);
extern const struct cli_flag cli_act_flags[];
extern const size_t cli_nact_flags;

/* person.c: a staff code or number -> a person; and back, for output. */
enum rc cli_person(struct cli *c, struct str text, struct person_id *ret) MUST_CHECK;
struct str cli_person_text(struct cli *c, struct person_id who);

/* profile.c: reads and fits a profile; on INVALID every fault was told. */
enum rc cli_profile_check(struct cli *c, struct str bytes, struct profile *ret) MUST_CHECK;

/* rulebook.c: `describe rules [MODULE]`. */
enum rc cli_rulebook(struct cli *c) MUST_CHECK;

/* print.c: what the id or QR text of a form leads to (the first word). */
enum rc cli_form_find(struct cli *c) MUST_CHECK;

/* help.c */
enum rc cli_help_run(struct cli *c) MUST_CHECK;
void cli_help_verb(struct cli *c, FILE *to);
void cli_help_noun(struct cli *c, struct str noun, FILE *to);
void cli_help_all(struct cli *c, FILE *to);

#endif
