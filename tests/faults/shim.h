/* SPDX-License-Identifier: Apache-2.0 */
/* shim.h -- the system calls by which bytes reach a disk, counted and made to fail.
 *
 * The functions of shim.c stand before the C library's for the whole program, SQLite included.
 * Unarmed they only pass on.  Armed, calls on regular files and directories are counted from 1,
 * and the `at`th meets its fault.
 */
#ifndef GY_TEST_SHIM_H
#define GY_TEST_SHIM_H

#include <stdbool.h>

enum shim_fault {
	SHIM_COUNT,   /* none */
	SHIM_KILL,    /* the process is killed before the call */
	SHIM_EIO,     /* fails once */
	SHIM_ENOSPC,  /* a full disk: this write and every later one */
	SHIM_SHORT,   /* half of the bytes, then a full disk */
	SHIM_SWALLOW, /* says that it was done and does nothing: a program that ignores errors */
};

void shim_arm(enum shim_fault fault, long at);
long shim_disarm(void);        /* calls counted */
const char *shim_fired(void);  /* name of the call that met the fault; NULL: none */

#endif
