/* SPDX-License-Identifier: Apache-2.0 */
/* dismissal.h -- logins end at once when the ledger changes what somebody may do.
 *
 * Whoever sends such a command is answered only after the logins that it concerns have ended; what
 * changes otherwise (a drill's play) is seen at the next look.
 */
#ifndef GY_APP_DISMISSAL_H
#define GY_APP_DISMISSAL_H

#include "app/reader.h"
#include "app/writer_thread.h"
#include "engine/login.h"

struct dismissal {
	struct reader *on;      /* where it looks */
	struct logins *logins;  /* of that thread */
	struct clock *clock;
};

/* As writer_thread_submit. */
enum rc dismissal_submit(struct dismissal *d, struct writer_thread *t, const struct request *r,
                         writer_answered *done, void *ctx) MUST_CHECK;
void dismissal_look(struct dismissal *d); /* any thread */

#endif
