/* SPDX-License-Identifier: Apache-2.0 */
/* test_names.c -- a name typed into any field is nowhere in the ledger, and after a shred nowhere.
 *
 * Made-up names, one Chinese and one Latin, go into every field of every command, by way of what a
 * person types and, past that, straight into the writer.  A text takes the name into the vault;
 * every other field refuses it.  Afterwards entries, tables, files and an export are searched.
 */
#include "kit/check.h"

#include "conformance/form.h"
#include "conformance/search.h"

#include "base/limits.h"
#include "domain/acts.h"
#include "engine/modules_private.h"
#include "engine/toy.h"

static const char *const NAMES[] = {"欧阳测试", "Ouyang Ceshi"};
/* Parts count too, and what JSON makes of the Chinese one when it escapes. */
static const char *const TRACES[] = {
	"欧阳测试", "测试员", "Ouyang", "Ceshi", "\\u6b27\\u9633", "\\u6B27\\u9633",
};

#define HALL "aa/bb/cc"
#define PCB "physics.chemistry.biology"
#define REMOVERS "remover=badge:801 remover=badge:802"

/* Persons who may give one command or another at the form's place, so that it is read: one for each
 * role and level that is asked. */
enum { HOLDERS_MAX = 256, FIRST_HOLDER = 3000 };
struct holder {
	const char *role;
	int level;
};

#define SIGNED "leader=badge:P0002"
#define NOTICE "SELECT MAX(id) FROM service_notice"

/* The toy's hall or a county, under one name. */
struct stage {
	struct scene s;
	bool toy;
	struct holder holder[HOLDERS_MAX];
	int64_t nholders;
};

static struct kit *kit_of(struct stage *t)
{
	return &t->s.k;
}

static void grant(struct kit *k, int64_t person, const char *role)
{
	struct str data = str_fmt(&k->arena, "{\"person\":%lld,\"role\":\"%s\"}",
	                          (long long)person, role);

	assert_ok(kit_do(k, 902, "authority.grant", data.s, "granter=badge:902 approver=badge:901"));
}

static int64_t holder_of(struct stage *t, const struct command *c)
{
	static const char *const AT[] = {"", "sc", "sc/cd", "sc/cd/jn", "sc/cd/jn/s01"}; /* form.c */
	struct kit *k = kit_of(t);
	struct holder h = {c->allow[0].role, (int)c->allow[0].level};
	int64_t i = 0;

	for (size_t n = 1; n < c->nallow; n++)
		if ((int)c->allow[n].level < h.level)
			h = (struct holder){c->allow[n].role, (int)c->allow[n].level};
	if (strcmp(h.role, "anyone") == 0)
		return 1;
	while (i < t->nholders && (strcmp(t->holder[i].role, h.role) != 0 ||
	                           t->holder[i].level != h.level))
		i++;
	if (i < t->nholders)
		return FIRST_HOLDER + i;
	assert_true(i < HOLDERS_MAX && h.level < (int)COUNT(AT));
	t->holder[t->nholders++] = h;
	assert_ok(kit_do(k, 902, "authority.grant",
	                 str_fmt(&k->arena, "{\"person\":%lld,\"role\":\"%s\"%s%s%s}",
	                         (long long)(FIRST_HOLDER + i), h.role, h.level ? ",\"place\":\"" : "",
	                         AT[h.level], h.level ? "\"" : "").s,
	                 "granter=badge:902 approver=badge:901"));
	return FIRST_HOLDER + i;
}

static void open_stage(struct stage *t, bool toy)
{
	struct kit *k = kit_of(t);

	t->toy = toy;
	t->nholders = 0;
	if (toy) {
		kit_open(k, TOY_MODULES, 1, TOY_PROFILE, 1);
		kit_grant(k, 1, "toy_keeper", HALL);
		kit_grant(k, 2, "toy_keeper", HALL);
		kit_found(k);
	} else {
		scene_opened(&t->s);
	}
	grant(k, 801, "vault_remover");
	grant(k, 802, "vault_remover");
	grant(k, 803, "vault_reader");
}

static void close_stage(struct stage *t)
{
	kit_close(kit_of(t));
}

/* Looking for traces. */
static void nowhere(struct stage *t, const char *when)
{
	struct kit *k = kit_of(t);
	struct str export = export_beside(k);
	size_t i;

	assert_ok(writer_idle(&k->w));
	for (i = 0; i < COUNT(TRACES); i++) {
		struct str trace = str_of(TRACES[i]);

		if (entries_hold(k, trace) || tables_hold(k, trace) || folder_holds(k->dir, trace) ||
		    folder_holds(export, trace))
			fail_msg("%s: %s is somewhere", when, TRACES[i]);
	}
}

/* What is known to be there is found in each of them: the search can find. */
static void the_search_finds(struct stage *t, const char *there)
{
	struct kit *k = kit_of(t);
	struct str bytes = str_of(there);

	assert_ok(writer_idle(&k->w));
	assert_true(entries_hold(k, bytes));
	assert_true(tables_hold(k, bytes));
	assert_true(folder_holds(export_beside(k), bytes));
	if (!k->url.n)
		assert_true(folder_holds(k->dir, bytes));
}

/* Past field_intake: as a broken program would give it to the writer. */
static enum rc straight(struct kit *k, int64_t who, const struct command *c, struct str body)
{
	struct request r = {.command = str_of(c->name), .actor = {who}, .source = SOURCE_TERMINAL,
	                    .key = STR("00000000-0000-7000-8000-ffffffffffff")};
	struct json *data;

	assert_ok(json_read(&k->op, body, &data));
	r.data = data;
	return writer_do(&k->w, &r, &k->answer);
}

static void type_into(struct stage *t, const struct command *c, const struct field *f)
{
	struct kit *k = kit_of(t);
	int64_t who = holder_of(t, c);
	size_t i;

	for (i = 0; i < COUNT(NAMES); i++) {
		struct str body = form_body(&k->arena, c, f, NAMES[i]);
		uint64_t size = kit_size(k);
		enum rc rc = kit_do(k, 1, c->name, body.s, NULL);

		if (f->type != F_TEXT && (rc != RC_INVALID || !strstr(k->answer.err.field, f->name)))
			fail_msg("%s takes a name in %s: %s (%s)", c->name, f->name, rc_text(rc),
			         k->answer.err.field);
		if (f->type != F_TEXT)
			assert_int_equal(kit_size(k), size);
		size = kit_size(k);
		rc = straight(k, who, c, body);
		if (rc != RC_INVALID)
			fail_msg("the writer takes a name in %s of %s: %s", f->name, c->name, rc_text(rc));
		assert_int_equal(kit_size(k), size);
	}
}

static void type_into_all(struct stage *t)
{
	const struct module_index *x = kit_of(t)->modules.index;
	size_t i, j, l, m;

	for (i = 0; i < x->nall; i++)
		for (j = 0; j < x->all[i]->ncommands; j++) {
			const struct command *c = &x->all[i]->commands[j];

			for (l = 0; l < c->nfields; l++) {
				type_into(t, c, &c->fields[l]);
				for (m = 0; m < c->fields[l].list_n; m++)
					type_into(t, c, &c->fields[l].list_of[m]);
			}
		}
}

/* Acts whose texts are accepted; @ is the name, # the number that the query gives. */
struct text_act {
	const char *as, *command, *field, *data, *slots, *id;
};

static const struct text_act TOY_TEXTS[] = {
	{"1", "toy.note", "note", "{'place':'" HALL "','note':'@','person':55}"},
	{"1", "toy.note", "hint", "{'place':'" HALL "','note':'x','hint':'@'}"},
	{"1", "toy.sealed_note", "note", "{'place':'" HALL "','note':'@'}", "giver=badge:1"},
	{"1", "toy.sealed_note", "hint", "{'place':'" HALL "','note':'x','hint':'@'}",
	 "giver=badge:1 receiver=badge:2"},
	{"901", "place.add", "name", "{'place':'" HALL "','kind':'site','name':'@'}"},
	{"1", "toy.arrive", NULL, "{'place':'" HALL "','code':'P7','asset':'sheets','sheets':9}"},
	{"1", "toy.arrive", NULL, "{'place':'" HALL "','code':'P7','asset':'sheets','sheets':9}"},
	{"1", "alarm.close", "note", "{'alarm':#,'reason':'handled','note':'@'}", "second=badge:2",
	 "SELECT id FROM alarm WHERE rule = 'toy.twice' AND closed = 0"},
	{"803", "vault.note_export", "asked", "{'view':'authority.grants','asked':'@','rows':1,"
	 "'hash':'d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'}"},
	{"803", "vault.open", "purpose", "{'vault':#,'purpose':'@'}", NULL,
	 "SELECT MAX(note) FROM toy_note"},
};

#define ZERO_OF(place) "{'place':'" place "','session':'d1-chinese','expected':0,'present':0," \
	"'absent':0,'violations':0,'incidents':0,'spares':0,'listening_faults':0,'store_findings':0," \
	"'exceptions':0,'note':'@'}"
#define IN_ROOM "{'place':'" ROOM "','session':'d1-chinese'"
#define ROOM_SHEET IN_ROOM ",'expected':1,'present':1,'absent':0,'scripts':1"
static const struct text_act TEXTS[] = {
	{"901", "place.add", "name", "{'place':'" STORE "','kind':'store','name':'@'}"},
	{OFFICE, "people.add_unit", "name", "{'place':'" JN "','code':'U7-%','name':'@'}"},
	{OFFICE, "people.register", "name", "{'code':'P77%','unit':'U1','name':'@'}"},
	{OFFICE, "people.declare_avoidance", "detail", "{'person':#,'relative':true,'detail':'@'}",
	 "declarer=badge:#", "SELECT MAX(id) FROM people_person"},
	{OFFICE, "custody.register_vehicle", "plate", "{'place':'" JN "','code':'V7-%','plate':'@'}"},
	{"P0003", "custody.hand_over", "note", "{'place':'" STORE "','from':'V1','to':'" STORE "',"
	 "'note':'@'," ONE_BOX("BX-CHE-01", "SB-2"), COURIERS_TO_KEEPERS},
	{"P0003", "custody.patrol", "finding", "{'place':'" STORE "','sound':false,'finding':'@'}",
	 "patroller=badge:P0007 patroller=badge:P0008"},
	{OFFICE, "custody.joint_check", "finding", "{'place':'" STORE "','sound':false,'finding':'@'}",
	 "education=badge:P0001 police=badge:P0011 secrecy=badge:P0013"},
	{"P0003", "custody.open_spare_key", "reason", "{'place':'" STORE "','envelope':'BY-1',"
	 "'sealed':true,'reason':'@'}", "director=badge:P0002 keeper=badge:P0003 police=badge:P0011"},
	{"P0003", "custody.report_seal", "finding", "{'place':'" STORE "','object':'BX-CHE-01',"
	 "'state':'damaged','finding':'@'}", "finder=badge:P0003 finder=badge:P0007"},
	{"P0003", "custody.enter_room", "visitor", "{'place':'" STORE "','purpose':'inspect',"
	 "'phone_left':true,'visitor':'@'}", "guard=badge:P0007"},
	{"P0054", "custody.inspect", "finding", "{'place':'" STORE "','objects':[{'object':"
	 "'BX-CHE-01','sealed':true}],'finding':'@'}", "inspector=badge:P0054 inspector=badge:P0001"},
	{OFFICE, "custody.replay", "finding", "{'place':'" STORE "','block':"
	 "'2025-06-06T00:00:00+08:00','suspects':1,'finding':'@'}",
	 "reviewer=badge:P0049 head=badge:P0002"},
	{OFFICE, "custody.replay_issue", "finding", "{'place':'" STORE "','half_day':"
	 "'2025-06-07/am','suspects':1,'finding':'@'}", "reviewer=badge:P0049 head=badge:P0002"},
	{"P0003", "custody.found_object", "about", "{'place':'" STORE "','code':'Q-7','about':'@'}"},
	{CLERK, "custody.count_bag", "note",
	 "{'place':'" ROOM "','bag':'CHI-1','seal':'SR-1','used':27,"
	 "'absent':1,'left_over':2,'replaced':0,'note':'@'}", INVIGILATORS("counter")
	 " acceptor=badge:P0022"},
	{"P0042", "sitting.register_visitor", "name", "{'place':'" SITE "','session':'d1-chinese',"
	 "'code':'JZ-%','kind':'press','phone':'locked','name':'@'}"},
	{CLERK, "sitting.check_ready", "finding", "{'place':'" SITE "','session':'d1-chinese',"
	 "'item':'listening','sound':false,'rooms':2,'finding':'@'}",
	 "checker=badge:P0022 checker=badge:P0047"},
	{CLERK, "sitting.report_incident", "note", IN_ROOM ",'kind':'illness','note':'@'}"},
	{CLERK, "sitting.settle_incident", "note", "{'place':'" ROOM "','incident':#,"
	 "'outcome':'stayed','note':'@'}", NULL, "SELECT MAX(id) FROM sitting_fact WHERE kind = 0"},
	{CLERK, "sitting.tell_county", "note", "{'place':'" SITE "','session':'d1-chinese',"
	 "'about':'other','taker':'P0001','note':'@'}"},
	{OFFICE, "arrange.plan_rooms", NULL, "{'place':'" SITE "','session':'d1-chinese','rooms':["
	 "{'room':'" SITE "/r9%','seats':0,'kind':'reserve'}]}"},
	{"P0021", "sitting.open_isolation", "note", "{'place':'" SITE "/r9%','session':'d1-chinese',"
	 "'reason':'illness','note':'@'}", "chief=badge:P0021"},
	{CLERK, "sitting.carry_papers", "note", IN_ROOM ",'candidate':'K1','to':'" SITE "/r9%',"
	 "'sealed':true,'note':'@'}", INVIGILATORS("carrier")},
	{CLERK, "sitting.record_violation", "note", IN_ROOM ",'candidate':'K1','code':'5-1',"
	 "'items':0,'told':true,'signature':'signed','note':'@'}", INVIGILATORS("recorder")},
	{CLERK, "sitting.decide_collection", "note", IN_ROOM ",'decision':'found','note':'@'}",
	 "chief=badge:P0021"},
	{CLERK, "sitting.seal_scripts", "note", IN_ROOM ",'seal':'FS-1','state':'normal',"
	 "'note':'@'}", INVIGILATORS("sealer") " acceptor=badge:P0022"},
	{CLERK, "sitting.hand_in_sheet", "remarks", ROOM_SHEET ",'remarks':'@'}",
	 INVIGILATORS("invigilator") " acceptor=badge:P0022"},
	{CLERK, "sitting.correct_sheet", "remarks", ROOM_SHEET ",'remarks':'@','reason':'x'}",
	 INVIGILATORS("invigilator") " chief=badge:P0021"},
	{CLERK, "sitting.correct_sheet", "reason", ROOM_SHEET ",'reason':'@'}",
	 INVIGILATORS("invigilator") " chief=badge:P0021"},
	{OFFICE, "alarm.close", "note", "{'alarm':#,'reason':'handled','note':'@'}",
	 "second=badge:P0002", "SELECT MAX(id) FROM alarm WHERE rule = 'custody.found_object'"
	 " AND closed = 0"},
	{OFFICE, "duty.roster", NULL, "{'place':'" JN "','code':'T-%','post':'duty_officer',"
	 "'person':'P0031','from':'2025-06-21T08:00:00+08:00','until':'2025-06-21T09:00:00+08:00'}"},
	{OFFICE, "duty.change_shift", "reason", "{'shift':'T-%','person':'P0031','reason':'@'}"},
	{"P0031", "duty.hand_over", "note", "{'place':'" JN "','shift':'T-%','next':'T-%','note':'@'}",
	 "giver=badge:P0031 receiver=badge:P0001"},
	{CLERK, "duty.zero_site", "note", ZERO_OF(SITE), "chief=badge:P0021"},
	{"P0031", "duty.zero_county", "note", ZERO_OF(JN), "leader=badge:P0002"},
	{"P0053", "duty.zero_city", "note", ZERO_OF("sc/cd"), "leader=badge:P0052"},
	{"P0031", "duty.issue_order", "text", "{'place':'" JN "','order':'DD-%','urgency':'urgent',"
	 "'answer':true,'to':[{'to':'" SITE "'}],'text':'@'}", "leader=badge:P0002"},
	{CLERK, "duty.answer_order", "result", "{'place':'" SITE "','order':'DD-%','done':true,"
	 "'result':'@'}"},
	{"P0031", "duty.phone_decision", "note", "{'place':'" SITE "','decision':'spare_paper',"
	 "'decider':'P0035','approved':true,'number':'0838-1','minute':'2025-06-06T08:00:00+08:00',"
	 "'note':'@'}", "taker=badge:P0031"},
	{OFFICE, "service.publish_notice", "title", "{'place':'" JN "','kind':'food',"
	 "'audience':'parents','title':'@','text':'请绕行'}", SIGNED},
	{OFFICE, "service.publish_notice", "text", "{'place':'" JN "','kind':'food',"
	 "'audience':'parents','title':'绕行','text':'@'}", SIGNED},
	{OFFICE, "service.publish_notice", "title_en", "{'place':'" JN "','kind':'food',"
	 "'audience':'parents','title':'绕行','text':'请绕行','title_en':'@'}", SIGNED},
	{OFFICE, "service.publish_notice", "text_en", "{'place':'" JN "','kind':'food',"
	 "'audience':'parents','title':'绕行','text':'请绕行','text_en':'@'}", SIGNED},
	{OFFICE, "service.correct_notice", "title",
	 "{'notice':#,'title':'@','text':'请绕行','reason':'改道'}", SIGNED, NOTICE},
	{OFFICE, "service.correct_notice", "text",
	 "{'notice':#,'title':'绕行','text':'@','reason':'改道'}", SIGNED, NOTICE},
	{OFFICE, "service.correct_notice", "title_en",
	 "{'notice':#,'title':'绕行','text':'请绕行','reason':'改道','title_en':'@'}", SIGNED, NOTICE},
	{OFFICE, "service.correct_notice", "text_en",
	 "{'notice':#,'title':'绕行','text':'请绕行','reason':'改道','text_en':'@'}", SIGNED, NOTICE},
	{OFFICE, "service.correct_notice", "reason",
	 "{'notice':#,'title':'绕行','text':'请绕行','reason':'@'}", SIGNED, NOTICE},
	{OFFICE, "service.withdraw_notice", "reason",
	 "{'notice':#,'reason':'@'}", SIGNED, NOTICE},
	{"P0003", "duty.report_store", "note", "{'place':'" STORE "','day':'2025-06-06','boxes':1,"
	 "'sound':true,'note':'@'}", "keeper=badge:P0003"},
	{"P0031", "duty.close_day", "note", "{'place':'" JN "','day':'2025-06-06','papers_back':true,"
	 "'balanced':true,'open_alarms':1,'tomorrow_ready':true,'note':'@'}", "leader=badge:P0002"},
	{"P0031", "duty.take_tip", "text", "{'place':'" SITE "','channel':'letter','text':'@'}"},
	{"P0051", "duty.triage_tip", NULL, "{'tip':#,'kind':'device'}", NULL,
	 "SELECT MAX(id) FROM duty_tip"},
	{"P0051", "duty.close_tip", "note", "{'tip':#,'result':'unfounded','note':'@'}", NULL,
	 "SELECT MAX(id) FROM duty_tip"},
	{"803", "vault.note_export", "asked", "{'view':'authority.grants','asked':'@','rows':1,"
	 "'hash':'d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'}"},
	{"803", "vault.open", "purpose", "{'vault':#,'purpose':'@'}", NULL,
	 "SELECT MAX(name) FROM people_person"},
	{OFFICE, "exam.register_candidate", "name", "{'place':'" JN "','number':'C7-%','name':'@',"
	 "'combination':'" PCB "','document_kind':'passport','document':'X77%'}"},
	{OFFICE, "exam.register_candidate", "document", "{'place':'" JN "','number':'C8-%','name':'x',"
	 "'combination':'" PCB "','document_kind':'passport','document':'@'}"},
	{OFFICE, "arrange.plan_rooms", NULL, "{'place':'" SITE "','session':'d2-physics','rooms':["
	 "{'room':'" SITE "/r8%','seats':1}]}"},
	{OFFICE, "arrange.seat_candidates", NULL, "{'place':'" SITE "','session':'d2-physics',"
	 "'room':'" SITE "/r8%','seats':[{'candidate':'C7-%','seat':1}]}"},
	{OFFICE, "arrange.open_names", "purpose", "{'place':'" SITE "','session':'d2-physics',"
	 "'room':'" SITE "/r8%','purpose':'@'}"},
	{"P0033", "exam.adopt_profile", "reason", "{'place':'sc/cd','profile':'&','reason':'@'}",
	 "leader=badge:P0052"},
	{OFFICE, "exam.approve_accommodation", "note", "{'place':'" JN "','candidate':'C7-%',"
	 "'kind':'pacemaker','approval':'HL-1','note':'@'}"},
};

/* The profile in force with one blank more at its end, kept under its hash. */
static struct str same_profile(struct kit *k)
{
	struct str hash;

	assert_ok(blob_put(&k->op, &k->store, str_fmt(&k->arena, "%s\n", k->w.profile.bytes.s),
	                   &hash));
	return hash;
}

/* ' -> ", @ -> the name, # -> the id, % -> the round, & -> a profile;
 * staff codes are left to the scene. */
static const char *spelled(struct kit *k, const char *text, const char *name, int64_t id,
                           size_t round)
{
	struct strbuf b;

	strbuf_init(&b, &k->arena);
	for (; *text; text++)
		if (*text == '@')
			strbuf_addz(&b, name);
		else if (*text == '#')
			strbuf_addi(&b, id);
		else if (*text == '&')
			strbuf_adds(&b, same_profile(k));
		else if (*text == '%')
			strbuf_addf(&b, "%02zu", round + 10);
		else
			strbuf_addc(&b, *text);
	return strbuf_str(&b).s;
}

static const char *json_of(struct kit *k, const char *data)
{
	char *copy = (char *)(uintptr_t)str_dup(&k->arena, data, strlen(data)).s, *c;

	for (c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	return copy;
}

static void give_text(struct stage *t, const struct text_act *a, size_t round)
{
	struct kit *k = kit_of(t);
	int64_t id = a->id ? kit_sql(k, a->id) : 0, number = 0;
	const char *data = spelled(k, a->data, NAMES[round], id, round);
	const char *slots = a->slots ? spelled(k, a->slots, NAMES[round], id, round) : NULL;
	enum rc rc;

	if (str_to_i64(str_of(a->as), &number))
		rc = kit_do(k, number, a->command, json_of(k, data), slots);
	else
		rc = scene_do(&t->s, a->as, a->command, data, slots);
	if (rc != RC_OK)
		fail_msg("%s does not take a name in %s: %s (%s)", a->command, a->field ? a->field : "-",
		         k->answer.err.en, k->answer.err.field);
}

/* Texts of the vault that are one of the names. */
static size_t names_in_vault(struct kit *k)
{
	struct rows rows = {0};
	size_t n = 0, i;

	assert_ok(db_query_text(&k->op, k->store.ledger, STR("SELECT id FROM vault_item ORDER BY id"),
	                        &rows));
	while (rows_next(&rows)) {
		struct str text;

		assert_ok(vault_get(&k->op, &k->w.vault, rows_int(&rows, 0), (struct str){NULL, 0}, &text));
		for (i = 0; i < COUNT(NAMES); i++)
			n += str_is(text, NAMES[i]);
	}
	rows_release(&rows);
	return n;
}

static void give_texts(struct stage *t, const struct text_act *list, size_t n)
{
	struct kit *k = kit_of(t);
	size_t i, round, texts = names_in_vault(k);

	for (round = 0; round < COUNT(NAMES); round++)
		for (i = 0; i < n; i++) {
			give_text(t, &list[i], round);
			texts += list[i].field != NULL;
			if (names_in_vault(k) != texts)
				fail_msg("%s: the name is not in the vault", list[i].command);
		}
}

static bool given(const struct text_act *list, size_t n, const char *command, const char *field)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].field && strcmp(list[i].command, command) == 0 &&
		    strcmp(list[i].field, field) == 0)
			return true;
	return false;
}

/* A command that gets a new text needs an act here. */
static void every_text_is_given(struct stage *t, const struct text_act *list, size_t n)
{
	const struct module_index *x = kit_of(t)->modules.index;
	size_t i, j, l;

	for (i = 0; i < x->nall; i++)
		for (j = 0; j < x->all[i]->ncommands; j++) {
			const struct command *c = &x->all[i]->commands[j];

			for (l = 0; l < c->nfields; l++)
				if (c->fields[l].type == F_TEXT && !given(list, n, c->name, c->fields[l].name))
					fail_msg("no act types a name into %s of %s", c->fields[l].name, c->name);
		}
}

/* Shredding. */
struct remains {
	struct str sealed[512]; /* keys and texts as they were stored */
	int64_t subject[512];
	size_t nsealed, nsubjects;
};

static void note_remains(struct kit *k, const char *query, struct remains *r)
{
	struct rows rows = {0};

	assert_ok(db_query_text(&k->op, k->store.ledger, str_of(query), &rows));
	while (rows_next(&rows)) {
		assert_true(r->nsealed < COUNT(r->sealed));
		r->sealed[r->nsealed++] = rows_dup(&k->arena, &rows, 1);
		if (strstr(query, "vault_key"))
			r->subject[r->nsubjects++] = rows_int(&rows, 0);
	}
	rows_release(&rows);
}

static void shred_all(struct stage *t)
{
	static struct remains r;
	struct kit *k = kit_of(t);
	size_t i;

	r = (struct remains){.nsealed = 0};
	assert_ok(writer_idle(&k->w));
	note_remains(k, "SELECT subject, sealed FROM vault_key ORDER BY subject", &r);
	note_remains(k, "SELECT subject, sealed FROM vault_item ORDER BY id", &r);
	assert_true(r.nsubjects > 1 && r.nsealed > r.nsubjects);
	for (i = 0; i < r.nsealed; i++) /* the search can find them */
		assert_true(k->url.n ? tables_hold(k, r.sealed[i]) : folder_holds(k->dir, r.sealed[i]));
	for (i = 0; i < r.nsubjects; i++) {
		struct str data = str_fmt(&k->arena, "{\"subject\":%lld}", (long long)r.subject[i]);

		if (kit_do(k, 801, "vault.shred", data.s, REMOVERS) != RC_OK)
			fail_msg("vault.shred %s: %s (%s)", data.s, k->answer.err.en, k->answer.err.field);
	}
	assert_ok(writer_idle(&k->w));
	assert_int_equal(names_in_vault(k), 0);
	for (i = 0; i < r.nsealed; i++)
		if (tables_hold(k, r.sealed[i]) || folder_holds(k->dir, r.sealed[i]))
			fail_msg("sealed text or key %zu of %zu is still there after the shred", i, r.nsealed);
}

static void play(bool toy, const struct text_act *list, size_t n, const char *there)
{
	static struct stage t;

	memset(&t, 0, sizeof(t));
	open_stage(&t, toy);
	every_text_is_given(&t, list, n);
	type_into_all(&t);
	nowhere(&t, "after every field");
	give_texts(&t, list, n);
	nowhere(&t, "after the texts");
	the_search_finds(&t, there);
	shred_all(&t);
	nowhere(&t, "after the shred");
	kit_reopen(kit_of(&t));
	kit_check_rebuild(kit_of(&t), (const char *const[]){"vault_removal", NULL});
	close_stage(&t);
}

/* Tests. */
static void a_name_typed_into_the_toys_fields_is_nowhere(void **state)
{
	(void)state;
	play(true, TOY_TEXTS, COUNT(TOY_TEXTS), "P7");
}

static void a_name_typed_into_the_offices_fields_is_nowhere(void **state)
{
	(void)state;
	play(false, TEXTS, COUNT(TEXTS), "CHI-1");
}

static void the_reason_of_an_exception_is_in_the_vault(void **state)
{
	static struct stage t;
	struct kit *k = kit_of(&t);
	size_t i;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_stage(&t, true);
	grant(k, 804, "exception_approver");
	for (i = 0; i < COUNT(NAMES); i++)
		assert_ok(kit_except(k, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}",
		                     "approver=badge:804", NAMES[i]));
	assert_int_equal(kit_count(k, "order.excepted"), 2);
	assert_int_equal(names_in_vault(k), 2);
	nowhere(&t, "after exceptions");
	close_stage(&t);
}

/* A text belongs to the person whom its act names, also when the act waited for a signature. */
static void a_shred_reaches_texts_of_acts_that_waited(void **state)
{
	static struct stage t;
	struct kit *k = kit_of(&t);
	struct str begun;

	(void)state;
	memset(&t, 0, sizeof(t));
	open_stage(&t, true);
	assert_ok(kit_do(k, 1, "toy.sealed_note", "{\"place\":\"" HALL "\",\"note\":\"欧阳测试\","
	                 "\"person\":55}", "giver=badge:1"));
	assert_true(k->answer.waiting);
	begun = str_fmt(&k->arena, "{\"begun\":%lld}", (long long)k->answer.index);
	assert_ok(kit_do(k, 2, "slot.sign", begun.s, "receiver=badge:2"));
	assert_int_equal(names_in_vault(k), 1);
	assert_ok(kit_do(k, 801, "vault.shred", "{\"subject\":55}", REMOVERS));
	assert_int_equal(names_in_vault(k), 0);
	close_stage(&t);
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(a_name_typed_into_the_toys_fields_is_nowhere),
	cmocka_unit_test(a_name_typed_into_the_offices_fields_is_nowhere),
	cmocka_unit_test(a_shred_reaches_texts_of_acts_that_waited),
	cmocka_unit_test(the_reason_of_an_exception_is_in_the_vault),
};

int main(void)
{
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
