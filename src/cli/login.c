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
#include "engine/login_log.h"

enum { LINES = 1000 };

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
	struct clock real = c->host->clock();
	struct logins *l = NULL;
	struct person_id who;
	enum rc rc;

	TRY(open_logins(c, &l, &who));
	rc = login_unset(&c->op, l, who, clock_now_ms(&real));
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
	     ? login_code(&c->op, l, who, clock_now_ms(&real), &code, NULL)
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

static void tell(struct cli *c, const struct login_line *x, struct json *list)
{
	struct json *o = json_new_object(&c->arena);
	struct str time = clock_format_offset(&c->arena, x->at_ms, c->office.profile.utc_offset_min);
	struct str who = x->who.v ? cli_person_text(c, x->who) : STR("-");

	json_set_int(&c->arena, o, "index", x->index);
	json_set_str(&c->arena, o, "person", who);
	json_set_str(&c->arena, o, "source", x->source);
	json_set_str(&c->arena, o, "time", time);
	json_set_int(&c->arena, o, "times", x->times);
	json_set_str(&c->arena, o, "what", str_of(login_event_text(x->what)));
	json_put(list, NULL, o);
	if (!c->json)
		printf("%lld\t%s\t%s\t%s\t%s\t%lld\n", (long long)x->index, time.s,
		       login_event_text(x->what), who.s, x->source.s, (long long)x->times);
}

static enum rc log_run(struct cli *c)
{
	struct json *list = json_new_array(&c->arena);
	struct login_line *line = arena_array(&c->arena, LINES, sizeof(*line));
	struct logins *l = NULL;
	int64_t from;
	size_t n;
	enum rc rc;

	TRY(cli_int(c, "from", 0, &from));
	TRY(cli_open(c, false));
	c->op.random = &c->office.random;
	TRY(logins_open(&c->op, str_fmt(&c->arena, "%s/logins.db", c->office.dir.s), &l));
	rc = login_lines(&c->op, l, from, line, LINES, &n);
	logins_close(l);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		tell(c, &line[i], list);
	c->result = json_new_object(&c->arena);
	json_put(c->result, "items", list);
	return rc;
}

static const struct cli_flag LOG_FLAGS[] = {
	{"from", "N", "从第几条起（一次至多 1000 条）", "from this line on (1000 at a time)", false},
};
const struct cli_verb cli_login_verbs[] = {
	{"login", "set", "CODE", 1, 1, .run = set_run,
	 .zh = "设定某人登录服务器的口令（从标准输入读）",
	 .en = "set somebody's password (from standard input)"},
	{"login", "end", "CODE", 1, 1, .run = end_run,
	 .zh = "取消某人的口令并结束其全部登录", .en = "take somebody's password away and end all logins"},
	{"login", "code", "CODE", 1, 1, .run = code_run,
	 .zh = "演练：显示此刻的动态口令", .en = "a drill: the one-time code of this moment"},
	{"login", "log", "", 0, 0, CLI_FLAGS(LOG_FLAGS), .run = log_run,
	 .zh = "登录日志：谁登录、谁被拒、谁的登录结束（供审计管理员）",
	 .en = "who logged in, was refused, was logged out (for the audit administrator)"},
};
const size_t cli_nlogin_verbs = COUNT(cli_login_verbs);
