/* SPDX-License-Identifier: Apache-2.0 */
/* lab.c -- see lab.h. */
#include "lab.h"

#include "app/modules.h"
#include "fuzz.h"

#include "base/limits.h"

static const char *const HOW[] = {"scale", "eye", "estimate"};
static const struct word HOW_WORDS[] = {{"过秤", "scale"}, {"目测", "by eye"}, {"估计", "estimate"}};

static const struct field LINE[] = {
	FIELD(struct lab_line, code, F_CODE, "袋号", "bag"),
	FIELD(struct lab_line, asset, F_KEY, "品名", "asset"),
	FIELD(struct lab_line, copies, F_INT, "份数", "copies", .min = 1, .max = 1000),
	FIELD(struct lab_line, spare, F_BOOL, "备用", "spare", .optional = true),
};

#define HEAD_FIELDS(st) \
	FIELD(st, place, F_PLACE, "地点", "place"), \
		FIELD(st, id, F_ID, "记录号", "id", .optional = true), \
		FIELD(st, at_ms, F_TIME, "时间", "time", .optional = true), \
		FIELD(st, weight_mg, F_INT, "毫克", "milligrams", .min = -500000, .max = 500000), \
		FIELD(st, sealed, F_BOOL, "已封", "sealed"), \
		FIELD(st, how, F_ENUM, "方式", "how", ENUM_OF(HOW, HOW_WORDS)), \
		FIELD(st, again, F_ENUM, "复核", "again", ENUM_OF(HOW, HOW_WORDS), .optional = true), \
		FIELD(st, code, F_CODE, "编号", "code"), \
		FIELD(st, key, F_KEY, "标识", "key", .optional = true), \
		FIELD(st, hash, F_HASH, "校验值", "hash", .optional = true), \
		FIELD(st, bytes, F_BYTES, "字节", "bytes", .optional = true, .min = 2, .max = 8), \
		FIELD(st, person, F_PERSON, "人员", "person", .optional = true), \
		FIELD(st, note, F_TEXT, "备注", "note", .max = 40), \
		FIELD(st, hint, F_TEXT, "提示", "hint", .optional = true), \
		FIELD(st, lines, F_LIST, "明细", "lines", .list_of = LINE, .list_n = COUNT(LINE), \
	          .list_size = sizeof(struct lab_line), .optional = true, .max = 4)

static const struct field MEASURE[] = {HEAD_FIELDS(struct lab_measured)};
static const struct field MEASURED[] = {
	HEAD_FIELDS(struct lab_measured),
	FIELD(struct lab_measured, subject, F_SUBJECT, "对象", "subject"),
};

static struct json *copied(struct arena *a, const struct json *v)
{
	struct json *c = ARENA_NEW(a, struct json);

	*c = *v;
	c->next = NULL;
	return c;
}

/* Members of `old` but one, which becomes another under another name. */
static struct json *without(struct arena *a, const struct json *old, const char *key)
{
	struct json *o = json_new_object(a);

	for (const struct json *v = old->first; v; v = v->next)
		if (!str_is(v->key, key))
			json_put(o, v->key.s, copied(a, v));
	return o;
}

/* Version 1 weighed in grams. */
static enum rc from_1(struct op *op, const struct json *old, struct json **ret)
{
	int64_t grams = json_int(old, "weight_g", LIMIT_INT);
	struct json *o;

	if (grams < -500 || grams > 500)
		return fail(op, RC_INVALID, "weight_g", "", "应为克数", "must be grams");
	o = without(op->arena, old, "weight_g");
	json_set_int(op->arena, o, "weight_mg", grams * 1000);
	*ret = o;
	return RC_OK;
}

/* Version 2 had no subject: it was the code. */
static enum rc from_2(struct op *op, const struct json *old, struct json **ret)
{
	struct json *o = without(op->arena, old, "");

	json_set_str(op->arena, o, "subject", json_str(old, "code"));
	*ret = o;
	return RC_OK;
}

#define VERSION(n, f, ...) \
	{ \
		.name = "lab.measured", .version = (n), FIELDS(f), .size = sizeof(struct lab_measured), \
		.zh = "已测量", .en = "measured", ##__VA_ARGS__ \
	}
static const struct event_type EVENTS[] = {
	VERSION(3, MEASURED),
	VERSION(2, MEASURE, .upcast = from_2),
	VERSION(1, MEASURE, .upcast = from_1),
};

static enum rc measure(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[0], in, NULL);
}

static const struct role ROLES[] = {{"lab_keeper", "保管员", "keeper"}};
static const struct allow KEEPERS[] = {{"lab_keeper", LEVEL_ANY}};
static const struct command COMMANDS[] = {
	{.name = "lab.measure",
     .kind = FACT,
     FIELDS(MEASURE),
     .size = sizeof(struct lab_measured),
     ALLOW(KEEPERS),
     .run = measure,
     .zh = "测量",
     .en = "measure"},
};

const struct module lab_module = {
	.name = "lab",
	.rev = 1,
	.zh = "试验",
	.en = "laboratory",
	TABLE_OF(roles, ROLES),
	TABLE_OF(commands, COMMANDS),
	TABLE_OF(events, EVENTS),
};

const struct modules *lab_modules(void)
{
	static const struct module *list[64];
	static struct arena arena;
	static struct modules m;
	struct op op = {.arena = &arena};

	if (!m.index) {
		FUZZ_CHECK(app_nmodules + 1 <= COUNT(list));
		memcpy(list, app_modules, app_nmodules * sizeof(list[0]));
		list[app_nmodules] = &lab_module;
		if (modules_init(&op, list, app_nmodules + 1, &m) != RC_OK)
			fuzz_broken(op.err.field, op.err.en);
	}
	return &m;
}
