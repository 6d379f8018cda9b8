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

#endif
