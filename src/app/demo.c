/* SPDX-License-Identifier: Apache-2.0 */
/* demo.c -- plays the script: each step becomes a request on the virtual clock; see demo.h.
 *
 * Salts and idempotency keys come from a stream of the demo's own, apart from the writer's nonces,
 * which everybody may see.
 */
#include "app/demo.h"

#include "app/demo_story.h"
#include "base/json.h"
#include "base/limits.h"
#include "domain/people/people.h"
#include "engine/alarm.h"

struct play {
	struct writer *w;
	struct demo_story story;
	struct random random;   /* of keys and salts */
	struct arena step;      /* memory of one step */
	struct op op;           /* reading and form, for one step */
	uint64_t stop;
	demo_tell *tell;
	void *ctx;
};

/* Positions of the stream: two a step. */
static struct str key_of(struct play *p, struct arena *a, size_t step)
{
	random_at(&p->random, 2 * (uint64_t)step);
	return uuid_v7(a, &p->random, p->story.steps[step].at_ms);
}

/* Whose drill is this? */
static enum rc check_seed(struct op *op, const struct writer *w, uint64_t seed)
{
	struct str bytes;
	struct hash leaf;
	struct json *entry;
	const struct json *data;

	TRY(ledger_entry(op, &w->ledger, 0, &bytes, &leaf));
	TRY(json_read(op, bytes, &entry));
	data = json_get(entry, "data");
	if (!str_is(json_str(data, "mode"), "drill"))
		return fail(op, RC_CONFLICT, "data", "", "这不是演练台账，演示不得写入",
		            "this is no drill's ledger: the demo does not write into it");
	if ((uint64_t)json_int(data, "seed", 0) != seed)
		return fail(op, RC_CONFLICT, "seed", "", "此文件夹是种子 %lld 的演练，请换文件夹或种子",
		            "this folder holds the drill of seed %lld: take another folder or that seed",
		            (long long)json_int(data, "seed", 0));
	return RC_OK;
}

/* The number of the step whose act has this key; n when none. */
static size_t step_of_key(struct play *p, struct str key)
{
	size_t i;

	for (i = 0; i < p->story.n; i++) {
		bool same = str_eq(key_of(p, &p->step, i), key);

		arena_reset(&p->step);
		if (same)
			break;
	}
	return i;
}

/* The first step that is not yet in the ledger: the one after the newest act of the story. */
static enum rc find_next(struct op *op, struct play *p, size_t *ret)
{
	uint64_t i = p->w->ledger.tree.size;

	while (i > 0) {
		struct str bytes, key;
		struct hash leaf;
		struct json *entry;
		size_t step;

		TRY(ledger_entry(op, &p->w->ledger, --i, &bytes, &leaf));
		TRY(json_read(op, bytes, &entry));
		key = json_str(json_get(entry, "act"), "key");
		if (!key.n)
			continue;
		step = step_of_key(p, key);
		if (step < p->story.n) {
			*ret = step + 1;
			return RC_OK;
		}
	}
	*ret = 0;
	return RC_OK;
}

/* The open alarm of a rule: the first by id. */
static enum rc alarm_of(struct op *op, const char *rule, int64_t *ret)
{
	struct alarm *a;
	size_t n, i;

	TRY(alarm_list(op, STR(""), true, &a, &n));
	for (i = 0; i < n; i++)
		if (str_is(a[i].rule, rule)) {
			*ret = a[i].id.v;
			return RC_OK;
		}
	return fail(op, RC_NOT_FOUND, "alarm", "", "没有未办结的告警 %s", "no open alarm %s", rule);
}

static enum rc fill_data(struct op *op, const struct demo_step *st, const struct command *c,
	                     struct beside *beside, struct request *r)
{
	struct json *in, *out;
	int64_t alarm = 0;

	TRY(json_read(op, st->data, &in));
	if (st->alarm) {
		TRY(alarm_of(op, st->alarm, &alarm));
		json_set_int(op->arena, in, "alarm", alarm);
	}
	TRY(field_intake(op, c->fields, c->nfields, in, people_find, &out, beside, &r->nbeside));
	r->data = out;
	r->beside = beside;
	return RC_OK;
}

static enum rc sign_with_key(struct play *p, const struct request *r, struct str code,
	                         struct signed_slot *s)
{
	struct arena *a = &p->step;
	struct ed25519_key key = demo_key(p->story.seed, code);
	struct str statement = slot_statement(a, p->w->origin, p->w->exam, r->command, r->key, r->data);
	struct str message = slot_message(a, s->slot, s->person, statement);
	struct signature sig = ed25519_sign(&key, message.s, message.n);

	s->how = SLOT_KEY;
	s->signature = str_dup(a, (const char *)sig.b, sizeof(sig.b));
	return RC_OK;
}

/* "giver=badge:S07-01 receiver=key:P0020 " */
static enum rc fill_slots(struct play *p, struct op *op, const struct demo_step *st,
	                      struct signed_slot *slots, struct request *r)
{
	struct str rest = st->slots, word, slot, how, code;

	while (rest.n) {
		struct signed_slot *s = &slots[r->nslots++];

		assert(r->nslots <= LIMIT_SLOTS);
		if (!str_cut(rest, ' ', &word, &rest)) {
			word = rest;
			rest = STR("");
		}
		if (!str_cut(word, '=', &slot, &word) || !str_cut(word, ':', &how, &code))
			return fail(op, RC_BROKEN, "slots", "", "演示脚本的签名位有误：%s",
			            "the script's slots are wrong: %s", st->slots.s);
		code = str_copy(op->arena, code);
		*s = (struct signed_slot){.slot = str_copy(op->arena, slot), .how = SLOT_BADGE};
		TRY(people_find(op, code, &s->person));
		if (str_is(str_copy(op->arena, how), "key"))
			TRY(sign_with_key(p, r, code, s));
	}
	r->slots = slots;
	return RC_OK;
}

static enum rc send(struct play *p, size_t number, struct answer *ret)
{
	const struct demo_step *st = &p->story.steps[number];
	const struct command *c = modules_command(p->w->modules, str_of(st->command));
	struct op *op = &p->op;
	struct signed_slot slots[LIMIT_SLOTS];
	struct beside beside[LIMIT_PERSONAL];
	struct request r = {.command = str_of(st->command), .source = SOURCE_TERMINAL};

	if (!c)
		return fail(op, RC_BROKEN, "command", "", "没有命令 %s", "no command %s", st->command);
	r.key = key_of(p, &p->step, number);
	random_at(&p->random, 2 * (uint64_t)number + 1);
	if (st->as.n)
		TRY(people_find(op, st->as, &r.actor));
	TRY(fill_data(op, st, c, beside, &r));
	TRY(fill_slots(p, op, st, slots, &r));
	(void)!writer_do(p->w, &r, ret); /* the answer has its code */
	return RC_OK;
}

static enum rc judge(struct op *op, const struct demo_step *st, const struct answer *a)
{
	if (a->rc == st->answer)
		return RC_OK;
	if (a->rc != RC_OK) {
		op->err = a->err;
		return a->rc;
	}
	return fail(op, RC_BROKEN, "answer", "", "演示步骤 %s 应被拒绝而未拒绝",
	            "the demo's step %s should have been refused", st->command);
}

static enum rc play_step(struct op *op, struct play *p, size_t number)
{
	const struct demo_step *st = &p->story.steps[number];
	struct demo_line line = {.at_ms = st->at_ms, .milestone = st->milestone, .zh = st->zh,
	                         .en = st->en};
	struct answer a = {.rc = RC_OK};
	enum rc rc;

	p->op = (struct op){.arena = &p->step, .db = p->w->store->view, .now_ms = st->at_ms,
	                    .random = &p->random};
	rc = send(p, number, &a);
	if (rc != RC_OK)
		op->err = p->op.err;
	else
		rc = judge(op, st, &a);
	line.index = a.index;
	if (rc == RC_OK && p->tell)
		p->tell(p->ctx, &line);
	arena_reset(&p->step);
	return rc;
}

static bool is_full(const struct play *p)
{
	return p->w->ledger.tree.size >= p->stop;
}

/* Timers first, as they fall due, so that the ledger may also stop between two of them. */
static enum rc play_all(struct op *op, struct play *p, size_t next)
{
	int64_t due;

	for (; next < p->story.n && !is_full(p); next++) {
		clock_set(p->w->clock, p->story.steps[next].at_ms);
		if (writer_tick_until(p->w, p->stop, &due) != RC_OK) {
			op->err = p->w->broken;
			return RC_BROKEN;
		}
		if (!is_full(p))
			TRY(play_step(op, p, next));
		else
			break;
	}
	return writer_idle(p->w);
}

enum rc demo_run(struct op *op, struct writer *w, uint64_t seed, uint64_t stop_entries,
	             demo_tell *tell, void *ctx)
{
	struct play p = {.w = w, .stop = stop_entries, .tell = tell, .ctx = ctx};
	struct arena keep = {0};
	struct str label = str_fmt(op->arena, "gongyuan-demo-v1/%llu", (unsigned long long)seed);
	struct hash h = hash_sha256(label.s, label.n);
	uint64_t own;
	size_t next = 0;
	enum rc rc;

	memcpy(&own, h.b, sizeof(own));
	p.random = random_seeded(own);
	rc = check_seed(op, w, seed);
	if (rc == RC_OK)
		rc = demo_story_make(op, &keep, &w->profile, seed, &p.story);
	if (rc == RC_OK)
		rc = find_next(op, &p, &next);
	if (rc == RC_OK)
		rc = play_all(op, &p, next);
	arena_release(&p.step);
	arena_release(&keep);
	return rc;
}
