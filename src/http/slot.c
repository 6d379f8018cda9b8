/* SPDX-License-Identifier: Apache-2.0 */
/* slot.c -- the signatures beside an act, as a client or a terminal sends them:
 * [{"slot", "how", "person", "signature", "note"}, …].
 *
 * A client may write a staff code for a person, and a pointer tells it which signature is wrong; a
 * terminal writes numbers alone, and its program, not a person, reads the answer.
 */
#include "http/api_private.h"

#include "base/hash.h"
#include "base/limits.h"

enum { SIGNATURE = 64 }; /* bytes of Ed25519 */

static bool how_parse(struct str text, int *ret)
{
#define X(id, text) text,
	static const char *const NAMES[] = {SLOT_HOWS(X)};
#undef X

	for (size_t i = 0; i < COUNT(NAMES); i++)
		if (str_is(text, NAMES[i])) {
			*ret = (int)i;
			return true;
		}
	return false;
}

/* `codes`: of a client, NULL of a terminal. */
static enum rc refuse_form(struct op *op, const struct api_host *codes, const char *field)
{
	if (codes)
		return fail(op, RC_INVALID, field, "",
		            "签名栏应写 slot、how（key badge paper phone）和 person",
		            "a signature has slot, how (key badge paper phone) and person");
	return fail(op, RC_INVALID, field, "",
	            "签名栏应写 slot、how（key badge paper phone）和 person（编号）",
	            "a signature has slot, how (key badge paper phone) and person (a number)");
}

/* A staff code that nobody has is person 0: its badge was not given (command.c), or the writer says
 * what it says of somebody who may not sign (slots_check). */
static enum rc read_code(struct op *op, const struct api_host *codes, const struct json *v,
                         const char *field, struct person_id *ret)
{
	enum rc rc;

	if (!v || v->type != JSON_STR || !code_valid(v->s))
		return fail(op, RC_INVALID, field, "", "应写工号或编号", "a staff code or a number");
	codes->lookup->err = op->err;
	rc = codes->person(codes->lookup, v->s, ret);
	if (rc == RC_NOT_FOUND)
		*ret = (struct person_id){0};
	else if (rc != RC_OK)
		op->err = codes->lookup->err;
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc read_person(struct op *op, const struct api_host *codes, const struct json *o,
                           const char *field, struct signed_slot *s)
{
	s->person.v = json_int(o, "person", 0);
	if (s->person.v > 0)
		return RC_OK;
	if (!codes)
		return refuse_form(op, codes, field);
	return read_code(op, codes, json_get(o, "person"),
	                 str_fmt(op->arena, "%s/person", field).s, &s->person);
}

static enum rc read_signature(struct op *op, const struct api_host *codes, struct str hex,
                              const char *field, struct signed_slot *s)
{
	uint8_t *bytes;
	bool fits;

	if (!hex.n)
		return RC_OK;
	bytes = arena_alloc(op->arena, SIGNATURE);
	fits = hex_decode(hex, bytes, SIGNATURE);
	if (codes && (!fits || s->how != SLOT_KEY))
		return fail(op, RC_INVALID, field, "", "签名应为 128 位十六进制，且 how 为 key",
		            "a signature is 128 hex digits, of a key");
	if (!fits)
		return fail(op, RC_INVALID, field, "", "签名应为 128 位十六进制",
		            "a signature is 128 hex digits");
	s->signature = (struct str){(const char *)bytes, SIGNATURE};
	return RC_OK;
}

static enum rc read_slot(struct op *op, const struct api_host *codes, const struct json *o,
                         const char *field, struct signed_slot *ret)
{
	*ret = (struct signed_slot){.slot = json_str(o, "slot"), .note = json_str(o, "note")};
	if (o->type != JSON_OBJECT || !ret->slot.n || !how_parse(json_str(o, "how"), &ret->how))
		return refuse_form(op, codes, field);
	TRY(read_person(op, codes, o, field, ret));
	return read_signature(op, codes, json_str(o, "signature"), field, ret);
}

enum rc api_slots(struct op *op, const struct api_host *codes, const struct json *list,
                  struct signed_slot *ret, size_t *ret_n)
{
	size_t n = 0;

	if (list && (list->type != JSON_ARRAY || list->count > LIMIT_SLOTS))
		return fail(op, RC_INVALID, codes ? "/slots" : "slots", "", "签名栏应为列表，至多 %d 个",
		            "slots are a list of at most %d", LIMIT_SLOTS);
	for (const struct json *v = list ? list->first : NULL; v; v = v->next, n++)
		TRY(read_slot(op, codes, v,
		              codes ? str_fmt(op->arena, "/slots/%zu", n).s : "slots", &ret[n]));
	*ret_n = n;
	return RC_OK;
}
