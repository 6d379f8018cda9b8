/* SPDX-License-Identifier: Apache-2.0 */
/* form_store.c -- what is recorded of a secrecy room on a day, for its sheets. */
#include "http/form_private.h"

#include "base/clock.h"
#include "domain/custody/custody.h"

static bool is_of_day(struct form_list *l, int64_t ms)
{
	struct str t;

	if (ms <= 0)
		return false;
	t = clock_format_offset(l->op->arena, ms, l->desk->profile->utc_offset_min);
	return t.n > 10 && memcmp(t.s, l->ask->day.s, 10) == 0;
}

static struct str *room_for(struct form_list *l, size_t n, size_t columns)
{
	return arena_array(l->op->arena, n * columns + 1, sizeof(struct str));
}

/* Who is on post stands there whatever the day: the shift began before midnight. */
static enum rc guards(struct form_list *l, struct form_lines *ret)
{
	struct form_rows r;
	struct str *c;

	TRY(form_rows(l, "custody/guards", &r));
	c = room_for(l, r.n, 5);
	for (size_t i = 0; i < r.n; i++) {
		c[i * 5] = form_person(l, form_int(&r, i, "person"));
		c[i * 5 + 1] = form_word(&r, i, "duty");
		c[i * 5 + 2] = form_time(l, form_int(&r, i, "since_ms"));
	}
	*ret = (struct form_lines){c, r.n};
	return RC_OK;
}

static enum rc entries(struct form_list *l, struct form_lines *ret)
{
	struct form_rows r;
	struct str *c;
	size_t n = 0;

	TRY(form_rows(l, "custody/entries", &r));
	c = room_for(l, r.n, 5);
	for (size_t i = 0; i < r.n; i++) {
		int64_t who = form_int(&r, i, "person");

		if (!is_of_day(l, form_int(&r, i, "at_ms")))
			continue;
		c[n * 5] = form_time(l, form_int(&r, i, "at_ms"));
		c[n * 5 + 1] = who > 0 ? form_person(l, who) : STR("外来人员");
		c[n++ * 5 + 2] = form_word(&r, i, "purpose");
	}
	*ret = (struct form_lines){c, n};
	return RC_OK;
}

static enum rc keys(struct form_list *l, struct form_lines *ret)
{
	struct form_rows r;
	struct str *c;

	TRY(form_rows(l, "custody/key_bags", &r));
	c = room_for(l, r.n, 4);
	for (size_t i = 0; i < r.n; i++) {
		c[i * 4] = form_cell(&r, i, "bag");
		c[i * 4 + 1] = form_cell(&r, i, "seal");
		c[i * 4 + 2] = form_int(&r, i, "sealed") ? STR("是") : STR("否");
		c[i * 4 + 3] = form_time(l, form_int(&r, i, "at_ms"));
	}
	*ret = (struct form_lines){c, r.n};
	return RC_OK;
}

static enum rc replays(struct form_list *l, struct form_lines *ret)
{
	struct form_rows r;
	struct str *c;
	size_t n = 0;

	TRY(form_rows(l, "custody/replays", &r));
	c = room_for(l, r.n, 4);
	for (size_t i = 0; i < r.n; i++) {
		struct str half_day = form_cell(&r, i, "half_day");

		if (!is_of_day(l, form_int(&r, i, "block_ms")) &&
		    !is_of_day(l, form_int(&r, i, "at_ms")))
			continue;
		c[n * 4] = half_day.n ? STR("—") : form_time(l, form_int(&r, i, "block_ms"));
		c[n * 4 + 1] = half_day.n ? form_half_day(l, half_day) : STR("—");
		c[n * 4 + 2] = form_time(l, form_int(&r, i, "at_ms"));
		c[n++ * 4 + 3] = form_cell(&r, i, "suspects");
	}
	*ret = (struct form_lines){c, n};
	return RC_OK;
}

/* In a store lie boxes before, and bags of scripts after: it keeps both. */
static enum rc held(struct form_list *l, struct str *ret)
{
	struct custody_holding *h;
	const struct form_rows none = {0};
	struct form_ask county = *l->ask, own = *l->ask;
	struct form_rows r = none;
	int64_t n = 0, bags = 0, back = 0;
	size_t nholdings;

	/* A box's place in the view is where it goes; who holds it is looked at here. */
	county.place = (struct str){"", 0};
	l->ask = &county;
	if (form_rows(l, "custody/boxes", &r) != RC_OK)
		return l->op->err.rc;
	for (size_t i = 0; i < r.n; i++)
		n += str_eq(form_cell(&r, i, "holder"), own.place);
	TRY(custody_holdings(l->op, own.place, &h, &nholdings));
	for (size_t i = 0; i < nholdings; i++)
		if (str_eq(h[i].holder, own.place)) {
			bags += h[i].bags;
			back += h[i].state == BAG_RETURNED ? h[i].bags : 0;
		}
	*ret = str_fmt(l->op->arena, "%lld 箱　%lld 袋（其中已回送 %lld）", (long long)n,
	               (long long)bags, (long long)back);
	return RC_OK;
}

static enum rc board(struct form_list *l, struct store_form *f)
{
	struct form_rows r;

	TRY(form_rows(l, "custody/rooms", &r));
	if (!r.n)
		return RC_OK;
	f->leader = form_person(l, form_int(&r, 0, "leader"));
	f->keeper = form_person(l, form_int(&r, 0, "keeper"));
	f->patrolled = form_time(l, form_int(&r, 0, "patrolled_ms"));
	f->checked = form_time(l, form_int(&r, 0, "checked_ms"));
	f->devices_down = form_cell(&r, 0, "devices_down");
	return RC_OK;
}

static enum rc store(struct form_list *l, void (*draw)(struct page *, const void *),
                     struct store_form **ret)
{
	struct store_form *f = ARENA_NEW(l->op->arena, struct store_form);

	f->at = form_subject(l, l->ask->place);
	TRY(board(l, f));
	form_add(l, l->ask->place, draw, f);
	*ret = f;
	return RC_OK;
}

enum rc form_store_log(struct form_list *l)
{
	struct store_form *f;

	TRY(store(l, store_log_draw, &f));
	TRY(guards(l, &f->guards));
	return entries(l, &f->entries);
}

enum rc form_keys(struct form_list *l)
{
	struct store_form *f;

	TRY(store(l, keys_draw, &f));
	return keys(l, &f->keys);
}

enum rc form_joint_check(struct form_list *l)
{
	const struct form_ask *ask = l->ask;
	struct store_form *f;
	enum rc rc;

	TRY(store(l, joint_check_draw, &f));
	rc = held(l, &f->boxes);
	l->ask = ask;
	return rc;
}

enum rc form_replay(struct form_list *l)
{
	struct store_form *f;

	TRY(store(l, replay_draw, &f));
	return replays(l, &f->replays);
}
