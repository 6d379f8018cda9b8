/* SPDX-License-Identifier: Apache-2.0 */
/* load.h -- what the program that is killed says to the one that kills it.
 *
 * Notes of one size on a pipe: whatever was written before the kill is read, whole.
 */
#ifndef GY_TEST_LOAD_H
#define GY_TEST_LOAD_H

#include "base/hash.h"
#include "shim.h"

enum note_kind {
	SAID_READY,   /* open; number: entries, index: entries seen by the projections */
	SAID_SENT,    /* the act of this number was given to the writer */
	SAID_ACK,     /* it was acknowledged: index (-1: not known yet) and leaf */
	SAID_REFUSED, /* it was not; index: the code */
	SAID_KEPT,    /* a checkpoint of `number` entries was signed and kept outside */
	SAID_BUILT,   /* the projections of `number` entries were rebuilt and put in place */
	SAID_BLOB,    /* a blob was put; leaf: its hash */
	SAID_RESULT,  /* of a scene; number: calls counted, index: the code */
};

struct said {
	uint64_t number;
	int64_t index;
	struct hash leaf;
	enum note_kind kind;
	bool fired;            /* of a result: a fault was met */
	bool explained;        /* both sentences stand and name the cause */
	bool again;            /* after the error an append was acknowledged */
	char call[16];         /* that met the fault */
	int calls[SHIM_CALLS]; /* counted, by kind */
};

/* The number in an act's idempotency key. */
#define LOAD_KEY "01890000-0000-7000-8000-"

#endif
