/* SPDX-License-Identifier: Apache-2.0 */
/* scene.h -- a county on a table: people with staff codes, a secrecy room, a vehicle, one site, and
 * acts that read like a story.
 *
 * Data is JSON with ' in place of ", for the reader's sake.  An act that expects no alarm fails
 * when one is raised, so every scene proves that the rules are silent when all is well.  A refused
 * act must leave the ledger as it was (a guarded order: one refusal more).
 */
#ifndef GY_TEST_SCENE_H
#define GY_TEST_SCENE_H

#include "kit/kit.h"

/* Who is who.  Codes in data and slots ("P0003") are turned into numbers by scene_do. */
#define OFFICE "P0001"   /* county office */
#define LEADER "P0002"   /* county's leader on duty */
#define CLERK "P0022"    /* clerk of site s01 */
#define JN "sc/cd/jn"
#define STORE JN "/store"
#define SITE JN "/s01"
#define ROOM SITE "/r01"

struct scene {
	struct kit k;
	struct str profile;
};

struct act {
	const char *label;   /* what happens, for the reader and the failure's message */
	const char *at;      /* moves the clock there and runs timers; NULL: stays */
	const char *as, *command, *data, *slots;
	enum rc rc;          /* of the answer */
	const char *field;   /* of a refusal */
	const char *emits;   /* an event that must be among the entries it adds; NULL: not asked */
	const char *alarm;   /* the one alarm rule it raises; NULL: none */
	const char *also;    /* those that it raises with it, a blank between */
	const char *excepted; /* 特批: the reason; slots then hold the approver */
};

/* People registered, granted, founded, avoidance declared; nothing of papers yet. */
void scene_open(struct scene *s);
/* And the vehicle V1, consignment C1 with boxes BX-CHI, BX-MAT, BX-CHE, BX-GEO for s01, each with
 * bags of 30 ("CHI-1", "CHI-2", "MAT-1", …), all on V1; the room's keys, guards, activation. */
void scene_open_with_papers(struct scene *s);
void scene_close(struct scene *s);

void scene_play(struct scene *s, const struct act *acts, size_t n);
#define PLAY(s, ...) \
	do { \
		static const struct act play_acts[] = {__VA_ARGS__}; \
		scene_play((s), play_acts, COUNT(play_acts)); \
	} while (0)

/* One act without expectations; k.answer holds what came. */
enum rc scene_do(struct scene *s, const char *as, const char *command, const char *data,
                 const char *slots);

int64_t scene_person(struct scene *s, const char *code);
int64_t scene_balance(struct scene *s, const char *asset, const char *holder);
/* Digest over all projections, as hex. */
struct str scene_projections(struct scene *s);
/* The steps of a number's life, joined by blanks: "custody.bag_registered custody.handed_over". */
struct str scene_life(struct scene *s, const char *code);

/* Runs the file's tests; GONGYUAN_TEST names one (the conformance sweep). */
#define SCENE_MAIN(tests) \
	int main(void) \
	{ \
		if (getenv("GONGYUAN_TEST")) \
			cmocka_set_test_filter(getenv("GONGYUAN_TEST")); \
		return cmocka_run_group_tests(tests, NULL, NULL); \
	}

#endif
