/* SPDX-License-Identifier: Apache-2.0 */
/* page_ink.c -- puts a laid-out text on paper.
 *
 * Cairo 1.16 leaves subroutines out of some subsets of CFF fonts that their glyphs need: of Noto
 * Sans CJK "如" alone comes out blank, though its text is there, and a name with it would too.  So
 * glyphs go into the PDF by their outlines, as a font of our own (Type 3 in the PDF, one for each
 * face), which copies, searches and prints as any other; no subset of the original is made.
 * tests/print/test_page.c looks at the ink of that character.
 */
#include "print/page_private.h"

static const cairo_user_data_key_t ORIGINAL;

static cairo_status_t outline(cairo_scaled_font_t *font, unsigned long glyph, cairo_t *cr,
                              cairo_text_extents_t *extents)
{
	cairo_font_face_t *own = cairo_scaled_font_get_font_face(font);
	cairo_glyph_t g = {.index = glyph};

	cairo_set_font_face(cr, cairo_font_face_get_user_data(own, &ORIGINAL));
	cairo_set_font_size(cr, 1);
	cairo_glyph_extents(cr, &g, 1, extents);
	cairo_glyph_path(cr, &g, 1);
	cairo_fill(cr);
	return CAIRO_STATUS_SUCCESS;
}

static cairo_font_face_t *face_new(cairo_font_face_t *original)
{
	cairo_font_face_t *own = cairo_user_font_face_create();

	cairo_user_font_face_set_render_glyph_func(own, outline);
	(void)cairo_font_face_set_user_data(own, &ORIGINAL, cairo_font_face_reference(original),
	                                    (cairo_destroy_func_t)cairo_font_face_destroy);
	return own;
}

/* The document's face for this font, whatever its size. */
static cairo_font_face_t *face_of(struct page *p, PangoFont *font)
{
	PangoFontDescription *d = pango_font_describe(font);
	cairo_font_face_t *face;
	char *name;

	pango_font_description_unset_fields(d, PANGO_FONT_MASK_SIZE);
	name = pango_font_description_to_string(d);
	face = g_hash_table_lookup(p->faces, name);
	if (!face) {
		face = face_new(cairo_scaled_font_get_font_face(
			pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font))));
		g_hash_table_insert(p->faces, g_strdup(name), face);
	}
	g_free(name);
	pango_font_description_free(d);
	return face;
}

static double size_of(PangoFont *font)
{
	PangoFontDescription *d = pango_font_describe_with_absolute_size(font);
	double size = (double)pango_font_description_get_size(d) / PANGO_SCALE;

	pango_font_description_free(d);
	return size;
}

/* Glyphs with the text that each cluster of them stands for. */
static void show_run(struct page *p, PangoLayoutRun *run, const char *text, double x, double y)
{
	struct arena *a = p->op->arena;
	PangoGlyphString *s = run->glyphs;
	cairo_glyph_t *g = arena_array(a, (size_t)s->num_glyphs + 1, sizeof(*g));
	cairo_text_cluster_t *c = arena_array(a, (size_t)s->num_glyphs + 1, sizeof(*c));
	PangoGlyphItemIter it;
	int n = 0, nclusters = 0;

	for (gboolean more = pango_glyph_item_iter_init_start(&it, run, text); more;
	     more = pango_glyph_item_iter_next_cluster(&it)) {
		int before = n;

		for (int i = it.start_glyph; i < it.end_glyph; i++) {
			const PangoGlyphInfo *info = &s->glyphs[i];

			if (info->glyph != PANGO_GLYPH_EMPTY && !(info->glyph & PANGO_GLYPH_UNKNOWN_FLAG))
				g[n++] = (cairo_glyph_t){info->glyph,
					x + (double)info->geometry.x_offset / PANGO_SCALE,
					y + (double)info->geometry.y_offset / PANGO_SCALE};
			x += (double)info->geometry.width / PANGO_SCALE;
		}
		c[nclusters++] = (cairo_text_cluster_t){it.end_index - it.start_index, n - before};
	}
	cairo_set_font_face(p->cr, face_of(p, run->item->analysis.font));
	cairo_set_font_size(p->cr, size_of(run->item->analysis.font));
	cairo_show_text_glyphs(p->cr, text + run->item->offset, run->item->length, g, n, c, nclusters,
	                       0);
}

void page_ink(struct page *p, PangoLayout *l, double x, double y)
{
	PangoLayoutIter *it = pango_layout_get_iter(l);

	do {
		PangoLayoutRun *run = pango_layout_iter_get_run_readonly(it);
		PangoRectangle r;

		if (!run)
			continue;
		pango_layout_iter_get_run_extents(it, NULL, &r);
		show_run(p, run, pango_layout_get_text(l), x + (double)r.x / PANGO_SCALE,
		         y + (double)pango_layout_iter_get_baseline(it) / PANGO_SCALE);
	} while (pango_layout_iter_next_run(it));
	pango_layout_iter_free(it);
}
