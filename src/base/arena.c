/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c -- see arena.h.
 *
 * A list of chunks; only its head is filled.  Sizes double up to a limit, so that a request
 * costs one chunk and an import few.  What would waste half a chunk gets a chunk of its own,
 * placed behind the head so that small things go on filling the head.
 * Under AddressSanitizer the unused part of a chunk is poisoned: a value used after its
 * operation ended is then found by any test.
 */
#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define GUARDED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARDED 1
#endif
#endif

#ifdef GUARDED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

#define ALIGN _Alignof(max_align_t)
#define CHUNK_MIN ((size_t)8 << 10) /* most requests fit in it */
#define CHUNK_MAX ((size_t)1 << 20) /* the most that a reset keeps */

struct chunk {
	struct chunk *next;
	size_t size, at;
	_Alignas(max_align_t) unsigned char b[];
};

/* The ledger is crash-safe; going on without memory is not. */
static _Noreturn void out_of_memory(void)
{
	fputs("gongyuan: 内存不足 out of memory\n", stderr);
	abort();
}

static size_t round_up(size_t n)
{
	if (n > SIZE_MAX / 2)
		out_of_memory();
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *c = malloc(sizeof(*c) + size);

	if (!c)
		out_of_memory();
	c->next = NULL;
	c->size = size;
	c->at = 0;
	ASAN_POISON_MEMORY_REGION(c->b, c->size);
	return c;
}

static void chunk_free(struct chunk *c)
{
	ASAN_UNPOISON_MEMORY_REGION(c->b, c->size);
	free(c);
}

/* A chunk with room for `want` bytes, linked in. */
static struct chunk *chunk_for(struct arena *a, size_t want)
{
	size_t size = CHUNK_MIN;
	struct chunk *c; /* the rest of the old head is given up: at most half a chunk */

	if (a->head)
		size = a->head->size < CHUNK_MAX / 2 ? a->head->size * 2 : CHUNK_MAX;
	if (a->head && want > size / 2) {
		c = chunk_new(want);
		c->next = a->head->next;
		a->head->next = c;
		return c;
	}
	c = chunk_new(want > size ? want : size);
	c->next = a->head;
	a->head = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t want = round_up(n > 0 ? n : 1); /* no bytes still get an address of their own */
	struct chunk *c = a->head;
	void *p;

	if (!c || want > c->size - c->at)
		c = chunk_for(a, want);
	p = c->b + c->at;
	c->at += want;
	a->used += want;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	if (size > 0 && n > SIZE_MAX / 2 / size)
		out_of_memory();
	return arena_alloc(a, n * size);
}

void *arena_extend(struct arena *a, void *p, size_t old, size_t n)
{
	struct chunk *c = a->head;
	size_t have = round_up(old > 0 ? old : 1), want = round_up(n);
	void *moved;

	assert(n >= old);
	if (p && c && (unsigned char *)p + have == c->b + c->at && want - have <= c->size - c->at) {
		c->at += want - have;
		a->used += want - have;
		ASAN_UNPOISON_MEMORY_REGION(p, n);
		memset((unsigned char *)p + old, 0, n - old);
		return p;
	}
	moved = arena_alloc(a, n);
	if (old > 0)
		memcpy(moved, p, old);
	return moved;
}

void *arena_room(struct arena *a, void *list, size_t n, size_t *cap, size_t size)
{
	size_t more;

	if (n < *cap)
		return list;
	more = *cap ? *cap * 2 : 16;
	if (size > 0 && more > SIZE_MAX / 2 / size)
		out_of_memory();
	list = arena_extend(a, list, *cap * size, more * size);
	*cap = more;
	return list;
}

void arena_reset(struct arena *a)
{
	struct chunk *keep = a->head;

	if (!keep)
		return;
	if (keep->size > CHUNK_MAX) { /* one large import must not hold its memory for ever */
		arena_release(a);
		return;
	}
	a->head = keep->next;
	arena_release(a);
	keep->next = NULL;
	keep->at = 0;
	ASAN_POISON_MEMORY_REGION(keep->b, keep->size);
	a->head = keep;
}

void arena_release(struct arena *a)
{
	while (a->head) {
		struct chunk *next = a->head->next;

		chunk_free(a->head);
		a->head = next;
	}
	a->used = 0;
}
