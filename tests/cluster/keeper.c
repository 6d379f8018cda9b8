/* SPDX-License-Identifier: Apache-2.0 */
/* keeper.c -- see keeper.h. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db/db.h"

#define PAGE "4000"

static const struct sql Q_ENTRIES = {
	"SELECT idx, bytes, leaf FROM ledger_entry WHERE log = 0 AND idx >= ? ORDER BY idx LIMIT " PAGE,
	1
};

int64_t keeper_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void keeper_fault(struct keeper *k, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	k->faults++;
}

/* ---- what was acknowledged ---- */

static struct seen *seen_of(struct keeper *k, uint64_t number)
{
	if (number >= k->nseen) {
		uint64_t n = number * 2 + 1024;
		struct seen *more = realloc(k->seen, n * sizeof(*more));

		if (!more)
			abort();
		for (uint64_t i = k->nseen; i < n; i++)
			more[i] = (struct seen){.acked = -1, .index = -1};
		k->seen = more;
		k->nseen = n;
	}
	return &k->seen[number];
}

static void hear(struct keeper *k, const struct act_note *n)
{
	int64_t now = keeper_now_us();
	struct seen *x;

	if (n->kind != NOTE_ACK)
		return;
	x = seen_of(k, n->number);
	if (now - k->last_us > k->gap_us)
		k->gap_us = now - k->last_us;
	k->last_us = now;
	/* The same key is answered with the same receipt. */
	if (x->acked >= 0 && n->index >= 0 &&
	    (x->acked != n->index || !hash_eq(&x->acked_leaf, &n->leaf))) {
		keeper_fault(k, "act %llu was entry %lld and is now %lld", (unsigned long long)n->number,
		             (long long)x->acked, (long long)n->index);
		k->twice++;
	}
	k->acknowledged += x->acked == -1;
	x->acked = n->index < 0 ? -2 : n->index;
	x->acked_leaf = n->leaf;
	while (k->next < k->nseen && k->seen[k->next].acked != -1)
		k->next++;
}

void keeper_reset(struct keeper *k)
{
	k->last_us = keeper_now_us();
	k->gap_us = 0;
}

int64_t keeper_gap_ms(const struct keeper *k)
{
	int64_t open = k->fd >= 0 ? keeper_now_us() - k->last_us : 0;

	return (open > k->gap_us ? open : k->gap_us) / 1000;
}

/* ---- the writer ---- */

static pid_t launch(struct keeper *k, struct str data, struct str url, uint64_t first, int *ret_fd)
{
	char number[24], pause[24];
	int fd[2];
	pid_t pid;

	snprintf(number, sizeof(number), "%llu", (unsigned long long)first);
	snprintf(pause, sizeof(pause), "%u", (unsigned)k->pause_us);
	if (pipe2(fd, O_CLOEXEC) != 0 || (pid = fork()) < 0) {
		perror("cluster-load");
		exit(1);
	}
	if (pid == 0) {
		int said = open(str_fmt(&k->arena, "%s/said", k->top.s).s, O_WRONLY | O_CREAT | O_TRUNC,
		                0600);
		dup2(said, 2);
		dup2(fd[1], 3);
		execl(k->load, k->load, data.s, url.s, number, pause, k->early ? "early" : NULL, NULL);
		_exit(127);
	}
	close(fd[1]);
	*ret_fd = fd[0];
	return pid;
}

/* The last hundred acknowledged acts are sent again with what was never acknowledged. */
void keeper_start(struct keeper *k)
{
	uint64_t first = k->next > 100 ? k->next - 100 : 0;

	k->pid = launch(k, k->data, k->url, k->early ? k->next : first, &k->fd);
	k->starts++;
}

static int reap(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct str first_line(struct keeper *k)
{
	return keeper_line(k, "head -n 1 '%s/said'", k->top.s);
}

static void ended(struct keeper *k)
{
	close(k->fd);
	k->fd = -1;
	k->status = reap(k->pid);
	struct str said = first_line(k);
	if (!str_eq(said, k->said))
		fprintf(stderr, "  the writer ended (%d): %s\n", k->status, said.s);
	k->said = said;
}

/* One note, or nothing for ms. */
static void step(struct keeper *k, int ms)
{
	struct pollfd p = {.fd = k->fd, .events = POLLIN};
	struct act_note n;

	if (k->fd < 0) {
		usleep(100000);
		if (!k->hold)
			keeper_start(k);
	} else if (poll(&p, 1, ms) > 0) {
		if (read(k->fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
			hear(k, &n);
		else
			ended(k);
	}
}

void keeper_run(struct keeper *k, int ms)
{
	int64_t until = keeper_now_us() + (int64_t)ms * 1000;

	while (keeper_now_us() < until)
		step(k, 20);
}

bool keeper_until(struct keeper *k, long more, int ms)
{
	int64_t until = keeper_now_us() + (int64_t)ms * 1000;
	long want = k->acknowledged + more;

	while (k->acknowledged < want && keeper_now_us() < until)
		step(k, 20);
	return k->acknowledged >= want;
}

void keeper_stop(struct keeper *k)
{
	bool hold = k->hold;

	if (k->fd < 0)
		return;
	kill(k->pid, SIGKILL);
	k->hold = true;
	while (k->fd >= 0)
		step(k, 20);
	k->hold = hold;
}

void keeper_drain(struct keeper *k, int fd)
{
	struct act_note n;

	while (read(fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
		hear(k, &n);
	close(fd);
}

int keeper_try(struct keeper *k, struct str data, struct str url, uint64_t first, int ms)
{
	struct pollfd p = {.events = POLLIN};
	int64_t until = keeper_now_us() + (int64_t)ms * 1000, left;
	struct act_note n;
	pid_t pid = launch(k, data, url, first, &p.fd);

	while ((left = until - keeper_now_us()) > 0)
		if (poll(&p, 1, (int)(left / 1000) + 1) > 0 && read(p.fd, &n, sizeof(n)) <= 0)
			break;
	kill(pid, SIGKILL);
	close(p.fd);
	int status = reap(pid);
	k->said = first_line(k);
	return status;
}

bool keeper_said(const struct keeper *k, const char *text)
{
	return strstr(k->said.s, text) != NULL;
}

/* ---- commands ---- */

int keeper_shell(struct keeper *k, const char *fmt, ...)
{
	va_list ap;
	int status;
	pid_t pid, gone;

	va_start(ap, fmt);
	struct str text = str_vfmt(&k->arena, fmt, ap);
	va_end(ap);
	if ((pid = fork()) == 0) {
		execl("/bin/bash", "bash", "-c", text.s, NULL);
		_exit(127);
	}
	while ((gone = waitpid(pid, &status, WNOHANG)) == 0) {
		if (k->fd >= 0 || !k->hold)
			step(k, 20);
		else
			usleep(5000);
	}
	return gone == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct str keeper_line(struct keeper *k, const char *fmt, ...)
{
	char line[1024] = "";
	va_list ap;

	va_start(ap, fmt);
	FILE *f = popen(str_vfmt(&k->arena, fmt, ap).s, "r");
	va_end(ap);
	if (!f)
		return STR("");
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	int status = pclose(f);
	line[strcspn(line, "\n")] = '\0';
	return status == 0 ? str_copy(&k->arena, str_of(line)) : STR("");
}

static const char *need(const char *name)
{
	const char *v = getenv(name);

	if (!v) {
		fprintf(stderr, "%s is not set\n", name);
		exit(2);
	}
	return v;
}

void keeper_open(struct keeper *k, struct str url)
{
	const char *tmp = getenv("TMPDIR");

	*k = (struct keeper){.fd = -1, .hold = true, .url = url, .status = -1,
	                     .said = STR("")};
	k->load = need("GONGYUAN_LOAD");
	k->gongyuan = need("GONGYUAN_BIN");
	k->audit = need("GONGYUAN_AUDIT");
	k->source = need("GONGYUAN_SOURCE");
	k->top = str_fmt(&k->arena, "%s/gy-keeper-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)k->top.s))
		exit(2);
	k->data = str_fmt(&k->arena, "%s/data", k->top.s);
	if (keeper_shell(k, "{ '%s' init --profile '%s/profiles/demo.json' --origin fail.example/1"
	                 " --data '%s' --db '%s' && '%s' place add --place sc --kind area --name 省"
	                 " --data '%s' --db '%s'; } >/dev/null", k->gongyuan, k->source, k->data.s,
	                 url.s, k->gongyuan, k->data.s, url.s) != 0) {
		fprintf(stderr, "the ledger could not be made\n");
		exit(1);
	}
	k->hold = false;
	keeper_reset(k);
}

void keeper_close(struct keeper *k)
{
	keeper_stop(k);
	k->hold = true;
	if (keeper_shell(k, "rm -rf '%s'", k->top.s) != 0)
		fprintf(stderr, "%s could not be removed\n", k->top.s);
	free(k->seen);
	arena_release(&k->arena);
}

/* ---- looking ---- */

static void look_entry(struct keeper *k, int64_t index, struct str bytes, struct str leaf)
{
	const char *key = memmem(bytes.s, bytes.n, ACT_KEY, strlen(ACT_KEY));
	struct seen *x;

	if (!key)
		return;
	x = seen_of(k, strtoull(key + strlen(ACT_KEY), NULL, 10));
	if (x->index >= 0) {
		keeper_fault(k, "one act stands twice: %lld and %lld", (long long)x->index,
		             (long long)index);
		k->twice++;
	}
	x->index = index;
	if (leaf.n == sizeof(x->leaf.b))
		memcpy(x->leaf.b, leaf.s, leaf.n);
}

static bool look_page(struct op *op, struct keeper *k, struct db *db, int64_t *next)
{
	struct rows r = {0};
	int64_t from = *next;

	if (db_query(op, db, &Q_ENTRIES, ARGS(sql_int(from)), &r) != RC_OK)
		keeper_fault(k, "the entries: %s", op->err.en);
	while (rows_next(&r)) {
		if (rows_int(&r, 0) != (*next)++)
			keeper_fault(k, "a gap before entry %lld", (long long)rows_int(&r, 0));
		look_entry(k, rows_int(&r, 0), rows_str(&r, 1), rows_str(&r, 2));
	}
	rows_release(&r);
	return *next > from;
}

void keeper_look(struct keeper *k)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct db *db = NULL;
	int64_t next = 0;

	for (uint64_t i = 0; i < k->nseen; i++)
		k->seen[i].index = -1;
	if (db_open_postgres(&op, k->url, STR("gy_ledger"), DB_READ, &db) != RC_OK)
		keeper_fault(k, "the database: %s", op.err.en);
	while (db && look_page(&op, k, db, &next))
		;
	db_close(db);
	for (uint64_t i = 0; i < k->nseen; i++) {
		struct seen *x = &k->seen[i];

		if (x->acked == -1 || (x->index >= 0 && (x->acked == -2 || (x->index == x->acked &&
		    hash_eq(&x->leaf, &x->acked_leaf)))))
			continue;
		k->lost++;
		x->acked = -1; /* counted once */
		if (i < k->next)
			k->next = i;
	}
	arena_release(&a);
}

void keeper_audit(struct keeper *k)
{
	if (keeper_shell(k, "'%s' --known '%s.checkpoint' '%s' >'%s/audit' 2>&1 ||"
	                 " { cat '%s/audit' >&2; false; }", k->audit, k->data.s, k->url.s, k->top.s,
	                 k->top.s) != 0)
		keeper_fault(k, "the auditor finds something");
}
