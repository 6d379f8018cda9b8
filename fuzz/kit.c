/* SPDX-License-Identifier: Apache-2.0 */
/* kit.c -- see fuzz.h. */
#include "fuzz.h"

_Noreturn void fuzz_broken(const char *where, const char *what)
{
	fprintf(stderr, "%s: broken promise: %s\n", where, what);
	abort();
}

_Noreturn void fuzz_planted(void)
{
	fputs("the planted crash\n", stderr);
	abort();
}

/* Each byte is the one before it: one call, where a loop would be most of a run. */
bool fuzz_is_painted(const void *p, size_t n)
{
	const unsigned char *b = p;

	return b[0] == 0x5a && (n == 1 || memcmp(b, b + 1, n - 1) == 0);
}

/* The input is always the copy made below. */
void fuzz_spoil(struct str in)
{
	memset((char *)(uintptr_t)in.s, 0xee, in.n);
}

bool fuzz_holds(struct str text, struct str word)
{
	return word.n > 0 && text.n >= word.n && memmem(text.s, text.n, word.s, word.n) != NULL;
}

void fuzz_refused(const struct op *op, enum rc rc, const char *field)
{
	FUZZ_CHECK(rc == RC_INVALID);
	FUZZ_CHECK(op->err.rc == rc);
	FUZZ_CHECK(op->err.where != NULL);
	FUZZ_CHECK(op->err.zh[0] != '\0' && str_utf8_valid(str_of(op->err.zh)));
	FUZZ_CHECK(op->err.en[0] != '\0' && str_utf8_valid(str_of(op->err.en)));
	FUZZ_CHECK(str_utf8_valid(str_of(op->err.field)));
	if (field)
		FUZZ_CHECK(strcmp(op->err.field, field) == 0);
}

struct hasher *fuzz_hasher(void)
{
	static struct hasher *h;

	if (!h)
		h = hasher_new(HASH_SHA256);
	return h;
}

uint64_t fuzz_take(struct str *in, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes && in->n > 0; i++) {
		v = v << 8 | (unsigned char)in->s[0];
		*in = (struct str){in->s + 1, in->n - 1};
	}
	return v;
}

/* A block of its own for each input, so that a byte read beyond the NUL is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena arena;
	struct op op = {.arena = &arena, .now_ms = 1749258000000};
	char *copy = malloc(n + 1);

	if (!copy)
		abort();
	if (n > 0)
		memcpy(copy, data, n);
	copy[n] = '\0';
	fuzz_target(&op, (struct str){copy, n});
	free(copy);
	arena_reset(&arena);
	return 0;
}
