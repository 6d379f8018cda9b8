/* SPDX-License-Identifier: Apache-2.0 */
/* certificate.c -- see certificate.h; over OpenSSL. */
#include "base/certificate.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/random.h"

enum { DAY_S = 86400, ROOT_DAYS = 3653, SERVER_DAYS = 397 };

struct made {
	EVP_PKEY *key;
	X509 *x;
};

static void made_release(struct made *m)
{
	EVP_PKEY_free(m->key);
	X509_free(m->x);
}

/* Names. */
static int family_of(struct str name)
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET, name.s, bytes) == 1)
		return AF_INET;
	return inet_pton(AF_INET6, name.s, bytes) == 1 ? AF_INET6 : 0;
}

static bool is_host(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];
		bool edge = i == 0 || i + 1 == name.n || name.s[i - 1] == '.' || name.s[i + 1] == '.';

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      ((c == '-' || c == '.') && !edge)))
			return false;
	}
	return name.n > 0 && name.n <= 64 && strspn(name.s, "0123456789.") != name.n;
}

enum rc certificate_name(struct op *op, struct certificate_names *to, struct str name)
{
	name = str_copy(op->arena, name);
	if (!family_of(name) && !is_host(name))
		return fail(op, RC_INVALID, "name", "",
		            STR_FMT " 不是主机名（小写）或 IP 地址", STR_FMT " is neither a host's name (in small "
		            "letters) nor an IP address", STR_ARG(name));
	for (size_t i = 0; i < to->n; i++)
		if (str_eq(to->name[i], name))
			return RC_OK;
	if (to->n == CERTIFICATE_NAMES)
		return fail(op, RC_INVALID, "name", "", "至多 %d 个名称", "%d names at most",
		            CERTIFICATE_NAMES);
	to->name[to->n++] = name;
	return RC_OK;
}

/* "DNS:a,IP:10.0.0.1": a subjectAltName; with `permitted;` and masks: a root's constraint. */
static struct str names_text(struct arena *a, const struct certificate_names *names, bool root)
{
	struct strbuf b;

	strbuf_init(&b, a);
	if (root)
		strbuf_addz(&b, "critical");
	for (size_t i = 0; i < names->n; i++) {
		int family = family_of(names->name[i]);

		strbuf_addz(&b, b.n ? "," : "");
		strbuf_addz(&b, root ? "permitted;" : "");
		strbuf_addz(&b, family ? "IP:" : "DNS:");
		strbuf_adds(&b, names->name[i]);
		if (root && family)
			strbuf_addz(&b, family == AF_INET ? "/255.255.255.255"
			                                  : "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	}
	return strbuf_str(&b);
}

/* Writing. */
static enum rc failed(struct op *op)
{
	return fail(op, RC_BROKEN, "", "", "证书不能生成", "a certificate cannot be made");
}

static bool add(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;
	bool ok;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = e && X509_add_ext(x, e, -1) == 1;
	X509_EXTENSION_free(e);
	return ok;
}

static bool set_times(X509 *x, int64_t now_ms, int days)
{
	time_t now = (time_t)(now_ms / 1000);

	/* A day before: clocks of PCs are wrong by hours. */
	return ASN1_TIME_set(X509_getm_notBefore(x), now - DAY_S) &&
	       ASN1_TIME_set(X509_getm_notAfter(x), now + (time_t)days * DAY_S);
}

static bool set_names(struct op *op, X509 *x, const X509 *issuer, struct str cn)
{
	X509_NAME *name = X509_get_subject_name(x);
	uint8_t number[16];
	BIGNUM *bn;
	bool ok;

	random_bytes(op->random, number, sizeof(number));
	number[0] = (number[0] & 0x7f) | 0x40; /* positive, and always of 16 bytes */
	bn = BN_bin2bn(number, sizeof(number), NULL);
	ok = bn && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) &&
	     X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const uint8_t *)"Gongyuan", -1, -1,
	                                0) &&
	     X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)cn.s, (int)cn.n, -1,
	                                0) &&
	     X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : name);
	BN_free(bn);
	return ok;
}

static bool begin(struct made *m)
{
	m->key = EVP_EC_gen("P-256");
	m->x = X509_new();
	return m->key && m->x && X509_set_version(m->x, 2) && X509_set_pubkey(m->x, m->key);
}

static struct str bio_text(struct op *op, BIO *b)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);

	return str_dup(op->arena, p, n > 0 ? (size_t)n : 0);
}

static enum rc write_pair(struct op *op, const struct made *m, struct certificate_pair *ret)
{
	BIO *key = BIO_new(BIO_s_mem()), *x = BIO_new(BIO_s_mem());
	bool ok = key && x &&
	          PEM_write_bio_PKCS8PrivateKey(key, m->key, NULL, NULL, 0, NULL, NULL) == 1 &&
	          PEM_write_bio_X509(x, m->x) == 1;

	if (ok)
		*ret = (struct certificate_pair){bio_text(op, key), bio_text(op, x)};
	BIO_free(key);
	BIO_free(x);
	return ok ? RC_OK : failed(op);
}

enum rc certificate_root(struct op *op, const struct certificate_names *names, int64_t now_ms,
                         struct certificate_pair *ret)
{
	AUTO(made) m = {0};
	struct str only = names_text(op->arena, names, true);
	struct str cn = str_fmt(op->arena, "Gongyuan %.10s", clock_format_utc(op->arena, now_ms).s);

	if (!begin(&m) || !set_names(op, m.x, NULL, cn) || !set_times(m.x, now_ms, ROOT_DAYS) ||
	    !add(m.x, m.x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
	    !add(m.x, m.x, NID_key_usage, "critical,keyCertSign,cRLSign") ||
	    !add(m.x, m.x, NID_subject_key_identifier, "hash") ||
	    !add(m.x, m.x, NID_name_constraints, only.s) || !X509_sign(m.x, m.key, EVP_sha256()))
		return failed(op);
	return write_pair(op, &m, ret);
}

/* Reading. */
static BIO *bio_of(struct str pem)
{
	return BIO_new_mem_buf(pem.s ? pem.s : "", (int)pem.n);
}

static X509 *certificate_of(struct str pem)
{
	BIO *b = bio_of(pem);
	X509 *x = b ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;

	BIO_free(b);
	return x;
}

static enum rc read_root(struct op *op, const struct certificate_pair *root, struct made *ret)
{
	BIO *b = bio_of(root->key);

	ret->key = b ? PEM_read_bio_PrivateKey(b, NULL, NULL, (void *)"") : NULL;
	ret->x = certificate_of(root->certificate);
	BIO_free(b);
	if (ret->key && ret->x && X509_check_private_key(ret->x, ret->key) == 1)
		return RC_OK;
	return fail(op, RC_BROKEN, "data", "", "keys/tls/ 的根证书与私钥不是一对，请从备份恢复",
	            "the root certificate and its key in keys/tls/ are no pair: restore them from a "
	            "backup");
}

/* Would a PC take it that trusts this root? */
static bool holds(X509 *root, X509 *x, int64_t now_ms)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool ok = store && ctx && X509_STORE_add_cert(store, root) == 1 &&
	          X509_STORE_CTX_init(ctx, store, x, NULL) == 1;

	if (ok) {
		X509_STORE_CTX_set_time(ctx, 0, (time_t)(now_ms / 1000));
		ok = X509_verify_cert(ctx) == 1;
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return ok;
}

enum rc certificate_issue(struct op *op, const struct certificate_pair *root,
                          const struct certificate_names *names, int64_t now_ms,
                          struct certificate_pair *ret)
{
	AUTO(made) from = {0};
	AUTO(made) m = {0};
	struct str san = names_text(op->arena, names, false);

	TRY(read_root(op, root, &from));
	assert(names->n > 0);
	if (!begin(&m) || !set_names(op, m.x, from.x, names->name[0]) ||
	    !set_times(m.x, now_ms, SERVER_DAYS) ||
	    !add(m.x, from.x, NID_basic_constraints, "critical,CA:FALSE") ||
	    !add(m.x, from.x, NID_key_usage, "critical,digitalSignature") ||
	    !add(m.x, from.x, NID_ext_key_usage, "serverAuth") ||
	    !add(m.x, from.x, NID_subject_key_identifier, "hash") ||
	    !add(m.x, from.x, NID_authority_key_identifier, "keyid") ||
	    !add(m.x, from.x, NID_subject_alt_name, san.s) || !X509_sign(m.x, from.key, EVP_sha256()))
		return failed(op);
	if (!holds(from.x, m.x, now_ms))
		return fail(op, RC_CONFLICT, "name", "",
		            "根证书已过期，或不许签发这些名称：请用 gongyuan tls init --again 另建根证书，"
		            "并在各电脑上重新安装",
		            "the root has expired or may not certify these names: make a new one with "
		            "gongyuan tls init --again, and install it on the PCs");
	return write_pair(op, &m, ret);
}

static bool read_time(const ASN1_TIME *t, int64_t *ret_ms)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool ok = epoch && ASN1_TIME_diff(&days, &seconds, epoch, t) == 1;

	ASN1_TIME_free(epoch);
	*ret_ms = ((int64_t)days * DAY_S + seconds) * 1000;
	return ok;
}

static void read_names(struct op *op, const X509 *x, struct certificate_names *ret)
{
	GENERAL_NAMES *list = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	char text[INET6_ADDRSTRLEN];

	for (int i = 0; i < sk_GENERAL_NAME_num(list) && ret->n < CERTIFICATE_NAMES; i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(list, i);
		const ASN1_STRING *s = g->type == GEN_DNS ? g->d.dNSName : g->d.iPAddress;
		struct str name = {NULL, 0};

		if (g->type == GEN_DNS)
			name = str_dup(op->arena, (const char *)ASN1_STRING_get0_data(s),
			               (size_t)ASN1_STRING_length(s));
		else if (g->type == GEN_IPADD && inet_ntop(ASN1_STRING_length(s) == 4 ? AF_INET : AF_INET6,
		                                           ASN1_STRING_get0_data(s), text, sizeof(text)))
			name = str_dup(op->arena, text, strlen(text));
		if (name.n)
			ret->name[ret->n++] = name;
	}
	GENERAL_NAMES_free(list);
}

static struct str fingerprint(struct op *op, const X509 *x)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct strbuf b;

	strbuf_init(&b, op->arena);
	if (X509_digest(x, EVP_sha256(), digest, &n) != 1)
		return STR("");
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&b, i ? ":%02X" : "%02X", digest[i]);
	return strbuf_str(&b);
}

enum rc certificate_read(struct op *op, struct str pem, struct certificate_facts *ret)
{
	AUTO(made) m = {.x = certificate_of(pem)};
	struct certificate_facts f = {0};

	if (!m.x || !read_time(X509_get0_notBefore(m.x), &f.from_ms) ||
	    !read_time(X509_get0_notAfter(m.x), &f.until_ms))
		return fail(op, RC_BROKEN, "data", "", "不是证书", "this is no certificate");
	read_names(op, m.x, &f.names);
	f.fingerprint = fingerprint(op, m.x);
	*ret = f;
	return RC_OK;
}
