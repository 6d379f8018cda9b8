/* SPDX-License-Identifier: Apache-2.0 */
/* exchange.c -- see exchange.h. */
#include "exchange.h"

#include "base/hash.h"

#include "fuzz.h"

static struct fake *of(const struct exchange *x)
{
	return (struct fake *)(uintptr_t)x;
}

struct exchange *fake_exchange(struct fake *f)
{
	return (struct exchange *)f;
}

static struct str copied(struct arena *a, struct str s)
{
	return str_dup(a, s.s, s.n);
}

/* As the network's layer does: no NUL, no slash in disguise. */
static bool decode(struct arena *a, struct str s, struct str *ret)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addz(&b, "");
	for (size_t i = 0; i < s.n; i++) {
		uint8_t byte = (uint8_t)s.s[i];

		if (s.s[i] == '%') {
			char hex[3] = {i + 2 < s.n + 0 ? s.s[i + 1] : 'x', i + 2 < s.n ? s.s[i + 2] : 'x', 0};

			for (int k = 0; k < 2; k++)
				hex[k] = (char)(hex[k] >= 'A' && hex[k] <= 'F' ? hex[k] - 'A' + 'a' : hex[k]);
			if (!hex_decode((struct str){hex, 2}, &byte, 1) || byte == '/')
				return false;
			i += 2;
		}
		if (!byte)
			return false;
		strbuf_addc(&b, (char)byte);
	}
	*ret = strbuf_str(&b);
	return true;
}

static bool read_line(struct arena *a, struct str line, struct fake *ret)
{
	struct str target, path, query = {"", 0};

	if (!str_cut(line, ' ', &ret->method, &target) || !target.n || target.s[0] != '/')
		return false;
	if (!str_cut(target, '?', &path, &query))
		path = target;
	ret->method = copied(a, ret->method);
	ret->query = copied(a, query);
	return decode(a, path, &ret->path) && !memchr(ret->method.s, 0, ret->method.n);
}

bool fake_read(struct arena *a, struct str in, struct fake *ret)
{
	struct str line, name, value;

	*ret = (struct fake){.arena = a};
	if (!str_cut(in, '\n', &line, &in) || !read_line(a, line, ret))
		return false;
	while (str_cut(in, '\n', &line, &in) && line.n) {
		if (!str_cut(line, ':', &name, &value) || ret->nhead == FAKE_HEADS)
			return false;
		if (value.n && value.s[0] == ' ')
			value = (struct str){value.s + 1, value.n - 1};
		if (memchr(line.s, 0, line.n))
			return false;
		ret->head[ret->nhead].name = copied(a, name);
		ret->head[ret->nhead++].value = copied(a, value);
	}
	ret->body = copied(a, in);
	return true;
}

void fake_finish(struct fake *f)
{
	if (!f->waits)
		return;
	FUZZ_CHECK(f->done);
	f->waits = false;
	f->finish(f->finish_ctx, fake_exchange(f));
}

/* net/server.h. */
struct arena *exchange_arena(struct exchange *x)
{
	return of(x)->arena;
}

struct str exchange_method(const struct exchange *x)
{
	return of(x)->method;
}

struct str exchange_path(const struct exchange *x)
{
	return of(x)->path;
}

void exchange_known(struct exchange *x)
{
	(void)x;
}

struct str exchange_target(const struct exchange *x)
{
	const struct fake *f = of(x);

	return f->query.n ? str_fmt(f->arena, STR_FMT "?" STR_FMT, STR_ARG(f->path), STR_ARG(f->query))
	                  : f->path;
}

struct str exchange_body(const struct exchange *x)
{
	return of(x)->body;
}

struct str exchange_header(const struct exchange *x, const char *name)
{
	const struct fake *f = of(x);

	if (strcmp(name, "Authorization") == 0)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < f->nhead; i++)
		if (strcasecmp(f->head[i].name.s, name) == 0)
			return f->head[i].value;
	if (strcmp(name, "Content-Type") == 0) /* what fits, when the input does not say another */
		return str_starts(f->path, STR("/api/")) ? STR("application/json")
		                                         : STR("application/x-www-form-urlencoded");
	return (struct str){NULL, 0};
}

void exchange_queries(struct exchange *x,
                      void (*each)(void *ctx, struct str name, struct str value), void *ctx)
{
	struct fake *f = of(x);
	struct str rest = f->query, pair, key, value;

	while (rest.n) {
		if (!str_cut(rest, '&', &pair, &rest)) {
			pair = rest;
			rest = (struct str){"", 0};
		}
		if (str_cut(pair, '=', &key, &value) && decode(f->arena, value, &value))
			each(ctx, copied(f->arena, key), copied(f->arena, value));
	}
}

struct wanted {
	const char *name;
	struct str value;
};

static void keep_wanted(void *ctx, struct str name, struct str value)
{
	struct wanted *w = ctx;

	if (!w->value.s && str_is(name, w->name))
		w->value = value;
}

struct str exchange_query(const struct exchange *x, const char *name)
{
	struct wanted w = {.name = name};

	exchange_queries((struct exchange *)(uintptr_t)x, keep_wanted, &w);
	return w.value;
}

struct str exchange_cookie(const struct exchange *x, const char *name)
{
	(void)x, (void)name;
	return (struct str){NULL, 0};
}

struct str exchange_source(struct exchange *x)
{
	(void)x;
	return STR("127.0.0.1");
}

struct str exchange_network(struct exchange *x)
{
	return exchange_source(x);
}

bool exchange_secure(const struct exchange *x)
{
	(void)x;
	return false;
}

void exchange_answer(struct exchange *x, const struct reply *r)
{
	FUZZ_CHECK(!of(x)->waits);
	of(x)->answers++;
	of(x)->reply = *r;
}

void exchange_refuse(struct exchange *x, int status, const char *why)
{
	FUZZ_CHECK(!of(x)->waits && status >= 400 && !strpbrk(why, "\"\\"));
	of(x)->answers++;
	of(x)->refused = true;
	of(x)->reply = (struct reply){.status = status};
}

void exchange_wait(struct exchange *x, server_handle *finish, void *ctx)
{
	FUZZ_CHECK(!of(x)->waits && !of(x)->answers);
	of(x)->waits = true;
	of(x)->finish = finish;
	of(x)->finish_ctx = ctx;
}

void exchange_done(struct exchange *x)
{
	FUZZ_CHECK(of(x)->waits && !of(x)->done);
	of(x)->done = true;
}

void exchange_stream(struct exchange *x, const char *type, stream_read *read,
                     stream_closed *closed, void *ctx)
{
	(void)x, (void)type, (void)read, (void)closed, (void)ctx;
	fuzz_broken(GY_WHERE, "no stream begins while readers are busy");
}

void server_wake_streams(struct server *s)
{
	(void)s;
}
