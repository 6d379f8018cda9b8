/* SPDX-License-Identifier: Apache-2.0 */
/* serve_play.h -- `serve --play FILE`: a scenario's city lives through its day beside the server's
 * users, so many times faster than a clock, and goes on where it stood after a restart.
 */
#ifndef GY_APP_SERVE_PLAY_H
#define GY_APP_SERVE_PLAY_H

#include "app/writer_thread.h"
#include "cli/cli.h"

struct serve_play;

/* Opens the folder for writing, or founds it for this scenario, and makes the day. */
enum rc serve_play_open(struct cli *c, struct str file, struct serve_play **ret) MUST_CHECK;

struct serve_play_options {
	struct writer_thread *writer;
	int64_t speed;
	int64_t fast_until_ms; /* from there as fast as a clock */
	void (*grown)(void *ctx, uint64_t size); /* after each piece, on the player's thread */
	void *ctx;
};
enum rc serve_play_start(struct op *op, struct serve_play *p,
                         const struct serve_play_options *o) MUST_CHECK;
bool serve_play_over(struct serve_play *p); /* the day has ended; any thread */
void serve_play_stop(struct serve_play *p); /* before the writer's thread; NULL is fine */

#endif
