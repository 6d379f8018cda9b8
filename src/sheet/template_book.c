/* SPDX-License-Identifier: Apache-2.0 */
/* template_book.c -- see template_book.h.  Every column is text, so that no zero and no digit is
 * lost on the way.
 */
#include "sheet/template_book.h"

#include "base/limits.h"
#include "sheet/book.h"

enum {
	ROWS_PREPARED = 20000, /* with lists to choose from: a large county's candidates */
	CHOICE_CHARACTERS = 255, /* of a list in a cell, commas and all: Excel's own limit */
	CHOICES = 64
};

static const char *tr(const struct template_book *t, const char *zh, const char *en)
{
	return t->en ? en : zh;
}

/* The words of a list, NULL behind the last; 0: it is none, or too long for a cell. */
static size_t choices(const struct template_book *t, const struct field *f,
                      const char *ret[CHOICES + 1])
{
	size_t n = 0, characters = 0;

	if (f->type == F_BOOL) {
		ret[n++] = tr(t, "是", "true");
		ret[n++] = tr(t, "否", "false");
	}
	for (int64_t i = 0; f->type == F_ENUM && i < f->max && n < CHOICES; i++)
		ret[n++] = f->words ? tr(t, f->words[i].zh, f->words[i].en) : f->names[i];
	for (size_t i = 0; i < n; i++)
		characters += str_utf8_count(str_of(ret[i])) + 1;
	ret[n] = NULL;
	return characters <= CHOICE_CHARACTERS ? n : 0;
}

static struct str bounds(struct op *op, const struct template_book *t, const struct field *f)
{
	if (f->min == 0 && f->max == 0)
		return str_of(tr(t, "整数", "a whole number"));
	return str_fmt(op->arena, tr(t, "整数，%lld 至 %lld", "a whole number, %lld to %lld"),
	               (long long)f->min, (long long)f->max);
}

/* How it is filled in. */
static struct str how(struct op *op, const struct template_book *t, const struct field *f)
{
	switch (f->type) {
	case F_INT: case F_ID:
		return bounds(op, t, f);
	case F_BOOL:
		return str_of(tr(t, "是 或 否", "true or false"));
	case F_ENUM:
		return str_of(tr(t, "从下拉列表选择", "choose from the list"));
	case F_TIME:
		return str_of(
			tr(t, "当地时间，例如 2025-06-07 08:30", "local time, such as 2025-06-07 08:30"));
	case F_CODE:
		return str_of(tr(t, "编号：大写字母、数字和 . _ / -，至少一个数字",
		                 "a code: capitals, digits and . _ / -, one digit at least"));
	case F_KEY:
		return str_of(tr(t, "代码，小写字母和数字（见考试方案）",
		                 "a key of the profile, in small letters and digits"));
	case F_PLACE:
		return str_of(tr(t, "地点路径：省/市/县/考点/考场，例如 sc/cd/jn/s01",
		                 "a place: province/city/county/site/room, such as sc/cd/jn/s01"));
	case F_PERSON:
		return str_of(tr(t, "工作证号", "a staff code"));
	case F_TEXT:
		return str_fmt(op->arena, tr(t, "文字，最多 %lld 字", "text, %lld characters at most"),
		               (long long)(f->max ? f->max : LIMIT_TEXT));
	case F_HASH: case F_BYTES:
		return str_of(tr(t, "十六进制", "hexadecimal"));
	case F_SUBJECT: case F_LIST:
		break;
	}
	return STR("");
}

static bool ends_in(const char *word, const char *end)
{
	size_t n = strlen(word), m = strlen(end);

	return n >= m && strcmp(word + n - m, end) == 0;
}

/* A path of the level that the column asks for: who copies it has its form right. */
static struct str example_place(const struct field *f)
{
	return ends_in(f->zh, "考场") || ends_in(f->zh, "候考区") ? STR("sc/cd/jn/s01/r01")
	       : ends_in(f->zh, "考点")                           ? STR("sc/cd/jn/s01")
	                                                          : STR("sc/cd/jn");
}

/* How many columns of this type stand before it. */
static int before(const struct template_book *t, const struct field *f)
{
	int n = 0;

	for (size_t i = 0; i < t->ncolumns && t->columns[i].field != f; i++)
		n += t->columns[i].field->type == f->type;
	return n;
}

/* Nobody's data. */
static struct str example(struct op *op, const struct template_book *t, const struct field *f)
{
	const char *word[CHOICES + 1];

	switch (f->type) {
	case F_INT: case F_ID:
		return str_fmt(op->arena, "%lld", (long long)(f->min > 1 ? f->min : 1));
	case F_BOOL:
		return str_of(tr(t, "否", "false"));
	case F_ENUM:
		(void)choices(t, f, word);
		return str_of(word[0]);
	case F_TIME:
		return str_fmt(op->arena, "2025-06-07 %02d:30", 8 + before(t, f) % 12);
	case F_CODE: case F_PERSON:
		return str_fmt(op->arena, "YL%03d", 1 + before(t, f));
	case F_PLACE:
		return example_place(f);
	case F_KEY:
		return str_of(f->ref && strcmp(f->ref, "session") == 0 ? "d1-chinese" : "");
	case F_TEXT:
		return str_of(tr(t, "样例（虚构）", "made up"));
	case F_HASH: case F_BYTES: case F_SUBJECT: case F_LIST:
		break;
	}
	return STR("");
}

static void data_column(struct op *op, const struct template_book *t, struct book *b, size_t i)
{
	const struct field *f = t->columns[i].field;
	const char *word[CHOICES + 1];
	size_t head = str_utf8_count(t->columns[i].label) * (t->en ? 1 : 2);

	book_width(b, i, (double)(head + 4 < 16 ? 16 : head + 4), BOOK_TEXT);
	if (choices(t, f, word))
		book_choice(b, 2, ROWS_PREPARED, i, word);
	else if (f->type == F_TIME || f->type == F_PLACE)
		book_hint(b, 2, ROWS_PREPARED, i, t->columns[i].label, how(op, t, f));
}

static void data_sheet(struct op *op, const struct template_book *t, struct book *b)
{
	book_sheet(b, str_of(t->title));
	for (size_t i = 0; i < t->ncolumns; i++)
		book_text(b, 0, i, t->columns[i].label, t->columns[i].required ? BOOK_NEED : BOOK_HEAD);
	book_text(b, 0, t->ncolumns, str_of(tr(t, EXAMPLE_ZH, EXAMPLE_EN)), BOOK_HEAD);
	for (size_t i = 0; i < t->ncolumns; i++)
		book_text(b, 1, i, example(op, t, t->columns[i].field), BOOK_SAMPLE);
	book_text(b, 1, t->ncolumns, str_of(tr(t, EXAMPLE_MARK_ZH, EXAMPLE_MARK_EN)), BOOK_SAMPLE);
	for (size_t i = 0; i < t->ncolumns; i++)
		data_column(op, t, b, i);
	book_width(b, t->ncolumns, 30, BOOK_TEXT);
	book_freeze(b, 1);
}

static struct str words_of(struct op *op, const struct template_book *t, const struct field *f)
{
	struct strbuf s;

	strbuf_init(&s, op->arena);
	for (int64_t i = 0; f->type == F_ENUM && i < f->max; i++)
		strbuf_addf(&s, "%s%s", i ? tr(t, "、", ", ") : "",
		            f->words ? tr(t, f->words[i].zh, f->words[i].en) : f->names[i]);
	return strbuf_str(&s);
}

static void notes_head(const struct template_book *t, struct book *b)
{
	static const struct {
		const char *zh, *en;
		double width;
	} HEAD[] = {{"列", "column", 22}, {"字段名", "name", 20}, {"必填", "required", 10},
	            {"怎样填", "how it is filled in", 44}, {"可选值", "choices", 44},
	            {"依据", "article", 36}};

	book_sheet(b, str_of(tr(t, "填写说明", "notes")));
	book_text(b, 0, 0, str_of(t->title), BOOK_TITLE);
	book_text(b, 1, 0,
	          str_of(tr(t, "在第一张表中填写，黄色表头为必填；填好后先试运行（只检查，不登记）。",
	                    "Fill in the first sheet; a yellow head must be filled in. Try it dry "
	                    "first: that only checks.")),
	          BOOK_NOTE);
	for (size_t i = 0; i < COUNT(HEAD); i++) {
		book_text(b, 3, i, str_of(tr(t, HEAD[i].zh, HEAD[i].en)), BOOK_HEAD);
		book_width(b, i, HEAD[i].width, BOOK_WRAP);
	}
	book_freeze(b, 4);
}

static void notes_sheet(struct op *op, const struct template_book *t, struct book *b)
{
	notes_head(t, b);
	for (size_t i = 0; i < t->ncolumns; i++) {
		const struct template_column *c = &t->columns[i];

		book_text(b, 4 + i, 0, c->label, BOOK_WRAP);
		book_text(b, 4 + i, 1, c->name, BOOK_WRAP);
		book_text(b, 4 + i, 2, str_of(c->required ? tr(t, "必填", "yes") : tr(t, "可空", "no")),
		          BOOK_WRAP);
		book_text(b, 4 + i, 3, how(op, t, c->field), BOOK_WRAP);
		book_text(b, 4 + i, 4, words_of(op, t, c->field), BOOK_WRAP);
		book_text(b, 4 + i, 5, str_of(c->cites), BOOK_WRAP);
	}
}

enum rc template_book(struct op *op, const struct template_book *t, struct str *ret)
{
	struct book *b = book_new(op->now_ms);

	data_sheet(op, t, b);
	notes_sheet(op, t, b);
	return book_end(op, b, ret);
}
