/* SPDX-License-Identifier: Apache-2.0 */
/* out.c -- widths after Unicode's East Asian Width (W and F are two columns, marks none). */
#include "cli/out.h"

const char *cli_tr(const struct cli *c, const char *zh, const char *en)
{
	return c->lang == CLI_EN ? en : zh;
}

static void say(const struct cli *c, FILE *to, const char *fmt, va_list ap) PRINTF(3, 0);
static void say(const struct cli *c, FILE *to, const char *fmt, va_list ap)
{
	vfprintf(to, fmt, ap);
	fputc('\n', to);
}

void cli_say(const struct cli *c, const char *zh, const char *en, ...)
{
	va_list ap;

	va_start(ap, en);
	say(c, c->json ? stderr : stdout, cli_tr(c, zh, en), ap);
	va_end(ap);
}

void cli_note(const struct cli *c, const char *zh, const char *en, ...)
{
	va_list ap;

	va_start(ap, en);
	say(c, stderr, cli_tr(c, zh, en), ap);
	va_end(ap);
}

static void error_json(const struct cli *c)
{
	const struct err *e = &c->op.err;
	struct arena a = {0};
	struct json *o = json_new_object(&a), *root = json_new_object(&a);

	json_set_str(&a, o, "code", str_of(rc_text(e->rc)));
	json_set_str(&a, o, "field", str_of(e->field));
	json_set_str(&a, o, "article", str_of(e->article));
	json_set_str(&a, o, "zh", str_of(e->zh));
	json_set_str(&a, o, "en", str_of(e->en));
	if (c->answer.rc != RC_OK && c->answer.index >= 0)
		json_set_int(&a, o, "index", c->answer.index); /* the event of a guarded refusal */
	json_put(root, "error", o);
	if (c->errors)
		json_put(root, "errors", c->errors);
	printf("%s\n", json_canonical(&a, root).s);
	arena_release(&a);
}

static void error_text(const struct err *e, bool en)
{
	fprintf(stderr, en ? "error: %s" : "错误：%s", en ? e->en : e->zh);
	if (e->field[0])
		fprintf(stderr, en ? " [%s]" : "〔%s〕", e->field);
	if (e->article[0])
		fprintf(stderr, en ? " (%s)" : "（依据：%s）", e->article);
	fputc('\n', stderr);
}

void cli_error(const struct cli *c)
{
	const struct err *e = &c->op.err;

	if (c->json)
		error_json(c);
	if (c->lang != CLI_EN)
		error_text(e, false);
	if (c->lang != CLI_ZH)
		error_text(e, true);
	if (e->rc == RC_BROKEN && e->where)
		fprintf(stderr, "  %s\n", e->where);
}

struct str cli_time_json(struct cli *c, int64_t ms)
{
	return clock_format_offset(&c->arena, ms, c->offset_min);
}

struct str cli_time_text(struct cli *c, int64_t ms)
{
	struct str s;

	if (!ms)
		return STR("—");
	s = cli_time_json(c, ms);
	/* date, time to the second, offset */
	return str_fmt(&c->arena, "%.10s %.8s %s", s.s, s.s + 11, s.s + s.n - 6);
}

/* Reads one code point of a valid UTF-8 text and moves on. */
static uint32_t next_point(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	int more = s[0] < 0x80 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	uint32_t u = more == 0 ? s[0] : s[0] & (0x3fu >> more);

	for (int i = 1; i <= more; i++)
		u = u << 6 | (s[i] & 0x3fu);
	*p += more + 1;
	return u;
}

static int point_width(uint32_t u)
{
	static const struct { uint32_t from, to; } wide[] = {
		{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf},
		{0x4e00, 0x9fff}, {0xa000, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
		{0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff},
		{0x20000, 0x3fffd},
	};

	if ((u >= 0x300 && u <= 0x36f) || u == 0x200b || u == 0xfe0f)
		return 0;
	for (size_t i = 0; i < COUNT(wide); i++)
		if (u >= wide[i].from && u <= wide[i].to)
			return 2;
	return 1;
}

size_t text_width(struct str s)
{
	const char *p = s.s, *end;
	size_t w = 0;

	if (!s.n || !str_utf8_valid(s))
		return s.n;
	for (end = s.s + s.n; p < end;)
		w += (size_t)point_width(next_point(&p));
	return w;
}

void grid_init(struct grid *g, struct arena *a, size_t ncolumns)
{
	assert(ncolumns > 0 && ncolumns <= GRID_COLUMNS);
	*g = (struct grid){.a = a, .ncolumns = ncolumns};
}

void grid_add(struct grid *g, struct str cell)
{
	if (g->n == g->cap) {
		size_t cap = g->cap ? g->cap * 2 : 64;
		struct str *more = arena_array(g->a, cap, sizeof(*more));

		if (g->n)
			memcpy(more, g->cell, g->n * sizeof(*more));
		g->cell = more;
		g->cap = cap;
	}
	g->cell[g->n++] = cell;
}

void grid_addz(struct grid *g, const char *cell)
{
	grid_add(g, str_of(cell));
}

void grid_addi(struct grid *g, int64_t v)
{
	grid_add(g, str_fmt(g->a, "%lld", (long long)v));
}

static void pad(FILE *to, size_t n)
{
	while (n-- > 0)
		fputc(' ', to);
}

void grid_print(const struct grid *g, FILE *to)
{
	size_t width[GRID_COLUMNS] = {0};

	assert(g->n % g->ncolumns == 0);
	for (size_t i = 0; i < g->n; i++) {
		size_t w = text_width(g->cell[i]);

		if (w > width[i % g->ncolumns])
			width[i % g->ncolumns] = w;
	}
	for (size_t i = 0; i < g->n; i++) {
		size_t col = i % g->ncolumns, gap = width[col] - text_width(g->cell[i]);
		bool last = col == g->ncolumns - 1;

		if (g->right[col])
			pad(to, gap);
		fwrite(g->cell[i].s ? g->cell[i].s : "", 1, g->cell[i].n, to);
		if (!g->right[col] && !last)
			pad(to, gap);
		fputs(last ? "\n" : "  ", to);
	}
}
