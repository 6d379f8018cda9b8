/* SPDX-License-Identifier: Apache-2.0 */
/* exchange.h -- net/server.h's exchanges without a network, for http.c: a request that was read
 * from bytes, an answer that is kept.
 */
#ifndef GY_FUZZ_EXCHANGE_H
#define GY_FUZZ_EXCHANGE_H

#include "net/server.h"

enum { FAKE_HEADS = 16 };

struct fake {
	struct arena *arena;
	struct str method, path, query, body;
	struct {
		struct str name, value;
	} head[FAKE_HEADS];
	size_t nhead;
	unsigned answers;
	bool waits, done, refused; /* refused: by the network's own layer */
	server_handle *finish;
	void *finish_ctx;
	struct reply reply;
};

/* False: not so much as a request line.  Tokens are not taken: there is no table of logins. */
bool fake_read(struct arena *a, struct str in, struct fake *ret);
struct exchange *fake_exchange(struct fake *f);
/* What was handed on is finished, as the server's loop would. */
void fake_finish(struct fake *f);

#endif
