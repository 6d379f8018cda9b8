/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_office.c -- what an open office is asked: is its newest backup young enough, and does the
 * host's clock agree with the ledger.
 */
#include "cli/doctor.h"

#define HOUR_MS INT64_C(3600000)
/* Without the setting (a profile of before): two days. */
enum { MOST_AGE_S = 172800, SKEW_MS = 1000 };

/* When the newest, or the first, entry was recorded. */
static enum rc recorded(struct doctor *d, bool newest, int64_t *ret_ms)
{
	struct cli *c = d->c;
	struct ledger *l = office_ledger(&c->office);
	struct str bytes;
	struct hash leaf;
	struct event ev;

	TRY(ledger_entry(&c->op, l, newest ? l->tree.size - 1 : 0, &bytes, &leaf));
	TRY(event_read(&c->op, &c->modules, bytes, &ev));
	*ret_ms = ev.recorded_ms;
	return RC_OK;
}

/* "2027-06-07T00:58:00.000Z 1363 /var/backups/…": gongyuan backup leaves it in the data folder. */
static bool last_backup(struct doctor *d, int64_t *ret_ms, int64_t *ret_size)
{
	struct cli *c = d->c;
	struct err before = c->op.err;
	struct str text, time, size, rest;
	bool ok = file_read(&c->op, str_fmt(&c->arena, "%s/last-backup", c->office.dir.s), LIMIT_BODY,
	                    &text) == RC_OK &&
	          str_cut(text, ' ', &time, &rest) && str_cut(rest, ' ', &size, &rest) &&
	          clock_parse(time, ret_ms) && str_to_i64(size, ret_size);

	c->op.err = before;
	return ok;
}

enum rc doctor_backup(struct doctor *d)
{
	struct cli *c = d->c;
	int64_t most_ms = 1000 * profile_setting(&c->office.profile, "backup.most_age_s", MOST_AGE_S);
	struct clock real = c->host->clock();
	int64_t since_ms, size = 0, age_ms;
	bool made = last_backup(d, &since_ms, &size), old;
	const char *zh, *en;

	if (!made)
		TRY(recorded(d, false, &since_ms));
	age_ms = clock_now_ms(&real) - since_ms;
	old = !c->office.drill && age_ms > most_ms;
	zh = made ? "最近一次备份在 %lld 小时前，到第 %lld 条" : "还没有备份过（台账建立 %lld 小时）%.0lld";
	en = made ? "the newest backup is %lld hours old and ends at %lld entries"
	          : "there is no backup yet (the ledger is %lld hours old)%.0lld";
	zh = str_fmt(&c->arena, zh, (long long)(age_ms / HOUR_MS), (long long)size).s;
	en = str_fmt(&c->arena, en, (long long)(age_ms / HOUR_MS), (long long)size).s;
	if (c->office.drill && !made)
		zh = "演练，不要求备份", en = "a drill: no backup is asked for";
	doctor_say(d, old ? DOCTOR_WRONG : DOCTOR_OK, &(struct check){
		"backup", zh, en,
		"gongyuan backup 新文件夹（放到别的磁盘）；每夜备份见 gongyuan-backup.timer",
		"gongyuan backup NEW-FOLDER, on another disk; gongyuan-backup.timer does it each night"});
	return RC_OK;
}

/* Ledger time never goes back; a host's clock that did would hold all new entries at one moment. */
enum rc doctor_clock(struct doctor *d)
{
	struct cli *c = d->c;
	struct clock real = c->host->clock();
	int64_t newest_ms, behind_ms;
	bool back;

	TRY(recorded(d, true, &newest_ms));
	behind_ms = newest_ms - clock_now_ms(&real);
	back = !c->office.drill && behind_ms > SKEW_MS;
	doctor_say(d, back ? DOCTOR_WRONG : DOCTOR_OK, &(struct check){
		"clock",
		back ? str_fmt(&c->arena, "系统时钟比最新一条登记慢 %lld 秒", (long long)behind_ms / 1000).s
		: c->office.drill ? "演练用虚拟时钟" : "系统时钟没有早于最新一条登记",
		back ? str_fmt(&c->arena, "the host's clock is %lld s behind the newest entry",
		               (long long)behind_ms / 1000).s
		: c->office.drill ? "a drill has a virtual clock"
		                  : "the host's clock is not behind the newest entry",
		"核对时钟和时区（timedatectl），接入本单位的时间源；拨准以前，新登记都停在最新一条的时间上",
		"set clock and zone right (timedatectl) from the office's time source; until then new "
		"entries stand at the newest one's time"});
	return RC_OK;
}
