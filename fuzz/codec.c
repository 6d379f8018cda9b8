/* SPDX-License-Identifier: Apache-2.0 */
/* codec.c -- the small alphabets under all the others: numbers, hex, base64, UTF-8, times. */
#include "base/clock.h"

#include "fuzz.h"

static void check_number(struct op *op, struct str in)
{
	int64_t v = 4711;

	if (str_to_i64(in, &v))
		FUZZ_CHECK(str_eq(str_fmt(op->arena, "%lld", (long long)v), in));
	else
		FUZZ_CHECK(v == 4711);
}

static void check_bytes(struct op *op, struct str in)
{
	struct str raw, hex = hex_encode(op->arena, in.s, in.n);
	char *out = arena_alloc(op->arena, in.n + 1);

	FUZZ_CHECK(hex_decode(hex, out, in.n) && memcmp(out, in.s, in.n) == 0);
	if (hex_decode(in, out, in.n / 2))
		FUZZ_CHECK(str_eq(hex_encode(op->arena, out, in.n / 2), in));
	FUZZ_CHECK(base64_decode(op->arena, base64_encode(op->arena, in.s, in.n), &raw));
	FUZZ_CHECK(str_eq(raw, in));
	if (base64_decode(op->arena, in, &raw))
		FUZZ_CHECK(str_eq(base64_encode(op->arena, raw.s, raw.n), in));
}

/* A slow second opinion, character by character. */
static size_t utf8_by_hand(struct str in)
{
	size_t i = 0;

	while (i < in.n) {
		const unsigned char *p = (const unsigned char *)in.s + i;
		size_t len = p[0] < 0x80   ? 1
		             : p[0] < 0xc0 ? 0
		             : p[0] < 0xe0 ? 2
		             : p[0] < 0xf0 ? 3
		             : p[0] < 0xf8 ? 4
		                           : 0;
		uint32_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
		static const uint32_t LEAST[] = {0, 1, 0x80, 0x800, 0x10000};

		if (len == 0 || len > in.n - i)
			return i;
		for (size_t k = 1; k < len; k++) {
			if ((p[k] & 0xc0) != 0x80)
				return i;
			c = c << 6 | (p[k] & 0x3fu);
		}
		if (c < LEAST[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return i;
		i += len;
	}
	return i;
}

static void check_time(struct op *op, struct str in)
{
	int64_t ms = 4711, again;
	struct clock c;
	struct str text;

	if (!clock_parse(in, &ms)) {
		FUZZ_CHECK(ms == 4711);
		return;
	}
	FUZZ_PLANTED(ms > 32503680000000 && ms % 1000 > 0 && in.n > 24 && in.s[in.n - 6] == '-' &&
	             in.s[0] < '9'); /* beyond the year 3000 */
	c = clock_virtual(0);
	clock_set(&c, ms);
	FUZZ_CHECK(clock_now_ms(&c) == ms && *clock_state_text(c.state));
	text = clock_format_utc(op->arena, ms);
	FUZZ_CHECK(clock_parse(text, &again) && again == ms);
	for (int offset = -840; offset <= 840; offset += 280) {
		text = clock_format_offset(op->arena, ms, offset);
		FUZZ_CHECK(!clock_parse(text, &again) || again == ms);
	}
}

void fuzz_target(struct op *op, struct str in)
{
	check_number(op, in);
	check_bytes(op, in);
	FUZZ_CHECK(str_utf8_prefix(in) == utf8_by_hand(in));
	check_time(op, in);
}
