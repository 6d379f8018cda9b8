/* SPDX-License-Identifier: Apache-2.0 */
/* offer.c -- a changed profile over HTTP, as `gongyuan profile offer FILE` takes it (ADR 10): it is
 * checked whole, every place in which it differs from the one in force is listed, and with keep=1
 * it is kept under its hash, for exam.adopt_profile and its signatures.
 *
 *   GET  /api/v1/profile/document         the profile in force as it was written, to begin with
 *   POST /api/v1/profile/offers           the changed one is the body
 *   GET  /api/v1/profile/offers/DIGEST    one that was kept, against what is in force now
 *
 * An offer is for whoever has the right exam.offer_profile by any of his grants; what was kept is
 * shown to them too: the leader who signs is one of them.
 */
#include "http/reading.h"

#include "base/hash.h"
#include "base/limits.h"
#include "domain/exam/exam.h"
#include "engine/modules_private.h"
#include "engine/profile_changes.h"
#include "engine/writer.h"

enum { GRANTS_MOST = 64 };

static enum rc admit(struct op *op, struct person_id who)
{
	struct granted g[GRANTS_MOST];
	size_t n = authority_grants(op->run->writer->authority, who, op->now_ms, g, GRANTS_MOST);

	for (size_t i = 0; i < n; i++)
		if (person_may(op, who, STR(OFFER_PROFILE), g[i].place))
			return RC_OK;
	return fail(op, RC_DENIED, "", "", "变更考试配置限组织考试的市、省考务办及其领导",
	            "another profile is offered by the city's or province's office that holds the "
	            "examination, or its leaders");
}

static struct json *faults_json(struct arena *a, const struct profile_faults *f)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < f->n; i++) {
		struct json *o = json_new_object(a);

		json_set_str(a, o, "en", f->list[i].en);
		json_set_str(a, o, "path", f->list[i].path);
		json_set_str(a, o, "zh", f->list[i].zh);
		json_append(list, o);
	}
	return list;
}

/* Every fault at once.  What fails for another reason than the file is handed up. */
static enum rc check(struct op *op, struct str bytes, struct profile *p,
                     struct profile_faults *faults)
{
	const struct profile *was = op_profile(op);
	struct err before = op->err;
	enum rc rc = profile_read_all(op, op->arena, bytes, p, faults);

	if (rc == RC_OK)
		rc = profile_fits_all(op, p, op->run->modules, faults);
	if (rc == RC_OK && !str_eq(p->exam, was->exam)) {
		rc = fail(op, RC_INVALID, "exam", "", "配置属于考试 " STR_FMT "，本台账属于 %.*s",
		          "the profile is of examination " STR_FMT " and the ledger of %.*s",
		          STR_ARG(p->exam), STR_ARG(was->exam));
		profile_fault(op, faults);
	}
	if (rc != RC_INVALID || !faults->n)
		return rc;
	op->err = before;
	return RC_OK;
}

/* Bytes that are no JSON are one fault; all else is listed with what changes. */
static enum rc tell(struct op *op, struct str bytes, bool keep, struct json *o)
{
	struct arena *a = op->arena;
	struct profile_faults faults = {0};
	struct json *changes = json_put(o, "changes", json_new_array(a));
	struct profile p = {0};
	struct hash digest;
	struct str kept;
	struct err before;

	TRY(check(op, bytes, &p, &faults));
	before = op->err;
	if (profile_changes(op, op_profile(op)->bytes, bytes, changes) != RC_OK)
		op->err = before;
	keep = keep && !faults.n && changes->count;
	if (keep)
		TRY(blob_put(op, op->run->writer->store, bytes, &kept));
	digest = hash_sha256(bytes.s, bytes.n);
	json_set_str(a, o, "digest", hash_hex(a, &digest));
	json_put(o, "errors", faults_json(a, &faults));
	json_set_str(a, o, "id", p.id);
	json_set_bool(a, o, "kept", keep);
	return RC_OK;
}

static enum rc get_checked(struct op *op, const struct reading *q, struct json *o)
{
	TRY(admit(op, q->who));
	return tell(op, q->what, false, o);
}

static enum rc get_offered(struct op *op, const struct reading *q, struct json *o)
{
	TRY(admit(op, q->who));
	return tell(op, q->what, true, o);
}

static enum rc get_kept(struct op *op, const struct reading *q, struct json *o)
{
	struct str bytes;

	TRY(admit(op, q->who));
	TRY(blob_get(op, op->run->writer->store, q->what, &bytes));
	TRY(tell(op, bytes, false, o));
	json_set_bool(op->arena, o, "kept", true);
	return RC_OK;
}

static void add_asked(struct arena *a, struct json *list, const struct module *mod, struct str id)
{
	struct json *o = json_new_object(a);

	json_set_str(a, o, "en", str_of(mod->en));
	json_set_str(a, o, "id", id);
	json_set_str(a, o, "zh", str_of(mod->zh));
	json_append(list, o);
}

/* One, or those of a family ("print.copies.*") that the profile has. */
static void add_setting(struct arena *a, struct json *list, const struct module *mod,
                        struct str id, const struct profile *p)
{
	struct str family = {id.s, id.n - 1};

	if (id.s[id.n - 1] != '*') {
		add_asked(a, list, mod, id);
		return;
	}
	for (size_t i = 0; i < p->nsettings; i++)
		if (str_starts(p->settings[i].id, family))
			add_asked(a, list, mod, p->settings[i].id);
}

/* Which modules ask for a number: what it is for, beside its name. */
static struct json *asked_for(struct arena *a, const struct modules *m, const struct profile *p)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < m->index->nall; i++) {
		const struct module *mod = m->index->all[i];

		for (size_t k = 0; k < mod->nsettings && !profile_off(p, mod->name); k++)
			add_setting(a, list, mod, str_of(mod->settings[k]), p);
	}
	return list;
}

static enum rc get_document(struct op *op, const struct reading *q, struct json *o)
{
	const struct profile *p = op_profile(op);
	struct json *document;

	(void)q;
	TRY(json_read(op, p->bytes, &document));
	json_put(o, "asked_by", asked_for(op->arena, op->run->modules, p));
	json_set_str(op->arena, o, "digest", hash_hex(op->arena, &p->digest));
	json_put(o, "profile", document);
	return RC_OK;
}

/* On the thread for what takes long: another's console does not wait for it. */
static void offer(const struct asked *a, struct exchange *x)
{
	bool keep = str_is(exchange_query(x, "keep"), "1");

	reading_begin_long(a, x, exchange_body(x), keep ? get_offered : get_checked);
}

static void kept(const struct asked *a, struct exchange *x)
{
	reading_begin_long(a, x, a->rest, get_kept);
}

static void document(const struct asked *a, struct exchange *x)
{
	reading_begin_long(a, x, STR(""), get_document);
}

static const struct route_param KEEP[] = {
	{"keep", "query", "cursor", false, "1：无误则存入待批；不写：只核对",
	 "1: kept for approval when nothing is wrong; else only checked"},
};
static const struct route_param WHICH[] = {
	{"digest", "path", "hash", true, "已存入的配置的校验值", "the digest of one that was kept"},
};
static const struct route_answer DOCUMENT[] = {
	{200, "application/json", "profile_in_force", "现行配置全文", "the profile in force, whole"},
};
static const struct route_answer OFFERED[] = {
	{200, "application/json", "profile_offered", "错误和与现行配置的每一处不同",
	 "what is wrong, and each difference from the one in force"},
};
static const int PROBLEMS[] = {400, 401, 403, 413, 422, 500, 503, 0};
static const int KEPT_PROBLEMS[] = {400, 401, 403, 404, 422, 500, 503, 0};
static const int DOCUMENT_PROBLEMS[] = {400, 401, 500, 503, 0};

const struct route OFFER_ROUTES[] = {
	{"GET", "/api/v1/profile/document", ROUTE_CALLER, .handle = document, ANSWERS(DOCUMENT),
	 .problems = DOCUMENT_PROBLEMS, .zh = "现行考试配置全文", .en = "the profile in force, whole"},
	{"POST", "/api/v1/profile/offers", ROUTE_CALLER, .handle = offer, .body = "profile_document",
	 PARAMS(KEEP), ANSWERS(OFFERED), .problems = PROBLEMS,
	 .zh = "核对变更后的考试配置并存入待批", .en = "checks a changed profile and keeps it for approval"},
	{"GET", "/api/v1/profile/offers/{digest}", ROUTE_CALLER, .handle = kept, PARAMS(WHICH),
	 ANSWERS(OFFERED), .problems = KEPT_PROBLEMS, .zh = "已存入待批的考试配置",
	 .en = "a profile that was kept for approval"},
};
const size_t OFFER_NROUTES = COUNT(OFFER_ROUTES);
