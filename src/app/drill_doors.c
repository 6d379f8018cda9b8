/* SPDX-License-Identifier: Apache-2.0 */
/* drill_doors.c -- the inner doors of a drill's secrecy rooms and the cameras that watch them.
 *
 * The holders record each opening; the door contact, a feed, says so too, a minute or two apart.
 * Each night a camera blinks for less than the rules allow.
 */
#include "app/drill_papers.h"

static void contact(struct drill_load *l, int64_t at_ms, const char *open, const char *session)
{
	struct drill_step *st =
		drill_add(l->d, at_ms, "custody.report_door", drill_staff(l->d, l->c->path,
	                                                              "duty_officer", 2), "",
	              "{'place':'%s','door':'inner','open':%s}", l->c->store, open);

	st->source = SOURCE_FEED;
	st->session = session;
}

void load_open(struct drill_load *l, const struct load_opening *o)
{
	struct drill *d = l->d;
	struct random chance = drill_random(d, "doors", l->c->number * 1000 + o->number);
	const char *keys =
		drill_fmt(d, "%s%s%s", load_two(l, "key_holder", l->keeper[0], l->keeper[1]),
	              drill_badge(d, "code_holder", l->keeper[3]),
	              drill_badge(d, "police", l->police));

	drill_add(d, o->at_ms, "custody.open_store", l->keeper[0], keys,
	          "{'place':'%s','purpose':'%s'}", l->c->store, o->purpose)->session = o->session;
	contact(l, o->at_ms + drill_between(&chance, -60, 90) * DRILL_SECOND, "true", o->session);
	if (o->cabinet)
		drill_add(d, o->until_ms - 3 * DRILL_MINUTE, "custody.use_cabinet", l->keeper[0],
		          load_two(l, "keeper", l->keeper[0], l->keeper[2]),
		          "{'place':'%s','cabinet':'%s','content':'%s'}", l->c->store, o->cabinet,
		          o->content)->session = o->session;
	contact(l, o->until_ms, "false", o->session);
}

static void blinks(struct drill *d, const struct drill_county *c)
{
	struct random chance = drill_random(d, "cameras", c->number);
	const char *duty = drill_staff(d, c->path, "duty_officer", 1);

	for (int day = 0; day < d->days; day++) {
		int64_t at_ms = drill_at(d, day, 2, 0) + drill_between(&chance, 0, 5400) * DRILL_SECOND;

		for (int up = 0; up < 2; up++) {
			drill_add(d, at_ms, "custody.report_device", duty, "",
			          "{'place':'%s','device':'CAM-02','kind':'camera','working':%s}", c->store,
			          up ? "true" : "false")->source = SOURCE_FEED;
			at_ms += drill_between(&chance, 8, 45) * DRILL_SECOND;
		}
	}
}

enum rc drill_cameras(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->ncounties; i++)
		blinks(d, &d->counties[i]);
	return RC_OK;
}
