/* SPDX-License-Identifier: Apache-2.0 */
/* feed.c -- the row of entries; see feed.h.
 *
 * The row is the reader's to add to and the server's thread's to read, under one lock that is held
 * for a copy of what one stream can take.
 */
#include "http/feed_private.h"

#include "engine/authority.h"
#include "engine/modules_private.h"

static void take_roles(struct feed *f, const struct modules *m)
{
	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t k = 0; k < m->index->all[i]->nroles; k++) {
			assert(f->nroles < FEED_ROLES);
			f->roles[f->nroles++] = m->index->all[i]->roles[k].id;
		}
}

uint64_t feed_role_bit(const struct feed *f, struct str role)
{
	for (size_t i = 0; i < f->nroles; i++)
		if (str_is(role, f->roles[i]))
			return UINT64_C(1) << i;
	return 0;
}

/* Roles that include one of these see as much. */
static uint64_t role_bits(const struct feed *f, const char *const *roles)
{
	uint64_t bits = 0;

	for (; roles && *roles; roles++)
		for (const char *const *form = modules_role_forms(f->o.api->modules, str_of(*roles));
		     *form; form++)
			bits |= feed_role_bit(f, str_of(*form));
	return bits;
}

struct feed *feed_new(const struct feed_options *o)
{
	struct feed *f = calloc(1, sizeof(*f));

	if (f)
		f->row = calloc(FEED_KEPT, sizeof(*f->row));
	if (!f || !f->row)
		abort(); /* as arena_alloc */
	f->o = *o;
	take_roles(f, o->api->modules);
	pthread_mutex_init(&f->lock, NULL);
	return f;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	pthread_mutex_destroy(&f->lock);
	free(f->row);
	free(f);
}

void feed_serve(struct feed *f, struct server *s)
{
	pthread_mutex_lock(&f->lock);
	f->server = s;
	pthread_mutex_unlock(&f->lock);
}

/* Under the lock, so that feed_serve(NULL) leaves nobody who still would wake it. */
void feed_wake(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	if (f->server)
		server_wake_streams(f->server);
	pthread_mutex_unlock(&f->lock);
}

/* Reading. */
static void item_fill(struct op *op, const struct feed *f, const struct event *ev,
                      struct item *ret)
{
	struct json *o = json_new_object(op->arena);
	struct str text;

	json_set_str(op->arena, o, "en", str_of(ev->type ? ev->type->en : ""));
	json_set_int(op->arena, o, "index", ev->index);
	json_set_str(op->arena, o, "place", ev->place);
	json_set_str(op->arena, o, "time", clock_format_utc(op->arena, ev->recorded_ms));
	json_set_str(op->arena, o, "type", ev->name);
	json_set_str(op->arena, o, "zh", str_of(ev->type ? ev->type->zh : ""));
	text = json_canonical(op->arena, o);
	*ret = (struct item){.index = (uint64_t)ev->index,
	                     .roles = ev->type ? role_bits(f, ev->type->visible_to) : 0};
	(void)snprintf(ret->place, sizeof(ret->place), STR_FMT, STR_ARG(ev->place));
	ret->n = (size_t)snprintf(ret->text, sizeof(ret->text), "id: %lld\ndata: " STR_FMT "\n\n",
	                          (long long)ev->index, STR_ARG(text));
	if (ret->n >= sizeof(ret->text))
		ret->n = 0; /* cannot be: the texts are ours and short */
}

static void keep(struct feed *f, const struct item *i, bool grants)
{
	pthread_mutex_lock(&f->lock);
	f->row[i->index % FEED_KEPT] = *i;
	f->next = i->index + 1;
	if (f->next - f->first > FEED_KEPT)
		f->first = f->next - FEED_KEPT;
	f->changes += grants && i->index >= f->known;
	f->dirty = true;
	pthread_mutex_unlock(&f->lock);
}

/* Entries that this program is too old to know are passed over. */
static enum rc read_new(struct feed *f, struct op *op)
{
	const struct ledger *l = &op->run->writer->ledger;
	uint64_t at;

	pthread_mutex_lock(&f->lock);
	if (!f->known)
		f->known = l->tree.size;
	if (l->tree.size > f->next + FEED_KEPT)
		f->first = f->next = l->tree.size - FEED_KEPT;
	at = f->next;
	pthread_mutex_unlock(&f->lock);
	for (; at < l->tree.size; at++) {
		struct str bytes;
		struct hash leaf;
		struct event ev;
		struct item i;

		arena_reset(op->arena);
		TRY(ledger_entry(op, l, at, &bytes, &leaf));
		TRY(event_read(op, op->run->modules, bytes, &ev));
		item_fill(op, f, &ev, &i);
		keep(f, &i, str_starts(ev.name, STR("authority.")));
	}
	return RC_OK;
}

/* What cannot be read now is read at the next growth. */
void feed_read(struct feed *f, struct op *op)
{
	(void)!read_new(f, op);
}

void feed_enter(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->streams++;
	pthread_mutex_unlock(&f->lock);
}

void feed_leave(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->streams--;
	pthread_mutex_unlock(&f->lock);
}

/* On a reader's thread. */
static void follow(void *ctx, struct op *op)
{
	struct feed *f = ctx;
	bool again = true, failed = false;

	while (again) {
		feed_read(f, op);
		feed_wake(f);
		pthread_mutex_lock(&f->lock);
		again = f->again && !f->closed && !failed;
		f->again = false;
		f->reading = again;
		pthread_mutex_unlock(&f->lock);
		failed = again && writer_follow(op, op->run->writer) != RC_OK;
	}
}

void feed_grown(struct feed *f)
{
	bool begin;

	pthread_mutex_lock(&f->lock);
	begin = !f->reading && !f->closed && f->streams;
	f->again = f->reading;
	f->reading = f->reading || begin;
	pthread_mutex_unlock(&f->lock);
	if (!begin || f->o.read(f->o.ctx, follow, f) == RC_OK)
		return;
	pthread_mutex_lock(&f->lock);
	f->reading = false; /* the next growth asks again */
	pthread_mutex_unlock(&f->lock);
}

void feed_beat(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->beats++;
	pthread_mutex_unlock(&f->lock);
	feed_grown(f); /* when no reader had room for the last growth */
	feed_wake(f);
}

void feed_close(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->closed = true;
	pthread_mutex_unlock(&f->lock);
	feed_wake(f);
}
