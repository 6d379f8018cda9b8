/* SPDX-License-Identifier: Apache-2.0 */
/* serve_net.h -- where `gongyuan serve` listens, and how: plain on loopback, TLS elsewhere. */
#ifndef GY_APP_SERVE_NET_H
#define GY_APP_SERVE_NET_H

#include "cli/cli.h"
#include "net/server.h"

/* Fills listen, the certificate, and the limits of one address; texts live as long as c.
 * Fails: INVALID (not such an address; outside loopback without a certificate), as file_read. */
enum rc serve_net_options(struct cli *c, struct server_options *ret) MUST_CHECK;
/* "https://127.0.0.1:8443" */
struct str serve_net_url(struct cli *c, const struct server_options *o, int port);

#endif
