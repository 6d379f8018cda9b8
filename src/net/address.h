/* SPDX-License-Identifier: Apache-2.0 */
/* address.h -- where a server of this machine listens ("127.0.0.1:8080", "[::1]:0"), and where who
 * asks it comes from.
 */
#ifndef GY_NET_ADDRESS_H
#define GY_NET_ADDRESS_H

#include <netinet/in.h>

#include "base/op.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Fails: INVALID. */
enum rc address_read(struct op *op, struct str text, union address *ret) MUST_CHECK;
/* "192.0.2.1", "2001:db8::1"; NULL: "?". */
struct str address_text(struct arena *a, const union address *x);
/* What one subscriber has to himself: of IPv6 the /64, "2001:db8::/64"; else the address. */
struct str address_network(struct arena *a, const union address *x);
bool address_is_loopback(const union address *x);
/* Plain HTTP is for this machine alone.  Fails: INVALID. */
enum rc address_must_be_loopback(struct op *op, struct str text, const union address *x) MUST_CHECK;
/* Why it could not be listened at: CONFLICT (taken), DENIED (a port of the system), BROKEN. */
enum rc address_failed(struct op *op, struct str listen, int error) MUST_CHECK;

#endif
