/* SPDX-License-Identifier: Apache-2.0 */
/* test_postgres.c -- the same ledger in the schemas of a PostgreSQL database.  Skipped unless
 * TEST_DB=postgres and GONGYUAN_PG_URL are set. */
#include "hand.h"

#include "kit/scratch.h"

static void fill(struct hand *h, const struct scratch *s)
{
	struct db *ledger, *view;

	hand_full(h, 600);
	h->note_at[0] = 300;
	assert_ok(db_open_postgres(&h->op, s->url, STR("gy_ledger"), DB_CREATE, &ledger));
	hand_fill_ledger(h, ledger);
	assert_ok(db_open_postgres(&h->op, s->url, STR("gy_view"), DB_CREATE, &view));
	hand_fill_view(h, view);
}

static void script(struct hand *h, const struct scratch *s, const char *schema, const char *sql)
{
	struct db *db;

	assert_ok(db_open_postgres(&h->op, s->url, str_of(schema), DB_WRITE, &db));
	assert_ok(db_script(&h->op, db, sql));
	db_close(db);
}

/* With the data folder, whose own SQLite files are then not looked at. */
static struct report *with_folder(struct hand *h, const struct scratch *s)
{
	struct report *r = ARENA_NEW(&h->arena, struct report);
	struct audit_options o = {.source = hand_path(h, "data"), .db = s->url};

	assert_ok(audit_run(&h->op, &o, r));
	return r;
}

static void a_sound_database_has_no_findings(void **state)
{
	struct scratch *s = *state;
	struct hand h;
	const struct report *r;

	if (!scratch_on_postgres())
		skip();
	hand_open(&h);
	fill(&h, s);
	hand_folder(&h, "data");
	r = with_folder(&h, s);
	assert_clean(r);
	assert_int_equal(r->size, 600);
	assert_false(hand_unchecked(r, FINDING_BOOK));
	hand_close(&h);
}

static void a_database_alone_leaves_signatures_unchecked(void **state)
{
	struct scratch *s = *state;
	struct hand h;
	const struct report *r;

	if (!scratch_on_postgres())
		skip();
	hand_open(&h);
	fill(&h, s);
	r = hand_audit(&h, s->url, NULL, NULL);
	assert_clean(r);
	assert_true(hand_unchecked(r, FINDING_KEY));
	assert_true(hand_unchecked(r, FINDING_SIGNATURE));
	assert_true(hand_unchecked(r, FINDING_BOOK));
	script(&h, s, "gy_ledger", "UPDATE ledger_entry SET leaf = bytes WHERE idx = 290");
	assert_only(hand_audit(&h, s->url, NULL, NULL), FINDING_LEAF, 290);
	hand_close(&h);
}

static void faults_in_a_database_are_named(void **state)
{
	static const struct {
		const char *schema, *sql;
		enum finding_kind kind;
		int64_t index;
	} BAD[] = {
		{"gy_view", "UPDATE book_balance SET qty = 0 WHERE holder = 'printed'", FINDING_BOOK,
		 AT_PRINTED},
		{"gy_ledger", "UPDATE ledger_entry SET bytes = leaf WHERE idx = 290", FINDING_LEAF, 290},
		{"gy_ledger", "DELETE FROM ledger_entry WHERE idx = 290", FINDING_ORDER, 290},
		{"gy_ledger", "UPDATE ledger_tile SET bytes = '' WHERE n = 1", FINDING_TILE, 256},
		{"gy_ledger", "DELETE FROM ledger_note WHERE size > 300", FINDING_CHECKPOINT, 300},
	};
	struct scratch *s = *state;
	struct hand h;

	if (!scratch_on_postgres())
		skip();
	hand_open(&h);
	fill(&h, s);
	hand_folder(&h, "data");
	for (size_t i = 0; i < COUNT(BAD); i++) {
		script(&h, s, BAD[i].schema, BAD[i].sql);
		assert_found(with_folder(&h, s), BAD[i].kind, BAD[i].index);
	}
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_sound_database_has_no_findings),
		SCRATCH_TEST(a_database_alone_leaves_signatures_unchecked),
		SCRATCH_TEST(faults_in_a_database_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
