/* SPDX-License-Identifier: Apache-2.0 */
/* listener.c -- libmicrohttpd behind listener.h.
 *
 * libmicrohttpd calls its handler several times for a request: first with the head alone, then for
 * each part of the body, last with nothing more to come.  An answer given at the first call makes
 * it close the connection, and one given between parts is refused, so this file answers at the
 * last call only: an error met earlier is kept until then, and a sender that does not stop
 * is cut off.
 */
#include "net/listener.h"

#include <errno.h>
#include <microhttpd.h>

#include "base/limits.h"
#include "net/address.h"

struct listener {
	struct MHD_Daemon *daemon;
	struct listener_options o;
	int port;
};

/* One request, from its head to its completion. */
struct exchange {
	struct arena arena;
	struct strbuf body;
	size_t dropped;        /* bytes beyond body_max */
};

static enum MHD_Result send_reply(struct MHD_Connection *c, const struct listener_reply *r)
{
	struct MHD_Response *response;
	enum MHD_Result sent;

	response = MHD_create_response_from_buffer(r->body.n, (void *)(uintptr_t)r->body.s,
	                                           MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", r->type.n ? r->type.s : "text/plain");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	sent = MHD_queue_response(c, (unsigned)r->status, response);
	MHD_destroy_response(response);
	return sent;
}

static enum MHD_Result body_part(const struct listener *l, struct exchange *x, const char *p,
                                 size_t *n)
{
	size_t room = l->o.body_max - x->body.n, take = *n < room ? *n : room;

	strbuf_add(&x->body, p, take);
	x->dropped += *n - take;
	*n = 0;
	return x->dropped > LIMIT_BODY ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *part,
                                  size_t *npart, void **state)
{
	struct listener *l = cls;
	struct exchange *x = *state;
	struct listener_reply r = {.status = 500};
	struct listener_request q;

	(void)version;
	if (!x) {
		x = calloc(1, sizeof(*x));
		if (!x)
			return MHD_NO;
		strbuf_init(&x->body, &x->arena);
		*state = x;
		return MHD_YES;
	}
	if (*npart > 0)
		return body_part(l, x, part, npart);
	if (x->dropped) {
		r = (struct listener_reply){413, STR("text/plain"), STR("the body is too long\n")};
		return send_reply(c, &r);
	}
	q = (struct listener_request){str_of(method), str_of(url), strbuf_str(&x->body)};
	l->o.handle(l->o.ctx, &x->arena, &q, &r);
	return send_reply(c, &r);
}

static void on_completed(void *cls, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *state;

	(void)cls, (void)c, (void)why;
	if (x)
		arena_release(&x->arena);
	free(x);
	*state = NULL;
}

/* libmicrohttpd would print to stderr; a library does not. */
static void silent(void *cls, const char *fmt, va_list ap)
{
	(void)cls, (void)fmt, (void)ap;
}

enum rc listener_start(struct op *op, const struct listener_options *o, struct listener **ret)
{
	struct listener *l;
	const union MHD_DaemonInfo *info;
	union address x;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG;

	TRY(address_read(op, o->listen, &x));
	TRY(address_must_be_loopback(op, o->listen, &x));
	l = calloc(1, sizeof(*l));
	if (!l)
		abort(); /* as arena_alloc */
	l->o = *o;
	if (x.any.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	errno = 0;
	l->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, l, MHD_OPTION_EXTERNAL_LOGGER, silent, NULL,
		MHD_OPTION_SOCK_ADDR, &x.any, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)LIMIT_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_IDLE_S,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	if (!l->daemon) {
		int e = errno;

		free(l);
		return address_failed(op, o->listen, e);
	}
	info = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_BIND_PORT);
	l->port = info ? info->port : 0;
	*ret = l;
	return RC_OK;
}

int listener_port(const struct listener *l)
{
	return l->port;
}

void listener_stop(struct listener *l)
{
	if (!l)
		return;
	MHD_stop_daemon(l->daemon);
	free(l);
}
