/* SPDX-License-Identifier: Apache-2.0 */
/* hand.c -- see hand.h: entries, acts and signatures.  Files are written by hand_store.c. */
#include "hand.h"

#include "base/clock.h"

#define START_MS INT64_C(1749171600000)

struct ed25519_key hand_key(int64_t person)
{
	uint8_t seed[32] = {0};

	memcpy(seed, &person, sizeof(person));
	return ed25519_from_seed(seed);
}

static struct str canonical(struct hand *h, struct str text)
{
	struct json *o = NULL;

	if (json_read(&h->op, text, &o) != RC_OK) {
		print_error("%s in %.*s\n", h->op.err.en, STR_ARG(text));
		assert_true(false);
	}
	return json_canonical(&h->arena, o);
}

static struct str hex_of(struct hand *h, struct str bytes)
{
	struct hash x = hash_sha256(bytes.s, bytes.n);

	return hash_hex(&h->arena, &x);
}

/* The members of a pen's slots, and their signatures. */
static struct str slots_text(struct hand *h, const struct pen *p, const struct hash *statement)
{
	struct str rest = str_of(p->slots), word, slot, how, person, hex = hash_hex(&h->arena,
	                                                                            statement);
	struct strbuf b;

	strbuf_init(&b, &h->arena);
	strbuf_addc(&b, '[');
	while (rest.n > 0) {
		int64_t who = 0;

		if (!str_cut(rest, ' ', &word, &rest)) {
			word = rest;
			rest = STR("");
		}
		assert_true(str_cut(word, '=', &slot, &word));
		assert_true(str_cut(word, ':', &how, &person));
		assert_true(str_to_i64(person, &who));
		strbuf_addf(&b, "%s{\"how\":\"%.*s\",\"person\":%lld,\"slot\":\"%.*s\"",
		            b.n > 1 ? "," : "",
		            STR_ARG(how), (long long)who, STR_ARG(slot));
		if (str_is(how, "phone"))
			strbuf_addz(&b, ",\"note\":\"13800000000/0912/21\"");
		if (str_is(how, "key")) {
			struct ed25519_key key = hand_key(who);
			struct str m = str_fmt(&h->arena, "gongyuan/slot/v1\n%.*s\n%lld\n%s\n",
			                       STR_ARG(slot),
			                       (long long)who, hex.s);
			struct signature sig = ed25519_sign(&key, m.s, m.n);

			strbuf_addf(&b, ",\"sig\":\"%s\"",
			            hex_encode(&h->arena, sig.b, sizeof(sig.b)).s);
		}
		strbuf_addc(&b, '}');
	}
	strbuf_addc(&b, ']');
	return strbuf_str(&b);
}

static struct str act_text(struct hand *h, const struct pen *p)
{
	struct str key = p->key ? str_of(p->key)
	                        : str_fmt(&h->arena, "01970000-0000-7000-8000-%012zx", h->n);
	struct str time = clock_format_utc(&h->arena, h->time_ms);
	struct str act, statement;

	act = canonical(h, str_fmt(&h->arena,
		"{\"actor\":%lld,\"command\":\"%s\",\"data\":%s,\"device\":%lld,"
		"\"exam\":\"demo-2025\",%s%s%s\"happened\":\"%s\",\"key\":\"%s\",\"link\":0,"
		"\"origin\":\"" HAND_ORIGIN "\","
		"\"prev\":\"%s\",\"seq\":%lld,\"source\":\"office\",\"time\":\"%s\"}",
		(long long)p->actor, p->command, p->act_data ? p->act_data : "{}",
		(long long)h->device_id, p->exception ? "\"exception\":\"" : "",
		p->exception ? p->exception : "", p->exception ? "\"," : "", time.s, key.s,
		h->prev.s, (long long)++h->seq, time.s));
	statement = canonical(h, str_fmt(&h->arena,
		"{\"command\":\"%s\",\"data\":%s,\"exam\":\"demo-2025\",\"key\":\"%s\","
		"\"origin\":\"" HAND_ORIGIN "\"}",
		p->command, p->act_data ? p->act_data : "{}", key.s));
	h->statement[h->n] = hash_sha256(statement.s, statement.n);
	h->prev = hex_of(h, act);
	return act;
}

void hand_write(struct hand *h, const struct pen *p)
{
	size_t signs = p->sign_at > 0 ? (size_t)p->sign_at : h->n;
	struct strbuf b;

	assert_true(h->n < HAND_MAX);
	h->time_ms += 1000;
	strbuf_init(&b, &h->arena);
	strbuf_addf(&b, "{\"actor\":%lld,\"auth\":%lld,\"clock\":\"system\",\"data\":%s,",
	            (long long)p->actor, (long long)h->auth, p->data ? p->data : "{}");
	if (p->command)
		strbuf_addf(&b, "\"act\":%s,", act_text(h, p).s);
	if (p->act_at > 0)
		strbuf_addf(&b, "\"act_at\":%lld,", (long long)p->act_at);
	if (p->cause > 0)
		strbuf_addf(&b, "\"cause\":%lld,", (long long)p->cause);
	if (p->slots)
		strbuf_addf(&b, "\"slots\":%s,", slots_text(h, p, &h->statement[signs]).s);
	strbuf_addf(&b, "\"exam\":\"demo-2025\",\"idx\":%zu,\"nonce\":\"%032zx\",\"place\":\"%s\","
	            "\"source\":\"%s\",\"time\":\"%s\",\"type\":\"%s\",\"v\":1}",
	            h->n, h->n * 7919, p->place ? p->place : "",
	            p->command || p->act_at ? "office" : "system",
	            clock_format_utc(&h->arena, h->time_ms).s, p->type);
	if (str_starts(str_of(p->type), STR("authority.")))
		h->auth = (int64_t)h->n;
	h->entry[h->n++] = canonical(h, strbuf_str(&b));
}

void hand_open(struct hand *h)
{
	const char *tmp = getenv("TMPDIR");
	struct str dir;

	*h = (struct hand){.time_ms = START_MS, .auth = -1};
	h->op = (struct op){.arena = &h->arena, .now_ms = START_MS + 3600000};
	dir = str_fmt(&h->arena, "%s/gy-hand-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp((char *)(uintptr_t)dir.s));
	h->dir = dir;
	h->log = hand_key(9001);
	h->device = hand_key(9002);
	for (int i = 0; i < 3; i++)
		h->witness[i] = hand_key(9003 + i);
	h->rules = STR(HAND_RULES);
	h->rules_hash = hex_of(h, h->rules);
	h->prev = str_fmt(&h->arena, "%064d", 0);
	h->device_id = AT_DEVICE;
}

static void key_registered(struct hand *h, int64_t person)
{
	struct ed25519_key k = hand_key(person);

	hand_write(h, &(struct pen){.type = "authority.key_registered", .data = str_fmt(&h->arena,
		"{\"key\":\"%s\",\"person\":%lld}", hex_encode(&h->arena, k.pub.b,
		                                               sizeof(k.pub.b)).s,
		(long long)person).s});
}

static void granted(struct hand *h, int64_t person, const char *role, const char *place)
{
	hand_write(h, &(struct pen){.type = "authority.granted", .data = str_fmt(&h->arena,
		"{\"person\":%lld%s%s%s,\"role\":\"%s\"}", (long long)person,
		place[0] ? ",\"place\":\"" : "", place, place[0] ? "\"" : "", role).s});
}

void hand_found(struct hand *h)
{
	static const int64_t KEYS[] = {COURIER, COURIER2, GUARD, GUARD2, STRANGER, SECURITY,
	                               AUDITOR};

	hand_write(h, &(struct pen){.type = "ledger.genesis", .data = str_fmt(&h->arena,
		"{\"format\":1,\"mode\":\"real\",\"node\":0,\"origin\":\"" HAND_ORIGIN "\","
		"\"profile\":\"%s\"}", h->prev.s).s});
	hand_write(h, &(struct pen){.type = "rules.adopted", .data = str_fmt(&h->arena,
		"{\"profile\":\"%s\",\"rules\":\"%s\"}", h->prev.s, h->rules_hash.s).s});
	hand_write(h, &(struct pen){.type = "authority.device_enrolled", .data = str_fmt(&h->arena,
		"{\"key\":\"%s\"}", hex_encode(&h->arena, h->device.pub.b, 32).s).s});
	for (size_t i = 0; i < COUNT(KEYS); i++)
		key_registered(h, KEYS[i]);
	granted(h, COURIER, "courier", STORE);
	granted(h, COURIER2, "courier", "sc/cd/jn");
	granted(h, GUARD, "guard", "sc/cd");
	granted(h, GUARD2, "guard", "");
	granted(h, STRANGER, "courier", "sc/cd/xx");
	granted(h, SECURITY, "security_admin", "");
	granted(h, AUDITOR, "audit_admin", "");
	hand_write(h, &(struct pen){.type = "authority.founded"});
}

void hand_slots(struct hand *h, const char *slots)
{
	hand_write(h, &(struct pen){.type = "custody.handed_over", .data = LINES, .place = STORE,
		.actor = COURIER, .command = "custody.hand_over", .act_data = LINES,
		.slots = slots});
}

void hand_head(struct hand *h)
{
	struct str m = str_fmt(&h->arena, "gongyuan/device/v1\n" HAND_ORIGIN "\n%lld\n%lld\n%s\n",
	                       (long long)h->device_id, (long long)h->seq, h->prev.s);
	struct signature sig = ed25519_sign(&h->device, m.s, m.n);

	hand_write(h, &(struct pen){.type = "device.head_signed", .data = str_fmt(&h->arena,
		"{\"device\":%lld,\"head\":\"%s\",\"seq\":%lld,\"sig\":\"%s\"}",
		(long long)h->device_id,
		h->prev.s, (long long)h->seq, hex_encode(&h->arena, sig.b, sizeof(sig.b)).s).s});
}

#define GIVERS "giver=key:11 giver=key:12 receiver=key:13"

void hand_full(struct hand *h, size_t size)
{
	hand_found(h);
	hand_write(h, &(struct pen){.type = "custody.printed", .place = STORE, .actor = COURIER,
		.data = "{\"asset\":\"chinese\",\"holder\":\"sc/cd/jn\",\"qty\":200}",
		.command = "custody.print", .act_data = "{\"qty\":200}"});
	hand_slots(h, GIVERS " receiver=paper:14");
	hand_write(h, &(struct pen){.type = "slot.begun", .place = STORE, .actor = COURIER,
		.data = "{\"command\":\"custody.hand_over\",\"missing\":\"receiver\"}",
		.command = "custody.hand_over", .act_data = LINES, .slots = GIVERS});
	hand_write(h, &(struct pen){.type = "slot.filled", .place = STORE, .actor = GUARD2,
		.data = "{\"begun\":20}", .command = "slot.sign", .act_data = "{\"begun\":20}",
		.slots = "receiver=key:14", .sign_at = AT_BEGUN});
	hand_write(h, &(struct pen){.type = "custody.handed_over", .data = LINES, .place = STORE,
		.actor = COURIER, .act_at = AT_BEGUN, .cause = AT_FILLED,
		.slots = GIVERS " receiver=key:14", .sign_at = AT_BEGUN});
	hand_write(h, &(struct pen){.type = "slot.completed", .data = "{\"begun\":20}",
		.place = STORE, .actor = COURIER, .cause = AT_FILLED});
	hand_head(h);
	while (h->n < size)
		hand_write(h, &(struct pen){.type = "timer.ticked"});
}

void hand_edit(struct hand *h, size_t index, const char *from, const char *to)
{
	struct str old = h->entry[index];
	const char *at = strstr(old.s, from);
	struct strbuf b;

	assert_non_null(at);
	strbuf_init(&b, &h->arena);
	strbuf_add(&b, old.s, (size_t)(at - old.s));
	strbuf_addz(&b, to);
	strbuf_addz(&b, at + strlen(from));
	h->entry[index] = strbuf_str(&b);
}

void hand_remove(struct hand *h, size_t index)
{
	memmove(&h->entry[index], &h->entry[index + 1], (h->n - index - 1) * sizeof(h->entry[0]));
	h->n--;
}

int hand_found_at(const struct report *r, enum finding_kind kind, int64_t index)
{
	int n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->list[i].kind == kind && r->list[i].index == index;
	return n;
}

bool hand_unchecked(const struct report *r, enum finding_kind kind)
{
	for (size_t i = 0; i < r->nunchecked; i++)
		if (r->unchecked[i].kind == kind)
			return true;
	return false;
}

int hand_show(const struct report *r)
{
	for (size_t i = 0; i < r->n && i < 20; i++)
		print_error("%s %lld: %s\n", finding_kind_text(r->list[i].kind),
		            (long long)r->list[i].index, r->list[i].en.s);
	for (size_t i = 0; i < r->nunchecked && r->n > 0; i++)
		print_error("not checked: %s: %s\n", finding_kind_text(r->unchecked[i].kind),
		            r->unchecked[i].en.s);
	return (int)r->n;
}

struct report *hand_audit(struct hand *h, struct str source, const char *known,
                          const char *policy)
{
	struct report *r = ARENA_NEW(&h->arena, struct report);
	struct audit_options o = {.source = source, .policy = str_of(policy), .threads = 2};

	if (known)
		o.known[o.nknown++] = hand_path(h, known);
	if (policy)
		o.policy = hand_path(h, policy);
	if (audit_run(&h->op, &o, r) != RC_OK) {
		print_error("audit: %s\n", h->op.err.en);
		assert_true(false);
	}
	return r;
}
