/* SPDX-License-Identifier: Apache-2.0 */
/* act_read.c -- an act out of its canonical text, as another device wrote it; see device.h. */
#include "engine/device.h"

#include "engine/request.h"

static enum rc act_time(struct op *op, const struct json *o, const char *name, int64_t *ret)
{
	if (clock_parse(json_str(o, name), ret))
		return RC_OK;
	return fail(op, RC_INVALID, name, "", "命令原文的 %s 应为时刻",
	            "the act's %s is a time", name);
}

enum rc act_read(struct op *op, struct str act, struct request *ret)
{
	struct request r = {.act = act};
	struct json *o;

	TRY(json_read(op, act, &o));
	if (o->type != JSON_OBJECT || !source_parse(json_str(o, "source"), &r.source))
		return fail(op, RC_INVALID, "act", "", "不是命令原文", "this is not an act");
	r.actor.v = json_int(o, "actor", 0);
	r.command = json_str(o, "command");
	r.data = json_get(o, "data");
	r.device = json_int(o, "device", 0);
	r.exam = json_str(o, "exam");
	r.exception = json_str(o, "exception");
	r.key = json_str(o, "key");
	r.link = json_int(o, "link", 0);
	r.prev = json_str(o, "prev");
	r.seq = json_int(o, "seq", 0);
	TRY(act_time(op, o, "happened", &r.happened_ms));
	TRY(act_time(op, o, "time", &r.noted_ms));
	if (r.device < 1 || !r.data || r.source == SOURCE_SYSTEM)
		return fail(op, RC_INVALID, "act", "", "命令原文缺 device 或 data，或来源不对",
		            "an act has a device, its data and a source");
	*ret = r;
	return RC_OK;
}
