/* SPDX-License-Identifier: Apache-2.0 */
/* report.c -- the table for people and the same as JSON. */
#include <math.h>
#include <stdio.h>

#include "bench.h"

static const struct bench_case *find(const struct bench *b, const char *name)
{
	for (int i = 0; i < b->ncases; i++)
		if (strcmp(b->cases[i].name, name) == 0 && b->cases[i].n)
			return &b->cases[i];
	return NULL;
}

static void print_case(const struct bench *b, const struct bench_case *c)
{
	const struct bench_case *first = find(b, "sqlite-64");

	printf("%-16s %9.0f %8.2f %8.2f", c->name, MEDIAN(c, rate), MEDIAN(c, p50_ms),
	       MEDIAN(c, p99_ms));
	if (c->world)
		printf(" %8.1f %7.1f %6.1f %6.1f %6.2f %6.0f %6.1f %6.1f %7.1f %6.0f", MEDIAN(c, cpu_us),
		       MEDIAN(c, statements), MEDIAN(c, reads), MEDIAN(c, writes), MEDIAN(c, entries),
		       MEDIAN(c, entry_bytes), MEDIAN(c, calls), MEDIAN(c, kilobytes),
		       MEDIAN(c, batch), MEDIAN(c, rss_mb));
	else if (first)
		printf("   sqlite-64 is %.2f times this", MEDIAN(first, rate) / MEDIAN(c, rate));
	printf("   %s\n", c->what);
}

void report_print(const struct bench *b)
{
	printf("medians of %d rounds of at most %.1f s, cases in turn within each round\n\n",
	       b->rounds, b->seconds);
	printf("%-16s %9s %8s %8s %8s %7s %6s %6s %6s %6s %6s %6s %7s %6s\n", "case", "acts/s",
	       "p50 ms",
	       "p99 ms", "CPU us", "stmts", "reads", "writes", "rows", "bytes", "calls", "KB", "batch",
	       "MB");
	for (int i = 0; i < b->ncases; i++)
		if (b->cases[i].n)
			print_case(b, &b->cases[i]);
		else
			printf("%-16s not measured   %s\n", b->cases[i].name, b->cases[i].what);
	for (const struct json *x = b->extra->first; x; x = x->next)
		printf("%s\n", json_str(x, "text").s);
	printf("\nCPU us: of our process a act, kernel included, generator excluded, signer included.\n"
	       "stmts: with savepoints; rows: ledger entries an act; bytes: of an entry; calls, KB:"
	       " system calls\nthat write, and what they write, an act; batch: acts a commit.\n");
}

/* Figures as integers in thousandths: the ledger's JSON knows no fractions. */
static void put(struct arena *a, struct json *o, const char *key, double v)
{
	if (!isnan(v))
		json_set_int(a, o, key, (int64_t)(v * 1000 + 0.5));
}

void report_json(const struct bench *b)
{
	struct arena *a = b->op->arena;
	struct json *top = json_new_object(a), *list = json_put(top, "cases", json_new_array(a));

	json_set_str(a, top, "unit", STR("thousandths"));
	json_set_int(a, top, "rounds", b->rounds);
	for (int i = 0; i < b->ncases; i++) {
		const struct bench_case *c = &b->cases[i];
		struct json *o = json_put(list, NULL, json_new_object(a));

		json_set_str(a, o, "name", str_of(c->name));
		json_set_str(a, o, "what", str_of(c->what));
		json_set_int(a, o, "measured", c->n);
		put(a, o, "rate", MEDIAN(c, rate));
		put(a, o, "p50_ms", MEDIAN(c, p50_ms));
		put(a, o, "p99_ms", MEDIAN(c, p99_ms));
		if (!c->world)
			continue;
		put(a, o, "cpu_us", MEDIAN(c, cpu_us));
		put(a, o, "statements", MEDIAN(c, statements));
		put(a, o, "reads", MEDIAN(c, reads));
		put(a, o, "writes", MEDIAN(c, writes));
		put(a, o, "rows", MEDIAN(c, entries));
		put(a, o, "entry_bytes", MEDIAN(c, entry_bytes));
		put(a, o, "calls", MEDIAN(c, calls));
		put(a, o, "kilobytes", MEDIAN(c, kilobytes));
		put(a, o, "batch", MEDIAN(c, batch));
		put(a, o, "rss_mb", MEDIAN(c, rss_mb));
	}
	json_put(top, "scale", b->extra);
	printf("%s\n", json_pretty(a, top).s);
}
