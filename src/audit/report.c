/* SPDX-License-Identifier: Apache-2.0 */
/* report.c -- see report.h.  Findings are printed by kind, then by index, so that two runs over
 * the same source print the same text. */
#include "audit/report.h"

#include "base/json.h"

#define X(id, text) text,
static const char *const KIND[] = {FINDING_KINDS(X)};
#undef X

/* What each kind is called, and what the reader does next. */
static const struct {
	const char *zh, *en, *do_zh, *do_en;
} KIND_WORDS[FINDING_KIND_MAX] = {
	[FINDING_ENTRY] = {"记录内容", "entry",
		"不要再向本台账写入；从备份或见证单位的副本取出该号记录比对。",
		"Stop writing to this ledger; compare the entry with a backup or a mirror."},
	[FINDING_LEAF] = {"记录校验值", "leaf",
		"该号记录的内容或其校验值被改动；从备份取出比对并查数据库操作记录。",
		"The entry or its hash was altered; compare with a backup and read the database's "
		"log."},
	[FINDING_TILE] = {"校验分片", "tile",
		"与备份或镜像的同名分片比对；确认记录无误后可由记录重建分片。",
		"Compare with the same tile of a backup; tiles can be made again from sound "
		"entries."},
	[FINDING_CHECKPOINT] = {"存证点", "checkpoint",
		"停止写入，保全现场，与库外保存的存证点和见证单位核对。",
		"Stop writing, keep everything as it is, compare with checkpoints kept outside."},
	[FINDING_NOTE] = {"存证点签名", "note",
		"用台账公布的验证公钥核对；查签名私钥是否更换或泄露。",
		"Check with the published verifier key; find out whether the signing key changed."},
	[FINDING_COSIGNATURE] = {"见证签名", "cosignature",
		"请各见证单位出示其保存的最新存证点并补签。",
		"Ask the witnesses for the newest checkpoint that they hold, and to cosign."},
	[FINDING_ORDER] = {"记录次序", "order",
		"查该号前后的记录是否被插入、删除或调换。",
		"Look for entries inserted, removed or exchanged around this index."},
	[FINDING_ROLLBACK] = {"回退或分叉", "rollback",
		"台账被换成旧的或另一本：立即停用，启用库外存证点之后的备份。",
		"The ledger was replaced by an older or another one: stop it, find the newer "
		"copy."},
	[FINDING_SIGNATURE] = {"操作签名", "signature",
		"找出该号记录的纸质正本，与签名人逐一核实。",
		"Take the signed sheet of this act and ask each person who signed."},
	[FINDING_KEY] = {"授权与密钥", "key",
		"核对授权记录：谁、在何时、由谁授予该权限或登记该密钥。",
		"Check the grants: who was given this right or key, when, and by whom."},
	[FINDING_BOOK] = {"账目", "book",
		"从该号记录起核对实物与交接单；视图数据有误时可由台账重建。",
		"Count the papers from this entry on; a wrong projection can be rebuilt."},
};

const char *finding_kind_text(enum finding_kind k)
{
	return KIND[k];
}

/* Length of the hidden or unsafe character at s[i] (controls, C1, bidi marks), 0 when harmless. */
static size_t unsafe_at(const char *s, size_t n, size_t i)
{
	unsigned char c = (unsigned char)s[i];

	if (c < 0x20 || c == 0x7f)
		return 1;
	if (c == 0xc2 && i + 1 < n && (unsigned char)s[i + 1] < 0xa0)
		return 2;
	if (c == 0xe2 && i + 2 < n) {
		unsigned char d = (unsigned char)s[i + 1], e = (unsigned char)s[i + 2];

		if ((d == 0x80 && (e == 0x8e || e == 0x8f || (e >= 0xa8 && e <= 0xae))) ||
		    (d == 0x81 && e >= 0xa6 && e <= 0xa9))
			return 3;
	}
	return 0;
}

static size_t utf8_border(const char *s, size_t n)
{
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static struct str text_of(struct arena *keep, const char *fmt, va_list ap)
{
	char raw[640];
	int full = vsnprintf(raw, sizeof(raw), fmt, ap);
	size_t n = full < 0 ? 0 : (size_t)full;
	struct strbuf b;

	if (n >= sizeof(raw))
		n = utf8_border(raw, sizeof(raw) - 1);
	strbuf_init(&b, keep);
	for (size_t i = 0; i < n;) {
		size_t bad = unsafe_at(raw, n, i);

		if (bad > 0)
			strbuf_addc(&b, '?');
		else
			strbuf_addc(&b, raw[i]);
		i += bad > 0 ? bad : 1;
	}
	return str_utf8_valid(strbuf_str(&b)) ? strbuf_str(&b) : STR("?");
}

void report_add(struct report *r, enum finding_kind kind, int64_t index, const char *zh,
                const char *en, ...)
{
	struct finding f = {.kind = kind, .index = index};
	va_list ap;

	if (r->count[kind]++ >= REPORT_MAX)
		return;
	va_start(ap, en);
	f.zh = text_of(r->keep, zh, ap);
	va_end(ap);
	va_start(ap, en);
	f.en = text_of(r->keep, en, ap);
	va_end(ap);
	assert(r->n < COUNT(r->list));
	r->list[r->n++] = f;
}

void report_unchecked(struct report *r, enum finding_kind kind, const char *zh, const char *en,
                      ...)
{
	struct finding f = {.kind = kind, .index = NO_INDEX};
	va_list ap;

	if (r->nunchecked >= REPORT_UNCHECKED)
		return;
	va_start(ap, en);
	f.zh = text_of(r->keep, zh, ap);
	va_end(ap);
	va_start(ap, en);
	f.en = text_of(r->keep, en, ap);
	va_end(ap);
	r->unchecked[r->nunchecked++] = f;
}

int64_t report_total(const struct report *r)
{
	int64_t total = 0;

	for (size_t k = 0; k < FINDING_KIND_MAX; k++)
		total += r->count[k];
	return total;
}

struct str report_clip(struct str s)
{
	if (s.s == NULL)
		return STR("");
	if (s.n > 80)
		s.n = utf8_border(s.s, 80);
	return s;
}

/* Stable: an insertion sort of at most 1,100 findings, once a run. */
static void sort(struct report *r)
{
	for (size_t i = 1; i < r->n; i++) {
		struct finding f = r->list[i];
		size_t j = i;

		for (; j > 0; j--) {
			const struct finding *p = &r->list[j - 1];

			if (p->kind < f.kind || (p->kind == f.kind && p->index <= f.index))
				break;
			r->list[j] = *p;
		}
		r->list[j] = f;
	}
}

static struct json *finding_json(struct arena *a, const struct finding *f, bool with_index)
{
	struct json *o = json_new_object(a);

	json_set_str(a, o, "kind", str_of(KIND[f->kind]));
	if (with_index && f->index >= 0)
		json_set_int(a, o, "index", f->index);
	else if (with_index)
		json_set_null(a, o, "index");
	json_set_str(a, o, "zh", f->zh);
	json_set_str(a, o, "en", f->en);
	return o;
}

struct str report_json(struct arena *a, struct report *r)
{
	struct json *o = json_new_object(a), *list = json_new_array(a), *not = json_new_array(a);
	struct json *counts = json_new_object(a);
	struct strbuf b;

	sort(r);
	for (size_t i = 0; i < r->n; i++)
		json_put(list, NULL, finding_json(a, &r->list[i], true));
	for (size_t i = 0; i < r->nunchecked; i++)
		json_put(not, NULL, finding_json(a, &r->unchecked[i], false));
	for (size_t k = 0; k < FINDING_KIND_MAX; k++)
		if (r->count[k] > 0)
			json_set_int(a, counts, KIND[k], r->count[k]);
	json_set_bool(a, o, "ok", report_total(r) == 0);
	json_set_int(a, o, "size", r->size);
	json_set_str(a, o, "root", hash_hex(a, &r->root));
	json_set_str(a, o, "origin", r->origin.s ? r->origin : STR(""));
	json_put(o, "counts", counts);
	json_put(o, "findings", list);
	json_put(o, "not_checked", not);
	strbuf_init(&b, a);
	strbuf_adds(&b, json_pretty(a, o));
	if (b.n == 0 || b.s[b.n - 1] != '\n')
		strbuf_addc(&b, '\n');
	return strbuf_str(&b);
}

static void words_finding(struct strbuf *b, const struct finding *f, size_t number, bool zh)
{
	strbuf_addf(b, "%zu. [%s] ", number, KIND[f->kind]);
	if (f->index >= 0)
		strbuf_addf(b, zh ? "第 %lld 号记录：" : "entry %lld: ", (long long)f->index);
	strbuf_adds(b, zh ? f->zh : f->en);
	strbuf_addc(b, '\n');
}

/* The findings of one kind under its heading, with what to do. */
static void words_kind(struct strbuf *b, const struct report *r, enum finding_kind k, bool zh,
                       size_t *number)
{
	int64_t more = r->count[k] - REPORT_MAX;

	if (r->count[k] == 0)
		return;
	strbuf_addf(b, zh ? "\n■ %s：%lld 处\n" : "\n== %s: %lld\n",
	            zh ? KIND_WORDS[k].zh : KIND_WORDS[k].en, (long long)r->count[k]);
	for (size_t i = 0; i < r->n; i++)
		if (r->list[i].kind == k)
			words_finding(b, &r->list[i], ++*number, zh);
	if (more > 0)
		strbuf_addf(b, zh ? "   ……此类另有 %lld 处未列出\n" : "   ... and %lld more of this kind\n",
		            (long long)more);
	strbuf_addf(b, zh ? "   怎么办：%s\n" : "   What to do: %s\n",
	            zh ? KIND_WORDS[k].do_zh : KIND_WORDS[k].do_en);
}

struct str report_words(struct arena *a, struct report *r, bool zh)
{
	struct strbuf b;
	size_t number = 0;
	struct str root = hash_hex(a, &r->root);

	sort(r);
	strbuf_init(&b, a);
	if (report_total(r) == 0)
		strbuf_addf(&b, zh ? "本台账完整：共 %lld 条记录，所查各项均相符。\n"
		                   : "This ledger is whole: %lld entries, everything checked "
		                     "agrees.\n",
		            (long long)r->size);
	else
		strbuf_addf(&b, zh ? "本台账有问题：共 %lld 条记录，发现 %lld 处不符。\n"
		                   : "This ledger is NOT whole: %lld entries, %lld findings.\n",
		            (long long)r->size, (long long)report_total(r));
	strbuf_addf(&b, zh ? "台账：" STR_FMT "\n根校验值：" STR_FMT "\n"
	                   : "ledger: " STR_FMT "\nroot:   " STR_FMT "\n",
	            STR_ARG(r->origin), STR_ARG(root));
	for (size_t k = 0; k < FINDING_KIND_MAX; k++)
		words_kind(&b, r, (enum finding_kind)k, zh, &number);
	if (r->nunchecked > 0)
		strbuf_addz(&b, zh ? "\n未能核验的事项：\n" : "\nNot checked:\n");
	for (size_t i = 0; i < r->nunchecked; i++) {
		const struct finding *f = &r->unchecked[i];

		strbuf_addf(&b, " - [%s] ", KIND[f->kind]);
		strbuf_adds(&b, zh ? f->zh : f->en);
		strbuf_addc(&b, '\n');
	}
	return strbuf_str(&b);
}
