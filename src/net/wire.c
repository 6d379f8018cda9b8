/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c -- see wire.h. */
#include "net/wire.h"

#include "base/limits.h"

/* The target. */
static int hex(char c)
{
	static const char DIGITS[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(DIGITS, c) : NULL;

	return at ? (int)(at - DIGITS) % 16 : -1;
}

/* One that is percent-encoded, at s[0] == '%'. */
static const char *bad_escape(const char *s, bool path)
{
	int high = hex(s[1]), low = high < 0 ? -1 : hex(s[2]);

	if (low < 0)
		return "bad percent-encoding in the target";
	if (high == 0 && low == 0)
		return "%00 in the target";
	return path && high == 2 && low == 15 ? "%2F in the path" : NULL;
}

static const char *bad_target(const char *s)
{
	bool path = true;

	if (s[0] != '/')
		return "the target is not /path";
	for (; *s; s++) {
		const char *why = *s == '%' ? bad_escape(s, path) : NULL;

		if (why)
			return why;
		if (*s <= ' ' || *s >= 0x7f || *s == '#')
			return "a character that no target may have";
		path = path && *s != '?';
	}
	return NULL;
}

struct wire_target wire_target(const char *uri)
{
	struct wire_target t = {.at = uri, .n = uri ? strlen(uri) : 0};

	t.why = bad_target(uri ? uri : "");
	t.status = t.why ? 400 : 0;
	if (t.n > LIMIT_TARGET) {
		t.status = 414;
		t.why = "the target is too long";
	}
	return t;
}

/* The headers. */
static bool is_token(const char *s, size_t n)
{
	static const char OTHERS[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < n; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') ||
		      (s[i] >= '0' && s[i] <= '9') || (s[i] && strchr(OTHERS, s[i]))))
			return false;
	return n > 0;
}

static bool is_value(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') || s[i] == 0x7f)
			return false;
	return true;
}

static bool is_host(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.s[i] >= 'a' && s.s[i] <= 'z') || (s.s[i] >= 'A' && s.s[i] <= 'Z') ||
		      (s.s[i] >= '0' && s.s[i] <= '9') || (s.s[i] && strchr("-._:[]", s.s[i]))))
			return false;
	return s.n > 0;
}

/* Headers of which there may be one. */
enum once {
	O_AUTHORIZATION, O_ENCODING, O_LENGTH, O_TYPE, O_COOKIE, O_EXPECT, O_HOST, O_KEY, O_EVENT,
	O_TRANSFER, O_UPGRADE, ONCE
};
static const char *const NAMES[ONCE] = {
	"Authorization", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect",
	"Host", "Idempotency-Key", "Last-Event-ID", "Transfer-Encoding", "Upgrade",
};

struct reading {
	uintptr_t next;         /* where the next header must begin */
	struct str once[ONCE];
	const char *why;
};

static void keep(struct reading *r, const char *name, struct str value)
{
	for (size_t i = 0; i < ONCE; i++) {
		if (strcasecmp(name, NAMES[i]) != 0)
			continue;
		if (r->once[i].s && i != O_UPGRADE)
			r->why = "a header that may stand once stands twice";
		r->once[i] = value;
	}
}

/* libmicrohttpd takes those before a value away, and leaves those behind it. */
static struct str without_blanks(const char *s, size_t n)
{
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return (struct str){s, n};
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t n,
                                 const char *value, size_t vn)
{
	struct reading *r = cls;

	(void)kind;
	value = value ? value : "";
	if (!is_token(name, n))
		r->why = "a header's name is no token";
	else if (!is_value(value, vn))
		r->why = "a header's value has control characters";
	else if ((uintptr_t)name != r->next)
		r->why = "lines end with CRLF and are not folded";
	else
		keep(r, name, without_blanks(value, vn));
	r->next = (uintptr_t)value + vn + 2;
	return r->why ? MHD_NO : MHD_YES;
}

/* METHOD, one space, target, one space, HTTP/1.1, CRLF. */
static bool one_line(const struct wire_head *h)
{
	uintptr_t at = (uintptr_t)h->method + strlen(h->method) + 1;

	return at == (uintptr_t)h->target.at && at + h->target.n + 1 == (uintptr_t)h->version;
}

static const char *read_headers(const struct wire_head *h, struct reading *r)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		h->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	if (!one_line(h))
		return "the request line is not METHOD /path HTTP/1.1";
	r->next = (uintptr_t)h->version + strlen("HTTP/1.1") + 2;
	MHD_get_connection_values_n(h->connection, MHD_HEADER_KIND, on_header, r);
	if (!r->why && (!info || r->next + 2 != (uintptr_t)h->method + info->header_size))
		return "lines end with CRLF and are not folded";
	return r->why;
}

static bool is_one_of(const char *s, const char *const *list)
{
	while (*list && strcmp(s, *list) != 0)
		list++;
	return *list != NULL;
}

bool wire_length_good(struct MHD_Connection *c)
{
	const char *s;
	size_t n;

	if (MHD_lookup_connection_value_n(c, MHD_HEADER_KIND, NAMES[O_LENGTH], strlen(NAMES[O_LENGTH]),
	                                  &s, &n) != MHD_YES)
		return true;
	return n > 0 && n < 20 && strspn(s, "0123456789") == n;
}

/* 19 digits: less than 2^64. */
static uint64_t number(struct str s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n = n * 10 + (uint64_t)(s.s[i] - '0');
	return n;
}

/* What the headers say together. */
static int weigh(const struct wire_head *h, const struct reading *r, struct wire_found *f,
                 const char **why)
{
	static const char *const BODIES[] = {"POST", "PUT", "PATCH", NULL};
	static const char *const NONE[] = {"GET", "HEAD", NULL};
	struct str length = r->once[O_LENGTH], coding = r->once[O_ENCODING];
	struct str expect = r->once[O_EXPECT];

	*why = "Host is missing or odd";
	if (!is_host(r->once[O_HOST]))
		return 400;
	*why = "a body comes with its length: Content-Length, no Transfer-Encoding";
	if (r->once[O_TRANSFER].s)
		return length.s ? 400 : 411;
	if (is_one_of(h->method, BODIES) && !length.s)
		return 411;
	if (!wire_length_good(h->connection))
		return 400;
	f->length = number(length);
	*why = "this method has no body";
	if (f->length && is_one_of(h->method, NONE))
		return 400;
	*why = "only 100-continue can be expected";
	if (expect.s && strcasecmp(expect.s, "100-continue") != 0)
		return 417;
	*why = "a body comes as it is, not compressed";
	if (coding.s && strcasecmp(coding.s, "identity") != 0)
		return 415;
	f->expects = expect.s != NULL;
	f->closes = r->once[O_UPGRADE].s != NULL;
	return 0;
}

int wire_check(const struct wire_head *h, struct wire_found *ret, const char **ret_why)
{
	static const char *const METHODS[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
	                                      "OPTIONS", NULL};
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		h->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct reading r = {0};

	*ret = (struct wire_found){0};
	*ret_why = "HTTP/1.1 alone is spoken here";
	if (strcmp(h->version, "HTTP/1.1") != 0)
		return 505;
	*ret_why = "the head is too long";
	if (info && info->header_size > LIMIT_HEAD)
		return 431;
	*ret_why = read_headers(h, &r);
	if (*ret_why)
		return 400;
	*ret_why = "this method is unknown";
	if (!is_one_of(h->method, METHODS))
		return 501;
	*ret_why = h->target.why;
	if (h->target.status)
		return h->target.status;
	return weigh(h, &r, ret, ret_why);
}
