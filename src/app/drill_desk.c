/* SPDX-License-Identifier: Apache-2.0 */
/* drill_desk.c -- a site's own part in a drill's papers: its letter to the secrecy room, loose
 * materials out and back, the store for what waits, scripts packed room by room and sent on, the
 * session closed.
 */
#include "app/drill_papers.h"

struct desk {
	struct drill *d;
	const struct drill_site *site;
	const struct drill_session *s;
	struct random chance;
	const char *chief, *clerk, *issuers;
};

static const char *two(struct drill *d, const char *slot, const char *a, const char *b)
{
	return drill_fmt(d, "%s%s", drill_badge(d, slot, a), drill_badge(d, slot, b));
}

/* The couriers of drill_half_day.c: those of the way out, then those of the way back. */
static const char *courier(struct desk *k, int n)
{
	return drill_staff(k->d, k->site->county->path, "courier", 4 * k->site->number + n);
}

/* The evening before: who collects for the half day. */
static void name_collectors(struct desk *k)
{
	drill_add(k->d, k->s->start_ms - 14 * DRILL_HOUR + drill_delay(&k->chance, DRILL_MINUTE,
	                                                               20 * DRILL_MINUTE),
	          "custody.name_collectors", k->chief, drill_badge(k->d, "chief", k->chief),
	          "{'place':'%s','half_day':'" STR_FMT "','letter':'JS-%s-%d','people':["
	          "{'person':'%s'},{'person':'%s'}]}",
	          k->site->path, STR_ARG(k->s->p->half_day), k->site->code, k->s->half + 1,
	          courier(k, 1), courier(k, 2))->session = k->s->id;
}

/* Thirty cards and thirty sheets of scratch paper a room. */
static const char *materials(struct desk *k)
{
	struct strbuf b;

	strbuf_init(&b, k->d->arena);
	for (int i = 0; i < k->site->nrooms; i++)
		if (drill_sits(&k->site->rooms[i], k->s))
			strbuf_addf(&b, "%s{'room':'%s','kind':'card','copies':30},"
			            "{'room':'%s','kind':'scratch','copies':30}", b.n ? "," : "",
			            k->site->rooms[i].path, k->site->rooms[i].path);
	return strbuf_str(&b).s;
}

static void hand_out(struct desk *k)
{
	const char *rows = materials(k);

	drill_add(k->d, k->s->start_ms - 57 * DRILL_MINUTE, "custody.issue_materials", k->clerk,
	          k->issuers, "{'place':'%s','session':'%s','rows':[%s]}", k->site->path, k->s->id,
	          rows);
	drill_add(k->d, k->s->end_ms + 36 * DRILL_MINUTE, "custody.return_materials", k->clerk,
	          k->issuers, "{'place':'%s','session':'%s','rows':[%s]}", k->site->path, k->s->id,
	          rows);
}

static void pack_room(struct desk *k, const struct drill_room *r, struct strbuf *bags)
{
	struct drill *d = k->d;
	const char *code = drill_fmt(d, "DJ-%s-%02d-%02d", k->site->code, k->s->number + 1, r->number);
	int absent = drill_absent(d, r, k->s);

	drill_add(d, k->s->end_ms + 12 * DRILL_MINUTE + drill_delay(&k->chance, 6 * DRILL_MINUTE,
	                                                            14 * DRILL_MINUTE),
	          "custody.pack_scripts", k->clerk,
	          drill_fmt(d, "%s%s", two(d, "packer", drill_invigilator(d, r, 0),
	                                   drill_invigilator(d, r, 1)),
	                    drill_badge(d, "acceptor", drill_staff(d, k->site->path, "site_clerk", 2))),
	          "{'place':'%s','session':'%s','bag':'%s','seal':'DS-%s','scripts':%d,'absent':%d}",
	          r->path, k->s->id, code, code, drill_seats(d, r, k->s) - absent, absent);
	drill_name(d, code, "scripts:%s:%s", k->s->id, r->path);
	strbuf_addf(bags, "%s{'bag':'%s','seal':'DS-%s'}", bags->n ? "," : "", code, code);
}

/* To the script store with the vehicle that brings the bags back. */
static void send_scripts(struct desk *k, const char *bags)
{
	struct drill *d = k->d;
	const struct drill_county *c = k->site->county;
	const char *vehicle = drill_fmt(d, "%s-W%02d", c->code, k->site->number);
	const char *list = drill_fmt(d, "YS-%s-%02d", k->site->code, k->s->number + 1);
	int64_t left = k->s->end_ms + 45 * DRILL_MINUTE + drill_delay(&k->chance, DRILL_MINUTE,
	                                                              5 * DRILL_MINUTE);
	int64_t back = left + drill_delay(&k->chance, 25 * DRILL_MINUTE, 40 * DRILL_MINUTE);

	drill_add(d, left, "custody.hand_scripts", k->clerk,
	          drill_fmt(d, "%s%s", two(d, "giver", k->chief, k->clerk),
	                    two(d, "receiver", courier(k, 3), courier(k, 4))),
	          "{'place':'%s','from':'%s','to':'%s','list':'%s','bags':[%s]}", k->site->path,
	          k->site->path, vehicle, list, bags)->session = k->s->id;
	drill_add(d, back, "custody.hand_scripts", drill_staff(d, c->path, "store_keeper", 2),
	          drill_fmt(d, "%s%s", two(d, "giver", courier(k, 3), courier(k, 4)),
	                    two(d, "receiver", drill_staff(d, c->path, "store_keeper", 2),
	                        drill_staff(d, c->path, "store_keeper", 3))),
	          "{'place':'%s','from':'%s','to':'%s/scripts','list':'%s','bags':[%s]}", c->store,
	          vehicle, c->path, list, bags)->session = k->s->id;
}

static void close_session(struct desk *k)
{
	drill_add(k->d, k->s->end_ms + 55 * DRILL_MINUTE + drill_delay(&k->chance, 5 * DRILL_MINUTE,
	                                                               20 * DRILL_MINUTE),
	          "custody.close_site", k->clerk, two(k->d, "closer", k->chief, k->clerk),
	          "{'place':'%s','session':'%s'}", k->site->path, k->s->id);
}

/* What waits for a later session of the half day is sealed before the first is given out, and
 * opened shortly before its own issue. */
static void keep(struct desk *k, const struct drill_session *first)
{
	struct drill *d = k->d;
	const char *keepers = two(d, "keeper", k->chief, k->clerk);
	int bags = drill_spares(k->s);

	for (int i = 0; i < k->site->nrooms; i++)
		bags += drill_sits(&k->site->rooms[i], k->s);
	drill_add(d, first->start_ms - 62 * DRILL_MINUTE, "custody.seal_site_store", k->clerk, keepers,
	          "{'place':'%s','session':'%s','seal':'GF-%s-%02d','bags':%d}", k->site->path,
	          k->s->id, k->site->code, k->s->number, bags);
	drill_add(d, k->s->start_ms - 63 * DRILL_MINUTE + drill_delay(&k->chance, DRILL_MINUTE,
	                                                              4 * DRILL_MINUTE),
	          "custody.open_site_store", k->clerk, keepers,
	          "{'place':'%s','session':'%s','seal':'GF-%s-%02d','bags':%d,'seal_ok':true}",
	          k->site->path, k->s->id, k->site->code, k->s->number, bags);
}

/* A list of script bags is at most what one act takes: the rest goes with a second list. */
static void one_session(struct desk *k)
{
	const struct drill_session *first;
	struct strbuf bags;
	int n = 0;

	strbuf_init(&bags, k->d->arena);
	for (int i = 0; i < k->site->nrooms; i++) {
		if (!drill_sits(&k->site->rooms[i], k->s))
			continue;
		pack_room(k, &k->site->rooms[i], &bags);
		if (++n % 50)
			continue;
		send_scripts(k, strbuf_str(&bags).s);
		strbuf_init(&bags, k->d->arena);
	}
	if (bags.n)
		send_scripts(k, strbuf_str(&bags).s);
	if (!n)
		return;
	for (first = k->s; first->number && first[-1].half == k->s->half;)
		first--;
	if (first->start_ms < k->s->start_ms)
		keep(k, first);
	hand_out(k);
	close_session(k);
}

enum rc drill_desk(struct op *op, struct drill *d)
{
	(void)op;
	for (int i = 0; i < d->nsites; i++)
		for (int j = 0; j < d->nsessions; j++) {
			struct desk k = {.d = d, .site = d->sites[i], .s = &d->sessions[j],
				             .chance = drill_random(d, "site-papers", i * 100 + j)};

			k.chief = drill_staff(d, k.site->path, "site_chief", 1);
			k.clerk = drill_staff(d, k.site->path, "site_clerk", 1);
			k.issuers = two(d, "issuer", k.chief, k.clerk);
			if (j == 0 || d->sessions[j].half != d->sessions[j - 1].half)
				name_collectors(&k);
			one_session(&k);
		}
	return RC_OK;
}
