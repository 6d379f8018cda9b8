/* SPDX-License-Identifier: Apache-2.0 */
/* test_acts.c -- signatures, keys, grants, devices and books: the tree and the log's signature are
 * sound in every one of these ledgers, so only what the entries say can give the fault away. */
#include "hand.h"

#define FOUR "giver=key:11 giver=key:12 receiver=key:13 receiver=key:14"

static struct report *export_of(struct hand *h)
{
	return hand_audit(h, hand_export(h, "out"), NULL, NULL);
}

static void the_slots_of_an_act_are_checked(void **state)
{
	static const struct {
		const char *slots;
		enum finding_kind kind; /* FINDING_KIND_MAX: sound */
	} CASE[] = {
		{FOUR, FINDING_KIND_MAX},
		{"giver=badge:11 giver=paper:12 receiver=phone:13 receiver=key:14",
		 FINDING_KIND_MAX},
		{"giver=key:11 giver=key:12 observer=badge:99 receiver=key:13 receiver=key:14",
		 FINDING_KIND_MAX},
		{"giver=key:11 giver=key:12 receiver=key:13", FINDING_SIGNATURE},
		{"receiver=key:13 receiver=key:14", FINDING_SIGNATURE},
		{NULL, FINDING_SIGNATURE},
		{"giver=key:11 giver=key:11 receiver=key:13 receiver=key:14", FINDING_SIGNATURE},
		{"giver=key:11 giver=badge:11 receiver=key:13 receiver=key:14", FINDING_SIGNATURE},
		{"giver=key:11 giver=key:12 receiver=key:11 receiver=key:14", FINDING_SIGNATURE},
		{"giver=key:11 giver=key:13 receiver=key:14 receiver=key:22", FINDING_SIGNATURE},
		{"giver=key:11 giver=key:15 receiver=key:13 receiver=key:14", FINDING_SIGNATURE},
		{"giver=key:11 giver=key:12 giver=key:15 receiver=key:13 receiver=key:14",
		 FINDING_SIGNATURE},
		{"driver=key:15 giver=key:11 giver=key:12 receiver=key:13 receiver=key:14",
		 FINDING_SIGNATURE},
		{"approver=key:22 giver=key:11 giver=key:12 receiver=key:13 receiver=key:14",
		 FINDING_SIGNATURE},
		{"giver=key:11 giver=key:12 observer=badge:98 observer=badge:99 receiver=key:13 "
		 "receiver=key:14", FINDING_SIGNATURE},
		{"giver=key:11 giver=key:12 receiver=key:13 receiver=key:99", FINDING_KEY},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(CASE); i++) {
		const struct report *r;

		hand_open(&h);
		hand_full(&h, 30);
		hand_slots(&h, CASE[i].slots);
		r = export_of(&h);
		if (CASE[i].kind == FINDING_KIND_MAX) {
			assert_clean(r);
		} else {
			if (hand_found_at(r, CASE[i].kind, 30) == 0)
				print_error("%s\n", CASE[i].slots);
			assert_found(r, CASE[i].kind, 30);
		}
		hand_close(&h);
	}
}

/* Each edit changes entry AT_HANDED, a hand-over signed by four. */
static void a_changed_act_is_noticed(void **state)
{
	static const struct {
		const char *from, *to;
	} BAD[] = {
		{"\"sig\":\"", "\"sig\":\"0"}, /* one digit too many: see below */
		{"\"actor\":11,\"command\"", "\"actor\":12,\"command\""},
		{"\"qty\":40", "\"qty\":41"},
		{"\"origin\":\"gongyuan.example/2025/jn\"",
		 "\"origin\":\"gongyuan.example/2025/xx\""},
		{"\"link\":0,\"origin\"", "\"link\":1,\"origin\""},
		{"\"source\":\"office\",\"time\"", "\"source\":\"paper\",\"time\""},
		{"\"happened\":\"2025-06-06T01:00:20", "\"happened\":\"2025-06-06T01:00:10"},
		{"\"exam\":\"demo-2025\",\"happened\"", "\"exam\":\"demo-2024\",\"happened\""},
	};
	struct hand h;

	(void)state;
	for (size_t i = 1; i < COUNT(BAD); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		hand_edit(&h, AT_HANDED, BAD[i].from, BAD[i].to);
		/* What the act says is signed: by its slots, or by the chain of its device. */
		if (hand_found_at(export_of(&h), FINDING_SIGNATURE, AT_HANDED) == 0)
			assert_found(hand_audit(&h, hand_path(&h, "out"), NULL, NULL),
			             FINDING_SIGNATURE,
			             AT_BEGUN);
		hand_close(&h);
	}
	hand_open(&h);
	hand_full(&h, 30);
	hand_edit(&h, AT_HANDED, BAD[0].from, BAD[0].to);
	assert_found(export_of(&h), FINDING_ENTRY, AT_HANDED);
	hand_close(&h);
}

/* The act is whole here; its envelope is not. */
static void the_envelope_repeats_the_act(void **state)
{
	static const char *const BAD[][2] = {
		{"\"actor\":11,\"auth\"", "\"actor\":12,\"auth\""},
		{"\"exam\":\"demo-2025\",\"idx\"", "\"exam\":\"demo-2024\",\"idx\""},
		{"\"exam\":\"demo-2025\",\"idx\"",
		 "\"exam\":\"demo-2025\",\"happened\":\"2025-06-06T01:00:00.000Z\",\"idx\""},
		{",\"place\"", ",\"noted\":\"2025-06-06T01:00:00.000Z\",\"place\""},
		{"],\"source\":\"office\"", "],\"source\":\"paper\""},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		hand_edit(&h, AT_HANDED, BAD[i][0], BAD[i][1]);
		assert_only(export_of(&h), FINDING_SIGNATURE, AT_HANDED);
		hand_close(&h);
	}
}

/* Signatures stand beside the act, so neither its hash nor the device's chain covers them. */
static void a_signature_that_does_not_verify_is_named(void **state)
{
	struct hand h;
	const char *digit;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	digit = strstr(h.entry[AT_HANDED].s, "\"sig\":\"") + strlen("\"sig\":\"");
	hand_edit(&h, AT_HANDED, str_fmt(&h.arena, "\"sig\":\"%c", *digit).s,
	          *digit == '0' ? "\"sig\":\"1" : "\"sig\":\"0");
	assert_only(export_of(&h), FINDING_SIGNATURE, AT_HANDED);
	hand_close(&h);
}

static void only_a_key_signs(void **state)
{
	static const char *const BAD[][2] = {
		{"\"person\":14,\"slot\"", "\"person\":14,\"sig\":\"%0128d\",\"slot\""},
		{"\"how\":\"paper\",\"person\":14", "\"how\":\"key\",\"person\":14"},
		{"\"how\":\"paper\",\"person\":14", "\"how\":\"phone\",\"person\":14"},
		{"\"how\":\"paper\",\"person\":14",
		 "\"how\":\"paper\",\"note\":\"1\",\"person\":14"},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		struct str to;

		hand_open(&h);
		hand_full(&h, 30);
		to = i == 0 ? str_fmt(&h.arena, BAD[i][1], 0) : str_of(BAD[i][1]);
		hand_edit(&h, AT_HANDED, BAD[i][0], to.s);
		assert_found(export_of(&h), FINDING_ENTRY, AT_HANDED);
		hand_close(&h);
	}
}

static void an_act_with_one_signature_removed_is_noticed(void **state)
{
	struct hand h;
	char *at, *end;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	at = strstr(h.entry[AT_HANDED].s, "{\"how\":\"paper\"");
	end = strchr(at, '}');
	hand_edit(&h, AT_HANDED, str_fmt(&h.arena, ",%.*s", (int)(end - at + 1), at).s, "");
	assert_only(export_of(&h), FINDING_SIGNATURE, AT_HANDED);
	hand_close(&h);
}

static void a_half_signed_act_is_followed_to_its_end(void **state)
{
	static const struct {
		size_t at;
		const char *from, *to;
		int64_t index;
	} BAD[] = {
		{AT_FILLED, "{\"begun\":20},\"exam\":\"demo-2025\",\"idx\"",
		 "{\"begun\":19},\"exam\":\"demo-2025\",\"idx\"", AT_FILLED},
		{AT_COMPLETED, "\"act_at\":20", "\"act_at\":18", AT_COMPLETED},
		{AT_COMPLETED, "\"act_at\":20", "\"act_at\":19", AT_COMPLETED},
		{AT_BEGUN, "\"data\":{\"command\":\"custody.hand_over\"",
		 "\"data\":{\"command\":\"x\"",
		 AT_BEGUN},
		{AT_BEGUN, "\"type\":\"slot.begun\"", "\"type\":\"timer.ticked\"", AT_FILLED},
		{AT_COMPLETED, "\"person\":13", "\"person\":12", AT_COMPLETED},
		{AT_COMPLETED, "\"place\":\"sc/cd/jn\"", "\"place\":\"sc/cd/yy\"", AT_COMPLETED},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		hand_edit(&h, BAD[i].at, BAD[i].from, BAD[i].to);
		assert_found(export_of(&h), FINDING_SIGNATURE, BAD[i].index);
		hand_close(&h);
	}
}

static void an_act_is_completed_once(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_write(&h, &(struct pen){.type = "custody.handed_over", .data = LINES, .place = STORE,
		.actor = COURIER, .act_at = AT_BEGUN, .slots = FOUR, .sign_at = AT_BEGUN});
	assert_found(export_of(&h), FINDING_SIGNATURE, 30);
	hand_close(&h);
}

static void a_signature_given_while_it_waited_may_not_vanish(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_write(&h, &(struct pen){.type = "slot.begun", .place = STORE, .actor = COURIER,
		.data = "{\"command\":\"custody.hand_over\",\"missing\":\"receiver\"}",
		.command = "custody.hand_over", .act_data = LINES,
		.slots = "giver=key:11 giver=key:12 receiver=key:13"});
	hand_write(&h, &(struct pen){.type = "custody.handed_over", .data = LINES, .place = STORE,
		.actor = COURIER, .act_at = 30, .sign_at = 30,
		.slots = "giver=key:11 giver=key:12 receiver=badge:13 receiver=key:14"});
	assert_only(export_of(&h), FINDING_SIGNATURE, 31);
	hand_close(&h);
}

static void an_act_that_waits_is_said_and_not_a_fault(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_write(&h, &(struct pen){.type = "slot.begun", .place = STORE, .actor = COURIER,
		.data = "{\"command\":\"custody.hand_over\",\"missing\":\"receiver\"}",
		.command = "custody.hand_over", .act_data = LINES, .slots = "giver=key:11"});
	hand_head(&h);
	r = export_of(&h);
	assert_clean(r);
	assert_true(hand_unchecked(r, FINDING_SIGNATURE));
	hand_close(&h);
}

static void a_refused_order_is_not_held_to_its_slots(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_write(&h, &(struct pen){.type = "order.refused", .actor = SECURITY,
		.command = "authority.grant", .act_data = "{\"person\":11}"});
	assert_clean(export_of(&h));
	hand_close(&h);
}

static void an_entry_in_somebodys_name_needs_his_act(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_slots(&h, FOUR);
	hand_write(&h, &(struct pen){.type = "custody.noted", .actor = COURIER, .cause = 30});
	hand_write(&h, &(struct pen){.type = "alarm.raised", .cause = 30});
	assert_clean(export_of(&h));
	hand_write(&h, &(struct pen){.type = "custody.noted", .actor = COURIER});
	assert_only(hand_audit(&h, hand_export(&h, "two"), NULL, NULL), FINDING_SIGNATURE, 33);
	hand_edit(&h, 33, "\"auth\":17,", "\"auth\":17,\"cause\":19,");
	assert_only(hand_audit(&h, hand_export(&h, "three"), NULL, NULL), FINDING_SIGNATURE, 33);
	hand_edit(&h, 33, "\"actor\":11,\"auth\":17,\"cause\":19",
	          "\"actor\":12,\"auth\":17,\"cause\":30");
	assert_only(hand_audit(&h, hand_export(&h, "four"), NULL, NULL), FINDING_SIGNATURE, 33);
	hand_close(&h);
}

static void an_exception_needs_another_approver(void **state)
{
	struct hand h;
	struct pen p = {.type = "order.excepted", .place = STORE, .actor = COURIER,
		.command = "custody.hand_over", .act_data = LINES,
		.exception = "00000000000000000000000000000000000000000000000000000000000000aa",
		.slots = "approver=key:22 " FOUR};

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_write(&h, &p);
	assert_clean(export_of(&h));
	p.slots = FOUR;
	hand_write(&h, &p);
	p.slots = "approver=key:11 " FOUR;
	hand_write(&h, &p);
	assert_found(hand_audit(&h, hand_export(&h, "two"), NULL, NULL), FINDING_SIGNATURE, 31);
	assert_found(hand_audit(&h, hand_path(&h, "two"), NULL, NULL), FINDING_SIGNATURE, 32);
	hand_close(&h);
}

/* An act by `actor` at `place`, all slots rightly filled. */
static void act_by(struct hand *h, int64_t actor, const char *place)
{
	hand_write(h, &(struct pen){.type = "custody.handed_over", .place = place, .actor = actor,
		.command = "custody.hand_over", .act_data = LINES, .slots = FOUR});
}

static void the_actor_needs_a_right_at_the_place(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	act_by(&h, COURIER, STORE);
	assert_clean(export_of(&h));
	act_by(&h, GUARD, STORE);
	act_by(&h, 0, STORE);
	assert_found(hand_audit(&h, hand_export(&h, "two"), NULL, NULL), FINDING_KEY, 31);
	assert_found(hand_audit(&h, hand_path(&h, "two"), NULL, NULL), FINDING_KEY, 32);
	act_by(&h, STRANGER, STORE);
	assert_found(hand_audit(&h, hand_export(&h, "three"), NULL, NULL), FINDING_KEY, 33);
	hand_close(&h);
}

static struct str grant_data(struct hand *h, int64_t person, const char *rest)
{
	return str_fmt(&h->arena, "{\"person\":%lld,%s}", (long long)person, rest);
}

static void grant(struct hand *h, const char *data)
{
	hand_write(h, &(struct pen){.type = "authority.granted", .data = data, .actor = SECURITY,
		.command = "authority.grant", .act_data = data,
		.slots = "approver=key:22 granter=key:21"});
}

static void a_grant_has_a_beginning_an_end_and_a_level(void **state)
{
	static const struct {
		const char *rest;
		bool good;
	} CASE[] = {
		{"\"role\":\"courier\",\"place\":\"sc/cd/jn\"", true},
		{"\"role\":\"courier\",\"place\":\"sc/cd\"", false}, /* level 3 is asked for */
		{"\"role\":\"courier\",\"place\":\"sc/cd/j\"", false},
		{"\"role\":\"guard\",\"place\":\"sc/cd/jn\"", false},
		{"\"role\":\"courier\",\"place\":\"sc/cd/jn\","
		 "\"from\":\"2025-06-06T02:00:00.000Z\"", false},
		{"\"role\":\"courier\",\"place\":\"sc/cd/jn\","
		 "\"until\":\"2025-06-06T01:00:31.000Z\"", false},
		{"\"role\":\"courier\",\"place\":\"sc/cd/jn\","
		 "\"from\":\"2025-06-06T00:00:00.000Z\","
		 "\"until\":\"2025-06-06T02:00:00.000Z\"", true},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(CASE); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		grant(&h, grant_data(&h, AUDITOR, CASE[i].rest).s);
		act_by(&h, AUDITOR, STORE);
		if (CASE[i].good)
			assert_clean(export_of(&h));
		else
			assert_only(export_of(&h), FINDING_KEY, 31);
		hand_close(&h);
	}
}

static void nobody_gives_and_receives_in_one_act(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	grant(&h, "{\"person\":12,\"place\":\"sc/cd/jn\",\"role\":\"guard\"}");
	hand_slots(&h, "giver=key:11 giver=key:12 receiver=key:12 receiver=key:14");
	assert_only(export_of(&h), FINDING_SIGNATURE, 31);
	hand_close(&h);
}

/* An authority event with a full act behind it. */
static void power(struct hand *h, const char *type, const char *data)
{
	hand_write(h, &(struct pen){.type = type, .data = data, .actor = SECURITY,
		.command = "authority.grant", .act_data = data,
		.slots = "approver=key:22 granter=key:21"});
}

/* The second giver's grant (entry 11) ends between the two signatures; who signs afterwards must
 * still have the right. */
static void a_right_that_ends_takes_no_signature_back(void **state)
{
	static const char *const SLOTS[] = {
		"giver=key:11 giver=key:12 receiver=key:13 receiver=badge:14",
		"giver=key:11 giver=badge:12 receiver=key:13 receiver=badge:14",
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(SLOTS); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		hand_write(&h, &(struct pen){.type = "slot.begun", .place = STORE, .actor = COURIER,
			.data = "{\"command\":\"custody.hand_over\",\"missing\":\"receiver\"}",
			.command = "custody.hand_over", .act_data = LINES,
			.slots = i ? "giver=key:11 receiver=key:13"
				: "giver=key:11 giver=key:12 receiver=key:13"});
		power(&h, "authority.revoked", "{\"grant\":11}");
		hand_write(&h, &(struct pen){.type = "custody.handed_over", .data = LINES, .place = STORE,
			.actor = COURIER, .act_at = 30, .sign_at = 30, .slots = SLOTS[i]});
		hand_head(&h);
		if (i)
			assert_found(export_of(&h), FINDING_SIGNATURE, 32);
		else
			assert_clean(export_of(&h));
		hand_close(&h);
	}
}

static void what_is_revoked_counts_no_more(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	power(&h, "authority.revoked", "{\"grant\":11}"); /* the second courier's */
	hand_slots(&h, FOUR);
	assert_only(export_of(&h), FINDING_SIGNATURE, 31);
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	power(&h, "authority.key_revoked", "{\"person\":13}");
	hand_slots(&h, FOUR);
	assert_only(export_of(&h), FINDING_KEY, 31);
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	power(&h, "authority.device_revoked", "{\"device\":2}");
	hand_slots(&h, FOUR);
	assert_only(export_of(&h), FINDING_KEY, 31);
	hand_close(&h);
}

static void authority_out_of_nothing_is_named(void **state)
{
	static const struct {
		struct pen pen;
	} BAD[] = {
		{{.type = "authority.granted",
		  .data = "{\"person\":15,\"place\":\"sc/cd/jn\",\"role\":\"courier\"}"}},
		{{.type = "authority.granted", .cause = 12,
		  .data = "{\"person\":15,\"place\":\"sc/cd/jn\",\"role\":\"courier\"}"}},
		{{.type = "authority.founded", .actor = SECURITY, .command = "authority.grant",
		  .slots = "approver=key:22 granter=key:21"}},
		{{.type = "authority.revoked", .data = "{\"grant\":3}", .actor = SECURITY,
		  .command = "authority.grant", .slots = "approver=key:22 granter=key:21"}},
		{{.type = "authority.key_revoked", .data = "{\"person\":77}", .actor = SECURITY,
		  .command = "authority.grant", .slots = "approver=key:22 granter=key:21"}},
		{{.type = "authority.device_revoked", .data = "{\"device\":77}", .actor = SECURITY,
		  .command = "authority.grant", .slots = "approver=key:22 granter=key:21"}},
		{{.type = "authority.key_registered", .data = "{\"person\":77}", .actor = SECURITY,
		  .command = "authority.grant", .slots = "approver=key:22 granter=key:21"}},
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		hand_write(&h, &BAD[i].pen);
		assert_only(export_of(&h), FINDING_KEY, 30);
		hand_close(&h);
	}
}

static void the_chain_of_a_device_is_followed(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	h.seq++;
	hand_slots(&h, FOUR);
	assert_only(export_of(&h), FINDING_SIGNATURE, 30);
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	h.prev = str_fmt(&h.arena, "%064d", 7);
	hand_slots(&h, FOUR);
	assert_only(export_of(&h), FINDING_SIGNATURE, 30);
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	h.device_id = 1;
	hand_slots(&h, FOUR);
	assert_only(export_of(&h), FINDING_KEY, 30);
	hand_close(&h);
}

static void the_head_of_a_chain_is_signed(void **state)
{
	static const char *const EDIT[][2] = {
		{"\"sig\":\"", "\"sig\":\"00"}, {"\"seq\":4", "\"seq\":3"}, {"\"seq\":4",
		                                                             "\"seq\":9"},
	};
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_edit(&h, AT_HEAD, EDIT[1][0], EDIT[1][1]);
	assert_only(export_of(&h), FINDING_SIGNATURE, AT_HEAD);
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	hand_edit(&h, AT_HEAD, EDIT[0][0], EDIT[0][1]);
	assert_only(export_of(&h), FINDING_KEY, AT_HEAD);
	hand_close(&h);
	/* Rightly signed, but not over the acts that stand here. */
	hand_open(&h);
	hand_full(&h, 30);
	h.prev = str_fmt(&h.arena, "%064d", 7);
	hand_head(&h);
	assert_only(export_of(&h), FINDING_SIGNATURE, 30);
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	h.seq = 9;
	hand_head(&h);
	assert_only(export_of(&h), FINDING_SIGNATURE, 30);
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	h.device = hand_key(1);
	hand_head(&h);
	assert_only(export_of(&h), FINDING_SIGNATURE, 30);
	hand_close(&h);
}

static void the_rules_must_have_their_hash(void **state)
{
	struct hand h;
	struct str name;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	name = str_fmt(&h.arena, "out/rules/%s.json", h.rules_hash.s);
	hand_export(&h, "out");
	hand_file(&h, name.s, STR("{\"commands\":{},\"events\":{},\"v\":1}"));
	assert_found(hand_audit(&h, hand_path(&h, "out"), NULL, NULL), FINDING_SIGNATURE, AT_RULES);
	assert_int_equal(remove(hand_path(&h, name.s).s), 0);
	assert_found(hand_audit(&h, hand_path(&h, "out"), NULL, NULL), FINDING_SIGNATURE, AT_RULES);
	hand_close(&h);
}

static void a_command_outside_the_rules_is_named(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_write(&h, &(struct pen){.type = "x.done", .actor = COURIER, .command = "x.do"});
	assert_only(export_of(&h), FINDING_SIGNATURE, 30);
	hand_close(&h);
}

static void nobody_gives_what_he_does_not_have(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	for (int i = 0; i < 4; i++)
		hand_slots(&h, FOUR); /* 40 each of the 120 left */
	assert_only(export_of(&h), FINDING_BOOK, 33);
	hand_close(&h);
}

/* And what a candidate carried to another room may be told there first. */
static void a_surplus_is_no_fault(void **state)
{
	static const char *const FROM[] = {"missing", "moved"};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(FROM); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		hand_write(&h, &(struct pen){.type = "custody.handed_over",
			.data = str_fmt(&h.arena, "{\"from\":\"%s\",\"lines\":[{\"asset\":\"chinese\","
			                "\"qty\":1}],\"to\":\"sc/cd/jn\"}", FROM[i]).s});
		assert_clean(export_of(&h));
		hand_close(&h);
	}
}

/* More was counted than the books knew: the count and the surplus are one operation. */
static void a_shortage_that_its_own_operation_mends_is_no_fault(void **state)
{
	struct hand h;
	struct pen count = {.type = "custody.handed_over", .data = "{\"from\":\"sc/cd/jn/s09\","
		"\"lines\":[{\"asset\":\"chinese\",\"qty\":5}],\"to\":\"sc/cd/jn\"}"};
	struct pen surplus = {.type = "custody.handed_over", .data = "{\"from\":\"missing\","
		"\"lines\":[{\"asset\":\"chinese\",\"qty\":5}],\"to\":\"sc/cd/jn/s09\"}"};
	int64_t at;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	at = (int64_t)h.n;
	hand_write(&h, &count);
	surplus.cause = at;
	hand_write(&h, &surplus);
	assert_clean(export_of(&h));
	hand_close(&h);
	hand_open(&h);
	hand_full(&h, 30);
	at = (int64_t)h.n;
	hand_write(&h, &count);
	surplus.cause = 0; /* an operation of its own: too late */
	hand_write(&h, &surplus);
	assert_only(export_of(&h), FINDING_BOOK, at);
	hand_close(&h);
}

static void the_projected_books_are_compared(void **state)
{
	static const struct {
		const char *script;
		int64_t index;
	} BAD[] = {
		{"UPDATE book_balance SET qty = 121 WHERE holder = 'sc/cd/jn'", AT_COMPLETED},
		{"DELETE FROM book_balance WHERE holder = 'vehicle:V3'", AT_COMPLETED},
		{"INSERT INTO book_balance VALUES ('maths', 'sc/cd/jn', 1)", NO_INDEX},
		{"UPDATE view_state SET at = 31", 30},
		{"UPDATE view_state SET at = 20", AT_HANDED}, /* before the second hand-over */
	};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		hand_open(&h);
		hand_full(&h, 30);
		hand_folder(&h, "data");
		hand_sql(&h, "data/view.db", BAD[i].script);
		assert_found(hand_audit(&h, hand_path(&h, "data"), NULL, NULL), FINDING_BOOK,
		             BAD[i].index);
		hand_close(&h);
	}
}

static void projections_that_are_behind_are_compared_as_of_then(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_folder(&h, "data");
	hand_sql(&h, "data/view.db", "UPDATE view_state SET at = 20;"
	         "UPDATE book_balance SET qty = 160 WHERE holder = 'sc/cd/jn';"
	         "UPDATE book_balance SET qty = 40 WHERE holder = 'vehicle:V3'");
	assert_clean(hand_audit(&h, hand_path(&h, "data"), NULL, NULL));
	hand_close(&h);
}

static void an_unfounded_ledger_is_said(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_found(&h);
	hand_remove(&h, AT_FOUNDED);
	r = export_of(&h);
	assert_clean(r);
	assert_true(hand_unchecked(r, FINDING_KEY));
	hand_close(&h);
}

/* Longer than entries stay in memory; and nothing that it holds was signed before. */
static void an_act_may_wait_for_thousands_of_entries(void **state)
{
	struct hand h;
	int64_t begun, filled;
	struct str data;

	(void)state;
	hand_open(&h);
	hand_full(&h, AT_TICKS + 1);
	begun = (int64_t)h.n;
	hand_write(&h, &(struct pen){.type = "slot.begun", .place = STORE, .actor = COURIER,
		.data = "{\"command\":\"custody.hand_over\",\"missing\":\"receiver\"}",
		.command = "custody.hand_over", .act_data = LINES,
		.slots = "giver=badge:11 giver=badge:12 receiver=paper:13"});
	while (h.n < 3800)
		hand_write(&h, &(struct pen){.type = "timer.ticked"});
	data = str_fmt(&h.arena, "{\"begun\":%lld}", (long long)begun);
	filled = (int64_t)h.n;
	hand_write(&h, &(struct pen){.type = "slot.filled", .place = STORE, .actor = GUARD2,
		.data = data.s, .command = "slot.sign", .act_data = data.s,
		.slots = "receiver=key:14", .sign_at = begun});
	hand_write(&h, &(struct pen){.type = "custody.handed_over", .data = LINES, .place = STORE,
		.actor = COURIER, .act_at = begun, .cause = filled,
		.slots = "giver=badge:11 giver=badge:12 receiver=paper:13 receiver=key:14",
		.sign_at = begun});
	hand_write(&h, &(struct pen){.type = "slot.completed", .data = data.s,
		.place = STORE, .actor = COURIER, .cause = filled});
	hand_head(&h);
	assert_clean(hand_audit(&h, hand_export(&h, "out"), NULL, NULL));
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_slots_of_an_act_are_checked),
		cmocka_unit_test(a_changed_act_is_noticed),
		cmocka_unit_test(the_envelope_repeats_the_act),
		cmocka_unit_test(a_signature_that_does_not_verify_is_named),
		cmocka_unit_test(only_a_key_signs),
		cmocka_unit_test(an_act_with_one_signature_removed_is_noticed),
		cmocka_unit_test(a_half_signed_act_is_followed_to_its_end),
		cmocka_unit_test(a_right_that_ends_takes_no_signature_back),
		cmocka_unit_test(an_act_is_completed_once),
		cmocka_unit_test(a_signature_given_while_it_waited_may_not_vanish),
		cmocka_unit_test(an_act_that_waits_is_said_and_not_a_fault),
		cmocka_unit_test(a_refused_order_is_not_held_to_its_slots),
		cmocka_unit_test(an_entry_in_somebodys_name_needs_his_act),
		cmocka_unit_test(an_exception_needs_another_approver),
		cmocka_unit_test(the_actor_needs_a_right_at_the_place),
		cmocka_unit_test(a_grant_has_a_beginning_an_end_and_a_level),
		cmocka_unit_test(nobody_gives_and_receives_in_one_act),
		cmocka_unit_test(what_is_revoked_counts_no_more),
		cmocka_unit_test(authority_out_of_nothing_is_named),
		cmocka_unit_test(the_chain_of_a_device_is_followed),
		cmocka_unit_test(the_head_of_a_chain_is_signed),
		cmocka_unit_test(the_rules_must_have_their_hash),
		cmocka_unit_test(a_command_outside_the_rules_is_named),
		cmocka_unit_test(nobody_gives_what_he_does_not_have),
		cmocka_unit_test(a_surplus_is_no_fault),
		cmocka_unit_test(a_shortage_that_its_own_operation_mends_is_no_fault),
		cmocka_unit_test(the_projected_books_are_compared),
		cmocka_unit_test(projections_that_are_behind_are_compared_as_of_then),
		cmocka_unit_test(an_unfounded_ledger_is_said),
		cmocka_unit_test(an_act_may_wait_for_thousands_of_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
