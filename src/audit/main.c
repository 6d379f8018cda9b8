/* SPDX-License-Identifier: Apache-2.0 */
/* main.c -- gongyuan-audit: flags in, report out.
 *
 * Exit: 0 everything checked agrees, 2 usage or a source that cannot be read, 5 any finding,
 * 75 the source is being written or away, try again.  Findings go to stdout, complaints to stderr.
 */
#include "audit/audit.h"
#include "audit/flags.h"
#include "base/clock.h"

enum { EXIT_WHOLE = 0, EXIT_USAGE = 2, EXIT_FINDINGS = 5, EXIT_LATER = 75 };

static const char *const HELP_ZH =
	"用法：gongyuan-audit [选项] 来源\n"
	"核验一本台账是否完整、未被改动，并说明有哪些事项无法核验。只读，不改动来源。\n"
	"\n"
	"来源：数据目录、导出目录、postgresql:// 地址，或服务器地址 https://…（本机可用 http://127.0.0.1:…）\n"
	"  --known 文件     库外保存的存证点，可多次给出；默认取数据目录旁的“文件夹名.checkpoint”\n"
	"  --policy 文件    信任策略（C2SP tlog-policy）：台账公钥与见证单位\n"
	"  --report 文件    一份值班日报（gongyuan day report --json），重算其中全部试卷数字\n"
	"  --db 地址        数据目录的数据库（postgresql://…）\n"
	"  --token-file 文件 服务器的登录凭证（或用环境变量 GONGYUAN_TOKEN）\n"
	"  --cacert 文件    信任的证书机构（PEM）；默认用本机的\n"
	"  --data 文件夹    同“来源”\n"
	"  --json           输出一份 JSON\n"
	"  --threads 数     同时使用的处理器数；默认全部\n"
	"  --lang zh|en     语言\n"
	"退出码：0 完整；2 用法或来源有误；5 有不符；75 正在写入，或服务器联系不上，稍后再试\n";
static const char *const HELP_EN =
	"Usage: gongyuan-audit [options] SOURCE\n"
	"Checks that a ledger is whole and unaltered, and says what it could not check.  "
	"Read-only.\n"
	"\n"
	"SOURCE: a data folder, an export folder, a postgresql:// URL, or a server: https://...\n"
	"(http://127.0.0.1:... on this machine)\n"
	"  --known FILE     a checkpoint kept outside, any number; default DIR.checkpoint beside "
	"DIR\n"
	"  --policy FILE    a trust policy (C2SP tlog-policy): log keys and witnesses\n"
	"  --report FILE    a day's report (gongyuan day report --json): recomputes its papers\n"
	"  --db URL         the database of a data folder (postgresql://...)\n"
	"  --token-file F   the token of a login, for a server (or GONGYUAN_TOKEN in the "
	"environment)\n"
	"  --cacert FILE    certificate authorities to trust (PEM); default: the system's\n"
	"  --data DIR       the same as SOURCE\n"
	"  --json           one JSON document\n"
	"  --threads N      processors to use; default: all\n"
	"  --lang zh|en     language\n"
	"Exit: 0 whole; 2 usage or source; 5 findings; 75 being written, or the server is away: try "
	"later\n";

static void say(const struct flags *f, const struct err *e)
{
	fprintf(stderr, f->english ? "gongyuan-audit: %s\n" : "gongyuan-audit：%s\n",
	        f->english ? e->en : e->zh);
}

static int audit(struct op *op, const struct flags *f)
{
	struct report *report = ARENA_NEW(op->arena, struct report);
	enum rc rc = audit_run(op, &f->options, report);
	struct str text;

	if (rc != RC_OK) {
		say(f, &op->err);
		return rc == RC_BUSY ? EXIT_LATER : EXIT_USAGE;
	}
	text = f->json ? report_json(op->arena, report)
	               : report_words(op->arena, report, !f->english);
	fwrite(text.s, 1, text.n, stdout);
	if (fflush(stdout) != 0)
		return EXIT_USAGE;
	return report_total(report) > 0 ? EXIT_FINDINGS : EXIT_WHOLE;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct clock clock = clock_system();
	struct op op = {.arena = &arena, .now_ms = clock_now_ms(&clock)};
	struct flags f = {0};
	int code = EXIT_WHOLE;

	if (flags_read(&op, argc, argv, &f) != RC_OK) {
		say(&f, &op.err);
		code = EXIT_USAGE;
	} else if (f.help) {
		fputs(f.english ? HELP_EN : HELP_ZH, stdout);
	} else {
		code = audit(&op, &f);
	}
	arena_release(&arena);
	return code;
}
