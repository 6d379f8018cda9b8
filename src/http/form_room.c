/* SPDX-License-Identifier: Apache-2.0 */
/* form_room.c -- forms of a room and session: the record sheet. */
#include "http/form_private.h"

#include "domain/arrange/seat.h"

static struct str language_word(struct form_list *l, struct str id)
{
	const struct profile_language *g = profile_language(l->desk->profile, id);

	return g ? g->why.zh : id;
}

static enum rc add_record(struct form_list *l, const struct room_plan *r)
{
	static const char *const KIND[ROOM_KIND_MAX] = {
		[ROOM_NORMAL] = "普通考场", [ROOM_SPECIAL] = "合理便利考场", [ROOM_RESERVE] = "备用（隔离）考场",
		[ROOM_WAITING] = "候考区",
	};
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

/* A room's, or those of all rooms of a site. */
enum rc form_room_record(struct form_list *l)
{
	struct str site = place_cut(l->op->arena, l->ask->place, LEVEL_SITE);
	struct room_plan *rooms;
	size_t n;

	TRY(arrange_rooms(l->op, l->ask->session, site, &rooms, &n));
	for (size_t i = 0; i < n; i++)
		if (rooms[i].kind != ROOM_WAITING && place_covers(l->ask->place, rooms[i].room))
			TRY(add_record(l, &rooms[i]));
	return RC_OK;
}
