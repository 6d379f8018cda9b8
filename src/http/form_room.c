/* SPDX-License-Identifier: Apache-2.0 */
/* form_room.c -- forms of a room and session: the record sheet, the door sheet, the seat map. */
#include "http/form_private.h"

#include "domain/arrange/seat.h"
#include "domain/exam/exam.h"

static const char *const KIND[ROOM_KIND_MAX] = {
	[ROOM_NORMAL] = "普通考场", [ROOM_SPECIAL] = "合理便利考场", [ROOM_RESERVE] = "备用（隔离）考场",
	[ROOM_WAITING] = "候考区",
};

static struct str language_word(struct form_list *l, struct str id)
{
	const struct profile_language *g = profile_language(l->desk->profile, id);

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
		.language = language_word(l, r->language), .seats = form_number(l, r->seats),
		.first = n ? seats[0].candidate : STR(""), .last = n ? seats[n - 1].candidate : STR(""),
	};
	f->at.place = form_place(l, r->site);
	form_add(l, r->room, room_draw, f);
	l->forms[l->n - 1].head.office = f->at.place;
	return RC_OK;
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
			.seat = seats[i].seat ? form_number(l, seats[i].seat) : STR(""),
			.candidate = c.number, .ticket = c.ticket,
		};
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

static enum rc add_door(struct form_list *l, const struct room_plan *r,
                        void (*draw)(struct page *, const void *))
{
	struct door_form *f = ARENA_NEW(l->op->arena, struct door_form);
	struct form_seat *seats;

	*f = (struct door_form){.at = form_subject(l, r->room), .room = form_room(l, r->room),
	                        .kind = str_of(KIND[r->kind])};
	f->at.place = form_place(l, r->site);
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
