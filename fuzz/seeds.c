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

static void putf(struct op *op, const char *target, int n, struct str bytes)
{
	put(op, target, str_fmt(op->arena, "seed-%02d", n).s, bytes);
}

static void putz(struct op *op, const char *target, int n, const char *text)
{
	putf(op, target, n, str_of(text));
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

static void trees(struct op *op)
{
	for (int i = 0; i < 8; i++) {
		const char in[] = {(char)i,
		                   (char)(i & 1),
		                   (char)(i * 37),
		                   2,
		                   (char)(i * 11),
		                   (char)i,
		                   3,
		                   9,
		                   (char)(i + 1),
		                   1,
		                   70,
		                   (char)(i + 2),
		                   5,
		                   1};

		putf(op, "tree", i, (struct str){in, sizeof(in) - 3 * ((unsigned)i % 4)});
	}
}

static void tiles(struct op *op)
{
	static const uint64_t N[] = {0, 5, 999, 1000, 1234067, UINT64_MAX};
	struct strbuf b;

	for (size_t i = 0; i < COUNT(N); i++) {
		putf(op, "tile_path", (int)i, tile_path(op->arena, (int)i - 1, N[i], 256));
		putf(op, "tile_path", 10 + (int)i, tile_path(op->arena, -1, N[i], 1 + 40 * (int)i));
	}
	strbuf_init(&b, op->arena);
	bundle_add(&b, STR("one"));
	bundle_add(&b, STR(""));
	putf(op, "tile_path", 20, strbuf_str(&b));
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

#define ENVELOPE \
	"\"exam\":\"demo\",\"idx\":9,\"nonce\":\"00112233445566778899aabbccddeeff\"," \
	"\"place\":\"sc/cd\",\"source\":\"office\",\"time\":\"2025-06-07T00:58:00.000Z\"," \
	"\"type\":\"lab.measured\""
#define MAC "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\""
#define LINES \
	"\"lines\":[{\"asset\":\"paper\",\"code\":\"B1\",\"copies\":3}," \
	"{\"asset\":\"paper\",\"code\":\"B2\",\"copies\":4,\"spare\":true}]"

static void lab_events(struct op *op)
{
	static const char HEAD[] = "{\"actor\":1,\"auth\":3,\"clock\":\"system\",\"data\":{";
	static const char TAIL[] = "," ENVELOPE ",\"v\":";
	static const char *const DATA[] = {
		"\"code\":\"C-1\",\"how\":\"eye\"," LINES ",\"note\":{\"mac\":" MAC ",\"vault\":288},"
		"\"place\":\"sc/cd\",\"sealed\":true,\"weight_g\":12}",
		"\"code\":\"C-2\",\"how\":\"scale\",\"id\":5,\"note\":{\"mac\":" MAC ",\"vault\":288},"
		"\"person\":7,\"place\":\"sc/cd\",\"sealed\":false,\"weight_mg\":12}",
		"\"at_ms\":\"2025-06-07T00:58:00.000Z\",\"bytes\":\"c0ffee\",\"code\":\"C-3\",\"hash\":" MAC
		",\"hint\":{\"mac\":" MAC ",\"vault\":289},\"how\":\"eye\",\"key\":\"k\"," LINES
		",\"note\":{\"mac\":" MAC ",\"vault\":288},\"place\":\"sc/cd\",\"sealed\":true,"
		"\"subject\":\"vehicle:V3\",\"weight_mg\":-12}",
	};

	for (int v = 1; v <= 4; v++)
		putf(op, "event", v,
		     str_fmt(op->arena, "%s%s%s%d}", HEAD, DATA[v > 3 ? 2 : v - 1], TAIL, v));
}

static void lab_acts(struct op *op)
{
	putz(op, "act", 0,
	     "lab.measure\n{\"place\":\"sc/cd\",\"id\":4,\"at_ms\":\"2025-06-07T00:58:00.000Z\","
	     "\"weight_mg\":-3,\"sealed\":true,\"how\":\"eye\",\"code\":\"C-1\",\"key\":\"k\","
	     "\"hash\":" MAC ",\"bytes\":\"c0ffee\",\"person\":7,\"note\":" MAC ",\"hint\":" MAC
	     "," LINES "}");
	putz(op, "act", 1,
	     "lab.measure\n{\"place\":\"sc/cd\",\"at_ms\":\"2025-06-07T08:58:00+08:00\","
	     "\"weight_mg\":\"3\",\"sealed\":\"是\",\"how\":\"scale\",\"code\":\"C-1\",\"hash\":"
	     "\"\",\"bytes\":\"C0FFEE\",\"person\":\"1001\",\"note\":\"箱体有压痕\",\"id\":null,"
	     "\"lines\":\"[{\\\"asset\\\":\\\"paper\\\",\\\"code\\\":\\\"B1\\\",\\\"copies\\\":"
	     "\\\"3\\\"}]\"}");
	putz(op, "act", 2,
	     "lab.measure\n{\"place\":\"sc/"
	     "cd\",\"weight_mg\":3,\"sealed\":false,\"how\":\"\xe2\x98\x83\","
	     "\"code\":\"\xe2\x98\x83\",\"\xe2\x98\x83\":1}");
	putz(op, "act", 3, "lab.measure\n{\"place\":\"sc/cd\",\"wieght_mg\":3}");
	putz(op, "act", 4,
	     "lab.measure\n{\"place\":\"sc/cd\",\"weight_mg\":3,\"sealed\":true,\"how\":\"eye\","
	     "\"code\":\"C-1\",\"note\":" MAC
	     ",\"lines\":[{\"asset\":\"paper\",\"code\":\"B1\",\"copies\":3},"
	     "{\"asset\":\"paper\",\"code\":\"B2\",\"copies\":3},{\"asset\":\"paper\",\"code\":"
	     "\"LONGER-3\","
	     "\"copies\":3}]}");
}

static void places(struct op *op)
{
	static const char *const PATHS[] = {
		"sc", "sc/cd/jn/s01/r-1", "a/b/c/d/e/f", "a//b", "/a", "a/", "0123456789abcdef012345678"};

	for (size_t i = 0; i < COUNT(PATHS); i++)
		putf(op, "act", 10 + (int)i, str_fmt(op->arena, "%s\n{}", PATHS[i]));
}

static void profiles(struct op *op)
{
	static const char WORDS[] = "\"zh\":\"甲\",\"en\":\"a\"";
	static const char SURE[] = "\"source\":\"s\",\"article\":\"1\",\"sure\":\"probable\"";

	putf(op, "profile", 0,
	     str_fmt(
			 op->arena,
			 "{\"format\":1,\"id\":\"p\",\"exam\":\"e\",%s,\"utc_offset\":\"+08:00\","
			 "\"subjects\":[{\"id\":\"s\",%s}],\"sessions\":[{\"id\":\"d1\",\"subject\":\"s\","
			 "\"half_day\":\"2025-06-07/am\",\"start\":\"2025-06-07T09:00:00+08:00\","
			 "\"end\":\"2025-06-07T11:00:00+08:00\"},{\"id\":\"d2-longer\",\"subject\":\"s\","
			 "\"half_day\":\"2025-06-07/pm\",\"start\":\"2025-06-07T15:00:00+08:00\","
			 "\"end\":\"2025-06-07T17:00:00+08:00\",%s}],"
			 "\"steps\":[{\"id\":\"t\",\"anchor\":\"T\",\"from\":-60,\"to\":0,\"every\":60,%s,%s}],"
			 "\"settings\":[{\"id\":\"x\",\"value\":3,%s,%s,\"approver\":\"b\"}],\"ladders\":["
			 "{\"colour\":\"blue\",\"ack_s\":6,\"close_by\":1,\"rungs\":[{\"after_s\":0,\"role\":"
			 "\"r\"}]},"
			 "{\"colour\":\"yellow\",\"ack_s\":6,\"close_by\":1,\"rungs\":[{\"after_s\":0,\"role\":"
			 "\"r\"}]},"
			 "{\"colour\":\"orange\",\"ack_s\":6,\"close_by\":2,\"rungs\":[{\"after_s\":0,\"role\":"
			 "\"r\"}]},"
			 "{\"colour\":\"red\",\"ack_s\":6,\"close_by\":2,\"rungs\":[{\"after_s\":0,\"role\":"
			 "\"r\","
			 "\"level\":3},{\"after_s\":9,\"role\":\"q\"}]}],"
			 "\"slots\":[{\"slot\":\"*\",\"how\":[\"key\",\"paper\"]},{\"slot\":\"a.b/"
			 "c\",\"how\":[\"badge\"]}]}",
			 WORDS, WORDS, WORDS, WORDS, SURE, WORDS, SURE));
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
	policies(&op);
	receipts(&op);
	trees(&op);
	tiles(&op);
	jsons(&op);
	csvs(&op);
	codecs(&op);
	lab_events(&op);
	lab_acts(&op);
	places(&op);
	profiles(&op);
	for (int i = 2; i < argc; i++) {
		struct str rest = file_read_whole(&op, argv[i]), entry;
		bool bad;

		while (bundle_next(&rest, &entry, &bad))
			entry_seeds(&op, str_copy(&arena, entry));
	}
	arena_release(&arena);
	return 0;
}
