/* SPDX-License-Identifier: Apache-2.0 */
/* slot_check.c -- see slot_check.h. */
#include "audit/slot_check.h"

static const struct rule_slot *rule_of(const struct slot_case *c, size_t i)
{
	return c->command != NULL ? rule_slot(c->command, c->filled[i].slot) : NULL;
}

void slot_check_actor(const struct slot_case *c)
{
	const struct rule_command *r = c->command;
	struct str shown = report_clip(c->act->command);

	if (c->foundation || r == NULL)
		return;
	for (size_t i = 0; i < r->nallow && c->act->actor > 0; i++)
		if (str_is(r->allow[i].role, "anyone") ||
		    grants_hold(c->grants, c->act->actor, r->allow[i].role, c->place,
		                r->allow[i].level, c->time_ms))
			return;
	report_add(c->report, FINDING_KEY, c->position,
	           "人员 %lld 在此地此时无权办理 " STR_FMT,
	           "person %lld had no right to " STR_FMT " at this place and time",
	           (long long)c->act->actor, STR_ARG(shown));
}

static void check_role(const struct slot_case *c, const struct filled *f, const struct rule_slot *r)
{
	struct str shown = report_clip(f->slot);

	if (c->foundation || r->anyone)
		return;
	for (size_t i = 0; i < r->nroles; i++)
		if (grants_hold(c->grants, f->person, r->roles[i], c->place, 0, c->time_ms))
			return;
	report_add(c->report, FINDING_SIGNATURE, c->position,
	           "签名栏 " STR_FMT "：人员 %lld 在此地此时没有所需角色",
	           "slot " STR_FMT ": person %lld held none of its roles at this place and time",
	           STR_ARG(shown), (long long)f->person);
}

struct str slot_text(struct arena *a, const struct filled *f, const struct hash *statement)
{
	struct str hex = hash_hex(a, statement);

	return str_fmt(a, "gongyuan/slot/v1\n" STR_FMT "\n%lld\n" STR_FMT "\n", STR_ARG(f->slot),
	               (long long)f->person, STR_ARG(hex));
}

/* The statement that the slots of this entry sign, as far as it is known here. */
static bool statement_ahead(struct hints *hints, const struct entry *e, struct hash *ret)
{
	if (str_is(e->type, "slot.filled"))
		return hints_begun(hints, json_int(e->data, "begun", NO_INDEX), ret);
	if (!e->has_act)
		return hints_begun(hints, e->act_at, ret);
	*ret = e->act.statement;
	return true;
}

void slots_ahead(struct arena *a, struct hints *hints, struct entry *e)
{
	struct ed25519_public key;
	struct signature sig;
	struct hash statement;

	for (size_t i = 0; i < e->nslots; i++) {
		struct filled *f = &e->slots[i];

		if (!f->has_sig || !hints_person(hints, f->person, &key) ||
		    !statement_ahead(hints, e, &statement))
			continue;
		memcpy(sig.b, f->sig, sizeof(sig.b));
		tried_ask(&f->tried, &key, slot_text(a, f, &statement), &sig);
	}
}

static void check_key(const struct slot_case *c, const struct filled *f)
{
	struct str text;
	struct str shown = report_clip(f->slot);
	struct ed25519_public key;
	struct signature sig;

	if (f->how != HOW_KEY)
		return;
	if (!grants_key(c->grants, f->person, &key)) {
		report_add(c->report, FINDING_KEY, c->position,
		           "签名栏 " STR_FMT "：人员 %lld 当时没有登记的公钥",
		           "slot " STR_FMT ": person %lld had no registered key then",
		           STR_ARG(shown), (long long)f->person);
		return;
	}
	memcpy(sig.b, f->sig, sizeof(sig.b));
	text = slot_text(c->op->arena, f, &c->act->statement);
	if (!tried_verify(&f->tried, &key, text, &sig))
		report_add(c->report, FINDING_SIGNATURE, c->position,
		           "签名栏 " STR_FMT "：人员 %lld 的签名不符",
		           "slot " STR_FMT ": the signature of person %lld does not verify",
		           STR_ARG(shown), (long long)f->person);
}

static bool apart(const struct rule_slot *a, const struct rule_slot *b)
{
	return (a->disjoint.n > 0 && str_eq(a->disjoint, b->name)) ||
	       (b->disjoint.n > 0 && str_eq(b->disjoint, a->name));
}

/* A person stands once in a slot, and never in two that must differ. */
static void check_persons(const struct slot_case *c, size_t i)
{
	const struct rule_slot *r = rule_of(c, i);

	for (size_t j = 0; j < i; j++) {
		const struct rule_slot *other = rule_of(c, j);
		bool same = str_eq(c->filled[i].slot, c->filled[j].slot);
		struct str a = report_clip(c->filled[j].slot), b = report_clip(c->filled[i].slot);

		if (c->filled[i].person != c->filled[j].person ||
		    !(same || (r != NULL && other != NULL && apart(r, other))))
			continue;
		report_add(c->report, FINDING_SIGNATURE, c->position,
		           "人员 %lld 一人占了签名栏 " STR_FMT " 和 " STR_FMT "，应为不同的人",
		           "person %lld alone fills " STR_FMT " and " STR_FMT
		           ", which need different people",
		           (long long)c->filled[i].person, STR_ARG(a), STR_ARG(b));
	}
}

void slot_check_approver(const struct slot_case *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_is(c->filled[i].slot, "approver") && c->filled[i].person != c->act->actor)
			return;
	if (!c->foundation)
		report_add(c->report, FINDING_SIGNATURE, c->position,
		           "特批没有另一人的批准签名",
		           "the exception was approved by nobody but the actor");
}

bool same_signature(const struct filled *a, const struct filled *b)
{
	return str_eq(a->slot, b->slot) && a->person == b->person && a->how == b->how &&
	       a->has_sig == b->has_sig &&
	       (!a->has_sig || memcmp(a->sig, b->sig, sizeof(a->sig)) == 0);
}

static bool given_before(const struct slot_case *c, const struct filled *f)
{
	for (size_t i = 0; i < c->nbefore; i++)
		if (same_signature(&c->before[i], f))
			return true;
	return false;
}

void slot_check_signers(const struct slot_case *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct rule_slot *r = rule_of(c, i);
		struct str shown = report_clip(c->filled[i].slot);
		bool approver = c->act->exception.n > 0 && str_is(c->filled[i].slot, "approver");

		if (r == NULL && c->command != NULL && !approver)
			report_add(c->report, FINDING_SIGNATURE, c->position,
			           "规则中没有签名栏 " STR_FMT, "the rules have no slot " STR_FMT,
			           STR_ARG(shown));
		check_persons(c, i);
		if (given_before(c, &c->filled[i]))
			continue;
		if (r != NULL)
			check_role(c, &c->filled[i], r);
		check_key(c, &c->filled[i]);
	}
}

/* Each awaited slot has as many people as the rules say; none has more. */
static void check_counts(const struct slot_case *c)
{
	const struct rule_command *r = c->command;

	for (size_t i = 0; r != NULL && i < r->nslots; i++) {
		const struct rule_slot *s = &r->slots[i];
		struct str shown = report_clip(s->name);
		int64_t n = 0;

		for (size_t j = 0; j < c->n; j++)
			n += str_eq(c->filled[j].slot, s->name);
		if (n > s->count || (n < s->count && !s->optional && !c->foundation))
			report_add(c->report, FINDING_SIGNATURE, c->position,
			           "签名栏 " STR_FMT " 应有 %lld 人签名，实有 %lld 人",
			           "slot " STR_FMT " needs %lld signatures and has %lld",
			           STR_ARG(shown), (long long)s->count, (long long)n);
	}
}

void slot_check_all(const struct slot_case *c)
{
	check_counts(c);
	slot_check_signers(c);
}
