/* SPDX-License-Identifier: Apache-2.0 */
/* person.c -- people are typed and shown by their staff code; the ledger knows numbers. */
#include "cli/cli.h"
#include "domain/people/people.h"

enum rc cli_person(struct cli *c, struct str text, struct person_id *ret)
{
	struct err before = c->op.err;
	int64_t n;
	enum rc rc = RC_NOT_FOUND;

	/* A code goes before a number: offices number their staff with digits alone. */
	if (code_valid(text))
		rc = people_find(&c->op, text, ret);
	if (rc != RC_NOT_FOUND)
		return rc;
	if (str_is(text, "0"))
		n = 0; /* the system: the foundation of an office */
	else if (!str_to_i64(text, &n) || n < 0)
		return fail(&c->op, RC_NOT_FOUND, "person", "", "没有工号为 %s 的人员",
		            "nobody has the staff code %s", text.s);
	c->op.err = before;
	*ret = (struct person_id){n};
	return RC_OK;
}

struct str cli_person_text(struct cli *c, struct person_id who)
{
	struct err before = c->op.err;
	struct str code;

	if (who.v == 0)
		return str_of(cli_tr(c, "系统", "system"));
	if (people_code(&c->op, who, &code) != RC_OK) {
		c->op.err = before;
		return str_fmt(&c->arena, "#%lld", (long long)who.v);
	}
	return code;
}
