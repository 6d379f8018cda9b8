/* SPDX-License-Identifier: Apache-2.0 */
/* read_form.c -- GET /api/v1/scanned-form?code=…: what the code on a scanned form leads to, whether
 * it is this ledger's, and by which entry it was filed.  The browser reads the code and hashes the
 * picture; no picture comes to the server (docs/adr/0018).
 */
#include "http/reading.h"

#include "engine/writer.h"
#include "http/form.h"

/* For whom forms are filed. */
static bool may(const struct op *op, struct person_id who, struct str place)
{
	static const char *const FILED[] = {"filing/forms", NULL};
	const struct form_kind filing = {.views = FILED};

	return form_may(op, op->run->modules, &filing, who, place);
}

static enum rc get_form(struct op *op, const struct reading *q, struct json *o)
{
	struct writer *w = op->run->writer;
	const struct form_desk desk = {.modules = op->run->modules, .profile = op->run->profile,
	                               .vault = &w->vault, .ledger = &w->ledger, .drill = w->drill};
	struct arena *a = op->arena;
	struct form_found f;

	TRY(form_find(op, &desk, q->what, &f));
	if (!f.has_root)
		return fail(op, RC_INVALID, "code", "", "请扫二维码：编号上没有校验值和页码",
		            "scan the QR code: an id has neither check value nor page");
	if (!may(op, q->who, f.id.place))
		return fail(op, RC_DENIED, "place", "", "此表的单位不在授权范围内",
		            "the form's place is not under your grants");
	json_set_str(a, o, "check", f.id.check);
	json_set_str(a, o, "en", str_of(f.kind->en));
	json_set_int(a, o, "entries", f.id.size);
	if (f.filed >= 0)
		json_set_int(a, o, "filed", f.filed);
	json_set_str(a, o, "form", str_of(f.kind->id));
	json_set_str(a, o, "id", form_id_text(a, &f.id));
	json_set_str(a, o, f.kind->of == FORM_OF_DAY ? "day" : "session", f.id.session);
	json_set_int(a, o, "page", f.id.page);
	json_set_int(a, o, "pages", f.id.pages);
	json_set_str(a, o, "place", f.id.place);
	json_set_str(a, o, "root", f.id.root);
	json_set_bool(a, o, "sound", f.sound);
	json_set_str(a, o, "zh", str_of(f.kind->zh));
	return RC_OK;
}

static void form(const struct asked *a, struct exchange *x)
{
	struct str code = exchange_query(x, "code");

	reading_begin(a, x, code.s ? code : STR(""), get_form);
}

static const struct route_param ASKS[] = {
	{"code", "query", "cursor", true, "二维码内容", "what the QR code says"},
};
static const struct route_answer FOUND[] = {
	{200, "application/json", "scanned_form", "这张表", "the form"},
};
static const int PROBLEMS[] = {400, 401, 403, 404, 422, 500, 503, 0};

const struct route SCANNED_ROUTES[] = {
	{"GET", "/api/v1/scanned-form", ROUTE_CALLER, .handle = form, PARAMS(ASKS), ANSWERS(FOUND),
	 .problems = PROBLEMS, .zh = "由二维码查扫描回来的表", .en = "what a scanned form's code leads to"},
};
const size_t SCANNED_NROUTES = COUNT(SCANNED_ROUTES);
