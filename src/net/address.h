/* SPDX-License-Identifier: Apache-2.0 */
/* address.h -- where a server of this machine listens: "127.0.0.1:8080", "[::1]:0". */
#ifndef GY_NET_ADDRESS_H
#define GY_NET_ADDRESS_H

#include <netinet/in.h>

#include "base/op.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Only loopback: plain HTTP is for this machine alone.  Fails: INVALID. */
enum rc address_read(struct op *op, struct str text, union address *ret) MUST_CHECK;
/* Why it could not be listened at: CONFLICT (taken), DENIED (a port of the system), BROKEN. */
enum rc address_failed(struct op *op, struct str listen, int error) MUST_CHECK;

#endif
