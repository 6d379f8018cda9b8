/* SPDX-License-Identifier: Apache-2.0 */
/* report_papers.c -- where the papers are: the books, who holds what, and each session's count; see
 * day.h.  The range of each number of the books is the whole ledger up to `size`: a balance is the
 * sum of all postings before it.
 */
#include "domain/duty/report.h"

#include "domain/custody/custody.h"
#include "domain/custody/half_day.h"
#include "domain/custody/secrecy.h"
#include "engine/book.h"

static enum rc put_books(struct day_report *d, struct json *out)
{
	struct arena *a = d->op->arena;
	struct json *list = json_new_array(a);
	struct balance *b;
	size_t n;

	TRY(book_list(d->op, d->place, &b, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(a);

		json_set_str(a, o, "asset", b[i].asset);
		json_set_str(a, o, "holder", b[i].holder);
		json_set_int(a, o, "qty", b[i].qty);
		json_put(list, NULL, o);
	}
	json_put(out, "balances", list);
	return RC_OK;
}

static enum rc put_holdings(struct day_report *d, struct json *out)
{
	struct arena *a = d->op->arena;
	struct json *list = json_new_array(a);
	struct custody_holding *h;
	size_t n;

	TRY(custody_holdings(d->op, d->place, &h, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(a);

		json_set_str(a, o, "holder", h[i].holder);
		json_set_str(a, o, "state", str_of(bag_state_text(h[i].state)));
		json_set_int(a, o, "bags", h[i].bags);
		json_set_int(a, o, "copies", h[i].copies);
		json_put(list, NULL, o);
	}
	json_put(out, "holdings", list);
	return RC_OK;
}

/* Of one asset in one session. */
struct sum {
	struct str asset;
	int64_t bags, copies, used, absent, left_over, replaced, missing, destroyed;
	int64_t unbalanced, uncounted;
	int64_t first, last;
};

static struct sum *sum_of(struct sum *list, size_t *n, struct str asset)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq(list[i].asset, asset))
			return &list[i];
	list[*n] = (struct sum){.asset = asset, .first = -1, .last = -1};
	return &list[(*n)++];
}

static void add_line(struct sum *s, const struct custody_line *l)
{
	s->bags++;
	s->copies += l->copies;
	s->used += l->used;
	s->absent += l->absent;
	s->left_over += l->left_over;
	s->replaced += l->replaced;
	s->missing += l->missing;
	if (l->state == BAG_LOST)
		s->missing += l->copies + l->moved - l->used - l->replaced - l->missing;
	s->destroyed += l->destroyed;
	s->unbalanced += custody_line_gap(l) != 0;
	s->uncounted += l->room.n && l->state < BAG_COUNTED;
	s->first = s->first < 0 || l->first < s->first ? l->first : s->first;
	s->last = l->last > s->last ? l->last : s->last;
}

static void put_sum(struct day_report *d, struct json *list, struct str session,
                    const struct sum *s)
{
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "session", session);
	json_set_str(a, o, "asset", s->asset);
	json_set_int(a, o, "bags", s->bags);
	json_set_int(a, o, "copies", s->copies);
	json_set_int(a, o, "used", s->used);
	json_set_int(a, o, "absent", s->absent);
	json_set_int(a, o, "left_over", s->left_over);
	json_set_int(a, o, "spoiled", s->replaced);
	json_set_int(a, o, "missing", s->missing);
	json_set_int(a, o, "destroyed", s->destroyed);
	json_set_int(a, o, "rooms_unbalanced", s->unbalanced);
	json_set_int(a, o, "rooms_uncounted", s->uncounted);
	day_mark(d, o, s->first, s->last);
	json_put(list, NULL, o);
}

static void put_gap(struct day_report *d, struct json *list, const struct custody_line *l)
{
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "bag", l->bag);
	json_set_str(a, o, "room", l->room);
	json_set_str(a, o, "session", l->session);
	json_set_int(a, o, "short", custody_line_gap(l));
	json_set_str(a, o, "query",
	             str_fmt(a, "custody trace " STR_FMT, STR_ARG(l->bag)));
	day_mark(d, o, l->first, l->last);
	json_put(list, NULL, o);
}

static enum rc put_session(struct day_report *d, const struct profile_session *s,
                           struct json *sums, struct json *gaps)
{
	struct custody_line *l;
	struct sum *list;
	size_t n, nlist = 0;

	TRY(custody_session_lines(d->op, s->id, d->place, &l, &n));
	list = arena_array(d->op->arena, n + 1, sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		add_line(sum_of(list, &nlist, l[i].asset), &l[i]);
		if (custody_line_gap(&l[i]))
			put_gap(d, gaps, &l[i]);
	}
	for (size_t i = 0; i < nlist; i++)
		put_sum(d, sums, s->id, &list[i]);
	return RC_OK;
}

/* Bags by how secret they are at this moment. */
static enum rc put_levels(struct day_report *d, struct json *out)
{
	static const char *const KEYS[] = {"none", "secret", "confidential", "top_secret"};
	struct json *o = json_new_object(d->op->arena);
	int64_t n[LEVEL_TOP_SECRET + 1];

	TRY(custody_secrecy_counts(d->op, d->profile, d->place, d->op->now_ms, n));
	for (size_t i = 0; i < COUNT(KEYS); i++)
		json_set_int(d->op->arena, o, KEYS[i], n[i]);
	json_put(out, "secrecy", o);
	return RC_OK;
}

enum rc day_papers(struct day_report *d)
{
	struct half_day h = {.op = d->op, .profile = d->profile, .ledger = d->ledger,
	                     .offset_min = d->offset_min, .place = d->place};
	const struct profile *p = d->profile;
	struct arena *a = d->op->arena;
	struct json *o = json_new_object(a), *sums = json_new_array(a), *gaps = json_new_array(a);
	struct json *arose = json_new_array(a);

	for (size_t i = 0; i < p->nsessions; i++)
		if (day_has(d, &p->sessions[i])) {
			TRY(put_session(d, &p->sessions[i], sums, gaps));
			TRY(half_day_gaps(&h, p->sessions[i].id, arose));
		}
	json_put(o, "sessions", sums);
	json_put(o, "unbalanced", gaps);
	json_put(o, "differences", arose);
	TRY(put_levels(d, o));
	TRY(put_holdings(d, o));
	TRY(put_books(d, o));
	json_set_str(a, o, "query", d->place.n ? str_fmt(a, "custody balance " STR_FMT,
	                                                 STR_ARG(d->place))
	                                       : STR("custody balance"));
	day_mark(d, o, 0, d->size - 1);
	json_put(d->doc, "papers", o);
	return RC_OK;
}
