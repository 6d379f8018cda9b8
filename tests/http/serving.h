/* SPDX-License-Identifier: Apache-2.0 */
/* serving.h -- the real server over the folder of a shell, and a client of plain sockets. */
#ifndef GY_TEST_SERVING_H
#define GY_TEST_SERVING_H

#include <sys/types.h>

#include "cli/shell.h"

struct serving {
	struct shell *sh;
	pid_t pid;
	int port;
	struct str token, cookie; /* sent with each request when not empty */
	struct str head;          /* lines of a head, likewise */
	long keys;
};

/* Fails the test when it does not say its port within a minute.  `play`: a scenario's file, or
 * NULL; without a speed it is directed from outside. */
void serving_start(struct serving *s, struct shell *sh);
void serving_with(struct serving *s, struct shell *sh, const char *const *flags);
void serving_play(struct serving *s, struct shell *sh, const char *play, const char *speed);
/* A shell of its own with the sample city after so many entries, and the server over it; the second
 * stops it, which must end well. */
void serving_city(struct serving *s, struct shell *in, int entries);
void serving_leave(struct serving *s);
int serving_stop(struct serving *s); /* SIGTERM; its exit code */
void serving_kill(struct serving *s);

struct heard {
	int status;          /* of the first answer; 0: the connection was closed without one */
	struct str all, body;
	struct json *doc;    /* the body, when it is JSON */
};
/* One request on a connection of its own; the reply is what docs/openapi.json promises
 * (contract.h). */
void ask(struct serving *s, const char *method, const char *path, const char *body,
         struct heard *ret);
/* POST with this Content-Type ("": none). */
void ask_typed(struct serving *s, const char *type, const char *path, const char *body,
               struct heard *ret);
void ask_bytes(struct serving *s, const char *type, const char *path, struct str bytes,
               struct heard *ret);
/* A GET whose answer nobody reads yet; the connection. */
int ask_later(struct serving *s, const char *path);
/* POST /api/v1/commands/NAME with a new key; ' in the body stands for ". */
void command(struct serving *s, const char *name, const char *body, struct heard *ret);
/* Logs in: password "correct horse battery" for this code, set here and now. */
void log_in(struct serving *s, const char *person);

/* The same without sending it: what to POST to /api/v1/login. */
struct str log_in_body(struct serving *s, const char *person);

/* Listens to /api/v1/events from `after` on (-1: from now); the connection. */
int listen_from(struct serving *s, long long after);
int listen_by(struct serving *s, const char *id); /* with whatever a client says for an id */
/* Reads on until all that was read holds the text, or the server closes, or is silent for ten
 * seconds, or a minute passes. */
bool hear_until(int fd, const char *text, char *buf, size_t size);

#define assert_heard(h, want) heard_status((h), (want), __FILE__, __LINE__)
void heard_status(const struct heard *h, int want, const char *file, int line);

#endif
