/* SPDX-License-Identifier: Apache-2.0 */
/* tile_path.c -- paths of tiles and bundles of entries: one spelling of each, both ways. */
#include "ledger/tile.h"

#include "fuzz.h"

static void check_numbers(struct op *op, struct str in)
{
	int level = (int)(fuzz_take(&in, 1) % 65) - 1, width = (int)(fuzz_take(&in, 2) % 256) + 1;
	uint64_t n = fuzz_take(&in, 8), size = fuzz_take(&in, 8), got_n;
	struct str path = tile_path(op->arena, level, n, width);
	int got_level, got_width;

	FUZZ_CHECK(tile_path_parse(path, &got_level, &got_n, &got_width));
	FUZZ_CHECK(got_level == level && got_n == n && got_width == width);
	FUZZ_CHECK(tile_partial_width(size, level) < TILE_WIDTH);
	if (level < 7) /* full tiles and the rest are all hashes of the level */
		FUZZ_CHECK(tile_full_count(size, level) * TILE_WIDTH +
		               (uint64_t)tile_partial_width(size, level) ==
		           size >> (8 * (level < 0 ? 0 : level)));
}

/* What is read of a bundle, written again, is what was read. */
static void check_bundle(struct op *op, struct str in)
{
	struct str rest = in, entry, again;
	struct strbuf b;
	bool bad = true;

	strbuf_init(&b, op->arena);
	while (bundle_next(&rest, &entry, &bad))
		bundle_add(&b, entry);
	again = strbuf_str(&b);
	FUZZ_CHECK(bad == (again.n < in.n));
	FUZZ_CHECK(str_starts(in, again));
	FUZZ_CHECK(rest.n == in.n - again.n);
}

void fuzz_target(struct op *op, struct str in)
{
	struct {
		uint64_t n;
		int level, width;
	} got;

	check_numbers(op, in);
	check_bundle(op, in);
	FUZZ_PAINT(got);
	if (!tile_path_parse(in, &got.level, &got.n, &got.width)) {
		FUZZ_CHECK(FUZZ_UNTOUCHED(got));
		return;
	}
	FUZZ_CHECK(got.level >= -1 && got.level <= 63);
	FUZZ_CHECK(got.width >= 1 && got.width <= TILE_WIDTH);
	FUZZ_CHECK(str_eq(tile_path(op->arena, got.level, got.n, got.width), in));
	FUZZ_PLANTED(got.level < 0 && got.width < TILE_WIDTH && got.n > 3000000000u &&
	             got.n < UINT64_MAX);
}
