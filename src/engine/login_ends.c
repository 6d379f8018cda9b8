/* SPDX-License-Identifier: Apache-2.0 */
/* login_ends.c -- walks the chain of authority events back to the one that was seen last. */
#include "engine/login_ends.h"

#include "engine/badge.h"
#include "engine/link.h"
#include "engine/login_private.h"
#include "engine/writer.h"

enum { NEVER = -2 }; /* no note yet: nothing ends */

enum { Q_SEEN, Q_NOTE_END, Q_NOTE };
static const struct sql SQL[] = {
	[Q_SEEN] = {"SELECT authority FROM login_note WHERE id = 1", 0},
	[Q_NOTE_END] = {"DELETE FROM login_note", 0},
	[Q_NOTE] = {"INSERT INTO login_note(id, authority) VALUES(1, ?)", 1},
};

static enum rc entry_at(struct op *op, int64_t at, struct json **ret)
{
	struct str bytes;
	struct hash leaf;

	TRY(ledger_entry(op, &op->run->writer->ledger, (uint64_t)at, &bytes, &leaf));
	return json_read(op, bytes, ret);
}

/* A revocation names the grant, and the grant the person. */
static enum rc person_of(struct op *op, const struct json *data, int64_t *ret)
{
	int64_t grant = json_int(data, "grant", 0);
	struct json *granted;

	*ret = json_int(data, "person", 0);
	if (*ret || !grant)
		return RC_OK;
	TRY(entry_at(op, grant & ((INT64_C(1) << 33) - 1), &granted));
	*ret = json_int(json_get(granted, "data"), "person", 0);
	return RC_OK;
}

static enum rc end_of(struct op *op, struct logins *l, const struct json *entry, int64_t now_ms)
{
	const struct json *data = json_get(entry, "data");
	struct person_id who;

	if (str_is(json_str(entry, "type"), "authority.device_revoked"))
		return link_end_device(op, l, json_int(data, "device", 0), now_ms);
	TRY(person_of(op, data, &who.v));
	if (!who.v)
		return RC_OK;
	TRY(badge_end_person(op, l, who, now_ms));
	return login_end_person(op, l, who, now_ms);
}

static enum rc walk(struct op *op, struct logins *l, int64_t seen, int64_t now_ms)
{
	int64_t newest = op->run->writer->last_authority;
	struct json *entry;

	for (int64_t at = newest; seen != NEVER && at > seen; at = json_int(entry, "auth", -1)) {
		TRY(entry_at(op, at, &entry));
		TRY(end_of(op, l, entry, now_ms));
	}
	TRY(db_exec(op, l->db, &SQL[Q_NOTE_END], NO_ARGS));
	return db_exec(op, l->db, &SQL[Q_NOTE], ARGS(sql_int(newest)));
}

enum rc logins_follow(struct op *op, struct logins *l, int64_t now_ms)
{
	int64_t seen;
	enum rc rc;

	{
		AUTO(rows) r = {0};

		TRY(db_query(op, l->db, &SQL[Q_SEEN], NO_ARGS, &r));
		seen = rows_next(&r) ? rows_int(&r, 0) : NEVER;
	}
	if (seen == op->run->writer->last_authority)
		return RC_OK;
	TRY(db_begin(op, l->db));
	rc = walk(op, l, seen, now_ms);
	if (rc == RC_OK)
		return db_commit(op, l->db);
	db_rollback(l->db);
	return rc;
}
