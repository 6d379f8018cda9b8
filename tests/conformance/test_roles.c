/* SPDX-License-Identifier: Apache-2.0 */
/* test_roles.c -- the role matrix: what people wrote down, what the tables say, what happens.
 *
 * Every cell of docs/roles.csv is tried with one body for its command: a role that may gets OK (or
 * a rule's own refusal), one that may not is DENIED, and so is the right role at another place or
 * with a grant that stands too high.  A denial leaves nothing behind.
 *
 * With the argument `http` the same is asked over HTTP (http/served.h), and every view besides.
 */
#include "kit/check.h"

#include "conformance/bodies.h"
#include "conformance/foreign.h"
#include "conformance/matrix.h"
#include "conformance/named.h"
#include "conformance/sibling.h"
#include "conformance/unread.h"

#include "app/modules.h"
#include "domain/acts.h"
#include "domain/people/people.h"
#include "engine/modules_private.h"
#include "http/view_cells.h"

struct crowd;

/* A body with its id and its staff codes in place: the same bytes for every cell of its row. */
struct trial {
	struct crowd *crowd;
	const struct body *body;
	const char *data, *slots;
	int64_t id;
	bool tried; /* somebody who may has done it */
};

/* Persons made for the cells: one for each role and scope. */
enum { PERSONS_MAX = 1024, FIRST_PERSON = 10000, NOBODY_SPECIAL = 9999 };
struct crowd {
	struct scene s;
	struct served *served; /* NULL: in process */
	struct {
		struct str role;
		char scope[LIMIT_PLACE + 1];
	} who[PERSONS_MAX];
	size_t n;
	struct trial done[MATRIX_ROWS]; /* that not anyone may */
	size_t ndone;
};

static void grant(struct scene *s, int64_t person, const char *role, const char *scope)
{
	struct arena *a = &s->k.arena;
	struct str data = *scope ? str_fmt(a, "{\"person\":%lld,\"role\":\"%s\",\"place\":\"%s\"}",
	                                   (long long)person, role, scope)
	                         : str_fmt(a, "{\"person\":%lld,\"role\":\"%s\"}",
	                                   (long long)person, role);

	if (kit_do(&s->k, 902, "authority.grant", data.s, GRANTERS) != RC_OK)
		fail_msg("grant %s at %s: %s", role, scope, s->k.answer.err.en);
}

/* "anyone" is a person whom nobody has granted anything. */
static int64_t person_with(struct crowd *c, struct str role, const char *scope)
{
	size_t i;

	if (str_is(role, "anyone"))
		return NOBODY_SPECIAL;
	for (i = 0; i < c->n; i++)
		if (str_eq(c->who[i].role, role) && strcmp(c->who[i].scope, scope) == 0)
			return FIRST_PERSON + (int64_t)i;
	assert_true(c->n < PERSONS_MAX);
	c->who[c->n].role = role;
	snprintf(c->who[c->n].scope, sizeof(c->who[c->n].scope), "%s", scope);
	grant(&c->s, FIRST_PERSON + (int64_t)c->n, role.s, scope);
	return FIRST_PERSON + (int64_t)c->n++;
}

/* The path's first `level` parts. */
static const char *cut(struct crowd *c, const char *place, int level)
{
	const char *end = place;

	if (level <= 0)
		return "";
	while (*end && (*end != '/' || --level > 0))
		end++;
	return str_dup(&c->s.k.arena, place, (size_t)(end - place)).s;
}

/* A place of the same level that the path is not under; for "" any place is another. */
static const char *beside(struct crowd *c, const char *place)
{
	int level = place_level(str_of(place));

	if (level == 0)
		return "sc";
	return str_fmt(&c->s.k.arena, "%s%szz", cut(c, place, level - 1), level > 1 ? "/" : "").s;
}

/* A staff code that somebody has, quoted or after the colon of a slot. */
static bool staff_code(struct crowd *c, const char *text, int64_t *ret_person)
{
	struct op op = c->s.k.op;
	struct person_id who;

	op.db = c->s.k.store.view;
	if (text[0] != 'P' || strspn(text + 1, "0123456789") != 4 ||
	    people_find(&op, str_dup(op.arena, text, 5), &who) != RC_OK)
		return false;
	*ret_person = who.v;
	return true;
}

/* # -> the number; ' -> "; staff codes -> numbers. */
static const char *spelled(struct crowd *c, const char *text, int64_t id)
{
	struct strbuf b;
	int64_t who;

	strbuf_init(&b, &c->s.k.arena);
	for (; *text; text++)
		if (*text == '#') {
			strbuf_addi(&b, id);
		} else if ((*text == '\'' || *text == ':') && staff_code(c, text + 1, &who)) {
			if (*text == ':')
				strbuf_addc(&b, ':');
			strbuf_addi(&b, who);
			text += *text == ':' ? 5 : 6;
		} else {
			strbuf_addc(&b, *text == '\'' ? '"' : *text);
		}
	return strbuf_str(&b).s;
}

static enum rc say(struct crowd *c, int64_t person, const char *command, const char *data,
                   const char *slots)
{
	return c->served ? served_do(c->served, person, command, data, slots)
	                 : kit_do(&c->s.k, person, command, data, slots);
}

static enum rc try_as(const struct trial *t, int64_t person)
{
	return say(t->crowd, person, t->body->command, t->data, t->slots);
}

/* He who may elsewhere is not told which numbers there are: to him it is one that nothing has. */
static void must_be_denied(struct trial *t, struct str role, const char *scope)
{
	struct kit *k = &t->crowd->s.k;
	const struct command *c = modules_command(&k->modules, str_of(t->body->command));
	int64_t who = person_with(t->crowd, role, scope);
	uint64_t size = kit_size(k);
	enum rc rc = try_as(t, who);

	if (rc == RC_NOT_FOUND && c->place_by)
		named_as_nothing(&(struct named){k, t->crowd->served, c, t->data, t->slots}, who);
	else if (rc != RC_DENIED || strcmp(k->answer.err.field, "actor") != 0)
		fail_msg("%s by %s at '%s': %s (%s), not denied", t->body->command, role.s, scope,
		         rc_text(rc), k->answer.err.en);
	assert_int_equal(kit_size(k), size);
}

static void must_be_allowed(struct trial *t, struct str role, const char *scope)
{
	struct kit *k = &t->crowd->s.k;
	enum rc rc = try_as(t, person_with(t->crowd, role, scope));

	if (rc == RC_DENIED)
		fail_msg("%s by %s at '%s' is denied: %s", t->body->command, role.s, scope,
		         k->answer.err.en);
	if (!t->tried && rc != t->body->first)
		fail_msg("%s by %s at '%s': %s: %s (%s)", t->body->command, role.s, scope, rc_text(rc),
		         k->answer.err.en, k->answer.err.field);
	if (!t->tried && rc == RC_OK)
		assert_true(!k->answer.waiting || strcmp(t->body->command, "slot.sign") == 0);
	t->tried = true;
}

static void denied_cells(struct trial *t, const struct matrix *x, size_t row, bool anyone)
{
	const char *place = t->body->place;
	size_t i;

	for (i = 0; i < x->nroles; i++) {
		int level = x->cell[row][i];

		if (level == CELL_NEVER && (row + i) % check_each(3))
			continue;
		if (level == CELL_NEVER) {
			must_be_denied(t, x->roles[i], place);
			must_be_denied(t, x->roles[i], "");
			continue;
		}
		if (!anyone)
			must_be_denied(t, x->roles[i], beside(t->crowd, place));
		if (level > 0)
			must_be_denied(t, x->roles[i], cut(t->crowd, place, level - 1));
	}
}

/* Some role that may not, and one that may elsewhere. */
static void unread_cells(struct trial *t, const struct matrix *x, size_t row)
{
	const char *other = beside(t->crowd, t->body->place);
	struct unread u = {t->crowd->served, t->body->command, t->body->place, other, t->data, t->slots,
	                   t->id};
	bool never = false, elsewhere = false;

	for (size_t i = 0; i < x->nroles; i++)
		if (x->cell[row][i] != CELL_NEVER) {
			if (!elsewhere && unread_says_place(&u))
				unread_elsewhere(&u, person_with(t->crowd, x->roles[i], other));
			elsewhere = true;
		} else if (!never) {
			unread_sent(&u, person_with(t->crowd, x->roles[i], ""));
			never = true;
		}
}

static void allowed_cells(struct trial *t, const struct matrix *x, size_t row)
{
	const char *place = t->body->place;
	size_t i;

	for (i = 0; i < x->nroles; i++) {
		int level = x->cell[row][i];

		if (level == CELL_NEVER)
			continue;
		if (level > place_level(str_of(place)))
			fail_msg("%s for %s: the body's place is above level %d", t->body->command,
			         x->roles[i].s, level);
		must_be_allowed(t, x->roles[i], cut(t->crowd, place, level));
		must_be_allowed(t, x->roles[i], place);
	}
}

/* Somebody who may sends it with another value of a member that the body has. */
static void must_refuse(struct trial *t, int64_t who, const char *member, const char *value)
{
	struct kit *k = &t->crowd->s.k;
	struct str start = str_fmt(&k->arena, "\"%s\":\"", member);
	const char *at = strstr(t->data, start.s), *end;
	uint64_t size = kit_size(k);
	enum rc rc;

	if (!at)
		return;
	end = strchr(at + start.n, '"');
	rc = say(t->crowd, who, t->body->command,
	         str_fmt(&k->arena, "%.*s%s%s%s", (int)(at - t->data), t->data, start.s, value, end).s,
	         t->slots);
	if (rc == RC_OK) /* denied: those who sign hold nothing there */
		fail_msg("%s with %s %s is taken", t->body->command, member, value);
	if (kit_size(k) != size)
		fail_msg("%s with %s %s is in the ledger", t->body->command, member, value);
}

/* Of a session that the programme does not have; and, of what happens at a site or in a room, of a
 * county. */
static void must_know_session_and_place(struct trial *t, const struct matrix *x, size_t row)
{
	const char *place = t->body->place;
	size_t i;

	for (i = 0; i < x->nroles && x->cell[row][i] == CELL_NEVER; i++)
		;
	if (i < x->nroles)
		must_refuse(t, person_with(t->crowd, x->roles[i],
		                           cut(t->crowd, place, x->cell[row][i])), "session", "d9-none");
	for (i = 0; i < x->nroles; i++)
		if (x->cell[row][i] != CELL_NEVER && x->cell[row][i] <= LEVEL_COUNTY &&
		    str_starts(str_of(t->body->command), STR("sitting.")) &&
		    !str_is(x->roles[i], "anyone")) {
			must_refuse(t, person_with(t->crowd, x->roles[i], JN), "place", JN);
			return;
		}
}

static int64_t who_of(void *crowd, struct str role, const char *scope)
{
	return person_with(crowd, role, scope);
}

/* By another county, when all has been done here. */
static void foreign_cells(const struct trial *t, const struct matrix *x, size_t row)
{
	struct foreign_crowd crowd = {who_of, t->crowd};
	struct foreign f = {t->crowd->served, &crowd, t->body->command, t->data, t->slots};
	const char *place = foreign_place(&t->crowd->s.k.arena, t->body->place);
	size_t i;

	for (i = 0; i < x->nroles && x->cell[row][i] == CELL_NEVER; i++)
		;
	if (i < x->nroles && strcmp(place, t->body->place) != 0)
		foreign_sent(&f, person_with(t->crowd, x->roles[i], place), place);
}

static size_t row_of(const struct matrix *x, const char *command)
{
	size_t i;

	for (i = 0; i < x->ncommands; i++)
		if (str_is(x->commands[i], command))
			return i;
	fail_msg("docs/roles.csv has no row %s", command);
	return 0;
}

/* Facts last: they are recorded, whatever number stands in them. */
static void foreign_rows(struct crowd *c, const struct matrix *x, bool facts)
{
	for (size_t i = 0; i < c->ndone; i++) {
		const char *name = c->done[i].body->command;

		if ((modules_command(&c->s.k.modules, str_of(name))->kind == FACT) == facts)
			foreign_cells(&c->done[i], x, row_of(x, name));
	}
}

static const struct trial *done(const struct crowd *c, const char *command)
{
	for (size_t i = 0; i < c->ndone; i++)
		if (strcmp(c->done[i].body->command, command) == 0)
			return &c->done[i];
	fail_msg("%s was not tried", command);
	return NULL;
}

/* The session is over: what could be ordered in it is a conflict now, with the article and the
 * member that it lies in, and nothing but a guarded order's refusal is recorded. */
static void closed_rows(struct crowd *c, const struct matrix *x)
{
	static const struct {
		const char *command, *pointer;
	} CLOSED[] = {
		{"arrange.plan_rooms", "/data/session"}, {"arrange.seat_candidates", "/data/session"},
		{"arrange.open_names", "/data/session"}, {"custody.release_boxes", "/data/boxes"},
		{"custody.issue_bag", "/data/bag"}, {"sitting.set_room_time", "/data/session"},
		{"sitting.write_first", "/data/session"}};

	for (size_t i = 0; i < COUNT(CLOSED); i++) {
		const struct trial *t = done(c, CLOSED[i].command);
		size_t row = row_of(x, CLOSED[i].command), role = 0;
		const struct reply_heard *h = &c->served->last;
		uint64_t size;
		int64_t who;

		while (x->cell[row][role] == CELL_NEVER)
			role++;
		who = person_with(c, x->roles[role], t->body->place);
		size = kit_size(&c->s.k);
		(void)try_as(t, who);
		if (h->status != 409 || !json_str(h->doc, "article").n || !json_str(h->doc, "zh").n ||
		    !str_is(json_str(json_get(h->doc, "errors")->first, "pointer"), CLOSED[i].pointer))
			fail_msg("%s: %.*s", CLOSED[i].command, (int)h->body.n, h->body.s);
		size += modules_command(&c->s.k.modules, str_of(CLOSED[i].command))->kind == GUARDED;
		assert_int_equal(kit_size(&c->s.k), size);
	}
}

/* By the site's own people, of what happens there. */
static void sibling_cells(const struct trial *t, const struct matrix *x, size_t row)
{
	const struct sibling_request r = {t->crowd->served, t->body->command, t->data, t->slots};
	size_t i;

	for (i = 0; i < x->nroles && (x->cell[row][i] == CELL_NEVER || x->cell[row][i] > LEVEL_SITE ||
	                              str_is(x->roles[i], "anyone")); i++)
		;
	if (i < x->nroles && place_covers(STR(SITE), str_of(t->body->place)))
		sibling_swapped(&r, person_with(t->crowd, x->roles[i], SITE));
}

static void try_row(struct crowd *c, const struct body *b, const struct matrix *x)
{
	struct trial t = {.crowd = c, .body = b};
	size_t row = row_of(x, b->command), i;
	bool anyone = false;

	if (b->before)
		b->before(&c->s);
	if (b->at)
		kit_at(&c->s.k, b->at);
	kit_pass(&c->s.k, 0);
	if (b->id)
		t.id = kit_sql(&c->s.k, b->id);
	t.data = spelled(c, b->data, t.id);
	t.slots = b->slots ? spelled(c, b->slots, t.id) : NULL;
	for (i = 0; i < x->nroles; i++)
		anyone = anyone || (str_is(x->roles[i], "anyone") && x->cell[row][i] != CELL_NEVER);
	denied_cells(&t, x, row, anyone);
	if (c->served && !anyone)
		unread_cells(&t, x, row);
	must_know_session_and_place(&t, x, row);
	if (c->served)
		sibling_cells(&t, x, row);
	allowed_cells(&t, x, row);
	if (!t.tried)
		fail_msg("nobody may do %s", b->command);
	if (!anyone)
		c->done[c->ndone++] = t;
}

static void open_crowd(struct crowd *c)
{
	*c = (struct crowd){.n = 0};
	scene_open_with_papers(&c->s);
	grant(&c->s, 801, "vault_remover", "");
	grant(&c->s, 802, "vault_remover", "");
}

/* Tests. */
static void the_matrix_and_the_tables_say_the_same(void **state)
{
	static struct matrix x;
	struct strbuf why;
	struct modules m;
	CHECK_OP(op);

	(void)state;
	assert_ok(modules_init(&op, app_modules, app_nmodules, &m));
	matrix_read(&op, &x);
	strbuf_init(&why, op.arena);
	if (matrix_compare(&x, &m, &why))
		fail_msg("%s", strbuf_str(&why).s);
	modules_release(&m);
	check_op_release(&op);
}

/* The guard itself: whichever cell somebody flips, it is seen. */
static void one_flipped_cell_is_seen(void **state)
{
	static struct matrix x;
	struct strbuf why;
	struct modules m;
	size_t row, col;
	int found;
	CHECK_OP(op);

	(void)state;
	assert_ok(modules_init(&op, app_modules, app_nmodules, &m));
	matrix_read(&op, &x);
	strbuf_init(&why, op.arena);
	found = matrix_compare(&x, &m, &why); /* 0, else the test above is red as well */
	for (row = 0; row < x.ncommands; row++)
		for (col = 0; col < x.nroles; col++) {
			int was = x.cell[row][col];

			x.cell[row][col] = was == CELL_NEVER ? LEVEL_ANY : was + 1;
			assert_int_not_equal(matrix_compare(&x, &m, &why), found);
			x.cell[row][col] = was;
		}
	x.ncommands--;
	assert_int_not_equal(matrix_compare(&x, &m, &why), found);
	check_op_release(&op);
	modules_release(&m);
}

static void every_command_has_a_body(void **state)
{
	static struct matrix x;
	size_t i, j;
	CHECK_OP(op);

	(void)state;
	matrix_read(&op, &x);
	for (i = 0; i < x.ncommands; i++) {
		for (j = 0; j < NBODIES && !str_is(x.commands[i], BODIES[j].command); j++)
			;
		if (j == NBODIES)
			fail_msg("no body tries %s", x.commands[i].s);
	}
	check_op_release(&op);
}

static void every_cell_is_what_happens(void **state)
{
	static struct crowd c;
	static struct matrix x;
	CHECK_OP(op);
	size_t i;

	(void)state;
	matrix_read(&op, &x);
	open_crowd(&c);
	for (i = 0; i < NBODIES; i++)
		try_row(&c, &BODIES[i], &x);
	scene_close(&c.s);
	check_op_release(&op);
}

/* The cells of the commands, then those of the views over what the commands have left. */
static void every_cell_is_what_happens_over_http(void **state)
{
	static struct crowd c;
	static struct matrix x;
	static struct served served;
	CHECK_OP(op);

	(void)state;
	matrix_read(&op, &x);
	open_crowd(&c);
	sibling_open(&c.s);
	served_open(&served, &c.s.k);
	unread_watch(&served);
	c.served = &served;
	for (size_t i = 0; i < NBODIES; i++)
		try_row(&c, &BODIES[i], &x);
	view_cells(&served, &(struct view_crowd){x.roles, x.nroles, who_of, &c});
	closed_rows(&c, &x);
	foreign_rows(&c, &x, false);
	foreign_rows(&c, &x, true);
	sibling_close(&served);
	must_have_asked_all();
	served_close(&served);
	scene_close(&c.s);
	check_op_release(&op);
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(the_matrix_and_the_tables_say_the_same),
	cmocka_unit_test(one_flipped_cell_is_seen),
	cmocka_unit_test(every_command_has_a_body),
	cmocka_unit_test(every_cell_is_what_happens),
};
static const struct CMUnitTest OVER_HTTP[] = {
	cmocka_unit_test(every_cell_is_what_happens_over_http),
};

int main(int argc, char **argv)
{
	(void)argv;
	return argc > 1 ? cmocka_run_group_tests(OVER_HTTP, NULL, NULL)
	                : cmocka_run_group_tests(TESTS, NULL, NULL);
}
