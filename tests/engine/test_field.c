/* SPDX-License-Identifier: Apache-2.0 */
/* test_field.c -- what a field table lets in, what it writes, and what it says when it refuses. */
#include "kit/check.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/random.h"
#include "engine/field.h"
#include "engine/words.h"

enum { SAMPLES = 2000 };

static const char *const KINDS[] = {"paper", "spare", "card"};

struct line {
	struct str bag;
	int64_t copies;
	bool sealed;
	struct person_id counted_by;
};
static const struct field LINE[] = {
	FIELD(struct line, bag, F_CODE, "试卷袋", "bag"),
	FIELD(struct line, copies, F_INT, "份数", "copies", .min = 1, .max = 900),
	FIELD(struct line, sealed, F_BOOL, "密封完好", "seal intact"),
	FIELD(struct line, counted_by, F_PERSON, "清点人", "counted by", .optional = true),
};

struct box_id {
	int64_t v;
};
/* One member of each type; names out of order on purpose. */
struct note {
	int64_t weight;
	struct box_id box;
	bool open;
	int kind;
	int64_t at, until;
	struct str code, key, place, hash, signature;
	struct person_id person;
	struct text note, remark;
	struct list lines;
};
static const struct field NOTE[] = {
	FIELD(struct note, weight, F_INT, "重量", "weight", .optional = true),
	FIELD(struct note, box, F_ID, "箱", "box", .min = 1),
	FIELD(struct note, open, F_BOOL, "启封", "open"),
	FIELD(struct note, kind, F_ENUM, "类别", "kind", .max = COUNT(KINDS), .names = KINDS),
	FIELD(struct note, at, F_TIME, "时间", "time"),
	FIELD(struct note, until, F_TIME, "截止", "until", .optional = true),
	FIELD(struct note, code, F_CODE, "编号", "code"),
	FIELD(struct note, key, F_KEY, "科目", "subject", .ref = "subject", .optional = true),
	FIELD(struct note, place, F_PLACE, "地点", "place"),
	FIELD(struct note, hash, F_HASH, "校验值", "hash", .optional = true),
	FIELD(struct note, signature, F_BYTES, "签名", "signature", .min = 2, .max = 64,
	      .optional = true),
	FIELD(struct note, person, F_PERSON, "人员", "person"),
	FIELD(struct note, note, F_TEXT, "说明", "note", .min = 2, .max = 20),
	FIELD(struct note, remark, F_TEXT, "备注", "remark", .optional = true),
	FIELD(struct note, lines, F_LIST, "明细", "lines", .list_of = LINE, .list_n = COUNT(LINE),
	      .list_size = sizeof(struct line), .min = 1, .max = 5),
};

static const char GOOD[] =
	"{\"box\":7,\"open\":false,\"kind\":\"spare\",\"at\":\"2025-06-07T00:58:00.000Z\","
	"\"code\":\"B-0042\",\"place\":\"sc/cd/jn\",\"person\":12,\"note\":\"封条完好\","
	"\"lines\":[{\"bag\":\"B1\",\"copies\":30,\"sealed\":true}]}";

struct fixture {
	struct arena arena;
	struct random random;
	struct op op;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->random = random_seeded(11);
	f->op = (struct op){.arena = &f->arena, .random = &f->random, .now_ms = 1749257880000};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	free(f);
	return 0;
}

/* The op of a test; its state is the fixture. */
static struct op *op_of(void **state)
{
	return &((struct fixture *)*state)->op;
}

static struct json *parse(struct op *op, const char *text)
{
	struct json *o;

	assert_ok(json_read(op, str_of(text), &o));
	return o;
}

static enum rc no_one(struct op *op, struct str code, struct person_id *ret)
{
	(void)ret;
	return fail(op, RC_NOT_FOUND, "", "", "没有 %.*s", "no %.*s", STR_ARG(code));
}

static enum rc staff(struct op *op, struct str code, struct person_id *ret)
{
	if (str_is(code, "T1001") || str_is(code, "1001")) {
		ret->v = 77;
		return RC_OK;
	}
	return no_one(op, code, ret);
}

struct taken {
	struct json *data;
	struct beside beside[LIMIT_PERSONAL];
	size_t nbeside;
};

static enum rc take(struct op *op, const char *text, struct taken *ret)
{
	return field_intake(op, NOTE, COUNT(NOTE), parse(op, text), staff, &ret->data, ret->beside,
	                    &ret->nbeside);
}

/* GOOD with one top-level member set to another JSON value, or added. */
static const char *with(struct op *op, const char *member, const char *value)
{
	struct json *o = parse(op, GOOD), *v = parse(op, value);
	struct json *copy = json_new_object(op->arena);

	for (struct json *j = o->first, *next; j; j = next) {
		struct str key = j->key;

		next = j->next;
		j->next = NULL; /* out of its old container */
		if (!str_is(key, member))
			json_put(copy, key.s, j);
	}
	json_put(copy, member, v);
	return json_canonical(op->arena, copy).s;
}

static void assert_refused(struct op *op, const char *text, const char *path)
{
	struct taken t;

	op->err = (struct err){0};
	if (take(op, text, &t) != RC_INVALID)
		fail_msg("taken: %s", text);
	assert_string_equal(op->err.field, path);
	assert_non_null(strstr(op->err.zh, path));
	assert_non_null(strstr(op->err.en, path));
}

static void good_input_becomes_an_act(void **state)
{
	struct op *op = op_of(state);
	struct taken t;
	struct note n;
	struct hash mac;
	const struct line *line;

	assert_ok(take(op, GOOD, &t));
	assert_int_equal(t.nbeside, 1);
	assert_str(t.beside[0].field, "note");
	assert_str(t.beside[0].text, "封条完好");
	mac = hash_hmac_sha256(t.beside[0].salt, 16, t.beside[0].text.s, t.beside[0].text.n);
	assert_str(t.beside[0].mac, hash_hex(op->arena, &mac).s);
	assert_ok(field_read(op, NOTE, COUNT(NOTE), t.data, &n));
	assert_int_equal(n.box.v, 7);
	assert_int_equal(n.kind, 1);
	assert_int_equal(n.at, 1749257880000);
	assert_str(n.code, "B-0042");
	assert_str(n.note.mac, t.beside[0].mac.s);
	assert_int_equal(n.lines.n, 1);
	line = n.lines.items;
	assert_str(line->bag, "B1");
	assert_int_equal(line->copies, 30);
	assert_true(line->sealed);
	assert_null(strstr(json_canonical(op->arena, t.data).s, "封条"));
}

static void strings_do_for_every_type(void **state)
{
	static const char FLAGS[] =
		"{\"weight\":\"-3\",\"box\":\"7\",\"open\":\"true\",\"kind\":\"card\","
		"\"at\":\"2025-06-07T08:58:00+08:00\",\"until\":\"\",\"code\":\"B1\","
		"\"key\":\"maths\",\"place\":\"sc\",\"hash\":"
		"\"ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789\","
		"\"signature\":\"00FFa1\",\"person\":\"T1001\",\"note\":\"两人\",\"remark\":\"\","
		"\"lines\":\"[{\\\"bag\\\":\\\"B1\\\",\\\"copies\\\":\\\"30\\\","
		"\\\"sealed\\\":\\\"false\\\","
		"\\\"counted_by\\\":\\\"5\\\"}]\"}";
	struct op *op = op_of(state);
	const struct line *line;
	struct taken t;
	struct note n;

	assert_ok(take(op, FLAGS, &t));
	assert_ok(field_read(op, NOTE, COUNT(NOTE), t.data, &n));
	assert_int_equal(n.weight, -3);
	assert_true(n.open);
	assert_int_equal(n.kind, 2);
	assert_int_equal(n.at, 1749257880000);
	assert_int_equal(n.until, 0);
	assert_int_equal(n.hash.s[0], 'a');
	assert_int_equal(n.signature.n, 3);
	assert_memory_equal(n.signature.s, "\x00\xff\xa1", 3);
	assert_int_equal(n.person.v, 77);
	assert_int_equal(t.nbeside, 1);
	line = n.lines.items;
	assert_int_equal(line->copies, 30);
	assert_false(line->sealed);
	assert_int_equal(line->counted_by.v, 5);
}

static void a_staff_code_of_digits_goes_before_a_number(void **state)
{
	struct op *op = op_of(state);
	struct taken t;

	assert_ok(take(op, with(op, "person", "\"1001\""), &t));
	assert_int_equal(json_int(t.data, "person", 0), 77);
	assert_ok(take(op, with(op, "person", "1001"), &t));
	assert_int_equal(json_int(t.data, "person", 0), 1001);
	op->err = (struct err){0};
	assert_ok(take(op, with(op, "person", "\"1002\""), &t));
	assert_int_equal(json_int(t.data, "person", 0), 1002);
	assert_int_equal(op->err.rc, RC_OK);
	assert_refused(op, with(op, "person", "\"T9\""), "person");
}

static enum rc broken_finder(struct op *op, struct str code, struct person_id *ret)
{
	(void)code, (void)ret;
	return fail(op, RC_BUSY, "", "", "%s", "%s", "x");
}

static void a_finder_that_cannot_answer_is_not_a_wrong_code(void **state)
{
	struct op *op = op_of(state);
	struct json *in = parse(op, with(op, "person", "\"T1\""));
	struct taken t;

	assert_int_equal(field_intake(op, NOTE, COUNT(NOTE), in, broken_finder, &t.data, t.beside,
	                              &t.nbeside),
	                 RC_BUSY);
}

/* Names as people type them; Latin ones in each case and with blanks. */
static const char *const NAMES[] = {
	"\"张伟\"", "\"欧阳娜娜\"", "\"ZHANG WEI\"", "\"ZHANGWEI\"", "\"ZHANG-WEI\"", "\"ZHANG.WEI\"",
	"\"Zhang Wei\"", "\"Zhangwei\"", "\"张伟1\"", "\"Ａ１\"", "\"José9\"", "\"阿·布\"",
	"\"B1 张伟\"", "\"Wei1\"", "\"ZHANG WEI 3\"",
};
static const char *const NARROW[] = {
	"weight", "box", "open", "kind", "at", "until", "code", "key", "place", "hash", "signature",
	"person", "lines",
};

static void a_name_fits_no_field_but_text(void **state)
{
	struct op *op = op_of(state);
	struct taken t;

	for (size_t f = 0; f < COUNT(NARROW); f++)
		for (size_t i = 0; i < COUNT(NAMES); i++) {
			assert_refused(op, with(op, NARROW[f], NAMES[i]), NARROW[f]);
			/* A refusal is read by many: it does not repeat what was typed. */
			assert_null(strstr(op->err.zh, "张"));
			assert_null(strstr(op->err.en, "ZHANG"));
		}
	for (size_t i = 0; i < COUNT(NAMES); i++)
		assert_ok(take(op, with(op, "note", NAMES[i]), &t));
}

static void bad_values_name_their_field(void **state)
{
	static const struct {
		const char *member, *value, *path;
	} BAD[] = {
		{"weight", "true", "weight"},
		{"weight", "\"3.5\"", "weight"},
		{"weight", "\"03\"", "weight"},
		{"box", "0", "box"},
		{"box", "-1", "box"},
		{"box", "null", "box"},
		{"open", "1", "open"},
		{"open", "\"yes\"", "open"},
		{"kind", "\"\"", "kind"},
		{"kind", "1", "kind"},
		{"kind", "\"Paper\"", "kind"},
		{"at", "\"2025-06-07 08:58\"", "at"},
		{"at", "\"2025-06-07T08:58:00\"", "at"},
		{"at", "\"2025-02-30T08:58:00Z\"", "at"},
		{"code", "\"b1\"", "code"},
		{"code", "12", "code"},
		{"place", "\"sc//jn\"", "place"},
		{"place", "\"/sc\"", "place"},
		{"place", "\"a/b/c/d/e/f\"", "place"},
		{"place", "\"abcdefghijklmnopqrstuvwxy\"", "place"},
		{"hash", "\"abcd\"", "hash"},
		{"signature", "\"00\"", "signature"},
		{"signature", "\"00ff0\"", "signature"},
		{"signature", "\"00fg\"", "signature"},
		{"person", "0", "person"},
		{"person", "[]", "person"},
		{"note", "\"\"", "note"},
		{"note", "\"一\"", "note"},
		{"note", "\"一二三四五六七八九十一二三四五六七八九十一\"", "note"},
		{"note", "\"a\\tb\"", "note"},
		{"note", "\"a\\u0085b\"", "note"},
		{"note", "\"a\\u007fb\"", "note"},
		{"note", "12", "note"},
		{"lines", "[]", "lines"},
		{"lines", "{}", "lines"},
		{"lines", "\"[\"", "lines"},
		{"lines", "\"{}\"", "lines"},
		{"lines", "[1]", "lines/0"},
		{"lines", "[{\"bag\":\"B1\",\"copies\":1,\"sealed\":true},"
		          "{\"bag\":\"B1\",\"copies\":0,\"sealed\":true}]", "lines/1/copies"},
		{"lines", "[{\"bag\":\"B1\",\"copies\":901,\"sealed\":true}]", "lines/0/copies"},
		{"lines", "[{\"copies\":9,\"sealed\":true}]", "lines/0/bag"},
		{"lines", "[{\"bag\":\"B1\",\"copies\":1,\"sealed\":true,\"copis\":2}]",
		 "lines/0/copis"},
	};
	struct op *op = op_of(state);

	for (size_t i = 0; i < COUNT(BAD); i++)
		assert_refused(op, with(op, BAD[i].member, BAD[i].value), BAD[i].path);
}

static void refusals_say_what_belongs_there(void **state)
{
	struct op *op = op_of(state);

	assert_refused(op, with(op, "lines", "[{\"bag\":\"B1\",\"copies\":0,\"sealed\":true}]"),
	               "lines/0/copies");
	assert_string_equal(op->err.zh, "字段 lines/0/copies：应为 1 至 900 的整数");
	assert_string_equal(op->err.en, "field lines/0/copies: must be an integer from 1 to 900");
	assert_refused(op, with(op, "kind", "\"cards\""), "kind");
	assert_string_equal(op->err.zh, "字段 kind：应为下列之一：paper、spare、card");
	assert_refused(op, with(op, "place", "null"), "place");
	assert_non_null(strstr(op->err.en, "is required and must be a path of places"));
	assert_refused(op, with(op, "plase", "\"sc\""), "plase");
	assert_string_equal(op->err.en, "field plase: is not a known field; did you mean place?");
	assert_refused(op, with(op, "zzzzzzzz", "1"), "zzzzzzzz");
	assert_null(strstr(op->err.en, "mean"));
	assert_refused(op, with(op, "张伟", "1"), "?");
}

static void a_refusal_leaves_the_outputs(void **state)
{
	struct op *op = op_of(state);
	struct taken t = {.nbeside = 99};
	struct note n, before;

	memset(&n, 0x5a, sizeof(n));
	before = n;
	assert_int_equal(take(op, with(op, "lines", "[1]"), &t), RC_INVALID);
	assert_null(t.data);
	assert_int_equal(t.nbeside, 99);
	assert_int_equal(t.beside[0].text.n, 0);
	assert_int_equal(field_read(op, NOTE, COUNT(NOTE), parse(op, GOOD), &n), RC_INVALID);
	assert_memory_equal(&n, &before, sizeof(n));
}

static void acts_are_read_strictly(void **state)
{
	static const struct {
		const char *member, *value;
	} BAD[] = {
		{"box", "\"7\""},
		{"open", "\"true\""},
		{"at", "\"2025-06-07T08:58:00.000+08:00\""},
		{"at", "\"2025-06-07T00:58:00Z\""},
		{"person", "\"T1001\""},
		{"note", "\"封条完好\""},
		{"note", "{\"mac\":\"00\",\"vault\":32}"},
		{"weight", "null"},
		{"lines", "\"[]\""},
		{"extra", "1"},
	};
	struct op *op = op_of(state);
	struct note n;

	for (size_t i = 0; i < COUNT(BAD); i++) {
		struct taken t;
		struct json *o, *act = json_new_object(op->arena);

		assert_ok(take(op, GOOD, &t));
		assert_ok(field_read(op, NOTE, COUNT(NOTE), t.data, &n));
		for (struct json *j = t.data->first, *next; j; j = next) {
			next = j->next;
			j->next = NULL;
			if (!str_is(j->key, BAD[i].member))
				json_put(act, j->key.s, j);
		}
		o = json_put(act, BAD[i].member, parse(op, BAD[i].value));
		assert_non_null(o);
		assert_int_equal(field_read(op, NOTE, COUNT(NOTE), act, &n), RC_INVALID);
		assert_string_equal(op->err.field, BAD[i].member);
	}
}

static struct str random_hex(struct op *op, size_t n)
{
	uint8_t b[64];

	random_bytes(op->random, b, sizeof(b));
	return hex_encode(op->arena, b, n);
}

static int64_t random_int(struct op *op)
{
	int64_t v = (int64_t)random_below(op->random, 2 * (uint64_t)LIMIT_INT + 1) - LIMIT_INT;

	return random_below(op->random, 4) == 0 ? 0 : v;
}

static struct text random_text(struct op *op, bool event)
{
	struct text t = {random_hex(op, 32), 0};

	if (event)
		t.vault = (int64_t)random_below(op->random, 1000) + 1;
	return t;
}

static void random_lines(struct op *op, struct list *ret)
{
	ret->n = 1 + (size_t)random_below(op->random, 5);
	ret->items = arena_array(op->arena, ret->n, sizeof(struct line));
	for (size_t i = 0; i < ret->n; i++)
		((struct line *)ret->items)[i] = (struct line){
			str_fmt(op->arena, "B/%d-%zu.A_", (int)random_below(op->random, 99999), i),
			(int64_t)random_below(op->random, 900) + 1,
			random_below(op->random, 2) == 1,
			{(int64_t)random_below(op->random, 3)},
		};
}

static struct note random_note(struct op *op, bool event)
{
	static const char *const PLACES[] = {"sc", "sc/cd/jn", "a/b/c/d/e", "sc/cd/jn/s-1/r07"};
	struct note n;

	memset(&n, 0, sizeof(n));
	n.weight = random_int(op);
	n.box.v = (int64_t)random_below(op->random, LIMIT_INT) + 1;
	n.open = random_below(op->random, 2) == 1;
	n.kind = (int)random_below(op->random, COUNT(KINDS));
	n.at = (int64_t)random_below(op->random, 4102444800000);
	n.until = random_below(op->random, 2) == 1 ? 1749257880001 : 0;
	n.code = STR("Z9/_-.");
	n.key = random_below(op->random, 2) == 1 ? STR("alarm_rule.x-9") : (struct str){0};
	n.place = str_of(PLACES[random_below(op->random, COUNT(PLACES))]);
	n.hash = random_below(op->random, 2) == 1 ? random_hex(op, 32) : (struct str){0};
	if (random_below(op->random, 2) == 1) {
		char *raw = arena_alloc(op->arena, 65);
		size_t len = 2 + (size_t)random_below(op->random, 63);

		random_bytes(op->random, raw, len);
		n.signature = (struct str){raw, len};
	}
	n.person.v = (int64_t)random_below(op->random, 1 << 30) + 1;
	n.note = random_text(op, event);
	n.remark = random_below(op->random, 2) == 1 ? random_text(op, event) : (struct text){0};
	random_lines(op, &n.lines);
	return n;
}

static void assert_same_str(struct str a, struct str b)
{
	assert_int_equal(a.n, b.n);
	if (a.n > 0)
		assert_memory_equal(a.s, b.s, a.n);
}

static void assert_same_line(const struct line *a, const struct line *b)
{
	assert_same_str(a->bag, b->bag);
	assert_int_equal(a->copies, b->copies);
	assert_int_equal(a->sealed, b->sealed);
	assert_int_equal(a->counted_by.v, b->counted_by.v);
}

static void assert_same(const struct note *a, const struct note *b)
{
	assert_int_equal(a->weight, b->weight);
	assert_int_equal(a->box.v, b->box.v);
	assert_int_equal(a->open, b->open);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->at, b->at);
	assert_int_equal(a->until, b->until);
	assert_same_str(a->code, b->code);
	assert_same_str(a->key, b->key);
	assert_same_str(a->place, b->place);
	assert_same_str(a->hash, b->hash);
	assert_same_str(a->signature, b->signature);
	assert_int_equal(a->person.v, b->person.v);
	assert_same_str(a->note.mac, b->note.mac);
	assert_int_equal(a->note.vault, b->note.vault);
	assert_same_str(a->remark.mac, b->remark.mac);
	assert_int_equal(a->remark.vault, b->remark.vault);
	assert_int_equal(a->lines.n, b->lines.n);
	for (size_t i = 0; i < a->lines.n; i++)
		assert_same_line((const struct line *)a->lines.items + i,
		                 (const struct line *)b->lines.items + i);
}

static void structs_come_back_and_their_bytes_are_canonical(void **state)
{
	struct op *op = op_of(state);

	for (int i = 0; i < SAMPLES; i++) {
		bool event = i % 2 == 1;
		struct note n = random_note(op, event), back;
		struct strbuf b;
		struct json *o;

		strbuf_init(&b, op->arena);
		field_write(&b, NOTE, COUNT(NOTE), &n, event);
		o = parse(op, strbuf_str(&b).s);
		assert_str(json_canonical(op->arena, o), strbuf_str(&b).s);
		memset(&back, 0x5a, sizeof(back));
		assert_ok(event ? field_read_event(op, NOTE, COUNT(NOTE), o, &back)
		                : field_read(op, NOTE, COUNT(NOTE), o, &back));
		assert_same(&n, &back);
		arena_reset(op->arena);
	}
}

static void an_act_says_what_its_struct_would(void **state)
{
	static const char ZEROES[] =
		"{\"box\":7,\"open\":false,\"kind\":\"paper\",\"at\":\"2025-06-07T00:58:00.000Z\","
		"\"code\":\"B1\",\"place\":\"sc\",\"person\":12,\"note\":\"两人\",\"weight\":0,"
		"\"key\":\"\",\"remark\":null,\"hash\":\"\",\"signature\":\"\",\"until\":\"\","
		"\"lines\":[{\"bag\":\"B1\",\"copies\":30,\"sealed\":false,\"counted_by\":\"0\"}]}";
	struct op *op = op_of(state);
	struct strbuf b;
	struct taken t;
	struct note n;

	strbuf_init(&b, op->arena);
	assert_ok(take(op, ZEROES, &t));
	assert_ok(field_read(op, NOTE, COUNT(NOTE), t.data, &n));
	field_write(&b, NOTE, COUNT(NOTE), &n, false);
	assert_str(json_canonical(op->arena, t.data), strbuf_str(&b).s);
	assert_null(strstr(strbuf_str(&b).s, "weight"));
	assert_null(strstr(strbuf_str(&b).s, "counted_by"));
	assert_non_null(strstr(strbuf_str(&b).s, "\"sealed\":false"));
}

static void salts_follow_the_table_not_the_input(void **state)
{
	static const char ONE[] = "{\"note\":\"两人\",\"remark\":\"齐全\"}";
	static const char TWO[] = "{\"remark\":\"齐全\",\"note\":\"两人\"}";
	static const struct field TEXTS[] = {
		FIELD(struct note, note, F_TEXT, "说明", "note"),
		FIELD(struct note, remark, F_TEXT, "备注", "remark"),
	};
	struct op *op = op_of(state);
	struct beside a[LIMIT_PERSONAL], b[LIMIT_PERSONAL];
	struct json *data;
	size_t n;

	*op->random = random_seeded(3);
	assert_ok(field_intake(op, TEXTS, 2, parse(op, ONE), NULL, &data, a, &n));
	*op->random = random_seeded(3);
	assert_ok(field_intake(op, TEXTS, 2, parse(op, TWO), NULL, &data, b, &n));
	assert_int_equal(n, 2);
	assert_memory_equal(a[0].salt, b[0].salt, 16);
	assert_str(b[1].mac, a[1].mac.s);
	assert_memory_not_equal(a[0].salt, a[1].salt, 16);
}

static void places_cover_what_lies_under_them(void **state)
{
	(void)state;
	assert_true(place_covers(STR(""), STR("a/b")));
	assert_true(place_covers(STR(""), STR("")));
	assert_true(place_covers(STR("a"), STR("a")));
	assert_true(place_covers(STR("a"), STR("a/b")));
	assert_false(place_covers(STR("a"), STR("ab")));
	assert_false(place_covers(STR("a/b"), STR("a")));
	assert_false(place_covers(STR("a"), STR("")));
	assert_int_equal(place_level(STR("")), 0);
	assert_int_equal(place_level(STR("a/b/c")), 3);
	assert_false(place_path_valid(STR("")));
	assert_false(place_path_valid(STR("a/")));
	assert_true(place_path_valid(STR("a/b/c/d/e")));
}

static void texts_in_events_are_a_mac_and_a_vault_id(void **state)
{
#define MAC "\"0011223344556677889900112233445566778899001122334455667788990011\""
	static const struct field TEXTS[] = {
		FIELD(struct note, note, F_TEXT, "说明", "note", .optional = true),
	};
	static const char *const BAD[] = {
		"{\"note\":" MAC "}",
		"{\"note\":{\"mac\":" MAC "}}",
		"{\"note\":{\"mac\":" MAC ",\"vault\":0}}",
		"{\"note\":{\"mac\":\"\",\"vault\":32}}",
		"{\"note\":{\"mac\":" MAC ",\"vault\":32,\"text\":\"张伟\"}}",
	};
	struct op *op = op_of(state);
	struct note n;

	assert_ok(field_read_event(op, TEXTS, 1,
	                           parse(op, "{\"note\":{\"mac\":" MAC ",\"vault\":32}}"), &n));
	assert_int_equal(n.note.vault, 32);
	assert_ok(field_read_event(op, TEXTS, 1, parse(op, "{}"), &n));
	assert_int_equal(n.note.mac.n, 0);
	for (size_t i = 0; i < COUNT(BAD); i++)
		assert_int_equal(field_read_event(op, TEXTS, 1, parse(op, BAD[i]), &n), RC_INVALID);
#undef MAC
}

static void a_subject_is_a_code_a_key_or_a_place(void **state)
{
	struct about {
		struct str subject;
	};
	static const struct field ABOUT[] = {
		FIELD(struct about, subject, F_SUBJECT, "对象", "subject"),
	};
	static const char *const GOOD_ONES[] = {"B-7", "sc/cd/jn", "d1-chinese", "vehicle:V3"};
	static const char *const BAD[] = {"Zhang Wei", "张伟", "B7\n", ""};
	struct op *op = op_of(state);
	struct about a;

	for (size_t i = 0; i < COUNT(GOOD_ONES); i++) {
		struct json *o = json_new_object(op->arena);

		json_set_str(op->arena, o, "subject", str_of(GOOD_ONES[i]));
		assert_ok(field_read_event(op, ABOUT, 1, o, &a));
		assert_str(a.subject, GOOD_ONES[i]);
	}
	for (size_t i = 0; i < COUNT(BAD); i++) {
		struct json *o = json_new_object(op->arena);

		json_set_str(op->arena, o, "subject", str_of(BAD[i]));
		assert_int_equal(field_read_event(op, ABOUT, 1, o, &a), RC_INVALID);
	}
}

/* What an entry says to people; `words` is NULL where there are none. */
static void assert_told(struct op *op, const struct field *f, const void *at, const char *code,
                        const char *words)
{
	struct words_value v = words_field(op->arena, NULL, NULL, f, at);

	assert_str(v.code, code);
	if (words)
		assert_str(v.words.zh, words);
	else
		assert_int_equal(v.words.zh.n, 0);
}

static void a_value_has_its_words_or_its_code(void **state)
{
	static const struct word WORDS[] = {{"试卷", "paper"}, {"备用卷", "spare"}, {"答题卡", "card"}};
	struct field f = {.type = F_ENUM, .max = COUNT(KINDS), .names = KINDS, .words = WORDS};
	struct op *op = op_of(state);
	int64_t n = -7, at = 0;
	struct str s = STR("printed"), bytes = {"\x01\xff", 2};
	struct person_id who = {12};
	struct text text = {.vault = 9};
	int kind = 1;
	bool yes = true;

	assert_told(op, &f, &kind, "spare", "备用卷");
	kind = COUNT(KINDS); /* of an altered row */
	assert_told(op, &f, &kind, "?", NULL);
	assert_told(op, &(struct field){.type = F_BOOL}, &yes, "true", "是");
	assert_told(op, &(struct field){.type = F_INT}, &n, "-7", NULL);
	assert_told(op, &(struct field){.type = F_TIME}, &at, "1970-01-01T00:00:00.000Z", NULL);
	assert_told(op, &(struct field){.type = F_SUBJECT}, &s, "printed", "印制");
	assert_told(op, &(struct field){.type = F_CODE}, &s, "printed", NULL);
	assert_told(op, &(struct field){.type = F_BYTES}, &bytes, "01ff", NULL);
	assert_told(op, &(struct field){.type = F_PERSON}, &who, "12", NULL);
	assert_told(op, &(struct field){.type = F_TEXT}, &text, "9", NULL);
	assert_told(op, &(struct field){.type = F_LIST}, &s, "", NULL);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(good_input_becomes_an_act),
		T(strings_do_for_every_type),
		T(a_staff_code_of_digits_goes_before_a_number),
		T(a_finder_that_cannot_answer_is_not_a_wrong_code),
		T(a_name_fits_no_field_but_text),
		T(bad_values_name_their_field),
		T(refusals_say_what_belongs_there),
		T(a_refusal_leaves_the_outputs),
		T(acts_are_read_strictly),
		T(structs_come_back_and_their_bytes_are_canonical),
		T(an_act_says_what_its_struct_would),
		T(salts_follow_the_table_not_the_input),
		T(places_cover_what_lies_under_them),
		T(texts_in_events_are_a_mac_and_a_vault_id),
		T(a_subject_is_a_code_a_key_or_a_place),
		T(a_value_has_its_words_or_its_code),
	};

	return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
