/* SPDX-License-Identifier: Apache-2.0 */
/* read_reconcile.c -- GET /api/v1/reconcile/{day}/{half}: a half day's bags room by room, as
 * `gongyuan custody reconcile --json` tells them (domain/custody/half_day.h).
 *
 * For whoever has the right custody.read at the place asked for.
 */
#include "http/reading.h"

#include "domain/custody/half_day.h"
#include "engine/writer.h"

static enum rc get_reconcile(struct op *op, const struct reading *q, struct json *o)
{
	struct half_day h = {.op = op, .profile = op_profile(op), .ledger = &op->run->writer->ledger,
	                     .offset_min = op_profile(op)->utc_offset_min, .place = q->place};

	if (!reading_may(op, q, CUSTODY_READ, h.place))
		return fail(op, RC_DENIED, "place", "", "此处试卷账目不在授权范围内，请用 place 写明所辖地点",
		            "the books of this place are not under your grants: name one with `place`");
	return half_day_tell(&h, q->what, o);
}

static void reconcile(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, a->rest, get_reconcile);
}

static const struct route_param ASKS[] = {
	READING_MIN_INDEX,
	{"day", "path", "cursor", true, "日期，2025-06-07", "the day"},
	{"half", "path", "cursor", true, "am 或 pm", "am or pm"},
	{"place", "query", "cursor", false, "此地点及其下属；不写：全部",
	 "at and under this place; everything when not said"},
};
static const struct route_answer RECONCILED[] = {
	{200, "application/json", "reconcile", "对账，不平的在前", "the unbalanced first"},
};
static const int PROBLEMS[] = {400, 401, 403, 409, 422, 500, 503, 0};

const struct route RECONCILE_ROUTES[] = {
	{"GET", "/api/v1/reconcile/{day}/{half}", ROUTE_CALLER, .handle = reconcile, PARAMS(ASKS),
	 ANSWERS(RECONCILED), .problems = PROBLEMS, .zh = "半日对账", .en = "a half day's bags"},
};
const size_t RECONCILE_NROUTES = COUNT(RECONCILE_ROUTES);
