/* SPDX-License-Identifier: Apache-2.0 */
/* test_writer_load.c -- the thread before the real writer and a real disk: four producers, a queue
 * that fills, and afterwards every acknowledged operation in the ledger, once.
 */
#include "kit/check.h"

#include <pthread.h>
#include <sched.h>

#include "app/modules.h"
#include "app/writer_thread.h"
#include "kit/kit.h"

enum { PRODUCERS = 4, EACH = 150 };

static struct kit K;

static int setup(void **state)
{
	struct str path = {0}, bytes = {0};
	CHECK_OP(op);

	(void)state;
	path = str_fmt(op.arena, "%s/profiles/demo.json", getenv("GONGYUAN_SOURCE"));
	assert_ok(file_read(&op, path, LIMIT_BLOB, &bytes));
	kit_open(&K, app_modules, app_nmodules, bytes.s, 0);
	check_op_release(&op);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kit_close(&K);
	return 0;
}

/* Until the foundation is closed the system may grant; each person once. */
static struct request grant(struct arena *a, int64_t person)
{
	struct json *data = json_new_object(a);

	json_set_int(a, data, "person", person);
	json_set_str(a, data, "place", STR("sc/cd/jn"));
	json_set_str(a, data, "role", STR("courier"));
	return (struct request){
		.command = STR("authority.grant"),
		.key = str_fmt(a, "01890000-0000-7000-8000-%012lld", (long long)person),
		.source = SOURCE_OFFICE,
		.data = data,
	};
}

struct producer {
	struct writer_thread *t;
	int64_t first;
	int64_t index[EACH]; /* of the entry; -1: not acknowledged */
	int again;           /* BUSY answers that were tried again */
};

static void *produce(void *p)
{
	struct producer *x = p;
	struct arena a = {0};

	for (int i = 0; i < EACH; i++) {
		struct request r = grant(&a, x->first + i);
		struct answer answer;
		enum rc rc;

		/* A second sending with the same key would answer from the receipt. */
		while ((rc = writer_thread_do(x->t, &r, &answer)) == RC_BUSY) {
			x->again++;
			sched_yield();
		}
		x->index[i] = rc == RC_OK ? answer.index : -1;
		arena_reset(&a);
	}
	arena_release(&a);
	return NULL;
}

static void every_acknowledged_operation_stands_in_the_ledger_once(void **state)
{
	static struct producer p[PRODUCERS];
	struct writer_thread_options o = {.writer = &K.w, .queue = 2, .batch = 1};
	struct writer_thread *t = NULL;
	pthread_t thread[PRODUCERS];
	int64_t before = kit_count(&K, "authority.granted");
	int again = 0;

	(void)state;
	assert_ok(writer_thread_start(&K.op, &o, &t));
	for (int i = 0; i < PRODUCERS; i++) {
		p[i] = (struct producer){.t = t, .first = 1 + i * EACH};
		assert_int_equal(pthread_create(&thread[i], NULL, produce, &p[i]), 0);
	}
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(thread[i], NULL);
	assert_ok(writer_thread_stop(t));
	for (int i = 0; i < PRODUCERS; i++) {
		again += p[i].again;
		for (int k = 0; k < EACH; k++) {
			char want[64];

			assert_true(p[i].index[k] >= 0);
			snprintf(want, sizeof(want), "\"person\":%d,\"place\":\"sc/cd/jn\"", 1 + i * EACH + k);
			assert_non_null(strstr(kit_entry(&K, (uint64_t)p[i].index[k]).s, want));
		}
	}
	assert_int_equal(kit_count(&K, "authority.granted") - before, PRODUCERS * EACH);
	assert_true(again > 0); /* one in hand and two places: somebody of four was told BUSY */
}

static void the_ledger_opens_again_and_holds_the_same(void **state)
{
	uint64_t size = kit_size(&K);
	struct hash root = kit_root(&K), now;

	(void)state;
	kit_reopen(&K);
	now = kit_root(&K);
	assert_int_equal(kit_size(&K), size);
	assert_true(hash_eq(&root, &now));
	kit_check_rebuild(&K, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_acknowledged_operation_stands_in_the_ledger_once),
		cmocka_unit_test(the_ledger_opens_again_and_holds_the_same),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
