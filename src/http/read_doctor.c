/* SPDX-License-Identifier: Apache-2.0 */
/* read_doctor.c -- GET /api/v1/doctor: what `gongyuan db doctor` finds (engine/doctor.h), and the
 * newest backup: when, where, and whether it still is what it was.
 *
 * For whoever has the right system.doctor by any of his grants: the machine is one for all places.
 */
#include "http/reading.h"

#include "engine/authority.h"
#include "engine/doctor.h"
#include "engine/order.h"
#include "engine/writer.h"
#include "http/console.h"
#include "http/integrity.h"
#include "http/session.h"
#include "http/tiles.h"

enum { GRANTS_MOST = 64, RULES_MOST = 256 };

/* The worst is the highest, but for what is not known. */
enum state { STATE_OK, STATE_UNKNOWN, STATE_WARN, STATE_BAD };

struct telling {
	struct arena *a;
	struct json *list;
	enum state worst;
};

static struct str state_text(enum state s)
{
	switch (s) {
	case STATE_OK: return STR("ok");
	case STATE_UNKNOWN: return STR("unknown");
	case STATE_WARN: return STR("warn");
	case STATE_BAD: return STR("bad");
	}
	return STR("");
}

static enum state state_of(enum finding f)
{
	switch (f) {
	case DOCTOR_OK: return STATE_OK;
	case DOCTOR_WRONG: return STATE_WARN;
	case DOCTOR_BROKEN: return STATE_BAD;
	}
	return STATE_UNKNOWN;
}

static void put(struct telling *t, enum state s, const struct check *k)
{
	struct json *o = json_new_object(t->a);
	bool fix = s != STATE_OK && k->fix_zh;

	json_set_str(t->a, o, "en", str_of(k->en));
	json_set_str(t->a, o, "fix_en", str_of(fix ? k->fix_en : ""));
	json_set_str(t->a, o, "fix_zh", str_of(fix ? k->fix_zh : ""));
	json_set_str(t->a, o, "id", str_of(k->id));
	json_set_str(t->a, o, "state", state_text(s));
	json_set_str(t->a, o, "zh", str_of(k->zh));
	json_append(t->list, o);
	t->worst = s > t->worst ? s : t->worst;
}

static void say(void *ctx, enum finding f, const struct check *k)
{
	put(ctx, state_of(f), k);
}

/* The scrub of a server goes on a turn at a time (integrity.h). */
static enum rc put_scrub(struct op *op, const struct reading *q, struct telling *t)
{
	struct json *o = json_new_object(op->arena);
	const struct json *ok;

	TRY(integrity_get(op, q->router->integrity, q->router->tiles->log, o));
	ok = json_get(o, "ok");
	put(t, ok->type == JSON_NULL ? STATE_UNKNOWN : json_bool(o, "ok", false) ? STATE_OK : STATE_BAD,
	    &(struct check){
		"scrub", json_str(o, "zh").s, json_str(o, "en").s,
		"稍后再看；一直如此就在本机运行 gongyuan db doctor，并请审计员运行 gongyuan-audit",
		"look again later; if it stays so run gongyuan db doctor on the machine, and have an "
		"auditor run gongyuan-audit"});
	return RC_OK;
}

static void put_compare(struct telling *t)
{
	put(t, STATE_UNKNOWN, &(struct check){
		"compare", "查询所用的表是否与台账一致：服务运行时不核对",
		"whether the tables that screens read are what the ledger gives: not checked while serving",
		"在本机运行 gongyuan db doctor --compare", "run gongyuan db doctor --compare on the machine"});
}

static enum rc find_adopted(struct op *op, struct doctor *d)
{
	struct rules_adoption all[RULES_MOST];
	size_t n;

	TRY(rules_history(op, all, COUNT(all), &n));
	d->adopted = n ? all[n - 1].index : 0;
	return RC_OK;
}

static enum rc look(struct doctor *d, const struct reading *q, struct telling *t)
{
	doctor_format(d);
	doctor_lock(d);
	doctor_keys(d);
	doctor_disk(d);
	doctor_tls(d);
	TRY(doctor_tables(d));
	TRY(doctor_view(d));
	TRY(doctor_checkpoint(d));
	TRY(doctor_known(d));
	TRY(put_scrub(d->op, q, t));
	TRY(find_adopted(d->op, d));
	TRY(doctor_blobs(d));
	TRY(doctor_books(d));
	TRY(doctor_backup(d));
	TRY(doctor_clock(d));
	put_compare(t);
	return RC_OK;
}

static void put_verdict(struct arena *a, struct json *o, const struct backup_verdict *v)
{
	struct json *x = json_put(o, "verdict", json_new_object(a));

	json_set_str(a, x, "en", v->en);
	json_set_str(a, x, "state", state_text(v->known ? state_of(v->found) : STATE_UNKNOWN));
	json_set_str(a, x, "zh", v->zh);
	if (v->files) {
		json_set_int(a, o, "bytes", v->bytes);
		json_set_int(a, o, "files", (int64_t)v->files);
		json_set_bool(a, o, "sealed", v->sealed);
	}
}

static enum rc put_backup(struct doctor *d, struct telling *t, struct json *to)
{
	struct arena *a = d->op->arena;
	struct json *o = json_put(to, "backup", json_new_object(a));
	struct backup_verdict v = {.zh = STR("还没有备份"), .en = STR("there is no backup yet")};
	struct backup_state b;

	TRY(doctor_backup_state(d, &b));
	json_set_int(a, o, "age_s", b.age_ms / 1000);
	json_set_str(a, o, "command",
	             str_fmt(a, "gongyuan --data " STR_FMT " backup", STR_ARG(d->dir)));
	json_set_bool(a, o, "demanded", !d->drill);
	json_set_bool(a, o, "late", b.late);
	json_set_bool(a, o, "made", b.made);
	json_set_int(a, o, "most_age_s", b.most_s);
	if (b.made) {
		json_set_int(a, o, "entries", b.last.entries);
		json_set_str(a, o, "place", b.last.place);
		json_set_str(a, o, "taken", clock_format_utc(a, b.last.taken_ms));
		doctor_backup_verify(d, &b.last, &v);
		if (v.known && v.found == DOCTOR_BROKEN)
			t->worst = STATE_BAD;
	}
	put_verdict(a, o, &v);
	return RC_OK;
}

static bool may(const struct op *op, const struct reading *q)
{
	struct granted g[GRANTS_MOST];
	size_t n = authority_grants(op->run->writer->authority, q->who, op->now_ms, g, GRANTS_MOST);

	for (size_t i = 0; i < n; i++)
		if (reading_may(op, q, SYSTEM_DOCTOR, g[i].place))
			return true;
	return false;
}

static enum rc get_doctor(struct op *op, const struct reading *q, struct json *o)
{
	struct writer *w = op->run->writer;
	struct telling t = {.a = op->arena, .list = json_new_array(op->arena)};
	struct doctor d = {
		.op = op, .dir = w->store->dir, .say = say, .ctx = &t,
		.real_ms = clock_now_ms(q->router->sessions->clock),
		.store = w->store, .modules = op->run->modules, .profile = op_profile(op),
		.ledger = &w->ledger, .vkey = q->router->tiles->log, .origin = w->origin,
		.known = q->router->console->known, .drill = w->drill, .live = true};

	if (!may(op, q))
		return fail(op, RC_DENIED, "", "", "体检限系统、安全、审计三员",
		            "the doctor is for the three administrators");
	w->redo = true; /* the doctor reads the ledger on, past grants that were not looked at */
	TRY(look(&d, q, &t));
	TRY(put_backup(&d, &t, o));
	json_put(o, "checks", t.list);
	json_set_str(op->arena, o, "now", clock_format_utc(op->arena, d.real_ms));
	json_set_str(op->arena, o, "worst", state_text(t.worst));
	return RC_OK;
}

static void doctor(const struct asked *a, struct exchange *x)
{
	reading_begin_long(a, x, STR(""), get_doctor);
}

static const struct route_answer FOUND[] = {
	{200, "application/json", "doctor", "逐项体检和最近一次备份", "each check, and the newest backup"},
};
static const int PROBLEMS[] = {400, 401, 403, 500, 503, 0};

const struct route DOCTOR_ROUTES[] = {
	{"GET", "/api/v1/doctor", ROUTE_CALLER, .handle = doctor, ANSWERS(FOUND), .problems = PROBLEMS,
	 .zh = "体检：逐项检查及处理办法，最近一次备份",
	 .en = "the doctor: each check with its fix, and the newest backup"},
};
const size_t DOCTOR_NROUTES = COUNT(DOCTOR_ROUTES);
