/* SPDX-License-Identifier: Apache-2.0 */
/* send.c -- acts into requests, batches of them to the writer, its answers into the tally.
 *
 * Form is checked where a server or the command line would check it (field_intake); an act that
 * fails there never reaches the writer and counts as refused all the same.
 */
#include "generator/gen.h"

#include "engine/device.h"
#include "engine/slot.h"

static struct tally *tally_of(struct gen *g, const struct command *c)
{
	for (size_t i = 0; i < g->ncommands; i++)
		if (g->tally[i].c == c)
			return &g->tally[i];
	die(g, "a command without a tally");
	return NULL;
}

static void count(struct gen *g, const struct command *c, int64_t number, const struct answer *a)
{
	struct tally *t = tally_of(g, c);

	t->given++;
	if (a->rc != RC_OK) {
		t->refused++;
		strbuf_addf(&g->refusals, "refused %lld %s %s %s\n", (long long)number, c->name,
		            rc_text(a->rc), a->err.field[0] ? a->err.field : "-");
	} else if (a->repeated) {
		t->repeated++;
	} else if (a->waiting) {
		t->waiting++;
	} else {
		t->ok++;
	}
}

static struct op reading(struct gen *g, struct run *run)
{
	struct op op = g->op;

	*run = (struct run){.writer = &g->w, .modules = &g->modules};
	op.db = g->store.view;
	op.run = run;
	return op;
}

/* slot.sign signs the statement of the act that waits, not its own. */
static struct str statement_of(struct gen *g, const struct request *r)
{
	struct run run;
	struct op op = reading(g, &run);
	struct pending p;

	if (!str_is(r->command, SLOT_SIGN))
		return slot_statement(&g->scratch, g->w.origin, g->w.exam, r->command, r->key, r->data);
	if (slot_pending(&op, json_int(r->data, "begun", -1), &p) != RC_OK)
		return STR("none"); /* the writer will say why */
	return slot_statement(&g->scratch, g->w.origin, g->w.exam, json_str(p.act, "command"),
	                      json_str(p.act, "key"), json_get(p.act, "data"));
}

static void sign_slots(struct gen *g, const struct plan *p, struct request *r)
{
	struct signed_slot *s = arena_array(&g->scratch, p->nslots + 1, sizeof(*s));
	struct str statement = {NULL, 0};

	for (size_t i = 0; i < p->nslots; i++) {
		s[i] = p->slot[i];
		if (s[i].how != SLOT_KEY)
			continue;
		if (!statement.n)
			statement = statement_of(g, r);
		struct ed25519_key key = key_of(s[i].person);
		struct str m = slot_message(&g->scratch, s[i].slot, s[i].person, statement);
		struct signature sig = ed25519_sign(&key, m.s, m.n);
		sig.b[dice(g, sizeof(sig.b))] ^= p->bad_signature;
		s[i].signature = str_dup(&g->scratch, (const char *)sig.b, sizeof(sig.b));
	}
	r->slots = s;
	r->nslots = p->nslots;
}

static void add_reason(struct gen *g, const struct plan *p, struct beside *b, struct request *r)
{
	struct hash h;

	if (!p->reason.n)
		return;
	*b = (struct beside){.field = STR("exception"), .text = p->reason};
	random_bytes(&g->random, b->salt, sizeof(b->salt));
	h = hash_hmac_sha256(b->salt, sizeof(b->salt), b->text.s, b->text.n);
	b->mac = hash_hex(&g->scratch, &h);
	r->exception = b->mac;
	r->nbeside++;
}

static struct hash body_of(struct gen *g, const struct plan *p)
{
	struct str data = json_canonical(&g->scratch, p->data);
	struct str all = str_fmt(&g->scratch, "%s %lld " STR_FMT, p->c->name, (long long)p->actor.v,
	                         STR_ARG(data));

	return hash_sha256(all.s, all.n);
}

/* Salts are drawn at a position of their own: the writer draws at the ledger's indices. */
static enum rc take_in(struct gen *g, struct plan *p, struct request *r)
{
	struct beside *b = arena_array(&g->scratch, LIMIT_PERSONAL + 1, sizeof(*b));
	struct json *data;
	enum rc rc;

	random_at(&g->random, (UINT64_C(1) << 40) + (uint64_t)g->act);
	g->op.random = &g->random;
	rc = field_intake(&g->op, p->c->fields, p->c->nfields, p->data, NULL, &data, b, &r->nbeside);
	if (rc != RC_OK)
		return rc;
	r->data = data;
	r->beside = b;
	add_reason(g, p, &b[r->nbeside], r);
	r->body = body_of(g, p);
	sign_slots(g, p, r);
	return RC_OK;
}

/* The act as the device itself would write it (docs/formats.md §2). */
static struct str device_act(struct gen *g, const struct request *r)
{
	struct arena *a = &g->scratch;
	struct json *o = json_new_object(a);

	json_set_int(a, o, "actor", r->actor.v);
	json_set_str(a, o, "command", r->command);
	json_put(o, "data", (struct json *)(uintptr_t)r->data);
	json_set_int(a, o, "device", r->device);
	json_set_str(a, o, "exam", g->w.exam);
	if (r->exception.n)
		json_set_str(a, o, "exception", r->exception);
	json_set_str(a, o, "happened", clock_format_utc(a, r->happened_ms));
	json_set_str(a, o, "key", r->key);
	json_set_int(a, o, "link", 0);
	json_set_str(a, o, "origin", g->w.origin);
	json_set_str(a, o, "prev", r->prev);
	json_set_int(a, o, "seq", r->seq);
	json_set_str(a, o, "source", STR("terminal"));
	json_set_str(a, o, "time", clock_format_utc(a, r->noted_ms));
	return json_canonical(a, o);
}

/* The newest number and head of a device are the ledger's; so nothing of it may wait in the batch
 * (send_plan flushes before and after). */
static void link_act(struct gen *g, const struct plan *p, struct request *r)
{
	struct run run;
	struct op op = reading(g, &run);
	struct device_chain chain = {0, -1, 0};
	struct hash head = {{0}};

	if (device_chain(&op, p->device, &chain) == RC_OK && chain.act_at >= 0)
		must(g, device_head_of(&op, chain.act_at, &head), "the head of a device");
	if (p->chain_fault == 2)
		head.b[0] ^= 1;
	r->device = p->device;
	r->seq = chain.seq + 1 + (p->chain_fault == 1);
	r->prev = hash_hex(&g->scratch, &head);
	r->source = SOURCE_TERMINAL;
	r->noted_ms = clock_now_ms(&g->clock);
	if (!r->happened_ms)
		r->happened_ms = r->noted_ms;
	r->act = device_act(g, r);
}

static struct signed_slot keep_slot(struct gen *g, const struct signed_slot *s)
{
	struct signed_slot k = *s;

	k.slot = str_copy(&g->keep, s->slot);
	k.note = str_copy(&g->keep, s->note);
	return k;
}

/* For those who send the same again. */
static void remember(struct gen *g, const struct plan *p)
{
	struct plan *o = &g->old[g->nold++ % REMEMBERED];
	struct op op = {.arena = &g->keep};

	*o = *p;
	must(g, json_read(&op, json_canonical(&g->keep, p->data), &o->data), "own data");
	o->key = str_copy(&g->keep, p->key);
	o->place = str_copy(&g->keep, p->place);
	o->reason = str_copy(&g->keep, p->reason);
	for (size_t i = 0; i < p->nslots; i++)
		o->slot[i] = keep_slot(g, &p->slot[i]);
}

void send_plan(struct gen *g, struct plan *p)
{
	struct request r = {.command = str_of(p->c->name), .actor = p->actor, .source = p->source,
	                    .happened_ms = p->happened_ms};
	struct answer a = {.index = -1};
	bool first = !p->key.n;

	if (p->device)
		flush(g);
	if (first)
		p->key = str_fmt(&g->scratch, "00000000-0000-7000-8000-%012llx",
		                 (unsigned long long)++g->keys);
	r.key = p->key;
	a.rc = take_in(g, p, &r);
	a.err = g->op.err;
	if (a.rc != RC_OK) {
		count(g, p->c, g->act, &a);
		return;
	}
	if (p->device)
		link_act(g, p, &r);
	if (first)
		remember(g, p);
	g->number[g->nbatch] = g->act;
	g->sent[g->nbatch] = p->c;
	g->request[g->nbatch++] = r;
	if (p->device || g->nbatch == BATCH_MOST)
		flush(g);
}

void flush(struct gen *g)
{
	if (!g->nbatch)
		return;
	must(g, writer_batch(&g->w, g->request, g->answer, g->nbatch), "a batch");
	for (size_t i = 0; i < g->nbatch; i++)
		count(g, g->sent[i], g->number[i], &g->answer[i]);
	g->nbatch = 0;
}

static void found_slots(struct gen *g, struct plan *p, const char *slots)
{
	struct str rest = str_of(slots), word, who;

	for (bool more = slots != NULL; more;) {
		struct signed_slot *s = &p->slot[p->nslots++];

		more = str_cut(rest, ' ', &word, &rest);
		if (!more)
			word = rest;
		s->how = SLOT_BADGE;
		if (!str_cut(word, ':', &s->slot, &who) || !str_to_i64(who, &s->person.v))
			die(g, slots);
		s->slot = str_copy(&g->keep, s->slot);
	}
}

void found_do(struct gen *g, int64_t actor, const char *command, struct str data,
              const char *slots)
{
	struct plan p = {.c = modules_command(&g->modules, str_of(command)), .actor = {actor},
	                 .source = SOURCE_OFFICE};
	struct op op = {.arena = &g->scratch};
	size_t before = g->refusals.n;

	must(g, json_read(&op, data, &p.data), data.s);
	found_slots(g, &p, slots);
	send_plan(g, &p);
	flush(g);
	if (g->refusals.n != before)
		die(g, strbuf_str(&g->refusals).s);
}

void found_grant(struct gen *g, int64_t person, const char *role, const char *place)
{
	struct str data = str_fmt(&g->scratch, "{\"person\":%lld,\"role\":\"%s\",\"place\":\"%s\"}",
	                          (long long)person, role, place);

	found_do(g, 0, "authority.grant", data, NULL);
}

void found_close(struct gen *g)
{
	found_grant(g, 901, "system_admin", "");
	found_grant(g, 902, "security_admin", "");
	found_grant(g, 903, "audit_admin", "");
	found_do(g, 0, "authority.found", STR("{}"), NULL);
}
