/* SPDX-License-Identifier: Apache-2.0 */
/* witness.c -- `gongyuan witness init|serve|answer`: the witness's own side.
 *
 * --data is the witness's folder here, which is no office: it holds no entries, only what was
 * cosigned last.  It belongs on another machine and to another body than the log.
 */
#include "ledger/witness.h"

#include <signal.h>

#include "cli/out.h"
#include "cli/paper.h"
#include "cli/rows.h"
#include "db/store.h"
#include "ledger/witness_paper.h"

static struct str folder(const struct cli *c)
{
	return c->data.n ? c->data : STR("data");
}

static enum rc logs_take(struct cli *c, struct note_key **ret, int *ret_n)
{
	struct note_key *logs = arena_array(&c->arena, CLI_VALUES_MAX, sizeof(*logs));
	int n = 0;

	for (size_t i = 0; i < c->nvalues; i++)
		if (strcmp(c->values[i].flag->name, "log") == 0)
			TRY(note_vkey_parse(&c->op, c->values[i].value, &logs[n++]));
	*ret = logs;
	*ret_n = n;
	return RC_OK;
}

static enum rc init_run(struct cli *c)
{
	struct str name = cli_value(c, "name"), vkey;
	struct note_key *logs, own;
	struct ed25519_key key;
	uint8_t seed[32];
	int n;

	TRY(logs_take(c, &logs, &n));
	if (!name.n || n == 0)
		return fail(&c->op, RC_INVALID, name.n ? "log" : "name", "",
		            "请用 --name 写明本见证单位的名称，用 --log 写明受理的台账的验证密钥",
		            "--name says who this witness is, --log the verifier key of each log");
	random_bytes(c->op.random, seed, sizeof(seed));
	TRY(witness_create(&c->op, folder(c), name, seed, logs, n));
	key = ed25519_from_seed(seed);
	own = note_key_of(name, NOTE_COSIGNATURE, &key.pub);
	vkey = note_vkey_format(&c->arena, &own);
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "vkey", vkey);
	if (!c->json)
		printf("%s\n", vkey.s);
	cli_note(c, "请把这一行验证密钥交给台账一方（gongyuan witness trust）",
	         "give this verifier key to the log's side (gongyuan witness trust)");
	return RC_OK;
}

/* Until SIGINT or SIGTERM, which all threads begun after this leave to us. */
static enum rc serve_run(struct cli *c)
{
	struct clock clock = c->host->clock();
	struct listener_options o = {.body_max = LIMIT_ADD_CHECKPOINT, .handle = witness_http};
	struct listener *l;
	struct witness w;
	sigset_t stop;
	int signal_no = 0;
	enum rc rc;

	o.listen = cli_has(c, "listen") ? cli_value(c, "listen") : STR("127.0.0.1:8081");
	TRY(witness_open(&c->op, folder(c), &w));
	w.clock = &clock;
	o.ctx = &w;
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	rc = listener_start(&c->op, &o, &l);
	if (rc == RC_OK) {
		cli_say(c, "见证单位 %s 在端口 %d 受理 %d 把台账密钥",
		        "the witness %s listens at port %d for %d log keys", w.vkey.name.s,
		        listener_port(l), w.nlogs);
		fflush(c->json ? stderr : stdout);
		sigwait(&stop, &signal_no);
		listener_stop(l);
	}
	witness_release(&w);
	return rc;
}

static enum rc status_error(struct cli *c, const struct witness_answer *a)
{
	static const struct { int status; enum rc rc; } MAP[] = {
		{400, RC_INVALID}, {403, RC_DENIED}, {404, RC_NOT_FOUND}, {409, RC_CONFLICT},
		{422, RC_BROKEN}};
	enum rc rc = RC_INVALID;

	for (size_t i = 0; i < COUNT(MAP); i++)
		if (MAP[i].status == a->status)
			rc = MAP[i].rc;
	if (a->status == 409)
		return fail(&c->op, rc, "old", "C2SP tlog-witness",
		            "本单位已见证至 " STR_FMT " 条：请台账一方用 --old 写明此数重新生成请求",
		            "this witness stands at " STR_FMT ": the request must be made with --old and "
		            "that number", (int)(a->body.n - 1), a->body.s);
	return fail(&c->op, rc, "REQUEST", "C2SP tlog-witness", "不予见证（%d）：" STR_FMT,
	            "not cosigned (%d): " STR_FMT, a->status, STR_ARG(a->body));
}

static enum rc answer_run(struct cli *c)
{
	struct clock clock = c->host->clock();
	struct witness_answer answer;
	struct str body;
	struct witness w;
	enum rc rc;

	TRY(file_read(&c->op, c->words[0], LIMIT_ADD_CHECKPOINT, &body));
	TRY(witness_paper_read(&c->op, body, false, &body));
	TRY(witness_open(&c->op, folder(c), &w));
	rc = witness_add(&c->op, &w, body, clock_now_ms(&clock) / 1000, &answer);
	witness_release(&w);
	TRY(rc);
	if (answer.status != 200)
		return status_error(c, &answer);
	TRY(file_write(&c->op, c->words[1], answer.note, 0644));
	TRY(cli_qr(c, witness_paper_answer(&c->arena, answer.note)));
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "checkpoint", answer.note);
	cli_say(c, "已见证，答复写入 %s", "cosigned; the answer is in %s", c->words[1].s);
	return RC_OK;
}

static const struct cli_flag INIT_FLAGS[] = {
	{"name", "NAME", "本见证单位的名称，例如 witness.example.gov.cn/1",
	 "this witness's name, such as witness.example.gov.cn/1", false},
	{"log", "VKEY", "受理的台账的验证密钥（keys/log.vkey），可多次",
	 "the verifier key of a log (keys/log.vkey); may stand more than once", true},
};
static const struct cli_flag SERVE_FLAGS[] = {
	{"listen", "A:P", "监听地址，只限本机（默认 127.0.0.1:8081）",
	 "where to listen, this machine only (default 127.0.0.1:8081)", false},
};

static const struct cli_flag ANSWER_FLAGS[] = {CLI_QR_FLAG};

const struct cli_verb cli_witness_verbs[] = {
	{"witness", "init", "", 0, 0, CLI_FLAGS(INIT_FLAGS), .run = init_run,
	 .zh = "新建见证单位的文件夹，打印其验证密钥",
	 .en = "make a witness's folder; prints its verifier key"},
	{"witness", "serve", "", 0, 0, CLI_FLAGS(SERVE_FLAGS), .run = serve_run,
	 .zh = "受理见证请求（HTTP）", .en = "answer requests over HTTP"},
	{"witness", "answer", "REQUEST ANSWER", 2, 2, CLI_FLAGS(ANSWER_FLAGS), .run = answer_run,
	 .zh = "不联网：对请求文件见证，写出答复文件",
	 .en = "without a network: cosign a request's file, write the answer's"},
};
const size_t cli_nwitness_verbs = COUNT(cli_witness_verbs);
