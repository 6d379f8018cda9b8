/* SPDX-License-Identifier: Apache-2.0 */
/* exchange.c -- one request and its answer, as handlers see them; see server.h. */
#include "net/exchange.h"

#include "net/address.h"

enum { SPARES = 256, SPARE_BYTES = 64 << 10 };

/* A busy server would ask for the same memory ten thousand times a second. */
struct exchange *exchange_new(struct server *s)
{
	struct exchange *x = s->spare;

	if (x) {
		struct arena kept = x->arena;

		s->spare = x->next;
		s->nspare--;
		*x = (struct exchange){.arena = kept};
		return x;
	}
	x = calloc(1, sizeof(*x));
	if (!x)
		abort(); /* as arena_alloc */
	return x;
}

void exchange_free(struct server *s, struct exchange *x)
{
	if (s->nspare < SPARES && x->arena.used <= SPARE_BYTES) {
		arena_reset(&x->arena);
		x->next = s->spare;
		s->spare = x;
		s->nspare++;
		return;
	}
	arena_release(&x->arena);
	free(x);
}

void exchange_free_spares(struct server *s)
{
	struct exchange *x;

	while ((x = s->spare) != NULL) {
		s->spare = x->next;
		arena_release(&x->arena);
		free(x);
	}
}

/* The request. */
struct arena *exchange_arena(struct exchange *x)
{
	return &x->arena;
}

struct str exchange_method(const struct exchange *x)
{
	return x->method;
}

struct str exchange_path(const struct exchange *x)
{
	return x->path;
}

struct str exchange_target(const struct exchange *x)
{
	return x->sent;
}

struct str exchange_body(const struct exchange *x)
{
	return strbuf_str(&x->body);
}

static struct str lookup(const struct exchange *x, enum MHD_ValueKind kind, const char *name)
{
	const char *v = MHD_lookup_connection_value(x->connection, kind, name);

	return v ? str_of(v) : (struct str){NULL, 0};
}

struct str exchange_header(const struct exchange *x, const char *name)
{
	return lookup(x, MHD_HEADER_KIND, name);
}

struct str exchange_query(const struct exchange *x, const char *name)
{
	return lookup(x, MHD_GET_ARGUMENT_KIND, name);
}

struct queries {
	void (*each)(void *ctx, struct str name, struct str value);
	void *ctx;
};

static enum MHD_Result tell_query(void *cls, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
	const struct queries *q = cls;

	(void)kind;
	q->each(q->ctx, str_of(name), str_of(value ? value : ""));
	return MHD_YES;
}

void exchange_queries(struct exchange *x,
                      void (*each)(void *ctx, struct str name, struct str value), void *ctx)
{
	struct queries q = {each, ctx};

	MHD_get_connection_values(x->connection, MHD_GET_ARGUMENT_KIND, tell_query, &q);
}

struct str exchange_cookie(const struct exchange *x, const char *name)
{
	return lookup(x, MHD_COOKIE_KIND, name);
}

static const union address *from(const struct exchange *x)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return info ? (const void *)info->client_addr : NULL;
}

struct str exchange_source(struct exchange *x)
{
	return address_text(&x->arena, from(x));
}

struct str exchange_network(struct exchange *x)
{
	return address_network(&x->arena, from(x));
}

bool exchange_secure(const struct exchange *x)
{
	return x->server->o.tls_key.n > 0;
}

void *exchange_state(const struct exchange *x)
{
	return x->state;
}

void exchange_set_state(struct exchange *x, void *state)
{
	x->state = state;
}

void exchange_known(struct exchange *x)
{
	x->link->known = true;
}

/* The answer. */
void exchange_answer(struct exchange *x, const struct reply *r)
{
	assert(x->stage == STAGE_HANDLING);
	x->reply = *r;
	x->stage = STAGE_ANSWERED;
}

void exchange_refuse(struct exchange *x, int status, const char *why)
{
	assert(x->stage == STAGE_HANDLING);
	x->refused = status;
	x->why = why;
	server_refuse(x);
}

void exchange_wait(struct exchange *x, server_handle *finish, void *ctx)
{
	assert(x->stage == STAGE_HANDLING);
	x->stage = STAGE_WAITING;
	x->finish = finish;
	x->finish_ctx = ctx;
}

void exchange_done(struct exchange *x)
{
	server_wake(x->server, false, x);
}

void exchange_stream(struct exchange *x, const char *type, stream_read *read,
                     stream_closed *closed, void *ctx)
{
	assert(x->stage == STAGE_HANDLING);
	x->stage = STAGE_STREAMING;
	x->stream_type = type;
	x->read = read;
	x->closed = closed;
	x->stream = ctx;
}
