/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_backup.c -- is the newest backup young enough, and is it what it says it is. */
#include "engine/doctor.h"

#include "base/clock.h"
#include "base/limits.h"
#include "db/manifest.h"
#include "engine/event.h"

#define HOUR_MS INT64_C(3600000)
/* Without the setting (a profile of before): two days. */
enum { MOST_AGE_S = 172800 };

/* "2027-06-07T00:58:00.000Z 1363 /var/backups/…": gongyuan backup leaves it in the data folder. */
static bool made_read(struct doctor *d, struct backup_made *ret)
{
	struct err before = d->op->err;
	struct str text, time, size, rest;
	bool ok = file_read(d->op, str_fmt(d->op->arena, STR_FMT "/last-backup", STR_ARG(d->dir)),
	                    LIMIT_BODY, &text) == RC_OK &&
	          str_cut(text, ' ', &time, &rest) && str_cut(rest, ' ', &size, &rest) &&
	          clock_parse(time, &ret->taken_ms) && str_to_i64(size, &ret->entries);

	d->op->err = before;
	if (ok && str_cut(rest, '\n', &rest, &text))
		ret->place = str_copy(d->op->arena, rest);
	return ok;
}

/* When the ledger began. */
static enum rc began(struct doctor *d, int64_t *ret_ms)
{
	struct str bytes;
	struct hash leaf;
	struct event ev;

	TRY(ledger_entry(d->op, d->ledger, 0, &bytes, &leaf));
	TRY(event_read(d->op, d->modules, bytes, &ev));
	*ret_ms = ev.recorded_ms;
	return RC_OK;
}

static void say(struct doctor *d, enum finding f, struct str zh, struct str en)
{
	doctor_say(d, f, &(struct check){
		"backup", zh.s, en.s,
		"gongyuan backup 新文件夹（放到别的磁盘）；每夜备份见 gongyuan-backup.timer",
		"gongyuan backup NEW-FOLDER, on another disk; gongyuan-backup.timer does it each night"});
}

enum rc doctor_backup(struct doctor *d)
{
	struct backup_state b;
	struct arena *a = d->op->arena;
	long long hours;

	TRY(doctor_backup_state(d, &b));
	hours = (long long)(b.age_ms / HOUR_MS);
	if (b.made)
		say(d, b.late ? DOCTOR_WRONG : DOCTOR_OK,
		    str_fmt(a, "最近一次备份在 %lld 小时前，到第 %lld 条", hours, (long long)b.last.entries),
		    str_fmt(a, "the newest backup is %lld hours old and ends at %lld entries", hours,
		            (long long)b.last.entries));
	else if (d->drill)
		say(d, DOCTOR_OK, STR("演练，不要求备份"), STR("a drill: no backup is asked for"));
	else
		say(d, b.late ? DOCTOR_WRONG : DOCTOR_OK,
		    str_fmt(a, "还没有备份过（台账建立 %lld 小时）", hours),
		    str_fmt(a, "there is no backup yet (the ledger is %lld hours old)", hours));
	return RC_OK;
}

enum rc doctor_backup_state(struct doctor *d, struct backup_state *ret)
{
	int64_t since_ms;

	*ret = (struct backup_state){
		.most_s = profile_setting(d->profile, "backup.most_age_s", MOST_AGE_S)};
	ret->made = made_read(d, &ret->last);
	since_ms = ret->last.taken_ms;
	if (!ret->made)
		TRY(began(d, &since_ms));
	ret->age_ms = d->real_ms - since_ms;
	ret->late = !d->drill && ret->age_ms > 1000 * ret->most_s;
	return RC_OK;
}

/* Are its entries the first of those that stand here? */
static bool is_ours(const struct doctor *d, const struct manifest *m)
{
	struct tree_reader reader = ledger_reader(d->ledger);
	struct tree t;
	struct hash root;

	if (!str_eq(m->origin, d->origin) || m->size > d->ledger->tree.size ||
	    !tree_load(&reader, m->size, &t))
		return false;
	root = tree_root(&t, d->ledger->hasher);
	return hash_eq(&root, &m->root);
}

static void sum_up(const struct manifest *m, struct backup_verdict *ret)
{
	ret->sealed = manifest_has(m, SEALED);
	for (size_t i = 0; i < m->nfiles; i++)
		ret->bytes += m->files[i].print.bytes;
	ret->files = m->nfiles;
}

static void verdict(struct backup_verdict *v, enum finding f, struct str zh, struct str en)
{
	v->known = true;
	v->found = f;
	v->zh = zh;
	v->en = en;
}

/* Of a manifest that was read. */
static void judge(struct doctor *d, const struct backup_made *last, const struct manifest *m,
                  struct backup_verdict *ret)
{
	struct arena *a = d->op->arena;

	sum_up(m, ret);
	if (m->size != (uint64_t)last->entries || !is_ours(d, m))
		verdict(ret, DOCTOR_BROKEN, STR("那里的备份不是本台账的，或与记下的不是同一份"),
		        STR("what lies there is no backup of this ledger, or not the one that was noted"));
	else if (manifest_check(d->op, m, last->place) != RC_OK)
		verdict(ret, DOCTOR_BROKEN, str_copy(a, str_of(d->op->err.zh)),
		        str_copy(a, str_of(d->op->err.en)));
	else
		verdict(ret, DOCTOR_OK,
		        str_fmt(a, "已核对：%zu 个文件的校验值都相符，%llu 条与本台账的前 %llu 条是同一批",
		                m->nfiles, (unsigned long long)m->size, (unsigned long long)m->size),
		        str_fmt(a, "verified: all %zu files have their hashes, and its %llu entries are "
		                "the first %llu of this ledger", m->nfiles, (unsigned long long)m->size,
		                (unsigned long long)m->size));
}

void doctor_backup_verify(struct doctor *d, const struct backup_made *last,
                          struct backup_verdict *ret)
{
	struct err before = d->op->err;
	struct manifest m;
	struct str bytes;
	enum rc rc;

	*ret = (struct backup_verdict){
		.zh = STR("备份所在的文件夹现在读不到（磁盘已取下，或已搬走），没有核对"),
		.en = STR("the folder of the backup cannot be read now (the disk was taken out, or it was "
		          "moved): not verified")};
	if (file_read(d->op, str_fmt(d->op->arena, STR_FMT "/" MANIFEST, STR_ARG(last->place)),
	              LIMIT_BLOB, &bytes) == RC_OK) {
		rc = manifest_read(d->op, bytes, &m);
		if (rc == RC_OK)
			judge(d, last, &m, ret);
		else
			verdict(ret, DOCTOR_BROKEN, str_copy(d->op->arena, str_of(d->op->err.zh)),
			        str_copy(d->op->arena, str_of(d->op->err.en)));
	}
	d->op->err = before;
}
