/* SPDX-License-Identifier: Apache-2.0 */
/* event.c -- append, apply, react.
 *
 * An event becomes bytes, the bytes go to the ledger, and only then is it applied: nothing can
 * stand in a projection that is not in the book.  What follows from it (reactions, laws, alarms of
 * expectations) is appended after it with its index as cause.
 */
#include "engine/entry.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/book.h"
#include "engine/device.h"
#include "engine/expect_private.h"
#include "engine/writer.h"

/* Texts that a person typed move to the vault, under the person who is named in the field `person`,
 * else (no such field, or nobody in it) under the event itself. */
int64_t text_subject(const struct field *fields, size_t n, const void *data, int64_t id)
{
	const struct field *f = field_find(fields, n, STR("person"));
	int64_t who = 0;

	if (f && f->type == F_PERSON)
		who = ((const struct person_id *)(const void *)((const char *)data + f->offset))->v;
	return who > 0 ? who : id;
}

static struct beside *beside_of(const struct request *r, struct str mac)
{
	size_t i;

	for (i = 0; r && i < r->nbeside; i++)
		if (str_eq(r->beside[i].mac, mac))
			return (struct beside *)(uintptr_t)&r->beside[i];
	return NULL;
}

static enum rc keep_texts(struct op *op, const struct event_type *t, void *data, int64_t index,
                          int64_t id)
{
	struct vault_subject subject = {.id = text_subject(t->fields, t->nfields, data, id)};
	int64_t k = 0;
	size_t i;

	subject.fresh = subject.id == id; /* this event makes it: nobody was before */
	for (i = 0; i < t->nfields; i++) {
		struct text *x = (struct text *)(void *)((char *)data + t->fields[i].offset);
		struct beside *b;

		if (t->fields[i].type != F_TEXT || !x->mac.n || x->vault)
			continue;
		b = beside_of(op->run->request, x->mac);
		if (b && b->vault) {
			x->vault = b->vault;
			continue;
		}
		x->vault = index * LIMIT_PERSONAL + k++;
		assert(k <= LIMIT_PERSONAL);
		if (b)
			TRY(vault_put_of(op, &op->run->writer->vault, x->vault, &subject, b));
	}
	return RC_OK;
}

static void fill_envelope(struct op *op, const struct event_entry *e, struct str place,
                          const void *data, struct event *ev)
{
	struct run *run = op->run;
	const struct writer *w = run->writer;
	const struct request *r = run->request;
	bool own = run->depth == 0 && r;

	ev->index = (int64_t)w->ledger.next.size;
	ev->id = (run->node << 33) + ev->index;
	ev->type = e->type;
	ev->name = str_of(e->type->name);
	ev->version = e->type->version;
	ev->recorded_ms = op->now_ms;
	ev->noted_ms = own && r->noted_ms ? r->noted_ms : op->now_ms;
	ev->happened_ms = own && r->happened_ms ? r->happened_ms : ev->noted_ms;
	ev->clock = w->clock->state;
	ev->source = own ? r->source : SOURCE_SYSTEM;
	ev->exam = op_exam(op);
	ev->place = place;
	ev->actor = run->depth == 0 ? op->actor : (struct person_id){0};
	ev->cause = run->cause;
	ev->act_at = -1;
	ev->authority = w->last_authority;
	ev->data = data;
	if (run->depth == 0 && run->act_index < 0 && (run->act.n || run->act_at >= 0)) {
		ev->act_at = run->act.n ? ev->index : run->act_at;
		ev->slots = run->slots;
		ev->nslots = run->nslots;
		if (run->act.n) {
			ev->command = run->command ? str_of(run->command->name) : (struct str){"", 0};
			ev->device = run->device;
			ev->seq = run->seq;
		}
	}
}

static enum rc write_event(struct op *op, const struct event_entry *e, const struct event *ev)
{
	struct run *run = op->run;
	struct writer *w = run->writer;
	struct str act = {"", 0};
	struct strbuf b;
	uint8_t nonce[16];
	struct hash leaf;

	if (ev->act_at >= 0) {
		act = run->act;
		run->act_index = ev->act_at;
		if (act.n)
			run->act_hash = hasher_of(w->ledger.hasher, act.s, act.n);
	}
	random_bytes(op->random, nonce, sizeof(nonce));
	strbuf_init(&b, op->arena);
	entry_write(&b, ev, act, hex_encode(op->arena, nonce, sizeof(nonce)));
	if (b.n > LIMIT_ENTRY)
		return fail(op, RC_INVALID, "data", "", "条目超过 %d 字节", "the entry is larger than %d bytes",
		            LIMIT_ENTRY);
	TRY(ledger_append(op, &w->ledger, strbuf_str(&b), &leaf));
	w->last_ms = ev->recorded_ms;
	if (run->first < 0) {
		run->first = ev->index;
		run->leaf = leaf;
	}
	/* The next event of this operation follows from the first. */
	if (run->depth == 0)
		run->cause = run->first;
	if (e->authority) {
		event_empower(w->authority, ev);
		w->last_authority = ev->index;
	}
	return RC_OK;
}

static enum rc react(struct op *op, const struct event_entry *e, const struct event *ev)
{
	struct run *run = op->run;
	int64_t cause = run->cause;
	enum rc rc = RC_OK;
	size_t i;

	if (!e->nreactions && !e->nlaws && !run->untimely)
		return RC_OK;
	if (++run->depth > LIMIT_REACT_DEPTH)
		return fail(op, RC_BROKEN, e->type->name, "", "反应链过深：%s", "reactions nest too deep at %s",
		            e->type->name);
	run->cause = ev->index;
	if (run->untimely)
		rc = expect_react(op, e, ev);
	for (i = 0; i < e->nlaws && rc == RC_OK; i++) {
		run->cause = ev->index;
		rc = e->laws[i]->run(op, ev);
	}
	for (i = 0; i < e->nreactions && rc == RC_OK; i++) {
		run->cause = ev->index;
		rc = e->reactions[i]->run(op, ev);
	}
	run->cause = cause;
	run->depth--;
	return rc;
}

enum rc event_append_at(struct op *op, const struct event_type *t, struct str place,
                        const void *data, int64_t *ret_id)
{
	const struct event_entry *e = modules_event_entry(op->run->modules, str_of(t->name));
	struct event *ev;
	void *own;

	assert(op->run->writer);
	assert(e && e->type == t);
	if (e->disabled || op->run->trial) {
		if (ret_id)
			*ret_id = (op->run->node << 33) + (int64_t)op->run->writer->ledger.next.size;
		return RC_OK;
	}
	own = arena_alloc(op->arena, t->size ? t->size : 1);
	if (t->size)
		memcpy(own, data, t->size);
	ev = ARENA_NEW(op->arena, struct event);
	fill_envelope(op, e, str_copy(op->arena, place), own, ev);
	op->run->untimely = false;
	TRY(keep_texts(op, t, own, ev->index, ev->id));
	TRY(write_event(op, e, ev));
	TRY(event_project(op, e, ev));
	if (ret_id)
		*ret_id = ev->id;
	return react(op, e, ev);
}

enum rc event_append(struct op *op, const struct event_type *t, const void *data, int64_t *ret_id)
{
	return event_append_at(op, t, op->run->place, data, ret_id);
}

enum rc event_project(struct op *op, const struct event_entry *e, const struct event *ev)
{
	/* The writer tells of its own device once a batch. */
	if (ev->seq && !(op->run->writer && ev->device == op->run->writer->device))
		TRY(device_advance(op, ev->device, ev->seq, ev->index));
	if (e->type->apply)
		TRY(e->type->apply(op, ev));
	if (e->type->npostings)
		TRY(book_apply(op, ev));
	if (e->nopens || e->nmet || e->nvoids)
		TRY(expect_project(op, e, ev));
	return RC_OK;
}

int64_t event_signer(const struct event *ev, const char *slot)
{
	for (size_t i = 0; i < ev->nslots; i++)
		if (str_is(ev->slots[i].slot, slot))
			return ev->slots[i].person.v;
	return 0;
}
