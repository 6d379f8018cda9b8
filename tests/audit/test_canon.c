/* SPDX-License-Identifier: Apache-2.0 */
/* test_canon.c -- the quick reader of entries against the slow one: it takes exactly what is
 * canonical, gives the same values, and never takes an entry about which the slow one has something
 * to say.  Read loosely it takes more, with the same values.  And what an audit says does not
 * depend on its threads. */
#include "hand.h"

#include "base/canon.h"
#include "audit/entry.h"
#include "audit/members.h"
#include "base/clock.h"

struct pair {
	struct arena arena;
	struct op op;
	int taken, refused;
};

static void check_terminated(const struct json *v)
{
	if (v->key.n)
		assert_int_equal(v->key.s[v->key.n], '\0');
	if (v->type == JSON_STR)
		assert_int_equal(v->s.s[v->s.n], '\0');
	else
		assert_null(v->s.s); /* as json_read has it */
	for (const struct json *m = v->first; m; m = m->next)
		check_terminated(m);
}

/* json_read: quick where it may be, else slow, and never another value. */
static void compare_loose(struct pair *p, struct str text, const struct json *slow)
{
	struct json *v = NULL;

	if (json_read(&p->op, text, &v) != RC_OK) {
		assert_null(slow);
		return;
	}
	assert_non_null(slow);
	check_terminated(v);
	assert_true(str_eq(json_pretty(&p->arena, v), json_pretty(&p->arena, slow)));
}

/* Both readers on one text: the same verdict, the same value. */
static void compare_text(struct pair *p, struct str text)
{
	struct canon how = {.keep = &p->arena};
	struct json *quick = NULL, *slow = NULL;
	bool canonical =
		json_read_slowly(&p->op, text, &slow) == RC_OK &&
		str_eq(json_canonical(&p->arena, slow), text);
	bool taken = canon_read(&how, text, &quick);

	if (taken != canonical)
		print_error("%s by the quick reader alone: %.*s\n", taken ? "taken" : "refused",
		            STR_ARG(text));
	assert_int_equal(taken, canonical);
	compare_loose(p, text, slow);
	if (taken)
		assert_true(str_eq(json_canonical(&p->arena, quick), text));
	*(taken ? &p->taken : &p->refused) += 1;
}

static bool same_slots(const struct entry *a, const struct entry *b)
{
	bool same = a->nslots == b->nslots;

	for (size_t i = 0; same && i < a->nslots; i++) {
		const struct filled *x = &a->slots[i], *y = &b->slots[i];

		same = str_eq(x->slot, y->slot) && str_eq(x->note, y->note) && x->person == y->person &&
		       x->how == y->how && x->has_sig == y->has_sig &&
		       (!x->has_sig || memcmp(x->sig, y->sig, sizeof(x->sig)) == 0);
	}
	return same;
}

static bool same_act(const struct act *a, const struct act *b)
{
	return a->actor == b->actor && a->device == b->device && a->link == b->link &&
	       a->seq == b->seq && str_eq(a->command, b->command) && str_eq(a->exam, b->exam) &&
	       str_eq(a->exception, b->exception) && str_eq(a->key, b->key) &&
	       str_eq(a->origin, b->origin) && str_eq(a->source, b->source) &&
	       hash_eq(&a->hash, &b->hash) && hash_eq(&a->prev, &b->prev) &&
	       hash_eq(&a->statement, &b->statement) && a->happened_ms == b->happened_ms &&
	       a->time_ms == b->time_ms;
}

static bool same_entry(struct arena *a, const struct entry *x, const struct entry *y)
{
	return x->index == y->index && x->act_at == y->act_at && x->actor == y->actor &&
	       x->auth == y->auth && x->cause == y->cause && x->version == y->version &&
	       x->time_ms == y->time_ms && x->happened_ms == y->happened_ms &&
	       x->noted_ms == y->noted_ms && str_eq(x->exam, y->exam) && str_eq(x->place, y->place) &&
	       str_eq(x->source, y->source) && str_eq(x->type, y->type) && x->has_act == y->has_act &&
	       same_slots(x, y) && str_eq(json_canonical(a, x->data), json_canonical(a, y->data)) &&
	       (!x->has_act || same_act(&x->act, &y->act));
}

static void compare_entry(struct pair *p, struct hasher *h, struct str text)
{
	struct arena brief = {0};
	struct entry_reader r = {.keep = &p->arena, .brief = &brief, .hasher = h};
	struct report *said = ARENA_NEW(&p->arena, struct report);
	struct entry quick = {0}, slow = {0};
	bool taken, good;

	said->keep = &p->arena;
	taken = entry_read_quick(&r, text, &quick);
	arena_release(&brief); /* what the entry points to is not in it */
	good = entry_read(&p->op, text, 0, said, &slow) && report_total(said) == 0;
	if (taken != good)
		print_error("%s by the quick reader alone: %.*s\n", taken ? "taken" : "refused",
		            STR_ARG(text));
	assert_int_equal(taken, good);
	if (taken)
		assert_true(same_entry(&p->arena, &quick, &slow));
	*(taken ? &p->taken : &p->refused) += 1;
}

/* clang-format off */
static const char *const TEXTS[] = {
	"{}", "[]", "0", "-0", "-1", "01", "1.0", "1e1", "+1", "-", "9007199254740991",
	"9007199254740992", "-9007199254740991", "-9007199254740992", "99999999999999999999",
	"true", "tru", "truee", "false", "null", "nul", "", " ", " 1", "1 ", "\"\"", "\"", "\"a",
	"\"\\\"\\\\\\b\\f\\n\\r\\t\"", "\"\\/\"", "\"\\u0001\\u001f\"", "\"\\u001F\"",
	"\"\\u0000\"", "\"\\u0008\"", "\"\\u0009\"", "\"\\u000c\"", "\"\\u000d\"",
	"\"\\u000a\"", "\"\\u0020\"", "\"\\u00e9\"", "\"\\u4e2d\"",
	"\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\x\"", "\"\\\"", "\"\\u00\"", "\"\\u\"",
	"\"\x7f\"", "\"\x01\"", "\"\t\"", "\"\xc3\xa9\"", "\"\xe4\xb8\xad\xe6\x96\x87\"",
	"\"\xf0\x9f\x98\x80\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
	"\"\xff\"", "\"\xe4\xb8\"", "\"\xe2\x80\xa8\"", "\"\xef\xbf\xbf\"", "{\"a\":1,\"b\":2}",
	"{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}",
	"{\"a\":1 }", "{a:1}", "{\"a\":1", "[1,2]", "[1,2,]", "[,1]", "[1 ,2]", "[1", "]", "}",
	"[}", "{]", "[1]]", "{\"\":0}", "{\"a\":{\"b\":[{}]}}", "{\"\\u0001\":0,\" \":1}",
	"{\"\\\"\":0,\"a\":1}", "{\"a\":0,\"ab\":1}", "{\"ab\":0,\"a\":1}",
	"{\"\xf0\x9f\x98\x80\":0,\"\xef\xac\xb3\":1}",
	"{\"\xef\xac\xb3\":0,\"\xf0\x9f\x98\x80\":1}",
	"{\"\xe2\x82\xac\":0,\"\xf0\x9f\x98\x80\":1}", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
	"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", " [ 1 , { \"b\" : \"x\" , \"a\" : [ ] } ]\n",
	"\t{\r\n\"c\" :1,\"a\":{ },\"b\": null }", "{\"c\":1,\"a\":2,\"c\":3}",
	"{\"b\":1,\"a\":2,\"a\":3}", "{\"a\" \"b\":1}", "[1 2]", "1 2", "tr ue", "{ , }", "[ 1, ]",
	"\v1", "{\"b\":\"\\n\",\"a\":\"\\/\"}",
	"\"12345678\"", "\"1234567\\n12345678\"",
	"\"12345678\\\\\"", "\"1234567\xc3\xa9 2345678\"",
};
/* clang-format on */

static void the_quick_reader_takes_what_is_canonical(void **state)
{
	struct pair p = {0};

	(void)state;
	p.op.arena = &p.arena;
	for (size_t i = 0; i < COUNT(TEXTS); i++)
		compare_text(&p, str_of(TEXTS[i]));
	compare_text(&p, (struct str){"\"a\0b\"", 5});
	assert_true(p.taken > 30 && p.refused > 40);
	arena_release(&p.arena);
}

/* Each byte of each kind of entry, made several others. */
static void the_quick_reader_says_nothing_that_the_slow_one_does_not(void **state)
{
	static const char OTHERS[] = "\"\\{}[],:019-. aZ~\x01\x80\xff";
	struct hasher *x = hasher_new(HASH_SHA256);
	struct pair p = {0};
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, AT_TICKS + 1);
	for (size_t i = 0; i < h.n; i++) {
		for (size_t at = 0; at <= h.entry[i].n; at++) {
			struct str copy = str_copy(&p.arena, h.entry[i]);
			char *byte = (char *)(uintptr_t)copy.s + at;

			p.op = (struct op){.arena = &p.arena};
			compare_entry(&p, x, (struct str){copy.s, at}); /* cut */
			for (size_t k = at % 5; at < copy.n && k < sizeof(OTHERS) - 1; k += 5) {
				*byte = OTHERS[k];
				compare_text(&p, copy);
				compare_entry(&p, x, copy);
			}
			arena_reset(&p.arena);
		}
		compare_entry(&p, x, h.entry[i]);
	}
	assert_true(p.taken > 5000 && p.refused > 20000);
	hand_close(&h);
	hasher_free(x);
	arena_release(&p.arena);
}

static void read_both(struct pair *p, struct str text)
{
	struct json *slow = NULL;

	p->op = (struct op){.arena = &p->arena};
	*(json_read_slowly(&p->op, text, &slow) == RC_OK ? &p->taken : &p->refused) += 1;
	compare_loose(p, text, slow);
}

/* As programs send it: with blanks, members in any order, and each byte made another. */
static void what_programs_send_is_read_as_slowly(void **state)
{
	static const char SENT[] =
		"[ {\"key\": \"01974a5e\", \"command\":\"sitting.enter\",\n\t\"data\" :{ \"tries\":1,"
		"\"at\":null,\"list\":[ true , -20,\"\xe4\xb8\xad\\n\", { } ] }, \"at\":\"\\t\"} , 7 ]";
	static const char OTHERS[] = "\"\\{}[],:019-. \n\tkdae~\x01\x80\xe4\xff";
	struct pair p = {0};

	(void)state;
	for (size_t at = 0; at < sizeof(SENT); at++)
		for (size_t k = 0; k < sizeof(OTHERS) - 1; k++) {
			struct str copy = str_dup(&p.arena, SENT, sizeof(SENT) - 1);

			read_both(&p, (struct str){copy.s, at});
			((char *)(uintptr_t)copy.s)[at] = OTHERS[k];
			read_both(&p, copy);
			arena_reset(&p.arena);
		}
	assert_true(p.taken > 700 && p.refused > 3000);
	arena_release(&p.arena);
}

/* More members than are compared with each other, the last a second time. */
static void a_key_stands_once_among_many(void **state)
{
	struct pair p = {0};

	(void)state;
	for (int n = 60; n < 70; n++)
		for (int twice = 0; twice < 2; twice++) {
			struct strbuf b;

			strbuf_init(&b, &p.arena);
			strbuf_addz(&b, "{\"z\":0");
			for (int i = 0; i < n; i++)
				strbuf_addf(&b, ",\"k%d\":%d", (i * 7) % n, i);
			strbuf_addz(&b, twice ? ",\"k1\":0}" : "}");
			p.taken = 0;
			read_both(&p, strbuf_str(&b));
			assert_int_equal(p.taken, !twice && n % 7 != 0);
		}
	arena_release(&p.arena);
}

static void a_time_has_the_one_spelling_of_the_clock(void **state)
{
	static const char *const TIMES[] = {
		"1970-01-01T00:00:00.000Z",      "1969-12-31T23:59:59.999Z", "2000-02-29T12:00:00.001Z",
		"2100-02-29T12:00:00.000Z",      "2024-02-29T23:59:59.999Z", "2023-02-29T00:00:00.000Z",
		"2025-12-31T23:59:60.000Z",      "2025-13-01T00:00:00.000Z", "2025-00-01T00:00:00.000Z",
		"2025-04-31T00:00:00.000Z",      "2025-06-07T24:00:00.000Z", "2025-06-07T00:60:00.000Z",
		"2025-06-07T00:58:00.00Z",       "2025-06-07T00:58:00Z",     "2025-06-07 00:58:00.000Z",
		"2025-06-07T08:58:00.000+08:00", "9999-12-31T23:59:59.999Z", "2025-06-0xT00:58:00.000Z",
		"2025/06/07T00:58:00.000Z",      "2025-06-07T00:58:00.000z", "1999-03-01T00:00:00.000Z",
	};
	struct arena a = {0};
	struct op op = {.arena = &a};
	int good = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(TIMES); i++) {
		struct json *o = json_new_object(&a);
		struct str text = str_of(TIMES[i]);
		struct members m = {.op = &op, .o = o};
		int64_t want = 0, got;
		bool is = clock_parse(text, &want) && str_eq(clock_format_utc(&a, want), text);

		json_set_str(&a, o, "time", text);
		got = member_time(&m, "time");
		assert_int_equal(m.bad == NULL, is);
		assert_true(!is || got == want);
		good += is;
	}
	assert_int_equal(good, 5);
	arena_release(&a);
}

/* A key that counted when the entry was read ahead, and no more when it is checked. */
static void an_answer_ahead_is_for_its_own_question_alone(void **state)
{
	struct ed25519_key other = hand_key(4711);
	struct tried t = {0};
	struct signature sig;
	struct report *r;
	struct hand h;

	(void)state;
	sig = ed25519_sign(&other, "text", 4);
	tried_ask(&t, &other.pub, STR("text"), &sig);
	assert_true(t.good && tried_verify(&t, &other.pub, STR("text"), &sig));
	assert_false(tried_verify(&t, &other.pub, STR("texT"), &sig));
	for (int changed = 0; changed < 2; changed++) {
		hand_open(&h);
		hand_full(&h, 300);
		hand_write(&h, &(struct pen){.type = "authority.key_registered",
		                             .data = str_fmt(&h.arena, "{\"key\":\"%s\",\"person\":%d}",
		                                             hex_encode(&h.arena, other.pub.b, 32).s,
		                                             changed ? COURIER : 999)
		                                         .s});
		hand_slots(&h, "giver=key:11 giver=key:12 receiver=key:13 receiver=key:14");
		hand_folder(&h, "data");
		r = hand_audit(&h, hand_path(&h, "data"), NULL, NULL);
		assert_int_equal(hand_found_at(r, FINDING_SIGNATURE, 301), changed);
		hand_close(&h);
	}
}

static struct str said_with(struct hand *h, int threads)
{
	struct audit_options o = {.source = hand_path(h, "data"), .threads = threads};
	struct report *r = ARENA_NEW(&h->arena, struct report);

	assert_ok(audit_run(&h->op, &o, r));
	return report_json(&h->arena, r);
}

/* A ledger with faults of many kinds, over more batches than there are threads. */
static void threads_change_nothing_that_is_said(void **state)
{
	struct str one;
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 700);
	for (int i = 0; i < 40; i++)
		hand_slots(&h, i % 3 == 0 ? "giver=key:11 giver=key:12 receiver=key:13 receiver=key:14"
		                          : "giver=key:11 giver=key:15 receiver=key:13 receiver=key:13");
	hand_head(&h);
	for (size_t i = 300; i < 420; i += 3)
		hand_edit(&h, i, "\"v\":1}", i % 2 ? "\"v\":0}" : "\"v\":1 }");
	hand_edit(&h, 710, "\"sig\":\"", "\"sig\":\"0");
	h.note_at[0] = 100;
	h.note_at[1] = 256;
	h.note_at[2] = 400;
	h.note_at[3] = 705;
	hand_folder(&h, "data");
	hand_sql(&h, "data/ledger.db", "UPDATE ledger_entry SET leaf = zeroblob(32) WHERE idx = 50");
	hand_sql(&h, "data/ledger.db", "DELETE FROM ledger_entry WHERE idx IN (130, 600)");
	one = said_with(&h, 0);
	for (int i = 0; i < 8; i++)
		assert_true(str_eq(said_with(&h, 1 + i % 4), one));
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_quick_reader_takes_what_is_canonical),
		cmocka_unit_test(the_quick_reader_says_nothing_that_the_slow_one_does_not),
		cmocka_unit_test(what_programs_send_is_read_as_slowly),
		cmocka_unit_test(a_key_stands_once_among_many),
		cmocka_unit_test(a_time_has_the_one_spelling_of_the_clock),
		cmocka_unit_test(an_answer_ahead_is_for_its_own_question_alone),
		cmocka_unit_test(threads_change_nothing_that_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
