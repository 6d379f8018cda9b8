/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c -- `gongyuan serve`: the writer, the signer, a reader and the network, each on a thread
 * of its own, until SIGTERM or SIGINT; then what was taken is answered, and all is closed.
 */
#include "app/serve.h"

#include <signal.h>

#include "app/director.h"
#include "app/notify.h"
#include "app/serve_net.h"
#include "app/serve_private.h"
#include "app/serve_web.h"
#include "base/limits.h"
#include "cli/out.h"
#include "domain/people/people.h"
#include "http/integrity.h"
#include "http/openapi.h"

enum { DRAIN_MS = 5000, JOBS = 512, LONG_JOBS = 16, LOGINS = 64, SPEED_MOST = 36000 };

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

	signing_grown(s->signing, size);
	feed_grown(s->feed);
}

/* Requests that are read together are answered of one moment, of a millisecond at most: so a login
 * that another process ends counts within that. */
enum { MOMENT_US = 1000 };

static void rests(void *ctx)
{
	struct serve *s = ctx;

	reader_let_go(s->near);
	logins_let_go(s->fast);
	s->moment_us = 0;
}

static void begin_moment(struct serve *s)
{
	struct timespec t;
	int64_t now;

	clock_gettime(CLOCK_MONOTONIC, &t);
	now = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
	if (now - s->moment_us < MOMENT_US)
		return;
	rests(s);
	s->moment_us = now;
}

static void handle(void *ctx, struct exchange *x)
{
	struct serve *s = ctx;

	arena_reset(&s->arena);
	begin_moment(s);
	route_handle(&s->router, x);
}

static size_t body_most(void *ctx, struct exchange *x)
{
	return route_body_most(&((struct serve *)ctx)->router, x);
}

/* Starting and stopping. */
static enum rc start_desk(struct serve *s)
{
	struct office_options how = cli_office_options(s->c);

	TRY(office_open(&s->c->op, &how, &s->desk));
	s->lookup = (struct op){.arena = &s->arena, .db = s->desk.store.view,
	                        .random = &s->desk.random};
	serve_host(s);
	return RC_OK;
}

/* Only the folder of a drill gets here (serve_play_open). */
static enum rc start_stage(struct serve *s)
{
	s->stage = (struct stage_host){.api = &s->api, .ctx = s, .post = serve_post,
	                               .grown = committed};
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
	                          profile_setting(p, "login.idle_s", PROFILE_NO_LIMIT),
	                          serve_verify, s};
	s->sessions = (struct sessions){
		.fast = s->fast, .slow = s->slow, .clock = &s->clock, .random = &s->random,
		.person = people_find, .check = serve_check, .ctx = s, .origin = c->office.origin,
		.night = {p->utc_offset_min, profile_setting(p, "login.night_s", 0)},
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
	                              .known = c->office.known, .strangers = &s->strangers};
	console_init(&c->arena, &s->console);
	return RC_OK;
}

static enum rc start_readers(struct serve *s)
{
	struct cli *c = s->c;
	struct office_options how = cli_office_options(c);

	how.like = &c->office.writer; /* nothing is written yet */
	TRY(reader_open(&c->op, &how, &s->near));
	reader_share_moment(s->near);
	logins_share_moment(s->fast);
	TRY(reader_start(&c->op, &how, JOBS, &s->reader));
	TRY(reader_start(&c->op, &how, LOGINS, &s->checker));
	TRY(reader_start(&c->op, &how, JOBS, &s->verifier));
	TRY(reader_start(&c->op, &how, LONG_JOBS, &s->clerk));
	TRY(reader_start(&c->op, &how, LIMIT_FORMS, &s->printer));
	s->dismissal = (struct dismissal){s->verifier, s->linked, &s->clock};
	dismissal_look(&s->dismissal);
	return publisher_start(&c->op, &(struct publisher_options){how, &s->api, &c->office.vkey},
	                       &s->publisher);
}

static void start_routes(struct serve *s)
{
	struct cli *c = s->c;

	s->feed = feed_new(&(struct feed_options){.api = &s->api, .still = serve_still,
	                                         .clock = &s->clock, .read = serve_feed, .ctx = s});
	s->router = (struct router){.api = &s->api, .sessions = &s->sessions, .feed = s->feed,
	                            .tiles = publisher_tiles(s->publisher), .links = &s->links,
	                            .pages = &s->pages, .console = &s->console,
	                            .integrity = integrity_new(), .stage = &s->stage};
	s->router.openapi = json_canonical(&c->arena,
	                                   openapi_document(&c->arena, &c->office.modules));
}

static enum rc start_writing(struct serve *s)
{
	struct cli *c = s->c;
	struct writer_thread_options w = {.writer = &c->office.writer, .read = s->read,
	                                  .committed = committed, .ctx = s};

	TRY(writer_thread_start(&c->op, &w, &s->writer));
	TRY(cosigners_start(&c->op,
	                    &(struct cosigners_options){cli_office_options(c), c->office.dir,
	                                                &c->office.vkey, s->writer, cosigned, forked,
	                                                s},
	                    &s->cosigners));
	return signing_start(&c->op, s->signing,
	                     &(struct signing_options){&c->office.signer, s->writer, &s->dismissal,
	                                               s->publisher, s->cosigners, s->feed});
}

static enum rc start_net(struct serve *s)
{
	struct cli *c = s->c;
	struct server_options *net = &s->net;

	*net = (struct server_options){.handle = handle, .body_most = body_most, .rests = rests,
	                               .ctx = s};
	TRY(serve_net_options(c, net));
	TRY(server_start(&c->op, net, &s->server));
	feed_serve(s->feed, s->server);
	return RC_OK;
}

static enum rc start_threads(struct serve *s)
{
	struct cli *c = s->c;

	s->signing = signing_new(c->office.writer.ledger.tree.size);
	if (!c->office.store.one)
		TRY(store_reader(&c->op, &c->office.store, &s->read));
	TRY(start_desk(s));
	TRY(start_logins(s));
	TRY(start_stage(s));
	TRY(start_console(s));
	TRY(start_readers(s));
	start_routes(s);
	TRY(start_writing(s));
	TRY(start_net(s));
	if (s->play && !s->directed)
		TRY(serve_play_start(&c->op, s->play,
		                     &(struct serve_play_options){s->writer, s->speed, s->fast_until_ms,
		                                                  committed, s}));
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
	signing_stop(s->signing);
	reader_stop(s->verifier);
	reader_stop(s->clerk);
	reader_stop(s->printer);
	logins_close(s->linked);
	cosigners_stop(s->cosigners);
	if (s->writer)
		rc = writer_thread_stop(s->writer);
	publisher_stop(s->publisher);
	feed_free(s->feed);
	assets_free(s->assets);
	integrity_free(s->router.integrity);
	signing_free(s->signing);
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

/* Until a signal ends it. */
static enum rc run(struct serve *s)
{
	sigset_t ends;
	enum rc rc;
	int got;

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
	return rc;
}

enum rc serve_verb(struct cli *c)
{
	struct serve *s = ARENA_NEW(&c->arena, struct serve);
	struct str note;
	enum rc rc;

	*s = (struct serve){.c = c};
	TRY(cli_int(c, "speed", 60, &s->speed));
	if (s->speed < 1 || s->speed > SPEED_MOST)
		return fail(&c->op, RC_INVALID, "speed", "", "--speed 为 1 至 %d", "--speed is 1 to %d",
		            SPEED_MOST);
	TRY(cli_time(c, "until", INT64_MAX, &s->fast_until_ms));
	s->directed = cli_has(c, "direct");
	if (s->directed && cli_has(c, "play"))
		return fail(&c->op, RC_INVALID, "direct", "", "--direct 与 --play 只能用一个",
		            "--direct or --play, not both");
	if (s->directed || cli_has(c, "play"))
		TRY(serve_play_open(c, cli_value(c, s->directed ? "direct" : "play"), &s->play));
	else
		TRY(cli_open(c, true));
	pthread_mutex_init(&s->lock, NULL);
	rc = run(s);
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
	{"until", "T", "演练：快到此时刻，之后与钟同步", "a drill: so fast up to T, then by the clock", false},
};
