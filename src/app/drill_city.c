/* SPDX-License-Identifier: Apache-2.0 */
/* drill_city.c -- the made-up city of a drill: places, sessions, staff, who sits where.
 *
 * A staff code says where somebody works and as what: X01-K2 is the second keeper of county 1's
 * secrecy room, X01S02-I05 an invigilator of its site 2.  Posts are the table below; nothing of a
 * city depends on anything but its size and the seed.
 */
#include "app/drill_city.h"

#include "app/drill_run.h"
#include "base/clock.h"

enum { PER_ROOM = 2, BACK_CREW = 2, FRONT_CREW = 2 };

/* `of`: how many for each site (a county's row) or room (a site's row), beside `n`. */
static const struct drill_post POSTS[] = {
	{LEVEL_ANY, "system_admin", "A", 1, 0, false},
	{LEVEL_ANY, "security_admin", "B", 1, 0, false},
	{LEVEL_ANY, "audit_admin", "C", 1, 0, false},
	{LEVEL_PROVINCE, "province_office", "P", 2, 0, false},
	{LEVEL_CITY, "city_office", "O", 2, 0, false},
	{LEVEL_CITY, "city_duty", "D", 2, 0, false},
	{LEVEL_CITY, "city_leader", "L", 2, 0, false},
	{LEVEL_CITY, "exception_approver", "E", 1, 0, false},
	{LEVEL_CITY, "remote_inspector", "R", 4, 0, false},
	{LEVEL_CITY, "inspector", "N", 2, 0, false},
	{LEVEL_CITY, "discipline_officer", "J", 2, 0, false},
	{LEVEL_CITY, "print_supervisor", "M", 2, 0, true},
	{LEVEL_CITY, "tip_officer", "T", 1, 0, false},
	{LEVEL_COUNTY, "county_office", "O", 3, 0, true},
	{LEVEL_COUNTY, "county_leader", "L", 2, 0, true},
	{LEVEL_COUNTY, "county_director", "H", 2, 0, false},
	{LEVEL_COUNTY, "duty_officer", "D", 3, 0, true},
	{LEVEL_COUNTY, "store_keeper", "K", 4, 0, true},
	{LEVEL_COUNTY, "secrecy_guard", "G", 6, 0, true},
	{LEVEL_COUNTY, "police", "P", 6, 0, true},
	{LEVEL_COUNTY, "secrecy_officer", "S", 2, 0, true},
	{LEVEL_COUNTY, "discipline_officer", "J", 4, 0, true},
	{LEVEL_COUNTY, "remote_inspector", "R", 2, 0, false},
	{LEVEL_COUNTY, "inspector", "N", 2, 0, false},
	{LEVEL_COUNTY, "technician", "T", 2, 0, false},
	{LEVEL_COUNTY, "courier", "C", 4, FRONT_CREW + BACK_CREW, true},
	{LEVEL_COUNTY, "driver", "V", 2, 2, true},
	{LEVEL_SITE, "site_chief", "A", 1, 0, true},
	{LEVEL_SITE, "deputy_chief", "B", 2, 0, true},
	{LEVEL_SITE, "site_clerk", "C", 3, 0, true},
	{LEVEL_SITE, "bell_keeper", "D", 1, 0, true},
	{LEVEL_SITE, "listening_player", "E", 2, 0, true},
	{LEVEL_SITE, "video_invigilator", "F", 2, 0, true},
	{LEVEL_SITE, "gate_checker", "G", 4, 0, true},
	{LEVEL_SITE, "identity_checker", "H", 4, 0, true},
	{LEVEL_SITE, "medic", "M", 2, 0, true},
	{LEVEL_SITE, "technician", "T", 1, 0, true},
	{LEVEL_SITE, "police", "P", 2, 0, true},
	{LEVEL_SITE, "inspector", "N", 1, 0, true},
	{LEVEL_SITE, "roving_invigilator", "R", 3, 0, true},
	{LEVEL_SITE, "invigilator", "I", 2, PER_ROOM, true},
};

const struct drill_post *drill_posts(size_t *ret_n)
{
	*ret_n = COUNT(POSTS);
	return POSTS;
}

/* ---- who is at a place ---- */

static const struct drill_county *county_at(const struct drill *d, const char *place)
{
	for (int i = 0; i < d->ncounties; i++)
		if (place_covers(str_of(d->counties[i].path), str_of(place)))
			return &d->counties[i];
	return NULL;
}

static const struct drill_site *site_at(const struct drill_county *c, const char *place)
{
	for (int i = 0; c && i < c->nsites; i++)
		if (place_covers(str_of(c->sites[i].path), str_of(place)))
			return &c->sites[i];
	return NULL;
}

/* The code that staff codes of this place begin with, and how many posts there are. */
static int post_at(const struct drill *d, const char *place, const char *role,
                   const struct drill_post **ret, const char **ret_code)
{
	const struct drill_county *c = county_at(d, place);
	const struct drill_site *s = site_at(c, place);
	int level = place_level(str_of(place));

	if (c && !s)
		level = LEVEL_COUNTY; /* its secrecy room is the county's */
	else if (!c && level > LEVEL_CITY)
		return 0; /* the city's printing house is no county */
	for (size_t i = 0; i < COUNT(POSTS); i++) {
		const struct drill_post *p = &POSTS[i];

		if (strcmp(p->role, role) != 0 || (int)p->level != level)
			continue;
		*ret = p;
		*ret_code = s ? s->code : c ? c->code : level == LEVEL_CITY ? "CD1" : "SC1";
		return p->n + p->of * (s ? s->nrooms : c ? c->nsites : 0);
	}
	return 0;
}

int drill_staff_count(const struct drill *d, const char *place, const char *role)
{
	const struct drill_post *p;
	const char *code;

	return post_at(d, place, role, &p, &code);
}

const char *drill_staff(struct drill *d, const char *place, const char *role, int n)
{
	const struct drill_post *p;
	const char *code;

	if (n < 1 || n > post_at(d, place, role, &p, &code))
		return NULL;
	return drill_fmt(d, p->of ? "%s-%s%02d" : "%s-%s%d", code, p->mark, n);
}

/* The keepers of secrecy rooms sign with keys, everybody else with a badge. */
bool drill_has_key(const char *code)
{
	return strstr(code, "-K") != NULL;
}

const char *drill_badge(struct drill *d, const char *slot, const char *code)
{
	assert(code != NULL);
	return drill_fmt(d, "%s=%s:%s ", slot, drill_has_key(code) ? "key" : "badge", code);
}

const char *drill_invigilator(struct drill *d, const struct drill_room *r, int which)
{
	return drill_staff(d, r->site->path, "invigilator", PER_ROOM * r->number - 1 + which);
}

/* ---- sessions ---- */

const char *drill_date(struct drill *d, int day)
{
	struct str at = clock_format_offset(d->arena, drill_at(d, day, 12, 0),
	                                    d->profile->utc_offset_min);

	return str_dup(d->arena, at.s, 10).s;
}

static int64_t local_midnight(const struct profile *p, int64_t at_ms)
{
	int64_t offset = p->utc_offset_min * DRILL_MINUTE;

	return (at_ms + offset) / DRILL_DAY * DRILL_DAY - offset;
}

int64_t drill_start_of(const struct profile *p)
{
	struct drill d = {.first_day_ms = local_midnight(p, p->sessions[0].start_ms)};

	return drill_at(&d, -2, 8, 0) - DRILL_MINUTE;
}

int64_t drill_at(const struct drill *d, int day, int hour, int minute)
{
	return d->first_day_ms + day * DRILL_DAY + hour * DRILL_HOUR + minute * DRILL_MINUTE;
}

static bool is_concurrent(const struct profile *p, size_t i, size_t *ret_first, size_t *ret_n)
{
	size_t first = i, last = i;

	while (first > 0 && p->sessions[first - 1].start_ms == p->sessions[i].start_ms)
		first--;
	while (last + 1 < p->nsessions && p->sessions[last + 1].start_ms == p->sessions[i].start_ms)
		last++;
	*ret_first = first;
	*ret_n = last - first + 1;
	return *ret_n > 1;
}

/* Half days with several sessions one after the other: *ret_pair says how many of them come before
 * this one, *ret_first whether this is the first of its own. */
static bool shares_half_day(const struct profile *p, size_t i, int *ret_pair, bool *ret_first)
{
	const struct profile_session *s = p->sessions;
	bool before = i > 0 && str_eq(s[i - 1].half_day, s[i].half_day);
	bool after = i + 1 < p->nsessions && str_eq(s[i + 1].half_day, s[i].half_day);

	*ret_first = !before;
	*ret_pair = 0;
	for (size_t k = 1; k + before <= i; k++)
		*ret_pair += str_eq(s[k].half_day, s[k - 1].half_day) &&
		             s[k].start_ms != s[k - 1].start_ms;
	return before || after;
}

static bool is_elective(const struct profile *p, struct str subject)
{
	char id[128];

	snprintf(id, sizeof(id), "exam.elective." STR_FMT, STR_ARG(subject));
	return profile_setting(p, id, 0) != 0;
}

/* Sessions that start together share the rooms out.  Of two elective subjects in one half day each
 * takes two thirds, from either end, so that some rooms sit both; of the next two each takes the
 * third that sat one of the first.  Else everybody sits. */
static void take_rooms(const struct drill *d, size_t i, int rooms, struct drill_session *s)
{
	int head = (rooms + 2) / 3, tail = (rooms + 1) / 3, pair;
	size_t first, n;
	bool is_first;

	s->first_room = 1;
	s->nrooms = rooms;
	if (is_concurrent(d->profile, i, &first, &n)) {
		int from = rooms * (int)(i - first) / (int)n, to = rooms * (int)(i - first + 1) / (int)n;

		s->first_room = from + 1;
		s->nrooms = to - from;
	} else if (is_elective(d->profile, d->profile->sessions[i].subject) &&
	           shares_half_day(d->profile, i, &pair, &is_first)) {
		int from = is_first ? 1 : pair ? rooms - tail + 1 : head + 1;
		int to = !is_first ? rooms : pair ? head : rooms - tail;

		s->first_room = from;
		s->nrooms = to - from + 1;
	}
}

static void add_sessions(struct drill *d, int rooms)
{
	const struct profile *p = d->profile;
	int half = -1;

	d->sessions = arena_array(d->arena, p->nsessions, sizeof(*d->sessions));
	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *ps = &p->sessions[i];
		int day = (int)((local_midnight(p, ps->start_ms) - d->first_day_ms) / DRILL_DAY);
		struct drill_session *s = &d->sessions[i];

		if (i == 0 || !str_eq(p->sessions[i - 1].half_day, ps->half_day))
			half++;
		*s = (struct drill_session){.p = ps, .id = str_copy(d->arena, ps->id).s,
		                            .start_ms = ps->start_ms, .end_ms = ps->end_ms,
		                            .number = (int)i, .day = day, .half = half};
		take_rooms(d, i, rooms, s);
		d->nsessions += day < d->days;
	}
}

bool drill_sits(const struct drill_room *r, const struct drill_session *s)
{
	return r->number >= s->first_room && r->number < s->first_room + s->nrooms;
}

static struct random seating(const struct drill *d, const struct drill_room *r,
                             const struct drill_session *s)
{
	const struct drill_site *site = r->site;

	return drill_random(d, "seats", ((site->county->number * 1000LL + site->number) * 1000 +
	                                 r->number) * 1000 + s->number);
}

/* One room in one session. */
struct drill_sitting_of {
	short seats, absent, first, second; /* who is absent, by seat; 0: nobody */
};

/* Full rooms but each site's last; 0.8 % absent on the average, never two neighbours. */
static struct drill_sitting_of make_sitting(const struct drill *d, const struct drill_room *r,
                                            const struct drill_session *s)
{
	struct random chance = seating(d, r, s);
	int seats = d->seats;
	int64_t x = drill_between(&chance, 0, 99);
	int absent = x < 80 ? 0 : x < 96 ? 1 : 2, first;

	if (r->number >= s->first_room + s->nrooms - 1)
		seats = (int)drill_between(&chance, (d->seats * 2 + 2) / 3, d->seats);
	first = (int)drill_between(&chance, 1, seats);
	return (struct drill_sitting_of){
		(short)seats, (short)absent, (short)(absent ? first : 0),
		(short)(absent > 1 ? (first + seats / 2 - 1) % seats + 1 : 0)};
}

int drill_seats(const struct drill *d, const struct drill_room *r, const struct drill_session *s)
{
	(void)d;
	return r->sittings[s->number].seats;
}

int drill_absent(const struct drill *d, const struct drill_room *r, const struct drill_session *s)
{
	(void)d;
	return r->sittings[s->number].absent;
}

bool drill_is_absent(const struct drill *d, const struct drill_room *r,
                     const struct drill_session *s, int seat)
{
	const struct drill_sitting_of *x = &r->sittings[s->number];

	(void)d;
	return seat == x->first || seat == x->second;
}

static void seat_all(struct drill *d)
{
	for (int i = 0; i < d->nsites; i++)
		for (int k = 0; k < d->sites[i]->nrooms; k++) {
			struct drill_room *r = &d->sites[i]->rooms[k];

			r->sittings = arena_array(d->arena, (size_t)d->nsessions, sizeof(*r->sittings));
			for (int j = 0; j < d->nsessions; j++)
				r->sittings[j] = make_sitting(d, r, &d->sessions[j]);
		}
}

bool drill_is_second(const struct drill_session *s)
{
	return s->number && str_eq(s[-1].p->half_day, s->p->half_day) && s[-1].start_ms < s->start_ms;
}

/* The elective subjects of all sessions that the room sits, also those of days not played. */
const char *drill_combination(struct drill *d, const struct drill_room *r)
{
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (size_t i = 0; i < d->profile->nsessions; i++) {
		struct str subject = d->sessions[i].p->subject;

		if (drill_sits(r, &d->sessions[i]) && is_elective(d->profile, subject))
			strbuf_addf(&b, "%s" STR_FMT, b.n ? "." : "", STR_ARG(subject));
	}
	return b.n ? strbuf_str(&b).s : "";
}

const char *drill_candidate(struct drill *d, const struct drill_room *r, int seat)
{
	return drill_fmt(d, "%sR%02d-%02d", r->site->code, r->number, seat);
}

/* ---- the city ---- */

static void add_site(struct drill *d, struct drill_county *c, int number, int rooms)
{
	struct drill_site *s = &c->sites[number - 1];

	*s = (struct drill_site){.county = c, .number = number, .nrooms = rooms};
	s->code = drill_fmt(d, "%sS%02d", c->code, number);
	s->path = drill_fmt(d, "%s/s%02d", c->path, number);
	s->rooms = arena_array(d->arena, (size_t)rooms, sizeof(*s->rooms));
	for (int i = 0; i < rooms; i++)
		s->rooms[i] = (struct drill_room){.site = s, .number = i + 1,
		                                  .path = drill_fmt(d, "%s/r%02d", s->path, i + 1)};
	d->sites[d->nsites++] = s;
}

void drill_city_make(struct drill *d, const struct scenario *s)
{
	const struct profile *p = d->profile;
	const struct drill_session *last;

	d->province = "sc";
	d->city = "sc/cd";
	d->days = s->days;
	d->seats = s->seats;
	d->first_day_ms = local_midnight(p, p->sessions[0].start_ms);
	d->start_ms = drill_at(d, -2, 8, 0);
	d->ncounties = s->counties;
	d->counties = arena_array(d->arena, (size_t)s->counties, sizeof(*d->counties));
	d->sites = arena_array(d->arena, (size_t)(s->counties * s->sites), sizeof(struct drill_site *));
	for (int i = 0; i < s->counties; i++) {
		struct drill_county *c = &d->counties[i];

		*c = (struct drill_county){.number = i + 1, .nsites = s->sites};
		c->code = drill_fmt(d, "X%02d", i + 1);
		c->path = drill_fmt(d, "%s/x%02d", d->city, i + 1);
		c->store = drill_fmt(d, "%s/store", c->path);
		c->sites = arena_array(d->arena, (size_t)s->sites, sizeof(*c->sites));
		for (int k = 1; k <= s->sites; k++)
			add_site(d, c, k, s->rooms);
	}
	add_sessions(d, s->rooms);
	seat_all(d);
	last = &d->sessions[d->nsessions - 1];
	d->end_ms = last->end_ms + 5 * DRILL_HOUR;
}
