/* SPDX-License-Identifier: Apache-2.0 */
/* failover.c -- faults of a three-node cluster under load; what became of what was acknowledged.
 *
 *     failover [--each N] [--only KIND,…] [--freeze SECONDS] [--break ack-early|async] [--json]
 *
 *   kill        the leader's Patroni and PostgreSQL
 *   lag         both standbys' PostgreSQL stands still, then the leader is killed
 *   freeze      the leader stands still for SECONDS (40), then goes on
 *   handback    its PostgreSQL alone goes on, a leader of yesterday: behind, then forked; the
 *               writer must be refused there
 *   switchover  planned
 *   standby     the synchronous standby is killed
 *
 * The writer may end and is started again, as a supervisor would.  After each fault every
 * acknowledged act stands in the ledger once, in the place that was told, and the auditor finds
 * nothing.  Patroni may give a thawed leader its lock back and rewind the others to it: then acts
 * are gone, and what is asked is that the writer refuses that ledger for good.
 * Exit: 0 so it was, 1 else; with --break 1 is expected (`async`: a cluster without
 * synchronous_mode, standbys killed, then the leader).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper.h"

enum { BACK_MS = 180000, KINDS_MAX = 8 };

struct trial {
	struct keeper k;
	const char *pg; /* tools/pg */
	char name[32];
	struct arena arena;
	struct str url;         /* of the whole cluster */
	int freeze_s, played;
	bool async, early;
	int64_t gap_ms;         /* of the fault before it is mended */
	bool handed_back;       /* and so acknowledged acts are gone, and the ledger is refused */
	long acknowledged, lost, twice, faults, rolled_back;
};

static int cluster(struct trial *t, const char *verb, const char *more)
{
	return keeper_shell(&t->k, "exec '%s' cluster %s %s %s", t->pg, verb, t->name, more);
}

static struct str ask(struct trial *t, const char *verb, const char *more)
{
	return keeper_line(&t->k, "'%s' cluster %s %s %s", t->pg, verb, t->name, more);
}

/* Acknowledgements come again; the gap that the fault made is kept. */
static void back(struct trial *t)
{
	if (!keeper_until(&t->k, 100, BACK_MS))
		keeper_fault(&t->k, "no acknowledgement for %d s", BACK_MS / 1000);
	t->gap_ms = keeper_gap_ms(&t->k);
	keeper_run(&t->k, 1000);
}

static void whole(struct trial *t)
{
	if (cluster(t, "wait", "120") != 0)
		keeper_fault(&t->k, "the cluster did not come together again");
}

static void fault_kill(struct trial *t)
{
	struct str leader = ask(t, "leader", "");

	(void)cluster(t, "kill", leader.s);
	back(t);
	(void)cluster(t, "revive", leader.s);
	whole(t);
}

static void fault_standby(struct trial *t)
{
	struct str standby = ask(t, "standby", "");

	(void)cluster(t, "kill", standby.s);
	keeper_run(&t->k, 8000);
	back(t);
	(void)cluster(t, "revive", standby.s);
	whole(t);
}

static void fault_switchover(struct trial *t)
{
	if (cluster(t, "switchover", "") != 0)
		keeper_fault(&t->k, "the switchover was refused");
	back(t);
	whole(t);
}

/* After a leader was thawed: writing goes on, or the ledger is refused. */
static void settled(struct trial *t)
{
	whole(t);
	t->handed_back = !keeper_until(&t->k, 100, 30000);
	if (t->handed_back && (t->k.status != rc_exit(RC_BROKEN) ||
	    !(keeper_said(&t->k, "it was put back") || keeper_said(&t->k, "it is forked"))))
		keeper_fault(&t->k, "a ledger that was rolled back is not refused (%d)", t->k.status);
}

static void fault_freeze(struct trial *t)
{
	struct str leader = ask(t, "leader", "");
	int64_t from = keeper_now_us(), left;

	(void)cluster(t, "freeze", leader.s);
	if (t->freeze_s >= 40)
		back(t);
	left = (int64_t)t->freeze_s * 1000 - (keeper_now_us() - from) / 1000;
	keeper_run(&t->k, left > 0 ? (int)left : 0);
	(void)cluster(t, "thaw", leader.s);
	if (t->freeze_s < 40)
		back(t);
	settled(t);
}

/* Both standbys, whatever the leader is. */
static void standbys(struct trial *t, struct str leader, const char *verb, const char *what)
{
	static const char *const NODES[] = {"n1", "n2", "n3"};

	for (size_t i = 0; i < COUNT(NODES); i++)
		if (!str_is(leader, NODES[i]))
			(void)cluster(t, verb, str_fmt(&t->k.arena, "%s %s", NODES[i], what).s);
}

/* What was acknowledged while no standby listened would be on the leader alone: nothing may be. */
static void fault_lag(struct trial *t)
{
	struct str leader = ask(t, "leader", "");

	standbys(t, leader, "freeze", "postgres");
	keeper_run(&t->k, 1500);
	(void)cluster(t, "kill", leader.s);
	standbys(t, leader, "thaw", "postgres");
	back(t);
	(void)cluster(t, "revive", leader.s);
	whole(t);
}

/* The same without synchronous_mode, and so that nothing waits in a socket: what is lost must be
 * found out by the count and refused by the writer. */
static void fault_async(struct trial *t)
{
	struct str leader = ask(t, "leader", "");

	standbys(t, leader, "kill", "");
	keeper_run(&t->k, 1500);
	(void)cluster(t, "kill", leader.s);
	standbys(t, leader, "revive", "");
	for (int s = 0; s < 90 && t->k.status != rc_exit(RC_BROKEN); s++)
		keeper_run(&t->k, 1000);
	if (t->k.status != rc_exit(RC_BROKEN) || !keeper_said(&t->k, "it was put back"))
		keeper_fault(&t->k, "a ledger that lost entries was opened (%d)", t->k.status);
}

static void refused(struct trial *t, struct str url, const char *text)
{
	int code = keeper_try(&t->k, t->k.data, url, t->k.next, 20000);

	/* "Try later" is no verdict: the frozen writer's own session may still hold the lock there. */
	for (int s = 0; s < 30 && code == rc_exit(RC_BUSY); s++) {
		(void)keeper_shell(&t->k, "sleep 1");
		code = keeper_try(&t->k, t->k.data, url, t->k.next, 20000);
	}
	if (code != rc_exit(RC_BROKEN) || !keeper_said(&t->k, text))
		keeper_fault(&t->k, "a writer on yesterday's leader ended with %d, not \"%s\"", code, text);
}

/* The old leader, alone in its own mind, takes acts for another folder until it is as long as the
 * true one. */
static void fork_there(struct trial *t, struct str url)
{
	struct keeper *k = &t->k;
	struct str other = str_fmt(&k->arena, "%s/other", k->top.s);
	const char *said = "psql -X -q -d '%s' -c \"ALTER SYSTEM %s synchronous_standby_names%s\""
	                   " -c 'SELECT pg_reload_conf()' >/dev/null";

	if (keeper_shell(k, "cp -a '%s' '%s'", k->data.s, other.s) != 0 ||
	    keeper_shell(k, said, url.s, "SET", " = ''") != 0)
		keeper_fault(k, "the fork was not prepared");
	if (keeper_try(k, other, url, 100000000, 10000) != -1)
		keeper_fault(k, "the forking writer ended by itself");
	if (keeper_shell(k, said, url.s, "RESET", "") != 0)
		keeper_fault(k, "the fork was not ended");
}

static void fault_handback(struct trial *t)
{
	struct str leader = ask(t, "leader", ""), url = ask(t, "url", leader.s);

	url = str_fmt(&t->arena, "%.*s/f%d", (int)(strrchr(url.s, '/') - url.s), url.s, t->played);
	(void)cluster(t, "freeze", leader.s);
	back(t);
	keeper_run(&t->k, 2000);
	t->k.hold = true;
	keeper_stop(&t->k);
	(void)cluster(t, "thaw", str_fmt(&t->k.arena, "%s postgres", leader.s).s);
	refused(t, url, "it was put back");
	fork_there(t, url);
	refused(t, url, "it is forked");
	(void)cluster(t, "thaw", leader.s);
	t->k.hold = false;
	settled(t);
}

static const struct kind {
	const char *name;
	void (*play)(struct trial *t);
} KINDS[] = {
	{"kill", fault_kill}, {"lag", fault_lag}, {"freeze", fault_freeze},
	{"handback", fault_handback}, {"switchover", fault_switchover}, {"standby", fault_standby},
};
static const struct kind ASYNC = {"async", fault_async};

static bool wanted(const char *only, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = only; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, name, n) == 0 && (at[n] == '\0' || at[n] == ','))
			return true;
	return !only;
}

/* A database and a folder of its own for each fault. */
static void begin(struct trial *t)
{
	int n = ++t->played;
	const char *end = strstr(t->url.s, "/gongyuan?");

	t->k = (struct keeper){.fd = -1, .hold = true};
	if (keeper_shell(&t->k, "psql -X -q -d '%s' -c 'CREATE DATABASE f%d'", t->url.s, n) != 0)
		keeper_fault(&t->k, "no database was made");
	keeper_open(&t->k, str_fmt(&t->arena, "%.*s/f%d%s", (int)(end - t->url.s), t->url.s, n,
	                           end + strlen("/gongyuan")));
	t->k.pause_us = 2000;
	t->k.early = t->early;
	t->gap_ms = 0;
	t->handed_back = false;
	if (!keeper_until(&t->k, 500, 60000))
		keeper_fault(&t->k, "the writer does not write");
	keeper_reset(&t->k);
}

static void end(struct trial *t, const char *name, bool json)
{
	struct keeper *k = &t->k;
	long rolled = t->handed_back ? k->lost : 0;

	k->lost -= rolled;
	printf(json ? "%s{\"kind\":\"%s\",\"gap_ms\":%lld,\"acknowledged\":%ld,\"starts\":%ld,"
	              "\"lost\":%ld,\"twice\":%ld,\"rolled_back_and_refused\":%ld}"
	            : "%s%-10s longest gap %6lld ms, %6ld acknowledged, %ld starts, %ld lost,"
	              " %ld twice, %ld rolled back and refused\n",
	       json && t->played > 1 ? "," : "", name, (long long)t->gap_ms, k->acknowledged, k->starts,
	       k->lost, k->twice, rolled);
	fflush(stdout);
	t->acknowledged += k->acknowledged;
	t->lost += k->lost;
	t->twice += k->twice;
	t->faults += k->faults;
	t->rolled_back += rolled;
	keeper_close(k);
}

static void play(struct trial *t, const struct kind *kind, bool json)
{
	struct keeper *k = &t->k;

	fprintf(stderr, "%s\n", kind->name);
	begin(t);
	kind->play(t);
	keeper_run(k, 500);
	k->hold = true;
	keeper_stop(k);
	keeper_look(k);
	if (!t->async && !t->early && !t->handed_back)
		keeper_audit(k);
	end(t, kind->name, json);
}

struct flags {
	int each;
	const char *only, *broken;
	bool json;
};

static bool read_flags(struct trial *t, struct flags *f, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "--json"))
			f->json = true;
		else if (!value)
			return false;
		else if (!strcmp(argv[i], "--each"))
			f->each = (int)strtol(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--freeze"))
			t->freeze_s = (int)strtol(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--only"))
			f->only = argv[++i];
		else if (!strcmp(argv[i], "--break"))
			f->broken = argv[++i];
		else
			return false;
	}
	return f->each > 0 && t->freeze_s > 0;
}

static struct trial *ending; /* for the handler: the cluster must not outlive us */

static void end_cluster(void)
{
	char line[1200];

	snprintf(line, sizeof(line), "'%s' cluster stop %s", ending->pg, ending->name);
	if (system(line) != 0)
		fprintf(stderr, "the cluster %s was not stopped\n", ending->name);
}

static void stop_cluster(int sig)
{
	if (ending->k.fd >= 0)
		(void)kill(ending->k.pid, SIGKILL);
	end_cluster();
	_exit(128 + sig);
}

int main(int argc, char **argv)
{
	static struct trial t = {.freeze_s = 40};
	struct flags f = {.each = 1};

	t.pg = getenv("GONGYUAN_PG");
	if (!read_flags(&t, &f, argc, argv) || !t.pg) {
		fputs("failover [--each N] [--only kill,lag,freeze,handback,switchover,standby]"
		      " [--freeze SECONDS] [--break ack-early|async] [--json]\n", stderr);
		return 2;
	}
	t.async = f.broken && !strcmp(f.broken, "async");
	if (t.async)
		setenv("GONGYUAN_CLUSTER_SYNC", "off", 1);
	snprintf(t.name, sizeof(t.name), "failover-%d", (int)getpid());
	ending = &t;
	signal(SIGINT, stop_cluster);
	signal(SIGTERM, stop_cluster);
	t.k.fd = -1;
	t.k.hold = true;
	t.url = str_copy(&t.arena, ask(&t, "start", ""));
	if (!t.url.n) {
		fputs("the cluster did not start\n", stderr);
		end_cluster();
		return 75;
	}
	t.early = f.broken && !t.async;
	printf(f.json ? "{\"faults\":[" : "");
	for (int i = 0; i < f.each && t.async; i++)
		play(&t, &ASYNC, f.json);
	for (int i = 0; i < f.each && !t.async; i++)
		for (size_t n = 0; n < COUNT(KINDS); n++)
			if (wanted(f.only, KINDS[n].name))
				play(&t, &KINDS[n], f.json);
	printf(f.json ? "],\"acknowledged\":%ld,\"lost\":%ld,\"twice\":%ld,"
	                "\"rolled_back_and_refused\":%ld,\"wrong\":%ld}\n"
	              : "%ld acknowledged, %ld lost, %ld twice, %ld rolled back and refused,"
	                " %ld wrong\n",
	       t.acknowledged, t.lost, t.twice, t.rolled_back, t.faults);
	end_cluster();
	return t.lost || t.twice || t.faults ? 1 : 0;
}
