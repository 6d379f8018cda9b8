/* SPDX-License-Identifier: Apache-2.0 */
/* scene.c -- see scene.h. */
#include "kit/check.h"

#include "domain/acts.h"

#include "app/modules.h"
#include "domain/custody/custody.h"
#include "domain/people/people.h"
#include "engine/book.h"

static const struct {
	const char *code, *role, *place;
} CAST[] = {
	{"P0001", "county_office", JN}, {"P0002", "county_leader", JN},
	{"P0003", "store_keeper", JN}, {"P0004", "store_keeper", JN},
	{"P0005", "store_keeper", JN}, {"P0006", "store_keeper", JN},
	{"P0007", "secrecy_guard", STORE}, {"P0008", "secrecy_guard", STORE},
	{"P0009", "secrecy_guard", STORE}, {"P0011", "police", JN}, {"P0012", "police", JN},
	{"P0013", "secrecy_officer", JN}, {"P0014", "courier", JN}, {"P0015", "courier", JN},
	{"P0021", "site_chief", SITE}, {"P0022", "site_clerk", SITE}, {"P0023", "site_clerk", SITE},
	{"P0024", "invigilator", SITE}, {"P0025", "invigilator", SITE},
	{"P0031", "duty_officer", JN}, {"P0032", "exception_approver", "sc/cd"},
	{"P0033", "city_office", "sc/cd"}, {"P0034", "province_office", "sc"},
	{"P0035", "county_director", JN}, {"P0036", "deputy_chief", SITE},
	{"P0037", "bell_keeper", SITE}, {"P0038", "listening_player", SITE},
	{"P0039", "video_invigilator", SITE}, {"P0040", "remote_inspector", "sc/cd"},
	{"P0041", "roving_invigilator", SITE}, {"P0042", "gate_checker", SITE},
	{"P0043", "gate_checker", SITE}, {"P0044", "identity_checker", SITE},
	{"P0045", "identity_checker", SITE}, {"P0046", "medic", SITE}, {"P0047", "technician", SITE},
	{"P0048", "driver", JN}, {"P0049", "discipline_officer", JN},
	{"P0050", "print_supervisor", "sc/cd"}, {"P0051", "tip_officer", JN},
	{"P0052", "city_leader", "sc/cd"}, {"P0053", "city_duty", "sc/cd"}, {"P0054", "inspector", JN},
	{"P0055", "province_office", "sc"}, {"P0056", "discipline_officer", JN},
};

static struct op viewing(struct scene *s)
{
	struct op op = s->k.op;

	op.db = s->k.store.view;
	return op;
}

int64_t scene_person(struct scene *s, const char *code)
{
	struct op op = viewing(s);
	struct person_id who = {0};

	if (people_find(&op, str_of(code), &who) != RC_OK)
		fail_msg("nobody is %s", code);
	return who.v;
}

static bool is_staff_code(const char *t)
{
	return t[0] == 'P' && strspn(t + 1, "0123456789") == 4;
}

/* ' becomes ", and staff codes become numbers: 'P0003' with its quotes, and :P0003 in slots.  Those
 * that nobody has yet stay: they are being given. */
static struct str with_numbers(struct scene *s, const char *text)
{
	struct op op = viewing(s);
	struct person_id who;
	struct strbuf b;

	strbuf_init(&b, &s->k.arena);
	for (const char *t = text; *t; t++) {
		bool quoted = t[0] == '\'' && is_staff_code(t + 1) && t[6] == '\'';
		bool slot = t[0] == ':' && is_staff_code(t + 1);

		if ((!quoted && !slot) ||
		    people_find(&op, str_dup(op.arena, t + 1, 5), &who) != RC_OK) {
			strbuf_addc(&b, *t == '\'' ? '"' : *t);
			continue;
		}
		if (slot)
			strbuf_addc(&b, ':');
		strbuf_addi(&b, who.v);
		t += quoted ? 6 : 5;
	}
	return strbuf_str(&b);
}

enum rc scene_do(struct scene *s, const char *as, const char *command, const char *data,
	             const char *slots)
{
	return kit_do(&s->k, as ? scene_person(s, as) : 0, command, with_numbers(s, data).s,
	              slots ? with_numbers(s, slots).s : NULL);
}

static void must(struct scene *s, const char *as, const char *command, struct str data,
	             const char *slots)
{
	if (scene_do(s, as, command, data.s, slots) != RC_OK)
		fail_msg("%s %s: %s (%s)", command, data.s, s->k.answer.err.en, s->k.answer.err.field);
}

static struct str read_profile(struct scene *s)
{
	const char *root = getenv("GONGYUAN_SOURCE");
	struct str text;

	if (file_read(&s->k.op, str_fmt(&s->k.arena, "%s/profiles/demo.json", root ? root : "."),
	              1 << 20, &text) != RC_OK)
		fail_msg("profiles/demo.json: %s", s->k.op.err.en);
	return text;
}

static void declare_all(struct scene *s)
{
	for (size_t i = 0; i < COUNT(CAST); i++) {
		struct str data = str_fmt(&s->k.arena, "{'person':'%s','relative':false}", CAST[i].code);
		struct str slots = str_fmt(&s->k.arena, "declarer=badge:%s", CAST[i].code);

		must(s, OFFICE, "people.declare_avoidance", data, slots.s);
	}
}

void scene_open(struct scene *s)
{
	struct arena a = {0};
	struct scene bare = {.k = {.arena = a, .op = {.arena = &bare.k.arena}}};
	struct str profile = read_profile(&bare);

	kit_open(&s->k, app_modules, app_nmodules, profile.s, 7);
	arena_release(&bare.k.arena);
	must(s, NULL, "people.add_unit",
	     STR("{'place':'sc/cd/jn','code':'U1','name':'演示单位'}"), NULL);
	for (size_t i = 0; i < COUNT(CAST); i++) {
		struct str data = str_fmt(&s->k.arena, "{'code':'%s','unit':'U1','name':'化名%s'}",
		                          CAST[i].code, CAST[i].code);

		must(s, NULL, "people.register", data, NULL);
		kit_grant(&s->k, scene_person(s, CAST[i].code), CAST[i].role, CAST[i].place);
	}
	kit_found(&s->k);
	declare_all(s);
}

static void register_papers(struct scene *s)
{
	static const struct {
		const char *box, *session, *bag;
	} BOXES[] = {
		{"BX-CHI-01", "d1-chinese", "CHI"}, {"BX-MAT-01", "d1-maths", "MAT"},
		{"BX-CHE-01", "d3-chemistry", "CHE"}, {"BX-GEO-01", "d3-geography", "GEO"},
	};
	struct arena *a = &s->k.arena;

	must(s, OFFICE, "custody.register_vehicle",
	     STR("{'place':'sc/cd/jn','code':'V1','plate':'演A00001'}"), NULL);
	must(s, OFFICE, "custody.register_consignment",
	     STR("{'place':'sc/cd/jn','code':'C1','holder':'V1','boxes':4,'bags':8}"), NULL);
	for (size_t i = 0; i < COUNT(BOXES); i++) {
		must(s, OFFICE, "custody.register_box",
		     str_fmt(a, "{'code':'%s','consignment':'C1','session':'%s','destined':'" SITE
		             "','seal':'SB-%zu'}", BOXES[i].box, BOXES[i].session, i), NULL);
		for (int n = 1; n <= 2; n++)
			must(s, OFFICE, "custody.register_bag",
			     str_fmt(a,
			             "{'code':'%s-%d','box':'%s','kind':'paper','copies':30,"
			             "'seal':'SG-%s-%d'}",
			             BOXES[i].bag, n, BOXES[i].box, BOXES[i].bag, n),
			     NULL);
	}
}

void scene_open_with_papers(struct scene *s)
{
	scene_open(s);
	register_papers(s);
	must(s, OFFICE, "custody.assign_keys",
	     STR("{'place':'" STORE "','door_a':'P0003','door_b':'P0004','cabinet':'P0005',"
	         "'code':'P0006'}"), "leader=badge:P0002 leader=badge:P0013");
	must(s, OFFICE, "custody.guard_on", STR("{'place':'" STORE "','duty':'guard'}"),
	     "guard=badge:P0007");
	must(s, OFFICE, "custody.guard_on", STR("{'place':'" STORE "','duty':'guard'}"),
	     "guard=badge:P0008");
	must(s, OFFICE, "custody.guard_on", STR("{'place':'" STORE "','duty':'police'}"),
	     "guard=badge:P0011");
	must(s, OFFICE, "custody.staff_store",
	     STR("{'place':'" STORE "','guards':[" ROSTER "]}"), RESPONSIBLE);
	must(s, "P0003", "custody.change_locks",
	     STR("{'place':'" STORE "','locks':true,'codes':true}"),
	     "keeper=badge:P0003 keeper=badge:P0004");
	must(s, OFFICE, "custody.accept_store", STR("{'place':'" SITE "','certificate':'YS-S01'}"),
	     "education=badge:P0001 police=badge:P0011 secrecy=badge:P0013");
	must(s, OFFICE, "custody.activate_store",
	     STR("{'place':'" STORE "','certificate':'YS-2025-07'}"),
	     "leader=badge:P0002 leader=badge:P0013");
}

void scene_close(struct scene *s)
{
	kit_close(&s->k);
}

/* Playing. */
struct before {
	uint64_t size;
	struct str projections;
};

/* "a b" has the word a once. */
static size_t words(struct str list, struct str word)
{
	struct str head, tail;
	size_t n = 0;

	while (str_cut(list, ' ', &head, &tail)) {
		n += str_eq(head, word);
		list = tail;
	}
	return n + str_eq(list, word);
}

/* The rules raised since, a blank between; one that the act does not name fails. */
static struct str raised_since(struct scene *s, uint64_t from, const struct act *a,
                               struct str named)
{
	struct strbuf b;

	strbuf_init(&b, &s->k.arena);
	for (uint64_t i = from; i < kit_size(&s->k); i++) {
		struct str entry = kit_entry(&s->k, i), rule;
		struct json *e;

		assert_int_equal(json_read(&s->k.op, entry, &e), RC_OK);
		if (!str_is(json_str(e, "type"), "alarm.raised"))
			continue;
		rule = json_str(json_get(e, "data"), "rule");
		if (!words(named, rule))
			fail_msg("%s: an alarm that nobody expected: " STR_FMT, a->label, STR_ARG(entry));
		strbuf_addf(&b, "%s" STR_FMT, b.n ? " " : "", STR_ARG(rule));
	}
	return strbuf_str(&b);
}

static void check_alarms(struct scene *s, const struct act *a, uint64_t from)
{
	struct str also = str_of(a->also ? a->also : ""), head;
	struct str named = str_fmt(&s->k.arena, "%s %s", a->alarm ? a->alarm : "", also.s);
	struct str raised = raised_since(s, from, a, named);

	if (a->alarm && words(raised, str_of(a->alarm)) != 1)
		fail_msg("%s: %s was not raised once", a->label, a->alarm);
	while (also.n) {
		if (!str_cut(also, ' ', &head, &also)) {
			head = also;
			also = STR("");
		}
		if (!words(raised, head))
			fail_msg("%s: " STR_FMT " was not raised", a->label, STR_ARG(head));
	}
}

static bool emitted_since(struct scene *s, uint64_t from, const char *type)
{
	for (uint64_t i = from; i < kit_size(&s->k); i++) {
		struct json *e;

		assert_int_equal(json_read(&s->k.op, kit_entry(&s->k, i), &e), RC_OK);
		if (str_is(json_str(e, "type"), type))
			return true;
	}
	return false;
}

static void check_refusal(struct scene *s, const struct act *a, const struct before *b)
{
	const struct answer *got = &s->k.answer;
	const struct command *c = modules_command(&s->k.modules, str_of(a->command));
	bool kept = c->kind == GUARDED && (a->rc == RC_CONFLICT || a->rc == RC_NOT_FOUND);

	if (a->field && strcmp(a->field, got->err.field) != 0)
		fail_msg("%s: field %s named, not %s", a->label, got->err.field, a->field);
	assert_true(got->err.zh[0] && got->err.en[0]);
	if (a->rc != RC_INVALID && a->rc != RC_DENIED)
		assert_true(got->err.article[0]);
	assert_int_equal(kit_size(&s->k), b->size + (kept ? 1 : 0));
	if (kept)
		assert_true(emitted_since(s, b->size, "order.refused"));
	else
		assert_string_equal(scene_projections(s).s, b->projections.s);
}

static enum rc give(struct scene *s, const struct act *a)
{
	if (!a->excepted)
		return scene_do(s, a->as, a->command, a->data, a->slots);
	return kit_except(&s->k, scene_person(s, a->as), a->command, with_numbers(s, a->data).s,
	                  with_numbers(s, a->slots).s, a->excepted);
}

static void play_one(struct scene *s, const struct act *a)
{
	struct before b;
	enum rc rc;

	if (a->at)
		kit_at(&s->k, a->at);
	kit_pass(&s->k, 0); /* ladders and lapses that are due are not this act's */
	b.size = kit_size(&s->k);
	b.projections = a->rc == RC_OK ? STR("") : scene_projections(s);
	rc = give(s, a);
	if (rc != a->rc)
		fail_msg("%s: %s, not %s: %s (%s)", a->label, rc_text(rc), rc_text(a->rc),
		         s->k.answer.err.en, s->k.answer.err.field);
	if (rc != RC_OK) {
		check_refusal(s, a, &b);
		return;
	}
	if (a->emits && !emitted_since(s, b.size, a->emits))
		fail_msg("%s: no %s", a->label, a->emits);
	check_alarms(s, a, b.size);
}

void scene_play(struct scene *s, const struct act *acts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		play_one(s, &acts[i]);
}

int64_t scene_balance(struct scene *s, const char *asset, const char *holder)
{
	struct op op = viewing(s);
	int64_t qty = 0;

	assert_int_equal(book_balance(&op, str_of(asset), str_of(holder), &qty), RC_OK);
	return qty;
}

struct str scene_projections(struct scene *s)
{
	struct table_digest *t;
	struct strbuf b;
	size_t n;

	assert_int_equal(projection_digest(&s->k.op, s->k.store.view, &s->k.modules, &t, &n), RC_OK);
	strbuf_init(&b, &s->k.arena);
	for (size_t i = 0; i < n; i++)
		strbuf_adds(&b, hash_hex(&s->k.arena, &t[i].digest));
	return strbuf_str(&b);
}

struct str scene_life(struct scene *s, const char *code)
{
	struct op op = viewing(s);
	struct custody_step *step;
	struct strbuf b;
	size_t n;

	assert_int_equal(custody_trace(&op, str_of(code), -1, &step, &n), RC_OK);
	strbuf_init(&b, &s->k.arena);
	for (size_t i = 0; i < n; i++) {
		struct str event = step[i].event, head, tail;

		if (str_cut(event, '.', &head, &tail))
			event = tail;
		strbuf_addf(&b, "%s" STR_FMT, i ? " " : "", STR_ARG(event));
	}
	return strbuf_str(&b);
}

/* Shared ways. */

/* The block that ended at two, eight, … o'clock UTC before: six hours of the examination's time. */
static void replay_block(struct scene *s, int64_t block_ms)
{
	must(s, OFFICE, "custody.replay",
	     str_fmt(&s->k.arena, "{'place':'" STORE "','block':'%s','suspects':0}",
	             clock_format_utc(&s->k.arena, block_ms).s),
	     "reviewer=badge:P0049 head=badge:P0002");
}

void scene_patrol_until(struct scene *s, const char *time)
{
	const int64_t step_ms = 1700000, joint_ms = INT64_C(6) * 3600000;
	int64_t until = 0, at;

	assert_true(clock_parse(str_of(time), &until));
	for (at = clock_now_ms(&s->k.clock) + step_ms; at < until; at += step_ms) {
		clock_set(&s->k.clock, at);
		PLAY(s, PATROL);
		if (at % joint_ms < step_ms) {
			PLAY(s, JOINT_CHECK);
			replay_block(s, at / joint_ms * joint_ms - joint_ms - INT64_C(2) * 3600000);
		}
	}
	clock_set(&s->k.clock, until);
	PLAY(s, PATROL);
}

void scene_in_store(struct scene *s)
{
	scene_open_with_papers(s);
	PLAY(s, ARRIVES);
}

void scene_at_site(struct scene *s)
{
	scene_in_store(s);
	scene_patrol_until(s, DAY1 "06:00:00+08:00");
	PLAY(s, RELEASED, LOADED, PATROL);
	scene_patrol_until(s, DAY1 "07:30:00+08:00");
	PLAY(s, AT_SITE);
}

void scene_opened(struct scene *s)
{
	scene_at_site(s);
	scene_patrol_until(s, DAY1 "08:15:00+08:00");
	PLAY(s, ISSUED, PATROL_AT(DAY1 "08:40:00+08:00"), OPENED, PATROL);
}
