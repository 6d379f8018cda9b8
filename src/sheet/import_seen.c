/* SPDX-License-Identifier: Apache-2.0 */
/* import_seen.c -- which values stood in rows before, in 40 bytes a value.
 *
 * Half of a SHA-256 stands for the value: nobody makes two staff codes that share it, so a file
 * cannot be written that is slow to check.
 */
#include "sheet/import.h"

/* The place of an id: its own, or the first empty one after it. */
static struct seen_value *place_of(const struct seen *s, const uint8_t id[16])
{
	uint64_t h;
	size_t i;

	memcpy(&h, id, sizeof(h));
	for (i = (size_t)h & (s->cap - 1); s->slot[i].row; i = (i + 1) & (s->cap - 1))
		if (memcmp(s->slot[i].id, id, sizeof(s->slot[i].id)) == 0)
			break;
	return &s->slot[i];
}

static void grow(struct seen *s)
{
	struct seen old = *s;

	s->cap = old.cap ? old.cap * 2 : 256;
	s->slot = calloc(s->cap, sizeof(*s->slot));
	if (!s->slot)
		abort();
	for (size_t i = 0; i < old.cap; i++)
		if (old.slot[i].row)
			*place_of(s, old.slot[i].id) = old.slot[i];
	free(old.slot);
}

struct seen_value *seen_at(struct hasher *hasher, struct seen *s, struct str value, size_t row,
                           bool *ret_new)
{
	struct hash h = hasher_of(hasher, value.s, value.n);
	struct seen_value *v;

	*ret_new = false;
	if (!row && !s->n)
		return NULL;
	if (row && s->n * 2 >= s->cap)
		grow(s);
	v = place_of(s, h.b);
	if (v->row)
		return v;
	if (!row)
		return NULL;
	memcpy(v->id, h.b, sizeof(v->id));
	v->row = (uint32_t)row;
	s->n++;
	*ret_new = true;
	return v;
}

void seen_release(struct seen *s)
{
	free(s->slot);
	*s = (struct seen){0};
}
