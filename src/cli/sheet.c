/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c -- `gongyuan sheet file PICTURE… [--as PERSON]`: scanned forms find themselves by their
 * codes, and with --as are filed in the ledger (domain/filing/filing.h).
 *
 * The pictures are read by ZBar's program, a process of its own: a picture comes from outside, and
 * what reads it should have nothing of ours in its memory.  A page that cannot be read, a form of
 * another history, and a form of whose pages one is missing are findings.  For a room's record
 * sheet the command that keys it is told, with the hash of the scan.
 */
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/act.h"
#include "cli/next.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "db/store.h"
#include "domain/filing/filing.h"
#include "http/form.h"

enum { CODES = 8 }; /* of one picture: a sheet of labels has as many */

struct scanned {
	struct str file, hash;
	bool read;
	struct form_found found;
	int64_t filed; /* by an entry; -1: not */
};

/* Runs `zbarimg` on a file and takes what it prints, at most a page of text.  False: it is not
 * there, or read nothing. */
static bool scan(struct arena *a, const char *file, struct str *ret)
{
	static const char *const FLAGS[] = {"zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable"};
	char *argv[COUNT(FLAGS) + 3] = {0};
	posix_spawn_file_actions_t io;
	char *env[] = {(char *)(uintptr_t)"PATH=/usr/bin:/bin", NULL};
	char text[4096];
	size_t n = 0;
	ssize_t got;
	int pipes[2], status = -1;
	pid_t pid;

	if (pipe(pipes) != 0)
		return false;
	for (size_t i = 0; i < COUNT(FLAGS); i++)
		argv[i] = (char *)(uintptr_t)FLAGS[i];
	argv[COUNT(FLAGS)] = (char *)(uintptr_t)"--"; /* a file whose name begins with "-" */
	argv[COUNT(FLAGS) + 1] = (char *)(uintptr_t)file;
	posix_spawn_file_actions_init(&io);
	posix_spawn_file_actions_adddup2(&io, pipes[1], 1);
	posix_spawn_file_actions_addopen(&io, 2, "/dev/null", 1 /* O_WRONLY */, 0);
	posix_spawn_file_actions_addclose(&io, pipes[0]);
	status = posix_spawnp(&pid, argv[0], &io, NULL, argv, env);
	posix_spawn_file_actions_destroy(&io);
	close(pipes[1]);
	while (status == 0 && n < sizeof(text) &&
	       (got = read(pipes[0], text + n, sizeof(text) - n)) > 0)
		n += (size_t)got;
	close(pipes[0]);
	if (status != 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*ret = str_dup(a, text, n);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 && n > 0;
}

/* The form's own code among those of the picture. */
static bool code_of(struct cli *c, struct str lines, struct str *ret)
{
	struct str line, rest = lines;
	struct form_id id;

	for (int i = 0; i < CODES && str_cut(rest, '\n', &line, &rest); i++)
		if (form_id_read(&c->arena, str_copy(&c->arena, line), &id) && id.pages) {
			*ret = str_copy(&c->arena, line);
			return true;
		}
	return false;
}

static enum rc take(struct cli *c, const struct form_desk *desk, struct str file,
                    struct scanned *ret)
{
	struct scanned s = {.file = file, .filed = -1};
	struct str bytes, lines, code;
	struct hash hash;

	TRY(file_read(&c->op, file, LIMIT_SCAN, &bytes));
	hash = hash_sha256(bytes.s, bytes.n);
	s.hash = hash_hex(&c->arena, &hash);
	if (scan(&c->arena, file.s, &lines) && code_of(c, lines, &code)) {
		TRY(form_find(&c->op, desk, code, &s.found));
		s.read = true;
		s.filed = s.found.filed;
	}
	*ret = s;
	return RC_OK;
}

/* Is a page of its form in none of the pictures?  The first such; 0: all are there. */
static int64_t page_missing(const struct scanned *all, size_t n, const struct scanned *of)
{
	for (int64_t page = 1; page <= of->found.id.pages; page++) {
		bool there = false;

		for (size_t i = 0; i < n && !there; i++)
			there = all[i].read && all[i].found.id.page == page &&
			        str_eq(all[i].found.id.check, of->found.id.check);
		if (!there)
			return page;
	}
	return 0;
}

static bool is_sound(const struct scanned *s, int64_t missing)
{
	return s->read && s->found.sound && missing == 0;
}

static struct json *scanned_json(struct cli *c, const struct scanned *s, int64_t missing)
{
	struct arena *a = &c->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "file", s->file);
	json_set_str(a, o, "hash", s->hash);
	json_set_bool(a, o, "ok", is_sound(s, missing));
	if (!s->read)
		return o;
	json_set_str(a, o, "form", str_of(s->found.kind->id));
	if (s->filed >= 0)
		json_set_int(a, o, "filed", s->filed);
	json_set_str(a, o, "id", form_id_text(a, &s->found.id));
	json_set_int(a, o, "missing_page", missing);
	json_set_int(a, o, "page", s->found.id.page);
	json_set_int(a, o, "pages", s->found.id.pages);
	json_set_str(a, o, "place", s->found.id.place);
	json_set_str(a, o, "session", s->found.id.session);
	json_set_bool(a, o, "sound", s->found.sound);
	return o;
}

static void say(struct cli *c, const struct scanned *s, int64_t missing)
{
	const struct form_found *f = &s->found;

	if (!s->read) {
		cli_say(c, "✗ %s　读不出二维码，请重新扫描（150 dpi 以上）或手工录入",
		        "✗ %s  no code can be read: scan it again at 150 dpi or more, or key it",
		        s->file.s);
		return;
	}
	cli_say(c, "%s %s　%s　%s %s　第 %lld 页共 %lld 页", "%s %s  %s  %s %s  page %lld of %lld",
	        is_sound(s, missing) ? "✓" : "✗", s->file.s, cli_tr(c, f->kind->zh, f->kind->en),
	        f->id.session.s, f->id.place.s, (long long)f->id.page, (long long)f->id.pages);
	if (!f->sound)
		cli_say(c, "　表上的根与本台账不一致", "  the root on paper is not this ledger's");
	if (missing)
		cli_say(c, "　缺第 %lld 页", "  page %lld is missing", (long long)missing);
	if (s->filed >= 0)
		cli_say(c, "　已归档：台账第 %lld 条", "  filed: entry %lld", (long long)s->filed);
	if (is_sound(s, missing) && strcmp(f->kind->id, "room-record") == 0)
		cli_say(c, "　录入：gongyuan sitting hand-in-sheet --place %s --session %s --scan %s …",
		        "  to key it: gongyuan sitting hand-in-sheet --place %s --session %s --scan %s …",
		        f->id.place.s, f->id.session.s, s->hash.s);
}

/* Pages of one form lie at the number of each; all are there (page_missing). */
static struct json *pages_json(struct cli *c, const struct scanned *all, size_t n,
                               const struct scanned *of)
{
	struct json *list = json_new_array(&c->arena);

	for (int64_t page = 1; page <= of->found.id.pages; page++)
		for (size_t i = 0; i < n; i++)
			if (all[i].read && all[i].found.id.page == page &&
			    str_eq(all[i].found.id.check, of->found.id.check)) {
				json_set_str(&c->arena, json_put(list, NULL, json_new_object(&c->arena)), "scan",
				             all[i].hash);
				break;
			}
	return list;
}

static struct json *form_json(struct cli *c, const struct scanned *s, struct json *pages)
{
	struct arena *a = &c->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "check", s->found.id.check);
	json_set_int(a, o, "entries", s->found.id.size);
	json_set_str(a, o, "form", str_of(s->found.kind->id));
	json_put(o, "pages", pages);
	json_set_str(a, o, "place", s->found.id.place);
	json_set_str(a, o, "root", s->found.id.root);
	json_set_str(a, o, s->found.kind->of == FORM_OF_DAY ? "day" : "session", s->found.id.session);
	return o;
}

/* One form, by the picture of its first page. */
static enum rc file_form(struct cli *c, struct person_id actor, struct scanned *all, size_t n,
                         size_t at)
{
	struct form_id *id = &all[at].found.id;
	struct json *in = form_json(c, &all[at], pages_json(c, all, n, &all[at]));
	struct request r = {.command = STR("filing.file_form"), .exam = c->office.exam,
	                    .actor = actor, .source = SOURCE_PAPER};
	struct answer answer = {0};
	struct json *data;
	struct beside none[LIMIT_PERSONAL];
	const struct command *cmd = modules_command(&c->office.modules, r.command);
	enum rc rc;

	TRY(field_intake(&c->op, cmd->fields, cmd->nfields, in, NULL, &data, none, &r.nbeside));
	r.data = data;
	r.key = uuid_v7(&c->arena, c->op.random, c->op.now_ms);
	rc = writer_do(&c->office.writer, &r, &answer);
	if (rc != RC_OK) {
		c->op.err = answer.err.rc != RC_OK ? answer.err : c->office.writer.broken;
		return rc;
	}
	for (size_t i = 0; i < n; i++)
		if (all[i].read && str_eq(all[i].found.id.check, id->check))
			all[i].filed = answer.index;
	return RC_OK;
}

/* What stood in the ledger before is told and not filed again. */
static enum rc file_all(struct cli *c, struct scanned *all, size_t n)
{
	struct person_id actor;
	struct str note;

	TRY(cli_person(c, cli_value(c, "as"), &actor));
	for (size_t i = 0; i < n; i++)
		if (all[i].read && all[i].filed < 0 && is_sound(&all[i], page_missing(all, n, &all[i])))
			TRY(file_form(c, actor, all, n, i));
	return c->host->sign(&c->op, &c->office, &note);
}

static enum rc file_run(struct cli *c)
{
	struct json *list = json_new_array(&c->arena);
	struct scanned all[CLI_WORDS_MAX];
	struct form_desk desk = {.modules = &c->office.modules, .profile = &c->office.profile,
	                         .vault = &c->office.vault};
	size_t n = (size_t)c->nwords;
	bool files = cli_has(c, "as");

	TRY(cli_open(c, files));
	c->op.random = &c->office.random;
	random_at(c->op.random, UINT64_MAX - office_ledger(&c->office)->tree.size);
	desk.ledger = office_ledger(&c->office);
	for (size_t i = 0; i < n; i++)
		TRY(take(c, &desk, c->words[i], &all[i]));
	if (files)
		TRY(file_all(c, all, n));
	for (size_t i = 0; i < n; i++) {
		int64_t missing = all[i].read ? page_missing(all, n, &all[i]) : 0;

		if (!is_sound(&all[i], missing))
			c->findings = 1;
		json_put(list, NULL, scanned_json(c, &all[i], missing));
		if (!c->json)
			say(c, &all[i], missing);
	}
	c->result = json_new_object(&c->arena);
	json_put(c->result, "sheets", list);
	return RC_OK;
}

static const struct cli_flag FLAGS[] = {
	{"as", "PERSON", "归档并登记台账：以谁的名义（工号或编号）",
	 "file them in the ledger: who does so (staff code or number)", false},
};

const struct cli_verb cli_sheet_verbs[] = {
	{"sheet", "file", "PICTURE…", 1, CLI_WORDS_MAX, CLI_FLAGS(FLAGS),
	 .run = file_run, .zh = "扫描件按二维码归到各自的表", .en = "scanned forms find themselves by their codes"},
};
const size_t cli_nsheet_verbs = COUNT(cli_sheet_verbs);
