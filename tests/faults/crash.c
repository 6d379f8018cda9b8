/* SPDX-License-Identifier: Apache-2.0 */
/* crash.c -- see crash.h. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"
#include "ledger/checkpoint.h"

enum { Q_ENTRIES, Q_VIEW, Q_WHOLE };
static const struct sql SQL[] = {
	[Q_ENTRIES] = {"SELECT idx, bytes, leaf FROM ledger_entry WHERE log = 0 AND idx >= ?"
	               " ORDER BY idx", 1},
	[Q_VIEW] = {"SELECT at, shape FROM view_state WHERE one = 1", 0},
	[Q_WHOLE] = {"PRAGMA quick_check(1)", 0},
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

void crash_lose(struct crash *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	c->lost++;
}

int crash_shell(struct crash *c, const char *fmt, ...)
{
	struct arena a = {0};
	va_list ap;
	int status;

	(void)c;
	va_start(ap, fmt);
	status = system(str_vfmt(&a, fmt, ap).s);
	va_end(ap);
	arena_release(&a);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void crash_forget(struct crash *c)
{
	free(c->seen);
	free(c->blobs);
	c->seen = NULL;
	c->blobs = NULL;
	c->nseen = c->next = c->nsent = c->nblobs = 0;
	c->checked = c->kept = c->built = 0;
}

void crash_copy(struct crash *c, const char *from, const char *to)
{
	const char *t = c->top.s;

	if (crash_shell(c, "cd '%s' && rm -rf '%s' '%s.checkpoint' && cp -a '%s' '%s' &&"
	                " cp '%s.checkpoint' '%s.checkpoint'", t, to, to, from, to, from, to) != 0)
		crash_fault(c, "copy of %s", from);
}

static const char *need(const char *name)
{
	const char *v = getenv(name);

	if (!v) {
		fprintf(stderr, "%s is not set: run the program in tools/\n", name);
		exit(2);
	}
	return v;
}

void crash_begin(struct crash *c, int64_t bags)
{
	const char *tmp = getenv("TMPDIR"), *n = str_fmt(&c->arena, "%lld", (long long)bags).s;

	c->load = need("GONGYUAN_LOAD");
	c->gongyuan = need("GONGYUAN_BIN");
	c->audit = need("GONGYUAN_AUDIT");
	need("GONGYUAN_SOURCE");
	c->top = str_fmt(&c->arena, "%s/gy-crash-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)c->top.s)) {
		perror(c->top.s);
		exit(2);
	}
	c->data = str_fmt(&c->arena, "%s/data", c->top.s);
	c->known = STR("");
	c->bags = bags;
	setenv("GONGYUAN_BAGS", n, 1);
	setenv("GONGYUAN_WORLD", str_fmt(&c->arena, "%s/base.world", c->top.s).s, 1);
	if (crash_shell(c, "'%s' make '%s/base' %s 2>/dev/null", c->load, c->top.s, n) != 0) {
		fprintf(stderr, "the world could not be made\n");
		exit(1);
	}
}

void crash_end(struct crash *c)
{
	crash_forget(c);
	if (crash_shell(c, "rm -rf '%s'", c->top.s) != 0)
		fprintf(stderr, "%s could not be removed\n", c->top.s);
	arena_release(&c->arena);
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
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd[1], 3);
		execv(c->load, (char **)(uintptr_t)argv);
		_exit(127);
	}
	close(fd[1]);
	fcntl(fd[0], F_SETPIPE_SZ, 1 << 20); /* whoever listens is at times busy */
	c->acknowledged = c->sent = c->refused = 0;
	c->is_ready = c->has_result = false;
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

static void hear_ack(struct crash *c, const struct said *s)
{
	struct seen *x = seen_of(c, s->number);

	c->all_acknowledged += x->acked == -1;
	x->acked = s->index < 0 ? -2 : s->index;
	x->acked_leaf = s->leaf;
	c->acknowledged++;
	while (c->next < c->nseen && c->seen[c->next].acked != -1)
		c->next++;
}

static void hear_blob(struct crash *c, const struct said *s)
{
	c->blobs = realloc(c->blobs, (c->nblobs + 1) * sizeof(*c->blobs));
	if (!c->blobs)
		abort();
	c->blobs[c->nblobs++] = s->leaf;
}

static void hear(struct crash *c, const struct said *s)
{
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
		if (s->number >= c->nsent)
			c->nsent = s->number + 1;
		break;
	case SAID_ACK:
		hear_ack(c, s);
		break;
	case SAID_REFUSED:
		c->refused++;
		break;
	case SAID_KEPT:
		c->kept = (int64_t)s->number;
		break;
	case SAID_BUILT:
		c->built = (int64_t)s->number;
		break;
	case SAID_RESULT:
		c->result = *s;
		c->has_result = true;
		break;
	case SAID_BLOB:
		hear_blob(c, s);
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

static bool stands(struct crash *c, const char *name)
{
	return file_exists(str_fmt(c->op.arena, STR_FMT "/%s", STR_ARG(c->data), name));
}

/* Entries that the projections have seen; -1: they are of older tables, or not there. */
static int64_t view_at(struct crash *c)
{
	struct str path = str_fmt(c->op.arena, STR_FMT "/view.db", STR_ARG(c->data));
	struct rows r = {0};
	struct db *db = NULL;
	int64_t at = -1;

	if (db_open_sqlite(&c->op, path, DB_READ, &db) == RC_OK &&
	    db_query(&c->op, db, &SQL[Q_VIEW], NO_ARGS, &r) == RC_OK && rows_next(&r) &&
	    !str_is(rows_str(&r, 1), "old"))
		at = rows_int(&r, 0);
	rows_release(&r);
	db_close(db);
	return at;
}

static void look_view(struct crash *c, int64_t size)
{
	int64_t at = view_at(c);

	if (at > size)
		crash_fault(c, "the projections are ahead: %lld of %lld", (long long)at, (long long)size);
	/* While another takes its place it says nothing. */
	if (c->built && at < c->built && !stands(c, "view.swap"))
		crash_lose(c, "rebuilt to %lld, and the projections stand at %lld", (long long)c->built,
		           (long long)at);
}

/* The size that a checkpoint outside says; -1: there is none, -2: it is not whole. */
static int64_t known_size(struct crash *c, struct str path)
{
	struct checkpoint p;
	struct note n;
	struct str bytes;

	if (!file_exists(path))
		return -1;
	if (file_read(&c->op, path, 1 << 16, &bytes) != RC_OK ||
	    note_parse(&c->op, bytes, &n) != RC_OK || checkpoint_parse(&c->op, n.text, &p) != RC_OK)
		return -2;
	return (int64_t)p.size;
}

static void look_known(struct crash *c, int64_t size)
{
	struct str path = c->known;
	int64_t known;

	if (!path.n)
		path = str_fmt(c->op.arena, STR_FMT ".checkpoint", STR_ARG(c->data));
	known = known_size(c, path);
	if (known < 0)
		crash_fault(c, "the checkpoint outside is %s", known == -1 ? "gone" : "half written");
	else if (known < c->kept)
		crash_lose(c, "a checkpoint of %lld was kept outside, there is one of %lld",
		           (long long)c->kept, (long long)known);
	if (known > size)
		crash_fault(c, "the checkpoint outside says %lld, the ledger has %lld entries",
		            (long long)known, (long long)size);
}

/* Blobs that were said to be kept are there, whole. */
static void look_blobs(struct crash *c)
{
	struct store s = {.dir = c->data};
	struct str bytes;

	for (size_t i = 0; i < c->nblobs; i++)
		if (blob_get(&c->op, &s, hash_hex(c->op.arena, &c->blobs[i]), &bytes) != RC_OK)
			crash_lose(c, "a blob: %s", c->op.err.en);
}

static void look_acts(struct crash *c)
{
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
}

void crash_look(struct crash *c, int64_t from)
{
	struct arena a = {0};
	int64_t size;

	c->op = (struct op){.arena = &a};
	size = look_entries(c, from);
	if (size < c->checked)
		crash_fault(c, "the ledger went back from %lld entries to %lld", (long long)c->checked,
		            (long long)size);
	c->checked = size;
	look_view(c, size);
	look_known(c, size);
	look_blobs(c);
	look_acts(c);
	arena_release(&a);
}

void crash_whole(struct crash *c)
{
	static const char *const FILES[] = {"ledger.db", "view.db"};
	struct arena a = {0};

	c->op = (struct op){.arena = &a};
	for (size_t i = 0; i < COUNT(FILES); i++) {
		struct str path = str_fmt(&a, STR_FMT "/%s", STR_ARG(c->data), FILES[i]);
		struct rows r = {0};
		struct db *db = NULL;

		if (i == 1 && stands(c, "view.swap"))
			continue;
		if (db_open_sqlite(&c->op, path, DB_READ, &db) != RC_OK ||
		    db_query(&c->op, db, &SQL[Q_WHOLE], NO_ARGS, &r) != RC_OK || !rows_next(&r) ||
		    !str_is(rows_str(&r, 0), "ok")) {
			fprintf(stderr, "%s is damaged\n", FILES[i]);
			c->corrupt++;
		}
		rows_release(&r);
		db_close(db);
	}
	arena_release(&a);
}

static void audit(struct crash *c)
{
	const char *t = c->top.s, *d = c->data.s;
	const char *known = c->known.n ? c->known.s : str_fmt(&c->arena, "%s.checkpoint", d).s;

	if (crash_shell(c, "'%s' '%s' --known '%s' >'%s/audit' 2>&1 || { cat '%s/audit' >&2; false; }",
	                c->audit, d, known, t, t) != 0)
		crash_fault(c, "the auditor finds something");
	if (crash_shell(c, "'%s' db doctor --compare --data '%s' >'%s/doctor' 2>&1 ||"
	                " { cat '%s/doctor' >&2; false; }", c->gongyuan, c->data.s, t, t) != 0)
		crash_fault(c, "the projections are not those of the ledger");
}

void crash_recover(struct crash *c, bool whole)
{
	char first[32];
	const char *words[] = {"check", c->data.s, first, NULL, NULL};
	pid_t pid;
	int fd;

	snprintf(first, sizeof(first), "%llu", (unsigned long long)c->next);
	if (c->known.n)
		words[3] = str_fmt(&c->arena, "known=%s", c->known.s).s;
	pid = crash_start(c, words, &fd);
	crash_read(c, fd, -1);
	close(fd);
	if (crash_wait(pid) != 0 || c->refused)
		crash_fault(c, "it does not open and go on");
	crash_look(c, c->checked);
	if (!whole)
		return;
	crash_whole(c);
	audit(c);
}
