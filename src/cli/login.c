/* SPDX-License-Identifier: Apache-2.0 */
/* login.c -- `gongyuan login set CODE`: passwords of those who log in to the server, set at the
 * machine itself; `login end`, and in a drill `login code`.
 *
 * They stand in DIR/logins.db, beside the keys and outside the ledger, and can be set while the
 * server runs: it asks at each request.
 */
#include <unistd.h>

#include "cli/out.h"
#include "cli/rows.h"
#include "engine/login.h"

static enum rc open_logins(struct cli *c, struct logins **ret, struct person_id *ret_who)
{
	TRY(cli_open(c, false));
	TRY(cli_person(c, c->words[0], ret_who));
	c->op.random = &c->office.random;
	return logins_open(&c->op, str_fmt(&c->arena, "%s/logins.db", c->office.dir.s), ret);
}

/* The first line of standard input, so that it stands in no list of processes. */
static enum rc password_read(struct cli *c, struct str *ret)
{
	char *line = arena_alloc(&c->arena, 1024);
	size_t n;

	if (!c->json && isatty(STDIN_FILENO))
		cli_note(c, "请输入口令（一行）：", "the password, on one line:");
	if (!fgets(line, 1024, stdin))
		return fail(&c->op, RC_INVALID, "password", "", "请从标准输入给出口令（一行）",
		            "give the password on standard input, on one line");
	n = strcspn(line, "\r\n");
	*ret = (struct str){line, n};
	return RC_OK;
}

static enum rc set_run(struct cli *c)
{
	struct random real = c->host->random();
	uint8_t secret[TOTP_SECRET];
	struct logins *l = NULL;
	struct str password, uri;
	struct person_id who;
	enum rc rc;

	TRY(open_logins(c, &l, &who));
	c->op.random = &real;
	rc = password_read(c, &password);
	random_bytes(&real, secret, sizeof(secret));
	if (rc == RC_OK)
		rc = login_set(&c->op, l, who, password, secret);
	logins_close(l);
	if (rc != RC_OK)
		return rc;
	uri = totp_uri(&c->arena, secret, c->words[0]);
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "person", c->words[0]);
	json_set_str(&c->arena, c->result, "totp", uri);
	cli_say(c, "%s 的口令已设定。请把下面的动态口令密钥录入其手机以外的令牌或离线验证器：\n%s",
	        "the password of %s is set.  The secret of the one-time codes, for a token or an"
	        " offline authenticator:\n%s", c->words[0].s, uri.s);
	return RC_OK;
}

static enum rc end_run(struct cli *c)
{
	struct logins *l = NULL;
	struct person_id who;
	enum rc rc;

	TRY(open_logins(c, &l, &who));
	rc = login_unset(&c->op, l, who);
	logins_close(l);
	if (rc == RC_OK)
		cli_say(c, "%s 的口令已取消，其登录全部结束", "%s has no password any more, and all logins"
		        " have ended", c->words[0].s);
	return rc;
}

/* A drill's users have no token in their pocket. */
static enum rc code_run(struct cli *c)
{
	struct clock real = c->host->clock();
	struct logins *l = NULL;
	struct person_id who;
	struct str code;
	enum rc rc;

	TRY(open_logins(c, &l, &who));
	rc = c->office.drill
	     ? login_code(&c->op, l, who, clock_now_ms(&real), &code)
	     : fail(&c->op, RC_DENIED, "person", "", "只有演练才显示动态口令",
	            "one-time codes are shown in a drill alone");
	logins_close(l);
	if (rc != RC_OK)
		return rc;
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "code", code);
	if (!c->json)
		printf("%s\n", code.s);
	return RC_OK;
}

const struct cli_verb cli_login_verbs[] = {
	{"login", "set", "CODE", 1, 1, .run = set_run,
	 .zh = "设定某人登录服务器的口令（从标准输入读）",
	 .en = "set somebody's password (from standard input)"},
	{"login", "end", "CODE", 1, 1, .run = end_run,
	 .zh = "取消某人的口令并结束其全部登录", .en = "take somebody's password away and end all logins"},
	{"login", "code", "CODE", 1, 1, .run = code_run,
	 .zh = "演练：显示此刻的动态口令", .en = "a drill: the one-time code of this moment"},
};
const size_t cli_nlogin_verbs = COUNT(cli_login_verbs);
