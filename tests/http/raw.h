/* SPDX-License-Identifier: Apache-2.0 */
/* raw.h -- a server of src/net in this process, whose handler notes what reaches it, and bare
 * sockets that may say anything.
 */
#ifndef GY_TEST_RAW_H
#define GY_TEST_RAW_H

#include "net/server.h"

/* One at a time.  The handler answers each path with 200 and "ok\n", but /hold (waits for
 * raw_release), /long (15 MB; a stranger's), /own (the same to who is known), /kept (the same, not
 * the exchange's) and /stream (says "tick\n" at first and at each wake). */
struct raw {
	struct arena arena;
	struct op op;
	struct server *server;
	pthread_mutex_t lock;
	unsigned calls;      /* requests that the handler has seen */
	char seen[256];      /* their paths */
	struct exchange *held[64];
	size_t nheld;
};
void raw_start(struct raw *r, struct server_options o); /* listens at 127.0.0.1:0, where no other */
void raw_stop(struct raw *r);
unsigned raw_calls(struct raw *r); /* and forgets them */
bool raw_saw(struct raw *r, const char *path);
void raw_release(struct raw *r); /* answers all that are held */

int raw_connect(const struct raw *r);
void raw_say(int fd, const char *bytes, size_t n); /* until the other side has heard enough */
void raw_says(int fd, const char *text);

struct raw_heard {
	unsigned answers;
	int status;      /* of the first; 0: none */
	bool closed;     /* by the other side, within a minute */
	size_t n;
	char text[4096]; /* how it begins */
};
/* Reads until the other side closes. */
void raw_hear(int fd, struct raw_heard *ret);
/* Reads the head of one answer and its body; its status, 0: closed. */
int raw_answer(int fd);

/* Waits up to a minute until the condition holds; fails the test when it does not. */
#define raw_wait(cond) \
	do { \
		int tries_ = 6000; \
		while (!(cond) && --tries_) \
			usleep(10000); \
		assert_true(cond); \
	} while (0)

#endif
