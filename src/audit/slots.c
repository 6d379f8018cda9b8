/* SPDX-License-Identifier: Apache-2.0 */
/* slots.c -- see slots.h.  What each signature needs is in slot_check.c; here is which entries are
 * checked against which act. */
#include "audit/slots.h"

#include "audit/slot_check.h"

/* An act that was begun: what later signatures are over, and who has signed so far. */
struct begun {
	struct act act; /* its texts in the kept arena */
	struct filled filled[LIMIT_SLOTS];
	size_t nfilled;
	int64_t index;
	struct str place;
	struct begun *spare;
};

void slots_init(struct slots *s, struct report *r, struct arena *keep, const struct grants *g,
                const struct rulebook *rules, const struct order *order, struct hints *hints)
{
	*s = (struct slots){.report = r, .keep = keep, .grants = g, .rules = rules, .order = order,
	                    .hints = hints,
	                    .head = NO_INDEX, .inner = NO_INDEX};
	map_init(&s->begun, keep);
	map_init(&s->words, keep);
}

/* A copy that lasts; names are few, so each is copied once. */
static struct str word(struct slots *s, struct str name)
{
	struct str *kept = map_get(&s->words, name);

	if (kept == NULL) {
		kept = ARENA_NEW(s->keep, struct str);
		*kept = str_copy(s->keep, name);
		map_set(&s->words, name, kept);
	}
	return *kept;
}

static struct begun *begun_new(struct slots *s, int64_t index)
{
	struct begun *b = s->spare;

	if (b == NULL)
		b = ARENA_NEW(s->keep, struct begun);
	else
		s->spare = b->spare;
	*b = (struct begun){.index = index};
	map_set_i(&s->begun, index, b);
	s->waiting++;
	return b;
}

/* It waits no more; what it says is good until the next one begins. */
static void begun_done(struct slots *s, struct begun *b)
{
	map_drop_i(&s->begun, b->index);
	b->spare = s->spare;
	s->spare = b;
	s->waiting--;
}

/* Nobody asks a signature that was given before for its note or its answer. */
static void remember(struct slots *s, struct begun *b, const struct filled *f)
{
	struct filled *x = &b->filled[b->nfilled++];

	*x = *f;
	x->slot = word(s, f->slot);
	x->note = STR("");
	x->tried = (struct tried){0};
}

/* The envelope repeats what the act says; a difference means that one of them was changed. */
static void check_envelope(struct slots *s, int64_t position, const struct entry *e)
{
	const struct act *a = &e->act;
	const char *bad = NULL;

	if (a->actor != e->actor)
		bad = "actor";
	else if (!str_eq(a->exam, e->exam))
		bad = "exam";
	else if (!str_eq(a->source, e->source))
		bad = "source";
	else if (a->happened_ms != e->happened_ms)
		bad = "happened";
	else if (a->time_ms != e->noted_ms)
		bad = "time";
	else if (!str_eq(a->origin, s->order->origin))
		bad = "origin";
	if (bad != NULL)
		report_add(s->report, FINDING_SIGNATURE, position,
		           "记录与其所载操作的 %s 不一致", "the entry and its act differ in %s", bad);
}

static void begin(struct slots *s, int64_t position, const struct entry *e)
{
	struct begun *b = begun_new(s, position);

	b->act = e->act;
	b->place = word(s, e->place);
	b->act.command = word(s, e->act.command);
	b->act.exception = e->act.exception.n > 0 ? STR("given") : STR("");
	b->act.exam = b->act.key = b->act.origin = b->act.source = STR("");
	for (size_t i = 0; i < e->nslots; i++)
		remember(s, b, &e->slots[i]);
	hints_set_begun(s->hints, position, &b->act.statement);
	if (!str_eq(json_str(e->data, "command"), e->act.command))
		report_add(s->report, FINDING_SIGNATURE, position, "待补签记录与其所载操作的名称不一致",
		           "the act begun and its entry name different commands");
}

/* The act begun at `index`, if it still waits; reports when it does not. */
static struct begun *waiting(struct slots *s, int64_t position, int64_t index)
{
	struct begun *b = map_get_i(&s->begun, index);

	if (b != NULL)
		return b;
	report_add(s->report, FINDING_SIGNATURE, position,
	           "所补签的第 %lld 号记录没有待签的操作，或早已签齐",
	           "entry %lld, which it signs or completes, holds no act that waits",
	           (long long)index);
	return NULL;
}

static const struct rule_command *command_of(struct slots *s, int64_t position, struct str name)
{
	const struct rules *rules = s->rules->now;
	const struct rule_command *c = rules != NULL ? map_get(&rules->commands, name) : NULL;
	struct str shown = report_clip(name);

	if (rules == NULL && !s->rules->adopted && !s->no_rules_said) {
		s->no_rules_said = true;
		report_add(s->report, FINDING_SIGNATURE, position, "本号之前没有规则生效",
		           "no rules are in force before this act");
	}
	if (rules != NULL && c == NULL)
		report_add(s->report, FINDING_SIGNATURE, position,
		           "生效规则中没有操作 " STR_FMT, "the rules in force have no command " STR_FMT,
		           STR_ARG(shown));
	return c;
}

/* One more person has signed an act that was begun: slot.filled with its slots, or with the
 * members slot and person in data. */
static void fill(struct slots *s, struct slot_case *c, const struct entry *e)
{
	struct begun *b = waiting(s, c->position, json_int(e->data, "begun", NO_INDEX));

	if (b == NULL)
		return;
	/* slot.sign itself has no slots: these are those of the act that waits. */
	c->act = &e->act;
	c->command = command_of(s, c->position, e->act.command);
	slot_check_actor(c);
	c->act = &b->act;
	c->command = command_of(s, c->position, b->act.command);
	slot_check_signers(c);
	for (size_t i = 0; i < e->nslots && b->nfilled < LIMIT_SLOTS; i++)
		remember(s, b, &e->slots[i]);
}

/* Everybody who signed while it waited is in the complete act. */
static void check_carried(const struct slot_case *c, const struct begun *b)
{
	for (size_t i = 0; i < b->nfilled; i++) {
		bool there = false;

		for (size_t j = 0; j < c->n && !there; j++)
			there = same_signature(&b->filled[i], &c->filled[j]);
		if (!there)
			report_add(c->report, FINDING_SIGNATURE, c->position,
			           "签齐的操作缺少待签时人员 %lld 的签名",
			           "the complete act lacks the signature that person %lld gave "
			           "before",
			           (long long)b->filled[i].person);
	}
}

static void complete(struct slots *s, struct slot_case *c, const struct entry *e)
{
	struct begun *b = waiting(s, c->position, e->act_at);

	if (b == NULL)
		return;
	begun_done(s, b);
	c->act = &b->act;
	c->command = command_of(s, c->position, b->act.command);
	check_carried(c, b);
	if (str_eq(b->place, e->place)) { /* else it is another act's completion, or a moved one */
		c->before = b->filled;
		c->nbefore = b->nfilled;
	}
	slot_check_all(c);
	if (str_is(e->type, "order.excepted"))
		slot_check_approver(c);
}

/* An entry of a person without an act follows from the act at the head of its operation. */
static void check_follows(struct slots *s, int64_t position, const struct entry *e)
{
	if (grants_foundation(s->grants) || e->actor == 0)
		return;
	if (e->cause >= 0 && (e->cause == s->head || e->cause == s->inner) &&
	    (e->actor == s->actor || e->actor == s->head_actor))
		return;
	report_add(s->report, FINDING_SIGNATURE, position,
	           "人员 %lld 名下的记录没有操作，也不是其操作的结果",
	           "an entry in the name of person %lld has no act and follows from none of his",
	           (long long)e->actor);
}

/* Rights never come out of nothing: what gives or takes them belongs to an act. */
static void check_power(struct slots *s, int64_t position, const struct entry *e)
{
	if (grants_foundation(s->grants) || !str_starts(e->type, STR("authority.")) ||
	    (e->cause >= 0 && s->head >= 0 && e->cause >= s->head))
		return;
	report_add(s->report, FINDING_KEY, position,
	           "授权记录没有操作，也不是某一操作的结果",
	           "an authority event has no act and follows from none");
}

/* slot.completed: also an act that was refused in the end waits no more. */
static void completed(struct slots *s, const struct entry *e)
{
	struct begun *b = NULL;

	if (str_is(e->type, "slot.completed"))
		b = map_get_i(&s->begun, json_int(e->data, "begun", NO_INDEX));
	if (b != NULL)
		begun_done(s, b);
}

/* An act that is completed runs inside the operation of its last signature. */
static void head_of(struct slots *s, int64_t position, const struct entry *e)
{
	bool within = !e->has_act && e->cause >= 0 && e->cause == s->head;

	if (!within) {
		s->head = position;
		s->head_actor = e->actor;
	}
	s->inner = position;
	s->actor = e->actor;
}

void slots_check(struct slots *s, struct op *op, int64_t position, const struct entry *e)
{
	struct slot_case c = {
		.op = op, .report = s->report, .grants = s->grants, .position = position,
		.place = e->place, .time_ms = e->time_ms, .filled = e->slots, .n = e->nslots,
		.foundation = grants_foundation(s->grants)};

	if (!e->has_act && e->act_at < 0) {
		check_follows(s, position, e);
		check_power(s, position, e);
		completed(s, e);
		return;
	}
	head_of(s, position, e);
	if (e->has_act)
		check_envelope(s, position, e);
	if (str_is(e->type, "slot.filled")) {
		fill(s, &c, e);
	} else if (e->act_at >= 0) {
		complete(s, &c, e);
	} else if (str_is(e->type, "slot.begun")) {
		c.act = &e->act;
		c.command = command_of(s, position, e->act.command);
		slot_check_actor(&c);
		begin(s, position, e);
	} else if (!str_is(e->type, "order.refused")) {
		c.act = &e->act;
		c.command = command_of(s, position, e->act.command);
		slot_check_actor(&c);
		slot_check_all(&c);
		if (str_is(e->type, "order.excepted"))
			slot_check_approver(&c);
	}
}

void slots_end(struct slots *s)
{
	if (s->waiting > 0)
		report_unchecked(s->report, FINDING_SIGNATURE,
		                 "%lld 个操作尚未签齐，未生效，其签名待签齐时核验",
		                 "%lld acts still wait for signatures and have no effect; they are "
		                 "checked when complete", (long long)s->waiting);
	if (grants_foundation(s->grants))
		report_unchecked(s->report, FINDING_KEY,
		                 "台账尚未完成组建（authority.founded），角色与签名栏未核验",
		                 "the foundation is not closed (authority.founded): roles and "
		                 "empty slots were not checked");
}
