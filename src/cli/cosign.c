/* SPDX-License-Identifier: Apache-2.0 */
/* cosign.c -- `gongyuan witness trust|ask|request|accept`: the log's side of witnessing.
 *
 * The folder is open for reading while a witness is asked, and for writing only to keep what it
 * signed: a slow witness holds up nobody.
 */
#include "ledger/cosign.h"

#include "cli/out.h"
#include "cli/paper.h"
#include "cli/rows.h"
#include "ledger/witness_paper.h"

/* The folder closed, so that it may be opened again. */
static void close_office(struct cli *c)
{
	c->host->release(&c->office);
	c->open = false;
	c->op.db = NULL;
}

/* --witness NAME among the known ones; without it the only one. */
static enum rc witness_pick(struct cli *c, struct note_key *ret)
{
	struct policy *p = ARENA_NEW(&c->arena, struct policy);
	struct str name = cli_value(c, "witness"), text;

	TRY(cosign_policy(&c->op, c->office.dir, &c->office.vkey, p, &text));
	if (!name.n && p->nwitnesses == 1) {
		*ret = p->witness[0];
		return RC_OK;
	}
	for (int i = 0; i < p->nwitnesses; i++)
		if (str_eq(p->witness[i].name, name) || str_eq(p->witness_name[i], name)) {
			*ret = p->witness[i];
			return RC_OK;
		}
	if (p->nwitnesses == 0)
		return fail(&c->op, RC_NOT_FOUND, "witness", "",
		            "还没有登记见证单位：gongyuan witness trust VKEY",
		            "no witness is known yet: gongyuan witness trust VKEY");
	return fail(&c->op, RC_NOT_FOUND, "witness", "", "请用 --witness 写明登记过的见证单位（共 %d 家）",
	            "name one of the %d known witnesses with --witness", p->nwitnesses);
}

static enum rc trust_run(struct cli *c)
{
	struct policy *p = ARENA_NEW(&c->arena, struct policy);
	struct note_key k;
	struct str text;
	int64_t quorum;

	TRY(cli_int(c, "quorum", 0, &quorum));
	if (quorum < 0 || quorum > POLICY_MAX)
		return fail(&c->op, RC_INVALID, "quorum", "", "--quorum 应在 1 至 %d 之间",
		            "--quorum is 1 to %d", POLICY_MAX);
	TRY(note_vkey_parse(&c->op, c->words[0], &k));
	TRY(cli_open(c, false));
	TRY(cosign_trust(&c->op, c->office.dir, &c->office.vkey,
	                 &(struct cosign_witness){.key = &k, .url = cli_value(c, "url")}, (int)quorum));
	TRY(cosign_policy(&c->op, c->office.dir, &c->office.vkey, p, &text));
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "policy", text);
	if (!c->json)
		fwrite(text.s, 1, text.n, stdout);
	return RC_OK;
}

/* `note` under the writer's lock. */
static enum rc keep(struct cli *c, const struct note_key *witness, struct str note)
{
	struct checkpoint cp;
	bool new;

	TRY(cli_open(c, true));
	TRY(cosign_keep(&c->op, office_ledger(&c->office), &c->office.vkey, witness, note, &cp, &new));
	c->result = json_new_object(&c->arena);
	json_set_bool(&c->arena, c->result, "new", new);
	json_set_int(&c->arena, c->result, "size", (int64_t)cp.size);
	json_set_str(&c->arena, c->result, "witness", witness->name);
	if (c->json)
		return RC_OK;
	cli_say(c, "%s 已见证 %llu 条%s", "%s has cosigned %llu entries%s", witness->name.s,
	        (unsigned long long)cp.size, new ? "" : cli_tr(c, "（先前已保存）", " (kept before)"));
	return RC_OK;
}

static enum rc ask_run(struct cli *c)
{
	struct str url = cli_value(c, "url"), note = {0};
	struct note_key witness;
	enum rc rc;

	if (!url.n)
		return fail(&c->op, RC_INVALID, "url", "", "请用 --url 写明见证单位的网址",
		            "--url says where the witness is");
	TRY(cli_open(c, false));
	TRY(witness_pick(c, &witness));
	rc = cosign_ask(&c->op, office_ledger(&c->office), &c->office.vkey,
	                &(struct cosign_witness){.key = &witness, .url = url}, &note);
	if (rc == RC_BROKEN && note.n) /* evidence: whoever looks into it needs the bytes */
		fwrite(note.s, 1, note.n, stderr);
	TRY(rc);
	close_office(c);
	return keep(c, &witness, note);
}

static enum rc request_run(struct cli *c)
{
	struct note_key witness;
	struct str body, note, line;
	uint64_t last = 0;
	int64_t old;

	TRY(cli_int(c, "old", -1, &old));
	if (cli_has(c, "old") && old < 0)
		return fail(&c->op, RC_INVALID, "old", "", "--old 不能小于 0", "--old may not be below 0");
	TRY(cli_open(c, false));
	if (old < 0) {
		TRY(witness_pick(c, &witness));
		TRY(cosign_last(&c->op, office_ledger(&c->office), &witness, &last));
		old = (int64_t)last;
	}
	TRY(cosign_request(&c->op, office_ledger(&c->office), (uint64_t)old, &body, &note));
	TRY(file_write(&c->op, c->words[0], body, 0644));
	TRY(witness_paper_request(&c->op, body, &line));
	TRY(cli_qr(c, line));
	c->result = json_new_object(&c->arena);
	json_set_int(&c->arena, c->result, "old", old);
	json_set_str(&c->arena, c->result, "checkpoint", note);
	cli_say(c, "请求已写入 %s（自 %lld 条起）；见证单位用 gongyuan witness answer 答复",
	        "the request is in %s (from %lld entries on); the witness answers it with gongyuan "
	        "witness answer", c->words[0].s, (long long)old);
	return RC_OK;
}

static enum rc accept_run(struct cli *c)
{
	struct note_key witness;
	struct str note;

	TRY(file_read(&c->op, c->words[0], LIMIT_ADD_CHECKPOINT, &note));
	TRY(witness_paper_read(&c->op, note, true, &note));
	TRY(cli_open(c, false));
	TRY(witness_pick(c, &witness));
	close_office(c);
	return keep(c, &witness, note);
}

#define WITNESS_FLAG \
	{"witness", "NAME", "见证单位的名称（只登记了一家时可省）", \
	 "the witness's name (may be left out when only one is known)", false}

static const struct cli_flag TRUST_FLAGS[] = {
	{"quorum", "K", "至少几家签名才算数（默认过半数）",
	 "how many must sign (default: more than half)", false},
	{"url", "URL", "见证单位的网址：gongyuan serve 每次签发后自动请其见证（不写：只走文件或纸面）",
	 "where it is: gongyuan serve asks it after each signature (without it: by file or paper)",
	 false},
};
static const struct cli_flag ASK_FLAGS[] = {
	WITNESS_FLAG,
	{"url", "URL", "见证单位的网址", "where the witness is", false},
};
static const struct cli_flag REQUEST_FLAGS[] = {
	WITNESS_FLAG,
	{"old", "N", "见证单位已见证的条数（默认按本台账所存）",
	 "the size that the witness stands at (default: as this ledger knows)", false},
	CLI_QR_FLAG,
};
static const struct cli_flag ACCEPT_FLAGS[] = {WITNESS_FLAG};

const struct cli_verb cli_cosign_verbs[] = {
	{"witness", "trust", "VKEY", 1, 1, CLI_FLAGS(TRUST_FLAGS), .run = trust_run,
	 .zh = "登记一家见证单位，打印信任策略", .en = "know a witness; prints the policy"},
	{"witness", "ask", "", 0, 0, CLI_FLAGS(ASK_FLAGS), .run = ask_run,
	 .zh = "请见证单位见证最新存证点", .en = "have a witness cosign the newest checkpoint"},
	{"witness", "request", "FILE", 1, 1, CLI_FLAGS(REQUEST_FLAGS), .run = request_run,
	 .zh = "不联网：写出见证请求文件", .en = "without a network: write a request's file"},
	{"witness", "accept", "ANSWER", 1, 1, CLI_FLAGS(ACCEPT_FLAGS), .run = accept_run,
	 .zh = "不联网：核对并保存答复文件", .en = "without a network: check and keep an answer's file"},
};
const size_t cli_ncosign_verbs = COUNT(cli_cosign_verbs);
