/* SPDX-License-Identifier: Apache-2.0 */
/* desk.c -- see desk.h. */
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/rebuild.h"

/* Notes are told from the writer's thread and from the signer's: each is one write. */
void say(const struct said *s)
{
	if (write(3, s, sizeof(*s)) != (ssize_t)sizeof(*s))
		_exit(3);
}

_Noreturn void give_up(const struct err *e)
{
	fprintf(stderr, "%s: %s\n", e->where ? e->where : "?", e->en);
	exit(1);
}

void desk_make(const char *dir, int64_t n)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct world w = {.dir = str_of(dir), .url = STR(""), .shape = {n, n}};
	struct str profile = str_fmt(&a, "%s/profiles/demo.json", getenv("GONGYUAN_SOURCE"));
	struct str bytes = {(const char *)&w.cast, sizeof(w.cast)};

	if (file_read(&op, profile, 1 << 20, &w.profile) != RC_OK || world_make(&op, &w) != RC_OK ||
	    file_write(&op, str_fmt(&a, "%s.world", dir), bytes, 0644) != RC_OK)
		give_up(&op.err);
	arena_release(&a);
}

void desk_prepare(struct desk *d)
{
	const char *path = getenv("GONGYUAN_WORLD");
	struct str bytes;

	d->op = (struct op){.arena = &d->arena};
	if (!path || file_read(&d->op, str_of(path), sizeof(d->world.cast), &bytes) != RC_OK ||
	    bytes.n != sizeof(d->world.cast))
		give_up(&d->op.err);
	memcpy(&d->world.cast, bytes.s, bytes.n);
	d->world.shape.subjects = d->world.shape.ready = strtoll(getenv("GONGYUAN_BAGS"), NULL, 10);
}

enum rc desk_open(struct desk *d, const char *dir, const char *known)
{
	struct office_options how = {.data = str_of(dir), .known = str_of(known), .write = true};
	enum rc rc = office_open(&d->op, &how, &d->office);

	d->office.random = random_system(); /* as in a real office */
	return rc;
}

void desk_begin(struct desk *d, const char *dir, const char *known)
{
	struct said s = {.kind = SAID_READY};

	if (desk_open(d, dir, known) != RC_OK)
		give_up(&d->op.err);
	s.number = d->office.writer.ledger.tree.size;
	s.index = d->office.writer.view_at;
	say(&s);
}

void desk_act(struct desk *d, struct act *a, uint64_t number)
{
	arena_reset(&a->arena);
	a->number = number;
	a->request = world_act(&d->world, &a->arena, (int64_t)number, a->slots);
	a->request.key = str_fmt(&a->arena, LOAD_KEY "%012llu", (unsigned long long)number);
}

void desk_tell(const struct desk *d, const struct act *a, const struct answer *x)
{
	struct said s = {.kind = SAID_ACK, .number = a->number, .index = x->index, .leaf = x->leaf};

	if (x->rc != RC_OK) {
		s.kind = SAID_REFUSED;
		s.index = x->rc;
	}
	if (d->ignore) {
		s.kind = SAID_ACK;
		s.index = -1;
	}
	say(&s);
}

enum rc desk_batch(struct desk *d, uint64_t first, int n)
{
	struct request r[BATCH] = {{.key = {"", 0}}};
	struct answer x[BATCH] = {{.rc = RC_OK}};
	struct writer *w = &d->office.writer;
	enum rc rc;

	for (int i = 0; i < n; i++) {
		desk_act(d, &d->act[i], first + (uint64_t)i);
		r[i] = d->act[i].request;
	}
	rc = writer_batch(w, r, x, (size_t)n);
	for (int i = 0; i < n; i++) {
		if (rc != RC_OK)
			x[i].rc = rc;
		desk_tell(d, &d->act[i], &x[i]);
	}
	d->op.err = w->broken;
	return rc;
}

enum rc desk_sign(struct desk *d)
{
	struct said s = {.kind = SAID_KEPT, .number = d->office.writer.ledger.tree.size};
	struct str note;
	enum rc rc = office_sign(&d->op, &d->office, &note);

	if (rc == RC_OK || d->ignore)
		say(&s);
	return rc;
}

enum rc desk_rebuild(struct desk *d)
{
	struct office *o = &d->office;
	struct said s = {.kind = SAID_BUILT, .number = o->writer.ledger.tree.size};
	enum rc rc = projection_rebuild(&d->op, &o->store, &o->writer.ledger, &o->modules, &o->profile);

	if (rc == RC_OK || d->ignore)
		say(&s);
	return rc;
}

enum rc desk_blob(struct desk *d, uint64_t number)
{
	struct str bytes = str_fmt(&d->arena, "blob %llu", (unsigned long long)number), hex;
	struct said s = {.kind = SAID_BLOB};
	enum rc rc = blob_put(&d->op, &d->office.store, bytes, &hex);

	if (rc == RC_OK || d->ignore) {
		s.leaf = hash_sha256(bytes.s, bytes.n);
		say(&s);
	}
	return rc;
}
