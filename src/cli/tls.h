/* SPDX-License-Identifier: Apache-2.0 */
/* tls.h -- the certificates in DIR/keys/tls/: root.key, root.crt, server.key, server.crt. */
#ifndef GY_CLI_TLS_H
#define GY_CLI_TLS_H

#include "base/certificate.h"
#include "cli/cli.h"

struct str tls_path(struct cli *c, const char *name);
/* `which`: "root" or "server".  Fails: NOT_FOUND (says how to make it), as file_read. */
enum rc tls_pair_read(struct cli *c, const char *which, struct certificate_pair *ret) MUST_CHECK;

#endif
