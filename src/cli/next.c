/* SPDX-License-Identifier: Apache-2.0 */
/* next.c -- `gongyuan next`: the next step from an empty folder to a working office.
 *
 * The steps stand in one table in their order; the first that is not done is told.  While the
 * foundation is open every act tells it as well, so that nobody needs a book beside the keyboard.
 */
#include "cli/next.h"

#include "cli/out.h"
#include "cli/rows.h"
#include "engine/rebuild.h"

struct step {
	const char *id;
	const char *table; /* done when it has so many rows; NULL: */
	int64_t rows;
	const char *role;  /* done when somebody holds it everywhere; NULL: */
	bool keyed;        /* and has a key */
	bool founded;      /* done when the foundation is closed */
	const char *file;  /* done when DIR has it */
	const char *zh, *en, *command;
};

#define ADMIN(r, z, e) \
	{.id = r, .role = r, .zh = "指定" z "（三员各一人，不兼考务）", \
	 .en = "name the " e " (three persons, who do no examination work)", \
	 .command = "gongyuan authority grant --person CODE --role " r}
#define KEY(r, z, e) \
	{.id = r "_key", .role = r, .keyed = true, .zh = "登记" z "的签名公钥（先 gongyuan key new FILE）", \
	 .en = "register the key of the " e " (gongyuan key new FILE makes one)", \
	 .command = "gongyuan authority register-key --person CODE --key PUBLIC"}

static const struct step STEPS[] = {
	{.id = "places", .table = "place", .rows = 1,
	 .zh = "登记地点：省、市逐个登记，县区、考点可导入",
	 .en = "places: province and city one by one, counties and sites out of a file",
	 .command = "gongyuan place add --place sc --kind area --name NAME;"
	            " gongyuan import places FILE"},
	{.id = "people", .table = "people_person", .rows = 1, .zh = "登记工作人员（连同单位）",
	 .en = "staff and their units", .command = "gongyuan import people FILE"},
	ADMIN("system_admin", "系统管理员", "system administrator"),
	ADMIN("security_admin", "安全管理员", "security administrator"),
	ADMIN("audit_admin", "审计管理员", "audit administrator"),
	KEY("system_admin", "系统管理员", "system administrator"),
	KEY("security_admin", "安全管理员", "security administrator"),
	KEY("audit_admin", "审计管理员", "audit administrator"),
	{.id = "grants", .table = "authority_grant", .rows = 4,
	 .zh = "给第一批工作人员授权（组建完成后每项授权须两人签名）",
	 .en = "grant the first workers (after the foundation each grant needs two signatures)",
	 .command = "gongyuan import grants FILE"},
	{.id = "found", .founded = true, .zh = "完成组建：此后没有授权谁也不能登记",
	 .en = "close the foundation: from then on nobody records without a grant",
	 .command = "gongyuan authority found"},
	{.id = "candidates", .table = "exam_candidate", .rows = 1, .zh = "导入考生", .en = "candidates",
	 .command = "gongyuan import candidates FILE --as CODE"},
	{.id = "rooms", .table = "arrange_room", .rows = 1, .zh = "导入考场编排",
	 .en = "rooms of each session",
	 .command = "gongyuan import rooms FILE --as CODE"},
	{.id = "seats", .table = "arrange_seat", .rows = 1, .zh = "导入座位编排", .en = "seats",
	 .command = "gongyuan import arrangement FILE --as CODE"},
	{.id = "logins", .file = "logins.db", .zh = "为登录服务器的人设定口令", .en = "passwords of those who"
	 " log in to the server", .command = "gongyuan login set CODE"},
	{.id = "serve", .zh = "检查、备份、启动服务", .en = "check, back up, serve",
	 .command = "gongyuan db doctor; gongyuan backup FOLDER --keys-to SAFE; gongyuan serve"},
};

static bool held(const struct cli *c, const struct writer *w, const struct step *s)
{
	struct person_id who[8];
	struct ed25519_public key;
	size_t n = authority_holders(w->authority, str_of(s->role), STR(""), c->op.now_ms, who,
	                             COUNT(who));

	for (size_t i = 0; s->keyed && i < n; i++)
		if (authority_key_of(w->authority, who[i], &key))
			return true;
	return n > 0 && !s->keyed;
}

static enum rc done(struct cli *c, const struct writer *w, const struct step *s, bool *ret)
{
	int64_t rows = 0;

	if (s->table)
		TRY(projection_rows(&c->op, c->office.store.view, &c->office.modules, s->table, &rows));
	*ret = (s->table && rows >= s->rows) || (s->role && held(c, w, s)) ||
	       (s->founded && authority_is_founded(w->authority)) ||
	       (s->file && file_exists(str_fmt(&c->arena, "%s/%s", c->office.dir.s, s->file)));
	return RC_OK;
}

/* After the foundation the steps of the foundation are over, however they were done. */
static enum rc find(struct cli *c, const struct writer *w, const struct step **ret)
{
	size_t i = 0;
	bool is_done;

	while (authority_is_founded(w->authority) && !STEPS[i].founded)
		i++;
	for (; i + 1 < COUNT(STEPS); i++) {
		TRY(done(c, w, &STEPS[i], &is_done));
		if (!is_done)
			break;
	}
	*ret = &STEPS[i];
	return RC_OK;
}

static void tell(struct cli *c, const struct step *s)
{
	cli_say(c, "下一步：%s\n    %s", "next: %s\n    %s", cli_tr(c, s->zh, s->en), s->command);
}

enum rc next_tell(struct cli *c, const struct writer *w)
{
	const struct step *s;

	if (c->json || authority_is_founded(w->authority))
		return RC_OK;
	TRY(find(c, w, &s));
	tell(c, s);
	return RC_OK;
}

static enum rc next_run(struct cli *c)
{
	struct writer *w = ARENA_NEW(&c->arena, struct writer);
	const struct step *s = NULL;
	struct office *o = &c->office;
	enum rc rc;

	TRY(cli_open(c, false));
	rc = writer_open(&c->op, &(struct writer_options){
		.store = &o->store, .modules = &o->modules, .clock = &o->clock, .random = &o->random,
		.vault_key = o->vault_key, .device_key = &o->device_key}, w);
	if (rc == RC_OK)
		rc = find(c, w, &s);
	if (w->store)
		writer_release(w);
	TRY(rc);
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "command", str_of(s->command));
	json_set_str(&c->arena, c->result, "next", str_of(s->id));
	if (!c->json)
		tell(c, s);
	return RC_OK;
}

const struct cli_verb cli_next_verbs[] = {
	{"next", "", "", 0, 0, .run = next_run,
	 .zh = "建立机构：下一步做什么", .en = "setting up an office: what to do next"},
};
const size_t cli_nnext_verbs = COUNT(cli_next_verbs);
