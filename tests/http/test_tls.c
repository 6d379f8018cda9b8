/* SPDX-License-Identifier: Apache-2.0 */
/* test_tls.c -- an office makes its own root; who trusts it reaches the server over TLS, and who
 * does not, or speaks something older, does not.
 */
#include "kit/check.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/office.h"
#include "net/client.h"

static struct shell S;
static struct serving V;

static int setup(void **state)
{
	struct worker w[] = {{"W1", "city_office", "sc/cd"}};

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	office_open(&S, w, COUNT(w));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

static unsigned mode_of(const char *file)
{
	struct stat st;

	assert_int_equal(stat(str_fmt(&S.arena, "%s/keys/tls/%s", S.data.s, file).s, &st), 0);
	return st.st_mode & 0777;
}

static void without_a_certificate_only_this_machine_is_served(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "serve --listen 127.0.0.1:0 --tls"), 2);
	assert_true(shell_said(&S, "gongyuan tls init"));
	assert_status(&S, sh(&S, "serve --listen 192.0.2.1:0"), 2);
	assert_true(shell_said(&S, "gongyuan tls init"));
	assert_status(&S, sh(&S, "tls show"), 1);
	assert_status(&S, sh(&S, "tls renew"), 1);
	assert_status(&S, sh(&S, "tls init --name EXAM_1"), 2);
	assert_status(&S, sh(&S, "tls init --name 10.1.2.300"), 2);
}

static const struct json *names_of(const char *which)
{
	assert_status(&S, sh_json(&S, "tls show"), 0);
	return json_get(json_get(S.doc, which), "names");
}

static void an_office_makes_its_root_once_and_renews_under_it(void **state)
{
	struct str root, server;

	(void)state;
	assert_status(&S, sh(&S, "tls init --name exam.test --name 10.1.2.3 --name fd00::1"), 0);
	assert_int_equal(mode_of("root.key"), 0600);
	assert_int_equal(mode_of("server.key"), 0600);
	assert_int_equal(names_of("server")->count, 6);
	assert_int_equal(names_of("root")->count, 0);
	root = json_str(json_get(S.doc, "root"), "fingerprint");
	server = json_str(json_get(S.doc, "server"), "fingerprint");
	assert_int_equal(root.n, 95);
	assert_status(&S, sh(&S, "tls init --name exam.test"), 4);
	assert_status(&S, sh(&S, "tls renew --name other.test"), 4); /* not the root's to certify */
	assert_status(&S, sh(&S, "tls renew --name 10.1.2.4"), 4);
	assert_status(&S, sh(&S, "tls renew"), 0);
	assert_int_equal(names_of("server")->count, 6);
	assert_true(str_eq(root, json_str(json_get(S.doc, "root"), "fingerprint")));
	assert_false(str_eq(server, json_str(json_get(S.doc, "server"), "fingerprint")));
	assert_status(&S, sh_json(&S, "db doctor"), 0);
	assert_true(shell_said(&S, "\"tls\"") && shell_said(&S, "\"tls_root\""));
}

/* A client that is not GnuTLS. */
static int connected(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)V.port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* Everything that is answered; "" when the two do not come together. */
static struct str over_tls(int version, const char *name, const char *request)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	struct str root = str_fmt(&S.arena, "%s/keys/tls/root.crt", S.data.s);
	SSL *ssl;
	struct strbuf b;
	char part[4096];
	int fd = connected(), n;

	strbuf_init(&b, &S.arena);
	SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0");
	assert_int_equal(SSL_CTX_load_verify_locations(ctx, root.s, NULL), 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_min_proto_version(ctx, version);
	SSL_CTX_set_max_proto_version(ctx, version);
	ssl = SSL_new(ctx);
	if (!X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name))
		assert_int_equal(SSL_set1_host(ssl, name), 1);
	SSL_set_fd(ssl, fd);
	if (SSL_connect(ssl) == 1) {
		SSL_write(ssl, request, (int)strlen(request));
		while ((n = SSL_read(ssl, part, sizeof(part))) > 0)
			strbuf_add(&b, part, (size_t)n);
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	close(fd);
	return strbuf_str(&b);
}

#define HEALTH "GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

static bool is_served(int version, const char *name)
{
	return str_starts(over_tls(version, name, HEALTH), STR("HTTP/1.1 200"));
}

static void serve(void)
{
	serving_with(&V, &S, (const char *const[]){"--tls", NULL});
	assert_true(strstr(shell_read(&S, shell_path(&S, "server.err")).s, "https://127.0.0.1:"));
}

static void who_trusts_the_root_is_served_by_each_name(void **state)
{
	struct http_answer a;
	struct http_question q = {.max = 4096};
	struct op op = {.arena = &S.arena};

	(void)state;
	serve();
	assert_true(is_served(TLS1_3_VERSION, "127.0.0.1"));
	assert_true(is_served(TLS1_2_VERSION, "127.0.0.1"));
	assert_true(is_served(TLS1_3_VERSION, "exam.test"));
	assert_true(is_served(TLS1_3_VERSION, "10.1.2.3"));
	assert_true(is_served(TLS1_3_VERSION, "fd00::1"));
	assert_false(is_served(TLS1_3_VERSION, "other.test"));
	assert_false(is_served(TLS1_1_VERSION, "127.0.0.1"));
	assert_false(is_served(TLS1_VERSION, "127.0.0.1"));
	q.url = str_fmt(&S.arena, "https://127.0.0.1:%d/healthz", V.port);
	assert_int_equal(http_ask(&op, &q, &a), RC_BUSY); /* the system's roots do not know it */
	q.cacert = str_fmt(&S.arena, "%s/keys/tls/root.crt", S.data.s);
	assert_int_equal(http_ask(&op, &q, &a), RC_OK);
	assert_int_equal(a.status, 200);
}

static void plain_words_at_the_door_of_tls_are_not_heard(void **state)
{
	char got[64] = "";
	int fd = connected();

	(void)state;
	assert_int_equal(write(fd, HEALTH, sizeof(HEALTH) - 1), sizeof(HEALTH) - 1);
	while (read(fd, got, sizeof(got)) > 0)
		assert_null(strstr(got, "HTTP/1.1 200"));
	close(fd);
}

static void a_malformed_request_is_refused_under_tls_too(void **state)
{
	struct str heard = over_tls(TLS1_3_VERSION, "127.0.0.1",
	                            "GET /healthz HTTP/1.1\r\nHost: h\r\nX: y\n\r\n" HEALTH);

	(void)state;
	assert_true(str_starts(heard, STR("HTTP/1.1 400")));
	assert_null(strstr(heard.s, " 200 "));
}

static void a_cookie_of_a_login_is_for_tls_alone(void **state)
{
	struct str heard, body, request;

	(void)state;
	body = log_in_body(&V, "W1");
	request = str_fmt(&S.arena, "POST /api/v1/login HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n"
	                  "Content-Type: application/json\r\nConnection: close\r\n\r\n%s", body.n,
	                  body.s);
	heard = over_tls(TLS1_3_VERSION, "127.0.0.1", request.s);
	assert_true(str_starts(heard, STR("HTTP/1.1 200")));
	assert_non_null(strstr(heard.s, "; HttpOnly; SameSite=Strict; Secure"));
	assert_int_equal(serving_stop(&V), 0);
}

static void must_be_the_same(struct shell *r, const char *file)
{
	struct str path = str_fmt(&S.arena, "keys/tls/%s", file);

	assert_true(str_eq(shell_read(&S, str_fmt(&S.arena, "%s/%s", S.data.s, path.s)),
	                   shell_read(r, str_fmt(&r->arena, "%s/%s", r->data.s, path.s))));
}

/* Beside its checkpoint kept elsewhere. */
static void restore(struct shell *r, const char *more, int want)
{
	shell_open(r);
	r->data = shell_path(r, "new");
	if (strstr(more, "--unseal"))
		sh_input(r, STR("a long passphrase\n"));
	assert_status(r, sh(r, "restore %s --known %s/data.checkpoint", more, S.top.s), want);
}

/* PCs go on trusting it. */
static void a_restored_office_is_served_under_the_same_root(void **state)
{
	static const char *const FILES[] = {"root.key", "root.crt", "server.key", "server.crt"};
	struct shell r[2];

	(void)state;
	assert_status(&S, sh(&S, "backup %s/b1 --keys-to %s/k1", S.top.s, S.top.s), 0);
	sh_input(&S, STR("a long passphrase\n"));
	assert_status(&S, sh(&S, "backup %s/b2 --seal", S.top.s), 0);
	restore(&r[0], str_fmt(&S.arena, "%s/b1 --keys %s/k1", S.top.s, S.top.s).s, 0);
	restore(&r[1], str_fmt(&S.arena, "%s/b2 --unseal", S.top.s).s, 0);
	for (size_t i = 0; i < 2 * COUNT(FILES); i++)
		must_be_the_same(&r[i % 2], FILES[i / 2]);
	serving_with(&V, &r[0], (const char *const[]){"--tls", NULL});
	assert_true(is_served(TLS1_3_VERSION, "exam.test"));
	assert_int_equal(serving_stop(&V), 0);
	shell_close(&r[0]);
	shell_close(&r[1]);
}

/* Keys that are none, or not this ledger's; nothing of them stays where a restore was refused. */
static void a_restore_with_other_keys_is_refused_and_leaves_none(void **state)
{
	static const char *const SPOILS[] = {"echo x >k2/keys/device.key",
	                                     "cp k2/keys/vault.key k2/keys/log.key"};
	struct shell r;

	(void)state;
	for (size_t i = 0; i < COUNT(SPOILS); i++) {
		shell_system(&S, "cd '%s' && rm -rf k2 && cp -r k1 k2 && %s", S.top.s, SPOILS[i]);
		restore(&r, str_fmt(&S.arena, "%s/b1 --keys %s/k2", S.top.s, S.top.s).s, 5);
		shell_system(&r, "test -z \"$(find '%s' -name '*.key' -o -name '*.crt')\"", r.top.s);
		shell_close(&r);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_certificate_only_this_machine_is_served),
		cmocka_unit_test(an_office_makes_its_root_once_and_renews_under_it),
		cmocka_unit_test(who_trusts_the_root_is_served_by_each_name),
		cmocka_unit_test(plain_words_at_the_door_of_tls_are_not_heard),
		cmocka_unit_test(a_malformed_request_is_refused_under_tls_too),
		cmocka_unit_test(a_cookie_of_a_login_is_for_tls_alone),
		cmocka_unit_test(a_restored_office_is_served_under_the_same_root),
		cmocka_unit_test(a_restore_with_other_keys_is_refused_and_leaves_none),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
