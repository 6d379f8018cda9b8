/* SPDX-License-Identifier: Apache-2.0 */
/* note.c -- the form of C2SP signed notes and verifier keys; see note.h.
 *
 * The text ends at the last empty line, so it may hold empty lines itself.  What is accepted here
 * is exactly what the specification describes: one spelling of each note.
 */
#include "ledger/note.h"

#define SIG_PREFIX   "\xe2\x80\x94 " /* em dash, space */
#define KEY_ID_BYTES 4

/* The code point at s[*at] of a valid UTF-8 string; moves *at behind it. */
static uint32_t next_point(struct str s, size_t *at)
{
	const uint8_t *p = (const uint8_t *)s.s + *at;
	int more = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3;
	uint32_t c = more == 0 ? p[0] : p[0] & (0x3fU >> more);

	for (int i = 1; i <= more; i++)
		c = c << 6 | (p[i] & 0x3fU);
	*at += (size_t)more + 1;
	return c;
}

/* Unicode's White_Space property. */
static bool is_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

bool note_name_valid(struct str name)
{
	if (name.n == 0 || !str_utf8_valid(name))
		return false;
	for (size_t at = 0; at < name.n;) {
		uint32_t c = next_point(name, &at);

		if (is_space(c) || c == '+' || c < 0x20)
			return false;
	}
	return true;
}

uint32_t note_key_id(struct str name, enum note_alg alg, const struct ed25519_public *pub)
{
	struct hasher *h = hasher_new(HASH_SHA256);
	const uint8_t mid[2] = {'\n', (uint8_t)alg};
	struct hash x;

	hasher_start(h);
	hasher_add(h, name.s, name.n);
	hasher_add(h, mid, sizeof mid);
	hasher_add(h, pub->b, sizeof pub->b);
	x = hasher_end(h);
	hasher_free(h);
	return (uint32_t)x.b[0] << 24 | (uint32_t)x.b[1] << 16 | (uint32_t)x.b[2] << 8 | x.b[3];
}

struct note_key note_key_of(struct str name, enum note_alg alg, const struct ed25519_public *pub)
{
	return (struct note_key){
		.name = name, .id = note_key_id(name, alg, pub), .alg = alg, .pub = *pub};
}

struct str note_vkey_format(struct arena *a, const struct note_key *k)
{
	uint8_t raw[1 + sizeof k->pub.b];

	raw[0] = (uint8_t)k->alg;
	memcpy(raw + 1, k->pub.b, sizeof k->pub.b);
	struct str b64 = base64_encode(a, raw, sizeof raw);
	return str_fmt(a, STR_FMT "+%08x+" STR_FMT, STR_ARG(k->name), (unsigned)k->id,
	               STR_ARG(b64));
}

static enum rc vkey_bad(struct op *op, const char *zh, const char *en)
{
	return fail(op, RC_INVALID, "vkey", "C2SP signed-note", "验证密钥无效：%s%.0s",
	            "verifier key refused: %.0s%s", zh, en);
}

enum rc note_vkey_parse(struct op *op, struct str text, struct note_key *ret)
{
	struct str name, id_hex, b64, raw;
	struct note_key k;
	uint8_t id[KEY_ID_BYTES];

	if (!str_cut(text, '+', &name, &b64) || !str_cut(b64, '+', &id_hex, &b64))
		return vkey_bad(op, "应为 名称+编号+密钥 三段", "it is not name+id+key");
	if (!note_name_valid(name))
		return vkey_bad(op, "名称为空或含空白字符", "its name is empty or has a space");
	if (!hex_decode(id_hex, id, sizeof id))
		return vkey_bad(op, "编号不是八位小写十六进制数",
		                "its id is not 8 lower-case hex digits");
	if (!base64_decode(op->arena, b64, &raw) || raw.n < 1)
		return vkey_bad(op, "密钥不是 Base64 编码", "its key is not base64");
	enum note_alg alg = (uint8_t)raw.s[0] == NOTE_ED25519 ? NOTE_ED25519 : NOTE_COSIGNATURE;
	if ((uint8_t)raw.s[0] != (uint8_t)alg)
		return vkey_bad(op, "签名类型不受支持", "its signature type is not supported");
	if (raw.n != 1 + sizeof k.pub.b)
		return vkey_bad(op, "密钥长度不符", "its key has a wrong length");
	memcpy(k.pub.b, raw.s + 1, sizeof k.pub.b);
	k = note_key_of(str_copy(op->arena, name), alg, &k.pub);
	if (k.id != ((uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3]))
		return vkey_bad(op, "编号与密钥不符", "its id is not that of its key");
	*ret = k;
	return RC_OK;
}

static enum rc note_bad(struct op *op, const char *zh, const char *en)
{
	return fail(op, RC_INVALID, "note", "C2SP signed-note", "签名文本格式无效：%s%.0s",
	            "not a signed note: %.0s%s", zh, en);
}

/* "— name base64(id || signature)", without its line end. */
static bool parse_sig(struct arena *a, struct str line, struct note_sig *ret)
{
	struct str prefix = STR(SIG_PREFIX), name, b64, raw;
	const uint8_t *p;

	if (!str_starts(line, prefix))
		return false;
	line = (struct str){line.s + prefix.n, line.n - prefix.n};
	if (!str_cut(line, ' ', &name, &b64) || !note_name_valid(name))
		return false;
	if (!base64_decode(a, b64, &raw) || raw.n <= KEY_ID_BYTES)
		return false;
	p = (const uint8_t *)raw.s;
	ret->name = str_copy(a, name);
	ret->id = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	ret->bytes = (struct str){raw.s + KEY_ID_BYTES, raw.n - KEY_ID_BYTES};
	return true;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.s[i] < 0x20 && s.s[i] != '\n')
			return true;
	return false;
}

enum rc note_parse(struct op *op, struct str bytes, struct note *ret)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct str rest, line;
	size_t blank = bytes.n;

	if (bytes.n > LIMIT_NOTE_BYTES)
		return note_bad(op, "过长", "it is too long");
	if (!str_utf8_valid(bytes) || has_control(bytes))
		return note_bad(op, "含控制字符或非 UTF-8 编码",
		                "it has control characters or is not UTF-8");
	for (size_t i = 1; i < bytes.n; i++)
		if (bytes.s[i - 1] == '\n' && bytes.s[i] == '\n')
			blank = i;
	if (blank >= bytes.n)
		return note_bad(op, "正文与签名之间没有空行",
		                "no empty line before the signatures");
	rest = (struct str){bytes.s + blank + 1, bytes.n - blank - 1};
	if (rest.n == 0)
		return note_bad(op, "没有签名", "it has no signature");
	while (rest.n > 0) {
		if (!str_cut(rest, '\n', &line, &rest))
			return note_bad(op, "末行没有换行", "its last line has no end");
		if (n->nsigs == LIMIT_NOTE_SIGS)
			return note_bad(op, "签名过多", "it has too many signatures");
		if (!parse_sig(op->arena, line, &n->sig[n->nsigs]))
			return note_bad(op, "签名行格式有误", "a signature line is malformed");
		n->nsigs++;
	}
	n->text = str_dup(op->arena, bytes.s, blank);
	*ret = *n;
	return RC_OK;
}

struct str note_format(struct arena *a, const struct note *n)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_adds(&b, n->text);
	strbuf_addc(&b, '\n');
	for (int i = 0; i < n->nsigs; i++) {
		const struct note_sig *s = &n->sig[i];
		const uint8_t id[KEY_ID_BYTES] = {(uint8_t)(s->id >> 24), (uint8_t)(s->id >> 16),
		                                  (uint8_t)(s->id >> 8), (uint8_t)s->id};
		struct strbuf raw;

		strbuf_init(&raw, a);
		strbuf_add(&raw, id, sizeof id);
		strbuf_adds(&raw, s->bytes);
		strbuf_addz(&b, SIG_PREFIX);
		strbuf_adds(&b, s->name);
		strbuf_addc(&b, ' ');
		strbuf_adds(&b, base64_encode(a, raw.s, raw.n));
		strbuf_addc(&b, '\n');
	}
	return strbuf_str(&b);
}
