/* SPDX-License-Identifier: Apache-2.0 */
/* test_mutations.c -- every byte of a small export, changed: found each time.  (Under a sanitizer
 * each fifth.)
 *
 * Two files may be changed unseen, and why is checked here: `policy` beside the ledger is not
 * trusted and not read; lines of a note signed by keys that nobody named are, by the format,
 * ignored. */
#include "hand.h"

#include <dirent.h>
#include <sys/stat.h>

struct sweep {
	struct hand h;
	int changed, missed, every;
};

static int64_t audit_findings(struct sweep *s)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena, .now_ms = s->h.op.now_ms};
	struct audit_options o = {.source = hand_path(&s->h, "out")};
	struct report *r = ARENA_NEW(&arena, struct report);
	int64_t n;

	assert_ok(audit_run(&op, &o, r));
	n = report_total(r);
	arena_release(&arena);
	return n;
}

static void sweep_file(struct sweep *s, const char *name)
{
	struct str bytes = hand_read(&s->h, name);
	char *p = arena_alloc(&s->h.arena, bytes.n);
	unsigned seed = 1;

	memcpy(p, bytes.s, bytes.n);
	for (size_t i = 0; i < bytes.n; i += (size_t)s->every) {
		char was = p[i];

		seed = seed * 1103515245 + 12345;
		p[i] = (char)(was ^ (1 << (seed >> 16 & 7)));
		hand_file(&s->h, name, (struct str){p, bytes.n});
		s->changed++;
		if (audit_findings(s) == 0) {
			s->missed++;
			print_error("%s: byte %zu was changed unseen\n", name, i);
		}
		p[i] = was;
	}
	hand_file(&s->h, name, bytes);
}

static void sweep_dir(struct sweep *s, const char *name)
{
	DIR *d = opendir(hand_path(&s->h, name).s);
	const struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		struct str below = str_fmt(&s->h.arena, "%s/%s", name, e->d_name);
		struct stat st;

		if (e->d_name[0] == '.' || strcmp(below.s, "out/policy") == 0)
			continue;
		assert_int_equal(stat(hand_path(&s->h, below.s).s, &st), 0);
		if (S_ISDIR(st.st_mode))
			sweep_dir(s, below.s);
		else
			sweep_file(s, below.s);
	}
	closedir(d);
}

static void every_changed_byte_is_found(void **state)
{
	struct sweep s = {.every = (int)check_each(5)};

	(void)state;
	hand_open(&s.h);
	hand_full(&s.h, AT_TICKS + 3);
	hand_export(&s.h, "out");
	assert_int_equal(audit_findings(&s), 0);
	sweep_dir(&s, "out");
	assert_int_equal(s.missed, 0);
	assert_true(s.changed * s.every > 10000);
	assert_int_equal(audit_findings(&s), 0);
	hand_close(&s.h);
}

static void a_policy_beside_the_ledger_is_not_believed(void **state)
{
	struct hand h;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_export(&h, "out");
	hand_file(&h, "out/policy", STR("quorum none\n"));
	assert_clean(hand_audit(&h, hand_path(&h, "out"), NULL, NULL));
	hand_close(&h);
}

static void a_line_of_an_unknown_signer_is_ignored(void **state)
{
	struct hand h;
	struct str note;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	h.cosigners = 1;
	hand_export(&h, "out");
	note = hand_read(&h, "out/checkpoint");
	((char *)(uintptr_t)note.s)[note.n - 10] ^= 1;
	hand_file(&h, "out/checkpoint", note);
	assert_clean(hand_audit(&h, hand_path(&h, "out"), NULL, NULL));
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_changed_byte_is_found),
		cmocka_unit_test(a_policy_beside_the_ledger_is_not_believed),
		cmocka_unit_test(a_line_of_an_unknown_signer_is_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
