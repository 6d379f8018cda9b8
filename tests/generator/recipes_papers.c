/* SPDX-License-Identifier: Apache-2.0 */
/* recipes_papers.c -- boxes and bags on their way and back; see recipes_custody.h. */
#include "generator/recipes_custody.h"

#define BOX_ROW "SELECT b.code, b.holder, b.seal, b.destined, (SELECT COUNT(*) FROM custody_bag x" \
	" WHERE x.box = b.code AND x.state = 0), b.session FROM custody_box b"
enum { BOX_CODE, BOX_HOLDER, BOX_SEAL, BOX_DESTINED, BOX_PACKED, BOX_SESSION };
#define BAG_ROW "SELECT g.code, g.holder, g.seal, g.copies, g.session FROM custody_bag g"
enum { BAG_CODE, BAG_HOLDER, BAG_SEAL, BAG_COPIES, BAG_SESSION };

/* Now and then somebody takes whatever lies there. */
static bool any_bag(struct gen *g, struct row *ret)
{
	return chance(g, 20) && drawf(g, ret, BAG_ROW " ORDER BY g.code");
}

static void add_handed(struct gen *g, struct json *list, const struct row *box)
{
	struct json *o = json_new_object(&g->scratch);
	int64_t n = box->i[BOX_PACKED];
	bool other = chance(g, 3);

	json_set_str(&g->scratch, o, "box", chance(g, 2) ? new_code(g, "X") : box->s[BOX_CODE]);
	json_set_str(&g->scratch, o, "seal", other ? new_code(g, "SX") : box->s[BOX_SEAL]);
	json_set_bool(&g->scratch, o, "seal_ok", !chance(g, 3));
	json_set_int(&g->scratch, o, "given", n);
	json_set_int(&g->scratch, o, "received", chance(g, 4) ? n + 1 : n);
	json_put(list, NULL, o);
}

/* From a vehicle to the room before the examination, to the site on its day; from the room to a
 * vehicle; between sites when somebody has gone astray. */
static struct str next_holder(struct gen *g, const struct row *box)
{
	struct row r;

	if (place_path_valid(box->s[BOX_HOLDER])) {
		if (chance(g, g->terse ? 60 : 10)) /* a site close by: carried on foot */
			return box->s[BOX_DESTINED];
		if (drawf(g, &r, "SELECT code FROM custody_vehicle ORDER BY code"))
			return r.s[0];
		return spot(g, "site");
	}
	if (g->phase <= PHASE_ARRIVE || chance(g, 15))
		return chance(g, 92) ? spot(g, "store") : spot(g, "spare_store");
	return chance(g, 92) ? box->s[BOX_DESTINED] : spot(g, "site");
}

bool custody_hand_over(struct gen *g, struct plan *p)
{
	struct json *list = json_new_array(&g->scratch);
	struct row box, *more;
	struct str to;
	bool found;
	size_t n;

	if (g->phase <= PHASE_ARRIVE)
		found = drawf(g, &box, BOX_ROW " WHERE b.holder IN (SELECT code FROM custody_vehicle)"
		              " ORDER BY b.code");
	else
		found = drawf(g, &box, BOX_ROW " WHERE (b.released = 1 OR b.holder IN (SELECT code FROM"
		              " custody_vehicle)) AND b.holder <> b.destined ORDER BY b.code");
	if ((!found || chance(g, 8)) && !drawf(g, &box, BOX_ROW " ORDER BY b.code"))
		return false;
	to = next_holder(g, &box);
	n = rows_all(g, str_fmt(&g->scratch, BOX_ROW " WHERE b.holder = '%s' AND b.destined = '%s' AND"
	             " b.code <> '%s' ORDER BY b.code", box.s[BOX_HOLDER].s, box.s[BOX_DESTINED].s,
	             box.s[BOX_CODE].s), &more);
	add_handed(g, list, &box);
	for (size_t i = 0; i < n && i < 4 && g->phase <= PHASE_ARRIVE; i++)
		add_handed(g, list, &more[i]);
	set_str(g, p, "from", box.s[BOX_HOLDER]);
	set_str(g, p, "to", to);
	if (place_path_valid(to))
		set_str(g, p, "place", to);
	else if (place_path_valid(box.s[BOX_HOLDER]))
		set_str(g, p, "place", box.s[BOX_HOLDER]);
	json_put(p->data, "boxes", list);
	return true;
}

/* "'a','b'": the sessions that may be next, or the ones that have ended. */
static struct str sessions_of(struct gen *g, struct str half_day)
{
	const struct profile *p = &g->w.profile;
	struct strbuf b;

	strbuf_init(&b, &g->scratch);
	for (size_t i = 0; i < p->nsessions; i++)
		if (str_eq(p->sessions[i].half_day, half_day))
			strbuf_addf(&b, "%s'" STR_FMT "'", b.n ? "," : "", STR_ARG(p->sessions[i].id));
	return b.n ? strbuf_str(&b) : STR("''");
}

static struct str next_sessions(struct gen *g)
{
	const struct profile_session *s = profile_next(&g->w.profile, clock_now_ms(&g->clock));

	return s ? sessions_of(g, s->half_day) : STR("''");
}

static void sign_as_openers(struct gen *g, struct plan *p)
{
	struct row *r;
	size_t n = rows_all(g, str_fmt(&g->scratch, "SELECT kind, person FROM custody_key WHERE place ="
	                    " '%s' ORDER BY kind", p->place.s), &r);
	size_t skip = dice(g, 3);

	if (n != 4)
		return;
	for (size_t i = 0; i < n; i++)
		if (i != skip)
			add_slot(g, p, i == 3 ? "code_holder" : "key_holder", (struct person_id){r[i].i[1]});
	p->has_slots = true;
}

bool custody_release(struct gen *g, struct plan *p)
{
	struct json *list = json_new_array(&g->scratch);
	bool right = !chance(g, 12);
	struct row *r;
	size_t n = rows_all(g, str_fmt(&g->scratch, BOX_ROW " WHERE b.holder = '%s' AND b.released = 0"
	                    " AND (b.session IN (%s) OR %d = 0) ORDER BY b.code", p->place.s,
	                    next_sessions(g).s, right), &r);

	if (!n)
		return false;
	for (size_t i = 0; i < n && i < 6; i++)
		json_set_str(&g->scratch, json_put(list, NULL, json_new_object(&g->scratch)), "box",
		             r[i].s[BOX_CODE]);
	json_put(p->data, "boxes", list);
	if (!right && chance(g, 60))
		ask_exception(g, p);
	sign_as_openers(g, p);
	return true;
}

bool custody_issue(struct gen *g, struct plan *p)
{
	const char *whose = chance(g, 88) ? next_sessions(g).s : "g.session";
	struct row r;

	if (!drawf(g, &r, BAG_ROW " WHERE g.state = 0 AND g.session IN (%s) AND g.holder NOT IN (SELECT"
	           " code FROM custody_vehicle) AND g.holder NOT IN (SELECT place FROM custody_store)"
	           " ORDER BY g.code", whose) && !any_bag(g, &r))
		return false;
	set_str(g, p, "bag", r.s[BAG_CODE]);
	if (!place_path_valid(r.s[BAG_HOLDER]))
		return true;
	if (chance(g, 15))
		ask_exception(g, p);
	set_str(g, p, "place", r.s[BAG_HOLDER]);
	set_str(g, p, "room", str_fmt(&g->scratch, "%s/r0%d", r.s[BAG_HOLDER].s, 1 + (int)dice(g, 2)));
	return true;
}

bool custody_open(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, BAG_ROW " WHERE g.state = 1 ORDER BY g.code") && !any_bag(g, &r))
		return false;
	set_str(g, p, "bag", r.s[BAG_CODE]);
	set_bool(g, p, "seal_ok", !chance(g, 5));
	if (place_path_valid(r.s[BAG_HOLDER]) && !chance(g, 5))
		set_str(g, p, "place", r.s[BAG_HOLDER]);
	return true;
}

/* The four numbers add up, mostly. */
bool custody_count(struct gen *g, struct plan *p)
{
	struct row r;
	int64_t left, absent, replaced;

	if (!drawf(g, &r, BAG_ROW " WHERE g.state = 2 ORDER BY g.code") && !any_bag(g, &r))
		return false;
	left = (int64_t)dice(g, 4);
	absent = (int64_t)dice(g, 3);
	replaced = (int64_t)dice(g, 2);
	set_str(g, p, "bag", r.s[BAG_CODE]);
	set_str(g, p, "seal", new_code(g, "SR"));
	set_int(g, p, "left_over", left);
	set_int(g, p, "absent", absent);
	set_int(g, p, "replaced", replaced);
	set_int(g, p, "used", r.i[BAG_COPIES] - left - absent - replaced + (chance(g, 12) ? -1 : 0));
	if (place_path_valid(r.s[BAG_HOLDER]) && place_level(r.s[BAG_HOLDER]) == LEVEL_ROOM)
		set_str(g, p, "place", r.s[BAG_HOLDER]);
	return true;
}

bool custody_return(struct gen *g, struct plan *p)
{
	struct json *list = json_new_array(&g->scratch);
	struct row r, *more;
	size_t n;

	if (!drawf(g, &r, BAG_ROW " WHERE g.state IN (1, 2, 3, 5) ORDER BY g.code"))
		return false;
	n = rows_all(g, str_fmt(&g->scratch, BAG_ROW " WHERE g.holder = '%s' AND g.session IN (SELECT"
	             " session FROM custody_bag WHERE code = '%s') ORDER BY g.code", r.s[BAG_HOLDER].s,
	             r.s[BAG_CODE].s), &more);
	n = chance(g, 60) ? n : 1 + dice(g, n);
	for (size_t i = 0; i < n && i < 8; i++) {
		struct json *o = json_put(list, NULL, json_new_object(&g->scratch));
		struct str code = chance(g, 2) ? new_code(g, "X") : more[i].s[BAG_CODE];

		json_set_str(&g->scratch, o, "bag", code);
		json_set_str(&g->scratch, o, "seal",
		             chance(g, 4) ? new_code(g, "SX") : more[i].s[BAG_SEAL]);
	}
	json_put(p->data, "bags", list);
	set_str(g, p, "from", str_is(r.s[BAG_HOLDER], "missing") ? spot(g, "site") : r.s[BAG_HOLDER]);
	set_str(g, p, "to", p->place);
	if (chance(g, 20) && drawf(g, &r, "SELECT code FROM custody_vehicle ORDER BY code"))
		set_str(g, p, "to", r.s[0]);
	return true;
}

/* The newest half day whose sessions have ended; now and then one that has not. */
bool custody_close(struct gen *g, struct plan *p)
{
	const struct profile *profile = &g->w.profile;
	const struct profile_session *s = NULL;
	struct row r;

	for (size_t i = 0; i < profile->nsessions; i++)
		if (profile->sessions[i].end_ms < clock_now_ms(&g->clock) && (!s || !chance(g, 10)))
			s = &profile->sessions[i];
	if (chance(g, 15)) {
		s = &profile->sessions[dice(g, profile->nsessions)];
		ask_exception(g, p);
	}
	if (!s)
		return false;
	if (!chance(g, 15) && drawf(g, &r, "SELECT half_day FROM custody_half_day WHERE place = '%s'"
	                            " AND half_day = '" STR_FMT "'", p->place.s, STR_ARG(s->half_day)))
		return false;
	set_str(g, p, "half_day", s->half_day);
	return true;
}

bool custody_destroy(struct gen *g, struct plan *p)
{
	struct json *list = json_new_array(&g->scratch);
	struct row *r;
	size_t n = rows_all(g, str_fmt(&g->scratch, BAG_ROW " WHERE g.holder = '%s' AND g.state <> 6"
	                    " ORDER BY g.code", p->place.s), &r);

	if (!n)
		return false;
	for (size_t i = 0; i < n && i < 12; i++)
		json_set_str(&g->scratch, json_put(list, NULL, json_new_object(&g->scratch)), "bag",
		             r[i].s[BAG_CODE]);
	json_put(p->data, "bags", list);
	if (g->phase != PHASE_AFTER && chance(g, 50))
		ask_exception(g, p);
	return true;
}
