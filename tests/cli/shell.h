/* SPDX-License-Identifier: Apache-2.0 */
/* shell.h -- runs the real program, as a user does, in a folder of its own.
 *
 * GONGYUAN_BIN names the program and GONGYUAN_SOURCE the source tree.  With TEST_DB=postgres and
 * GONGYUAN_PG_URL set, `--db` names a database of its own on that server.
 */
#ifndef GY_TEST_SHELL_H
#define GY_TEST_SHELL_H

#include "base/json.h"
#include "base/op.h"

struct shell {
	struct arena arena;
	struct op op;
	struct str top;      /* a temporary folder; removed at the end */
	struct str data;     /* top/data: added to each command as --data */
	struct str url;      /* added as --db when not empty */
	const char *lang;    /* added as --lang; NULL: none */
	bool json;           /* add --json */
	int status;          /* of the last command */
	struct str out, err; /* of the last command */
	struct json *doc;    /* its stdout as JSON; NULL when it is not exactly one document */
};

void shell_open(struct shell *s);
void shell_close(struct shell *s);

/* One command line without the program's name; words are split at blanks, '…' holds them together.
 * Returns its exit code. */
int sh(struct shell *s, const char *fmt, ...) PRINTF(2, 3);
/* The same with --json (once). */
int sh_json(struct shell *s, const char *fmt, ...) PRINTF(2, 3);
/* Bytes for standard input of the next command. */
void sh_input(struct shell *s, struct str text);

/* Fails the test, with what the command printed, when the status is another. */
#define assert_status(s, got, want) shell_status((s), (got), (want), __FILE__, __LINE__)
void shell_status(const struct shell *s, int got, int want, const char *file, int line);
/* Does the text of the last command hold this? */
bool shell_said(const struct shell *s, const char *text);

/* Files of the shell's folder. */
struct str shell_path(struct shell *s, const char *name);          /* top/name */
struct str shell_read(struct shell *s, struct str path);
void shell_write(struct shell *s, struct str path, const char *text);
void shell_system(struct shell *s, const char *fmt, ...) PRINTF(2, 3); /* must succeed */

/* profiles/demo.json in a fresh folder. */
void shell_init(struct shell *s);
/* Places, a unit and three administrators P1 P2 P3 with keys top/P1.key …; then workers may come;
 * shell_found is all of it and closes the foundation. */
void shell_begin(struct shell *s);
void shell_worker(struct shell *s, const char *code, const char *role, const char *place);
void shell_found(struct shell *s);
/* A signature of top/PERSON.key over the message of that slot in the document printed last. */
struct str shell_sign(struct shell *s, const struct json *prepared, const char *slot,
                      const char *person);

#endif
