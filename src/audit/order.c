/* SPDX-License-Identifier: Apache-2.0 */
/* order.c -- see order.h.  A finding names the entry that is out of order; what follows it is
 * compared with it, so that one displaced entry is not reported by all that come after. */
#include "audit/order.h"

#include "audit/members.h"

#define NODE_MAX ((1 << 20) - 1) /* node * 2^33 + index stays within 2^53 - 1 */

static const char *const GENESIS[] = {"format", "mode", "node", "origin", "profile", "seed", NULL};
static const char *const MODE[] = {"real", "drill"};

void order_init(struct order *o, struct report *r, struct arena *keep, struct hints *hints)
{
	*o = (struct order){.report = r, .keep = keep, .hints = hints, .last_ms = -1,
	                    .last_authority = NO_INDEX,
	                    .origin = STR("")};
}

int64_t order_id(const struct order *o, int64_t index)
{
	return o->node * (INT64_C(1) << 33) + index;
}

static void genesis(struct order *o, int64_t position, const struct entry *e)
{
	struct arena scratch = {0};
	struct op op = {.arena = &scratch};
	struct members m = {.op = &op, .o = e->data};
	uint8_t profile[32];
	struct str mode;

	member_known(&m, GENESIS);
	member_check(&m, "format", member_int(&m, "format", 1, LIMIT_INT) == 1);
	mode = member_name(&m, "mode", MODE, COUNT(MODE));
	o->node = member_int(&m, "node", 0, NODE_MAX);
	o->origin = str_copy(o->keep, member_str(&m, "origin"));
	member_check(&m, "origin", o->origin.n > 0);
	member_hex(&m, "profile", profile, sizeof(profile));
	member_check(&m, "seed", json_get(e->data, "seed") == NULL || str_is(mode, "drill"));
	if (m.bad != NULL) {
		report_add(o->report, FINDING_ENTRY, position, "首条记录的 %s 不合格式",
		           "%s of the genesis entry is malformed", m.bad);
		o->node = o->node > NODE_MAX || o->node < 0 ? 0 : o->node;
	}
	o->has_genesis = true;
	hints_set_origin(o->hints, o->origin);
	arena_release(&scratch);
}

static void check_first(struct order *o, int64_t position, const struct entry *e)
{
	bool is_genesis = str_is(e->type, "ledger.genesis");

	if (position == 0 && !is_genesis)
		report_add(o->report, FINDING_ORDER, position, "首条记录不是台账建立（ledger.genesis）",
		           "the first entry is not ledger.genesis");
	if (position > 0 && is_genesis)
		report_add(o->report, FINDING_ORDER, position, "台账建立（ledger.genesis）不在首条",
		           "ledger.genesis stands after the first entry");
	if (is_genesis && !o->has_genesis)
		genesis(o, position, e);
}

static void check_before(struct order *o, int64_t position, const char *member, int64_t index)
{
	if (index >= position)
		report_add(o->report, FINDING_ORDER, position, "所引用的记录（%s = %lld）不在本号之前",
		           "it refers to an entry (%s = %lld) that is not before it", member,
		           (long long)index);
}

void order_check(struct order *o, int64_t position, const struct entry *e)
{
	if (e->index != position)
		report_add(o->report, FINDING_ORDER, position, "记录自称第 %lld 号，与所在位置不符",
		           "the entry says that it is number %lld", (long long)e->index);
	check_first(o, position, e);
	if (e->time_ms < o->last_ms)
		report_add(o->report, FINDING_ORDER, position, "记录时间早于前一条（早 %lld 毫秒）",
		           "its time is before that of the entry before it (by %lld ms)",
		           (long long)(o->last_ms - e->time_ms));
	check_before(o, position, "cause", e->cause);
	check_before(o, position, "act_at", e->act_at);
	if (e->auth != o->last_authority)
		report_add(o->report, FINDING_ORDER, position,
		           "授权链断裂：本号记载最近的授权记录为第 %lld 号，实为第 %lld 号",
		           "the chain of authority is broken: it names entry %lld as the newest, "
		           "which is %lld", (long long)e->auth, (long long)o->last_authority);
	o->last_ms = e->time_ms;
	if (str_starts(e->type, STR("authority.")))
		o->last_authority = position;
}
