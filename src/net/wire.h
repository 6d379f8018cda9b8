/* SPDX-License-Identifier: Apache-2.0 */
/* wire.h -- is the head of a request one that all readers read alike?  Private to src/net.
 *
 * What two readers read differently is how a request is smuggled past one of them, so whatever has
 * two readings is refused, answered once, and its connection closed.
 *
 * Refused by libmicrohttpd itself (0.9.75): a line without ':', no version, HTTP/0 and HTTP/2
 * (its preface too), a head larger than a connection's memory.  A Content-Length of anything but
 * digits it refuses with the head of its answer sent twice, so we shut such a connection down
 * before it can (wire_length_good).
 *
 * Refused here, because libmicrohttpd takes it: a bare LF as the end of a line, a folded line, NUL,
 * a space too many in the request line, any other byte that is none of a token or a value (a bare
 * CR too), a space before the colon, two headers where one is meant, Host missing or odd, a target
 * that is not /path, %00, %2F and bad percent-encoding in it, HTTP/1.0 and 1.2, methods unknown to
 * us, Content-Length together with Transfer-Encoding, and every Transfer-Encoding: a body comes
 * with its length, so no chunk is ever read.  A POST without a length could be read with a body or
 * without: 411.  A GET with a body likewise: 400.
 *
 * Taken: empty lines before a request (RFC 9112 2.2).  After `Upgrade` we answer as if it were not
 * there, and close, because what follows may be another protocol.
 *
 * How line ends are seen: libmicrohttpd puts NULs into what it has read and hands out pointers
 * into it.  The addresses of names and values, one after the other, say how many bytes stood
 * between them; nothing there is read.  Should another version lay them out otherwise, every
 * request is refused, which tests/http/test_wire.c would show; libmicrohttpd from 1.0 on has a
 * strict level of its own (MHD_OPTION_CLIENT_DISCIPLINE_LVL).
 */
#ifndef GY_NET_WIRE_H
#define GY_NET_WIRE_H

#include <microhttpd.h>

#include "base/str.h"

/* The target as it came, taken before libmicrohttpd decodes it in its place. */
struct wire_target {
	const char *at;
	size_t n;
	int status;      /* 0: good */
	const char *why;
};
struct wire_target wire_target(const char *uri);

struct wire_head {
	struct MHD_Connection *connection;
	const char *method, *version;
	struct wire_target target;
};

struct wire_found {
	uint64_t length; /* of the body */
	bool closes;     /* after the answer */
	bool expects;    /* waits for "100 Continue" before it sends the body */
};

/* Of a head that may still be arriving: no Content-Length, or one of 1 to 19 digits. */
bool wire_length_good(struct MHD_Connection *c);

/* 0, or the status to refuse it with; *ret_why: a sentence without characters to be escaped. */
int wire_check(const struct wire_head *h, struct wire_found *ret, const char **ret_why);

#endif
