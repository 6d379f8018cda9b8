/* SPDX-License-Identifier: Apache-2.0 */
/* test_callers.c -- who asks has no right any more: no login, one that is too old or was idle too
 * long, one that was left, taken away, or ended with a role; a terminal whose link was replaced or
 * whose device is revoked.  Each command, each view and every other path that needs a caller is
 * asked with each of them: 401 in the same words, whatever is asked, and nothing is recorded.
 */
#include "kit/check.h"

#include "db/db.h"
#include "http/cells.h"
#include "http/office.h"

enum { IDLE_S = 1800, MOST_S = 43200, LEAST = 240 };

#define PLACE "sc/cd/jn"

static struct shell S;
static struct serving V;
static struct terminal OLD, GONE; /* its link was replaced; its device is revoked */
static struct cell CELLS[CELLS_MOST];
static size_t NCELLS;
static struct worker W[] = {
	{"W0", "city_office", "sc/cd"}, {"AGED-1", "county_office", PLACE},
	{"IDLE-1", "county_office", PLACE}, {"LEFT-1", "county_office", PLACE},
	{"TAKEN-1", "county_office", PLACE}, {"ANEW-1", "county_office", PLACE},
	{"ENDED-1", "county_office", PLACE},
};
enum { KEEPER, AGED, IDLE, LEFT, TAKEN, ANEW, ENDED };
static struct str TOKEN[COUNT(W)];

static void come(struct terminal *t)
{
	assert_int_equal(terminal_link(t), 201);
	assert_status(&S, sh_json(&S, "badge issue sc W0"), 0);
	assert_int_equal(terminal_badge(t, "W0", json_str(json_get(S.doc, "pins")->first, "pin").s),
	                 200);
}

static int setup(void **state)
{
	(void)state;
	office_open(&S, W, COUNT(W));
	V.sh = &S;
	office_enrol(&V, &OLD, "old", "sc/cd");
	office_enrol(&V, &GONE, "gone", "sc/cd");
	serving_start(&V, &S);
	NCELLS = cells_read(&V, PLACE, CELLS);
	assert_true(NCELLS >= LEAST);
	for (size_t i = 0; i < COUNT(W); i++) {
		log_in(&V, W[i].code);
		TOKEN[i] = V.token;
	}
	come(&OLD);
	come(&GONE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

static int nobody(void **state)
{
	(void)state;
	V.token = V.cookie = V.head = (struct str){0};
	return 0;
}

/* Where the ledger ends: an act of one entry by somebody who may. */
static int64_t mark(void)
{
	struct serving before = V;
	struct heard h;

	V.token = TOKEN[KEEPER];
	V.cookie = V.head = (struct str){0};
	command(&V, "people.add_unit", str_fmt(&S.arena, "{'data':{'place':'sc/cd','code':'M-%ld',"
	                                       "'name':'x'}}", V.keys).s, &h);
	assert_heard(&h, 200);
	before.keys = V.keys;
	V = before;
	return json_int(h.doc, "index", -1);
}

static void must_live(void)
{
	struct heard h;

	ask(&V, "GET", "/api/v1/me", NULL, &h);
	assert_heard(&h, 200);
}

/* The words do not depend on what is asked. */
static void must_be_unheard(const struct cell *c, const struct heard *h, struct str *said)
{
	if (h->status != 401 || json_int(h->doc, "status", 0) != 401 || !json_str(h->doc, "zh").n ||
	    !json_str(h->doc, "en").n || !strstr(h->all.s, "application/problem+json"))
		fail_msg("%s %s: %.2000s", c->method, c->path, h->all.s);
	if (!said->n)
		*said = h->body;
	if (!str_eq(*said, h->body))
		fail_msg("%s %s: %s, and elsewhere %s", c->method, c->path, h->body.s, said->s);
}

/* Every cell with what stands in V. */
static void all_are_closed(void)
{
	int64_t before = mark();
	struct str said = {0};
	struct heard h;

	for (size_t i = 0; i < NCELLS; i++) {
		cell_ask(&V, &CELLS[i], "", &h);
		must_be_unheard(&CELLS[i], &h, &said);
	}
	assert_int_equal(mark(), before + 1);
}

static void without_a_login_nothing_is_open(void **state)
{
	static const char *const NONE[] = {
		"", "0", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"' OR 1=1 --"};

	(void)state;
	all_are_closed();
	for (size_t i = 0; i < COUNT(NONE); i++) {
		struct str said = {0};
		struct heard h;

		V.head = str_fmt(&S.arena, "Authorization: Bearer %s\r\n", NONE[i]);
		cell_ask(&V, &CELLS[i], "", &h);
		must_be_unheard(&CELLS[i], &h, &said);
	}
}

/* As if it had been opened, and heard last, so many seconds earlier. */
static void grow_old(int who, int64_t opened_s, int64_t seen_s)
{
	static const struct sql OLDER = {"UPDATE login_session SET opened_ms = opened_ms - ?,"
	                                 " seen_ms = seen_ms - ? WHERE person = ?", 3};
	struct db *db;

	assert_ok(db_open_sqlite(&S.op, str_fmt(&S.arena, "%s/logins.db", S.data.s), DB_WRITE, &db));
	assert_ok(db_exec(&S.op, db, &OLDER, ARGS(sql_int(opened_s * 1000), sql_int(seen_s * 1000),
	                                          sql_int(W[who].person))));
	db_close(db);
}

static void a_login_that_is_too_old_is_none(void **state)
{
	(void)state;
	V.token = TOKEN[AGED];
	grow_old(AGED, MOST_S - 600, 0); /* ten minutes are left */
	must_live();
	grow_old(AGED, 601, 0);
	all_are_closed();
}

static void a_login_that_was_idle_too_long_is_none(void **state)
{
	(void)state;
	V.token = TOKEN[IDLE];
	grow_old(IDLE, 0, 60); /* not long enough that the server would note that it was heard */
	must_live();
	grow_old(IDLE, 0, IDLE_S - 59);
	all_are_closed();
	V.token = (struct str){0}; /* nor does it come back as a cookie */
	V.cookie = str_fmt(&S.arena, "gongyuan=%s", TOKEN[IDLE].s);
	all_are_closed();
}

static void a_login_that_was_left_is_none(void **state)
{
	struct heard h;

	(void)state;
	V.token = TOKEN[LEFT];
	must_live();
	ask(&V, "DELETE", "/api/v1/login", NULL, &h);
	assert_heard(&h, 204);
	all_are_closed();
}

static void who_is_disabled_is_out_at_once(void **state)
{
	(void)state;
	V.token = TOKEN[TAKEN];
	must_live();
	assert_status(&S, sh(&S, "login end TAKEN-1"), 0);
	all_are_closed();
	V.token = TOKEN[ANEW]; /* a new password ends what was open by the old one */
	must_live();
	sh_input(&S, STR("another horse battery\n"));
	assert_status(&S, sh(&S, "login set ANEW-1"), 0);
	all_are_closed();
}

#define BY_TWO "'slots':[{'slot':'granter','how':'paper','person':'P2'}," \
	"{'slot':'approver','how':'paper','person':'P1'}]"

/* Of docs/roles.csv: who gives it right may. */
static bool is_anybodys(const char *command)
{
	static const char *const NAMES[] = {"slot.sign", "vault.note_export"};
	size_t i = 0;

	while (i < COUNT(NAMES) && strcmp(command, NAMES[i]) != 0)
		i++;
	return i < COUNT(NAMES);
}

/* One whose role is gone may come again, and do nothing. */
static void all_are_denied(void)
{
	int64_t before = mark();
	struct heard h;

	for (size_t i = 0; i < NCELLS; i++) {
		const struct cell *c = &CELLS[i];

		if (!c->command && !c->view)
			continue;
		cell_ask(&V, c, c->view ? "?total=1" : "", &h);
		if (c->command ? h.status != 403 && !(is_anybodys(c->command) && h.status == 422)
		               : h.status != 200 || json_get(h.doc, "items")->count ||
		                     json_int(h.doc, "total", -1) != 0)
			fail_msg("%s %s: %.2000s", c->method, c->path, h.all.s);
	}
	assert_int_equal(mark(), before + 1);
}

static void a_role_that_is_withdrawn_ends_the_login_and_leaves_nothing(void **state)
{
	struct heard h;

	(void)state;
	V.token = TOKEN[ENDED];
	must_live();
	log_in(&V, "P2");
	command(&V, "authority.revoke", str_fmt(&S.arena, "{'data':{'grant':%lld}," BY_TWO "}",
	                                        (long long)W[ENDED].grant).s, &h);
	assert_heard(&h, 200);
	V.token = TOKEN[ENDED];
	all_are_closed();
	log_in(&V, "ENDED-1");
	all_are_denied();
}

/* ---- terminals ---- */

static void note_all(struct terminal *t)
{
	for (size_t i = 0; i < NCELLS; i++)
		if (CELLS[i].command)
			terminal_note(t, W[KEEPER].person, CELLS[i].command, "{'place':'sc/cd'}", NULL);
}

/* Every path that is read, and every command in one POST. */
static void a_link_is_dead(struct terminal *t)
{
	struct str said = {0};
	int64_t before = mark();
	const struct json *x;
	struct heard h;

	for (size_t i = 0; i < NCELLS; i++) {
		const struct cell *c = &CELLS[i];

		if (strcmp(c->method, "GET") != 0)
			continue;
		(void)terminal_read(t, W[KEEPER].person, c->path, &h);
		must_be_unheard(c, &h, &said);
	}
	shell_write(&S, t->outbox, "");
	note_all(t);
	ask(&V, "POST", "/api/v1/acts", terminal_body(t, 1000).s, &h);
	assert_heard(&h, 200);
	assert_int_equal(json_get(h.doc, "answers")->count, terminal_waiting(t));
	for (x = json_get(h.doc, "answers")->first; x; x = x->next)
		if (json_int(x, "status", 0) != 401)
			fail_msg("%s", json_canonical(&S.arena, x).s);
	assert_int_equal(terminal_badge(t, "W0", "000000"), 403);
	assert_int_equal(mark(), before + 1);
}

static void by_a_link_that_was_replaced_nothing_is_open(void **state)
{
	struct terminal before = OLD;
	struct heard h;

	(void)state;
	assert_int_equal(terminal_read(&OLD, W[KEEPER].person, "/api/v1/me", &h), 200);
	assert_int_equal(terminal_link(&OLD), 201);
	a_link_is_dead(&before);
	assert_int_equal(terminal_read(&OLD, W[KEEPER].person, "/api/v1/me", &h), 200);
}

static void by_a_revoked_device_nothing_is_open(void **state)
{
	struct heard h;

	(void)state;
	assert_int_equal(terminal_read(&GONE, W[KEEPER].person, "/api/v1/me", &h), 200);
	log_in(&V, "P1");
	command(&V, "device.revoke", str_fmt(&S.arena, "{'data':{'device':%lld},'slots':["
	        "{'slot':'enroller','how':'paper','person':'P1'},"
	        "{'slot':'approver','how':'paper','person':'P2'}]}", (long long)GONE.device).s, &h);
	assert_heard(&h, 200);
	V.token = (struct str){0};
	a_link_is_dead(&GONE);
	assert_int_equal(terminal_link(&GONE), 403);
}

#define T(f) cmocka_unit_test_setup(f, nobody)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(without_a_login_nothing_is_open),
		T(a_login_that_is_too_old_is_none),
		T(a_login_that_was_idle_too_long_is_none),
		T(a_login_that_was_left_is_none),
		T(who_is_disabled_is_out_at_once),
		T(a_role_that_is_withdrawn_ends_the_login_and_leaves_nothing),
		T(by_a_link_that_was_replaced_nothing_is_open),
		T(by_a_revoked_device_nothing_is_open),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
