/* SPDX-License-Identifier: Apache-2.0 */
/* request.c -- one request: receipt, timers, form, authority, signatures, rule.
 *
 * What a request does is kept whole or not at all (struct writer_mark).  The one exception is said
 * aloud: a guarded order that a rule refuses leaves its refusal.
 */
#include "engine/request.h"

#include "engine/device.h"
#include "engine/order.h"
#include "engine/slot.h"

void writer_op(struct writer *w, struct op *op, struct run *run, int64_t now_ms)
{
	arena_reset(&w->scratch);
	*run = (struct run){.writer = w, .modules = w->modules, .profile = &w->profile, .node = w->node,
	                    .place = {"", 0}, .act = {"", 0}, .act_index = -1, .act_at = -1,
	                    .cause = -1, .first = -1};
	*op = (struct op){.arena = &w->scratch, .db = w->store->view, .now_ms = now_ms,
	                  .random = w->random, .run = run};
	if (now_ms < w->last_ms)
		op->now_ms = w->last_ms;
	random_at(w->random, w->ledger.next.size);
}

enum rc writer_hold(struct op *op)
{
	struct writer *w = op->run ? op->run->writer : NULL;

	if (!w || w->holding || op->run->trial || w->store->mode == STORE_READ)
		return RC_OK;
	if (w->settle)
		TRY(w->settle(w->settle_ctx, op));
	if (!db_in_tx(w->store->ledger))
		TRY(db_begin(op, w->store->ledger));
	w->holding = true;
	return RC_OK;
}

/* Unless it is held, the ledger's connection may be at work on the batch before. */
static bool ledger_is_ours(const struct writer *w)
{
	return w->holding && !w->store->one;
}

static uint64_t written(const struct writer *w)
{
	struct db_counts v = db_counts(w->store->view), l = {0};

	if (ledger_is_ours(w))
		l = db_counts(w->store->ledger);
	return v.writes + v.adds + l.writes;
}

enum rc writer_mark(struct op *op, struct writer *w, enum mark how, struct writer_mark *ret)
{
	bool save = how == MARK_FULL || w->careful;

	if (save) {
		TRY(writer_hold(op));
		TRY(store_savepoint(op, w->store));
	}
	*ret = (struct writer_mark){save, written(w), ledger_mark(&w->ledger),
	                            authority_mark(w->authority), w->last_ms,
	                            w->last_authority, w->device_seq, w->device_at,
	                            w->device_head, w->flush, w->profile};
	return RC_OK;
}

enum rc writer_back(struct op *op, struct writer *w, const struct writer_mark *m)
{
	ledger_back(&w->ledger, &m->ledger);
	authority_back(w->authority, m->authority);
	w->last_ms = m->last_ms;
	w->last_authority = m->last_authority;
	w->device_seq = m->device_seq;
	w->device_at = m->device_at;
	w->device_head = m->device_head;
	w->flush = m->flush;
	w->profile = m->profile;
	if (m->saved)
		return store_rollback_to(op, w->store);
	w->redo = written(w) != m->written || db_has_failed(w->store->view) ||
	          (ledger_is_ours(w) && db_has_failed(w->store->ledger));
	if (!w->redo)
		return RC_OK;
	w->wary[w->nwary++ % COUNT(w->wary)] = op->run->command;
	return RC_BUSY;
}

static enum mark mark_for(const struct writer *w, const struct request *r)
{
	size_t i;

	for (i = 0; i < w->nwary && i < COUNT(w->wary); i++)
		if (w->wary[i] && str_is(r->command, w->wary[i]->name))
			return MARK_FULL;
	return MARK_LIGHT;
}

enum rc writer_keep(struct op *op, struct writer *w, const struct writer_mark *m)
{
	return m->saved ? store_release_savepoint(op, w->store) : RC_OK;
}

static bool fatal(enum rc rc)
{
	return rc == RC_BROKEN || rc == RC_BUSY;
}

/* What the request has become so far. */
struct stage {
	const struct command *command;
	void *in;
	bool admitted; /* sender, role and scope are right: a refusal from here on may be an event */
	bool judged;   /* the rule has spoken: its refusal is the answer to this key for good (a wrong
	                * signature is not: the right one covers the same key) */
};

static enum rc find_command(struct op *op, const struct request *r, struct stage *s)
{
	s->command = op->run->command = modules_command(op->run->modules, r->command);
	if (!s->command)
		return fail(op, RC_INVALID, "command", "", "没有命令 %.*s", "no command %.*s",
		            STR_ARG(r->command));
	return RC_OK;
}

static enum rc read_data(struct op *op, const struct request *r, struct stage *s)
{
	const struct command *c = s->command;

	if (!r->data || r->data->type != JSON_OBJECT)
		return fail(op, RC_INVALID, "data", "", "命令 %s 缺内容", "command %s lacks its data", c->name);
	s->in = arena_alloc(op->arena, c->size ? c->size : 1);
	return field_read(op, c->fields, c->nfields, r->data, s->in);
}

enum { UUID_LENGTH = 36 };

static bool uuid_valid(struct str s)
{
	static const char FORM[UUID_LENGTH + 1] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	static const char DIGITS[] = "0123456789abcdefABCDEF";
	size_t i;

	for (i = 0; i < s.n && FORM[i]; i++)
		if (FORM[i] == '-' ? s.s[i] != '-' : !memchr(DIGITS, s.s[i], sizeof(DIGITS) - 1))
			return false;
	return s.n == UUID_LENGTH;
}

/* The texts that travel beside are those of the act, and the reason of an exception is one. */
static enum rc check_texts(struct op *op, const struct request *r)
{
	struct hash mac;
	size_t i;

	if (r->exception.n && !hex_decode(r->exception, mac.b, sizeof(mac.b)))
		return fail(op, RC_INVALID, "exception", "", "特批理由应以校验值（64 位十六进制）出现",
		            "the reason of an exception stands as its HMAC (64 hex digits)");
	for (i = 0; i < r->nbeside; i++) {
		const struct beside *b = &r->beside[i];

		if (b->vault)
			continue;
		mac = hash_hmac_sha256(b->salt, sizeof(b->salt), b->text.s, b->text.n);
		if (!str_eq(hash_hex(op->arena, &mac), b->mac))
			return fail(op, RC_INVALID, "beside", "", "随附文本与命令中的校验值不符",
			            "a text beside the act does not give its HMAC");
	}
	return RC_OK;
}

/* What stands beside the fields goes into the entry as it is: no prose, no other examination. */
static enum rc check_beside(struct op *op, const struct request *r)
{
	struct str exam = op->run->writer->exam;

	if (!uuid_valid(r->key))
		return fail(op, RC_INVALID, "key", "", "幂等键应为 UUID（%d 个字符）",
		            "the idempotency key is a UUID (%d characters)", UUID_LENGTH);
	if (r->exam.n && !str_eq(r->exam, exam))
		return fail(op, RC_INVALID, "exam", "", "本台账属于考试 %.*s",
		            "this ledger is for the examination %.*s", STR_ARG(exam));
	return check_texts(op, r);
}

/* Said of a number that nothing has, and of one whose place is not the sender's to know. */
static enum rc nothing_named(struct op *op, const struct command *c, const void *in)
{
	const struct field *f = field_find(c->fields, c->nfields, str_of(c->place_by));
	const void *v = (const char *)in + f->offset;
	struct str code;

	if (f->type == F_CODE)
		code = *(const struct str *)v;
	else
		code = str_fmt(op->arena, "%lld", (long long)*(const int64_t *)v);
	return fail(op, RC_NOT_FOUND, c->place_by, c->cites ? c->cites : "",
	            "%s%.0s %s：没有此项，或不在授权范围内，请核对编号",
	            "%.0s%s %s: there is none, or it is not under your grants; check the number",
	            f->zh, f->en, code.s);
}

static enum rc find_place(struct op *op, const struct command *c, const void *in)
{
	const struct field *f;
	enum rc rc;

	if (c->place_of) {
		rc = c->place_of(op, in, &op->run->place);
		return rc == RC_NOT_FOUND && c->place_by ? nothing_named(op, c, in) : rc;
	}
	f = field_find(c->fields, c->nfields, STR("place"));
	op->run->place = *(const struct str *)(const void *)((const char *)in + f->offset);
	return RC_OK;
}

/* Before its data are read: he who may not give it at all learns nothing of them. */
static enum rc admit_sender(struct op *op, const struct request *r, const struct command *c,
                            bool *ret_founding)
{
	const struct writer *w = op->run->writer;

	*ret_founding = !op->actor.v && c->founding && !authority_is_founded(w->authority);
	if (*ret_founding)
		return RC_OK;
	if (op->actor.v < 1)
		return fail(op, RC_DENIED, "actor", "", "命令 %s 须由登记人员发出（--as）",
		            "command %s needs a registered person (--as)", c->name);
	return authority_check_sender(op, c, r->data);
}

/* Where it happens. */
static enum rc admit(struct op *op, const struct command *c, const void *in, bool founding)
{
	enum rc rc;

	if (founding || str_is(str_of(c->allow[0].role), "anyone"))
		return RC_OK;
	rc = authority_check(op, c, op->run->place);
	if (rc == RC_DENIED && c->place_by &&
	    !authority_near(op->run->writer->authority, op->actor, op->run->place, op->now_ms))
		return nothing_named(op, c, in);
	return rc;
}

/* What an examination does without cannot be ordered in it; what happened is recorded. */
static enum rc check_on(struct op *op, const struct command *c)
{
	const struct profile *p = op_profile(op);
	const struct module *m;
	const struct profile_off *off;

	if (c->kind == FACT || !p->lists.noff)
		return RC_OK;
	m = modules_command_owner(op->run->modules, c);
	off = m ? profile_off(p, m->name) : NULL;
	if (!off)
		return RC_OK;
	return fail(op, RC_CONFLICT, "command", off->why.source.s,
	            "考试配置 %s 未启用模块 %s，不受理 %s", "the profile %s does without the module %s: "
	            "%s is not taken", p->id.s, m->name, c->name);
}

static enum rc check_exception(struct op *op, const struct request *r)
{
	size_t i;

	if (!r->exception.n)
		return RC_OK;
	for (i = 0; i < r->nslots; i++)
		if (str_is(r->slots[i].slot, "approver"))
			return RC_OK;
	return fail(op, RC_INVALID, "approver", "", "特批须有批准人签名（--slot approver=…）",
	            "an exception needs an approver's signature (--slot approver=…)");
}

/* The data of a half-signed act, now complete, under its own sender. */
struct resumed {
	struct request request;
	struct stage stage;
};

static enum rc resume(struct op *op, const struct pending *p, const struct request *signing,
                      struct resumed *ret)
{
	struct request *q = &ret->request;
	struct str happened = json_str(p->act, "happened");

	*q = *signing;
	q->command = json_str(p->act, "command");
	q->data = json_get(p->act, "data");
	q->actor.v = json_int(p->act, "actor", 0);
	q->exception = json_str(p->act, "exception");
	q->beside = NULL;
	q->nbeside = 0;
	if (!clock_parse(happened, &q->happened_ms))
		q->happened_ms = 0;
	if (!clock_parse(json_str(p->act, "time"), &q->noted_ms))
		q->noted_ms = 0;
	if (!source_parse(json_str(p->act, "source"), &q->source))
		return fail(op, RC_BROKEN, "source", "", "待签命令的来源不可读",
		            "the source of the act that waits cannot be read");
	TRY(find_command(op, q, &ret->stage));
	TRY(read_data(op, q, &ret->stage));
	q->beside = slot_texts(op->arena, ret->stage.command, ret->stage.in, q->exception, p->begun,
	                       &q->nbeside);
	return RC_OK;
}

/* Runs the rule of an act whose last slot has just been filled.  A refusal is kept beside the
 * signature; *ret_refusal then says why. */
static enum rc run_resumed(struct op *op, const struct pending *p, struct resumed *x,
                           struct err *ret_refusal)
{
	struct run *run = op->run;
	struct writer_mark mark;
	enum rc rc;

	run->request = &x->request;
	op->actor = x->request.actor;
	run->act = (struct str){"", 0};
	run->act_index = -1;
	run->act_at = p->begun;
	run->cause = run->first;
	TRY(writer_mark(op, run->writer, MARK_FULL, &mark));
	/* A fact has happened; an order needs its sender's right at the moment it takes effect. */
	rc = x->stage.command->kind == FACT ? RC_OK
	                                    : authority_check(op, x->stage.command, run->place);
	if (rc == RC_OK)
		rc = check_on(op, x->stage.command);
	if (rc == RC_OK)
		rc = x->stage.command->run(op, x->stage.in);
	if (rc == RC_OK)
		return writer_keep(op, run->writer, &mark);
	if (fatal(rc))
		return rc;
	*ret_refusal = op->err;
	TRY(writer_back(op, run->writer, &mark));
	run->act_index = -1;
	return x->stage.command->kind == GUARDED ? order_refuse(op, x->stage.command, ret_refusal)
	                                         : RC_OK;
}

/* The act that waits, and all its signatures with the new ones. */
static enum rc check_signatures(struct op *op, const struct request *r, int64_t begun,
                                struct pending *p, struct resumed *x, struct str *ret_missing)
{
	struct run *run = op->run;
	struct person_id signer = op->actor;
	enum rc rc;

	TRY(slot_pending(op, begun, p));
	if (!r->nslots)
		return fail(op, RC_INVALID, "slot", "", "请给出签名（--slot）",
		            "give a signature (--slot)");
	if (p->nslots + r->nslots > LIMIT_SLOTS)
		return fail(op, RC_INVALID, "slot", "", "签名多于 %d 个", "more than %d signatures",
		            LIMIT_SLOTS);
	for (size_t i = 0; i < r->nslots; i++)
		p->slots[p->nslots++] = r->slots[i];
	TRY(resume(op, p, r, x));
	run->request = &x->request; /* its exception and its sender count, not the signer's */
	op->actor = x->request.actor;
	rc = slots_check(op, x->stage.command, p->place, p->slots, p->nslots, p->nslots - r->nslots,
	                 p->act, ret_missing);
	run->request = r;
	op->actor = signer;
	return rc;
}

static enum rc sign(struct op *op, const struct request *r, const struct slot_sign *in,
                    struct answer *ret)
{
	struct run *run = op->run;
	struct pending p;
	struct resumed x = {0};
	struct err refusal = {0};
	struct str missing;
	struct person_id signer = op->actor;
	struct hash act_hash;
	int64_t device = run->device, seq = run->seq, act_index;
	enum rc rc;

	rc = check_signatures(op, r, in->begun, &p, &x, &missing);
	if (rc != RC_OK)
		return slot_refuse(op, in->begun, rc);
	run->command = modules_command(run->modules, STR(SLOT_SIGN));
	TRY(slot_fill(op, p.begun, r->slots, r->nslots));
	act_hash = run->act_hash;
	act_index = run->act_index;
	if (missing.n) {
		ret->waiting = true;
		return RC_OK;
	}
	run->command = x.stage.command;
	run->slots = slots_sorted(op->arena, p.slots, p.nslots);
	run->nslots = p.nslots;
	TRY(run_resumed(op, &p, &x, &refusal));
	/* From here it is the last signer's own act again. */
	run->request = r;
	op->actor = signer;
	run->act_index = act_index;
	run->act_hash = act_hash;
	run->device = device;
	run->seq = seq;
	TRY(slot_complete(op, p.begun));
	if (refusal.rc != RC_OK) {
		ret->rc = refusal.rc;
		ret->err = refusal;
	}
	return RC_OK;
}

static enum rc run_signed(struct op *op, const struct request *r, struct stage *s, bool founding,
                          struct answer *ret)
{
	struct run *run = op->run;
	struct json *act = NULL;
	struct str missing = {"", 0};
	size_t i;

	if (str_is(r->command, SLOT_SIGN))
		return sign(op, r, s->in, ret);
	for (i = 0; i < r->nslots && !act; i++)
		if (r->slots[i].how == SLOT_KEY)
			TRY(json_read(op, run->act, &act));
	if (founding && r->nslots)
		return fail(op, RC_INVALID, "slot", "", "组建期间由系统登记，不带签名",
		            "the foundation is recorded by the system, without signatures");
	if (!founding)
		TRY(slots_check(op, s->command, run->place, r->slots, r->nslots, 0, act, &missing));
	run->slots = slots_sorted(op->arena, r->slots, r->nslots);
	run->nslots = r->nslots;
	if (missing.n) {
		ret->waiting = true;
		return slot_begin(op, s->command, s->in, missing);
	}
	s->judged = true;
	return s->command->run(op, s->in);
}

static enum rc perform(struct op *op, const struct request *r, struct stage *s, struct answer *ret)
{
	bool founding;

	TRY(find_command(op, r, s));
	TRY(admit_sender(op, r, s->command, &founding));
	TRY(check_beside(op, r));
	TRY(read_data(op, r, s));
	TRY(find_place(op, s->command, s->in));
	TRY(admit(op, s->command, s->in, founding));
	TRY(act_build(op, r));
	s->admitted = true;
	TRY(check_on(op, s->command));
	TRY(check_exception(op, r));
	return run_signed(op, r, s, founding, ret);
}

/* The data's canonical bytes stay with the run: the act is made of them. */
static struct hash body_of(struct op *op, const struct request *r)
{
	static const struct hash NONE;
	struct strbuf b;
	size_t head;

	if (!hash_eq(&r->body, &NONE))
		return r->body;
	strbuf_init(&b, op->arena);
	strbuf_adds(&b, r->command);
	strbuf_addc(&b, ' ');
	strbuf_addi(&b, r->actor.v);
	strbuf_addc(&b, ' ');
	head = b.n;
	if (r->data)
		json_canonical_to(&b, r->data);
	op->run->canonical = (struct str){b.s + head, b.n - head};
	return hasher_of(op->run->writer->ledger.hasher, b.s, b.n);
}

static void fill_answer(struct op *op, enum rc rc, struct answer *ret)
{
	if (rc != RC_OK) {
		ret->rc = rc;
		ret->err = op->err;
	}
	ret->index = op->run->first;
	ret->leaf = op->run->leaf;
	ret->next_seq = op->run->next_seq;
	ret->head = op->run->head;
}

/* A guarded order was refused: its savepoint is gone, its refusal is recorded in a new one. */
static enum rc record_refusal(struct op *op, const struct request *r, const struct stage *s)
{
	struct run *run = op->run;
	struct str place = str_copy(op->arena, run->place);
	struct err why = op->err;
	enum rc rc;

	run->first = run->cause = run->act_index = -1;
	run->depth = 0;
	run->place = place;
	random_at(op->random, run->writer->ledger.next.size);
	rc = order_refuse(op, s->command, &why);
	(void)r;
	op->err = why;
	return rc;
}

/* An earlier answer was not always yes: the entries say what it was. */
static enum rc answer_again(struct op *op, struct str entry, struct answer *ret)
{
	struct writer *w = op->run->writer;
	struct json *o;
	struct str type, next;
	struct hash leaf;

	TRY(json_read(op, entry, &o));
	type = json_str(o, "type");
	ret->waiting = str_is(type, "slot.begun");
	while (str_is(type, "slot.filled") || str_is(type, "order.excepted")) {
		if ((uint64_t)json_int(o, "idx", 0) + 1 >= w->ledger.next.size)
			return RC_OK;
		TRY(ledger_entry(op, &w->ledger, (uint64_t)json_int(o, "idx", 0) + 1, &next, &leaf));
		TRY(json_read(op, next, &o));
		if (json_int(o, "cause", -1) != ret->index) {
			ret->waiting = str_is(type, "slot.filled");
			return RC_OK;
		}
		type = json_str(o, "type");
	}
	if (!str_is(type, "order.refused"))
		return RC_OK;
	return fail(op, rc_parse(json_str(json_get(o, "data"), "code")),
	            json_str(json_get(o, "data"), "field").s, "", "此指令先前已被拒绝（第 %lld 条）",
	            "this order was refused before (entry %lld)", (long long)json_int(o, "idx", 0));
}

static enum rc find_receipt(struct op *op, const struct request *r, const struct hash *body,
                            struct answer *ret)
{
	struct writer *w = op->run->writer;
	struct str entry;
	uint64_t index;
	bool found;
	enum rc rc;

	if (!r->key.n)
		return RC_OK;
	rc = ledger_receipt_find(op, &w->ledger, r->device ? r->device : w->device, r->key, body,
	                         &found, &index);
	if (rc != RC_OK || !found)
		return rc;
	ret->repeated = true;
	ret->index = (int64_t)index;
	TRY(ledger_entry(op, &w->ledger, index, &entry, &ret->leaf));
	return answer_again(op, entry, ret);
}

/* After the rule: keep or take back, and record what must be recorded either way. */
static enum rc settle(struct op *op, const struct request *r, const struct stage *s,
                      const struct writer_mark *mark, enum rc rc, const struct hash *body,
                      struct answer *ret)
{
	struct writer *w = op->run->writer;

	if (fatal(rc))
		return rc;
	if (rc != RC_OK) {
		op->run->first = -1;
		TRY(writer_back(op, w, mark));
		if (s->admitted && s->command->kind == GUARDED && rc != RC_INVALID) {
			TRY(record_refusal(op, r, s));
			act_done(op);
			if (op->run->first >= 0 && s->judged)
				TRY(ledger_receipt_put(op, &w->ledger, r->device ? r->device : w->device, r->key,
				                       body, (uint64_t)op->run->first));
		}
		fill_answer(op, rc, ret);
		return RC_OK;
	}
	act_done(op);
	if (r->key.n && op->run->first >= 0)
		TRY(ledger_receipt_put(op, &w->ledger, r->device ? r->device : w->device, r->key, body,
		                       (uint64_t)op->run->first));
	TRY(writer_keep(op, w, mark));
	fill_answer(op, RC_OK, ret);
	return RC_OK;
}

/* Another device signs when it likes, and sends the signature with the act that is the head. */
static enum rc keep_head(struct writer *w, const struct request *r, struct answer *ret)
{
	struct hash head = hasher_of(w->ledger.hasher, r->act.s, r->act.n);
	struct run run;
	struct op op;
	enum rc rc;

	writer_op(w, &op, &run, clock_now_ms(w->clock));
	rc = device_keep_head(&op, r->device, r->seq, &head, r->head);
	if (rc != RC_OK)
		ret->err = op.err;
	return rc;
}

/* The head of this host's own chain is signed after so many acts. */
static enum rc sign_head(struct writer *w, int64_t seq_before, struct answer *ret)
{
	struct run run;
	struct op op;
	enum rc rc;

	if (w->device_seq == seq_before || w->device_seq % LIMIT_HEAD_ACTS != 0)
		return RC_OK;
	writer_op(w, &op, &run, clock_now_ms(w->clock));
	rc = device_sign_head(&op, w->device, w->device_seq, &w->device_head, &w->device_key);
	if (rc != RC_OK)
		ret->err = op.err;
	return rc;
}

enum rc request_run(struct writer *w, const struct request *r, struct answer *ret)
{
	int64_t seq_before = w->device_seq;
	struct stage s = {0};
	struct writer_mark mark;
	struct hash body;
	struct run run;
	struct op op;
	enum rc rc;

	*ret = (struct answer){.rc = RC_OK, .index = -1};
	writer_op(w, &op, &run, clock_now_ms(w->clock));
	body = body_of(&op, r);
	rc = find_receipt(&op, r, &body, ret);
	if (rc != RC_OK) {
		ret->rc = rc;
		ret->err = op.err;
	}
	if (rc != RC_OK || ret->repeated)
		return fatal(rc) ? rc : RC_OK;
	if (w->next_due_ms <= clock_now_ms(w->clock)) {
		TRY(timers_run(w, clock_now_ms(w->clock), UINT64_MAX));
		writer_op(w, &op, &run, clock_now_ms(w->clock));
	}
	run.request = r;
	run.asker = op.actor = r->actor;
	rc = writer_mark(&op, w, mark_for(w, r), &mark);
	if (rc == RC_OK)
		rc = settle(&op, r, &s, &mark, perform(&op, r, &s, ret), &body, ret);
	if (rc != RC_OK) {
		ret->rc = rc;
		ret->err = op.err;
		return rc;
	}
	if (ret->index >= 0 && run.act_index >= 0 && r->head.n && r->device && r->device != w->device)
		return keep_head(w, r, ret);
	return sign_head(w, seq_before, ret);
}

/* The rule went on after what op_also kept: the first of it is the answer. */
static enum rc all_faults(struct op *op, enum rc rc)
{
	struct run *run = op->run;

	if (fatal(rc) || !run->faults)
		return rc;
	rc = op_also(op, rc);
	if (rc != RC_OK || !run->nfaults)
		return rc;
	op->err = run->faults[0];
	return op->err.rc;
}

enum rc writer_try(struct writer *w, const struct request *r, struct answer *ret)
{
	size_t n;

	return writer_try_all(w, r, ret, NULL, 0, &n);
}

enum rc writer_try_all(struct writer *w, const struct request *r, struct answer *ret,
                       struct err *ret_faults, size_t max, size_t *ret_n)
{
	struct stage s = {0};
	struct hash body;
	struct run run;
	struct op op;
	enum rc rc;

	*ret = (struct answer){.rc = RC_OK, .index = -1};
	writer_op(w, &op, &run, clock_now_ms(w->clock));
	run.trial = true;
	run.faults = ret_faults;
	run.faults_max = max;
	run.request = r;
	run.asker = op.actor = r->actor;
	body = body_of(&op, r);
	rc = find_receipt(&op, r, &body, ret);
	/* The rule of the act that is signed may run only after the signature is recorded. */
	if (rc == RC_OK && !ret->repeated && str_is(r->command, SLOT_SIGN))
		rc = fail(&op, RC_INVALID, "command", "", "签名不能试办", "a signature cannot be tried");
	else if (rc == RC_OK && !ret->repeated)
		rc = all_faults(&op, perform(&op, r, &s, ret));
	*ret_n = run.nfaults;
	if (rc != RC_OK) {
		ret->rc = rc;
		ret->err = op.err;
	}
	return rc;
}
