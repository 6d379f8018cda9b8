/* SPDX-License-Identifier: Apache-2.0 */
/* scratch.c -- see scratch.h.  Talks to the server by libpq itself, so that a fault in src/db
 * cannot hide behind the set-up of its own tests.
 */
#include "kit/check.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/scratch.h"

static const char *server(void)
{
	return getenv("GONGYUAN_PG_URL");
}

bool scratch_on_postgres(void)
{
	const char *kind = getenv("TEST_DB");

	return kind != NULL && strcmp(kind, "postgres") == 0 && server() != NULL &&
	       *server() != '\0';
}

struct str scratch_url(struct scratch *s, const char *database)
{
	const char *url = server(), *host = strstr(url, "://");

	assert_non_null(host);
	size_t head = (size_t)(host + 3 - url) + strcspn(host + 3, "/");
	const char *tail = strchr(url + head, '?');
	return str_fmt(&s->arena, "%.*s/%s%s", (int)head, url, database, tail != NULL ? tail : "");
}

static void ignore_notice(void *ctx, const PGresult *res)
{
	(void)ctx;
	(void)res;
}

static bool try_sql(PGconn *c, const char *sql)
{
	PGresult *r = PQexec(c, sql);
	ExecStatusType status = PQresultStatus(r);

	PQclear(r);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Runs `sql`, or else `otherwise` when that is given. */
static void run_sql(const char *url, const char *sql, const char *otherwise)
{
	PGconn *c = PQconnectdb(url);

	(void)PQsetNoticeReceiver(c, ignore_notice, NULL);
	if (!try_sql(c, sql) && (otherwise == NULL || !try_sql(c, otherwise)))
		fail_msg("%s: %s", sql, PQerrorMessage(c));
	PQfinish(c);
}

void scratch_sql(struct scratch *s, const char *sql)
{
	(void)s;
	run_sql(server(), sql, NULL);
}

static const char *database_of(const struct scratch *s)
{
	return strrchr(s->dir.s, '/') + 1; /* as unique as the folder's name, and in lower case */
}

int scratch_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct scratch *s = calloc(1, sizeof(*s));
	char name[32];

	assert_non_null(s);
	s->op = (struct op){.arena = &s->arena};
	for (unsigned n = 0; s->dir.n == 0; n++) {
		(void)snprintf(name, sizeof(name), "gy_test_%d_%u", (int)getpid(), n);
		struct str dir = str_fmt(&s->arena, "%s/%s", tmp != NULL ? tmp : "/tmp", name);
		if (mkdir(dir.s, 0700) == 0)
			s->dir = dir;
		else if (n > 1000)
			return -1;
	}
	if (scratch_on_postgres()) {
		/* Its own order of text is a dictionary's: what needs bytes must say so. */
		struct str icu = str_fmt(&s->arena, "CREATE DATABASE %s TEMPLATE template0"
		                         " LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", name);
		struct str plain = str_fmt(&s->arena, "CREATE DATABASE %s", name);
		struct str drop = str_fmt(&s->arena, "DROP DATABASE IF EXISTS %s", name);
		run_sql(server(), drop.s, NULL);
		run_sql(server(), icu.s, plain.s);
		s->url = scratch_url(s, name);
	}
	*state = s;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int scratch_teardown(void **state)
{
	struct scratch *s = *state;

	if (scratch_on_postgres())
		run_sql(server(), str_fmt(&s->arena, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
		                          database_of(s)).s, NULL);
	/* A test that failed may have left its small disk mounted. */
	(void)umount2(scratch_path(s, "m").s, MNT_DETACH);
	(void)nftw(s->dir.s, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	arena_release(&s->arena);
	free(s);
	return 0;
}

struct str scratch_path(struct scratch *s, const char *name)
{
	return str_fmt(&s->arena, STR_FMT "/%s", STR_ARG(s->dir), name);
}

struct db *scratch_db(struct scratch *s, enum db_mode mode)
{
	struct db *db = NULL;
	enum rc rc;

	if (s->url.n > 0)
		rc = db_open_postgres(&s->op, s->url, STR("test"), mode, &db);
	else
		rc = db_open_sqlite(&s->op, scratch_path(s, "test.db"), mode, &db);
	if (rc != RC_OK)
		fail_msg("the test's database does not open: %s", s->op.err.en);
	return db;
}
