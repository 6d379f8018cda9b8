/* SPDX-License-Identifier: Apache-2.0 */
/* profile_read_rules.c -- a profile's numbers: windows, settings, ladders, hows of slots.
 *
 * Each window and number must say where it comes from and how sure that is.  What two must do
 * (design.md §9: red and orange are closed by two) a profile cannot give to one.
 */
#include "engine/profile_reader.h"

#include "base/limits.h"
#include "engine/module.h"

enum {
	MAX_RUNGS = 8,
	MAX_OFFSET_S = 366 * 86400, /* a year around an examination */
};

const char *const profile_colours[COLOUR_MAX] = {
	[COLOUR_BLUE] = "blue", [COLOUR_YELLOW] = "yellow", [COLOUR_ORANGE] = "orange",
	[COLOUR_RED] = "red"};

static enum rc read_colour_maybe(const struct spot *s, const char *name, int *ret)
{
	size_t colour;

	*ret = -1;
	if (!json_get(s->o, name))
		return RC_OK;
	TRY(spot_choice(s, name, profile_colours, COLOUR_MAX, &colour));
	*ret = (int)colour;
	return RC_OK;
}

/* The object `name` inside a step; *ret_found false when absent. */
static enum rc inside(const struct spot *s, const char *name, const char *const *members, size_t n,
                      struct spot *ret, bool *ret_found)
{
	const struct json *o = json_get(s->o, name);

	*ret_found = o != NULL;
	return o ? spot_item(s, name, FIELD_NO_ITEM, o, members, n, ret) : RC_OK;
}

/* "colours": {"late": "blue"}, "tolerance": {"early": 0, "late": 120} */
static enum rc read_leniency(const struct spot *s, struct profile_step *step)
{
	static const char *const COLOURS[] = {"early", "late", "missing"};
	static const char *const SECONDS[] = {"early", "late"};
	struct spot in;
	bool found;

	step->early = step->late = step->missing = -1;
	TRY(inside(s, "colours", COLOURS, COUNT(COLOURS), &in, &found));
	if (found) {
		TRY(spot_note(s, read_colour_maybe(&in, "early", &step->early)));
		TRY(spot_note(s, read_colour_maybe(&in, "late", &step->late)));
		TRY(spot_note(s, read_colour_maybe(&in, "missing", &step->missing)));
	}
	TRY(inside(s, "tolerance", SECONDS, COUNT(SECONDS), &in, &found));
	if (found) {
		TRY(spot_note(s, spot_int_maybe(&in, "early", 0, MAX_OFFSET_S, &step->early_s)));
		TRY(spot_note(s, spot_int_maybe(&in, "late", 0, MAX_OFFSET_S, &step->late_s)));
	}
	return RC_OK;
}

static enum rc read_step(const struct spot *top, const struct json *o, size_t i, struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "anchor", "from", "to", "every", "colours",
	                                      "tolerance", SPOT_WHY};
	static const char *const ANCHORS[] = {
		[ANCHOR_EVENT] = "event", [ANCHOR_T] = "T", [ANCHOR_E] = "E"};
	struct profile_step *step = &p->steps[p->nsteps];
	struct profile_why w = {0};
	struct spot s;
	struct str id;
	size_t anchor = ANCHOR_EVENT, before;

	TRY(spot_item(top, "steps", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_step(p, id))
		return field_refuse(&s.at, "id", "与前面的节点重复", "is a step listed before");
	*step = (struct profile_step){.id = id};
	before = s.faults->total;
	TRY(spot_note(&s, spot_choice(&s, "anchor", ANCHORS, COUNT(ANCHORS), &anchor)));
	TRY(spot_note(&s, spot_int(&s, "from", -MAX_OFFSET_S, MAX_OFFSET_S, &step->from_s)));
	TRY(spot_note(&s, spot_int(&s, "to", -MAX_OFFSET_S, MAX_OFFSET_S, &step->to_s)));
	if (s.faults->total == before && step->to_s < step->from_s)
		TRY(spot_note(&s, field_refuse(&s.at, "to", "不得早于 from", "must not be before from")));
	TRY(spot_note(&s, spot_int_maybe(&s, "every", 1, MAX_OFFSET_S, &step->every_s)));
	TRY(spot_note(&s, read_leniency(&s, step)));
	TRY(spot_why(&s, true, &w));
	step->anchor = (enum anchor)anchor;
	step->source = w.source;
	step->article = w.article;
	step->sure = w.sure;
	step->approver = w.approver;
	step->zh = w.zh;
	step->en = w.en;
	p->nsteps++;
	return RC_OK;
}

enum rc profile_read_steps(const struct spot *top, struct profile *p)
{
	const struct json *list;

	TRY(spot_list(top, "steps", PROFILE_MAX_RULES, &list));
	p->steps = arena_array(top->keep, list->count, sizeof(*p->steps));
	return spot_each(top, list, read_step, p);
}

static bool has_setting(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->nsettings; i++)
		if (str_eq(p->settings[i].id, id))
			return true;
	return false;
}

static enum rc read_setting(const struct spot *top, const struct json *o, size_t i,
                            struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "value", SPOT_WHY};
	struct profile_why w = {0};
	struct spot s;
	struct str id;
	int64_t value = 0;

	TRY(spot_item(top, "settings", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (has_setting(p, id))
		return field_refuse(&s.at, "id", "与前面的参数重复", "is a setting listed before");
	TRY(spot_note(&s, spot_int(&s, "value", -LIMIT_INT, LIMIT_INT, &value)));
	TRY(spot_why(&s, true, &w));
	p->settings[p->nsettings++] = (struct profile_setting){
		id, value, w.source, w.article, w.sure, w.approver, w.zh, w.en};
	return RC_OK;
}

enum rc profile_read_settings(const struct spot *top, struct profile *p)
{
	const struct json *list;

	TRY(spot_list(top, "settings", PROFILE_MAX_RULES, &list));
	p->settings = arena_array(top->keep, list->count, sizeof(*p->settings));
	return spot_each(top, list, read_setting, p);
}

/* Roles are plain identifiers; whether there is such a role only the modules know. */
static bool is_role(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.s[i] >= 'a' && s.s[i] <= 'z') && s.s[i] != '_')
			return false;
	return s.n > 0 && s.n <= LIMIT_CODE;
}

static enum rc read_rung(const struct spot *ladder, const struct json *o, size_t i,
                         struct profile_ladder *l)
{
	static const char *const MEMBERS[] = {"after_s", "role", "level"};
	struct profile_rung *r = &l->rungs[l->nrungs];
	int64_t level = 0;
	struct spot s;
	struct str role;

	TRY(spot_item(ladder, "rungs", i, o, MEMBERS, COUNT(MEMBERS), &s));
	*r = (struct profile_rung){0};
	TRY(spot_int(&s, "after_s", 0, MAX_OFFSET_S, &r->after_s));
	if (l->nrungs > 0 && r->after_s <= r[-1].after_s)
		TRY(spot_note(&s, field_refuse(&s.at, "after_s", "应晚于前一级",
		                               "must be later than the rung before")));
	role = json_str(s.o, "role");
	if (!is_role(role))
		TRY(spot_note(&s, field_refuse(&s.at, "role", "应为角色标识（小写字母和 _）",
		                               "must be a role (lower-case letters and _)")));
	r->role = str_copy(s.keep, role);
	TRY(spot_note(&s, spot_int_maybe(&s, "level", LEVEL_ANY, LEVEL_ROOM, &level)));
	r->level = (int)level;
	l->nrungs++;
	return RC_OK;
}

static enum rc read_rungs(const struct spot *ladder, struct profile_ladder *l)
{
	const struct json *list;
	size_t i = 0;

	TRY(spot_list(ladder, "rungs", MAX_RUNGS, &list));
	l->rungs = arena_array(ladder->keep, list->count, sizeof(*l->rungs));
	for (const struct json *o = list->first; o; o = o->next)
		TRY(spot_note(ladder, read_rung(ladder, o, i++, l)));
	return RC_OK;
}

static enum rc read_ladder(const struct spot *top, const struct json *o, size_t i,
                           struct profile *p)
{
	static const char *const MEMBERS[] = {"colour", "ack_s", "close_by", "rungs"};
	struct profile_ladder *l = &p->ladders[p->nladders];
	struct spot s;
	size_t colour;
	int64_t close_by = 0;

	TRY(spot_item(top, "ladders", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_choice(&s, "colour", profile_colours, COLOUR_MAX, &colour));
	if (profile_ladder(p, (int)colour))
		return field_refuse(&s.at, "colour", "与前面的颜色重复", "is a colour listed before");
	*l = (struct profile_ladder){.colour = (int)colour};
	p->nladders++;
	TRY(spot_note(&s, spot_int(&s, "ack_s", 1, MAX_OFFSET_S, &l->ack_s)));
	TRY(spot_note(&s, spot_int(&s, "close_by", colour >= COLOUR_ORANGE ? 2 : 1, 2, &close_by)));
	l->close_by = (int)close_by;
	return read_rungs(&s, l);
}

enum rc profile_read_ladders(const struct spot *top, struct profile *p)
{
	const struct json *list;
	size_t before = top->faults->total;

	TRY(spot_list(top, "ladders", COLOUR_MAX, &list));
	p->ladders = arena_array(top->keep, list->count, sizeof(*p->ladders));
	TRY(spot_each(top, list, read_ladder, p));
	if (top->faults->total != before)
		return RC_OK;
	/* An alarm without a ladder would wait for nobody. */
	for (int c = 0; c < COLOUR_MAX; c++)
		if (!profile_ladder(p, c))
			return field_refuse(&top->at, "ladders", "蓝、黄、橙、红四色应各有一个",
			                    "must hold one each for blue, yellow, orange and red");
	return RC_OK;
}

/* "*" or "custody.hand_over/giver" */
static bool is_slot_name(struct str s)
{
	struct str command, slot;

	if (str_is(s, "*"))
		return true;
	return str_cut(s, '/', &command, &slot) && field_key_valid(command) &&
	       field_key_valid(slot);
}

static enum rc read_hows(const struct spot *s, uint32_t *ret)
{
#define X(id, text) text,
	static const char *const HOWS[SLOT_HOW_MAX] = {SLOT_HOWS(X)};
#undef X
	const struct json *list;
	uint32_t set = 0;

	TRY(spot_list(s, "how", SLOT_HOW_MAX, &list));
	for (const struct json *j = list->first; j; j = j->next) {
		uint32_t bit = 0;

		for (int h = 0; h < SLOT_HOW_MAX; h++)
			if (j->type == JSON_STR && str_is(j->s, HOWS[h]))
				bit = UINT32_C(1) << h;
		if (bit == 0 || (set & bit))
			return field_refuse(&s->at, "how", "应为 key、badge、paper、phone 中的几种",
			                    "must be some of key, badge, paper, phone, each once");
		set |= bit;
	}
	*ret = set;
	return RC_OK;
}

static enum rc read_slot(const struct spot *top, const struct json *o, size_t i, struct profile *p)
{
	static const char *const MEMBERS[] = {"slot", "how"};
	struct str name;
	struct spot s;

	TRY(spot_item(top, "slots", i, o, MEMBERS, COUNT(MEMBERS), &s));
	name = json_str(s.o, "slot");
	if (!is_slot_name(name))
		return field_refuse(&s.at, "slot", "应为 * 或 命令/签名位，如 custody.hand_over/giver",
		                    "must be * or COMMAND/SLOT, like custody.hand_over/giver");
	for (size_t k = 0; k < p->nslot_hows; k++)
		if (str_eq(p->slot_names[k], name))
			return field_refuse(&s.at, "slot", "与前面的签名位重复", "is a slot listed before");
	p->slot_names[p->nslot_hows++] = str_copy(s.keep, name);
	return read_hows(&s, &p->slot_hows[p->nslot_hows - 1]);
}

enum rc profile_read_slots(const struct spot *top, struct profile *p)
{
	const struct json *list;

	TRY(spot_list(top, "slots", PROFILE_MAX_RULES, &list));
	p->slot_names = arena_array(top->keep, list->count, sizeof(*p->slot_names));
	p->slot_hows = arena_array(top->keep, list->count, sizeof(*p->slot_hows));
	TRY(spot_each(top, list, read_slot, p));
	for (size_t i = 0; i < p->nslot_hows; i++)
		if (str_is(p->slot_names[i], "*"))
			return RC_OK;
	/* Without a default an unlisted slot could never be filled. */
	return field_refuse(&top->at, "slots", "应有默认的一行（\"slot\":\"*\"）",
	                    "must hold the default row (\"slot\":\"*\")");
}
