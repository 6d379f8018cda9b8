/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c -- proofs over a known tree: what is proved verifies, and nothing else does.
 *
 * The input is two sizes and a list of changes to the proof: a bit of a hash, a hash dropped,
 * doubled or exchanged, another index or size, the root of another size or above.
 */
#include "known.h"
#include "ledger/tile.h"

#include "fuzz.h"

struct claim {
	struct proof proof;
	uint64_t a, b; /* index and size, or from and to */
	struct hash one, root;
};

static struct hash *some_hash(struct proof *p, uint64_t n)
{
	return p->n > 0 ? &p->hash[n % (uint64_t)p->n] : NULL;
}

static void change(struct claim *c, uint64_t kind, uint64_t where, uint64_t bit)
{
	struct proof *p = &c->proof;
	struct hash *h = some_hash(p, where);
	uint8_t mask = (uint8_t)(1u << (bit & 7));

	switch (kind % 10) {
	case 0:
		if (h)
			h->b[bit >> 3 & 31] ^= mask;
		return;
	case 1:
		p->n -= p->n > 0;
		return;
	case 2:
		if (p->n < LIMIT_PROOF)
			p->hash[p->n++] = c->one;
		return;
	case 3:
		if (h && p->n > 1) {
			struct hash x = *h;

			*h = p->hash[p->n - 1];
			p->hash[p->n - 1] = x;
		}
		return;
	case 4:
		c->a ^= UINT64_C(1) << (bit & 63);
		return;
	case 5:
		c->b ^= UINT64_C(1) << (bit & 63);
		return;
	case 6:
		c->one.b[bit >> 3 & 31] ^= mask;
		return;
	case 7:
		c->root.b[bit >> 3 & 31] ^= mask;
		return;
	case 8: /* what the proof would give, were it that much shorter */
		c->root = known()->root[(where << 8 | bit) % (KNOWN_LEAVES + 1)];
		return;
	default: /* or one hash longer */
		if (p->n < LIMIT_PROOF) {
			p->hash[p->n++] = c->one;
			c->root = tree_node(fuzz_hasher(), &c->one, &c->root);
		}
	}
}

/* Changes may cancel each other; what they leave is compared whole. */
static bool changed(struct claim *c, struct str in)
{
	struct claim before = *c;

	while (in.n > 0) {
		uint64_t kind = fuzz_take(&in, 1), where = fuzz_take(&in, 1), bit = fuzz_take(&in, 1);

		change(c, kind, where, bit);
	}
	if (before.proof.n != c->proof.n || before.a != c->a || before.b != c->b ||
	    !hash_eq(&before.one, &c->one) || !hash_eq(&before.root, &c->root))
		return true;
	return memcmp(before.proof.hash, c->proof.hash,
	              (size_t)c->proof.n * sizeof(c->proof.hash[0])) != 0;
}

static bool inclusion(const struct claim *c)
{
	return tree_verify_inclusion(fuzz_hasher(), &c->proof, c->a, c->b, &c->one, &c->root);
}

static bool consistency(const struct claim *c)
{
	return tree_verify_consistency(fuzz_hasher(), &c->proof, c->a, c->b, &c->one, &c->root);
}

/* Under another size the same hashes may be a true statement about another tree: RFC 9162's
 * verifier sees the path alone, and sizes share paths.  So may another index under other hashes. */
static bool speaks_of_another(const struct claim *before, const struct claim *c)
{
	bool same_hashes = before->proof.n == c->proof.n && hash_eq(&before->one, &c->one) &&
	                   hash_eq(&before->root, &c->root) &&
	                   memcmp(before->proof.hash, c->proof.hash,
	                          (size_t)c->proof.n * sizeof(c->proof.hash[0])) == 0;

	return before->b != c->b || (before->a != c->a && !same_hashes);
}

/* Without a hash the statement is that both are one: true of any two that are. */
static bool says_nothing(const struct claim *c)
{
	return c->proof.n == 0 && hash_eq(&c->one, &c->root);
}

static void check_claim(struct claim *c, struct str changes, bool (*holds)(const struct claim *))
{
	struct claim before = *c;

	FUZZ_CHECK(holds(c));
	if (!changed(c, changes)) {
		FUZZ_CHECK(holds(c));
		return;
	}
	FUZZ_PLANTED(c->proof.n > 11 && c->a + 1 == c->b);
	FUZZ_CHECK(!holds(c) || speaks_of_another(&before, c) || says_nothing(c));
}

static enum rc no_tile(struct op *op, void *ctx, int level, uint64_t n, const struct hash *row)
{
	struct hash root = tile_root(fuzz_hasher(), row, TILE_WIDTH);

	FUZZ_CHECK(hash_eq(&root, &known()->level[8 * (level + 1)][n]));
	return RC_OK;
}

/* Three ways to one root: peaks read, leaves pushed, rows of tiles. */
static void check_roots(struct op *op, uint64_t size)
{
	const struct known *k = known();
	struct tree_reader reader = known_reader();
	struct tile_rows *rows = ARENA_NEW(op->arena, struct tile_rows);
	struct tree t, by_rows;
	struct hash root;

	FUZZ_CHECK(tree_load(&reader, size, &t));
	root = tree_root(&t, fuzz_hasher());
	FUZZ_CHECK(hash_eq(&root, &k->root[size]));
	for (uint64_t i = 0; i < size; i++)
		FUZZ_CHECK(tile_rows_push(op, rows, fuzz_hasher(), &k->leaf[i], no_tile, NULL) == RC_OK);
	tile_rows_tree(rows, fuzz_hasher(), &by_rows);
	root = tree_root(&by_rows, fuzz_hasher());
	FUZZ_CHECK(hash_eq(&root, &k->root[size]));
}

void fuzz_target(struct op *op, struct str in)
{
	const struct known *k = known();
	struct tree_reader reader = known_reader();
	uint64_t kind = fuzz_take(&in, 1), a = fuzz_take(&in, 2) % (KNOWN_LEAVES + 3);
	uint64_t b = fuzz_take(&in, 2) % (KNOWN_LEAVES + 1);
	struct claim c = {.a = a, .b = b, .root = k->root[b]};

	if (kind % 8 == 0)
		check_roots(op, b);
	if (kind & 1) {
		bool made = tree_prove_inclusion(&reader, fuzz_hasher(), a, b, &c.proof);

		FUZZ_CHECK(made == (a < b));
		if (made) {
			c.one = k->leaf[a];
			check_claim(&c, in, inclusion);
		}
		return;
	}
	FUZZ_CHECK(tree_prove_consistency(&reader, fuzz_hasher(), a, b, &c.proof) == (a <= b));
	c.one = k->root[a <= KNOWN_LEAVES ? a : 0];
	if (a == 0 || a > b)
		FUZZ_CHECK(!consistency(&c));
	else
		check_claim(&c, in, consistency);
}
