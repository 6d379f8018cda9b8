/* SPDX-License-Identifier: Apache-2.0 */
/* source.c -- see source.h. */
#include "net/source.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "base/limits.h"

enum { NEAR = 8 }; /* places that an address may stand at */

struct source {
	uint64_t address; /* 0: nobody */
	uint64_t second;  /* when it last asked */
	unsigned left;
};

struct sources {
	unsigned rate;
	struct source place[LIMIT_SOURCES + NEAR];
};

struct sources *sources_new(unsigned rate)
{
	struct sources *s = calloc(1, sizeof(*s));

	if (!s)
		abort(); /* as arena_alloc */
	s->rate = rate;
	return s;
}

void sources_free(struct sources *s)
{
	free(s);
}

/* IPv4 with a bit that keeps it apart from every network of IPv6. */
static uint64_t address_of(const struct sockaddr *from)
{
	uint64_t n = 0;

	if (from->sa_family == AF_INET6) {
		memcpy(&n, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 8);
		return n ? n : 1; /* loopback */
	}
	return ((const struct sockaddr_in *)(const void *)from)->sin_addr.s_addr | (uint64_t)1 << 63;
}

static struct source *find(struct sources *s, uint64_t address)
{
	struct source *at = &s->place[(address * 0x9e3779b97f4a7c15u >> 32) % LIMIT_SOURCES];
	struct source *oldest = at;

	for (size_t i = 0; i < NEAR; i++) {
		if (at[i].address == address)
			return &at[i];
		if (at[i].second < oldest->second)
			oldest = &at[i];
	}
	*oldest = (struct source){.address = address, .left = 2 * s->rate};
	return oldest;
}

bool sources_take(struct sources *s, const struct sockaddr *from, uint64_t second)
{
	struct source *x = find(s, address_of(from));
	uint64_t left = x->left + (second - x->second) * s->rate;

	if (x->second)
		x->left = left < 2 * s->rate ? (unsigned)left : 2 * s->rate;
	x->second = second;
	if (!x->left)
		return false;
	x->left--;
	return true;
}
