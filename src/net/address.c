/* SPDX-License-Identifier: Apache-2.0 */
/* address.c -- see address.h. */
#include "net/address.h"

#include <arpa/inet.h>
#include <errno.h>

static bool host_read(struct arena *a, struct str host, uint16_t port, union address *ret)
{
	union address x = {0};

	if (host.n > 2 && host.s[0] == '[' && host.s[host.n - 1] == ']') {
		x.v6.sin6_family = AF_INET6;
		x.v6.sin6_port = htons(port);
		host = str_dup(a, host.s + 1, host.n - 2);
		if (inet_pton(AF_INET6, host.s, &x.v6.sin6_addr) != 1)
			return false;
	} else {
		x.v4.sin_family = AF_INET;
		x.v4.sin_port = htons(port);
		host = str_copy(a, host);
		if (inet_pton(AF_INET, host.s, &x.v4.sin_addr) != 1)
			return false;
	}
	*ret = x;
	return true;
}

struct str address_text(struct arena *a, const union address *x)
{
	char text[INET6_ADDRSTRLEN] = "?";

	if (x && x->any.sa_family == AF_INET)
		inet_ntop(AF_INET, &x->v4.sin_addr, text, sizeof(text));
	else if (x)
		inet_ntop(AF_INET6, &x->v6.sin6_addr, text, sizeof(text));
	return str_dup(a, text, strlen(text));
}

struct str address_network(struct arena *a, const union address *x)
{
	union address half;

	if (!x || x->any.sa_family != AF_INET6)
		return address_text(a, x);
	half = *x;
	memset(half.v6.sin6_addr.s6_addr + 8, 0, 8);
	return str_fmt(a, STR_FMT "/64", STR_ARG(address_text(a, &half)));
}

bool address_is_loopback(const union address *x)
{
	if (x->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&x->v6.sin6_addr);
	return ntohl(x->v4.sin_addr.s_addr) >> 24 == 127;
}

enum rc address_read(struct op *op, struct str text, union address *ret)
{
	size_t colon = text.n;
	int64_t port;
	union address x;

	while (colon > 0 && text.s[colon - 1] != ':')
		colon--;
	if (colon < 2 ||
	    !str_to_i64((struct str){text.s + colon, text.n - colon}, &port) || port < 0 ||
	    port > 65535 ||
	    !host_read(op->arena, (struct str){text.s, colon - 1}, (uint16_t)port, &x))
		return fail(op, RC_INVALID, "listen", "",
		            "监听地址应是 地址:端口，例如 127.0.0.1:8080，不是 " STR_FMT,
		            "an address to listen at is ADDRESS:PORT, such as 127.0.0.1:8080, not " STR_FMT,
		            STR_ARG(text));
	*ret = x;
	return RC_OK;
}

enum rc address_must_be_loopback(struct op *op, struct str text, const union address *x)
{
	if (address_is_loopback(x))
		return RC_OK;
	return fail(op, RC_INVALID, "listen", "",
	            STR_FMT " 不是本机回环地址：不加密的 HTTP 只在本机提供",
	            STR_FMT " is not a loopback address: plain HTTP is for this machine alone",
	            STR_ARG(text));
}

enum rc address_failed(struct op *op, struct str listen, int e)
{
	enum rc rc = e == EADDRINUSE ? RC_CONFLICT : e == EACCES ? RC_DENIED : RC_BROKEN;

	return fail(op, rc, "listen", "", "不能在 " STR_FMT " 监听：%s", "cannot listen at " STR_FMT
	            ": %s", STR_ARG(listen), strerror(e ? e : EIO));
}
