/* SPDX-License-Identifier: Apache-2.0 */
/* postgres_wait.c -- every wait for the server, each with a deadline.
 *
 * Invariant: no call of libpq made here or elsewhere in the driver blocks; the process waits in
 * poll() alone, never past the deadline.  (The look-up of a host's name is the exception that
 * libpq leaves: give an address in the URL where the resolver is slow.)
 */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "db/postgres.h"

enum wait { WAIT_READY, WAIT_LATE, WAIT_LOST };

int64_t pg_now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		abort(); /* Linux always has this clock */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t pg_until(const struct pg *p)
{
	return pg_now() + p->deadline_ms;
}

static enum wait wait_for(const struct pg *p, short events, short *ret_seen, int64_t until)
{
	struct pollfd fd = {.fd = PQsocket(p->conn), .events = events};

	if (fd.fd < 0)
		return WAIT_LOST;
	for (;;) {
		int64_t left = until - pg_now();
		if (left <= 0)
			return WAIT_LATE;
		int n = poll(&fd, 1, (int)left);
		if (n > 0) {
			*ret_seen = fd.revents;
			return WAIT_READY;
		}
		if (n < 0 && errno != EINTR)
			return WAIT_LOST;
	}
}

static enum rc gone(struct op *op, struct connection *c, enum wait how)
{
	struct pg *p = pg_of(c);

	c->broken = true;
	if (how == WAIT_LATE)
		return fail(op, RC_BUSY, "", "", "数据库服务器在 %d 毫秒内没有回答，连接已放弃",
		            "the database server did not answer within %d ms: the connection is "
		            "given up",
		            p->deadline_ms);
	return fail(op, RC_BROKEN, "", "", "与数据库服务器的连接已断开：%s",
	            "the connection to the database server is lost: %s", PQerrorMessage(p->conn));
}

enum rc pg_connect_wait(struct op *op, struct connection *c, int64_t until)
{
	struct pg *p = pg_of(c);
	PostgresPollingStatusType state = PGRES_POLLING_WRITING; /* as libpq's manual has it */

	while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
		short seen;
		short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		enum wait how = wait_for(p, events, &seen, until);
		if (how == WAIT_LATE)
			return gone(op, c, how);
		state = how == WAIT_READY ? PQconnectPoll(p->conn) : PGRES_POLLING_FAILED;
	}
	if (state != PGRES_POLLING_OK)
		return fail(op, RC_NOT_FOUND, "", "", "连不上数据库服务器，请检查地址、库名与口令：%s",
		            "cannot reach the database: check address, name and password: %s",
		            PQerrorMessage(p->conn));
	if (PQsetnonblocking(p->conn, 1) != 0)
		return gone(op, c, WAIT_LOST);
	return RC_OK;
}

/* While our bytes do not go out the server may be waiting for us to read its own. */
static enum rc flush(struct op *op, struct connection *c, int64_t until)
{
	struct pg *p = pg_of(c);
	int left;

	while ((left = PQflush(p->conn)) > 0) {
		short seen = 0;
		enum wait how = wait_for(p, POLLIN | POLLOUT, &seen, until);
		if (how != WAIT_READY)
			return gone(op, c, how);
		if ((seen & POLLIN) != 0 && PQconsumeInput(p->conn) == 0)
			return gone(op, c, WAIT_LOST);
	}
	return left == 0 ? RC_OK : gone(op, c, WAIT_LOST);
}

static enum rc next_result(struct op *op, struct connection *c, int64_t until, PGresult **ret)
{
	struct pg *p = pg_of(c);

	while (PQisBusy(p->conn) != 0) {
		short seen;
		enum wait how = wait_for(p, POLLIN, &seen, until);
		if (how != WAIT_READY)
			return gone(op, c, how);
		if (PQconsumeInput(p->conn) == 0)
			return gone(op, c, WAIT_LOST);
	}
	*ret = PQgetResult(p->conn);
	return RC_OK;
}

static bool is_error(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_FATAL_ERROR || s == PGRES_BAD_RESPONSE || s == PGRES_EMPTY_QUERY;
}

enum rc pg_result(struct op *op, struct connection *c, PGresult **ret)
{
	int64_t until = pg_until(pg_of(c));
	PGresult *kept = NULL, *res = NULL;

	TRY(flush(op, c, until));
	for (;;) {
		enum rc rc = next_result(op, c, until, &res);
		if (rc != RC_OK) {
			PQclear(kept);
			return rc;
		}
		if (res == NULL)
			break;
		if (kept != NULL && is_error(kept)) {
			PQclear(res);
			continue;
		}
		PQclear(kept);
		kept = res;
		if (PQresultStatus(res) == PGRES_COPY_IN) /* it wants data before it says more */
			break;
	}
	if (kept == NULL)
		return gone(op, c, WAIT_LOST);
	*ret = kept;
	return RC_OK;
}

enum rc pg_sync_result(struct op *op, struct connection *c, PGresult **ret)
{
	int64_t until = pg_until(pg_of(c));

	TRY(flush(op, c, until));
	TRY(next_result(op, c, until, ret));
	return *ret != NULL ? RC_OK : gone(op, c, WAIT_LOST);
}

enum rc pg_put(struct op *op, struct connection *c, const char *data, size_t n)
{
	struct pg *p = pg_of(c);
	int64_t until = pg_until(p);
	int done;

	while ((done = PQputCopyData(p->conn, data, (int)n)) == 0)
		TRY(flush(op, c, until));
	if (done < 0)
		return gone(op, c, WAIT_LOST);
	return flush(op, c, until);
}

enum rc pg_put_end(struct op *op, struct connection *c, const char *error)
{
	struct pg *p = pg_of(c);
	int64_t until = pg_until(p);
	int done;

	while ((done = PQputCopyEnd(p->conn, error)) == 0)
		TRY(flush(op, c, until));
	return done > 0 ? RC_OK : gone(op, c, WAIT_LOST);
}
