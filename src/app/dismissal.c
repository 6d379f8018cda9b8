/* SPDX-License-Identifier: Apache-2.0 */
/* dismissal.c -- see dismissal.h. */
#include "app/dismissal.h"

#include "engine/login_ends.h"
#include "engine/slot.h"

/* An answer that waits until the logins have ended. */
struct held {
	struct dismissal *d;
	writer_answered *done;
	void *ctx;
	struct answer answer;
};

/* A failure is tried again at the next look; rights are asked of the ledger in any case. */
static void look(void *ctx, struct op *op)
{
	struct dismissal *d = ctx;

	(void)!logins_follow(op, d->logins, clock_now_ms(d->clock));
}

static void let_go(struct held *h)
{
	h->done(h->ctx, &h->answer);
	free(h);
}

static void look_and_answer(void *ctx, struct op *op)
{
	struct held *h = ctx;

	look(h->d, op);
	let_go(h);
}

/* On a thread of the writer's. */
static void hold(void *ctx, const struct answer *a)
{
	struct held *h = ctx;

	h->answer = *a;
	if (a->index < 0 || reader_submit(h->d->on, look_and_answer, h) != RC_OK)
		let_go(h);
}

static bool may_change_rights(const struct request *r)
{
	return str_starts(r->command, STR("authority.")) || str_starts(r->command, STR("device.")) ||
	       str_is(r->command, SLOT_SIGN);
}

enum rc dismissal_submit(struct dismissal *d, struct writer_thread *t, const struct request *r,
                         writer_answered *done, void *ctx)
{
	struct held *h;
	enum rc rc;

	if (!may_change_rights(r))
		return writer_thread_submit(t, r, done, ctx);
	h = calloc(1, sizeof(*h));
	if (!h)
		abort(); /* as arena_alloc */
	*h = (struct held){.d = d, .done = done, .ctx = ctx};
	rc = writer_thread_submit(t, r, hold, h);
	if (rc != RC_OK)
		free(h);
	return rc;
}

void dismissal_look(struct dismissal *d)
{
	(void)!reader_submit(d->on, look, d);
}
