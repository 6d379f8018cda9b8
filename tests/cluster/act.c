/* SPDX-License-Identifier: Apache-2.0 */
/* act.c -- see act.h. */
#include "act.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

void act_make(struct act *a, const struct modules *m, struct random *random, uint64_t number)
{
	struct op op = {.arena = &a->arena, .random = random};
	const struct command *c = modules_command(m, STR("place.add"));
	struct json *in = NULL, *out = NULL;
	struct request *r = &a->request;
	struct str text;

	arena_reset(&a->arena);
	text = str_fmt(&a->arena, "{\"place\":\"sc/n%llu\",\"kind\":\"area\",\"name\":\"地点\"}",
	               (unsigned long long)number);
	a->number = number;
	*r = (struct request){.command = STR("place.add"), .source = SOURCE_OFFICE,
	                      .beside = a->beside, .body = hash_sha256(text.s, text.n)};
	r->key = str_fmt(&a->arena, ACT_KEY "%012llu", (unsigned long long)number);
	if (json_read(&op, text, &in) != RC_OK ||
	    field_intake(&op, c->fields, c->nfields, in, NULL, &out, a->beside, &r->nbeside) != RC_OK) {
		fprintf(stderr, "act %llu: %s\n", (unsigned long long)number, op.err.en);
		exit(1);
	}
	r->data = out;
}
