/* SPDX-License-Identifier: Apache-2.0 */
/* tile.c -- see tile.h.
 *
 * A path is read by taking it apart loosely and writing it again: only the one spelling that we
 * would write ourselves is accepted, so no two paths name the same tile.
 */
#include "ledger/tile.h"

#define PATH_MAX_BYTES 64 /* "tile/entries/" + seven groups of five + ".p/255" */

static size_t path_write(char buf[PATH_MAX_BYTES], int level, uint64_t n, int width)
{
	int groups = 1;
	size_t at;

	for (uint64_t x = n; x >= 1000; x /= 1000)
		groups++;
	if (level < 0)
		at = (size_t)snprintf(buf, PATH_MAX_BYTES, "tile/entries");
	else
		at = (size_t)snprintf(buf, PATH_MAX_BYTES, "tile/%d", level);
	for (int g = groups - 1; g >= 0; g--) {
		uint64_t x = n;

		for (int i = 0; i < g; i++)
			x /= 1000;
		at += (size_t)snprintf(buf + at, PATH_MAX_BYTES - at, g > 0 ? "/x%03u" : "/%03u",
		                       (unsigned)(x % 1000));
	}
	if (width < TILE_WIDTH)
		at += (size_t)snprintf(buf + at, PATH_MAX_BYTES - at, ".p/%d", width);
	return at;
}

struct str tile_path(struct arena *a, int level, uint64_t n, int width)
{
	char buf[PATH_MAX_BYTES];
	size_t len;

	assert(level >= -1 && level < 64);
	assert(width >= 1 && width <= TILE_WIDTH);
	len = path_write(buf, level, n, width);
	return str_dup(a, buf, len);
}

/* Digits at the start of *s, at most `max` of them; false when there are none. */
static bool take_digits(struct str *s, size_t max, uint64_t *ret)
{
	uint64_t v = 0;
	size_t i = 0;

	for (; i < s->n && i < max && s->s[i] >= '0' && s->s[i] <= '9'; i++)
		v = v * 10 + (uint64_t)(s->s[i] - '0');
	if (i == 0)
		return false;
	*s = (struct str){s->s + i, s->n - i};
	*ret = v;
	return true;
}

static bool take(struct str *s, struct str what)
{
	if (!str_starts(*s, what))
		return false;
	*s = (struct str){s->s + what.n, s->n - what.n};
	return true;
}

bool tile_path_parse(struct str path, int *ret_level, uint64_t *ret_n, int *ret_width)
{
	char buf[PATH_MAX_BYTES];
	struct str s = path;
	uint64_t level = 0, n = 0, width = TILE_WIDTH, group;
	bool entries, more;

	if (path.n >= PATH_MAX_BYTES || !take(&s, STR("tile/")))
		return false;
	entries = take(&s, STR("entries"));
	if (!entries && (!take_digits(&s, 2, &level) || level > 63))
		return false;
	do {
		if (!take(&s, STR("/")))
			return false;
		more = take(&s, STR("x"));
		if (!take_digits(&s, 3, &group))
			return false;
		n = n * 1000 + group; /* a number too large wraps, and is then written otherwise */
	} while (more);
	if (take(&s, STR(".p/")) && (!take_digits(&s, 3, &width) || width < 1 || width >= TILE_WIDTH))
		return false;
	size_t len = path_write(buf, entries ? -1 : (int)level, n, (int)width);
	if (!str_eq(path, (struct str){buf, len}))
		return false;
	*ret_level = entries ? -1 : (int)level;
	*ret_n = n;
	*ret_width = (int)width;
	return true;
}

uint64_t tile_full_count(uint64_t size, int level)
{
	int shift = 8 * ((level < 0 ? 0 : level) + 1);

	return shift < 64 ? size >> shift : 0;
}

int tile_partial_width(uint64_t size, int level)
{
	int shift = 8 * (level < 0 ? 0 : level);

	return shift < 64 ? (int)(size >> shift & 0xff) : 0;
}

struct hash tile_root(struct hasher *h, const struct hash *row, int width)
{
	struct hash x[TILE_WIDTH];

	assert(width >= 1 && width <= TILE_WIDTH);
	assert((width & (width - 1)) == 0);
	memcpy(x, row, (size_t)width * sizeof x[0]);
	for (int n = width; n > 1; n /= 2)
		for (int i = 0; i < n / 2; i++)
			x[i] = tree_node(h, &x[2 * i], &x[2 * i + 1]);
	return x[0];
}

enum rc tile_rows_push(struct op *op, struct tile_rows *r, struct hasher *h,
                       const struct hash *leaf, tile_full *full, void *ctx)
{
	struct hash x = *leaf;
	uint64_t n = r->size; /* of x, at its level */

	for (int level = 0; level < TILE_LEVELS; level++) {
		struct hash *row = r->row[level];
		int at = (int)(n & 0xff);

		row[at] = x;
		if (at < TILE_WIDTH - 1)
			break;
		TRY(full(op, ctx, level, n >> 8, row));
		x = tile_root(h, row, TILE_WIDTH);
		n >>= 8;
	}
	r->size++;
	return RC_OK;
}

void tile_rows_tree(const struct tile_rows *r, struct hasher *h, struct tree *ret)
{
	struct tree t = {.size = r->size};
	int peaks = 0;

	for (int level = TILE_LEVELS - 1; level >= 0; level--) {
		int left = tile_partial_width(r->size, level);
		const struct hash *row = r->row[level];

		for (int width = TILE_WIDTH / 2; width > 0; width /= 2) {
			if (!(left & width))
				continue;
			t.peak[peaks++] = tile_root(h, row, width);
			row += width;
		}
	}
	*ret = t;
}

void bundle_add(struct strbuf *b, struct str entry)
{
	uint8_t len[2];

	assert(entry.n <= LIMIT_ENTRY);
	len[0] = (uint8_t)(entry.n >> 8);
	len[1] = (uint8_t)(entry.n & 0xff);
	strbuf_add(b, len, sizeof len);
	strbuf_adds(b, entry);
}

bool bundle_next(struct str *rest, struct str *ret_entry, bool *ret_bad)
{
	const uint8_t *p = (const uint8_t *)rest->s;

	*ret_bad = false;
	if (rest->n == 0)
		return false;
	if (rest->n < 2 || (size_t)(p[0] << 8 | p[1]) > rest->n - 2) {
		*ret_bad = true;
		return false;
	}
	size_t len = (size_t)(p[0] << 8 | p[1]);
	*ret_entry = (struct str){rest->s + 2, len};
	*rest = (struct str){rest->s + 2 + len, rest->n - 2 - len};
	return true;
}
