/* SPDX-License-Identifier: Apache-2.0 */
/* import_row.c -- one row of a file: its request, and everything that can be asked beforehand.
 *
 * A row that an earlier import of the same file recorded is found by its idempotency key, which
 * comes of the file's digest and the row's number; its receipt's body comes of the key alone, so
 * that no digest of a name stands in the ledger's file.
 */
#include "sheet/import_row.h"
#include "domain/people/people.h"

struct str import_cell(const struct import *im, const struct import_row *r, int part,
                       const char *field)
{
	const struct import_column *col = import_column(im, part, field);

	return col && col->at >= 0 && (size_t)col->at < r->n ? r->cell[col->at] : (struct str){0};
}

/* What is made beside is named by the row's own link. */
static struct str input_of(const struct import *im, const struct import_row *r, int part,
                           const char *field)
{
	if (part == PART_BESIDE && strcmp(field, im->kind->beside_key) == 0)
		return import_cell(im, r, PART_OWN, im->kind->link);
	return import_cell(im, r, part, field);
}

bool import_has_beside(const struct import *im, const struct import_row *r)
{
	for (size_t i = 0; i < im->ncolumns; i++) {
		const struct import_column *col = &im->column[i];

		if (col->part == PART_BESIDE && col->at >= 0 && r->cell[col->at].n)
			return true;
	}
	return false;
}

struct str import_typed(const struct import *im, const struct field *f, struct str v)
{
	struct str made = v;

	if (f->type == F_TIME)
		(void)cell_time(im->op.arena, v, im->offset_min, &made);
	for (int64_t i = 0; f->type == F_ENUM && f->words && i < f->max; i++)
		if (str_is(v, f->words[i].zh) || str_is(v, f->words[i].en))
			made = str_of(f->names[i]);
	return made;
}

/* A date where none belongs: the code "3-1" was typed. */
static bool is_date_by_mistake(const struct import_row *r, const struct import_column *col)
{
	return (r->kind[col->at] == CELL_DATE || r->kind[col->at] == CELL_TIME) &&
	       col->field->type != F_TIME && col->field->type != F_TEXT;
}

bool import_cell_faulty(const struct import *im, const struct import_row *r, int part,
                        const char *field)
{
	const struct import_column *col = import_column(im, part, field);

	return col && col->at >= 0 && (size_t)col->at < r->n &&
	       (cell_fault(r->kind[col->at], true) || is_date_by_mistake(r, col));
}

void import_faults(struct import *im, struct import_row *r)
{
	for (size_t i = 0; i < im->ncolumns; i++) {
		const struct import_column *col = &im->column[i];
		struct finding f = {col, "spreadsheet", NULL, NULL};

		if (!import_cell_faulty(im, r, col->part, col->field->name))
			continue;
		f.zh = cell_fault(r->kind[col->at], true);
		f.en = cell_fault(r->kind[col->at], false);
		if (!f.zh) {
			f.zh = "表格软件把所填内容当成了日期；请把该列设为“文本”格式后重新填写";
			f.en = "the spreadsheet has made a date of it: format the column as text and type it "
			       "again";
		}
		import_find(im, r, &f);
	}
}

/* What an XLSX has to the right of its header belongs to no column. */
bool import_stray(const struct import *im, const struct import_row *r)
{
	if (im->start.format != SHEET_XLSX)
		return r->n != im->nhead;
	for (size_t i = 0; i < r->n; i++)
		if (r->cell[i].n && (i >= im->nhead || !im->head[i].n))
			return true;
	return false;
}

bool import_width_wrong(struct import *im, struct import_row *r)
{
	struct arena *a = im->op.arena;

	if (!import_stray(im, r))
		return false;
	if (im->start.format == SHEET_XLSX)
		import_find(im, r,
		            &(struct finding){NULL, "width", "有的单元格不在任何表头之下",
		                              "a cell stands under no header"});
	else
		import_find(
			im, r,
			&(struct finding){NULL, "width",
		                      str_fmt(a, "有 %zu 个单元格，表头有 %zu 列", r->n, im->nhead).s,
		                      str_fmt(a, "%zu cells, and the header has %zu", r->n, im->nhead).s});
	return true;
}

enum rc import_intake(struct import *im, const struct import_row *r, int part,
                      const struct field *f, size_t n, struct request *q)
{
	struct beside beside[LIMIT_PERSONAL], *kept;
	struct json *in = json_new_object(im->op.arena), *data;

	for (size_t i = 0; i < n; i++) {
		struct str v = import_typed(im, &f[i], input_of(im, r, part, f[i].name));

		if (v.n)
			json_set_str(im->op.arena, in, f[i].name, v);
	}
	TRY(field_intake(&im->op, f, n, in, people_find, &data, beside, &q->nbeside));
	kept = arena_array(im->op.arena, q->nbeside ? q->nbeside : 1, sizeof(*kept));
	memcpy(kept, beside, q->nbeside * sizeof(*kept));
	q->data = data;
	q->beside = kept;
	return RC_OK;
}

/* A UUID of version 8 (RFC 9562): the row, then a digest.  In the order of the file, as a batch's
 * keys then share the pages of the receipts. */
struct str import_key(struct import *im, size_t row, struct str of)
{
	struct arena *a = im->op.arena;
	struct str text = str_fmt(a, "gongyuan/import/v1\n%s\n%s\n" STR_FMT "\n", im->kind->kind,
	                          im->digest.s, STR_ARG(of));
	struct hash h = hasher_of(im->hasher, text.s, text.n);
	struct str x;

	static_assert(LIMIT_CSV_ROWS < 1 << 24, "three bytes hold a row");
	h.b[0] = (uint8_t)(row >> 16);
	h.b[1] = (uint8_t)(row >> 8);
	h.b[2] = (uint8_t)row;
	h.b[6] = (uint8_t)(0x80 | (h.b[6] & 0x0f));
	h.b[8] = (uint8_t)(0x80 | (h.b[8] & 0x3f));
	x = hex_encode(a, h.b, 16);
	return str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", x.s, x.s + 8, x.s + 12, x.s + 16, x.s + 20);
}

enum rc import_request(struct import *im, const struct import_row *r, int part,
                       struct request *ret)
{
	const struct command *cmd = im->command[part];
	struct request q = im->base;

	TRY(import_intake(im, r, part, cmd->fields, cmd->nfields, &q));
	q.command = str_of(cmd->name);
	q.key = import_key(im, r->row, str_fmt(im->op.arena, "%zu\n%d", r->row, part));
	q.body = hasher_of(im->hasher, q.key.s, q.key.n);
	*ret = q;
	return RC_OK;
}

/* Every cell of the part by itself, so that all that is wrong is said at once. */
static void find_in_cells(struct import *im, struct import_row *r, int part)
{
	const struct command *cmd = im->command[part];
	size_t before = r->errors;
	struct err first = im->op.err;
	bool faulty = false;

	for (size_t i = 0; i < cmd->nfields; i++) {
		struct request q = {0};

		if (import_cell_faulty(im, r, part, cmd->fields[i].name))
			faulty = true; /* told already */
		else if (import_intake(im, r, part, &cmd->fields[i], 1, &q) != RC_OK)
			import_refuse(im, r, part, &im->op.err);
	}
	if (r->errors == before && !faulty) /* no cell alone: the table refuses their union */
		import_refuse(im, r, part, &first);
}

static bool fatal(enum rc rc)
{
	return rc == RC_BUSY || rc == RC_BROKEN;
}

/* *ret_n: how much the rule found wrong, in im->faults; 0 with a refusal: it came to no rule. */
static enum rc ask(struct import *im, const struct request *q, struct answer *ret, size_t *ret_n)
{
	enum rc rc = writer_try_all(im->w, q, ret, im->faults, LIMIT_LIST, ret_n);

	if (fatal(rc))
		im->op.err = ret->err;
	return fatal(rc) ? rc : RC_OK;
}

static void find_at(struct import *im, struct import_row *r, int part, const char *field,
                       const char *rule, const char *zh, const char *en)
{
	import_find(im, r, &(struct finding){import_column(im, part, field), rule, zh, en});
}

/* The same value twice in one file: the second is wrong whatever the first is. */
static void find_duplicate(struct import *im, struct import_row *r, const char *field,
                           struct str value)
{
	struct arena *a = im->op.arena;
	bool fresh;
	size_t first = seen_at(im->hasher, &im->keys, value, r->row, &fresh)->row;

	if (!fresh)
		find_at(im, r, PART_OWN, field, "duplicate", str_fmt(a, "与第 %zu 行重复", first).s,
		        str_fmt(a, "the same as in row %zu", first).s);
}

static struct str capitals(struct arena *a, struct str s)
{
	struct str u = str_copy(a, s);

	for (size_t i = 0; i < u.n; i++)
		if (u.s[i] >= 'a' && u.s[i] <= 'z')
			((char *)(uintptr_t)u.s)[i] = (char)(u.s[i] - 'a' + 'A');
	return u;
}

void import_duplicates(struct import *im, struct import_row *r, struct str scope)
{
	struct arena *a = im->op.arena;
	const struct import_kind *k = im->kind;
	struct str v = import_cell(im, r, PART_OWN, k->key);

	if (v.n)
		find_duplicate(im, r, k->key, scope.n ? str_fmt(a, STR_FMT "\n" STR_FMT, STR_ARG(scope),
		                                                STR_ARG(v)) : v);
	for (const char *const *f = k->unique; f && *f; f++) {
		v = import_cell(im, r, PART_OWN, *f);
		if (v.n)
			find_duplicate(im, r, *f, str_fmt(a, "%s\n" STR_FMT, *f,
			                                  STR_ARG(capitals(a, v))));
	}
}

static void same_digest(const struct import *im, const struct import_row *r, uint8_t ret[8])
{
	struct strbuf b;
	struct hash h;

	strbuf_init(&b, im->op.arena);
	for (size_t i = 0; i < im->ncolumns; i++)
		if (im->column[i].part == PART_BESIDE)
			csv_cell_to(&b, import_cell(im, r, PART_BESIDE, im->column[i].field->name), false);
	h = hasher_of(im->hasher, b.s, b.n);
	memcpy(ret, h.b, 8);
}

/* All rows that say anything of what the link names must say the same.  True: a row before this
 * one said it, and it was asked about then. */
static bool said_before(struct import *im, struct import_row *r)
{
	struct str link = import_cell(im, r, PART_OWN, im->kind->link);
	struct seen_value *v;
	uint8_t same[8];
	bool fresh;

	same_digest(im, r, same);
	v = seen_at(im->hasher, &im->besides, link, r->row, &fresh);
	if (fresh)
		memcpy(v->same, same, sizeof(v->same));
	else if (memcmp(v->same, same, sizeof(v->same)) != 0)
		find_at(im, r, PART_OWN, im->kind->link, "differs",
		        str_fmt(im->op.arena, "与第 %u 行所写的不一致", v->row).s,
		        str_fmt(im->op.arena, "row %u says otherwise of it", v->row).s);
	return !fresh;
}

/* What the link names: in the books already, or to be made by this file (*ret_new). */
static enum rc check_beside(struct import *im, struct import_row *r, bool *ret_new)
{
	struct answer *ans;
	struct request q;
	size_t n;
	enum rc rc;

	if (said_before(im, r))
		return RC_OK;
	rc = import_request(im, r, PART_BESIDE, &q);
	if (fatal(rc))
		return rc;
	if (rc != RC_OK)
		return find_in_cells(im, r, PART_BESIDE), RC_OK;
	ans = ARENA_NEW(im->op.arena, struct answer);
	TRY(ask(im, &q, ans, &n));
	*ret_new = ans->rc == RC_OK && !ans->repeated;
	if (ans->rc != RC_OK && ans->rc != RC_CONFLICT) /* conflict: it stands in the books */
		import_refuse(im, r, PART_BESIDE, &ans->err);
	return RC_OK;
}

/* A row before this one that makes what the link names; NULL: none. */
static struct seen_value *made_before(struct import *im, const struct import_row *r)
{
	bool fresh;

	return seen_at(im->hasher, &im->besides, import_cell(im, r, PART_OWN, im->kind->link), 0,
	               &fresh);
}

static enum rc check_books(struct import *im, struct import_row *r, const struct answer *ans,
                           size_t nfaults)
{
	const char *key = im->kind->key;
	bool exists = false;

	/* A fact is never refused: that it stands there already is for an import to say. */
	if (im->kind->exists)
		TRY(im->kind->exists(&im->op, import_cell(im, r, PART_OWN, key), &exists));
	if (exists || (ans->rc == RC_CONFLICT && strcmp(ans->err.field, key) == 0))
		find_at(im, r, PART_OWN, key, "exists", "已经登记过", "is registered already");
	else if (ans->rc != RC_OK && !nfaults)
		import_refuse(im, r, PART_OWN, &ans->err);
	else
		for (size_t i = 0; i < nfaults; i++)
			import_refuse(im, r, PART_OWN, &im->faults[i]);
	return RC_OK;
}

/* The row alone: its cells, its key, and what it makes beside (*ret_makes). */
static enum rc check_form(struct import *im, struct import_row *r, struct request *ret,
                          bool *ret_makes)
{
	enum rc rc;

	import_faults(im, r);
	rc = import_request(im, r, PART_OWN, ret);
	if (fatal(rc))
		return rc;
	if (rc != RC_OK)
		find_in_cells(im, r, PART_OWN);
	import_duplicates(im, r, STR(""));
	if (im->kind->beside && import_has_beside(im, r))
		TRY(check_beside(im, r, ret_makes));
	return RC_OK;
}

/* The rule misses what is yet to be made; whatever else it finds stands. */
static void forgive_link(struct import *im, struct answer *ans, size_t *n)
{
	size_t kept = 0;

	if (ans->rc == RC_OK)
		return;
	for (size_t i = 0; i < *n; i++)
		if (im->faults[i].rc != RC_NOT_FOUND || strcmp(im->faults[i].field, im->kind->link) != 0)
			im->faults[kept++] = im->faults[i];
	if (kept) {
		ans->rc = im->faults[0].rc;
		ans->err = im->faults[0];
	} else if (*n || (ans->rc == RC_NOT_FOUND && strcmp(ans->err.field, im->kind->link) == 0)) {
		ans->rc = RC_OK;
	}
	*n = kept;
}

enum rc import_check(struct import *im, struct import_row *r, enum row_state *ret)
{
	struct answer *ans = ARENA_NEW(im->op.arena, struct answer);
	struct seen_value *made;
	struct request q;
	bool makes = false;
	size_t n = 0;

	*ret = ROW_BAD;
	if (import_width_wrong(im, r))
		return RC_OK;
	TRY(check_form(im, r, &q, &makes));
	if (r->errors)
		return RC_OK;
	made = im->kind->beside ? made_before(im, r) : NULL;
	TRY(ask(im, &q, ans, &n));
	if (makes || (made && made->good))
		forgive_link(im, ans, &n);
	if (!ans->repeated)
		TRY(check_books(im, r, ans, n));
	if (r->errors)
		return RC_OK;
	if (makes)
		made->good = true;
	*ret = ans->repeated ? ROW_THERE : ROW_GOOD;
	return RC_OK;
}
