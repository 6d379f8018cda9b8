/* SPDX-License-Identifier: Apache-2.0 */
/* demo_cast.c -- the people of the demo, all made up and named so, and the founding of the office.
 *
 * Staff codes say what somebody is: P00xx work for the county and the city, S07-01 is the chief of
 * site 7, C07-1 a courier of vehicle 7, which brings papers there, C27-1 one of vehicle 27, which
 * fetches them.  Some sign with keys, made from the seed, the rest with badges.
 */
#include "app/demo_story.h"

#include "base/hash.h"
#include "base/key.h"

static const struct {
	const char *code, *role, *place;
	bool serves; /* near the papers: declares avoidance and has a post */
} OFFICES[] = {
	{"P0001", "system_admin", "", false},
	{"P0002", "security_admin", "", false},
	{"P0003", "audit_admin", "", false},
	{"P0010", "county_office", DEMO_COUNTY, true},
	{"P0011", "county_office", DEMO_COUNTY, true},
	{"P0012", "county_leader", DEMO_COUNTY, true},
	{"P0013", "duty_officer", DEMO_COUNTY, true},
	{"P0014", "duty_officer", DEMO_COUNTY, true},
	{"P0015", "city_duty", "sc/cd", false},
	{"P0016", "city_leader", "sc/cd", false},
	{"P0017", "city_office", "sc/cd", false},
	{"P0018", "exception_approver", "sc/cd", false},
	{"P0020", "store_keeper", DEMO_COUNTY, true},
	{"P0021", "store_keeper", DEMO_COUNTY, true},
	{"P0022", "store_keeper", DEMO_COUNTY, true},
	{"P0023", "store_keeper", DEMO_COUNTY, true},
	{"P0024", "secrecy_guard", DEMO_STORE, true},
	{"P0025", "secrecy_guard", DEMO_STORE, true},
	{"P0026", "secrecy_guard", DEMO_STORE, true},
	{"P0027", "secrecy_guard", DEMO_STORE, true},
	{"P0028", "secrecy_guard", DEMO_STORE, true},
	{"P0029", "secrecy_guard", DEMO_STORE, true},
	{"P0032", "police", DEMO_COUNTY, true},
	{"P0033", "police", DEMO_COUNTY, true},
	{"P0034", "secrecy_officer", DEMO_COUNTY, true},
	{"C00-1", "courier", DEMO_COUNTY, true},
	{"C00-2", "courier", DEMO_COUNTY, true},
};

struct cast {
	struct demo_story *s;
	int64_t at_ms;
};
enum { PACE_MS = 11000 }; /* between two entries of a clerk at work */

static int64_t next(struct cast *c)
{
	return c->at_ms += PACE_MS;
}

struct ed25519_key demo_key(uint64_t seed, struct str code)
{
	char text[128];
	int n = snprintf(text, sizeof(text), "gongyuan-demo-key-v1/%llu/" STR_FMT,
	                 (unsigned long long)seed, STR_ARG(code));
	struct hash h = hash_sha256(text, (size_t)n);

	return ed25519_from_seed(h.b);
}

/* The keepers of the room, the chiefs of sites 1 to 3, the couriers of vehicles 1 to 3. */
static bool has_key(const char *code)
{
	static const char *const PREFIX[] = {"P0020", "P0021", "P0022", "P0023", "S01-01", "S02-01",
	                                     "S03-01", "C01-", "C02-", "C03-"};

	for (size_t i = 0; i < COUNT(PREFIX); i++)
		if (strncmp(code, PREFIX[i], strlen(PREFIX[i])) == 0)
			return true;
	return false;
}

const char *demo_sign(struct demo_story *s, const char *slot, const char *code)
{
	return demo_fmt(s, "%s=%s:%s ", slot, has_key(code) ? "key" : "badge", code);
}

static void add_place(struct cast *c, const char *path, const char *kind, const char *name)
{
	struct demo_step *st = demo_add(c->s, next(c), "place.add", "", "",
	                                "{'place':'%s','kind':'%s','name':'%s'}", path, kind, name);

	demo_say(c->s, st, false, "登记地点 %s", "place %s", path);
}

static void add_unit(struct cast *c, const char *code, const char *place, const char *name)
{
	struct demo_step *st = demo_add(c->s, next(c), "people.add_unit", "", "",
	                                "{'place':'%s','code':'%s','name':'%s'}", place, code, name);

	demo_say(c->s, st, false, "登记单位 %s", "unit %s", code);
}

static void add_person(struct cast *c, const char *code, const char *unit, const char *role,
	                   const char *place)
{
	struct demo_story *s = c->s;
	struct demo_step *st =
		demo_add(s, next(c), "people.register", "", "",
	             "{'code':'%s','unit':'%s','secrecy':%s,'name':'虚构人员 %s'}", code, unit,
	             strcmp(role, "invigilator") ? "true" : "false", code);

	demo_say(s, st, false, "登记人员 %s", "person %s", code);
	if (*place)
		st = demo_add(s, next(c), "authority.grant", "", "",
		              "{'person':'%s','role':'%s','place':'%s'}", code, role, place);
	else
		st = demo_add(s, next(c), "authority.grant", "", "", "{'person':'%s','role':'%s'}", code,
		              role);
	demo_say(s, st, false, "授权 %s：%s", "%s is %s", code, role);
	if (has_key(code)) {
		struct ed25519_key k = demo_key(s->seed, str_of(code));

		st = demo_add(s, next(c), "authority.register_key", "", "", "{'person':'%s','key':'%s'}",
		              code, hex_encode(s->arena, k.pub.b, sizeof(k.pub.b)).s);
		demo_say(s, st, false, "登记 %s 的公钥", "key of %s", code);
	}
}

const char *demo_courier(struct demo_story *s, int site, bool back, int which)
{
	return demo_fmt(s, "C%02d-%d", site + (back ? DEMO_BACK : 0), which + 1);
}

static void add_site(struct cast *c, int site)
{
	struct demo_story *s = c->s;
	const char *path = demo_fmt(s, DEMO_COUNTY "/s%02d", site);
	const char *unit = demo_fmt(s, "U-S%02d", site);

	add_place(c, path, "site", demo_fmt(s, "虚构第%02d考点", site));
	add_unit(c, unit, path, demo_fmt(s, "虚构第%02d考点", site));
	add_person(c, demo_fmt(s, "S%02d-01", site), unit, "site_chief", path);
	add_person(c, demo_fmt(s, "S%02d-02", site), unit, "site_clerk", path);
	for (int i = 1; i <= 2 * DEMO_ROOMS; i++)
		add_person(c, demo_fmt(s, "S%02d-1%d", site, i), unit, "invigilator", path);
	for (int i = 0; i < 4; i++)
		add_person(c, demo_courier(s, site, i / 2, i % 2), "U-JN-1", "courier", DEMO_COUNTY);
}

static void declare(struct cast *c, const char *code)
{
	struct demo_step *st = demo_add(c->s, next(c), "people.declare_avoidance", "P0010",
	                                demo_sign(c->s, "declarer", code),
	                                "{'person':'%s','relative':false}", code);

	demo_say(c->s, st, false, "%s 申报：无近亲属参加考试", "%s declares: no relative sits", code);
}

static void declare_all(struct cast *c)
{
	struct demo_story *s = c->s;

	for (size_t i = 0; i < COUNT(OFFICES); i++) {
		struct demo_step *st;

		if (!OFFICES[i].serves)
			continue;
		declare(c, OFFICES[i].code);
		st = demo_add(s, next(c), "people.assign_post", "P0010", "",
		              "{'person':'%s','place':'%s','role':'%s'}", OFFICES[i].code, OFFICES[i].place,
		              OFFICES[i].role);
		demo_say(s, st, false, "%s 任 %s", "%s takes the post %s", OFFICES[i].code, OFFICES[i].role);
	}
	for (int site = 1; site <= DEMO_SITES; site++)
		for (int i = 0; i < 4; i++)
			declare(c, demo_courier(s, site, i / 2, i % 2));
}

void demo_cast(struct demo_story *s, int64_t at_ms)
{
	struct cast c = {s, at_ms};
	struct demo_step *st;

	add_place(&c, "sc", "area", "虚构省");
	add_place(&c, "sc/cd", "area", "虚构市");
	add_place(&c, DEMO_COUNTY, "area", "虚构县");
	add_place(&c, DEMO_STORE, "store", "虚构县保密室");
	add_unit(&c, "U-CD-1", "sc/cd", "虚构市考试院");
	add_unit(&c, "U-JN-1", DEMO_COUNTY, "虚构县考务办");
	for (size_t i = 0; i < COUNT(OFFICES); i++)
		add_person(&c, OFFICES[i].code,
		           strncmp(OFFICES[i].place, DEMO_COUNTY, strlen(DEMO_COUNTY)) ? "U-CD-1"
		                                                                       : "U-JN-1",
		           OFFICES[i].role, OFFICES[i].place);
	for (int site = 1; site <= DEMO_SITES; site++)
		add_site(&c, site);
	st = demo_add(s, next(&c), "authority.found", "", "", "{}");
	demo_say(
		s, st, true, "组建完成：三员到位，人员授权，此后一切操作须有授权和签名",
		"founded: three administrators, grants; from now on nothing without grant and signature");
	declare_all(&c);
}
