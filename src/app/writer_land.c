/* SPDX-License-Identifier: Apache-2.0 */
/* writer_land.c -- the thread that writes a batch to the disk while the next one is run.
 *
 * A batch's requests are answered here, at the moment at which it is durable.  When it is not, the
 * writer's thread answers, which knows what became of the rest.
 */
#include "app/writer_loop.h"

static void answer_all(struct writer_thread *t, const struct batch *b)
{
	uint64_t size = t->o.writer->ledger.sent.size;

	writer_count(t, b->n, false, false);
	for (size_t i = 0; i < b->n; i++)
		b->taken[i].done(b->taken[i].ctx, &b->answers[i]);
	if (t->o.committed)
		t->o.committed(t->o.ctx, size);
}

void *writer_land_loop(void *thread)
{
	struct writer_thread *t = thread;

	pthread_mutex_lock(&t->lock);
	for (;;) {
		struct err why = {0};
		enum rc rc;

		while (t->flight != FLIGHT_UP && !t->lander_quits)
			pthread_cond_wait(&t->lift, &t->lock);
		if (t->flight != FLIGHT_UP)
			break;
		pthread_mutex_unlock(&t->lock);
		rc = writer_land(t->o.writer, &why);
		if (rc == RC_OK)
			answer_all(t, t->aloft);
		pthread_mutex_lock(&t->lock);
		t->landed = rc;
		t->why = why;
		t->flight = FLIGHT_DOWN;
		pthread_cond_signal(&t->wake);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}
