/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.c -- see terminal.h.  Written from docs/formats.md, with none of the server's code for
 * links and acts. */
#include "kit/check.h"

#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/terminal.h"

enum { AT_ONCE = 100 };
#define NO_ACT "0000000000000000000000000000000000000000000000000000000000000000"

static struct arena *arena(struct terminal *t)
{
	return &t->to->sh->arena;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void terminal_make(struct terminal *t, struct serving *to, const char *name)
{
	struct hash seed = hash_sha256(name, strlen(name));

	*t = (struct terminal){.to = to, .key = ed25519_from_seed(seed.b)};
	t->outbox = shell_path(to->sh, str_fmt(&to->sh->arena, "%s.outbox", name).s);
	shell_write(to->sh, t->outbox, "");
}

struct str terminal_key(struct terminal *t)
{
	return hex_encode(arena(t), t->key.pub.b, sizeof(t->key.pub.b));
}

void terminal_restart(struct terminal *t)
{
	t->link = t->seq = 0;
	t->link_key = t->prev = t->origin = t->exam = (struct str){0};
}

int terminal_link(struct terminal *t)
{
	static long nonces;
	struct arena *a = arena(t);
	struct str time = clock_format_utc(a, now_ms());
	struct str nonce = str_fmt(a, "%016lx%016lx", (unsigned long)now_ms(), ++nonces + getpid());
	struct str origin = STR("test.example/1"), m;
	struct signature sig;
	struct heard h;

	m = str_fmt(a, "gongyuan/link/v1\n%s\n%lld\n%s\n%s\n", origin.s, (long long)t->device, time.s,
	            nonce.s);
	sig = ed25519_sign(&t->key, m.s, m.n);
	ask(t->to, "POST", "/api/v1/links",
	    str_fmt(a, "{\"device\":%lld,\"time\":\"%s\",\"nonce\":\"%s\",\"signature\":\"%s\"}",
	            (long long)t->device, time.s, nonce.s, hex_encode(a, sig.b, 64).s).s, &h);
	if (h.status != 201)
		return h.status;
	t->link = json_int(h.doc, "link", 0);
	t->link_key = json_str(h.doc, "key");
	t->seq = json_int(h.doc, "seq", -1);
	t->prev = json_str(h.doc, "head");
	t->origin = json_str(h.doc, "origin");
	t->exam = json_str(h.doc, "exam");
	assert_true(t->link > 0 && t->seq >= 0 && t->link_key.n == 64 && t->prev.n == 64);
	return h.status;
}

int terminal_badge(struct terminal *t, const char *badge, const char *pin)
{
	struct arena *a = arena(t);
	struct str at = clock_format_utc(a, now_ms() - t->behind_ms), body, m, head;
	uint8_t key[32];
	struct heard h;
	struct hash mac;

	body = pin ? str_fmt(a, "{\"at\":\"%s\",\"badge\":\"%s\",\"pin\":\"%s\"}", at.s, badge, pin)
	           : str_fmt(a, "{\"at\":\"%s\",\"badge\":\"%s\",\"leave\":true}", at.s, badge);
	m = str_fmt(a, "gongyuan/badge/v1\n%s", body.s);
	assert_true(hex_decode(t->link_key, key, sizeof(key)));
	mac = hash_hmac_sha256(key, sizeof(key), m.s, m.n);
	head = str_fmt(a, "Gongyuan-Link: %lld\r\nGongyuan-Mac: %s\r\n", (long long)t->link,
	               hash_hex(a, &mac).s);
	t->to->head = head;
	ask(t->to, "POST", "/api/v1/badges", body.s, &h);
	t->to->head = (struct str){0};
	return h.status;
}

int terminal_read(struct terminal *t, int64_t person, const char *path, struct heard *ret)
{
	return terminal_read_with(t, person, path, path, ret);
}

int terminal_read_with(struct terminal *t, int64_t person, const char *said, const char *path,
                       struct heard *ret)
{
	struct arena *a = arena(t);
	struct str at = clock_format_utc(a, now_ms() - t->behind_ms), m, who = STR("");
	uint8_t key[32];
	struct hash mac;

	if (person)
		who = str_fmt(a, "%lld", (long long)person);
	m = str_fmt(a, "gongyuan/read/v2\n%s\n%s\n%s\n", at.s, who.s, said);
	assert_true(hex_decode(t->link_key, key, sizeof(key)));
	mac = hash_hmac_sha256(key, sizeof(key), m.s, m.n);
	t->to->head = str_fmt(a, "Gongyuan-Link: %lld\r\nGongyuan-At: %s\r\nGongyuan-Mac: %s\r\n",
	                      (long long)t->link, at.s, hash_hex(a, &mac).s);
	if (person)
		t->to->head = str_fmt(a, "%sGongyuan-Person: %s\r\n", t->to->head.s, who.s);
	ask(t->to, "GET", path, NULL, ret);
	t->to->head = (struct str){0};
	return ret->status;
}

/* The outbox. */
static void put_lines(struct terminal *t, struct str text)
{
	shell_write(t->to->sh, t->outbox, text.s);
}

static struct json *quoted(struct terminal *t, const char *text)
{
	struct op op = {.arena = arena(t)};
	struct str copy = str_dup(arena(t), text, strlen(text));
	struct json *o;

	for (char *c = (char *)(uintptr_t)copy.s; *c; c++)
		if (*c == '\'')
			*c = '"';
	assert_ok(json_read(&op, copy, &o));
	return o;
}

/* A member's value, for another object. */
static struct json *copy_of(struct terminal *t, const struct json *o, const char *name)
{
	return quoted(t, json_canonical(arena(t), json_get(o, name)).s);
}

/* A name is for the vault: its HMAC stands in the act, text and salt go beside it. */
static struct json *texts_of(struct terminal *t, struct json *data)
{
	struct arena *a = arena(t);
	struct json *list = json_new_array(a), *o;
	struct str text = json_str(data, "name");
	uint8_t salt[16] = {(uint8_t)++t->noted, (uint8_t)(t->noted >> 8), 7};
	struct hash mac;

	if (!text.n)
		return list;
	o = json_new_object(a);
	json_set_str(a, o, "field", STR("name"));
	json_set_str(a, o, "salt", hex_encode(a, salt, sizeof(salt)));
	json_set_str(a, o, "text", text);
	json_put(list, NULL, o);
	mac = hash_hmac_sha256(salt, sizeof(salt), text.s, text.n);
	json_set_str(a, data, "name", hash_hex(a, &mac));
	return list;
}

void terminal_note(struct terminal *t, int64_t actor, const char *command, const char *data,
                   const char *slots)
{
	struct arena *a = arena(t);
	struct json *o = json_new_object(a), *in = quoted(t, data);

	json_set_int(a, o, "actor", actor);
	json_put(o, "beside", texts_of(t, in));
	json_set_str(a, o, "command", str_of(command));
	json_put(o, "data", in);
	json_set_str(a, o, "key", str_fmt(a, "018f1111-0000-7000-8000-%06llx%06lx",
	                                  (unsigned long long)t->device & 0xffffff, ++t->noted));
	json_put(o, "slots", quoted(t, slots ? slots : "[]"));
	json_set_str(a, o, "time", clock_format_utc(a, now_ms() - t->behind_ms));
	if (t->older_ms)
		json_set_str(a, o, "happened", clock_format_utc(a, now_ms() - t->behind_ms - t->older_ms));
	put_lines(t, str_fmt(a, "%s%s\n", shell_read(t->to->sh, t->outbox).s,
	                     json_canonical(a, o).s));
}

static bool next_line(struct str *rest, struct str *ret)
{
	return str_cut(*rest, '\n', ret, rest);
}

size_t terminal_waiting(struct terminal *t)
{
	struct str rest = shell_read(t->to->sh, t->outbox), line;
	size_t n = 0;

	while (next_line(&rest, &line))
		n++;
	return n;
}

/* The first `n` have been answered. */
static void drop(struct terminal *t, size_t n)
{
	struct str rest = shell_read(t->to->sh, t->outbox), line;

	while (n-- > 0 && next_line(&rest, &line))
		;
	put_lines(t, str_copy(arena(t), rest));
}

/* Acts. */
struct str terminal_mac(struct terminal *t, struct str act, const struct json *slots,
                        struct str head)
{
	struct arena *a = arena(t);
	struct str text = slots ? json_canonical(a, slots) : STR("");
	struct str m = str_fmt(a, "%s\n%s\n%s\n", act.s, text.s, head.s ? head.s : "");
	uint8_t key[32];
	struct hash h;

	assert_true(hex_decode(t->link_key, key, sizeof(key)));
	h = hash_hmac_sha256(key, sizeof(key), m.s, m.n);
	return hash_hex(a, &h);
}

static struct str act_text(struct terminal *t, const struct json *o, int64_t seq, struct str prev)
{
	struct arena *a = arena(t);
	struct json *act = json_new_object(a);

	json_set_int(a, act, "actor", json_int(o, "actor", 0));
	json_set_str(a, act, "command", json_str(o, "command"));
	json_put(act, "data", copy_of(t, o, "data"));
	json_set_int(a, act, "device", t->device);
	json_set_str(a, act, "exam", t->exam);
	json_set_str(a, act, "happened", json_str(o, json_get(o, "happened") ? "happened" : "time"));
	json_set_str(a, act, "key", json_str(o, "key"));
	json_set_int(a, act, "link", t->link);
	json_set_str(a, act, "origin", t->origin);
	json_set_str(a, act, "prev", prev);
	json_set_int(a, act, "seq", seq);
	json_set_str(a, act, "source", STR("terminal"));
	json_set_str(a, act, "time", json_str(o, "time"));
	return json_canonical(a, act);
}

static struct str head_signature(struct terminal *t, int64_t seq, struct str act)
{
	struct arena *a = arena(t);
	struct hash h = hash_sha256(act.s, act.n);
	struct str m = str_fmt(a, "gongyuan/device/v1\n%s\n%lld\n%lld\n%s\n", t->origin.s,
	                       (long long)t->device, (long long)seq, hash_hex(a, &h).s);
	struct signature sig = ed25519_sign(&t->key, m.s, m.n);

	return hex_encode(a, sig.b, sizeof(sig.b));
}

struct str terminal_body(struct terminal *t, size_t most)
{
	struct arena *a = arena(t);
	struct op op = {.arena = a};
	struct str rest = shell_read(t->to->sh, t->outbox), line, prev = t->prev;
	struct json *list = json_new_array(a), *o, *item;
	int64_t seq = t->seq;

	while (list->count < most && next_line(&rest, &line)) {
		struct str act, head = STR("");
		struct json *slots;
		struct hash h;

		assert_ok(json_read(&op, line, &o));
		slots = copy_of(t, o, "slots");
		act = act_text(t, o, ++seq, prev);
		if (list->count + 1 == most || !rest.n) /* the newest of what is sent */
			head = head_signature(t, seq, act);
		item = json_new_object(a);
		json_set_str(a, item, "act", act);
		json_put(item, "beside", copy_of(t, o, "beside"));
		if (head.n)
			json_set_str(a, item, "head", head);
		json_set_str(a, item, "mac", terminal_mac(t, act, slots, head));
		json_put(item, "slots", slots);
		json_put(list, NULL, item);
		h = hash_sha256(act.s, act.n);
		prev = hash_hex(a, &h);
	}
	return json_canonical(a, list);
}

/* One answer; false: what follows was sent in vain and is sent again. */
static bool take_note(struct terminal *t, const struct json *answer, struct str act,
                      struct sent *ret)
{
	int64_t status = json_int(answer, "status", 0);
	struct hash h;

	if (json_int(answer, "index", -1) >= 0 && !status) {
		ret->taken++;
		ret->index = json_int(answer, "index", -1);
		drop(t, 1);
		if (json_bool(answer, "repeated", false))
			return true; /* the ledger has it by an older text */
		h = hash_sha256(act.s, act.n);
		t->prev = hash_hex(arena(t), &h);
		t->seq++;
		return true;
	}
	ret->status = (int)status;
	if (json_int(answer, "expected", 0)) {
		t->seq = json_int(answer, "expected", 0) - 1;
		t->prev = str_copy(arena(t), json_str(answer, "head"));
		return false;
	}
	if (status == 401)
		t->link = 0;
	if (status == 401 || status == 503)
		return false;
	ret->refused++;
	drop(t, 1);
	return false;
}

bool terminal_post(struct terminal *t, struct str body, struct sent *ret)
{
	struct op op = {.arena = arena(t)};
	const struct json *answer, *item;
	struct json *sent;

	assert_ok(json_read(&op, body, &sent));
	ret->posts++;
	ask(t->to, "POST", "/api/v1/acts", body.s, &ret->last);
	if (ret->last.status != 200 || !json_get(ret->last.doc, "answers"))
		return false;
	answer = json_get(ret->last.doc, "answers")->first;
	for (item = sent->first; item && answer; item = item->next, answer = answer->next)
		if (!take_note(t, answer, json_str(item, "act"), ret))
			break;
	return true;
}

bool terminal_flush(struct terminal *t, struct sent *ret)
{
	enum { MOST = 1000 };

	*ret = (struct sent){.index = -1};
	while (terminal_waiting(t) && ret->posts < MOST) {
		if (!t->link && terminal_link(t) != 201)
			return false;
		if (!terminal_post(t, terminal_body(t, t->at_once ? t->at_once : AT_ONCE), ret))
			return false;
	}
	return !terminal_waiting(t);
}
