/* SPDX-License-Identifier: Apache-2.0 */
/* shim.c -- see shim.h.  One thread only while it is armed. */

/* Both names of each call, pwrite and pwrite64: the build maps the first to the second. */
#undef _FILE_OFFSET_BITS
#include "shim.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static struct {
	bool armed, full;
	enum shim_fault fault;
	long at, count;
	const char *fired;
} SHIM;

void shim_arm(enum shim_fault fault, long at)
{
	SHIM.armed = true;
	SHIM.fault = fault;
	SHIM.at = at;
	SHIM.count = 0;
	SHIM.fired = NULL;
	SHIM.full = false;
}

long shim_disarm(void)
{
	SHIM.armed = false;
	return SHIM.count;
}

const char *shim_fired(void)
{
	return SHIM.fired;
}

static bool counts(int fd)
{
	struct stat st;

	return SHIM.armed && fd > 2 && fstat(fd, &st) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

enum verdict { PASS, FAIL, HALF, SKIP };

/* `bytes`: the call takes room on the disk. */
static enum verdict judge(const char *name, bool bytes)
{
	if (SHIM.full && bytes) {
		errno = ENOSPC;
		return FAIL;
	}
	if (++SHIM.count != SHIM.at)
		return PASS;
	if (SHIM.fault == SHIM_COUNT || ((SHIM.fault == SHIM_ENOSPC || SHIM.fault == SHIM_SHORT) &&
	                                 !bytes))
		return PASS;
	SHIM.fired = name;
	if (SHIM.fault == SHIM_KILL)
		kill(getpid(), SIGKILL);
	if (SHIM.fault == SHIM_SWALLOW)
		return SKIP;
	SHIM.full = SHIM.fault != SHIM_EIO;
	errno = SHIM.fault == SHIM_EIO ? EIO : ENOSPC;
	return SHIM.fault == SHIM_SHORT ? HALF : FAIL;
}

static ssize_t put(int fd, const void *p, size_t n, off_t at, bool placed, const char *name)
{
	enum verdict v = counts(fd) ? judge(name, true) : PASS;

	if (v == FAIL)
		return -1;
	if (v == SKIP)
		return (ssize_t)n;
	if (v == HALF && n > 1)
		n /= 2;
	return placed ? (ssize_t)syscall(SYS_pwrite64, fd, p, n, at)
	              : (ssize_t)syscall(SYS_write, fd, p, n);
}

ssize_t write(int fd, const void *p, size_t n)
{
	return put(fd, p, n, 0, false, "write");
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return put(fd, p, n, at, true, "pwrite");
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return put(fd, p, n, at, true, "pwrite");
}

static int done(int fd, const char *name, long number, long arg)
{
	enum verdict v = counts(fd) ? judge(name, false) : PASS;

	if (v != PASS)
		return v == SKIP ? 0 : -1;
	return (int)syscall(number, fd, arg);
}

int fsync(int fd)
{
	return done(fd, "fsync", SYS_fsync, 0);
}

int fdatasync(int fd)
{
	return done(fd, "fdatasync", SYS_fdatasync, 0);
}

int ftruncate(int fd, off_t n)
{
	return done(fd, "ftruncate", SYS_ftruncate, n);
}

int ftruncate64(int fd, off64_t n)
{
	return done(fd, "ftruncate", SYS_ftruncate, n);
}

int rename(const char *from, const char *to)
{
	enum verdict v = SHIM.armed ? judge("rename", false) : PASS;

	if (v != PASS)
		return v == SKIP ? 0 : -1;
	return (int)syscall(SYS_rename, from, to);
}
