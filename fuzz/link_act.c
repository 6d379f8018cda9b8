/* SPDX-License-Identifier: Apache-2.0 */
/* link_act.c -- acts as a terminal wrote them: what is taken says its device, times and source as
 * the text does; what is refused leaves nothing behind.
 *
 * The input is an act; after a line end, when there is one, the list of texts beside it.
 */
#include "base/limits.h"
#include "engine/device.h"
#include "engine/request.h"
#include "http/api_private.h"

#include "fuzz.h"

static bool same_time(const struct json *o, const char *name, int64_t ms)
{
	int64_t said;

	return clock_parse(json_str(o, name), &said) && said == ms;
}

static void check_act(struct op *op, struct str in)
{
	struct request r;
	struct json *o;
	enum rc rc;

	FUZZ_PAINT(r);
	rc = act_read(op, in, &r);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(FUZZ_UNTOUCHED(r));
		return;
	}
	FUZZ_CHECK(json_read(op, in, &o) == RC_OK);
	FUZZ_CHECK(str_eq(r.act, in)); /* that it is canonical is the writer's to say (act.c) */
	FUZZ_CHECK(r.device > 0 && r.device == json_int(o, "device", 0));
	FUZZ_CHECK(r.seq == json_int(o, "seq", 0) && r.link == json_int(o, "link", 0));
	FUZZ_CHECK(r.actor.v == json_int(o, "actor", 0) && r.source != SOURCE_SYSTEM && r.data);
	FUZZ_CHECK(str_eq(r.command, json_str(o, "command")) && str_eq(r.key, json_str(o, "key")));
	FUZZ_CHECK(str_eq(r.prev, json_str(o, "prev")) && str_eq(r.exam, json_str(o, "exam")));
	FUZZ_CHECK(same_time(o, "happened", r.happened_ms) && same_time(o, "time", r.noted_ms));
	FUZZ_CHECK(!r.slots && !r.nslots && !r.beside && !r.head.n);
	FUZZ_PLANTED(r.seq == 7 && str_is(r.command, "custody.see_bag"));
}

static void check_beside(struct op *op, struct str text)
{
	struct beside beside[LIMIT_PERSONAL + 1];
	struct json *o;
	size_t n;
	enum rc rc;

	if (json_read(op, text, &o) != RC_OK)
		return;
	rc = api_beside(op, o, beside, &n);
	FUZZ_CHECK(n <= LIMIT_PERSONAL + 1);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, "beside");
		return;
	}
	FUZZ_CHECK(o->type == JSON_ARRAY && n == o->count);
	for (size_t i = 0; i < n; i++) {
		struct hash mac = hash_hmac_sha256(beside[i].salt, sizeof(beside[i].salt),
		                                   beside[i].text.s, beside[i].text.n);

		FUZZ_CHECK(beside[i].field.n && str_eq(hash_hex(op->arena, &mac), beside[i].mac));
	}
}

void fuzz_target(struct op *op, struct str in)
{
	struct str act = in, beside = {"", 0};

	if (!str_cut(in, '\n', &act, &beside))
		act = in;
	check_act(op, str_copy(op->arena, act));
	op->err = (struct err){0};
	if (beside.n)
		check_beside(op, beside);
}
