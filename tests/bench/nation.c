/* SPDX-License-Identifier: Apache-2.0 */
/* nation.c -- see nation.h.  Set-up runs through the writer like everything else. */
#include "nation.h"

#include "base/limits.h"

#define AT_PLAN "2025-06-05T10:00:00+08:00"
#define AT_ENTRY "2025-06-07T08:20:00+08:00"
#define AT_END "2025-06-07T08:49:59+08:00"
enum { SITES_OF_COUNTY = 24, COUNTIES_OF_CITY = 12, SLICE = 4096, DUE_S = -600, PUT_OFF_S = 3600 };

static int64_t time_of(const char *text)
{
	int64_t ms = 0;

	if (!clock_parse(str_of(text), &ms))
		abort();
	return ms;
}

struct str nation_site(struct arena *a, int64_t i)
{
	int64_t county = i / SITES_OF_COUNTY, city = county / COUNTIES_OF_CITY;

	return str_fmt(a, "cn/c%03lld/d%02lld/s%02lld", (long long)city,
	               (long long)(county % COUNTIES_OF_CITY), (long long)(i % SITES_OF_COUNTY));
}

static int64_t nation_checker(const struct nation *m, int64_t site)
{
	return 1000 + (m->checkers ? site % m->checkers : site);
}

static struct str put_off(struct op *op, struct str bytes)
{
	struct json *p;

	if (json_read(op, bytes, &p) != RC_OK)
		abort();
	for (struct json *s = json_get(p, "steps")->first; s; s = s->next)
		for (struct json *v = s->first; v; v = v->next)
			if (str_is(v->key, "to") && str_is(json_str(s, "anchor"), "T") && v->i < DUE_S)
				v->i = PUT_OFF_S;
	return json_canonical(op->arena, p);
}

/* ---- set-up: acts in batches ---- */

struct pile {
	struct request r[SLICE / 16];
	struct answer answer[SLICE / 16];
	size_t n;
	struct arena arena;
	const struct beside *beside; /* of the next act */
	size_t nbeside;
};

static enum rc bulk_send(struct op *op, struct nation *m, struct pile *b)
{
	enum rc rc = b->n ? writer_batch(&m->o->writer, b->r, b->answer, b->n) : RC_OK;

	for (size_t i = 0; i < b->n && rc == RC_OK; i++) {
		rc = b->answer[i].rc;
		if (rc != RC_OK)
			op->err = b->answer[i].err;
	}
	arena_reset(&b->arena);
	b->n = 0;
	return rc;
}

static enum rc bulk_add(struct op *op, struct nation *m, struct pile *b, int64_t actor,
                        const char *command, struct str data)
{
	struct json *in;
	struct op of = {.arena = &b->arena};

	TRY(json_read(&of, data, &in));
	b->r[b->n++] = (struct request){
		.command = str_of(command), .actor = {actor}, .source = SOURCE_OFFICE, .data = in,
		.key = uuid_v7(&b->arena, &m->o->random, clock_now_ms(&m->o->clock))};
	b->r[b->n - 1].beside = b->beside;
	b->r[b->n - 1].nbeside = b->nbeside;
	b->nbeside = 0;
	return b->n == COUNT(b->r) ? bulk_send(op, m, b) : RC_OK;
}

/* Numbers stand for persons: 901 to 903 administrate, 900 plans, 1000 + i checks at site i. */
static enum rc found(struct op *op, struct nation *m, struct pile *b)
{
	static const char *const ADMIN[] = {"system_admin", "security_admin", "audit_admin"};

	for (int i = 0; i < 3; i++)
		TRY(bulk_add(op, m, b, 0, "authority.grant",
		             str_fmt(&b->arena, "{\"person\":%d,\"role\":\"%s\"}", 901 + i, ADMIN[i])));
	for (int64_t i = 0; i < m->sites; i++) {
		struct str site = nation_site(&b->arena, i);

		if (i % (SITES_OF_COUNTY * COUNTIES_OF_CITY) == 0)
			TRY(bulk_add(op, m, b, 0, "authority.grant",
			             str_fmt(&b->arena, "{\"person\":900,\"role\":\"city_office\","
			                     "\"place\":\"%.7s\"}", site.s)));
		TRY(bulk_add(op, m, b, 0, "authority.grant",
		             str_fmt(&b->arena, "{\"person\":%lld,\"role\":\"identity_checker\","
		                     "\"place\":\"%s\"}", (long long)nation_checker(m, i),
		                     nation_site(&b->arena, i).s)));
	}
	TRY(bulk_add(op, m, b, 0, "authority.found", STR("{}")));
	return bulk_send(op, m, b);
}

static enum rc plan(struct op *op, struct nation *m, struct pile *b)
{
	for (int64_t i = 0; i < m->sites; i++) {
		struct str site = nation_site(&b->arena, i);
		struct strbuf s;

		strbuf_init(&s, &b->arena);
		strbuf_addf(&s, "{\"place\":\"%s\",\"session\":\"" NATION_SESSION "\",\"rooms\":[", site.s);
		for (int k = 0; k < ROOMS; k++)
			strbuf_addf(&s, "%s{\"room\":\"%s/r%02d\",\"seats\":%d}", k ? "," : "", site.s, k + 1,
			            SEATS);
		strbuf_addz(&s, "]}");
		TRY(bulk_add(op, m, b, 900, "arrange.plan_rooms", strbuf_str(&s)));
	}
	return bulk_send(op, m, b);
}

enum rc nation_arm(struct op *op, struct nation *m)
{
	struct writer *w = &m->o->writer;
	int64_t next = 0;

	clock_set(&m->o->clock, m->from_ms);
	do {
		if (writer_tick_until(w, w->ledger.tree.size + SLICE, &next) != RC_OK) {
			op->err = w->broken;
			return RC_BROKEN;
		}
	} while (next <= m->from_ms);
	return writer_idle(w);
}

static enum rc make(struct op *op, struct str dir, struct str file, struct nation *m)
{
	struct office_options how = {.data = dir, .write = true, .at_ms = time_of(AT_PLAN)};
	struct office_new fresh = {.origin = STR("bench.example/nation"), .drill = true, .seed = 1};
	struct str profile;

	m->o = ARENA_NEW(op->arena, struct office);
	m->from_ms = time_of(AT_ENTRY);
	m->to_ms = time_of(AT_END);
	TRY(file_read(op, file, LIMIT_BLOB, &profile));
	fresh.profile = put_off(op, profile);
	how.url = STR("");
	return office_found(op, &how, &fresh, m->o);
}

enum rc nation_found(struct op *op, struct str dir, struct str profile, struct nation *m)
{
	struct pile *b = ARENA_NEW(op->arena, struct pile);

	TRY(make(op, dir, profile, m));
	TRY(found(op, m, b));
	TRY(plan(op, m, b));
	arena_release(&b->arena);
	return RC_OK;
}

/* ---- the entries ---- */

static struct json *entry(struct arena *a, int64_t number, struct str at)
{
	struct json *e = json_new_object(a);

	json_set_str(a, e, "at", at);
	json_set_str(a, e, "candidate", str_fmt(a, "25%09lld", (long long)number));
	json_set_str(a, e, "method", STR("face"));
	json_set_str(a, e, "result", STR("passed"));
	json_set_int(a, e, "tries", 1);
	return e;
}


static struct str at_of(struct arena *a, const struct nation *m, int64_t k, int64_t acts)
{
	return clock_format_utc(a, m->from_ms + (m->to_ms - m->from_ms) / acts * k);
}

static struct json *of_room(struct arena *a, struct json *o, int64_t site, int64_t room)
{
	json_set_str(a, o, "place", str_fmt(a, "%s/r%02lld", nation_site(a, site).s,
	                                    (long long)room + 1));
	json_set_str(a, o, "session", STR(NATION_SESSION));
	return o;
}

struct json *nation_enter(struct arena *a, const struct nation *m, int64_t k, int64_t *ret_who)
{
	int64_t of = k / m->sites, site = k % m->sites, room = of % ROOMS, seat = of / ROOMS;
	struct str at = at_of(a, m, k, m->sites * ROOMS * SEATS);

	*ret_who = nation_checker(m, site);
	return of_room(a, entry(a, (site * ROOMS + room) * SEATS + seat, at), site, room);
}

struct json *nation_list(struct arena *a, const struct nation *m, int64_t k, int64_t *ret_who)
{
	int64_t site = k % m->sites, room = k / m->sites, first = (site * ROOMS + room) * SEATS;
	struct json *o = json_new_object(a), *list = json_put(o, "entries", json_new_array(a));
	struct str at = at_of(a, m, k, m->sites * ROOMS);

	for (int i = 0; i < SEATS; i++)
		json_put(list, NULL, entry(a, first + i, at));
	*ret_who = nation_checker(m, site);
	return of_room(a, o, site, room);
}

enum rc nation_fill(struct op *op, struct nation *m, int64_t rooms)
{
	struct pile *b = ARENA_NEW(op->arena, struct pile);
	int64_t who;

	for (int64_t k = 0; k < rooms; k++) {
		struct str data = json_canonical(&b->arena, nation_list(&b->arena, m, k, &who));

		TRY(bulk_add(op, m, b, who, "sitting.enter_list", data));
	}
	TRY(bulk_send(op, m, b));
	arena_release(&b->arena);
	return RC_OK;
}

/* GB 11643: the digit that makes a number of an identity card a possible one. */
static char check_digit(const char *text)
{
	static const int WEIGHT[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += (text[i] - '0') * WEIGHT[i];
	return "10X98765432"[sum % 11];
}

/* Of a division that does not exist: 999 a day. */
static struct str document(struct arena *a, int64_t n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "9999992007%02d%02d%03d", (int)(n / 999 / 28 % 12) + 1,
	               (int)(n / 999 % 28) + 1, (int)(n % 999) + 1);
	return str_fmt(a, "%.17s%c", text, check_digit(text));
}

enum rc nation_register(struct op *op, struct nation *m, int64_t n)
{
	struct pile *b = ARENA_NEW(op->arena, struct pile);
	const struct command *c = modules_command(&m->o->modules, STR("exam.register_candidate"));

	assert(c);
	op->random = &m->o->random;
	for (int64_t i = 0; i < n; i++) {
		struct op of = {.arena = &b->arena, .random = &m->o->random};
		struct str text = str_fmt(&b->arena, "{\"place\":\"cn/c000/d00\",\"number\":\"C%07lld\","
		                          "\"combination\":\"physics.chemistry.biology\","
		                          "\"name\":\"虚构 %lld\",\"document\":\"%s\"}",
		                          (long long)i + 1, (long long)i + 1, document(&b->arena, i).s);
		struct beside *beside = arena_array(&b->arena, c->nfields + 1, sizeof(*beside));
		struct json *in, *out;
		size_t nbeside = 0;

		TRY(json_read(&of, text, &in));
		TRY(field_intake(&of, c->fields, c->nfields, in, NULL, &out, beside, &nbeside));
		b->beside = beside;
		b->nbeside = nbeside;
		TRY(bulk_add(op, m, b, 900, c->name, json_canonical(&b->arena, out)));
	}
	TRY(bulk_send(op, m, b));
	arena_release(&b->arena);
	return RC_OK;
}
