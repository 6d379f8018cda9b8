/* SPDX-License-Identifier: Apache-2.0 */
/* json_read.c -- see json.h: reading into an arena, at once when the text is a plain one (canon.h,
 * loose), else through jansson, which also says what is wrong.
 *
 * Before jansson sees the text, one pass refuses what it would take or could not bound: numbers
 * that another reader may round, depth, and the count of items (jansson's memory is not ours to
 * limit).  The rest of the grammar, UTF-8, surrogates and double keys are jansson's.  Some
 * malformed numbers are refused here for their point or exponent; they are refused either way.
 */
/* jansson's names for its types are ours too; its macros that use them are not used here. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_NULL

#include "base/canon.h"
#include "base/json.h"
#include "base/limits.h"

#define AT_ZH "第 %zu 行第 %zu 列："
#define AT_EN "line %zu, column %zu: "

struct scan {
	struct op *op;
	struct str text;
	size_t at, depth, items;
	char before; /* the significant byte before this one */
};

/* Refuses at the byte `at`.  Both texts begin with AT_ZH and AT_EN. */
static enum rc refuse(const struct scan *s, size_t at, const char *zh, const char *en)
{
	size_t line = 1, start = 0;
	struct str before;

	for (size_t i = 0; i < at; i++) {
		if (s->text.s[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	before = (struct str){s->text.s + start, at - start};
	return fail(s->op, RC_INVALID, "", "", zh, en, line, str_utf8_count(before) + 1);
}

/* Steps over a string; an open one is left to jansson. */
static void scan_string(struct scan *s)
{
	for (s->at++; s->at < s->text.n; s->at++) {
		char c = s->text.s[s->at];

		if (c == '\\')
			s->at++;
		else if (c == '"')
			break;
	}
	s->at++;
}

static bool in_number(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Where a number has digits only, its size is all that can be wrong here: leading zeros and stray
 * signs are left to jansson. */
static enum rc scan_number(struct scan *s)
{
	size_t from = s->at;
	int64_t v = 0;

	for (; s->at < s->text.n && in_number(s->text.s[s->at]); s->at++) {
		char c = s->text.s[s->at];

		if (c == '.' || c == 'e' || c == 'E')
			return refuse(s, from, AT_ZH "不接受小数和指数，只接受整数",
			              AT_EN "fractions and exponents are not accepted");
		if (c >= '0' && c <= '9' && v <= LIMIT_INT) /* no overflow: beyond is beyond */
			v = v * 10 + (c - '0');
	}
	if (v > LIMIT_INT)
		return refuse(s, from, AT_ZH "整数超出 ±(2^53−1)",
		              AT_EN "integer beyond +-(2^53-1)");
	return RC_OK;
}

/* An item begins behind a comma, or behind an opening that is not closed at once. */
static enum rc count_item(struct scan *s, char c)
{
	bool opened = s->before == '[' || s->before == '{';

	if (c == ',' || (opened && c != ']' && c != '}'))
		s->items++;
	s->before = c;
	if (s->items > LIMIT_JSON_ITEMS)
		return refuse(s, s->at, AT_ZH "成员和元素超过 200000 个",
		              AT_EN "more than 200000 members and elements");
	return RC_OK;
}

static enum rc scan_mark(struct scan *s, char c)
{
	if ((c == '[' || c == '{') && ++s->depth > LIMIT_JSON_DEPTH)
		return refuse(s, s->at, AT_ZH "嵌套超过 16 层", AT_EN "nested deeper than 16 levels");
	if ((c == ']' || c == '}') && s->depth > 0)
		s->depth--;
	s->at++;
	return RC_OK;
}

_Static_assert(LIMIT_JSON_DEPTH == 16, "the texts above name the limit");
_Static_assert(LIMIT_JSON_ITEMS == 200000, "the texts above name the limit");

/* Brackets are counted, not matched: what does not match is refused by jansson. */
static enum rc scan_all(struct scan *s)
{
	while (s->at < s->text.n) {
		char c = s->text.s[s->at];

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			s->at++;
			continue;
		}
		TRY(count_item(s, c));
		if (c == '"')
			scan_string(s);
		else if (c == '-' || (c >= '0' && c <= '9'))
			TRY(scan_number(s));
		else
			TRY(scan_mark(s, c));
	}
	return RC_OK;
}

static enum rc scan_text(struct op *op, struct str text)
{
	struct scan s = {.op = op, .text = text};
	const char *nul;

	if (text.n > LIMIT_JSON_BYTES)
		return fail(op, RC_INVALID, "", "", "文件过大：%zu 字节，上限 %d 字节",
		            "too large: %zu bytes, at most %d", text.n, LIMIT_JSON_BYTES);
	nul = text.n > 0 ? memchr(text.s, '\0', text.n) : NULL;
	if (nul)
		return refuse(&s, (size_t)(nul - text.s), AT_ZH "不接受空字符 U+0000",
		              AT_EN "U+0000 is not accepted");
	return scan_all(&s);
}

struct reason {
	enum json_error_code code;
	const char *zh, *en;
};

/* What jansson finds, in our words; the first row stands for all others. */
static const struct reason REASONS[] = {
	{json_error_invalid_syntax, AT_ZH "JSON 语法错误", AT_EN "JSON syntax error"},
	{json_error_invalid_utf8, AT_ZH "不是有效的 UTF-8", AT_EN "invalid UTF-8"},
	{json_error_premature_end_of_input, AT_ZH "内容不完整", AT_EN "the text ends too early"},
	{json_error_end_of_input_expected, AT_ZH "结尾之后还有内容", AT_EN "text after the end"},
	{json_error_null_character, AT_ZH "不接受空字符 U+0000", AT_EN "U+0000 is not accepted"},
	{json_error_null_byte_in_key, AT_ZH "不接受空字符 U+0000", AT_EN "U+0000 is not accepted"},
	{json_error_duplicate_key, AT_ZH "成员名重复", AT_EN "duplicate key"},
	{json_error_numeric_overflow, AT_ZH "整数超出 ±(2^53−1)", AT_EN "integer beyond +-(2^53-1)"},
};

static enum rc refuse_jansson(struct op *op, const json_error_t *e)
{
	/* An empty text has no line yet. */
	size_t line = e->line > 0 ? (size_t)e->line : 1;
	size_t column = e->column > 0 ? (size_t)e->column : 1;
	const struct reason *why = &REASONS[0];

	for (size_t i = 0; i < COUNT(REASONS); i++) {
		if (REASONS[i].code == json_error_code(e))
			why = &REASONS[i];
	}
	return fail(op, RC_INVALID, "", "", why->zh, why->en, line, column);
}

static struct json *convert(struct arena *a, json_t *in);

/* jansson keeps the members in the order of the text. */
static void convert_object(struct arena *a, json_t *in, struct json *o)
{
	o->type = JSON_OBJECT;
	for (void *at = json_object_iter(in); at; at = json_object_iter_next(in, at)) {
		const char *key = json_object_iter_key(at);
		struct json *v = convert(a, json_object_iter_value(at));

		v->key = str_dup(a, key, strlen(key)); /* no NUL inside: refused above */
		json_append(o, v);
	}
}

static void convert_array(struct arena *a, json_t *in, struct json *o)
{
	o->type = JSON_ARRAY;
	for (size_t i = 0; i < json_array_size(in); i++)
		json_append(o, convert(a, json_array_get(in, i)));
}

/* Recursion is bounded by LIMIT_JSON_DEPTH. */
static struct json *convert(struct arena *a, json_t *in)
{
	struct json *v = ARENA_NEW(a, struct json);

	switch (json_typeof(in)) {
	case JANSSON_OBJECT:
		convert_object(a, in, v);
		break;
	case JANSSON_ARRAY:
		convert_array(a, in, v);
		break;
	case JSON_STRING:
		v->type = JSON_STR;
		v->s = str_dup(a, json_string_value(in), json_string_length(in));
		break;
	case JSON_INTEGER:
		v->type = JSON_INT;
		v->i = json_integer_value(in);
		break;
	case JSON_REAL:
		assert(json_typeof(in) != JSON_REAL); /* scan_number lets none through */
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		v->type = JSON_BOOL;
		v->b = json_typeof(in) == JSON_TRUE;
		break;
	case JANSSON_NULL:
		v->type = JSON_NULL;
		break;
	}
	return v;
}

enum rc json_read_slowly(struct op *op, struct str text, struct json **ret)
{
	json_error_t error;
	json_t *tree;

	TRY(scan_text(op, text));
	tree = json_loadb(text.n > 0 ? text.s : "", text.n,
	                  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!tree)
		return refuse_jansson(op, &error);
	*ret = convert(op->arena, tree);
	json_decref(tree);
	return RC_OK;
}

/* In a copy that is ours the quote behind each text becomes its NUL. */
static void terminate(struct json *v)
{
	if (v->key.s)
		((char *)(uintptr_t)v->key.s)[v->key.n] = '\0';
	if (v->type == JSON_STR)
		((char *)(uintptr_t)v->s.s)[v->s.n] = '\0';
	else
		v->s = (struct str){0};
	for (struct json *m = v->first; m; m = m->next)
		terminate(m);
}

enum rc json_read(struct op *op, struct str text, struct json **ret)
{
	struct canon how = {.keep = op->arena, .loose = true};
	struct json *v;

	if (text.n > CANON_LOOSE_MOST || !canon_read(&how, str_copy(op->arena, text), &v))
		return json_read_slowly(op, text, ret);
	terminate(v);
	*ret = v;
	return RC_OK;
}
