/* SPDX-License-Identifier: Apache-2.0 */
/* crash.c -- see crash.h. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"

enum { Q_ENTRIES, Q_VIEW };
static const struct sql SQL[] = {
	[Q_ENTRIES] = {"SELECT idx, bytes, leaf FROM ledger_entry WHERE log = 0 AND idx >= ?"
	               " ORDER BY idx", 1},
	[Q_VIEW] = {"SELECT at FROM view_state WHERE one = 1", 0},
};

void crash_fault(struct crash *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	c->faults++;
}

static int shell(struct crash *c, const char *fmt, ...) PRINTF(2, 3);
static int shell(struct crash *c, const char *fmt, ...)
{
	struct arena a = {0};
	va_list ap;
	int status;

	(void)c;
	va_start(ap, fmt);
	status = system(str_vfmt(&a, fmt, ap).s);
	va_end(ap);
	arena_release(&a);
	return status;
}

static void forget(struct crash *c)
{
	free(c->seen);
	c->seen = NULL;
	c->nseen = c->next = 0;
	c->checked = 0;
}

void crash_found(struct crash *c)
{
	const char *d = c->data.s, *g = c->gongyuan;

	forget(c);
	if (shell(c, "rm -rf '%s' '%s.checkpoint' && { '%s' init --profile '%s/profiles/demo.json'"
	             " --origin crash.example/1 --data '%s' &&"
	             " '%s' place add --place sc --kind area --name 省 --data '%s'; } >/dev/null",
	          d, d, g, getenv("GONGYUAN_SOURCE"), d, g, d) != 0) {
		fprintf(stderr, "the folder could not be made\n");
		exit(1);
	}
}

pid_t crash_start(struct crash *c, const char *const *words, int *ret_fd)
{
	const char *argv[10] = {c->load};
	int fd[2], n = 1;
	pid_t pid;

	while (words[n - 1]) {
		argv[n] = words[n - 1];
		n++;
	}
	if (pipe2(fd, O_CLOEXEC) != 0 || (pid = fork()) < 0) {
		perror("faults-load");
		exit(1);
	}
	if (pid == 0) {
		dup2(fd[1], 3);
		execv(c->load, (char **)(uintptr_t)argv);
		_exit(127);
	}
	close(fd[1]);
	c->acknowledged = c->sent = 0;
	c->is_ready = c->has_result = c->blob = false;
	*ret_fd = fd[0];
	return pid;
}

static struct seen *seen_of(struct crash *c, uint64_t number)
{
	if (number >= c->nseen) {
		uint64_t n = number * 2 + 1024;
		struct seen *more = realloc(c->seen, n * sizeof(*more));

		if (!more)
			abort();
		for (uint64_t i = c->nseen; i < n; i++)
			more[i] = (struct seen){.index = -1, .acked = -1};
		c->seen = more;
		c->nseen = n;
	}
	return &c->seen[number];
}

static void hear(struct crash *c, const struct said *s)
{
	struct seen *x;

	switch (s->kind) {
	case SAID_READY:
		c->ready = *s;
		c->is_ready = true;
		if (s->index != (int64_t)s->number)
			crash_fault(c, "open, but the projections stand at %lld of %llu",
			            (long long)s->index, (unsigned long long)s->number);
		break;
	case SAID_SENT:
		c->sent++;
		break;
	case SAID_ACK:
		x = seen_of(c, s->number);
		c->all_acknowledged += x->acked == -1;
		x->acked = s->index < 0 ? -2 : s->index;
		x->acked_leaf = s->leaf;
		c->acknowledged++;
		while (c->next < c->nseen && c->seen[c->next].acked != -1)
			c->next++;
		break;
	case SAID_REFUSED:
		break;
	case SAID_RESULT:
		c->result = *s;
		c->has_result = true;
		break;
	case SAID_BLOB:
		c->blob = true;
		c->blob_hash = s->leaf;
		break;
	}
}

bool crash_read(struct crash *c, int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct said s;

	while (poll(&p, 1, ms) > 0) {
		if (read(fd, &s, sizeof(s)) != (ssize_t)sizeof(s))
			return false;
		hear(c, &s);
		if (ms >= 0)
			break;
	}
	return true;
}

int crash_wait(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void look_entry(struct crash *c, int64_t index, struct str bytes, struct str leaf)
{
	const char *key = memmem(bytes.s, bytes.n, LOAD_KEY, strlen(LOAD_KEY));
	struct hasher *h = hasher_new(HASH_SHA256);
	struct hash now;

	hasher_start(h);
	hasher_add(h, "", 1);
	hasher_add(h, bytes.s, bytes.n);
	now = hasher_end(h);
	hasher_free(h);
	if (leaf.n != sizeof(now.b) || memcmp(now.b, leaf.s, leaf.n) != 0)
		crash_fault(c, "entry %lld does not hash to its leaf", (long long)index);
	if (key) {
		struct seen *x = seen_of(c, strtoull(key + strlen(LOAD_KEY), NULL, 10));

		if (x->index >= 0 && x->index != index)
			crash_fault(c, "one act stands twice: %lld and %lld", (long long)x->index,
			            (long long)index);
		x->index = index;
		x->leaf = now;
	}
}

static int64_t look_entries(struct crash *c, int64_t from)
{
	struct str path = str_fmt(c->op.arena, STR_FMT "/ledger.db", STR_ARG(c->data));
	int64_t next = from;
	struct rows r = {0};
	struct db *db = NULL;

	if (db_open_sqlite(&c->op, path, DB_READ, &db) != RC_OK ||
	    db_query(&c->op, db, &SQL[Q_ENTRIES], ARGS(sql_int(from)), &r) != RC_OK)
		crash_fault(c, "ledger.db: %s", c->op.err.en);
	while (r.db && rows_next(&r)) {
		if (rows_int(&r, 0) != next++)
			crash_fault(c, "a gap before entry %lld", (long long)rows_int(&r, 0));
		look_entry(c, rows_int(&r, 0), rows_str(&r, 1), rows_str(&r, 2));
	}
	rows_release(&r);
	db_close(db);
	return next;
}

/* Absent while it is being exchanged: then it says nothing. */
static int64_t look_view(struct crash *c)
{
	struct str path = str_fmt(c->op.arena, STR_FMT "/view.db", STR_ARG(c->data));
	struct rows r = {0};
	struct db *db = NULL;
	int64_t at = -1;

	if (db_open_sqlite(&c->op, path, DB_READ, &db) == RC_OK &&
	    db_query(&c->op, db, &SQL[Q_VIEW], NO_ARGS, &r) == RC_OK && rows_next(&r))
		at = rows_int(&r, 0);
	rows_release(&r);
	db_close(db);
	return at;
}

void crash_look(struct crash *c, int64_t from)
{
	struct arena a = {0};
	int64_t size, at;

	c->op = (struct op){.arena = &a};
	size = look_entries(c, from);
	if (size < c->checked)
		crash_fault(c, "the ledger went back from %lld entries to %lld", (long long)c->checked,
		            (long long)size);
	at = look_view(c);
	if (at > size)
		crash_fault(c, "the projections are ahead: %lld of %lld", (long long)at, (long long)size);
	c->checked = size;
	for (uint64_t i = 0; i < c->nseen; i++) {
		struct seen *x = &c->seen[i];

		if (x->acked == -1 || (x->index >= 0 && (x->acked == -2 || (x->index == x->acked &&
		    hash_eq(&x->leaf, &x->acked_leaf)))))
			continue;
		c->lost++;
		x->acked = -1; /* counted once */
		if (i < c->next)
			c->next = i;
	}
	arena_release(&a);
}

void crash_recover(struct crash *c, bool audit)
{
	char first[32];
	const char *words[] = {"check", c->data.s, first, NULL};
	pid_t pid;
	int fd;

	snprintf(first, sizeof(first), "%llu", (unsigned long long)c->next);
	pid = crash_start(c, words, &fd);
	crash_read(c, fd, -1);
	close(fd);
	if (crash_wait(pid) != 0)
		crash_fault(c, "it does not open and go on");
	crash_look(c, c->checked);
	if (!audit)
		return;
	if (shell(c, "'%s' '%s' >'%s/audit' 2>&1 || { cat '%s/audit' >&2; false; }", c->audit,
	          c->data.s, c->top.s, c->top.s) != 0)
		crash_fault(c, "the auditor finds something");
	if (shell(c, "'%s' db doctor --compare --data '%s' >'%s/doctor' 2>&1", c->gongyuan, c->data.s,
	          c->top.s) != 0)
		crash_fault(c, "the projections are not those of the ledger");
}
