/* SPDX-License-Identifier: Apache-2.0 */
/* login_private.h -- one connection to logins.db, for login.c, link.c and badge.c. */
#ifndef GY_ENGINE_LOGIN_PRIVATE_H
#define GY_ENGINE_LOGIN_PRIVATE_H

#include <crypt.h>

#include "db/db.h"
#include "engine/login.h"

struct logins {
	struct db *db;
	struct crypt_data crypt;
	char nobody[CRYPT_OUTPUT_SIZE]; /* a hash of no password: to check it takes as long as any */
};

/* Parts of opening a login.  login_may_try fails BUSY while the source must wait; login_wrong
 * counts one more; login_begin makes the token (step: of the one-time code, 0: none was used). */
enum rc login_may_try(struct op *op, struct logins *l, const struct login_try *t,
                      int64_t *ret_tries) MUST_CHECK;
enum rc login_wrong(struct op *op, struct logins *l, const struct login_terms *terms,
                    const struct login_try *t, int64_t tries) MUST_CHECK;
enum rc login_begin(struct op *op, struct logins *l, const struct login_terms *terms,
                    const struct login_try *t, int64_t step, struct str *ret_token) MUST_CHECK;
enum rc login_right(struct op *op, struct logins *l, const struct login_try *t) MUST_CHECK;
/* yescrypt; NULL: libcrypt has none.  Lives in `l`, until the next. */
const char *login_hash(struct op *op, struct logins *l, struct str password);
enum rc login_end_person(struct op *op, struct logins *l, struct person_id who,
                         int64_t now_ms) MUST_CHECK;

/* The secret of this host, made when there is none: for keys of links and for challenges. */
enum rc login_secret(struct op *op, struct logins *l, uint8_t ret[32]) MUST_CHECK;

#endif
