/* SPDX-License-Identifier: Apache-2.0 */
/* seeds_link.c -- seeds of what a terminal sends: acts, texts beside them, and near misses; see
 * seeds.h.
 */
#include "fuzz.h"
#include "seeds.h"

#define SALT "000102030405060708090a0b0c0d0e0f"
#define HEX64 SALT SALT
#define TEXT(field) "{\"field\":\"" field "\",\"salt\":\"" SALT "\",\"text\":\"示范\"}"

/* Each member of an act in turn, right and wrong; the others are right. */
static const struct {
	const char *actor, *device, *happened, *source, *tail;
} ACTS[] = {
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"", "}"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"paper\"", "}\n[" TEXT("note") "]"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"video\"",
	 "}\n[" TEXT("note") "," TEXT("hint") "]"},
	{"0", "9", "\"2025-06-07T00:58:00.000Z\"", "\"feed\"", "}\n[]"},
	/* near misses */
	{"11", "0", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"", "}"},
	{"11", "-1", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"", "}"},
	{"11", "9", "\"2025-06-07\"", "\"terminal\"", "}"},
	{"11", "9", "7", "\"terminal\"", "}"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"system\"", "}"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"nobody\"", "}"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "7", "}"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"", " }"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"", "}\n{}"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"", "}\n[1]"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"",
	 "}\n[{\"field\":\"note\",\"salt\":\"00\",\"text\":\"x\"}]"},
	{"11", "9", "\"2025-06-07T00:58:00.000Z\"", "\"terminal\"",
	 "}\n[{\"salt\":\"" SALT "\",\"text\":\"x\"}]"},
};

/* Whole. */
static const char *const OTHERS[] = {
	"{}", "[]", "", "{\"source\":\"terminal\"}\n", "{\"source\":\"terminal\",\"device\":9}",
};

void seeds_of_acts(struct op *op)
{
	int n = 0;

	for (size_t i = 0; i < COUNT(ACTS); i++)
		putf(op, "link_act", n++, str_fmt(op->arena,
		     "{\"actor\":%s,\"command\":\"custody.see_bag\",\"data\":{\"bag\":\"CHI-1\","
		     "\"place\":\"sc/cd/jn/s01\"},\"device\":%s,\"exam\":\"demo\",\"happened\":%s,"
		     "\"key\":\"018f0000-0000-7000-8000-000000000001\",\"link\":2,\"origin\":\"x\","
		     "\"prev\":\"" HEX64 "\",\"seq\":6,\"source\":%s,"
		     "\"time\":\"2025-06-07T00:58:01.000Z\"%s", ACTS[i].actor, ACTS[i].device,
		     ACTS[i].happened, ACTS[i].source, ACTS[i].tail));
	for (size_t i = 0; i < COUNT(OTHERS); i++)
		putz(op, "link_act", n++, OTHERS[i]);
}
