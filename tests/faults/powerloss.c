/* SPDX-License-Identifier: Apache-2.0 */
/* powerloss.c -- cuts the power of a disk under load, and looks whether what was acknowledged is
 * on it.
 *
 *     powerloss [--rounds N] [--seed N] [--sync off] [--json]
 *
 * One load serves many rounds: at a random instant the disk is copied while it works, the load is
 * stopped, and the copy is mounted, looked at as it lies, recovered through the product, audited
 * and compared.  What was heard of the load before the copy began must be in it.  Loads are of
 * three kinds in turn: acts with the outside checkpoint on the disk that is cut; acts with that
 * checkpoint elsewhere, by which a start from an older disk must be refused; and acts, checkpoints,
 * blobs and rebuilds.  Before each load a new ledger is founded and the power cut then.
 *
 * Exit: 0 nothing lost and nothing wrong, 1 else (expected with --sync off), 2 usage, 77 not here.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "cut.h"

enum { FLIGHT = 256 }; /* acts that the load has on their way, at most */
enum { BAGS = 2000, LEFT = 700, PER_LOAD = 10 };
enum load_kind { LOAD_INSIDE, LOAD_OUTSIDE, LOAD_CHURN, LOAD_KINDS };

struct power {
	struct crash c; /* of the load; sums */
	struct random random;
	enum load_kind kind;
	pid_t pid;
	int fd;
	bool off;       /* nothing is ever synced */
	long rounds, snapshots, founded, tried_late, refused_late;
};

static void pause_ms(int64_t ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* ---- one disk ---- */

/* What was acknowledged up to now, to be looked for on another disk. */
static struct crash expect(const struct crash *c)
{
	struct crash s = *c;
	size_t n = c->nseen * sizeof(*c->seen);

	s.arena = (struct arena){0};
	s.data = str_fmt(&s.arena, "%s/s/data", c->top.s);
	s.lost = s.corrupt = s.faults = 0;
	s.checked = 0;
	s.seen = malloc(n + 1);
	s.blobs = malloc(c->nblobs * sizeof(*c->blobs) + 1);
	if (!s.seen || !s.blobs)
		abort();
	if (c->nseen)
		memcpy(s.seen, c->seen, n);
	if (c->nblobs)
		memcpy(s.blobs, c->blobs, c->nblobs * sizeof(*c->blobs));
	for (uint64_t i = 0; i < s.nseen; i++)
		s.seen[i].index = -1;
	return s;
}

/* A start from this disk when the checkpoint outside has gone on: only there can it be seen. */
static void start_late(struct power *p, struct crash *s)
{
	const char *t = s->top.s;

	if (crash_shell(s, "cp '%s/known' '%s/late'", t, t) != 0)
		return;
	if (crash_shell(s, "test $(sed -n 2p '%s/late') -gt %lld", t, (long long)s->checked) != 0)
		return; /* nothing was signed since */
	p->tried_late++;
	if (crash_shell(s, "! '%s' check '%s' %lld 'known=%s/late' 3>'%s/notes' 2>'%s/said' &&"
	                " grep -q 'put back' '%s/said'", s->load, s->data.s, (long long)s->next, t, t,
	                t, t) == 0)
		p->refused_late++;
	else
		crash_fault(s, "a disk older than the checkpoint outside was not refused");
}

static void judge(struct power *p, struct crash *s)
{
	if (cut_mount(s)) {
		crash_look(s, 0);
		crash_whole(s);
		if (p->kind == LOAD_OUTSIDE && !p->off)
			start_late(p, s);
		crash_recover(s, true);
	}
	cut_drop(s);
	p->c.lost += s->lost;
	p->c.corrupt += s->corrupt;
	p->c.faults += s->faults;
	if (s->lost + s->corrupt + s->faults)
		fprintf(stderr, "round %ld, load %d: %ld lost, %ld damaged, %ld faults\n", p->rounds,
		        (int)p->kind, s->lost, s->corrupt, s->faults);
	crash_forget(s);
	arena_release(&s->arena);
}

/* ---- a load ---- */

static void drain(struct power *p)
{
	struct pollfd f = {.fd = p->fd, .events = POLLIN};

	while (poll(&f, 1, 0) > 0 && crash_read(&p->c, p->fd, 0))
		;
}

static void listen_ms(struct power *p, int64_t ms)
{
	for (int64_t i = 0; i < ms; i++) {
		drain(p);
		pause_ms(1);
	}
	drain(p);
}

static void load_start(struct power *p)
{
	struct crash *c = &p->c;
	const char *words[] = {p->kind == LOAD_CHURN ? "churn" : "flow", c->data.s, "0", NULL, NULL,
	                       NULL};
	int n = 3;

	crash_forget(c);
	crash_copy(c, "base", "m/data");
	c->known = STR("");
	if (p->kind == LOAD_OUTSIDE) {
		c->known = str_fmt(&c->arena, "%s/known.cut", c->top.s);
		words[n++] = str_fmt(&c->arena, "known=%s/known", c->top.s).s;
		crash_shell(c, "cp '%s/base.checkpoint' '%s/known'", c->top.s, c->top.s);
	}
	if (p->off)
		words[n] = "off";
	crash_shell(c, "sync -f '%s/m'", c->top.s);
	p->pid = crash_start(c, words, &p->fd);
}

static void load_end(struct power *p)
{
	kill(p->pid, SIGKILL);
	crash_read(&p->c, p->fd, -1);
	close(p->fd);
	crash_wait(p->pid);
}

/* Until the checkpoint outside covers more than can be on the disk that was cut. */
static void sign_on(struct power *p, const struct crash *s)
{
	int64_t most = (int64_t)(s->ready.number + s->nsent) + FLIGHT;

	for (int i = 0; i < 100 && p->c.kept <= most; i++)
		listen_ms(p, 5);
}

/* Acknowledged acts that are heard of before the copy begins must be in it; the checkpoint outside
 * is taken before it too. */
static void round_of(struct power *p, bool opening)
{
	struct crash *c = &p->c, s;
	uint64_t before = c->acknowledged;
	int64_t most = p->kind == LOAD_CHURN ? 700 : 70, kept;

	while (!opening && c->acknowledged == before && crash_read(c, p->fd, 1000))
		;
	listen_ms(p, (int64_t)random_below(&p->random, (uint64_t)most));
	kept = c->kept;
	if (p->kind == LOAD_OUTSIDE)
		crash_shell(c, "cp '%s/known' '%s/known.cut'", c->top.s, c->top.s);
	drain(p);
	s = expect(c);
	if (p->kind == LOAD_OUTSIDE)
		s.kept = kept; /* as heard of before that copy, not after */
	p->rounds++;
	p->snapshots++;
	bool taken = cut_power(c);
	if (p->kind == LOAD_OUTSIDE && p->rounds % 2 == 0)
		sign_on(p, &s);
	kill(p->pid, SIGSTOP);
	if (taken)
		judge(p, &s);
	kill(p->pid, SIGCONT);
	if (c->refused)
		crash_fault(c, "%llu acts were refused", (unsigned long long)c->refused);
}

/* ---- a new ledger ---- */

/* Cut while it is founded: a ledger that takes acts and is sound, or a sentence that says why not.
 * Cut after: the first of the two. */
static void found(struct power *p, bool within)
{
	struct crash *c = &p->c;
	const char *t = c->top.s, *g = c->gongyuan;
	int code;

	crash_shell(c, "rm -rf '%s/m/new' '%s/m/new.checkpoint'; sync -f '%s/m'", t, t, t);
	code = crash_shell(c, "'%s' init --profile '%s/profiles/demo.json' --data '%s/m/new' >'%s/init'"
	                   " 2>&1 %s", g, getenv("GONGYUAN_SOURCE"), t, t, within ? "&" : "");
	if (within)
		pause_ms((int64_t)random_below(&p->random, 60));
	if (!cut_power(c))
		return;
	p->snapshots++;
	p->founded++;
	if (code != 0)
		crash_fault(c, "no ledger could be founded");
	if (cut_mount(c)) {
		code = crash_shell(c, "'%s' place add --place sc --kind area --name 省 --data '%s/s/new'"
		                   " >'%s/said' 2>&1", g, t, t);
		if (code != 0 && !within)
			crash_fault(c, "a ledger that was founded does not open after the cut");
		if (code >= 124 || (code && crash_shell(c, "test -s '%s/said'", t) != 0))
			crash_fault(c, "cut while it was founded, it dies (%d)", code);
		if (code == 0 && crash_shell(c, "'%s' '%s/s/new' >'%s/said' 2>&1", c->audit, t, t) != 0)
			crash_fault(c, "cut while it was founded, it is not sound");
	}
	cut_drop(c);
}

static void lose_power(struct power *p, long rounds)
{
	for (long load = 0; p->rounds < rounds; load++) {
		p->kind = (enum load_kind)(load % LOAD_KINDS);
		if (!p->off)
			found(p, load % 2 == 1);
		load_start(p);
		for (int i = 0; i < PER_LOAD && p->rounds < rounds &&
		                (int64_t)p->c.nsent < p->c.bags - LEFT; i++)
			round_of(p, i == 0 && load > 2 && !p->off);
		load_end(p);
	}
}

/* ---- words ---- */

static int usage(void)
{
	fputs("powerloss [--rounds N] [--seed N] [--sync off] [--json]\n", stderr);
	return 2;
}

static void tell(const struct power *p, bool json)
{
	const struct crash *c = &p->c;

	if (json)
		printf("{\"rounds\":%ld,\"snapshots\":%ld,\"acknowledged\":%ld,\"lost\":%ld,"
		       "\"corrupt\":%ld,\"faults\":%ld,\"founded\":%ld,\"older_than_outside\":%ld,"
		       "\"refused\":%ld}\n", p->rounds, p->snapshots, c->all_acknowledged, c->lost,
		       c->corrupt, c->faults, p->founded, p->tried_late, p->refused_late);
	else
		printf("%ld rounds, %ld snapshots, %ld acknowledged, %ld lost, %ld damaged, %ld faults;"
		       " %ld ledgers founded; of %ld starts from a disk older than the checkpoint outside"
		       " %ld refused\n", p->rounds, p->snapshots, c->all_acknowledged, c->lost,
		       c->corrupt, c->faults, p->founded, p->tried_late, p->refused_late);
}

int main(int argc, char **argv)
{
	static struct power p;
	long rounds = 20, seed = 1, wrong;
	bool json = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (i + 1 < argc && !strcmp(argv[i], "--rounds"))
			rounds = strtol(argv[++i], NULL, 10);
		else if (i + 1 < argc && !strcmp(argv[i], "--seed"))
			seed = strtol(argv[++i], NULL, 10);
		else if (i + 1 < argc && !strcmp(argv[i], "--sync") && !strcmp(argv[i + 1], "off"))
			p.off = argv[++i] != NULL;
		else
			return usage();
	}
	if (rounds <= 0)
		return usage();
	p.random = random_seeded((uint64_t)seed);
	crash_begin(&p.c, BAGS);
	p.c.data = str_fmt(&p.c.arena, "%s/m/data", p.c.top.s);
	if (!cut_begin(&p.c)) {
		cut_end(&p.c);
		crash_end(&p.c);
		return 77;
	}
	lose_power(&p, rounds);
	tell(&p, json);
	wrong = p.c.lost + p.c.corrupt + p.c.faults;
	cut_end(&p.c);
	crash_end(&p.c);
	return wrong ? 1 : 0;
}
