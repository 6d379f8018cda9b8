/* SPDX-License-Identifier: Apache-2.0 */
/* device.c -- devices that send acts, and the chains of their acts.
 *
 * Each act names the hash of the device's act before it; the head of the chain is signed at
 * intervals.  The projection keeps each device's newest seq and head.
 */
#include "engine/device.h"

#include "engine/engine.h"
#include "engine/entry.h"
#include "engine/writer.h"

enum { Q_INSERT, Q_GET, Q_SET, Q_SIGNED, Q_REVOKE, Q_VIEW };
static const struct sql SQL[] = {
	[Q_INSERT] = {"INSERT INTO device(id, place, seq, act_at, signed_seq, revoked, enrolled_ms,"
	              " enroller, approver, revoked_ms, revoker)"
	              " VALUES (?, ?, 0, -1, 0, -1, ?, ?, ?, 0, 0)", 5},
	[Q_GET] = {"SELECT seq, act_at, signed_seq FROM device WHERE id = ?", 1},
	[Q_SET] = {"UPDATE device SET seq = ?, act_at = ? WHERE id = ?", 3},
	[Q_SIGNED] = {"UPDATE device SET signed_seq = ? WHERE id = ?", 2},
	[Q_REVOKE] = {"UPDATE device SET revoked = ?, revoked_ms = ?, revoker = ? WHERE id = ?", 4},
	[Q_VIEW] = {"SELECT id, place, CASE WHEN revoked < 0 THEN 0 ELSE 1 END, enrolled_ms, enroller,"
	            " approver, seq, revoked, revoked_ms, revoker FROM device ORDER BY id", 0},
};

static const struct table TABLES[] = {
	{"device", "CREATE TABLE device(id {id} PRIMARY KEY, place {text} NOT NULL, seq {int} NOT NULL,"
	           " act_at {int} NOT NULL, signed_seq {int} NOT NULL, revoked {int} NOT NULL,"
	           " enrolled_ms {int} NOT NULL, enroller {id} NOT NULL, approver {id} NOT NULL,"
	           " revoked_ms {int} NOT NULL, revoker {id} NOT NULL)", "id"},
};

struct device_enrolled {
	struct str key, place;
};
static const struct field ENROLLED[] = {
	FIELD(struct device_enrolled, key, F_BYTES, "公钥", "public key", .min = 32, .max = 32),
	FIELD(struct device_enrolled, place, F_PLACE, "地点", "place", .optional = true),
};

struct device_id_ {
	int64_t v;
};
struct device_only {
	struct device_id_ device;
};
static const struct field DEVICE_ONLY[] = {
	FIELD(struct device_only, device, F_ID, "终端", "device", .min = 1, .ref = "device"),
};

struct head_signed {
	struct device_id_ device;
	int64_t seq;
	struct str head, sig;
};
static const struct field HEAD[] = {
	FIELD(struct head_signed, device, F_ID, "终端", "device", .min = 1, .ref = "device"),
	FIELD(struct head_signed, seq, F_INT, "序号", "sequence number", .min = 1),
	FIELD(struct head_signed, head, F_HASH, "链头", "head of the chain"),
	FIELD(struct head_signed, sig, F_BYTES, "签名", "signature", .min = 64, .max = 64),
};

static enum rc apply_enrolled(struct op *op, const struct event *ev)
{
	const struct device_enrolled *x = ev->data;

	return sql_exec(op, &SQL[Q_INSERT],
	                ARGS(sql_int(ev->id), sql_text(x->place), sql_int(ev->recorded_ms),
	                     sql_int(event_signer(ev, "enroller")),
	                     sql_int(event_signer(ev, "approver"))));
}

static enum rc apply_head(struct op *op, const struct event *ev)
{
	const struct head_signed *x = ev->data;

	return sql_exec(op, &SQL[Q_SIGNED], ARGS(sql_int(x->seq), sql_int(x->device.v)));
}

static enum rc apply_revoked(struct op *op, const struct event *ev)
{
	const struct device_only *x = ev->data;

	return sql_exec(op, &SQL[Q_REVOKE],
	                ARGS(sql_int(ev->index), sql_int(ev->recorded_ms),
	                     sql_int(event_signer(ev, "enroller")), sql_int(x->device.v)));
}

enum { EV_ENROLLED, EV_REVOKED, EV_HEAD };
static const struct event_type EVENTS[] = {
	[EV_ENROLLED] = EVENT("authority.device_enrolled", ENROLLED, struct device_enrolled,
	                          apply_enrolled, "登记终端", "device enrolled"),
	[EV_REVOKED] = EVENT("authority.device_revoked", DEVICE_ONLY, struct device_only,
	                         apply_revoked, "注销终端", "device revoked"),
	[EV_HEAD] = EVENT("device.head_signed", HEAD, struct head_signed, apply_head,
	                      "终端链头签名", "head of a device's chain signed"),
};

void device_empower(struct authority *a, const struct event *ev)
{
	struct ed25519_public key;

	if (ev->type == &EVENTS[EV_ENROLLED]) {
		const struct device_enrolled *x = ev->data;
		if (x->key.n != sizeof(key.b))
			return;
		memcpy(key.b, x->key.s, sizeof(key.b));
		authority_device(a, ev->id, x->place, &key);
	} else if (ev->type == &EVENTS[EV_REVOKED]) {
		authority_device_revoked(a, ((const struct device_only *)ev->data)->device.v);
	}
}

enum rc device_enroll(struct op *op, const struct ed25519_public *key, struct str place,
                      int64_t *ret_id)
{
	struct device_enrolled x = {{(const char *)key->b, sizeof(key->b)}, place};

	return event_append_at(op, &EVENTS[EV_ENROLLED], place, &x, ret_id);
}

enum rc device_chain(struct op *op, int64_t device, struct device_chain *ret)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_int(device)), &rows));
	if (!rows_next(&rows))
		return fail(op, RC_NOT_FOUND, "device", "", "没有登记终端 %lld", "no device %lld is enrolled",
		            (long long)device);
	*ret = (struct device_chain){rows_int(&rows, 0), rows_int(&rows, 1), rows_int(&rows, 2)};
	return RC_OK;
}

enum rc device_head_of(struct op *op, int64_t act_at, struct hash *ret)
{
	struct str entry, act;
	struct hash leaf;
	struct json *o;

	TRY(ledger_entry(op, &op->run->writer->ledger, (uint64_t)act_at, &entry, &leaf));
	TRY(json_read(op, entry, &o));
	if (!json_get(o, "act"))
		return fail(op, RC_BROKEN, "act", "", "条目 %lld 缺命令原文", "entry %lld lacks its act",
		            (long long)act_at);
	act = json_canonical(op->arena, json_get(o, "act"));
	*ret = hash_sha256(act.s, act.n);
	return RC_OK;
}

enum rc device_advance(struct op *op, int64_t device, int64_t seq, int64_t act_at)
{
	return sql_exec(op, &SQL[Q_SET], ARGS(sql_int(seq), sql_int(act_at), sql_int(device)));
}

struct str device_head_message(struct arena *a, struct str origin, int64_t device, int64_t seq,
                               struct str head_hex)
{
	return str_fmt(a, "gongyuan/device/v1\n" STR_FMT "\n%lld\n%lld\n" STR_FMT "\n", STR_ARG(origin),
	               (long long)device, (long long)seq, STR_ARG(head_hex));
}

enum rc device_sign_head(struct op *op, int64_t device, int64_t seq, const struct hash *head,
                         const struct ed25519_key *key)
{
	struct head_signed x = {{device}, seq, hash_hex(op->arena, head), {NULL, 0}};
	struct str m = device_head_message(op->arena, op->run->writer->origin, device, seq, x.head);
	struct signature sig = ed25519_sign(key, m.s, m.n);

	x.sig = str_dup(op->arena, (const char *)sig.b, sizeof(sig.b));
	return event_append_at(op, &EVENTS[EV_HEAD], STR(""), &x, NULL);
}

enum rc device_keep_head(struct op *op, int64_t device, int64_t seq, const struct hash *head,
                         struct str signature)
{
	struct head_signed x = {{device}, seq, hash_hex(op->arena, head), signature};

	return event_append_at(op, &EVENTS[EV_HEAD], STR(""), &x, NULL);
}

/* Commands. */

static enum rc enroll(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_ENROLLED], in, NULL);
}

static enum rc place_of_device(struct op *op, const void *in, struct str *ret)
{
	const struct device_only *x = in;
	struct ed25519_public key;

	if (!authority_device_of(op->run->writer->authority, x->device.v, ret, &key))
		return fail(op, RC_NOT_FOUND, "device", "", "没有有效的终端 %lld", "no live device %lld",
		            (long long)x->device.v);
	return RC_OK;
}

/* Asked again here: the order may have waited for its second signature meanwhile. */
static enum rc revoke(struct op *op, const void *in)
{
	struct str place;

	TRY(place_of_device(op, in, &place));
	if (((const struct device_only *)in)->device.v == op->run->writer->device)
		return fail(op, RC_CONFLICT, "device", "GB/T 22239-2019 8.1.4.1 MLPS-2",
		            "终端 %lld 是本机自身，注销后台账无法再启用",
		            "device %lld is this host itself: without it the ledger could not be opened",
		            (long long)op->run->writer->device);
	return event_append(op, &EVENTS[EV_REVOKED], in, NULL);
}

static const struct allow ADMINS[] = {{"system_admin", LEVEL_ANY}};
static const char *const SYSTEM[] = {"system_admin", NULL};
static const char *const SECURITY[] = {"security_admin", NULL};
static const struct slot TWO[] = {
	{.name = "enroller", .count = 1, .roles = SYSTEM, .disjoint = "approver",
	 .zh = "登记人", .en = "enroller"},
	{.name = "approver", .count = 1, .roles = SECURITY, .zh = "复核人", .en = "approver"},
};
static const struct command COMMANDS[] = {
	{.name = "device.enroll", .kind = GUARDED, FIELDS(ENROLLED),
	 .size = sizeof(struct device_enrolled), SLOTS(TWO), ALLOW(ADMINS), .run = enroll,
	 .cites = "GB/T 22239-2019 8.1.4.1 MLPS-2",
	 .zh = "登记终端", .en = "enroll a device"},
	{.name = "device.revoke", .kind = GUARDED, FIELDS(DEVICE_ONLY),
	 .size = sizeof(struct device_only), SLOTS(TWO), ALLOW(ADMINS),
	 .place_of = place_of_device, .place_by = "device", .run = revoke,
	 .cites = "GB/T 22239-2019 8.1.4.1 MLPS-2", .zh = "注销终端", .en = "revoke a device"},
};

static const struct word DEVICE_STATES[] = {{"有效", "in force"}, {"已注销", "revoked"}};
static const struct column DEVICE_COLUMNS[] = {
	COLUMN("id", F_ID, "终端编号", "device"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN_STATES("state", DEVICE_STATES, "状态", "state"),
	COLUMN("enrolled_ms", F_TIME, "登记", "enrolled"),
	COLUMN("enroller", F_PERSON, "登记人", "enrolled by"),
	COLUMN("approver", F_PERSON, "复核人", "approver"),
	COLUMN("acts", F_INT, "已报送", "acts sent"),
	COLUMN("revoked", F_ID, "注销(台账)", "revoked (entry)"),
	COLUMN("revoked_ms", F_TIME, "注销", "revoked"),
	COLUMN("revoker", F_PERSON, "注销人", "revoked by"),
};
static const char *const DEVICE_READERS[] = {"security_admin", "system_admin", "audit_admin",
	"ledger_reader", NULL};
static const struct view VIEWS[] = {
	{"device/devices", "终端", "terminals", DEVICE_READERS, &SQL[Q_VIEW], DEVICE_COLUMNS,
	 COUNT(DEVICE_COLUMNS)},
};

const struct module device_module = {
	.name = "device", .group = "engine", .rev = 2, .zh = "终端", .en = "devices",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(commands, COMMANDS),
	TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
};
