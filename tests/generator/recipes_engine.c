/* SPDX-License-Identifier: Apache-2.0 */
/* recipes_engine.c -- sensible acts of the engine's own commands, in every world. */
#include "generator/gen.h"

static bool a_place(struct gen *g, struct plan *p)
{
	static const char *const KINDS[] = {"area", "site", "room", "store", "office"};

	set_str(g, p, "kind", str_of(KINDS[dice(g, COUNT(KINDS))]));
	return true;
}

/* A right that somebody somewhere holds already, for somebody else: the county goes on working. */
static bool a_grant(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT role, place FROM authority_grant WHERE place <> '' ORDER BY id"))
		return false;
	set_str(g, p, "role", r.s[0]);
	set_str(g, p, "place", r.s[1]);
	json_set_null(&g->scratch, p->data, "from");
	return true;
}

/* Not one of the foundation's. */
static bool a_revocation(struct gen *g, struct plan *p)
{
	struct row r;

	p->place = STR("");
	if (!drawf(g, &r, "SELECT id, place FROM authority_grant WHERE revoked < 0 AND id > %lld"
	           " ORDER BY id", (long long)g->founded))
		return false;
	set_int(g, p, "grant", r.i[0]);
	p->place = r.s[1];
	return true;
}

static bool a_key(struct gen *g, struct plan *p)
{
	struct person_id who = anybody(g);
	struct ed25519_key key = key_of(who);

	set_int(g, p, "person", who.v);
	set_str(g, p, "key", hex_encode(&g->scratch, key.pub.b, sizeof(key.pub.b)));
	return true;
}

static bool a_key_revoked(struct gen *g, struct plan *p)
{
	struct ed25519_public key;

	for (int tries = 0; tries < 20; tries++) {
		struct person_id who = anybody(g);

		if (!authority_key_of(g->w.authority, who, &key))
			continue;
		set_int(g, p, "person", who.v);
		return true;
	}
	return false;
}

static bool a_device_revoked(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT id, place FROM device WHERE id > 2 AND revoked < 0 ORDER BY id"))
		return false;
	set_int(g, p, "device", r.i[0]);
	p->place = r.s[1];
	return true;
}

static bool an_open_alarm(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT id, place FROM alarm WHERE closed = 0 ORDER BY id"))
		return false;
	set_int(g, p, "alarm", r.i[0]);
	p->place = r.s[1];
	return true;
}

static bool a_closing(struct gen *g, struct plan *p)
{
	if (!an_open_alarm(g, p))
		return false;
	fill_slot(g, p, &p->c->slots[0], chance(g, 80) ? 1 : 0);
	p->has_slots = true;
	return true;
}

static size_t filled(const struct row *sign, size_t n, const char *slot)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += str_is(sign[i].s[0], slot);
	return k;
}

/* The signatures that a begun act still awaits; now and then only one of them. */
static bool a_signature(struct gen *g, struct plan *p)
{
	const struct command *mine = p->c, *c;
	struct row r, *sign;
	size_t n;

	if (!drawf(g, &r, "SELECT begun, command, place FROM slot_pending WHERE done < 0"
	           " ORDER BY begun DESC LIMIT 6"))
		return false;
	c = modules_command(&g->modules, r.s[1]);
	n = rows_all(g, str_fmt(&g->scratch, "SELECT slot, person FROM slot_signature"
	             " WHERE begun = %lld ORDER BY slot, person", (long long)r.i[0]), &sign);
	p->c = c;
	p->place = r.s[2];
	for (size_t i = 0; i < n; i++) { /* so that nobody is asked twice */
		p->slot[p->nslots].slot = sign[i].s[0];
		p->slot[p->nslots++].person.v = sign[i].i[1];
	}
	for (size_t i = 0; i < c->nslots; i++) {
		const struct slot *d = &c->slots[i];

		if (!d->optional)
			fill_slot(g, p, d, d->count - (int)filled(sign, n, d->name));
	}
	p->nslots -= n;
	memmove(p->slot, p->slot + n, p->nslots * sizeof(p->slot[0]));
	if (p->nslots > 1 && chance(g, 25))
		p->nslots = 1;
	p->c = mine;
	p->has_slots = true;
	p->actor = p->nslots ? p->slot[0].person : anybody(g);
	set_int(g, p, "begun", r.i[0]);
	return true;
}

/* Somebody's name, wherever it lies; vault.* happen at the top. */
static bool a_text(struct gen *g, struct plan *p)
{
	struct row r;

	p->place = STR("");
	if (!g->world->texts || !draw(g, str_of(g->world->texts), &r))
		return false;
	set_int(g, p, "vault", r.i[0]);
	return true;
}

static bool a_subject(struct gen *g, struct plan *p)
{
	p->place = STR("");
	set_int(g, p, "subject", anybody(g).v);
	return true;
}

const struct recipe engine_recipes[] = {
	{"place.add", NULL, 3, .make = a_place},
	{"authority.grant", NULL, 5, .make = a_grant},
	{"authority.revoke", NULL, 3, .make = a_revocation},
	{"authority.register_key", NULL, 4, .make = a_key},
	{"authority.revoke_key", NULL, 2, .make = a_key_revoked},
	{"authority.found", NULL, 1},
	{"device.enroll", "county", 3},
	{"device.revoke", "county", 1, .make = a_device_revoked},
	{"slot.sign", NULL, 14, .make = a_signature},
	{"alarm.acknowledge", NULL, 10, .make = an_open_alarm},
	{"alarm.close", NULL, 12, .make = a_closing},
	{"vault.open", NULL, 3, .make = a_text},
	{"vault.note_export", NULL, 1, .data = "{'place':null,'view':'authority.grants','rows':7}"},
	{"vault.clear", NULL, 2, .make = a_text},
	{"vault.shred", NULL, 1, .make = a_subject},
	{NULL},
};
