/* SPDX-License-Identifier: Apache-2.0 */
/* scratch.h -- a fresh place for one test: an empty folder and, on PostgreSQL, an empty database.
 *
 * The suites run on SQLite, and on PostgreSQL when TEST_DB=postgres and GONGYUAN_PG_URL are set.
 * Use scratch_setup and scratch_teardown with cmocka_unit_test_setup_teardown; *state is then a
 * struct scratch.  Everything made here is removed with it.
 */
#ifndef GY_TEST_SCRATCH_H
#define GY_TEST_SCRATCH_H

#include "db/db.h"

struct scratch {
	struct arena arena;
	struct op op;
	struct str dir; /* exists, empty */
	struct str url; /* of an empty database of its own; empty on SQLite */
};

bool scratch_on_postgres(void);
int scratch_setup(void **state);
int scratch_teardown(void **state);

/* DIR/NAME. */
struct str scratch_path(struct scratch *s, const char *name);

/* A database of this test: DIR/test.db, or schema "test".  Fails the test when it cannot. */
struct db *scratch_db(struct scratch *s, enum db_mode mode);

/* Runs SQL on the server as its superuser, outside any code of ours; PostgreSQL only. */
void scratch_sql(struct scratch *s, const char *sql);

/* Another URL of the same server. */
struct str scratch_url(struct scratch *s, const char *database);

#define SCRATCH_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

#endif
