/* SPDX-License-Identifier: Apache-2.0 */
/* test_files.c -- the real program: cosigning carried by files, and the auditor on the outcome. */
#include "kit/check.h"

#include "shell.h"

static int audit(struct shell *s, const char *export)
{
	const char *exe = getenv("GONGYUAN_AUDIT");
	struct str line;
	int status;

	assert_non_null(exe);
	line = str_fmt(&s->arena, "'%s' --policy '%s/%s/policy' '%s/%s' >'%s/audit' 2>&1", exe,
	               s->top.s, export, s->top.s, export, s->top.s);
	status = system(line.s);
	return status / 256;
}

/* Runs on the witness's folder instead of the office's. */
#define WITNESS(s, ...) \
	do { \
		struct str office = (s)->data; \
		(s)->data = shell_path((s), "witness"); \
		sh((s), __VA_ARGS__); \
		(s)->data = office; \
	} while (0)

static void begin(struct shell *s)
{
	struct str vkey, log;

	shell_open(s);
	shell_init(s);
	log = shell_read(s, str_fmt(&s->arena, "%s/keys/log.vkey", s->data.s));
	WITNESS(s, "witness init --name w.example/1 --log %.*s --json", (int)log.n - 1, log.s);
	assert_int_equal(s->status, 0);
	vkey = shell_read(s, shell_path(s, "witness/witness.vkey"));
	assert_status(s, sh(s, "witness trust %.*s", (int)vkey.n - 1, vkey.s), 0);
}

static void an_export_without_its_quorum_is_refused_and_cosigned_by_file_accepted(void **state)
{
	struct shell s;
	const char *top;

	begin(&s);
	top = s.top.s;
	assert_status(&s, sh(&s, "ledger export %s/bare", top), 0);
	assert_int_equal(audit(&s, "bare"), 5);
	assert_status(&s, sh(&s, "witness request %s/request", top), 0);
	WITNESS(&s, "witness answer %s/request %s/answer", top, top);
	assert_int_equal(s.status, 0);
	assert_status(&s, sh(&s, "witness accept %s/answer", top), 0);
	assert_status(&s, sh(&s, "witness accept %s/answer", top), 0); /* again: nothing new */
	assert_status(&s, sh(&s, "ledger export %s/whole", top), 0);
	assert_int_equal(audit(&s, "whole"), 0);
	/* A witness that stands elsewhere says where; the request is made again. */
	assert_status(&s, sh(&s, "witness request %s/request --old 0", top), 0);
	WITNESS(&s, "witness answer %s/request %s/answer2", top, top);
	assert_int_equal(s.status, 4);
	assert_true(shell_said(&s, "--old"));
	shell_close(&s);
}

static void an_answer_that_was_changed_is_not_kept(void **state)
{
	struct shell s;
	struct str answer;
	const char *top;

	begin(&s);
	top = s.top.s;
	assert_status(&s, sh(&s, "witness request %s/request", top), 0);
	WITNESS(&s, "witness answer %s/request %s/answer", top, top);
	answer = shell_read(&s, shell_path(&s, "answer"));
	((char *)(uintptr_t)answer.s)[answer.n - 20] ^= 1;
	shell_write(&s, shell_path(&s, "answer"), answer.s);
	assert_status(&s, sh(&s, "witness accept %s/answer", top), 2);
	assert_status(&s, sh(&s, "ledger export %s/bare", top), 0);
	assert_int_equal(audit(&s, "bare"), 5);
	shell_close(&s);
}

static const char *office_path(struct shell *s, const char *name)
{
	return shell_path(s, name).s;
}

/* What a scanner reads of a picture, as a file; false: there is no scanner here. */
static bool scan(struct shell *s, const char *picture, const char *to)
{
	struct str line = str_fmt(&s->arena, "zbarimg --raw -q -Sdisable -Sqrcode.enable '%s' >'%s'"
	                          " 2>/dev/null", office_path(s, picture), office_path(s, to));

	if (system("command -v zbarimg >/dev/null") != 0)
		return false;
	assert_int_equal(system(line.s), 0);
	return true;
}

/* A long ledger's proof, there and back, on paper alone. */
static void a_request_and_its_answer_travel_as_qr_codes(void **state)
{
	struct shell s;
	const char *top;

	begin(&s);
	top = s.top.s;
	/* The witness stands at one tree; the ledger grows, so that there is a proof. */
	assert_status(&s, sh(&s, "witness request %s/request", top), 0);
	WITNESS(&s, "witness answer %s/request %s/answer", top, top);
	assert_int_equal(s.status, 0);
	assert_status(&s, sh(&s, "witness accept %s/answer", top), 0);
	assert_status(&s, sh(&s, "place add --place sc --kind area --name 省"), 0);
	assert_status(&s, sh(&s, "place add --place sc/cd --kind area --name 市"), 0);
	assert_status(&s, sh(&s, "witness request %s/request --qr %s/request.pbm", top, top), 0);
	assert_status(&s, sh(&s, "witness request %s/request --qr %s/request.svg", top, top), 0);
	assert_status(&s, sh(&s, "witness request %s/request --qr %s/request.gif", top, top), 2);
	assert_true(strstr(shell_read(&s, shell_path(&s, "request.svg")).s, "</svg>") != NULL);
	if (!scan(&s, "request.pbm", "scanned")) {
		shell_close(&s);
		skip();
	}
	assert_true(str_starts(shell_read(&s, shell_path(&s, "scanned")), STR("GYW1:")));
	WITNESS(&s, "witness answer %s/scanned %s/answer --qr %s/answer.pbm", top, top, top);
	assert_int_equal(s.status, 0);
	assert_true(scan(&s, "answer.pbm", "back"));
	assert_status(&s, sh(&s, "witness accept %s/request", top), 2);
	assert_status(&s, sh(&s, "witness accept %s/scanned", top), 2); /* the other kind */
	assert_status(&s, sh(&s, "witness accept %s/back", top), 0);
	assert_status(&s, sh(&s, "ledger export %s/whole", top), 0);
	assert_int_equal(audit(&s, "whole"), 0);
	shell_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_export_without_its_quorum_is_refused_and_cosigned_by_file_accepted),
		cmocka_unit_test(an_answer_that_was_changed_is_not_kept),
		cmocka_unit_test(a_request_and_its_answer_travel_as_qr_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
