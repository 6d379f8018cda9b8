/* SPDX-License-Identifier: Apache-2.0 */
/* shim.c -- see shim.h.  One thread only while it is armed. */

/* Both names of each call, pwrite and pwrite64: the build maps the first to the second. */
#undef _FILE_OFFSET_BITS
#include "shim.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const char *const NAMES[SHIM_CALLS] = {
	[SHIM_WRITE] = "write",         [SHIM_PWRITE] = "pwrite",
	[SHIM_FSYNC] = "fsync",         [SHIM_FDATASYNC] = "fdatasync",
	[SHIM_FTRUNCATE] = "ftruncate", [SHIM_RENAME] = "rename",
	[SHIM_UNLINK] = "unlink",
};

static struct {
	bool armed, full, swallow, sync_off;
	enum shim_fault fault;
	long at, count, calls[SHIM_CALLS];
	const char *fired;
} SHIM;

void shim_arm(enum shim_fault fault, long at, bool swallow)
{
	bool sync_off = SHIM.sync_off;

	memset(&SHIM, 0, sizeof(SHIM));
	SHIM.sync_off = sync_off;
	SHIM.fault = fault;
	SHIM.at = at;
	SHIM.swallow = swallow;
	SHIM.armed = true;
}

long shim_disarm(void)
{
	SHIM.armed = false;
	return SHIM.count;
}

long shim_calls(enum shim_call which)
{
	return SHIM.calls[which];
}

const char *shim_name(enum shim_call which)
{
	return NAMES[which];
}

const char *shim_fired(void)
{
	return SHIM.fired;
}

void shim_sync_off(void)
{
	SHIM.sync_off = true;
}

static bool counts(int fd)
{
	struct stat st;

	return SHIM.armed && fd > 2 && fstat(fd, &st) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

enum verdict { PASS, FAIL, HALF, SKIP };

static enum verdict failed(int e)
{
	errno = e;
	return SHIM.swallow ? SKIP : FAIL;
}

/* Does the fault lie at this call?  What concerns room waits for a call that takes some. */
static bool meets(enum shim_call call)
{
	bool takes_room = call == SHIM_WRITE || call == SHIM_PWRITE;

	if (SHIM.fault == SHIM_COUNT || SHIM.fired)
		return false;
	if (SHIM.fault == SHIM_KILL || SHIM.fault == SHIM_EIO)
		return SHIM.count == SHIM.at;
	return takes_room && SHIM.count >= SHIM.at;
}

static enum verdict judge(enum shim_call call)
{
	SHIM.count++;
	SHIM.calls[call]++;
	if (SHIM.full && (call == SHIM_WRITE || call == SHIM_PWRITE))
		return failed(ENOSPC);
	if (!meets(call))
		return PASS;
	SHIM.fired = NAMES[call];
	if (SHIM.fault == SHIM_KILL)
		kill(getpid(), SIGKILL);
	if (SHIM.fault == SHIM_EIO)
		return failed(EIO);
	SHIM.full = SHIM.fault != SHIM_PART;
	return SHIM.fault == SHIM_ENOSPC ? failed(ENOSPC) : HALF;
}

static ssize_t put(int fd, const void *p, size_t n, off_t at, bool placed)
{
	enum verdict v = counts(fd) ? judge(placed ? SHIM_PWRITE : SHIM_WRITE) : PASS;
	size_t m = v == HALF && n > 1 ? n / 2 : n;
	ssize_t done;

	if (v == FAIL)
		return -1;
	if (v == SKIP)
		return (ssize_t)n;
	done = placed ? (ssize_t)syscall(SYS_pwrite64, fd, p, m, at)
	              : (ssize_t)syscall(SYS_write, fd, p, m);
	return v == HALF && SHIM.swallow ? (ssize_t)n : done;
}

ssize_t write(int fd, const void *p, size_t n)
{
	return put(fd, p, n, 0, false);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return put(fd, p, n, at, true);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return put(fd, p, n, at, true);
}

static int done(int fd, enum shim_call call, long number, long arg)
{
	enum verdict v = counts(fd) ? judge(call) : PASS;

	if (v != PASS)
		return v == SKIP ? 0 : -1;
	if (SHIM.sync_off && (call == SHIM_FSYNC || call == SHIM_FDATASYNC))
		return 0;
	return (int)syscall(number, fd, arg);
}

int fsync(int fd)
{
	return done(fd, SHIM_FSYNC, SYS_fsync, 0);
}

int fdatasync(int fd)
{
	return done(fd, SHIM_FDATASYNC, SYS_fdatasync, 0);
}

int ftruncate(int fd, off_t n)
{
	return done(fd, SHIM_FTRUNCATE, SYS_ftruncate, n);
}

int ftruncate64(int fd, off64_t n)
{
	return done(fd, SHIM_FTRUNCATE, SYS_ftruncate, n);
}

int rename(const char *from, const char *to)
{
	enum verdict v = SHIM.armed ? judge(SHIM_RENAME) : PASS;

	if (v != PASS)
		return v == SKIP ? 0 : -1;
	return (int)syscall(SYS_rename, from, to);
}

int unlink(const char *name)
{
	enum verdict v = SHIM.armed ? judge(SHIM_UNLINK) : PASS;

	if (v != PASS)
		return v == SKIP ? 0 : -1;
	return (int)syscall(SYS_unlink, name);
}
