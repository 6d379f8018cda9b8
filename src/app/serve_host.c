/* SPDX-License-Identifier: Apache-2.0 */
/* serve_host.c -- what requests ask of the program: its writer, its readers, who somebody is, how
 * much there is (http/api.h); on the server's thread unless said otherwise.
 */
#include "app/giver.h"
#include "app/serve_private.h"
#include "domain/people/people.h"

static enum rc submit(void *ctx, const struct request *r,
                      void (*done)(void *ctx, const struct answer *a), void *done_ctx)
{
	struct serve *s = ctx;

	return dismissal_submit(&s->dismissal, s->writer, r, done, done_ctx);
}

static enum rc give(void *ctx, const struct request *r, struct answer *ret, size_t n)
{
	return giver_give(submit, ctx, r, ret, n);
}

bool serve_still(void *ctx, struct str token)
{
	struct serve *s = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct person_id who;
	bool stands = login_of(&op, s->fast, &s->sessions.terms, token, clock_now_ms(&s->clock),
	                       &who) == RC_OK;

	arena_release(&a);
	return stands;
}

enum rc serve_check(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return reader_submit(s->checker, job, job_ctx);
}

enum rc serve_verify(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return reader_submit(s->verifier, job, job_ctx);
}

static uint64_t size_of(void *ctx)
{
	return signing_size(((struct serve *)ctx)->signing);
}

/* On the server's thread. */
static void read_now(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	reader_run(s->near, size_of(s), job, job_ctx);
}

static void read_lately(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	reader_run(((struct serve *)ctx)->near, READER_AS_IT_IS, job, job_ctx);
}

/* Acts go first: while many wait, nothing is asked that may be asked later. */
static bool acts_wait(struct serve *s)
{
	return writer_thread_counts(s->writer).waiting > LIMIT_QUEUE / 2;
}

static enum rc read_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	if (reader_late(s->reader) || acts_wait(s))
		return RC_BUSY;
	return reader_submit(s->reader, job, job_ctx);
}

static enum rc print_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return acts_wait(s) ? RC_BUSY : reader_submit(s->printer, job, job_ctx);
}

static enum rc long_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	return reader_submit(((struct serve *)ctx)->clerk, job, job_ctx);
}

/* On the reader's thread. */
static enum rc again_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return reader_again(s->reader, job, job_ctx);
}

/* What consoles must hear is read all the same. */
enum rc serve_feed(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return reader_submit(s->reader, job, job_ctx);
}

enum rc serve_post(void *ctx, void (*job)(void *job_ctx, struct writer *w), void *job_ctx)
{
	struct serve *s = ctx;

	return writer_thread_post(s->writer, job, job_ctx);
}

static void metrics_net(const struct serve *s, struct strbuf *to)
{
	static const char *const WHY[SERVER_REFUSALS] = {"malformed", "large", "often", "full", "slow"};
	struct server_counts n = server_counts(s->server);

	strbuf_addf(to, "# TYPE gongyuan_http_requests_total counter\n"
	            "gongyuan_http_requests_total %llu\n"
	            "# TYPE gongyuan_http_failed_total counter\ngongyuan_http_failed_total %llu\n"
	            "# TYPE gongyuan_http_connections gauge\ngongyuan_http_connections %u\n"
	            "# TYPE gongyuan_http_refused_total counter\n",
	            (unsigned long long)n.requests, (unsigned long long)n.failed, n.connections);
	for (size_t i = 0; i < SERVER_REFUSALS; i++)
		strbuf_addf(to, "gongyuan_http_refused_total{why=\"%s\"} %llu\n", WHY[i],
		            (unsigned long long)n.refused[i]);
}

static void metrics(void *ctx, struct strbuf *to)
{
	struct serve *s = ctx;
	struct writer_thread_counts w = writer_thread_counts(s->writer);

	strbuf_addf(to, "# TYPE gongyuan_entries counter\ngongyuan_entries %llu\n",
	            (unsigned long long)size_of(s));
	strbuf_addf(to, "# TYPE gongyuan_acts_total counter\n"
	            "gongyuan_acts_total{answer=\"answered\"} %llu\n"
	            "gongyuan_acts_total{answer=\"refused_busy\"} %llu\n",
	            (unsigned long long)w.answered, (unsigned long long)w.refused);
	strbuf_addf(to, "# TYPE gongyuan_batches_total counter\ngongyuan_batches_total %llu\n"
	            "# TYPE gongyuan_acts_waiting gauge\ngongyuan_acts_waiting %zu\n",
	            (unsigned long long)w.batches, w.waiting);
	if (s->play && !s->directed)
		strbuf_addf(to, "# TYPE gongyuan_play_over gauge\ngongyuan_play_over %d\n",
		            serve_play_over(s->play));
	metrics_net(s, to);
	cosigners_metrics(s->cosigners, to);
}

static enum rc who(void *ctx, struct exchange *x, struct caller *ret, struct err *ret_why)
{
	struct serve *s = ctx;
	struct op op = {.arena = exchange_arena(x)};
	enum rc rc = session_of(&s->sessions, &op, x, ret);

	*ret_why = op.err;
	return rc;
}

static enum rc badge(void *ctx, struct exchange *x, struct person_id person, bool *ret)
{
	struct serve *s = ctx;
	struct op op = {.arena = exchange_arena(x)};

	return session_badge(&s->sessions, &op, x, person, ret);
}

void serve_host(struct serve *s)
{
	s->api = (struct api_host){
		.ctx = s, .modules = &s->c->office.modules, .origin = s->c->office.origin,
		.exam = s->c->office.exam, .random = &s->desk.random,
		.body_key = s->c->office.vault_key, .who = who, .badge = badge, .submit = submit,
		.person = people_find, .lookup = &s->lookup, .read = read_job, .again = again_job,
		.read_long = long_job, .print = print_job, .give = give,
		.read_now = read_now, .read_lately = read_lately, .size = size_of, .metrics = metrics};
}
