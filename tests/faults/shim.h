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
	SHIM_COUNT,  /* none */
	SHIM_KILL,   /* the process is killed before the call */
	SHIM_EIO,    /* fails once */
	SHIM_ENOSPC, /* a full disk: the first write from here on and every later one */
	SHIM_SHORT,  /* half of the bytes of the first write from here on, then a full disk */
	SHIM_PART,   /* half of the bytes and no error, once: no fault, whoever writes goes on */
	SHIM_FAULTS
};

enum shim_call {
	SHIM_WRITE,
	SHIM_PWRITE,
	SHIM_FSYNC,
	SHIM_FDATASYNC,
	SHIM_FTRUNCATE,
	SHIM_RENAME,
	SHIM_UNLINK,
	SHIM_CALLS
};

/* `swallow`: what fails says that it was done.  So looks a program that ignores errors. */
void shim_arm(enum shim_fault fault, long at, bool swallow);
long shim_disarm(void);                /* calls counted */
long shim_calls(enum shim_call which); /* of these, by kind */
const char *shim_name(enum shim_call which);
const char *shim_fired(void);          /* the call that met the fault; NULL: none */

/* From now on nothing is ever asked to be on the disk: SQLite's synchronous=OFF, and the same of
 * our own files. */
void shim_sync_off(void);

#endif
