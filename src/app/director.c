/* SPDX-License-Identifier: Apache-2.0 */
/* director.c -- see director.h. */
#include "app/director.h"

#include "base/hash.h"
#include "base/limits.h"
#include "db/store.h"

enum { BYTES = 32 };

struct str director_file(struct arena *a, struct str dir)
{
	return str_fmt(a, STR_FMT "/keys/director.key", STR_ARG(dir));
}

enum rc director_read(struct op *op, struct str file, struct str *ret)
{
	uint8_t bytes[BYTES];
	struct str text;

	TRY(file_read(op, file, LIMIT_CODE * 2, &text));
	if (text.n && text.s[text.n - 1] == '\n')
		text = str_dup(op->arena, text.s, text.n - 1);
	if (!hex_decode(text, bytes, BYTES))
		return fail(op, RC_BROKEN, "token", "", "%s 里不是导演的令牌", "%s holds no director's token",
		            file.s);
	*ret = text;
	return RC_OK;
}

enum rc director_token(struct op *op, struct str dir, struct random *r, struct str *ret)
{
	struct str file = director_file(op->arena, dir);
	uint8_t bytes[BYTES];

	if (file_exists(file))
		return director_read(op, file, ret);
	random_bytes(r, bytes, BYTES);
	*ret = hex_encode(op->arena, bytes, BYTES);
	return file_write(op, file, str_fmt(op->arena, STR_FMT "\n", STR_ARG(*ret)), 0600);
}
