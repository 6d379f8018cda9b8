/* SPDX-License-Identifier: Apache-2.0 */
/* gap.c -- see gap.h. */
#include "cli/gap.h"

#include "cli/labels.h"
#include "cli/out.h"

static const struct {
	const char *code, *zh, *en;
} KINDS[] = {
	{"lost", "短少", "lost"},
	{"double", "多出（重数）", "too many, counted twice"},
	{"swapped", "互换（串袋、串场）", "swapped"},
	{"late", "迟到", "late"},
	{"disputed", "交接有争议", "hand-over in dispute"},
	{"moved", "转入转出对不上", "moved from or to nowhere"},
	{"scripts", "答卷袋份数与清点不符", "scripts packed are not those counted"},
};

static const char *kind_label(const struct cli *c, struct str code)
{
	for (size_t i = 0; i < COUNT(KINDS); i++)
		if (str_is(code, KINDS[i].code))
			return cli_tr(c, KINDS[i].zh, KINDS[i].en);
	return code.s;
}

struct half_day gap_source(struct cli *c, struct str place)
{
	return (struct half_day){.op = &c->op, .profile = &c->office.profile,
	                         .ledger = office_ledger(&c->office), .offset_min = c->offset_min,
	                         .place = place};
}

static struct str step_text(struct cli *c, const struct json *step)
{
	struct str at = json_str(step, "time"), event = json_str(step, "event");
	const struct event_type *t = modules_event(&c->modules, event);

	return str_fmt(&c->arena, "[%lld] %.5s %.5s %s", (long long)json_int(step, "index", -1),
	               at.n > 16 ? at.s + 5 : "", at.n > 16 ? at.s + 11 : "",
	               t ? cli_tr(c, t->zh, t->en) : event.s);
}

void gap_say(struct cli *c, const struct json *gap)
{
	const struct json *before = json_get(gap, "before");
	bool seen = before && before->type == JSON_OBJECT;
	struct str asset = json_str(gap, "asset");

	cli_say(c, "  定位：%s %s %s %lld 份，在 %s；%s 之后，%s", "  where: %s %s, %s, %lld copies, at %s;"
	        " after %s, %s", json_str(gap, "code").s, asset.n ? label_asset(c, asset).s : "",
	        kind_label(c, json_str(gap, "kind")), (long long)json_int(gap, "copies", 0),
	        label_place(c, json_str(gap, "place")).s, step_text(c, json_get(gap, "after")).s,
	        seen ? str_fmt(&c->arena, cli_tr(c, "%s 之前", "before %s"), step_text(c, before).s).s
	             : cli_tr(c, "至今", "to this moment"));
}
