/* SPDX-License-Identifier: Apache-2.0 */
/* demo_users.c -- see demo_users.h. */
#include "app/demo_users.h"

#include <time.h>

#include "cli/out.h"
#include "db/store.h"
#include "engine/login.h"

/* Of a drill's city (app/drill_city.c), and of `gongyuan demo` (app/demo_cast.c). */
static const struct user {
	const char *city, *county, *zh, *en;
} USERS[] = {
	{"CD1-D1", "P0015", "市值班员", "city duty officer"},
	{"CD1-O1", "P0017", "市考务办", "city office"},
	{"X01-O1", "P0010", "县考务办", "county office"},
	{"X01S01-A1", "S01-01", "考点主考", "site chief"},
	{"X01S01-C1", "S01-02", "考点考务员", "site clerk"},
	{"X01-K1", "P0020", "保密室保管员", "keeper of a secrecy room"},
	{"X01-G1", "P0024", "保密室值守员", "guard of a secrecy room"},
	{"X01-C01", "C01-1", "押运员", "courier"},
	{"CD1-J1", "", "纪检监察员", "discipline officer"},
	{"SC1-A1", "P0001", "系统管理员", "system administrator"},
	{"SC1-B1", "P0002", "安全管理员", "security administrator"},
	{"SC1-C1", "P0003", "审计管理员（核验）", "audit administrator (auditor)"},
};

enum { GROUPS = 3, GROUP = 4, FILE_MOST = 65536 };

struct users {
	struct cli *c;
	struct random random; /* the system's: a drill's own is no secret */
	struct clock clock;
	struct logins *logins;
	struct str path;
	struct json *kept;    /* staff code -> password */
};

static enum rc only_in_a_drill(struct cli *c)
{
	if (c->office.drill)
		return RC_OK;
	return fail(&c->op, RC_DENIED, "data", "", "%s 是真实台账：演练用户只存在于演练",
	            "%s is a real ledger: there are demo users in a drill alone", c->office.dir.s);
}

static enum rc users_open(struct cli *c, struct users *u)
{
	struct str bytes;

	*u = (struct users){.c = c};
	TRY(cli_open(c, false));
	TRY(only_in_a_drill(c));
	u->random = c->host->random();
	u->clock = c->host->clock();
	c->op.random = &u->random;
	u->path = str_fmt(&c->arena, "%s/demo-users.json", c->office.dir.s);
	u->kept = json_new_object(&c->arena);
	if (file_exists(u->path)) {
		TRY(file_read(&c->op, u->path, FILE_MOST, &bytes));
		TRY(json_read(&c->op, bytes, &u->kept));
	}
	return logins_open(&c->op, str_fmt(&c->arena, "%s/logins.db", c->office.dir.s), &u->logins);
}

/* Sixty bits, without letters that are taken for digits. */
static struct str password_new(struct users *u)
{
	static const char LETTERS[] = "abcdefghjkmnpqrstuvwxyz23456789-";
	struct strbuf b;

	strbuf_init(&b, &u->c->arena);
	for (int i = 0; i < GROUPS * GROUP; i++) {
		if (i && i % GROUP == 0)
			strbuf_addc(&b, '-');
		strbuf_addc(&b, LETTERS[random_below(&u->random, sizeof(LETTERS) - 2)]);
	}
	return strbuf_str(&b);
}

/* The file first: an account whose password nobody knows would be of no use. */
static enum rc password_of(struct users *u, const char *code, struct str *ret)
{
	struct cli *c = u->c;

	*ret = json_str(u->kept, code);
	if (ret->n)
		return RC_OK;
	*ret = password_new(u);
	json_set_str(&c->arena, u->kept, code, *ret);
	return file_write(&c->op, u->path, json_canonical(&c->arena, u->kept), 0600);
}

/* The code that counts next; an account that is missing is made. */
static enum rc code_of(struct users *u, struct person_id who, struct str password, struct str *ret)
{
	struct op *op = &u->c->op;
	struct err before = op->err;
	int64_t now_ms = clock_now_ms(&u->clock);
	uint8_t secret[TOTP_SECRET];
	enum rc rc = login_code(op, u->logins, who, now_ms, ret, NULL);

	if (rc != RC_NOT_FOUND)
		return rc;
	op->err = before;
	random_bytes(&u->random, secret, sizeof(secret));
	TRY(login_set(op, u->logins, who, password, secret));
	return login_code(op, u->logins, who, now_ms, ret, NULL);
}

/* The staff code of a row that this drill has; NULL: nobody. */
static const char *who_of(struct users *u, const struct user *row, struct person_id *ret)
{
	const char *codes[] = {row->city, row->county};
	struct err before = u->c->op.err;

	for (size_t i = 0; i < COUNT(codes); i++) {
		if (*codes[i] && cli_person(u->c, str_of(codes[i]), ret) == RC_OK)
			return codes[i];
		u->c->op.err = before;
	}
	return NULL;
}

static enum rc tell_user(struct users *u, const struct user *row, struct grid *g, struct json *list)
{
	struct arena *a = &u->c->arena;
	struct json *o = json_new_object(a);
	struct str password, code;
	struct person_id who;
	const char *person = who_of(u, row, &who);

	if (!person)
		return RC_OK;
	TRY(password_of(u, person, &password));
	TRY(code_of(u, who, password, &code));
	grid_addz(g, person);
	grid_add(g, password);
	grid_add(g, code);
	grid_addz(g, u->c->lang == CLI_BOTH ? str_fmt(a, "%s %s", row->zh, row->en).s
	                                    : cli_tr(u->c, row->zh, row->en));
	json_set_str(a, o, "person", str_of(person));
	json_set_str(a, o, "password", password);
	json_set_str(a, o, "code", code);
	json_set_str(a, o, "zh", str_of(row->zh));
	json_set_str(a, o, "en", str_of(row->en));
	json_put(list, NULL, o);
	return RC_OK;
}

static enum rc tell_users(struct users *u)
{
	struct cli *c = u->c;
	struct json *list = json_new_array(&c->arena);
	struct grid g;

	grid_init(&g, &c->arena, 4);
	grid_addz(&g, cli_tr(c, "工号", "user"));
	grid_addz(&g, cli_tr(c, "口令", "password"));
	grid_addz(&g, cli_tr(c, "动态口令", "code now"));
	grid_addz(&g, cli_tr(c, "岗位", "role"));
	for (size_t i = 0; i < COUNT(USERS); i++)
		TRY(tell_user(u, &USERS[i], &g, list));
	if (!list->count)
		return fail(&c->op, RC_NOT_FOUND, "data", "", "%s 里还没有演练人员：请先让演练进行",
		            "%s has nobody yet: let the drill be played first", c->office.dir.s);
	c->result = json_new_object(&c->arena);
	json_put(c->result, "users", list);
	if (!c->json)
		grid_print(&g, stdout);
	return RC_OK;
}

/* `demo code USER`, `demo password USER`: one line, for scripts. */
static enum rc tell_line(struct users *u, const char *name, struct str text)
{
	struct cli *c = u->c;

	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, name, text);
	if (!c->json)
		printf("%s\n", text.s);
	return RC_OK;
}

static enum rc nobody(struct cli *c)
{
	return fail(&c->op, RC_NOT_FOUND, "person", "",
	            "%s 没有登录口令；gongyuan demo users 列出可以登录的人",
	            "%s has no password; gongyuan demo users lists who may log in", c->words[0].s);
}

/* Who logs in three times in a minute is ahead of the clock: the code is told when it counts. */
static void wait_until(struct users *u, int64_t from_ms)
{
	int64_t wait_ms = from_ms - clock_now_ms(&u->clock);

	if (wait_ms <= 0)
		return;
	fprintf(stderr, cli_tr(u->c, "这些动态口令都已用过，%lld 秒后有下一个……\n",
	                       "the codes of this moment are used: the next one in %lld seconds ...\n"),
	        (long long)(wait_ms / 1000 + 1));
	(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){
		.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000}, NULL);
}

static enum rc tell_code(struct users *u)
{
	struct cli *c = u->c;
	struct person_id who;
	struct str code;
	int64_t from_ms;

	TRY(cli_person(c, c->words[0], &who));
	if (login_code(&c->op, u->logins, who, clock_now_ms(&u->clock), &code, &from_ms) != RC_OK)
		return c->op.err.rc == RC_NOT_FOUND ? nobody(c) : c->op.err.rc;
	wait_until(u, from_ms);
	return tell_line(u, "code", code);
}

static enum rc tell_password(struct users *u)
{
	struct str password = json_str(u->kept, u->c->words[0].s);

	return password.n ? tell_line(u, "password", password) : nobody(u->c);
}

static enum rc with_users(struct cli *c, enum rc (*f)(struct users *u))
{
	struct users u;
	enum rc rc = users_open(c, &u);

	if (rc == RC_OK)
		rc = f(&u);
	logins_close(u.logins);
	return rc;
}

enum rc demo_users_verb(struct cli *c)
{
	return with_users(c, tell_users);
}

enum rc demo_code_verb(struct cli *c)
{
	return with_users(c, tell_code);
}

enum rc demo_password_verb(struct cli *c)
{
	return with_users(c, tell_password);
}
