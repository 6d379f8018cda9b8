/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h -- the Merkle tree of RFC 6962: leaf SHA-256(0x00 || entry), node SHA-256(0x01 || l || r).
 *
 * Pure: hashes in, hashes out.  Stored hashes are addressed as (level, n): hash n of level L
 * covers the leaves [n * 2^L, (n+1) * 2^L).
 */
#ifndef GY_TREE_H
#define GY_TREE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/macros.h"

/* The full subtrees of a tree of `size` leaves, largest first: enough to append and to give the
 * root. */
struct tree {
	uint64_t size;
	struct hash peak[64]; /* popcount(size) of them */
};

struct hash tree_leaf(struct hasher *h, const void *entry, size_t n);
struct hash tree_node(struct hasher *h, const struct hash *l, const struct hash *r);

void tree_push(struct tree *t, struct hasher *h, const struct hash *leaf);
/* The next 2^level leaves at once, by their hash; t->size must be a multiple of that. */
void tree_push_full(struct tree *t, struct hasher *h, int level, const struct hash *full);
struct hash tree_root(const struct tree *t, struct hasher *h); /* size 0: SHA-256("") */

/* Gives the hash (level, n) of a complete subtree; false: cannot. */
struct tree_reader {
	bool (*hash_at)(void *ctx, int level, uint64_t n, struct hash *ret);
	void *ctx;
};

struct proof {
	struct hash hash[LIMIT_PROOF];
	int n;
};

/* The tree of `size` leaves, its peaks read. */
bool tree_load(const struct tree_reader *r, uint64_t size, struct tree *ret);

/* RFC 6962 2.1.1 and 2.1.2.  False: index >= size, from > to, or the reader cannot. */
bool tree_prove_inclusion(const struct tree_reader *r, struct hasher *h, uint64_t index,
                          uint64_t size, struct proof *ret);
bool tree_prove_consistency(const struct tree_reader *r, struct hasher *h, uint64_t from,
                            uint64_t to, struct proof *ret);

/* Verifiers: reject a wrong length, leftover hashes, index >= size, from > to; equal sizes ask
 * for an empty proof and equal roots; from == 0 is an error (nothing is proved). */
bool tree_verify_inclusion(struct hasher *h, const struct proof *p, uint64_t index, uint64_t size,
                           const struct hash *leaf, const struct hash *root);
bool tree_verify_consistency(struct hasher *h, const struct proof *p, uint64_t from, uint64_t to,
                             const struct hash *from_root, const struct hash *to_root);

#endif
