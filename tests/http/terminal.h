/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h -- a fixed terminal as it stands in an office: a key, an outbox on its own disk, and a
 * link to the server when there is one.
 *
 * What is noted goes into the outbox first and is sent from there, in its order, until the server
 * has answered; the act's text is written when it is sent, because number and predecessor depend on
 * what was refused before.  A terminal that was switched off begins again from its outbox alone.
 */
#ifndef GY_TEST_TERMINAL_H
#define GY_TEST_TERMINAL_H

#include "base/key.h"
#include "http/serving.h"

struct terminal {
	struct serving *to;
	struct str outbox;        /* a file: one JSON object a line */
	int64_t device;
	struct ed25519_key key;
	long noted;
	/* Of its memory alone. */
	int64_t link, seq;
	struct str link_key, prev, origin, exam; /* link_key in hex */
	int64_t behind_ms;        /* its clock, and all that it notes, so far before now */
	int64_t older_ms;         /* what it notes happened so long before */
	size_t at_once;           /* acts of one POST; 0: 100 */
};

/* Its key and outbox; `device` is set by whoever enrols it. */
void terminal_make(struct terminal *t, struct serving *to, const char *name);
struct str terminal_key(struct terminal *t); /* public, in hex */
/* Switched off and on: what was in memory alone is gone. */
void terminal_restart(struct terminal *t);

/* Opens a link; the answer's status. */
int terminal_link(struct terminal *t);
/* Somebody's badge and PIN (NULL: they leave), by the link; the answer's status. */
int terminal_badge(struct terminal *t, const char *badge, const char *pin);
/* Reads a path by the link, as that person (0: as nobody); the answer's status. */
int terminal_read(struct terminal *t, int64_t person, const char *path, struct heard *ret);
/* The same, with the MAC over `said` instead of the path. */
int terminal_read_with(struct terminal *t, int64_t person, const char *said, const char *path,
                       struct heard *ret);
/* One act into the outbox: ' stands for "; a member `name` of the data is a text for the vault.
 * `slots`: a JSON list, or NULL. */
void terminal_note(struct terminal *t, int64_t actor, const char *command, const char *data,
                   const char *slots);

struct sent {
	size_t taken, refused, posts;
	int64_t index;            /* of the newest that was taken */
	struct heard last;
	int status;               /* of the newest that was refused */
};
/* Sends until the outbox is empty; false: the server cannot be heard, or wants no link. */
bool terminal_flush(struct terminal *t, struct sent *ret);
/* The body of the next POST, and what it is made of; nothing is sent. */
struct str terminal_body(struct terminal *t, size_t most);
/* Sends a body and takes note of the answers. */
bool terminal_post(struct terminal *t, struct str body, struct sent *ret);
size_t terminal_waiting(struct terminal *t);
/* An act's MAC by the link's key. */
struct str terminal_mac(struct terminal *t, struct str act, const struct json *slots,
                        struct str head);

#endif
