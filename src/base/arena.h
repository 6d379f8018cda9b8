/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h -- memory of one operation, dropped whole.
 *
 * `arena_alloc` zeroes and never returns NULL: out of memory ends the process (the ledger is
 * crash-safe, so nothing acknowledged is lost).  Everything that comes from outside is bounded
 * by base/limits.h before it reaches an arena.
 */
#ifndef GY_ARENA_H
#define GY_ARENA_H

#include "base/macros.h"

struct chunk;
struct arena {
	struct chunk *head;
	size_t used; /* bytes handed out since the last reset */
};

/* n bytes, zeroed, aligned for any type; live until reset or release. */
void *arena_alloc(struct arena *a, size_t n);

/* An array of n elements of `size` bytes, zeroed; aborts when n * size overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* Grows the block p of `old` bytes (NULL: none) to n >= old; in place when it is the newest and
 * has room, else moved.  The new bytes are zero; the old block must not be used any more. */
void *arena_extend(struct arena *a, void *p, size_t old, size_t n);

/* Room for one more behind the n elements of a list that holds *cap: the list, or a larger one when
 * it was full.  Begin with NULL, 0 and 0. */
void *arena_room(struct arena *a, void *list, size_t n, size_t *cap, size_t size);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Forgets everything allocated, keeps one chunk for the next operation. */
void arena_reset(struct arena *a);

/* Gives all memory back; the arena is empty and may be used again. */
void arena_release(struct arena *a);

#endif
