/* SPDX-License-Identifier: Apache-2.0 */
/* known.c -- see known.h. */
#include "known.h"

#include "fuzz.h"

static const char *const NAMES[KNOWN_KEYS] = {"log.example/county", "w1.example", "w2.example"};

static void make_keys(struct known *k)
{
	for (int i = 0; i < KNOWN_KEYS; i++) {
		uint8_t seed[32];

		memset(seed, 0x31 + i, sizeof(seed));
		k->secret[i] = ed25519_from_seed(seed);
		k->key[i] = note_key_of(str_of(NAMES[i]), i == 0 ? NOTE_ED25519 : NOTE_COSIGNATURE,
		                        &k->secret[i].pub);
	}
}

static void make_policy(struct known *k)
{
	struct policy *p = &k->policy;

	p->log[p->nlogs++] = k->key[0];
	for (int i = 1; i < KNOWN_KEYS; i++) {
		p->witness_name[p->nwitnesses] = k->key[i].name;
		p->witness[p->nwitnesses++] = k->key[i];
	}
	p->group[0] =
		(struct policy_group){.name = STR("both"), .k = 2, .member = {0, 1}, .nmembers = 2};
	p->ngroups = 1;
	p->quorum = ~0;
}

static void make_tree(struct known *k)
{
	struct hasher *h = fuzz_hasher();
	struct tree t = {0};

	k->root[0] = tree_root(&t, h);
	for (int i = 0; i < KNOWN_LEAVES; i++) {
		char text[16];
		int n = snprintf(text, sizeof(text), "leaf %d", i);

		k->leaf[i] = k->level[0][i] = tree_leaf(h, text, (size_t)n);
		tree_push(&t, h, &k->leaf[i]);
		k->root[i + 1] = tree_root(&t, h);
	}
	for (size_t l = 1; l < COUNT(k->level); l++)
		for (int i = 0; i < KNOWN_LEAVES >> l; i++)
			k->level[l][i] = tree_node(h, &k->level[l - 1][2 * i], &k->level[l - 1][2 * i + 1]);
}

const struct known *known(void)
{
	static struct known k;
	static bool made;

	if (!made) {
		make_keys(&k);
		make_policy(&k);
		make_tree(&k);
		made = true;
	}
	return &k;
}

static bool hash_at(void *ctx, int level, uint64_t n, struct hash *ret)
{
	const struct known *k = ctx;

	if (level >= (int)COUNT(k->level) || n >= (uint64_t)(KNOWN_LEAVES >> level))
		return false;
	*ret = k->level[level][n];
	return true;
}

struct tree_reader known_reader(void)
{
	return (struct tree_reader){hash_at, (void *)(uintptr_t)known()};
}

struct str known_note(struct op *op, uint64_t size, int witnesses)
{
	const struct known *k = known();
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct checkpoint c = {.origin = k->key[0].name, .size = size, .root = k->root[size]};

	n->text = checkpoint_format(op->arena, &c);
	FUZZ_CHECK(note_sign(op, n, k->key[0].name, &k->secret[0]) == RC_OK);
	for (int i = 1; i <= witnesses; i++)
		FUZZ_CHECK(note_cosign(op, n, k->key[i].name, &k->secret[i], 1749258000) == RC_OK);
	return note_format(op->arena, n);
}
