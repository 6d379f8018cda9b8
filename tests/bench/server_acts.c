/* SPDX-License-Identifier: Apache-2.0 */
/* server_acts.c -- see server_acts.h. */
#include "server_acts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TOKENS_MAX = 1024, ROOMS = 30, SEATS = 30, SITES_OF_COUNTY = 24, COUNTIES_OF_CITY = 12 };

/* One act: the n-th of connection c, which has each ntokens-th site. */
static int act(const struct acts *a, const struct conn *c, long n, char *out, size_t max)
{
	int token = c->at % a->ntokens, share = a->connections / a->ntokens;
	long mine = a->sites / a->ntokens, i;

	if (share > 1) /* several connections to one checker: each has its part of the seats */
		n = n * share + c->at / a->ntokens;
	if (n >= mine * ROOMS * SEATS)
		return 0;
	i = n % mine * a->ntokens + token;
	n /= mine;
	return snprintf(out, max,
		"\"data\":{\"at\":\"2025-06-07T00:20:00.000Z\",\"candidate\":\"25%09ld\","
		"\"method\":\"face\",\"place\":\"cn/c%03ld/d%02ld/s%02ld/r%02ld\",\"result\":\"passed\","
		"\"session\":\"d1-chinese\",\"tries\":1},\"source\":\"terminal\"",
		(i * ROOMS + n % ROOMS) * SEATS + n / ROOMS,
		i / SITES_OF_COUNTY / COUNTIES_OF_CITY, i / SITES_OF_COUNTY % COUNTIES_OF_CITY,
		i % SITES_OF_COUNTY, n % ROOMS + 1);
}

/* A UUIDv7 of the moment, as terminals make them. */
static int key(const struct acts *a, const struct conn *c, long n, char *out, size_t max)
{
	struct timespec t;
	unsigned long ms;

	clock_gettime(CLOCK_REALTIME, &t);
	ms = (unsigned long)t.tv_sec * 1000 + (unsigned long)t.tv_nsec / 1000000;
	return snprintf(out, max, "%08lx-%04lx-7%03x-8%03lx-%012lx", ms >> 16 & 0xFFFFFFFF,
	                ms & 0xFFFF, (unsigned)c->at & 0xFFFU, (unsigned long)a->round & 0xFFF,
	                (unsigned long)n & 0xFFFFFFFFFFFF);
}

static size_t post(const struct acts *a, const struct conn *c, const char *path, const char *head,
                   const char *body, size_t nbody, char *out)
{
	int n = snprintf(out, OUT_MAX,
		"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n%s"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		path, a->tokens[c->at % a->ntokens], head, nbody);

	memcpy(out + n, body, nbody);
	return (size_t)n + nbody;
}

size_t acts_one(struct acts *a, const struct conn *c, char *out)
{
	char head[128], id[40];
	int n = act(a, c, c->k, a->body + 1, OUT_MAX - 2);

	if (!n)
		return 0;
	a->body[0] = '{';
	a->body[n + 1] = '}';
	key(a, c, c->k, id, sizeof(id));
	(void)snprintf(head, sizeof(head), "Idempotency-Key: %s\r\n", id);
	return post(a, c, "/api/v1/commands/sitting.enter", head, a->body, (size_t)n + 2, out);
}

size_t acts_batch(struct acts *a, const struct conn *c, char *out)
{
	size_t at = 0, room = sizeof(a->body) - 1024;
	char id[40];

	for (int i = 0; i < a->acts && at < room; i++) {
		long k = c->k * a->acts + i;
		int n = act(a, c, k, out, OUT_MAX);

		if (!n)
			return 0;
		key(a, c, k, id, sizeof(id));
		at += (size_t)snprintf(a->body + at, sizeof(a->body) - at,
		                       "%c{\"command\":\"sitting.enter\",\"key\":\"%s\",%s}",
		                       i ? ',' : '[', id, out);
	}
	a->body[at++] = ']';
	return post(a, c, "/api/v1/batch", "", a->body, at, out);
}

void acts_read_token(const char *file, char *ret, size_t n)
{
	FILE *f = fopen(file, "r");

	ret[0] = '\0';
	if (f && fgets(ret, (int)n, f))
		ret[strcspn(ret, "\n")] = '\0';
	if (f)
		fclose(f);
}

static void read_tokens(struct acts *a, const char *file)
{
	FILE *f = fopen(file, "r");
	char line[TOKEN + 2];

	a->tokens = calloc(TOKENS_MAX, sizeof(*a->tokens));
	while (f && a->ntokens < TOKENS_MAX && fgets(line, sizeof(line), f))
		(void)snprintf(a->tokens[a->ntokens++], TOKEN + 1, "%.*s", TOKEN, line);
	if (f)
		fclose(f);
}

bool acts_flag(struct acts *a, const char *name, const char *value)
{
	if (!strcmp(name, "--sites"))
		a->sites = strtol(value, NULL, 10);
	else if (!strcmp(name, "--round"))
		a->round = strtol(value, NULL, 10);
	else if (!strcmp(name, "--acts"))
		a->acts = (int)strtol(value, NULL, 10);
	else if (!strcmp(name, "--tokens"))
		read_tokens(a, value);
	else
		return false;
	return true;
}
