/* SPDX-License-Identifier: Apache-2.0 */
/* test_tree.c -- the Merkle tree against RFC 6962's known roots, a naive second implementation, and
 * the probes of transparency-dev. */
#include "kit/check.h"

#include "base/json.h"
#include "kit/vectors.h"
#include "ledger/tree.h"

#define MAX_SIZE 300

struct fixture {
	struct hasher *h;
	struct hash leaf[MAX_SIZE], root[MAX_SIZE + 1];
	struct tree tree[MAX_SIZE + 1];
	struct tree_reader reader;
	struct hash memo[MAX_SIZE][MAX_SIZE + 1]; /* naive_root of (lo, hi) */
	bool have[MAX_SIZE][MAX_SIZE + 1];
};

/* The definition itself: MTH(D[lo:hi]) of RFC 6962 2.1. */
static struct hash naive_root(struct fixture *f, uint64_t lo, uint64_t hi)
{
	struct hash l, r;
	uint64_t k = 1;

	if (hi == lo)
		return hash_sha256("", 0);
	if (hi - lo == 1)
		return f->leaf[lo];
	if (f->have[lo][hi])
		return f->memo[lo][hi];
	while (2 * k < hi - lo)
		k *= 2;
	l = naive_root(f, lo, lo + k);
	r = naive_root(f, lo + k, hi);
	f->have[lo][hi] = true;
	f->memo[lo][hi] = tree_node(f->h, &l, &r);
	return f->memo[lo][hi];
}

/* PATH(m, D[lo:hi]), m counted from the start of the tree. */
static void naive_path(struct fixture *f, uint64_t m, uint64_t lo, uint64_t hi, struct proof *ret)
{
	uint64_t k = 1;

	if (hi - lo == 1)
		return;
	while (2 * k < hi - lo)
		k *= 2;
	if (m - lo < k) {
		naive_path(f, m, lo, lo + k, ret);
		ret->hash[ret->n++] = naive_root(f, lo + k, hi);
	} else {
		naive_path(f, m, lo + k, hi, ret);
		ret->hash[ret->n++] = naive_root(f, lo, lo + k);
	}
}

/* SUBPROOF(m, D[lo:hi], whole), m counted from lo. */
static void naive_subproof(struct fixture *f, uint64_t m, uint64_t lo, uint64_t hi, bool whole,
                           struct proof *ret)
{
	uint64_t k = 1;

	if (m == hi - lo) {
		if (!whole)
			ret->hash[ret->n++] = naive_root(f, lo, hi);
		return;
	}
	while (2 * k < hi - lo)
		k *= 2;
	if (m <= k) {
		naive_subproof(f, m, lo, lo + k, whole, ret);
		ret->hash[ret->n++] = naive_root(f, lo + k, hi);
	} else {
		naive_subproof(f, m - k, lo + k, hi, false, ret);
		ret->hash[ret->n++] = naive_root(f, lo, lo + k);
	}
}

static bool leaf_reader(void *ctx, int level, uint64_t n, struct hash *ret)
{
	struct fixture *f = ctx;

	if ((n + 1) << level > MAX_SIZE)
		return false;
	*ret = naive_root(f, n << level, (n + 1) << level);
	return true;
}

static int set_up(void **state)
{
	struct fixture *f = test_calloc(1, sizeof *f);

	f->h = hasher_new(HASH_SHA256);
	f->reader = (struct tree_reader){leaf_reader, f};
	for (uint64_t i = 0; i < MAX_SIZE; i++) {
		char text[32];
		int n = snprintf(text, sizeof text, "entry %d", (int)i);

		f->leaf[i] = tree_leaf(f->h, text, (size_t)n);
		f->tree[i + 1] = f->tree[i];
		tree_push(&f->tree[i + 1], f->h, &f->leaf[i]);
	}
	for (uint64_t n = 0; n <= MAX_SIZE; n++)
		f->root[n] = naive_root(f, 0, n);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	hasher_free(f->h);
	test_free(f);
	return 0;
}

static void the_known_roots_of_rfc_6962_come_out(void **state)
{
	/* The eight leaves that certificate-transparency implementations share, and their roots. */
	static const struct {
		const char *leaf;
		const char *root;
	} KNOWN[] = {
		{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
		{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
		{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
		{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
		{"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
		{"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
		{"606162636465666768696a6b6c6d6e6f",
	     "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
	};
	struct fixture *f = *state;
	struct arena a = {0};
	struct tree t = {0};
	struct hash root = tree_root(&t, f->h);

	assert_str(hash_hex(&a, &root),
	           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < COUNT(KNOWN); i++) {
		struct str bytes = vec_hex(&a, str_of(KNOWN[i].leaf));
		struct hash leaf = tree_leaf(f->h, bytes.s, bytes.n);

		tree_push(&t, f->h, &leaf);
		root = tree_root(&t, f->h);
		assert_str(hash_hex(&a, &root), KNOWN[i].root);
	}
	arena_release(&a);
}

static void every_root_and_peak_is_that_of_the_definition(void **state)
{
	struct fixture *f = *state;

	for (uint64_t n = 0; n <= MAX_SIZE; n++) {
		struct hash root = tree_root(&f->tree[n], f->h);
		struct tree t;

		assert_true(hash_eq(&root, &f->root[n]));
		assert_true(tree_load(&f->reader, n, &t));
		assert_int_equal(t.size, n);
		assert_memory_equal(t.peak, f->tree[n].peak,
		                    (size_t)__builtin_popcountll(n) * sizeof t.peak[0]);
	}
}

static void every_inclusion_proof_is_that_of_the_definition(void **state)
{
	struct fixture *f = *state;

	for (uint64_t size = 1; size <= MAX_SIZE; size++) {
		for (uint64_t i = 0; i < size; i++) {
			struct proof want = {0}, got;

			naive_path(f, i, 0, size, &want);
			assert_true(tree_prove_inclusion(&f->reader, f->h, i, size, &got));
			assert_int_equal(got.n, want.n);
			assert_memory_equal(got.hash, want.hash, (size_t)got.n * sizeof got.hash[0]);
			assert_true(tree_verify_inclusion(f->h, &got, i, size, &f->leaf[i], &f->root[size]));
			if (i + 1 < size) /* the same proof is nobody else's */
				assert_false(
					tree_verify_inclusion(f->h, &got, i + 1, size, &f->leaf[i], &f->root[size]));
		}
	}
}

static void every_consistency_proof_is_that_of_the_definition(void **state)
{
	struct fixture *f = *state;

	for (uint64_t to = 1; to <= MAX_SIZE; to++) {
		for (uint64_t from = 1; from <= to; from++) {
			struct proof want = {0}, got;

			naive_subproof(f, from, 0, to, true, &want);
			assert_true(tree_prove_consistency(&f->reader, f->h, from, to, &got));
			assert_int_equal(got.n, want.n);
			assert_memory_equal(got.hash, want.hash, (size_t)got.n * sizeof got.hash[0]);
			assert_true(
				tree_verify_consistency(f->h, &got, from, to, &f->root[from], &f->root[to]));
		}
	}
}

static void every_flipped_bit_of_an_inclusion_proof_is_seen(void **state)
{
	static const uint64_t SIZES[] = {1, 2, 3, 7, 8, 9, 64, 65, 255, 256, 257, 300};
	struct fixture *f = *state;

	for (size_t s = 0; s < COUNT(SIZES); s++) {
		for (uint64_t i = 0; i < SIZES[s]; i += SIZES[s] / 5 + 1) {
			struct proof p;

			assert_true(tree_prove_inclusion(&f->reader, f->h, i, SIZES[s], &p));
			for (int bit = 0; bit < p.n * 256; bit++) {
				struct proof q = p;

				q.hash[bit / 256].b[bit % 256 / 8] ^= (uint8_t)(1 << bit % 8);
				assert_false(
					tree_verify_inclusion(f->h, &q, i, SIZES[s], &f->leaf[i], &f->root[SIZES[s]]));
			}
		}
	}
}

static void every_flipped_bit_of_a_consistency_proof_is_seen(void **state)
{
	static const uint64_t SIZES[][2] = {{1, 2},     {1, 300},   {3, 7},     {4, 7},
	                                    {6, 8},     {8, 9},     {64, 65},   {100, 255},
	                                    {128, 300}, {255, 256}, {256, 300}, {299, 300}};
	struct fixture *f = *state;

	for (size_t s = 0; s < COUNT(SIZES); s++) {
		uint64_t from = SIZES[s][0], to = SIZES[s][1];
		struct proof p;

		assert_true(tree_prove_consistency(&f->reader, f->h, from, to, &p));
		for (int bit = 0; bit < p.n * 256; bit++) {
			struct proof q = p;

			q.hash[bit / 256].b[bit % 256 / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(tree_verify_consistency(f->h, &q, from, to, &f->root[from], &f->root[to]));
		}
		p.hash[p.n++] = f->root[from];
		assert_false(tree_verify_consistency(f->h, &p, from, to, &f->root[from], &f->root[to]));
		p.n -= 2;
		assert_false(tree_verify_consistency(f->h, &p, from, to, &f->root[from], &f->root[to]));
	}
}

static bool blind_reader(void *ctx, int level, uint64_t n, struct hash *ret)
{
	int *left = ctx;

	*ret = (struct hash){{0}};
	return (*left)-- > 0;
}

static void without_its_hashes_nothing_is_proved(void **state)
{
	struct fixture *f = *state;
	struct proof p;
	struct tree t;

	/* Each of the three needs at least three stored hashes. */
	for (int have = 0; have < 3; have++) {
		int left = have;
		struct tree_reader r = {blind_reader, &left};

		assert_false(tree_prove_inclusion(&r, f->h, 3, 7, &p));
		left = have;
		assert_false(tree_prove_consistency(&r, f->h, 3, 7, &p));
		left = have;
		assert_false(tree_load(&r, 7, &t));
	}
}

static void each_root_of_a_consistency_proof_is_checked(void **state)
{
	struct fixture *f = *state;

	for (uint64_t from = 1; from < 20; from++) {
		struct hash bad = f->root[from];
		struct proof p;

		assert_true(tree_prove_consistency(&f->reader, f->h, from, 20, &p));
		bad.b[0] ^= 1;
		assert_false(tree_verify_consistency(f->h, &p, from, 20, &bad, &f->root[20]));
		bad = f->root[20];
		bad.b[31] ^= 1;
		assert_false(tree_verify_consistency(f->h, &p, from, 20, &f->root[from], &bad));
	}
}

static void a_proof_that_climbs_over_the_root_is_refused(void **state)
{
	struct fixture *f = *state;
	struct proof p = {0}, q;
	struct hash above;

	/* Its hashes do give the root named, but a tree of that size has no such level. */
	p.hash[p.n++] = f->leaf[7];
	above = tree_node(f->h, &f->leaf[7], &f->leaf[0]);
	assert_false(tree_verify_inclusion(f->h, &p, 0, 1, &f->leaf[0], &above));
	assert_true(tree_prove_inclusion(&f->reader, f->h, 4, 5, &q));
	q.hash[q.n++] = f->leaf[7];
	above = tree_node(f->h, &f->leaf[7], &f->root[5]);
	assert_false(tree_verify_inclusion(f->h, &q, 4, 5, &f->leaf[4], &above));
	assert_true(tree_prove_consistency(&f->reader, f->h, 3, 5, &q));
	q.hash[q.n++] = f->leaf[7];
	above = tree_node(f->h, &f->leaf[7], &f->root[5]);
	p.hash[0] = tree_node(f->h, &f->leaf[7], &f->root[3]);
	assert_false(tree_verify_consistency(f->h, &q, 3, 5, &p.hash[0], &above));
	assert_false(tree_verify_consistency(f->h, &q, 3, 5, &f->root[3], &above));
}

static void a_proof_of_wrong_length_or_range_is_refused(void **state)
{
	struct fixture *f = *state;
	struct proof p, none = {0}, q;

	assert_false(tree_prove_inclusion(&f->reader, f->h, 5, 5, &q));
	assert_false(tree_prove_inclusion(&f->reader, f->h, 0, 0, &q));
	assert_false(tree_prove_inclusion(&f->reader, f->h, 0, UINT64_MAX, &q));
	assert_false(tree_prove_inclusion(&f->reader, f->h, 1, MAX_SIZE + 1, &q));
	assert_false(tree_prove_consistency(&f->reader, f->h, 6, 5, &q));
	assert_true(tree_prove_consistency(&f->reader, f->h, 0, 5, &q));
	assert_int_equal(q.n, 0);
	assert_false(tree_verify_consistency(f->h, &none, 0, 0, &f->root[0], &f->root[0]));
	assert_false(tree_verify_consistency(f->h, &none, 0, 5, &f->root[0], &f->root[5]));
	assert_false(tree_verify_consistency(f->h, &none, 6, 5, &f->root[6], &f->root[5]));
	assert_false(tree_verify_consistency(f->h, &none, 4, 5, &f->root[4], &f->root[5]));
	assert_true(tree_verify_consistency(f->h, &none, 5, 5, &f->root[5], &f->root[5]));
	assert_false(tree_verify_consistency(f->h, &none, 5, 5, &f->root[5], &f->root[4]));
	assert_true(tree_prove_inclusion(&f->reader, f->h, 2, 7, &p));
	assert_false(tree_verify_inclusion(f->h, &p, 7, 7, &f->leaf[2], &f->root[7]));
	assert_false(tree_verify_inclusion(f->h, &p, 0, 0, &f->leaf[2], &f->root[7]));
	q = p;
	q.n--;
	assert_false(tree_verify_inclusion(f->h, &q, 2, 7, &f->leaf[2], &f->root[7]));
	q = p;
	q.hash[q.n++] = f->leaf[0];
	assert_false(tree_verify_inclusion(f->h, &q, 2, 7, &f->leaf[2], &f->root[7]));
	q.n = LIMIT_PROOF + 1;
	assert_false(tree_verify_inclusion(f->h, &q, 2, 7, &f->leaf[2], &f->root[7]));
	q.n = -1;
	assert_false(tree_verify_inclusion(f->h, &q, 2, 7, &f->leaf[2], &f->root[7]));
	assert_false(tree_verify_consistency(f->h, &q, 2, 7, &f->root[2], &f->root[7]));
}

/* transparency-dev's probes */

/* A hash of 32 bytes, or false: some probes hold other lengths, which no struct hash can. */
static bool probe_hash(struct arena *a, struct str b64, struct hash *ret)
{
	struct str raw;

	if (b64.n == 0 || !base64_decode(a, b64, &raw) || raw.n != sizeof ret->b)
		return false;
	memcpy(ret->b, raw.s, raw.n);
	return true;
}

static bool probe_proof(struct arena *a, const struct json *list, struct proof *ret)
{
	ret->n = 0;
	if (!list || list->type != JSON_ARRAY)
		return true;
	for (const struct json *j = list->first; j; j = j->next) {
		if (ret->n == LIMIT_PROOF || !probe_hash(a, j->s, &ret->hash[ret->n]))
			return false;
		ret->n++;
	}
	return true;
}

static bool run_probe(struct arena *a, struct hasher *h, const struct json *j, bool inclusion)
{
	struct hash x, root1, root2;
	struct proof p;

	if (!probe_proof(a, json_get(j, "proof"), &p))
		return false;
	if (inclusion)
		return probe_hash(a, json_str(j, "leafHash"), &x) &&
		       probe_hash(a, json_str(j, "root"), &root1) &&
		       tree_verify_inclusion(h, &p, (uint64_t)json_int(j, "leafIdx", 0),
		                             (uint64_t)json_int(j, "treeSize", 0), &x, &root1);
	/* Some accepted probes have equal sizes and roots that are no hashes. */
	if (json_int(j, "size1", 0) == json_int(j, "size2", 0) && json_int(j, "size1", 0) > 0 &&
	    !probe_hash(a, json_str(j, "root1"), &root1))
		return p.n == 0 && str_eq(json_str(j, "root1"), json_str(j, "root2"));
	return probe_hash(a, json_str(j, "root1"), &root1) &&
	       probe_hash(a, json_str(j, "root2"), &root2) &&
	       tree_verify_consistency(h, &p, (uint64_t)json_int(j, "size1", 0),
	                               (uint64_t)json_int(j, "size2", 0), &root1, &root2);
}

/* Probes of a folder and those below it; how many there were. */
static size_t run_folder(struct arena *a, struct str dir, bool inclusion)
{
	struct str *names;
	size_t n = vectors_list(a, dir, "", &names), ran = 0;
	struct hasher *h = hasher_new(HASH_SHA256);

	for (size_t i = 0; i < n; i++) {
		struct str path = str_fmt(a, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(names[i]));
		struct op op = {.arena = a};
		struct json *j;
		bool refused;

		if (!str_ends(names[i], STR(".json"))) {
			ran += run_folder(a, path, inclusion);
			continue;
		}
		struct str text = vectors_read(a, path);
		if (json_read(&op, text, &j) != RC_OK) {
			/* Sizes over 2^53-1 do not fit our JSON: none is to be accepted. */
			assert_non_null(strstr(text.s, "\"wantErr\": true"));
			continue;
		}
		refused = json_bool(j, "wantErr", false);
		if (run_probe(a, h, j, inclusion) == refused)
			fail_msg("%s should be %s", path.s, refused ? "refused" : "accepted");
		ran++;
	}
	hasher_free(h);
	return ran;
}

static void the_probes_of_transparency_dev_come_out(void **state)
{
	struct arena a = {0};
	struct str dir;

	if (!vectors_find(&a, "merkle/testdata", &dir)) {
		arena_release(&a);
		skip();
	}
	assert_true(run_folder(&a, str_fmt(&a, "%s/inclusion", dir.s), true) > 40);
	assert_true(run_folder(&a, str_fmt(&a, "%s/consistency", dir.s), false) > 40);
	arena_release(&a);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_known_roots_of_rfc_6962_come_out),
		cmocka_unit_test(every_root_and_peak_is_that_of_the_definition),
		cmocka_unit_test(every_inclusion_proof_is_that_of_the_definition),
		cmocka_unit_test(every_consistency_proof_is_that_of_the_definition),
		cmocka_unit_test(every_flipped_bit_of_an_inclusion_proof_is_seen),
		cmocka_unit_test(every_flipped_bit_of_a_consistency_proof_is_seen),
		cmocka_unit_test(without_its_hashes_nothing_is_proved),
		cmocka_unit_test(each_root_of_a_consistency_proof_is_checked),
		cmocka_unit_test(a_proof_that_climbs_over_the_root_is_refused),
		cmocka_unit_test(a_proof_of_wrong_length_or_range_is_refused),
		cmocka_unit_test(the_probes_of_transparency_dev_come_out),
	};
	return cmocka_run_group_tests(TESTS, set_up, tear_down);
}
