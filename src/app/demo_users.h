/* SPDX-License-Identifier: Apache-2.0 */
/* demo_users.h -- `gongyuan demo users`, `demo code USER`, `demo password USER`: who may log in to
 * the server of a drill, one or two of each role, so that a visitor can try what each sees.
 *
 * Passwords are random, made once for a data folder and kept in DIR/demo-users.json, which only its
 * owner can read; an account that is missing is made again with the same password.  Never for a
 * real office: there nobody's password is known to the machine.
 */
#ifndef GY_APP_DEMO_USERS_H
#define GY_APP_DEMO_USERS_H

#include "cli/cli.h"

enum rc demo_users_verb(struct cli *c) MUST_CHECK;
enum rc demo_code_verb(struct cli *c) MUST_CHECK;
enum rc demo_password_verb(struct cli *c) MUST_CHECK;

#endif
