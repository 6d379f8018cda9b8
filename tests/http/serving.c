/* SPDX-License-Identifier: Apache-2.0 */
/* serving.c -- fork and exec, and sockets. */
#include "kit/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/login.h"
#include "http/contract.h"
#include "http/serving.h"

enum { START_MS = 60000 };

static void run_server(struct serving *s, const char *const *flags, int err)
{
	const char *argv[16] = {getenv("GONGYUAN_BIN"), "serve", "--data", s->sh->data.s, "--listen",
	                        "127.0.0.1:0", "--lang", "en"};
	size_t n = 8;
	int null = open("/dev/null", O_RDWR);

	if (s->sh->url.n) {
		argv[n++] = "--db";
		argv[n++] = s->sh->url.s;
	}
	while (*flags)
		argv[n++] = *flags++;
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* "serving at http://127.0.0.1:36973".  What it says stands in a file of the shell's folder. */
static int port_said(struct serving *s)
{
	static const char SAYS[] = "://127.0.0.1:";
	const char *at = NULL;

	for (int i = 0; i < START_MS / 20 && waitpid(s->pid, NULL, WNOHANG) == 0; i++) {
		at = strstr(shell_read(s->sh, shell_path(s->sh, "server.err")).s, SAYS);
		if (at && strchr(at, '\n'))
			return (int)strtol(at + strlen(SAYS), NULL, 10);
		usleep(20000);
	}
	fail_msg("the server does not say where it listens: %s",
	         shell_read(s->sh, shell_path(s->sh, "server.err")).s);
	return 0;
}

void serving_start(struct serving *s, struct shell *sh)
{
	serving_with(s, sh, (const char *const[]){NULL});
}

void serving_play(struct serving *s, struct shell *sh, const char *play, const char *speed)
{
	if (speed)
		serving_with(s, sh, (const char *const[]){"--play", play, "--speed", speed, NULL});
	else
		serving_with(s, sh, (const char *const[]){"--direct", play, NULL});
}

void serving_with(struct serving *s, struct shell *sh, const char *const *flags)
{
	int err = open(shell_path(sh, "server.err").s, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(err >= 0);
	*s = (struct serving){.sh = sh};
	s->pid = fork();
	if (!s->pid)
		run_server(s, flags, err);
	close(err);
	s->port = port_said(s);
}

static int reap(struct serving *s)
{
	int status = 0;

	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	s->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int serving_stop(struct serving *s)
{
	int code;

	assert_int_equal(kill(s->pid, SIGTERM), 0);
	code = reap(s);
	if (code)
		print_error("%s\n", shell_read(s->sh, shell_path(s->sh, "server.err")).s);
	return code;
}

void serving_city(struct serving *s, struct shell *in, int entries)
{
	shell_open(in);
	assert_status(in, sh(in, "demo --seed 7 --events %d", entries), 0);
	serving_start(s, in);
}

void serving_leave(struct serving *s)
{
	assert_int_equal(serving_stop(s), 0);
	shell_close(s->sh);
}

void serving_kill(struct serving *s)
{
	assert_int_equal(kill(s->pid, SIGKILL), 0);
	assert_int_equal(reap(s), -SIGKILL);
}

/* The client. */
static int connected(const struct serving *s)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)s->port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static bool whole(struct str all)
{
	const char *end = strstr(all.s, "\r\n\r\n"), *length = strcasestr(all.s, "content-length: ");

	return end && length && length < end &&
	       all.n >= (size_t)(end + 4 - all.s) + strtoul(length + 16, NULL, 10);
}

static struct str receive(struct arena *a, int fd)
{
	struct strbuf b;
	char part[65536];

	strbuf_init(&b, a);
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t got = poll(&p, 1, START_MS) == 1 ? read(fd, part, sizeof(part)) : 0;

		if (got <= 0)
			break;
		strbuf_add(&b, part, (size_t)got);
		if (whole(strbuf_str(&b)))
			break;
	}
	return strbuf_str(&b);
}

static void hear(struct serving *s, struct str all, struct heard *ret)
{
	struct op op = {.arena = &s->sh->arena};
	const char *end = strstr(all.s, "\r\n\r\n");

	*ret = (struct heard){.all = all};
	if (all.n > 12 && strncmp(all.s, "HTTP/1.1 ", 9) == 0)
		ret->status = (int)strtol(all.s + 9, NULL, 10);
	if (end)
		ret->body = (struct str){end + 4, all.n - (size_t)(end + 4 - all.s)};
	if (ret->body.n && ret->body.s[0] == '{' && json_read(&op, ret->body, &ret->doc) != RC_OK)
		ret->doc = NULL;
}

static void exchange_bytes(struct serving *s, struct str bytes, struct heard *ret)
{
	int fd = connected(s);
	size_t sent = 0;

	while (sent < bytes.n) {
		ssize_t n = send(fd, bytes.s + sent, bytes.n - sent, MSG_NOSIGNAL);

		if (n <= 0)
			break; /* it has heard enough */
		sent += (size_t)n;
	}
	hear(s, receive(&s->sh->arena, fd), ret);
	close(fd);
}

/* A server that says nothing (it is being stopped) breaks no promise here. */
static void assert_contract(const char *method, const char *path, const struct heard *h)
{
	struct str why;

	if (h->status && !contract_holds(method, path, h->status, h->all, h->body, &why))
		fail_msg("%s %s: %s\n%.*s", method, path, why.s, (int)h->all.n, h->all.s);
}

/* type: of the body; NULL: the right one, "": none. */
struct sending {
	const char *method, *path, *body, *key, *type;
	struct str bytes; /* instead of body */
};

static void send_request(struct serving *s, const struct sending *q, struct heard *ret)
{
	struct arena *a = &s->sh->arena;
	const char *type = q->type;
	struct strbuf b;

	if (!type)
		type = strncmp(q->path, "/api/", 5) == 0 ? "application/json"
		                                         : "application/x-www-form-urlencoded";
	strbuf_init(&b, a);
	strbuf_addf(&b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Language: en\r\n"
	            "Connection: close\r\n", q->method, q->path, s->port);
	if (s->token.n)
		strbuf_addf(&b, "Authorization: Bearer %s\r\n", s->token.s);
	if (s->head.n)
		strbuf_adds(&b, s->head);
	if (s->cookie.n)
		strbuf_addf(&b, "Cookie: %s\r\n", s->cookie.s);
	if (q->key)
		strbuf_addf(&b, "Idempotency-Key: %s\r\n", q->key);
	if (type[0])
		strbuf_addf(&b, "Content-Type: %s\r\n", type);
	strbuf_addf(&b, "Content-Length: %zu\r\n\r\n", q->body ? strlen(q->body) : q->bytes.n);
	strbuf_adds(&b, q->body ? str_of(q->body) : q->bytes);
	exchange_bytes(s, strbuf_str(&b), ret);
	assert_contract(q->method, q->path, ret);
}

void ask_typed(struct serving *s, const char *type, const char *path, const char *body,
               struct heard *ret)
{
	send_request(s, &(struct sending){"POST", path, body, NULL, type, STR("")}, ret);
}

void ask_bytes(struct serving *s, const char *type, const char *path, struct str bytes,
               struct heard *ret)
{
	send_request(s, &(struct sending){"POST", path, NULL, NULL, type, bytes}, ret);
}

void ask(struct serving *s, const char *method, const char *path, const char *body,
         struct heard *ret)
{
	send_request(s, &(struct sending){.method = method, .path = path, .body = body}, ret);
}

void command(struct serving *s, const char *name, const char *body, struct heard *ret)
{
	struct arena *a = &s->sh->arena;
	struct str copy = str_dup(a, body, strlen(body));

	for (char *c = (char *)(uintptr_t)copy.s; *c; c++)
		if (*c == '\'')
			*c = '"';
	send_request(s, &(struct sending){
		"POST", str_fmt(a, "/api/v1/commands/%s", name).s, copy.s,
		str_fmt(a, "018f0000-0000-7000-8000-%012lx", ++s->keys).s, NULL}, ret);
}

/* The code of this moment for a secret as it was told. */
static struct str code_of(struct arena *a, struct str uri)
{
	static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const char *at = strstr(uri.s, "secret=");
	uint8_t secret[TOTP_SECRET] = {0};
	struct timespec now;

	assert_non_null(at);
	for (size_t i = 0, bit = 0; i < TOTP_SECRET * 8 / 5; i++, bit += 5) {
		const char *digit = strchr(BASE32, at[7 + i]);
		unsigned v = digit ? (unsigned)(digit - BASE32) << (11 - bit % 8) : 0;

		assert_non_null(digit);
		secret[bit / 8] |= (uint8_t)(v >> 8);
		if (bit / 8 + 1 < TOTP_SECRET)
			secret[bit / 8 + 1] |= (uint8_t)v;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	return totp_code(a, secret, (int64_t)now.tv_sec * 1000);
}

struct str log_in_body(struct serving *s, const char *person)
{
	struct str code;

	sh_input(s->sh, STR("correct horse battery\n"));
	assert_status(s->sh, sh_json(s->sh, "login set %s", person), 0);
	code = json_str(s->sh->doc, "totp");
	assert_non_null(strstr(code.s, "otpauth://totp/"));
	return str_fmt(&s->sh->arena, "{\"person\":\"%s\",\"password\":\"correct horse battery\","
	               "\"code\":\"%s\"}", person, code_of(&s->sh->arena, code).s);
}

void log_in(struct serving *s, const char *person)
{
	struct heard h;
	struct str body = log_in_body(s, person);

	s->token = (struct str){0};
	ask(s, "POST", "/api/v1/login", body.s, &h);
	assert_heard(&h, 200);
	s->token = json_str(h.doc, "token");
	assert_int_equal(s->token.n, 64);
}

int ask_later(struct serving *s, const char *path)
{
	struct str text = str_fmt(&s->sh->arena, "GET %s HTTP/1.1\r\nHost: h\r\n"
	                          "Authorization: Bearer %s\r\n\r\n", path, s->token.s);
	int fd = connected(s);

	assert_int_equal(send(fd, text.s, text.n, MSG_NOSIGNAL), text.n);
	return fd;
}

int listen_by(struct serving *s, const char *id)
{
	struct strbuf b;
	int fd = connected(s);

	strbuf_init(&b, &s->sh->arena);
	strbuf_addf(&b, "GET /api/v1/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n",
	            s->token.n ? s->token.s : "-");
	if (id)
		strbuf_addf(&b, "Last-Event-ID: %s\r\n", id);
	strbuf_addz(&b, "\r\n");
	assert_int_equal(send(fd, b.s, b.n, MSG_NOSIGNAL), b.n);
	return fd;
}

int listen_from(struct serving *s, long long after)
{
	return listen_by(s, after < 0 ? NULL : str_fmt(&s->sh->arena, "%lld", after).s);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A stream that lives says so now and then: its words alone must not keep us here. */
bool hear_until(int fd, const char *text, char *buf, size_t size)
{
	int64_t end = now_ms() + START_MS;
	size_t n = strlen(buf);

	while (!strstr(buf, text) && n < size - 1 && now_ms() < end) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t got = poll(&p, 1, 10000) == 1 ? read(fd, buf + n, size - 1 - n) : 0;

		if (got <= 0)
			break;
		n += (size_t)got;
		buf[n] = 0;
	}
	return strstr(buf, text) != NULL;
}

void heard_status(const struct heard *h, int want, const char *file, int line)
{
	if (h->status == want)
		return;
	print_error("%.*s\n", (int)h->all.n, h->all.s ? h->all.s : "");
	_assert_int_equal((unsigned)h->status, (unsigned)want, file, line);
}
