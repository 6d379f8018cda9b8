/* SPDX-License-Identifier: Apache-2.0 */
/* event.c -- ledger entries as the engine reads them and as the auditor does, each with code of its
 * own: what the auditor finds sound the engine reads, and both see the same.
 *
 * The engine may refuse what is sound to the auditor for its data alone, which only it knows.
 */
#include "audit/entry.h"
#include "engine/entry.h"
#include "engine/writer.h"
#include "lab.h"

#include "fuzz.h"

static bool slots_agree(const struct entry *e, const struct event *ev)
{
	if (e->nslots != ev->nslots)
		return false;
	for (size_t i = 0; i < e->nslots; i++) {
		const struct filled *f = &e->slots[i];
		const struct signed_slot *s = &ev->slots[i];
		struct str sig = {(const char *)f->sig, f->has_sig ? sizeof(f->sig) : 0};

		if (!str_eq(f->slot, s->slot) || !str_eq(f->note, s->note) || f->person != s->person.v ||
		    (int)f->how != s->how || !str_eq(sig, s->signature))
			return false;
	}
	return true;
}

static void check_agreement(const struct entry *e, const struct event *ev)
{
	enum source source;

	FUZZ_CHECK(e->index == ev->index && str_eq(e->type, ev->name));
	FUZZ_CHECK(e->version == ev->version);
	FUZZ_CHECK(str_eq(e->exam, ev->exam) && str_eq(e->place, ev->place));
	FUZZ_CHECK(e->actor == ev->actor.v && e->auth == ev->authority && e->cause == ev->cause);
	FUZZ_CHECK(source_parse(e->source, &source) && source == ev->source);
	FUZZ_CHECK(e->time_ms == ev->recorded_ms && e->happened_ms == ev->happened_ms);
	FUZZ_CHECK(e->noted_ms == ev->noted_ms);
	FUZZ_CHECK(ev->act_at == (e->has_act ? e->index : e->act_at));
	FUZZ_CHECK(slots_agree(e, ev));
	if (e->has_act) {
		FUZZ_CHECK(str_eq(e->act.command, ev->command));
		FUZZ_CHECK(e->act.device == ev->device && e->act.seq == ev->seq);
	} else {
		FUZZ_CHECK(ev->command.n == 0 && ev->device == 0 && ev->seq == 0);
	}
}

static bool is_signed(const struct entry *e)
{
	for (size_t i = 0; i < e->nslots; i++)
		if (e->slots[i].has_sig)
			return true;
	return str_is(e->type, "slot.begun");
}

static bool slot_same(const struct filled *a, const struct filled *b)
{
	return str_eq(a->slot, b->slot) && str_eq(a->note, b->note) && a->person == b->person &&
	       a->how == b->how && a->has_sig == b->has_sig &&
	       (!a->has_sig || memcmp(a->sig, b->sig, sizeof(a->sig)) == 0);
}

/* The auditor's quick reader, which a sound ledger is read with, sees what the slow one sees. */
static void check_quick(struct op *op, struct str bytes, bool sound, const struct entry *e)
{
	struct entry_reader r = {op->arena, op->arena, hasher_new(HASH_SHA256)};
	struct entry q;
	bool quick = entry_read_quick(&r, bytes, &q);

	hasher_free(r.hasher);
	FUZZ_CHECK(quick == sound);
	if (!sound)
		return;
	FUZZ_CHECK(q.index == e->index && q.act_at == e->act_at && q.actor == e->actor);
	FUZZ_CHECK(q.auth == e->auth && q.cause == e->cause && q.version == e->version);
	FUZZ_CHECK(q.time_ms == e->time_ms && q.happened_ms == e->happened_ms);
	FUZZ_CHECK(q.noted_ms == e->noted_ms && str_eq(q.exam, e->exam));
	FUZZ_CHECK(str_eq(q.place, e->place) && str_eq(q.source, e->source));
	FUZZ_CHECK(str_eq(q.type, e->type) && q.has_act == e->has_act);
	FUZZ_CHECK(str_eq(json_canonical(op->arena, q.data), json_canonical(op->arena, e->data)));
	FUZZ_CHECK(q.nslots == e->nslots);
	for (size_t i = 0; i < q.nslots; i++)
		FUZZ_CHECK(slot_same(&q.slots[i], &e->slots[i]));
	if (!q.has_act)
		return;
	FUZZ_CHECK(q.act.actor == e->act.actor && q.act.device == e->act.device);
	FUZZ_CHECK(q.act.seq == e->act.seq && str_eq(q.act.command, e->act.command));
	FUZZ_CHECK(str_eq(q.act.key, e->act.key) && str_eq(q.act.exception, e->act.exception));
	FUZZ_CHECK(hash_eq(&q.act.hash, &e->act.hash) && hash_eq(&q.act.prev, &e->act.prev));
	FUZZ_CHECK(!is_signed(e) || hash_eq(&q.act.statement, &e->act.statement));
}

/* What a slot's key signs, put together twice. */
static void check_statement(struct op *op, const struct entry *e, const struct json *o)
{
	const struct json *act = json_get(o, "act");
	struct str text = json_canonical(op->arena, act);
	struct hash hash = hash_sha256(text.s, text.n);

	FUZZ_CHECK(hash_eq(&hash, &e->act.hash));
	if (!is_signed(e))
		return; /* the auditor needs none */
	text = slot_statement(op->arena, e->act.origin, e->act.exam, e->act.command, e->act.key,
	                      json_get(act, "data"));
	FUZZ_CHECK(str_eq(text, hash_hex(op->arena, &e->act.statement)));
}

/* The writer puts these between quotes as they are: codes, paths, our own names. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] < 0x20 || s.s[i] == '"' || s.s[i] == '\\')
			return false;
	return true;
}

static bool is_writable(const struct event *ev, const struct entry *e)
{
	if (!ev->type || ev->version != ev->type->version || !is_plain(ev->exam))
		return false;
	if (!e->has_act && e->act_at == e->index) /* its own act, and it has none */
		return false;
	for (size_t i = 0; i < ev->nslots; i++)
		if (!is_plain(ev->slots[i].slot) || !is_plain(ev->slots[i].note))
			return false;
	return true;
}

static struct str rewritten(struct op *op, const struct event *ev, const struct json *o)
{
	const struct json *act = json_get(o, "act");
	struct strbuf b;

	strbuf_init(&b, op->arena);
	entry_write(&b, ev, act ? json_canonical(op->arena, act) : STR(""), json_str(o, "nonce"));
	return strbuf_str(&b);
}

static bool is_sound(struct op *op, struct str bytes, struct entry *ret)
{
	static struct report r;

	memset(&r, 0, sizeof(r));
	r.keep = op->arena;
	FUZZ_PAINT(*ret);
	if (entry_read(op, bytes, 7, &r, ret))
		return report_total(&r) == 0;
	FUZZ_CHECK(FUZZ_UNTOUCHED(*ret) && report_total(&r) == 1 && r.n == 1);
	FUZZ_CHECK(r.list[0].kind == FINDING_ENTRY && r.list[0].index == 7);
	FUZZ_CHECK(r.list[0].zh.n > 0 && str_utf8_valid(r.list[0].zh));
	FUZZ_CHECK(r.list[0].en.n > 0 && str_utf8_valid(r.list[0].en));
	return false;
}

/* Written again it is the same, or loses zeros that need not stand there. */
static void check_writing(struct op *op, struct str bytes, const struct event *ev,
                          const struct entry *e)
{
	struct str mine, twice;
	struct json *o;
	struct entry again;
	struct event ev2;

	FUZZ_CHECK(json_read(op, bytes, &o) == RC_OK);
	if (e->has_act)
		check_statement(op, e, o);
	if (!is_writable(ev, e))
		return;
	mine = rewritten(op, ev, o);
	FUZZ_CHECK(mine.n < bytes.n || str_eq(mine, bytes));
	FUZZ_CHECK(is_sound(op, mine, &again));
	FUZZ_CHECK(event_read(op, lab_modules(), mine, &ev2) == RC_OK);
	check_agreement(&again, &ev2);
	twice = rewritten(op, &ev2, o);
	FUZZ_CHECK(str_eq(mine, twice));
}

/* What each older shape became. */
static void check_upcast(struct op *op, struct str bytes, const struct event *ev)
{
	const struct lab_measured *x = ev->data;
	const struct json *data;
	struct json *o;

	if (!ev->type || !str_is(ev->name, "lab.measured"))
		return;
	FUZZ_CHECK(ev->version <= 3 && ev->type->version == 3);
	FUZZ_CHECK(json_read(op, bytes, &o) == RC_OK);
	data = json_get(o, "data");
	if (ev->version == 1)
		FUZZ_CHECK(x->weight_mg == 1000 * json_int(data, "weight_g", 0));
	if (ev->version < 3)
		FUZZ_CHECK(str_eq(x->subject, x->code));
	FUZZ_CHECK(str_eq(x->code, json_str(data, "code")));
	FUZZ_CHECK(x->lines.n <= 4 &&
	           (!json_get(data, "lines") || json_get(data, "lines")->count == x->lines.n));
}

/* What an older version lacks its upcast has put there. */
static void check_refused_version(const struct op *op, const struct entry *e)
{
	FUZZ_PLANTED(e->version == 1 && str_starts(str_of(op->err.field), STR("lines/1/")));
	if (str_is(e->type, "lab.measured") && e->version < 3 && code_valid(json_str(e->data, "code")))
		FUZZ_CHECK(strcmp(op->err.field, "subject") != 0);
}

void fuzz_target(struct op *op, struct str in)
{
	struct str bytes = str_copy(op->arena, in);
	struct entry e;
	struct event ev;
	bool sound = is_sound(op, bytes, &e);
	enum rc rc;

	check_quick(op, bytes, sound, &e);
	FUZZ_PAINT(ev);
	rc = event_read(op, lab_modules(), in, &ev);
	fuzz_spoil(in);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(FUZZ_UNTOUCHED(ev));
		FUZZ_CHECK(!sound || modules_event(lab_modules(), e.type));
		FUZZ_CHECK(!sound || op->err.field[0] != '\0');
		if (sound)
			check_refused_version(op, &e);
		return;
	}
	FUZZ_CHECK((ev.type == NULL) == (ev.data == NULL));
	FUZZ_CHECK(!ev.type || str_is(ev.name, ev.type->name));
	check_upcast(op, bytes, &ev);
	if (!sound)
		return;
	check_agreement(&e, &ev);
	check_writing(op, bytes, &ev, &e);
}
