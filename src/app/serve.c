/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c -- `gongyuan serve`: the writer, the signer, a reader and the network, each on a thread
 * of its own, until SIGTERM or SIGINT; then what was taken is answered, and all is closed.
 */
#include "app/giver.h"
#include "app/serve.h"

#include <pthread.h>
#include <signal.h>

#include "app/cosigner.h"
#include "app/director.h"
#include "app/publisher.h"
#include "app/notify.h"
#include "app/dismissal.h"
#include "app/reader.h"
#include "app/serve_net.h"
#include "app/serve_play.h"
#include "app/serve_web.h"
#include "app/writer_thread.h"
#include "cli/out.h"
#include "domain/people/people.h"
#include "http/api.h"
#include "http/console.h"
#include "http/feed.h"
#include "http/integrity.h"
#include "http/link.h"
#include "http/openapi.h"
#include "http/page.h"
#include "http/route.h"
#include "http/session.h"
#include "http/stage.h"

enum { SIGN_MS = 250, DRAIN_MS = 5000, JOBS = 512, LONG_JOBS = 16, LOGINS = 64, BEAT_MS = 5000,
       SPEED_MOST = 36000 };

struct serve {
	struct cli *c;
	struct writer_thread *writer;
	struct db *read;         /* of the writer, while batches land beside it */
	struct reader *reader, *near; /* near: of the server's thread, for short questions */
	struct office desk;      /* of the server's thread: staff codes */
	struct op lookup;
	struct arena arena;
	struct clock clock;      /* the system's, in a drill too */
	struct random random;
	struct logins *fast, *slow;
	struct sessions sessions;
	struct reader *checker;  /* of passwords */
	struct reader *verifier; /* of the acts of terminals */
	struct reader *clerk;    /* spreadsheets in and out */
	struct logins *linked;   /* the verifier's */
	struct links links;
	struct dismissal dismissal;
	struct api_host api;
	struct feed *feed;
	struct publisher *publisher;
	struct cosigners *cosigners;
	struct err forked;       /* a witness holds what this ledger does not */
	struct pages pages;
	struct assets *assets;
	struct console console;
	struct router router;
	struct serve_play *play; /* NULL: no drill is played or directed */
	bool directed;           /* from outside */
	struct stage_host stage;
	int64_t speed;
	struct server_options net;
	struct server *server;
	pthread_t signer;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stops, signing;
	uint64_t size;           /* committed */
	struct signed_note note; /* the signer's own */
	enum rc signed_rc;
	struct err why;
};

/* The signer. */
static void keep(void *ctx, struct writer *w)
{
	struct serve *s = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};

	s->signed_rc = signer_keep(&op, &s->c->office.signer, &w->ledger, &s->note);
	s->why = op.err;
	arena_release(&a);
}

static enum rc sign_once(struct serve *s)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	enum rc rc = signer_read(&op, &s->c->office.signer, &s->note);

	s->why = op.err;
	if (rc == RC_OK && s->note.note.n) {
		rc = writer_thread_run(s->writer, keep, s);
		if (rc == RC_OK)
			rc = s->signed_rc;
		if (rc == RC_OK) {
			publisher_signed(s->publisher);
			cosigners_signed(s->cosigners);
		}
	}
	arena_release(&a);
	return rc;
}

/* Waits for the ledger to grow beyond what is signed, for `most_ms`; false: the server stops. */
static bool wait_growth(struct serve *s, uint64_t signed_size, int most_ms, uint64_t *ret_size)
{
	struct timespec t;
	int waited = 0;
	bool stops;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += most_ms % 1000 * 1000000L;
	t.tv_sec += most_ms / 1000 + t.tv_nsec / 1000000000L;
	t.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&s->lock);
	while (!s->stops && s->size == signed_size && !waited)
		waited = pthread_cond_timedwait(&s->wake, &s->lock, &t);
	stops = s->stops;
	*ret_size = s->size;
	pthread_mutex_unlock(&s->lock);
	return !stops;
}

/* A signature that fails (the disk is full, the database is away) is tried again; a ledger that
 * contradicts what was signed ends the server.  Consoles' counters and heart beats go by the same
 * clock: four times and a fifth of a time a second. */
static void *sign_on(void *ctx)
{
	struct serve *s = ctx;
	uint64_t signed_size = 0, size;
	int since_ms = 0, pause_ms = SIGN_MS;

	while (wait_growth(s, signed_size, pause_ms, &size)) {
		struct timespec t = {.tv_nsec = SIGN_MS * 1000000L};

		if (size == signed_size) {
			since_ms += pause_ms;
		} else {
			dismissal_look(&s->dismissal);
			if (sign_once(s) == RC_OK) {
				signed_size = size;
			} else if (s->why.rc == RC_BROKEN) {
				fprintf(stderr, "gongyuan: %s\n", s->why.zh);
				kill(getpid(), SIGTERM);
				return NULL;
			}
			nanosleep(&t, NULL);
			since_ms += SIGN_MS;
		}
		if (since_ms >= BEAT_MS) {
			feed_beat(s->feed);
			since_ms = 0;
		}
		pause_ms = feed_tick(s->feed) ? SIGN_MS : BEAT_MS - since_ms;
	}
	return NULL;
}

/* What the witnesses say. */
static void cosigned(void *ctx)
{
	publisher_signed(((struct serve *)ctx)->publisher);
}

/* On a witness's thread: the one thing that ends the service from outside, because it is shown
 * under our own key. */
static void forked(void *ctx, const struct err *why)
{
	struct serve *s = ctx;

	pthread_mutex_lock(&s->lock);
	s->forked = *why;
	pthread_mutex_unlock(&s->lock);
	kill(getpid(), SIGTERM);
}

static void committed(void *ctx, uint64_t size)
{
	struct serve *s = ctx;

	pthread_mutex_lock(&s->lock);
	s->size = size;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	feed_grown(s->feed);
}

/* What the API asks of the program. */
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

/* On the server's thread: does the login of a stream still stand? */
static bool still(void *ctx, struct str token)
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

static enum rc check_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return reader_submit(s->checker, job, job_ctx);
}

static enum rc verify_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return reader_submit(s->verifier, job, job_ctx);
}

/* Acts go first: while many wait, nothing is asked that may be asked later. */
static uint64_t size_of(void *ctx)
{
	struct serve *s = ctx;
	uint64_t size;

	pthread_mutex_lock(&s->lock);
	size = s->size;
	pthread_mutex_unlock(&s->lock);
	return size;
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

static enum rc read_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	if (reader_late(s->reader) || writer_thread_counts(s->writer).waiting > LIMIT_QUEUE / 2)
		return RC_BUSY;
	return reader_submit(s->reader, job, job_ctx);
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
static enum rc feed_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct serve *s = ctx;

	return reader_submit(s->reader, job, job_ctx);
}

static enum rc post(void *ctx, void (*job)(void *job_ctx, struct writer *w), void *job_ctx)
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

static void handle(void *ctx, struct exchange *x)
{
	struct serve *s = ctx;

	arena_reset(&s->arena);
	if (!stage_handle(&s->stage, x))
		route_handle(&s->router, x);
}

static size_t body_most(void *ctx, struct exchange *x)
{
	return route_body_most(&((struct serve *)ctx)->router, x);
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

/* Starting and stopping. */
static enum rc start_desk(struct serve *s)
{
	struct office_options how = cli_office_options(s->c);

	TRY(office_open(&s->c->op, &how, &s->desk));
	s->lookup = (struct op){.arena = &s->arena, .db = s->desk.store.view,
	                        .random = &s->desk.random};
	s->api = (struct api_host){
		.ctx = s, .modules = &s->c->office.modules, .origin = s->c->office.origin,
		.exam = s->c->office.exam, .random = &s->desk.random,
		.body_key = s->c->office.vault_key, .who = who, .badge = badge, .submit = submit,
		.person = people_find, .lookup = &s->lookup, .read = read_job, .again = again_job,
		.read_long = long_job, .give = give,
		.read_now = read_now, .read_lately = read_lately, .size = size_of, .metrics = metrics};
	return RC_OK;
}

/* Only the folder of a drill gets here (serve_play_open). */
static enum rc start_stage(struct serve *s)
{
	s->stage = (struct stage_host){.api = &s->api, .ctx = s, .post = post, .grown = committed};
	if (!s->directed)
		return RC_OK;
	return director_token(&s->c->op, s->c->office.dir, &s->random, &s->stage.token);
}

static enum rc start_logins(struct serve *s)
{
	struct cli *c = s->c;
	const struct profile *p = &c->office.profile;
	struct str path = str_fmt(&c->arena, "%s/logins.db", c->office.dir.s);

	s->clock = c->host->clock();
	s->random = c->host->random();
	c->op.random = &s->random;
	TRY(logins_open(&c->op, path, &s->fast));
	TRY(logins_open(&c->op, path, &s->slow));
	TRY(logins_open(&c->op, path, &s->linked));
	s->links = (struct links){&s->api, s->linked, &s->clock, &s->random,
	                          profile_setting(p, "login.idle_s", PROFILE_NO_LIMIT), verify_job, s};
	s->sessions = (struct sessions){
		.fast = s->fast, .slow = s->slow, .clock = &s->clock, .random = &s->random,
		.person = people_find, .check = check_job, .ctx = s, .origin = c->office.origin,
		.utc_offset_min = p->utc_offset_min,
		.terms = {profile_setting(p, "login.idle_s", PROFILE_NO_LIMIT),
		          profile_setting(p, "login.most_s", PROFILE_NO_LIMIT),
		          profile_setting(p, "login.tries", PROFILE_NO_LIMIT),
		          profile_setting(p, "login.wait_s", 0)}};
	return RC_OK;
}

static enum rc start_console(struct serve *s)
{
	struct cli *c = s->c;

	TRY(assets_open(&c->op, serve_web_folder(c), &s->assets));
	s->pages = (struct pages){&s->api, &s->sessions, c->office.drill, c->office.profile.zh,
	                          c->office.profile.en, s->assets != NULL};
	s->console = (struct console){.api = &s->api, .assets = s->assets, .drill = c->office.drill,
	                              .name_zh = c->office.profile.zh,
	                              .name_en = c->office.profile.en,
	                              .known = c->office.known};
	console_init(&c->arena, &s->console);
	return RC_OK;
}

static enum rc start_threads(struct serve *s)
{
	struct cli *c = s->c;
	struct office_options how = cli_office_options(c);
	struct writer_thread_options w = {.writer = &c->office.writer, .committed = committed,
	                                  .ctx = s};
	struct server_options *net = &s->net;

	s->size = c->office.writer.ledger.tree.size;
	if (!c->office.store.one)
		TRY(store_reader(&c->op, &c->office.store, &s->read));
	w.read = s->read;
	TRY(start_desk(s));
	TRY(start_logins(s));
	TRY(start_stage(s));
	TRY(start_console(s));
	TRY(reader_open(&c->op, &how, &s->near));
	TRY(reader_start(&c->op, &how, JOBS, &s->reader));
	TRY(reader_start(&c->op, &how, LOGINS, &s->checker));
	TRY(reader_start(&c->op, &how, JOBS, &s->verifier));
	TRY(reader_start(&c->op, &how, LONG_JOBS, &s->clerk));
	s->dismissal = (struct dismissal){s->verifier, s->linked, &s->clock};
	dismissal_look(&s->dismissal);
	TRY(publisher_start(&c->op, &(struct publisher_options){how, &s->api, &c->office.vkey},
	                    &s->publisher));
	s->feed = feed_new(&(struct feed_options){.api = &s->api, .still = still, .clock = &s->clock,
	                                         .read = feed_job, .ctx = s});
	s->router = (struct router){.api = &s->api, .sessions = &s->sessions, .feed = s->feed,
	                            .tiles = publisher_tiles(s->publisher), .links = &s->links,
	                            .pages = &s->pages, .console = &s->console,
	                            .integrity = integrity_new()};
	s->router.openapi = json_canonical(&c->arena,
	                                   openapi_document(&c->arena, &c->office.modules));
	TRY(writer_thread_start(&c->op, &w, &s->writer));
	TRY(cosigners_start(&c->op, &(struct cosigners_options){how, c->office.dir, &c->office.vkey,
	                                                        s->writer, cosigned, forked, s},
	                    &s->cosigners));
	if (pthread_create(&s->signer, NULL, sign_on, s) != 0)
		return fail(&c->op, RC_BUSY, "", "", "系统不给线程", "the system gives no thread");
	s->signing = true;
	*net = (struct server_options){.handle = handle, .body_most = body_most, .ctx = s};
	TRY(serve_net_options(c, net));
	TRY(server_start(&c->op, net, &s->server));
	feed_serve(s->feed, s->server);
	if (s->play && !s->directed)
		TRY(serve_play_start(&c->op, s->play,
		                     &(struct serve_play_options){s->writer, s->speed, committed, s}));
	return RC_OK;
}

/* The network first, so that nothing new comes; then all that was taken is answered. */
static enum rc stop(struct serve *s)
{
	enum rc rc = RC_OK;

	serve_play_stop(s->play);
	if (s->feed) {
		feed_close(s->feed);
		feed_serve(s->feed, NULL);
	}
	server_stop(s->server, DRAIN_MS);
	reader_stop(s->reader);
	reader_stop(s->near);
	reader_stop(s->checker);
	logins_close(s->fast);
	logins_close(s->slow);
	pthread_mutex_lock(&s->lock);
	s->stops = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	if (s->signing)
		pthread_join(s->signer, NULL);
	reader_stop(s->verifier);
	reader_stop(s->clerk);
	logins_close(s->linked);
	cosigners_stop(s->cosigners);
	if (s->writer)
		rc = writer_thread_stop(s->writer);
	publisher_stop(s->publisher);
	feed_free(s->feed);
	assets_free(s->assets);
	integrity_free(s->router.integrity);
	if (s->read)
		db_close(s->read);
	office_release(&s->desk);
	arena_release(&s->arena);
	return rc;
}

static void tell(struct serve *s)
{
	struct cli *c = s->c;

	c->result = json_new_object(&c->arena);
	json_set_int(&c->arena, c->result, "port", server_port(s->server));
	cli_note(c, "正在 %s 服务（Ctrl-C 停止）", "serving at %s (Ctrl-C stops it)",
	         serve_net_url(c, &s->net, server_port(s->server)).s);
}

enum rc serve_verb(struct cli *c)
{
	struct serve *s = ARENA_NEW(&c->arena, struct serve);
	struct str note;
	sigset_t ends;
	enum rc rc;
	int got;

	*s = (struct serve){.c = c};
	TRY(cli_int(c, "speed", 60, &s->speed));
	if (s->speed < 1 || s->speed > SPEED_MOST)
		return fail(&c->op, RC_INVALID, "speed", "", "--speed 为 1 至 %d", "--speed is 1 to %d",
		            SPEED_MOST);
	s->directed = cli_has(c, "direct");
	if (s->directed && cli_has(c, "play"))
		return fail(&c->op, RC_INVALID, "direct", "", "--direct 与 --play 只能用一个",
		            "--direct or --play, not both");
	if (s->directed || cli_has(c, "play"))
		TRY(serve_play_open(c, cli_value(c, s->directed ? "direct" : "play"), &s->play));
	else
		TRY(cli_open(c, true));
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN); /* a client that is gone is an error of its own connection */
	rc = start_threads(s);
	if (rc == RC_OK) {
		tell(s);
		notify_manager("READY=1");
		while (sigwait(&ends, &got) != 0)
			;
	}
	notify_manager("STOPPING=1");
	if (stop(s) != RC_OK && rc == RC_OK) {
		c->op.err = c->office.writer.broken;
		rc = RC_BROKEN;
	}
	if (rc == RC_OK && s->forked.rc != RC_OK) {
		c->op.err = s->forked;
		rc = RC_BROKEN;
	}
	if (rc == RC_OK)
		rc = c->host->sign(&c->op, &c->office, &note);
	return rc;
}

const struct cli_flag serve_flags[SERVE_NFLAGS] = {
	{"listen", "A:P", "监听地址（默认 127.0.0.1:8080）", "where to listen (default 127.0.0.1:8080)",
	 false},
	{"tls", NULL, "本机也用 TLS（对外总是 TLS）", "TLS on loopback too (elsewhere always)", false},
	{"rate", "N", "每个地址每秒的请求数，0 不限（默认 2000，本机不限）",
	 "requests of one address a second, 0 for any (default 2000, on loopback any)", false},
	{"per-address", "N", "每个地址同时的连接数，0 不限（默认 6000，本机不限）",
	 "connections of one address, 0 for any (default 6000, on loopback any)", false},
	{"web", "DIR", "网页文件所在文件夹（默认随程序安装的）", "folder of the web pages (default: the program's)",
	 false},
	{"play", "FILE", "演练：让一座城市按此方案过考试日", "a drill: a city lives through this scenario's day",
	 false},
	{"direct", "FILE", "演练：由 gongyuan drill run FILE --http 从外面导演",
	 "a drill: gongyuan drill run FILE --http directs it from outside", false},
	{"speed", "N", "演练快于时钟的倍数（默认 60）", "how many times faster than a clock (default 60)",
	 false},
};
