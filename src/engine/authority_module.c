/* SPDX-License-Identifier: Apache-2.0 */
/* authority_module.c -- grants and keys as events; the state they build is authority.c's.
 *
 * A grant needs two signatures: the security administrator's and a second administrator's.  The
 * three administrators (三员) exclude each other and hold no other role.  Until authority.found the
 * system itself may register and grant (the foundation): afterwards nobody may without signatures.
 */
#include "engine/engine.h"

#include "engine/device.h"
#include "engine/entry.h"
#include "engine/writer.h"

enum { Q_GRANT, Q_REVOKE, Q_OF, Q_VIEW };
static const struct sql SQL[] = {
	[Q_GRANT] = {"INSERT INTO authority_grant(id, person, role, place, from_ms, until_ms, revoked,"
	             " granted_ms, granter, approver, revoked_ms, revoker)"
	             " VALUES (?, ?, ?, ?, ?, ?, -1, ?, ?, ?, 0, 0)", 9},
	[Q_REVOKE] = {"UPDATE authority_grant SET revoked = ?, revoked_ms = ?, revoker = ?"
	              " WHERE id = ?", 4},
	[Q_OF] = {"SELECT role FROM authority_grant WHERE person = ? AND revoked < 0 ORDER BY id", 1},
	[Q_VIEW] = {"SELECT id, person, role, place, from_ms, until_ms, granted_ms, granter, approver,"
	            " CASE WHEN revoked < 0 THEN 0 ELSE 1 END, revoked, revoked_ms, revoker"
	            " FROM authority_grant ORDER BY id", 0},
};

static const struct table TABLES[] = {
	{"authority_grant",
	 "CREATE TABLE authority_grant(id {id} PRIMARY KEY, person {id} NOT NULL, role {text} NOT NULL,"
	 " place {text} NOT NULL, from_ms {int} NOT NULL, until_ms {int} NOT NULL,"
	 " revoked {int} NOT NULL, granted_ms {int} NOT NULL, granter {id} NOT NULL,"
	 " approver {id} NOT NULL, revoked_ms {int} NOT NULL, revoker {id} NOT NULL);"
	 "CREATE INDEX authority_grant_person ON authority_grant(person, id)", "id"},
};

struct authority_granted {
	struct person_id person;
	struct str role, place;
	int64_t from, until;
};
static const struct field GRANTED[] = {
	FIELD(struct authority_granted, person, F_PERSON, "人员", "person"),
	FIELD(struct authority_granted, role, F_KEY, "角色", "role", .ref = "role"),
	FIELD(struct authority_granted, place, F_PLACE, "范围", "scope", .optional = true),
	FIELD(struct authority_granted, from, F_TIME, "生效", "from", .optional = true),
	FIELD(struct authority_granted, until, F_TIME, "失效", "until", .optional = true),
};

struct authority_revoked {
	struct { int64_t v; } grant;
};
static const struct field REVOKED[] = {
	FIELD(struct authority_revoked, grant, F_ID, "授权编号", "grant", .min = 1, .ref = "grant"),
};

struct key_registered {
	struct person_id person;
	struct str key;
};
static const struct field KEY[] = {
	FIELD(struct key_registered, person, F_PERSON, "人员", "person"),
	FIELD(struct key_registered, key, F_BYTES, "公钥", "public key", .min = 32, .max = 32),
};

struct person_only {
	struct person_id person;
};
static const struct field PERSON_ONLY[] = {
	FIELD(struct person_only, person, F_PERSON, "人员", "person"),
};

struct nothing {
	char none;
};

static enum rc apply_granted(struct op *op, const struct event *ev)
{
	const struct authority_granted *x = ev->data;

	return sql_exec(op, &SQL[Q_GRANT],
	                ARGS(sql_int(ev->id), sql_int(x->person.v), sql_text(x->role),
	                     sql_text(x->place), sql_int(x->from), sql_int(x->until),
	                     sql_int(ev->recorded_ms), sql_int(event_signer(ev, "granter")),
	                     sql_int(event_signer(ev, "approver"))));
}

static enum rc apply_revoked(struct op *op, const struct event *ev)
{
	const struct authority_revoked *x = ev->data;

	return sql_exec(op, &SQL[Q_REVOKE],
	                ARGS(sql_int(ev->index), sql_int(ev->recorded_ms),
	                     sql_int(event_signer(ev, "granter")), sql_int(x->grant.v)));
}

enum { EV_GRANTED, EV_REVOKED, EV_KEY, EV_KEY_REVOKED, EV_FOUNDED };
static const struct event_type EVENTS[] = {
	[EV_GRANTED] = EVENT("authority.granted", GRANTED, struct authority_granted, apply_granted,
	                         "授权", "role granted"),
	[EV_REVOKED] = EVENT("authority.revoked", REVOKED, struct authority_revoked, apply_revoked,
	                         "撤销授权", "grant revoked"),
	[EV_KEY] = EVENT("authority.key_registered", KEY, struct key_registered, NULL,
	                     "登记签名公钥", "signing key registered"),
	[EV_KEY_REVOKED] = EVENT("authority.key_revoked", PERSON_ONLY, struct person_only, NULL,
	                             "注销签名公钥", "signing key revoked"),
	[EV_FOUNDED] = {.name = "authority.founded", .version = 1, .fields = NULL, .nfields = 0,
	                .size = 0, .zh = "组建完成", .en = "foundation closed"},
};

static bool key_of(struct str raw, struct ed25519_public *ret)
{
	if (raw.n != sizeof(ret->b))
		return false;
	memcpy(ret->b, raw.s, sizeof(ret->b));
	return true;
}

void event_empower(struct authority *a, const struct event *ev)
{
	struct ed25519_public key;

	if (!ev->type)
		return;
	if (ev->type == &EVENTS[EV_GRANTED]) {
		const struct authority_granted *x = ev->data;
		authority_grant(a, ev->id, x->person, x->role, x->place, x->from, x->until);
	} else if (ev->type == &EVENTS[EV_REVOKED]) {
		authority_revoke(a, ((const struct authority_revoked *)ev->data)->grant.v);
	} else if (ev->type == &EVENTS[EV_KEY]) {
		const struct key_registered *x = ev->data;
		if (key_of(x->key, &key))
			authority_key(a, x->person, &key);
	} else if (ev->type == &EVENTS[EV_KEY_REVOKED]) {
		authority_key_revoked(a, ((const struct person_only *)ev->data)->person);
	} else if (ev->type == &EVENTS[EV_FOUNDED]) {
		authority_founded(a);
	} else {
		device_empower(a, ev);
	}
}

static bool is_administrator(struct str role)
{
	return str_is(role, "system_admin") || str_is(role, "security_admin") ||
	       str_is(role, "audit_admin");
}

/* 三员: no person two of them; none does examination work. */
static enum rc check_three(struct op *op, const struct authority_granted *x)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_OF], ARGS(sql_int(x->person.v)), &rows));
	while (rows_next(&rows)) {
		struct str has = rows_str(&rows, 0);
		if (!str_eq(has, x->role) && (is_administrator(has) || is_administrator(x->role)))
			return fail(op, RC_CONFLICT, "role", "GB/T 22239-2019 8.1.5 MLPS-3",
			            "三员互斥：此人已任 %.*s，不得再任 %.*s",
			            "administrators hold no other role: a person who is %.*s cannot be %.*s",
			            STR_ARG(has), STR_ARG(x->role));
	}
	return RC_OK;
}

static enum rc grant(struct op *op, const void *in)
{
	const struct authority_granted *x = in;

	if (!modules_role(op->run->modules, x->role))
		return fail(op, RC_INVALID, "role", "", "没有角色 %.*s", "no role %.*s", STR_ARG(x->role));
	if (x->until && x->until <= (x->from ? x->from : op->now_ms))
		return fail(op, RC_INVALID, "until", "", "失效时间须晚于生效时间（%.*s）",
		            "until must be later than from (%.*s)", STR_ARG(x->role));
	TRY(check_three(op, x));
	return event_append(op, &EVENTS[EV_GRANTED], x, NULL);
}

static enum rc place_of_grant(struct op *op, const void *in, struct str *ret)
{
	const struct authority_revoked *x = in;
	struct person_id who;
	struct str role;

	if (!authority_grant_of(op->run->writer->authority, x->grant.v, &who, &role, ret))
		return fail(op, RC_NOT_FOUND, "grant", "", "没有有效的授权 %lld", "no live grant %lld",
		            (long long)x->grant.v);
	return RC_OK;
}

/* Asked again here: the order may have waited for its second signature meanwhile. */
static enum rc revoke(struct op *op, const void *in)
{
	struct str place;

	TRY(place_of_grant(op, in, &place));
	return event_append(op, &EVENTS[EV_REVOKED], in, NULL);
}

static enum rc place_all(struct op *op, const void *in, struct str *ret)
{
	(void)op, (void)in;
	*ret = STR("");
	return RC_OK;
}

static enum rc register_key(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_KEY], in, NULL);
}

static enum rc revoke_key(struct op *op, const void *in)
{
	const struct person_only *x = in;
	struct ed25519_public key;

	if (!authority_key_of(op->run->writer->authority, x->person, &key))
		return fail(op, RC_NOT_FOUND, "person", "", "人员 %lld 没有登记公钥", "person %lld has no key",
		            (long long)x->person.v);
	return event_append(op, &EVENTS[EV_KEY_REVOKED], x, NULL);
}

static enum rc found(struct op *op, const void *in)
{
	static const char *const THREE[] = {"system_admin", "security_admin", "audit_admin"};
	struct person_id who[1];
	size_t i;

	(void)in;
	if (authority_is_founded(op->run->writer->authority))
		return fail(op, RC_CONFLICT, "", "", "组建已完成", "the foundation is closed already");
	for (i = 0; i < COUNT(THREE); i++)
		if (!authority_holders(op->run->writer->authority, str_of(THREE[i]), STR(""), op->now_ms,
		                       who, 1))
			return fail(op, RC_CONFLICT, "role", "GB/T 22239-2019 8.1.5 MLPS-3", "尚未指定 %s",
			            "nobody is %s yet", THREE[i]);
	return event_append(op, &EVENTS[EV_FOUNDED], &(struct nothing){0}, NULL);
}

static const struct role ROLES[] = {
	{"system_admin", "系统管理员", "system administrator", NULL},
	{"security_admin", "安全管理员", "security administrator", NULL},
	{"audit_admin", "审计管理员", "audit administrator", NULL},
	{"exception_approver", "特批批准人", "approver of exceptions", NULL},
	{"ledger_reader", "台账查阅员", "reader of the ledger", NULL},
};
/* The bytes of entries say who holds which key and where papers go: for auditors and other bodies'
 * mirrors, by a grant over everything. */
static const char *const LEDGER_READERS[] = {"audit_admin", "ledger_reader", NULL};
static const char *const THREE[] = {"system_admin", "security_admin", "audit_admin", NULL};
static const struct right RIGHTS[] = {
	{LEDGER_READ, "查阅台账全文", "read the ledger's entries", LEDGER_READERS},
	{SYSTEM_DOCTOR, "查看系统体检和备份", "see the system's checks and backups", THREE},
};

static const char *const SECURITY[] = {"security_admin", NULL};
static const char *const SECOND[] = {"system_admin", "audit_admin", NULL};
static const struct slot TWO[] = {
	{.name = "granter", .count = 1, .roles = SECURITY, .disjoint = "approver",
	 .zh = "授权人", .en = "granter"},
	{.name = "approver", .count = 1, .roles = SECOND, .zh = "复核人", .en = "approver"},
};
static const struct allow SECURITY_ONLY[] = {{"security_admin", LEVEL_ANY}};

#define ORDER_ROW(n, f, st, fn, where, by, z, e) \
	{ .name = "authority." n, .kind = GUARDED, FIELDS(f), .size = sizeof(st), SLOTS(TWO), \
	  ALLOW(SECURITY_ONLY), .place_of = where, .place_by = by, .run = fn, .founding = true, \
	  .cites = "GB/T 22239-2019 8.1.5 MLPS-3", .zh = z, .en = e }
static const struct command COMMANDS[] = {
	ORDER_ROW("grant", GRANTED, struct authority_granted, grant, NULL, NULL,
	          "授权", "grant a role"),
	ORDER_ROW("revoke", REVOKED, struct authority_revoked, revoke, place_of_grant,
	          "grant", "撤销授权", "revoke a grant"),
	ORDER_ROW("register_key", KEY, struct key_registered, register_key, place_all,
	          NULL, "登记签名公钥", "register a signing key"),
	ORDER_ROW("revoke_key", PERSON_ONLY, struct person_only, revoke_key, place_all,
	          NULL, "注销签名公钥", "revoke a signing key"),
	{.name = "authority.found", .kind = ORDER, .size = sizeof(struct nothing), ALLOW(SECURITY_ONLY),
	 .place_of = place_all, .run = found, .founding = true, .cites = "GB/T 22239-2019 8.1.5 MLPS-3",
	 .zh = "完成组建", .en = "close the foundation"},
};

static const struct word GRANT_STATES[] = {{"有效", "in force"}, {"已撤销", "revoked"}};
static const struct column GRANT_COLUMNS[] = {
	COLUMN("id", F_ID, "授权编号", "grant"),
	COLUMN("person", F_PERSON, "人员", "person"),
	COLUMN_KEY("role", "role", "角色", "role"),
	COLUMN("place", F_PLACE, "范围", "scope"),
	COLUMN("from_ms", F_TIME, "生效", "from"),
	COLUMN("until_ms", F_TIME, "失效", "until"),
	COLUMN("granted_ms", F_TIME, "授予", "granted"),
	COLUMN("granter", F_PERSON, "授权人", "granter"),
	COLUMN("approver", F_PERSON, "复核人", "approver"),
	COLUMN_STATES("state", GRANT_STATES, "状态", "state"),
	COLUMN("revoked", F_ID, "撤销(台账)", "revoked (entry)"),
	COLUMN("revoked_ms", F_TIME, "撤销", "revoked"),
	COLUMN("revoker", F_PERSON, "撤销人", "revoked by"),
};
/* Who holds what where is for the three administrators, and for those who read the ledger. */
static const char *const GRANT_READERS[] = {"security_admin", "system_admin", "audit_admin",
	"ledger_reader", NULL};
static const struct view VIEWS[] = {
	{"authority/grants", "授权", "grants", GRANT_READERS, &SQL[Q_VIEW], GRANT_COLUMNS,
	 COUNT(GRANT_COLUMNS)},
};

static const char *const SETTINGS[] = {
	"login.idle_s", "login.most_s", "login.tries", "login.wait_s",
	"login.night_*", /* one or none: profiles of before have none, their PINs end with the day */
};

const struct module authority_module = {
	.name = "authority", .group = "engine", .rev = 2, .zh = "授权", .en = "authority",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(roles, ROLES), TABLE_OF(rights, RIGHTS),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
};
