/* SPDX-License-Identifier: Apache-2.0 */
/* audit_world.h -- a large, sound ledger for the auditor, written past the writer.
 *
 * The foundation is an office's; what follows is written by docs/formats.md straight through the
 * ledger's append: of each four entries a patrol, a hand-over with a posting, and what follows from
 * each; after every 64 acts the host signs the head of its chain; one entry in a hundred carries
 * two Ed25519 signatures of persons.  The projections stay at the foundation.
 */
#ifndef GY_BENCH_AUDIT_WORLD_H
#define GY_BENCH_AUDIT_WORLD_H

#include "base/op.h"

/* What was made. */
struct audit_world {
	int64_t entries, bytes, least; /* least: bytes of the shortest of those that follow */
	int64_t signatures;            /* of persons and of the device */
};

/* Makes it in `dir`, which must not exist, with `entries` entries and a signed checkpoint; says on
 * stderr how far it is. */
enum rc audit_world_make(struct op *op, struct str dir, struct str profile, int64_t entries,
                         struct audit_world *ret) MUST_CHECK;

#endif
