/* SPDX-License-Identifier: Apache-2.0 */
/* entry.c -- see entry.h.  The first thing that is wrong is reported, with its member.
 *
 * Two readers of JSON, one check of the form: canon.h takes what is canonical, which is every entry
 * of a sound ledger; base/json.h reads the others, so that they can be told apart.
 */
#include "audit/entry.h"

#include "base/canon.h"
#include "audit/members.h"

#define X(id, text) text,
static const char *const HOW[] = {SLOT_HOWS(X)};
#undef X
static const char *const SOURCE[] = {"system", "terminal", "office", "paper",
                                     "video", "feed", "telephone"};
static const char *const CLOCK[] = {"system", "virtual", "doubtful"};

static const char *const ENTRY_MEMBERS[] = {
	"act", "act_at", "actor", "auth", "cause", "clock", "data", "exam", "happened", "idx",
	"nonce",
	"noted", "place", "slots", "source", "time", "type", "v", NULL};
static const char *const ACT_MEMBERS[] = {
	"actor", "command", "data", "device", "exam", "exception", "happened", "key", "link",
	"origin", "prev", "seq", "source", "time", NULL};
static const char *const SLOT_MEMBERS[] = {"how", "note", "person", "sig", "slot", NULL};

bool place_valid(struct str path)
{
	size_t part = 0, parts = 1;

	if (path.n > LIMIT_PLACE)
		return false;
	for (size_t i = 0; i < path.n; i++) {
		char c = path.s[i];
		bool end = i + 1 == path.n;

		if (c == '/' && (part == 0 || end || ++parts > 5))
			return false;
		part = c == '/' ? 0 : part + 1;
		if (part > LIMIT_PLACE_PART ||
		    (c != '/' && c != '-' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')))
			return false;
	}
	return true;
}

int place_level(struct str path)
{
	int level = path.n > 0;

	for (size_t i = 0; i < path.n; i++)
		level += path.s[i] == '/';
	return level;
}

bool place_covers(struct str scope, struct str place)
{
	return scope.n == 0 || (str_starts(place, scope) &&
	                        (place.n == scope.n || place.s[scope.n] == '/'));
}

/* lower-case words joined by dots: "custody.handed_over" */
static bool name_valid(struct str s)
{
	if (s.n == 0 || s.n > LIMIT_CODE)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!(s.s[i] >= 'a' && s.s[i] <= 'z') && !(s.s[i] >= '0' && s.s[i] <= '9') &&
		    s.s[i] != '.' && s.s[i] != '_')
			return false;
	return true;
}

static bool uuid_valid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		char c = s.s[i];

		if (dash != (c == '-') ||
		    (!dash && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}

/* How the entry at hand is read. */
struct reading {
	struct members m;      /* of the envelope */
	struct arena *keep;
	struct hasher *hasher;
	bool canonical;        /* by canon.h: an object has its own text */
};

static struct str text_of(const struct reading *r, const struct json *o)
{
	return r->canonical ? o->s : json_canonical(r->m.op->arena, o);
}

static struct hash digest(const struct reading *r, struct str s)
{
	hasher_start(r->hasher);
	hasher_add(r->hasher, s.s, s.n);
	return hasher_end(r->hasher);
}

/* What the signatures of the slots are over. */
static struct hash statement_of(const struct reading *r, const struct json *o,
                                const struct act *act)
{
	struct strbuf b;

	strbuf_init(&b, r->m.op->arena);
	strbuf_addz(&b, "{\"command\":");
	json_quote_to(&b, act->command);
	strbuf_addz(&b, ",\"data\":");
	strbuf_adds(&b, text_of(r, json_get(o, "data")));
	strbuf_addz(&b, ",\"exam\":");
	json_quote_to(&b, act->exam);
	strbuf_addz(&b, ",\"key\":");
	json_quote_to(&b, act->key);
	strbuf_addz(&b, ",\"origin\":");
	json_quote_to(&b, act->origin);
	strbuf_addc(&b, '}');
	return digest(r, strbuf_str(&b));
}

static void act_read(struct reading *r, const struct json *o, struct act *ret)
{
	struct members *outer = &r->m;
	struct members m = {.op = outer->op, .o = o};
	struct str canonical, name;
	uint8_t reason[32];

	member_known(&m, ACT_MEMBERS);
	ret->actor = member_int(&m, "actor", 0, LIMIT_INT);
	ret->command = member_str(&m, "command");
	member_object(&m, "data");
	ret->device = member_int(&m, "device", 0, LIMIT_INT);
	ret->exam = member_str(&m, "exam");
	ret->happened_ms = member_time(&m, "happened");
	ret->key = member_str(&m, "key");
	ret->link = member_int(&m, "link", 0, LIMIT_INT);
	ret->origin = member_str(&m, "origin");
	member_hex(&m, "prev", ret->prev.b, sizeof(ret->prev.b));
	ret->seq = member_int(&m, "seq", 1, LIMIT_INT);
	ret->source = member_name(&m, "source", SOURCE, COUNT(SOURCE));
	ret->time_ms = member_time(&m, "time");
	name = ret->command;
	member_check(&m, "command", name_valid(name));
	member_check(&m, "key", uuid_valid(ret->key));
	if (json_get(o, "exception") != NULL) {
		ret->exception = member_str(&m, "exception");
		member_hex(&m, "exception", reason, sizeof(reason));
	}
	if (m.bad == NULL) {
		canonical = text_of(r, o);
		ret->hash = digest(r, canonical);
		member_check(&m, "act", canonical.n <= LIMIT_ACT);
	}
	if (m.bad != NULL && outer->bad == NULL)
		outer->bad = str_fmt(m.op->arena, "act.%s", m.bad).s;
}

static void slot_read(struct members *outer, const struct json *o, struct filled *ret)
{
	struct members m = {.op = outer->op, .o = o};
	struct str how;

	member_known(&m, SLOT_MEMBERS);
	how = member_name(&m, "how", HOW, COUNT(HOW));
	for (size_t i = 0; i < COUNT(HOW); i++)
		if (str_is(how, HOW[i]))
			ret->how = (enum how)i;
	ret->person = member_int(&m, "person", 1, LIMIT_INT);
	ret->slot = member_str(&m, "slot");
	member_check(&m, "slot", ret->slot.n > 0 && ret->slot.n <= LIMIT_CODE);
	if (json_get(o, "note") != NULL)
		ret->note = member_str(&m, "note");
	ret->has_sig = json_get(o, "sig") != NULL;
	if (ret->has_sig)
		member_hex(&m, "sig", ret->sig, sizeof(ret->sig));
	member_check(&m, "sig", ret->has_sig == (ret->how == HOW_KEY));
	member_check(&m, "note", (ret->note.n > 0) == (ret->how == HOW_PHONE));
	if (m.bad != NULL && outer->bad == NULL)
		outer->bad = str_fmt(m.op->arena, "slots.%s", m.bad).s;
}

static void slots_read(struct reading *r, struct entry *e)
{
	struct members *m = &r->m;
	const struct json *list = member_find(m, "slots");

	if (list == NULL)
		return;
	member_check(m, "slots", list->type == JSON_ARRAY && list->count >= 1 &&
	                         list->count <= LIMIT_SLOTS && (e->has_act || e->act_at >= 0));
	if (list->type != JSON_ARRAY)
		return;
	e->slots = arena_array(r->keep, list->count < LIMIT_SLOTS ? list->count : LIMIT_SLOTS,
	                       sizeof(*e->slots));
	for (const struct json *o = list->first; o != NULL; o = o->next) {
		struct filled *f;
		int order;

		if (e->nslots == LIMIT_SLOTS)
			break;
		f = &e->slots[e->nslots++];

		slot_read(m, o, f);
		if (e->nslots < 2)
			continue;
		order = str_cmp(f[-1].slot, f->slot);
		member_check(m, "slots", order < 0 || (order == 0 && f[-1].person <= f->person));
	}
}

/* A time that stands only when it differs from the ledger's. */
static int64_t other_time(struct members *m, const char *key, int64_t time_ms)
{
	int64_t t;

	if (member_find(m, key) == NULL)
		return time_ms;
	t = member_time(m, key);
	member_check(m, key, t != time_ms);
	return t;
}

static void envelope_read(struct members *m, struct entry *e)
{
	uint8_t nonce[16];

	member_known(m, ENTRY_MEMBERS);
	e->act_at = member_find(m, "act_at") ? member_int(m, "act_at", 0, LIMIT_INT) : NO_INDEX;
	e->actor = member_int(m, "actor", 0, LIMIT_INT);
	e->auth = member_int(m, "auth", -1, LIMIT_INT);
	e->cause = member_find(m, "cause") ? member_int(m, "cause", 0, LIMIT_INT) : NO_INDEX;
	member_name(m, "clock", CLOCK, COUNT(CLOCK));
	e->data = member_object(m, "data");
	e->exam = member_str(m, "exam");
	e->index = member_int(m, "idx", 0, LIMIT_INT);
	member_hex(m, "nonce", nonce, sizeof(nonce));
	e->place = member_str(m, "place");
	member_check(m, "place", place_valid(e->place));
	e->source = member_name(m, "source", SOURCE, COUNT(SOURCE));
	e->time_ms = member_time(m, "time");
	e->type = member_str(m, "type");
	member_check(m, "type", name_valid(e->type));
	e->version = member_int(m, "v", 1, INT32_MAX);
	e->happened_ms = other_time(m, "happened", e->time_ms);
	e->noted_ms = other_time(m, "noted", e->time_ms);
}

/* A signature over the statement is there, or will be. */
static bool is_signed(const struct entry *e)
{
	for (size_t i = 0; i < e->nslots; i++)
		if (e->slots[i].has_sig)
			return true;
	return str_is(e->type, "slot.begun");
}

/* Everything but the spelling; r->m.bad says what is wrong. */
static void form_read(struct reading *r, struct entry *e)
{
	const struct json *act;

	envelope_read(&r->m, e);
	act = json_get(r->m.o, "act");
	e->has_act = act != NULL && member_object(&r->m, "act") != NULL;
	member_check(&r->m, "act_at", !(e->has_act && e->act_at >= 0));
	if (e->has_act)
		act_read(r, act, &e->act);
	slots_read(r, e);
	if (r->m.bad == NULL && e->has_act && is_signed(e))
		e->act.statement = statement_of(r, act, &e->act);
}

bool entry_read_quick(const struct entry_reader *r, struct str bytes, struct entry *ret)
{
	struct canon canon = {.keep = r->keep, .brief = r->brief, .keep_key = "data"};
	struct op op = {.arena = r->brief};
	struct reading x = {.m = {.op = &op}, .keep = r->keep, .hasher = r->hasher,
	                    .canonical = true};
	struct entry e = {0};
	struct json *o = NULL;

	if (!canon_read(&canon, bytes, &o) || o->type != JSON_OBJECT)
		return false;
	x.m.o = o;
	form_read(&x, &e);
	if (x.m.bad != NULL)
		return false;
	*ret = e;
	return true;
}

bool entry_read(struct op *op, struct str bytes, int64_t position, struct report *r,
                struct entry *ret)
{
	struct reading x = {.m = {.op = op}, .keep = op->arena};
	struct entry e = {0};
	struct json *o = NULL;

	if (bytes.s == NULL || bytes.n > LIMIT_ENTRY) {
		report_add(r, FINDING_ENTRY, position, "记录超过 %d 字节",
		           "the entry is larger than %d bytes",
		           LIMIT_ENTRY);
		return false;
	}
	if (json_read(op, bytes, &o) != RC_OK || o->type != JSON_OBJECT) {
		report_add(r, FINDING_ENTRY, position, "记录内容不是有效的 JSON 对象",
		           "the entry is not a valid JSON object");
		return false;
	}
	x.m.o = o;
	x.hasher = hasher_new(HASH_SHA256);
	form_read(&x, &e);
	hasher_free(x.hasher);
	if (x.m.bad != NULL)
		report_add(r, FINDING_ENTRY, position, "记录的成员 %s 缺失、多余或不合格式",
		           "member %s of the entry is missing, unknown or malformed", x.m.bad);
	else if (!str_eq(json_canonical(op->arena, o), bytes))
		report_add(r, FINDING_ENTRY, position, "记录不是 RFC 8785 规范写法",
		           "the entry is not in the canonical form of RFC 8785");
	if (x.m.bad != NULL)
		return false;
	*ret = e;
	return true;
}
