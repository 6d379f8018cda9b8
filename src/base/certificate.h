/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.h -- an office's own root and the certificate of its server: EC P-256, X.509, PEM.
 *
 * PCs of an office are made to trust the root.  So that it can vouch for nothing but this server,
 * whoever gets hold of its key, the names that it may certify stand in it (RFC 5280 4.2.1.10),
 * critical: a name that was not given when it was made needs a new root.
 */
#ifndef GY_CERTIFICATE_H
#define GY_CERTIFICATE_H

#include "base/op.h"

enum { CERTIFICATE_NAMES = 32 }; /* of one server, at most */

struct certificate_names {
	struct str name[CERTIFICATE_NAMES]; /* exam.example.gov.cn, 10.1.2.3, fd00::1 */
	size_t n;
};
struct certificate_pair {
	struct str key, certificate; /* PEM; in the op's arena */
};
struct certificate_facts {
	struct certificate_names names; /* empty of a root */
	int64_t from_ms, until_ms;
	struct str fingerprint; /* SHA-256, "AB:CD:…", as browsers show it */
};

/* Adds one, once.  Fails: INVALID (neither a host name in small letters nor an address, or too
 * many). */
enum rc certificate_name(struct op *op, struct certificate_names *to, struct str name) MUST_CHECK;
/* A root for these names: ten years. */
enum rc certificate_root(struct op *op, const struct certificate_names *names, int64_t now_ms,
                         struct certificate_pair *ret) MUST_CHECK;
/* A server's, from that root: 397 days, what browsers take of a new one.  Fails: CONFLICT (a name
 * that the root may not certify, or the root has expired), BROKEN (not a root, not a pair). */
enum rc certificate_issue(struct op *op, const struct certificate_pair *root,
                          const struct certificate_names *names, int64_t now_ms,
                          struct certificate_pair *ret) MUST_CHECK;
/* Fails: BROKEN (no certificate). */
enum rc certificate_read(struct op *op, struct str pem, struct certificate_facts *ret) MUST_CHECK;

#endif
