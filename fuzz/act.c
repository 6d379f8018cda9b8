/* SPDX-License-Identifier: Apache-2.0 */
/* act.c -- bodies of commands through their tables of fields: what is accepted has one canonical
 * form, what is refused names its field and repeats nothing of what was typed.
 *
 * The input is a command's name, a line end, and JSON; an unknown name stands for lab.measure.
 */
#include "base/limits.h"
#include "base/random.h"
#include "engine/command.h"
#include "engine/field_value.h"
#include "lab.h"

#include "fuzz.h"

/* Never in our own sentences, so it can only have come from the input. */
static const struct str MARK = STR("\xe2\x98\x83");

static void check_refusal(struct op *op, enum rc rc, const struct command *c, const struct json *o)
{
	struct str path = str_of(op->err.field), first = path, rest;

	fuzz_refused(op, rc, NULL);
	FUZZ_CHECK(!fuzz_holds(str_of(op->err.zh), MARK) && !fuzz_holds(str_of(op->err.en), MARK));
	FUZZ_CHECK(!fuzz_holds(path, MARK));
	if (path.n == 0) {
		FUZZ_CHECK(o->type != JSON_OBJECT);
		return;
	}
	FUZZ_PLANTED(str_starts(path, STR("lines/2/")) && !str_starts(path, STR("lines/2/code")));
	(void)str_cut(path, '/', &first, &rest);
	first = str_copy(op->arena, first);
	FUZZ_CHECK(field_find(c->fields, c->nfields, first) || json_get(o, first.s) ||
	           str_is(first, "?"));
	FUZZ_CHECK(fuzz_holds(str_of(op->err.en), first));
}

static struct str written(struct op *op, const struct command *c, const void *st)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	field_write(&b, c->fields, c->nfields, st, false);
	return strbuf_str(&b);
}

static void *painted(struct op *op, const struct command *c)
{
	return memset(arena_alloc(op->arena, c->size), 0x5a, c->size);
}

/* Canonical, and read it is the same again. */
static void check_canonical(struct op *op, const struct command *c, struct str text)
{
	void *st = painted(op, c);
	struct json *o;

	FUZZ_CHECK(json_read(op, text, &o) == RC_OK);
	FUZZ_CHECK(str_eq(json_canonical(op->arena, o), text));
	FUZZ_CHECK(field_read(op, c->fields, c->nfields, o, st) == RC_OK);
	FUZZ_CHECK(str_eq(written(op, c, st), text));
}

static void check_read(struct op *op, const struct command *c, const struct json *o)
{
	void *st = painted(op, c);
	enum rc rc = field_read(op, c->fields, c->nfields, o, st);
	struct str text, given;

	if (rc != RC_OK) {
		check_refusal(op, rc, c, o);
		FUZZ_CHECK(fuzz_is_painted(st, c->size));
		return;
	}
	text = written(op, c, st);
	given = json_canonical(op->arena, o);
	FUZZ_CHECK(text.n < given.n || str_eq(text, given)); /* zeros that are as absent fall away */
	check_canonical(op, c, text);
}

/* Badges of four digits are persons. */
static enum rc find_person(struct op *op, struct str code, struct person_id *ret)
{
	int64_t v;

	if (code.n != 4 || !str_to_i64(code, &v) || v < 1)
		return fail(op, RC_NOT_FOUND, "person", "", "查无此人", "nobody has this badge");
	ret->v = v;
	return RC_OK;
}

static void check_texts(struct op *op, const struct command *c, const struct json *data,
                        const struct beside *b, size_t n)
{
	FUZZ_CHECK(n <= LIMIT_PERSONAL);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = field_find(c->fields, c->nfields, b[i].field);
		struct hash mac = hash_hmac_sha256(b[i].salt, sizeof(b[i].salt), b[i].text.s, b[i].text.n);

		FUZZ_CHECK(f && f->type == F_TEXT && b[i].vault == 0);
		FUZZ_CHECK(str_eq(hash_hex(op->arena, &mac), b[i].mac));
		FUZZ_CHECK(str_eq(json_str(data, f->name), b[i].mac));
	}
}

/* What people type becomes the one form that acts have. */
static void check_intake(struct op *op, const struct command *c, const struct json *o,
                         field_person_finder *person)
{
	struct beside beside[LIMIT_PERSONAL];
	struct json *data;
	size_t n;
	enum rc rc;

	FUZZ_PAINT(data);
	FUZZ_PAINT(n);
	FUZZ_PAINT(beside);
	rc = field_intake(op, c->fields, c->nfields, o, person, &data, beside, &n);
	if (rc != RC_OK) {
		check_refusal(op, rc, c, o);
		FUZZ_CHECK(FUZZ_UNTOUCHED(data) && FUZZ_UNTOUCHED(n) && FUZZ_UNTOUCHED(beside));
		return;
	}
	check_texts(op, c, data, beside, n);
	check_canonical(op, c, json_canonical(op->arena, data));
}

/* A place covers itself and what lies below it, and nothing that only begins alike. */
static void check_place(struct op *op, struct str path)
{
	struct str head = {path.s, 0}, beside = str_fmt(op->arena, "%.*sx", STR_ARG(path));
	int level = 1;

	if (!place_path_valid(path))
		return;
	for (size_t i = 0; i < path.n; i++) {
		head.n = i;
		level += path.s[i] == '/';
		FUZZ_CHECK(place_covers(head, path) == (i == 0 || path.s[i] == '/'));
	}
	FUZZ_CHECK(place_level(path) == level && place_level(STR("")) == 0);
	FUZZ_CHECK(place_covers(path, path) && !place_covers(path, beside));
	FUZZ_CHECK(!place_covers(path, STR("")));
}

static void check_table(const struct command *c)
{
	for (size_t i = 0; i < c->nfields; i++) {
		const struct field *f = &c->fields[i];

		FUZZ_CHECK(field_type_text(f->type)[0] != '\0');
		FUZZ_CHECK(field_min(f) <= field_max(f));
	}
}

void fuzz_target(struct op *op, struct str in)
{
	const struct modules *m = lab_modules();
	struct random random = random_seeded(7);
	const struct command *c;
	struct str name, body;
	struct json *o;

	op->random = &random;
	if (!str_cut(in, '\n', &name, &body))
		return;
	check_place(op, name);
	if (json_read(op, body, &o) != RC_OK)
		return;
	c = modules_command(m, name);
	if (!c)
		c = modules_command(m, STR("lab.measure"));
	fuzz_spoil(in);
	check_table(c);
	check_read(op, c, o);
	check_intake(op, c, o, NULL);
	check_intake(op, c, o, find_person);
}
