/* SPDX-License-Identifier: Apache-2.0 */
/* sibling.c -- see sibling.h. */
#include "kit/check.h"

#include "conformance/sibling.h"
#include "domain/scene.h"
#include "engine/modules_private.h"

enum { FACTS_MOST = 512 };

#define NEXT_ROOM NEXT_SITE "/r01"
#define CHI_THERE "'session':'d1-chinese'"
#define NEW_ID(table) "SELECT MAX(id) FROM " table
#define DEVICE_KEY "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
#define TWO_THERE(slot) slot "=badge:P0124 " slot "=badge:P0125"

/* The other site's things, each under the name by which fields refer to it (struct field, ref). */
static const struct {
	const char *as, *command, *data, *slots;
	const char *ref, *code; /* of what it makes; NULL: nothing that is referred to */
	const char *id;         /* or the query of its number */
} THERE[] = {
	{OFFICE, "people.add_unit", "{'place':'" NEXT_SITE "','code':'U-S2','name':'邻考点'}", NULL,
	 "unit", "U-S2", NULL},
	{OFFICE, "custody.register_consignment",
	 "{'place':'" JN "','code':'C-S2','holder':'V1','boxes':1,'bags':2}", NULL, "consignment",
	 NULL, NULL},
	{OFFICE, "custody.register_box", "{'code':'BX-S2','consignment':'C-S2',"
	 "'session':'d1-chinese','destined':'" NEXT_SITE "','seal':'SB-S2'}", NULL, "box", "BX-S2",
	 NULL},
	{OFFICE, "custody.register_bag", "{'code':'CHI-S2','box':'BX-S2','kind':'paper','copies':30,"
	 "'seal':'SG-S2'}", NULL, "bag", "CHI-S2", NULL},
	{OFFICE, "exam.register_candidate", "{'place':'" JN "','number':'C-S2','name':'化名',"
	 "'combination':'physics.chemistry.biology','document':'999999200703150019'}", NULL, NULL,
	 NULL, NULL},
	{OFFICE, "arrange.plan_rooms", "{'place':'" NEXT_SITE "'," CHI_THERE ",'rooms':[{'room':'"
	 NEXT_ROOM "','seats':30}]}", NULL, NULL, NULL, NULL},
	{OFFICE, "arrange.seat_candidates", "{'place':'" NEXT_SITE "'," CHI_THERE ",'room':'" NEXT_ROOM
	 "','seats':[{'candidate':'C-S2','seat':1}]}", NULL, "candidate", "C-S2", NULL},
	{"P0122", "custody.found_object", "{'place':'" NEXT_SITE "','code':'FOUND-S2'}", NULL, "alarm",
	 NULL, NEW_ID("alarm")},
	{"P0122", "sitting.report_incident", "{'place':'" NEXT_ROOM "'," CHI_THERE
	 ",'kind':'illness'}", NULL, "incident", NULL, NEW_ID("sitting_fact")},
	{"P0122", "sitting.record_violation", "{'place':'" NEXT_ROOM "'," CHI_THERE
	 ",'candidate':'C-S2','code':'5-1','items':0,'told':true,'signature':'signed'}",
	 TWO_THERE("recorder"), "violation", NULL, NEW_ID("sitting_violation")},
	{OFFICE, "duty.issue_order", "{'place':'" JN "','order':'DD-S2','urgency':'urgent',"
	 "'answer':true,'to':[{'to':'" NEXT_SITE "'}],'text':'核对'}", "leader=badge:P0002", "order",
	 "DD-S2", NULL},
	{"P0121", "duty.take_tip", "{'place':'" NEXT_SITE "','channel':'telephone','text':'线索'}",
	 NULL, "tip", NULL, NEW_ID("duty_tip")},
	{"P0121", "duty.phone_decision", "{'place':'" NEXT_SITE "','decision':'spare_paper',"
	 "'decider':'P0035','approved':true,'number':'0838-2','minute':'2025-06-06T08:00:00+08:00'}",
	 "taker=badge:P0121", "call", NULL, NEW_ID("duty_call")},
	{"P0122", "custody.pack_scripts", "{'place':'" NEXT_ROOM "'," CHI_THERE ",'bag':'DJ-S2',"
	 "'seal':'DS-S2','scripts':27,'absent':1}", TWO_THERE("packer") " acceptor=badge:P0122",
	 "script_bag", "DJ-S2", NULL},
};

/* What may be with the other site's number in it. */
static const struct {
	const char *command, *member, *why;
} RIGHT[] = {
	{"exam.approve_accommodation", "candidate", "a sudden injury is met where its candidate stands:"
	 " no time, no bag and no device comes with it; the lists of seats are another module's"},
	{"sitting.tell_county", "taker", "who took the call is told as it was heard; the county's own"
	 " log has it too"},
	{"sitting.toilet_trip", "escort", "a trip that was keyed already is not looked at again"},
	{"sitting.hand_in_sheet", "candidate", "a sheet that was handed in already, word for word"},
	{"custody.see_bag", "bag", "by then it is here by the books: another swap, with its alarm"},
};

/* One swap of a fact, for the end. */
struct swap {
	const char *command, *member, *data, *slots;
	int64_t who;
};
static struct {
	struct {
		const char *ref;
		struct str code;
		int64_t id; /* 0: a code */
	} known[COUNT(THERE)];
	int64_t person;
	struct swap facts[FACTS_MOST];
	size_t nfacts;
	bool used[COUNT(RIGHT)];
	struct strbuf wrong;
} IT;

void sibling_open(struct scene *s)
{
	static const struct {
		const char *code, *role;
	} CAST[] = {{"P0121", "site_chief"}, {"P0122", "site_clerk"}, {"P0124", "invigilator"},
	            {"P0125", "invigilator"}};

	strbuf_init(&IT.wrong, &s->k.arena);
	for (size_t i = 0; i < COUNT(CAST); i++) {
		assert_ok(scene_do(s, OFFICE, "people.register",
		                   str_fmt(&s->k.arena, "{'code':'%s','unit':'U1','name':'化名'}",
		                           CAST[i].code).s, NULL));
		assert_ok(kit_do(&s->k, 902, "authority.grant",
		                 str_fmt(&s->k.arena, "{\"person\":%lld,\"role\":\"%s\",\"place\":\""
		                         NEXT_SITE "\"}", (long long)scene_person(s, CAST[i].code),
		                         CAST[i].role).s, "granter=badge:902 approver=badge:901"));
	}
	assert_ok(kit_do(&s->k, 901, "device.enroll", "{\"key\":\"" DEVICE_KEY "\",\"place\":\""
	                 NEXT_SITE "\"}", "enroller=badge:901 approver=badge:902"));
	IT.person = scene_person(s, "P0122");
	for (size_t i = 0; i < COUNT(THERE); i++) {
		if (scene_do(s, THERE[i].as, THERE[i].command, THERE[i].data, THERE[i].slots) != RC_OK)
			fail_msg("%s there: %s", THERE[i].command, s->k.answer.err.en);
		IT.known[i].ref = THERE[i].ref;
		IT.known[i].code = str_of(THERE[i].code ? THERE[i].code : "");
		IT.known[i].id = THERE[i].id ? kit_sql(&s->k, THERE[i].id) : 0;
	}
}

/* Puts the other site's into this value; false: it is of no site, or the other's already. */
static bool swap_value(struct arena *a, const struct field *f, struct json *v)
{
	if (v->type == JSON_STR && place_covers(STR(SITE), v->s)) {
		v->s = str_fmt(a, NEXT_SITE "%s", v->s.s + strlen(SITE));
		return true;
	}
	if (f->type == F_PERSON && v->type == JSON_INT) {
		v->i = IT.person;
		return true;
	}
	for (size_t i = 0; f->ref && i < COUNT(THERE); i++) {
		if (!IT.known[i].ref || strcmp(IT.known[i].ref, f->ref) != 0)
			continue;
		if (IT.known[i].id && v->type == JSON_INT)
			v->i = IT.known[i].id;
		else if (IT.known[i].code.n && v->type == JSON_STR)
			v->s = IT.known[i].code;
		else
			return false;
		return true;
	}
	return false;
}

/* The nth value that can be swapped, counted through lists too; its member's name, or NULL. */
static const char *swap_nth(struct arena *a, struct json *o, const struct field *f, size_t n,
                            size_t *left)
{
	for (size_t i = 0; i < n; i++) {
		struct json *v = (struct json *)(uintptr_t)json_get(o, f[i].name), was;
		const char *inner = NULL;

		if (v && f[i].type == F_LIST)
			for (v = v->first; v && !inner; v = v->next)
				inner = swap_nth(a, v, f[i].list_of, f[i].list_n, left);
		if (inner)
			return inner;
		if (!v || f[i].type == F_LIST)
			continue;
		was = *v;
		if (!swap_value(a, &f[i], v))
			continue;
		if (!(*left)--)
			return f[i].name;
		*v = was;
	}
	return NULL;
}

static bool is_right(const char *command, const char *member)
{
	for (size_t i = 0; i < COUNT(RIGHT); i++)
		if (strcmp(RIGHT[i].command, command) == 0 && strcmp(RIGHT[i].member, member) == 0) {
			IT.used[i] = true;
			return true;
		}
	return false;
}

/* Over HTTP, to the end: refused, and nothing in the ledger but a guarded order's refusal. */
static void must_refuse(const struct sibling_request *r, const struct command *c, int64_t who,
                        const char *member)
{
	struct kit *k = r->served->kit;
	uint64_t size = kit_size(k);
	enum rc rc = served_do(r->served, who, r->command, r->data, r->slots);
	bool kept = c->kind == GUARDED && (rc == RC_CONFLICT || rc == RC_NOT_FOUND);

	if (rc == RC_OK || kit_size(k) != size + (kept ? 1 : 0))
		strbuf_addf(&IT.wrong, "%s, %s: %s, %llu entries\n", r->command, member, rc_text(rc),
		            (unsigned long long)(kit_size(k) - size));
}

static enum rc would(const struct sibling_request *r, int64_t who)
{
	struct kit *k = r->served->kit;
	enum rc rc;

	k->tries = true;
	rc = kit_do(k, who, r->command, r->data, r->slots);
	k->tries = false;
	return rc;
}

static void one_swapped(const struct sibling_request *r, const struct command *c, int64_t who,
                        const char *member)
{
	if (would(r, who) != RC_OK) {
		must_refuse(r, c, who, member);
	} else if (c->kind == FACT) {
		assert_true(IT.nfacts < FACTS_MOST);
		IT.facts[IT.nfacts++] = (struct swap){r->command, member, r->data, r->slots, who};
	} else if (!is_right(r->command, member)) {
		strbuf_addf(&IT.wrong, "%s, %s: would be taken: %s\n", r->command, member, r->data);
	}
}

void sibling_swapped(const struct sibling_request *r, int64_t who)
{
	struct arena *a = &r->served->kit->arena;
	struct op op = {.arena = a};
	const struct command *c = modules_command(&r->served->kit->modules, str_of(r->command));

	if (would(r, who) != RC_OK)
		return; /* refused for something else: nothing would be shown */
	for (size_t n = 0;; n++) {
		struct sibling_request other = *r;
		const char *member;
		struct json *o;
		size_t left = n;

		assert_ok(json_read(&op, str_of(r->data), &o));
		member = swap_nth(a, o, c->fields, c->nfields, &left);
		if (!member)
			return;
		other.data = json_canonical(a, o).s;
		one_swapped(&other, c, who, member);
	}
}

static bool alarmed_since(struct kit *k, uint64_t from)
{
	for (uint64_t i = from; i < kit_size(k); i++) {
		struct json *e;
		struct str type;

		assert_ok(json_read(&k->op, kit_entry(k, i), &e));
		type = json_str(e, "type");
		if (str_is(type, "alarm.raised") || str_is(type, "alarm.folded"))
			return true;
	}
	return false;
}

void sibling_close(struct served *served)
{
	struct kit *k = served->kit;

	for (size_t i = IT.nfacts; i-- > 0;) { /* before those that move what is looked for */
		const struct swap *x = &IT.facts[i];
		uint64_t size = kit_size(k);
		enum rc rc = served_do(served, x->who, x->command, x->data, x->slots);

		if ((rc == RC_OK && alarmed_since(k, size)) || (rc != RC_OK && kit_size(k) == size) ||
		    is_right(x->command, x->member))
			continue;
		strbuf_addf(&IT.wrong, "%s, %s: %s without an alarm: %s\n", x->command, x->member,
		            rc_text(rc), x->data);
	}
	for (size_t i = 0; i < COUNT(RIGHT); i++)
		if (!IT.used[i] && RIGHT[i].command[0])
			strbuf_addf(&IT.wrong, "%s, %s: excused, and not needed\n", RIGHT[i].command,
			            RIGHT[i].member);
	for (struct str rest = strbuf_str(&IT.wrong), line; str_cut(rest, '\n', &line, &rest);)
		print_error(STR_FMT "\n", STR_ARG(line)); /* a message of cmocka's has 1,024 bytes */
	if (IT.wrong.n)
		fail_msg("the other site's numbers are taken");
}
