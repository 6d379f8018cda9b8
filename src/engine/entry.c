/* SPDX-License-Identifier: Apache-2.0 */
/* entry.c -- writes an event as canonical bytes; see entry.h.
 *
 * Members stand sorted, as RFC 8785 asks, by the order of the statements below; a test compares
 * every entry of a ledger with the general canonical writer.
 */
#include "engine/entry.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"

static const char *const SOURCE_TEXT[] = {
#define X(id, text) text,
	SOURCES(X)
#undef X
};

static const char *const HOW_TEXT[] = {
#define X(id, text) text,
	SLOT_HOWS(X)
#undef X
};

/* `"key":` after a comma when it is not the first. */
static void key_to(struct strbuf *b, const char *key)
{
	bool first = b->s[b->n - 1] == '{';
	size_t n = strlen(key);
	char *to = strbuf_more(b, n + (first ? 3 : 4));

	if (!first)
		*to++ = ',';
	*to++ = '"';
	memcpy(to, key, n);
	to[n] = '"';
	to[n + 1] = ':';
}

static void int_to(struct strbuf *b, const char *key, int64_t v)
{
	key_to(b, key);
	strbuf_addi(b, v);
}

/* For texts that need no escapes: codes, paths, times, hex. */
static void plain_to(struct strbuf *b, const char *key, struct str v)
{
	key_to(b, key);
	strbuf_addc(b, '"');
	strbuf_adds(b, v);
	strbuf_addc(b, '"');
}

static void slots_to(struct strbuf *b, const struct signed_slot *s, size_t n)
{
	size_t i;

	key_to(b, "slots");
	strbuf_addc(b, '[');
	for (i = 0; i < n; i++) {
		strbuf_addz(b, i ? ",{" : "{");
		plain_to(b, "how", str_of(HOW_TEXT[s[i].how]));
		if (s[i].note.n)
			plain_to(b, "note", s[i].note);
		int_to(b, "person", s[i].person.v);
		if (s[i].signature.n)
			plain_to(b, "sig", hex_encode(b->arena, s[i].signature.s, s[i].signature.n));
		plain_to(b, "slot", s[i].slot);
		strbuf_addc(b, '}');
	}
	strbuf_addc(b, ']');
}

void entry_write(struct strbuf *b, const struct event *ev, struct str act, struct str nonce_hex)
{
	strbuf_addc(b, '{');
	if (act.n) {
		key_to(b, "act");
		strbuf_adds(b, act);
	}
	if (ev->act_at >= 0 && ev->act_at != ev->index)
		int_to(b, "act_at", ev->act_at);
	int_to(b, "actor", ev->actor.v);
	int_to(b, "auth", ev->authority);
	if (ev->cause >= 0)
		int_to(b, "cause", ev->cause);
	plain_to(b, "clock", str_of(clock_state_text(ev->clock)));
	key_to(b, "data");
	field_write(b, ev->type->fields, ev->type->nfields, ev->data, true);
	plain_to(b, "exam", ev->exam);
	if (ev->happened_ms != ev->recorded_ms)
		plain_to(b, "happened", clock_format_utc(b->arena, ev->happened_ms));
	int_to(b, "idx", ev->index);
	plain_to(b, "nonce", nonce_hex);
	if (ev->noted_ms != ev->recorded_ms)
		plain_to(b, "noted", clock_format_utc(b->arena, ev->noted_ms));
	plain_to(b, "place", ev->place);
	if (ev->nslots)
		slots_to(b, ev->slots, ev->nslots);
	plain_to(b, "source", str_of(SOURCE_TEXT[ev->source]));
	plain_to(b, "time", clock_format_utc(b->arena, ev->recorded_ms));
	plain_to(b, "type", ev->name);
	int_to(b, "v", ev->version);
	strbuf_addc(b, '}');
}

/* Reading. */

static bool text_index(struct str text, const char *const *names, int n, int *ret)
{
	int i;

	for (i = 0; i < n; i++)
		if (str_is(text, names[i])) {
			*ret = i;
			return true;
		}
	return false;
}

struct str source_text(enum source s)
{
	return str_of(SOURCE_TEXT[s]);
}

bool source_parse(struct str text, enum source *ret)
{
	int i;

	if (!text_index(text, SOURCE_TEXT, SOURCE_MAX, &i))
		return false;
	*ret = (enum source)i;
	return true;
}

static bool read_slots(struct op *op, const struct json *list, struct event *ev)
{
	struct signed_slot *s;
	const struct json *o;

	if (!list)
		return true;
	if (list->type != JSON_ARRAY || list->count > LIMIT_SLOTS)
		return false;
	s = arena_array(op->arena, list->count, sizeof(*s));
	ev->slots = s;
	for (o = list->first; o; o = o->next, s++) {
		struct str sig = json_str(o, "sig");
		char *raw = arena_alloc(op->arena, sig.n / 2 + 1);

		s->slot = json_str(o, "slot");
		s->note = json_str(o, "note");
		s->person.v = json_int(o, "person", 0);
		if (!s->slot.n || s->person.v < 1 ||
		    !text_index(json_str(o, "how"), HOW_TEXT, SLOT_HOW_MAX, &s->how) ||
		    (sig.n && !hex_decode(sig, raw, sig.n / 2)))
			return false;
		s->signature = (struct str){raw, sig.n / 2};
		ev->nslots++;
	}
	return true;
}

static bool read_time(const struct json *o, const char *key, int64_t fallback, int64_t *ret)
{
	struct str t = json_str(o, key);

	*ret = fallback;
	return !t.s ? !json_get(o, key) : clock_parse(t, ret);
}

static bool read_clock(struct str text, enum clock_state *ret)
{
	int i;

	for (i = 0; i < CLOCK_STATE_MAX; i++)
		if (str_is(text, clock_state_text((enum clock_state)i))) {
			*ret = (enum clock_state)i;
			return true;
		}
	return false;
}

static bool read_envelope(struct op *op, const struct json *o, struct event *ev)
{
	const struct json *act = json_get(o, "act");
	int64_t version = json_int(o, "v", 0);

	ev->index = json_int(o, "idx", -1);
	ev->name = json_str(o, "type");
	ev->version = version > 0 && version <= INT32_MAX ? (int)version : 0;
	ev->exam = json_str(o, "exam");
	ev->place = json_str(o, "place");
	ev->actor.v = json_int(o, "actor", -1);
	ev->cause = json_int(o, "cause", -1);
	ev->authority = json_int(o, "auth", -1);
	ev->act_at = json_int(o, "act_at", act ? ev->index : -1);
	if (act) {
		ev->command = json_str(act, "command");
		ev->device = json_int(act, "device", 0);
		ev->seq = json_int(act, "seq", 0);
	}
	return source_parse(json_str(o, "source"), &ev->source) && ev->index >= 0 && ev->name.n &&
	       ev->version > 0 && ev->actor.v >= 0 && read_clock(json_str(o, "clock"), &ev->clock) &&
	       read_time(o, "time", -1, &ev->recorded_ms) && ev->recorded_ms >= 0 &&
	       read_time(o, "happened", ev->recorded_ms, &ev->happened_ms) &&
	       read_time(o, "noted", ev->recorded_ms, &ev->noted_ms) &&
	       read_slots(op, json_get(o, "slots"), ev);
}

/* Old data becomes new, version by version. */
static enum rc read_data(struct op *op, const struct event_entry *e, struct json *data,
                         struct event *ev)
{
	const struct event_entry *at;
	void *st = arena_alloc(op->arena, e->type->size ? e->type->size : 1);
	int version = ev->version;

	while (version < e->type->version) {
		for (at = e->older; at && at->type->version != version; at = at->older)
			;
		if (!at || !at->type->upcast)
			return fail(op, RC_INVALID, "v", "", "事件 %s 没有版本 %d", "event %s has no version %d",
			            e->type->name, version);
		TRY(at->type->upcast(op, data, &data));
		version++;
	}
	if (version > e->type->version)
		return RC_OK; /* of a newer program: stored, not applied */
	TRY(field_read_event(op, e->type->fields, e->type->nfields, data, st));
	ev->type = e->type;
	ev->data = st;
	return RC_OK;
}

enum rc event_read(struct op *op, const struct modules *m, struct str entry, struct event *ret)
{
	struct event ev = {0};
	const struct event_entry *e;
	struct json *o = NULL, *data;

	TRY(json_read(op, entry, &o));
	if (o->type != JSON_OBJECT || !read_envelope(op, o, &ev))
		return fail(op, RC_INVALID, "entry", "", "不是台账条目", "this is not a ledger entry");
	data = (struct json *)(uintptr_t)json_get(o, "data");
	if (!data || data->type != JSON_OBJECT)
		return fail(op, RC_INVALID, "data", "", "台账条目缺 data", "the ledger entry lacks data");
	e = modules_event_entry(m, ev.name);
	if (e)
		TRY(read_data(op, e, data, &ev));
	ev.id = ev.index; /* the reader adds its node */
	*ret = ev;
	return RC_OK;
}
