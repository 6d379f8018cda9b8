/* SPDX-License-Identifier: Apache-2.0 */
/* import_told.c -- what an import says on a screen, and the file of rows to mend. */
#include <sys/stat.h>

#include "cli/importing.h"
#include "cli/out.h"

#define SHOWN_MAX 100   /* rows of the table on a screen */

static bool same_file(struct str a, struct str b)
{
	struct stat x, y;

	return stat(a.s, &x) == 0 && stat(b.s, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static bool is_xlsx(struct str name)
{
	return str_ends(name, STR(".xlsx")) || str_ends(name, STR(".XLSX"));
}

enum rc importing_out_write(struct importing *x)
{
	struct cli *c = x->c;
	struct str text;

	if (!x->out.n)
		return RC_OK;
	if (same_file(x->out, c->words[0]))
		return fail(&c->op, RC_CONFLICT, "skip-bad", "", "--skip-bad 不能写到所导入的文件 %s",
		            "--skip-bad may not write over the file that is imported: %s", x->out.s);
	if (import_bad_file(&x->im, is_xlsx(x->out), &text) != RC_OK) {
		c->op.err = x->keep.err;
		return c->op.err.rc;
	}
	return file_write(&c->op, x->out, text, 0600); /* names stand in it */
}

/* One line a finding, whatever stands in the cell. */
static struct str one_line(struct cli *c, struct str s)
{
	s = str_copy(&c->arena, s);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] < ' ' || s.s[i] == 0x7f)
			((char *)(uintptr_t)s.s)[i] = ' ';
	return s;
}

/* The findings, as the answer has them. */
static size_t table(struct importing *x)
{
	struct cli *c = x->c;
	size_t n = 0;
	struct grid g;

	grid_init(&g, &c->arena, 4);
	g.right[0] = true;
	if (x->im.start.format == SHEET_XLSX)
		grid_addz(&g, cli_tr(c, "单元格", "cell"));
	else
		grid_addz(&g, cli_tr(c, "行", "row"));
	grid_addz(&g, cli_tr(c, "列", "column"));
	grid_addz(&g, cli_tr(c, "值", "value"));
	grid_addz(&g, cli_tr(c, "问题", "what is wrong"));
	for (const struct json *e = x->im.errors->first; e && n < SHOWN_MAX; e = e->next, n++) {
		struct str cell = json_str(e, "cell");

		if (cell.n)
			grid_add(&g, cell);
		else
			grid_addi(&g, json_int(e, "row", 0));
		grid_add(&g, json_str(e, "column"));
		grid_add(&g, one_line(c, json_str(e, "value")));
		grid_add(&g, json_str(e, c->lang == CLI_EN ? "en" : "zh"));
	}
	if (n)
		grid_print(&g, stdout);
	return n;
}

static void summary(struct importing *x)
{
	const struct import *im = &x->im;
	struct cli *c = x->c;
	size_t bad = im->rows - im->good;

	if (x->dry)
		cli_say(
			c,
			"试运行，未作任何登记：共 %zu 行，可导入 %zu 行（其中 %zu 行先前已导入），有误 %zu 行",
			"dry run, nothing was recorded: %zu rows, %zu good (%zu of them imported before), "
			"%zu bad",
			im->rows, im->good, im->there, bad);
	else
		cli_say(c, "共 %zu 行：新登记 %zu 行，先前已导入 %zu 行，有误 %zu 行",
		        "%zu rows: %zu recorded now, %zu imported before, %zu bad", im->rows,
		        im->recorded, im->there, bad);
	if (bad && !x->dry && !x->out.n && !im->recorded)
		cli_say(c, "有误的行改好之前一行也不导入；只导入其余各行请用 --skip-bad OUT",
		        "nothing is imported while a row is bad; --skip-bad OUT imports the others");
	if (im->recorded)
		cli_say(c, "存证点 %llu 条，根 %s", "checkpoint of %llu entries, root %s",
		        (unsigned long long)x->signed_at.size,
		        hash_hex(&c->arena, &x->signed_at.root).s);
	if (x->out.n && bad && !x->dry)
		cli_say(c, "有误的行连同原因写在 %s，改好后可直接导入该文件",
		        "the bad rows are in %s with their reasons: mend them and import that file",
		        x->out.s);
}

void importing_tell(struct importing *x)
{
	const struct import *im = &x->im;
	struct cli *c = x->c;

	if (!c->json && im->nerrors > table(x))
		cli_say(c, "……共 %zu 处", "… %zu in all", im->nerrors);
	if (c->json && im->nerrors > LIMIT_CSV_FINDINGS)
		cli_note(c, "共 %zu 处，只列出 %d 处", "%zu findings, of which %d are listed",
		         im->nerrors, LIMIT_CSV_FINDINGS);
	summary(x);
	c->result = import_json(&x->im, false);
	/* When everything was refused for want of a right, that is what the caller must hear. */
	if (im->nerrors)
		c->findings = im->denied == im->nerrors && !im->good ? rc_exit(RC_DENIED)
		                                                     : rc_exit(RC_NOT_FOUND);
}
