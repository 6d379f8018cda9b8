/* SPDX-License-Identifier: Apache-2.0 */
/* drill_ours.c -- whose doing was it?  Beside real users the people of a drill look after what
 * their own day brings, and leave to the users what the users have done.
 *
 * A step's key is made of the seed, the step's number and its time, and stands in its act: whoever
 * has the day knows its own acts again, after a restart too.
 */
#include "app/drill_play.h"

#include "app/drill_city.h"
#include "engine/writer.h"

struct str drill_key_of(struct arena *a, struct random *r, uint64_t number, int64_t at_ms)
{
	random_at(r, 2 * number);
	return uuid_v7(a, r, at_ms);
}

/* The first 48 bits of a UUID of version 7. */
static int64_t time_of(struct str key)
{
	int64_t ms = 0;

	for (size_t i = 0, digits = 0; i < key.n && digits < 12; i++) {
		const char *hex = "0123456789abcdef", *at = strchr(hex, key.s[i]);

		if (key.s[i] == '-')
			continue;
		if (!at)
			return -1;
		ms = ms << 4 | (at - hex);
		digits++;
	}
	return ms;
}

/* The first step at that moment or later; steps are sorted by time. */
static size_t first_at(const struct drill *d, int64_t at_ms)
{
	size_t low = 0, high = d->nsteps;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (d->steps[mid]->at_ms < at_ms)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_step(const struct drill_play *p, struct arena *a, struct str key)
{
	const struct drill *d = p->d;
	int64_t at_ms = time_of(key);
	struct random r = p->random;

	for (size_t i = first_at(d, at_ms); i < d->nsteps && d->steps[i]->at_ms == at_ms; i++)
		if (str_eq(drill_key_of(a, &r, i + 1, at_ms), key))
			return true;
	return false;
}

/* From an alarm's cause back to the act that began it. */
enum rc drill_is_ours(struct op *op, const struct drill_play *p, int64_t index, bool *ret)
{
	*ret = true; /* of time's own passing */
	while (index >= 0) {
		const struct json *act;
		struct json *entry;
		struct str bytes;
		struct hash leaf;

		TRY(ledger_entry(op, &p->w->ledger, (uint64_t)index, &bytes, &leaf));
		TRY(json_read(op, bytes, &entry));
		act = json_get(entry, "act");
		if (act) {
			*ret = is_step(p, op->arena, json_str(act, "key"));
			return RC_OK;
		}
		index = json_int(entry, "cause", -1);
	}
	return RC_OK;
}
