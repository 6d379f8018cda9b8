/* SPDX-License-Identifier: Apache-2.0 */
/* strings.c -- the texts that cells share, rich ones too: what is said, without how it looks and
 * without the reading aids of East Asian text (rPh).
 */
#include "sheet/workbook.h"

#include "base/limits.h"

struct strings {
	struct op *op;
	struct workbook *w;
	bool item, text, aid; /* inside <si>; inside <t>; inside <rPh> */
	size_t from;    /* where the text of this item begins */
};

static enum rc begin(void *ctx, const char *name, const char **attr)
{
	struct strings *x = ctx;

	if (strcmp(name, "si") == 0) {
		x->item = true;
		x->from = x->w->text.n;
	}
	x->text = strcmp(name, "t") == 0;
	x->aid = x->aid || strcmp(name, "rPh") == 0;
	return RC_OK;
}

static enum rc text(void *ctx, const char *s, size_t n)
{
	struct strings *x = ctx;

	if (!x->item || !x->text || x->aid)
		return RC_OK;
	if (x->w->text.n + n > LIMIT_CSV_BYTES)
		return fail(x->op, RC_INVALID, "xlsx", "", "工作簿中的文字超过 %d MB",
		            "the workbook's texts are more than %d MB", LIMIT_CSV_BYTES >> 20);
	strbuf_add(&x->w->text, s, n);
	return RC_OK;
}

static enum rc item_end(struct strings *x)
{
	struct workbook *w = x->w;
	struct str raw, said;

	if (w->nstrings + 1 >= LIMIT_SHEET_STRINGS)
		return fail(x->op, RC_INVALID, "xlsx", "", "工作簿中的文字超过 %d 条",
		            "the workbook has more than %d texts", LIMIT_SHEET_STRINGS);
	raw = (struct str){w->text.s ? w->text.s + x->from : "", w->text.n - x->from};
	said = cell_unescape(x->op->arena, raw);
	if (said.s != raw.s) {
		strbuf_cut(&w->text, x->from);
		strbuf_adds(&w->text, said);
	}
	strbuf_addc(&w->text, '\0');
	w->strings = arena_room(x->op->arena, w->strings, w->nstrings, &w->cap_strings,
	                        sizeof(*w->strings));
	w->strings[w->nstrings++] = x->from;
	x->item = false;
	return RC_OK;
}

static enum rc end(void *ctx, const char *name)
{
	struct strings *x = ctx;

	x->text = false;
	if (strcmp(name, "rPh") == 0)
		x->aid = false;
	/* One within another is a part of it. */
	return strcmp(name, "si") == 0 && x->item ? item_end(x) : RC_OK;
}

enum rc workbook_strings(struct op *op, struct workbook *w, struct str part)
{
	struct strings x = {.op = op, .w = w};
	struct xml_sink sink = {begin, end, text, &x};

	strbuf_init(&w->text, op->arena);
	return xml_read(op, w->package, part, &sink);
}

struct str workbook_string(const struct workbook *w, int64_t i)
{
	size_t at, end;

	if (i < 0 || (size_t)i >= w->nstrings)
		return (struct str){0};
	at = w->strings[i];
	end = (size_t)i + 1 < w->nstrings ? w->strings[i + 1] : w->text.n;
	return (struct str){w->text.s + at, end - at - 1};
}
