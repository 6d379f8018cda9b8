/* SPDX-License-Identifier: Apache-2.0 */
/* test_traces.c -- without its trace no file: an export whose record cannot be written is refused,
 * and not a byte of it is handed out.
 *
 * The disk is full from the first write of the record on (faults/shim.h); then the writer's queue
 * is.  On PostgreSQL the disk is another's, so there the queue alone is tried.
 */
#include "kit/check.h"

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

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(a_full_disk_lets_nothing_out),
		T(a_writer_without_room_lets_nothing_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
