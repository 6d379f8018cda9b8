/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoint.c -- checkpoints: the body alone, and opened out of a note by its log's key. */
#include "known.h"

#include "fuzz.h"

static bool same(const struct checkpoint *a, const struct checkpoint *b)
{
	return str_eq(a->origin, b->origin) && a->size == b->size && hash_eq(&a->root, &b->root);
}

/* An opened note has the log's line over exactly this body. */
static void check_open(struct op *op, struct str in)
{
	const struct known *k = known();
	struct checkpoint c, policed;
	bool by[POLICY_MAX];
	enum rc rc;

	FUZZ_PAINT(c);
	rc = checkpoint_open(op, in, &k->key[0], &c);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(op->err.field[0] != '\0' && FUZZ_UNTOUCHED(c));
		FUZZ_CHECK(policy_check(op, &k->policy, in, &c, NULL) != RC_OK);
		return;
	}
	/* Nobody but the seeds has this key: what it signed is what they hold. */
	FUZZ_CHECK(str_eq(c.origin, k->key[0].name) && c.size <= KNOWN_LEAVES);
	FUZZ_CHECK(hash_eq(&c.root, &k->root[c.size]));
	FUZZ_PAINT(by);
	FUZZ_PAINT(policed);
	rc = policy_check(op, &k->policy, in, &policed, by);
	if (rc == RC_OK) {
		FUZZ_CHECK(by[0] && by[1] && same(&c, &policed));
		return;
	}
	fuzz_refused(op, rc, NULL);
	FUZZ_CHECK(FUZZ_UNTOUCHED(by) && FUZZ_UNTOUCHED(policed));
}

static size_t lines_of(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.s[i] == '\n';
	return n;
}

void fuzz_target(struct op *op, struct str in)
{
	struct str text = str_copy(op->arena, in), body;
	struct checkpoint c, again;
	enum rc rc;

	check_open(op, in);
	FUZZ_PAINT(c);
	rc = checkpoint_parse(op, in, &c);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, "checkpoint");
		FUZZ_CHECK(FUZZ_UNTOUCHED(c));
		return;
	}
	fuzz_spoil(in);
	FUZZ_CHECK(c.origin.n > 0 && c.size <= INT64_MAX);
	body = checkpoint_format(op->arena, &c);
	FUZZ_CHECK(str_starts(text, body) && lines_of(text) >= 3); /* extension lines follow */
	FUZZ_CHECK(checkpoint_parse(op, body, &again) == RC_OK && same(&c, &again));
	FUZZ_PLANTED(c.size > 300 && lines_of(text) > 3 + 2);
}
