/* SPDX-License-Identifier: Apache-2.0 */
/* store.c -- the secrecy room: its keys, its activation for an examination, its end.
 *
 * A room is activated when it has been accepted, its keys and its code are with four different
 * persons who may serve, two answer for it, locks and codes are new, and enough guards are on post:
 * from that moment on patrols, joint checks and replays are expected of it until it is deactivated,
 * which waits until no papers are in it.
 */
#include "domain/custody/store.h"

#include "domain/custody/acceptance.h"
#include "domain/people/people.h"
#include "engine/run.h"

enum { Q_STATE, Q_STORE_ADD, Q_STORE_SET, Q_KEY_SET, Q_KEY_ADD, Q_KEY_OF, Q_KEYS, Q_BAGS_IN };
static const struct sql SQL[] = {
	[Q_STATE] = {"SELECT active FROM custody_store WHERE place = ?", 1},
	[Q_STORE_ADD] = {"INSERT INTO custody_store(place, active, certificate) VALUES(?, ?, ?)", 3},
	[Q_STORE_SET] = {"UPDATE custody_store SET active = ?, certificate = ? WHERE place = ?", 3},
	[Q_KEY_SET] = {"UPDATE custody_key SET person = ? WHERE place = ? AND kind = ?", 3},
	[Q_KEY_ADD] = {"INSERT INTO custody_key(place, kind, person) VALUES(?, ?, ?)", 3},
	[Q_KEY_OF] = {"SELECT kind FROM custody_key WHERE place = ? AND person = ?", 2},
	[Q_KEYS] = {"SELECT COUNT(*) FROM custody_key WHERE place = ?", 1},
	[Q_BAGS_IN] = {"SELECT COUNT(*) FROM custody_bag WHERE holder = ? AND state <> 6", 1},
};

static const struct table TABLES[] = {
	{"custody_store", "CREATE TABLE custody_store(place {text} NOT NULL, active {int} NOT NULL,"
	 " certificate {text} NOT NULL, PRIMARY KEY(place)){clustered}", "place"},
	{"custody_key", "CREATE TABLE custody_key(place {text} NOT NULL, kind {int} NOT NULL,"
	 " person {id} NOT NULL, PRIMARY KEY(place, kind)){clustered}", "place, kind"},
};

/* Fields. */
struct keys {
	struct str place;
	struct person_id door_a, door_b, cabinet, code;
};
static const struct field KEYS[] = {
	FIELD(struct keys, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct keys, door_a, F_PERSON, "内间门甲锁钥匙持有人", "holder of the inner door's first key",
	      .secrecy = SECRECY_WORK),
	FIELD(struct keys, door_b, F_PERSON, "内间门乙锁钥匙持有人", "holder of the inner door's second key",
	      .secrecy = SECRECY_WORK),
	FIELD(struct keys, cabinet, F_PERSON, "文件柜钥匙持有人", "holder of the cabinet's key",
	      .secrecy = SECRECY_WORK),
	FIELD(struct keys, code, F_PERSON, "密码持有人", "holder of the code", .secrecy = SECRECY_WORK),
};

struct activation {
	struct str place, certificate;
};
static const struct field ACTIVATION[] = {
	FIELD(struct activation, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct activation, certificate, F_CODE, "验收合格证号", "acceptance certificate"),
};

static const struct field PLACE_ONLY[] = {
	FIELD(struct activation, place, F_PLACE, "保密室", "secrecy room"),
};

/* Projection.  A deactivated room keeps its row: that is how a hand-over knows it for a room. */
static enum rc store_set(struct op *op, struct str place, bool active, struct str certificate)
{
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_STORE_SET],
	              ARGS(sql_int(active), sql_text(certificate), sql_text(place)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_STORE_ADD],
	                ARGS(sql_text(place), sql_int(active), sql_text(certificate)));
}

static enum rc apply_keys(struct op *op, const struct event *ev)
{
	const struct keys *p = ev->data;
	const struct person_id holder[] = {p->door_a, p->door_b, p->cabinet, p->code};
	int64_t changed;
	int k;

	for (k = 0; k < STORE_KEY_MAX; k++) {
		TRY(db_change(op, op->db, &SQL[Q_KEY_SET],
		              ARGS(sql_int(holder[k].v), sql_text(ev->place), sql_int(k)), &changed));
		if (!changed)
			TRY(sql_exec(op, &SQL[Q_KEY_ADD],
			             ARGS(sql_text(ev->place), sql_int(k), sql_int(holder[k].v))));
	}
	return RC_OK;
}

static enum rc apply_activated(struct op *op, const struct event *ev)
{
	const struct activation *p = ev->data;

	return store_set(op, ev->place, true, p->certificate);
}

static enum rc apply_deactivated(struct op *op, const struct event *ev)
{
	TRY(room_closed(op, ev->place));
	return store_set(op, ev->place, false, STR(""));
}

enum { EV_KEYS, EV_ACTIVATED, EV_DEACTIVATED };
static const struct event_type EVENTS[] = {
	[EV_KEYS] = {"custody.keys_assigned", 1, KEYS + 1, COUNT(KEYS) - 1, sizeof(struct keys),
	             .apply = apply_keys, .visible_to = CUSTODY_READERS,
	             .zh = "指定钥匙和密码持有人", .en = "keys and code were assigned"},
	[EV_ACTIVATED] = {"custody.store_activated", 1, ACTIVATION + 1, COUNT(ACTIVATION) - 1,
	                  sizeof(struct activation), .apply = apply_activated,
	                  .visible_to = CUSTODY_READERS,
	                  .zh = "保密室启用", .en = "a secrecy room was activated"},
	[EV_DEACTIVATED] = {"custody.store_deactivated", 1, NULL, 0, 0, .apply = apply_deactivated,
	                    .visible_to = CUSTODY_READERS,
	                    .zh = "保密室停用", .en = "a secrecy room was deactivated"},
};

/* Reading. */
enum rc store_state(struct op *op, struct str place, enum store_state *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_STATE], ARGS(sql_text(place)), &r));
	*ret = !rows_next(&r) ? STORE_UNKNOWN : rows_int(&r, 0) ? STORE_ACTIVE : STORE_IDLE;
	return RC_OK;
}

enum rc store_key_of(struct op *op, struct str place, struct person_id who, enum store_key *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_KEY_OF], ARGS(sql_text(place), sql_int(who.v)), &r));
	*ret = rows_next(&r) ? (enum store_key)rows_int(&r, 0) : STORE_KEY_MAX;
	return RC_OK;
}

static enum rc count_in(struct op *op, int q, struct str place, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(place)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

/* Rules. */
/* Both formats take all four labels; "%.0s" swallows the other language. */
static enum rc run_assign_keys(struct op *op, const void *in)
{
	const struct keys *p = in;
	const struct person_id holder[] = {p->door_a, p->door_b, p->cabinet, p->code};
	int i, j;

	for (i = 0; i < STORE_KEY_MAX; i++) {
		const struct field *f = &KEYS[1 + i];

		for (j = 0; j < i; j++)
			if (holder[i].v == holder[j].v)
				return fail(
					op, RC_CONFLICT, f->name, CITE_KEYS,
					"%s%.0s与%s%.0s不得为同一人：钥匙和密码须分人保管",
					"%.0s%s and %.0s%s must not be one person: keys and code are held apart", f->zh,
					f->en, KEYS[1 + j].zh, KEYS[1 + j].en);
		TRY(people_may_serve(op, holder[i], f->name));
	}
	return event_append(op, &EVENTS[EV_KEYS], p, NULL);
}

/* The certificate is the acceptance by police and secrecy bureau, who hold it on paper. */
static enum rc run_activate(struct op *op, const void *in)
{
	const struct activation *p = in;
	int64_t least = profile_setting(op_profile(op), "custody.guards_awake", 0);
	int64_t guards, police, keys;
	enum store_state state;
	bool over;

	TRY(store_state(op, p->place, &state));
	if (state == STORE_ACTIVE)
		return fail(op, RC_CONFLICT, "place", CITE_ROOM, "保密室 %s 已启用",
		            "secrecy room %s is active already", p->place.s);
	TRY(acceptance_over(op, p->place, p->certificate, &over));
	if (over)
		return fail(op, RC_CONFLICT, "certificate", CITE_ROOM, "验收合格证 %s 已过期，须重新验收",
		            "the acceptance %s is over: the room must be accepted anew",
		            p->certificate.s);
	TRY(count_in(op, Q_KEYS, p->place, &keys));
	if (keys < STORE_KEY_MAX)
		return fail(op, RC_CONFLICT, "place", CITE_KEYS, "尚未指定钥匙和密码持有人",
		            "the holders of keys and code are not assigned");
	TRY(guard_count(op, p->place, &guards, &police));
	if (guards < least)
		return fail(op, RC_CONFLICT, "place", CITE_STAFF, "在岗值守 %lld 人，应不少于 %lld 人",
		            "%lld guards are on post, at least %lld are needed", (long long)guards,
		            (long long)least);
	TRY(room_ready(op, p->place));
	return event_append(op, &EVENTS[EV_ACTIVATED], p, NULL);
}

static enum rc run_deactivate(struct op *op, const void *in)
{
	const struct activation *p = in;
	enum store_state state;
	int64_t bags;

	TRY(store_state(op, p->place, &state));
	if (state != STORE_ACTIVE)
		return fail(op, RC_CONFLICT, "place", CITE_ROOM, "保密室 %s 未启用",
		            "secrecy room %s is not active", p->place.s);
	TRY(count_in(op, Q_BAGS_IN, p->place, &bags));
	if (bags)
		return fail(op, RC_CONFLICT, "place", CITE_ROOM, "保密室内还有 %lld 袋，不得停用",
		            "%lld bags are in the room: it cannot be deactivated", (long long)bags);
	return event_append(op, &EVENTS[EV_DEACTIVATED], NULL, NULL);
}

/* Module. */
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const char *const LEADERS[] = {"county_leader", "county_office", "secrecy_officer", NULL};
static const struct slot APPROVER[] = {
	{"leader", 2, LEADERS, NULL, false, "批准人", "those who approve"},
};
static const struct command COMMANDS[] = {
	{"custody.assign_keys", ORDER, FIELDS(KEYS), sizeof(struct keys), SLOTS(APPROVER),
	 ALLOW(OFFICE), .run = run_assign_keys, .cites = CITE_KEYS,
	 .zh = "指定钥匙和密码持有人", .en = "assign keys and code"},
	{"custody.activate_store", ORDER, FIELDS(ACTIVATION), sizeof(struct activation),
	 SLOTS(APPROVER), ALLOW(OFFICE), .run = run_activate, .cites = CITE_ROOM,
	 .zh = "启用保密室", .en = "activate a secrecy room"},
	{"custody.deactivate_store", ORDER, FIELDS(PLACE_ONLY), sizeof(struct activation),
	 SLOTS(APPROVER), ALLOW(OFFICE), .run = run_deactivate, .cites = CITE_ROOM,
	 .zh = "停用保密室", .en = "deactivate a secrecy room"},
};

static const char *const SETTINGS[] = {"custody.guards_awake"};

const struct module custody_store_module = {
	.name = "custody_store", .group = "custody", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	TABLE_OF(settings, SETTINGS),
	.zh = "保密室", .en = "secrecy rooms",
};
