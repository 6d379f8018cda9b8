/* SPDX-License-Identifier: Apache-2.0 */
/* serve_play.c -- see serve_play.h.
 *
 * Each quarter of a second the writer's thread is asked to play on to where the city's clock stands
 * now.  A new folder is played at once up to three hours before the first session: nothing of the
 * days before need be waited for.
 */
#include "app/serve_play.h"

#include <pthread.h>
#include <unistd.h>

#include "app/drill_run.h"
#include "app/office.h"
#include "app/play.h"

enum { PIECE_US = 250000, BEFORE_MS = 3 * 3600000 };

struct serve_play {
	struct serve_play_options o;
	struct arena keep;
	struct scenario s;
	struct drill d;
	struct drill_play *play;
	pthread_t thread;
	pthread_mutex_t lock;
	bool started, stops, over, ended; /* over: the player's own; ended: for others */
	int64_t until_ms;
	uint64_t size;
	enum rc rc;
	struct err why;
};

static enum rc found(struct cli *c, struct serve_play *p, struct office_options *how)
{
	struct office_new n = {.drill = true, .seed = p->s.seed};
	struct profile profile;

	TRY(play_profile(c, p->s.profile, &n.profile));
	TRY(profile_read(&c->op, &p->keep, n.profile, &profile));
	how->write = true;
	how->at_ms = drill_start_of(&profile);
	c->open = true;
	TRY(c->host->found(&c->op, how, &n, &c->office));
	c->op.db = c->office.store.view;
	c->offset_min = c->office.profile.utc_offset_min;
	return RC_OK;
}

static enum rc open_folder(struct cli *c, struct serve_play *p)
{
	struct office_options how = cli_office_options(c);

	if (!office_exists(&c->arena, how.data))
		return found(c, p, &how);
	TRY(cli_open(c, true));
	if (c->office.drill && c->office.seed == p->s.seed)
		return RC_OK;
	return fail(&c->op, RC_CONFLICT, "play", "", "%s 不是这一演练的文件夹；请用 --data 另指定",
	            "%s is not the folder of this drill: name another with --data", c->office.dir.s);
}

static enum rc make(struct cli *c, struct str file, struct serve_play *p)
{
	struct str bytes;

	TRY(file_read(&c->op, file, LIMIT_JSON_BYTES, &bytes));
	TRY(scenario_read(&c->op, &p->keep, bytes, false, &p->s));
	TRY(open_folder(c, p));
	return drill_make(&c->op, &p->keep, &c->office.profile, &c->office.modules, &p->s, p->s.seed,
	                  STR(""), &p->d);
}

enum rc serve_play_open(struct cli *c, struct str file, struct serve_play **ret)
{
	struct serve_play *p = ARENA_NEW(&c->arena, struct serve_play);
	enum rc rc = make(c, file, p);

	if (rc != RC_OK) {
		arena_release(&p->keep);
		return rc;
	}
	pthread_mutex_init(&p->lock, NULL);
	*ret = p;
	return RC_OK;
}

/* On the writer's thread. */
static void piece(void *ctx, struct writer *w)
{
	struct serve_play *p = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};

	if (!p->play)
		p->rc = drill_live_begin(&op, w, &p->d, &p->play);
	if (p->rc == RC_OK)
		p->rc = drill_live_until(&op, p->play, p->until_ms, &p->over);
	p->why = op.err;
	p->size = w->ledger.tree.size;
	arena_release(&a);
}

static int64_t first_start(const struct serve_play *p)
{
	return p->d.nsessions ? p->d.sessions[0].start_ms : p->d.start_ms;
}

static int64_t monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool stops(struct serve_play *p)
{
	bool s;

	pthread_mutex_lock(&p->lock);
	s = p->stops;
	pthread_mutex_unlock(&p->lock);
	return s;
}

bool serve_play_over(struct serve_play *p)
{
	bool over;

	pthread_mutex_lock(&p->lock);
	over = p->ended;
	pthread_mutex_unlock(&p->lock);
	return over;
}

/* Where the city's clock stands after so long. */
static int64_t city_ms(const struct serve_play *p, int64_t from_ms, int64_t gone_ms)
{
	int64_t fast_ms = p->o.fast_until_ms > from_ms ? p->o.fast_until_ms - from_ms : 0;
	int64_t ahead_ms = gone_ms * p->o.speed;

	return ahead_ms <= fast_ms ? from_ms + ahead_ms
	                           : from_ms + fast_ms + gone_ms - fast_ms / p->o.speed;
}

static void *play_on(void *ctx)
{
	struct serve_play *p = ctx;
	int64_t from_ms = p->until_ms, began = monotonic();

	while (!stops(p) && !p->over) {
		p->until_ms = city_ms(p, from_ms, monotonic() - began);
		if (writer_thread_run(p->o.writer, piece, p) != RC_OK || p->rc != RC_OK) {
			fprintf(stderr, "gongyuan: %s\n", p->why.en);
			return NULL; /* the server goes on without it */
		}
		p->o.grown(p->o.ctx, p->size);
		usleep(PIECE_US);
	}
	pthread_mutex_lock(&p->lock);
	p->ended = p->over;
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

enum rc serve_play_start(struct op *op, struct serve_play *p, const struct serve_play_options *o)
{
	p->o = *o;
	p->until_ms = first_start(p) - BEFORE_MS;
	if (writer_thread_run(o->writer, piece, p) != RC_OK || p->rc != RC_OK) {
		op->err = p->why;
		return p->rc != RC_OK ? p->rc : RC_BUSY;
	}
	o->grown(o->ctx, p->size);
	if (p->d.start_ms && p->play)
		p->until_ms = drill_live_now(p->play);
	p->started = pthread_create(&p->thread, NULL, play_on, p) == 0;
	return p->started ? RC_OK
	                  : fail(op, RC_BUSY, "", "", "系统不给线程", "the system gives no thread");
}

void serve_play_stop(struct serve_play *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stops = true;
	pthread_mutex_unlock(&p->lock);
	if (p->started)
		pthread_join(p->thread, NULL);
	drill_live_end(p->play);
	arena_release(&p->keep);
}
