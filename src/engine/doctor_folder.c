/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_folder.c -- the folder itself: format, lock, keys, free disk, certificates. */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/limits.h"
#include "engine/doctor.h"

/* A day of a large city is under 200 MB; below this, an exam day could fill the disk. */
#define DISK_FREE_MIN (1ull << 30)

static struct str path(struct doctor *d, const char *name)
{
	return str_fmt(d->op->arena, STR_FMT "/%s", STR_ARG(d->dir), name);
}

void doctor_say(struct doctor *d, enum finding f, const struct check *k)
{
	d->failed += f != DOCTOR_OK;
	d->broken += f == DOCTOR_BROKEN;
	d->say(d->ctx, f, k);
}

void doctor_format(struct doctor *d)
{
	struct err before = d->op->err;
	struct str text;
	bool ok = file_read(d->op, path(d, "format"), 256, &text) == RC_OK &&
	          str_is(text, "gongyuan-data 1\n");

	d->op->err = before;
	doctor_say(d, ok ? DOCTOR_OK : DOCTOR_WRONG, &(struct check){
		"format", ok ? "数据文件夹格式 1" : "不是本程序认识的数据文件夹",
		ok ? "data folder of format 1" : "not a data folder that this program knows",
		"用 --data 指明正确的文件夹；若是新版程序所建，请用新版程序",
		"name the right folder with --data; if a newer program made it, use that"});
}

/* Informs only: a running writer is no fault. */
void doctor_lock(struct doctor *d)
{
	int fd = open(path(d, "lock").s, O_RDONLY | O_CLOEXEC);
	char pid[24] = {0};
	bool busy = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;

	if (busy && pread(fd, pid, sizeof(pid) - 1, 0) > 0)
		pid[strspn(pid, "0123456789")] = '\0';
	if (fd >= 0)
		close(fd);
	doctor_say(d, DOCTOR_OK, &(struct check){
		"lock",
		busy ? str_fmt(d->op->arena, "服务或别的程序正在登记（进程 %s）", pid).s : "没有程序在登记",
		busy ? str_fmt(d->op->arena, "a server, or another writer, is running (process %s)", pid).s
		     : "no writer is running", NULL, NULL});
}

/* Group and others must not read a secret; a missing one was not copied. */
static bool secret_ok(struct doctor *d, const char *name, bool *ret_missing)
{
	struct stat st;

	if (stat(path(d, name).s, &st) != 0) {
		*ret_missing = true;
		return false;
	}
	return (st.st_mode & 077) == 0;
}

void doctor_keys(struct doctor *d)
{
	static const char *const names[] = {
		"keys", "keys/log.key", "keys/device.key", "keys/vault.key",
	};
	bool missing = false, open_to_others = false;

	for (size_t i = 0; i < COUNT(names); i++) {
		bool gone = false;

		if (!secret_ok(d, names[i], &gone))
			open_to_others = open_to_others || !gone;
		missing = missing || gone;
	}
	if (missing)
		doctor_say(d, DOCTOR_WRONG, &(struct check){
			"keys", "keys/ 里缺少密钥", "keys are missing in keys/",
			"从备份恢复 keys/（log.key、device.key、vault.key）",
			"restore keys/ (log.key, device.key, vault.key) from a backup"});
	else
		doctor_say(d, open_to_others ? DOCTOR_WRONG : DOCTOR_OK, &(struct check){
			"keys", open_to_others ? "别的用户能读到密钥" : "密钥只有本用户可读",
			open_to_others ? "other users can read the keys" : "only this user can read the keys",
			"chmod 700 keys; chmod 600 keys/*.key；如可能已外泄，请更换密钥",
			"chmod 700 keys; chmod 600 keys/*.key; if they may have leaked, change them"});
}

void doctor_disk(struct doctor *d)
{
	struct statvfs fs;
	unsigned long long left = 0;
	bool ok;

	if (statvfs(path(d, "").s, &fs) == 0)
		left = (unsigned long long)fs.f_bavail * fs.f_frsize;
	ok = left >= DISK_FREE_MIN;
	doctor_say(d, ok ? DOCTOR_OK : DOCTOR_WRONG, &(struct check){
		"disk",
		str_fmt(d->op->arena, "磁盘剩余 %llu MB", left >> 20).s,
		str_fmt(d->op->arena, "%llu MB free on the disk", left >> 20).s,
		"清理磁盘，至少留出 1 GB", "free the disk to 1 GB at least"});
}

static int64_t days_left(struct doctor *d, const char *which)
{
	static const int64_t DAY_MS = 86400000;
	struct err before = d->op->err;
	struct str certificate, key;
	struct certificate_facts f;
	int64_t left = -1;

	if (file_read(d->op, path(d, str_fmt(d->op->arena, "keys/tls/%s.crt", which).s), LIMIT_HEAD,
	              &certificate) == RC_OK &&
	    file_read(d->op, path(d, str_fmt(d->op->arena, "keys/tls/%s.key", which).s), LIMIT_HEAD,
	              &key) == RC_OK &&
	    certificate_read(d->op, certificate, &f) == RC_OK)
		left = (f.until_ms - d->real_ms) / DAY_MS;
	d->op->err = before;
	return left;
}

void doctor_tls(struct doctor *d)
{
	enum { SERVER_DAYS = 30, ROOT_DAYS = 180 }; /* before the next examination; to visit all PCs */
	int64_t server, root;

	if (!file_exists(path(d, "keys/tls/server.crt")))
		return; /* only served on this machine */
	server = days_left(d, "server");
	root = days_left(d, "root");
	doctor_say(d, server >= SERVER_DAYS ? DOCTOR_OK : DOCTOR_WRONG, &(struct check){
		"tls", str_fmt(d->op->arena, "服务器证书还有 %lld 天", (long long)server).s,
		str_fmt(d->op->arena, "the server's certificate has %lld days left", (long long)server).s,
		"gongyuan tls renew，然后重新启动 gongyuan serve",
		"gongyuan tls renew, then start gongyuan serve again"});
	doctor_say(d, root >= ROOT_DAYS ? DOCTOR_OK : DOCTOR_WRONG, &(struct check){
		"tls_root", str_fmt(d->op->arena, "根证书还有 %lld 天", (long long)root).s,
		str_fmt(d->op->arena, "the root has %lld days left", (long long)root).s,
		"gongyuan tls init --again --name …，并在各电脑上重新安装",
		"gongyuan tls init --again --name …, and install it on the PCs"});
}
