/* SPDX-License-Identifier: Apache-2.0 */
/* make_exports.c -- signs a ledger of made-up entries at every size from 1 to 1,025 and writes what
 * others need to verify it without any code of ours:
 *
 *   DIR/vkey           the verifier key
 *   DIR/entries        all entries, as an entry bundle
 *   DIR/sizes.jsonl    a line a size: {"checkpoint","consistency":[{"from","proof"}],"receipts",
 *                      "size"}: consistency from the size before and from one further back,
 *                      receipts of the first and last entry, of those at tile borders, and others
 *   DIR/export-N/      export folders at some sizes, one of 70,000 entries
 *
 * make_exports DIR; DIR must exist.  The database is the one that tests use.
 */
#include "kit/check.h"

#include "base/json.h"
#include "ledger/book.h"

#define LAST 1025

static const uint64_t FOLDERS[] = {1, 2, 255, 256, 257, 511, 512, 513, 1024, 1025};

struct writer {
	struct book b;
	struct signer s;
	const char *dir;
	FILE *sizes;
	struct arena line; /* of one size */
};

static FILE *create(const char *dir, const char *name)
{
	struct arena a = {0};
	FILE *f = fopen(str_fmt(&a, "%s/%s", dir, name).s, "wx");

	assert_non_null(f);
	arena_release(&a);
	return f;
}

static void put_str(FILE *f, struct str s)
{
	assert_int_equal(fwrite(s.s, 1, s.n, f), s.n);
}

static void add_receipt(struct writer *w, struct json *list, uint64_t index)
{
	struct str receipt;
	struct json *j = json_new_object(&w->line);

	assert_ok(ledger_prove(&w->b.op, &w->b.ledger, index, &receipt));
	json_set_int(&w->line, j, "index", (int64_t)index);
	json_set_str(&w->line, j, "proof", str_copy(&w->line, receipt));
	json_put(list, NULL, j);
}

static void add_consistency(struct writer *w, struct json *list, uint64_t from, uint64_t size)
{
	struct tree_reader r = ledger_reader(&w->b.ledger);
	struct json *j = json_new_object(&w->line), *hashes = json_new_array(&w->line);
	struct proof p;

	if (from == 0)
		return;
	assert_true(tree_prove_consistency(&r, w->b.ledger.hasher, from, size, &p));
	for (int i = 0; i < p.n; i++)
		json_set_str(&w->line, hashes, NULL, base64_encode(&w->line, p.hash[i].b, 32));
	json_set_int(&w->line, j, "from", (int64_t)from);
	json_put(j, "proof", hashes);
	json_put(list, NULL, j);
}

static void put_size(struct writer *w, uint64_t size)
{
	struct json *line = json_new_object(&w->line), *receipts = json_new_array(&w->line);
	struct json *consistency = json_new_array(&w->line);
	struct str note;

	book_grow(&w->b, size, 1);
	assert_ok(signer_sign(&w->b.op, &w->s, &w->b.ledger, &note));
	for (uint64_t i = 0; i < size; i++)
		if (i == 0 || i + 1 == size || i % 256 == 255 || (i % 256 == 0 && i > 0) ||
		    i == size * 7 % 1021 % size)
			add_receipt(w, receipts, i);
	add_consistency(w, consistency, size - 1, size);
	add_consistency(w, consistency, size * 5 % 1019 % size, size);
	json_set_str(&w->line, line, "checkpoint", str_copy(&w->line, note));
	json_put(line, "consistency", consistency);
	json_put(line, "receipts", receipts);
	json_set_int(&w->line, line, "size", (int64_t)size);
	put_str(w->sizes, json_canonical(&w->line, line));
	put_str(w->sizes, STR("\n"));
	arena_reset(&w->line);
}

static void put_folder(struct writer *w, uint64_t size)
{
	struct str dir = str_fmt(&w->b.arena, "%s/export-%llu", w->dir, (unsigned long long)size);
	struct hash root;
	uint64_t got;

	assert_ok(ledger_export(&w->b.op, &w->b.ledger, dir, &w->b.vkey, &got, &root));
	assert_int_equal(got, size);
}

static void put_entries(const char *dir)
{
	FILE *f = create(dir, "entries");
	struct arena a = {0};
	struct strbuf bundle;

	strbuf_init(&bundle, &a);
	for (uint64_t i = 0; i < LAST; i++)
		bundle_add(&bundle, book_entry(&a, i));
	put_str(f, strbuf_str(&bundle));
	assert_int_equal(fclose(f), 0);
	arena_release(&a);
}

int main(int argc, char **argv)
{
	static struct writer w;
	struct str note;
	FILE *vkey;

	if (argc != 2)
		return 2;
	w.dir = argv[1];
	book_open(&w.b);
	assert_ok(signer_open(&w.b.op, &w.b.ledger, STR(BOOK_ORIGIN), &w.b.key, STR(""), &w.s));
	vkey = create(w.dir, "vkey");
	put_str(vkey, note_vkey_format(&w.b.arena, &w.b.vkey));
	assert_int_equal(fclose(vkey), 0);
	put_entries(w.dir);
	w.sizes = create(w.dir, "sizes.jsonl");
	for (uint64_t size = 1; size <= LAST; size++) {
		put_size(&w, size);
		for (size_t i = 0; i < COUNT(FOLDERS); i++)
			if (FOLDERS[i] == size)
				put_folder(&w, size);
	}
	assert_int_equal(fclose(w.sizes), 0);
	book_grow(&w.b, 70000, 10000);
	assert_ok(signer_sign(&w.b.op, &w.s, &w.b.ledger, &note));
	put_folder(&w, 70000);
	signer_release(&w.s);
	book_close(&w.b);
	arena_release(&w.line);
	return 0;
}
