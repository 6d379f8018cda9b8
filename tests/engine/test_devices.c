/* SPDX-License-Identifier: Apache-2.0 */
/* test_devices.c -- acts of enrolled devices: their chains, replays, gaps and forgeries. */
#include "kit/check.h"

#include "engine/device.h"
#include "kit/toy_setup.h"

struct device {
	int64_t id, seq;
	struct str prev;
};

static struct device enroll(void)
{
	struct ed25519_key key = kit_key(500);
	struct str hex = hex_encode(&K.arena, key.pub.b, 32);
	struct str data = str_fmt(&K.arena, "{\"key\":\"" STR_FMT "\",\"place\":\"" HALL "\"}",
	                          STR_ARG(hex));
	struct hash none = {{0}};

	must(kit_do(&K, 901, "device.enroll", data.s, "enroller=badge:901 approver=badge:902"));
	return (struct device){K.answer.index, 0, hash_hex(&K.arena, &none)};
}

/* The act as the device itself would write it (docs/formats.md §2), by the general writer. */
static struct str device_act(const struct request *r)
{
	struct arena *a = &K.arena;
	struct json *o = json_new_object(a);

	json_set_int(a, o, "actor", r->actor.v);
	json_set_str(a, o, "command", r->command);
	json_put(o, "data", (struct json *)(uintptr_t)r->data);
	json_set_int(a, o, "device", r->device);
	json_set_str(a, o, "exam", K.w.exam);
	json_set_str(a, o, "happened", clock_format_utc(a, r->happened_ms));
	json_set_str(a, o, "key", r->key);
	json_set_int(a, o, "link", 0);
	json_set_str(a, o, "origin", K.w.origin);
	json_set_str(a, o, "prev", r->prev);
	json_set_int(a, o, "seq", r->seq);
	json_set_str(a, o, "source", STR("terminal"));
	json_set_str(a, o, "time", clock_format_utc(a, r->noted_ms));
	return json_canonical(a, o);
}

static struct request act(struct device *d, const char *data)
{
	struct json *in;
	struct request r = {.command = STR("toy.look"), .actor = {1}, .source = SOURCE_TERMINAL,
	                    .device = d->id, .seq = ++d->seq, .prev = d->prev};
	struct hash h;

	assert_ok(json_read(&K.op, str_of(data), &in));
	r.data = in;
	r.key = str_fmt(&K.arena, "00000000-0000-7000-8000-d%011lld", (long long)r.seq);
	r.happened_ms = r.noted_ms = clock_now_ms(&K.clock);
	r.act = device_act(&r);
	h = hash_sha256(r.act.s, r.act.n);
	d->prev = hash_hex(&K.arena, &h);
	return r;
}

static enum rc send(const struct request *r)
{
	return writer_do(&K.w, r, &K.answer);
}

static void a_device_continues_its_chain(void **state)
{
	struct device d = enroll();

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct request r = act(&d, LOOK_7);
		must(send(&r));
		assert_non_null(memmem(kit_entry(&K, (uint64_t)K.answer.index).s,
		                       kit_entry(&K, (uint64_t)K.answer.index).n, r.act.s, r.act.n));
	}
	kit_reopen(&K);
	struct request r = act(&d, LOOK_7);
	must(send(&r));
}

static void replays_gaps_and_forgeries_are_refused(void **state)
{
	struct device d = enroll();
	struct request first = act(&d, LOOK_7), gap, forged;
	uint64_t size;

	(void)state;
	d.seq = 0;
	d.prev = hash_hex(&K.arena, &(struct hash){{1}}); /* a first act follows none */
	forged = act(&d, LOOK_7);
	assert_int_equal(send(&forged), RC_CONFLICT);
	assert_string_equal(K.answer.err.field, "prev");
	must(send(&first));
	size = kit_size(&K);
	first.key = STR("00000000-0000-7000-8000-eeeeeeeeeeee");
	assert_int_equal(send(&first), RC_CONFLICT); /* the same number again */
	d.seq++;
	gap = act(&d, LOOK_7);
	assert_int_equal(send(&gap), RC_CONFLICT);
	assert_string_equal(K.answer.err.field, "seq");
	d.seq = 1;
	d.prev = hash_hex(&K.arena, &(struct hash){{3}});
	forged = act(&d, LOOK_7);
	assert_int_equal(send(&forged), RC_CONFLICT);
	assert_string_equal(K.answer.err.field, "prev");
	forged.actor.v = 2; /* the act says 1 */
	forged.seq = 2;
	assert_int_equal(send(&forged), RC_INVALID);
	assert_string_equal(K.answer.err.field, "act");
	assert_int_equal(kit_size(&K), size);
}

static void a_repeat_of_a_sent_act_is_answered_from_its_receipt(void **state)
{
	struct device d = enroll();
	struct request r = act(&d, LOOK_7);

	(void)state;
	must(send(&r));
	must(send(&r));
	assert_true(K.answer.repeated);
}

static void a_revoked_or_unknown_device_is_denied(void **state)
{
	struct device d = enroll(), none = {4711, 0, STR("")};
	struct str data = str_fmt(&K.arena, "{\"device\":%lld}", (long long)d.id);
	struct request r;

	(void)state;
	must(kit_do(&K, 901, "device.revoke", data.s, "enroller=badge:901 approver=badge:902"));
	r = act(&d, LOOK_7);
	assert_int_equal(send(&r), RC_DENIED);
	r = act(&none, LOOK_7);
	assert_int_equal(send(&r), RC_DENIED);
}

static void the_host_signs_the_head_of_its_own_chain(void **state)
{
	(void)state;
	for (int i = 0; i < 130; i++)
		must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	assert_int_equal(kit_count(&K, "device.head_signed"), 2);
	kit_reopen(&K);
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	kit_check_rebuild(&K, (const char *const[]){"device", NULL});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_device_continues_its_chain), T(replays_gaps_and_forgeries_are_refused),
		T(a_repeat_of_a_sent_act_is_answered_from_its_receipt),
		T(a_revoked_or_unknown_device_is_denied), T(the_host_signs_the_head_of_its_own_chain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
