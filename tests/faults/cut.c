/* SPDX-License-Identifier: Apache-2.0 */
/* cut.c -- see cut.h. */
#include "cut.h"

#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#define OPTIONS "loop,noinit_itable,noauto_da_alloc"

static bool cannot(const char *why)
{
	fprintf(stderr, "no power can be cut here: %s\n", why);
	return false;
}

/* The doctor wants a gigabyte free; the files are sparse. */
bool cut_begin(struct crash *c)
{
	const char *t = c->top.s;

	if (geteuid() != 0)
		return cannot("it takes root to mount a disk");
	if (crash_shell(c, "command -v mkfs.xfs >/dev/null && command -v mkfs.ext4 >/dev/null") != 0)
		return cannot("xfsprogs and e2fsprogs are not installed");
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return cannot("no mount namespace of our own");
	if (crash_shell(c, "cd '%s' && mkdir x m s && truncate -s 8G xfs.img &&"
	                " mkfs.xfs -q -m reflink=1 xfs.img && mount -o loop xfs.img x 2>&1", t) != 0)
		return cannot("no XFS on a loop device");
	if (crash_shell(c, "cd '%s' && truncate -s 3G x/disk.img && mkfs.ext4 -q x/disk.img &&"
	                " mount -o " OPTIONS " x/disk.img m 2>&1", t) != 0)
		return cannot("no ext4 on a loop device");
	return true;
}

void cut_end(struct crash *c)
{
	crash_shell(c, "cd '%s' && { umount s; umount m; umount x; } 2>'%s/umount'", c->top.s,
	            c->top.s);
}

bool cut_power(struct crash *c)
{
	if (crash_shell(c, "cp --reflink=always '%s/x/disk.img' '%s/x/snap.img'", c->top.s,
	                c->top.s) == 0)
		return true;
	crash_fault(c, "no snapshot could be taken");
	return false;
}

bool cut_mount(struct crash *c)
{
	if (crash_shell(c, "mount -o " OPTIONS " '%s/x/snap.img' '%s/s'", c->top.s,
	                c->top.s) == 0)
		return true;
	crash_fault(c, "the disk does not mount");
	c->corrupt++;
	return false;
}

void cut_drop(struct crash *c)
{
	if (crash_shell(c, "umount '%s/s'; rm -f '%s/x/snap.img'", c->top.s, c->top.s) != 0)
		crash_fault(c, "the snapshot could not be removed");
}
