/* SPDX-License-Identifier: Apache-2.0 */
/* rebuild_private.h -- how far the projections have seen, for the writer's own files. */
#ifndef GY_REBUILD_PRIVATE_H
#define GY_REBUILD_PRIVATE_H

#include "engine/rebuild.h"

/* view_state: entries seen, and the shape (tables, revisions) they were made under. */
struct view_state {
	int64_t at;      /* -1: no projections here */
	struct str shape; /* hex */
};
enum rc view_state(struct op *op, struct db *view, struct view_state *ret) MUST_CHECK;
enum rc view_mark(struct op *op, struct db *view, int64_t at) MUST_CHECK;

/* Applies entries [from, until) to a view with these modules; `profile` changes with each
 * rules.adopted on the way (its bytes come from the store's blobs) and is left at the last. */
struct fill {
	const struct ledger *ledger;
	struct db *db;
	const struct modules *modules;
	struct arena *keep;      /* of the profiles */
	struct profile *profile;
	struct writer *writer;   /* NULL outside one */
};
enum rc projection_range(struct op *op, const struct fill *f, int64_t from,
                         int64_t until) MUST_CHECK;

/* Brings a writer's memory and projections in step with the ledger's committed entries. */
enum rc writer_reload(struct op *op, struct writer *w) MUST_CHECK;

#endif
