/* SPDX-License-Identifier: Apache-2.0 */
/* audit_world.c -- see audit_world.h. */
#include "audit_world.h"

#include <stdio.h>

#include "app/office.h"

#define START_MS INT64_C(1749171600000) /* 2025-06-06T01:00:00Z */
#define COUNTY   "sc/cd/jn"
#define EXAM     "demo-2025"
#define ASSET    "paper.chinese.paper"
#define STOCK    1000000
enum { BATCH = 16384, SIGNED_EVERY = 100, KEEPER = 101, OTHER_KEEPER, COURIER, OTHER_COURIER };

struct pen {
	struct op *op;
	struct office *o;
	struct arena a; /* of one entry */
	struct str origin, time, prev;
	int64_t auth, seq, acts, time_ms;
	struct ed25519_key guard[2];
	struct hasher *hasher;
	struct audit_world *made;
};

/* The envelope around what stands before "exam"; `slots` empty: none. */
static enum rc append(struct pen *p, const char *type, struct str front, const char *place,
                      struct str slots, bool act)
{
	struct ledger *l = &p->o->writer.ledger;
	int64_t index = (int64_t)l->next.size;
	struct strbuf b;
	struct hash leaf;

	strbuf_init(&b, &p->a);
	strbuf_adds(&b, front);
	strbuf_addf(
		&b, ",\"exam\":\"" EXAM "\",\"idx\":%lld,\"nonce\":\"%016llx%016llx\",\"place\":\"%s\",",
		(long long)index, (unsigned long long)random_u64(&p->o->random),
		(unsigned long long)random_u64(&p->o->random), place);
	strbuf_adds(&b, slots);
	strbuf_addf(&b, "\"source\":\"%s\",\"time\":\"%s\",\"type\":\"%s\",\"v\":1}",
	            act ? "terminal" : "system", p->time.s, type);
	if (p->made->least == 0 || (int64_t)b.n < p->made->least)
		p->made->least = (int64_t)b.n;
	p->made->bytes += (int64_t)b.n;
	return ledger_append(p->op, l, strbuf_str(&b), &leaf);
}

static enum rc plain(struct pen *p, const char *type, const char *data, int64_t cause)
{
	struct str front =
		cause < 0 ? str_fmt(&p->a, "{\"actor\":0,\"auth\":%lld,\"clock\":\"virtual\",\"data\":%s",
	                        (long long)p->auth, data)
				  : str_fmt(&p->a,
	                        "{\"actor\":0,\"auth\":%lld,\"cause\":%lld,\"clock\":\"virtual\","
	                        "\"data\":%s",
	                        (long long)p->auth, (long long)cause, data);

	if (str_starts(str_of(type), STR("authority.")))
		p->auth = (int64_t)p->o->writer.ledger.next.size;
	return append(p, type, front, COUNTY, STR(""), false);
}

static struct str hash_text(struct pen *p, struct str s)
{
	struct hash h;

	hasher_start(p->hasher);
	hasher_add(p->hasher, s.s, s.n);
	h = hasher_end(p->hasher);
	return hash_hex(&p->a, &h);
}

/* Two patrollers, by badge or each with a signature over the statement. */
static struct str patrollers(struct pen *p, const char *key, const char *data, bool with_keys)
{
	struct str statement = str_fmt(&p->a,
	                               "{\"command\":\"custody.patrol\",\"data\":%s,\"exam\":\"" EXAM
	                               "\",\"key\":\"%s\",\"origin\":\"%s\"}",
	                               data, key, p->origin.s);
	struct str sig[2];

	if (!with_keys)
		return STR("\"slots\":[{\"how\":\"badge\",\"person\":101,\"slot\":\"patroller\"},"
		           "{\"how\":\"badge\",\"person\":102,\"slot\":\"patroller\"}],");
	statement = hash_text(p, statement);
	for (int i = 0; i < 2; i++) {
		struct str m =
			str_fmt(&p->a, "gongyuan/slot/v1\npatroller\n%d\n%s\n", KEEPER + i, statement.s);
		struct signature s = ed25519_sign(&p->guard[i], m.s, m.n);

		sig[i] = hex_encode(&p->a, s.b, sizeof(s.b));
	}
	p->made->signatures += 2;
	return str_fmt(&p->a,
	               "\"slots\":[{\"how\":\"key\",\"person\":101,\"sig\":\"%s\",\"slot\":"
	               "\"patroller\"},{\"how\":\"key\",\"person\":102,\"sig\":\"%s\",\"slot\":"
	               "\"patroller\"}],",
	               sig[0].s, sig[1].s);
}

/* An act of the host's device, and the entry that holds it. */
static enum rc act(struct pen *p, const char *command, int64_t actor, const char *key,
                   const char *data, const char *type, const char *event, struct str slots)
{
	struct str text =
		str_fmt(&p->a,
	            "{\"actor\":%lld,\"command\":\"%s\",\"data\":%s,\"device\":2,\"exam\":\"" EXAM "\","
	            "\"happened\":\"%s\",\"key\":\"%s\",\"link\":0,\"origin\":\"%s\",\"prev\":\"%s\","
	            "\"seq\":%lld,\"source\":\"terminal\",\"time\":\"%s\"}",
	            (long long)actor, command, data, p->time.s, key, p->origin.s, p->prev.s,
	            (long long)++p->seq, p->time.s);
	struct str hash = hash_text(p, text);
	struct str front = str_fmt(&p->a,
	                           "{\"act\":%s,\"actor\":%lld,\"auth\":%lld,"
	                           "\"clock\":\"virtual\",\"data\":%s",
	                           text.s, (long long)actor, (long long)p->auth, event);

	memcpy((char *)(uintptr_t)p->prev.s, hash.s, 64);
	p->acts++;
	return append(p, type, front, COUNTY, slots, true);
}

static enum rc head(struct pen *p)
{
	struct str m = str_fmt(&p->a, "gongyuan/device/v1\n%s\n2\n%lld\n%s\n", p->origin.s,
	                       (long long)p->seq, p->prev.s);
	struct signature s = ed25519_sign(&p->o->device_key, m.s, m.n);

	p->made->signatures++;
	return plain(p, "device.head_signed",
	             str_fmt(&p->a, "{\"device\":2,\"head\":\"%s\",\"seq\":%lld,\"sig\":\"%s\"}",
	                     p->prev.s, (long long)p->seq, hex_encode(&p->a, s.b, sizeof(s.b)).s)
	                 .s,
	             -1);
}

static const char *key_of(struct pen *p)
{
	return str_fmt(&p->a, "01974a5e-0000-7000-8000-%012llx", (unsigned long long)p->seq).s;
}

static enum rc patrol(struct pen *p, bool with_keys)
{
	int64_t at = (int64_t)p->o->writer.ledger.next.size;
	const char *key = key_of(p);
	const char *data = str_fmt(&p->a,
	                           "{\"dry\":true,\"place\":\"" COUNTY "\",\"seals\":true,"
	                           "\"temperature\":%lld}",
	                           18 + (long long)(p->seq % 7))
	                       .s;

	TRY(act(p, "custody.patrol", KEEPER, key, data, "custody.patrolled", data,
	        patrollers(p, key, data, with_keys)));
	return plain(
		p, "expectation.met",
		str_fmt(
			&p->a,
			"{\"due\":\"%s\",\"expectation\":%lld,\"rule\":\"custody.patrol\",\"subject\":\"" COUNTY
			"\"}",
			p->time.s, (long long)at - 4)
			.s,
		at);
}

/* Thirty copies go out, thirty come back with the next hand-over. */
static enum rc hand_over(struct pen *p)
{
	static const struct str OUT =
		STR("\"slots\":[{\"how\":\"badge\",\"person\":101,\"slot\":\"giver\"},{\"how\":\"badge\","
	        "\"person\":102,\"slot\":\"giver\"},{\"how\":\"badge\",\"person\":103,\"slot\":"
	        "\"receiver\"},{\"how\":\"badge\",\"person\":104,\"slot\":\"receiver\"}],");
	int64_t at = (int64_t)p->o->writer.ledger.next.size;
	const char *key = key_of(p);
	bool back = (p->seq / 2) % 2 == 1;
	const char *from = back ? "vehicle:V3" : COUNTY, *to = back ? COUNTY : "vehicle:V3";
	const char *data = str_fmt(&p->a,
	                           "{\"bags\":[{\"bag\":\"J25%07lld\"}],\"from\":\"%s\","
	                           "\"place\":\"" COUNTY "\",\"to\":\"%s\"}",
	                           (long long)(p->seq / 4), from, to)
	                       .s;
	const char *event = str_fmt(&p->a,
	                            "{\"bags\":[{\"bag\":\"J25%07lld\"}],\"from\":\"%s\","
	                            "\"lines\":[{\"asset\":\"" ASSET "\",\"from\":\"%s\",\"qty\":30,"
	                            "\"to\":\"%s\"}],\"to\":\"%s\"}",
	                            (long long)(p->seq / 4), from, from, to, to)
	                        .s;

	TRY(act(p, "custody.hand_over", KEEPER, key, data, "custody.handed_over", event, OUT));
	return plain(p, "expectation.opened",
	             str_fmt(&p->a,
	                     "{\"due\":\"%s\",\"expectation\":%lld,\"rule\":\"custody.return\","
	                     "\"subject\":\"J25%07lld\"}",
	                     p->time.s, (long long)at, (long long)(p->seq / 4))
	                 .s,
	             at);
}

static enum rc granted(struct pen *p, int64_t person, const char *role)
{
	return plain(p, "authority.granted",
	             str_fmt(&p->a, "{\"person\":%lld,\"place\":\"" COUNTY "\",\"role\":\"%s\"}",
	                     (long long)person, role)
	                 .s,
	             -1);
}

static enum rc found(struct pen *p)
{
	static const uint8_t SEED[2][32] = {{'k', 1}, {'k', 2}};

	for (int i = 0; i < 2; i++) {
		p->guard[i] = ed25519_from_seed(SEED[i]);
		TRY(plain(p, "authority.key_registered",
		          str_fmt(&p->a, "{\"key\":\"%s\",\"person\":%d}",
		                  hex_encode(&p->a, p->guard[i].pub.b, 32).s, KEEPER + i)
		              .s,
		          -1));
		TRY(granted(p, KEEPER + i, "store_keeper"));
		TRY(granted(p, COURIER + i, "courier"));
	}
	TRY(plain(p, "authority.founded", "{}", -1));
	TRY(plain(
		p, "custody.bag_registered",
		str_fmt(&p->a, "{\"asset\":\"" ASSET "\",\"copies\":%d,\"holder\":\"" COUNTY "\"}", STOCK)
			.s,
		(int64_t)p->o->writer.ledger.next.size - 1));
	*p->made = (struct audit_world){0}; /* what is counted follows */
	return RC_OK;
}

/* The next few entries. */
static enum rc more(struct pen *p, int64_t entries)
{
	int64_t at = (int64_t)p->o->writer.ledger.next.size;

	arena_reset(&p->a);
	p->time_ms += 40;
	p->time = clock_format_utc(&p->a, p->time_ms);
	if (p->acts >= LIMIT_HEAD_ACTS || at + 1 == entries) {
		p->acts = 0;
		return head(p);
	}
	if (p->seq % 2 == 0)
		return patrol(p, p->seq % (SIGNED_EVERY / 2) == 0);
	return hand_over(p);
}

static enum rc batch(struct pen *p, int64_t entries)
{
	struct ledger *l = &p->o->writer.ledger;
	enum rc rc = store_begin(p->op, &p->o->store);
	uint64_t until = l->next.size + BATCH;

	if (rc == RC_OK && p->prev.n == 0) {
		p->prev = str_fmt(p->op->arena, "%064d", 0);
		rc = found(p);
	}
	while (rc == RC_OK && l->next.size < until && (int64_t)l->next.size < entries)
		rc = more(p, entries);
	if (rc == RC_OK)
		rc = ledger_seal(p->op, l);
	if (rc == RC_OK)
		rc = store_commit(p->op, &p->o->store);
	if (rc != RC_OK) {
		store_rollback(&p->o->store);
		return rc;
	}
	ledger_committed(l);
	return RC_OK;
}

enum rc audit_world_make(struct op *op, struct str dir, struct str profile, int64_t entries,
                         struct audit_world *ret)
{
	struct office *o = ARENA_NEW(op->arena, struct office);
	struct office_options how = {.data = dir, .write = true, .at_ms = START_MS};
	struct office_new fresh = {
		.origin = STR("bench.example/audit"), .profile = profile, .drill = true, .seed = 1};
	struct pen p = {.op = op,
	                .o = o,
	                .time_ms = START_MS,
	                .made = ret,
	                .auth = 2,
	                .hasher = hasher_new(HASH_SHA256)};
	enum rc rc = office_found(op, &how, &fresh, o);
	struct str note;

	*ret = (struct audit_world){0};
	p.origin = o->origin;
	p.time = clock_format_utc(op->arena, START_MS);
	for (int64_t i = 0; rc == RC_OK && (int64_t)o->writer.ledger.next.size < entries; i++) {
		rc = batch(&p, entries);
		if (i % 16 == 0)
			fprintf(stderr, "\rwrite %llu / %lld ", (unsigned long long)o->writer.ledger.next.size,
			        (long long)entries);
	}
	if (rc == RC_OK)
		rc = office_sign(op, o, &note);
	fprintf(stderr, "\rwrite %lld          \n", (long long)entries);
	ret->entries = rc == RC_OK ? (int64_t)o->writer.ledger.next.size : 0;
	office_release(o);
	hasher_free(p.hasher);
	arena_release(&p.a);
	return rc;
}
