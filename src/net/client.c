/* SPDX-License-Identifier: Apache-2.0 */
/* client.c -- libcurl's easy interface behind client.h; a handle for each question. */
#include "net/client.h"

#include <curl/curl.h>

#include "base/limits.h"

struct http_session {
	CURL *handle;
};

struct http_session *http_session_new(void)
{
	struct http_session *s = calloc(1, sizeof(*s));

	if (s)
		s->handle = curl_easy_init();
	if (!s || !s->handle)
		abort(); /* as arena_alloc */
	return s;
}

void http_session_free(struct http_session *s)
{
	if (!s)
		return;
	curl_easy_cleanup(s->handle);
	free(s);
}

struct taking {
	struct strbuf body;
	size_t max;
};

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	struct taking *t = ctx;

	if (size * n > t->max - t->body.n)
		return 0; /* ends the transfer: CURLE_WRITE_ERROR */
	strbuf_add(&t->body, p, size * n);
	return size * n;
}

static int on_progress(void *stops, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)a, (void)b, (void)c, (void)d;
	return atomic_load((const atomic_bool *)stops);
}

static enum rc set_question(struct op *op, CURL *h, const struct http_question *q,
                            struct taking *t)
{
	long ms = q->deadline_ms ? q->deadline_ms : LIMIT_ASK_MS;
	struct str url = str_copy(op->arena, q->url);
	CURLcode e = curl_easy_setopt(h, CURLOPT_URL, url.s);

	if (q->patient) {
		e |= curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
		e |= curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, (ms + 999) / 1000);
		ms += (long)(q->max / LIMIT_SLOW_BYTES) * 1000;
	}
	e |= curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	e |= curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	e |= curl_easy_setopt(h, CURLOPT_PROXY, "");
	e |= curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L); /* deadlines without signals: threads */
	e |= curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, ms);
	e |= curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, ms < LIMIT_CONNECT_MS ? ms
	                                                                          : LIMIT_CONNECT_MS);
	e |= curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	e |= curl_easy_setopt(h, CURLOPT_WRITEDATA, t);
	e |= curl_easy_setopt(h, CURLOPT_USERAGENT, "gongyuan");
	if (q->stops) {
		e |= curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
		e |= curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
		e |= curl_easy_setopt(h, CURLOPT_XFERINFODATA, (void *)(uintptr_t)q->stops);
	}
	if (q->cacert.n)
		e |= curl_easy_setopt(h, CURLOPT_CAINFO, str_copy(op->arena, q->cacert).s);
	if (q->post) {
		e |= curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n);
		e |= curl_easy_setopt(h, CURLOPT_POSTFIELDS, q->body.n ? q->body.s : "");
	}
	return e == CURLE_OK ? RC_OK
	                     : fail(op, RC_BROKEN, "url", "", "网络请求不能建立",
	                            "the request cannot be set up");
}

static enum rc failed(struct op *op, CURLcode e, struct str url)
{
	const char *why = curl_easy_strerror(e);

	if (e == CURLE_WRITE_ERROR)
		return fail(op, RC_INVALID, "url", "", STR_FMT " 的应答过长",
		            "the answer of " STR_FMT " is too long", STR_ARG(url));
	if (e == CURLE_URL_MALFORMAT || e == CURLE_UNSUPPORTED_PROTOCOL ||
	    e == CURLE_WEIRD_SERVER_REPLY)
		return fail(op, RC_INVALID, "url", "", STR_FMT " 不是可用的网址：%s",
		            STR_FMT " is no address to ask: %s", STR_ARG(url), why);
	return fail(op, RC_BUSY, "url", "", "联系不上 " STR_FMT "：%s，请稍后重试",
	            STR_FMT " cannot be reached: %s; try again later", STR_ARG(url), why);
}

static struct curl_slist *head_of(struct op *op, const struct http_question *q)
{
	struct curl_slist *head = NULL;

	/* Without these curl waits a second for "100 Continue", and says that text is a form. */
	if (q->post) {
		head = curl_slist_append(head, "Expect:");
		head = curl_slist_append(
			head, str_fmt(op->arena, "Content-Type: %s",
			              q->type.n ? q->type.s : "text/plain; charset=utf-8").s);
	}
	if (q->bearer.n)
		head = curl_slist_append(head, str_fmt(op->arena, "Authorization: Bearer " STR_FMT,
		                                       STR_ARG(q->bearer)).s);
	return head;
}

static CURL *handle_of(const struct http_question *q)
{
	CURL *h = q->session ? q->session->handle : curl_easy_init();

	if (!h)
		abort(); /* as arena_alloc */
	if (q->session)
		curl_easy_reset(h); /* the connection stays */
	return h;
}

enum rc http_ask(struct op *op, const struct http_question *q, struct http_answer *ret)
{
	struct taking t = {.max = q->max};
	struct curl_slist *head = head_of(op, q);
	CURL *h = handle_of(q);
	const char *type = NULL;
	CURLcode e = CURLE_OK;
	long status = 0;
	enum rc rc;

	strbuf_init(&t.body, op->arena);
	rc = set_question(op, h, q, &t);
	if (rc == RC_OK && head)
		e = curl_easy_setopt(h, CURLOPT_HTTPHEADER, head);
	if (rc == RC_OK && e == CURLE_OK)
		e = curl_easy_perform(h);
	if (rc == RC_OK && e == CURLE_OK) {
		curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &type);
		*ret = (struct http_answer){(int)status, str_dup(op->arena, type ? type : "",
		                                                 type ? strlen(type) : 0),
		                            strbuf_str(&t.body)};
	}
	curl_slist_free_all(head);
	if (!q->session)
		curl_easy_cleanup(h);
	TRY(rc);
	return e == CURLE_OK ? RC_OK : failed(op, e, q->url);
}
