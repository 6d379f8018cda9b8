/* SPDX-License-Identifier: Apache-2.0 */
/* drill_play.h -- what is known while a drill is played.  Private to app/drill*.c. */
#ifndef GY_APP_DRILL_PLAY_H
#define GY_APP_DRILL_PLAY_H

#include "app/drill_run.h"
#include "engine/alarm.h"
#include "engine/name_map.h"

struct drill_answered;             /* drill_duty.c: an alarm somebody looks after */
struct drill_lander;
struct drill_play;

/* Where a drill is played: on a writer of this process (drill_play.c) or a server's
 * (drill_http.c). */
struct drill_stage {
	/* One step at its time; it may be on its way still.  The message of a failure names it. */
	enum rc (*send)(struct op *op, struct drill_play *p, const struct drill_step *st);
	/* All that was sent is recorded and what was due by now has run; each alarm that is open and
	 * newer than p->newest is given to drill_take_on. */
	enum rc (*look)(struct op *op, struct drill_play *p, int64_t now_ms);
	/* Everything up to the end of the drill is on the disk. */
	enum rc (*end)(struct op *op, struct drill_play *p);
	/* All alarms, in d->arena: d->arena lives as long as the verdict. */
	enum rc (*alarms)(struct op *op, struct drill_play *p, struct drill_seen **ret, size_t *ret_n);
};
extern const struct drill_stage drill_here, drill_there;

struct drill_play {
	const struct drill_stage *stage;
	struct writer *w;              /* of drill_here */
	struct drill_far *far;         /* of drill_there */
	const struct modules *modules;
	struct str origin, exam;
	struct drill *d;
	struct random random;          /* of keys and salts */
	struct arena keep, batch[2];   /* of the play; of the open batch, of the one aloft */
	int open_batch;
	struct drill_lander *lander;
	struct name_map persons;
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

/* Persons are found by an op alone (field_person_finder): this one knows the play. */
struct drill_knowing {
	struct op op; /* first */
	struct drill_play *play;
};
void drill_know(struct drill_play *p, struct str code, struct person_id who);
/* A step as a request, wherever it is played; `op` is a knowing one's.  In the op's arena. */
enum rc drill_request(struct op *op, struct drill_play *p, const struct drill_step *st,
                      field_person_finder *person, struct request *ret) MUST_CHECK;
/* May this answer be?  Else fails with what the answer says. */
enum rc drill_answer(struct op *op, struct drill_play *p, const struct drill_step *st,
                     const struct answer *a) MUST_CHECK;
enum rc drill_say_which(struct op *op, const struct drill_step *st, enum rc rc);
/* What the scenario tells from here to the end, and what the duty officers do meanwhile. */
enum rc drill_play_all(struct op *op, struct drill_play *p) MUST_CHECK;
struct drill_play *drill_play_new(const struct drill_stage *stage, const struct modules *m,
                                  struct drill *d);
void drill_play_free(struct drill_play *p);

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

/* An alarm that nobody has looked after yet; for drill_stage.look. */
void drill_take_on(struct drill_play *p, struct arena *scratch, const struct alarm *a);
enum rc drill_look(struct op *op, struct drill_play *p) MUST_CHECK; /* at the writer's own */
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
enum rc drill_judge(struct op *op, struct drill_play *p, struct drill_result *ret) MUST_CHECK;

#endif
