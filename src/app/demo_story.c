/* SPDX-License-Identifier: Apache-2.0 */
/* demo_story.c -- puts the parts of the script together and sorts them by time. */
#include "app/demo_story.h"

#include "app/demo.h"

/* 2025-06-06T08:00:00+08:00, the day before the first session of profiles/demo.json. */
#define START_MS INT64_C(1749168000000)

int64_t demo_start_ms(void)
{
	return START_MS;
}

const char *demo_fmt(struct demo_story *s, const char *fmt, ...)
{
	struct str text;
	va_list ap;

	va_start(ap, fmt);
	text = str_vfmt(s->arena, fmt, ap);
	va_end(ap);
	return text.s;
}

int64_t demo_between(struct demo_story *s, int64_t from, int64_t to)
{
	return from + (int64_t)random_below(&s->random, (uint64_t)(to - from + 1));
}

static void quote(char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			*text = '"';
}

struct demo_step *demo_add(struct demo_story *s, int64_t at_ms, const char *command, const char *as,
	                       const char *slots, const char *fmt, ...)
{
	struct demo_step *st;
	va_list ap;

	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 1024;
		struct demo_step *more = arena_array(s->arena, cap, sizeof(*more));

		if (s->n)
			memcpy(more, s->steps, s->n * sizeof(*more));
		s->steps = more;
		s->cap = cap;
	}
	st = &s->steps[s->n];
	*st = (struct demo_step){.at_ms = at_ms, .order = s->n++, .command = command,
	                         .as = str_of(as), .slots = str_of(slots)};
	va_start(ap, fmt);
	st->data = str_vfmt(s->arena, fmt, ap);
	va_end(ap);
	quote((char *)(uintptr_t)st->data.s); /* our own copy */
	return st;
}

void demo_say(struct demo_story *s, struct demo_step *st, bool milestone, const char *zh,
	          const char *en, ...)
{
	va_list ap, again;

	va_start(ap, en);
	va_copy(again, ap);
	st->milestone = milestone;
	st->zh = str_vfmt(s->arena, zh, ap);
	st->en = str_vfmt(s->arena, en, again);
	va_end(again);
	va_end(ap);
}

static int by_time(const void *a, const void *b)
{
	const struct demo_step *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* The sixth: people at 08:00, papers registered at 11:30, the room ready at 15:00, papers in it
 * from 16:00.  The room is watched until the evening of the ninth. */
enum rc demo_story_make(struct op *op, struct arena *keep, const struct profile *p, uint64_t seed,
	                    struct demo_story *ret)
{
	struct demo_story s = {
		.arena = keep, .random = random_seeded(seed), .profile = p, .seed = seed};

	demo_cast(&s, START_MS + DEMO_MINUTE);
	TRY(demo_papers(op, &s, START_MS + 210 * DEMO_MINUTE, START_MS + 8 * DEMO_HOUR));
	demo_room(&s, START_MS + 7 * DEMO_HOUR, START_MS + 3 * 24 * DEMO_HOUR + 14 * DEMO_HOUR);
	qsort(s.steps, s.n, sizeof(*s.steps), by_time);
	*ret = s;
	return RC_OK;
}
