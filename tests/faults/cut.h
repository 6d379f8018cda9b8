/* SPDX-License-Identifier: Apache-2.0 */
/* cut.h -- a disk whose power can be cut: an ext4 in a file on an XFS that shares blocks.
 *
 *   TOP/xfs.img   an XFS, mounted at TOP/x
 *   TOP/x/disk.img an ext4, mounted at TOP/m: here the writer works
 *   TOP/x/snap.img the disk at one instant, mounted at TOP/s
 *
 * A reflinked copy of disk.img is atomic, and nothing is in it that was still in ext4's memory: so
 * stands a disk after the power went.  noauto_da_alloc: ext4 by itself would put a file's bytes on
 * the disk before it takes another's name, and nobody may count on that.  The disk itself keeps
 * what it was given, in its order; one that loses what it acknowledged is not modelled.
 *
 * Mounts live in a namespace of this process alone and vanish with it, whatever ends it.
 */
#ifndef GY_TEST_CUT_H
#define GY_TEST_CUT_H

#include "crash.h"

/* False, with a sentence on stderr: this machine cannot (no root, no loop devices, no mkfs.xfs). */
bool cut_begin(struct crash *c);
void cut_end(struct crash *c);

/* At this instant.  Then cut_mount shows it and cut_drop lets it go. */
bool cut_power(struct crash *c);
bool cut_mount(struct crash *c);
void cut_drop(struct crash *c);

#endif
