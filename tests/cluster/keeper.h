/* SPDX-License-Identifier: Apache-2.0 */
/* keeper.h -- watches a writer whose database fails: what it acknowledged and when, starts it again
 * when it ends, and looks whether everything acknowledged is there, once.
 */
#ifndef GY_TEST_KEEPER_H
#define GY_TEST_KEEPER_H

#include <sys/types.h>

#include "act.h"

struct seen { /* of one number */
	int64_t acked, index; /* as acknowledged, as it stands; -1: not, -2: without an index */
	struct hash acked_leaf, leaf;
};

struct keeper {
	struct arena arena;
	const char *load, *gongyuan, *audit, *source; /* programs, the source tree */
	struct str top, data, url;
	struct str said;           /* by the writer that ended last */
	struct seen *seen;
	uint64_t nseen, next;      /* next: the lowest number never acknowledged */
	useconds_t pause_us;       /* of the writer */
	bool early, hold;          /* hold: an ended writer is not started again */
	pid_t pid;
	int fd;                    /* -1: no writer */
	int64_t last_us, gap_us;   /* of acknowledgements; reset by keeper_reset */
	long acknowledged, starts, lost, twice, faults;
	int status;                /* the exit code of the writer that ended last; -1: killed */
};

int64_t keeper_now_us(void);
/* Reads the programs from the environment, makes a folder and a ledger at url. */
void keeper_open(struct keeper *k, struct str url);
void keeper_close(struct keeper *k); /* ends the writer, removes the folder */

void keeper_start(struct keeper *k);
void keeper_stop(struct keeper *k); /* SIGKILL; all that it said is heard */
/* Hears all that a writer still says on a descriptor that was k->fd, and closes it. */
void keeper_drain(struct keeper *k, int fd);
/* Hears for so long, starting the writer again whenever it ends. */
void keeper_run(struct keeper *k, int ms);
/* Until `more` further acknowledgements came.  False: not within ms. */
bool keeper_until(struct keeper *k, long more, int ms);
void keeper_reset(struct keeper *k); /* the longest gap is counted from here */
int64_t keeper_gap_ms(const struct keeper *k);

/* Runs a command of the shell while hearing; its exit code. */
int keeper_shell(struct keeper *k, const char *fmt, ...) PRINTF(2, 3);
/* The first line that a command prints; "" when it fails. */
struct str keeper_line(struct keeper *k, const char *fmt, ...) PRINTF(2, 3);

/* A writer on another folder or server, alone, for at most ms: its exit code, -1 when it had to be
 * ended. */
int keeper_try(struct keeper *k, struct str data, struct str url, uint64_t first, int ms);
bool keeper_said(const struct keeper *k, const char *text); /* by the writer that ended last */

/* Through url: counts what is lost and what stands twice. */
void keeper_look(struct keeper *k);
/* The auditor, with the checkpoint kept outside; a finding is a fault. */
void keeper_audit(struct keeper *k);
/* One sentence of what is wrong; counted. */
void keeper_fault(struct keeper *k, const char *fmt, ...) PRINTF(2, 3);

#endif
