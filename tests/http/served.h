/* SPDX-License-Identifier: Apache-2.0 */
/* served.h -- the API over HTTP on a kit's ledger and virtual clock, and one client of it.
 *
 * The server is src/net's, the routes and handlers are the program's; who calls stands in the
 * token, as the person's number.  The kit's writer runs on the server's thread while the client
 * waits: the test asks or uses the kit, never both at a time.
 */
#ifndef GY_TEST_SERVED_H
#define GY_TEST_SERVED_H

#include "http/api.h"
#include "http/route.h"
#include "kit/kit.h"

/* It lives in the kit's op until the next reply. */
struct reply_heard {
	int status;
	struct str head, body;
	struct json *doc; /* when the body is JSON */
};

struct served {
	struct kit *kit;
	struct api_host api;
	struct router router;
	struct server *server;
	struct arena arena;     /* of one question */
	struct random random;
	struct op lookup;
	int fd;                 /* the client's connection, kept */
	uint64_t asked;
	const char *type;       /* of a body; NULL: JSON */
	struct reply_heard last; /* of served_do */
};
void served_open(struct served *s, struct kit *k);
/* On a new kit with all modules and the demo's profile. */
void served_open_demo(struct served *s, struct kit *k);
void served_close(struct served *s);

/* The reply is what docs/openapi.json promises, or the test fails.  person 0: no token. */
void served_ask(struct served *s, int64_t person, const char *method, const char *path,
                const char *body, struct reply_heard *ret);

/* As kit_do, over HTTP: the kit's answer is made of the reply. */
enum rc served_do(struct served *s, int64_t person, const char *command, const char *data,
                  const char *slots);

#endif
