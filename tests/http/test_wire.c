/* SPDX-License-Identifier: Apache-2.0 */
/* test_wire.c -- requests that two readers read differently are refused, once, and the connection
 * is closed: what follows them is never read as a request.
 */
#include "kit/check.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "http/raw.h"
#include "kit/vectors.h"
#include "net/address.h"
#include "net/refusal.h"

static struct raw R;

static int setup(void **state)
{
	(void)state;
	raw_start(&R, (struct server_options){.idle_s = 60});
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	raw_stop(&R);
	return 0;
}

#define HOST "Host: h\r\n"
#define AFTER "GET /after HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"

struct sample {
	const char *name, *request;
	int status;     /* 0: closed without a word */
	bool goes_on;   /* the next request on this connection is read */
	size_t n;       /* when it holds NUL; 0: strlen */
};
#define BYTES(lit) .request = lit, .n = sizeof(lit) - 1

static const struct sample SAMPLES[] = {
	/* good */
	{"plain", "GET / HTTP/1.1\r\n" HOST "\r\n", 200, true},
	{"no blank after the colon", "GET / HTTP/1.1\r\nHost:h\r\n\r\n", 200, true},
	{"blanks around a value", "GET / HTTP/1.1\r\nHost: \t h \r\nX: \t\r\n\r\n", 200, true},
	{"an empty value", "GET / HTTP/1.1\r\n" HOST "X:\r\nY:\r\n\r\n", 200, true},
	{"values in UTF-8", "GET / HTTP/1.1\r\n" HOST "X: 贡院\r\n\r\n", 200, true},
	{"empty lines before", "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 200, true},
	{"a query", "GET /a%20b?x=%2F&y=1+2&z HTTP/1.1\r\n" HOST "\r\n", 200, true},
	{"a body", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", 200, true},
	{"an empty body", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 200, true},
	{"a length with zeros", "POST / HTTP/1.1\r\n" HOST "Content-Length: 005\r\n\r\nhello", 200,
	 true},
	{"any case", "GET / HTTP/1.1\r\nhOST: h\r\ncontent-LENGTH: 0\r\n\r\n", 200, true},
	{"IPv6", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200, true},
	{"identity", "POST / HTTP/1.1\r\n" HOST "Content-Encoding: identity\r\n"
	 "Content-Length: 2\r\n\r\nhi", 200, true},
	{"expects to go on", "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
	 "Content-Length: 2\r\n\r\nhi", 200, true},
	{"its own last", "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 200, false},
	{"another protocol", "GET / HTTP/1.1\r\n" HOST "Connection: Upgrade, HTTP2-Settings\r\n"
	 "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", 200, false},
	/* two readings of where a body ends */
	{"length and chunks", "POST / HTTP/1.1\r\n" HOST "Content-Length: 4\r\n"
	 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"chunks and length", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
	 "Content-Length: 4\r\n\r\n0\r\n\r\n", 400},
	{"two lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 0\r\n\r\n"
	 "hello", 400},
	{"two equal lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n"
	 "Content-Length: 5\r\n\r\nhello", 400},
	{"a list of lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\nhello", 0},
	{"+5", "POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\nhello", 0},
	{"-1", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\nhello", 0},
	{"0x5", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\nhello", 0},
	{"5.0", "POST / HTTP/1.1\r\n" HOST "Content-Length: 5.0\r\n\r\nhello", 0},
	{"4 2", "POST / HTTP/1.1\r\n" HOST "Content-Length: 4 2\r\n\r\nhello", 0},
	{"no number", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\nhello", 0},
	{"2^64", "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\nhello", 0},
	{"2^64-1", "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n\r\nhello", 400},
	{"no length", "POST / HTTP/1.1\r\n" HOST "\r\nhello", 411},
	{"a body of GET", "GET / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", 400},
	{"chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"
	 "\r\n", 411},
	{"chunked in another case", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: CHUNKED\r\n\r\n"
	 "0\r\n\r\n", 411},
	{"xchunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 411},
	{"chunked with a tab", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\tchunked\r\n\r\n"
	 "0\r\n\r\n", 411},
	{"identity coding", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\nhello", 411},
	{"chunked twice", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
	 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
	{"an empty coding", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\nContent-Length: 5\r\n\r\n"
	 "hello", 400},
	{"a blank before the colon", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n"
	 "Content-Length: 5\r\n\r\nhello", 400},
	/* two readings of where a line ends */
	{"LF after a header", "GET / HTTP/1.1\r\n" HOST "X: y\n\r\n", 400},
	{"LF hides a header", "POST / HTTP/1.1\r\n" HOST "X: y\nContent-Length: 5\r\n\r\nhello", 400},
	{"LF, made up for by a blank", "POST / HTTP/1.1\r\nHost:  h\r\nX:  y\n"
	 "Content-Length: 5\r\n\r\nhello", 400},
	{"LF, and a blank behind", "POST / HTTP/1.1\r\n" HOST "X: y \nContent-Length: 5\r\n\r\nhello",
	 400},
	{"LF after the first line", "GET / HTTP/1.1\n" HOST "\r\n", 400},
	{"LF at the end", "GET / HTTP/1.1\r\n" HOST "\n", 400},
	{"LF alone", "GET / HTTP/1.1\n" "Host: h\n\n", 400},
	{"CR in a value", "GET / HTTP/1.1\r\n" HOST "X: a\rContent-Length: 5\r\n\r\n", 400},
	{"CR in a name", "GET / HTTP/1.1\r\n" HOST "X\rY: a\r\n\r\n", 400},
	{"CR CR LF", "GET / HTTP/1.1\r\r\n" HOST "\r\n", 400},
	{"CR LF CR", "GET / HTTP/1.1\r\n" HOST "X: y\r\n\rGET / HTTP/1.1\r\n\r\n", 400},
	{"folded", "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 400},
	{"folded with a tab", "GET / HTTP/1.1\r\n" HOST "X: a\r\n\tb\r\nY: c\r\n\r\n", 400},
	{"folded, first", "GET / HTTP/1.1\r\n X: a\r\n" HOST "\r\n", 400},
	{"folded to nothing", "GET / HTTP/1.1\r\n" HOST "X: a\r\n \r\n\r\n", 400},
	{"a folded length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n 5\r\n\r\nhello", 400},
	{"a length folded behind", "POST / HTTP/1.1\r\n" HOST "X: a\r\n Content-Length: 5\r\n\r\nhello",
	 400},
	{"NUL in a value", BYTES("GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"), .status = 400},
	{"NUL in a name", BYTES("GET / HTTP/1.1\r\n" HOST "X\0Y: a\r\n\r\n"), .status = 400},
	{"NUL ends the head", BYTES("GET / HTTP/1.1\r\n" HOST "\0X: a\r\n\r\n"), .status = 400},
	{"NUL in the target", BYTES("GET /a\0b HTTP/1.1\r\n" HOST "\r\n"), .status = 400},
	{"NUL in the method", BYTES("GE\0T / HTTP/1.1\r\n" HOST "\r\n"), .status = 400},
	{"NUL in the version", BYTES("GET / HTTP/1.1\0\r\n" HOST "\r\n"), .status = 400},
	/* headers */
	{"no colon", "GET / HTTP/1.1\r\n" HOST "nonsense\r\n\r\n", 400},
	{"no name", "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n", 400},
	{"a name with @", "GET / HTTP/1.1\r\n" HOST "X@Y: x\r\n\r\n", 400},
	{"a name in UTF-8", "GET / HTTP/1.1\r\n" HOST "贡: x\r\n\r\n", 400},
	{"DEL in a value", "GET / HTTP/1.1\r\n" HOST "X: \x7f\r\n\r\n", 400},
	{"a form feed in a value", "GET / HTTP/1.1\r\n" HOST "X: a\fb\r\n\r\n", 400},
	{"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
	{"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
	{"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
	{"an odd Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
	{"Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
	{"two Authorizations", "GET / HTTP/1.1\r\n" HOST "Authorization: Bearer a\r\n"
	 "authorization: Bearer b\r\n\r\n", 400},
	{"two keys", "POST / HTTP/1.1\r\n" HOST "Idempotency-Key: a\r\nIdempotency-Key: b\r\n"
	 "Content-Length: 0\r\n\r\n", 400},
	{"another expectation", "POST / HTTP/1.1\r\n" HOST "Expect: tea\r\nContent-Length: 2\r\n\r\n"
	 "hi", 417},
	{"compressed", "POST / HTTP/1.1\r\n" HOST "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n"
	 "hi", 415},
	/* the first line */
	{"absolute", "GET http://h/ HTTP/1.1\r\n" HOST "\r\n", 400},
	{"a star", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400},
	{"no slash", "GET a HTTP/1.1\r\n" HOST "\r\n", 400},
	{"a fragment", "GET /a#b HTTP/1.1\r\n" HOST "\r\n", 400},
	{"UTF-8 in the target", "GET /贡院 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"a tab in the target", "GET /a\tb HTTP/1.1\r\n" HOST "\r\n", 400},
	{"%00", "GET /a%00b HTTP/1.1\r\n" HOST "\r\n", 400},
	{"%00 in the query", "GET /a?x=%00 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"%2F", "GET /a%2Fb HTTP/1.1\r\n" HOST "\r\n", 400},
	{"%2f", "GET /a%2fb HTTP/1.1\r\n" HOST "\r\n", 400},
	{"%zz", "GET /a%zz HTTP/1.1\r\n" HOST "\r\n", 400},
	{"% and nothing", "GET /a% HTTP/1.1\r\n" HOST "\r\n", 400},
	{"%4", "GET /a%4 HTTP/1.1\r\n" HOST "\r\n", 400},
	{"two blanks before the target", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
	{"two blanks behind the target", "GET /  HTTP/1.1\r\n" HOST "\r\n", 400},
	{"a blank in the target", "GET /a b HTTP/1.1\r\n" HOST "\r\n", 400},
	{"a blank behind the version", "GET / HTTP/1.1 \r\n" HOST "\r\n", 400},
	{"a blank before the method", " GET / HTTP/1.1\r\n" HOST "\r\n", 0},
	{"a tab behind the method", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400},
	{"HTTP/0.9", "GET /\r\n", 400},
	{"HTTP/1.0", "GET / HTTP/1.0\r\n" HOST "\r\n", 505},
	{"HTTP/1.0 that stays", "GET / HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n\r\n", 505},
	{"HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 505},
	{"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
	{"HTTP/11", "GET / HTTP/11\r\n" HOST "\r\n", 400},
	{"http/1.1", "GET / http/1.1\r\n" HOST "\r\n", 400},
	{"a method unknown", "BREW / HTTP/1.1\r\n" HOST "\r\n", 501},
	{"a method in small letters", "get / HTTP/1.1\r\n" HOST "\r\n", 501},
	{"CONNECT", "CONNECT h:443 HTTP/1.1\r\n" HOST "\r\n", 501},
	{"TRACE", "TRACE / HTTP/1.1\r\n" HOST "\r\n", 501},
	{"TLS at the wrong door", BYTES("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00\r\n"), .status = 0},
};

static void send_and_hear(const struct sample *s, bool by_bytes, struct raw_heard *h)
{
	size_t n = s->n ? s->n : strlen(s->request);
	int fd = raw_connect(&R);

	raw_calls(&R);
	for (size_t i = 0; by_bytes && i + 1 < n; i++)
		raw_say(fd, s->request + i, 1);
	raw_say(fd, by_bytes ? s->request + n - 1 : s->request, by_bytes ? 1 : n);
	raw_says(fd, AFTER);
	raw_hear(fd, h);
	close(fd);
}

static void check(const struct sample *s, bool by_bytes)
{
	struct raw_heard h;

	send_and_hear(s, by_bytes, &h);
	if (!h.closed || h.status != s->status || raw_saw(&R, "/after") != s->goes_on ||
	    h.answers != (s->status ? 1 : 0) + (s->goes_on ? 1u : 0u) ||
	    raw_calls(&R) != (s->status == 200 ? 1 : 0) + (s->goes_on ? 1u : 0u))
		fail_msg("%s%s: %d (want %d), %u answers, %s\n%s", s->name, by_bytes ? ", by bytes" : "",
		         h.status, s->status, h.answers, h.closed ? "closed" : "open", h.text);
}

static void each_sample_has_one_reading_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(SAMPLES); i++)
		check(&SAMPLES[i], false);
}

/* What the server itself refuses, not libmicrohttpd.  False: it is not. */
static bool is_whole_problem(const char *text, int status, bool english)
{
	const char *body = strstr(text, "\r\n\r\n");
	struct op op = {.arena = &R.arena};
	struct json *o;
	struct str en;

	if (!body || !strstr(body, "urn:gongyuan:problem:http"))
		return false;
	assert_ok(json_read(&op, str_of(body + 4), &o));
	en = json_str(o, "en");
	if (!refusal_zh(en.s))
		fail_msg("not in Chinese: %s", en.s);
	assert_string_equal(json_str(o, "zh").s, refusal_zh(en.s));
	assert_string_equal(json_str(o, "detail").s, english ? en.s : refusal_zh(en.s));
	assert_int_equal(json_int(o, "status", 0), status);
	assert_string_equal(json_str(o, "title").s, status_title(status, english));
	assert_string_not_equal(json_str(o, "title").s, status_title(0, english));
	assert_non_null(json_get(o, "errors"));
	assert_non_null(json_get(o, "article"));
	return true;
}

static void what_is_refused_is_said_as_other_problems_are(void **state)
{
	/* Of those that no sample meets. */
	static const char *const ELSEWHERE[] = {
		"a page of another site may not send this", "busy; try again later",
		"busy; try again later with the same key", "the body is too long",
		"the body's Content-Type is not what this path reads", "the head is too long",
		"the target is too long", "too many requests from this address",
	};
	static const struct sample ENGLISH = {"English", "GET / HTTP/1.1\r\n" HOST
	                                      "Accept-Language: en\r\nExpect: x\r\n\r\n", 417, false};
	struct raw_heard h;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(SAMPLES); i++) {
		if (SAMPLES[i].status < 400)
			continue;
		send_and_hear(&SAMPLES[i], false, &h);
		n += is_whole_problem(h.text, SAMPLES[i].status, false);
	}
	assert_true(n > 40);
	send_and_hear(&ENGLISH, false, &h);
	assert_true(is_whole_problem(h.text, 417, true));
	for (size_t i = 0; i < COUNT(ELSEWHERE); i++)
		assert_non_null(refusal_zh(ELSEWHERE[i]));
}

static void in_however_many_pieces_it_comes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(SAMPLES); i++)
		check(&SAMPLES[i], true);
}

/* libmicrohttpd's memory of a connection grows under a long head, and moves what was read early. */
static void a_long_head_is_read_like_a_short_one(void **state)
{
	static char text[LIMIT_HEAD + 4096];
	struct sample s = {"long", text, 200, true};

	(void)state;
	for (size_t lines = 1; lines <= 256; lines *= 2) {
		size_t n = (size_t)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" HOST);

		for (size_t i = 0; i < lines; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "X-%zu: %*d\r\n", i,
			                      lines < 64 ? 100 : 20, 7);
		(void)snprintf(text + n, sizeof(text) - n, "\r\n");
		check(&s, false);
		check(&s, true);
	}
}

static void pipelined_requests_are_answered_in_their_order(void **state)
{
	struct raw_heard h;
	int fd = raw_connect(&R);

	(void)state;
	raw_calls(&R);
	for (int i = 0; i < 50; i++)
		raw_says(fd, "POST /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
		         "GET /b HTTP/1.1\r\n" HOST "X: 1\r\n\r\n");
	raw_says(fd, AFTER);
	raw_hear(fd, &h);
	close(fd);
	assert_true(h.closed);
	assert_int_equal(raw_calls(&R), 101);
}

/* Nothing lies between the answers: a reader would take it for the next one's beginning. */
static void a_head_has_no_body_whatever_is_asked(void **state)
{
	static const char *const PATHS[] = {"/", "/long", "/stream"};

	(void)state;
	for (size_t i = 0; i < COUNT(PATHS); i++) {
		int fd = raw_connect(&R);
		struct raw_heard h;

		raw_says(fd, str_fmt(&R.arena, "HEAD %s HTTP/1.1\r\n" HOST "\r\n" AFTER, PATHS[i]).s);
		raw_hear(fd, &h);
		close(fd);
		assert_int_equal(h.answers, 2);
		assert_true(str_starts(str_of(strstr(h.text, "\r\n\r\n") + 4), STR("HTTP/1.1 200 ")));
	}
}

static void what_is_too_long_is_refused_before_it_is_read(void **state)
{
	static char text[80000];
	struct sample s = {"long", text, 414, false};

	(void)state;
	(void)snprintf(text, sizeof(text), "GET /%*d HTTP/1.1\r\n" HOST "\r\n", LIMIT_TARGET, 7);
	for (char *c = text + 5; *c == ' '; c++)
		*c = 'a';
	check(&s, false);
	s.status = 431;
	(void)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" HOST "X: %*d\r\n\r\n", LIMIT_HEAD, 7);
	check(&s, false);
	(void)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" HOST "X: %*d\r\n\r\n", 70000, 7);
	check(&s, false); /* more than a connection's memory */
	s.status = 413;
	(void)snprintf(text, sizeof(text), "POST / HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n",
	               3 * LIMIT_BODY);
	check(&s, false);
	(void)snprintf(text, sizeof(text), "POST / HTTP/1.1\r\n" HOST "Content-Length: %d\r\n"
	               "Expect: 100-continue\r\n\r\n", LIMIT_BODY + 1);
	check(&s, false);
}

/* Not much too long: it is read and forgotten, so that the answer arrives. */
static void a_body_somewhat_too_long_hears_why(void **state)
{
	static char part[65536];
	struct raw_heard h;
	int fd = raw_connect(&R);

	(void)state;
	raw_says(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1114112\r\n\r\n");
	for (int i = 0; i < 17; i++)
		raw_say(fd, part, sizeof(part));
	raw_hear(fd, &h);
	close(fd);
	assert_int_equal(h.status, 413);
	assert_int_equal(h.answers, 1);
}

/* The requests of llhttp's tests. */
struct vector {
	struct str title, bytes;
	int64_t messages;
	bool error;
};

static void play(const struct vector *v, struct str bytes)
{
	struct raw_heard h;
	int fd = raw_connect(&R);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	unsigned calls;

	raw_calls(&R);
	raw_say(fd, bytes.s, bytes.n);
	poll(&p, 1, 5); /* alone, the end is seen at once; with the last words, after a second */
	shutdown(fd, SHUT_WR);
	raw_hear(fd, &h);
	close(fd);
	calls = raw_calls(&R);
	if (!h.closed || h.answers > (v->error ? 1 : v->messages + 1) || calls > v->messages ||
	    (v->error && !v->messages && h.status && h.status < 400))
		fail_msg(STR_FMT ": %u answers, the first %d, %u requests for %lld\n" STR_FMT "\n%s",
		         STR_ARG(v->title), h.answers, h.status, calls, (long long)v->messages,
		         STR_ARG(bytes), h.text);
}

static struct str with_host(struct arena *a, struct str bytes)
{
	const char *end = strstr(bytes.s, "\r\n");
	size_t n = end ? (size_t)(end - bytes.s) + 2 : 0;

	if (!n || strcasestr(bytes.s, "host:"))
		return bytes;
	return str_fmt(a, "%.*sHost: h\r\n%s", (int)n, bytes.s, bytes.s + n);
}

/* Of one the first request is good, which the file does not count: the rest of it is meant. */
static struct str meant(struct str bytes)
{
	static const char GOOD[] = "\r\n\r\nq=42\r\n\r\n";
	const char *at = strstr(bytes.s, GOOD);
	size_t n = at ? (size_t)(at - bytes.s) + sizeof(GOOD) - 1 : 0;

	return at ? (struct str){bytes.s + n, bytes.n - n} : bytes;
}

static void no_request_of_llhttp_is_taken_that_it_refuses(void **state)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct json *all;
	struct str path;
	size_t refused = 0;

	(void)state;
	if (!vectors_find(&a, "llhttp/requests.json", &path))
		skip();
	assert_int_equal(json_read(&op, vectors_read(&a, path), &all), RC_OK);
	for (const struct json *o = all->first; o; o = o->next) {
		struct vector v = {json_str(o, "title"), vec_hex(&a, json_str(o, "request_hex")),
		                   json_int(o, "messages_completed", 0), false};
		const struct json *error = json_get(o, "llhttp_error");

		v.error = error && error->type == JSON_ARRAY;
		refused += v.error;
		if (v.error && !v.messages)
			v.bytes = meant(v.bytes);
		play(&v, v.bytes);
		play(&v, with_host(&a, v.bytes));
	}
	assert_int_equal(all->count, 162);
	assert_true(refused >= 63);
	arena_release(&a);
}

/* Whoever has a network of IPv6 has 2^64 addresses: guesses from all of them are one guesser's. */
static void a_network_of_ipv6_is_one_source(void **state)
{
	static const struct {
		const char *listen, *text, *network;
	} KNOWN[] = {
		{"192.0.2.1:1", "192.0.2.1", "192.0.2.1"},
		{"[2001:db8:1:2:3:4:5:6]:1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"[2001:db8:1:2::ff]:1", "2001:db8:1:2::ff", "2001:db8:1:2::/64"},
		{"[2001:db8:1:3::ff]:1", "2001:db8:1:3::ff", "2001:db8:1:3::/64"},
	};
	union address x;

	(void)state;
	for (size_t i = 0; i < COUNT(KNOWN); i++) {
		assert_int_equal(address_read(&R.op, str_of(KNOWN[i].listen), &x), RC_OK);
		assert_string_equal(address_text(&R.arena, &x).s, KNOWN[i].text);
		assert_string_equal(address_network(&R.arena, &x).s, KNOWN[i].network);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sample_has_one_reading_or_none),
		cmocka_unit_test(what_is_refused_is_said_as_other_problems_are),
		cmocka_unit_test(in_however_many_pieces_it_comes),
		cmocka_unit_test(a_long_head_is_read_like_a_short_one),
		cmocka_unit_test(pipelined_requests_are_answered_in_their_order),
		cmocka_unit_test(a_head_has_no_body_whatever_is_asked),
		cmocka_unit_test(what_is_too_long_is_refused_before_it_is_read),
		cmocka_unit_test(a_body_somewhat_too_long_hears_why),
		cmocka_unit_test(no_request_of_llhttp_is_taken_that_it_refuses),
		cmocka_unit_test(a_network_of_ipv6_is_one_source),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
