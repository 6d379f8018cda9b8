/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.c -- see vectors.h. */
#include "kit/check.h"

#include <ctype.h>
#include <dirent.h>
#include <unistd.h>

#include "base/hash.h"
#include "kit/vectors.h"

static struct str shared(struct arena *a)
{
	const char *dir = getenv("GONGYUAN_SHARED"), *root = getenv("GONGYUAN_SOURCE");

	if (dir && dir[0])
		return str_of(dir);
	return str_fmt(a, "%s/../shared", root && root[0] ? root : ".");
}

bool vectors_find(struct arena *a, const char *name, struct str *ret_path)
{
	struct arena scratch = {0}; /* a caller that skips has nothing to give back */
	struct str dir = shared(&scratch);
	struct str path = str_fmt(&scratch, STR_FMT "/vectors/%s", STR_ARG(dir), name);
	bool found = access(path.s, R_OK) == 0;

	if (found)
		*ret_path = str_copy(a, path);
	arena_release(&scratch);
	return found;
}

struct str vectors_read(struct arena *a, struct str path)
{
	FILE *f = fopen(path.s, "rb");
	struct strbuf b;
	char block[8192];
	size_t n;

	assert_non_null(f);
	strbuf_init(&b, a);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		strbuf_add(&b, block, n);
	assert_int_equal(ferror(f), 0);
	fclose(f);
	return strbuf_str(&b);
}

static int name_order(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t vectors_list(struct arena *a, struct str dir, const char *suffix, struct str **ret_names)
{
	struct strbuf b; /* a growing array of struct str */
	struct dirent *entry;
	DIR *d = opendir(dir.s);
	size_t n = 0;

	assert_non_null(d);
	strbuf_init(&b, a);
	while ((entry = readdir(d)) != NULL) {
		struct str name = str_of(entry->d_name);

		if (name.s[0] == '.' || !str_ends(name, str_of(suffix)))
			continue;
		name = str_copy(a, name);
		strbuf_add(&b, &name, sizeof(name));
		n++;
	}
	closedir(d);
	*ret_names = arena_array(a, n, sizeof(struct str));
	if (n > 0) {
		memcpy(*ret_names, b.s, n * sizeof(struct str));
		qsort(*ret_names, n, sizeof(struct str), name_order);
	}
	return n;
}

struct vec vec_open(struct arena *a, struct str path)
{
	return (struct vec){.rest = vectors_read(a, path), .section = STR("")};
}

static struct str trim(struct str s)
{
	while (s.n > 0 && isspace((unsigned char)s.s[0]))
		s = (struct str){s.s + 1, s.n - 1};
	while (s.n > 0 && isspace((unsigned char)s.s[s.n - 1]))
		s.n--;
	return s;
}

bool vec_next(struct vec *v, struct str *ret_name, struct str *ret_value)
{
	while (v->rest.n > 0) {
		struct str line, name, value;

		if (!str_cut(v->rest, '\n', &line, &v->rest)) {
			line = v->rest;
			v->rest = STR("");
		}
		line = trim(line);
		if (line.n == 0 || line.s[0] == '#')
			continue;
		if (line.s[0] == '[') {
			v->section = (struct str){line.s + 1, line.n - 2};
			continue;
		}
		if (!str_cut(line, '=', &name, &value))
			fail_msg("not a pair: " STR_FMT, STR_ARG(line));
		*ret_name = trim(name);
		*ret_value = trim(value);
		return true;
	}
	return false;
}

struct str vec_hex(struct arena *a, struct str hex)
{
	char *low = arena_alloc(a, hex.n + 1), *out = arena_alloc(a, hex.n / 2 + 1);

	for (size_t i = 0; i < hex.n; i++)
		low[i] = (char)tolower((unsigned char)hex.s[i]);
	assert_true(hex_decode((struct str){low, hex.n}, out, hex.n / 2));
	return (struct str){out, hex.n / 2};
}
