/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_clock.c -- does the host's clock agree with the ledger. */
#include "engine/doctor.h"

#include "engine/event.h"

enum { SKEW_MS = 1000 };

static enum rc newest(struct doctor *d, int64_t *ret_ms)
{
	struct str bytes;
	struct hash leaf;
	struct event ev;

	TRY(ledger_entry(d->op, d->ledger, d->ledger->tree.size - 1, &bytes, &leaf));
	TRY(event_read(d->op, d->modules, bytes, &ev));
	*ret_ms = ev.recorded_ms;
	return RC_OK;
}

/* Ledger time never goes back; a host's clock that did would hold all new entries at one moment. */
enum rc doctor_clock(struct doctor *d)
{
	int64_t newest_ms, behind_ms;
	bool back;

	TRY(newest(d, &newest_ms));
	behind_ms = newest_ms - d->real_ms;
	back = !d->drill && behind_ms > SKEW_MS;
	doctor_say(d, back ? DOCTOR_WRONG : DOCTOR_OK, &(struct check){
		"clock",
		back ? str_fmt(d->op->arena, "系统时钟比最新一条登记慢 %lld 秒", (long long)behind_ms / 1000).s
		: d->drill ? "演练用虚拟时钟" : "系统时钟没有早于最新一条登记",
		back ? str_fmt(d->op->arena, "the host's clock is %lld s behind the newest entry",
		               (long long)behind_ms / 1000).s
		: d->drill ? "a drill has a virtual clock"
		                  : "the host's clock is not behind the newest entry",
		"核对时钟和时区（timedatectl），接入本单位的时间源；拨准以前，新登记都停在最新一条的时间上",
		"set clock and zone right (timedatectl) from the office's time source; until then new "
		"entries stand at the newest one's time"});
	return RC_OK;
}
