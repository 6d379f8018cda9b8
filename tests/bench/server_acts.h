/* SPDX-License-Identifier: Apache-2.0 */
/* server_acts.h -- the acts that checkers of identities post: candidates of a world that
 * server_world.c made, each once.
 */
#ifndef GY_BENCH_SERVER_ACTS_H
#define GY_BENCH_SERVER_ACTS_H

#include "http_load.h"

enum { TOKEN = 64 };

struct acts {
	char (*tokens)[TOKEN + 1];
	int ntokens, connections;
	int acts;          /* of a batch */
	long sites, round; /* round: other keys */
	char body[OUT_MAX];
};

/* --tokens, --sites, --round, --acts; false: another. */
bool acts_flag(struct acts *a, const char *name, const char *value);
/* The first line of a file. */
void acts_read_token(const char *file, char *ret, size_t n);
/* A POST of the connection's next; 0: it has no candidate left. */
size_t acts_one(struct acts *a, const struct conn *c, char *out);
size_t acts_batch(struct acts *a, const struct conn *c, char *out);

#endif
