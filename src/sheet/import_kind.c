/* SPDX-License-Identifier: Apache-2.0 */
/* import_kind.c -- what can be imported, and which cell of a file is which field.
 *
 * A header is read leniently (Chinese label, English label or name of the field; blanks and case
 * do not count), a column that nobody knows is refused: what is left out by mistake is left out of
 * the books for good.
 */
#include "sheet/import_row.h"
#include "base/suggest.h"
#include "domain/arrange/arrange.h"
#include "domain/people/people.h"
#include "engine/place.h"
#include "sheet/template_book.h"

static enum rc person_exists(struct op *op, struct str code, bool *ret)
{
	struct err before = op->err;
	struct person_id who;
	enum rc rc = people_find(op, code, &who);

	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	op->err = before;
	*ret = rc == RC_OK;
	return RC_OK;
}

static const char *const ONCE_A_CANDIDATE[] = {"document", "ticket", NULL};

static enum rc session_of(struct import *im, const struct import_row *first, struct str *ret)
{
	*ret = import_cell(im, first, PART_OWN, "session");
	return RC_OK;
}

/* Who waits for a session also sits it: two lists. */
static enum rc session_and_purpose_of(struct import *im, const struct import_row *first,
                                      struct str *ret)
{
	struct str session = import_cell(im, first, PART_OWN, "session");
	struct room_plan room = {0};
	bool known;

	TRY(arrange_room(&im->op, session, import_cell(im, first, PART_OWN, "room"), &room, &known));
	*ret = room.kind == ROOM_WAITING ? str_fmt(im->op.arena, STR_FMT "/waiting", STR_ARG(session))
	                                 : session;
	return RC_OK;
}

static const struct import_kind KINDS[] = {
	{.kind = "places", .command = "place.add", .key = "place", .exists = place_is_added},
	{.kind = "units", .command = "people.add_unit", .key = "code"},
	{.kind = "people", .command = "people.register", .key = "code", .exists = person_exists,
	 .beside = "people.add_unit", .link = "unit", .beside_key = "code"},
	{.kind = "grants", .command = "authority.grant", .key = "person"},
	{.kind = "candidates", .command = "exam.register_candidate", .key = "number",
	 .unique = ONCE_A_CANDIDATE,
	 .beside = "people.add_unit", .link = "school", .beside_key = "code"},
	{.kind = "roster", .command = "duty.roster", .key = "code"},
	{.kind = "rooms", .command = "arrange.plan_rooms", .key = "room", .list = "rooms",
	 .scope = session_of},
	{.kind = "arrangement", .command = "arrange.seat_candidates", .key = "candidate",
	 .list = "seats", .scope = session_and_purpose_of},
};

const struct import_kind *import_kind_find(struct str kind)
{
	for (size_t i = 0; i < COUNT(KINDS); i++)
		if (str_is(kind, KINDS[i].kind))
			return &KINDS[i];
	return NULL;
}

static void fields_columns(struct import *im, int part, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &fields[i];
		struct import_column *col = &im->column[im->ncolumns];

		if (f->type == F_LIST) {
			fields_columns(im, part, f->list_of, f->list_n);
			continue;
		}
		if (part == PART_BESIDE && strcmp(f->name, im->kind->beside_key) == 0)
			continue; /* the link says it */
		assert(im->ncolumns < IMPORT_COLUMNS);
		*col = (struct import_column){.field = f, .part = part, .at = -1};
		col->name = part == PART_OWN ? str_of(f->name)
		                             : str_fmt(im->keep->arena, "%s_%s", im->kind->link, f->name);
		im->ncolumns++;
	}
}

static void part_columns(struct import *im, int part)
{
	fields_columns(im, part, im->command[part]->fields, im->command[part]->nfields);
}

void import_columns(struct import *im)
{
	const struct import_kind *k = im->kind;

	im->command[PART_OWN] = modules_command(im->modules, str_of(k->command));
	part_columns(im, PART_OWN);
	if (!k->beside)
		return;
	im->command[PART_BESIDE] = modules_command(im->modules, str_of(k->beside));
	part_columns(im, PART_BESIDE);
}

const struct import_column *import_column(const struct import *im, int part, const char *field)
{
	for (size_t i = 0; i < im->ncolumns; i++)
		if (im->column[i].part == part && strcmp(im->column[i].field->name, field) == 0)
			return &im->column[i];
	return NULL;
}

/* "Staff code", "staff_code" and "staff-code" are one, as are "姓名" and "姓　名". */
static struct str plain(struct arena *a, struct str s)
{
	static const char WIDE_BLANK[] = "\xe3\x80\x80"; /* U+3000 */
	struct strbuf b;

	strbuf_init(&b, a);
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.s[i];

		if (i + 2 < s.n && memcmp(s.s + i, WIDE_BLANK, 3) == 0)
			i += 2;
		else if (ch >= 'A' && ch <= 'Z')
			strbuf_addc(&b, (char)(ch - 'A' + 'a'));
		else if (!strchr(" \t\r\n_-", ch))
			strbuf_addc(&b, ch);
	}
	return strbuf_str(&b);
}

static bool is_label(struct arena *a, struct str head, const char *label)
{
	return str_eq(plain(a, head), plain(a, str_of(label)));
}

static struct import_column *column_of(struct import *im, struct str head)
{
	struct arena *a = im->keep->arena;

	for (size_t i = 0; i < im->ncolumns; i++) {
		struct import_column *col = &im->column[i];

		if (is_label(a, head, col->name.s) || is_label(a, head, col->field->zh) ||
		    is_label(a, head, col->field->en))
			return col;
	}
	return NULL;
}

static bool is_reason(struct import *im, struct str head)
{
	struct arena *a = im->keep->arena;

	return is_label(a, head, REASON_ZH) || is_label(a, head, REASON_EN);
}

static bool is_example(struct import *im, struct str head)
{
	struct arena *a = im->keep->arena;

	return is_label(a, head, EXAMPLE_ZH) || is_label(a, head, EXAMPLE_EN);
}

/* "工作证号、单位编号、…" */
static const char *labels(struct import *im, bool zh)
{
	struct strbuf b;

	strbuf_init(&b, im->keep->arena);
	for (size_t i = 0; i < im->ncolumns; i++) {
		const struct import_column *col = &im->column[i];

		strbuf_addz(&b, i ? zh ? "、" : ", " : "");
		strbuf_addz(&b, zh ? col->field->zh : col->name.s);
	}
	return strbuf_str(&b).s;
}

/* Words are cut where an error would be: never inside a character. */
static const char *said(struct import *im, struct str head)
{
	struct str cut = {head.s, head.n < 60 ? head.n : 60};

	cut.n = str_utf8_prefix(cut);
	return str_copy(im->keep->arena, cut).s;
}

static enum rc head_unknown(struct import *im, size_t at)
{
	const char *zh = sheet_place(im->keep->arena, &im->start, im->head_row, at + 1, true).s;
	const char *en = sheet_place(im->keep->arena, &im->start, im->head_row, at + 1, false).s;
	struct suggestion s;

	suggest_init(&s, plain(im->keep->arena, im->head[at]));
	for (size_t i = 0; i < im->ncolumns; i++) {
		suggest_try(&s, im->column[i].name);
		suggest_try(&s, str_of(im->column[i].field->zh));
		suggest_try(&s, str_of(im->column[i].field->en));
	}
	if (s.best.n)
		return fail(im->keep, RC_INVALID, said(im, im->head[at]), "",
		            "%s%.0s：没有“%s”这一列，是不是“%s”？",
		            "%.0s%s: there is no column \"%s\"; did you mean \"%s\"?", zh, en,
		            said(im, im->head[at]), s.best.s);
	return fail(im->keep, RC_INVALID, said(im, im->head[at]), "",
	            "%s%.0s：没有“%s”这一列；可用：%s%.0s",
	            "%.0s%s: there is no column \"%s\"; there are: %.0s%s", zh, en,
	            said(im, im->head[at]), labels(im, true), labels(im, false));
}

static enum rc head_take(struct import *im, size_t at)
{
	struct import_column *col = column_of(im, im->head[at]);

	if (!im->head[at].n && im->start.format == SHEET_XLSX)
		return RC_OK; /* what stands under it is refused with its row */
	if (!col && is_reason(im, im->head[at]) && im->reason_at < 0) {
		im->reason_at = (int)at;
		return RC_OK;
	}
	if (!col && is_example(im, im->head[at]) && im->example_at < 0) {
		im->example_at = (int)at;
		return RC_OK;
	}
	if (!col)
		return head_unknown(im, at);
	if (col->at >= 0)
		return fail(im->keep, RC_INVALID, col->field->zh, "",
		            "第 %zu 行：第 %d 列和第 %zu 列都是“%s”%.0s",
		            "row %zu: columns %d and %zu are both \"%.0s%s\"", im->head_row, col->at + 1,
		            at + 1,
		            col->field->zh, col->name.s);
	col->at = (int)at;
	return RC_OK;
}

static const char *field_of_file(const struct import *im)
{
	return im->start.format == SHEET_CSV ? "csv" : "xlsx";
}

/* A file without a header begins with somebody's data, of which nothing is said back. */
static enum rc head_absent(struct import *im)
{
	for (size_t i = 0; i < im->nhead; i++)
		if (column_of(im, im->head[i]))
			return RC_OK;
	return fail(im->keep, RC_INVALID, field_of_file(im), "",
	            "第 %zu 行不是表头；表头可用：%s%.0s",
	            "row %zu is not a header; its columns are: %.0s%s", im->head_row, labels(im, true),
	            labels(im, false));
}

/* The first row; of a spreadsheet, the first that is no title: one with several cells. */
static enum rc head_read(struct import *im)
{
	struct sheet_row r;
	size_t filled;

	do {
		TRY(sheet_next(im->keep, &im->start, &r));
		filled = 0;
		for (size_t i = 0; i < r.n; i++)
			filled += r.cell[i].n > 0;
	} while (im->start.format == SHEET_XLSX && r.n && filled < 2);
	im->head = r.cell;
	im->nhead = r.n;
	im->head_row = im->start.row ? im->start.row : 1;
	im->start.width = r.n;
	return RC_OK;
}

enum rc import_header(struct import *im)
{

	TRY(sheet_open(im->keep, im->bytes, im->sheet, &im->start));
	TRY(head_read(im));
	im->reason_at = im->example_at = -1;
	TRY(head_absent(im));
	for (size_t i = 0; i < im->nhead; i++)
		TRY(head_take(im, i));
	for (size_t i = 0; i < im->ncolumns; i++) {
		const struct import_column *col = &im->column[i];

		if (col->at < 0 && col->part == PART_OWN && !col->field->optional)
			return fail(im->keep, RC_INVALID, col->field->zh, "", "第 %zu 行缺少“%s”（%s）这一列",
			            "row %zu lacks the column \"%s\" (%s)", im->head_row, col->field->zh,
			            col->name.s);
	}
	return RC_OK;
}

bool import_required(const struct import_column *col)
{
	return col->part == PART_OWN && !col->field->optional;
}

struct str import_label(struct import *im, const struct import_column *col)
{
	struct str label = str_of(import_tr(im, col->field->zh, col->field->en));

	return column_of(im, label) == col ? label : col->name;
}

enum rc import_template(struct import *im, struct str *ret)
{
	struct template_column *columns = arena_array(im->keep->arena, im->ncolumns, sizeof(*columns));
	const struct command *cmd = im->command[PART_OWN];
	struct template_book t = {.title = import_tr(im, cmd->zh, cmd->en), .columns = columns,
	                          .ncolumns = im->ncolumns, .en = im->en};

	for (size_t i = 0; i < im->ncolumns; i++) {
		const struct import_column *col = &im->column[i];

		columns[i] = (struct template_column){
			.field = col->field, .label = import_label(im, col), .name = col->name,
			.cites = im->command[col->part]->cites, .required = import_required(col)};
	}
	return template_book(im->keep, &t, ret);
}
