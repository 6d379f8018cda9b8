/* SPDX-License-Identifier: Apache-2.0 */
/* paper.c -- see paper.h. */
#include "kit/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "print/paper.h"

bool paper_can(void)
{
	return system("command -v pdftotext pdftoppm zbarimg >/dev/null") == 0;
}

void paper_init(struct paper *p, struct arena *a, struct str pdf)
{
	const char *tmp = getenv("TMPDIR");
	FILE *f;

	p->arena = a;
	snprintf(p->dir, sizeof(p->dir), "%s/paper-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->pdf, sizeof(p->pdf), "%s/form.pdf", p->dir);
	f = fopen(p->pdf, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(pdf.s, 1, pdf.n, f), pdf.n);
	assert_int_equal(fclose(f), 0);
}

void paper_release(struct paper *p)
{
	char line[128];

	snprintf(line, sizeof(line), "rm -rf '%s'", p->dir);
	assert_int_equal(system(line), 0);
}

/* What a command prints. */
static struct str printed(struct paper *p, const char *fmt, ...) PRINTF(2, 3);
static struct str printed(struct paper *p, const char *fmt, ...)
{
	struct strbuf b;
	char part[4096];
	struct str line;
	va_list ap;
	size_t n;
	FILE *f;

	va_start(ap, fmt);
	line = str_vfmt(p->arena, fmt, ap);
	va_end(ap);
	strbuf_init(&b, p->arena);
	f = popen(line.s, "r");
	assert_non_null(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		strbuf_add(&b, part, n);
	assert_int_equal(pclose(f), 0);
	return strbuf_str(&b);
}

struct str paper_text(struct paper *p, int page)
{
	return page ? printed(p, "pdftotext -layout -f %d -l %d %s -", page, page, p->pdf)
	            : printed(p, "pdftotext -layout %s -", p->pdf);
}

int paper_pages(struct paper *p)
{
	return (int)strtol(printed(p, "pdfinfo %s | sed -n 's/^Pages: *//p'", p->pdf).s, NULL, 10);
}

size_t paper_count(struct str text, const char *what)
{
	size_t n = 0;

	for (const char *at = text.s; (at = strstr(at, what)) != NULL; at += strlen(what))
		n++;
	return n;
}

struct str paper_outside(struct paper *p)
{
	return printed(p, "pdftotext -bbox %s - | awk -F'\"' '/<page/ {w = $2; h = $4}"
	               " /<word/ && ($2 < 0 || $4 < 0 || $6 > w || $8 > h)'", p->pdf);
}

/* The boxes are those of the whole font; the ink of a line lies in the middle two fifths. */
struct str paper_overlap(struct paper *p)
{
	return printed(p, "pdftotext -bbox %s - | awk -F'\"' '"
	               " function least(a, b) { return a < b ? a : b }"
	               " function most(a, b) { return a > b ? a : b }"
	               " /<page/ {n = 0}"
	               " /<word/ && $8 - $4 < 200 { for (i = 0; i < n && !said; i++) {"
	               " w = least(x1[i], $6) - most(x0[i], $2);"
	               " h = least(y1[i], $8 - ($8 - $4) * 0.3) - most(y0[i], $4 + ($8 - $4) * 0.3);"
	               " if (w > 1 && h > 1) { print line[i] $0; said = 1 } }"
	               " x0[n] = $2; x1[n] = $6; line[n] = $0;"
	               " y0[n] = $4 + ($8 - $4) * 0.3; y1[n++] = $8 - ($8 - $4) * 0.3 }'", p->pdf);
}

struct str paper_qr(struct paper *p, int page)
{
	return printed(p, "pdftoppm -r 150 -gray -f %d -l %d %s %s/page && zbarimg --raw -q -Sdisable"
	               " -Sqrcode.enable %s/page*.pgm 2>/dev/null; rm -f %s/page*", page, page, p->pdf,
	               p->dir, p->dir, p->dir);
}

size_t paper_ink(struct paper *p, int page)
{
	struct str s = printed(p, "pdftoppm -r 72 -gray -f %d -l %d %s", page, page, p->pdf);
	size_t dark = 0, from = 0;

	for (int lines = 0; lines < 3; from++) /* P5, width and height, depth */
		lines += s.s[from] == '\n';
	for (size_t i = from; i < s.n; i++)
		dark += (unsigned char)s.s[i] < 128;
	return dark;
}
