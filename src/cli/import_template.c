/* SPDX-License-Identifier: Apache-2.0 */
/* import_template.c -- empty files to fill in: a head as CSV or JSON, or a spreadsheet with an
 * example and notes.
 */
#include "cli/importing.h"
#include "cli/out.h"

static struct json *template_json(struct import *im)
{
	struct arena *a = im->keep->arena;
	struct json *o = json_new_object(a), *array = json_new_array(a);

	for (size_t i = 0; i < im->ncolumns; i++) {
		const struct import_column *col = &im->column[i];
		struct json *x = json_new_object(a);

		json_set_str(a, x, "en", str_of(col->field->en));
		json_set_str(a, x, "name", col->name);
		json_set_bool(a, x, "required", import_required(col));
		json_set_str(a, x, "type", str_of(field_type_text(col->field->type)));
		json_set_str(a, x, "zh", str_of(col->field->zh));
		json_put(array, NULL, x);
	}
	json_put(o, "columns", array);
	return o;
}

static enum rc template_xlsx(struct cli *c, struct import *im, struct str out)
{
	struct str bytes;

	if (!str_ends(out, STR(".xlsx")))
		return fail(&c->op, RC_INVALID, "out", "", "--out 写 XLSX：文件名应以 .xlsx 结尾",
		            "--out writes XLSX: the name of the file ends in .xlsx");
	TRY(import_template(im, &bytes));
	TRY(file_write(&c->op, out, bytes, 0644));
	cli_say(c, "已写入 %s", "written to %s", out.s);
	return RC_OK;
}

/* With the mark of UTF-8, by which spreadsheets know it. */
static void template_csv(struct import *im)
{
	struct strbuf b;

	strbuf_init(&b, im->keep->arena);
	strbuf_addz(&b, "\xef\xbb\xbf");
	for (size_t i = 0; i < im->ncolumns; i++)
		csv_cell_to(&b, import_label(im, &im->column[i]), i == 0);
	strbuf_addz(&b, "\r\n");
	fwrite(b.s, 1, b.n, stdout);
}

enum rc importing_template(struct cli *c, struct str kind)
{
	struct str out = cli_value(c, "out");
	struct import im = {.keep = &c->op, .modules = &c->modules, .kind = import_kind_find(kind),
	                    .en = c->lang == CLI_EN};

	if (!im.kind)
		return fail(&c->op, RC_INVALID, "KIND", "", "没有“%s”这一类；见 gongyuan import --help",
		            "there is no kind \"%s\"; see gongyuan import --help", kind.s);
	import_columns(&im);
	if (out.n)
		return template_xlsx(c, &im, out);
	if (c->json)
		c->result = template_json(&im);
	else
		template_csv(&im);
	return RC_OK;
}

struct str importing_columns_help(struct cli *c, const struct cli_verb *v)
{
	struct op keep = c->op;
	struct import im = {.keep = &keep, .modules = &c->modules,
	                    .kind = import_kind_find(str_of(v->verb))};
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	if (!im.kind)
		return STR("");
	import_columns(&im);
	strbuf_addz(&b, cli_tr(c, "列（表头用中文名、英文名或字段名，次序不限）：\n",
	                       "columns (Chinese label, English label or name, in any order):\n"));
	for (size_t i = 0; i < im.ncolumns; i++) {
		const struct import_column *col = &im.column[i];

		strbuf_addf(&b, "  %s  %s  %s%s\n", col->name.s, col->field->zh, col->field->en,
		            import_required(col) ? "" : cli_tr(c, "（可缺）", " (optional)"));
	}
	return strbuf_str(&b);
}
