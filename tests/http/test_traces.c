/* SPDX-License-Identifier: Apache-2.0 */
/* test_traces.c -- without its trace no file: an export whose record cannot be written is refused,
 * and not a byte of it is handed out.
 *
 * The disk is full from the first write of the record on (faults/shim.h); then the writer's queue
 * is.  On PostgreSQL the disk is another's, so there the queue alone is tried.
 *
 * And what is said of a full queue is said of the work that was asked for.
 */
#include "kit/check.h"

#include "app/giver.h"
#include "domain/scene.h"
#include "faults/shim.h"
#include "http/served.h"

#define BOXES "/api/v1/export/custody/boxes?lang=en"

static struct scene S;
static struct served V;
static int64_t OFFICER;
static enum { WELL, DISK_FULL, QUEUE_FULL } STATE;

/* On the server's thread, while this one waits. */
static enum rc give(void *ctx, const struct request *r, struct answer *ret, size_t n)
{
	(void)ctx;
	if (STATE == QUEUE_FULL)
		return RC_BUSY;
	if (STATE == DISK_FULL)
		shim_arm(SHIM_ENOSPC, 1, false);
	for (size_t i = 0; i < n; i++)
		(void)!writer_do(&S.k.w, &r[i], &ret[i]);
	(void)shim_disarm();
	return RC_OK;
}

static int setup(void **state)
{
	(void)state;
	STATE = WELL;
	scene_open_with_papers(&S);
	served_open(&V, &S.k);
	V.api.give = give;
	OFFICER = scene_person(&S, OFFICE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	served_close(&V);
	scene_close(&S);
	return 0;
}

static void exported(int status)
{
	struct reply_heard h;

	served_ask(&V, OFFICER, "POST", BOXES, NULL, &h);
	if (h.status != status)
		fail_msg("%d, not %d: %s", h.status, status, h.body.s);
	if (status == 200) {
		assert_true(str_starts(h.body, STR("PK")));
		return;
	}
	assert_non_null(strstr(h.head.s, "Content-Type: application/problem+json"));
	assert_null(strstr(h.head.s, "filename="));
	assert_null(memmem(h.body.s, h.body.n, "PK\3\4", 4));
	assert_true(json_str(h.doc, "zh").n && json_str(h.doc, "en").n);
}

static void a_full_disk_lets_nothing_out(void **state)
{
	const char *db = getenv("TEST_DB");
	uint64_t size = kit_size(&S.k);

	(void)state;
	if (db && strcmp(db, "postgres") == 0)
		skip();
	exported(200);
	assert_int_equal(kit_size(&S.k), size + 1);
	STATE = DISK_FULL;
	exported(500);
	assert_string_equal(shim_fired(), "pwrite");
	assert_int_equal(kit_size(&S.k), size + 1);
	exported(500); /* nor when it is asked for again */
	STATE = WELL;
	exported(500); /* the writer has ended: what it wrote last is not known */
	kit_reopen(&S.k);
	V.lookup.db = S.k.store.view;
	V.api.exam = S.k.w.exam;
	V.api.origin = S.k.w.origin;
	assert_int_equal(kit_size(&S.k), size + 1);
	assert_int_equal(kit_count(&S.k, "vault.exported"), 1);
	exported(200);
	assert_int_equal(kit_count(&S.k, "vault.exported"), 2);
}

static void a_writer_without_room_lets_nothing_out(void **state)
{
	uint64_t size = kit_size(&S.k);

	(void)state;
	STATE = QUEUE_FULL;
	exported(503);
	assert_int_equal(kit_size(&S.k), size);
	STATE = WELL;
	exported(200);
	assert_int_equal(kit_count(&S.k, "vault.exported"), 1);
}

static void a_full_queue_is_told_of_the_work_that_was_asked_for(void **state)
{
	static const char FILE[] = "报名县区,考生号,选科组合,姓名,证件号码\n"
		"sc/cd/jn,K9001,history.chemistry.geography,样例甲,510104200701010015\n";
	struct reply_heard h;

	(void)state;
	STATE = QUEUE_FULL;
	served_ask(&V, OFFICER, "POST", BOXES, NULL, &h);
	assert_int_equal(h.status, 503);
	assert_null(strstr(h.body.s, "导入"));
	assert_null(strstr(h.body.s, "import"));
	V.type = "text/csv";
	served_ask(&V, OFFICER, "POST", "/api/v1/import/candidates", FILE, &h);
	assert_int_equal(h.status, 503);
	assert_non_null(strstr(h.body.s, "请稍后再导入同一文件"));
	assert_non_null(strstr(h.body.s, "import the same file again later"));
}

static enum rc refuse(void *ctx, const struct request *r,
                      void (*done)(void *ctx, const struct answer *a), void *done_ctx)
{
	(void)ctx, (void)r, (void)done, (void)done_ctx;
	return RC_BROKEN; /* at once, where BUSY is tried again */
}

/* Whoever gives batches knows what they are for; the giver does not. */
static void what_is_given_has_no_name(void **state)
{
	struct request r = {0};
	struct answer a = {0};

	(void)state;
	assert_int_equal(giver_give(refuse, NULL, &r, &a, 1), RC_BUSY);
	assert_true(a.err.zh[0] && a.err.en[0]);
	assert_null(strstr(a.err.zh, "导入"));
	assert_null(strstr(a.err.en, "import"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(a_full_disk_lets_nothing_out),
		T(a_writer_without_room_lets_nothing_out),
		T(a_full_queue_is_told_of_the_work_that_was_asked_for),
		T(what_is_given_has_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
