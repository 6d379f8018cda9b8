/* SPDX-License-Identifier: Apache-2.0 */
/* form_room.c -- forms of a room and session: the record sheet, the door sheet, the seat map. */
#include "http/form_private.h"

#include "domain/arrange/seat.h"
#include "domain/exam/exam.h"

static const char *const KIND[ROOM_KIND_MAX] = {
	[ROOM_NORMAL] = "普通考场", [ROOM_SPECIAL] = "合理便利考场", [ROOM_RESERVE] = "备用（隔离）考场",
	[ROOM_WAITING] = "候考区",
};

/* In a session without listening there is no language to be written in. */
static struct str language_word(struct form_list *l, struct str id)
{
	const struct profile_language *g = profile_language(l->desk->profile, id);
	const struct profile_session *s = profile_session(l->desk->profile, l->ask->session);

	if (!id.n)
		return s && s->listening ? id : STR("—");
	return g ? g->why.zh : id;
}

static enum rc add_record(struct form_list *l, const struct room_plan *r)
{
	struct room_form *f = ARENA_NEW(l->op->arena, struct room_form);
	struct seat *seats;
	size_t n;

	TRY(arrange_room_candidates(l->op, l->ask->session, r->room, &seats, &n));
	*f = (struct room_form){
		.at = form_subject(l, r->room), .room = form_room(l, r->room),
		.kind = str_of(KIND[r->kind]),
		.language = language_word(l, r->language),
		.seats = r->kind == ROOM_RESERVE ? STR("") : form_number(l, r->seats),
		.first = n ? seats[0].candidate : STR(""), .last = n ? seats[n - 1].candidate : STR(""),
	};
	f->at.place = form_place(l, r->site);
	form_add(l, r->room, room_draw, f);
	l->forms[l->n - 1].head.office = f->at.place;
	return RC_OK;
}

/* Were the names of this room opened, for this session, by who asks, and is it still time? */
static enum rc check_opened(struct form_list *l, struct str room)
{
	const struct profile_session *s = profile_session(l->desk->profile, l->ask->session);
	struct names_opened o;
	bool known;

	TRY(arrange_names_opened(l->op, l->ask->opened, &o, &known));
	if (!known || !str_eq(o.session, l->ask->session) || !place_covers(o.place, room) ||
	    (l->ask->who.v && o.who.v != l->ask->who.v) || l->op->now_ms >= s->end_ms)
		return fail(l->op, RC_DENIED, "opened", "个人信息保护法 Art.51",
		            "台账序号 %lld 不是本人对此处、此科次的查阅登记，或科次已结束",
		            "entry %lld did not open the names of this place and session for you, or the "
		            "session is over", (long long)l->ask->opened);
	return RC_OK;
}

static enum rc name_of(struct form_list *l, const struct candidate *c, struct str *ret)
{
	enum rc rc;

	*ret = STR("");
	if (l->ask->opened < 0)
		return RC_OK;
	rc = vault_get(l->op, l->desk->vault, c->name_vault, (struct str){NULL, 0}, ret);
	if (rc == RC_NOT_FOUND) /* shredded */
		*ret = STR("（已销毁）");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Those who sit there, by seat. */
static enum rc seats_of(struct form_list *l, struct str room, struct form_seat **ret, size_t *ret_n)
{
	struct seat *seats;
	struct form_seat *list;
	size_t n;

	TRY(arrange_room_candidates(l->op, l->ask->session, room, &seats, &n));
	list = arena_array(l->op->arena, n + 1, sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		struct candidate c;

		TRY(exam_candidate(l->op, seats[i].candidate, "candidate", &c));
		list[i] = (struct form_seat){
			.seat = seats[i].seat ? str_fmt(l->op->arena, "%02lld", (long long)seats[i].seat)
			                      : STR(""),
			.candidate = c.number, .ticket = c.ticket,
		};
		TRY(name_of(l, &c, &list[i].name));
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* Desks of each column, as many columns as the profile has in a row. */
static void columns_of(struct form_list *l, struct door_form *f)
{
	for (; f->ncolumns < DOOR_COLUMNS; f->ncolumns++) {
		struct str id = str_fmt(l->op->arena, "print.desks.column_%zu", f->ncolumns + 1);

		f->column[f->ncolumns] = profile_setting(l->desk->profile, id.s, 0);
		if (f->column[f->ncolumns] <= 0)
			return;
	}
}

static enum rc add_door(struct form_list *l, const struct room_plan *r,
                        void (*draw)(struct page *, const void *))
{
	struct door_form *f = ARENA_NEW(l->op->arena, struct door_form);
	struct form_seat *seats;

	*f = (struct door_form){.at = form_subject(l, r->room), .room = form_room(l, r->room),
	                        .reserve = r->kind == ROOM_RESERVE,
	                        .a_row = profile_setting(l->desk->profile, "print.desks_a_row", 0)};
	columns_of(l, f);
	f->at.place = form_place(l, r->site);
	f->named = l->ask->opened >= 0;
	if (f->named)
		TRY(check_opened(l, r->room));
	TRY(seats_of(l, r->room, &seats, &f->n));
	f->seats = seats;
	form_add(l, r->room, draw, f);
	l->forms[l->n - 1].head.office = f->at.place;
	return RC_OK;
}

static enum rc add_door_sheet(struct form_list *l, const struct room_plan *r)
{
	return add_door(l, r, door_draw);
}

static enum rc add_seat_map(struct form_list *l, const struct room_plan *r)
{
	return add_door(l, r, seat_map_draw);
}

/* A room's, or those of all rooms of a site in which somebody writes. */
static enum rc each_room(struct form_list *l,
                         enum rc (*add)(struct form_list *l, const struct room_plan *r))
{
	struct str site = place_cut(l->op->arena, l->ask->place, LEVEL_SITE);
	struct room_plan *rooms;
	size_t n;

	TRY(arrange_rooms(l->op, l->ask->session, site, &rooms, &n));
	for (size_t i = 0; i < n; i++)
		if (rooms[i].kind != ROOM_WAITING && place_covers(l->ask->place, rooms[i].room))
			TRY(add(l, &rooms[i]));
	return RC_OK;
}

enum rc form_room_record(struct form_list *l)
{
	return each_room(l, add_record);
}

enum rc form_door(struct form_list *l)
{
	return each_room(l, add_door_sheet);
}

enum rc form_seat_map(struct form_list *l)
{
	return each_room(l, add_seat_map);
}
