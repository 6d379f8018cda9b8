/* SPDX-License-Identifier: Apache-2.0 */
/* drill_steps.c -- what actors make steps with: text, chance, names. */
#include "app/drill_city.h"

#include "app/drill_run.h"
#include "base/hash.h"
#include "engine/name_map.h"

const char *drill_fmt(struct drill *d, const char *fmt, ...)
{
	struct str text;
	va_list ap;

	va_start(ap, fmt);
	text = str_vfmt(d->arena, fmt, ap);
	va_end(ap);
	return text.s;
}

static void quote(char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			*text = '"';
}

struct drill_step *drill_add(struct drill *d, int64_t at_ms, const char *command, const char *as,
                             const char *slots, const char *fmt, ...)
{
	struct drill_step *st = ARENA_NEW(d->arena, struct drill_step);
	struct str data;
	va_list ap;

	if (d->nsteps == d->cap) {
		size_t old = d->cap * sizeof(struct drill_step *);

		d->cap = d->cap ? d->cap * 2 : 4096;
		d->steps = arena_extend(d->arena, d->steps, old, d->cap * sizeof(struct drill_step *));
	}
	va_start(ap, fmt);
	data = str_vfmt(d->arena, fmt, ap);
	va_end(ap);
	quote((char *)(uintptr_t)data.s); /* our own copy */
	*st = (struct drill_step){.at_ms = at_ms, .command = command, .as = as, .slots = slots,
	                          .data = data.s, .source = SOURCE_TERMINAL, .order = d->nsteps};
	d->steps[d->nsteps++] = st;
	return st;
}

static int by_time(const void *a, const void *b)
{
	const struct drill_step *x = *(const struct drill_step *const *)a;
	const struct drill_step *y = *(const struct drill_step *const *)b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

void drill_sort(struct drill *d)
{
	qsort(d->steps, d->nsteps, sizeof(struct drill_step *), by_time);
}

/* ---- chance ---- */

struct random drill_random(const struct drill *d, const char *stream, int64_t number)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "gongyuan-drill-v1/%llu/%s/%lld",
	                 (unsigned long long)d->seed, stream, (long long)number);
	struct hash h = hash_sha256(text, (size_t)n);
	uint64_t seed;

	memcpy(&seed, h.b, sizeof(seed));
	return random_seeded(seed);
}

int64_t drill_between(struct random *r, int64_t from, int64_t to)
{
	assert(from <= to);
	return from + (int64_t)random_below(r, (uint64_t)(to - from + 1));
}

/* Quantiles of a lognormal delay, in thousandths of the way from zero to the median and from there
 * to p99. */
static const struct {
	int64_t at, below, above;
} QUANTILE[] = {
	{0, 350, 0}, {50, 520, 0}, {150, 680, 0}, {300, 830, 0}, {500, 1000, 0}, {700, 1000, 90},
	{850, 1000, 250}, {950, 1000, 540}, {990, 1000, 1000}, {1000, 1000, 1250},
};

static int64_t quantile(size_t i, int64_t median, int64_t p99)
{
	return median * QUANTILE[i].below / 1000 + (p99 - median) * QUANTILE[i].above / 1000;
}

int64_t drill_delay(struct random *r, int64_t median_ms, int64_t p99_ms)
{
	int64_t x = drill_between(r, 0, 999), low, high;
	size_t i = 1;

	assert(p99_ms >= median_ms);
	while (QUANTILE[i].at <= x)
		i++;
	low = quantile(i - 1, median_ms, p99_ms);
	high = quantile(i, median_ms, p99_ms);
	return low + (high - low) * (x - QUANTILE[i - 1].at) / (QUANTILE[i].at - QUANTILE[i - 1].at);
}

struct ed25519_key drill_key(uint64_t seed, struct str code)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "gongyuan-drill-key-v1/%llu/" STR_FMT,
	                 (unsigned long long)seed, STR_ARG(code));
	struct hash h = hash_sha256(text, (size_t)n);

	return ed25519_from_seed(h.b);
}

/* ---- names ---- */

struct drill_names {
	struct name_map map;
};

/* The map is built again at double size when it is full. */
static void grow(struct drill *d)
{
	struct name_map old = {0}, *m;

	if (!d->names)
		d->names = ARENA_NEW(d->arena, struct drill_names);
	m = &d->names->map;
	if (m->cap && 2 * (m->n + 1) <= m->cap)
		return;
	old = *m;
	name_map_init(m, d->arena, old.n ? 2 * old.n : 1024);
	for (size_t i = 0; i < old.cap; i++)
		if (old.name[i].n)
			(void)name_map_put(m, old.name[i], old.value[i]);
}

void drill_names_put(struct drill *d, struct str name, struct str value)
{
	struct str *v = ARENA_NEW(d->arena, struct str);

	grow(d);
	*v = str_copy(d->arena, value);
	(void)name_map_put(&d->names->map, str_copy(d->arena, name), v);
}

void drill_name(struct drill *d, const char *value, const char *fmt, ...)
{
	struct str name;
	va_list ap;

	va_start(ap, fmt);
	name = str_vfmt(d->arena, fmt, ap);
	va_end(ap);
	drill_names_put(d, name, str_of(value));
}

struct str drill_named(const struct drill *d, struct str name)
{
	const struct str *v = d->names ? name_map_get(&d->names->map, name) : NULL;

	return v ? *v : (struct str){0};
}

/* ---- the whole ---- */

enum rc drill_make(struct op *op, struct arena *keep, const struct profile *p,
                   const struct modules *m, struct scenario *s, uint64_t seed, struct str without,
                   struct drill *ret)
{
	if (!p->nsessions)
		return fail(op, RC_INVALID, "profile", "", "配置 %s 没有科次", "profile %s has no sessions",
		            p->id.s);
	*ret = (struct drill){.arena = keep, .profile = p, .modules = m, .scenario = s, .seed = seed};
	drill_city_make(ret, s);
	TRY(scenario_times(op, ret, s));
	for (size_t i = 0; drill_actors[i]; i++)
		TRY(drill_actors[i](op, ret));
	drill_sort(ret);
	TRY(scenario_apply(op, ret, s, without));
	drill_sort(ret);
	return RC_OK;
}
