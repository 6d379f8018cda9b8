/* SPDX-License-Identifier: Apache-2.0 */
/* import.c -- `gongyuan import KIND FILE`: the two ways through a file, and what is told after.
 *
 * Without --skip-bad a bad row anywhere means that nothing is recorded.  Batches are durable one
 * by one: an import that is cut off is run again, and its rows are then there already.
 */
#include "cli/import.h"

#include "cli/import_group.h"
#include "cli/next.h"
#include "cli/rows.h"

/* Takes a guard off that --skip-bad put on (safe_cell). */
static void cells_unguard(struct str *cell, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cell[i].n > 1 && cell[i].s[0] == '\'' && strchr("=+-@", cell[i].s[1]))
			cell[i] = (struct str){cell[i].s + 1, cell[i].n - 1};
}

static bool is_example(const struct import *im, const struct sheet_row *r)
{
	return im->example_at >= 0 && (size_t)im->example_at < r->n && r->cell[im->example_at].n;
}

/* Spreadsheets leave empty rows behind. */
static bool is_empty(const struct sheet_row *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->cell[i].n || r->kind[i] != CELL_PLAIN)
			return false;
	return true;
}

enum rc import_row_unguarded(struct op *op, struct sheet *t, struct sheet_row *ret)
{
	TRY(sheet_next(op, t, ret));
	if (t->format == SHEET_CSV)
		cells_unguard(ret->cell, ret->n);
	return RC_OK;
}

enum rc import_row_next(struct import *im, struct sheet *t, struct import_row *r)
{
	size_t i = r->row ? r->i + 1 : 0;
	struct sheet_row next;
	enum rc rc;

	do {
		rc = import_row_unguarded(&im->op, t, &next);
		if (rc != RC_OK) {
			im->c->op.err = im->op.err;
			return rc;
		}
	} while (next.n && (is_empty(&next) || is_example(im, &next)));
	*r = (struct import_row){.row = t->row, .i = i, .cell = next.cell, .kind = next.kind,
	                         .n = next.n};
	return RC_OK;
}

void import_state_set(struct import *im, size_t i, enum row_state state)
{
	if (i == im->cap) {
		size_t cap = im->cap ? im->cap * 2 : 1024;
		uint8_t *more = realloc(im->state, cap);

		if (!more)
			abort();
		im->state = more;
		im->cap = cap;
	}
	im->state[i] = (uint8_t)state;
}

static enum rc check_all(struct import *im)
{
	struct sheet t = im->start;
	struct import_row r = {0};
	enum row_state state;

	for (;;) {
		enum rc rc;

		arena_reset(&im->arena);
		TRY(import_row_next(im, &t, &r));
		if (!r.n)
			return RC_OK;
		rc = import_check(im, &r, &state);
		if (rc != RC_OK) {
			im->c->op.err = im->op.err;
			return rc;
		}
		import_state_set(im, r.i, state);
		im->rows++;
		im->good += state != ROW_BAD;
		im->there += state == ROW_THERE;
		if (state == ROW_BAD)
			import_keep_bad(im, &r);
	}
}

/* What was asked about may have changed since, by a timer or by a row before. */
static void answer_take(struct import *im, struct import_batch *b, size_t i)
{
	struct answer *a = &b->answer[i];
	bool own = b->part[i] == PART_OWN;

	if (a->rc == RC_OK) {
		im->recorded += own && !a->repeated ? b->nrows[i] : 0;
		im->there += own && a->repeated ? b->nrows[i] : 0;
		return;
	}
	if (!own && a->rc == RC_CONFLICT)
		return; /* made in the meantime */
	import_refuse(im, &b->rows[i][0], b->part[i], &a->err);
	if (!own)
		return; /* its own act failed for the same reason and says so */
	im->good -= b->nrows[i];
	for (size_t j = 0; j < b->nrows[i]; j++) {
		b->rows[i][j].why = b->rows[i][0].why;
		import_keep_bad(im, &b->rows[i][j]);
	}
}

enum rc import_flush(struct import *im, struct import_batch *b)
{
	enum rc rc = b->n ? writer_batch(im->w, b->q, b->answer, b->n) : RC_OK;

	if (rc != RC_OK) {
		im->c->op.err = b->answer[0].err;
		return rc;
	}
	for (size_t i = 0; i < b->n; i++)
		answer_take(im, b, i);
	b->n = b->total = 0;
	arena_reset(&im->arena);
	return RC_OK;
}

void import_batch_add(struct import_batch *b, struct import_row *rows, size_t n, int part,
                      const struct request *q)
{
	assert(b->n < LIMIT_BATCH);
	b->q[b->n] = *q;
	b->rows[b->n] = rows;
	b->nrows[b->n] = n;
	b->part[b->n++] = (uint8_t)part;
	b->total += n;
}

static enum rc row_send(struct import *im, struct import_batch *b, const struct import_row *row)
{
	struct import_row *r = ARENA_NEW(im->op.arena, struct import_row);
	struct request q;

	*r = *row;

	if (im->kind->beside && import_has_beside(im, r)) {
		bool fresh;

		(void)seen_at(im->hasher, &b->made, import_cell(im, r, PART_OWN, im->kind->link), r->row,
		              &fresh);
		if (fresh) {
			TRY(import_request(im, r, PART_BESIDE, &q));
			import_batch_add(b, r, 1, PART_BESIDE, &q);
		}
	}
	TRY(import_request(im, r, PART_OWN, &q));
	import_batch_add(b, r, 1, PART_OWN, &q);
	return RC_OK;
}

static enum rc send_all(struct import *im, struct import_batch *b)
{
	struct sheet t = im->start;
	struct import_row r = {0};

	for (;;) {
		enum rc rc;

		if (b->n + PARTS > LIMIT_BATCH)
			TRY(import_flush(im, b));
		TRY(import_row_next(im, &t, &r));
		if (!r.n)
			return import_flush(im, b);
		if (im->state[r.i] != ROW_GOOD)
			continue;
		rc = row_send(im, b, &r);
		if (rc != RC_OK) {
			im->c->op.err = im->op.err;
			return rc;
		}
	}
}

static enum rc file_take(struct import *im)
{
	struct cli *c = im->c;
	struct hash h;

	TRY(file_read(&c->op, c->words[0], LIMIT_CSV_BYTES, &im->bytes));
	h = hash_sha256(im->bytes.s, im->bytes.n);
	im->digest = hash_hex(&c->arena, &h);
	TRY(import_header(im));
	im->mark = im->start.format == SHEET_XLSX || str_starts(im->bytes, STR("\xef\xbb\xbf"));
	return RC_OK;
}

static enum rc act_take(struct import *im)
{
	struct cli *c = im->c;
	struct str as = cli_value(c, "as");

	c->command = im->command[PART_OWN]; /* whose slots --slot fills */
	im->act.r.exam = c->office.exam;
	im->act.r.source = SOURCE_OFFICE;
	if (as.n)
		TRY(cli_person(c, as, &im->act.r.actor));
	return act_slots_take(c, &im->act);
}

/* The folder, to write or, in a dry run, to read: then nothing at all can change. */
static enum rc writer_take(struct import *im)
{
	struct cli *c = im->c;
	struct office *o = &c->office;
	const struct writer_options opt = {
		.store = &o->store, .modules = &o->modules, .clock = &o->clock, .random = &o->random,
		.vault_key = o->vault_key, .device_key = &o->device_key,
	};

	TRY(cli_open(c, !im->dry));
	im->random = o->random;
	random_at(&im->random, UINT64_MAX - office_ledger(o)->tree.size);
	im->op = c->op;
	im->op.arena = &im->arena;
	im->op.random = &im->random;
	im->w = &o->writer;
	if (!im->dry)
		return RC_OK;
	im->w = &im->reader;
	return writer_open(&c->op, &opt, &im->reader);
}

static void heads(struct import *im)
{
	struct cli *c = im->c;

	im->faults = arena_array(&c->arena, LIMIT_LIST, sizeof(*im->faults));
	im->errors = json_new_array(&c->arena);
	strbuf_init(&im->bad, &im->bad_arena);
	grid_init(&im->grid, &c->arena, 4);
	im->grid.right[0] = true;
	if (im->start.format == SHEET_XLSX)
		grid_addz(&im->grid, cli_tr(c, "单元格", "cell"));
	else
		grid_addz(&im->grid, cli_tr(c, "行", "row"));
	grid_addz(&im->grid, cli_tr(c, "列", "column"));
	grid_addz(&im->grid, cli_tr(c, "值", "value"));
	grid_addz(&im->grid, cli_tr(c, "问题", "what is wrong"));
}

/* What was recorded is signed also when the rest failed. */
static enum rc send_and_sign(struct import *im)
{
	struct cli *c = im->c;
	struct import_batch *b = calloc(1, sizeof(*b)); /* its rows' memory is the import's arena */
	struct str note = {0};
	struct err why;
	enum rc rc;

	if (!b)
		abort();
	arena_reset(&im->arena);
	rc = im->kind->list ? import_groups_send(im, b) : send_all(im, b);
	why = c->op.err;
	seen_release(&b->made);
	free(b);
	if (rc != RC_OK) {
		(void)!c->host->sign(&c->op, &c->office, &note);
		c->op.err = why;
		return rc;
	}
	TRY(c->host->sign(&c->op, &c->office, &note));
	return act_note_read(c, note, &im->signed_at);
}

static enum rc import_all(struct import *im)
{
	size_t good;

	TRY(file_take(im));
	TRY(writer_take(im));
	TRY(act_take(im));
	heads(im);
	TRY(im->kind->list ? import_groups_check(im) : check_all(im));
	good = im->good;
	if (!im->dry && (im->out.n || im->good == im->rows)) {
		TRY(import_out_write(im)); /* before anything is recorded: it may not be writable */
		TRY(send_and_sign(im));
		if (im->good < good)
			TRY(import_out_write(im));
	}
	import_tell(im);
	return im->dry || im->c->findings ? RC_OK : next_tell(im->c, im->w);
}

static enum rc flags_check(struct cli *c)
{
	if (cli_has(c, "template") && c->nwords)
		return fail(&c->op, RC_INVALID, "template", "", "--template 不需要文件",
		            "--template takes no file");
	if (!cli_has(c, "template") && !c->nwords)
		return fail(&c->op, RC_INVALID, "FILE", "",
		            "缺少文件：gongyuan import %s FILE；空白表用 --template 打印",
		            "a file is missing: gongyuan import %s FILE; --template prints an empty one",
		            c->verb->verb);
	if (cli_has(c, "out") && !cli_has(c, "template"))
		return fail(&c->op, RC_INVALID, "out", "", "--out 只与 --template 一起使用",
		            "--out goes with --template");
	if (cli_has(c, "skip-bad") && !cli_value(c, "skip-bad").n)
		return fail(&c->op, RC_INVALID, "skip-bad", "", "--skip-bad 后面缺少文件名",
		            "--skip-bad needs the name of a file");
	return RC_OK;
}

static enum rc import_run(struct cli *c)
{
	struct import *im = ARENA_NEW(&c->arena, struct import);
	enum rc rc;

	TRY(flags_check(c));
	im->c = c;
	im->kind = import_kind_find(str_of(c->verb->verb));
	im->dry = cli_has(c, "dry-run");
	im->out = cli_value(c, "skip-bad");
	import_columns(im);
	if (cli_has(c, "template"))
		return import_template(im);
	im->hasher = hasher_new(HASH_SHA256);
	rc = import_all(im);
	hasher_free(im->hasher);
	if (im->reader.store)
		writer_release(&im->reader);
	seen_release(&im->keys);
	seen_release(&im->besides);
	free(im->state);
	arena_release(&im->bad_arena);
	arena_release(&im->arena);
	return rc;
}

/* `import template KIND`: the same as `import KIND --template`. */
static enum rc template_run(struct cli *c)
{
	struct import *im = ARENA_NEW(&c->arena, struct import);

	im->c = c;
	im->kind = import_kind_find(c->words[0]);
	if (!im->kind)
		return fail(&c->op, RC_INVALID, "KIND", "", "没有“%s”这一类；见 gongyuan import --help",
		            "there is no kind \"%s\"; see gongyuan import --help", c->words[0].s);
	import_columns(im);
	return import_template(im);
}

static const struct cli_flag TEMPLATE_FLAGS[] = {
	{"out", "FILE.xlsx", "写成 XLSX：表头、样例、下拉列表、填写说明",
	 "write XLSX: a head, an example, lists to choose from, notes", false},
};

static const struct cli_flag FLAGS[] = {
	{"dry-run", NULL, "只检查，不登记", "only check; record nothing", false},
	{"skip-bad", "OUT", "导入好的行，有误的行连同原因写到 OUT",
     "import the good rows and write the bad ones, with reasons, to OUT", false},
	{"sheet", "NAME", "XLSX 中的工作表（默认第一个可见的）",
     "the sheet of an XLSX (the first that is not hidden)", false},
	{"template", NULL, "打印只有表头的空白表", "print an empty file with its header", false},
	{"out", "FILE.xlsx", "与 --template 一起：写成 XLSX，带样例、下拉列表和填写说明",
     "with --template: as XLSX, with an example, lists to choose from and notes", false},
	{"as", "PERSON", "以谁的名义（工号或编号）", "who gives it (staff code or number)", false},
	{"slot", "NAME=HOW:PERSON[:SIGNATURE]", "每一行的签名栏", "a signature of every row", true},
};

#define ROW(kind, ...) \
	{"import", (kind), "[FILE]", 0, 1, CLI_FLAGS(FLAGS), .run = import_run, \
	 .more = import_columns_help, ##__VA_ARGS__}

const struct cli_verb cli_import_verbs[] = {
	{"import", "template", "KIND", 1, 1, CLI_FLAGS(TEMPLATE_FLAGS), .run = template_run,
     .zh = "空白表：各列、样例、怎样填",
     .en = "an empty file to fill in: columns, an example, notes"},
	ROW("places", .zh = "从 XLSX 或 CSV 导入地点", .en = "places out of an XLSX or CSV file"),
	ROW("units", .zh = "从 XLSX 或 CSV 导入单位", .en = "units out of an XLSX or CSV file"),
	ROW("people", .zh = "从 XLSX 或 CSV 导入工作人员（可连同其单位）",
        .en = "people out of an XLSX or CSV file (and their units)"),
	ROW("grants", .zh = "从 XLSX 或 CSV 导入授权（每人一行）",
        .en = "grants out of an XLSX or CSV file, one a person"),
	ROW("candidates", .zh = "从 XLSX 或 CSV 导入考生（可连同其学校）",
        .en = "candidates out of an XLSX or CSV file (and their schools)"),
	ROW("rooms", .zh = "从 XLSX 或 CSV 导入考场编排",
        .en = "rooms and their sessions out of an XLSX or CSV file"),
	ROW("arrangement", .zh = "从 XLSX 或 CSV 导入座位编排（含候考区）",
        .en = "who sits, or waits, where out of an XLSX or CSV file"),
	ROW("roster", .zh = "从 XLSX 或 CSV 导入值班表",
        .en = "the duty roster out of an XLSX or CSV file"),
};
const size_t cli_nimport_verbs = COUNT(cli_import_verbs);
