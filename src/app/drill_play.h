/* SPDX-License-Identifier: Apache-2.0 */
/* drill_play.h -- what is known while a drill is played.  Private to app/drill*.c. */
#ifndef GY_APP_DRILL_PLAY_H
#define GY_APP_DRILL_PLAY_H

#include "app/drill_run.h"
#include "engine/name_map.h"

struct drill_answered;             /* drill_duty.c: an alarm somebody looks after */
struct drill_lander;

struct drill_play {
	struct writer *w;
	struct drill *d;
	struct random random;          /* of keys and salts */
	struct arena keep, batch[2];   /* of the play; of the open batch, of the one aloft */
	int open_batch;
	struct drill_lander *lander;
	struct name_map persons;
	struct op op;
	struct request *requests;
	struct answer *answers;
	size_t n;                      /* run, not landed */
	uint64_t steps, answered;      /* sent; of them, answers of duty officers */
	size_t next;                   /* of the scenario's steps */
	bool live;                     /* real users act too: anything may be refused */
	size_t refused;
	bool interfered, careful;      /* a scenario's edit was met; savepoints from now on */
	/* The duty officers. */
	int64_t look_ms;               /* when they look next */
	struct drill_answered *open; size_t nopen, cap;
	int64_t newest;                /* the newest alarm they have seen */
};

/* Sends one step at its time.  The message of a failure names it. */
enum rc drill_send(struct op *op, struct drill_play *p, const struct drill_step *st) MUST_CHECK;
/* What was run goes to the disk; it may be on its way still. */
enum rc drill_land(struct op *op, struct drill_play *p) MUST_CHECK;

/* drill_lander.c.  settle: nothing is on its way any more. */
enum rc drill_lander_start(struct op *op, struct drill_play *p) MUST_CHECK;
void drill_lander_none(struct drill_play *p); /* batches land where they are run */
void drill_lander_stop(struct drill_play *p);
enum rc drill_launch(struct op *op, struct drill_play *p) MUST_CHECK;
enum rc drill_settle(struct op *op, struct drill_play *p) MUST_CHECK;

/* Text with ${NAME}.  Fails: INVALID (no such name). */
enum rc drill_expand(struct op *op, struct arena *a, const struct drill *d, struct str text,
                     struct str *ret) MUST_CHECK;
const char *drill_how_text(int how);

/* Duty officers sign for what is open and close it, up to a moment.  begin: they take up what
 * stands open in the ledger now, as whoever has been there all day would. */
enum rc drill_duty(struct op *op, struct drill_play *p, int64_t until_ms) MUST_CHECK;
enum rc drill_duty_begin(struct op *op, struct drill_play *p, int64_t now_ms) MUST_CHECK;

/* drill_ours.c.  The key of a step or of an officer's answer; is the act behind this entry one of
 * the day's own steps? */
struct str drill_key_of(struct arena *a, struct random *r, uint64_t number, int64_t at_ms);
enum rc drill_is_ours(struct op *op, const struct drill_play *p, int64_t index, bool *ret)
	MUST_CHECK;

/* What was alarmed, what was noticed, what was false. */
enum rc drill_judge(struct op *op, struct writer *w, struct drill *d, struct drill_result *ret)
	MUST_CHECK;

#endif
