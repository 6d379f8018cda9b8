/* SPDX-License-Identifier: Apache-2.0 */
/* server_world.c -- a folder for a server under load: a morning planned and armed, checkers of
 * identities logged in.
 *
 *     server-world --dir DIR --profile FILE --tokens FILE [--rooms N] [--checkers N]
 *                  [--filled N] [--candidates N]
 *
 * --tokens gets a line for each checker, FILE.desk one for the office that sees it all; checker c
 * has the sites c, c + N, c + 2N, ….  --candidates: so many are registered, for reads.  --filled:
 * so many candidates are entered already, in lists of thirty.
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/login.h"
#include "nation.h"

#define PASSWORD "bench-bench-bench"

struct flags {
	struct str dir, profile, tokens;
	int64_t rooms, filled, candidates;
};

static enum rc log_in(struct op *op, struct logins *l, int64_t who, FILE *to)
{
	struct clock c = clock_system();
	struct login_terms terms = {3600, 86400, 5, 60};
	struct login_try t = {.who = {who}, .password = STR(PASSWORD), .source = STR("bench"),
	                      .now_ms = clock_now_ms(&c)};
	uint8_t secret[TOTP_SECRET];
	struct str token;

	random_bytes(op->random, secret, sizeof(secret));
	TRY(login_set(op, l, t.who, t.password, secret));
	t.code = totp_code(op->arena, secret, t.now_ms);
	TRY(login_open(op, l, &terms, &t, &token));
	fprintf(to, "%s\n", token.s);
	return RC_OK;
}

static enum rc log_all_in(struct op *op, const struct flags *f, const struct nation *m)
{
	struct random random = random_system();
	struct logins *l;
	FILE *to = fopen(f->tokens.s, "w");
	enum rc rc = RC_OK;

	if (!to)
		return fail(op, RC_INVALID, "tokens", "", "不能写 %s", "%s cannot be written", f->tokens.s);
	op->random = &random;
	TRY(logins_open(op, str_fmt(op->arena, "%s/logins.db", f->dir.s), &l));
	for (int64_t i = 0; i < m->checkers && rc == RC_OK; i++)
		rc = log_in(op, l, 1000 + i, to);
	fclose(to);
	to = fopen(str_fmt(op->arena, "%s.desk", f->tokens.s).s, "w");
	if (rc == RC_OK && to)
		rc = log_in(op, l, 900, to);
	if (to)
		fclose(to);
	logins_close(l);
	return rc;
}

static enum rc run(struct op *op, const struct flags *f, struct nation *m)
{
	struct str note;

	TRY(nation_found(op, f->dir, f->profile, m));
	TRY(nation_arm(op, m));
	if (f->candidates)
		TRY(nation_register(op, m, f->candidates));
	if (f->filled)
		TRY(nation_fill(op, m, f->filled / SEATS));
	TRY(office_sign(op, m->o, &note));
	return log_all_in(op, f, m);
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct nation m = {.checkers = 64};
	struct flags f = {.rooms = 7680};
	enum rc rc;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--dir"))
			f.dir = str_of(argv[i + 1]);
		else if (!strcmp(argv[i], "--profile"))
			f.profile = str_of(argv[i + 1]);
		else if (!strcmp(argv[i], "--tokens"))
			f.tokens = str_of(argv[i + 1]);
		else if (!strcmp(argv[i], "--rooms"))
			f.rooms = strtol(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--checkers"))
			m.checkers = strtol(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--candidates"))
			f.candidates = strtol(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--filled"))
			f.filled = strtol(argv[i + 1], NULL, 10);
	}
	if (!f.dir.n || !f.profile.n || !f.tokens.n || m.checkers < 1) {
		fputs("server-world --dir DIR --profile FILE --tokens FILE [--rooms N] [--checkers N]"
		      " [--filled N] [--candidates N]\n", stderr);
		return 2;
	}
	m.sites = (f.rooms + ROOMS - 1) / ROOMS;
	rc = run(&op, &f, &m);
	if (rc != RC_OK)
		fprintf(stderr, "server-world: %s (%s)\n", op.err.en, op.err.field);
	if (m.o)
		office_release(m.o);
	arena_release(&arena);
	return rc == RC_OK ? 0 : 1;
}
