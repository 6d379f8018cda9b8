/* SPDX-License-Identifier: Apache-2.0 */
/* page.c -- documents and what stands on every page; see page.h.
 *
 * The font map is the document's own: pages are drawn on several threads at a time, and what Pango
 * keeps is given back with the document.  Measures are taken without hinting at 72 dpi, so that the
 * first pass and the second break lines and pages alike.
 */
#include "print/page_private.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>

#include "base/hash.h"

#define HEAD_TOP 26.0
#define CHECK_DIGITS 16 /* of the check value: in the QR code and at the foot */
#define ROOT_DIGITS 8   /* of the root: with the size it tells two histories apart */

struct str page_code(struct page *p)
{
	const struct form *f = p->form;

	return str_fmt(p->op->arena, "GY1:" STR_FMT ":%.*s:%.*s:%d/%d", STR_ARG(f->head.id),
	               CHECK_DIGITS, f->check.s, ROOT_DIGITS, f->head.root.s, p->number, f->pages);
}

/* Over everything: pale enough to read and write through, too large to overlook. */
static void watermark(struct page *p)
{
	static const struct page_style st = {.size = 120, .bold = true, .align = PAGE_CENTRE,
	                                     .fit = true};

	if (!p->cr || !p->form->head.drill)
		return;
	cairo_push_group(p->cr);
	cairo_save(p->cr);
	cairo_translate(p->cr, PAGE_W / 2, PAGE_H / 2);
	cairo_rotate(p->cr, -0.6);
	(void)page_text(p, -250, -80, 500, STR("【演练】"), &st);
	cairo_restore(p->cr);
	cairo_pop_group_to_source(p->cr);
	cairo_paint_with_alpha(p->cr, 0.09);
}

static void foot(struct page *p)
{
	static const struct page_style one = {.size = 7.5, .fit = true}, st = {.size = 7.5};
	static const struct page_style right = {.size = 7.5, .align = PAGE_END};
	const struct form_head *h = &p->form->head;
	struct arena *a = p->op->arena;
	const char *c = p->form->check.s;
	double y = PAGE_BOTTOM + 8, left = PAGE_LEFT;
	struct strbuf b;

	if (!p->cr) /* measuring: the check value is not known, and nothing moves on */
		return;
	page_line(p, left, y - 3, left + PAGE_WIDTH, y - 3);
	strbuf_init(&b, a);
	strbuf_addf(&b, "%s编号 " STR_FMT "　内容校验值 %.4s %.4s %.4s %.4s", h->drill ? "【演练】" : "",
	            STR_ARG(h->id), c, c + 4, c + 8, c + 12);
	(void)page_text(p, left, y, PAGE_WIDTH, strbuf_str(&b), &one);
	strbuf_init(&b, a);
	strbuf_addf(&b, "所依存证点 checkpoint：%lld 条，根 %.*s　打印 printed %s", (long long)h->size,
	            ROOT_DIGITS, h->root.s, h->printed.s);
	if (h->copies)
		strbuf_addf(&b, "　一式 %d 份", h->copies);
	(void)page_text(p, left, y + 12, PAGE_WIDTH - 110, strbuf_str(&b), &st);
	(void)page_text(p, left, y + 12, PAGE_WIDTH,
	                str_fmt(a, "第 %d 页 共 %d 页　page %d of %d", p->number, p->form->pages,
	                        p->number, p->form->pages), &right);
}

void page_begin(struct page *p)
{
	const struct form_head *h = &p->form->head;
	const struct page_style small = {.size = 8.5, .grey = true, .fit = true};
	const struct page_style title = {.size = 19, .bold = true, .fit = true};
	const struct page_style office = {.size = 8.5, .fit = true};
	struct page_rect qr = {PAGE_LEFT + PAGE_WIDTH - PAGE_QR + 6, HEAD_TOP - 6, PAGE_QR, PAGE_QR};
	double y = HEAD_TOP - 4, w = PAGE_WIDTH - PAGE_QR - 8;
	bool quiet = p->quiet;

	p->quiet = true;
	y += page_text(p, PAGE_LEFT, y, w, h->exam, &small) + 1;
	y += page_text(p, PAGE_LEFT, y, w, str_fmt(p->op->arena, "%s" STR_FMT "%s",
	               h->drill ? "【演练】" : "", STR_ARG(h->zh), p->number > 1 ? "（续）" : ""), &title);
	y += page_text(p, PAGE_LEFT, y, w, h->en, &small);
	/* A page that lies alone says whose it is, and of when. */
	(void)page_text(p, PAGE_LEFT, y, w, str_fmt(p->op->arena, STR_FMT "%s" STR_FMT,
	                STR_ARG(h->office), p->number > 1 && h->about.n ? "　" : "",
	                STR_ARG(p->number > 1 ? h->about : STR(""))), &office);
	if (p->cr)
		page_qr(p, &qr, page_code(p));
	foot(p);
	p->quiet = quiet;
	p->y = HEAD_TOP + PAGE_QR - 6;
}

static void end(struct page *p)
{
	bool quiet = p->quiet;

	p->quiet = true;
	watermark(p);
	p->quiet = quiet;
	if (p->cr)
		cairo_show_page(p->cr);
}

void page_break(struct page *p)
{
	end(p);
	p->number++;
	page_begin(p);
}

double page_at(struct page *p, double h)
{
	if (p->y + h > PAGE_BOTTOM)
		page_break(p);
	return p->y;
}

void page_move(struct page *p, double h)
{
	p->y += h;
}

void page_next(struct page *p)
{
	page_break(p);
}

/* On a page that nobody sees; what it says counts when it is drawn. */
double page_height(struct page *p, void (*draw)(struct page *p, const void *data),
                   const void *data)
{
	struct page blank = *p;

	blank.cr = NULL;
	blank.quiet = true;
	blank.y = 0;
	draw(&blank, data);
	return blank.y;
}

void page_together(struct page *p, void (*draw)(struct page *p, const void *data),
                   const void *data)
{
	(void)page_at(p, page_height(p, draw, data));
	draw(p, data);
}

static PangoContext *context_new(PangoFontMap *map)
{
	PangoContext *c = pango_font_map_create_context(map);
	cairo_font_options_t *o = cairo_font_options_create();

	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(c, o);
	cairo_font_options_destroy(o);
	pango_cairo_context_set_resolution(c, 72);
	pango_context_set_round_glyph_positions(c, FALSE);
	pango_context_set_language(c, pango_language_from_string("zh-CN"));
	return c;
}

static void pass(struct page *p, struct form *f, cairo_t *cr)
{
	p->form = f;
	p->cr = cr;
	p->number = 1;
	strbuf_init(&p->said, p->op->arena);
	page_begin(p);
	f->draw(p, f->data);
	end(p);
}

static void measure(struct page *p, struct form *f)
{
	struct hash sum;
	struct strbuf b;

	f->pages = 0;
	f->check = (struct str){NULL, 0};
	pass(p, f, NULL);
	strbuf_init(&b, p->op->arena);
	strbuf_addf(&b, STR_FMT "\n" STR_FMT "\n", STR_ARG(f->head.id), STR_ARG(f->head.zh));
	strbuf_adds(&b, strbuf_str(&p->said));
	f->content = strbuf_str(&b);
	sum = hash_sha256(f->content.s, f->content.n);
	f->check = hash_hex(p->op->arena, &sum);
	f->pages = p->number;
}

static cairo_status_t take(void *to, const unsigned char *bytes, unsigned int n)
{
	strbuf_add(to, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static void describe(cairo_surface_t *s, const struct form *f)
{
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, f->head.zh.s);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_SUBJECT, f->head.id.s);
	/* Without it the library asks the host's clock. */
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
}

enum rc print_pdf(struct op *op, struct form *forms, size_t n, struct str *ret)
{
	PangoFontMap *map = pango_cairo_font_map_new();
	struct page p = {.op = op, .pango = context_new(map), .rc = RC_OK,
	                 .faces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                                (GDestroyNotify)cairo_font_face_destroy)};
	cairo_surface_t *s;
	cairo_t *cr;
	struct strbuf out;

	assert(n > 0);
	strbuf_init(&out, op->arena);
	s = cairo_pdf_surface_create_for_stream(take, &out, PAGE_W, PAGE_H);
	cr = cairo_create(s);
	describe(s, &forms[0]);
	for (size_t i = 0; i < n; i++) {
		measure(&p, &forms[i]);
		pass(&p, &forms[i], cr);
		/* Two passes that break differently would put a wrong count on paper. */
		assert(p.number == forms[i].pages);
	}
	cairo_destroy(cr);
	cairo_surface_finish(s);
	if (p.rc == RC_OK && cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
		p.rc = fail(op, RC_BROKEN, "", "", "生成 PDF 失败：%s", "the PDF was not made: %s",
		            cairo_status_to_string(cairo_surface_status(s)));
	cairo_surface_destroy(s);
	g_hash_table_unref(p.faces);
	g_object_unref(p.pango);
	g_object_unref(map);
	*ret = strbuf_str(&out);
	return p.rc;
}

#if defined(__has_feature)
#define CHECKS_LEAKS __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define CHECKS_LEAKS 1
#else
#define CHECKS_LEAKS 0
#endif

/* Fontconfig refers to its memory by offsets, which leak checkers cannot follow.  It ends the
 * program when anybody still holds a font of its, so it is asked for their sake alone. */
void print_end(void)
{
#if CHECKS_LEAKS
	pango_cairo_font_map_set_default(NULL);
	cairo_debug_reset_static_data();
	FcFini();
#endif
}
