/* SPDX-License-Identifier: Apache-2.0 */
/* print.c -- `gongyuan print FORM`: forms on paper as PDF; `print list`; `print find`: what a
 * sheet's QR code or id leads to.
 */
#include "cli/out.h"
#include "cli/rows.h"
#include "db/store.h"
#include "http/form.h"

static struct form_desk desk_of(struct cli *c)
{
	return (struct form_desk){.modules = &c->office.modules, .profile = &c->office.profile,
	                          .vault = &c->office.vault, .ledger = office_ledger(&c->office),
	                          .drill = c->office.drill};
}

static enum rc list_run(struct cli *c)
{
	struct json *all = json_new_array(&c->arena);
	struct grid g;

	grid_init(&g, &c->arena, 4);
	grid_addz(&g, cli_tr(c, "表号", "no."));
	grid_addz(&g, cli_tr(c, "名称", "form"));
	grid_addz(&g, cli_tr(c, "打印", "to print"));
	grid_addz(&g, cli_tr(c, "按", "of a"));
	for (size_t i = 0; i < FORM_NKINDS; i++) {
		const struct form_kind *k = &FORM_KINDS[i];
		struct json *o = json_new_object(&c->arena);

		json_set_str(&c->arena, o, "en", str_of(k->en));
		json_set_str(&c->arena, o, "form", str_of(k->id));
		json_set_str(&c->arena, o, "number", str_of(k->number));
		json_set_str(&c->arena, o, "zh", str_of(k->zh));
		json_put(all, NULL, o);
		grid_addz(&g, k->number);
		grid_addz(&g, cli_tr(c, k->zh, k->en));
		grid_add(&g, str_fmt(&c->arena, "gongyuan print %s", k->id));
		grid_addz(&g, k->of == FORM_OF_SESSION ? cli_tr(c, "科次、地点", "session and place")
		                                       : cli_tr(c, "日期、地点", "day and place"));
	}
	c->result = json_new_object(&c->arena);
	json_put(c->result, "forms", all);
	if (!c->json)
		grid_print(&g, stdout);
	return RC_OK;
}

static struct json *forms_json(struct cli *c, const struct form_list *l)
{
	struct json *all = json_new_array(&c->arena);

	for (size_t i = 0; i < l->n; i++) {
		const struct form *f = &l->forms[i];
		struct json *o = json_new_object(&c->arena);

		json_set_str(&c->arena, o, "check", f->check);
		json_set_str(&c->arena, o, "content", f->content);
		json_set_str(&c->arena, o, "id", f->head.id);
		json_set_int(&c->arena, o, "pages", f->pages);
		json_set_str(&c->arena, o, "root", f->head.root);
		json_set_int(&c->arena, o, "size", f->head.size);
		json_put(all, NULL, o);
	}
	return all;
}

static struct str today(struct cli *c)
{
	return str_dup(&c->arena, clock_format_offset(&c->arena, c->op.now_ms, c->offset_min).s, 10);
}

static enum rc print_run(struct cli *c)
{
	const struct form_kind *kind = form_kind(str_of(c->verb->verb));
	struct str out = cli_value(c, "out");
	struct form_list l;
	struct form_ask ask = {.opened = -1};
	struct form_desk desk;
	int64_t copies;

	if (!out.n)
		return fail(&c->op, RC_INVALID, "out", "", "请写明 --out FILE.pdf", "say --out FILE.pdf");
	TRY(cli_int(c, "copies", 0, &copies));
	TRY(cli_int(c, "opened", -1, &ask.opened));
	if (copies < 0 || copies > 99)
		return fail(&c->op, RC_INVALID, "copies", "", "--copies 为 1 至 99", "--copies is 1 to 99");
	TRY(cli_open(c, false));
	desk = desk_of(c);
	ask.place = cli_has(c, "place") ? cli_value(c, "place") : STR("");
	ask.session = cli_has(c, "session") ? cli_value(c, "session") : STR("");
	ask.day = cli_has(c, "day") ? cli_value(c, "day") : today(c);
	ask.copies = (int)copies;
	TRY(form_make(&c->op, &desk, kind, &ask, &l));
	TRY(file_write(&c->op, out, l.pdf, 0600)); /* names may stand in it */
	c->result = json_new_object(&c->arena);
	json_put(c->result, "forms", forms_json(c, &l));
	if (c->json)
		return RC_OK;
	for (size_t i = 0; i < l.n; i++)
		cli_say(c, "%s　编号 %s　%d 页　校验值 %.16s", "%s  id %s  %d page(s)  check value %.16s",
		        cli_tr(c, kind->zh, kind->en), l.forms[i].head.id.s, l.forms[i].pages,
		        l.forms[i].check.s);
	return RC_OK;
}

static enum rc found_say(struct cli *c, const struct form_found *f)
{
	struct arena *a = &c->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "check", f->id.check);
	json_set_str(a, o, "form", str_of(f->kind->id));
	json_set_str(a, o, "id", form_id_text(a, &f->id));
	json_set_str(a, o, "place", f->id.place);
	json_set_str(a, o, "session", f->id.session);
	json_set_int(a, o, "size", f->id.size);
	if (f->filed >= 0)
		json_set_int(a, o, "filed", f->filed);
	if (f->has_root)
		json_set_bool(a, o, "sound", f->sound);
	c->result = o;
	if (f->has_root && !f->sound)
		c->findings = rc_exit(RC_BROKEN);
	if (c->json)
		return RC_OK;
	cli_say(c, "%s", "%s", cli_tr(c, f->kind->zh, f->kind->en));
	cli_say(c, "　地点 %s　科次或日期 %s", "  place %s, session or day %s", f->id.place.s,
	        f->id.session.s);
	cli_say(c, "　打印时台账有 %lld 条", "  printed when the ledger had %lld entries",
	        (long long)f->id.size);
	if (f->has_root && f->sound)
		cli_say(c, "　表上的根与本台账一致", "  the root on paper is this ledger's");
	if (f->filed >= 0)
		cli_say(c, "　已签字归档：台账第 %lld 条", "  signed and filed: entry %lld", (long long)f->filed);
	if (f->has_root && !f->sound)
		cli_note(c, "表上的根与本台账不一致：此表打印时所依的台账不是现在这一本，请立即报告纪检和审计",
		         "the root on paper is not this ledger's: the form was printed from another "
		         "history; tell discipline inspection and the auditor at once");
	return RC_OK;
}

enum rc cli_form_find(struct cli *c)
{
	struct form_found f;
	struct form_desk desk;

	TRY(cli_open(c, false));
	desk = desk_of(c);
	TRY(form_find(&c->op, &desk, c->words[0], &f));
	return found_say(c, &f);
}

static const struct cli_flag FLAGS[] = {
	{"place", "PLACE", "考点或考场的路径", "the path of a site or room", false},
	{"session", "S", "科次", "the session", false},
	{"day", "YYYY-MM-DD", "日期（默认今天；演练为其当前日期）", "the day (default: today; of a drill its own)",
	 false},
	{"copies", "N", "一式几份（默认按表式）", "how many copies are made (default: as the form says)", false},
	{"opened", "INDEX", "打印考生姓名：查阅登记（arrange open-names）的台账序号",
	 "with candidates' names: the entry of arrange open-names", false},
	{"out", "FILE", "写入此 PDF 文件", "the PDF file to write", false},
};

#define FORM_VERB(id, zh_, en_) \
	{"print", id, "", 0, 0, CLI_FLAGS(FLAGS), .run = print_run, .zh = zh_, .en = en_}
const struct cli_verb cli_print_verbs[] = {
	{"print", "list", "", 0, 0, .run = list_run, .zh = "可以打印的表单",
	 .en = "the forms that can be printed"},
	{"print", "find", "ID", 1, 1, .run = cli_form_find, .zh = "由表上的二维码或编号查这张表",
	 .en = "what a form's QR code or id leads to"},
	FORM_VERB("handover", "打印试卷交接单", "print a hand-over form"),
	FORM_VERB("issue-sheet", "打印领卷签收表", "print a site's issue sheet"),
	FORM_VERB("store-log", "打印保密室值班日志", "print the log of a secrecy room"),
	FORM_VERB("keys", "打印钥匙交接登记表", "print a sheet for keys handed over"),
	FORM_VERB("joint-check", "打印半日联检表", "print a half-day joint check"),
	FORM_VERB("replay", "打印录像回放记录表", "print a sheet for recordings replayed"),
	FORM_VERB("room-record", "打印考场情况记录单", "print room record sheets"),
	FORM_VERB("spare", "打印备用卷启用登记表", "print a sheet for spare papers"),
	FORM_VERB("violation", "打印考生违规情况记录表和暂扣收据", "print records of suspected violations"),
	FORM_VERB("zero-report", "打印零报告", "print a zero-report"),
	FORM_VERB("box-labels", "打印试卷箱标签", "print labels of boxes"),
	FORM_VERB("door-sheet", "打印考场门贴", "print door sheets"),
	FORM_VERB("seat-map", "打印考场座位表", "print seat maps"),
	FORM_VERB("day-report", "打印值班日报", "print the day's report"),
};
const size_t cli_nprint_verbs = COUNT(cli_print_verbs);
