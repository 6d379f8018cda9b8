/* SPDX-License-Identifier: Apache-2.0 */
/* assets.c -- see assets.h. */
#include "http/assets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/limits.h"
#include "http/problem.h"

/* Pages load only what is their own.  Charts and lists set the style of single elements. */
#define POLICY "default-src 'none'; script-src 'self'; style-src 'self'; " \
	"style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " \
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; " \
	"frame-ancestors 'none'; base-uri 'none'"

struct asset {
	struct str path;        /* "/console/index.html" */
	struct str body, etag;  /* etag: in quotes */
	struct str packed;      /* of the .gz; n 0: there is none */
};

struct assets {
	struct arena arena;
	struct asset list[LIMIT_ASSETS];
	size_t n, bytes;
};

struct walk {
	struct op *op;
	struct assets *to;
	int depth;
};

static enum rc read_bytes(const struct walk *w, int fd, struct str path, struct str *ret)
{
	struct stat st;
	char *to;
	size_t n = 0;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fail(w->op, RC_DENIED, "web", "", STR_FMT " 不是文件", STR_FMT " is no file",
		            STR_ARG(path));
	if ((uint64_t)st.st_size > LIMIT_ASSETS_BYTES - w->to->bytes)
		return fail(w->op, RC_INVALID, "web", "", "网页文件超过 %d 字节",
		            "the pages' files are over %d bytes", LIMIT_ASSETS_BYTES);
	to = arena_alloc(&w->to->arena, (size_t)st.st_size + 1);
	while (n < (size_t)st.st_size) {
		ssize_t got = read(fd, to + n, (size_t)st.st_size - n);

		if (got <= 0)
			return fail(w->op, RC_DENIED, "web", "", "读不出 " STR_FMT, "cannot read " STR_FMT,
			            STR_ARG(path));
		n += (size_t)got;
	}
	w->to->bytes += n;
	*ret = (struct str){to, n};
	return RC_OK;
}

static enum rc take(const struct walk *w, int fd, struct str path)
{
	struct asset *a = &w->to->list[w->to->n];
	struct hash h;

	if (w->to->n == LIMIT_ASSETS)
		return fail(w->op, RC_INVALID, "web", "", "网页文件多于 %d 个",
		            "there are more than %d files of pages", LIMIT_ASSETS);
	TRY(read_bytes(w, fd, path, &a->body));
	h = hash_sha256(a->body.s, a->body.n);
	a->path = path;
	a->etag = str_fmt(&w->to->arena, "\"%.32s\"", hash_hex(&w->to->arena, &h).s);
	w->to->n++;
	return RC_OK;
}

static enum rc take_dir(struct walk *w, int fd, struct str path);

static enum rc take_one(struct walk *w, int dir, const char *name, struct str path)
{
	struct str below = str_fmt(&w->to->arena, STR_FMT "/%s", STR_ARG(path), name);
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	enum rc rc;

	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			close(fd);
		return fail(w->op, RC_DENIED, "web", "", "打不开 " STR_FMT, "cannot open " STR_FMT,
		            STR_ARG(below));
	}
	if (S_ISDIR(st.st_mode))
		return take_dir(w, fd, below); /* closes it */
	rc = take(w, fd, below);
	close(fd);
	return rc;
}

static enum rc take_dir(struct walk *w, int fd, struct str path)
{
	DIR *d = fdopendir(fd);
	const struct dirent *e;
	enum rc rc = RC_OK;

	if (!d) {
		close(fd);
		return fail(w->op, RC_DENIED, "web", "", "打不开文件夹 " STR_FMT, "cannot open folder " STR_FMT,
		            STR_ARG(path));
	}
	if (++w->depth > 8)
		rc = fail(w->op, RC_INVALID, "web", "", "文件夹过深", "folders lie too deep");
	while (rc == RC_OK && (e = readdir(d)))
		if (e->d_name[0] != '.')
			rc = take_one(w, dirfd(d), e->d_name, path);
	w->depth--;
	closedir(d);
	return rc;
}

static struct asset *find(const struct assets *a, struct str path)
{
	for (size_t i = 0; i < a->n; i++)
		if (str_eq(a->list[i].path, path))
			return (struct asset *)(uintptr_t)&a->list[i];
	return NULL;
}

static void pair_packed(struct assets *a)
{
	for (size_t i = 0; i < a->n; i++) {
		struct asset *packed = find(a, str_fmt(&a->arena, STR_FMT ".gz", STR_ARG(a->list[i].path)));

		if (packed)
			a->list[i].packed = packed->body;
	}
}

enum rc assets_open(struct op *op, struct str dir, struct assets **ret)
{
	int fd = open(dir.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk w = {op, NULL, 0};
	enum rc rc;

	*ret = NULL;
	if (fd < 0 && errno == ENOENT)
		return RC_OK;
	if (fd < 0)
		return fail(op, RC_DENIED, "web", "", "打不开文件夹 " STR_FMT, "cannot open folder " STR_FMT,
		            STR_ARG(dir));
	w.to = calloc(1, sizeof(*w.to));
	if (!w.to)
		abort();
	rc = take_dir(&w, fd, (struct str){"", 0});
	if (rc != RC_OK) {
		assets_free(w.to);
		return rc;
	}
	pair_packed(w.to);
	*ret = w.to;
	return RC_OK;
}

void assets_free(struct assets *a)
{
	if (!a)
		return;
	arena_release(&a->arena);
	free(a);
}

static const char *type_of(struct str path)
{
	static const struct {
		const char *end, *type;
	} TYPES[] = {
		{".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
		{".css", "text/css; charset=utf-8"}, {".json", "application/json"},
		{".svg", "image/svg+xml"}, {".png", "image/png"}, {".ico", "image/x-icon"},
		{".webmanifest", "application/manifest+json"}, {".txt", "text/plain; charset=utf-8"},
	};

	for (size_t i = 0; i < COUNT(TYPES); i++) {
		size_t n = strlen(TYPES[i].end);

		if (path.n > n && memcmp(path.s + path.n - n, TYPES[i].end, n) == 0)
			return TYPES[i].type;
	}
	return "application/octet-stream";
}

/* Vite writes a digest of the content into these names. */
static bool named_by_content(struct str path)
{
	return memmem(path.s, path.n, "/assets/", 8) != NULL;
}

/* A page to be kept and opened where no server is. */
static bool is_kept(struct str path)
{
	return memmem(path.s, path.n, "/offline-", 9) != NULL;
}

static bool takes_gzip(const struct exchange *x)
{
	struct str h = exchange_header(x, "Accept-Encoding");

	return h.n && memmem(h.s, h.n, "gzip", 4) != NULL && !memmem(h.s, h.n, "gzip;q=0", 8);
}

static void send(const struct asset *a, struct exchange *x)
{
	bool packed = a->packed.n && takes_gzip(x);
	struct reply r = {.status = 200, .type = type_of(a->path),
	                  .body = packed ? a->packed : a->body, .kept = true};

	if (str_eq(exchange_header(x, "If-None-Match"), a->etag))
		r = (struct reply){.status = 304};
	else if (packed)
		r.head[r.nhead++] = (struct answer_head){"Content-Encoding", STR("gzip")};
	r.head[r.nhead++] = (struct answer_head){"ETag", a->etag};
	r.head[r.nhead++] = (struct answer_head){"Vary", STR("Accept-Encoding")};
	r.head[r.nhead++] = (struct answer_head){
		"Cache-Control", named_by_content(a->path) ? STR("public, max-age=31536000, immutable")
	                                               : STR("no-cache")};
	r.head[r.nhead++] = (struct answer_head){"Content-Security-Policy", STR(POLICY)};
	r.head[r.nhead++] = (struct answer_head){"Referrer-Policy", STR("no-referrer")};
	if (is_kept(a->path))
		r.head[r.nhead++] = (struct answer_head){"Content-Disposition", STR("attachment")};
	exchange_answer(x, &r);
}

void assets_answer(const struct assets *a, struct exchange *x)
{
	struct str path = exchange_path(x);
	const struct asset *found;

	if (path.n && path.s[path.n - 1] == '/')
		path = str_fmt(exchange_arena(x), STR_FMT "index.html", STR_ARG(path));
	found = a ? find(a, path) : NULL;
	if (found)
		send(found, x);
	else if (!a)
		problem_say(x, 404, "网页尚未构建：请运行 tools/web-build 后重新启动",
		            "the web pages were not built: run tools/web-build and start again");
	else
		problem_say(x, 404, "没有这个地址", "there is no such address");
}
