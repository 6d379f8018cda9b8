/* SPDX-License-Identifier: Apache-2.0 */
/* shell.c -- fork and exec, with output kept in files. */
#include "kit/check.h"

#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "db/store.h"
#include "shell.h"

#define ARGS_MAX 64

static const char *need(const char *name)
{
	const char *v = getenv(name);

	if (!v)
		fail_msg("%s is not set", name);
	return v;
}

static const char *server(void)
{
	const char *db = getenv("TEST_DB");

	return db && strcmp(db, "postgres") == 0 ? getenv("GONGYUAN_PG_URL") : NULL;
}

/* One of its own to each shell: a program may have two open. */
static void database(struct shell *s, const char *verb)
{
	const char *url = server();
	struct str name = str_fmt(&s->arena, "gy_cli_%d_%s", (int)getpid(),
	                          s->top.s + s->top.n - STR("XXXXXX").n);
	const char *host = strstr(url, "://"), *slash = strchr(host + 3, '/');
	const char *query = strchr(url, '?');

	shell_system(s, "psql -qX '%s' -c '%s DATABASE \"%s\"' </dev/null >/dev/null",
	             url, verb, name.s);
	s->url = str_fmt(&s->arena, "%.*s/%s%s", (int)(slash ? slash - url : (long)strlen(url)), url,
	                 name.s, query ? query : "");
}

void shell_open(struct shell *s)
{
	const char *tmp = getenv("TMPDIR");
	char *top;

	memset(s, 0, sizeof(*s));
	s->op.arena = &s->arena;
	top = (char *)(uintptr_t)str_fmt(&s->arena, "%s/gy-cli-XXXXXX", tmp ? tmp : "/tmp").s;
	assert_non_null(mkdtemp(top));
	s->top = str_of(top);
	s->data = shell_path(s, "data");
	if (server())
		database(s, "CREATE");
}

void shell_close(struct shell *s)
{
	shell_system(s, "chmod -R u+rwX '%s' && rm -rf '%s'", s->top.s, s->top.s);
	if (s->url.n)
		database(s, "DROP");
	arena_release(&s->arena);
}

struct str shell_path(struct shell *s, const char *name)
{
	return str_fmt(&s->arena, "%s/%s", s->top.s, name);
}

struct str shell_read(struct shell *s, struct str path)
{
	struct str text = {"", 0};

	assert_ok(file_read(&s->op, path, 1 << 26, &text));
	return text;
}

void shell_write(struct shell *s, struct str path, const char *text)
{
	assert_ok(file_write(&s->op, path, str_of(text), 0644));
}

void shell_system(struct shell *s, const char *fmt, ...)
{
	va_list ap;
	struct str line;
	int rc;

	va_start(ap, fmt);
	line = str_vfmt(&s->arena, fmt, ap);
	va_end(ap);
	rc = system(line.s);
	if (rc != 0)
		fail_msg("%s: %d", line.s, rc);
}

static void redirect(struct str path, int flags, int to)
{
	int fd = open(path.s, flags, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
	close(fd);
}

void sh_input(struct shell *s, struct str text)
{
	assert_ok(file_write(&s->op, shell_path(s, "stdin"), text, 0600));
}

static void execute(struct shell *s, const char **argv)
{
	struct str in = shell_path(s, "stdin"), out = shell_path(s, "stdout");
	struct str err = shell_path(s, "stderr");
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		redirect(file_exists(in) ? in : STR("/dev/null"), O_RDONLY, 0);
		redirect(out, O_WRONLY | O_CREAT | O_TRUNC, 1);
		redirect(err, O_WRONLY | O_CREAT | O_TRUNC, 2);
		execv(argv[0], (char **)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	unlink(in.s);
	s->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	s->out = shell_read(s, out);
	s->err = shell_read(s, err);
}

/* Splits a line in place: blanks part words, a quoted part may hold them. */
static int split(char *line, const char **ret, int max)
{
	char *to = line;
	bool quoted = false, word = false;
	int n = 0;

	for (char *p = line; *p; p++) {
		if (*p == ' ' && !quoted) {
			*to++ = '\0';
			word = false;
			continue;
		}
		if (!word) {
			assert_true(n < max);
			ret[n++] = to;
			word = true;
		}
		if (*p == '\'')
			quoted = !quoted;
		else
			*to++ = *p;
	}
	*to = '\0';
	return n;
}

static int run(struct shell *s, bool json, const char *fmt, va_list ap)
{
	struct str line = str_vfmt(&s->arena, fmt, ap);
	const char *argv[ARGS_MAX];
	struct err before = s->op.err;
	int n = 1 + split((char *)(uintptr_t)line.s, argv + 1, ARGS_MAX - 8);

	argv[0] = need("GONGYUAN_BIN");
	argv[n++] = "--data";
	argv[n++] = s->data.s;
	if (s->url.n) {
		argv[n++] = "--db";
		argv[n++] = s->url.s;
	}
	if (s->lang) {
		argv[n++] = "--lang";
		argv[n++] = s->lang;
	}
	if (json)
		argv[n++] = "--json";
	argv[n] = NULL;
	execute(s, argv);
	s->doc = NULL;
	if (json && json_read(&s->op, s->out, &s->doc) != RC_OK)
		s->doc = NULL;
	s->op.err = before;
	return s->status;
}

int sh(struct shell *s, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = run(s, s->json, fmt, ap);
	va_end(ap);
	return rc;
}

int sh_json(struct shell *s, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = run(s, true, fmt, ap);
	va_end(ap);
	return rc;
}

void shell_status(const struct shell *s, int got, int want, const char *file, int line)
{
	if (got == want)
		return;
	print_error("exit code %d, not %d\nstdout: %s\nstderr: %s\n", got, want, s->out.s, s->err.s);
	_fail(file, line);
}

bool shell_said(const struct shell *s, const char *text)
{
	return strstr(s->out.s, text) || strstr(s->err.s, text);
}

void shell_init(struct shell *s)
{
	struct str profile = str_fmt(&s->arena, "%s/profiles/demo.json", need("GONGYUAN_SOURCE"));

	assert_status(s, sh(s, "init --profile %s --origin test.example/1", profile.s), 0);
}

static void administrator(struct shell *s, const char *code, const char *role)
{
	struct str key = str_fmt(&s->arena, "%s/%s.key", s->top.s, code);
	struct str public;

	assert_status(s, sh(s, "people register --code %s --unit U1 --secrecy false --name 管理员甲",
	                    code), 0);
	assert_status(s, sh(s, "authority grant --person %s --role %s", code, role), 0);
	assert_status(s, sh_json(s, "key new %s", key.s), 0);
	public = str_copy(&s->arena, json_str(s->doc, "key"));
	assert_status(s, sh(s, "authority register-key --person %s --key %s", code, public.s), 0);
}

void shell_worker(struct shell *s, const char *code, const char *role, const char *place)
{
	assert_status(s, sh(s, "people register --code %s --unit U1 --secrecy true --name 工作人员乙",
	                    code), 0);
	assert_status(s, sh(s, "authority grant --person %s --role %s --place %s", code, role,
	                    place), 0);
}

void shell_begin(struct shell *s)
{
	shell_init(s);
	assert_status(s, sh(s, "place add --place sc --kind area --name 省"), 0);
	assert_status(s, sh(s, "place add --place sc/cd --kind area --name 市"), 0);
	assert_status(s, sh(s, "people add-unit --place sc/cd --code U1 --name 招生考试院"), 0);
	administrator(s, "P1", "system_admin");
	administrator(s, "P2", "security_admin");
	administrator(s, "P3", "audit_admin");
}

void shell_found(struct shell *s)
{
	shell_begin(s);
	assert_status(s, sh(s, "authority found"), 0);
}

struct str shell_sign(struct shell *s, const struct json *prepared, const char *slot,
                      const char *person)
{
	const struct json *slots = json_get(prepared, "slots");

	for (const struct json *x = slots ? slots->first : NULL; x; x = x->next)
		if (str_is(json_str(x, "slot"), slot)) {
			sh_input(s, json_str(x, "message"));
			assert_status(s, sh_json(s, "key sign %s",
			                         str_fmt(&s->arena, "%s/%s.key", s->top.s, person).s), 0);
			return str_copy(&s->arena, json_str(s->doc, "signature"));
		}
	fail_msg("no slot %s in what was prepared", slot);
	return (struct str){0};
}
