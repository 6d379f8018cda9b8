/* SPDX-License-Identifier: Apache-2.0 */
/* test_conformance.c -- is every row of the modules' tables noticed by somebody?
 *
 * A statement, event, expectation or alarm counts as visited when a scenario that names it fails
 * with that row disabled.  Each scenario first plays as it is and must pass; then every row of
 * every module must be named; then the sweep disables the named rows one at a time, each in a
 * process of its own, and the scenario must fail, by an assertion or by not coming to an end.
 *
 *     test_conformance               the whole of it
 *     test_conformance list          the rows, with the scenario that names each
 *     test_conformance play NAME [ROW]   one scenario, aloud
 *
 * The sweep is left out on PostgreSQL (the tables and the statements are the same) and, for its
 * length, under a sanitizer unless GONGYUAN_FULL=1.
 */
#include "conformance/scenario.h"
#include "kit/check.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/modules.h"
#include "engine/modules_private.h"
#include "engine/toy.h"

enum { ROWS_MAX = 4096 };

/* One row that can be disabled. */
struct row {
	struct str name;
	const char *text;            /* of a statement; NULL else */
	bool engine;                 /* of the engine's own modules */
	const struct scenario *by;   /* the first that names it */
};

struct table_of_rows {
	struct arena arena;
	struct row row[ROWS_MAX];
	size_t n;
};

/* Sets that are played with the toy module know the engine's rows alone. */
static const struct {
	const struct scenario_set *set;
	bool toy;
} SETS[] = {
	{&ENGINE_SCENES, true}, {&OFFICE_SCENES, true}, {&WATCH_SCENES, true}, {&PEOPLE_SCENES, false},
	{&PAPER_SCENES, false}, {&TROUBLE_SCENES, false},
	{&ARRANGE_SCENES, false},
	{&ROOM_SCENES, false}, {&SHEET_SCENES, false}, {&FILING_SCENES, false},
	{&STORE_SCENES, false},
	{&TRANSPORT_SCENES, false},
	{&DUTY_SCENES, false}, {&DESK_SCENES, false},
	{&SERVICE_SCENES, false},
	{&SPARE_SCENES, false}, {&STOP_SCENES, false},
	{&PRINT_SCENES, false}, {&SITE_SCENES, false}, {&LOCALISE_SCENES, false},
	{&EXAM_SCENES, false},
	{&ADOPTION_SCENES, false},
	{&SESSION_SCENES, false}, {&ENTRY_SCENES, false},
	{&GATE_SCENES, false}, {&ZONE_SCENES, false},
};

/* How a child ended. */
enum ending { PASSED, FAILED, ENDLESS };

struct outcome {
	enum ending ending;
	int64_t cpu_ms;
};

/* TAP. */
struct tap {
	int n, failed;
};

static void tap(struct tap *t, bool ok, const char *what, const char *name)
{
	t->n++;
	t->failed += !ok;
	printf("%sok %d - %s%s\n", ok ? "" : "not ", t->n, what, name);
	fflush(stdout);
}

/* Rows. */
static void add_row(struct table_of_rows *t, struct str name, const char *text, bool engine)
{
	if (t->n == ROWS_MAX) {
		printf("Bail out! more than %d rows\n", ROWS_MAX);
		exit(1);
	}
	t->row[t->n++] = (struct row){.name = name, .text = text, .engine = engine};
}

static void add_module(struct table_of_rows *t, const struct module *m, bool engine)
{
	struct arena *a = &t->arena;
	size_t i;

	for (i = 0; i < m->nsql; i++)
		add_row(t, str_fmt(a, "sql:%s/%zu", m->name, i), m->sql[i].text, engine);
	for (i = 0; i < m->nevents; i++)
		if (i == 0 || strcmp(m->events[i].name, m->events[i - 1].name) != 0)
			add_row(t, str_fmt(a, "event:%s", m->events[i].name), NULL, engine);
	for (i = 0; i < m->nexpectations; i++)
		add_row(t, str_fmt(a, "expectation:%s", m->expectations[i].id), NULL, engine);
	for (i = 0; i < m->nalarms; i++)
		add_row(t, str_fmt(a, "alarm:%s", m->alarms[i].id), NULL, engine);
}

static void collect_rows(struct table_of_rows *t)
{
	size_t i;

	for (i = 0; i < ENGINE_MODULE_COUNT; i++)
		add_module(t, ENGINE_MODULES[i], true);
	for (i = 0; i < app_nmodules; i++)
		add_module(t, app_modules[i], false);
}

static struct row *find_row(struct table_of_rows *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (str_is(t->row[i].name, name))
			return &t->row[i];
	return NULL;
}

/* Marks who names what; a name that is no row of its modules would count as noticed for the wrong
 * reason, so it fails here. */
static bool mark_names(struct table_of_rows *t, const struct scenario *s, bool toy)
{
	const char *const *name;
	bool sound = true;

	for (name = s->rows; *name; name++) {
		struct row *r = find_row(t, *name);

		if (!r || (toy && !r->engine)) {
			printf("# %s names %s, which is no row of its modules\n", s->name, *name);
			sound = false;
		} else if (!r->by) {
			r->by = s;
		}
	}
	return sound;
}

static bool print_unnamed(const struct table_of_rows *t)
{
	bool all = true;
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!t->row[i].by) {
			printf("# nobody names %s%s%s\n", t->row[i].name.s, t->row[i].text ? ": " : "",
			       t->row[i].text ? t->row[i].text : "");
			all = false;
		}
	return all;
}

static int print_rows(const struct table_of_rows *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		printf("%-40s %s\n", t->row[i].name.s, t->row[i].by ? t->row[i].by->name : "-");
	return 0;
}

/* Children.  Each has a folder of its own for its data, which is removed whatever it did. */
static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

/* An endless loop is one way of failing: the sender of acts would notice too. */
static void limit_cpu(int64_t ms)
{
	struct itimerval limit = {.it_value = {.tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000}};

	signal(SIGPROF, SIG_DFL);
	setitimer(ITIMER_PROF, &limit, NULL);
}

static void be_quiet(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
}

/* cmocka says what an assertion expected only inside a test of its own. */
static void play_test(void **state)
{
	((const struct scenario *)*state)->run();
}

/* `limit_ms` of processor time; 0: no limit. */
static void child(const struct scenario *s, const char *row, const char *dir, int64_t limit_ms,
                  bool aloud)
{
	const struct CMUnitTest test[] = {
		{.name = s->name, .test_func = play_test, .initial_state = (void *)(uintptr_t)s},
	};
	int failed;

	setenv("TMPDIR", dir, 1);
	unsetenv("GONGYUAN_DISABLE");
	if (row)
		setenv("GONGYUAN_DISABLE", row, 1);
	if (limit_ms)
		limit_cpu(limit_ms);
	if (!aloud)
		be_quiet();
	setenv("CMOCKA_MESSAGE_OUTPUT", "STDOUT", 1); /* TAP is the parent's */
	failed = cmocka_run_group_tests_name(s->name, test, NULL, NULL);
	fflush(stdout);
	_exit(failed ? 1 : 0);
}

/* Where a disk's flush costs nothing, for the many ledgers of the sweep. */
static const char *folder(bool sweep)
{
	const char *tmp = getenv("TMPDIR");

	if (sweep && access("/dev/shm", W_OK) == 0)
		return "/dev/shm";
	return tmp && *tmp ? tmp : "/tmp";
}

static struct outcome play(const struct scenario *s, const char *row, int64_t limit_ms, bool aloud)
{
	char dir[256];
	struct rusage used;
	int status = 0;
	pid_t pid;

	snprintf(dir, sizeof(dir), "%s/gy-conform-XXXXXX", folder(row != NULL));
	if (!mkdtemp(dir)) {
		printf("Bail out! no folder %s\n", dir);
		exit(1);
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(s, row, dir, limit_ms, aloud);
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid) {
		printf("Bail out! no child for %s\n", s->name);
		exit(1);
	}
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return (struct outcome){
		.ending = WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF ? ENDLESS
		          : WIFEXITED(status) && WEXITSTATUS(status) == 0    ? PASSED
		                                                             : FAILED,
		.cpu_ms = (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
		          (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000,
	};
}

/* The sweep.  A child may use some times what the whole scenario used: a loop without end takes
 * more, and a slow machine does not. */
static bool sweep_one(const struct scenario *s, int64_t cpu_ms)
{
	const char *const *row;
	bool all = true;

	for (row = s->rows; *row; row++) {
		struct outcome o = play(s, *row, cpu_ms * 4 + 500, false);

		if (o.ending == PASSED) {
			printf("# nobody notices that %s is disabled\n", *row);
			all = false;
		} else if (o.ending == ENDLESS) {
			printf("# without %s it does not come to an end\n", *row);
		}
	}
	return all;
}

static bool with_sweep(void)
{
	const char *db = getenv("TEST_DB"), *full = getenv("GONGYUAN_FULL");

	if (db && strcmp(db, "postgres") == 0)
		return false;
	return !SANITIZED || (full && strcmp(full, "1") == 0);
}

static int run_all(struct table_of_rows *rows, bool named)
{
	bool sweep = with_sweep();
	struct tap t = {0};
	size_t i, j;

	for (i = 0; i < COUNT(SETS); i++)
		for (j = 0; j < SETS[i].set->n; j++) {
			const struct scenario *s = &SETS[i].set->list[j];
			struct outcome o = play(s, NULL, 0, false);

			if (o.ending != PASSED) /* again, to say why */
				o = play(s, NULL, 0, true);
			tap(&t, o.ending == PASSED, "", s->name);
			if (o.ending == PASSED && sweep && s->rows[0])
				tap(&t, sweep_one(s, o.cpu_ms), "it fails without any row it names: ", s->name);
		}
	if (!sweep)
		tap(&t, true, "each row disabled in turn # SKIP ", "PostgreSQL, or a sanitizer");
	tap(&t, named, "", "what a scenario names is a row of its modules");
	tap(&t, print_unnamed(rows), "", "every row is named by a scenario");
	printf("1..%d\n", t.n);
	return t.failed ? 1 : 0;
}

static int play_aloud(const char *name, const char *row)
{
	size_t i, j;

	for (i = 0; i < COUNT(SETS); i++)
		for (j = 0; j < SETS[i].set->n; j++)
			if (strcmp(SETS[i].set->list[j].name, name) == 0) {
				struct outcome o = play(&SETS[i].set->list[j], row, 0, true);

				printf("%s, %lld ms\n", o.ending == PASSED ? "passed" : "failed",
				       (long long)o.cpu_ms);
				return o.ending == PASSED ? 0 : 1;
			}
	printf("no scenario %s\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	static struct table_of_rows rows;
	bool named = true;
	size_t i, j;
	int code;

	collect_rows(&rows);
	for (i = 0; i < COUNT(SETS); i++)
		for (j = 0; j < SETS[i].set->n; j++)
			named = mark_names(&rows, &SETS[i].set->list[j], SETS[i].toy) && named;
	if (argc >= 3 && strcmp(argv[1], "play") == 0)
		code = play_aloud(argv[2], argc > 3 ? argv[3] : NULL);
	else if (argc == 2 && strcmp(argv[1], "list") == 0)
		code = print_rows(&rows);
	else
		code = run_all(&rows, named);
	arena_release(&rows.arena);
	return code;
}
