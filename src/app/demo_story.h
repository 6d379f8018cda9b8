/* SPDX-License-Identifier: Apache-2.0 */
/* demo_story.h -- the script of the demo: what it is made of.  Private to app/demo*.c. */
#ifndef GY_APP_DEMO_STORY_H
#define GY_APP_DEMO_STORY_H

#include "base/random.h"
#include "engine/profile.h"
#include "engine/run.h"

#define DEMO_COUNTY "sc/cd/jn"
#define DEMO_STORE DEMO_COUNTY "/store"
#define DEMO_MINUTE INT64_C(60000)
#define DEMO_HOUR (60 * DEMO_MINUTE)
enum { DEMO_SITES = 12, DEMO_ROOMS = 3, DEMO_BACK = 20 }; /* V07 brings, V27 fetches */

struct demo_step {
	int64_t at_ms;
	size_t order;            /* of making: steps of one moment keep it */
	const char *command;
	struct str as;           /* staff code; "" the system, while the office is being founded */
	struct str data;         /* JSON with staff codes, as a person would type it */
	struct str slots;        /* "giver=badge:S07-01 receiver=key:P0020" */
	const char *alarm;       /* the step is about the open alarm of this rule; NULL: none */
	enum rc answer;          /* what must come of it */
	bool milestone;
	struct str zh, en;
};

struct demo_story {
	struct arena *arena;
	struct random random;
	const struct profile *profile;
	uint64_t seed;
	struct demo_step *steps; /* by time when made */
	size_t n, cap;
};

/* The whole script.  Fails: INVALID (the profile lacks a session). */
enum rc demo_story_make(struct op *op, struct arena *keep, const struct profile *p, uint64_t seed,
                        struct demo_story *ret) MUST_CHECK;

/* Adds a step; `fmt` gives its data with ' in place of ". */
struct demo_step *demo_add(struct demo_story *s, int64_t at_ms, const char *command, const char *as,
                           const char *slots, const char *fmt, ...) PRINTF(6, 7);
/* Says what a step is, in both languages; the formats take the same arguments. */
void demo_say(struct demo_story *s, struct demo_step *st, bool milestone, const char *zh,
              const char *en, ...) PRINTF(4, 6) PRINTF(5, 6);

/* Text for one operation of the story, in its arena. */
const char *demo_fmt(struct demo_story *s, const char *fmt, ...) PRINTF(2, 3);
/* Uniform in [from, to]. */
int64_t demo_between(struct demo_story *s, int64_t from, int64_t to);

/* demo_cast.c: people, their grants and keys, the foundation, declarations and posts; begins at
 * `at_ms`. */
void demo_cast(struct demo_story *s, int64_t at_ms);
/* A courier, one of two, of the vehicle that brings a site's papers or fetches them (two crews,
 * because a second session's issue overlaps the first one's return). */
const char *demo_courier(struct demo_story *s, int site, bool back, int which);
/* "slot=key:CODE" or "slot=badge:CODE", as this person signs. */
const char *demo_sign(struct demo_story *s, const char *slot, const char *code);
struct ed25519_key demo_key(uint64_t seed, struct str code);

/* demo_room.c: the secrecy room: keys, guards, patrols, joint checks, from `from_ms` to `to_ms`. */
void demo_room(struct demo_story *s, int64_t from_ms, int64_t to_ms);
/* Somebody signs for the open alarm of a rule, and two close it. */
void demo_answer_alarm(struct demo_story *s, const char *rule, int64_t ack_ms, int64_t close_ms,
                       const char *zh, const char *en);

/* demo_papers.c: everything that the 300 bags go through. */
enum rc demo_papers(struct op *op, struct demo_story *s, int64_t registered_ms,
                    int64_t arrival_ms) MUST_CHECK;

#endif
