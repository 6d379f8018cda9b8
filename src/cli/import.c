/* SPDX-License-Identifier: Apache-2.0 */
/* import.c -- `gongyuan import KIND FILE`.
 *
 * Without --skip-bad a bad row anywhere means that nothing is recorded.
 */
#include "cli/importing.h"
#include "cli/next.h"
#include "cli/rows.h"

static enum rc act_take(struct importing *x)
{
	struct cli *c = x->c;
	struct str as = cli_value(c, "as");

	c->command = x->im.command[PART_OWN]; /* whose slots --slot fills */
	x->act.r.exam = c->office.exam;
	x->act.r.source = SOURCE_OFFICE;
	if (as.n)
		TRY(cli_person(c, as, &x->act.r.actor));
	return act_slots_take(c, &x->act);
}

/* The folder, to write or, in a dry run, to read: then nothing at all can change. */
static enum rc writer_take(struct importing *x)
{
	struct cli *c = x->c;
	struct office *o = &c->office;
	const struct writer_options opt = {
		.store = &o->store, .modules = &o->modules, .clock = &o->clock, .random = &o->random,
		.vault_key = o->vault_key, .device_key = &o->device_key,
	};

	TRY(cli_open(c, !x->dry));
	x->random = o->random;
	random_at(&x->random, UINT64_MAX - office_ledger(o)->tree.size);
	x->keep = c->op;
	x->keep.random = &x->random;
	x->im.offset_min = c->offset_min;
	x->im.w = x->dry ? &x->reader : &o->writer;
	return x->dry ? writer_open(&c->op, &opt, &x->reader) : RC_OK;
}

/* An import tells its operation what failed. */
static enum rc told(struct importing *x, enum rc rc)
{
	if (rc != RC_OK)
		x->c->op.err = x->keep.err;
	return rc;
}

static enum rc give(void *ctx, const struct request *q, struct answer *ret, size_t n)
{
	struct importing *x = ctx;

	return writer_batch(x->im.w, q, ret, n);
}

/* What was recorded is signed also when the rest failed. */
static enum rc send_and_sign(struct importing *x)
{
	struct cli *c = x->c;
	struct str note = {0};
	enum rc rc = import_send(&x->im);

	if (rc != RC_OK) {
		(void)!c->host->sign(&c->op, &c->office, &note);
		return told(x, rc);
	}
	TRY(c->host->sign(&c->op, &c->office, &note));
	return act_note_read(c, note, &x->signed_at);
}

static enum rc import_all(struct importing *x)
{
	struct import *im = &x->im;
	struct cli *c = x->c;
	size_t good;

	TRY(file_read(&c->op, c->words[0], LIMIT_CSV_BYTES, &im->bytes));
	x->keep = c->op;
	TRY(told(x, import_open(im)));
	TRY(writer_take(x));
	TRY(act_take(x));
	im->base = x->act.r;
	TRY(told(x, import_check_rows(im)));
	good = im->good;
	if (!x->dry && (x->out.n || im->good == im->rows)) {
		TRY(importing_out_write(x)); /* before anything is recorded: it may not be writable */
		TRY(send_and_sign(x));
		if (im->good < good)
			TRY(importing_out_write(x));
	}
	importing_tell(x);
	return x->dry || c->findings ? RC_OK : next_tell(c, im->w);
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
	struct importing *x = ARENA_NEW(&c->arena, struct importing);
	enum rc rc;

	TRY(flags_check(c));
	if (cli_has(c, "template"))
		return importing_template(c, str_of(c->verb->verb));
	x->c = c;
	x->dry = cli_has(c, "dry-run");
	x->out = cli_value(c, "skip-bad");
	x->im = (struct import){.keep = &x->keep, .modules = &c->modules,
	                        .kind = import_kind_find(str_of(c->verb->verb)),
	                        .sheet = cli_value(c, "sheet"), .en = c->lang == CLI_EN,
	                        .keep_bad = x->out.n > 0, .give = give, .ctx = x};
	x->keep = c->op;
	import_columns(&x->im);
	rc = import_all(x);
	if (x->reader.store)
		writer_release(&x->reader);
	import_release(&x->im);
	return rc;
}

/* `import template KIND`: the same as `import KIND --template`. */
static enum rc template_run(struct cli *c)
{
	return importing_template(c, c->words[0]);
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
	 .more = importing_columns_help, ##__VA_ARGS__}

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
