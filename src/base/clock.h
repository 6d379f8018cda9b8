/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h -- where time comes from, and how it is written.
 *
 * Times are int64_t milliseconds since 1970-01-01T00:00:00Z (no leap seconds).  A drill and every
 * test run on a virtual clock.  Ledger text is always UTC: 2025-06-07T00:58:00.000Z.
 */
#ifndef GY_CLOCK_H
#define GY_CLOCK_H

#include "base/arena.h"
#include "base/str.h"

#define CLOCK_STATES(X) X(SYSTEM, "system") X(VIRTUAL, "virtual") X(DOUBTFUL, "doubtful")
#define X(id, text) CLOCK_##id,
enum clock_state { CLOCK_STATES(X) CLOCK_STATE_MAX };
#undef X

struct clock {
	enum clock_state state;
	int64_t virtual_ms; /* the time of a virtual clock; moved by clock_set */
};

const char *clock_state_text(enum clock_state s);
struct clock clock_system(void);
struct clock clock_virtual(int64_t at_ms);
void clock_set(struct clock *c, int64_t at_ms); /* virtual clocks only */
int64_t clock_now_ms(const struct clock *c);

/* "2025-06-07T00:58:00.000Z" */
struct str clock_format_utc(struct arena *a, int64_t ms);

/* "2025-06-07T08:58:00.000+08:00"; offset in minutes, within +-14 h.  Where that would be the year
 * 10000, in UTC. */
struct str clock_format_offset(struct arena *a, int64_t ms, int offset_min);

/* RFC 3339 with any offset or Z, fraction optional (up to 3 digits); years 1970..9999.
 * False: not such a time; *ret_ms untouched. */
bool clock_parse(struct str text, int64_t *ret_ms);

#endif
