/* SPDX-License-Identifier: Apache-2.0 */
/* reconcile.c -- `custody reconcile`: a half day's bags, room by room, the unbalanced ones first,
 * and where each difference arose;
 * `duty zero`: the zero-reports of a session, site by site, and who is late.
 */
#include "cli/gap.h"
#include "cli/labels.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "domain/arrange/arrange.h"
#include "domain/custody/half_day.h"
#include "domain/duty/duty.h"
#include "engine/expect.h"

static enum rc place_of(struct cli *c, struct str text, struct str *ret)
{
	*ret = text;
	if (text.n && !place_path_valid(text))
		return fail(&c->op, RC_INVALID, "PLACE", "", "地点写作路径 省/市/县/考点/考场，不是 %s",
		            "a place is a path province/city/county/site/room, not %s", text.s);
	return RC_OK;
}

struct reconcile {
	struct cli *c;
	struct grid grid;
	bool all; /* every bag is listed */
};

/* What is well is listed when all is asked for. */
static void row_text(void *ctx, const struct custody_line *l, enum trouble why)
{
	struct reconcile *x = ctx;
	struct grid *g = &x->grid;

	if (why == TROUBLE_NONE && !x->all)
		return;

	grid_add(g, l->room.n ? l->room : l->site);
	grid_add(g, l->bag);
	grid_add(g, label_asset(x->c, l->asset));
	grid_add(g, str_fmt(&x->c->arena, "%lld+%lld%+lld", (long long)l->copies, (long long)l->spare,
	                    (long long)l->moved));
	grid_addi(g, l->used + l->spare);
	grid_addi(g, l->absent);
	grid_addi(g, l->left_over);
	grid_addi(g, l->replaced);
	grid_addi(g, custody_line_gap(l));
	grid_add(g, label_word(x->c, TROUBLE_WORDS, TROUBLE_MAX, (int)why));
	grid_add(g, str_fmt(&x->c->arena, "[%lld-%lld]", (long long)l->first, (long long)l->last));
}

static void rows_head(struct reconcile *x)
{
	struct cli *c = x->c;
	struct grid *g = &x->grid;

	grid_init(g, &c->arena, 11);
	grid_addz(g, cli_tr(c, "考场", "room"));
	grid_addz(g, cli_tr(c, "袋号", "bag"));
	grid_addz(g, cli_tr(c, "品种", "asset"));
	grid_addz(g, cli_tr(c, "领+备用±转", "got+spare±moved"));
	grid_addz(g, cli_tr(c, "已用", "used"));
	grid_addz(g, cli_tr(c, "缺考", "absent"));
	grid_addz(g, cli_tr(c, "余卷", "left over"));
	grid_addz(g, cli_tr(c, "换下", "replaced"));
	grid_addz(g, cli_tr(c, "差额", "short"));
	grid_addz(g, cli_tr(c, "状态", "state"));
	grid_addz(g, cli_tr(c, "台账", "entries"));
	for (size_t i = 3; i < 9; i++)
		g->right[i] = true;
}

static enum rc reconcile_run(struct cli *c)
{
	struct reconcile x = {.c = c, .all = cli_has(c, "all")};
	struct half_day h;
	struct str place;

	TRY(place_of(c, c->nwords > 1 ? c->words[1] : STR(""), &place));
	TRY(cli_open(c, false));
	x.all = x.all || place_level(place) == LEVEL_ROOM;
	rows_head(&x);
	h = gap_source(c, place);
	h.each = row_text;
	h.ctx = &x;
	c->result = json_new_object(&c->arena);
	TRY(half_day_tell(&h, c->words[0], c->result));
	c->findings = h.unbalanced ? rc_exit(RC_NOT_FOUND) : 0;
	if (c->json)
		return RC_OK;
	cli_say(c, "半日对账 %s %s：%lld 袋，不平 %lld，未清点 %lld",
	        "half day %s %s: %lld bags, %lld unbalanced, %lld not counted", c->words[0].s,
	        place.n ? place.s : cli_tr(c, "全部", "all"), (long long)h.bags,
	        (long long)h.unbalanced, (long long)h.uncounted);
	if (x.grid.n > x.grid.ncolumns)
		grid_print(&x.grid, stdout);
	else if (h.bags)
		cli_say(c, "全部平衡；逐袋列出用 --all", "all is balanced; --all lists every bag");
	for (const struct json *o = json_get(c->result, "differences")->first; o; o = o->next)
		gap_say(c, o);
	return RC_OK;
}

/* Zero-reports. */
static const char *const STATE_ZH[EXPECT_STATE_MAX] = {
	[EXPECT_OPEN] = "未到时", [EXPECT_MET] = "按时", [EXPECT_EARLY] = "提前",
	[EXPECT_LATE] = "迟报", [EXPECT_LAPSED] = "未报", [EXPECT_VOIDED] = "免报",
};
static const char *const STATE_EN[EXPECT_STATE_MAX] = {
#define X(id, text) [EXPECT_##id] = text,
	EXPECT_STATES(X)
#undef X
};

static const struct duty_zero *zero_of(const struct duty_zero *z, size_t n, struct str place)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(z[i].place, place))
			return &z[i];
	return NULL;
}

static void zero_row(struct cli *c, struct grid *g, struct json *list, const struct expectation *e,
                     const struct duty_zero *z)
{
	struct arena *a = &c->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "place", e->place);
	json_set_str(a, o, "state", str_of(STATE_EN[e->state]));
	json_set_str(a, o, "due", cli_time_json(c, e->due_ms));
	grid_add(g, e->place);
	grid_addz(g, cli_tr(c, STATE_ZH[e->state], STATE_EN[e->state]));
#define X(member) \
	if (z) \
		json_set_int(a, o, #member, z->member); \
	grid_add(g, z ? str_fmt(a, "%lld", (long long)z->member) : STR("—"));
	ZERO_CATEGORIES(X)
#undef X
	if (z) {
		json_set_int(a, o, "index", z->index);
		json_set_int(a, o, "version", z->version);
		json_set_str(a, o, "signer", cli_person_text(c, z->signer));
		json_set_str(a, o, "reported", cli_time_json(c, z->at_ms));
	}
	grid_add(g, z ? str_fmt(a, "[%lld]", (long long)z->index) : STR("[—]"));
	json_put(list, NULL, o);
}

static void zero_head(struct cli *c, struct grid *g)
{
	static const char *const ZH[] = {"单位", "报送", "应考", "实考", "缺考", "违规", "突发",
		"备用卷", "听力异常", "保密室", "特批", "台账"};
	static const char *const EN[] = {"place", "state", "expected", "present", "absent",
		"violations", "incidents", "spares", "listening", "store", "exceptions", "entry"};

	grid_init(g, &c->arena, COUNT(ZH));
	for (size_t i = 0; i < COUNT(ZH); i++)
		grid_addz(g, cli_tr(c, ZH[i], EN[i]));
	for (size_t i = 2; i < 11; i++)
		g->right[i] = true;
}

/* The session asked for; else the newest that has begun. */
static enum rc session_of(struct cli *c, const struct profile_session **ret)
{
	const struct profile *p = &c->office.profile;
	struct str id = cli_value(c, "session");

	*ret = p->nsessions ? &p->sessions[0] : NULL;
	for (size_t i = 0; i < p->nsessions; i++)
		if (p->sessions[i].start_ms <= clock_now_ms(&c->office.clock))
			*ret = &p->sessions[i];
	if (id.n)
		*ret = profile_session(p, id);
	return *ret ? RC_OK
	            : fail(&c->op, RC_INVALID, "session", "", "方案中没有科次 %s",
	                   "the profile has no session %s", id.n ? id.s : "");
}

static enum rc zero_run(struct cli *c)
{
	struct arena *a = &c->arena;
	struct json *list = json_new_array(a);
	const struct profile_session *s;
	struct expectation *e;
	struct duty_zero *z;
	int64_t late = 0;
	struct str place;
	struct grid g;
	size_t n, nz;

	TRY(place_of(c, c->nwords ? c->words[0] : STR(""), &place));
	TRY(cli_open(c, false));
	TRY(session_of(c, &s));
	TRY(duty_zeros(&c->op, s->id, place, &z, &nz));
	TRY(expect_list(&c->op, place, -1, &e, &n));
	zero_head(c, &g);
	for (int level = LEVEL_CITY; level <= LEVEL_SITE; level++)
		for (size_t i = 0; i < n; i++) {
			if (!str_starts(e[i].rule, STR("duty.zero_")) || !str_eq(e[i].session, s->id) ||
			    place_level(e[i].place) != level)
				continue;
			late += e[i].state == EXPECT_LATE || e[i].state == EXPECT_LAPSED;
			zero_row(c, &g, list, &e[i], zero_of(z, nz, e[i].place));
		}
	c->result = json_new_object(a);
	json_set_str(a, c->result, "session", s->id);
	json_set_str(a, c->result, "place", place);
	json_set_int(a, c->result, "late", late);
	json_put(c->result, "reports", list);
	if (c->json)
		return RC_OK;
	cli_say(c, "零报告 %s：应报 %zu，迟报、未报 %lld", "zero-reports of %s: %zu due, %lld late or missing",
	        label_key(c, NULL, s->id).s, list->count, (long long)late);
	if (list->count)
		grid_print(&g, stdout);
	return RC_OK;
}

static const struct cli_flag RECONCILE_FLAGS[] = {
	{"all", NULL, "逐袋列出", "list every bag", false},
};
static const struct cli_flag ZERO_FLAGS[] = {
	{"session", "S", "哪个科次（默认最近开考的）", "which session (default: the newest begun)", false},
};

const struct cli_verb cli_reconcile_verbs[] = {
	{"custody", "reconcile", "HALF_DAY [PLACE]", 1, 2, CLI_FLAGS(RECONCILE_FLAGS),
	 .run = reconcile_run, .zh = "半日领卷–分发–收卷对账，不平的在前",
	 .en = "a half day's bags room by room, the unbalanced first"},
	{"duty", "zero", "[PLACE]", 0, 1, CLI_FLAGS(ZERO_FLAGS), .run = zero_run,
	 .zh = "零报告汇总与迟报名单", .en = "zero-reports of a session, and who is late"},
};
const size_t cli_nreconcile_verbs = COUNT(cli_reconcile_verbs);
