/* SPDX-License-Identifier: Apache-2.0 */
/* qr.c -- see qr.h.  libqrencode gives the modules; drawing them needs no library. */
#include "print/qr.h"

#include <qrencode.h>

#define QUIET     QR_QUIET
#define MODULE_PX 4 /* of a bitmap */

static bool is_black(const struct qr_modules *c, int x, int y)
{
	return x >= 0 && y >= 0 && x < c->width && y < c->width && (c->bits[y * c->width + x] & 1);
}

/* Runs of black in each row become one path. */
static struct str svg(struct arena *a, const struct qr_modules *c)
{
	int side = c->width + 2 * QUIET;
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addf(&b,
	            "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"120mm\""
	            " height=\"120mm\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">\n"
	            "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"",
	            side, side, side, side);
	for (int y = 0; y < c->width; y++)
		for (int x = 0; x < c->width; x++) {
			int n = 0;

			while (is_black(c, x + n, y))
				n++;
			if (n > 0)
				strbuf_addf(&b, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, n, n);
			x += n;
		}
	strbuf_addz(&b, "\"/>\n</svg>\n");
	return strbuf_str(&b);
}

static struct str pbm(struct arena *a, const struct qr_modules *c)
{
	int side = (c->width + 2 * QUIET) * MODULE_PX;
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addf(&b, "P4\n%d %d\n", side, side);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x += 8) {
			int byte = 0;

			for (int i = 0; i < 8; i++)
				if (is_black(c, (x + i) / MODULE_PX - QUIET, y / MODULE_PX - QUIET))
					byte |= 0x80 >> i;
			strbuf_addc(&b, (char)byte);
		}
	return strbuf_str(&b);
}

enum rc qr_encode(struct op *op, struct str text, struct qr_modules *ret)
{
	struct str z = str_copy(op->arena, text);
	QRcode *code;
	size_t n;

	code = QRcode_encodeString(z.s, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!code)
		code = QRcode_encodeString(z.s, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
	if (!code)
		return fail(op, RC_INVALID, "qr", "ISO/IEC 18004",
		            "内容有 %zu 字节，一个二维码放不下：请改用文件",
		            "%zu bytes do not fit into one QR code: carry the file instead", text.n);
	n = (size_t)code->width * (size_t)code->width;
	*ret = (struct qr_modules){.width = code->width,
		.bits = (const unsigned char *)str_dup(op->arena, (const char *)code->data, n).s};
	QRcode_free(code);
	return RC_OK;
}

enum rc qr_picture(struct op *op, struct str text, struct str name, struct str *ret)
{
	bool vector = str_ends(name, STR(".svg"));
	struct qr_modules c;

	if (!vector && !str_ends(name, STR(".pbm")))
		return fail(op, RC_INVALID, "qr", "ISO/IEC 18004",
		            "二维码图片应以 .svg 或 .pbm 结尾，不是 " STR_FMT,
		            "the picture of a QR code ends in .svg or .pbm, not " STR_FMT, STR_ARG(name));
	TRY(qr_encode(op, text, &c));
	*ret = vector ? svg(op->arena, &c) : pbm(op->arena, &c);
	return RC_OK;
}
