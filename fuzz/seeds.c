/* SPDX-License-Identifier: Apache-2.0 */
/* seeds.c -- the structured seeds that the corpora grew from, made by our own writers.
 *
 *     fuzz_seeds DIR [BUNDLE...]     DIR/TARGET/NAME; a BUNDLE is a tile of entries of an export,
 *                                    from which the first entry of each type is taken
 */
#include <sys/stat.h>

#include "base/csv.h"
#include "base/json.h"
#include "known.h"
#include "ledger/tile.h"
#include "ledger/witness.h"

#include "fuzz.h"
#include "seeds.h"

static const char *root;

/* Needed by kit.c; there is no target here. */
void fuzz_target(struct op *op, struct str in)
{
	(void)op;
	(void)in;
}

static void put(struct op *op, const char *target, const char *name, struct str bytes)
{
	struct str dir = str_fmt(op->arena, "%s/%s", root, target);
	struct str path = str_fmt(op->arena, "%s/%s", dir.s, name);
	FILE *f;

	mkdir(root, 0755);
	mkdir(dir.s, 0755);
	f = fopen(path.s, "wb");
	if (!f || fwrite(bytes.s, 1, bytes.n, f) != bytes.n || fclose(f) != 0) {
		perror(path.s);
		exit(1);
	}
}

void putf(struct op *op, const char *target, int n, struct str bytes)
{
	put(op, target, str_fmt(op->arena, "seed-%02d", n).s, bytes);
}

void putz(struct op *op, const char *target, int n, const char *text)
{
	putf(op, target, n, str_of(text));
}

/* The form with its %s replaced. */
static struct str str_replaced(struct arena *a, const char *form, struct str by)
{
	const char *at = strstr(form, "%s");

	return str_fmt(a, "%.*s%s%s", (int)(at - form), form, by.s, at + 2);
}

/* A further line by nobody that anyone knows. */
static struct str with_stranger(struct op *op, struct str note, const char *name, size_t bytes)
{
	struct note *n = ARENA_NEW(op->arena, struct note);

	FUZZ_CHECK(note_parse(op, note, n) == RC_OK);
	n->sig[n->nsigs++] = (struct note_sig){str_of(name), 7, {arena_alloc(op->arena, bytes), bytes}};
	return note_format(op->arena, n);
}

static void notes(struct op *op)
{
	const struct known *k = known();
	static const uint64_t SIZES[] = {0, 1, 255, 256, 257, 600};

	for (int w = 0; w < KNOWN_KEYS; w++) {
		struct str note = known_note(op, 10 + (uint64_t)w, w);

		putf(op, "note", w, note);
		putf(op, "note", 10 + w, with_stranger(op, note, "x.example", 68));
		putf(op, "note", 20 + w,
		     with_stranger(op, with_stranger(op, note, "y", 3), "z\xc3\xa9", 1));
		putf(op, "vkey", w, note_vkey_format(op->arena, &k->key[w]));
	}
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		struct checkpoint c = {k->key[0].name, SIZES[i], k->root[SIZES[i]]};
		struct str text = checkpoint_format(op->arena, &c);

		putf(op, "checkpoint", (int)i, text);
		putf(op, "checkpoint", 10 + (int)i, str_fmt(op->arena, "%sextra line\nmore\n", text.s));
		putf(op, "checkpoint", 20 + (int)i, known_note(op, SIZES[i], (int)(i % 3)));
	}
}

/* Nearly a checkpoint each. */
static void bad_checkpoints(struct op *op)
{
	static const char *const FORMS[] = {"o\n-1\n%s\n",
	                                    "o\n01\n%s\n",
	                                    "\n1\n%s\n",
	                                    "o\n1\n%s",
	                                    "o\n1\n%s\n\n",
	                                    "o\n9223372036854775808\n%s\n",
	                                    "o\n9223372036854775807\n%s\n",
	                                    "o\n1\nAAAA\n%s\n"};
	struct str root_text = base64_encode(op->arena, known()->root[7].b, 32);

	for (size_t i = 0; i < COUNT(FORMS); i++)
		putf(op, "checkpoint", 40 + (int)i, str_replaced(op->arena, FORMS[i], root_text));
}

static void policies(struct op *op)
{
	const struct known *k = known();
	struct str v[KNOWN_KEYS];

	for (int i = 0; i < KNOWN_KEYS; i++)
		v[i] = note_vkey_format(op->arena, &k->key[i]);
	putf(op, "policy", 0, str_fmt(op->arena, "# trust\nlog %s\nquorum none\n", v[0].s));
	putf(op, "policy", 1,
	     str_fmt(op->arena, "log %s https://x\nwitness a %s\nquorum a\n", v[0].s, v[1].s));
	putf(op, "policy", 2,
	     str_fmt(op->arena,
	             "log %s\nwitness a %s\nwitness b %s https://w\n"
	             "group g 2 a b\ngroup h any g\n\nquorum h\n",
	             v[0].s, v[1].s, v[2].s));
	putf(op, "policy", 4,
	     str_fmt(op->arena, "witness a %s\ngroup g 1 a\ngroup h 1 a\nquorum h\n", v[1].s));
	putf(op, "policy", 5, str_fmt(op->arena, "witness a %s\ngroup g 2 a\nquorum g\n", v[1].s));
	putf(op, "policy", 6,
	     str_fmt(op->arena, "witness a %s\nwitness a %s\nquorum a\n", v[1].s, v[2].s));
	putf(op, "policy", 7,
	     str_fmt(op->arena, "witness a %s\nwitness b %s\nquorum a\n", v[1].s, v[1].s));
	putf(op, "policy", 8, str_fmt(op->arena, "witness a %s\nquorum b\n", v[0].s));
	putf(op, "policy", 9, str_fmt(op->arena, "witness a %s\nquorum a\nquorum none\n", v[1].s));
	putf(op, "policy", 3,
	     str_fmt(op->arena,
	             "witness a %s\nwitness b %s\ngroup g all a\n"
	             "group h 1 g b\nquorum g\n",
	             v[1].s, v[2].s));
}

static void receipts(struct op *op)
{
	static const struct {
		uint64_t index, size;
	} OF[] = {{0, 1}, {0, 2}, {3, 7}, {255, 256}, {256, 257}, {511, 600}, {599, 600}};
	struct tree_reader reader = known_reader();

	for (size_t i = 0; i < COUNT(OF); i++) {
		struct receipt r = {.index = OF[i].index, .note = known_note(op, OF[i].size, 2)};
		struct witness_request q = {.old = OF[i].index, .note = known_note(op, OF[i].size, 0)};
		struct str text;

		FUZZ_CHECK(tree_prove_inclusion(&reader, fuzz_hasher(), r.index, OF[i].size, &r.proof));
		text = receipt_format(op->arena, &r);
		putf(op, "proof", (int)i, text);
		putf(op, "proof", 10 + (int)i,
		     str_fmt(op->arena, "c2sp.org/tlog-proof@v1\nextra aGk=\n%s",
		             text.s + strlen("c2sp.org/tlog-proof@v1\n")));
		FUZZ_CHECK(tree_prove_consistency(&reader, fuzz_hasher(), q.old, OF[i].size, &q.proof));
		putf(op, "witness_request", (int)i, witness_request_format(op->arena, &q));
	}
}

/* One line of proof more than there may be, and sizes that are none. */
static void bad_receipts(struct op *op)
{
	static const char *const OLD[] = {"old -1\n\n%s", "old \n\n%s", "old 01\n\n%s",
	                                  "old 9223372036854775808\n\n%s"};
	static const char *const INDEX[] = {"index -1\n\n%s", "index \n\n%s", "index 01\n\n%s"};
	struct str note = known_note(op, 3, 2);
	struct strbuf b;

	strbuf_init(&b, op->arena);
	for (int i = 0; i <= LIMIT_PROOF; i++)
		strbuf_addf(&b, "%s\n", base64_encode(op->arena, known()->leaf[i].b, 32).s);
	putf(op, "witness_request", 20, str_fmt(op->arena, "old 1\n%s\n%s", strbuf_str(&b).s, note.s));
	putf(op, "proof", 40,
	     str_fmt(op->arena, "c2sp.org/tlog-proof@v1\nindex 1\n%s\n%s", strbuf_str(&b).s, note.s));
	for (size_t i = 0; i < COUNT(OLD); i++)
		putf(op, "witness_request", 21 + (int)i, str_replaced(op->arena, OLD[i], note));
	for (size_t i = 0; i < COUNT(INDEX); i++)
		putf(op, "proof", 41 + (int)i,
		     str_fmt(op->arena, "c2sp.org/tlog-proof@v1\n%s",
		             str_replaced(op->arena, INDEX[i], note).s));
}

static void trees(struct op *op)
{
	/* kind, two sizes of two bytes, then changes of three: see tree.c. */
	static const unsigned char IN[][14] = {
		{8, 0, 0, 2, 88, 1, 0, 0, 2, 0, 0, 3, 1, 1},  {1, 0, 0, 0, 4, 1, 0, 0, 8, 0, 2, 0, 0, 9},
		{1, 1, 0, 2, 88, 9, 0, 0, 9, 0, 0, 1, 0, 0},  {0, 0, 255, 1, 1, 6, 0, 9, 7, 0, 9, 2, 0, 0},
		{2, 0, 3, 0, 7, 4, 0, 1, 5, 0, 1, 0, 1, 70},  {1, 0, 5, 0, 6, 3, 1, 0, 0, 0, 5, 1, 0, 0},
		{0, 0, 0, 0, 9, 1, 0, 0, 2, 0, 0, 3, 0, 0},   {1, 0, 9, 0, 9, 1, 0, 0, 2, 0, 0, 3, 0, 0},
		{2, 2, 88, 2, 88, 8, 1, 0, 6, 0, 0, 2, 0, 0}, {1, 0, 0, 0, 1, 9, 0, 0, 0, 0, 7, 0, 0, 7},
	};

	for (size_t i = 0; i < COUNT(IN); i++)
		for (size_t n = 5; n <= 14; n += 3)
			putf(op, "tree", (int)(10 * i + n / 3), (struct str){(const char *)IN[i], n});
}

static void tiles(struct op *op)
{
	static const uint64_t N[] = {0, 5, 999, 1000, 1234067, UINT64_MAX};
	static const char *const NEAR[] = {"tile/63/000",      "tile/64/000",      "tile/-1/000",
	                                   "tile/00/000",      "tile/0/00",        "tile/0/x00/001",
	                                   "tile/0/000.p/256", "tile/0/000.p/255", "tile/0/000.p/0",
	                                   "tile/0/x000/001",  "/tile/0/000"};
	struct strbuf b;

	for (size_t i = 0; i < COUNT(N); i++) {
		putf(op, "tile_path", (int)i, tile_path(op->arena, (int)i - 1, N[i], 256));
		putf(op, "tile_path", 10 + (int)i, tile_path(op->arena, -1, N[i], 1 + 40 * (int)i));
	}
	strbuf_init(&b, op->arena);
	bundle_add(&b, STR("one"));
	bundle_add(&b, STR(""));
	putf(op, "tile_path", 20, strbuf_str(&b));
	for (size_t i = 0; i < COUNT(NEAR); i++)
		putz(op, "tile_path", 30 + (int)i, NEAR[i]);
	putf(op, "tile_path", 40, STR("\0\3ab")); /* an entry cut by one byte */
	putf(op, "tile_path", 41, STR("\0\1ab"));
}

static void jsons(struct op *op)
{
	static const char *const TEXTS[] = {
		"null",
		"[]",
		"{}",
		" [true, false,\n null]\n",
		"-9007199254740991",
		"\"\\u00e9\\ud83d\\ude00\"",
		"{\"b\":1,\"a\":[{\"key\":\"v\"},2,{\"\\ue000\":\"\\n\\t\\\"\\\\\\u0007/"
		"\",\"\xf0\x9f\x98\x80\":0}]}",
		"[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
		"{\"a\":{\"a\":{\"a\":{}}},\"list\":[1,2,3]}",
		"[{\"key\":\"long enough\"},1,2]",
		"{\"q\":1,\"p\":2,\"o\":3,\"n\":4,\"m\":5,\"l\":6,\"k\":7,\"j\":8,\"i\":9,\"h\":10,\"g\":"
		"11,"
		"\"f\":12,\"e\":13,\"d\":14,\"c\":15,\"b\":16,\"a\":17}",
	};
	static const char *const BAD[] = {
		"[1.5]", "1e9",      "9007199254740992", "{\"a\":1,\"a\":2}", "[1,]", "\"\\ud800\"",
		"[1] 2", "\"\xff\"", "\"\\u0000\"",      "[\n\"open",         "nul"};

	for (size_t i = 0; i < COUNT(TEXTS); i++)
		putz(op, "json", (int)i, TEXTS[i]);
	for (size_t i = 0; i < COUNT(BAD); i++)
		putz(op, "json", 40 + (int)i, BAD[i]);
}

static void csvs(struct op *op)
{
	static const char *const TEXTS[] = {
		"name,code,copies\nA,1,2\n\"x,\"\"y\"\"\nz\",,3\r\nb,2,\"third one\"\n",
		"\xef\xbb\xbf"
		"a,b\r1,2\r",
		"",
		"\n\n",
		"考点,考场,份数\n第一中学,01,30\n第二中学,02,29\n",
		"\"\xef\xbb\xbf"
		"q\",\xc2\x80,\xf0\xa0\x80\x80\n",
	};
	struct str gb;

	for (size_t i = 0; i < COUNT(TEXTS); i++) {
		putz(op, "csv", (int)i, TEXTS[i]);
		if (csv_encode(op, str_of(TEXTS[i]), CSV_GB18030, &gb) == RC_OK)
			putf(op, "csv", 10 + (int)i, gb);
	}
	putz(op, "csv", 20, "a\"b\n");
	putz(op, "csv", 21, "\"a\"b\n");
	putz(op, "csv", 22, "\"open\n");
	putz(op, "csv", 23, "a\n\xff\xff,\n");
}

static void codecs(struct op *op)
{
	static const char *const TEXTS[] = {
		"0",
		"-1",
		"9223372036854775807",
		"-9223372036854775808",
		"00ff",
		"aGVsbG8=",
		"aGk=",
		"aGV5",
		"2025-06-07T08:58:00.000+08:00",
		"2025-06-07T08:58:00Z",
		"2024-02-29T23:59:59.5-14:00",
		"1970-01-01T00:00:00.000Z",
		"9999-12-31T23:59:59.999Z",
		"\xf0\x9f\x98\x80\xe2\x82\xac\xc3\xa9",
	};

	for (size_t i = 0; i < COUNT(TEXTS); i++)
		putz(op, "codec", (int)i, TEXTS[i]);
}

static struct str file_read_whole(struct op *op, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct strbuf b;
	char piece[4096];
	size_t n;

	if (!f) {
		perror(path);
		exit(1);
	}
	strbuf_init(&b, op->arena);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		strbuf_add(&b, piece, n);
	fclose(f);
	return strbuf_str(&b);
}

static void entry_seeds(struct op *op, struct str entry)
{
	struct json *o;
	const struct json *act;
	struct str type, command;

	FUZZ_CHECK(json_read(op, entry, &o) == RC_OK);
	type = json_str(o, "type");
	put(op, "event", str_fmt(op->arena, "entry-%s%s", type.s, json_get(o, "act") ? "-act" : "").s,
	    entry);
	act = json_get(o, "act");
	command = json_str(act, "command");
	if (act)
		put(op, "act", str_fmt(op->arena, "act-%s", command.s).s,
		    str_fmt(op->arena, "%s\n%s", command.s,
		            json_canonical(op->arena, json_get(act, "data")).s));
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};

	if (argc < 2) {
		fprintf(stderr, "usage: %s DIR [BUNDLE...]\n", argv[0]);
		return 2;
	}
	root = argv[1];
	notes(&op);
	bad_checkpoints(&op);
	policies(&op);
	receipts(&op);
	bad_receipts(&op);
	trees(&op);
	tiles(&op);
	jsons(&op);
	csvs(&op);
	codecs(&op);
	seeds_of_offices(&op);
	seeds_of_requests(&op);
	seeds_of_acts(&op);
	seeds_of_sheets(&op);
	for (int i = 2; i < argc; i++) {
		struct str rest = file_read_whole(&op, argv[i]), entry;
		bool bad;

		while (bundle_next(&rest, &entry, &bad))
			entry_seeds(&op, str_copy(&arena, entry));
	}
	arena_release(&arena);
	return 0;
}
