/* SPDX-License-Identifier: Apache-2.0 */
/* source_http.c -- a server, ours or any that serves the files of an export.
 *
 * Which files there must be follows from the checkpoint that it shows first; they are asked for one
 * by one as the audit needs them, and all is judged as of that checkpoint, however the ledger grows
 * meanwhile.  A narrower tile that a server has dropped is the beginning of the whole one.
 *
 * Nothing that it answers is trusted: an answer has a size and a deadline (while it comes, as long
 * as that size takes over a slow link), the whole audit has one, redirects are not followed.  An
 * answer that is there and wrong is a finding.  When there is none (it went away, it is busy, the
 * login has ended) no finding says so: the audit ends without a verdict, and asks nothing twice.
 */
#include "audit/source_kinds.h"

#include "base/clock.h"
#include "ledger/checkpoint.h"
#include "net/client.h"

#define MISSING_MAX 8 /* bundles of which nothing is there, one after the other: so is the rest */

struct source_http {
	struct str base;              /* without a slash at its end */
	struct str token, cacert;
	struct http_session *session;
	int ask_ms;
	struct clock clock;
	int64_t until_ms;
	struct str note;              /* the checkpoint; all is as of it */
	uint64_t size;
	uint64_t bundle;              /* the next to be asked for: each is once */
	int missing;
	struct err failed;            /* rc RC_OK: not */
};

/* Printable, so that it stays one line of a request. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] <= ' ' || s.s[i] >= 0x7f)
			return false;
	return true;
}

/* Only this machine may be told a token without encryption. */
static bool is_loopback(struct str url)
{
	static const char *const HERE[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};

	for (size_t i = 0; i < COUNT(HERE); i++) {
		struct str here = str_of(HERE[i]);

		if (str_starts(url, here) &&
		    (url.n == here.n || url.s[here.n] == ':' || url.s[here.n] == '/'))
			return true;
	}
	return false;
}

static enum rc check_where(struct op *op, const struct source_where *w)
{
	struct str at = w->path;

	if (!is_plain(at) || memchr(at.s, '?', at.n) || memchr(at.s, '#', at.n) ||
	    memchr(at.s, '@', at.n))
		return fail(op, RC_INVALID, "source", "",
		            "网址只写 https://主机[:端口][/路径]，登录凭证用 --token-file",
		            "an address is https://HOST[:PORT][/PATH]; credentials come by --token-file");
	if (w->token.n > LIMIT_TOKEN || !is_plain(w->token))
		return fail(op, RC_INVALID, "token", "", "登录凭证格式不对", "that is no login's token");
	if (w->token.n > 0 && !str_starts(at, STR("https://")) && !is_loopback(at))
		return fail(op, RC_INVALID, "token", "",
		            "登录凭证只经 https:// 发送（本机除外），此地址不是",
		            "a token is sent over https:// alone (but for this machine), and this is not");
	return RC_OK;
}

/* What a status that is no 200 means to us. */
static enum rc refused(struct op *op, int status, struct str url)
{
	switch (status) {
	case 404: case 410:
		return fail(op, RC_NOT_FOUND, "source", "", "没有 %s", "there is no %s", url.s);
	case 401: case 403:
		return fail(op, RC_DENIED, "source", "",
		            "服务器不给看 %s（%d）：需要审计管理员或台账查阅员的登录凭证（--token-file）",
		            "the server does not show %s (%d): it takes the token of an audit "
		            "administrator or a reader of the ledger (--token-file)", url.s, status);
	case 408: case 429: case 500: case 502: case 503: case 504:
		return fail(op, RC_BUSY, "source", "", "服务器暂时不能提供 %s（%d），请稍后再核验",
		            "the server cannot show %s now (%d): audit again later", url.s, status);
	default:
		return fail(op, RC_INVALID, "source", "", "%s 的应答不是内容（%d）",
		            "the answer to %s is not its content (%d)", url.s, status);
	}
}

static enum rc ask(struct op *op, const struct source_http *h, struct str name, size_t max,
                   struct str *ret)
{
	struct http_question q = {.url = str_fmt(op->arena, "%s/%s", h->base.s, name.s), .max = max,
	                          .bearer = h->token, .cacert = h->cacert, .session = h->session,
	                          .deadline_ms = h->ask_ms, .patient = true};
	struct http_answer got;

	if (clock_now_ms(&h->clock) > h->until_ms)
		return fail(op, RC_BUSY, "source", "", "核验超过 %d 小时仍未完成",
		            "the audit was not done after %d hours", LIMIT_FETCH_S / 3600);
	TRY(http_ask(op, &q, &got));
	if (got.status != 200)
		return refused(op, got.status, q.url);
	*ret = got.body;
	return RC_OK;
}

/* After a failure that no finding can tell, nothing is asked any more. */
static enum rc fetch(struct op *op, struct source_http *h, struct str name, size_t max,
                     struct str *ret)
{
	enum rc rc = h->failed.rc;

	if (rc != RC_OK) {
		op->err = h->failed;
		return rc;
	}
	rc = ask(op, h, name, max, ret);
	if (rc == RC_BUSY || rc == RC_DENIED)
		h->failed = op->err;
	return rc;
}

enum rc source_http_failed(struct op *op, const struct source *s)
{
	op->err = s->http->failed;
	return s->http->failed.rc;
}

enum rc source_http_file(struct op *op, const struct source *s, struct str name, size_t max,
                         struct str *ret)
{
	return fetch(op, s->http, name, max, ret);
}

/* The size only, to know what to ask for; signatures are checked with the rest. */
static enum rc read_checkpoint(struct op *op, struct source_http *h)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct checkpoint c;
	enum rc rc = ask(op, h, STR("checkpoint"), LIMIT_NOTE_BYTES, &h->note);

	if (rc == RC_NOT_FOUND || rc == RC_INVALID || (rc == RC_OK &&
	    (note_parse(op, h->note, n) != RC_OK || checkpoint_parse(op, n->text, &c) != RC_OK ||
	     c.size > (uint64_t)LIMIT_INT)))
		return fail(op, RC_INVALID, "source", "", "%s 没有提供台账的存证点（checkpoint）",
		            "%s shows no ledger's checkpoint", h->base.s);
	TRY(rc);
	h->size = c.size;
	return RC_OK;
}

enum rc source_http_open(struct op *keep, const struct source_where *where, struct source *s)
{
	struct source_http *h = ARENA_NEW(keep->arena, struct source_http);
	struct str base = where->path;

	TRY(check_where(keep, where));
	while (base.n > 0 && base.s[base.n - 1] == '/')
		base.n--;
	*h = (struct source_http){.base = str_copy(keep->arena, base),
	                          .token = str_copy(keep->arena, where->token),
	                          .cacert = str_copy(keep->arena, where->cacert),
	                          .ask_ms = where->ask_ms,
	                          .clock = clock_system(), .session = http_session_new()};
	h->until_ms = clock_now_ms(&h->clock) + LIMIT_FETCH_S * INT64_C(1000);
	s->http = h;
	return read_checkpoint(keep, h);
}

void source_http_release(struct source *s)
{
	if (s->http)
		http_session_free(s->http->session);
	s->http = NULL;
}

enum rc source_http_note_next(struct op *op, struct source *s, struct source_note *ret)
{
	if (s->notes_done)
		return fail(op, RC_NOT_FOUND, "", "", "没有更多存证点", "no more checkpoints");
	s->notes_done = true;
	*ret = (struct source_note){.size = NO_INDEX, .bytes = s->http->note};
	return RC_OK;
}

/* The first `width` entries of a bundle. */
static struct str bundle_cut(struct str bytes, int width)
{
	const unsigned char *p = (const unsigned char *)bytes.s;
	size_t at = 0;

	for (int i = 0; i < width && bytes.n - at >= 2; i++) {
		size_t len = 2 + ((size_t)p[at] << 8 | p[at + 1]);

		if (len > bytes.n - at)
			break;
		at += len;
	}
	return (struct str){bytes.s, at};
}

/* A tile or a bundle; when the incomplete one is not there (any more), the beginning of the whole
 * one. */
static enum rc get(struct op *op, struct source_http *h, const struct source_file *f,
                   struct str *ret)
{
	size_t one = f->level < 0 ? LIMIT_ENTRY + 2 : sizeof(struct hash);
	size_t want = (size_t)f->width * one;
	enum rc rc = fetch(op, h, tile_path(op->arena, f->level, f->n, f->width), want, ret);

	if (rc != RC_NOT_FOUND || f->width == TILE_WIDTH)
		return rc;
	TRY(fetch(op, h, tile_path(op->arena, f->level, f->n, TILE_WIDTH), TILE_WIDTH * one, ret));
	if (f->level < 0)
		*ret = bundle_cut(*ret, f->width);
	else if (ret->n > want)
		ret->n = want;
	return RC_OK;
}

static int width_in(uint64_t size, uint64_t n)
{
	uint64_t full = tile_full_count(size, 0);

	return n < full ? TILE_WIDTH : n == full ? tile_partial_width(size, 0) : 0;
}

enum rc source_http_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                         size_t *ret_n)
{
	struct source_http *h = s->http;
	size_t n = 0;

	if (h->bundle < (uint64_t)from / TILE_WIDTH)
		h->bundle = (uint64_t)from / TILE_WIDTH;
	while (n == 0 && h->missing < MISSING_MAX) {
		uint64_t i = h->bundle++;
		struct source_file f = {.level = -1, .n = i, .width = width_in(h->size, i)};
		struct str bytes;
		size_t got, skip = 0;
		enum rc rc;

		if (f.width == 0)
			break;
		rc = get(op, h, &f, &bytes);
		if (rc == RC_BUSY || rc == RC_DENIED)
			return rc;
		h->missing++;
		if (rc == RC_INVALID)
			report_add(s->report, FINDING_TILE, (int64_t)(i * TILE_WIDTH),
			           "记录分片第 %llu 片无法读取：%s%.0s", "bundle %llu cannot be read: %.0s%s",
			           (unsigned long long)i, op->err.zh, op->err.en);
		if (rc != RC_OK)
			continue; /* the gap is reported when the next entries are there, or at the end */
		got = source_bundle_split(s, &f, bytes, ret);
		while (skip < got && ret[skip].index < from)
			skip++;
		n = got - skip;
		h->missing = n > 0 ? 0 : h->missing;
		memmove(ret, ret + skip, n * sizeof(*ret));
	}
	*ret_n = n;
	return RC_OK;
}

void source_http_tile(struct op *op, struct source *s, int level, uint64_t n, const struct hash *h,
                      int width)
{
	struct source_file f = {.level = level, .n = n, .width = width};
	struct str stored;
	enum rc rc = get(op, s->http, &f, &stored);

	if (rc == RC_BUSY || rc == RC_DENIED)
		return; /* source_failed says so */
	if (rc == RC_OK)
		source_tile_compare(s, level, n, h, width, stored);
	else
		report_add(s->report, FINDING_TILE, (int64_t)(n * TILE_WIDTH << (8 * level)),
		           "缺少校验分片（第 %d 层第 %llu 片，宽 %d）：%s%.0s",
		           "a tile is missing (level %d, number %llu, width %d): %.0s%s", level,
		           (unsigned long long)n, width, op->err.zh, op->err.en);
}

void source_http_extra(struct source *s)
{
	report_unchecked(s->report, FINDING_TILE, "经网络核验看不到服务器上多出的文件",
	                 "over a network nobody sees what files a server has too many");
}
