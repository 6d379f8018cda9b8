/* SPDX-License-Identifier: Apache-2.0 */
/* form_route.c -- GET /api/v1/forms/FORM: a form as PDF, for who may read what it shows; drawn on a
 * thread of its own kind, so that a morning's printing holds up no question.
 */
#include "http/route.h"

#include "base/limits.h"
#include "engine/authority.h"
#include "engine/modules_private.h"
#include "engine/writer.h"
#include "http/form.h"
#include "http/problem.h"
#include "http/query.h"

struct printing {
	struct exchange *x;
	const struct form_kind *kind;
	struct form_ask ask;
	enum rc rc;
	struct err err;
	struct str pdf;
};

static bool sees(const struct op *op, const struct view *v, struct person_id who, struct str place)
{
	for (const char *const *r = v->roles; r && *r; r++)
		if (person_holds(op, who, str_of(*r), place))
			return true;
	return false;
}

bool form_may(const struct op *op, const struct modules *m, const struct form_kind *kind,
              struct person_id who, struct str place)
{
	for (const char *const *name = kind->views; *name; name++)
		for (size_t i = 0; i < m->index->nall; i++)
			for (size_t j = 0; j < m->index->all[i]->nviews; j++) {
				const struct view *v = &m->index->all[i]->views[j];

				if (strcmp(v->path, *name) == 0 && !sees(op, v, who, place))
					return false;
			}
	return !kind->right || person_may(op, who, str_of(kind->right), place);
}

static enum rc make(struct op *op, struct printing *q)
{
	struct writer *w = op->run->writer;
	const struct form_desk desk = {.modules = op->run->modules, .profile = op->run->profile,
	                               .vault = &w->vault, .ledger = &w->ledger, .drill = w->drill};
	struct form_list l;

	if (!form_may(op, op->run->modules, q->kind, q->ask.who, q->ask.place))
		return fail(op, RC_DENIED, "place", "", "此表的内容不在授权范围内",
		            "what this form shows is not under your grants");
	TRY(form_make(op, &desk, q->kind, &q->ask, &l));
	q->pdf = str_copy(exchange_arena(q->x), l.pdf);
	return RC_OK;
}

/* On the thread for forms. */
static void job(void *ctx, struct op *op)
{
	struct printing *q = ctx;

	q->rc = make(op, q);
	q->err = op->err;
	exchange_done(q->x);
}

static void finish(void *ctx, struct exchange *x)
{
	struct printing *q = ctx;
	struct reply r = {.status = 200, .type = "application/pdf", .body = q->pdf};

	if (q->rc == RC_OK)
		exchange_answer(x, &r);
	else
		problem_answer(x, &q->err, -1);
}

static struct str asked(struct exchange *x, const char *name)
{
	struct str v = exchange_query(x, name);

	return v.s ? str_copy(exchange_arena(x), v) : STR("");
}

static const struct query_number OPENED = {
	"opened", -1, 0, LIMIT_INT, "应为查阅登记的台账序号", "is the index of an entry",
};

static void form(const struct asked *a, struct exchange *x)
{
	const struct form_kind *kind = form_kind(a->rest);
	struct printing *q;

	if (!kind) {
		problem_say(x, 404, "没有此表单", "there is no such form");
		return;
	}
	q = ARENA_NEW(exchange_arena(x), struct printing);
	*q = (struct printing){.x = x, .kind = kind,
	                       .ask = {.opened = -1, .who = a->who.person,
	                               .place = asked(x, "place"), .day = asked(x, "day"),
	                               .session = asked(x, "session")}};
	if (!q->ask.place.n) {
		problem_query(x, STR("place"), "须填写", "must be said");
		return;
	}
	if (!query_place(x, q->ask.place) || !query_text(x, "day", q->ask.day) ||
	    !query_text(x, "session", q->ask.session) ||
	    (asked(x, "opened").n && !query_number(x, &OPENED, &q->ask.opened)))
		return;
	exchange_wait(x, finish, q);
	if (a->router->api->print(a->router->api->ctx, job, q) == RC_OK)
		return;
	q->rc = err_set(&q->err, GY_WHERE, RC_BUSY, "", "", "待打印的表单过多，请稍后重试",
	                "too many forms wait to be printed; try again later");
	exchange_done(x);
}

static const struct route_param ASKS[] = {
	{"form", "path", "cursor", true, "表单，如 room-record", "which form, such as room-record"},
	{"place", "query", "cursor", true, "地点路径", "a path"},
	{"session", "query", "cursor", false, "科次；按科次的表必填", "of forms of a session"},
	{"opened", "query", "index", false,
	 "打印考生姓名：本人查阅登记（arrange.open_names）的台账序号",
	 "with candidates' names: the entry of one's own arrange.open_names"},
	{"day", "query", "cursor", false, "日期；按日的表必填", "of forms of a day"},
};
static const struct route_answer PDF[] = {
	{200, "application/pdf", NULL, "A4 表单", "the form, A4"},
};
static const int PROBLEMS[] = {400, 401, 403, 404, 422, 500, 503, 0};

const struct route FORM_ROUTES[] = {
	{"GET", "/api/v1/forms/{form}", ROUTE_CALLER, .handle = form, PARAMS(ASKS), ANSWERS(PDF),
	 .problems = PROBLEMS, .zh = "打印用表单（PDF）", .en = "a form for printing, as PDF"},
};
const size_t FORM_NROUTES = COUNT(FORM_ROUTES);
