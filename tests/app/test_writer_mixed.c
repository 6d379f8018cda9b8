/* SPDX-License-Identifier: Apache-2.0 */
/* test_writer_mixed.c -- many requests of every kind at once, landed by a thread of their own.
 *
 * Names go to the vault, keys come twice, orders are refused before and after they have written,
 * jobs cut in.  Afterwards each request must have had the answer that it would have had alone.
 */
#include "kit/check.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "app/writer_thread.h"
#include "engine/field.h"
#include "engine/vault.h"
#include "engine/toy.h"
#include "kit/kit.h"

enum { N = 1200, WINDOW = 48 };

/* ---- an order that is refused after it has written ---- */

struct regret {
	struct str place, code;
};
static const struct field REGRET[] = {
	FIELD(struct regret, place, F_PLACE, "地点", "place"),
	FIELD(struct regret, code, F_CODE, "编号", "code"),
};

enum { Q_PUT };
static const struct sql SQL[] = {
	[Q_PUT] = {"INSERT INTO regret(idx, code) VALUES (?, ?)", 2},
};
static const struct table TABLES[] = {
	{"regret", "CREATE TABLE regret(idx {id} PRIMARY KEY, code {text} NOT NULL)", "idx"},
};

static enum rc apply_done(struct op *op, const struct event *ev)
{
	return sql_exec(op, &SQL[Q_PUT],
	                ARGS(sql_int(ev->index), sql_text(((const struct regret *)ev->data)->code)));
}

static const struct event_type EVENTS[] = {
	{.name = "regret.done", .version = 1, FIELDS(REGRET), .size = sizeof(struct regret),
	 .apply = apply_done, .zh = "做了又悔", .en = "done and regretted"},
};

static enum rc regret(struct op *op, const void *in)
{
	TRY(event_append(op, &EVENTS[0], in, NULL));
	return fail(op, RC_CONFLICT, "code", "", "反悔", "regretted");
}

static const struct allow ANYONE[] = {{"anyone", LEVEL_ANY}};
static const struct command COMMANDS[] = {
	{.name = "regret.do", .kind = ORDER, FIELDS(REGRET), .size = sizeof(struct regret),
	 ALLOW(ANYONE), .run = regret, .cites = "试验", .zh = "做", .en = "do"},
};
static const struct module regret_module = {
	.name = "regret", .group = "regret", .rev = 1, .zh = "反悔", .en = "regret",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(events, EVENTS),
	TABLE_OF(commands, COMMANDS),
};

/* ---- the requests ---- */

enum kind { NOTE, LOOK, REGRETTED, REPEAT, FOREIGN };

struct sent {
	enum kind kind;
	int of; /* REPEAT: of which */
	struct request request;
	struct answer answer;
	atomic_bool answered;
};

static struct kit K;
static struct sent S[N];
static atomic_int LEFT;

static void prepare(int i, enum kind kind, const char *command, const char *data)
{
	const struct command *c = modules_command(&K.modules, str_of(command));
	struct beside *b = arena_array(&K.arena, c->nfields + 1, sizeof(*b));
	struct json *in, *out = NULL;
	size_t n = 0;

	assert_ok(json_read(&K.op, str_of(data), &in));
	random_at(&K.random, 5000000 + (uint64_t)i);
	K.op.random = &K.random;
	assert_ok(field_intake(&K.op, c->fields, c->nfields, in, NULL, &out, b, &n));
	S[i].kind = kind;
	S[i].request = (struct request){
		.command = str_of(command), .actor = {1}, .source = SOURCE_OFFICE, .data = out,
		.beside = b, .nbeside = n,
		/* Not always rising: some keys must be looked up. */
		.key = str_fmt(&K.arena, "018%02d000-0000-7000-8000-%012d", i * 7 % 3, i),
		.body = hash_sha256(data, strlen(data)),
	};
}

static void prepare_all(void)
{
	for (int i = 0; i < N; i++) {
		if (i % 5 == 4 && i > 200) {
			S[i].kind = REPEAT;
			S[i].of = i % 10 == 9 ? i - 1 : i - 150; /* perhaps still on its way; long done */
			while (S[S[i].of].kind == REPEAT)
				S[i].of--;
			S[i].request = S[S[i].of].request;
		} else if (i % 17 == 3) {
			prepare(i, REGRETTED, "regret.do", "{\"place\":\"sc/cd\",\"code\":\"R-1\"}");
		} else if (i % 13 == 5) {
			prepare(i, FOREIGN, "toy.look", "{\"place\":\"gd/gz\",\"code\":\"P-1\"}");
		} else if (i % 3 == 0) {
			prepare(i, NOTE, "toy.note",
			        str_fmt(&K.arena, "{\"place\":\"sc/cd\",\"note\":\"王%d\"}", i).s);
		} else {
			prepare(i, LOOK, "toy.look", "{\"place\":\"sc/cd\",\"code\":\"P-1\"}");
		}
	}
}

static void answered(void *ctx, const struct answer *a)
{
	struct sent *s = ctx;

	s->answer = *a;
	atomic_store(&s->answered, true);
	atomic_fetch_sub(&LEFT, 1);
}

static void note_size(void *ctx, struct writer *w)
{
	uint64_t *size = ctx;

	assert_true(w->ledger.tree.size == w->ledger.next.size); /* nothing open, nothing aloft */
	assert_true(w->ledger.tree.size >= *size);
	*size = w->ledger.tree.size;
}

static void send_all(void)
{
	struct writer_thread_options o = {.writer = &K.w, .batch = 32, .idle_ms = 3};
	struct writer_thread *t = NULL;
	struct db *read = NULL;
	uint64_t size = 0;

	assert_ok(store_reader(&K.op, &K.store, &read));
	o.read = read;
	assert_ok(writer_thread_start(&K.op, &o, &t));
	for (int i = 0; i < N; i++) {
		while (atomic_load(&LEFT) >= WINDOW)
			sched_yield();
		atomic_fetch_add(&LEFT, 1);
		assert_ok(writer_thread_submit(t, &S[i].request, answered, &S[i]));
		if (i % 100 == 50)
			assert_ok(writer_thread_run(t, note_size, &size));
	}
	assert_ok(writer_thread_stop(t));
	db_close(read);
}

static void check_note(int i)
{
	struct op op = K.op;
	struct str text, entry = kit_entry(&K, (uint64_t)S[i].answer.index);
	struct json *o;

	assert_ok(json_read(&op, entry, &o));
	o = (struct json *)(uintptr_t)json_get(json_get(o, "data"), "note");
	assert_ok(vault_get(&op, &K.w.vault, json_int(o, "vault", -1), json_str(o, "mac"), &text));
	assert_true(str_eq(text, str_fmt(&K.arena, "王%d", i)));
}

static void each_request_is_answered_as_if_it_had_come_alone(void **state)
{
	int notes = 0, looks = 0;

	(void)state;
	prepare_all();
	send_all();
	for (int i = 0; i < N; i++) {
		const struct answer *a = &S[i].answer, *first = &S[S[i].of].answer;

		assert_true(atomic_load(&S[i].answered));
		switch (S[i].kind) {
		case NOTE:
			assert_int_equal(a->rc, RC_OK);
			check_note(i);
			notes++;
			break;
		case LOOK:
			assert_int_equal(a->rc, RC_OK);
			looks++;
			break;
		case REGRETTED:
			assert_int_equal(a->rc, RC_CONFLICT);
			assert_string_equal(a->err.en, "regretted");
			assert_int_equal(a->index, -1);
			break;
		case FOREIGN:
			assert_int_equal(a->rc, RC_DENIED);
			break;
		case REPEAT:
			assert_int_equal(a->rc, first->rc);
			assert_int_equal(a->index, first->index);
			assert_true(a->repeated == (first->rc == RC_OK));
			break;
		}
	}
	assert_int_equal(kit_count(&K, "toy.noted"), notes);
	assert_int_equal(kit_count(&K, "toy.looked"), looks);
	assert_int_equal(kit_count(&K, "regret.done"), 0);
	assert_true(K.w.nwary > 0); /* the way of being run again was gone */
}

static void projections_and_a_second_opening_agree(void **state)
{
	static const char *const FULL[] = {"toy_note", NULL};
	uint64_t size = kit_size(&K);
	struct hash root = kit_root(&K), now;

	(void)state;
	kit_check_rebuild(&K, FULL);
	kit_reopen(&K);
	now = kit_root(&K);
	assert_int_equal(kit_size(&K), size);
	assert_true(hash_eq(&root, &now));
	kit_check_rebuild(&K, FULL);
}

static int setup(void **state)
{
	static const struct module *list[] = {&toy_module, &regret_module};

	(void)state;
	kit_open(&K, list, COUNT(list), TOY_PROFILE, 0);
	kit_grant(&K, 1, "toy_keeper", "sc/cd");
	kit_found(&K);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kit_close(&K);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_is_answered_as_if_it_had_come_alone),
		cmocka_unit_test(projections_and_a_second_opening_agree),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
