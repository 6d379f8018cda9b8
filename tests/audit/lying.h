/* SPDX-License-Identifier: Apache-2.0 */
/* lying.h -- a server of the test's own that shows a folder, honestly or not. */
#ifndef GY_TEST_LYING_H
#define GY_TEST_LYING_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"

enum lie {
	LIE_NONE,
	LIE_ALTER,     /* the byte in the middle is another */
	LIE_LONG,      /* twice as long as anything may be */
	LIE_CUT,       /* says a length and closes before it */
	LIE_SHORT,     /* half of it, as if that were all */
	LIE_NEVER,     /* takes the question and does not answer */
	LIE_AWAY,      /* closes at once */
	LIE_REDIRECT,  /* 302 to where the truth is */
	LIE_MISSING,   /* 404 */
	LIE_BUSY,      /* 503 */
	LIE_EMPTY,     /* 200 and nothing */
	LIE_GARBAGE,   /* no HTTP */
	LIE_SLOW,      /* no lie: the whole truth in ten parts, each after a while */
};

struct lying {
	const char *dir;     /* what it shows */
	const char *token;   /* NULL: anybody; else 401 without it */
	const char *about;   /* lies when the path holds this text */
	enum lie lie;
	int fd, port;
	pthread_t thread;
	int asked;           /* requests so far; read it after lying_stop */
	atomic_bool stops;
};

/* dir, token, about and lie are set before. */
void lying_start(struct lying *l);
void lying_stop(struct lying *l);

#endif
