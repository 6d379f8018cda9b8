/* SPDX-License-Identifier: Apache-2.0 */
/* keybag.c -- a secrecy room's keys out of season: in a bag of their own, sealed, in the safe.
 *
 * When a room is no longer in use the head, discipline or secrecy, and the keeper put its keys into
 * a bag and seal it; the same three open it before the next season.  A room that is put to use, or
 * opened, while its bag is still on record as sealed was opened with keys that nobody could have
 * had.  A room whose keys were never bagged here (the first season on this system) is silent.
 *
 * Emits  custody.key_bag_sealed, custody.key_bag_opened
 * Owns   custody_key_bag
 */
#include "domain/custody/room.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_KEY_BAG "保密室管理要求 ROOM-17"

enum { Q_BAG, Q_ADD, Q_SET, Q_VIEW };
static const struct sql SQL[] = {
	[Q_BAG] = {"SELECT bag, seal, sealed FROM custody_key_bag WHERE place = ?", 1},
	[Q_ADD] = {"INSERT INTO custody_key_bag(bag, seal, sealed, at_ms, place)"
	           " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_SET] = {"UPDATE custody_key_bag SET bag = ?, seal = ?, sealed = ?, at_ms = ?"
	           " WHERE place = ?", 5},
	[Q_VIEW] = {"SELECT place, bag, seal, sealed, at_ms FROM custody_key_bag ORDER BY place", 0},
};

static const struct table TABLES[] = {
	{"custody_key_bag", "CREATE TABLE custody_key_bag(place {text} NOT NULL, bag {text} NOT NULL,"
	 " seal {text} NOT NULL, sealed {int} NOT NULL, at_ms {int} NOT NULL,"
	 " PRIMARY KEY(place)){clustered}", "place"},
};

/* Fields. */
struct key_bag {
	struct str place, bag, seal;
	bool intact;
};
static const struct field KEY_BAG[] = {
	FIELD(struct key_bag, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct key_bag, bag, F_CODE, "钥匙专用袋号", "bag of the keys"),
	FIELD(struct key_bag, seal, F_CODE, "封签号", "seal"),
	FIELD(struct key_bag, intact, F_BOOL, "启封前封签完好", "the seal was whole before"),
};
enum { SEALING_FIELDS = COUNT(KEY_BAG) - 1 };

/* Projection. */
static enum rc bag_set(struct op *op, const struct event *ev, bool sealed)
{
	const struct key_bag *p = ev->data;
	const struct sqlv row[] = {sql_text(p->bag), sql_text(p->seal), sql_int(sealed),
	                           sql_int(ev->happened_ms), sql_text(ev->place)};
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_SET], row, COUNT(row), &changed));
	return changed ? RC_OK : sql_exec(op, &SQL[Q_ADD], row, COUNT(row));
}

static enum rc apply_sealed(struct op *op, const struct event *ev)
{
	return bag_set(op, ev, true);
}

static enum rc apply_opened(struct op *op, const struct event *ev)
{
	return bag_set(op, ev, false);
}

enum { EV_SEALED, EV_OPENED };
static const struct event_type EVENTS[] = {
	[EV_SEALED] = {"custody.key_bag_sealed", 1, KEY_BAG + 1, SEALING_FIELDS - 1,
	               sizeof(struct key_bag), .apply = apply_sealed, .visible_to = CUSTODY_READERS,
	               .zh = "保密室钥匙封存", .en = "a room's keys were sealed in their bag"},
	[EV_OPENED] = ROOM_EVENT("custody.key_bag_opened", KEY_BAG, struct key_bag, apply_opened,
	                         "保密室钥匙启封", "a room's bag of keys was opened"),
};

/* Rules. */
struct bagged {
	struct str bag, seal;
	bool known, sealed;
};

static enum rc read_bag(struct op *op, struct str place, struct bagged *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_BAG], ARGS(sql_text(place)), &r));
	*ret = (struct bagged){.known = rows_next(&r)};
	if (!ret->known)
		return RC_OK;
	ret->bag = rows_dup(op->arena, &r, 0);
	ret->seal = rows_dup(op->arena, &r, 1);
	ret->sealed = rows_int(&r, 2) != 0;
	return RC_OK;
}

static enum rc run_seal(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_SEALED], in, NULL);
}

/* Whole, and the one that was put on; a bag that nobody sealed here has only what is said of it. */
static enum rc run_open(struct op *op, const void *in)
{
	const struct key_bag *p = in;
	struct bagged was;
	bool same;

	TRY(read_bag(op, p->place, &was));
	same = !was.known || (was.sealed && str_eq(was.bag, p->bag) && str_eq(was.seal, p->seal));
	TRY(event_append(op, &EVENTS[EV_OPENED], p, NULL));
	return p->intact && same ? RC_OK
	                         : alarm_raise(op, "custody.key_bag_broken", p->bag, p->place, NULL);
}

static enum rc judge_use(struct op *op, const struct event *ev)
{
	struct bagged was;

	TRY(read_bag(op, ev->place, &was));
	return was.sealed ? alarm_raise(op, "custody.key_bag_unopened", was.bag, ev->place, NULL)
	                  : RC_OK;
}

static const struct reaction REACTIONS[] = {
	{"custody.store_activated", judge_use},
	{"custody.store_opened", judge_use},
};

static size_t the_room(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	ret[0] = ev->place;
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.key_bag", "custody.store_deactivated", "custody.key_bag_sealed",
	 "custody.store_activated", the_room, "custody.key_bag", "store_keeper",
	 .missing = "custody.keys_loose", .cites = CITE_KEY_BAG,
	 .zh = "停用后保密室钥匙封存", .en = "the keys of a room out of use are sealed"},
};

/* Module. */
static const struct allow OFFICE[] = {{"store_keeper", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}};
static const char *const HEADS[] = {"county_leader", "county_director", "city_leader", NULL};
static const char *const WATCHERS[] = {"discipline_officer", "secrecy_officer", NULL};
static const char *const KEEPER[] = {"store_keeper", NULL};
static const struct slot THREE_SIGN[] = {
	{"head", 1, HEADS, "keeper", false, "考试机构负责人", "the agency's head"},
	{"watcher", 1, WATCHERS, "head", false, "纪检监察或保密负责人", "discipline or secrecy"},
	{"keeper", 1, KEEPER, "watcher", false, "保密员", "the keeper"},
};
static const struct command COMMANDS[] = {
	{"custody.seal_key_bag", FACT, KEY_BAG, SEALING_FIELDS, sizeof(struct key_bag),
	 SLOTS(THREE_SIGN), ALLOW(OFFICE), .run = run_seal, .cites = CITE_KEY_BAG,
	 .zh = "登记保密室钥匙封存", .en = "record that a room's keys are sealed"},
	{"custody.open_key_bag", FACT, FIELDS(KEY_BAG), sizeof(struct key_bag), SLOTS(THREE_SIGN),
	 ALLOW(OFFICE), .run = run_open, .cites = CITE_KEY_BAG,
	 .zh = "登记保密室钥匙启封", .en = "record that a room's bag of keys is opened"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.key_bag_broken", COLOUR_ORANGE, "county_leader", CITE_KEY_BAG,
	 "停止启用；查封签、袋号和保险柜，三人核对钥匙，换锁换密码",
	 "do not use the room; check seal, bag and safe, three verify the keys; change locks and codes",
	 "保密室钥匙专用袋封签异常", "the bag of a room's keys is not as it was sealed"},
	{"custody.key_bag_unopened", COLOUR_RED, "county_leader", CITE_KEY_BAG,
	 "停止进出；查用的是哪把钥匙、从何而来，三人开柜核对专用袋，换锁换密码",
	 "stop all movement; which keys, and whence? three look into the safe; change locks and codes",
	 "钥匙专用袋未启封而保密室已开启", "a room is in use and its keys are on record as sealed"},
	{"custody.keys_loose", COLOUR_ORANGE, "county_office", CITE_KEY_BAG,
	 "三人当场清点钥匙，装袋签封，存入保险柜并登记",
	 "three count the keys, seal them in their bag, put it into the safe, record it",
	 "保密室停用后钥匙未封存", "the keys of a room out of use are not sealed"},
};

static const struct column KEY_BAGS[] = {
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("bag", F_CODE, "专用袋", "bag"),
	COLUMN("seal", F_CODE, "封签", "seal"),
	COLUMN("sealed", F_BOOL, "封存", "sealed"),
	COLUMN("at_ms", F_TIME, "时间", "since"),
};
static const struct view VIEWS[] = {
	{"custody/key_bags", "保密室钥匙封存", "keys out of season", CUSTODY_READERS, &SQL[Q_VIEW],
	 KEY_BAGS, COUNT(KEY_BAGS)},
};

const struct module custody_keybag_module = {
	.name = "custody_keybag", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "保密室钥匙封存", .en = "keys out of season",
};
