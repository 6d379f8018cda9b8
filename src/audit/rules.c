/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c -- see rules.h. */
#include "audit/rules.h"

#include "audit/members.h"

#define SETS_MAX 256 /* releases in the life of one ledger */

void rules_init(struct rulebook *b, struct report *r, struct arena *keep, const struct source *s)
{
	*b = (struct rulebook){.report = r, .keep = keep, .source = s};
	map_init(&b->sets, keep);
}

const struct rule_slot *rule_slot(const struct rule_command *c, struct str name)
{
	for (size_t i = 0; i < c->nslots; i++)
		if (str_eq(c->slots[i].name, name))
			return &c->slots[i];
	return NULL;
}

/* The array of a member; an empty one when it is not there. */
static const struct json *list_of(struct members *m, const char *key)
{
	static const struct json NONE = {.type = JSON_ARRAY};
	const struct json *v = json_get(m->o, key);

	member_check(m, key, v == NULL || v->type == JSON_ARRAY);
	return v != NULL && v->type == JSON_ARRAY ? v : &NONE;
}

static struct str optional_str(struct members *m, const char *key)
{
	const struct json *v = json_get(m->o, key);

	if (v == NULL || v->type == JSON_NULL)
		return STR("");
	return member_str(m, key);
}

/* The members of one element, whose first bad one counts as the outer's. */
static struct members inner(const struct members *outer, const struct json *o)
{
	static const struct json EMPTY = {.type = JSON_OBJECT};

	return (struct members){.op = outer->op, .o = o->type == JSON_OBJECT ? o : &EMPTY,
	                        .bad = o->type == JSON_OBJECT ? NULL : "[]"};
}

static void roles_read(struct members *m, struct rule_slot *s)
{
	const struct json *v = json_get(m->o, "roles");
	const struct json *list;

	s->anyone = v == NULL || v->type == JSON_NULL;
	if (s->anyone)
		return;
	list = list_of(m, "roles");
	s->roles = arena_array(m->op->arena, list->count + 1, sizeof(*s->roles));
	for (const struct json *o = list->first; o != NULL; o = o->next) {
		member_check(m, "roles", o->type == JSON_STR);
		s->roles[s->nroles++] = o->type == JSON_STR ? o->s : STR("");
	}
}

static void slots_read(struct members *m, struct rule_command *c)
{
	const struct json *list = list_of(m, "slots");

	c->slots = arena_array(m->op->arena, list->count + 1, sizeof(*c->slots));
	for (const struct json *o = list->first; o != NULL; o = o->next) {
		struct members in = inner(m, o);
		struct rule_slot *s = &c->slots[c->nslots++];

		s->name = member_str(&in, "name");
		s->count = member_int(&in, "count", 0, LIMIT_SLOTS);
		s->disjoint = optional_str(&in, "disjoint");
		s->optional = json_bool(in.o, "optional", false);
		roles_read(&in, s);
		member_check(m, "slots", in.bad == NULL);
	}
}

static void allow_read(struct members *m, struct rule_command *c)
{
	const struct json *list = list_of(m, "allow");

	c->allow = arena_array(m->op->arena, list->count + 1, sizeof(*c->allow));
	for (const struct json *o = list->first; o != NULL; o = o->next) {
		struct members in = inner(m, o);
		struct rule_allow *a = &c->allow[c->nallow++];

		a->role = member_str(&in, "role");
		a->level = member_int(&in, "level", 0, 5);
		member_check(m, "allow", in.bad == NULL);
	}
}

static void event_read(struct members *m, struct rule_event *e)
{
	const struct json *list = list_of(m, "postings");

	e->version = member_int(m, "v", 1, LIMIT_INT);
	e->postings = arena_array(m->op->arena, list->count + 1, sizeof(*e->postings));
	for (const struct json *o = list->first; o != NULL; o = o->next) {
		struct members in = inner(m, o);
		struct rule_posting *p = &e->postings[e->npostings++];

		*p = (struct rule_posting){
			.list = optional_str(&in, "list"), .asset = member_str(&in, "asset"),
			.from = member_str(&in, "from"), .to = member_str(&in, "to"),
			.qty = member_str(&in, "qty")};
		member_check(m, "postings", in.bad == NULL);
	}
}

/* Values live in the op's arena, which is the one that is kept. */
static struct rules *read_set(struct op *op, struct str bytes)
{
	struct rules *r = ARENA_NEW(op->arena, struct rules);
	struct json *o = NULL;
	const struct json *commands, *events;

	if (json_read(op, bytes, &o) != RC_OK || o->type != JSON_OBJECT || json_int(o, "v", 0) != 1)
		return NULL;
	commands = json_get(o, "commands");
	events = json_get(o, "events");
	if (commands == NULL || commands->type != JSON_OBJECT || events == NULL ||
	    events->type != JSON_OBJECT)
		return NULL;
	map_init(&r->commands, op->arena);
	map_init(&r->events, op->arena);
	for (const struct json *v = commands->first; v != NULL; v = v->next) {
		struct rule_command *c = ARENA_NEW(op->arena, struct rule_command);
		struct members m = {.op = op, .o = v};

		if (v->type == JSON_OBJECT) {
			slots_read(&m, c);
			allow_read(&m, c);
		}
		if (v->type != JSON_OBJECT || m.bad != NULL)
			return NULL;
		map_set(&r->commands, v->key, c);
	}
	for (const struct json *v = events->first; v != NULL; v = v->next) {
		struct rule_event *e = ARENA_NEW(op->arena, struct rule_event);
		struct members m = {.op = op, .o = v};

		if (v->type == JSON_OBJECT)
			event_read(&m, e);
		if (v->type != JSON_OBJECT || m.bad != NULL)
			return NULL;
		map_set(&r->events, v->key, e);
	}
	return r;
}

static void load(struct rulebook *b, int64_t position, struct str hex, const struct hash *want)
{
	struct op keep = {.arena = b->keep};
	struct rules *r = NULL;
	struct str bytes = STR("");
	enum rc rc = source_blob(&keep, b->source, hex, &bytes);
	struct hash got = hash_sha256(bytes.s, bytes.n);

	if (rc != RC_OK && !source_has_files(b->source))
		report_unchecked(b->report, FINDING_SIGNATURE,
		                 "只给了数据库地址，没有规则文件：签名栏、权限和账目未核验"
		                 "（请同时给出数据目录）",
		                 "only a database was given and no rules: slots, rights and books "
		                 "were not checked (name the data folder too)");
	else if (rc != RC_OK)
		report_add(b->report, FINDING_SIGNATURE, position, "本号采用的规则文件无法读取：%s%.0s",
		           "the rules adopted here cannot be read: %.0s%s", keep.err.zh,
		           keep.err.en);
	else if (!hash_eq(&got, want))
		report_add(b->report, FINDING_SIGNATURE, position, "规则文件 %.64s 的内容与其校验值不符",
		           "the rules file %.64s does not have the hash that is its name", hex.s);
	else if ((r = read_set(&keep, bytes)) == NULL)
		report_add(b->report, FINDING_SIGNATURE, position, "规则文件 %.64s 不合格式",
		           "the rules file %.64s is malformed", hex.s);
	if (r != NULL)
		map_set(&b->sets, (struct str){(const char *)want->b, sizeof(want->b)}, r);
	b->now = r;
}

void rules_apply(struct rulebook *b, struct op *op, int64_t position, const struct entry *e)
{
	struct members m = {.op = op, .o = e->data};
	struct hash rules, profile;
	struct str hex = member_str(&m, "rules");

	member_hex(&m, "rules", rules.b, sizeof(rules.b));
	member_hex(&m, "profile", profile.b, sizeof(profile.b));
	b->adopted = true;
	b->now = NULL;
	if (m.bad != NULL) {
		report_add(b->report, FINDING_ENTRY, position, "规则生效记录的成员 %s 不合格式",
		           "member %s of rules.adopted is malformed", m.bad);
		return;
	}
	b->now = map_get(&b->sets, (struct str){(const char *)rules.b, sizeof(rules.b)});
	if (b->now == NULL && b->nsets++ < SETS_MAX)
		load(b, position, hex, &rules);
}
