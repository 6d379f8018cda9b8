/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c -- see tree.h.
 *
 * Sizes are split as RFC 6962 does: at the largest power of two below them.  A range that begins
 * at such a split and is a power of two long is a complete subtree, so the reader can give its
 * hash; everything else is put together from those.
 */
#include "ledger/tree.h"

/* Largest k with 2^k < n; n >= 2. */
static int split_level(uint64_t n)
{
	return 63 - __builtin_clzll(n - 1);
}

struct hash tree_leaf(struct hasher *h, const void *entry, size_t n)
{
	static const uint8_t PREFIX = 0x00;

	hasher_start(h);
	hasher_add(h, &PREFIX, 1);
	hasher_add(h, entry, n);
	return hasher_end(h);
}

struct hash tree_node(struct hasher *h, const struct hash *l, const struct hash *r)
{
	uint8_t buf[1 + 2 * sizeof l->b] = {0x01};

	/* One call of the digest instead of three: nodes outnumber leaves. */
	memcpy(buf + 1, l->b, sizeof l->b);
	memcpy(buf + 1 + sizeof l->b, r->b, sizeof r->b);
	hasher_start(h);
	hasher_add(h, buf, sizeof buf);
	return hasher_end(h);
}

void tree_push_full(struct tree *t, struct hasher *h, int level, const struct hash *full)
{
	struct hash x = *full;
	int n = __builtin_popcountll(t->size);

	assert(level >= 0 && level < 63);
	assert((t->size & ((UINT64_C(1) << level) - 1)) == 0);
	assert(t->size < UINT64_MAX >> 1);
	for (uint64_t s = t->size >> level; s & 1; s >>= 1)
		x = tree_node(h, &t->peak[--n], &x);
	t->peak[n] = x;
	t->size += UINT64_C(1) << level;
}

void tree_push(struct tree *t, struct hasher *h, const struct hash *leaf)
{
	tree_push_full(t, h, 0, leaf);
}

struct hash tree_root(const struct tree *t, struct hasher *h)
{
	int n = __builtin_popcountll(t->size);
	struct hash x;

	if (n == 0) {
		hasher_start(h);
		return hasher_end(h);
	}
	x = t->peak[--n];
	while (n > 0)
		x = tree_node(h, &t->peak[--n], &x);
	return x;
}

bool tree_load(const struct tree_reader *r, uint64_t size, struct tree *ret)
{
	struct tree t = {.size = size};
	uint64_t at = 0;
	int n = 0;

	for (int level = 63; level >= 0; level--) {
		if (!(size >> level & 1))
			continue;
		if (!r->hash_at(r->ctx, level, at >> level, &t.peak[n++]))
			return false;
		at += UINT64_C(1) << level;
	}
	*ret = t;
	return true;
}

/* MTH(D[lo:hi]) where lo is a multiple of the smallest power of two >= hi - lo. */
static bool range_hash(const struct tree_reader *r, struct hasher *h, uint64_t lo, uint64_t hi,
                       struct hash *ret)
{
	struct hash part[64], x;
	int n = 0;

	while (hi - lo > 1 && ((hi - lo) & (hi - lo - 1)) != 0) {
		int k = split_level(hi - lo);

		if (!r->hash_at(r->ctx, k, lo >> k, &part[n++]))
			return false;
		lo += UINT64_C(1) << k;
	}
	int level = __builtin_ctzll(hi - lo);
	if (!r->hash_at(r->ctx, level, lo >> level, &x))
		return false;
	while (n > 0)
		x = tree_node(h, &part[--n], &x);
	*ret = x;
	return true;
}

static void proof_reverse(struct proof *p)
{
	for (int i = 0, j = p->n - 1; i < j; i++, j--) {
		struct hash x = p->hash[i];

		p->hash[i] = p->hash[j];
		p->hash[j] = x;
	}
}

bool tree_prove_inclusion(const struct tree_reader *r, struct hasher *h, uint64_t index,
                          uint64_t size, struct proof *ret)
{
	struct proof p = {0};
	uint64_t lo = 0, hi = size;

	if (index >= size || size > UINT64_MAX >> 1)
		return false;
	/* Down from the root: at each split the half that does not hold the leaf is a sibling. */
	while (hi - lo > 1) {
		uint64_t mid = lo + (UINT64_C(1) << split_level(hi - lo));
		bool left = index < mid;

		if (!range_hash(r, h, left ? mid : lo, left ? hi : mid, &p.hash[p.n]))
			return false;
		p.n++;
		*(left ? &hi : &lo) = mid;
	}
	proof_reverse(&p);
	*ret = p;
	return true;
}

bool tree_prove_consistency(const struct tree_reader *r, struct hasher *h, uint64_t from,
                            uint64_t to, struct proof *ret)
{
	struct proof p = {0};
	uint64_t lo = 0, hi = to;

	if (from > to || to > UINT64_MAX >> 1)
		return false;
	if (from > 0 && from < to) {
		/* Down to the subtree that ends at `from`. */
		while (hi != from) {
			uint64_t mid = lo + (UINT64_C(1) << split_level(hi - lo));
			bool left = from <= mid;

			if (!range_hash(r, h, left ? mid : lo, left ? hi : mid, &p.hash[p.n]))
				return false;
			p.n++;
			*(left ? &hi : &lo) = mid;
		}
		/* It is the old root itself when lo is 0: the verifier has that. */
		if (lo > 0 && !range_hash(r, h, lo, hi, &p.hash[p.n++]))
			return false;
		proof_reverse(&p);
	}
	*ret = p;
	return true;
}

/* RFC 9162 2.1.3.2. */
bool tree_verify_inclusion(struct hasher *h, const struct proof *p, uint64_t index, uint64_t size,
                           const struct hash *leaf, const struct hash *root)
{
	uint64_t fn = index, sn = size - 1;
	struct hash r = *leaf;

	if (index >= size || p->n < 0 || p->n > LIMIT_PROOF)
		return false;
	for (int i = 0; i < p->n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			r = tree_node(h, &p->hash[i], &r);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = tree_node(h, &r, &p->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&r, root);
}

/* RFC 9162 2.1.4.2. */
bool tree_verify_consistency(struct hasher *h, const struct proof *p, uint64_t from, uint64_t to,
                             const struct hash *from_root, const struct hash *to_root)
{
	uint64_t fn = from - 1, sn = to - 1;
	struct hash fr, sr;
	int i = 0;

	if (from == 0 || from > to || p->n < 0 || p->n > LIMIT_PROOF)
		return false;
	if (from == to)
		return p->n == 0 && hash_eq(from_root, to_root);
	/* An old tree that is one complete subtree is not repeated in the proof. */
	bool whole = (from & (from - 1)) == 0;
	if (p->n == 0)
		return false;
	fr = sr = whole ? *from_root : p->hash[i++];
	while (fn & 1) {
		fn >>= 1;
		sn >>= 1;
	}
	for (; i < p->n; i++) {
		const struct hash *c = &p->hash[i];

		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			fr = tree_node(h, c, &fr);
			sr = tree_node(h, c, &sr);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = tree_node(h, &sr, c);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&fr, from_root) && hash_eq(&sr, to_root);
}
