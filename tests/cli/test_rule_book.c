/* SPDX-License-Identifier: Apache-2.0 */
/* test_rule_book.c -- docs/rule-book.md and the program say the same, rule by rule.
 *
 * A name of the page stands in `gongyuan describe rules` and cites its row's rule; a rule that is
 * cited there has a row; a row says what carries it or why nothing does; no number is left out.
 */
#include "kit/check.h"

#include <ctype.h>

#include "db/store.h"
#include "shell.h"

static struct shell S;
static const char *const PROFILES[] = {"gaokao-2025", "gaokao-wenli", "zhongkao"};

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

/* A row of the page: "| rule | asks for | carried by | not yet |". */
struct row {
	struct str rule, carried, missing;
};
enum { ROWS_MAX = 256, CELLS = 4 };
struct page {
	struct row row[ROWS_MAX];
	size_t n;
};

static struct str trimmed(const char *from, const char *to)
{
	while (from < to && *from == ' ')
		from++;
	while (to > from && to[-1] == ' ')
		to--;
	return str_dup(&S.arena, from, (size_t)(to - from));
}

static void take_line(struct page *p, const char *line, const char *end)
{
	struct str cell[CELLS] = {{0}};
	int n = 0;

	if (*line != '|')
		return;
	for (const char *at = line + 1, *bar; n < CELLS && (bar = strchr(at, '|')) && bar < end;
	     at = bar + 1)
		cell[n++] = trimmed(at, bar);
	assert_int_equal(n, CELLS);
	if (str_is(cell[0], "rule") || str_starts(cell[0], STR("---")))
		return;
	assert_true(p->n < ROWS_MAX);
	p->row[p->n++] = (struct row){cell[0], cell[2], cell[3]};
}

static void read_page(struct page *p)
{
	struct str text = shell_read(&S, str_fmt(&S.arena, "%s/docs/rule-book.md",
	                                         getenv("GONGYUAN_SOURCE")));

	p->n = 0;
	for (const char *at = text.s, *end; (end = strchr(at, '\n')) != NULL; at = end + 1)
		take_line(p, at, end);
	assert_true(p->n > 100);
}

/* What the program says of a rule ("": of all), over the profiles shipped. */
struct said {
	const struct json *rules[COUNT(PROFILES)];
};

static struct said ask(const char *rule)
{
	struct said s = {{0}};

	for (size_t i = 0; i < COUNT(PROFILES); i++) {
		int status = sh_json(&S, "describe rules --profile %s/profiles/%s.json %s%s",
		                     getenv("GONGYUAN_SOURCE"), PROFILES[i], *rule ? "--rule " : "", rule);

		assert_true(status == 0 || (status == 1 && *rule));
		s.rules[i] = status ? NULL : json_get(S.doc, "rules");
	}
	return s;
}

static bool has(const struct said *s, struct str name)
{
	for (size_t i = 0; i < COUNT(PROFILES); i++)
		for (const struct json *r = s->rules[i] ? s->rules[i]->first : NULL; r; r = r->next)
			if (str_eq(json_str(r, "id"), name))
				return true;
	return false;
}

static void check_row(const struct row *row)
{
	struct said s = ask(row->rule.s);

	for (const char *at = row->carried.s, *end; (at = strchr(at, '`')) != NULL; at = end + 1) {
		struct str name;

		end = strchr(at + 1, '`');
		assert_non_null(end);
		name = str_dup(&S.arena, at + 1, (size_t)(end - at - 1));
		if (!has(&s, name))
			fail_msg("%s: nothing named %s cites it", row->rule.s, name.s);
	}
}

static void each_name_stands_in_the_tables_and_cites_its_rule(void **state)
{
	static struct page p;

	(void)state;
	read_page(&p);
	for (size_t i = 0; i < p.n; i++) {
		if (!p.row[i].carried.n && !p.row[i].missing.n)
			fail_msg("%s: neither carried nor a reason why not", p.row[i].rule.s);
		if (p.row[i].carried.n)
			check_row(&p.row[i]);
	}
}

/* "ROOM-17": the letters and the number; false when it is no such rule. */
static bool numbered(const char *at, int *ret_letters, int *ret_number)
{
	int n = 0;

	while (isupper((unsigned char)at[n]))
		n++;
	if (n < 2 || at[n] != '-' || !isdigit((unsigned char)at[n + 1]))
		return false;
	*ret_letters = n;
	*ret_number = (int)strtol(at + n + 1, NULL, 10);
	return true;
}

static bool has_row(const struct page *p, struct str rule)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->row[i].rule, rule))
			return true;
	return false;
}

static bool known_book(const struct page *p, const char *at, int letters)
{
	for (size_t i = 0; i < p->n; i++)
		if (strncmp(p->row[i].rule.s, at, (size_t)letters + 1) == 0)
			return true;
	return false;
}

static void check_cited(const struct page *p, struct str text)
{
	int letters, number;

	for (const char *at = text.s; text.n && *at; at++)
		if ((at == text.s || !isalnum((unsigned char)at[-1])) &&
		    numbered(at, &letters, &number) && known_book(p, at, letters)) {
			struct str rule = str_fmt(&S.arena, "%.*s-%d", letters, at, number);

			if (!has_row(p, rule))
				fail_msg("%s is cited and has no row: %s", rule.s, text.s);
		}
}

static void each_rule_that_is_cited_has_a_row(void **state)
{
	static struct page p;
	struct said s = ask("");

	(void)state;
	read_page(&p);
	for (size_t i = 0; i < COUNT(PROFILES); i++)
		for (const struct json *r = s.rules[i]->first; r; r = r->next) {
			check_cited(&p, json_str(r, "article"));
			check_cited(&p, json_str(r, "source"));
		}
}

/* 1 to the last, in order: a rule is answered, never skipped. */
static void no_number_is_left_out(void **state)
{
	static struct page p;
	char book[16] = "";
	int last = 0, letters, number;

	(void)state;
	read_page(&p);
	for (size_t i = 0; i < p.n; i++) {
		if (!numbered(p.row[i].rule.s, &letters, &number))
			continue;
		assert_true(letters < (int)sizeof(book));
		if (strncmp(book, p.row[i].rule.s, (size_t)letters) != 0 || book[letters]) {
			snprintf(book, sizeof(book), "%.*s", letters, p.row[i].rule.s);
			last = 0;
		}
		if (number != last + 1)
			fail_msg("after %s-%d comes %s", book, last, p.row[i].rule.s);
		last = number;
	}
}

static void a_rule_is_asked_for_by_its_number(void **state)
{
	const char *root = getenv("GONGYUAN_SOURCE");

	(void)state;
	assert_status(&S, sh(&S, "describe rules --rule ROOM-10 --lang en --profile"
	                     " %s/profiles/demo.json", root), 0);
	assert_true(shell_said(&S, "a patrol is overdue") && shell_said(&S, "every 30 min"));
	assert_false(shell_said(&S, "ROOM-11"));
	assert_status(&S, sh(&S, "describe rules --rule ROOM-1 --lang zh"), 0);
	assert_true(shell_said(&S, "启用保密室") && shell_said(&S, "依据"));
	assert_false(shell_said(&S, "ROOM-10"));
	assert_status(&S, sh(&S, "describe rules --rule T --profile %s/profiles/demo.json", root), 0);
	assert_false(shell_said(&S, "T-10") || shell_said(&S, "GB/T"));
	assert_status(&S, sh(&S, "describe rules duty --rule ROOM-14 --lang en"), 0);
	assert_true(shell_said(&S, "duty.report_store"));
	assert_false(shell_said(&S, "custody."));
	assert_status(&S, sh(&S, "describe rules --rule custody.difference --lang en"), 0);
	assert_status(&S, sh(&S, "describe rules --rule ROOM-99 --lang en"), 1);
	assert_true(shell_said(&S, "nothing cites ROOM-99"));
	assert_status(&S, sh(&S, "describe rules --rule ROOM-99 --lang zh"), 1);
	assert_true(shell_said(&S, "没有条目引用 ROOM-99"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_name_stands_in_the_tables_and_cites_its_rule),
		T(each_rule_that_is_cited_has_a_row),
		T(no_number_is_left_out),
		T(a_rule_is_asked_for_by_its_number),
	};

	return cmocka_run_group_tests_name("rule_book", tests, NULL, NULL);
}
