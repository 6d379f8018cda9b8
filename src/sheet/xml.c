/* SPDX-License-Identifier: Apache-2.0 */
/* xml.c -- see xml.h. */
#include <expat.h>

#include "base/limits.h"
#include "sheet/xml.h"

struct reading {
	struct op *op;
	XML_Parser parser;
	const struct xml_sink *sink;
	struct str part;
	uint64_t fed; /* bytes given to the parser */
	int depth;
	enum rc rc;   /* of a handler */
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

struct str xml_attr(const char **attr, const char *name)
{
	for (; *attr; attr += 2)
		if (strncmp(*attr, "xmlns", 5) != 0 && strcmp(local(*attr), name) == 0)
			return str_of(attr[1]);
	return (struct str){0};
}

static void stop(struct reading *r, enum rc rc)
{
	if (rc == RC_OK || r->rc != RC_OK)
		return;
	r->rc = rc;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_begin(void *ctx, const char *name, const char **attr)
{
	struct reading *r = ctx;

	if (r->rc != RC_OK)
		return;
	if (++r->depth > LIMIT_SHEET_DEPTH)
		stop(r, fail(r->op, RC_INVALID, "xlsx", "", "XLSX 文件的 %s 嵌套超过 %d 层",
		             "part %s of the XLSX file is nested more than %d deep", r->part.s,
		             LIMIT_SHEET_DEPTH));
	else if (r->sink->begin)
		stop(r, r->sink->begin(r->sink->ctx, local(name), attr));
}

static void XMLCALL on_end(void *ctx, const char *name)
{
	struct reading *r = ctx;

	r->depth--;
	if (r->rc == RC_OK && r->sink->end)
		stop(r, r->sink->end(r->sink->ctx, local(name)));
}

static void XMLCALL on_text(void *ctx, const char *s, int n)
{
	struct reading *r = ctx;

	if (r->rc == RC_OK && r->sink->text)
		stop(r, r->sink->text(r->sink->ctx, s, (size_t)n));
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
                               int internal)
{
	struct reading *r = ctx;

	stop(r, fail(r->op, RC_INVALID, "xlsx", "", "XLSX 文件的 %s 含有 DTD，不予导入",
	             "part %s of the XLSX file has a DTD and is refused", r->part.s));
}

static enum rc refuse_form(struct reading *r)
{
	return fail(r->op, RC_INVALID, "xlsx", "", "XLSX 文件的 %s 不是有效的 XML（第 %lu 行）",
	            "part %s of the XLSX file is not well-formed (line %lu)", r->part.s,
	            (unsigned long)XML_GetCurrentLineNumber(r->parser));
}

/* What the parser still holds is the one tag that is not whole yet. */
static enum rc check_token(struct reading *r)
{
	XML_Index at = XML_GetCurrentByteIndex(r->parser);

	if (at < 0 || r->fed - (uint64_t)at <= LIMIT_SHEET_TOKEN)
		return RC_OK;
	return fail(r->op, RC_INVALID, "xlsx", "", "XLSX 文件的 %s 中有一个标记超过 %d 字节",
	            "part %s of the XLSX file has a tag of more than %d bytes", r->part.s,
	            LIMIT_SHEET_TOKEN);
}

static enum rc feed(void *ctx, const char *bytes, size_t n)
{
	struct reading *r = ctx;
	enum XML_Status s = XML_Parse(r->parser, bytes, (int)n, 0);

	r->fed += n;
	if (r->rc != RC_OK)
		return r->rc;
	return s == XML_STATUS_OK ? check_token(r) : refuse_form(r);
}

enum rc xml_read(struct op *op, struct package *p, struct str part, const struct xml_sink *sink)
{
	struct reading r = {.op = op, .sink = sink, .part = part, .parser = XML_ParserCreate(NULL)};
	enum rc rc;

	if (!r.parser)
		abort();
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_begin, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	rc = package_read(op, p, part, feed, &r);
	if (rc == RC_OK && XML_Parse(r.parser, "", 0, 1) != XML_STATUS_OK)
		rc = r.rc != RC_OK ? r.rc : refuse_form(&r);
	XML_ParserFree(r.parser);
	return rc;
}
