/* SPDX-License-Identifier: Apache-2.0 */
/* world.c -- see world.h.  Set-up runs through the writer like everything else. */
#include "world.h"

#include <stdio.h>

#include "base/limits.h"
#include "engine/field.h"

#define COUNTY "sc/cd/jn"
#define STORE COUNTY "/store"
#define SESSION "d1-chinese"
#define AT_LIST "2025-06-07T07:30:00+08:00"
#define AT_ISSUE "2025-06-07T08:10:00+08:00"  /* from T-60 on */
#define AT_RETURN "2025-06-07T12:00:00+08:00" /* within two hours of E */
/* Small consignments: a registration counts the bags of its consignment and its box. */
enum { SITES = 40, ROOMS = 50, BAGS_OF_BOX = 50, BOXES_OF_CONSIGNMENT = 10 };
enum { BULK = 512 };

static int64_t time_of(const char *text)
{
	int64_t ms = 0;

	if (!clock_parse(str_of(text), &ms))
		abort();
	return ms;
}

/* ---- single acts of the foundation ---- */

static enum rc act(struct op *op, struct office *o, int64_t actor, const char *command,
                   const char *data, const struct signed_slot *slots, size_t nslots,
                   int64_t *ret_index)
{
	const struct command *c = modules_command(&o->modules, str_of(command));
	struct json *in, *out = NULL;
	struct beside *b;
	struct answer answer;
	size_t n = 0;

	assert(c);
	TRY(json_read(op, str_of(data), &in));
	b = arena_array(op->arena, c->nfields + 1, sizeof(*b));
	op->random = &o->random;
	TRY(field_intake(op, c->fields, c->nfields, in, NULL, &out, b, &n));
	struct request r = {.command = str_of(command), .actor = {actor}, .source = SOURCE_OFFICE,
	                    .data = out, .beside = b, .nbeside = n,
	                    .key = uuid_v7(op->arena, &o->random, clock_now_ms(&o->clock)),
	                    .slots = slots, .nslots = nslots};
	enum rc rc = writer_do(&o->writer, &r, &answer);
	if (rc != RC_OK)
		op->err = answer.err;
	else if (ret_index)
		*ret_index = answer.index;
	return rc;
}

static struct signed_slot badge(const char *slot, int64_t person)
{
	return (struct signed_slot){.slot = str_of(slot), .how = SLOT_BADGE, .person = {person}};
}

static enum rc person(struct op *op, struct office *o, const char *code, const char *role,
                      int64_t *ret)
{
	const char *data = str_fmt(op->arena, "{\"code\":\"%s\",\"unit\":\"U-1\",\"secrecy\":true,"
	                           "\"name\":\"%s\"}", code, code).s;

	TRY(act(op, o, 0, "people.register", data, NULL, 0, ret));
	data = str_fmt(op->arena, "{\"person\":%lld,\"role\":\"%s\",\"place\":\"" COUNTY "\"}",
	               (long long)*ret, role).s;
	return act(op, o, 0, "authority.grant", data, NULL, 0, NULL);
}

static enum rc persons(struct op *op, struct office *o, const char *prefix, const char *role,
                       int64_t *ret, int n)
{
	for (int i = 0; i < n; i++)
		TRY(person(op, o, str_fmt(op->arena, "%s-%d", prefix, i + 1).s, role, &ret[i]));
	return RC_OK;
}

static enum rc grant(struct op *op, struct office *o, int64_t who, const char *role,
                     const char *place)
{
	const char *data = str_fmt(op->arena, "{\"person\":%lld,\"role\":\"%s\"%s%s%s}", (long long)who,
	                           role, *place ? ",\"place\":\"" : "", place, *place ? "\"" : "").s;

	return act(op, o, 0, "authority.grant", data, NULL, 0, NULL);
}

static enum rc found(struct op *op, struct office *o, struct cast *c)
{
	static const char *const ADMIN[] = {"system_admin", "security_admin", "audit_admin"};
	static const char UNIT[] = "{\"place\":\"" COUNTY "\",\"code\":\"U-1\",\"name\":\"县考务办\"}";

	TRY(act(op, o, 0, "people.add_unit", UNIT, NULL, 0, NULL));
	TRY(persons(op, o, "K", "store_keeper", c->keeper, KEEPERS));
	TRY(persons(op, o, "O", "county_office", c->officer, OFFICERS));
	TRY(grant(op, o, c->officer[0], "county_leader", COUNTY));
	TRY(persons(op, o, "I", "invigilator", c->invigilator, INVIGILATORS));
	TRY(persons(op, o, "C", "courier", c->courier, COURIERS));
	TRY(persons(op, o, "S", "site_clerk", &c->clerk, 1));
	for (int i = 1; i <= SITES; i++)
		TRY(grant(op, o, c->clerk, "site_clerk", str_fmt(op->arena, COUNTY "/s%02d", i).s));
	/* Administrators do no examination work; three numbers are enough of them here. */
	for (int i = 0; i < 3; i++)
		TRY(grant(op, o, 901 + i, ADMIN[i], ""));
	return act(op, o, 0, "authority.found", "{}", NULL, 0, NULL);
}

/* Two answer for the room, four others guard it, locks and codes are new. */
static enum rc make_ready(struct op *op, struct office *o, const struct cast *c)
{
	struct signed_slot two[] = {badge("leader", c->officer[0]), badge("keeper", c->keeper[0])};
	struct signed_slot keepers[] = {badge("keeper", c->keeper[0]), badge("keeper", c->keeper[1])};
	struct signed_slot own = badge("declarer", c->courier[0]);
	const char *data;

	data = str_fmt(op->arena, "{\"person\":%lld,\"relative\":false}", (long long)c->courier[0]).s;
	TRY(act(op, o, c->officer[0], "people.declare_avoidance", data, &own, 1, NULL));
	data = str_fmt(op->arena, "{\"place\":\"" STORE "\",\"guards\":[{\"person\":%lld},"
	               "{\"person\":%lld},{\"person\":%lld},{\"person\":%lld}]}",
	               (long long)c->keeper[1], (long long)c->keeper[2], (long long)c->keeper[3],
	               (long long)c->courier[0]).s;
	TRY(act(op, o, c->officer[0], "custody.staff_store", data, two, COUNT(two), NULL));
	data = "{\"place\":\"" STORE "\",\"locks\":true,\"codes\":true}";
	return act(op, o, c->keeper[0], "custody.change_locks", data, keepers, COUNT(keepers), NULL);
}

/* The secrecy room is opened last: its patrols are due every half hour. */
static enum rc activate(struct op *op, struct office *o, const struct cast *c)
{
	struct signed_slot two[] = {badge("leader", c->officer[0]), badge("leader", c->officer[1])};
	const long long k[] = {c->keeper[0], c->keeper[1], c->keeper[2], c->keeper[3]};
	const char *data;

	for (int i = 0; i < KEEPERS; i++) {
		struct signed_slot own = badge("declarer", k[i]), guard = badge("guard", k[i]);

		data = str_fmt(op->arena, "{\"person\":%lld,\"relative\":false}", k[i]).s;
		TRY(act(op, o, c->officer[0], "people.declare_avoidance", data, &own, 1, NULL));
		data = "{\"place\":\"" STORE "\",\"duty\":\"guard\"}";
		TRY(act(op, o, c->officer[0], "custody.guard_on", data, &guard, 1, NULL));
	}
	TRY(make_ready(op, o, c));
	data = str_fmt(op->arena, "{\"place\":\"" STORE "\",\"door_a\":%lld,\"door_b\":%lld,"
	               "\"cabinet\":%lld,\"code\":%lld}", k[0], k[1], k[2], k[3]).s;
	TRY(act(op, o, c->officer[0], "custody.assign_keys", data, two, COUNT(two), NULL));
	data = "{\"place\":\"" STORE "\",\"certificate\":\"CERT-1\"}";
	return act(op, o, c->officer[0], "custody.activate_store", data, two, COUNT(two), NULL);
}

/* ---- bags, in bulk ---- */

static int site_of(int64_t bag)
{
	return 1 + (int)(bag / (BAGS_OF_BOX * BOXES_OF_CONSIGNMENT) % SITES);
}

static struct str site_text(struct arena *a, int64_t bag)
{
	return str_fmt(a, COUNTY "/s%02d", site_of(bag));
}

static struct str room_text(struct arena *a, int64_t bag)
{
	return str_fmt(a, COUNTY "/s%02d/r%02d", site_of(bag), 1 + (int)(bag % ROOMS));
}

static struct str bag_text(struct arena *a, int64_t bag)
{
	return str_fmt(a, "J25%07lld", (long long)bag);
}

static struct str seal_text(struct arena *a, int64_t bag)
{
	return str_fmt(a, "M%07lld", (long long)bag);
}

/* The i-th ready bag: a walk over all of them in large steps (a prime, larger than any county). */
static int64_t ready_bag(const struct shape *s, int64_t i)
{
	return (int64_t)(((uint64_t)i * 2654435761u) % (uint64_t)s->subjects);
}

struct str_pair {
	const char *key;
	struct str value;
};

static struct json *object(struct arena *a, const struct str_pair *p, size_t n)
{
	struct json *o = json_new_object(a);

	for (size_t i = 0; i < n; i++)
		json_set_str(a, o, p[i].key, p[i].value);
	return o;
}
#define OBJECT(a, ...) \
	object((a), (const struct str_pair[]){__VA_ARGS__}, \
	       COUNT(((const struct str_pair[]){__VA_ARGS__})))

static struct request listing(const struct world *w, struct arena *a, int64_t i,
                              struct signed_slot *slots)
{
	int64_t of_consignment = BAGS_OF_BOX * BOXES_OF_CONSIGNMENT;
	int64_t per = of_consignment + BOXES_OF_CONSIGNMENT + 1, c = i / per, k = i % per;
	int64_t first = c * of_consignment, bag = first + k - BOXES_OF_CONSIGNMENT - 1;
	struct str code = str_fmt(a, "L%05lld", (long long)c), site = site_text(a, first);
	struct request r = {.actor = {w->cast.officer[0]}, .source = SOURCE_OFFICE};
	struct json *o;

	(void)slots;
	if (k == 0) {
		r.command = STR("custody.register_consignment");
		o = OBJECT(a, {"place", STR(COUNTY)}, {"code", code}, {"holder", site});
		json_set_int(a, o, "boxes", BOXES_OF_CONSIGNMENT);
		json_set_int(a, o, "bags", of_consignment);
	} else if (k <= BOXES_OF_CONSIGNMENT) {
		r.command = STR("custody.register_box");
		o = OBJECT(a, {"code", str_fmt(a, "X%05lld-%lld", (long long)c, (long long)k - 1)},
		           {"consignment", code}, {"session", STR(SESSION)}, {"destined", site},
		           {"seal", str_fmt(a, "N%05lld-%lld", (long long)c, (long long)k)});
	} else {
		r.command = STR("custody.register_bag");
		o = OBJECT(a, {"code", bag_text(a, bag)}, {"kind", STR("paper")},
		           {"box", str_fmt(a, "X%05lld-%lld", (long long)c,
		                           (long long)(bag - first) / BAGS_OF_BOX)},
		           {"seal", seal_text(a, bag)});
		json_set_int(a, o, "copies", 30);
	}
	r.data = o;
	return r;
}

static struct request issuing(const struct world *w, struct arena *a, int64_t i,
                              struct signed_slot *slots)
{
	int64_t bag = ready_bag(&w->shape, i);

	slots[0] = badge("receiver", w->cast.invigilator[0]);
	slots[1] = badge("receiver", w->cast.invigilator[1]);
	return (struct request){
		.command = STR("custody.issue_bag"), .actor = {w->cast.clerk}, .source = SOURCE_OFFICE,
		.slots = slots, .nslots = 2,
		.data = OBJECT(a, {"place", site_text(a, bag)}, {"bag", bag_text(a, bag)},
		               {"room", room_text(a, bag)}),
	};
}

struct request world_act(const struct world *w, struct arena *a, int64_t i,
                         struct signed_slot *slots)
{
	int64_t bag = ready_bag(&w->shape, i);
	struct json *o = OBJECT(a, {"place", STR(STORE)}, {"from", room_text(a, bag)},
	                        {"to", STR(STORE)});
	struct json *bags = json_put(o, "bags", json_new_array(a));

	json_put(bags, NULL, OBJECT(a, {"bag", bag_text(a, bag)}, {"seal", seal_text(a, bag)}));
	for (int k = 0; k < 2; k++) {
		slots[k] = badge("giver", w->cast.courier[k]);
		slots[2 + k] = badge("receiver", w->cast.keeper[k]);
	}
	return (struct request){
		.command = STR("custody.return_bags"), .actor = {w->cast.keeper[0]},
		.source = SOURCE_TERMINAL, .data = o, .slots = slots, .nslots = 4,
		.key = str_fmt(a, "01974a5e-0000-7000-8000-%012llx", (unsigned long long)i),
	};
}

static enum rc bulk(struct op *op, const struct world *w, struct office *o,
                    struct request (*make)(const struct world *w, struct arena *a, int64_t i,
                                           struct signed_slot *slots),
                    int64_t n, const char *what)
{
	struct request *r = arena_array(op->arena, BULK, sizeof(*r));
	struct answer *answer = arena_array(op->arena, BULK, sizeof(*answer));
	struct signed_slot *slots = arena_array(op->arena, BULK * 4, sizeof(*slots));
	struct arena a = {0};
	enum rc rc = RC_OK;

	for (int64_t i = 0; i < n && rc == RC_OK; i += BULK) {
		size_t k, m = n - i < BULK ? (size_t)(n - i) : BULK;

		arena_reset(&a);
		for (k = 0; k < m; k++) {
			r[k] = make(w, &a, i + (int64_t)k, slots + 4 * k);
			r[k].key = uuid_v7(&a, &o->random, clock_now_ms(&o->clock));
		}
		rc = writer_batch(&o->writer, r, answer, m);
		for (k = 0; k < m && rc == RC_OK; k++) {
			rc = answer[k].rc;
			if (rc != RC_OK)
				op->err = answer[k].err;
		}
		if (i % (200 * BULK) == 0)
			fprintf(stderr, "\r%s %lld / %lld ", what, (long long)i, (long long)n);
	}
	fprintf(stderr, "\r%s %lld          \n", what, (long long)n);
	arena_release(&a);
	return rc;
}

static enum rc fill(struct op *op, struct world *w, struct office *o)
{
	int64_t of = BAGS_OF_BOX * BOXES_OF_CONSIGNMENT;
	int64_t consignments = (w->shape.subjects + of - 1) / of;
	int64_t lists = consignments * (of + BOXES_OF_CONSIGNMENT + 1);
	int64_t next;

	assert(w->shape.subjects % of == 0);
	TRY(found(op, o, &w->cast));
	TRY(bulk(op, w, o, listing, lists, "list"));
	clock_set(&o->clock, time_of(AT_ISSUE));
	TRY(bulk(op, w, o, issuing, w->shape.ready, "issue"));
	clock_set(&o->clock, time_of(AT_RETURN));
	TRY(writer_tick(&o->writer, &next));
	TRY(activate(op, o, &w->cast));
	return writer_idle(&o->writer);
}

enum rc world_make(struct op *op, struct world *w)
{
	struct office *o = ARENA_NEW(op->arena, struct office);
	struct office_options how = {.data = w->dir, .url = w->url, .write = true,
	                             .at_ms = time_of(AT_LIST)};
	struct office_new fresh = {.origin = STR("bench.example/county"), .profile = w->profile,
	                           .drill = true, .seed = 1};
	enum rc rc = office_found(op, &how, &fresh, o);
	struct str note;

	if (rc == RC_OK)
		rc = fill(op, w, o);
	if (rc == RC_OK)
		rc = office_sign(op, o, &note);
	office_release(o);
	return rc;
}

enum rc world_open(struct op *op, struct str dir, struct str url, struct office *ret)
{
	struct office_options how = {.data = dir, .url = url, .write = true,
	                             .at_ms = time_of(AT_RETURN)};

	TRY(office_open(op, &how, ret));
	ret->random = random_system(); /* as in a real office: each nonce asks the host */
	return RC_OK;
}
